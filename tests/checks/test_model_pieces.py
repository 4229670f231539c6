"""Checks of models whose objective has pieces, which need rows that no constraint states."""

from __future__ import annotations

from neurosym.candidate import CheckState
from neurosym.checks.model_parts import stated_rows
from neurosym.checks.model_text import text_checks
from neurosym.formal.optimization.language.reader import read_model
from neurosym.problem import Kind, Problem

PIECES = "var x >= 0 <= 30\nvar z >= 0 <= 5\nminimize piecewise(x, (0, 0), (10, 50), (30, 110)) + z"


def test_rows_of_the_objective_are_of_no_constraint() -> None:
    model = read_model(f"{PIECES}\nc: x + z >= 20")
    assert model.instance.rows > 1
    assert [item.name for _, item in stated_rows(model)] == ["c"]


def test_checks_of_the_text_pass_over_them() -> None:
    text = "The first 10 cost 50 in all, all 30 cost 110. How many at least cost?"
    for model in (read_model(PIECES), read_model(f"{PIECES}\nc: x + z >= 20")):
        checks = text_checks(Problem("p", text, Kind.OPTIMIZATION), model)
        assert checks
        assert all(isinstance(item.state, CheckState) for item in checks)
