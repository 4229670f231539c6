"""Where in a model's text an error is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from neurosym.errors import FormulationError

__all__ = ["told_of"]


@contextmanager
def told_of(name: str, source: str) -> Iterator[None]:
    """Give the errors of one part of a model its name, and its line where the text has one.

    Args:
        name: The part's: a constraint, a variable, a parameter or the objective.
        source: The text of the model; may be empty.

    Raises:
        FormulationError: As inside, with its place before it.
    """
    try:
        yield
    except FormulationError as error:
        lines = _lines(name, source)
        place = [f"line {lines[0]}"] if len(lines) == 1 else []
        if name and not re.search(rf"(?<!\w){re.escape(name)}(?!\w)", str(error)):
            place.append(name)
        if not place:
            raise
        raise FormulationError(f"{', '.join(place)}: {error}", hint=error.hint) from error


def _lines(name: str, source: str) -> list[int]:
    """The lines that declare a name: it stands first, or after a word such as ``var``."""
    if not name:
        return []
    quoted = rf"'?{re.escape(name)}(?!\w)"
    begins = re.compile(
        rf"\s*(?:(?:var|param)\s+)?{quoted}|\s*(?:minimize|maximize)\s+{quoted}'?\s*:"
    )
    return [number for number, line in enumerate(source.split("\n"), 1) if begins.match(line)]
