"""How a tactic fails, and what keeps each from taking long."""

from __future__ import annotations

import time

__all__ = [
    "LONGEST_TEXT",
    "MOST_DEPTH",
    "MOST_NESTING",
    "MOST_SIZE",
    "TOO_DEEP",
    "Budget",
    "Failure",
    "LimitFailure",
]

MOST_SIZE = 20_000
"""Nodes of the largest term."""
MOST_DEPTH = 300
"""Nodes from the root of the deepest term to its farthest leaf."""
MOST_NESTING = 60
"""Brackets, binders and arrows inside each other in a text."""
LONGEST_TEXT = 8_000
"""Characters of the longest text that is read."""
_MOST_STEPS = 200_000
_MOST_SECONDS = 10.0
"""For what is not given a time; the steps are what counts."""

TOO_DEEP = (
    "maximum recursion depth has been reached\n"
    "use `set_option maxRecDepth <num>` to increase limit\n"
    "use `set_option diagnostics true` to get diagnostic information"
)
_TOO_LONG = (
    "(deterministic) timeout at `whnf`, maximum number of heartbeats (200000) has been reached"
)


class Failure(Exception):
    """A tactic does not apply; the message is what its user reads."""


class LimitFailure(Failure):
    """A term is too large, or a tactic takes too long. Nothing may try another way after it."""


class Budget:
    """Steps and time that one tactic may take."""

    def __init__(self, seconds: float = _MOST_SECONDS) -> None:
        self._end = time.monotonic() + min(seconds, _MOST_SECONDS)
        self._left = _MOST_STEPS

    def tick(self) -> None:
        """Count a step.

        Raises:
            LimitFailure: It was one too many.
        """
        self._left -= 1
        if self._left < 0 or time.monotonic() > self._end:
            raise LimitFailure(_TOO_LONG)
