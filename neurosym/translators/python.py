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
from neurosym.errors import OptionError
from neurosym.formal.program import Program
from neurosym.problem import Kind, Problem
from neurosym.translators.base import Malformed, load_prompt_text
from neurosym.translators.extract import extract_program

__all__ = ["MAX_REPEATED", "MAX_TOKENS", "PythonTranslator", "ask"]

_PREFIX = "```python\ndef solution():\n"
_STOP = ("```", "\ndef ", "\nprint(", "\nif __name__")
MAX_TOKENS = 320
"""Tokens of the longest program; longer ones are rarely right, and hold up the others."""
MAX_REPEATED = 4000
"""Characters of the longest question that is asked twice."""


@dataclass(frozen=True, slots=True)
class PythonTranslator:
    """Word problem → program with ``solution()`` (PAL).

    The prompt has two wordings. In the second the exemplars come in the opposite order, and the
    function opens with the question as its docstring, as in PAL's own prompts, so that the model
    reads it twice (Xu et al. 2024, arXiv:2309.06275), unless it is so long that twice might not
    fit. A model that misreads one wording may read the other right, so votes over both are less
    often wrong together.

    Attributes:
        shots: Exemplars shown before the question, 0 (zero-shot) to 4.
        variants: Wordings in use, 1 or 2.

    Raises:
        OptionError: A value is out of range.
    """

    shots: int = 4
    variants: int = 2

    def __post_init__(self) -> None:
        if not 0 <= self.shots <= len(_exemplars()):
            raise OptionError(f"shots is {self.shots}", hint="Show 0 to 4 worked examples.")
        if self.variants not in (1, 2):
            raise OptionError(f"variants is {self.variants}", hint="There are 1 or 2 wordings.")

    @property
    def name(self) -> str:
        """The translator's name."""
        return "python"

    @property
    def kind(self) -> Kind:
        """The kind of problems it translates."""
        return Kind.MATH

    def max_tokens(self, problem: Problem) -> int:
        """Tokens that a program may take."""
        return MAX_TOKENS

    def prompt(self, problem: Problem, variant: int = 0) -> Prompt:
        """Instruction, exemplars, and the question; the assistant's turn opens the function."""
        turns = [Message("system", load_prompt_text("python_system.txt").strip())]
        # The last exemplars stand nearest to the question, and weigh most.
        exemplars = _exemplars()[len(_exemplars()) - self.shots :]
        for question, program in exemplars[::-1] if variant else exemplars:
            turns.append(Message("user", question))
            turns.append(Message("assistant", f"{_opening(question, variant)}{program}```"))
        turns.append(Message("user", ask(problem)))
        return Prompt(tuple(turns), prefix=_opening(problem.question, variant), stop=_STOP)

    def parse(self, text: str, problem: Problem) -> Program | Malformed:
        """The program in a completion; see :func:`neurosym.translators.extract.extract_program`."""
        return extract_program(text, entry="solution", prefix=_PREFIX)


def _opening(question: str, variant: int) -> str:
    if not variant or len(question) > MAX_REPEATED:
        return _PREFIX
    # Nothing in the question may end the docstring.
    text = " ".join(question.split()).replace("\\", "\\\\").replace('"""', "'''")
    return f'{_PREFIX}    """{text}\n    """\n'


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


@lru_cache(maxsize=1)
def _exemplars() -> tuple[tuple[str, str], ...]:
    data = tomllib.loads(load_prompt_text("python_exemplars.toml"))
    return tuple((item["question"], item["program"]) for item in data["exemplar"])
