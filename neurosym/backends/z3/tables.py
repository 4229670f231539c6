"""The symbols of a theory as tables of ground terms, which a world gives values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from math import prod

from neurosym.backends.z3.lowering import Script
from neurosym.formal.fol.signature import SymbolType

__all__ = ["Tables", "tables_of"]


@dataclass(frozen=True, slots=True)
class Tables:
    """What can be asked of a world.

    Attributes:
        terms: Atoms, terms and equations over the renamed symbols, all of one symbol together.
        untold: The renamed symbols that are not among them: they have infinitely many cases, or
            too many.
    """

    terms: tuple[str, ...]
    untold: tuple[str, ...]


def tables_of(script: Script, things: Mapping[str, tuple[str, ...]], most: int) -> Tables:
    """The tables of a script's symbols.

    Args:
        script: The theory.
        things: Names of all things there are of some of the sorts that list none.
        most: Terms of all tables together; a symbol that does not fit is left out whole.
    """
    domains = {**script.domains, **things}
    opened = script.open_sorts
    terms: list[str] = []
    untold: list[str] = []
    for name, kind in {**script.functions, **script.predicates}.items():
        is_thing = kind.result in opened
        listed = [*kind.args, *([kind.result] if is_thing else [])]
        sizes = [len(domains[sort]) if sort in domains else most + 1 for sort in listed]
        if len(terms) + prod(sizes) <= most:
            terms += _table(name, kind, domains, is_thing=is_thing)
        else:
            untold.append(name)
    return Tables(tuple(terms), tuple(untold))


def _table(
    name: str, kind: SymbolType, domains: Mapping[str, tuple[str, ...]], *, is_thing: bool
) -> Iterator[str]:
    for args in product(*(domains[sort] for sort in kind.args)):
        term = f"({name} {' '.join(args)})" if args else name
        if is_thing:  # Z3's own names of things mean nothing to anyone
            yield from (f"(= {term} {thing})" for thing in domains[kind.result])
        else:
            yield term
