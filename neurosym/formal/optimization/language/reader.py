"""Reads the modelling language.

::

    set Markets = Oslo, Bergen
    param demand{Markets} = Oslo: 30, Bergen: 12 unit "tonnes"
    var ship{m in Markets} integer >= 0 unit "tonnes" "what is shipped there"
    minimize cost: sum{m in Markets} 2.5 * ship[m] unit "dollars"
    enough{m in Markets} @3: ship[m] >= demand[m] "Each market gets what it needs."
    either: if ship[Oslo] > 40 then ship[Bergen] <= 5

One statement a line. ``@3`` tells the sentence a constraint comes from, and what stands in double
quotes is said in words. Names that are no words stand in single quotes, and a single quote in them
is written twice. A constraint compares two sides, or joins comparisons by ``if … then …``, ``or``,
``at_most 2 of (…, …)``; one of three sides (``1 <= x <= 5``) is two constraints. ``50 x`` is
``50 * x`` and ``70%`` is 0.7. Everything is declared before it is used.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from neurosym.errors import FormulaError
from neurosym.formal import grammar
from neurosym.formal.optimization.expression import Binding, Comparison, Condition, Expression
from neurosym.formal.optimization.language.terms import (
    COMPARISONS,
    TermReader,
    parse,
    text_of,
)
from neurosym.formal.optimization.model import (
    Claim,
    Constraint,
    Domain,
    IndexSet,
    Model,
    Objective,
    Parameter,
    Sense,
    Variable,
)

__all__ = [
    "COMPARISONS",
    "Names",
    "read_bindings",
    "read_claim",
    "read_expression",
    "read_model",
]


def read_model(text: str, *, name: str = "model") -> Model:
    """Read a model.

    Args:
        text: The model.
        name: What to call it.

    Raises:
        FormulaError: The text does not follow the grammar, or uses a name that is not declared,
            or declares one twice.
    """
    tree = parse(text)
    reader = _Reader(text)
    for statement in tree.children:
        reader.read(statement)
    if reader.objective is None:
        line, column = grammar.place(text, len(text.rstrip()))
        raise FormulaError(
            "there is no objective", text=text, line=line, column=column,
            hint="Add a line that begins with minimize or maximize; 'minimize 0' if any will do.",
        )  # fmt: skip
    return Model(
        objective=reader.objective,
        constraints=tuple(reader.constraints),
        variables=tuple(reader.variables.values()),
        parameters=tuple(reader.parameters.values()),
        sets=tuple(reader.sets.values()),
        source=text,
        name=name,
    )


@dataclass(frozen=True, slots=True)
class Names:
    """What the names in a part of a model stand for.

    Attributes:
        variables: By name.
        parameters: By name.
        sets: By name.
        bound: For each name that stands for an element there, the set it is of.
    """

    variables: Mapping[str, Variable] = field(default_factory=dict)
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    sets: Mapping[str, IndexSet] = field(default_factory=dict)
    bound: Mapping[str, str] = field(default_factory=dict)

    def reader(self, text: str) -> TermReader:
        """A reader of the trees of a text."""
        return TermReader(
            text, dict(self.variables), dict(self.parameters), dict(self.sets), self.bound
        )


def read_expression(text: str, names: Names) -> Expression:
    """Read one expression.

    Raises:
        FormulaError: The text does not follow the grammar, or uses a name that is not declared.
    """
    return names.reader(text).expression(parse(text, "sum"))


def read_claim(text: str, names: Names) -> Claim:
    """Read what one constraint says.

    Raises:
        FormulaError: The text does not follow the grammar, uses a name that is not declared, or
            compares more than two sides, which are two claims.
    """
    reader = names.reader(text)
    tree = parse(text, "claim")
    found = list(reader.claims(tree))
    if len(found) > 1:
        raise reader.fault(tree, "more than two sides are compared", "Write each by itself.")
    return found[0]


def read_bindings(
    text: str, sets: Mapping[str, IndexSet]
) -> tuple[tuple[Binding, ...], tuple[Condition, ...]]:
    """Read bindings and conditions: ``{i in Towns, j in Towns: i != j}``.

    Raises:
        FormulaError: The text does not follow the grammar, or names a set that is not declared.
    """
    return Names(sets=sets).reader(text).bindings([parse(text, "bindings")])


@dataclass(slots=True)
class _Reader(TermReader):
    objective: Objective | None = None
    constraints: list[Constraint] = field(default_factory=list)
    names: set[str] = field(default_factory=set)

    def read(self, tree: Any) -> None:
        """Read one statement."""
        {
            "set": self._set,
            "parameter": self._parameter,
            "variable": self._variable,
            "objective": self._objective,
            "constraint": self._constraint,
        }[tree.data](tree)

    # ------------------------------------------------------------ declarations

    def _declare(self, tree: Any) -> str:
        name = text_of(tree)
        if name in self.names:
            raise self.fault(tree, f"{name} is declared twice", "Give each thing its own name.")
        self.names.add(name)
        return name

    def _set(self, tree: Any) -> None:
        name, _, *rest = tree.children
        elements = tuple(
            tuple(map(text_of, item.children)) for item in rest if item.data == "element"
        )
        declared = IndexSet(self._declare(name), elements, _words(rest, "meaning"))
        seen: set[tuple[str, ...]] = set()
        for item, element in zip(rest, elements, strict=False):
            if len(element) != declared.width:
                raise self.fault(item, f"elements of {declared.name} have {declared.width} parts")
            if element in seen:
                raise self.fault(item, f"{', '.join(element)} is in {declared.name} twice")
            seen.add(element)
        self.sets[declared.name] = declared

    def _parameter(self, tree: Any) -> None:
        name, *rest = tree.children
        rest = [part for part in rest if hasattr(part, "data")]
        over = tuple(
            self.known(child, self.sets, "set")
            for part in rest if part.data == "over" for child in part.children
        )  # fmt: skip
        [data] = [part for part in rest if part.data == "data"]
        values: dict[tuple[str, ...], Fraction] = {}
        for item in data.children:
            key: tuple[str, ...] = ()
            if item.data == "entry":
                key = tuple(map(text_of, item.children[0].children))
                number = item.children[1]
            else:
                number = item
            if key in values:
                raise self.fault(item, f"{text_of(name)} has two values for {', '.join(key)}")
            values[key] = self.signed_number(number)
        declared = Parameter(
            self._declare(name), over, values, _words(rest, "unit"), _words(rest, "meaning")
        )
        self.parameters[declared.name] = declared

    def _variable(self, tree: Any) -> None:
        name, *rest = tree.children
        over, conditions = self.bindings(rest)
        if conditions:
            raise self.fault(tree, "a variable is declared for all elements of its sets")
        lower = upper = None
        domain = Domain.CONTINUOUS
        for part in rest:
            if not hasattr(part, "data"):
                domain = Domain(str(part))
            elif part.data == "bound":
                comparison = COMPARISONS[str(part.children[0])]
                limit = self.expression(part.children[1])
                if comparison not in _BOUNDS:
                    raise self.fault(part, "a bound is given by >=, <= or =")
                is_least = comparison is not Comparison.AT_MOST
                is_greatest = comparison is not Comparison.AT_LEAST
                if (is_least and lower is not None) or (is_greatest and upper is not None):
                    raise self.fault(part, "there are two bounds on the same side", "Keep one.")
                lower = limit if is_least else lower
                upper = limit if is_greatest else upper
        self.bound = {}
        declared = Variable(
            self._declare(name), over, domain, lower, upper,
            _words(rest, "unit"), _words(rest, "meaning"),
        )  # fmt: skip
        self.variables[declared.name] = declared

    def _objective(self, tree: Any) -> None:
        if self.objective is not None:
            raise self.fault(tree, "there are two objectives", "Keep one of them.")
        direction, *rest = tree.children
        name = text_of(rest.pop(0)) if rest[0].data == "name" else "objective"
        self.objective = Objective(
            Sense(str(direction)), self.expression(rest[0]), name,
            _words(rest, "unit"), _words(rest, "meaning"),
        )  # fmt: skip

    def _constraint(self, tree: Any) -> None:
        name, *rest = tree.children
        over, conditions = self.bindings(rest)
        sentence = [self._ordinal(part) for part in rest if part.data == "sentence"]
        [claim] = [part for part in rest if part.data in _CLAIMS]
        found = list(self.claims(claim))
        self.bound = {}
        first = self._declare(name)
        for number, said in enumerate(found, start=1):
            self.constraints.append(
                Constraint(
                    first if number == 1 else self._further(first, number),
                    said,
                    over,
                    conditions,
                    sentence[0] if sentence else None,
                    _words(rest, "meaning"),
                )
            )

    def _ordinal(self, tree: Any) -> int:
        [number] = tree.children
        if not str(number).isdigit() or len(number) > _MAX_ORDINAL:
            raise self.fault(tree, f"{number} is no number of a sentence", "Count them from 1.")
        return int(number)

    def _further(self, name: str, number: int) -> str:
        """A name for a further part of a constraint."""
        while f"{name}_{number}" in self.names:
            number += 1
        self.names.add(f"{name}_{number}")
        return f"{name}_{number}"


_MAX_ORDINAL = 9
"""Digits of a sentence's number."""
_CLAIMS = frozenset({"relation", "implies", "any_of", "count"})
_BOUNDS = frozenset({Comparison.AT_LEAST, Comparison.AT_MOST, Comparison.EQUAL})


def _words(parts: list[Any], what: str) -> str:
    """What a statement says in double quotes, as its unit or its meaning."""
    for part in parts:
        if getattr(part, "data", "") == what:
            return str(part.children[-1]).strip('"')
    return ""
