# `make` lists what there is.
.DEFAULT_GOAL := help
.PHONY: help demo test quick fmt docs messages up check setup setup-test setup-bench lint types imports migrations migration lock faults faults-ci fuzz bench bench-engine bench-hooks bench-pages bench-words

help: ## this list
	@grep -hE '^[a-z][a-z-]*:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 16

setup:
	@sh requirements/setup.sh practice

setup-test:
	@sh requirements/setup.sh test

setup-bench:
	@sh requirements/setup.sh bench

demo: setup ## the main job: two articles to five channels each, against the sandbox
	@.venv/bin/sharedesk demo

up: setup ## the desk on http://localhost:8000, with worker and sandbox
	@.venv/bin/sharedesk up

test: setup-test ## all tests on SQLite, and what meets the engine on a real PostgreSQL
	@.venv/bin/python -m tests

quick: setup-test ## about a minute: domain, words, channels, models and services on SQLite, without stories
	@.venv/bin/python -m pytest -q -n auto -m "not processes and not browser" -k "not story and not stories" \
	  tests/domain tests/words tests/channels tests/models tests/services

fmt: setup-test ## format, and mend what ruff can mend
	@.venv/bin/ruff check --fix-only --quiet .
	@.venv/bin/ruff format .

docs: setup-test ## the tables and pictures in the documents, from the code
	@.venv/bin/python -m tests.docs

messages: setup-test ## the catalogue of the desk's words, from templates and code
	@.venv/bin/python -m tests.web.messages

check: setup-test lint types imports migrations test ## everything that must hold: lint, types, imports, migrations, tests

lint: setup-test
	@.venv/bin/ruff format --check .
	@.venv/bin/ruff check .
	@.venv/bin/codespell config sharing workers tests docs README.md

types: setup-test
	@.venv/bin/mypy

imports: setup-test
	@.venv/bin/lint-imports --no-cache

migrations: setup-test
	@.venv/bin/python -m tests.migrations

migration: setup-test ## the next migration from what the models say: make migration NAME=add_a_column
	@.venv/bin/python -m tests.migrations "$(NAME)"

faults: setup-test ## kill, freeze, cut off and mislead everything for 20 minutes; account for every post
	@.venv/bin/python -m tests.faults

faults-ci: setup-test ## the same in under 4 minutes
	@.venv/bin/python -m tests.faults --ci

fuzz: setup-test ## all tests on both databases, stories in all orders; then properties with new examples for ten minutes
	@.venv/bin/python -m tests.fuzz

bench: bench-engine bench-hooks bench-words bench-pages ## all benches in turn

bench-engine: setup-test ## how fast and fair deliveries go, beside bare Celery and raw SQL; bench/RESULTS.md
	@.venv/bin/python -m bench.engine

bench-hooks: setup-test ## how long a CMS waits for its answer, with the queue down and 5,000 waiting
	@.venv/bin/python -m bench.ingest

bench-words: setup-bench ## how fast the words are, beside pysbd and twitter-text-parser; hostile texts
	@.venv/bin/python -m bench.words

bench-pages: setup ## how often the fields of a news page are right, beside trafilatura, extruct and newspaper4k
	@.venv/bin/python -m bench.pages

lock: setup ## compile requirements/*.in into hash-pinned sets
	@for name in uv run practice test bench; do .venv/bin/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 \
	  --no-header --no-annotate requirements/$$name.in -o requirements/$$name.txt; done
