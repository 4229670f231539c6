"""When two answers are the same."""

from __future__ import annotations

from neurosym.answers.equivalence import Equivalence, Runner
from neurosym.answers.normal import normalize

__all__ = ["Equivalence", "Runner", "normalize"]
