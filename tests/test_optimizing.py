"""Models that people bring, from Python."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from neurosym import NeurosymError, SolvedModel, Status, load_model, read_model, solve_model
from neurosym.candidate import Outcome
from neurosym.errors import InputError, OptionError

DUCKS = """var boats integer >= 0 <= 12 "boat trips"
var canoes integer >= 0 "canoe trips"
maximize ducks: 10*boats + 8*canoes unit "ducks"
time @2: 20*boats + 40*canoes <= 480 "There are 480 minutes."
share: canoes >= 0.6*(boats + canoes)
"""


def test_a_model_is_solved_and_checked_in_a_call() -> None:
    solved = solve_model(read_model(DUCKS))
    assert solved.status is Status.SOLVED
    assert solved.objective == 132
    assert solved.values == {"boats": 6, "canoes": 9}
    assert {item.name for item in solved.checks} >= {"feasibility", "agreement", "proof"}
    assert solved.reason == ""
    shown = solved._repr_html_()
    for part in ("132 (solved)", "boat trips", "There are 480 minutes.", "feasibility"):
        assert part in shown


def test_it_is_solved_where_a_loop_is_running_as_in_a_notebook() -> None:
    async def cell() -> SolvedModel:
        return solve_model(read_model("var x >= 0 <= 7/2\nmaximize x"))

    assert asyncio.run(cell()).objective == Fraction(7, 2)


def test_why_there_is_no_optimum_is_told() -> None:
    solved = solve_model(read_model("var x >= 0\nmaximize x\nlow: x <= 1\nhigh: x >= 2"))
    assert solved.status is Status.INFEASIBLE
    assert solved.objective is None
    assert solved.values == {}
    assert "low" in solved.reason
    assert "cannot hold together" in solved._repr_html_()


def solved_as(status: Status, *, values: bool = True) -> SolvedModel:
    """What a solver might say of a model, with values at which it stands, or none."""
    known = solve_model(read_model("var x >= 0 <= 7\nmaximize gain: 2 x"))
    found = known.found if values else replace(known.found, values=(), objective=None)
    outcome = Outcome(status, answer=14 if status is Status.SOLVED else None)
    return replace(known, outcome=outcome, found=found)


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (Status.SOLVED, "optimum"), (Status.TIMEOUT, "best found"), (Status.UNBOUNDED, "a point"),
        (Status.UNKNOWN, "a point"),
    ],
)  # fmt: skip
def test_values_are_called_what_they_are(status: Status, said: str) -> None:
    solved = solved_as(status)
    assert (solved.values, solved.values_are) == ({"x": 7}, said)
    assert (f"no optimum; {said}" in solved._repr_html_()) == (said != "optimum")


def test_there_are_no_values_where_the_checks_let_none_stand() -> None:
    for solved in (solved_as(Status.FAILED), solved_as(Status.INFEASIBLE, values=False)):
        assert (solved.values, solved.values_are, solved.objective) == ({}, "", None)
        assert ">decision<" not in solved._repr_html_()


def test_files_of_each_format_are_read_by_their_names(tmp_path: Path) -> None:
    from neurosym.formal.optimization.formats.registry import ModelFormat, print_model_as

    model = read_model(DUCKS)
    for suffix, kind in (
        ("opt", ModelFormat.MODEL), ("lp", ModelFormat.LP), ("mps", ModelFormat.MPS),
        ("json", ModelFormat.JSON),
    ):  # fmt: skip
        path = tmp_path / f"ducks.{suffix}"
        path.write_text(print_model_as(model, kind))
        assert load_model(path).digest == model.digest
        assert load_model(str(path), kind).digest == model.digest


def test_what_cannot_be_read_or_solved_is_an_error_with_a_hint(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read") as caught:
        load_model(tmp_path / "nonesuch.lp")
    assert caught.value.hint
    binary = tmp_path / "model.lp"
    binary.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match="not UTF-8"):
        load_model(binary)
    with pytest.raises(OptionError, match="cannot solve this model"):
        solve_model(read_model("var x >= 0 <= 2\nmaximize x^2"), solver="highs")
    with pytest.raises(NeurosymError):
        solve_model(read_model("var x\nmaximize x\nc: if x >= 1 then x <= 4"))
