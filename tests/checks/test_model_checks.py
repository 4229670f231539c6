"""Checks of optimization models: certificates that hold or do not, and the text."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from neurosym.backends.base import Limits
from neurosym.backends.optimization.backend import OptimizationBackend
from neurosym.backends.optimization.findings import FINDINGS, Findings, SecondOpinion
from neurosym.backends.optimization.task import Ending
from neurosym.candidate import Check, CheckState, Outcome
from neurosym.checks.certified import certificate_checks
from neurosym.checks.machinery import settle
from neurosym.checks.model_text import text_checks
from neurosym.checks.optimization import run_model_checks
from neurosym.formal.optimization.language.reader import read_model
from neurosym.formal.optimization.model import Model
from neurosym.problem import Kind, Problem
from neurosym.status import Status

PROBLEM = Problem(
    "p",
    "A park lends boats and canoes. A boat seats 4 people and a canoe seats 2. At least 30% of the "
    "trips must be by canoe. There can be at most 20 trips. How many boats maximize the people?",
    Kind.OPTIMIZATION,
)
MODEL = """var boats integer >= 0
var canoes integer >= 0
maximize 4 * boats + 2 * canoes
share @3: canoes >= 0.3 * (boats + canoes) "At least 30% of the trips must be by canoe."
most @4: boats + canoes <= 20 "There can be at most 20 trips."
"""
LINEAR = "var x >= 0\nvar y >= 0\nmaximize 3 * x + 2 * y\na: x + y <= 4\nb: x + 3 * y <= 6\n"


async def solved(text: str) -> tuple[Model, Outcome, Findings]:
    model = read_model(text)
    backend = OptimizationBackend(workers=1)
    try:
        outcome = await backend.run(model, Limits(seconds=20))
    finally:
        await backend.aclose()
    return model, outcome, Findings.from_json(outcome.evidence[FINDINGS])


def states(checks: tuple[Check, ...]) -> dict[str, CheckState]:
    return {check.name: check.state for check in checks}


async def test_a_right_model_of_the_text_passes_every_check() -> None:
    model, outcome, _ = await solved(MODEL)
    checks = run_model_checks(PROBLEM, model, outcome)
    assert not [check for check in checks if check.state is CheckState.FAILED]
    found = states(checks)
    for name in ("feasibility", "objective value", "agreement", "numbers", "constants",
                 "objective direction", "inequality directions", "whole numbers",
                 "decision"):  # fmt: skip
        assert found[name] is CheckState.PASSED, name


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("var x >= 0\nminimize 3 * x\n", CheckState.FAILED),
        ("var x >= 0\nminimize 3 * x\na: x >= 2\n", CheckState.PASSED),
        ("var x >= 0\nmaximize 3 * x\n", CheckState.NOT_APPLICABLE),
    ],
)
async def test_to_do_nothing_at_all_is_no_decision(text: str, state: CheckState) -> None:
    model, outcome, _ = await solved(text)
    assert states(run_model_checks(PROBLEM, model, outcome))["decision"] is state


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("var x >= 0 <= 4\nmaximize 3 * x\nc: 3 <= 5\n", CheckState.FAILED),
        ("var x >= 0 <= 4\nmaximize 3\nc: x <= 3\n", CheckState.FAILED),
        ("var x >= 0 <= 4\nmaximize 3 * x\nc: x <= 3\n", CheckState.PASSED),
    ],
)
async def test_what_depends_on_nothing_that_is_decided_is_seen(
    text: str, state: CheckState
) -> None:
    model, outcome, _ = await solved(text)
    assert states(run_model_checks(PROBLEM, model, outcome))["dependence"] is state


@pytest.mark.parametrize(
    ("asked", "state"),
    [
        ("Bake rolls and buns.", CheckState.FAILED),
        ("What is the best plan?", CheckState.NOT_APPLICABLE),
        ("Earn as much money as possible.", CheckState.PASSED),
    ],
)
def test_a_text_without_a_goal_is_told(asked: str, state: CheckState) -> None:
    text = f"A roll takes 2 minutes and a bun 3. There are 60 minutes. {asked}"
    model = read_model("var rolls integer >= 0\nvar buns integer >= 0\n"
                       "maximize rolls + buns\nc: 2*rolls + 3*buns <= 60\n")  # fmt: skip
    problem = Problem("p", text, Kind.OPTIMIZATION)
    assert states(text_checks(problem, model))["objective direction"] is state


@pytest.mark.parametrize(
    ("change", "name"),
    [
        (("0.3", "0.4"), "numbers"),
        (("0.3", "0.4"), "constants"),
        (("maximize", "minimize"), "objective direction"),
        (("<= 20", ">= 20"), "inequality directions"),
        (("var boats integer", "var boats continuous"), "whole numbers"),
    ],
)
def test_what_differs_from_the_text_is_seen(change: tuple[str, str], name: str) -> None:
    model = read_model(MODEL.replace(*change))
    assert states(text_checks(PROBLEM, model))[name] is CheckState.FAILED


UNITS = Problem(
    "u",
    "A small boat takes 14 minutes and burns 9 litres, a large one 35 minutes and 40 litres. There "
    "are 600 litres and 800 minutes, or 5 hours of night. Maximize boats. 9 boats are old.",
    Kind.OPTIMIZATION,
)


@pytest.mark.parametrize(
    ("row", "state"),
    [
        ("14 * small + 35 * large <= 800", CheckState.PASSED),
        ("14 * small + 40 * large <= 800", CheckState.FAILED),  # litres among minutes
        ("14 * small + 35 * large <= 600", CheckState.FAILED),
        ("14 * small + 35 * large <= 5", CheckState.FAILED),  # minutes and hours
        ("9 * small + 40 * large <= 600", CheckState.PASSED),  # 9 is also a number of boats
        ("9 * small <= 800", CheckState.NOT_APPLICABLE),
        ("small + large <= 600", CheckState.NOT_APPLICABLE),
        ("small <= 2 * large", CheckState.NOT_APPLICABLE),
    ],
)
def test_what_is_compared_is_measured_alike(row: str, state: CheckState) -> None:
    model = read_model(f"var small >= 0\nvar large >= 0\nmaximize small + large\nc: {row}")
    assert states(text_checks(UNITS, model))["units"] is state


@pytest.mark.parametrize(
    ("claim", "sentence", "state"),
    [
        ("canoes >= 0.3 * (boats + canoes)", "At least 30% of the trips are by canoe.", "passed"),
        ("canoes >= 0.3 * boats", "At least 30% of the trips are by canoe.", "failed"),
        ("canoes >= 0.3 * boats", "At least 30% of all boats and canoes are canoes.", "failed"),
        ("canoes >= 0.3 * boats", "Canoes are at least 30% of the boats.", "not applicable"),
        ("canoes >= 0.3 * boats", "At least 30% of the number of boats.", "not applicable"),
        ("0.7 * canoes - 0.3 * boats >= 0", "At least 30 percent of trips are by canoe.", "passed"),
        ("canoes >= 12", "At least 30% of the 40 trips are by canoe.", "not applicable"),
        ("2 * canoes >= 0.3 * (2 * canoes + boats)", "30% of the total weight.", "not applicable"),
        ("canoes >= 2 * boats", "Twice as many canoes, 30% of the total.", "not applicable"),
        ("canoes >= 0.5 * (boats + canoes)", "At least 50% of the total are canoes.", "passed"),
        ("canoes >= 0.5 * boats", "At least 50% of the total are canoes.", "failed"),
    ],
)
def test_a_share_of_a_total_is_taken_of_the_total(claim: str, sentence: str, state: str) -> None:
    text = f'var boats >= 0\nvar canoes >= 0\nmaximize boats\nc @1: {claim} "{sentence}"'
    [check] = [item for item in text_checks(PROBLEM, read_model(text)) if item.name == "shares"]
    assert check.state.value == state


SLEDS = Problem(
    "sleds",
    "Snowmobiles can carry 150 packages while sleds can carry 125 packages. A sled takes 2 people "
    "and 3 dogs. At least 1000 packages must be carried. Use at most 2 snowmobiles.",
)


@pytest.mark.parametrize(
    ("row", "state"),
    [
        ("150 * snowmobiles + 125 * sleds >= 1000", "passed"),
        ("125 * snowmobiles + 150 * sleds >= 1000", "failed"),
        ("3 * snowmobiles <= 30", "failed"),
        ("2 * snowmobiles + 2 * sleds <= 30", "passed"),  # 2 is said of both
        ("snowmobiles + sleds >= 1000", "not applicable"),
        ("(5 - 2) * snowmobiles <= 30", "not applicable"),  # 3 was not written
    ],
)
def test_a_number_multiplies_what_it_is_said_of(row: str, state: str) -> None:
    variables = "var snowmobiles integer >= 0\nvar sleds integer >= 0\n"
    model = read_model(f"{variables}minimize sleds + snowmobiles\nc: {row}")
    found = {item.name: item for item in text_checks(SLEDS, model)}
    assert found["attribution"].state.value == state
    if state == "failed":
        assert "is said of sleds, not of snowmobiles" in found["attribution"].detail


@pytest.mark.parametrize(
    ("claim", "sentence", "state"),
    [
        ("boats >= 41", "More than 40 trips must be by boat.", "passed"),
        ("boats > 40", "More than 40 trips must be by boat.", "passed"),
        ("boats >= 40", "More than 40 trips must be by boat.", "undecided"),
        ("boats + 2 * canoes <= 40", "Fewer than 40 boxes can be carried.", "undecided"),
        ("boats + canoes < 1200", "There are less than 1,200 trips.", "passed"),
        ("boats >= 40", "At least 40 trips must be by boat.", "not applicable"),
        ("boats <= 40", "No more than 40 trips can be by boat.", "not applicable"),
        ("boats <= 40", "The trips by boat cannot be more than 40.", "not applicable"),
        ("boats <= 40", "They cannot make more than 40 trips by boat.", "not applicable"),
        ("boats >= 40", "The trips by boat must be more than 40.", "undecided"),
        ("litres >= 40", "There must be more than 40 litres.", "not applicable"),
        ("1.5 * boats >= 40", "More than 40 ducks must be moved.", "not applicable"),
    ],
)
def test_more_than_a_whole_number_leaves_it_out(claim: str, sentence: str, state: str) -> None:
    text = (
        "var boats integer >= 0\nvar canoes integer >= 0\nvar litres >= 0\n"
        f'maximize boats + canoes + litres\nc @1: {claim} "{sentence}"'
    )
    found = {item.name: item for item in text_checks(PROBLEM, read_model(text))}
    assert found["strict limits"].state.value == state


def test_a_share_of_a_variable_that_is_a_total_is_not_judged() -> None:
    text = (
        "var total_trips >= 0\nvar canoes >= 0\nmaximize canoes\n"
        'c @1: canoes >= 0.3 * total_trips "At least 30% of the total trips are by canoe."'
    )
    assert states(text_checks(PROBLEM, read_model(text)))["shares"] is CheckState.NOT_APPLICABLE


def test_numbers_of_a_table_measure_what_the_table_says() -> None:
    problem = Problem(
        "t",
        "There are 1800 minutes of painting and 30 hours of sun.\n"
        "| Toy | Painting (minutes) |\n|--|--|\n| Train | 15 |\n| Doll | 30 |",
        Kind.OPTIMIZATION,
    )
    model = read_model("var t >= 0\nvar d >= 0\nmaximize t\nc: 15 * t + 30 * d <= 1800")
    assert states(text_checks(problem, model))["units"] is CheckState.NOT_APPLICABLE


def test_numbers_of_a_table_are_given_and_others_are_not() -> None:
    problem = Problem(
        "t",
        "Mix 5 kg at least cost.\n| Grain | Price |\n|--|--|\n| Oats | 0.3 |\n| Peas | 2 |",
        Kind.OPTIMIZATION,
    )
    text = "var oats >= 0\nvar peas >= 0\nminimize 0.3 * oats + 2 * peas\nc: oats + peas = 5"
    for written, state in (
        (text, CheckState.PASSED),
        (text.replace("0.3", "0.4"), CheckState.FAILED),
    ):
        assert states(text_checks(problem, read_model(written)))["constants"] is state


def test_a_sentence_left_out_is_told() -> None:
    model = read_model("\n".join(MODEL.split("\n")[:4]))
    [check] = [item for item in text_checks(PROBLEM, model) if item.name == "sentences"]
    assert check.state is CheckState.UNDECIDED
    assert "sentence 4" in check.detail


async def test_certificates_that_were_tampered_with_fail() -> None:
    model, _, found = await solved(LINEAR)
    instance = model.instance
    assert states(certificate_checks(instance, found))["proof"] is CheckState.PASSED
    beyond = replace(found, values=(found.values[0] + Fraction(1, 10**9), *found.values[1:]))
    assert states(certificate_checks(instance, beyond))["feasibility"] is CheckState.FAILED
    better = replace(found, objective=(found.objective or 0) + Fraction(1, 10**9))
    assert states(certificate_checks(instance, better))["objective value"] is CheckState.FAILED
    weaker = replace(found, multipliers=(Fraction(4), Fraction(0)))
    assert states(certificate_checks(instance, weaker))["proof"] is CheckState.FAILED


async def test_two_solvers_that_disagree_are_a_failed_check() -> None:
    model, _, found = await solved(MODEL)
    other = replace(found, second=SecondOpinion("another", Ending.OPTIMAL, 71.0))
    assert states(certificate_checks(model.instance, other))["agreement"] is CheckState.FAILED
    other = replace(found, second=SecondOpinion("another", Ending.INFEASIBLE))
    assert states(certificate_checks(model.instance, other))["agreement"] is CheckState.FAILED
    other = replace(found, second=SecondOpinion("another", Ending.LIMIT))
    assert states(certificate_checks(model.instance, other))["agreement"] is CheckState.UNDECIDED


async def test_what_the_checks_refute_is_no_answer() -> None:
    model, outcome, found = await solved(MODEL)
    good = certificate_checks(model.instance, found)
    assert settle(outcome, good) is outcome
    other = replace(found, second=SecondOpinion("another", Ending.OPTIMAL, 71.0))
    settled = settle(outcome, certificate_checks(model.instance, other))
    assert settled.status is Status.FAILED
    assert settled.answer is None
    assert "another" in settled.evidence["error"]
    assert settled.evidence[FINDINGS] == outcome.evidence[FINDINGS], "what was found can be seen"
    wrong_text = text_checks(PROBLEM, read_model(MODEL.replace("maximize", "minimize")))
    assert settle(outcome, wrong_text) is outcome, "a model of the wrong thing is still solved"


async def test_numbers_too_far_apart_are_told() -> None:
    text = "var x >= 0\nmaximize x\na: 1000000000 * x <= 5\nb: 0.01 * x <= 1\n"
    model, _, found = await solved(text)
    assert states(certificate_checks(model.instance, found))["scaling"] is CheckState.FAILED


async def test_why_there_is_no_optimum_is_said_in_the_sentences() -> None:
    _, outcome, found = await solved(MODEL + 'more @6: boats >= 21 "At least 21 boats."\n')
    assert found.conflict == ("most", "more")
    assert "At least 21 boats." in outcome.evidence["reason"]
    model, outcome, found = await solved("var x >= 0\nvar y >= 0\nmaximize x\na: x <= y + 3\n")
    assert "along x, y" in outcome.evidence["reason"]
    assert states(certificate_checks(model.instance, found))["proof"] is CheckState.PASSED


def test_nothing_is_checked_of_what_was_not_solved() -> None:
    from neurosym.status import Status

    model = read_model(LINEAR)
    assert run_model_checks(PROBLEM, model, Outcome(Status.FAILED)) == ()
