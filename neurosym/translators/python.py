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
from neurosym.translators.few_shot import FewShot, ask, is_asked_twice

__all__ = ["PythonTranslator"]

_PREFIX = "```python\ndef solution():\n"
_STOP = ("```", "\ndef ", "\nprint(", "\nif __name__")


@dataclass(frozen=True, slots=True)
class PythonTranslator(FewShot):
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

    @property
    def name(self) -> str:
        """The translator's name."""
        return "python"

    @property
    def exemplars(self) -> tuple[tuple[str, str], ...]:
        """Questions, and the body of a function for each."""
        return _exemplars()

    def prompt(self, problem: Problem, variant: int = 0) -> Prompt:
        """Instruction, exemplars, and the question; the assistant's turn opens the function."""
        turns = [Message("system", load_prompt_text("python_system.txt").strip())]
        for question, program in self.shown(variant):
            turns.append(Message("user", question))
            turns.append(Message("assistant", f"{_opening(question, variant)}{program}```"))
        turns.append(Message("user", ask(problem)))
        return Prompt(tuple(turns), prefix=_opening(problem.question, variant), stop=_STOP)

    def parse(self, text: str, problem: Problem) -> Program | Malformed:
        """The program in a completion; see :func:`neurosym.translators.extract.extract_program`."""
        return extract_program(text, entry="solution", prefix=_PREFIX)


def _opening(question: str, variant: int) -> str:
    if not is_asked_twice(question, variant):
        return _PREFIX
    # Nothing in the question may end the docstring.
    text = " ".join(question.split()).replace("\\", "\\\\").replace('"""', "'''")
    return f'{_PREFIX}    """{text}\n    """\n'


@lru_cache(maxsize=1)
def _exemplars() -> tuple[tuple[str, str], ...]:
    data = tomllib.loads(load_prompt_text("python_exemplars.toml"))
    return tuple((item["question"], item["program"]) for item in data["exemplar"])
