"""Models as JSON data and back: the five elements of LLMOPT by name.

Expressions and claims are texts in the modelling language, so that the data is pleasant to read; a
number alone may be one in place of such a text::

    {
      "name": "boats",
      "sets": [{"name": "Markets", "elements": ["Oslo", "Bergen"]}],
      "parameters": [
        {"name": "demand", "over": ["Markets"], "values": {"Oslo": 30, "Bergen": "3/7"}}
      ],
      "variables": [{"name": "ship", "over": "m in Markets", "domain": "integer", "lower": "0"}],
      "objective": {"sense": "minimize", "expression": "sum{m in Markets} 2.5 * ship[m]"},
      "constraints": [
        {"name": "enough", "over": "m in Markets", "claim": "ship[m] >= demand[m]", "sentence": 3}
      ]
    }

Elements of several parts are arrays, and values of several indices objects within objects. What is
empty is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from neurosym.errors import FormulaError, InexpressibleError
from neurosym.formal.optimization.expression import (
    ZERO,
    Binding,
    Condition,
    Constant,
    Expression,
    Sum,
    walk,
)
from neurosym.formal.optimization.formats.places import Place, number_to_json
from neurosym.formal.optimization.language.printer import print_claim, print_expression
from neurosym.formal.optimization.language.reader import (
    Names,
    read_bindings,
    read_claim,
    read_expression,
)
from neurosym.formal.optimization.model import (
    Constraint,
    Domain,
    IndexSet,
    Model,
    Objective,
    Parameter,
    Sense,
    Variable,
)

__all__ = ["model_from_json", "model_to_json"]


# ---------------------------------------------------------------- writing


def model_to_json(model: Model) -> dict[str, Any]:
    """A model as JSON data, which :func:`model_from_json` reads back as the same model.

    Raises:
        InexpressibleError: A name is empty, or holds a line break, and so cannot stand in an
            expression; or some values of a parameter have more indices than others.
    """
    for name in _names(model):
        if not name or "\n" in name:
            raise InexpressibleError(
                f"{name!r} cannot stand in an expression",
                hint="Give it a name without line breaks.",
            )
    return {
        "name": model.name,
        "sets": list(map(_set, model.sets)),
        "parameters": list(map(_parameter, model.parameters)),
        "variables": list(map(_variable, model.variables)),
        "objective": _objective(model.objective),
        "constraints": list(map(_constraint, model.constraints)),
        **_given(source=model.source),
    }


def _names(model: Model) -> Iterator[str]:
    """Every name that may have to stand in an expression."""
    for item in model.sets:
        yield item.name
        for element in item.elements:
            yield from element
    for parameter in model.parameters:
        yield parameter.name
    for variable in model.variables:
        yield variable.name
        yield from _bound(variable.over)
    for constraint in model.constraints:
        yield from _bound(constraint.over)
    for expression in model.expressions():
        for node in walk(expression):
            if isinstance(node, Sum):
                yield from _bound(node.bindings)


def _bound(bindings: Sequence[Binding]) -> Iterator[str]:
    for binding in bindings:
        yield from binding.names


def _given(**members: Any) -> dict[str, Any]:
    """The members that say something."""
    return {key: value for key, value in members.items() if value not in ("", None)}


def _set(item: IndexSet) -> dict[str, Any]:
    elements = [element[0] if len(element) == 1 else list(element) for element in item.elements]
    return {"name": item.name, "elements": elements, **_given(meaning=item.meaning)}


def _parameter(item: Parameter) -> dict[str, Any]:
    found: dict[str, Any] = {"name": item.name}
    if item.over:
        found["over"] = list(item.over)
    if item.values.keys() == {()}:
        found["value"] = number_to_json(item.values[()])
    else:
        found["values"] = _nested(item)
    return {**found, **_given(unit=item.unit, meaning=item.meaning)}


def _nested(item: Parameter) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in item.values.items():
        inner: Any = found
        for part in key[:-1]:
            inner = inner.setdefault(part, {}) if isinstance(inner, dict) else None
        if not key or not isinstance(inner, dict) or key[-1] in inner:
            raise InexpressibleError(
                f"some values of {item.name} have more indices than others",
                hint="Give each value one index for each part of the sets' elements.",
            )
        inner[key[-1]] = number_to_json(value)
    return found


def _over(bindings: Sequence[Binding], conditions: Sequence[Condition]) -> str:
    """Bindings as they stand between the braces of a sum."""
    if not bindings:
        return ""
    text = print_expression(Sum(tuple(bindings), ZERO, tuple(conditions)))
    return text.removeprefix("sum{").removesuffix("} 0")


def _variable(item: Variable) -> dict[str, Any]:
    return {
        "name": item.name,
        **_given(over=_over(item.over, ())),
        "domain": item.domain.value,
        **_given(
            lower=None if item.lower is None else print_expression(item.lower),
            upper=None if item.upper is None else print_expression(item.upper),
            unit=item.unit,
            meaning=item.meaning,
        ),
    }


def _objective(item: Objective) -> dict[str, Any]:
    return {
        "sense": item.sense.value,
        "expression": print_expression(item.expression),
        "name": item.name,
        **_given(unit=item.unit, meaning=item.meaning),
    }


def _constraint(item: Constraint) -> dict[str, Any]:
    return {
        "name": item.name,
        **_given(over=_over(item.over, item.conditions)),
        "claim": print_claim(item.claim),
        **_given(sentence=item.sentence, source=item.source),
    }


# ---------------------------------------------------------------- reading


def model_from_json(data: Any) -> Model:
    """The inverse of :func:`model_to_json`, for data from anywhere.

    Raises:
        InputError: Something in the data is not as it should be; says where.
    """
    members = Place(data).members(
        ["variables", "objective"], ["name", "sets", "parameters", "constraints", "source"]
    )

    def items(key: str) -> list[Place]:
        return members[key].items() if key in members else []

    reader = _Reader()
    for place in items("sets"):
        reader.add_set(place)
    for place in items("parameters"):
        reader.add_parameter(place)
    for place in items("variables"):
        reader.add_variable(place)
    objective = reader.objective(members["objective"])
    constraints = [reader.constraint(place) for place in items("constraints")]
    return Model(
        objective=objective,
        constraints=tuple(constraints),
        variables=tuple(reader.variables.values()),
        parameters=tuple(reader.parameters.values()),
        sets=tuple(reader.sets.values()),
        source=_words(members, "source"),
        name=_words(members, "name") or "model",
    )


def _words(members: Mapping[str, Place], key: str) -> str:
    return members[key].text() if key in members else ""


class _Reader:
    """Reads the elements in the order in which they build on each other."""

    def __init__(self) -> None:
        self.sets: dict[str, IndexSet] = {}
        self.parameters: dict[str, Parameter] = {}
        self.variables: dict[str, Variable] = {}
        self._declared: set[str] = set()

    def _declare(self, place: Place) -> str:
        """The name of a thing, which no other may have, as in the modelling language."""
        name = place.name()
        if name in self._declared:
            raise place.fault(f"{name} is declared twice", "Give each thing its own name.")
        self._declared.add(name)
        return name

    def add_set(self, place: Place) -> None:
        """Read a set."""
        members = place.members(["name", "elements"], ["meaning"])
        name = self._declare(members["name"])
        elements: dict[tuple[str, ...], None] = {}
        for item in members["elements"].items():
            parts = item.items() if isinstance(item.value, list) else [item]
            element = tuple(part.name() for part in parts)
            if not element or any(len(element) != len(other) for other in elements):
                raise item.fault(f"elements of {name} have different numbers of parts")
            if element in elements:
                raise item.fault(f"{', '.join(element)} is in {name} twice")
            elements[element] = None
        self.sets[name] = IndexSet(name, tuple(elements), _words(members, "meaning"))

    def add_parameter(self, place: Place) -> None:
        """Read a parameter."""
        members = place.members(["name"], ["over", "value", "values", "unit", "meaning"])
        name = self._declare(members["name"])
        over = []
        for item in members["over"].items() if "over" in members else []:
            if item.text() not in self.sets:
                raise item.fault(f"there is no set {item.value}", "Declare it under sets.")
            over.append(item.text())
        if ("value" in members) == ("values" in members):
            raise place.fault("one of 'value' and 'values' is needed", "Give exactly one of them.")
        values: dict[tuple[str, ...], Fraction] = {}
        if "value" in members:
            values[()] = members["value"].number()
        else:
            # How many indices there should be is for the instance to say, as for any model.
            for key, leaf in members["values"].leaves():
                values[key] = leaf.number()
        self.parameters[name] = Parameter(
            name, tuple(over), values, _words(members, "unit"), _words(members, "meaning")
        )

    def _names(self, bindings: Sequence[Binding] = ()) -> Names:
        bound = {name: binding.over for binding in bindings for name in binding.names}
        return Names(self.variables, self.parameters, self.sets, bound)

    def _expression(self, place: Place, bindings: Sequence[Binding] = ()) -> Expression:
        if place.is_number:
            return Constant(place.number())
        try:
            return read_expression(place.text(), self._names(bindings))
        except FormulaError as error:
            raise place.fault(str(error), error.hint) from None

    def _bindings(
        self, members: Mapping[str, Place]
    ) -> tuple[tuple[Binding, ...], tuple[Condition, ...]]:
        if "over" not in members:
            return (), ()
        place = members["over"]
        try:
            return read_bindings(f"{{{place.text()}}}", self.sets)
        except FormulaError as error:
            raise place.fault(str(error), error.hint) from None

    def add_variable(self, place: Place) -> None:
        """Read a variable."""
        members = place.members(["name"], ["over", "domain", "lower", "upper", "unit", "meaning"])
        name = self._declare(members["name"])
        over, conditions = self._bindings(members)
        if conditions:
            raise members["over"].fault("a variable is declared for all elements of its sets")
        domain = members["domain"].word(Domain) if "domain" in members else Domain.CONTINUOUS
        lower, upper = (
            self._expression(members[key], over) if key in members else None
            for key in ("lower", "upper")
        )
        self.variables[name] = Variable(
            name, over, domain, lower, upper, _words(members, "unit"), _words(members, "meaning")
        )

    def objective(self, place: Place) -> Objective:
        """Read the objective."""
        members = place.members(["sense", "expression"], ["name", "unit", "meaning"])
        return Objective(
            members["sense"].word(Sense),
            self._expression(members["expression"]),
            _words(members, "name") or "objective",
            _words(members, "unit"),
            _words(members, "meaning"),
        )

    def constraint(self, place: Place) -> Constraint:
        """Read a constraint."""
        members = place.members(["name", "claim"], ["over", "sentence", "source"])
        name = self._declare(members["name"])
        over, conditions = self._bindings(members)
        claim = members["claim"]
        try:
            said = read_claim(claim.text(), self._names(over))
        except FormulaError as error:
            raise claim.fault(str(error), error.hint) from None
        sentence = members["sentence"].whole() if "sentence" in members else None
        return Constraint(name, said, over, conditions, sentence, _words(members, "source"))
