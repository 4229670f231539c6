"""Scripts as text: the commands that declare a theory, and assert and ask what it says."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from neurosym.errors import InexpressibleError
from neurosym.formal.fol.dialects.smtlib_printer import (
    Spelling,
    formula_text,
    number_text,
    symbol,
)
from neurosym.formal.fol.signature import Enumeration, Range, Signature, SymbolType, sort_of
from neurosym.formal.fol.syntax import (
    BOOLEAN,
    ENTITY,
    INTEGER,
    REAL,
    Less,
    LessEqual,
    walk,
)
from neurosym.formal.fol.theory import OptionTest, Theory

__all__ = ["CLAIM", "NEGATED", "TYPING", "script_lines", "typing_text"]

CLAIM = "negated-claim"
"""The name of the assertion that denies the claim."""
TYPING = "typing-"
"""What the names begin with of assertions that say of which sort the values of functions are."""
NEGATED = (OptionTest.MUST, OptionTest.NEED_NOT)
"""The tests whose options are asserted negated."""


def script_lines(theory: Theory) -> Iterator[str]:
    """The lines of the script of a theory."""
    spelling = Spelling(signature=theory.signature)
    _check_names(theory)
    yield "(set-logic ALL)"
    yield from _sort_lines(theory)
    yield from _symbol_lines(theory)
    yield from _typing_lines(theory)
    for number, statement in enumerate(theory.premises, 1):
        yield ""
        text = formula_text(statement.formula, spelling)
        yield from _assertion(text, f"premise-{number}", statement.sentence)
    yield ""
    if theory.claim is not None:
        text = f"(not {formula_text(theory.claim.formula, spelling)})"
        yield from _assertion(text, CLAIM, theory.claim.sentence)
    if not theory.options:
        yield "(check-sat)"
    for option in theory.options:
        text = formula_text(option.formula, spelling)
        if option.test in NEGATED:
            text = f"(not {text})"
        yield "(push 1)"
        name = f"option-{option.label}-{option.test.value.replace(' ', '-')}"
        yield from _assertion(text, name, option.sentence)
        yield "(check-sat)"
        yield "(pop 1)"


def _check_names(theory: Theory) -> None:
    """See that no symbol is spelled like one that the script defines for a sort."""
    spelling, signature = Spelling(), theory.signature
    used = {*signature.functions, *signature.predicates, *signature.members()}
    texts = {symbol(name) for name in used}
    for sort, kind in signature.sorts.items():
        if kind is not None and not texts.isdisjoint({spelling.guard(sort), spelling.rank(sort)}):
            raise InexpressibleError(
                f"a symbol is named like the function that the script defines for {sort}",
                hint=f"Name nothing is-{sort} or rank-{sort}.",
            )


def _assertion(text: str, name: str, sentence: str) -> Iterator[str]:
    if sentence:
        for line in sentence.split("\n"):
            yield f"; {line}" if line else ";"
    yield f"(assert (! {text} :named {symbol(name)}))"


def _sort_lines(theory: Theory) -> Iterator[str]:
    yield f"(declare-sort {ENTITY} 0)"
    needs_ranks = any(
        isinstance(item, Less | LessEqual) and _is_listed(item, theory)
        for formula in theory.formulas
        for item in walk(formula)
    )
    spelling = Spelling()
    for sort, kind in theory.signature.sorts.items():
        name = symbol(sort)
        if isinstance(kind, Enumeration):
            if not kind.members:
                raise InexpressibleError(
                    f"SMT-LIB has no sort without members, as {sort} is", hint="Give it members."
                )
            members = list(map(symbol, kind.members))
            listed = " ".join(f"({member})" for member in members)
            yield f"(declare-datatypes (({name} 0)) (({listed})))"
            if needs_ranks:
                yield f"(define-fun {spelling.rank(sort)} {_rank(name, members)})"
        elif isinstance(kind, Range):
            tests = [f"(= n {number_text(Fraction(value))})" for value in kind.values]
            test = f"(or {' '.join(tests)})" if len(tests) > 1 else "".join(tests) or "false"
            yield f"(define-sort {name} () {INTEGER})"
            yield f"(define-fun {spelling.guard(sort)} ((n {name})) {BOOLEAN} {test})"
        else:
            yield f"(declare-sort {name} 0)"


def _rank(sort: str, members: list[str]) -> str:
    """Parameter, sort and body of the function that gives the place of a member."""
    item = "m"
    while item in members:
        item += "m"
    rank = str(len(members) - 1)
    for number, member in reversed(list(enumerate(members[:-1]))):
        rank = f"(ite (= {item} {member}) {number} {rank})"
    return f"(({item} {sort})) {INTEGER} {rank}"


def _is_listed(item: Less | LessEqual, theory: Theory) -> bool:
    sort = sort_of(item.left, theory.signature)
    return isinstance(theory.signature.sorts.get(sort), Enumeration)


def _symbol_lines(theory: Theory) -> Iterator[str]:
    for table in (theory.signature.functions, theory.signature.predicates):
        for name, kind in table.items():
            args = " ".join(map(_sort, kind.args))
            yield f"(declare-fun {symbol(name)} ({args}) {_sort(kind.result)})"


def _sort(name: str) -> str:
    return name if name in (BOOLEAN, INTEGER, REAL) else symbol(name)


def _typing_lines(theory: Theory) -> Iterator[str]:
    for name, symbol_type in theory.signature.functions.items():
        text = typing_text(name, symbol_type, theory.signature)
        if text:
            yield f"(assert (! {text} :named {symbol(TYPING + name)}))"


def typing_text(name: str, kind: SymbolType, signature: Signature) -> str:
    """What sorts say that solvers cannot tell: values of a function into a range are in it.

    Empty where there is nothing to say.
    """
    kinds, guard = signature.sorts, Spelling().guard
    if not isinstance(kinds.get(kind.result), Range):
        return ""
    prefix = "y" if name.startswith("x") else "x"  # hides no symbol of the assertion
    args = [(f"{prefix}{n}", sort) for n, sort in enumerate(kind.args, 1)]
    value = f"({symbol(name)} {' '.join(arg for arg, _ in args)})" if args else symbol(name)
    text = f"({guard(kind.result)} {value})"
    for arg, sort in reversed(args):
        if isinstance(kinds.get(sort), Range):
            text = f"(=> ({guard(sort)} {arg}) {text})"
        text = f"(forall (({arg} {_sort(sort)})) {text})"
    return text
