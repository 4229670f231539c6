"""What may stand where numbers belong, and how it is said that something is out of place.

A whole number may stand for a real one, never the other way round. No numeral outside of a range
may stand where that range belongs. What is calculated may leave it, as in ``seated(next + 1)``:
there a predicate holds or not, and a function has some value of its sort, of which nothing else is
known. All provers are told so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from neurosym.errors import InexpressibleError, SortError
from neurosym.formal.fol.dialects.infix_printer import print_formula
from neurosym.formal.fol.dialects.unicode import UNICODE_NOTATION
from neurosym.formal.fol.sorts import Range, Signature, sort_of
from neurosym.formal.fol.syntax import (
    INTEGER,
    REAL,
    Apply,
    Arithmetic,
    Atom,
    Count,
    Formula,
    Node,
    Number,
    Term,
    Variable,
    walk,
)

__all__ = ["check_numbers", "may_leave", "misplaced", "name_of"]

_SHOWN = 200
"""Characters of a formula that an error shows."""
_LISTED = 8
"""Numbers of a range that an error lists."""


def name_of(term: Term) -> str:
    """What a term is called in errors."""
    match term:
        case Variable(name=name) | Apply(function=name):
            return name
        case Number(value=value):
            return f"the number {value}"
        case Arithmetic():
            return "what is calculated"
        case Count():
            return "a count"


def misplaced(
    problem: str, formula: Formula, number: int, *, expected: str = "", hint: str
) -> SortError:
    """An error that says in which formula something is out of place.

    Formulas do not know their lines; the formula is shown beneath, as a line is elsewhere.

    Args:
        problem: What is wrong, in one line.
        formula: The formula.
        number: Its number, from 1.
        expected: What could have stood there, in plain words.
        hint: What to do about it.
    """
    wanted = f"; expected {expected}" if expected else ""
    message = f"formula {number}: {problem}{wanted}"
    try:
        text = print_formula(UNICODE_NOTATION, formula)
    except InexpressibleError:  # a name that unicode logic cannot spell
        return SortError(message, hint=hint)
    shown = text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
    return SortError(f"{message}\n  {shown}", hint=hint)


def may_leave(term: Term, place: str, signature: Signature) -> bool:
    """Whether a term may be a number outside of the range that belongs in its place."""
    kind = signature.sorts.get(place)
    if not isinstance(kind, Range):
        return False
    if isinstance(term, Number):
        return term.value not in kind.values
    own = signature.sorts.get(sort_of(term, signature))
    return not isinstance(own, Range) or not set(own.values) <= set(kind.values)


def check_numbers(formulas: Sequence[Formula], signature: Signature) -> None:
    """See that all numbers may stand where they do.

    Args:
        formulas: Formulas whose symbols have types, with numbers where numbers belong.
        signature: Their types.

    Raises:
        SortError: A real number stands where a whole one belongs, or a numeral is not in the range
            that belongs there.
    """
    tables = (signature.functions, signature.predicates)
    places = {sort for table in tables for kind in table.values() for sort in kind.args}
    if not any(sort == INTEGER or isinstance(signature.sorts.get(sort), Range) for sort in places):
        return
    for number, formula in enumerate(formulas, 1):
        for node in walk(formula):
            for head, place, term, sort in _arguments(node, signature):
                if expected := _expected(term, sort, signature):
                    own = sort_of(term, signature)
                    raise misplaced(
                        f"argument {place} of {head} is {name_of(term)} ({own})",
                        formula, number, expected=expected,
                        hint=f"Put such a number there, or declare {head} otherwise.",
                    )  # fmt: skip


def _arguments(node: Node, signature: Signature) -> Iterator[tuple[str, int, Term, str]]:
    """Of each argument of a symbol the symbol's name, its place, itself, and what belongs there."""
    match node:
        case Atom(predicate=name, args=args) if args:
            sorts = signature.predicates[name].args
        case Apply(function=name, args=args) if args:
            sorts = signature.functions[name].args
        case _:
            return
    for place, (term, sort) in enumerate(zip(args, sorts, strict=True), 1):
        yield name, place, term, sort


def _expected(term: Term, place: str, signature: Signature) -> str:
    """What belongs in a place where a term must not stand; nothing where it may."""
    kind = signature.sorts.get(place)
    if isinstance(kind, Range):
        is_outside = isinstance(term, Number) and may_leave(term, place, signature)
        if is_outside or sort_of(term, signature) == REAL:
            return f"something of sort {place} ({_listed(kind)})"
    elif place == INTEGER and sort_of(term, signature) == REAL:
        return "a whole number"
    return ""


def _listed(kind: Range) -> str:
    first, *rest = map(str, kind.values)
    if len(rest) < _LISTED:
        return ", ".join([first, *rest])
    return f"{first}, {rest[0]}, …, {rest[-1]}"
