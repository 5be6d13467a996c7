# Two commands do all the set-up on a fresh machine: `make demo` and `make test`.
# Needs Python 3.11 or newer and make; everything else goes into .venv and .venvs/.

PYTHON ?= $(or $(shell tools/find-python),python3)
VENV := .venv
BIN := $(VENV)/bin
# The ends of the ranges: the oldest Prefect, and the newest Python that is here.
OLDEST := .venvs/prefect-3.4.20
PYTHON313 ?= $(shell tools/find-python 3.13)
NEWEST := .venvs/python-3.13
HF := .venvs/hf
# Tests with servers wait much of their time.
SPREAD := -n 3 --dist loadfile --no-loadscope-reorder
FLEET := .venvs/fleet
DOCS := .venvs/docs
# Real servers, workers and runs, of every kind one.
REAL_RUNS := tests/prefect/test_production.py tests/local/test_local_run.py tests/trial
# What another release of Prefect, or of Python, may answer otherwise. The rest is ours and
# is asked once.
OF_PREFECT := tests/prefect tests/worker tests/runtime tests/trial tests/schedules
OF_PYTHON := tests/test_cases.py tests/catalogue tests/components tests/expressions \
  tests/schedules tests/runtime tests/source tests/trial tests/worker

export PREFECT_SERVER_ANALYTICS_ENABLED = false
export DO_NOT_TRACK = 1
# Without kept bytecode, each process that a test starts compiles all of Prefect: seconds.
export PYTHONDONTWRITEBYTECODE =

.DEFAULT_GOAL := help
.PHONY: help demo test test-all test-oldest test-python313 test-hf test-znuny test-fleet test-vscode check newest bench clean update-golden docs

help:  ## this list
	@grep -E '^[a-z0-9-]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 18

demo: $(VENV)/.installed  ## compile the guide's example and run it, with an embedded Prefect
	@tools/demo $(BIN)

test: $(VENV)/.tools  ## what a newcomer runs: all of it that needs no other release, and real runs on Prefect
	$(BIN)/python -m pytest -m "not slow" -n 2
	$(BIN)/python -m pytest -m slow $(REAL_RUNS) $(SPREAD)

test-all: $(VENV)/.tools test-oldest test-python313 test-hf  ## all tests, on both ends of the ranges (what CI runs)
	$(BIN)/python -m pytest -m "not slow" -n 2
	$(BIN)/python -m pytest -m slow $(SPREAD)

test-oldest: $(OLDEST)/.installed  ## what is said about Prefect, asked of the oldest release
	$(OLDEST)/bin/python -m pytest $(OF_PREFECT) $(SPREAD)

test-python313: $(VENV)/.tools  ## what may differ on Python 3.13, where it is installed
ifeq ($(PYTHON313),)
	@echo "Python 3.13 is not installed here: its tests are left out"
else
	@$(MAKE) --no-print-directory $(NEWEST)/.installed
	$(NEWEST)/bin/python -m pytest -m "not slow" $(OF_PYTHON) -n 2
endif

test-hf:  ## the tests that need PyTorch, where its CPU build can be had
	@if why=$$(tools/torch-is-cheap $(PYTHON) requirements/hf.txt 2>&1); then \
	  $(MAKE) --no-print-directory $(HF)/.installed && \
	  $(HF)/bin/python -m pytest tests/hugging_face; \
	else \
	  echo "the tests of HuggingFaceClassifier are left out: $$why"; \
	fi

test-znuny: $(VENV)/.tools  ## the tests on a real Znuny, which is built for them (root, a minute)
	$(BIN)/python -m pytest tests/znuny -m "znuny and not slow"

test-fleet:  ## 200 runs, and 200 tickets of a Znuny, on PostgreSQL, Redis and several workers (Debian's packages, twelve minutes)
	@if why=$$(tools/find-stores --install postgresql redis-server 2>&1 >/dev/null); then \
	  $(MAKE) --no-print-directory $(FLEET)/.installed && \
	  $(FLEET)/bin/python -m pytest tests/fleet -m fleet && \
	  $(FLEET)/bin/python -m pytest tests/znuny -m "znuny and slow"; \
	else \
	  echo "the tests of a fleet are left out: $$why"; \
	fi

