"""The ways to Lean by name. Each is described in its module."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["LeanDriver"]


class LeanDriver(StrEnum):
    """What a search for proofs talks to; verdicts always come from ``lean`` itself.

    LeanInteract and LeanDojo, which want settings of their own and run Lean without isolation, are
    for programs: :mod:`neurosym.backends.lean.interact` and :mod:`neurosym.backends.lean.dojo`.
    """

    LEAN = "lean"
    """``lean`` itself, which keeps what it has imported."""
    REPL = "repl"
    """The community's REPL, which keeps states of proofs as well."""
