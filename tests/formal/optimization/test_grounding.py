"""Writing models out: columns and rows say what the model says."""

from __future__ import annotations

import math
import time
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from neurosym.errors import FormulationError
from neurosym.formal.optimization import grounding
from neurosym.formal.optimization.certificates import objective_value, value_of, violations
from neurosym.formal.optimization.instance import Instance
from neurosym.formal.optimization.language.reader import read_model
from neurosym.formal.optimization.model import Model
from neurosym.formal.optimization.plain import PlainRows
from tests.formal.optimization.brute_force import (
    column_point,
    constraint_truths,
    objective_at,
    variable_keys,
)
from tests.formal.optimization.strategies import Feature, models

LINEAR = frozenset({Feature.THIRDS, Feature.ODD_NAMES})
POLYNOMIAL = frozenset({Feature.PRODUCTS, Feature.EXACT_FUNCTIONS, Feature.THIRDS})


def row_truths(instance: Instance, x: list[Fraction]) -> dict[int, list[bool]]:
    """For each constraint by its number, whether its rows hold, in order; -1 is nonlinear ones."""
    found: dict[int, list[bool]] = {}
    for row in range(instance.rows):
        total = sum((value * x[column] for column, value in instance.entries(row)), Fraction(0))
        holds = bool(instance.row_lower[row] <= total <= instance.row_upper[row])
        found.setdefault(int(instance.row_origin[row]), []).append(holds)
    for item in instance.nonlinear:
        value = value_of(item.expression, x)
        found.setdefault(-1, []).append(bool(item.lower <= value <= item.upper))
    return found


def check_rows(model: Model, data: st.DataObject) -> None:
    instance = model.instance
    keys = variable_keys(model)
    assert instance.columns == len(keys), "nothing but the variables"
    for _ in range(3):
        whole = st.integers(-4, 6).map(Fraction)
        point = {key: data.draw(whole) for key in keys}
        x = column_point(model, point)
        assert objective_value(instance, x) == objective_at(model, point)
        truths = row_truths(instance, x)
        for number, wanted in enumerate(constraint_truths(model, point)):
            if number in truths:
                assert truths[number] == wanted
            else:
                nonlinear = truths.get(-1, [])
                assert nonlinear[: len(wanted)] == wanted
                truths[-1] = nonlinear[len(wanted) :]


@settings(max_examples=120)
@given(models(LINEAR), st.data())
def test_linear_models_are_written_out_as_they_are_said(model: Model, data: st.DataObject) -> None:
    check_rows(model, data)
    assert not model.instance.nonlinear


@settings(max_examples=80)
@given(models(POLYNOMIAL), st.data())
def test_models_that_are_not_linear_are_written_out_as_they_are_said(
    model: Model, data: st.DataObject
) -> None:
    check_rows(model, data)


