"""PuLP programs: what is read of a reply, and by which route."""

from __future__ import annotations

import pytest

from neurosym.formal.optimization.model import Model
from neurosym.formal.program import Program
from neurosym.problem import Kind, Problem
from neurosym.translators.base import Malformed
from neurosym.translators.optimization import OptimizationTranslator
from neurosym.translators.pulp_program import PULP_ENTRY, PulpTranslator

PROBLEM = Problem("p", "Make at most 4 boxes. Maximize boxes.", Kind.OPTIMIZATION)
BODY = 'p = pulp.LpProblem("p", pulp.LpMaximize)\nx = pulp.LpVariable("x", 0, 4)\np += x\n'


def test_the_prompt_opens_the_program_and_the_reply_goes_on_from_there() -> None:
    translator = PulpTranslator()
    prompt = translator.prompt(PROBLEM)
    assert prompt.prefix.endswith("import pulp\n")
    found = translator.parse(BODY, PROBLEM)
    assert isinstance(found, Program)
    assert found.entry == PULP_ENTRY
    assert found.source.startswith("import pulp\n")


def test_a_program_begun_anew_in_a_block_of_its_own_is_read() -> None:
    found = PulpTranslator().parse(f"```python\nimport pulp\n{BODY}```\nThat is all.", PROBLEM)
    assert isinstance(found, Program)
    assert "That is all" not in found.source


@pytest.mark.parametrize("module", ["gurobipy", "pyomo.environ", "cvxpy"])
def test_programs_for_other_solvers_are_told_what_to_do(module: str) -> None:
    found = PulpTranslator().parse(f"import {module}\n{BODY}", PROBLEM)
    assert isinstance(found, Malformed)
    assert "write it with PuLP" in found.reason


@pytest.mark.parametrize("text", ["x = (", "print(1)", ""])
def test_what_is_no_such_program_says_so(text: str) -> None:
    assert isinstance(PulpTranslator().parse(text, PROBLEM), Malformed)


def test_samples_are_spread_over_both_routes_and_read_by_the_right_one() -> None:
    translator = OptimizationTranslator()
    assert translator.variants == 2
    prompts = [translator.prompt(PROBLEM, variant) for variant in range(2)]
    assert prompts[0].grammar is not None
    assert prompts[1].grammar is None
    assert isinstance(translator.parse(BODY, PROBLEM), Program)
    assert isinstance(translator.parse("var x >= 0\nmaximize x\n", PROBLEM), Model)
    assert translator.name == "five elements and pulp program"
    assert translator.max_tokens(PROBLEM) >= 700


def test_a_table_is_data_of_the_program_and_is_not_retyped() -> None:
    problem = Problem(
        "t",
        "Mix 5 kg at least cost.\n| Grain | Price |\n|--|--|\n| Oats | $0.30 |\n| Peas | $2 |",
        Kind.OPTIMIZATION,
    )
    translator = PulpTranslator()
    opening = translator.prompt(problem).prefix
    assert "Grain = ['Oats', 'Peas']\n" in opening
    assert "price = {'Oats': 0.3, 'Peas': 2}" in opening
    found = translator.parse(BODY, problem)
    assert isinstance(found, Program)
    assert "price = {'Oats': 0.3, 'Peas': 2}" in found.source
