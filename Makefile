# Bihuan from a clone: `make run` serves a demonstration city, `make test` tests everything.
# Needs python3 (3.11 or newer) with its venv module, and make:
#   sudo apt-get install -y python3 python3-venv make

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

PYTHON ?= python3
CITY ?= demo
JOBS ?= 2
BIHUAN_DATA ?= data
export BIHUAN_DATA

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input
LOCKED := $(PIP) install --quiet --require-hashes

.PHONY: help install run test test-all test-needs lint types contracts messages docs bench bench-pages drawings screenshots lock clean

help:  ## Say what can be made
	@sed -nE 's/^([a-z-]+):.*## (.*)/\1|\2/p' $(MAKEFILE_LIST) | while IFS='|' read -r name what; do printf '  make %-10s %s\n' "$$name" "$$what"; done

install: $(VENV)/run.stamp  ## Make .venv with the locked dependencies and the command .venv/bin/bihuan

run: install  ## Serve the demonstration city (CITY=empty: a ledger of your own) on 127.0.0.1, port BIHUAN_PORT or 8000
	@bash tools/run.sh $(BIN)/bihuan $(CITY)

# What a browser shows is the same on either engine; what it sends is sent by tests without one, on both.
test: lint test-needs  ## Lint, types, contracts, then every test but the slow ones: on SQLite, then again on PostgreSQL
	@bash tests/run.sh $(BIN) $(JOBS) "not slow" "not slow and not either_engine"

test-all: lint test-needs  ## The same with the slow tests and more examples, and all on both engines
	@HYPOTHESIS_PROFILE=whole bash tests/run.sh $(BIN) $(JOBS) ""

test-needs: $(VENV)/test.stamp
	@bash tests/need-browser.sh

lint: $(VENV)/test.stamp  ## Style, types and import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

messages: $(VENV)/test.stamp  ## Bring every catalogue in step with the sources, and compile it
	$(BIN)/python tools/messages.py

docs: $(VENV)/test.stamp  ## Build the documentation into site/
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet

bench: $(VENV)/test.stamp  ## Measure against plain floors, in one run
	@$(BIN)/python bench/import.py

bench-pages: $(VENV)/test.stamp  ## Measure every page on the demonstration and on 100,000 matters; BIHUAN_BENCH keeps both
	@$(BIN)/python bench/pages.py

drawings: $(VENV)/test.stamp  ## Draw every mechanism for the documentation
	@$(BIN)/python tools/drawings.py

screenshots: test-needs  ## Take a picture of every page at 1280 and 360 pixels into build/screenshots
	$(BIN)/python tools/screenshots.py

lock:  ## Renew requirements/*.txt from pyproject.toml (needs uv on the path)
	uv pip compile $(COMPILE) requirements/build.in -o requirements/build.txt
	uv pip compile $(COMPILE) pyproject.toml -c requirements/build.txt -o requirements/run.txt
	uv pip compile $(COMPILE) pyproject.toml --extra test --extra docs --extra bench -c requirements/run.txt -o requirements/test.txt

COMPILE := --universal --python-version 3.11 --generate-hashes --quiet --custom-compile-command "make lock"

clean:  ## Remove what was built; the data folder stays
	rm -rf $(VENV) build dist site .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find src tests tools bench -name __pycache__ -prune -exec rm -rf {} + 2>/dev/null || true

# The stamps make a second `make install` cost nothing while locks and project file are unchanged.
$(VENV)/venv.stamp: tools/venv.sh
	@bash tools/venv.sh "$(PYTHON)" $(VENV)
	@touch $@

$(VENV)/run.stamp: $(VENV)/venv.stamp requirements/build.txt requirements/run.txt pyproject.toml
	@echo "Installing the locked dependencies …"
	@$(LOCKED) -r requirements/build.txt -r requirements/run.txt
	@$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/test.stamp: $(VENV)/run.stamp requirements/test.txt
	@echo "Installing what the tests need …"
	@$(LOCKED) -r requirements/test.txt
	@touch $@
