"""Translation into the program formats of Logic-LM (Pan et al. 2023, arXiv:2305.12295).

Facts and rules for claims, constraint problems for puzzles about an order.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from neurosym.answers.options import read_options
from neurosym.candidate import Message, Prompt
from neurosym.errors import FormulaError, ProblemError, SortError
from neurosym.formal.fol.dialects.registry import DialectName, dialect_named
from neurosym.formal.fol.theory import Theory
from neurosym.problem import Kind, Problem
from neurosym.translators.base import Malformed, load_prompt_text

__all__ = ["ProgramTranslator"]


@dataclass(frozen=True, slots=True)
class ProgramTranslator:
    """A problem of logic → a program of one of Logic-LM's formats.

    Attributes:
        dialect: The format: ``rules`` or ``csp``.
    """

    dialect: DialectName

    @property
    def name(self) -> str:
        """Its name, which is the format's."""
        return self.dialect.value

    @property
    def kind(self) -> Kind:
        """The kind of problems it translates."""
        return Kind.LOGIC

    @property
    def variants(self) -> int:
        """One wording."""
        return 1

    def max_tokens(self, problem: Problem) -> int:
        """Tokens that declarations and lines with their sentences may take."""
        return 400 + len(_question(problem))

    def prompt(self, problem: Problem, variant: int = 0) -> Prompt:
        """Instruction, worked examples, and the problem as it stands.

        Raises:
            ProblemError: Two of its options are the same, so neither could be the answer.
        """
        _check_options(problem.choices)
        data = _prompt_data(self.name)
        turns = [Message("system", data["system"])]
        for exemplar in data["exemplar"]:
            turns.append(Message("user", exemplar["question"]))
            turns.append(Message("assistant", exemplar["program"]))
        turns.append(Message("user", _question(problem)))
        return Prompt(tuple(turns))

    def parse(self, text: str, problem: Problem) -> Theory | Malformed:
        """The theory that a program says, repairs recorded."""
        try:
            return dialect_named(self.dialect).parse_theory(text, tolerant=True)
        except (FormulaError, SortError) as error:
            return Malformed(str(error))


def _check_options(choices: Sequence[str]) -> None:
    seen: dict[str, str] = {}
    for option in read_options(choices):
        text = " ".join(option.text.split()).rstrip(" .").casefold()
        if text in seen:
            raise ProblemError(
                f"options {seen[text]} and {option.letter} are the same",
                hint="Leave one of them out, or mend it.",
            )
        seen[text] = option.letter


@lru_cache(maxsize=4)
def _prompt_data(name: str) -> dict[str, Any]:
    return tomllib.loads(load_prompt_text(f"{name}_exemplars.toml"))


def _question(problem: Problem) -> str:
    """The problem with its options, once."""
    text = problem.text
    missing = [choice for choice in problem.choices if choice not in text]
    return "\n".join([text, *problem.choices]) if missing else text
