"""Reasoning in prose: a word problem is solved step by step, with its calculations written out.

Chain of thought (Wei et al. 2022, arXiv:2201.11903), read as a program that makes the calculations
anew, so that a wrong one is a failed execution. Beside programs it is a route of its own, and the
two can check each other (Liang et al. 2024, arXiv:2410.05318).
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache

from neurosym.answers.cleaning import clean
from neurosym.answers.options import read_options
from neurosym.answers.reading import Choice, Quantity, read
from neurosym.answers.units import PERCENT
from neurosym.candidate import Message, Prompt
from neurosym.formal.program import Program
from neurosym.problem import Problem
from neurosym.translators.base import Malformed, load_prompt_text
from neurosym.translators.few_shot import FewShot, ask, is_asked_twice
from neurosym.translators.prose_tokens import Mark, Numeral, plain_signs, read_tokens
from neurosym.translators.recomputed import Stated, recomputed

__all__ = ["ChainOfThoughtTranslator"]

_AGAIN = "Read the question again: "
_STATES = re.compile(r"\banswer(?:\s+is\b|\s*[:=])[\s:]*", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.!?](?=\s|[*\"')\]}$]*$)")
_MAX_TEXT = 10_000
"""Characters of the longest completion that is read."""
_MAX_ANSWER = 200
_MAX_VALUE = 10**30


@dataclass(frozen=True, slots=True)
class ChainOfThoughtTranslator(FewShot):
    """Word problem → steps in prose that end with "The answer is …", as a program.

    The prompt has two wordings. In the second the exemplars come in the opposite order, and the
    question is asked twice (Xu et al. 2024, arXiv:2309.06275), unless it is so long that twice
    might not fit.

    Attributes:
        shots: Exemplars shown before the question, 0 (zero-shot) to 4.
        variants: Wordings in use, 1 or 2.

    Raises:
        OptionError: A value is out of range.
    """

    @property
    def name(self) -> str:
        """The translator's name."""
        return "reasoning"

    @property
    def exemplars(self) -> tuple[tuple[str, str], ...]:
        """Questions, and the steps to the answer of each."""
        return _exemplars()

    def prompt(self, problem: Problem, variant: int = 0) -> Prompt:
        """Instruction, exemplars, and the question."""
        turns = [Message("system", load_prompt_text("reasoning_system.txt").strip())]
        for question, reasoning in self.shown(variant):
            turns.append(Message("user", _worded(question, question, variant)))
            turns.append(Message("assistant", reasoning))
        asked = ask(problem, "reasoning_choices.txt")
        turns.append(Message("user", _worded(asked, problem.question, variant)))
        return Prompt(tuple(turns))

    def parse(self, text: str, problem: Problem) -> Program | Malformed:
        """The steps in a completion as a program, which gives the answer that they state.

        See :func:`neurosym.translators.recomputed.recomputed`.
        """
        if len(text) > _MAX_TEXT:
            return Malformed(f"the completion has {len(text)} characters, more than {_MAX_TEXT}")
        stated = list(_STATES.finditer(text))
        if not stated:
            return Malformed('it does not say "The answer is", followed by the answer')
        answer = _read_answer(text[stated[-1].end() :], problem)
        if answer is None:
            return Malformed('no answer follows "The answer is"')
        return recomputed(text, answer, problem)


def _worded(asked: str, question: str, variant: int) -> str:
    if not is_asked_twice(question, variant):
        return asked
    return f"{asked}\n\n{_AGAIN}{question.strip()}"


def _read_answer(text: str, problem: Problem) -> Stated | None:
    """The answer that begins a text: the letter of an option, a number, yes or no, or words."""
    line = text.strip().partition("\n")[0][: 2 * _MAX_ANSWER]
    if end := _SENTENCE_END.search(line):
        line = line[: end.start()]
    said = clean(line.rpartition("=")[2])[:_MAX_ANSWER]
    letters = {option.letter for option in read_options(problem.choices)}
    if (letter := _LETTER.match(said)) and letter[1] in letters:
        return letter[1]
    found = read(said)
    if isinstance(found, bool):
        return found
    if isinstance(found, Choice):
        return found.letter
    is_percent = isinstance(found, Quantity) and found.unit == PERCENT
    number = found.number if isinstance(found, Quantity) else found
    if isinstance(number, int | Fraction) and abs(Fraction(number)) < _MAX_VALUE:
        return _as_written(Fraction(number), said, is_percent)
    return _leading_number(said) or said or None


_LETTER = re.compile(r"(?:(?:option|choice) )?\(?([A-J])\)?(?![\w'’])")
_REMARK = re.compile(r",\s+(?=[A-Za-z])")


def _as_written(value: Fraction, said: str, is_percent: bool) -> Numeral:
    """A number with as many digits behind its point as it is written with."""
    value = value / 100 if is_percent else value
    for token in read_tokens(plain_signs(said)):
        if token.number is not None and token.number.value == abs(value):
            return replace(token.number, value=value)
    return Numeral(value, 0, is_percent)


def _leading_number(said: str) -> Numeral | None:
    """The number that words begin with, if there is no other and nothing is calculated."""
    tokens = read_tokens(plain_signs(_REMARK.split(said)[0]))
    others = {token.mark for token in tokens[1:]} & {Mark.NUMBER, Mark.SIGN, Mark.EQUAL}
    return None if others or not tokens else tokens[0].number


@lru_cache(maxsize=1)
def _exemplars() -> tuple[tuple[str, str], ...]:
    data = tomllib.loads(load_prompt_text("reasoning_exemplars.toml"))
    return tuple((item["question"], item["reasoning"].strip()) for item in data["exemplar"])
