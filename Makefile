# Everything a person does with Baton. `make help` lists it.
.DEFAULT_GOAL := help
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
PACKAGES := shared services/marketing-intake services/lead-scoring services/sales-routing deploy/launcher
TYPED := shared/baton services/marketing-intake/marketing_intake services/lead-scoring/lead_scoring \
	services/sales-routing/sales_routing deploy/launcher/launcher tests
EDITABLE := $(foreach package,$(PACKAGES),-e $(package))
BROWSER = $(or $(BATON_TEST_BROWSER),$(shell command -v chromium || command -v chromium-browser || command -v google-chrome || command -v chrome))
KILLS ?= 30
SECONDS ?= 60
LEADS ?= 20000
WORKERS ?= 2

.PHONY: help install browser demo up test check prove bench contracts lock format clean fuzz

help: ## list the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

install: $(VENV)/.installed ## make .venv with everything in it

$(VENV)/.installed: requirements.txt requirements-dev.txt $(addsuffix /pyproject.toml,$(PACKAGES))
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || python3 -m venv $(VENV)
	$(BIN)/python -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Python 3.11 or newer is needed: make PYTHON=python3.12 install")'
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt -r requirements-dev.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation $(EDITABLE)
	touch $@

demo: install ## the whole system, real leads through it, the loop closed, then a look
	$(BIN)/baton demo

up: install ## Kafka, PostgreSQL and the three services, in the foreground
	$(BIN)/baton up

browser: ## a browser for the tests of pages: Debian's chromium, when there is none
	@if test -n "$(BROWSER)"; then :; \
	elif test "$$(id -u)" = 0 && command -v apt-get >/dev/null; then \
		apt-get update -q && apt-get install -q -y --no-install-recommends chromium; \
	else echo "The tests of pages need a browser: install chromium or Google Chrome, or name one in BATON_TEST_BROWSER." >&2; exit 1; fi

test: install browser ## every proof at a small size, on real PostgreSQL and real Kafka
	$(BIN)/pytest -q -n $(WORKERS) --dist loadfile tests

check: install ## format, lint, types, who may import whom, sizes
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy $(TYPED)
	$(BIN)/lint-imports
	$(BIN)/pytest -q tests/architecture tests/contract

prove: install ## the same proofs at full size: KILLS=30 LEADS=20000
	PYTHONPATH=tests $(BIN)/python -m faults.prove_import
	PYTHONPATH=tests $(BIN)/python -m faults.prove --kills $(KILLS) --leads $(LEADS)

fuzz: install ## coverage-guided bytes into every reader: SECONDS=300 (Linux)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-fuzz.txt
	PYTHONPATH=tests $(BIN)/python -m fuzz --seconds $(SECONDS)

bench: install ## measure side by side; writes bench.json
	PYTHONPATH=tests $(BIN)/python -m bench

contracts: install ## write the published schemas anew
	$(BIN)/python -m baton.contracts.generate

format: install ## format and mend what can be mended
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: ## compile the requirements anew; no index address is written
	$(BIN)/pip install --quiet uv
	$(BIN)/uv pip compile -q --generate-hashes --no-emit-index-url --no-header --no-annotate requirements.in -o requirements.txt
	$(BIN)/uv pip compile -q --generate-hashes --no-emit-index-url --no-header --no-annotate requirements-dev.in -o requirements-dev.txt

clean: ## remove what the other targets made
	rm -rf $(VENV) .baton .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
