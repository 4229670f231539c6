"""What a model says, in plain words, as rows of tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from neurosym.formal.optimization.expression import (
    Add,
    Binding,
    Call,
    Column,
    Comparison,
    Condition,
    Constant,
    Divide,
    Expression,
    Function,
    Multiply,
    Piecewise,
    Power,
    Reference,
    Sum,
)
from neurosym.formal.optimization.formats.texts import one_line
from neurosym.formal.optimization.language.printer import print_number
from neurosym.formal.optimization.model import (
    AnyOf,
    Claim,
    Constraint,
    Count,
    Domain,
    IndexSet,
    Model,
    Parameter,
    Relation,
    Variable,
    relations,
)
from neurosym.formal.optimization.notation import (
    ATOM,
    MANY_TERMS,
    POWER,
    PRODUCT,
    SUM,
    Notation,
)
from neurosym.tables import Table, first_rows

__all__ = ["Words", "tables_of"]

_COMPARED = {
    Comparison.LESS: "is less than",
    Comparison.AT_MOST: "is at most",
    Comparison.EQUAL: "is exactly",
    Comparison.AT_LEAST: "is at least",
    Comparison.GREATER: "is more than",
    Comparison.DIFFERENT: "is not",
}
_ORDERED = {
    Comparison.LESS: "comes before",
    Comparison.AT_MOST: "does not come after",
    Comparison.EQUAL: "is",
    Comparison.AT_LEAST: "does not come before",
    Comparison.GREATER: "comes after",
    Comparison.DIFFERENT: "is not",
}
_COUNTED = {
    Comparison.AT_MOST: "at most",
    Comparison.AT_LEAST: "at least",
    Comparison.EQUAL: "exactly",
}
_FUNCTIONS = {
    Function.EXP: "e to the power of",
    Function.LOG: "the natural logarithm of",
    Function.SQRT: "the square root of",
    Function.ABS: "the size of",
    Function.SIN: "the sine of",
    Function.COS: "the cosine of",
    Function.MIN: "the least of",
    Function.MAX: "the greatest of",
}
_KINDS = {
    Domain.CONTINUOUS: "any number",
    Domain.INTEGER: "whole number",
    Domain.BINARY: "yes (1) or no (0)",
}
_MOST_LISTED = 6


def tables_of(model: Model) -> list[Table]:
    """A model as tables in words: what is decided, what is given, what is best, what must hold.

    Of a large model the first rows of each, and the first terms of long sums; what is left out is
    counted.
    """
    words = Words(item.name for item in model.variables)
    given: list[IndexSet | Parameter] = [*model.sets, *model.parameters]
    objective = model.objective
    best = (
        "as little as can be" if objective.sense.value == "minimize" else "as much as can be",
        words.text(objective.expression),
        objective.unit,
        objective.meaning or ("" if objective.name == "objective" else objective.name),
    )
    found = [
        Table(
            "What is decided",
            ("name", "what it is", "unit", "kind", "from", "to"),
            first_rows(model.variables, words.variable),
            "nothing",
        ),
        Table(
            "What is given",
            ("name", "what it is", "unit", "value"),
            first_rows(given, _given),
        ),
        Table("What is best", ("goal", "of what", "unit", "what it is"), (best,)),
        Table(
            "What must hold",
            ("name", "what it says", "where it comes from"),
            first_rows(model.constraints, words.constraint),
            "nothing",
        ),
    ]
    cleaned = [
        Table(s.title, s.columns, tuple(tuple(map(one_line, row)) for row in s.rows), s.note)
        for s in found
    ]
    return [table.without_empty_columns() for table in cleaned if table.rows or table.note]


def _given(item: IndexSet | Parameter) -> tuple[str, ...]:
    """A row about what is given."""
    if isinstance(item, IndexSet):
        return item.name, item.meaning, "", _elements(item.elements)
    return item.name, item.meaning, item.unit, _values(item)


def _elements(elements: Sequence[tuple[str, ...]]) -> str:
    shown = [" to ".join(element) for element in elements]
    if len(shown) > _MOST_LISTED:
        return f"{', '.join(shown[: _MOST_LISTED - 2])}, … {shown[-1]} ({len(shown)} in all)"
    return ", ".join(shown)


def _values(item: Parameter) -> str:
    shown = [
        f"{', '.join(key)}: {print_number(value)}" if key else print_number(value)
        for key, value in item.values.items()
    ]
    if len(shown) > _MOST_LISTED:
        return f"{'; '.join(shown[: _MOST_LISTED - 2])}; … {shown[-1]} ({len(shown)} in all)"
    return "; ".join(shown)


class Words(Notation):
    """Says what elements of a model mean.

    Args:
        variables: Names of the variables, which are counted: "10 boats".
    """

    def __init__(self, variables: Iterable[str]) -> None:
        self._variables = frozenset(variables)

    def variable(self, item: Variable) -> tuple[str, ...]:
        """A row about a variable."""
        names = [name for binding in item.over for name in binding.names]
        name = f"{item.name}[{', '.join(names)}]" if names else item.name
        meaning = item.meaning
        if item.over:
            each = f"one {self.every(item.over, ())}"
            meaning = f"{meaning} ({each})" if meaning else each
        binary = item.domain is Domain.BINARY
        lower = "" if item.lower is None else self.text(item.lower)
        upper = "" if item.upper is None else self.text(item.upper)
        return (
            name,
            meaning,
            item.unit,
            _KINDS[item.domain],
            lower or ("0" if binary else "no limit"),
            upper or ("1" if binary else "no limit"),
        )

    def constraint(self, item: Constraint) -> tuple[str, ...]:
        """A row about a constraint."""
        said = self.claim(item.claim)
        if item.over:
            said = f"{self.every(item.over, item.conditions)}: {said}"
        where = "" if item.sentence is None else f"sentence {item.sentence}"
        return item.name, said, ": ".join(filter(None, [where, item.source]))

    def every(self, bindings: Sequence[Binding], conditions: Sequence[Condition]) -> str:
        """Of which elements something is said."""
        return f"for every {self._over(bindings, conditions)}"

    def _over(self, bindings: Iterable[Binding], conditions: Sequence[Condition]) -> str:
        shown = " and ".join(f"{', '.join(b.names)} in {b.over}" for b in bindings)
        wanted = " and ".join(
            f"{item.left.name} {_ORDERED[item.comparison]} {item.right.name}" for item in conditions
        )
        return f"{shown} where {wanted}" if wanted else shown

    def claim(self, claim: Claim) -> str:
        """What a constraint says."""
        said = [
            f"{self.text(item.left)} {_COMPARED[item.comparison]} {self.text(item.right)}"
            for item in relations(claim)
        ]
        match claim:
            case Relation():
                return said[0]
            case AnyOf():
                return f"either {', or '.join(said)} (or more of these)"
            case Count(comparison, number):
                verb = "holds" if number == 1 else "hold"
                return f"{_COUNTED[comparison]} {number} of these {verb}: {'; '.join(said)}"
        return f"if {said[0]}, then {said[1]}"

    # ------------------------------------------------------------ expressions

    times = " × "
    most_terms = MANY_TERMS

    def first_term(self, term: Expression) -> str:
        """The first term of a sum; "the sum of … over all …" would go on into the next."""
        return self.bracketed(term, PRODUCT) if isinstance(term, Sum) else self.text(term)

    def printed(self, expression: Expression) -> tuple[str, int]:
        """An expression in words, and how strongly its text binds."""
        match expression:
            case Constant(value):
                text = print_number(value)
                return text, SUM if value < 0 else PRODUCT if "/" in text else ATOM
            case Reference(name, indices):
                inside = ", ".join(index.name for index in indices)
                return f"{name}[{inside}]" if inside else name, ATOM
            case Column(number):
                return f"column {number}", ATOM
            case Multiply((Constant(value), Reference(name, ()))) if (
                value >= 0 and name in self._variables
            ):
                return f"{self.bracketed(expression.factors[0], POWER)} {name}", PRODUCT
            case Add() | Multiply() | Divide() | Power():
                return self.operation(expression)
            case Call(function, arguments):
                inside = ", ".join(map(self.text, arguments))
                shown = f"({inside})" if len(arguments) == 1 else f"{{{inside}}}"
                return f"{_FUNCTIONS[function]} {shown}", POWER
            case Sum(bindings, term, conditions):
                inside = self.bracketed(term, PRODUCT)
                return f"the sum of {inside} over all {self._over(bindings, conditions)}", SUM
            case Piecewise(argument, points):
                shown = ", ".join(f"{print_number(x)} gives {print_number(y)}" for x, y in points)
                return f"what {self.bracketed(argument, ATOM)} gives ({shown})", POWER
