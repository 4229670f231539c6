"""Optima of convex models are found exactly and proved, and models without end are known."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest

from neurosym.backends.optimization import equations
from neurosym.backends.optimization.backend import OptimizationBackend
from neurosym.candidate import CheckState
from neurosym.status import Status
from tests.backends.optimization.settling import settled


@pytest.mark.parametrize(
    ("text", "optimum", "decision"),
    [
        # Between its bounds, at numbers that no floating-point number is.
        ("var x >= 0\nminimize 3*x^2 - 2*x", "-1/3", {"x": "1/3"}),
        # Free columns, held by a row alone.
        ("var x\nvar y\nminimize x^2 + y^2\nc: x + y >= 1", "1/2", {"x": "1/2", "y": "1/2"}),
        ("var x\nvar y\nmaximize 5 - x^2 - 2*y^2\nc: 3*x + y = 7", "-3/19", None),
        # Many decisions are as good: whatever x - y is.
        ("var x\nvar y\nminimize (3*x + 7*y)^2\nc: x + y >= 2\nd: x >= 5", "0", None),
        ("var x\nvar y\nminimize (3*x + 7*y - 1)^2 + x + y\nc: x + y >= 1/3", None, None),
        # A row that adds nothing, at the same place as another.
        ("var x\nvar y\nminimize x^2 + y^2\nc: x + y >= 1\nd: 2*x + 2*y >= 2", "1/2", None),
        # Where its multiplier is 0, a bound is touched without being needed.
        ("var x >= 0\nvar y >= 0\nminimize x^2 + y^2 + 4*y", "0", {"x": "0", "y": "0"}),
        ("var x >= 2 <= 2\nvar y\nminimize (x - y)^2 + y", "7/4", {"x": "2", "y": "3/2"}),
        # HiGHS fails on it for what it adds to the squares, and SCIP does not end.
        ("var x\nvar y\nminimize x - 3*y + 1/2*(2*x + 3*y)^2\n"
         "c: 3*x + 4*y >= -1\nd: 5*y - 2*x >= 10", None, None),
    ],
)  # fmt: skip
def test_an_optimum_of_a_convex_model_is_exact(
    backend: OptimizationBackend, text: str, optimum: str | None, decision: dict[str, str] | None
) -> None:
    outcome, model, found, checks = settled(backend, text)
    assert outcome.status is Status.SOLVED
    assert found.is_exact
    assert checks["proof"].state is checks["feasibility"].state is CheckState.PASSED
    assert checks["agreement"].state is CheckState.NOT_APPLICABLE, "none is needed"
    if optimum is not None:
        assert outcome.answer == Fraction(optimum)
    if decision is not None:
        assert found.decision(model.instance) == {k: Fraction(v) for k, v in decision.items()}


@pytest.mark.parametrize(
    "text",
    [
        # HiGHS fails on it, and SCIP stops at 0.
        "var x\nvar y\nminimize (x + y)^2 - x + y\nc: x + y >= 2",
        "var x\nvar y\nmaximize 3*x - 3*y - (x + y)^2",
        "var x >= 0\nvar y >= 0\nminimize (x - y)^2 - x",
        "var x\nvar y\nvar z\nminimize (x - 2*y)^2 + z\nc: z >= x",
    ],
)
def test_that_a_convex_model_has_no_end_is_proved(backend: OptimizationBackend, text: str) -> None:
    outcome, _, found, checks = settled(backend, text)
    assert outcome.status is Status.UNBOUNDED
    assert found.direction
    assert checks["proof"].state is CheckState.PASSED
    assert checks["feasibility"].state is CheckState.PASSED


def squares(chance: random.Random) -> str:
    """A sum of squares and a linear part, whose optimum is wherever it may be."""
    count = chance.randint(1, 5)
    kinds = ["", " >= 0", f" >= -1 <= {chance.randint(2, 9)}"]
    names = [f"x{k}" for k in range(count)]

    def row(size: int) -> str:
        numbers = [chance.randint(-size, size) or 1 for _ in names]
        return " + ".join(f"({v})*{name}" for v, name in zip(numbers, names, strict=True))

    lines = [f"var {name}{chance.choice(kinds)}" for name in names]
    parts = [f"({row(3)} - {chance.randint(0, 9)})^2" for _ in range(chance.randint(1, count))]
    lines.append("minimize " + " + ".join([*parts, row(9)]))
    return "\n".join(
        lines
        + [
            f"c{k}: {row(5)} {chance.choice(['<=', '>=', '='])} {chance.randint(-9, 9)}"
            for k in range(chance.randint(0, 4))
        ]
    )


@pytest.mark.parametrize("seed", range(60))
def test_whatever_is_said_of_a_sum_of_squares_is_proved(
    backend: OptimizationBackend, seed: int
) -> None:
    outcome, _, found, checks = settled(backend, squares(random.Random(seed)))
    assert outcome.status in {Status.SOLVED, Status.INFEASIBLE, Status.UNBOUNDED}
    assert checks["proof"].state is CheckState.PASSED
    assert found.is_exact or outcome.status is not Status.SOLVED


def test_a_rounded_decision_is_no_proof(
    backend: OptimizationBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is too large to be solved in fractions stays undecided, within what is proved of it."""
    monkeypatch.setattr(equations, "MAX_KERNEL", 1)
    text = (
        "var x >= 0\nvar y >= 0\nvar z >= 0\n"
        "minimize 3.17*x^2 + 7.013*y^2 + 1.9*z^2\nb: x + y + z = 1"
    )
    outcome, _, found, checks = settled(backend, text)
    assert outcome.status is Status.SOLVED
    assert outcome.answer == pytest.approx(1 / (1 / 3.17 + 1 / 7.013 + 1 / 1.9))
    assert not found.is_exact
    assert checks["proof"].state is CheckState.UNDECIDED
    assert "nothing is better by more than" in checks["proof"].detail
