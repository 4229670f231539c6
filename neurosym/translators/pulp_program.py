"""Translation into PuLP programs, of which the model they build is taken, not what they print."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any

from neurosym.candidate import Message, Prompt
from neurosym.formal.optimization.formats.texts import one_line
from neurosym.formal.program import Program, parse_source
from neurosym.problem import Kind, Problem
from neurosym.translators.base import Malformed, load_prompt_text
from neurosym.translators.extract import code_blocks
from neurosym.translators.five_elements import description
from neurosym.translators.tables import read_data

__all__ = ["PULP_ENTRY", "PulpTranslator"]

PULP_ENTRY = "captured_model"
"""The entry of programs whose PuLP problem is captured."""

_PREFIX = "```python\nimport pulp\n"
_OTHERS = re.compile(
    r"^\s*(?:import|from)\s+(gurobipy|pyomo|cvxpy|docplex|mip|ortools|scipy|highspy|pyscipopt)\b",
    re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class PulpTranslator:
    """Descriptions of decisions → programs that build a model with PuLP."""

    @property
    def name(self) -> str:
        """Its name."""
        return "pulp program"

    @property
    def kind(self) -> Kind:
        """The kind of problems it translates."""
        return Kind.OPTIMIZATION

    @property
    def variants(self) -> int:
        """One wording."""
        return 1

    def max_tokens(self, problem: Problem) -> int:
        """Tokens that a program may take."""
        return 700

    def prompt(self, problem: Problem, variant: int = 0) -> Prompt:
        """Instruction, worked examples, and the description; the turn opens the program."""
        data = _data()
        turns = [Message("system", data["system"])]
        for item in data["exemplar"]:
            turns.append(Message("user", item["question"]))
            turns.append(Message("assistant", f"{_PREFIX}{item['program'].strip()}\n```"))
        turns.append(Message("user", description(problem)))
        return Prompt(tuple(turns), prefix=_opening(problem), stop=("```",))

    def parse(self, text: str, problem: Problem) -> Program | Malformed:
        """The program in a completion."""
        anew = text.lstrip().startswith("```")
        blocks = code_blocks(text if anew else _opening(problem) + text)
        if not blocks:
            return Malformed("it holds no Python code")
        source = blocks[-1 if anew else 0]
        if other := _OTHERS.search(source):
            return Malformed(f"the program uses {other[1]}; write it with PuLP")
        try:
            parse_source(source)
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            return Malformed(f"the program is not Python: {error}")
        if "LpProblem" not in source:
            return Malformed("the program builds no LpProblem")
        return Program(source, PULP_ENTRY)


def _opening(problem: Problem) -> str:
    """What a program begins with: the import, and what tables of the description give."""
    data = read_data(description(problem))
    lines = [f"{item.name} = {[element for [element] in item.elements]!r}" for item in data.sets]
    for item in data.parameters:
        values = {key if len(key) > 1 else key[0]: _number(v) for key, v in item.values.items()}
        remark = f"  # {one_line(item.meaning)}" if item.meaning else ""
        lines.append(f"{item.name} = {values!r}{remark}")
    return _PREFIX + "".join(f"{line}\n" for line in lines)


def _number(value: Fraction) -> int | float:
    return value.numerator if value.denominator == 1 else float(value)


@lru_cache(maxsize=1)
def _data() -> dict[str, Any]:
    return tomllib.loads(load_prompt_text("pulp_exemplars.toml"))
