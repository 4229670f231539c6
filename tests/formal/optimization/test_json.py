"""Models as JSON."""

import json
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given

from neurosym.errors import InexpressibleError, InputError
from neurosym.formal.optimization.expression import ZERO
from neurosym.formal.optimization.formats.data import model_from_json, model_to_json
from neurosym.formal.optimization.formats.places import Place, number_to_json, read_json
from neurosym.formal.optimization.language.reader import read_model
from neurosym.formal.optimization.model import Model, Objective, Parameter, Sense, Variable

from .samples import BOATS, MODELS, SHIPPING


def through_json(model: Model) -> Model:
    return model_from_json(json.loads(json.dumps(model_to_json(model))))


@given(MODELS)
def test_models_round_trip(model: Model) -> None:
    assert through_json(model) == model


@pytest.mark.parametrize("model", [BOATS, SHIPPING])
def test_models_of_the_language_round_trip_with_their_source(model: Model) -> None:
    assert through_json(model) == model
    assert through_json(model).source == model.source


def test_it_is_pleasant_to_read() -> None:
    data = model_to_json(SHIPPING)
    assert data["sets"][0] == {
        "name": "Markets", "elements": ["Oslo", "Bergen", "New York"], "meaning": "where we sell",
    }  # fmt: skip
    assert data["sets"][1] == {"name": "Arcs", "elements": [["a", "b"], ["b", "c"]]}
    assert data["parameters"] == [
        {
            "name": "demand", "over": ["Markets"], "unit": "tonnes", "meaning": "what is asked for",
            "values": {"Oslo": 30, "Bergen": 12.5, "New York": "1/3"},
        },
        {"name": "rate", "value": 0.7, "meaning": "share"},
        {"name": "cost", "over": ["Arcs"], "values": {"a": {"b": 3}, "b": {"c": 4}}},
    ]  # fmt: skip
    assert data["variables"][1] == {
        "name": "flow", "over": "(i, j) in Arcs", "domain": "continuous", "lower": "0",
        "upper": "2 * cost[i, j]",
    }  # fmt: skip
    assert data["constraints"][3] == {
        "name": "order", "over": "m in Markets: m != Oslo", "claim": "ship[m] < ship[Oslo]",
    }  # fmt: skip
    assert data["objective"]["expression"].startswith("sum{m in Markets} 2.5 * ship[m] + ")


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (Fraction(3), 3), (Fraction(-5, 2), -2.5), (Fraction(1, 10), 0.1), (Fraction(3, 7), "3/7"),
        (Fraction(2**53 + 1), "9007199254740993"), (Fraction(10**17 + 1, 10**17),
         "1.00000000000000001"), (Fraction(1, 10**30), 1e-30), (Fraction(0), 0),
    ],
)  # fmt: skip
def test_numbers_are_numbers_only_where_that_is_exact(value: Fraction, shown: Any) -> None:
    found = number_to_json(value)
    assert found == shown
    assert type(found) is type(shown)
    assert Place(json.loads(json.dumps(found))).number() == value
    assert Place(read_json(json.dumps(found))).number() == value


def document(**changes: Any) -> dict[str, Any]:
    data = model_to_json(SHIPPING)
    for path, value in changes.items():
        *steps, last = path.split("__")
        part: Any = data
        for step in steps:
            part = part[int(step) if step.isdigit() else step]
        if value is DELETED:
            del part[last]
        else:
            part[int(last) if last.isdigit() else last] = value
    return data


