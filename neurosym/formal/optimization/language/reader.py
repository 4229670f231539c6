"""Reads the modelling language.

::

    set Markets = Oslo, Bergen
    param demand{Markets} = Oslo: 30, Bergen: 12 unit "tonnes"
    var ship{m in Markets} integer >= 0 unit "tonnes" "what is shipped there"
    minimize cost: sum{m in Markets} 2.5 * ship[m] unit "dollars"
    enough{m in Markets} @3: ship[m] >= demand[m] "Each market gets what it needs."
    either: if ship[Oslo] > 40 then ship[Bergen] <= 5

One statement a line. ``@3`` tells the sentence a constraint comes from, and what stands in double
quotes is said in words. Names that are no words stand in single quotes. A constraint compares two
sides, or joins comparisons by ``if … then …``, ``or``, ``at_most 2 of (…, …)``; one of three sides
(``1 <= x <= 5``) is two constraints. ``50 x`` is ``50 * x`` and ``70%`` is 0.7. Everything is
declared before it is used.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from fractions import Fraction
from functools import cache
from itertools import pairwise
from typing import Any

from neurosym.errors import FormulaError
from neurosym.formal import grammar
from neurosym.formal.optimization.expression import (
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
    Piecewise,
    Power,
    Reference,
    Sum,
    add,
    multiply,
    negate,
)
from neurosym.formal.optimization.model import (
    AnyOf,
    Claim,
    Constraint,
    Count,
    Domain,
    Implies,
    IndexSet,
    Model,
    Objective,
    Parameter,
    Relation,
    Sense,
    Variable,
)

__all__ = ["COMPARISONS", "read_model"]

COMPARISONS = {
    "<": Comparison.LESS,
    "<=": Comparison.AT_MOST,
    "≤": Comparison.AT_MOST,
    "=": Comparison.EQUAL,
    "==": Comparison.EQUAL,
    ">=": Comparison.AT_LEAST,
    "≥": Comparison.AT_LEAST,
    ">": Comparison.GREATER,
    "!=": Comparison.DIFFERENT,
    "≠": Comparison.DIFFERENT,
}
"""What each sign between two sides means."""

_COUNTS = {
    "at_most": Comparison.AT_MOST,
    "at_least": Comparison.AT_LEAST,
    "exactly": Comparison.EQUAL,
}
_WORDS = {
    "NAME": "a name",
    "QUOTED": "a name in quotes",
    "NUMBER": "a number",
    "COMPARISON": "<=, = or >=",
    "SIGN": "+ or -",
    "STAR": "*",
    "SLASH": "/",
    "LPAR": "(",
    "RPAR": ")",
    "LSQB": "[",
    "RSQB": "]",
    "LBRACE": "{",
    "COLON": ":",
    "COMMA": ",",
    "EQUAL": "=",
    "STRING": 'words in "quotes"',
    "_SEPARATOR": "a new line",
    "IF": "if",
    "THEN": "then",
    "IN": "in",
}


@cache
def _parser() -> Any:
    return grammar.load_grammar(__package__, "model")


def read_model(text: str, *, name: str = "model") -> Model:
    """Read a model.

    Args:
        text: The model.
        name: What to call it.

    Raises:
        FormulaError: The text does not follow the grammar, or uses a name that is not declared,
            or declares one twice.
    """
    tree = grammar.parse_tree(_parser(), text, _WORDS)
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


@dataclass(slots=True)
class _Reader:
    text: str
    objective: Objective | None = None
    constraints: list[Constraint] = field(default_factory=list)
    variables: dict[str, Variable] = field(default_factory=dict)
    parameters: dict[str, Parameter] = field(default_factory=dict)
    sets: dict[str, IndexSet] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    bound: Mapping[str, str] = field(default_factory=dict)

    def fault(self, tree: Any, problem: str, hint: str = "Mend the line at the caret.") -> Any:
        """The error that something at a place is wrong."""
        token = grammar.first_token(tree)
        return FormulaError(
            problem, text=self.text, hint=hint,
            line=getattr(token, "line", 1), column=getattr(token, "column", 1),
        )  # fmt: skip

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
        name = _text(tree)
        if name in self.names:
            raise self.fault(tree, f"{name} is declared twice", "Give each thing its own name.")
        self.names.add(name)
        return name

    def _set(self, tree: Any) -> None:
        name, _, *rest = tree.children
        elements = tuple(
            tuple(map(_text, item.children)) for item in rest if item.data == "element"
        )
        declared = IndexSet(self._declare(name), elements, _words(rest, "meaning"))
        for item, element in zip(rest, elements, strict=False):
            if len(element) != declared.width:
                raise self.fault(item, f"elements of {declared.name} have {declared.width} parts")
            if elements.count(element) > 1:
                raise self.fault(item, f"{', '.join(element)} is in {declared.name} twice")
        self.sets[declared.name] = declared

    def _parameter(self, tree: Any) -> None:
        name, *rest = tree.children
        rest = [part for part in rest if hasattr(part, "data")]
        over = tuple(
            self._known(child, self.sets, "set")
            for part in rest if part.data == "over" for child in part.children
        )  # fmt: skip
        [data] = [part for part in rest if part.data == "data"]
        values: dict[tuple[str, ...], Fraction] = {}
        for item in data.children:
            key: tuple[str, ...] = ()
            if item.data == "entry":
                key = tuple(map(_text, item.children[0].children))
                number = item.children[1]
            else:
                number = item
            if key in values:
                raise self.fault(item, f"{_text(name)} has two values for {', '.join(key)}")
            values[key] = _signed(number)
        declared = Parameter(
            self._declare(name), over, values, _words(rest, "unit"), _words(rest, "meaning")
        )
        self.parameters[declared.name] = declared

    def _variable(self, tree: Any) -> None:
        name, *rest = tree.children
        over, conditions = self._bindings(rest)
        if conditions:
            raise self.fault(tree, "a variable is declared for all elements of its sets")
        lower = upper = None
        domain = Domain.CONTINUOUS
        for part in rest:
            if not hasattr(part, "data"):
                domain = Domain(str(part))
            elif part.data == "bound":
                comparison = COMPARISONS[str(part.children[0])]
                limit = self._expression(part.children[1])
                if comparison in (Comparison.AT_LEAST, Comparison.EQUAL) and lower is None:
                    lower = limit
                if comparison in (Comparison.AT_MOST, Comparison.EQUAL) and upper is None:
                    upper = limit
                if comparison not in _BOUNDS:
                    raise self.fault(part, "a bound is given by >=, <= or =")
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
        name = _text(rest.pop(0)) if rest[0].data == "name" else "objective"
        self.objective = Objective(
            Sense(str(direction)), self._expression(rest[0]), name,
            _words(rest, "unit"), _words(rest, "meaning"),
        )  # fmt: skip

    def _constraint(self, tree: Any) -> None:
        name, *rest = tree.children
        over, conditions = self._bindings(rest)
        sentence = [int(part.children[0]) for part in rest if part.data == "sentence"]
        [claim] = [part for part in rest if part.data in _CLAIMS]
        found = list(self._claims(claim))
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

    def _further(self, name: str, number: int) -> str:
        """A name for a further part of a constraint."""
        while f"{name}_{number}" in self.names:
            number += 1
        self.names.add(f"{name}_{number}")
        return f"{name}_{number}"

    def _known(self, tree: Any, among: Mapping[str, Any], what: str) -> str:
        name = _text(tree)
        if name not in among:
            near = get_close_matches(name, [*among], n=1)
            meant = f"Did you mean {near[0]}? " if near else ""
            raise self.fault(
                tree, f"{name} is not declared as a {what}", f"{meant}Declare it before it is used."
            )
        return name

    # ------------------------------------------------------------ constraints

    def _claims(self, tree: Any) -> Iterator[Claim]:
        parts = tree.children
        match tree.data:
            case "relation":
                [chain] = parts
                sides = [self._expression(part) for part in chain.children[::2]]
                signs = [COMPARISONS[str(sign)] for sign in chain.children[1::2]]
                for left, sign, right in zip(sides[:-1], signs, sides[1:], strict=True):
                    yield Relation(left, sign, right)
            case "implies":
                yield Implies(*map(self._comparison, parts))
            case "any_of":
                yield AnyOf(tuple(map(self._comparison, parts)))
            case "count":
                sign, number, *inside = parts
                count = int(number) if str(number).isdigit() else -1
                if not 0 <= count <= len(inside):
                    raise self.fault(tree, f"{number} of {len(inside)} is no count")
                yield Count(_COUNTS[str(sign)], count, tuple(map(self._comparison, inside)))

    def _comparison(self, tree: Any) -> Relation:
        left, sign, right = tree.children
        return Relation(self._expression(left), COMPARISONS[str(sign)], self._expression(right))

    def _bindings(self, parts: list[Any]) -> tuple[tuple[Binding, ...], tuple[Condition, ...]]:
        """The bindings among the parts of a statement; their names stand for elements from here."""
        bindings: list[Binding] = []
        conditions: list[Condition] = []
        for part in parts:
            if getattr(part, "data", "") != "bindings":
                continue
            for item in part.children:
                if item.data == "binding":
                    *names, over = item.children
                    found = Binding(tuple(map(_text, names)), self._known(over, self.sets, "set"))
                    width = self.sets[found.over].width
                    if width != len(names):
                        raise self.fault(item, f"elements of {found.over} have {width} parts")
                    bindings.append(found)
                    self.bound = {**self.bound, **dict.fromkeys(found.names, found.over)}
                else:
                    left, sign, right = item.children
                    conditions.append(
                        Condition(self._index(left), COMPARISONS[str(sign)], self._index(right))
                    )
        return tuple(bindings), tuple(conditions)

    def _index(self, tree: Any) -> Index:
        name = _text(tree)
        return IndexName(name) if name in self.bound else Element(name)

    # ------------------------------------------------------------ expressions

    def _expression(self, tree: Any) -> Expression:
        parts = tree.children
        match tree.data:
            case "number":
                return Constant(_number(parts))
            case "reference":
                return self._reference(tree)
            case "scaled":
                return multiply(Constant(Fraction(str(parts[0]))), self._reference(parts[1]))
            case "signed_sum":
                return self._signed(parts[0], self._expression(parts[1]))
            case "added":
                left, sign, right = parts
                return add(self._expression(left), self._signed(sign, self._expression(right)))
            case "times":
                return multiply(*map(self._expression, parts))
            case "divided":
                return _divide(*map(self._expression, parts))
            case "raised":
                return Power(*map(self._expression, parts))
            case "call":
                return self._call(tree)
            case "total":
                return self._total(tree)
        return self._piecewise(tree)

    def _signed(self, sign: Any, value: Expression) -> Expression:
        return value if str(sign) == "+" else negate(value)

    def _reference(self, tree: Any) -> Expression:
        name = _text(tree.children[0])
        if len(tree.children) == 1 and name in self.bound:
            return Reference(name)
        self._known(tree.children[0], self.variables | self.parameters, "variable or parameter")
        return Reference(name, tuple(map(self._index, tree.children[1:])))

    def _call(self, tree: Any) -> Expression:
        function = Function(str(tree.children[0]))
        arguments = tuple(map(self._expression, tree.children[1:]))
        if len(arguments) > 1 and function not in (Function.MIN, Function.MAX):
            raise self.fault(tree, f"{function} takes one argument")
        return Call(function, arguments)

    def _total(self, tree: Any) -> Expression:
        outer = self.bound
        bindings, term = tree.children
        over, conditions = self._bindings([bindings])
        found = Sum(over, self._expression(term), conditions)
        self.bound = outer
        return found

    def _piecewise(self, tree: Any) -> Expression:
        argument, *points = tree.children
        found = tuple((_signed(x), _signed(y)) for x, y in (point.children for point in points))
        if len(found) < 2 or any(a[0] >= b[0] for a, b in pairwise(found)):
            raise self.fault(tree, "a piecewise function takes two points or more, left to right")
        return Piecewise(self._expression(argument), found)


_CLAIMS = frozenset({"relation", "implies", "any_of", "count"})
_BOUNDS = frozenset({Comparison.AT_LEAST, Comparison.AT_MOST, Comparison.EQUAL})


def _text(tree: Any) -> str:
    """The name in a tree, without its quotes."""
    [token] = tree.children
    return str(token).strip("'")


def _words(parts: list[Any], what: str) -> str:
    """What a statement says in double quotes, as its unit or its meaning."""
    for part in parts:
        if getattr(part, "data", "") == what:
            return str(part.children[-1]).strip('"')
    return ""


def _number(tokens: list[Any]) -> Fraction:
    value = Fraction(str(tokens[0]))
    return value / 100 if len(tokens) > 1 else value


def _signed(tree: Any) -> Fraction:
    """A number of data: with a sign, a percentage, or a fraction."""
    tokens = [str(token) for token in tree.children]
    sign = -1 if tokens[0] in ("-", "−") else 1
    numbers = [token for token in tokens if token not in ("+", "-", "−")]
    value = Fraction(numbers[0])
    if len(numbers) > 1:
        value /= 100 if numbers[1] == "%" else Fraction(numbers[1])
    return sign * value


def _divide(numerator: Expression, denominator: Expression) -> Expression:
    if isinstance(denominator, Constant) and denominator.value:
        # 3 / 4 is a number, and x / 4 is a quarter of x.
        return multiply(Constant(1 / denominator.value), numerator)
    return Divide(numerator, denominator)
