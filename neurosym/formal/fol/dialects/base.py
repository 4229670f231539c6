"""The contract of every dialect, and what their readers share."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Protocol, runtime_checkable

from neurosym.formal import grammar
from neurosym.formal.fol.signature import Signature, settle
from neurosym.formal.fol.syntax import Formula
from neurosym.formal.fol.theory import Option, Repair, Statement, Theory

__all__ = [
    "Dialect",
    "load_grammar",
    "make_theory",
]


@runtime_checkable
class Dialect(Protocol):
    """A way of writing formulas and theories down. Pure."""

    @property
    def name(self) -> str:
        """Names the dialect in options."""
        ...

    def parse_formula(self, text: str) -> Formula:
        """Read one formula without free variables.

        Raises:
            FormulaError: The text does not follow the grammar, or is nested too deeply.
        """
        ...

    def print_formula(self, formula: Formula) -> str:
        """Write one formula.

        Raises:
            InexpressibleError: The dialect has no way to say it.
        """
        ...

    def parse_theory(self, text: str, *, tolerant: bool = False) -> Theory:
        """Read a theory.

        Args:
            text: The theory.
            tolerant: Read what a model meant where it did not quite follow the dialect. Each
                change this takes is in ``Theory.repairs``; what follows the dialect is read as in
                strict reading, without repairs.

        Raises:
            FormulaError: The text does not follow the grammar.
            SortError: Formulas do not fit together.
        """
        ...

    def print_theory(self, theory: Theory) -> str:
        """Write a theory.

        Raises:
            InexpressibleError: The dialect has no way to say it.
        """
        ...


def make_theory(
    premises: Iterable[Statement],
    claim: Statement | None = None,
    options: Iterable[Option] = (),
    *,
    declared: Signature | None = None,
    source: str = "",
    repairs: tuple[Repair, ...] = (),
) -> Theory:
    """A theory whose formulas fit its signature.

    Raises:
        SortError: They do not fit together.
    """
    premises, options = tuple(premises), tuple(options)
    theory = Theory(premises, claim, options, Signature(), source, repairs)
    formulas, signature = settle(theory.formulas, declared)
    found = iter(formulas)
    return Theory(
        premises=tuple(Statement(next(found), item.sentence) for item in premises),
        claim=None if claim is None else Statement(next(found), claim.sentence),
        options=tuple(
            Option(item.label, next(found), item.test, item.sentence) for item in options
        ),
        signature=signature,
        source=source,
        repairs=repairs,
    )


load_grammar = partial(grammar.load_grammar, __package__)
"""A LALR parser for the named files of the dialects' ``grammars/``, read as one; made once."""
