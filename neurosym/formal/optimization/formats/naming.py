"""Names that a format can hold, for those that it cannot."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

__all__ = ["MAX_NAME", "Naming", "legal_names"]

MAX_NAME = 255
"""Longest name, in characters."""
_ROOM = 12
"""Left of a name that is cut, for a number to tell it apart."""


@dataclass(frozen=True, slots=True)
class Naming:
    """Legal names, all different.

    Attributes:
        names: In the order of what they stand for.
        changed: Each name that is not as it was, and what it stands for.
    """

    names: list[str]
    changed: list[tuple[str, str]] = field(default_factory=list)

    def comments(self, what: str) -> list[str]:
        """Lines that tell which name stands for what; ``what`` is what they name."""
        return [
            f"{what} {made} stands for {json.dumps(name, ensure_ascii=False)}"
            for made, name in self.changed
        ]


def legal_names(
    names: Iterable[str],
    is_legal: Callable[[str], bool],
    illegal: re.Pattern[str],
    stem: str,
    *,
    avoid: Iterable[str] = (),
) -> Naming:
    """A legal name for each; of those that are legal, all stay as they are.

    Args:
        names: As they are in the model; some may be the same.
        is_legal: Whether the format holds a name.
        illegal: Matches the characters of which it holds none.
        stem: Begins what cannot begin a name.
        avoid: Names that other things have.
    """
    asked = list(names)
    kept = set(avoid)
    taken = kept | {name for name in asked if is_legal(name)}
    found = Naming([])
    counts: dict[str, int] = {}
    for name in asked:
        made = name
        if name not in taken or name in kept:
            made = _free(_cleaned(name, is_legal, illegal, stem), taken, counts)
            found.changed.append((made, name))
            taken.add(made)
        kept.add(made)
        found.names.append(made)
    return found


def _cleaned(
    name: str, is_legal: Callable[[str], bool], illegal: re.Pattern[str], stem: str
) -> str:
    """A legal name that looks like it, which may be taken."""
    if is_legal(name):
        return name
    plain = unicodedata.normalize("NFKD", name).replace("[", "(").replace("]", ")")
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    plain = illegal.sub("_", plain)[: MAX_NAME - len(stem) - _ROOM]
    return plain if is_legal(plain) else f"{stem}_{plain}"


def _free(name: str, taken: set[str], counts: dict[str, int]) -> str:
    """A name, with a number if it is taken."""
    made, base = name, name[: MAX_NAME - _ROOM]
    while made in taken:
        counts[base] = counts.get(base, 1) + 1
        made = f"{base}_{counts[base]}"
    return made
