"""The part of a model's grammar that speaks of sets: sums over them, and what is so for each.

An index is a letter with a set of its own (two letters for a set that a table crosses with itself),
so a text of the grammar never uses one that nothing binds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from neurosym.translators.data_names import INDICES
from neurosym.translators.gbnf import alternatives, any_of, quoted
from neurosym.translators.tables import Data

__all__ = ["declared_over", "indexed_rules"]

_MAX_INDICES = 2
"""Sets that a variable, or a sum, is over at most."""
_MORE = '((" + " | " - ") {part}){{0,7}}'


@dataclass(frozen=True, slots=True)
class _Index:
    letter: str
    over: str


def declared_over(data: Data) -> str:
    """GBNF for the sets that a variable may be declared over; nothing if it is a single one."""
    return any_of(['""', *(quoted(_binding(some)) for some in _some(_indices(data)))])


def indexed_rules(data: Data, variables: Mapping[str, Sequence[str]] | None) -> list[str]:
    """GBNF rules ``claim`` and ``sum``, of the parameters and variables over the sets of tables.

    Args:
        data: The sets and parameters.
        variables: The sets that each variable is over; ``None`` if they are not known, so that any
            name may have any indices.
    """
    return [*_Rules(data, variables).all()]


@dataclass(frozen=True, slots=True)
class _Rules:
    data: Data
    variables: Mapping[str, Sequence[str]] | None

    def all(self) -> Iterator[str]:
        indices = _indices(self.data)
        claims = ["sum comparison sum"]
        for some in _some(indices):
            name = _suffix(some)
            claims.append(f"{quoted(f'each{_binding(some)}: ')} sum{name} comparison sum{name}")
        for number, item in enumerate(self.data.sets):
            yield f"e{number} ::= {alternatives(element for [element] in item.elements)}"
        yield f"claim ::= {any_of(claims)}"
        yield 'comparison ::= " <= " | " >= " | " = "'
        for bound in [(), *_some(indices)]:
            yield from self._of(bound, [index for index in indices if index not in bound])

    def _of(self, bound: Sequence[_Index], free: Sequence[_Index]) -> Iterator[str]:
        """Rules of what may stand where some indices are bound."""
        name = _suffix(bound)
        parameters = [*self._parameters(bound)]
        variables = [*self._variables(bound)]
        # Without a variable or parameter to speak of there is nothing but numbers.
        references = [f"var{name}"] if variables else []
        factors = ["number", *([f"par{name}"] if parameters else [])]
        products = [f'({any_of(factors)}) " * " var{name}'] if variables else []
        if parameters and variables:
            products.append(f'number " * " par{name} " * " var{name}')
        totals = [
            f"{quoted(f'sum{_binding(some)} ')} product{_suffix((*bound, *some))}"
            for some in _some(free)
            if len(bound) + len(some) <= _MAX_INDICES
        ]
        if parameters:
            yield f"par{name} ::= {any_of(parameters)}"
        if variables:
            yield f"var{name} ::= {any_of(variables)}"
        yield f"product{name} ::= {any_of([*products, *references, *factors])}"
        yield f"term{name} ::= {any_of([*totals, f'product{name}'])}"
        yield f"sum{name} ::= term{name} {_MORE.format(part=f'term{name}')}"

    def _parameters(self, bound: Sequence[_Index]) -> Iterator[str]:
        for parameter in self.data.parameters:
            yield self._reference(quoted(parameter.name), parameter.over, bound)

    def _variables(self, bound: Sequence[_Index]) -> Iterator[str]:
        if self.variables is not None:
            for name, over in self.variables.items():
                yield self._reference(quoted(name), over, bound)
            return
        yield "name"
        for over in dict.fromkeys(
            tuple(index.over for index in some) for some in _some(_indices(self.data))
        ):
            yield self._reference("name", over, bound)

    def _reference(self, name: str, over: Sequence[str], bound: Sequence[_Index]) -> str:
        if not over:
            return name
        places = []
        for item in over:
            letters = [quoted(index.letter) for index in bound if index.over == item]
            number = [known.name for known in self.data.sets].index(item)
            places.append(f"({any_of([*letters, f'e{number}'])})")
        inside = ' ", " '.join(places)
        return f'{name} "[" {inside} "]"'


def _indices(data: Data) -> list[_Index]:
    """A letter for each set, and a second one for a set that a parameter has twice.

    There are letters for nine; who has more tables than that has to write the model.
    """
    sets = [item.name for item in data.sets]
    for parameter in data.parameters:
        for name in dict.fromkeys(parameter.over):
            missing = parameter.over.count(name) - sets.count(name)
            sets += [name] * missing
    return [_Index(letter, name) for letter, name in zip(INDICES, sets, strict=False)]


def _some(indices: Iterable[_Index]) -> list[tuple[_Index, ...]]:
    """One or two of the indices, in every way."""
    every = [*indices]
    return [some for count in range(1, _MAX_INDICES + 1) for some in combinations(every, count)]


def _suffix(indices: Iterable[_Index]) -> str:
    return "".join(sorted(index.letter for index in indices))


def _binding(indices: Sequence[_Index]) -> str:
    inside = ", ".join(f"{index.letter} in {index.over}" for index in indices)
    return f"{{{inside}}}"
