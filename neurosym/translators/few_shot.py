"""What translators of word problems share: worked examples, and two wordings of a prompt."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass

from neurosym.errors import OptionError
from neurosym.problem import Kind, Problem
from neurosym.translators.base import load_prompt_text

__all__ = ["MAX_TOKENS", "FewShot", "ask", "is_asked_twice"]

MAX_TOKENS = 320
"""Tokens of the longest sample; longer ones are rarely right, and hold up the others."""
_MAX_REPEATED = 4000
"""Characters of the longest question that is asked twice."""


@dataclass(frozen=True, slots=True)
class FewShot(ABC):
    """Word problems with worked examples before them, in one or two wordings.

    In the second the exemplars come in the opposite order, and the question is asked twice (Xu et
    al. 2024, arXiv:2309.06275), unless it is so long that twice might not fit.

    Attributes:
        shots: Exemplars shown before the question, 0 (zero-shot) to 4.
        variants: Wordings in use, 1 or 2.

    Raises:
        OptionError: A value is out of range.
    """

    shots: int = 4
    variants: int = 2

    def __post_init__(self) -> None:
        if not 0 <= self.shots <= len(self.exemplars):
            raise OptionError(f"shots is {self.shots}", hint="Show 0 to 4 worked examples.")
        if self.variants not in (1, 2):
            raise OptionError(f"variants is {self.variants}", hint="There are 1 or 2 wordings.")

    @property
    @abstractmethod
    def exemplars(self) -> tuple[tuple[str, str], ...]:
        """Questions, and what is to be written for each."""

    @property
    def kind(self) -> Kind:
        """The kind of problems it translates."""
        return Kind.MATH

    def max_tokens(self, problem: Problem) -> int:
        """Tokens that a sample may take."""
        return MAX_TOKENS

    def shown(self, variant: int) -> tuple[tuple[str, str], ...]:
        """The exemplars of a wording, in its order."""
        # The last exemplars stand nearest to the question, and weigh most.
        last = self.exemplars[len(self.exemplars) - self.shots :]
        return last[::-1] if variant else last


def is_asked_twice(question: str, variant: int) -> bool:
    """Whether a wording has the question twice."""
    return bool(variant) and len(question) <= _MAX_REPEATED


def ask(problem: Problem, choices: str = "python_choices.txt") -> str:
    """The problem as a user would put it: context, question, options.

    Args:
        problem: The problem.
        choices: The file that says how to answer with an option.
    """
    parts = [problem.context, problem.question]
    if problem.choices:
        parts.append("Options:\n" + "\n".join(problem.choices))
        parts.append(load_prompt_text(choices).strip())
    return "\n\n".join(part.strip() for part in parts if part.strip())
