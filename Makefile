# Each target sets up .venv by itself. `make` alone lists the targets.
PYTHON ?= python3.11
# TORCH=cpu: PyTorch without what a graphics card needs. It counts when .venv is made.
TORCH ?=
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
export PATH := $(abspath $(BIN)):$(PATH)
# What each marker means stands in pyproject.toml. Three processes take file after file of tests, the slow first: while
# one waits for a browser or a cluster, the others keep two cores busy.
QUICK := not (sandbox or kernel or server or browser or trains or alone or long)
BESIDE := pytest --numprocesses=3 --dist=loadfile --no-loadscope-reorder
# Every week, two at a time, those with the most known answers first; it fails if one of them does.
VERIFY := du -s course/week*/hidden | sort -rn | cut -d/ -f2 | xargs -n 1 -P 2 autograder verify
# Each week's notebooks, solved and untouched, each in a kernel: minutes of computing, and no sandbox.
NOTEBOOKS := tests/test_laws.py tests/test_pictures.py
# Two targets at a time.
BOTH := $(MAKE) --no-print-directory -j 2
# Only the files that hold such tests: the process that they fork from should be small.
ALONE = pytest $$(grep -rl --include='test_*.py' 'mark\.alone' tests)

.DEFAULT_GOAL := help
.PHONY: help demo check test test-long alone notebooks others known lab build bench pictures experiments lint clean current copies
.PHONY: sandbox browser database site

help:  ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 13

demo: $(READY) sandbox  ## build the course, make two sample classes, grade them, write feedback and reports
	autograder demo

check: $(READY) copies  ## in a few minutes: style, types, the laws of checks, tests that start no program
	$(BOTH) lint current
	$(VERIFY) --in-process
	$(BESIDE) -m "$(QUICK)"

test:  ## everything that CI runs: in addition sandboxes, kernels, databases, a browser
	$(BOTH) $(READY) sandbox browser database
	$(BOTH) alone lint current notebooks
	$(BOTH) others known

test-long: $(READY) sandbox browser database copies  ## everything: in addition many kills, nbgrader's own tests, every week in a browser
	$(BOTH) lint current
	$(VERIFY) --sandbox
	$(BESIDE) -m "not alone"
	$(ALONE) -m alone

# Many of these wait, and some must not wait long: beside them goes what starts no sandbox, on one core, and gives way.
alone: $(READY) copies
	$(ALONE) -m "alone and not long"

notebooks: $(READY) copies current
	OMP_NUM_THREADS=1 nice -n 10 pytest -m "not alone and not long" $(NOTEBOOKS)

others: $(READY) copies
	$(BESIDE) -m "not alone and not long" $(NOTEBOOKS:%=--ignore=%)

# Computing only: beside tests that wait for programs it fills what they leave.
known: $(READY)
	nice -n 10 sh -c "$(VERIFY)"

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

site: $(READY)  ## lessons and documents as pages that work offline: _site/index.html
	python -m tools.site $(if $(SOLUTIONS),--solutions)

experiments: $(READY)  ## weeks 6 to 8 with five seeds beside published results, into experiments/RESULTS.md
	python -m experiments
	python -m experiments --replicate

clean:  ## remove what was made here, but not the virtual environment nor a class's work
	rm -rf demo figures _site _site_with_solutions .site .pytest_cache .mypy_cache .ruff_cache .hypothesis logs
	rm -f source/*/*.py
	find . -name __pycache__ -not -path './$(VENV)/*' -prune -exec rm -rf {} +

$(READY): pyproject.toml constraints.txt tools/setup.sh
	TORCH=$(TORCH) sh tools/setup.sh $(PYTHON) $(VENV)
	@touch $@

current: $(READY) copies
	nice -n 10 autograder build --check

# A clone has no copies in source/ of what lies beside the notebooks. `current` says what is old.
copies: $(READY)
	@for file in release/*/*; do copy="source/$${file#release/}"; [ -e "$$copy" ] || cp -R "$$file" "$$copy"; done

sandbox:
	@sh tools/need.sh bwrap bubblewrap "student code then runs in a weaker sandbox"

browser:
	@sh tools/need.sh chromium chromium "the browser test is then skipped"

database:
	@PATH="$$PATH:$$(echo /usr/lib/postgresql/*/bin | tr ' ' :)" sh tools/need.sh initdb postgresql "the tests on PostgreSQL are then skipped"
