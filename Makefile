# A fresh machine needs Python 3.12 or 3.13, g++ and make; everything else is installed into .venv.
#
#   make check        install, then show that the programs of specs/eight_schools.hier are the same models
#   make test         install, then run the tests (PYTEST_ARGS="-m 'not engine'" leaves the slow ones out)
#   make lint         ruff and pyright
#   make bench        what a build costs
#   make conformance  tests that take long, then all specs on both engines, posteriors and published reference draws
#   make bench-speed  how fast the emitted programs are, beside programs tuned by hand (SPEED_ARGS="--quick" is shorter)
#   make golden       accept the present output as tests/golden (look at the difference before you commit it)

SHELL := /bin/bash
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
PYTEST := $(BIN)/python -m pytest
SPEC ?= specs/eight_schools.hier
WORKERS ?= 2
PYTEST_ARGS ?=
CONFORMANCE_ARGS ?=
SPEED_ARGS ?=

# The version in .python-version if it can be run, else the first that will do. A pyenv shim may be there and not run.
PYTHON ?= $(shell for name in python$$(cat .python-version) python3.13 python3.12 python3 python; do \
	"$$name" -c 'import sys; sys.exit(not (3, 12) <= sys.version_info[:2] < (3, 14))' 2>/dev/null \
	&& echo "$$name" && break; done)

.PHONY: check test lint bench bench-speed conformance golden install bytecode clean
.DEFAULT_GOAL := check

check: $(VENV)/installed bytecode
	$(BIN)/hiercomp check $(SPEC)

# A module's tests stay on one worker, so that what they compile is compiled once; modules begin in the order of
# tests/conftest.py.
test: $(VENV)/installed-for-tests bytecode
	$(PYTEST) -n $(WORKERS) --dist loadscope --no-loadscope-reorder --max-worker-restart 0 -m 'not conformance' $(PYTEST_ARGS)

lint: $(VENV)/installed-for-tests
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/pyright

bench: $(VENV)/installed bytecode
	$(BIN)/python benchmarks/build_time.py

# A run that was interrupted goes on where it stopped.
conformance: $(VENV)/installed-for-tests bytecode
	$(PYTEST) -n $(WORKERS) --dist loadscope -m conformance
	$(BIN)/python benchmarks/conformance.py $(CONFORMANCE_ARGS)

bench-speed: $(VENV)/installed bytecode
	$(BIN)/python benchmarks/speed.py $(SPEED_ARGS)

golden: $(VENV)/installed-for-tests
	$(PYTEST) -m 'not engine' -n $(WORKERS) --update-golden
	git diff --stat -- tests/golden

install: $(VENV)/installed-for-tests bytecode

# Every run would compile all modules again where PYTHONDONTWRITEBYTECODE is set: the installer compiles only packages
# that it copies, and this one stays where it is.
bytecode: $(VENV)/installed
	@$(BIN)/python -m compileall -q hiercomp

clean:
	rm -rf $(VENV) build dist .pytest_cache .ruff_cache .hypothesis

# Stamps: an install is repeated only when what it depends on has changed.
$(VENV)/installed: pyproject.toml constraints.txt | $(BIN)/python
	$(PIP) install --constraint constraints.txt --editable .
	@touch $@

$(VENV)/installed-for-tests: $(VENV)/installed
	$(PIP) install --constraint constraints.txt --editable '.[test,lint]'
	@touch $@

$(BIN)/python:
	@test -n '$(PYTHON)' || { echo 'hiercomp needs Python 3.12 or 3.13, and neither is on the PATH' >&2; exit 1; }
	@command -v g++ >/dev/null || echo 'note: there is no g++, so Stan programs cannot be compiled' >&2
	$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
		echo 'no virtual environment could be made (Debian and Ubuntu have it in the package python3-venv)' >&2; exit 1; }
