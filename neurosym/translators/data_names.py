"""Names for what tables give, fit for the modelling language and for Python alike."""

from __future__ import annotations

import builtins
import keyword
import re

from neurosym.formal.optimization.language.printer import KEYWORDS

__all__ = ["INDICES", "Names", "label_of"]

INDICES = "ijklmnopq"
"""Letters that stand for elements of sets, and for nothing else."""
_TAKEN = frozenset({*KEYWORDS, *keyword.kwlist, *dir(builtins), *INDICES, "pulp"})


def label_of(text: str) -> str:
    """A text as the name of an element: its words joined; empty if it has none."""
    name = "_".join(_parts(text))
    return f"n{name}" if name[:1].isdigit() or name in INDICES else name


class Names:
    """Gives each thing a name of its own."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def of_set(self, text: str) -> str:
        """A name for a set, each word of it with a capital."""
        return self._fresh("".join(word.capitalize() for word in _parts(text)) or "Row")

    def of_parameter(self, text: str) -> str:
        """A name for a parameter, in small letters."""
        return self._fresh("_".join(_parts(text)).lower() or "value")

    def _fresh(self, name: str) -> str:
        name = f"n{name}" if name[:1].isdigit() else name
        found, number = name, 2
        while found in self._taken or found in _TAKEN or found.lower() == "pulp":
            found, number = f"{name}_{number}", number + 1
        self._taken.add(found)
        return found


def _parts(text: str) -> list[str]:
    """The words of a text, of such characters as names may hold."""
    fit = "".join(c if f"a{c}".isidentifier() else " " for c in text)
    return re.findall(r"[^\W_]+", fit)
