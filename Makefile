# Everything that a checkout needs. `make run` starts the daemon, `make test` proves it; both set up what they need.

PYTHON ?= $(shell sh .ci/python 3.11 3.12 3.13)
LAST_PYTHON ?= $(shell sh .ci/python 3.13)
VENV := .venv
LAST_VENV := .venv-last
HUB_VENV := .venv-hubs
BIN := $(VENV)/bin
APT := sh .ci/apt

FUZZ_SECONDS ?= 60

.PHONY: run test test-hubs quick lint types unit last-python bench fuzz generated wheel clean help

help: ## what there is to make
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/'

run: $(VENV)/voice.stamp ## set up and start the daemon on embedded defaults
	@$(BIN)/arvisd run $(ARGS)

test: $(VENV)/dev.stamp ## set up, then lint, types, layers, every test with coverage
	@$(APT) mosquitto mosquitto-clients pulseaudio pulseaudio-utils libportaudio2 libasound2-plugins openssl
	$(MAKE) --no-print-directory lint types
	$(MAKE) --no-print-directory last-python
	$(BIN)/pytest -m "not bench" --cov --cov-report=term:skip-covered

test-hubs: $(VENV)/dev.stamp ## the daemon beside a real Home Assistant, where the machine has Python 3.13
	@$(APT) mosquitto mosquitto-clients
	@sh .ci/hubs "$(LAST_PYTHON)" $(HUB_VENV)
	$(BIN)/pytest -rs tests/integration/test_hubs.py

quick: $(VENV)/dev.stamp ## only the tests that need nothing but Python
	$(BIN)/pytest tests/unit

lint: $(VENV)/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/dev.stamp
	$(BIN)/mypy
	PYTHONPATH=. $(BIN)/lint-imports

last-python: ## the quick tests on the newest Python that is supported, where the machine has it
	@if [ -n "$(LAST_PYTHON)" ] && [ "$(LAST_PYTHON)" != "$(PYTHON)" ]; then \
	  $(MAKE) --no-print-directory VENV=$(LAST_VENV) PYTHON=$(LAST_PYTHON) quick; \
	else echo "python3.13 is not on this machine: its quick tests are left out"; fi

bench: $(VENV)/dev.stamp ## measure: ratios against peers and raw limits
	$(BIN)/pytest -m bench -s tests/bench

fuzz: $(VENV)/dev.stamp ## fuzz the loader, the checks, runs and templates, guided by coverage: FUZZ_SECONDS for each
	$(BIN)/pip install --quiet --disable-pip-version-check 'atheris>=3'
	@for target in text yaml house runs template; do \
	  echo "$$target, $(FUZZ_SECONDS) s"; PYTHONPATH=. $(BIN)/python -m tests.fuzz $$target $(FUZZ_SECONDS) || exit 1; done

generated: $(VENV)/dev.stamp ## write the generated documents anew
	$(BIN)/python -m arvisd.mqtt.asyncapi
	$(BIN)/python -m arvisd.config.schema
	$(BIN)/python -m arvisd.automation.domains.page

wheel: $(VENV)/dev.stamp ## build the wheel into dist/
	$(BIN)/pip wheel --quiet --no-deps --wheel-dir dist .

clean: ## forget the virtual environments and caches
	rm -rf $(VENV) $(LAST_VENV) $(HUB_VENV) dist .mypy_cache .ruff_cache .pytest_cache .coverage

$(VENV)/bin/pip:
	@sh .ci/venv "$(PYTHON)" "$(VENV)"

# The stamps make a repeated set-up cost nothing until the project's requirements change.
$(VENV)/voice.stamp: pyproject.toml | $(VENV)/bin/pip
	@echo "installing arvisd and what a room needs into $(VENV) (about a minute, once)"
	@$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[voice]'
	@touch $@

$(VENV)/dev.stamp: pyproject.toml | $(VENV)/bin/pip
	@echo "installing arvisd and what its tests need into $(VENV) (a minute or two, once)"
	@$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@ $(VENV)/voice.stamp
