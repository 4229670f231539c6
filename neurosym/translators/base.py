"""The contract of every translator."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import resources
from typing import Protocol, TypeVar, runtime_checkable

from neurosym.candidate import Prompt
from neurosym.problem import Kind, Problem

__all__ = ["Malformed", "Staged", "Translator", "load_prompt_text"]

F_co = TypeVar("F_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Malformed:
    """A completion that holds no usable formal object, and why."""

    reason: str


@runtime_checkable
class Translator(Protocol[F_co]):
    """Asks for a formal object and reads it back. Both methods are pure."""

    @property
    def name(self) -> str:
        """Names the translator in options and run logs."""
        ...

    @property
    def kind(self) -> Kind:
        """The kind of problems it translates."""
        ...

    @property
    def variants(self) -> int:
        """Wordings of the prompt, at least 1. Samples are spread over them, to err apart."""
        ...

    def max_tokens(self, problem: Problem) -> int:
        """Tokens that a sample may take, plenty for all but one that has gone astray."""
        ...

    def prompt(self, problem: Problem, variant: int = 0) -> Prompt:
        """What to ask the model, in one of the wordings; a single sample is asked in the first."""
        ...

    def parse(self, text: str, problem: Problem) -> F_co | Malformed:
        """The formal object in a completion's text (which follows the prompt's prefix)."""
        ...


@runtime_checkable
class Staged(Protocol):
    """A translator that may ask for the rest of a translation given its first part."""

    def continuation(
        self, problem: Problem, variant: int, asked: Prompt, written: str
    ) -> Prompt | None:
        """What to ask after a first part; ``None`` if that is all there is to ask.

        Args:
            problem: The problem.
            variant: The wording of its prompt.
            asked: What was asked.
            written: What the model wrote, which the rest goes on from.
        """
        ...


def load_prompt_text(name: str) -> str:
    """The text of a file in ``neurosym/translators/prompts``."""
    return (resources.files(__package__) / "prompts" / name).read_text(encoding="utf-8")
