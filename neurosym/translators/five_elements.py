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
from neurosym.translators.tables import Data, print_data, read_data

__all__ = ["MAX_MODEL_SHOTS", "FiveElementsTranslator", "description", "read_sentences"]

MAX_MODEL_SHOTS = 3
"""Worked examples there are."""
_SENTENCE = re.compile(r"#\s*(\d+):\s*(.*)")
_STATEMENT = re.compile(r"(?:var|param|set|maximize|minimize)\b")
_DECLARED = re.compile(r"^var (\w+)(?:\{([^}]*)\})?", re.MULTILINE)
_DOLLAR = "\0"
"""Stands for a dollar that is no sign of a formula."""
_STRAY_COMMA = re.compile(r"(?<=\d)\s+,\s*(?=\w)")
_LIST_ITEM = re.compile(r"(?<=[.:;])\s*-\s+(?=[A-Z])")
_FORMULA = re.compile(r"\$([^$\n]{1,80})\$(?!\d)")
_SIGNS = {"geq?": ">=", "leq?": "<=", "times": "*", "cdot": "*", "%": "%", "ldots": "..."}
"""Commands of LaTeX, and what they show."""
_WORD = re.compile(r"[A-Za-z]{3}|\d\s+[a-z]{2}|[a-z]\s+\Z")
"""What is no formula."""
_EACH = re.compile(r"each\s*(\{[^}]*\})\s*:\s*")
_NAMED = re.compile(r"\s*[^\W\d]\w*\s*(?:\{[^}]*\})?\s*(?:@\d+)?\s*:")


@dataclass(frozen=True, slots=True)
class FiveElementsTranslator:
    """Descriptions of decisions → models.

    Attributes:
        shots: Worked examples in the prompt.
        constrained: Whether the output is held to the grammar.
        staged: Whether the variables are asked for first, and the rest with the grammar held to
            these; without a grammar all is asked for at once.

    Raises:
        OptionError: There are not that many worked examples.
    """

    shots: int = MAX_MODEL_SHOTS
    constrained: bool = True
    staged: bool = True

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
        data = read_data(description(problem))
        for asked, model in self._shown(data):
            turns.append(Message("user", asked))
            turns.append(Message("assistant", model))
        told = sentences(data.text)
        turns.append(Message("user", _ask(told, data)))
        grammar = variables_grammar(told, data) if self.staged else model_grammar(told, data)
        return Prompt(tuple(turns), grammar=grammar if self.constrained else None)

    def _shown(self, data: Data) -> tuple[tuple[str, str], ...]:
        """The worked examples; only a problem with tables needs to see one with a table."""
        without, tables = _exemplars()
        last = tables if data.sets and self.shots else ()
        return (*without[len(without) - self.shots :], *last)

    def continuation(
        self, problem: Problem, variant: int, asked: Prompt, written: str
    ) -> Prompt | None:
        """After the variables, the rest of the model; see :class:`Staged`."""
        if not (self.staged and self.constrained and written.endswith(FIRST_PART_END)):
            return None
        data = read_data(description(problem))
        variables = {
            name: tuple(re.findall(r"\bin (\w+)", over))
            for name, over in _DECLARED.findall(written)
        }
        # Where no grammar is obeyed anything may be declared; it is then read as it is.
        known = {item.name for item in data.sets}
        named = known | {item.name for item in data.parameters}
        over_known = known.issuperset(item for over in variables.values() for item in over)
        if not variables or named & variables.keys() or not over_known:
            return None
        grammar = rest_grammar(sentences(data.text), variables, data)
        return replace(asked, prefix=asked.prefix + written, grammar=grammar)

    def parse(self, text: str, problem: Problem) -> Model | Malformed:
        """The model in a completion; constraints know the sentences above them.

        What the tables of the problem give is part of it.
        """
        from neurosym.formal.optimization.language.reader import read_model

        source, told = _with_sentences(text)
        try:
            model = read_model(print_data(read_data(description(problem))) + source)
        except InputError as error:
            return Malformed(str(error))
        constraints = tuple(
            item if item.sentence is None else replace(item, source=told.get(item.sentence, ""))
            for item in model.constraints
        )
        return replace(model, constraints=constraints)


def read_sentences(problem: Problem) -> tuple[str, ...]:
    """The sentences of a problem, its context first, without its tables of data."""
    return sentences(read_data(description(problem)).text)


def description(problem: Problem) -> str:
    r"""The text of a problem as it is read.

    Line breaks that are written as a backslash and an n are breaks, and simple formulas of LaTeX
    what they show: ``$x_1$`` is x_1, and ``$\$40$`` or ``\$40`` forty dollars. Items of a list
    that stand in one line have one each.
    """
    text = problem.text.replace("\\n", "\n").replace("\\\\", "\\")
    text = text.replace("\\%", "%").replace("\\$", _DOLLAR)
    plain = _FORMULA.sub(_plain_formula, text).replace(_DOLLAR, "$")
    return _LIST_ITEM.sub("\n- ", _STRAY_COMMA.sub(", ", plain))


def _plain_formula(match: re.Match[str]) -> str:
    """A formula of LaTeX as plain text; what reads like words between two prices is left alone."""
    inside = match[1]
    for command, sign in _SIGNS.items():
        inside = re.sub(rf"\\{command}(?![a-z])", sign, inside)
    return match[0] if "\\" in inside or _WORD.search(inside) else inside.strip()


def _ask(told: tuple[str, ...], data: Data) -> str:
    numbered = [f"{number}: {sentence}" for number, sentence in enumerate(told, start=1)]
    given = ["Given:", print_data(data).rstrip()] if data.sets else []
    return "\n".join([*numbered, *given])


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
            name = f"c{len(lines) + 1}"
            if each := _EACH.match(stripped):
                stripped = f"{name}{each[1]}{mark}: {stripped[each.end() :]}"
            elif not _NAMED.match(stripped):
                stripped = f"{name}{mark}: {stripped}"
        lines.append(stripped)
    return "\n".join(lines), told


@lru_cache(maxsize=1)
def _exemplars() -> tuple[tuple[tuple[str, str], ...], ...]:
    """What is asked and written in worked examples without tables, and in those with some."""
    items = tomllib.loads(load_prompt_text("optimization_exemplars.toml"))["exemplar"]
    found: tuple[list[tuple[str, str]], ...] = ([], [])
    for item in items:
        data = read_data(item["question"])
        asked = _ask(sentences(data.text), data)
        found[bool(data.sets)].append((asked, item["model"].strip() + "\n"))
    return tuple(map(tuple, found))
