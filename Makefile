# Everything a fresh machine needs. `make run` and `make test` do all set-up themselves.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PORT   ?= 8000
LOCK   := $(BIN)/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes \
          --no-emit-index-url --no-header --no-annotate

.PHONY: run test lint check-docs rules sample assets lock wheel clean

run: $(VENV)/.user assets
	$(BIN)/diming demo --dir demo --port $(PORT)

test: $(VENV)/.dev assets
	sh tools/ensure_browser.sh
	$(BIN)/python -m pytest -n 2 --dist loadgroup

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# RULES.md is written from the catalogue; CI fails when it is stale.
rules: $(VENV)/.dev
	$(BIN)/python -m tools.rules_md

check-docs: $(VENV)/.dev
	$(BIN)/python -m tools.rules_md --check

# The sample county's input files, written anew from their seeded generator.
sample: $(VENV)/.dev
	$(BIN)/python -m tools.sample_county

wheel: $(VENV)/.dev assets
	rm -rf dist
	$(BIN)/python -m build --wheel --no-isolation --outdir dist

clean:
	rm -rf $(VENV) web/static/vendor dist demo

# Versions and hashes come from the lock files; the package itself is installed without touching them.
$(VENV)/.user: requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

$(VENV)/.dev: requirements-dev.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $(VENV)/.user $@

# Leaflet and its companions, pinned in package-lock.json, served by ourselves. Where Node is missing a wheel brings it.
assets: $(VENV)/.user
	@command -v npm >/dev/null || $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-node.lock
	$(BIN)/python tools/fetch_assets.py

# Lock files hold versions and hashes, no addresses.
lock: $(VENV)/.dev
	$(LOCK) --extra setup -o requirements.lock
	$(LOCK) --extra setup --extra dev -o requirements-dev.lock
	$(LOCK) --extra node -o requirements-node.lock
	$(LOCK) --extra bench -o requirements-bench.lock
	npm install --package-lock-only --ignore-scripts