test-vscode: $(VENV)/.tools  ## the extension in a real VS Code and Chromium (npm, 250 MB, three minutes)
	cd editors/vscode && npm install --ignore-scripts && npm test && npm run package && npm run workbench \
	  && node test/workbench.mjs $(CURDIR)/$(BIN)/otac

check: $(VENV)/.tools  ## linters, types, layers, drift of the committed output
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/pyright --pythonpath $(BIN)/python
	$(BIN)/lint-imports
	$(BIN)/otac build config.yml --check
	$(BIN)/otac test config.yml

newest: $(VENV)/.installed  ## whether the newest Prefect is still the one that is pinned (asks the index)
	@$(BIN)/python tools/newest.py $(BIN)/uv

bench: $(VENV)/.tools  ## the measurements of docs/benchmarks.md
	$(BIN)/python -m benchmarks

docs: $(DOCS)/.installed  ## the site of docs/ in site/: links, spelling, readability and labels are checked
	$(DOCS)/bin/codespell README.md CONTRIBUTING.md CHANGELOG.md docs compiler templates
	$(DOCS)/bin/python tools/readability.py
	NO_MKDOCS_2_WARNING=1 $(DOCS)/bin/mkdocs build --quiet
	$(DOCS)/bin/python tools/accessible.py site
	@echo "open site/index.html, or put site/ on any web server"

update-golden: $(VENV)/.tools  ## write the expected output of tests/cases again
	$(BIN)/python -m pytest tests/test_cases.py --snapshot-update

clean:  ## remove what the targets above made
	rm -rf .venv .venvs site .pytest_cache .mypy_cache .ruff_cache

$(VENV)/.installed: pyproject.toml requirements/newest.txt
	$(PYTHON) tools/check-python
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q --disable-pip-version-check uv
	$(BIN)/uv pip install -q --compile-bytecode --python $(BIN)/python -r requirements/newest.txt
	$(BIN)/uv pip install -q --python $(BIN)/python --no-deps -e .
	@$(BIN)/python -m compileall -q compiler/otac
	@touch $@

$(VENV)/.tools: $(VENV)/.installed requirements/dev.txt
	$(BIN)/uv pip install -q --python $(BIN)/python -r requirements/dev.txt
	@touch $@

$(OLDEST)/.installed: $(VENV)/.tools requirements/oldest.txt
	$(BIN)/uv venv -q --clear --python $(BIN)/python $(OLDEST)
	$(BIN)/uv pip install -q --compile-bytecode --python $(OLDEST)/bin/python -r requirements/oldest.txt
	$(BIN)/uv pip install -q --python $(OLDEST)/bin/python --no-deps -e .
	@touch $@

$(NEWEST)/.installed: $(VENV)/.tools requirements/newest.txt requirements/dev.txt
	$(BIN)/uv venv -q --clear --python $(PYTHON313) $(NEWEST)
	$(BIN)/uv pip install -q --compile-bytecode --python $(NEWEST)/bin/python -r requirements/newest.txt -r requirements/dev.txt
	$(BIN)/uv pip install -q --python $(NEWEST)/bin/python --no-deps -e .
	@touch $@

$(FLEET)/.installed: $(VENV)/.tools requirements/newest.txt requirements/dev.txt requirements/fleet.txt
	$(BIN)/uv venv -q --clear --python $(BIN)/python $(FLEET)
	$(BIN)/uv pip install -q --compile-bytecode --python $(FLEET)/bin/python $(foreach file,newest dev fleet,-r requirements/$(file).txt)
	$(BIN)/uv pip install -q --python $(FLEET)/bin/python --no-deps -e .
	@touch $@

$(DOCS)/.installed: requirements/docs.txt | $(VENV)/.installed
	$(BIN)/uv venv -q --clear --python $(BIN)/python $(DOCS)
	$(BIN)/uv pip install -q --python $(DOCS)/bin/python -r requirements/docs.txt
	@touch $@

# With pip: uv does not see a wheel on this disk that pip is told of, and takes the CUDA build.
$(HF)/.installed: pyproject.toml requirements/hf.txt
	$(PYTHON) -m venv --clear $(HF)
	$(HF)/bin/python -m pip install -q --disable-pip-version-check -r requirements/hf.txt
	$(HF)/bin/python -m pip install -q --disable-pip-version-check --no-deps -e .
	@touch $@
