"""Expressions of models as Python for PuLP, and the names they have there."""

from __future__ import annotations

import builtins
import json
import keyword
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from fractions import Fraction

from neurosym.formal.optimization.expression import (
    Add,
    Binding,
    Call,
    Comparison,
    Condition,
    Constant,
    Divide,
    Element,
    Expression,
    Function,
    Index,
    IndexName,
    Multiply,
    Piecewise,
    Power,
    Reference,
    Sum,
    parts,
    walk,
)
from neurosym.formal.optimization.language.printer import print_number
from neurosym.formal.optimization.model import Model
from neurosym.formal.optimization.notation import ATOM, PRODUCT, SUM, Notation

__all__ = ["PythonTerms", "formatted", "key_text", "literal", "number_text"]

_USED = (
    "LpMaximize LpMinimize LpProblem LpStatus LpVariable PULP_CBC_CMD count helper lpSum math "
    "number problem value"
)
_RESERVED = frozenset({*_USED.split(), *keyword.kwlist, *keyword.softkwlist, *dir(builtins)})
_SIGNS = {Comparison.EQUAL: "=="}
_FUNCTIONS = {
    Function.EXP: "math.exp",
    Function.LOG: "math.log",
    Function.SQRT: "math.sqrt",
    Function.SIN: "math.sin",
    Function.COS: "math.cos",
    Function.ABS: "abs",
    Function.MIN: "min",
    Function.MAX: "max",
}


def literal(text: str) -> str:
    """A text as Python writes it, in double quotes."""
    shown = json.dumps(text, ensure_ascii=False)
    return shown.encode("utf-8", "backslashreplace").decode("utf-8")


def formatted(text: str, names: Sequence[str]) -> str:
    """A text with the values of names in square brackets after it, as Python formats it."""
    if not names:
        return literal(text)
    inside = ",".join(f"{{{name}}}" for name in names)
    start = literal(text)[1:-1].replace("{", "{{").replace("}", "}}")
    return f'f"{start}[{inside}]"'


def number_text(value: Fraction | float) -> str:
    """A number as Python writes it."""
    if isinstance(value, Fraction):
        return print_number(value).replace("/", " / ")
    return repr(float(value))


def key_text(names: Sequence[str]) -> str:
    """The key of a dictionary: one name, or the tuple of several, already in Python."""
    return names[0] if len(names) == 1 else f"({', '.join(names)})"


