# Two commands: `make solve` answers a word problem, `make test` runs the tests. Each sets up all it
# needs: a virtual environment in .venv, the package, and weights in the user's cache.

PYTHON ?= python3
BIN := .venv/bin

Q ?= A school orders 14 boxes of pencils with 24 pencils in each box. It gives 5 pencils to each of \
its 56 pupils and keeps the rest in the cupboard. How many pencils are kept?

# As it was typed: in a recipe, make and the shell would read the dollar signs and quotes of a price.
export QUESTION := $(value Q)

.PHONY: help solve test test-vllm test-search lint clean

help:
	@echo 'make solve              answer the word problem of the README'
	@echo 'make solve Q="…"        answer yours'
	@echo 'make test               run the tests'
	@echo 'make test-vllm          run the tests of vLLM and transformers'
	@echo 'make test-search        run those tests that make up their cases, with new ones'
	@echo 'make lint               check style and types'
	@echo 'make clean              remove what the others made here (not the weights)'

solve: .venv/installed
	@$(BIN)/neurosym models pull >/dev/null
	@$(BIN)/neurosym solve --explain -- "$$QUESTION"

test: .venv/installed-dev
	@$(BIN)/neurosym models pull smollm2-135m >/dev/null
	$(BIN)/python -m pytest --cov --cov-report=term

# vLLM's engine and server and transformers, on processors: an environment of 3 GB, kept in the cache.
test-vllm: .venv/installed
	@$(BIN)/neurosym models pull smollm2-135m >/dev/null
	NEUROSYM_TEST_VLLM=1 $$($(PYTHON) tools/make_vllm_venv.py) -m pytest tests/engines/test_transformers.py \
		tests/engines/test_vllm.py tests/engines/test_vllm_server.py tests/test_benchmarks_gpu.py

test-search: .venv/installed-dev
	$(BIN)/python -m pytest --hypothesis-profile=search -m hypothesis

lint: .venv/installed-dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

.venv/installed: pyproject.toml tools/make_venv.py
	@echo 'setting up .venv (once)'
	@$(PYTHON) tools/make_venv.py .venv
	@$(BIN)/python -m pip install --quiet --upgrade 'pip>=25.1'
	@$(BIN)/python -m pip install --quiet --editable .
	@touch $@

.venv/installed-dev: .venv/installed
	@$(BIN)/python -m pip install --quiet --group dev
	@touch $@

clean:
	rm -rf .venv build dist .coverage .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
