# Each target sets up what it needs: system packages, the virtual environment, the checkout.
# A second run finds it all there and starts at once.
#
#   make run      the whole product on this machine: local cloud, back-end, desktop application
#   make test     every test but those of `make gates`
#   make check    format, lint, types, import contracts
#   make bench    how fast and how large it is, each figure next to its floor (ROUNDS=n, REST_MINUTES=n)
#   make gates    the tests that are too long for every change
#   make soak     simulation and kills of the real program for MINUTES=n (60 without)
#   make screenshots   every window and state, into out/screenshots
#   make lock     write packaging/requirements.lock anew from pyproject.toml
#
# PYTHON=/path/to/python3.12 chooses the interpreter, VENV=dir another environment,
# ARGS="..." goes to pytest or to the demo.

SHELL := bash
MAKEFLAGS += --no-print-directory
VENV ?= .venv
BIN := $(VENV)/bin
export PYTHON

RUN_PACKAGES := packaging/debian-run.txt
ifeq ($(DISPLAY)$(WAYLAND_DISPLAY),)
RUN_PACKAGES += packaging/debian-session.txt
endif
# A file is the unit: its fixtures (a cloud, a desktop session) are started once a process. They are
# handed out in the order that tests/conftest.py gives them, the longest first. A journey through the
# window waits as much as it reckons: three processes keep two cores busy.
BOTH_CORES := -n 3 --dist loadfile --no-loadscope-reorder
TEST_PACKAGES := packaging/debian-run.txt packaging/debian-session.txt packaging/debian-test.txt

.PHONY: run test check bench gates soak screenshots lock environment

run: environment
	@scripts/system-packages $(RUN_PACKAGES)
	@exec $(BIN)/python -m scripts.run $(ARGS)

test: environment
	@scripts/system-packages $(TEST_PACKAGES)
	@$(BIN)/python -m pytest $(BOTH_CORES) $(ARGS)

check: environment
	@$(BIN)/ruff format --check --quiet . || { $(BIN)/ruff format --diff . 2>/dev/null; exit 1; }
	@$(BIN)/ruff check .
	@$(BIN)/mypy desktop backend scripts
	@$(BIN)/lint-imports --config pyproject.toml

bench: environment
	@scripts/system-packages packaging/debian-run.txt packaging/debian-session.txt packaging/debian-bench.txt
	@$(BIN)/python -m scripts.bench $(ARGS)

gates: environment
	@scripts/system-packages $(TEST_PACKAGES)
	@$(BIN)/python -m pytest -m gates --ignore tests/simulation $(ARGS)
	@$(BIN)/python -m pytest -m gates -n 2 --dist load tests/simulation $(ARGS)
	@MYDOCTRANSFER_SIM_FIRST=$$((1000 * $$(git rev-list --count HEAD))) MYDOCTRANSFER_SIM_SEEDS=3500 \
		$(BIN)/python -m pytest -n 2 --dist loadfile tests/simulation/test_seeds_*.py $(ARGS)
	@MYDOCTRANSFER_FUZZ_CASES=5000 $(BIN)/python -m pytest tests/backend/test_fuzz.py $(ARGS)

soak: environment
	@scripts/system-packages $(TEST_PACKAGES)
	@$(BIN)/python -m tests.soak --minutes $(or $(MINUTES),60) $(ARGS)

screenshots: environment
	@scripts/system-packages packaging/debian-run.txt packaging/debian-session.txt
	@$(BIN)/python -m scripts.screenshots $(ARGS)

lock: environment
	@$(BIN)/python -m venv out/lock && out/lock/bin/python -m pip install --quiet uv
	@out/lock/bin/uv pip compile pyproject.toml --extra local --extra dev --quiet \
		--universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
		--no-emit-index-url --no-emit-find-links --output-file packaging/requirements.lock $(ARGS)

environment:
	@scripts/environment $(VENV)
