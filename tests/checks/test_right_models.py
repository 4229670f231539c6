"""Right models that say something else than the text word by word: no check fails on them."""

from __future__ import annotations

import pytest

from neurosym.candidate import CheckState
from neurosym.checks.model_text import text_checks
from neurosym.formal.optimization.language.reader import read_model
from neurosym.problem import Kind, Problem

HEAD = "var chairs integer >= 0\nvar tables integer >= 0\n"


def failures(text: str, model: str) -> dict[str, str]:
    checks = text_checks(Problem("r", text, Kind.OPTIMIZATION), read_model(model))
    return {item.name: item.detail for item in checks if item.state is CheckState.FAILED}


def state(text: str, model: str, name: str) -> str:
    checks = text_checks(Problem("r", text, Kind.OPTIMIZATION), read_model(model))
    [found] = [item.state.value for item in checks if item.name == name]
    return found


@pytest.mark.parametrize(
    ("text", "model"),
    [
        (
            "A chair takes half a dozen screws, a table two dozen. There are 600. Maximize items.",
            f"{HEAD}maximize chairs + tables\n6 * chairs + 24 * tables <= 600",
        ),
        (
            "At least 30 per cent of the items must be chairs. Make 50 items at least cost. A "
            "chair costs $5 and a table costs $9.",
            f"{HEAD}minimize 5 * chairs + 9 * tables\nchairs >= 0.3 * (chairs + tables)\n"
            "chairs + tables = 50",
        ),
        (
            "Make more than 10 chairs and fewer than 30 tables. Minimize the sum.",
            f"{HEAD}minimize chairs + tables\nchairs >= 11\ntables <= 29",
        ),
        (
            "A chair sells for $9 and costs $2 to make. A table sells for $17 and costs $3 to "
            "make. At most 40 items fit. Maximize the profit.",
            f"{HEAD}maximize 7 * chairs + 14 * tables\nchairs + tables <= 40",
        ),
        (
            "The mill works 8 hours a day for 5 days a week with 6 machines. A chair takes 3 hours "
            "and a table takes 7. Maximize the items.",
            f"{HEAD}maximize chairs + tables\n3 * chairs + 7 * tables <= 240",
        ),
        (
            "A Model 3000 earns $90, a Model 500 earns $30. Make at most 20. Maximize.",
            "var model_3000 integer >= 0\nvar model_500 integer >= 0\n"
            "maximize 90 * model_3000 + 30 * model_500\nmodel_3000 + model_500 <= 20",
        ),
        (
            "The number of acres of wheat must be at most 20. How many tons of corn should be "
            "made? Maximize what is left.",
            "var wheat >= 0\nvar corn >= 0\nmaximize wheat + corn\nwheat <= 20",
        ),
        (
            "Each x costs 5 for the first 10 and 2 beyond. A y costs 4. Buy 30. Minimize the cost.",
            "var x integer >= 0 <= 20\nvar y integer >= 0\n"
            "minimize piecewise(x, (0, 0), (10, 50), (20, 70)) + 4 * y\nx + y >= 30",
        ),
    ],
)
def test_a_right_model_in_other_words_fails_no_check(text: str, model: str) -> None:
    assert failures(text, named(model)) == {}


def named(model: str) -> str:
    """Each constraint with a name, and each a line."""
    lines = model.split("\n")
    return "\n".join(
        line if line.startswith(("var", "max", "min")) else f"c{number}: {line}"
        for number, line in enumerate(lines)
    )


def test_a_number_that_nothing_makes_is_still_strange() -> None:
    text = "A chair sells for $9 and costs $2. A table earns $4. At most 40 items fit. Maximize."
    model = f"{HEAD}maximize 7 * chairs + 4 * tables\nc: chairs + tables <= 40"
    assert failures(text, model) == {}
    assert state(text, model, "constants") == "undecided"
    assert state(text, model, "numbers") == "undecided"
    wrong = model.replace("7", "8")
    assert failures(text, wrong) == {
        "constants": "not in the text: 8",
        "numbers": "not used: $9, $2",
    }


@pytest.mark.parametrize(
    ("text", "number", "expected"),
    [
        ("Make more than 10 chairs.", 11, "passed"),
        ("Make more than 10 chairs.", 9, "failed"),
        ("They cannot make more than 10 chairs.", 11, "failed"),
        ("Make at least 10 chairs.", 11, "failed"),
    ],
)
def test_a_strict_limit_is_one_off_on_its_own_side(text: str, number: int, expected: str) -> None:
    assert state(text, f"{HEAD}minimize chairs\nc: chairs >= {number}", "constants") == expected


@pytest.mark.parametrize(
    "points", ["(0, 0), (13, 65), (20, 79)", "(0, 0), (10, 60), (20, 80)"]
)  # where it bends, how steep it is
def test_the_points_of_a_curve_are_of_the_text(points: str) -> None:
    text = "Each x costs 5 for the first 10 and 2 beyond. Buy 15. Minimize the cost."
    model = f"var x integer >= 0 <= 20\nminimize piecewise(x, {points})\nc: x >= 15"
    assert state(text, model, "constants") == "failed"


@pytest.mark.parametrize(
    ("question", "domain", "expected"),
    [
        ("How many trips of each should there be?", "continuous", "failed"),
        ("How many of each should there be?", "continuous", "failed"),
        ("How many trips of each should there be?", "integer", "passed"),
        ("How many acres of each should there be?", "continuous", "not applicable"),
        ("How many units of each should there be?", "continuous", "not applicable"),
        ("How many barrels of each should there be?", "continuous", "not applicable"),
        ("How many vans should there be?", "continuous", "failed"),
    ],
)
def test_what_is_counted_is_whole_and_what_is_measured_need_not_be(
    question: str, domain: str, expected: str
) -> None:
    model = f"var vans {domain} >= 0\nvar bikes {domain} >= 0\nmaximize vans + bikes"
    assert state(question, model, "whole numbers") == expected


@pytest.mark.parametrize(
    ("claims", "expected"),
    [
        (["chairs = 7"], "not applicable"),
        (["chairs <= 7"], "undecided"),
        (["chairs <= 7", "chairs >= 7"], "not applicable"),
        (["3 * chairs <= 9"], "not applicable"),
    ],
)
def test_one_limit_for_what_is_exact_is_for_a_person_to_look_at(
    claims: list[str], expected: str
) -> None:
    said = "Exactly 7 chairs are made."
    model = "\n".join(f'c{n} @1: {claim} "{said}"' for n, claim in enumerate(claims))
    found = state(said, f"{HEAD}maximize chairs + tables\n{model}", "inequality directions")
    assert found == expected
