"""Theories whose formulas are said in another way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from neurosym.formal.fol.syntax import Formula
from neurosym.formal.fol.theory import Theory

__all__ = ["rewritten"]


def rewritten(
    theory: Theory,
    change: Callable[[Formula], Formula],
    change_asked: Callable[[Formula], Formula] | None = None,
) -> Theory:
    """The theory with each of its formulas changed; itself where none is.

    Args:
        theory: The theory.
        change: Gives a formula over the same signature; the formula itself to leave it.
        change_asked: The same for the claim and the options, if that is another.
    """
    formulas = theory.formulas
    given, asked = formulas[: len(theory.premises)], formulas[len(theory.premises) :]
    changed = (*map(change, given), *map(change_asked or change, asked))
    if all(new is old for new, old in zip(changed, formulas, strict=True)):
        return theory
    found = iter(changed)
    claim = theory.claim
    return replace(
        theory,
        premises=tuple(replace(item, formula=next(found)) for item in theory.premises),
        claim=None if claim is None else replace(claim, formula=next(found)),
        options=tuple(replace(item, formula=next(found)) for item in theory.options),
    )
