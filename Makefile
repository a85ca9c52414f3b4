# Two commands set everything up on a fresh machine: `make demo` and `make test`.
# A Python from 3.11 to 3.13 is looked for on the path; name another with `make PYTHON=/path/to/python demo`.

CANDIDATES := python3 python3.13 python3.12 python3.11 python
SUPPORTED := import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))
PYTHON ?= $(shell for name in $(CANDIDATES); do if command -v $$name >/dev/null 2>&1 && $$name -c '$(SUPPORTED)' 2>/dev/null; then command -v $$name; break; fi; done)
VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes
OUT ?= runs/china-aluminium-2013
GROUP ?= all

.PHONY: demo test lint bench lock clean

demo: $(VENV)/run.stamp
	$(BIN)/potline run china-aluminium-2013 --out $(OUT)

test: $(VENV)/test.stamp
	$(BIN)/python -m pytest

lint: $(VENV)/test.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/pyright --pythonpath $(BIN)/python
	$(BIN)/lint-imports --no-cache

bench: $(VENV)/bench.stamp
	$(BIN)/python -m benchmarks $(GROUP)

$(VENV)/bin/python:
	@if [ -z "$(PYTHON)" ]; then echo "No Python 3.11, 3.12 or 3.13 with venv was found on the path. Install one, or name it: make PYTHON=/path/to/python"; exit 2; fi
	$(PYTHON) -m venv $(VENV)

$(VENV)/run.stamp: requirements/run.txt pyproject.toml | $(VENV)/bin/python
	$(PIP) -r requirements/run.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

$(VENV)/test.stamp: requirements/test.txt $(VENV)/run.stamp
	$(PIP) -r requirements/test.txt
	touch $@

$(VENV)/bench.stamp: requirements/bench.txt $(VENV)/run.stamp
	$(PIP) -r requirements/bench.txt
	touch $@

# One lock a use; each holds versions and hashes and no address.
lock:
	uv pip compile --quiet --universal --fork-strategy fewest --generate-hashes --python-version 3.11 --no-annotate --no-header pyproject.toml requirements/build.in -o requirements/run.txt
	uv pip compile --quiet --universal --fork-strategy fewest --generate-hashes --python-version 3.11 --no-annotate --no-header --extra test -c requirements/run.txt pyproject.toml requirements/build.in -o requirements/test.txt
	uv pip compile --quiet --universal --fork-strategy fewest --generate-hashes --python-version 3.11 --no-annotate --no-header --extra bench -c requirements/run.txt pyproject.toml requirements/build.in -o requirements/bench.txt

clean:
	rm -rf $(VENV) runs build dist .pytest_cache .ruff_cache .hypothesis
