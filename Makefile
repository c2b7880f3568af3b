# Needs Python 3.11+, make and the package registries; everything else is set up here.
UV := $(shell command -v uv 2>/dev/null || echo .venv-uv/bin/uv)
RUN := $(UV) run --frozen
export UV_PYTHON_DOWNLOADS ?= never

.PHONY: run test ui bench setup check format

run: setup          ## the sample entity, from crawl to bulletin
	$(RUN) boi run

test: setup         ## every test, the linters, types and import rules
	$(RUN) ruff check .
	$(RUN) ruff format --check .
	$(RUN) basedpyright
	$(RUN) lint-imports
	$(RUN) pytest -n 2 --dist loadgroup

ui: setup           ## the Dagster UI
	$(RUN) boi ui

bench: setup        ## the numbers of benchmarks/README.md
	$(RUN) python -m benchmarks

format: setup
	$(RUN) ruff check --fix .
	$(RUN) ruff format .

setup: .venv/.ready

.venv/.ready: pyproject.toml uv.lock
	@command -v $(UV) >/dev/null || (python3 -m venv .venv-uv && .venv-uv/bin/pip install --quiet uv)
	$(UV) sync --frozen --all-extras --compile-bytecode --quiet
	@touch $@
