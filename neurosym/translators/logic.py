"""Translation of problems of logic: claims into first-order logic, puzzles into constraints."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from neurosym.candidate import Prompt
from neurosym.errors import OptionError
from neurosym.formal.fol.dialects.registry import DialectName
from neurosym.formal.fol.theory import Theory
from neurosym.problem import Kind, Problem
from neurosym.translators.argument import is_verdict_choice
from neurosym.translators.base import Malformed, Translator
from neurosym.translators.fol import FolTranslator
from neurosym.translators.formats import ClaimFormat
from neurosym.translators.programs import ProgramTranslator

__all__ = ["LogicTranslator", "logic_translator"]


def logic_translator(claims: ClaimFormat, *, shots: int, organised: bool) -> LogicTranslator:
    """The translator of a format.

    Args:
        claims: The format of problems with a claim.
        shots: Worked examples for first-order logic; the other formats have their own.
        organised: Whether premises that cannot matter are left out first; of first-order logic.

    Raises:
        OptionError: There are not that many worked examples, or the format does not organise.
    """
    if claims is ClaimFormat.FOL:
        return LogicTranslator(claims=FolTranslator(shots=shots, organised=organised))
    if organised:
        raise OptionError(
            "rules are not organised first", hint="Leave --organise out, or take --claims fol."
        )
    return LogicTranslator(claims=ProgramTranslator(DialectName.RULES))


def _puzzles() -> Translator[Any]:
    return ProgramTranslator(DialectName.CSP)


@dataclass(frozen=True, slots=True)
class LogicTranslator:
    """Sends problems with a claim to one translator and those with options to another.

    Attributes:
        claims: Translates problems with a claim to be called true, false or uncertain.
        puzzles: Translates problems with options.
    """

    claims: Translator[Any] = field(default_factory=FolTranslator)
    puzzles: Translator[Any] = field(default_factory=_puzzles)

    @property
    def name(self) -> str:
        """Its name, which tells both parts."""
        return f"{self.claims.name} or {self.puzzles.name}"

    @property
    def kind(self) -> Kind:
        """The kind of problems it translates."""
        return Kind.LOGIC

    @property
    def variants(self) -> int:
        """The wordings of both; a part that has fewer repeats its own."""
        return max(self.claims.variants, self.puzzles.variants)

    def max_tokens(self, problem: Problem) -> int:
        """Tokens that a sample may take."""
        return self._part(problem).max_tokens(problem)

    def prompt(self, problem: Problem, variant: int = 0) -> Prompt:
        """What to ask the model."""
        part = self._part(problem)
        return part.prompt(problem, variant % part.variants)

    def parse(self, text: str, problem: Problem) -> Theory | Malformed:
        """The theory in a completion, whichever part asked for it."""
        # Only puzzles list the values that a variable may have.
        part = self.puzzles if "[IN]" in text else self.claims
        found: Theory | Malformed = part.parse(text, problem)
        return found

    def _part(self, problem: Problem) -> Translator[Any]:
        return self.claims if is_verdict_choice(problem) else self.puzzles
