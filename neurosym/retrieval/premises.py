"""Premises, the files they stand in, and what is accessible from where.

A premise may be used where its file is imported, be it through other files, or further down in its
own file: the accessible premises of Yang et al., LeanDojo (2023, arXiv:2306.15626), section 5.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from itertools import accumulate
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from neurosym.backends.lean.messages import Position
from neurosym.errors import InputError

__all__ = ["Corpus", "Mask", "Premise", "SourceFile"]

Mask: TypeAlias = NDArray[np.bool_]
"""For each premise of a corpus in order, whether it is meant."""


@dataclass(frozen=True, slots=True)
class Premise:
    """A theorem, definition or axiom that a proof may use.

    Attributes:
        name: Its full name.
        statement: What it says: its type, or its source text without a proof.
        path: The file it stands in.
        start: Where it begins; ``None`` where that isn't known.
        end: Behind its last character; ``None`` where that isn't known, and then it counts as
            inaccessible in its own file.
        kind: What it is, in the words of its source; may be empty.
    """

    name: str
    statement: str
    path: str
    start: Position | None
    end: Position | None
    kind: str = ""

    @property
    def text(self) -> str:
        """What it is found by: name and statement."""
        return f"{self.name}\n{self.statement}"


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file of Lean source.

    Attributes:
        path: What it is called in the corpus.
        module: Its module's name, by which Lean imports it.
        imports: The paths of the files it imports itself.
        premises: What it declares, in order.
    """

    path: str
    module: str
    imports: tuple[str, ...]
    premises: tuple[Premise, ...]


class Corpus:
    """Files that import each other, and all their premises.

    Args:
        files: The files, in any order.

    Raises:
        InputError: Two files have one path, a file imports one that is not there, or files import
            each other in a circle.
    """

    def __init__(self, files: Iterable[SourceFile]) -> None:
        self._files = tuple(files)
        self._numbers = {file.path: number for number, file in enumerate(self._files)}
        if len(self._numbers) < len(self._files):
            twice = next(
                file.path
                for number, file in enumerate(self._files)
                if self._numbers[file.path] != number
            )
            raise InputError(f"the corpus has two files {twice!r}", hint="Remove one of them.")
        # Of two packages that have a module of one name, the later depends on the earlier one in
        # the order of LeanDojo, and is meant.
        self._modules = {file.module: number for number, file in enumerate(self._files)}
        self.premises = tuple(premise for file in self._files for premise in file.premises)
        """All premises; the place of one in it is what masks and indexes count by."""
        sizes = [len(file.premises) for file in self._files]
        self._begins = list(accumulate(sizes, initial=0))
        self._file_of = np.repeat(np.arange(len(sizes)), sizes)
        self._imported = self._closure()

    @property
    def files(self) -> tuple[SourceFile, ...]:
        """The files, as they were given."""
        return self._files

    def accessible(self, path: str, position: Position) -> Mask:
        """What may be used at a place of a file: what it imports, and what ends before the place.

        Args:
            path: A file of the corpus.
            position: Where the theorem begins in whose proof it is to be used; a theorem is not
                accessible to itself, nor is what encloses it.

        Raises:
            InputError: The corpus has no such file.
        """
        number = self._numbers.get(path)
        if number is None:
            raise InputError(f"the corpus has no file {path!r}", hint="Name one of its files.")
        mask = self._mask(self._imported[number])
        for place, premise in enumerate(self._files[number].premises, self._begins[number]):
            mask[place] = premise.end is not None and premise.end <= position
        return mask

    def imported(self, modules: Iterable[str]) -> Mask:
        """What may be used in a new file that imports these modules.

        Args:
            modules: Their names, such as ``Mathlib.Data.Nat.Basic``.

        Raises:
            InputError: The corpus has no such module.
        """
        files = 0
        for module in modules:
            number = self._modules.get(module)
            if number is None:
                raise InputError(
                    f"the corpus has no module {module!r}",
                    hint="Take a corpus of the library that is imported.",
                )
            files |= self._imported[number] | 1 << number
        return self._mask(files)

    def locate(self, path: str, position: Position) -> int | None:
        """The place of the first premise that stands around a position; ``None`` if none does."""
        number = self._numbers.get(path)
        if number is None:
            return None
        for place, premise in enumerate(self._files[number].premises, self._begins[number]):
            start, end = premise.start, premise.end
            if start is not None and end is not None and start <= position <= end:
                return place
        return None

    def _closure(self) -> list[int]:
        """For each file the files it imports, be it through others, as bits."""
        direct = {number: self._direct(file) for number, file in enumerate(self._files)}
        try:
            order = list(TopologicalSorter(direct).static_order())
        except CycleError as error:
            circle = [self._files[number].path for number in reversed(error.args[1])]
            raise InputError(
                f"files import each other in a circle: {' imports '.join(circle)}",
                hint="Lean allows no such imports; make the corpus anew.",
            ) from error
        reached = [0] * len(self._files)
        for number in order:
            for other in direct[number]:
                reached[number] |= reached[other] | 1 << other
        return reached

    def _direct(self, file: SourceFile) -> list[int]:
        missing = [path for path in file.imports if path not in self._numbers]
        if missing:
            raise InputError(
                f"{file.path} imports {missing[0]}, which the corpus has not",
                hint="Add that file, or remove the import.",
            )
        return [self._numbers[path] for path in file.imports]

    def _mask(self, files: int) -> Mask:
        count = len(self._files)
        packed = np.frombuffer(files.to_bytes(count // 8 + 1, "little"), np.uint8)
        chosen = np.unpackbits(packed, count=count, bitorder="little").astype(np.bool_)
        return chosen[self._file_of]
