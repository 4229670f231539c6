"""SMT-LIB 2.6: formulas as S-expressions, theories as scripts.

A script declares the sorts and symbols of its theory and asserts its premises, each named
``premise-1`` and so on. The claim is asserted negated, under the name ``negated-claim``, so that
the script is unsatisfiable where the claim follows. Each option stands between ``(push 1)`` and
``(pop 1)`` under a name such as ``option-A-must``; where it must or need not hold, its negation is
asserted: an option that must or cannot hold is right where the solver says ``unsat``, one that
could or need not hold where it says ``sat``. Comments right before an assertion are its sentence.

Of other scripts, what ``pop`` takes back is not in the theory, and all that is asked has to be
asked under the assertions that there are at the end. Definitions are written out, and a choice
between terms becomes one between formulas.

A range is a ``define-sort`` for ``Int`` with a predicate ``is-S`` that guards its quantifiers;
assertions named ``typing-f`` say that functions into it stay in it. A count is a sum of cases.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from neurosym.errors import FormulaError, InexpressibleError
from neurosym.formal.fol.dialects.base import load_grammar, make_theory
from neurosym.formal.fol.dialects.smtlib_items import Declared
from neurosym.formal.fol.dialects.smtlib_printer import (
    Spelling,
    formula_text,
    number_text,
    symbol,
    term_text,
)
from neurosym.formal.fol.dialects.smtlib_reader import Reader
from neurosym.formal.fol.dialects.smtlib_script import Script
from neurosym.formal.fol.dialects.smtlib_script_printer import script_lines
from neurosym.formal.fol.syntax import Apply, Atom, Formula, walk
from neurosym.formal.fol.theory import Theory
from neurosym.formal.grammar import parse_tree, place

__all__ = ["SMTLIB", "SmtLib", "Spelling", "formula_text", "number_text", "symbol", "term_text"]

_WORDS = {
    "OPEN": "'('",
    "_CLOSE": "')'",
    "SYMBOL": "a symbol",
    "NUMERAL": "a number",
}
_PASSES = 10
"""How often a formula is read to find out which of its names are predicates."""


@dataclass(frozen=True, slots=True)
class SmtLib:
    """SMT-LIB 2.6."""

    name: str = "smtlib"

    def parse_formula(self, text: str) -> Formula:
        """Read one formula; see :class:`neurosym.formal.fol.dialects.base.Dialect`.

        Two bare symbols that are equal are things unless another place shows that one is a formula.
        """
        items = self._items(text)
        if len(items) != 1:
            line, column = place(text, _start(items[1]) if items else 0)
            raise FormulaError(
                "a second formula begins" if items else "the text is empty",
                text=text, line=line, column=column, hint="Give exactly one formula.",
            )  # fmt: skip
        predicates: set[str] = set()
        for _ in range(_PASSES):
            formula = Reader(text, predicates=predicates).formula(items[0], {})
            both = _functions(formula) & predicates
            if not both:
                return formula
        line, column = place(text, _start(items[0]))
        raise FormulaError(
            f"{min(both)} is both a predicate and a thing or function",
            text=text, line=line, column=column, hint="Give one of them another name.",
        )  # fmt: skip

    def print_formula(self, formula: Formula) -> str:
        """Write one formula; see :class:`neurosym.formal.fol.dialects.base.Dialect`."""
        _check_names(
            _functions(formula),
            {item.predicate for item in walk(formula) if isinstance(item, Atom)},
        )
        return formula_text(formula)

    def parse_theory(self, text: str, *, tolerant: bool = False) -> Theory:
        """Read a script; see :class:`neurosym.formal.fol.dialects.base.Dialect`.

        Symbols have to be declared before they are used, and assertions say what is given.
        Tolerant reading declares what is not declared, and mends brackets at the end.
        """
        declared = Declared(repairs=[] if tolerant else None)
        source = text
        if tolerant:
            text = _balanced(text, declared)
        script = Script(text, declared)
        script.read(self._items(text))
        return make_theory(
            script.premises, script.claim, script.options,
            declared=script.declared.signature(), source=source,
            repairs=tuple(declared.repairs or ()),
        )  # fmt: skip

    def print_theory(self, theory: Theory) -> str:
        """Write a script; see :class:`neurosym.formal.fol.dialects.base.Dialect`."""
        signature = theory.signature
        _check_names({*signature.functions, *signature.members()}, set(signature.predicates))
        return "\n".join(script_lines(theory)) + "\n"

    def _items(self, text: str) -> list[Any]:
        items: list[Any] = parse_tree(load_grammar("smtlib"), text, _WORDS).children
        return items


SMTLIB = SmtLib()


def _start(item: Any) -> int:
    token = item.children[0] if hasattr(item, "children") else item
    start: int = token.start_pos
    return start


def _functions(formula: Formula) -> set[str]:
    return {item.function for item in walk(formula) if isinstance(item, Apply)}


def _check_names(functions: set[str], predicates: set[str]) -> None:
    both = functions & predicates
    if both:
        raise InexpressibleError(
            f"SMT-LIB has no symbol that is both a predicate and a thing or function: {min(both)}",
            hint="Give one of them another name.",
        )


_BRACKETS = re.compile(r"[()]|\|[^|]*\||\"[^\"]*\"|;[^\n]*")


def _brackets(text: str) -> Iterator[tuple[str, int]]:
    for match in _BRACKETS.finditer(text):
        if match[0] in "()":
            yield match[0], match.start()


def _balanced(text: str, declared: Declared) -> str:
    """The text with brackets added at its end, or without those that close nothing."""
    level, surplus = 0, []
    for bracket, offset in _brackets(text):
        level += 1 if bracket == "(" else -1
        if level < 0:
            surplus.append(offset)
            level = 0
    if surplus:
        declared.repair("brackets", f"dropped {len(surplus)} ')' that closed nothing")
        for offset in reversed(surplus):
            text = text[:offset] + " " + text[offset + 1 :]
    if level:
        declared.repair("brackets", f"added {level} ')' at the end")
        text = text.rstrip() + "\n" + ")" * level
    return text
