"""Translation into optimization models, in the modelling language of this project.

After the five-element formulation of LLMOPT (Jiang et al. 2025, arXiv:2410.13213, section 3.1): the
model of language declares variables, goes through the sentences and writes below each the
constraints that it states, and ends with the objective.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, replace
from functools import lru_cache

from neurosym.candidate import Message, Prompt
from neurosym.errors import InputError, OptionError
from neurosym.formal.optimization.model import Model
from neurosym.problem import Kind, Problem
from neurosym.translators.argument import sentences
from neurosym.translators.base import Malformed, load_prompt_text
from neurosym.translators.model_grammar import (
    FIRST_PART_END,
    model_grammar,
    rest_grammar,
    variables_grammar,
)

__all__ = ["MAX_MODEL_SHOTS", "FiveElementsTranslator", "description", "read_sentences"]

MAX_MODEL_SHOTS = 3
"""Worked examples there are."""
_SENTENCE = re.compile(r"#\s*(\d+):\s*(.*)")
_STATEMENT = re.compile(r"(?:var|param|set|maximize|minimize)\b")
_DECLARED = re.compile(r"^var (\w+)", re.MULTILINE)
_NAMED = re.compile(r"\s*[^\W\d]\w*\s*(?:\{[^}]*\})?\s*(?:@\d+)?\s*:")


@dataclass(frozen=True, slots=True)
class FiveElementsTranslator:
    """Descriptions of decisions → models.

    Attributes:
        shots: Worked examples in the prompt.
        constrained: Whether the output is held to the grammar.
        staged: Whether the variables are asked for first, and the rest with the grammar held to
            these; it takes a grammar.

    Raises:
        OptionError: There are not that many worked examples.
    """

    shots: int = MAX_MODEL_SHOTS
    constrained: bool = True
    staged: bool = False

    def __post_init__(self) -> None:
        if not 0 <= self.shots <= MAX_MODEL_SHOTS:
            raise OptionError(
                f"shots is {self.shots}", hint=f"Show 0 to {MAX_MODEL_SHOTS} examples."
            )

    @property
    def name(self) -> str:
        """Its name."""
        return "five elements"

    @property
    def kind(self) -> Kind:
        """The kind of problems it translates."""
        return Kind.OPTIMIZATION

    @property
    def variants(self) -> int:
        """One wording."""
        return 1

    def max_tokens(self, problem: Problem) -> int:
        """Tokens that the sentences, and models of them, may take."""
        told = read_sentences(problem)
        return 300 + sum(map(len, told)) // 2 + 40 * len(told)

    def prompt(self, problem: Problem, variant: int = 0) -> Prompt:
        """Instruction, worked examples, and the sentences, each with its number."""
        turns = [Message("system", load_prompt_text("optimization_system.txt").strip())]
        for told, model in _exemplars()[len(_exemplars()) - self.shots :]:
            turns.append(Message("user", _numbered(told)))
            turns.append(Message("assistant", model))
        told = read_sentences(problem)
        turns.append(Message("user", _numbered(told)))
        grammar = variables_grammar(told) if self.staged else model_grammar(told)
        return Prompt(tuple(turns), grammar=grammar if self.constrained else None)

    def continuation(
        self, problem: Problem, variant: int, asked: Prompt, written: str
    ) -> Prompt | None:
        """After the variables, the rest of the model; see :class:`Staged`."""
        names = dict.fromkeys(_DECLARED.findall(written))
        if not (self.staged and self.constrained and names and written.endswith(FIRST_PART_END)):
            return None
        grammar = rest_grammar(read_sentences(problem), [*names])
        return replace(asked, prefix=asked.prefix + written, grammar=grammar)

    def parse(self, text: str) -> Model | Malformed:
        """The model in a completion; constraints know the sentences above them."""
        from neurosym.formal.optimization.language.reader import read_model

        source, told = _with_sentences(text)
        try:
            model = read_model(source)
        except InputError as error:
            return Malformed(str(error))
        constraints = tuple(
            item if item.sentence is None else replace(item, source=told.get(item.sentence, ""))
            for item in model.constraints
        )
        return replace(model, constraints=constraints)


def read_sentences(problem: Problem) -> tuple[str, ...]:
    """The sentences of a problem, its context first."""
    return sentences(description(problem))


def description(problem: Problem) -> str:
    """The text of a problem; line breaks that are written as a backslash and an n are breaks."""
    return problem.text.replace("\\n", "\n")


def _numbered(told: tuple[str, ...]) -> str:
    return "\n".join(f"{number}: {sentence}" for number, sentence in enumerate(told, start=1))


def _with_sentences(text: str) -> tuple[str, dict[int, str]]:
    """A reply as a model of which every constraint has a name and the number of its sentence."""
    told: dict[int, str] = {}
    sentence: int | None = None
    lines: list[str] = []
    for line in text.split("\n"):
        stripped = line.strip()
        if stripped.startswith("```"):
            continue
        if match := _SENTENCE.match(stripped):
            sentence = int(match[1])
            told[sentence] = match[2]
        elif stripped and not stripped.startswith("#") and not _STATEMENT.match(stripped):
            mark = "" if sentence is None else f" @{sentence}"
            head = "" if _NAMED.match(stripped) else f"c{len(lines) + 1}{mark}: "
            lines.append(head + stripped)
            continue
        lines.append(stripped)
    return "\n".join(lines), told


@lru_cache(maxsize=1)
def _exemplars() -> tuple[tuple[tuple[str, ...], str], ...]:
    data = tomllib.loads(load_prompt_text("optimization_exemplars.toml"))
    return tuple(
        (read_sentences(Problem("exemplar", item["question"])), item["model"].strip() + "\n")
        for item in data["exemplar"]
    )
