"""Kinds of constraints are read off their algebra."""

from __future__ import annotations

import pytest

from neurosym.formal.optimization.kinds import KINDS, ConstraintKind, kinds_of
from neurosym.formal.optimization.language.reader import read_model

START = """var x integer >= 0 <= 50
var y integer >= 0 <= 50
var cost >= 0
var a binary
var b binary
var c binary
var open binary
set P = p1, p2
var make{p in P} >= 0
minimize cost
"""


@pytest.mark.parametrize("kind", ConstraintKind)
def test_the_template_of_a_kind_is_of_that_kind(kind: ConstraintKind) -> None:
    model = read_model(f"{START}it: {KINDS[kind].template}\n")
    assert kinds_of(model) == (kind,)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("5 <= x", ConstraintKind.LOWER_BOUND),
        ("-x >= -5", ConstraintKind.UPPER_BOUND),
        ("2 * x + 2 * y <= 40", ConstraintKind.SUM),
        ("x - y = 0", ConstraintKind.X_Y),
        ("3 * x <= y", ConstraintKind.X_BY),
        ("y <= 0.25 * (x + y)", ConstraintKind.RATIO),
        ("2 * x >= 0.8 * (x + y)", ConstraintKind.RATIO),
        ("0.8 * (x + y + cost) <= 2 * y", ConstraintKind.RATIO),
        ("x + y <= 2.5 * x", ConstraintKind.RATIO),
        ("(x + y) / 5 <= x / 2", ConstraintKind.RATIO),
        ("2 * make[p1] >= 0.8 * sum{p in P} make[p]", ConstraintKind.RATIO),
        ("2 * x >= 0.8 * (x + 3 * y)", ConstraintKind.X_BY),
        ("x - y >= x + y", ConstraintKind.UPPER_BOUND),
        ("2 * cost >= 0.8 * (x + y)", ConstraintKind.LINEAR),
        ("x + 2 * y >= 3 * cost", ConstraintKind.LINEAR),
        ("at_most 1 of (a = 1, b = 1)", ConstraintKind.MUTUALLY_EXCLUSIVE),
        ("exactly 2 of (a = 1, b = 1, c = 1)", ConstraintKind.EXACTLY_K),
        ("x != y", ConstraintKind.EITHER_OR),
        ("exp(x) <= 100", ConstraintKind.NONLINEAR),
    ],
)
def test_the_same_said_otherwise_is_of_the_same_kind(text: str, kind: ConstraintKind) -> None:
    assert kinds_of(read_model(f"{START}it: {text}\n")) == (kind,)


def test_every_kind_says_what_it_is_and_what_calls_for_it() -> None:
    assert set(KINDS) == set(ConstraintKind)
    for info in KINDS.values():
        assert info.definition
        assert info.cues
