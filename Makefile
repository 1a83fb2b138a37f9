# Everything a person or the CI does with this repository.  `make help` lists it.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

# Compiled modules are kept: four processes start at a time, each saves a second.
unexport PYTHONDONTWRITEBYTECODE

PYTHON ?= python3
PY := .venv/bin/python
STAMP := .venv/.installed

.PHONY: help
help: ## List the targets
	@grep -hE '^[a-z][a-z0-9-]*:.*## ' $(MAKEFILE_LIST) | sort | awk 'BEGIN {FS = ":.*## "} {printf "  make %-14s %s\n", $$1, $$2}'

.PHONY: setup
setup: $(STAMP) ## Make .venv from requirements.lock (hashes checked)

# Runs again when the lock changes, and when a run before was cut short (no stamp).
$(STAMP): requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Python 3.11 or newer is needed; set PYTHON=…")'
	@echo "==> .venv: installing $$(grep -cE '^[a-z0-9].*==' requirements.lock) pinned packages (about a minute the first time)"
	@test -x $(PY) && $(PY) -c '' 2>/dev/null || $(PYTHON) -m venv --clear .venv
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements.lock
	@$(PY) -m pip check --quiet
	@touch $(STAMP)

.PHONY: lock
lock: ## Resolve requirements*.in into the lock files (needs uv; UPGRADE=1 takes newer versions)
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --quiet $(if $(UPGRADE),--upgrade) requirements-dev.in -o requirements.lock
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --quiet -c requirements.lock requirements.in -o requirements-prod.lock
	@! grep -nE '(https?|file)://' requirements.lock requirements-prod.lock

PORT ?= 8000
export PORT

.PHONY: run
run: setup ## Serve the portal with demo data at http://127.0.0.1:8000 (PORT=8001 for another port)
	@exec $(PY) manage.py serve_all

.PHONY: demo
demo: setup ## Load the demo data without serving
	@$(PY) manage.py migrate --verbosity 0
	@$(PY) manage.py load_regions
	@$(PY) manage.py demo

.PHONY: pictures
pictures: setup ## Take the pictures of docs/ anew, from a portal that `make run` serves
	@$(PY) tests/pictures.py http://127.0.0.1:$(PORT)

.PHONY: migrations
migrations: setup ## Write migrations for changed models (NAME=what_changed)
	@$(PY) manage.py makemigrations $(if $(NAME),--name $(NAME))

.PHONY: fmt
fmt: setup ## Format Python and templates
	$(PY) -m ruff check --fix --quiet .
	$(PY) -m ruff format .
	$(PY) -m djlint --reformat --quiet templates

.PHONY: lint
lint: setup ## Style, types, layers, missing migrations, production settings
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m djlint --check --lint templates
	$(PY) -m mypy
	$(PY) -c 'from importlinter.cli import lint_imports_command; lint_imports_command()'
	$(PY) manage.py makemigrations --check --dry-run
	set -a; . deploy/placeholder.env; set +a; $(PY) manage.py check --deploy --fail-level WARNING --settings liaison.settings.prod

# Two workers a core: the tests wait for the database as much as they compute.
PYTEST := $(PY) -m pytest
JOBS ?= auto
ARGS ?=

.PHONY: test
test: setup ## Every test but browser and bench (ARGS='-k transfer' JOBS=0 to narrow)
	$(PYTEST) -n $(JOBS) -m 'not e2e and not bench' $(ARGS)

E2E_JOBS ?= 2

.PHONY: e2e
e2e: setup ## Browser tests in Chromium (CHROMIUM=/path overrides the one on PATH; E2E_JOBS=0 for one at a time)
	$(PYTEST) -n $(E2E_JOBS) -m e2e tests/e2e $(ARGS)

SERVICES_DATABASE_URL ?= postgres://127.0.0.1:5432/postgres
SERVICES_REDIS_URL ?= redis://127.0.0.1:6379/9

.PHONY: services
services: setup ## The tests again on the PostgreSQL and Redis of this machine, when they answer
	@$(PY) tests/infra/services.py $(SERVICES_DATABASE_URL) $(SERVICES_REDIS_URL) -- \
		$(PYTEST) -n $(JOBS) -m 'not e2e and not bench' $(ARGS)

.PHONY: bench
bench: setup ## Measure on the real server and a fresh database; writes var/bench.json (ARGS=name for one)
	@$(PY) tests/bench/run.py $(ARGS)

.PHONY: sandbox
sandbox: setup ## The portal with a simulated 12345 hotline that plays a day with faults (PORT=, ORDERS=, MINUTES=, HOTLINE=0 for yours)
	@exec $(PY) tests/sandbox/run.py

.PHONY: faults-hotline
faults-hotline: setup ## The hotline's day while the portal's processes are killed at random (ORDERS=10000 REPORTS=2000 SEED=)
	@exec $(PY) tests/sandbox/faults.py

EXAMPLES ?= 100

.PHONY: fuzz
fuzz: setup ## Send the API thousands of requests that its document allows or forbids (EXAMPLES=1000 for more, SEED=…)
	@$(PY) tests/fuzz/run.py $(EXAMPLES) $(SEED)

.PHONY: secrets
secrets: ## Make the secret files docker-compose.yml names, those that are missing
	@mkdir -p -m 700 deploy/secrets deploy/certs
	@for name in secret_key database_password; do \
	  test -s deploy/secrets/$$name || { $(PYTHON) -c 'import secrets; print(secrets.token_urlsafe(48), end="")' > deploy/secrets/$$name; echo "made deploy/secrets/$$name"; }; \
	done
	@test -s deploy/secrets/email_url || { echo "smtp://user:password@mail.example.gov.cn:587/?tls=True" > deploy/secrets/email_url; echo "fill in deploy/secrets/email_url"; }
	@chmod 644 deploy/secrets/*

.PHONY: clean
clean: ## Remove .venv, var/ (with the embedded databases) and caches
	@test ! -x $(PY) || $(PY) -c 'from pathlib import Path; from liaison.embedded import remove; remove(Path.cwd().resolve())'
	rm -rf .venv var staticfiles .mypy_cache .pytest_cache .ruff_cache .hypothesis .coverage htmlcov
	find . -name __pycache__ -not -path './.git/*' -prune -exec rm -rf {} +
