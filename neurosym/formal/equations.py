"""Equations and inequalities as a formal object."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from enum import StrEnum
from functools import cached_property

from neurosym.errors import OptionError

__all__ = ["Domain", "Equations"]


class Domain(StrEnum):
    """The numbers that unknowns range over."""

    COMPLEX = "complex"
    REAL = "real"
    POSITIVE = "positive"
    INTEGER = "integer"


@dataclass(frozen=True)
class Equations:
    """What must hold, for which unknowns, and what is asked.

    Attributes:
        relations: Texts in Python, calculator or LaTeX notation: ``"2x + 3 = 7"``, ``"x^2 < 4"``.
            Without relations, ``asked`` is an expression to be brought to its simplest form.
        unknowns: Names to solve for; every other name is a parameter.
        asked: The expression whose values are the answer; empty to ask for the unknowns.
        domain: What the unknowns may be.

    Raises:
        OptionError: Nothing is asked, or there are relations without unknowns.
    """

    relations: tuple[str, ...] = ()
    unknowns: tuple[str, ...] = ()
    asked: str = ""
    domain: Domain = Domain.REAL

    def __post_init__(self) -> None:
        if bool(self.relations) != bool(self.unknowns):
            raise OptionError(
                "relations and unknowns come together", hint="Name the unknowns to solve for."
            )
        if not self.relations and not self.asked.strip():
            raise OptionError("nothing is asked", hint="Give relations or an expression.")

    @property
    def source(self) -> str:
        """The relations and what is asked, one a line."""
        return "\n".join([*self.relations, self.asked or ", ".join(self.unknowns)])

    @cached_property
    def digest(self) -> str:
        """SHA-256 of all of it."""
        return hashlib.sha256(json.dumps(asdict(self)).encode()).hexdigest()
