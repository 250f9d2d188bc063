# The two commands: `make up` (run it) and `make test` (check it). `make help` lists the rest.
PYTHON ?= python3
UV_VERSION := 0.13.9
BOOT := .venv/boot
UV := $(BOOT)/bin/uv
BIN := .venv/bin
WHEEL := $(wildcard models/da_core_news_sm-*.whl)

.DEFAULT_GOAL := help
.PHONY: help setup up test check lock train chat nlu-report conformance browser clean

help: ## This list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 14

setup: .venv/.installed ## The environment in .venv and a trained model (what up and test share)
	@$(BIN)/moedeklar train --if-needed

up: setup ## Start the four processes with demo members and print the addresses
	@exec $(BIN)/moedeklar up

test: setup browser ## All checks and tests
	@echo "== style"; $(BIN)/ruff check bot actions tests bench && $(BIN)/ruff format --check bot actions tests bench
	@echo "== types"; $(BIN)/mypy
	@echo "== Rasa's own check of the data"; $(BIN)/moedeklar validate
	@echo "== answers"; $(BIN)/moedeklar answers check
	@echo "== tests"; $(BIN)/python -m pytest

browser: ## Chromium for the browser tests, where it is missing and can be installed (Debian, as root)
	@command -v chromium >/dev/null || { echo "== browser: installing Debian's Chromium"; \
	  { apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium; } >/dev/null 2>&1 || \
	  echo "   Chromium can't be installed here: install it by hand, else the browser tests fail"; }

check: setup ## Style and types only
	@$(BIN)/ruff check bot actions tests bench && $(BIN)/ruff format --check bot actions tests bench && $(BIN)/mypy

train: .venv/.installed ## Train the model anew, also where a fitting one is there
	@$(BIN)/moedeklar train

nlu-report: setup ## How well held-out messages and dialogues are understood (writes docs/nlu-report.md, docs/moves-report.md)
	@$(BIN)/python -m bench.nlu_report
	@$(BIN)/python -m bench.moves_report

conformance: .venv/.installed ## Does a back end keep the contract? make conformance URL=… [TOKEN=…]
	@test -n "$(URL)" || { echo "Say which back end: make conformance URL=http://127.0.0.1:8001 (docs/backend-contract.md)"; exit 2; }
	@MOEDEKLAR_CONFORMANCE_URL="$(URL)" MOEDEKLAR_CONFORMANCE_TOKEN="$(TOKEN)" \
	  $(BIN)/python -m pytest -q tests/conformance

lock: $(UV) ## Resolve the dependencies of pyproject.toml anew
	@$(UV) pip compile -q pyproject.toml --extra dev --python-version 3.10 --generate-hashes \
	  --no-emit-index-url --no-header -o requirements.lock

clean: ## Remove the environment, the models trained here and all data of the demo
	rm -rf .venv var models/*.tar.gz models/*.sha256

$(UV):
	@echo "== environment: the installer"
	@$(PYTHON) -m venv $(BOOT) || { echo "$(PYTHON) has no venv module: install it (Debian: python3-venv)"; exit 3; }
	@$(BOOT)/bin/pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

.venv/.installed: requirements.lock pyproject.toml $(WHEEL) | $(UV)
	@$(UV) python find --no-python-downloads 3.10 >/dev/null 2>&1 || \
	  { echo "No Python 3.10 on this machine: Rasa 3.6 needs it. Install it (pyenv install 3.10) and run make again."; exit 3; }
	@echo "== environment: Python 3.10 and the packages of requirements.lock (some minutes the first time)"
	@test -x $(BIN)/python || $(UV) venv --quiet --no-python-downloads --allow-existing --python 3.10 .venv
	@$(UV) pip install --python $(BIN)/python --require-hashes -r requirements.lock
	@$(UV) pip install --quiet --python $(BIN)/python --no-deps $(WHEEL)
	@$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .
	@touch $@
