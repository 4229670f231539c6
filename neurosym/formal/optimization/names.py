"""Names of columns, made when somebody asks: a solver never does."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, product
from typing import overload

__all__ = ["ColumnNames"]

_Elements = Sequence[tuple[str, ...]]


class ColumnNames(Sequence[str]):
    """The names of blocks of columns, one after another: ``boats``, ``ship[Oslo,Bergen]``, …."""

    def __init__(self) -> None:
        self._starts: list[int] = []
        self._blocks: list[tuple[str, tuple[_Elements, ...]] | list[str]] = []
        self._length = 0

    def add_block(self, name: str, sets: Iterable[_Elements]) -> None:
        """Append the columns of a variable over these sets, the last set's elements first."""
        over = tuple(sets)
        count = 1
        for elements in over:
            count *= len(elements)
        self._append((name, over), count)

    def add(self, names: Iterable[str]) -> None:
        """Append columns of these names."""
        listed = list(names)
        self._append(listed, len(listed))

    def _append(self, block: tuple[str, tuple[_Elements, ...]] | list[str], count: int) -> None:
        if count:
            self._starts.append(self._length)
            self._blocks.append(block)
            self._length += count

    def __len__(self) -> int:
        return self._length

    @overload
    def __getitem__(self, place: int) -> str: ...

    @overload
    def __getitem__(self, place: slice) -> list[str]: ...

    def __getitem__(self, place: int | slice) -> str | list[str]:
        if isinstance(place, slice):
            return [self[k] for k in range(*place.indices(self._length))]
        column = int(place) + (self._length if place < 0 else 0)
        if not 0 <= column < self._length:
            raise IndexError(place)
        number = bisect_right(self._starts, column) - 1
        block, rest = self._blocks[number], column - self._starts[number]
        if isinstance(block, list):
            return block[rest]
        name, sets = block
        parts: list[tuple[str, ...]] = []
        for elements in reversed(sets):
            rest, last = divmod(rest, len(elements))
            parts.insert(0, elements[last])
        return _written(name, parts)

    def __iter__(self) -> Iterator[str]:
        for block in self._blocks:
            if isinstance(block, list):
                yield from block
            else:
                name, sets = block
                yield from (_written(name, parts) for parts in product(*sets))


def _written(name: str, parts: Sequence[tuple[str, ...]]) -> str:
    return f"{name}[{','.join(chain.from_iterable(parts))}]" if parts else name
