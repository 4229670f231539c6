"""Program-aided translation: a word problem becomes a Python program.

The idea is PAL's (Gao et al. 2023, arXiv:2211.10435): the model writes the reasoning as a program,
an interpreter computes the answer. Each statement of the exemplars here follows a comment that
quotes the fact it encodes.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache

from neurosym.candidate import Message, Prompt
from neurosym.formal.program import Program
from neurosym.problem import Problem
from neurosym.translators.base import Malformed, load_prompt_text
from neurosym.translators.extract import extract_program

__all__ = ["PythonTranslator", "ask"]

_PREFIX = "```python\ndef solution():\n"
_STOP = ("```", "\ndef ", "\nprint(", "\nif __name__")


@dataclass(frozen=True, slots=True)
class PythonTranslator:
    """Word problem → program with ``solution()`` (PAL).

    Attributes:
        shots: Exemplars shown before the question, 0 (zero-shot) to 4.
    """

    shots: int = 4

    @property
    def name(self) -> str:
        """The translator's name."""
        return "python"

    def prompt(self, problem: Problem) -> Prompt:
        """Instruction, exemplars, and the question; the assistant's turn opens the function."""
        turns = [
            Message("system", load_prompt_text("python_system.txt").strip()),
        ]
        for question, program in _exemplars()[: self.shots]:
            turns.append(Message("user", question))
            turns.append(Message("assistant", f"{_PREFIX}{program}```"))
        turns.append(Message("user", ask(problem)))
        return Prompt(tuple(turns), prefix=_PREFIX, stop=_STOP)

    def parse(self, text: str) -> Program | Malformed:
        """The program in a completion; see :func:`neurosym.translators.extract.extract_program`."""
        return extract_program(text, entry="solution", prefix=_PREFIX)


def ask(problem: Problem) -> str:
    """The problem as a user would put it: context, question, options."""
    parts = [problem.context, problem.question]
    if problem.choices:
        parts.append("Options:\n" + "\n".join(problem.choices))
        parts.append(load_prompt_text("python_choices.txt").strip())
    return "\n\n".join(part.strip() for part in parts if part.strip())


@lru_cache(maxsize=1)
def _exemplars() -> tuple[tuple[str, str], ...]:
    data = tomllib.loads(load_prompt_text("python_exemplars.toml"))
    return tuple((item["question"], item["program"]) for item in data["exemplar"])