@settings(max_examples=80)
@given(models(LINEAR))
def test_bounds_and_names_are_those_of_the_variables(model: Model) -> None:
    instance = model.instance
    names = [
        f"{name}[{','.join(parts)}]" if parts else name for name, parts in variable_keys(model)
    ]
    assert list(instance.column_names) == names
    whole = {item.name: str(item.domain) != "continuous" for item in model.variables}
    assert instance.integer.tolist() == [whole[name] for name, _ in variable_keys(model)]
    assert instance.auxiliary in (-1, instance.columns)


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(model=models(frozenset({Feature.LOGIC, Feature.STRICT, Feature.PIECEWISE})))
def test_exact_and_floating_point_tables_agree(
    model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    # All numbers of these models are of halves and quarters, which floating-point ones hold.
    with monkeypatch.context() as patch:
        try:
            exact = grounding.ground(model)
        except FormulationError as error:
            patch.setattr(grounding, "MAX_EXACT", -1)
            with pytest.raises(FormulationError, match=str(error).split()[0]):
                grounding.ground(model)
            return
        assume(all(value.denominator <= 4 for value in exact.values.tolist()))
        patch.setattr(grounding, "MAX_EXACT", -1)
        floats = grounding.ground(model)
    assert exact.is_exact
    assert not floats.is_exact
    for name in ("cost", "values", "row_lower", "row_upper", "lower", "upper", "integer"):
        one, other = getattr(exact, name), getattr(floats, name)
        np.testing.assert_array_equal(one.astype(float), other.astype(float), err_msg=name)
    for name in ("starts", "indices", "row_origin", "column_names", "row_names", "notes"):
        assert list(getattr(exact, name)) == list(getattr(floats, name)), name
    assert (exact.sense, float(exact.offset)) == (floats.sense, float(floats.offset))


# ------------------------------------------------------------------- sets and conditions


def said(text: str) -> list[str]:
    """The rows of a model, as text."""
    instance = read_model(text).instance
    return [
        " + ".join(f"{value} {instance.column_names[column]}" for column, value in entries)
        for entries in map(instance.entries, range(instance.rows))
    ]


def test_rows_are_named_by_their_constraint_and_its_elements() -> None:
    instance = read_model(
        "set S = a, b\nset T = (a, b), (b, a)\nvar x{i in S}\nminimize 0\n"
        "each{i in S, (j, k) in T: i != j}: x[i] >= x[k]\nonce: x[a] >= 1"
    ).instance
    assert list(instance.row_names) == ["each[a,b,a]", "each[b,a,b]", "once"]
    assert instance.row_origin.tolist() == [0, 0, 1]
    assert list(instance.column_names) == ["x[a]", "x[b]"]


def test_the_order_of_elements_is_that_of_their_set() -> None:
    model = (
        "set Odd = Mar, Feb, Jan\nset Months = Jan, Feb, Mar\nvar x{m in Months}\nminimize 0\n"
        "c{m in Months, n in Months: m < n, n <= Mar}: x[m] <= 2 x[n]"
    )
    assert said(model) == [
        "1 x[Jan] + -2 x[Feb]",
        "1 x[Jan] + -2 x[Mar]",
        "1 x[Feb] + -2 x[Mar]",
    ], "another set has them the other way round"


def test_the_parts_of_tuples_have_the_order_of_the_set_they_are_from() -> None:
    model = (
        "set Arcs = (b, a), (a, c), (c, b)\nset Nodes = a, b, c\nvar x{i in Nodes}\nminimize 0\n"
        "up{(i, j) in Arcs: i < j}: x[i] <= 2 x[j]"
    )
    assert said(model) == ["1 x[a] + -2 x[c]"]


@pytest.mark.parametrize(
    ("condition", "kept"),
    [("t < 3", 2), ("t >= 2", 2), ("t < 10", 3), ("t > 0", 3), ("t > 2.5", 1), ("t < 0", 0)],
)
def test_elements_that_are_numbers_are_compared_with_any_number(condition: str, kept: int) -> None:
    text = f"set T = 1, 2, 3\nvar x{{t in T}}\nminimize 0\nc{{t in T: {condition}}}: x[t] >= 2"
    assert len(said(text)) == kept


def test_an_index_hides_a_parameter_of_the_same_name() -> None:
    text = "set T = 1, 2\nparam t = 50\nvar x{i in T}\nminimize sum{t in T} t * x[t] + t"
    instance = read_model(text).instance
    assert (instance.cost.tolist(), instance.offset) == ([1, 2], 50)


def test_conditions_leave_elements_out_that_have_no_place_elsewhere() -> None:
    text = (
        "set All = a, b, c\nset Some = a, c\nvar x{i in Some} >= 0\nminimize 0\n"
        "c{i in All: i != b}: x[i] <= 3"
    )
    assert said(text) == ["1 x[a]", "1 x[c]"]


def test_a_sum_without_elements_is_zero() -> None:
    text = (
        "set S = a\nvar x{i in S}\nminimize sum{i in S: i != a} x[i]\nc: sum{i in S: i != a} 5 <= 1"
    )
    instance = read_model(text).instance
    assert instance.cost.tolist() == [0]
    assert (instance.entries(0), instance.row_upper.tolist()) == ([], [1])


def test_entries_that_cancel_are_gone() -> None:
    instance = read_model("var x\nvar y\nminimize x - x\nc: 0.1 x + 0.2 x + y <= 0.3 x").instance
    assert instance.cost.tolist() == [0, 0]
    assert instance.entries(0) == [(1, 1)]


# ------------------------------------------------------------------- strict inequalities


@pytest.mark.parametrize(
    ("domain", "claim", "lower", "upper"),
    [
        ("integer", "x < 3", -math.inf, 2),
        ("integer", "x > 3", 4, math.inf),
        ("integer", "2 x < 5", -math.inf, 4),
        ("integer", "x < 2.5", -math.inf, 2),
        ("integer", "x / 3 < 1", -math.inf, Fraction(2, 3)),
        ("binary", "0.5 x < 0.5", -math.inf, 0),
        ("continuous", "x < 3", -math.inf, 3),
        ("continuous", "2 > x", -2, math.inf),
    ],
)
def test_strict_inequalities(
    domain: str, claim: str, lower: float, upper: float | Fraction
) -> None:
    instance = read_model(f"var x {domain}\nminimize x\nc: {claim}").instance
    assert (instance.row_lower.tolist(), instance.row_upper.tolist()) == ([lower], [upper])
    if domain == "continuous":
        [note] = instance.notes
        assert note.startswith("c: a strict inequality of continuous values is kept as one")
    else:
        assert not instance.notes


def test_a_strict_inequality_that_is_not_linear_is_noted() -> None:
    instance = read_model("var x\nminimize x\nc: x * x < 4").instance
    assert [(item.lower, item.upper) for item in instance.nonlinear] == [(-math.inf, 0)]
    assert len(instance.notes) == 1


# ------------------------------------------------------------------- limits


@pytest.mark.parametrize(
    ("statements", "message"),
    [
        ("param c{S} = a: 1\nvar x\nminimize x", "line 2: c has no value for b"),
        ("var x\nminimize x\n\nhalf: x / 0 >= 1", "line 5, half: a number is divided by zero"),
        ("var x\nminimize cost: x / 0", "line 3, cost: a number is divided by zero"),
        ("var x\nminimize x / 0", "objective: a number is divided by zero"),
        ("var x >= 1 / 0\nminimize x", "line 2, x: a number is divided by zero"),
        ("var x\nvar 'x y'\nminimize x\n'x y z': x / 0 >= 1", "line 5, x y z: a number is"),
    ],
)
def test_an_error_says_which_part_it_is_about(statements: str, message: str) -> None:
    model = read_model(f"set S = a, b\n{statements}")
    with pytest.raises(FormulationError) as caught:
        _ = model.instance
    assert str(caught.value).startswith(message)
    assert caught.value.hint


def numbered(count: int, name: str = "S") -> str:
    return f"set {name} = {', '.join(map(str, range(count)))}\n"


def test_too_many_variables_are_refused_before_they_are_made() -> None:
    model = read_model(numbered(1000) + "var x{i in S, j in S, k in S}\nminimize 0")
    begun = time.monotonic()
    with pytest.raises(FormulationError, match="the model has 1,000,000,000 variables") as caught:
        _ = model.instance
    assert "500,000" in caught.value.hint
    assert time.monotonic() - begun < 2


def test_too_many_columns_for_logic_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    model = read_model(
        numbered(30) + "var x{i in S} binary\nminimize 0\nc{i in S, j in S}: x[i] != x[j]"
    )
    assert model.instance.columns == 30 + 2 * 900
    monkeypatch.setattr("neurosym.formal.optimization.rows.MAX_COLUMNS", 1000)
    with pytest.raises(FormulationError, match="too many columns"):
        grounding.ground(model)


@pytest.mark.parametrize(
    "statement",
    [
        "var y\nminimize sum{i in S, j in S, k in S} x[i]",
        "minimize 0\nc{i in S, j in S, k in S}: x[i] + x[j] <= x[k]",
        "param p{S, S, S} = (1, 1, 1): 5\nminimize 0",
    ],
)
def test_what_ranges_over_too_much_is_refused_at_once(statement: str) -> None:
    model = read_model(numbered(1000) + "var x{i in S}\n" + statement)
    begun = time.monotonic()
    with pytest.raises(FormulationError, match=r"1,000,000,000 combinations|no value for 0, 0, 0"):
        _ = model.instance
    assert time.monotonic() - begun < 2


def test_a_large_model_is_written_out_quickly_in_floating_point() -> None:
    model = read_model(
        numbered(200) + numbered(200, "T") + "var x{i in S, j in T} >= 0 <= 1\n"
        "minimize sum{i in S, j in T: i < j} 2.5 * x[i, j]\n"
        "row{i in S}: sum{j in T} x[i, j] <= 7\ncolumn{j in T}: sum{i in S} x[i, j] = 3"
    )
    begun = time.monotonic()
    instance = model.instance
    assert time.monotonic() - begun < 10
    assert (instance.columns, instance.rows, len(instance.values)) == (40_000, 400, 80_000)
    assert not instance.is_exact
    assert instance.cost.sum() == 2.5 * 200 * 199 / 2


@settings(max_examples=60)
@given(models(LINEAR))
def test_plain_rows_are_those_that_arrays_would_make(model: Model) -> None:
    taken = model.instance
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(grounding, "_is_plain", lambda _: False)
        patch.setattr(grounding, "plain_sum", lambda *_: None)
        patch.setattr(PlainRows, "take", lambda *_: False)
        wanted = grounding.ground(model)
    for name in ("starts", "indices", "row_origin", "integer"):
        assert np.array_equal(getattr(taken, name), getattr(wanted, name)), name
    for name in ("cost", "values", "row_lower", "row_upper", "lower", "upper"):
        assert getattr(taken, name).tolist() == getattr(wanted, name).tolist(), name
    assert [*taken.column_names] == [*wanted.column_names]
    assert [*taken.row_names] == [*wanted.row_names]
    assert (taken.offset, taken.auxiliary) == (wanted.offset, wanted.auxiliary)


# ------------------------------------------------------------------- strict, of whole numbers


@pytest.mark.parametrize(
    ("claim", "upper"),
    [
        ("x * y < 12", -1),
        ("12 > x * y", -1),
        ("x^2 + y^2 < 25", -1),
        ("0.5 x * y < 3", Fraction(-1, 2)),
        ("x * y / 3 < 4.5", Fraction(-1, 6)),
        ("(x / 2)^2 < 5", Fraction(-1, 4)),
        ("abs(x - y) < 3", -1),
    ],
)
def test_a_strict_polynomial_of_whole_numbers_keeps_its_distance(
    claim: str, upper: int | Fraction
) -> None:
    instance = read_model(f"var x integer\nvar y integer\nminimize x\nc: {claim}").instance
    assert [(item.lower, item.upper) for item in instance.nonlinear] == [(-math.inf, upper)]
    assert not instance.notes


def test_a_strict_limit_that_no_distance_keeps_is_checked_strictly() -> None:
    text = "var x integer >= 1\nvar y integer >= 1\nmaximize x\nc: x / y < 2"
    instance = read_model(text).instance
    [note] = instance.notes
    assert "whole numbers" in note
    assert "continuous" not in note
    at, below = ([Fraction(x), Fraction(2)] for x in (4, 3))
    [broken] = violations(instance, at)
    assert (broken.name, broken.relative) == ("c", math.inf)
    assert not [*violations(instance, below)]


# ------------------------------------------------------------------- pieces


@pytest.mark.parametrize(("bounds", "is_noted"), [(">= 0 <= 30", False), (">= 0 <= 100", True),
                                                  (">= -1 <= 30", True), ("", True)])  # fmt: skip
def test_that_a_piecewise_function_ends_before_its_argument_is_noted(
    bounds: str, is_noted: bool
) -> None:
    text = f"var x {bounds}\nmaximize x\nc: piecewise(x, (0, 0), (10, 50), (30, 110)) <= 200"
    notes = read_model(text).instance.notes
    assert len(notes) == is_noted
    assert all("from 0 to 30 only" in note and note.startswith("c:") for note in notes)


PIECES = "piecewise(x, (0, 0), (10, 50), (30, 60))"


@pytest.mark.parametrize(
    ("lines", "functions"),
    [
        (f"maximize y * {PIECES}", 1),
        (f"maximize y * {PIECES} + {PIECES} - y^2", 2),
        (f"maximize z\nc: z <= y * {PIECES} + y^2", 1),
        (f"maximize z\nc: z <= {PIECES} + y", 1),
        ("set S = a, b\nvar w{i in S} >= 0 <= 30\nmaximize z\n"
         "c{i in S}: z <= y * piecewise(w[i], (0, 0), (10, 50), (30, 60))", 2),
    ],
)  # fmt: skip
def test_a_piecewise_function_is_written_once_wherever_it_stands(
    lines: str, functions: int
) -> None:
    text = f"var x >= 0 <= 30\nvar y >= 0 <= 5\nvar z >= 0 <= 99\n{lines}"
    instance = read_model(text).instance
    assert instance.columns - instance.auxiliary == 5 * functions
    assert instance.rows == 6 * functions + (not instance.nonlinear and "c:" in lines)
    names = instance.column_names[instance.auxiliary :]
    assert len(set(names)) == len(names)
