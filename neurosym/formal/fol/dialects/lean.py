"""Lean 4 statements, for people to prove. Printed only.

A theory becomes one theorem whose binders are its sorts, symbols and premises, and whose proof is
left out, so that :func:`neurosym.formal.lean.theorem.read_theorem` reads what it states. It needs
Lean's core library and no other. ``Rat`` stands for the real numbers, which core Lean does not
have. Enumerations are inductive types; a range is a predicate on ``Int``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NoReturn

from neurosym.errors import FormulaError, InexpressibleError
from neurosym.formal.fol.dialects.lean_printer import Names, Printer
from neurosym.formal.fol.signature import Enumeration, Range, Signature, SymbolType, settle
from neurosym.formal.fol.syntax import (
    ENTITY,
    INTEGER,
    REAL,
    Count,
    Formula,
    Less,
    LessEqual,
    Node,
    bound_by,
    walk,
)
from neurosym.formal.fol.theory import Option, OptionTest, Theory

__all__ = ["LEAN", "Lean", "theorem_text"]


@dataclass(frozen=True, slots=True)
class Lean:
    """Lean 4, printed only."""

    name: str = "lean"

    def parse_formula(self, text: str) -> Formula:
        """Refuse: Lean is not read.

        Raises:
            FormulaError: Always.
        """
        _refuse(text)

    def print_formula(self, formula: Formula) -> str:
        """Write one formula; see :class:`neurosym.formal.fol.dialects.base.Dialect`.

        Its symbols are taken to be of the sorts that fit it.
        """
        sorts = {variable.sort for item in walk(formula) for variable in bound_by(item)}
        declared = Signature(dict.fromkeys(sorted(sorts - {ENTITY, INTEGER, REAL})))
        (settled,), signature = settle([formula], declared)
        return Printer(Names(signature)).formula(settled)

    def parse_theory(self, text: str, *, tolerant: bool = False) -> Theory:
        """Refuse: Lean is not read.

        Raises:
            FormulaError: Always.
        """
        _refuse(text)

    def print_theory(self, theory: Theory) -> str:
        """Write a theorem; see :class:`neurosym.formal.fol.dialects.base.Dialect`.

        Each option that must or cannot hold becomes a theorem of its own.
        """
        return theorem_text(theory, range(1, len(theory.premises) + 1))


LEAN = Lean()


def theorem_text(theory: Theory, numbers: Iterable[int]) -> str:
    """Write a theorem whose premises have numbers of their own.

    Args:
        theory: What is assumed, and what follows from it.
        numbers: The numbers by which the premises are called, one each, such as those that they
            have in a theory with more of them.

    Raises:
        InexpressibleError: Core Lean has no way to say it, or there is nothing to prove.
    """
    return "\n".join(_lines(theory, tuple(numbers))) + "\n"


def _refuse(text: str) -> NoReturn:
    raise FormulaError(
        "Lean is printed, not read", text=text, line=1, column=1,
        hint="Write it in another dialect, such as fol or smtlib.",
    )  # fmt: skip


def _lines(theory: Theory, numbers: tuple[int, ...]) -> Iterator[str]:
    names = Names(theory.signature)
    printer = Printer(names)
    goals = list(_goals(theory, printer))
    definitions = list(_definitions(theory, names))
    if definitions:
        yield "namespace Problem"
        yield ""
        yield from definitions
    counts = any(isinstance(item, Count) for item in _nodes(theory))
    for name, sentence, goal in goals:
        if counts:  # whether a case counts has to be decided
            yield "open Classical in"
        yield f"theorem {name}{_type_binders(theory.signature, names)}"
        yield from _binders(theory, numbers, names, printer)
        for line in _comments(sentence):
            yield f"    {line}"
        yield f"    : {goal} := by"
        yield "  sorry"
        yield ""
    if definitions:
        yield "end Problem"


def _nodes(theory: Theory) -> Iterator[Node]:
    for formula in theory.formulas:
        yield from walk(formula)


def _goals(theory: Theory, printer: Printer) -> Iterator[tuple[str, str, str]]:
    """Name, sentence and statement of each theorem."""
    if theory.claim is not None:
        yield "claim", theory.claim.sentence, printer.formula(theory.claim.formula)
    elif not theory.options:
        raise InexpressibleError(
            "a Lean theorem needs something to prove", hint="Give the theory a claim."
        )
    for number, option in enumerate(theory.options, 1):
        yield f"option_{number}", _described(option), _option_goal(option, printer)


def _described(option: Option) -> str:
    words = f"Option {option.label} {option.test.value} hold."
    return f"{words}\n{option.sentence}" if option.sentence else words


def _option_goal(option: Option, printer: Printer) -> str:
    if option.test is OptionTest.MUST:
        return printer.formula(option.formula)
    if option.test is OptionTest.CANNOT:
        return f"¬ {printer.unit(option.formula)}"
    raise InexpressibleError(
        f"that option {option.label} {option.test.value} hold follows from no premises",
        hint="Lean can state options that must or cannot hold.",
    )


def _definitions(theory: Theory, names: Names) -> Iterator[str]:
    ranked = {
        names.signature.sorts.get(names.sort_of(item.left))
        for item in _nodes(theory)
        if isinstance(item, Less | LessEqual)
    }
    for sort, kind in theory.signature.sorts.items():
        name = names.sort(sort)
        if isinstance(kind, Enumeration):
            yield f"inductive {name} where"
            for member in kind.members:
                yield f"  | {names.constructor(member)}"
            yield ""
            if kind in ranked:
                yield f"def {names.rank(sort)} : {name} → Int"
                for place, member in enumerate(kind.members):
                    yield f"  | .{names.constructor(member)} => {place}"
                yield ""
        elif isinstance(kind, Range):
            tests = " ∨ ".join(f"n = {number}" for number in kind.values) or "False"
            yield f"def {name} (n : Int) : Prop := {tests}"
            yield ""


def _type_binders(signature: Signature, names: Names) -> str:
    sorts = [ENTITY, *(sort for sort, kind in signature.sorts.items() if kind is None)]
    return "".join(f" {{{name} : Type}} [Nonempty {name}]" for name in map(names.sort, sorts))


def _binders(
    theory: Theory, numbers: tuple[int, ...], names: Names, printer: Printer
) -> Iterator[str]:
    signature = theory.signature
    for name, symbol in signature.predicates.items():
        yield f"    ({names.predicate(name)} : {_type(symbol, 'Prop', names)})"
    for name, symbol in signature.functions.items():
        result = names.type_of(symbol.result)
        yield f"    ({names.function(name)} : {_type(symbol, result, names)})"
    for number, (name, symbol) in enumerate(signature.functions.items(), 1):
        if isinstance(signature.sorts.get(symbol.result), Range):
            yield f"    (typing_{number} : {_typing(name, symbol, names)})"
    for number, statement in zip(numbers, theory.premises, strict=True):
        for line in _comments(statement.sentence):
            yield f"    {line}"
        yield f"    (premise_{number} : {printer.formula(statement.formula)})"


def _type(symbol: SymbolType, result: str, names: Names) -> str:
    return " → ".join([*map(names.type_of, symbol.args), result])


def _typing(name: str, symbol: SymbolType, names: Names) -> str:
    """That the values of a function are in its range."""
    function = names.function(name)
    args = [(f"{names.free('x')}{number}", sort) for number, sort in enumerate(symbol.args, 1)]
    value = f"({' '.join([function, *(arg for arg, _ in args)])})" if args else function
    text = f"{names.sort(symbol.result)} {value}"
    for arg, sort in reversed(args):
        if isinstance(names.signature.sorts.get(sort), Range):
            text = f"{names.sort(sort)} {arg} → {text}"
        text = f"∀ {arg} : {names.type_of(sort)}, {text}"
    return text


def _comments(sentence: str) -> Iterator[str]:
    for line in sentence.splitlines():
        yield f"-- {line}"
