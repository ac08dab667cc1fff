# setup    .venv with .venv/bin/grader (uv where it is installed, else venv and pip)
# demo     set-up, then grade tests/classroom (Docker where an engine answers, else process isolation; it says which)
# test     the truth: everything, in parallel (WORKERS at a time: by default two per core, since much of it waits);
#          needs Docker where CI=true, skips what needs it elsewhere
# lint     ruff and mypy --strict
# engine   a Docker engine on a bare Debian (apt-get, dockerd in the background)
# image    the sandbox image; builds a base image from Debian's packages where none can be pulled
# bench    prints and writes build/bench.json: medians, and ratios against check50 and pytest
# flaky    20 rounds of everything under two busy loops
# clean    removes what the targets above made, but for the images

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
OUT := build
SHELL := /bin/bash

.PHONY: setup demo test lint engine image bench flaky clean help
.DEFAULT_GOAL := help

help:
	@sed -n 's/^# //p' Makefile | head -10

setup: $(BIN)/grader

$(BIN)/grader: pyproject.toml
	@if command -v uv >/dev/null 2>&1; then \
	    uv venv --quiet --allow-existing $(VENV) && uv pip install --quiet --python $(BIN)/python -e '.[dev]'; \
	else \
	    $(PYTHON) -m venv $(VENV) && $(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'; \
	fi
	@touch $@

demo: setup
	@if $(BIN)/python -m grader.sandbox.image --engine 2>/dev/null && $(MAKE) --no-print-directory image; then \
	    isolation=docker; echo 'demo: a Docker engine answers: grading in pods'; \
	else \
	    isolation=process; echo 'demo: no Docker engine with an image (see make engine image): --isolation process'; \
	fi; \
	$(BIN)/grader batch tests/classroom -e framing -e threaded_echo --out $(OUT)/demo --isolation $$isolation; code=$$?; \
	echo "demo: $$isolation; records in $(OUT)/demo/results, traces in $(OUT)/demo/traces, all in $(OUT)/demo/summary.json"; \
	test $$code -le 1

test: setup
	@export PYTEST_XDIST_AUTO_NUM_WORKERS=$${WORKERS:-$$($(BIN)/python -c 'import os; print(2 * os.cpu_count())')}; \
	$(BIN)/pytest -n auto --dist loadgroup

lint: setup
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

engine:
	.ci/engine.sh

image: setup
	$(BIN)/python -m grader.sandbox.image

bench: setup
	@mkdir -p $(OUT)
	$(BIN)/python tests/bench/bench.py --out $(OUT)/bench.json

flaky: setup
	$(BIN)/grader selftest --rounds 20 --busy 2

clean:
	rm -rf $(OUT) $(VENV) .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
