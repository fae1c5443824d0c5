# Each target installs what it needs into the project's own environment, .venv.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin

.PHONY: run demo test test-web bench lint train eval lock
.DEFAULT_GOAL := test

.venv/.run: requirements.lock pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --no-deps --no-build-isolation -e .
	touch $@

.venv/.dev: requirements-dev.lock .venv/.run
	$(BIN)/pip install --quiet --require-hashes -r requirements-dev.lock
	$(BIN)/pip check
	touch $@

run: .venv/.run  ## start it: the page and the engine, with an invented roster until you set one
	$(BIN)/jishiyu run

demo: .venv/.run  ## the same, with a clock on the page that can be wound forward
	$(BIN)/jishiyu run --demo

test: .venv/.dev  ## all checks
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pytest -n auto

test-web: .venv/.dev  ## the page in a real Chromium (CHROMIUM names it, default /usr/bin/chromium)
	$(BIN)/pytest -m web tests/web

bench: .venv/.dev  ## how fast, beside its references: writes docs/benchmarks.md (about a quarter of an hour)
	$(BIN)/python -m benchmarks

lint: .venv/.dev  ## the checks without the tests, mending what can be mended
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/mypy

train: .venv/.dev  ## the reader's weights from nlp/corpus
	$(BIN)/python -m nlp.train_names
	$(BIN)/python -m nlp.train

eval: .venv/.dev  ## how well it reads, into docs/evaluation.md (DATA=folder for the public sets of everyday chat)
	$(BIN)/python -m evaluation $(if $(DATA),--data $(DATA))

lock: .venv/.dev  ## write both lock files anew
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
		--group pyproject.toml:build --extra postgres pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
		--group pyproject.toml:build --group pyproject.toml:dev --extra postgres pyproject.toml -o requirements-dev.lock
