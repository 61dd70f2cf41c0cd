# `make` alone lists the targets. A fresh machine needs Python 3.11 or newer, and make.
.DEFAULT_GOAL := help
PY := .venv/bin/python
MANAGE := $(PY) -m local run $(PY) manage.py
PYTEST := $(PY) -m local once $(PY) -m pytest -q --no-header
ARGS ?=

.PHONY: help demo stop reset install test test-deep prove large bench pictures looks check format services migrate migrations \
        messages shell manage lock

help: ## list the targets
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' Makefile

demo: install ## open the demo shop (ROBOTS=0: nobody else shops, LAN=1: for a phone on your network)
	@$(PY) -m local demo

stop: install ## end the demo, Postgres and Valkey; the data stays
	@$(PY) -m local stop

reset: install ## end everything and delete the demo's data
	@$(PY) -m local reset

install: ## make .venv and install the libraries when requirements changed
	@python3 local/install.py

test: install ## the whole suite but the long runs (ARGS="tests/orders -x")
	@python3 local/install.py chromium
	@$(PYTEST) -n 2 --dist loadgroup $(ARGS)

test-deep: install ## the long property runs
	@HYPOTHESIS_PROFILE=deep $(PYTEST) -n 2 -m "deep or hypothesis" $(ARGS)

prove: install ## try the shop's promises before your eyes, about a minute (ARGS="--language en")
	@$(PY) -m local prove $(ARGS)

large: install ## a second database with 1,000,000 orders, for make bench (about 15 minutes, 15 GB)
	@$(PY) -m local run --database large $(PY) manage.py migrate -v0
	@$(PY) -m local run --database large $(PY) manage.py load_demo --size large

bench: install ## measure pages and pricing, as ratios of one run (after make demo; the large shop too after make large)
	@$(PY) -m local run $(PY) -m benchmarks.bench_pages
	@$(PY) -m local run --database large --if-made $(PY) -m benchmarks.bench_pages
	@$(PY) -m local run $(PY) -m benchmarks.bench_pricing

pictures: install ## take pictures of every main page of the running demo (ONLY=product,me)
	@$(PY) -m local.looks pictures

looks: install ## measure the running demo: Lighthouse, axe, touch targets (needs node)
	@$(PY) -m local.looks measure

check: install ## style, types, import contracts, migrations, settings of production
	@$(PY) -m ruff check --quiet .
	@$(PY) -m ruff format --check --quiet . || { echo "Not formatted: make format"; exit 1; }
	@mkdir -p var && .venv/bin/lint-imports --no-logo > var/lint-imports.log 2>&1 || { cat var/lint-imports.log; exit 1; }
	@$(PY) -m local run $(PY) -m mypy
	@$(MANAGE) makemigrations --check --dry-run -v0
	@DEBUG=0 INSECURE_COOKIES=0 SHOP_URL=https://shop.example.com $(MANAGE) check --deploy --fail-level WARNING -v0

format: install ## format and mend what can be mended
	@$(PY) -m ruff check --quiet --fix .
	@$(PY) -m ruff format --quiet .

services: install ## start Postgres and Valkey, or attach to them
	@$(PY) -m local services

migrate: install ## bring the tables and roles up to date
	@$(MANAGE) migrate
	@$(MANAGE) sync_roles

migrations: install ## write migrations for changed models
	@$(MANAGE) makemigrations

messages: install ## collect and compile the translations; says which are missing
	@$(PY) -m local.messages $(ARGS)

shell: install ## a Python shell inside the shop
	@$(MANAGE) shell

manage: install ## any management command: make manage ARGS="explain_order 123"
	@$(MANAGE) $(ARGS)

lock: install ## pin what is installed now into constraints.txt
	@.venv/bin/uv pip freeze --python $(PY) | grep -vE '^(-e|pip=|setuptools=|uv=)' > constraints.txt
