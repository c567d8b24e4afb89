# graphinv: what one types at a checkout. Everything lives in .venv; delete it to begin anew.

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet
PYTEST_FLAGS ?=
# Test files run side by side, each with servers of its own; 0: one after the other, in one process.
WORKERS ?= 2

.DEFAULT_GOAL := help
.PHONY: help demo test checked bench soak format kernels compiled

help:  ## this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1	/' | awk -F'\t' '{printf "  make %-8s %s\n", $$1, $$2}'

demo: $(VENV)/installed compiled  ## a synthetic customs world, loaded, looked up, and served on this machine
	$(BIN)/graphinv demo

test: $(VENV)/installed-dev  ## style, types, layers and all tests, on both graph stores and in a browser
	@$(MAKE) --no-print-directory --jobs=2 checked compiled
	$(BIN)/python -m pytest --numprocesses=$(WORKERS) --dist=loadfile --no-loadscope-reorder $(PYTEST_FLAGS)

# Beside the kernels, which are compiled by one process and take minutes on a fresh machine.
checked: $(VENV)/installed-dev
	tools/test-needs.sh
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# What look-ups rest on comes first: the whole takes more than an hour.
FIRST := lookup index links search screen clusters
BENCHES := $(FIRST) $(filter-out $(FIRST),$(sort $(patsubst tests/benchmarks/bench_%.py,%,$(wildcard tests/benchmarks/bench_*.py))))

bench: $(VENV)/installed-dev kernels  ## every benchmark, one after the other; those that miss their bound are named at the end
	@missed=""; for name in $(BENCHES); do \
	  echo "== $$name, $$(date +%H:%M)"; $(BIN)/python -m "tests.benchmarks.bench_$$name" || missed="$$missed $$name"; \
	done; \
	if [ -n "$$missed" ]; then echo "missed their bound, or broke:$$missed" >&2; exit 1; fi

soak: $(VENV)/installed-dev kernels  ## thirty kills in the middle of loading, each followed by a check that nothing is lost
	GRAPHINV_SOAK_KILLS=30 $(BIN)/python -m pytest tests/soak --timeout=3600 $(PYTEST_FLAGS)

format: $(VENV)/installed-dev  ## lay out the code and mend what can be mended
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# numba keeps compiled kernels until their own file changes: what they took in from another file would stay as it was.
kernels:
	@newest=$$(ls -t $$(find graphinv -name '*.py') | head -1); \
	find graphinv \( -name '*.nbi' -o -name '*.nbc' -o -name '*.compiled' \) ! -newer "$$newest" -delete

compiled: kernels
	$(BIN)/python -m graphinv.kernels_ready

$(BIN)/python:
	"$$(tools/find-python.sh)" -m venv $(VENV)

$(VENV)/installed: pyproject.toml | $(BIN)/python
	$(PIP) --editable .
	@touch $@

$(VENV)/installed-dev: pyproject.toml | $(BIN)/python
	$(PIP) --editable '.[dev]'
	@touch $(VENV)/installed $@
