# Two commands set everything up on a fresh machine: `make demo` and `make test`.
# A Python from 3.11 to 3.13 is looked for on the path; name another with `make PYTHON=/path/to/python demo`.

CANDIDATES := python3 python3.13 python3.12 python3.11 python
SUPPORTED := import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))
PYTHON ?= $(shell for name in $(CANDIDATES); do if command -v $$name >/dev/null 2>&1 && $$name -c '$(SUPPORTED)' 2>/dev/null; then command -v $$name; break; fi; done)
VENV ?= .venv
ORACLES ?= .venv-oracles
BIN := $(VENV)/bin
PIP := -m pip install --quiet --disable-pip-version-check
OUT ?= runs/china-aluminium-2013
# Tests run in as many processes as there are cores, 4 at most.
APART := -n auto --maxprocesses 4
GROUP ?= all
OLD ?= HEAD
MUTATIONS ?= 100000
FIRST ?= 0

.PHONY: demo test oracles wheel fuzz lint bench docs unchanged unchanged-beside unchanged-store lock clean

demo: $(VENV)/run.stamp
	$(BIN)/potline run china-aluminium-2013 --out $(OUT)

# A process that is done takes half of what another has left.
test: $(VENV)/test.stamp
	OPENBLAS_NUM_THREADS=1 $(BIN)/python -m pytest $(APART) --dist worksteal

# The kernels beside public packages, which nothing else needs; there an absent one is a failure. What others answer is
# asked once a file, so a file stays in one process.
oracles: $(ORACLES)/oracles.stamp
	POTLINE_PEERS=all OPENBLAS_NUM_THREADS=1 $(ORACLES)/bin/python -m pytest $(APART) --dist loadfile -m oracle \
		tests/numerics tests/replications tests/equilibrium/network

# The wheel, built from the source archive, in a fresh environment of each supported Python that is found.
wheel: $(VENV)/test.stamp
	$(BIN)/python -m tests.installed

# Mutations of case folders, overrides and command lines: every one refused in our words or answered without nan.
fuzz: $(VENV)/test.stamp
	$(BIN)/python -m tests.fuzzing $(MUTATIONS) --first $(FIRST)

lint: $(VENV)/test.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/pyright --pythonpath $(BIN)/python
	$(BIN)/lint-imports --no-cache

bench: $(VENV)/bench.stamp
	$(BIN)/python -m benchmarks $(GROUP)

# The documentation as pages that need no network, into site/; a warning fails it. DOCS=--without-gallery is quick.
docs: $(VENV)/docs.stamp
	$(BIN)/python -m docs.building $(DOCS)

# All outputs of all cases beside the stored ones: words and order equal, numbers within 1e-9 relative.
unchanged: $(VENV)/test.stamp
	POTLINE_UNCHANGED=1 $(BIN)/python -m pytest tests/unchanged

# The same beside those of OLD, a commit, a wheel or a folder with src, on this machine: to the byte.
unchanged-beside: $(VENV)/test.stamp
	$(BIN)/python -m tests.unchanged beside $(OLD)

# Store today's outputs and list what changed: make unchanged-store WHY="what was wrong, and what is right now".
unchanged-store: $(VENV)/test.stamp
	$(BIN)/python -m tests.unchanged store "$(WHY)"

VENVS := $(VENV) $(ORACLES)

$(VENVS:%=%/bin/python): %/bin/python:
	@if [ -z "$(PYTHON)" ]; then echo "No Python 3.11, 3.12 or 3.13 with venv was found on the path. Install one, or name it: make PYTHON=/path/to/python"; exit 2; fi
	$(PYTHON) -m venv $*

$(VENVS:%=%/run.stamp): %/run.stamp: requirements/run.txt pyproject.toml | %/bin/python
	$*/bin/python $(PIP) --require-hashes -r $<
	$*/bin/python $(PIP) --no-deps --no-build-isolation -e .
	touch $@

$(VENV)/test.stamp: requirements/test.txt $(VENV)/run.stamp
	$(BIN)/python $(PIP) --require-hashes -r $<
	touch $@

$(VENV)/bench.stamp: requirements/bench.txt $(VENV)/run.stamp
	$(BIN)/python $(PIP) --require-hashes -r $<
	touch $@

$(VENV)/docs.stamp: requirements/docs.txt $(VENV)/run.stamp
	$(BIN)/python $(PIP) --require-hashes -r $<
	touch $@

$(ORACLES)/oracles.stamp: requirements/oracles.txt $(ORACLES)/run.stamp
	$(ORACLES)/bin/python $(PIP) --require-hashes -r $<
	touch $@

# One lock a use; each holds versions and hashes and no address.
lock:
	uv pip compile --quiet --universal --fork-strategy fewest --generate-hashes --python-version 3.11 --no-annotate --no-header pyproject.toml requirements/build.in -o requirements/run.txt
	uv pip compile --quiet --universal --fork-strategy fewest --generate-hashes --python-version 3.11 --no-annotate --no-header --extra test -c requirements/run.txt pyproject.toml requirements/build.in -o requirements/test.txt
	uv pip compile --quiet --universal --fork-strategy fewest --generate-hashes --python-version 3.11 --no-annotate --no-header --extra bench -c requirements/run.txt -c requirements/test.txt pyproject.toml requirements/build.in -o requirements/bench.txt
	uv pip compile --quiet --universal --fork-strategy fewest --generate-hashes --python-version 3.11 --no-annotate --no-header --extra oracles -c requirements/run.txt -c requirements/test.txt pyproject.toml requirements/build.in -o requirements/oracles.txt
	uv pip compile --quiet --universal --fork-strategy fewest --generate-hashes --python-version 3.11 --no-annotate --no-header --extra docs -c requirements/run.txt -c requirements/test.txt pyproject.toml requirements/build.in -o requirements/docs.txt

clean:
	rm -rf $(VENV) $(ORACLES) runs site build dist .pytest_cache .ruff_cache .hypothesis
