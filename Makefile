# Each target sets up .venv by itself. `make` alone lists the targets.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
export PATH := $(abspath $(BIN)):$(PATH)
# What each marker means stands in pyproject.toml. Three processes take file after file of tests, the slow first: while
# one waits for a browser or a cluster, the others keep two cores busy.
QUICK := not (sandbox or kernel or server or browser or trains or alone or long)
BESIDE := pytest --numprocesses=3 --dist=loadfile --no-loadscope-reorder
# Every week, two at a time, the late ones first, which have more known answers; it fails if one of them does.
VERIFY := basename -a course/week*/ | sort -r | xargs -n 1 -P 2 autograder verify
# Style and types on one core, the notebooks on the other.
CURRENT := $(MAKE) --no-print-directory -j 2 lint copies
# Only the files that hold such tests: the process that they fork from should be small.
ALONE = pytest $$(grep -rl --include='test_*.py' 'mark\.alone' tests)

.DEFAULT_GOAL := help
.PHONY: help demo check test test-long lab build bench pictures experiments lint clean current copies sandbox browser database

help:  ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 13

demo: $(READY) sandbox  ## build the course, make a sample class, grade it, write feedback and a report
	autograder demo

check: $(READY)  ## in a few minutes: style, types, the laws of checks, tests that start no program
	$(CURRENT)
	$(VERIFY) --in-process
	$(BESIDE) -m "$(QUICK)"

test: $(READY) sandbox browser database  ## everything that CI runs: in addition sandboxes, kernels, databases, a browser
	$(CURRENT)
	$(VERIFY)
	$(BESIDE) -m "not alone and not long"
	$(ALONE) -m "alone and not long"

test-long: $(READY) sandbox browser database  ## everything: in addition many kills, nbgrader's own tests, every week in a browser
	$(CURRENT)
	$(VERIFY) --sandbox
	$(BESIDE) -m "not alone"
	$(ALONE) -m alone

lint: $(READY)  ## style and types
	ruff check .
	ruff format --check .
	mypy

lab: $(READY)  ## work on the released notebooks in JupyterLab
	autograder build --draft
	jupyter lab --notebook-dir=release

build: $(READY)  ## course/*.md -> source/ -> release/
	autograder build

bench: $(READY) sandbox  ## measure, and write benchmarks/RESULTS.md
	python benchmarks/run.py

pictures: $(READY) copies  ## all figures of the lessons on one page, to be looked at: figures/index.html
	python -m autograder.build.pictures

experiments: $(READY)  ## weeks 6 to 8 with five seeds beside published results, into experiments/RESULTS.md
	python -m experiments
	python -m experiments --replicate

clean:  ## remove what was made here, but not the virtual environment nor a class's work
	rm -rf demo figures .pytest_cache .mypy_cache .ruff_cache .hypothesis logs
	rm -f source/*/*.py
	find . -name __pycache__ -not -path './$(VENV)/*' -prune -exec rm -rf {} +

$(READY): pyproject.toml constraints.txt tools/setup.sh
	sh tools/setup.sh $(PYTHON) $(VENV)
	@touch $@

current: $(READY)
	autograder build --check

# A clone has no copies in source/ of what lies beside the notebooks. `current` comes before: it says what is old.
copies: $(READY) current
	@for file in release/*/*; do copy="source/$${file#release/}"; [ -e "$$copy" ] || cp -R "$$file" "$$copy"; done

sandbox: $(READY)
	@sh tools/need.sh bwrap bubblewrap "student code then runs in a weaker sandbox"

browser: $(READY)
	@sh tools/need.sh chromium chromium "the browser test is then skipped"

database: $(READY)
	@PATH="$$PATH:$$(echo /usr/lib/postgresql/*/bin | tr ' ' :)" sh tools/need.sh initdb postgresql "the tests on PostgreSQL are then skipped"
