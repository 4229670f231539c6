"""Theories: premises, and a claim or options to be decided from them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from enum import StrEnum

from neurosym.formal.fol.signature import Signature
from neurosym.formal.fol.syntax import Formula

__all__ = ["Option", "OptionTest", "Repair", "Statement", "Theory"]


@dataclass(frozen=True, slots=True)
class Repair:
    """A change that was needed to read a text.

    Attributes:
        kind: What sort of change, such as ``"brackets"``; one word or two, the same for all of
            its sort, so that repairs can be counted and weighed.
        detail: What was changed into what, in plain words.
    """

    kind: str
    detail: str


@dataclass(frozen=True, slots=True)
class Statement:
    """A formula and the sentence it stands for, if there is one."""

    formula: Formula
    sentence: str = ""


class OptionTest(StrEnum):
    """What has to hold of an option's formula for the option to be chosen."""

    MUST = "must"
    """It is true in every solution."""
    COULD = "could"
    """It is true in some solution."""
    CANNOT = "cannot"
    """It is true in no solution."""
    NEED_NOT = "need not"
    """It is false in some solution."""


@dataclass(frozen=True, slots=True)
class Option:
    """One option of a puzzle.

    Attributes:
        label: Its letter.
        formula: What it says.
        test: What has to hold of it.
        sentence: The words it stands for.
    """

    label: str
    formula: Formula
    test: OptionTest = OptionTest.MUST
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class Theory:
    """Premises with a claim or with options.

    Attributes:
        premises: What is given.
        claim: What is to be decided, ``None`` where there are options or nothing is asked.
        options: The options of a puzzle.
        signature: Sorts and symbols; formulas fit it (see
            :func:`neurosym.formal.fol.signature.settle`).
        source: The text it was read from.
        repairs: The changes that were needed to read it; none in strict reading.
    """

    premises: tuple[Statement, ...]
    claim: Statement | None = None
    options: tuple[Option, ...] = ()
    signature: Signature = field(default_factory=Signature)
    source: str = ""
    repairs: tuple[Repair, ...] = ()

    @property
    def digest(self) -> str:
        """Hexadecimal digits that stand for all that decides what follows, names included."""
        asked = (self.premises, self.claim, self.options, self.signature)
        return hashlib.sha256(repr(asked).encode()).hexdigest()[:32]

    @property
    def formulas(self) -> tuple[Formula, ...]:
        """All formulas: premises, claim, options."""
        stated = [item.formula for item in self.premises]
        if self.claim is not None:
            stated.append(self.claim.formula)
        return (*stated, *(item.formula for item in self.options))
