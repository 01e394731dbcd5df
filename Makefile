# Each target sets up .venv by itself. `make` alone lists the targets.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
export PATH := $(abspath $(BIN)):$(PATH)

.DEFAULT_GOAL := help
.PHONY: help demo test lab build bench experiments lint clean sandbox browser database

help:  ## list the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 13

demo: $(READY) sandbox  ## build the course, make a sample class, grade it, write feedback and a report
	autograder demo

test: $(READY) sandbox browser database lint  ## everything that CI runs
	autograder build --check
	autograder build
	autograder verify
	# Several processes: tests of limits and kills fork from the one they run in, which should be small.
	pytest tests/test_[a-k]*.py
	mkdir -p logs
	pytest tests/peer > logs/peer.txt 2>&1 & peer=$$!; \
	pytest tests/test_[l-r]*.py tests/test_s[!au]*.py tests/test_[t-z]*.py; others=$$?; \
	wait $$peer; peer=$$?; cat logs/peer.txt; exit $$((peer || others))
	pytest tests/test_s[au]*.py

lint: $(READY)  ## style and types
	ruff check .
	ruff format --check .
	mypy

lab: $(READY)  ## work on the released notebooks in JupyterLab
	autograder build
	jupyter lab --notebook-dir=release

build: $(READY)  ## course/*.md -> source/ -> release/
	autograder build

bench: $(READY) sandbox  ## measure, and write benchmarks/RESULTS.md
	python benchmarks/run.py

experiments: $(READY)  ## weeks 6 to 8 with five seeds beside published results, into experiments/RESULTS.md
	python -m experiments
	python -m experiments --replicate

clean:  ## remove what was made here, but not the virtual environment nor a class's work
	rm -rf demo .pytest_cache .mypy_cache .ruff_cache .hypothesis logs
	rm -f source/*/*.py release/*/*.py
	find . -name __pycache__ -not -path './$(VENV)/*' -prune -exec rm -rf {} +

$(READY): pyproject.toml constraints.txt tools/setup.sh
	sh tools/setup.sh $(PYTHON) $(VENV)
	@touch $@

sandbox: $(READY)
	@sh tools/need.sh bwrap bubblewrap "student code then runs in a weaker sandbox"

browser: $(READY)
	@sh tools/need.sh chromium chromium "the browser test is then skipped"

database: $(READY)
	@PATH="$$PATH:$$(echo /usr/lib/postgresql/*/bin | tr ' ' :)" sh tools/need.sh initdb postgresql "the tests on PostgreSQL are then skipped"
