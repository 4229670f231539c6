"""A proof as a value: the theorem that was asked for, and the one that was written."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from neurosym.formal.lean.theorem import Theorem, read_theorem

__all__ = ["Proof"]


@dataclass(frozen=True)
class Proof:
    """What was written to prove a theorem. That it does is for Lean to say.

    Attributes:
        asked: The theorem as it was asked for; its own proof, if it has one, does not count.
        given: The theorem with the proof.
    """

    asked: Theorem
    given: Theorem

    @property
    def source(self) -> str:
        """The file that holds the proof."""
        return self.given.text

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the statement and of the proof, without comments and layout."""
        parts = (self.asked.with_proof(None).digest, self.given.digest)
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()

    def to_json(self) -> dict[str, Any]:
        """As JSON data."""
        return {
            "asked": self.asked.text,
            "asked name": self.asked.name,
            "given": self.given.text,
            "given name": self.given.name,
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Proof:
        """The inverse of :meth:`to_json`.

        Raises:
            FormulaError: It holds no such theorems.
        """
        asked = read_theorem(data["asked"], data["asked name"])
        return cls(asked, read_theorem(data["given"], data["given name"]))