class PythonTerms(Notation):
    """Writes the expressions of a model as Python.

    Args:
        model: The model.

    Attributes:
        sets: The Python name of each set.
        parameters: Of each parameter.
        variables: Of each variable.
        needs_math: Whether something written so far takes a function.
    """

    def __init__(self, model: Model) -> None:
        self._taken = set(_RESERVED)
        self.sets = {item.name: self._new(item.name) for item in model.sets}
        self.parameters = {item.name: self._new(item.name) for item in model.parameters}
        self.variables = {item.name: self._new(item.name) for item in model.variables}
        self._bound: dict[str, str] = {}
        self._members = {
            item.name: {element[0] for element in item.elements}
            for item in model.sets
            if item.width == 1
        }
        # For each index that is bound where the writing is, the set it is of.
        self._scope: dict[str, str] = {}
        self.needs_math = False

    def _new(self, name: str) -> str:
        """A Python name that nothing else has, like a given one."""
        # Python takes names for the same that are so in this form.
        plain = unicodedata.normalize("NFKC", name)
        plain = re.sub(r"\W+", "_", plain).strip("_") or "it"
        if not plain.isidentifier():
            plain = f"n_{plain}" if f"n_{plain}".isidentifier() else "it"
        found, number = plain, 1
        while found in self._taken:
            number += 1
            found = f"{plain}_{number}"
        self._taken.add(found)
        return found

    def bound(self, name: str) -> str:
        """The Python name of an index."""
        if name not in self._bound:
            self._bound[name] = self._new(name)
        return self._bound[name]

    @contextmanager
    def inside(self, bindings: Iterable[Binding]) -> Iterator[None]:
        """Write what stands inside bindings."""
        outer = self._scope
        self._scope = {**outer, **{name: item.over for item in bindings for name in item.names}}
        yield
        self._scope = outer

    # ------------------------------------------------------------ what can be written

    def is_plain(self, expression: Expression) -> bool:
        """Whether PuLP can take an expression as it is written."""
        match expression:
            case Piecewise():
                return False
            case Multiply(factors) if sum(map(self.has_variable, factors)) > 1:
                return False
            case Divide(_, denominator) if self.has_variable(denominator):
                return False
            case Power() | Call() if self.has_variable(expression):
                return False
            case Sum(bindings, term, conditions):
                with self.inside(bindings):
                    return self.are_plain(conditions) and self.is_plain(term)
        return all(map(self.is_plain, parts(expression)))

    def are_plain(self, conditions: Iterable[Condition]) -> bool:
        """Whether Python can tell by one set what conditions say of the order of its elements."""
        return all(
            item.comparison in (Comparison.EQUAL, Comparison.DIFFERENT) or self._ordering(item)
            for item in conditions
        )

    def _ordering(self, condition: Condition) -> str:
        """The set whose order a condition speaks of; empty if it is not plainly one."""
        sides = (condition.left, condition.right)
        over = {self._scope.get(side.name, "") for side in sides if isinstance(side, IndexName)}
        elements = {side.name for side in sides if isinstance(side, Element)}
        name = over.pop() if len(over) == 1 else ""
        return name if name in self._members and elements <= self._members[name] else ""

    def has_variable(self, expression: Expression) -> bool:
        """Whether a variable occurs in an expression."""
        return any(
            isinstance(node, Reference) and node.name in self.variables for node in walk(expression)
        )

    # ------------------------------------------------------------ writing

    raised = " ** "

    def printed(self, expression: Expression) -> tuple[str, int]:
        """An expression as Python, and how strongly its text binds."""
        match expression:
            case Constant(value):
                text = number_text(value)
                return text, SUM if value < 0 else PRODUCT if "/" in text else ATOM
            case Reference():
                return self._reference(expression), ATOM
            case Add() | Multiply() | Divide() | Power():
                return self.operation(expression)
            case Call(function, arguments):
                return self._call(function, arguments), ATOM
            case Sum(bindings, term, conditions):
                total = "lpSum" if self.has_variable(term) else "sum"
                with self.inside(bindings):
                    inside = f"{self.text(term)} {self.loops(bindings)}"
                    wanted = self.condition(conditions)
                return f"{total}({inside}{f' if {wanted}' if wanted else ''})", ATOM
        raise AssertionError(expression)  # is_plain refuses the rest

    def _call(self, function: Function, arguments: Sequence[Expression]) -> str:
        inside = list(map(self.text, arguments))
        if function in (Function.MIN, Function.MAX) and len(inside) == 1:
            return f"({inside[0]})"  # Python takes one argument for a list
        name = _FUNCTIONS[function]
        self.needs_math |= name.startswith("math.")
        return f"{name}({', '.join(inside)})"

    def _reference(self, reference: Reference) -> str:
        name = self.variables.get(reference.name) or self.parameters.get(reference.name)
        if name is None:
            return f"float({self.bound(reference.name)})"
        if not reference.indices:
            return name
        return f"{name}[{', '.join(map(self._index, reference.indices))}]"

    def _index(self, index: Index) -> str:
        return literal(index.name) if isinstance(index, Element) else self.bound(index.name)

    def loop(self, binding: Binding) -> str:
        """One binding as Python loops over it."""
        return f"for {', '.join(map(self.bound, binding.names))} in {self.sets[binding.over]}"

    def loops(self, bindings: Iterable[Binding]) -> str:
        """Bindings as a comprehension has them."""
        return " ".join(map(self.loop, bindings))

    def condition(self, conditions: Iterable[Condition]) -> str:
        """Conditions as Python tests them; empty if there are none."""
        found = []
        for item in conditions:
            sides = [self._index(item.left), self._index(item.right)]
            if item.comparison not in (Comparison.EQUAL, Comparison.DIFFERENT):
                ordered = self.sets[self._ordering(item)]
                sides = [f"{ordered}.index({side})" for side in sides]
            found.append(f"{sides[0]} {_SIGNS.get(item.comparison, item.comparison)} {sides[1]}")
        return " and ".join(found)