DELETED = object()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"variables__2__domain": "binery"}, r"variables\[2\]\.domain: 'binery' is not continuous"),
        ({"variables__2__domain": 3}, r"variables\[2\]\.domain: 3 is not text"),
        ({"variables__2__name": ""}, r"variables\[2\]\.name: a name is empty"),
        ({"variables__2__name": "ship"}, r"variables\[2\]\.name: ship is declared twice"),
        ({"variables__2__name": DELETED}, r"variables\[2\]: the key 'name' is missing"),
        ({"variables__2__lowr": "0"}, r"variables\[2\]: unknown key 'lowr'"),
        ({"variables__0__upper": "2 *"}, r"variables\[0\]\.upper: line 1, .*the text ends"),
        ({"variables__0__over": "m in Marktes"}, r"variables\[0\]\.over: .*Marktes is not declar"),
        ({"variables__0__over": "m in Markets: m != Oslo"}, r"\[0\]\.over: a variable is declared"),
        ({"variables": {}}, "variables: {} is not an array"),
        ({"variables": DELETED}, "model: the key 'variables' is missing"),
        ({"objective": []}, r"objective: \[\] is not an object"),
        ({"objective__sense": "max"}, r"objective\.sense: 'max' is not minimize or maximize"),
        ({"objective__expression": "boatz"}, r"objective\.expression: .*boatz is not declared"),
        ({"constraints__0__claim": "ship[m] >= 0 >= -1"}, r"constraints\[0\]\.claim: .*more than"),
        ({"constraints__0__claim": "n >= 0"}, r"constraints\[0\]\.claim: .*n is not declared"),
        ({"constraints__0__sentence": -1}, r"constraints\[0\]\.sentence: -1 is not a whole number"),
        ({"constraints__0__sentence": True}, r"constraints\[0\]\.sentence: True is not a whole"),
        ({"constraints__1__name": "enough"}, r"constraints\[1\]\.name: enough is declared twice"),
        ({"constraints__1__name": "ship"}, r"constraints\[1\]\.name: ship is declared twice"),
        ({"parameters__1__name": "Markets"}, r"parameters\[1\]\.name: Markets is declared twice"),
        ({"sets__0__elements__1": "Oslo"}, r"sets\[0\]\.elements\[1\]: Oslo is in Markets twice"),
        ({"sets__0__elements__1": ["a", "b"]}, r"sets\[0\]\.elements\[1\]: elements of Markets"),
        ({"sets__1__name": "Markets"}, r"sets\[1\]\.name: Markets is declared twice"),
        ({"parameters__0__over": ["Ports"]}, r"parameters\[0\]\.over\[0\]: there is no set Ports"),
        ({"parameters__1__value": True}, r"parameters\[1\]\.value: True is not a number"),
        ({"parameters__1__value": float("nan")}, r"parameters\[1\]\.value: nan is not a number"),
        ({"parameters__1__value": "1/0"}, r"parameters\[1\]\.value: '1/0' is not a number"),
        ({"parameters__1__value": "1e999999999"}, r"parameters\[1\]\.value: .* is not a number"),
        ({"parameters__1__value": "9" * 9999}, r"parameters\[1\]\.value: the number is too long"),
        ({"parameters__1__value": None}, r"parameters\[1\]\.value: None is not a number"),
        ({"parameters__1__values": {}}, r"parameters\[1\]: one of 'value' and 'values'"),
        ({"parameters__0__values__New York": "many"}, r"parameters\[0\]\.values\['New York'\]: 'm"),
        ({"parameters__2__values__a__b": []}, r"parameters\[2\]\.values\.a\.b: \[\] is not a num"),
        ({"parameters__0__values": 3}, r"parameters\[0\]\.values: 3 is not an object"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_place(change: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message) as error:
        model_from_json(document(**change))
    assert error.value.hint


@pytest.mark.parametrize("data", [None, 3, [], "model", {}])
def test_what_is_no_model_at_all(data: Any) -> None:
    with pytest.raises(InputError, match="model: "):
        model_from_json(data)


def test_the_least_that_is_a_model() -> None:
    model = model_from_json(
        {
            "variables": [{"name": "x", "lower": "0"}],
            "objective": {"sense": "minimize", "expression": "x"},
        }
    )
    assert model == read_model("var x >= 0\nminimize x")


def test_names_with_quotes_round_trip() -> None:
    model = read_model(
        "set 'Joe''s' = 'a''b', c\nparam 'p_'''{'Joe''s'} = 'a''b': 1, c: 2\n"
        "var 'x_(a,_''b'')'{'i_''' in 'Joe''s'} >= 0\n"
        "minimize sum{'i_''' in 'Joe''s'} 'p_'''['i_'''] * 'x_(a,_''b'')'['i_''']\n"
        "'it''s': 'x_(a,_''b'')'['a''b'] >= 1"
    )
    assert {"Joe's"} == {item.name for item in model.sets}
    assert {"p_'", "x_(a,_'b')"} <= model.names_used()
    assert through_json(model) == model


def test_what_cannot_be_written() -> None:
    objective = Objective(Sense.MINIMIZE, ZERO)
    for name in ("", "two\nlines"):
        with pytest.raises(InexpressibleError, match="cannot stand in an expression"):
            model_to_json(Model(objective, variables=(Variable(name),)))
    for keys in [("a",), ("a", "b")], [("a", "b"), ("a",)], [(), ("a",)], [("a",), ()]:
        values = {key: Fraction(1) for key in keys}
        with pytest.raises(InexpressibleError, match="more indices"):
            model_to_json(Model(objective, parameters=(Parameter("p", (), values),)))


def test_numbers_of_a_file_are_the_fractions_that_they_say() -> None:
    [long, short, power, whole] = read_json("[0.1234567890123456789, 2.50, 1e3, 12345678901234567]")
    assert long == Fraction(1234567890123456789, 10**19)
    assert (short, power, whole) == (Fraction(5, 2), 1000, 12345678901234567)
    assert Place("1.5e3").number() == 1500


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('{"values": {"Oslo": 30, "Oslo": 70}}', "'Oslo' stands twice"),
        ('{"constraints": [], "objective": {}, "constraints": []}', "'constraints' stands twice"),
        ('{"a": 1e99999999}', "no JSON: the number 1e99999999 is too large"),
        (f'{{"a": 0.{"1" * 9999}}}', "too long"),
        ('{"a": 1', "this is no JSON"),
        ("[" * 100_000, "this is no JSON"),
    ],
)
def test_json_that_would_lose_something_is_refused(text: str, problem: str) -> None:
    with pytest.raises(InputError, match=problem) as error:
        read_json(text)
    assert error.value.hint


def test_a_number_stands_for_the_text_that_says_it() -> None:
    data = document(variables__0__lower=0, variables__0__upper=Fraction(5, 2))
    same = document(variables__0__lower="0", variables__0__upper="2.5")
    assert model_from_json(data) == model_from_json(same)


@pytest.mark.parametrize("value", [3, 2.5, Fraction(5, 2)])
def test_a_number_in_place_of_another_text_is_to_be_put_in_quotes(value: Any) -> None:
    with pytest.raises(InputError, match=r"variables\[0\]\.unit: \S+ is not text") as error:
        model_from_json(document(variables__0__unit=value))
    assert "in quotes" in error.value.hint
