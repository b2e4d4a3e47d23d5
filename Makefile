# Needs Python 3.11 or newer with venv and pip, and make; everything else goes into a local environment, $(VENV).
PYTHON ?= python3
VENV ?= .venv
CLAIMS ?= theorem1
WORKERS ?= auto

PY = $(VENV)/bin/python
INSTALL = $(PY) -m pip install --quiet --disable-pip-version-check
PYTEST = SYMRELU_STORE=off $(PY) -m pytest
# One process a core, each with one linear-algebra thread; worksteal keeps neighbouring tests, which share caches, together.
# Timings mean nothing with several processes, so the benchmark plugin is left out.
PARALLEL = OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(PYTEST) -p no:benchmark -n $(WORKERS) --dist worksteal

.DEFAULT_GOAL := help
.PHONY: help verify test exhaustive quick bench lint manual dist clean
.NOTPARALLEL:

help: ## show this list (the default)
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' Makefile
	@echo "Variables: PYTHON=$(PYTHON) (to make the environment), VENV=$(VENV) (where), CLAIMS=$(CLAIMS) (for verify), WORKERS=$(WORKERS) (for test)"

verify: $(VENV)/has-run ## decide the claims of Theorem 1 (CLAIMS=all: of every paper)
	$(VENV)/bin/symrelu verify $(CLAIMS)

test: $(VENV)/has-test ## run the test suite on all cores
	$(PARALLEL) -m "not exhaustive"

exhaustive: $(VENV)/has-test ## run the test suite with its repeats on more families
	$(PARALLEL)

quick: $(VENV)/has-test ## run the tests that are not slow
	$(PARALLEL) -m "not slow and not exhaustive"

bench: $(VENV)/has-bench ## run the benchmarks, one at a time
	$(PYTEST) benchmarks --benchmark-only

lint: $(VENV)/has-dev ## check style (ruff) and types (mypy)
	$(PY) -m ruff check .
	$(PY) -m mypy

manual: $(VENV)/has-manual ## build the manual into build/manual
	$(PY) -m sphinx -W -q -b html manual build/manual
	@echo "build/manual/index.html"

dist: $(VENV)/has-dev ## build the wheel and the source archive into dist/
	rm -rf dist
	$(PY) -m build

clean: ## remove the environment and everything built or cached
	rm -rf $(VENV) build manual/_generated dist symrelu.egg-info .benchmarks .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find symrelu tests benchmarks derivations -name __pycache__ -prune -exec rm -rf {} +

# The stamps $(VENV)/has-* say which extras are installed; they are renewed when the metadata change. The install is
# editable, so changes of the code need nothing.
$(VENV)/made:
	@command -v $(PYTHON) >/dev/null || { echo "make: no '$(PYTHON)' found: symrelu needs Python 3.11 or newer; name one, as in: make PYTHON=/path/to/python3 $(MAKECMDGOALS)" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "make: '$(PYTHON)' is $$($(PYTHON) --version 2>&1): symrelu needs Python 3.11 or newer; name one, as in: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "make: '$(PYTHON)' lacks the module venv, which makes local environments; install it (on Debian or Ubuntu: apt install python3-venv), or name another Python with PYTHON=" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/has-run: $(VENV)/made setup.cfg pyproject.toml
	$(INSTALL) --editable .
	@touch $@

$(VENV)/has-test: $(VENV)/made setup.cfg pyproject.toml
	$(INSTALL) --editable ".[test]"
	@touch $(VENV)/has-run $@

$(VENV)/has-bench: $(VENV)/made setup.cfg pyproject.toml
	$(INSTALL) --editable ".[bench]"
	@touch $(VENV)/has-run $@

$(VENV)/has-manual: $(VENV)/made setup.cfg pyproject.toml
	$(INSTALL) --editable ".[manual]"
	@touch $(VENV)/has-run $@

$(VENV)/has-dev: $(VENV)/made setup.cfg pyproject.toml
	$(INSTALL) --editable ".[dev]"
	@touch $(VENV)/has-run $(VENV)/has-test $@
