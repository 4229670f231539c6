"""Models moved off their edges: nothing better is lost, and there is no edge any more."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from neurosym.formal.optimization.certificates import objective_value, violations
from neurosym.formal.optimization.domains import edge_of_domain
from neurosym.formal.optimization.instance import Instance
from neurosym.formal.optimization.language.reader import read_model
from neurosym.formal.optimization.model import Sense
from neurosym.formal.optimization.relaxing import moved_off_edges
from neurosym.formal.optimization.telling import expression_text

BOX = "var x >= 0 <= 5\nvar y >= 0 <= 5\nvar z >= -2 <= 2\nvar n integer >= -1 <= 5\n"


ENTROPY = "(x + 0.000001) * log(x + 0.000001) - 0.000001 * log(x + 0.000001)"


def moved(text: str) -> Instance | None:
    return moved_off_edges(read_model(BOX + text).instance)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("maximize 2*log(x) + log(y + x)", "2 * log(x + 0.000001) + log(y + x + 0.000001)"),
        ("maximize z - log(5 - x)*(x - 9)", "z - (x - 9) * log(-x + 5 + 0.000001)"),
        ("maximize log(z)", "log(z + 0.000001)"),
        ("minimize 3/x + x/(x - 5)", None),
        ("minimize 3/x - x/(x - 5)", "3 / (x + 0.000001) - x / (x - 5 - 0.000001)"),
        ("minimize x^(-2)", "(x + 0.000001) ^ (-2)"),
        ("maximize exp(min(log(x), y))", "exp(min(log(x + 0.000001), y))"),
        ("minimize exp(1/x)", None),
        ("minimize (1/x)/(y + 1)", "1 / (x + 0.000001) / (y + 1)"),
        ("maximize log(n)", "log(n + 0.000001)"),
        ("maximize x*log(x)", f"{ENTROPY}"),
        ("minimize y*x*log(x)", f"y * ({ENTROPY} - 0.000001)"),
        ("maximize x^2*log(x)", f"x * ({ENTROPY})"),
        ("maximize -x*log(x/3)", f"-3 * ({ENTROPY} - 0.000001)".replace("x", "(1/3) * x")),
        ("minimize (1 - y)*log(1 - y)", None),
        ("minimize z*x*log(x)", None),
        ("minimize log(x)", None),
        ("maximize 1/x", None),
        ("minimize 1/z", None),
        ("maximize log(x)*log(y)", None),
        ("maximize log(x)*z", None),
        ("maximize log(x + z)", None),
        ("maximize log(log(x))", None),
        ("maximize log(x)^2", None),
    ],
)
def test_where_it_is_moved_to(text: str, shown: str | None) -> None:
    found = moved(text)
    if shown is None:
        assert found is None
    else:
        assert found is not None
        assert found.nonlinear_cost is not None
        assert expression_text(found.nonlinear_cost, found.column_names) == shown
        assert edge_of_domain(found) == ""


def test_rows_become_wider() -> None:
    found = moved("minimize x*y\nc: log(x) >= 1\nd: 1/y <= 3\ne: x*y <= 4\nf: z - log(x) <= 2")
    assert found is not None
    shown = [expression_text(row.expression, found.column_names) for row in found.nonlinear]
    assert shown[0] == "1 - log(x + 0.000001)"
    assert shown[1] == "1 / (y + 0.000001) - 3"
    assert moved("minimize x*y\nc: log(x) <= 1") is None
    assert moved("minimize x*y\nc: log(x) = 1") is None


# ------------------------------------------------------------------- nothing is lost


@st.composite
def sums(draw: DrawFn) -> str:
    inside = st.sampled_from(["x", "y", "x + y", "2*x", "5 - x", "x*y", "z", "n", "x - 5", "x + 1"])
    poles = ["log({})", "1/({})", "({})^(-1.5)", "x/({})", "exp(-1/({}))", "min(log({}), y)"]
    terms = []
    for _ in range(draw(st.integers(1, 3))):
        term = draw(st.sampled_from([*poles, "{}*y", "x*log(x) + {}"])).format(draw(inside))
        factor = draw(st.sampled_from(["2", "-1", "x", "y", "(x - 6)", "z"]))
        terms.append(f"{factor}*({term})")
    return " + ".join(terms)


@settings(max_examples=100, deadline=None)
@given(sums(), st.data())
def test_no_point_is_lost_and_none_is_worse(text: str, data: st.DataObject) -> None:
    asked = [f"{sense} {text} + x*y" for sense in Sense]
    asked += [f"minimize x*y\nc: {text} {sign} 1" for sign in ("<=", ">=")]
    pairs = [(read_model(BOX + one).instance, moved(one)) for one in asked]
    near = st.sampled_from([Fraction(0), Fraction(1, 10**9), Fraction(1, 10**5), Fraction(1, 2)])
    for _ in range(8):
        x, y = (abs(data.draw(st.sampled_from([0, 2, 5])) - data.draw(near)) for _ in range(2))
        z, n = data.draw(near) - data.draw(near), Fraction(data.draw(st.integers(-1, 5)))
        for instance, found in pairs:
            if found is not None:
                assert_no_worse(instance, found, [x, y, z, n])


def assert_no_worse(instance: Instance, found: Instance, point: list[Fraction]) -> None:
    try:
        value = objective_value(instance, point)
        is_allowed = next(violations(instance, point), None) is None
    except (ValueError, ArithmeticError):
        return
    if is_allowed:
        assert next(violations(found, point), None) is None
        change = objective_value(found, point) - value
        better = change if instance.sense is Sense.MAXIMIZE else -change
        assert better >= -abs(value) / 10**12


def test_what_is_not_an_edge_stays_as_it_is() -> None:
    instance = read_model(BOX + "maximize log(x) + exp(y)\nc: x*y <= 3\nd: x + y <= 4").instance
    found = moved_off_edges(instance)
    assert found is not None
    assert found.nonlinear == instance.nonlinear
    assert found.rows == instance.rows
