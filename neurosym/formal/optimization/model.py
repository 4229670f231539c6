"""An optimization model as a value, in the five elements of LLMOPT.

Sets, parameters, variables, objective and constraints (Jiang et al. 2025, arXiv:2410.13213,
section 3.1), each with the words it comes from. What a model says of one element of a set at a time
stays so (``for all p in Plants``); :mod:`neurosym.formal.optimization.grounding` writes it out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

from neurosym.formal.optimization.expression import (
    Binding,
    Comparison,
    Condition,
    Expression,
    references,
)

if TYPE_CHECKING:
    from neurosym.formal.optimization.instance import Instance

__all__ = [
    "AnyOf",
    "Claim",
    "Constraint",
    "Count",
    "Domain",
    "Implies",
    "IndexSet",
    "Model",
    "Objective",
    "Parameter",
    "Relation",
    "Sense",
    "Variable",
    "relations",
]


class Domain(StrEnum):
    """Which numbers a variable may be."""

    CONTINUOUS = "continuous"
    INTEGER = "integer"
    BINARY = "binary"


class Sense(StrEnum):
    """Which way an objective is better."""

    MINIMIZE = "minimize"
    MAXIMIZE = "maximize"


@dataclass(frozen=True, slots=True)
class IndexSet:
    """A set to index by.

    Attributes:
        name: Its name.
        elements: Its elements in order; each is a tuple of names, of one name if it is no tuple.
        meaning: What it is, in words.
    """

    name: str
    elements: tuple[tuple[str, ...], ...]
    meaning: str = ""

    @property
    def width(self) -> int:
        """Names that make up an element."""
        return len(self.elements[0]) if self.elements else 1


@dataclass(frozen=True, slots=True)
class Parameter:
    """A given number, or one for each element of sets.

    Attributes:
        name: Its name.
        over: The sets that index it.
        values: The numbers by the names of their elements, ``()`` if there is just one.
        unit: What it is measured in; empty if unknown.
        meaning: What it is, or the words it comes from.
    """

    name: str
    over: tuple[str, ...]
    values: Mapping[tuple[str, ...], Fraction]
    unit: str = ""
    meaning: str = ""


@dataclass(frozen=True, slots=True)
class Variable:
    """A number to decide, or one for each element of sets.

    Attributes:
        name: Its name.
        over: The sets that index it, with the names that its bounds call their elements by.
        domain: Which numbers it may be.
        lower: Least value, of numbers and parameters; ``None`` is none.
        upper: Greatest value; ``None`` is none.
        unit: What it is measured in; empty if unknown.
        meaning: What is decided, in words.
    """

    name: str
    over: tuple[Binding, ...] = ()
    domain: Domain = Domain.CONTINUOUS
    lower: Expression | None = None
    upper: Expression | None = None
    unit: str = ""
    meaning: str = ""


@dataclass(frozen=True, slots=True)
class Objective:
    """What is to be as small or as great as can be."""

    sense: Sense
    expression: Expression
    name: str = "objective"
    unit: str = ""
    meaning: str = ""


@dataclass(frozen=True, slots=True)
class Relation:
    """Two sides compared."""

    left: Expression
    comparison: Comparison
    right: Expression


@dataclass(frozen=True, slots=True)
class Implies:
    """If one holds, so does the other."""

    condition: Relation
    consequence: Relation


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one of two or more holds."""

    alternatives: tuple[Relation, ...]


@dataclass(frozen=True, slots=True)
class Count:
    """So many of these hold: at most, at least, or exactly ``number``."""

    comparison: Comparison
    number: int
    of: tuple[Relation, ...]


Claim: TypeAlias = Relation | Implies | AnyOf | Count
"""What a constraint says."""


@dataclass(frozen=True, slots=True)
class Constraint:
    """What any decision must keep to.

    Attributes:
        name: Its name, unique in the model.
        claim: What must hold.
        over: For which elements it must hold; empty if it is said once.
        conditions: Which of these are meant.
        sentence: Number of the sentence it comes from, from 1; ``None`` if unknown.
        source: The sentence, or its words.
    """

    name: str
    claim: Claim
    over: tuple[Binding, ...] = ()
    conditions: tuple[Condition, ...] = ()
    sentence: int | None = None
    source: str = ""


@dataclass(frozen=True)
class Model:
    """The five elements. Made by a reader, which checks that they hold together.

    Attributes:
        objective: What is to be best.
        constraints: What must hold.
        variables: What is to be decided.
        parameters: What is given.
        sets: What indexes them.
        source: The text it was read from.
        name: Its name.
        notes: What is odd about the text, in words.
    """

    objective: Objective
    constraints: tuple[Constraint, ...] = ()
    variables: tuple[Variable, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    sets: tuple[IndexSet, ...] = ()
    source: str = field(default="", compare=False)
    name: str = "model"
    notes: tuple[str, ...] = field(default=(), compare=False)

    @cached_property
    def instance(self) -> Instance:
        """The model written out, number by number.

        Raises:
            FormulationError: The elements do not hold together.
        """
        from neurosym.formal.optimization.grounding import ground

        return ground(self)

    @cached_property
    def digest(self) -> str:
        """Hexadecimal digits that stand for what the model means.

        The same for models that differ in names, order, layout or the scale of constraints alone.
        """
        from neurosym.formal.optimization.canonical import instance_digest

        return instance_digest(self.instance)

    def _repr_html_(self) -> str:
        """Tables in plain words, which notebooks show."""
        from neurosym.formal.optimization.formats.texts import one_line
        from neurosym.formal.optimization.formats.wording import tables_of
        from neurosym.tables import html_of_tables

        return html_of_tables(one_line(self.name), tables_of(self), "neurosym-model")

    def expressions(self) -> Iterator[Expression]:
        """Every expression in it, of the objective, the constraints and the bounds."""
        yield self.objective.expression
        for constraint in self.constraints:
            for relation in relations(constraint.claim):
                yield relation.left
                yield relation.right
        for variable in self.variables:
            if variable.lower is not None:
                yield variable.lower
            if variable.upper is not None:
                yield variable.upper

    def names_used(self) -> set[str]:
        """Names of the parameters and variables that some expression holds."""
        return {
            reference.name
            for expression in self.expressions()
            for reference in references(expression)
        }


def relations(claim: Claim) -> tuple[Relation, ...]:
    """The comparisons that a claim is made of."""
    match claim:
        case Relation():
            return (claim,)
        case Implies(condition, consequence):
            return (condition, consequence)
        case AnyOf(inside) | Count(_, _, inside):
            return inside
