"""Plain words → what they claim, as a theorem in Lean without its proof.

By a few worked examples, as Wu et al. 2022 (arXiv:2205.12615) have statements translated into
Isabelle.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from neurosym.candidate import Message, Prompt
from neurosym.errors import FormulaError
from neurosym.formal.lean.reply import read_reply
from neurosym.formal.lean.statement import Statement, read_statement
from neurosym.problem import Kind, Problem
from neurosym.translators.base import Malformed, load_prompt_text

__all__ = ["MAX_STATEMENT_TOKENS", "LeanStatementTranslator"]

MAX_STATEMENT_TOKENS = 300
"""Tokens of the longest statement that is asked for."""


@dataclass(frozen=True, slots=True)
class LeanStatementTranslator:
    """Asks for statements of what problems say in plain words.

    Attributes:
        imports: The modules that a statement may use, such as ``("Mathlib",)``.
        longest: Tokens of the longest statement.
    """

    imports: tuple[str, ...] = ()
    longest: int = MAX_STATEMENT_TOKENS

    @property
    def name(self) -> str:
        """Names the translator."""
        return "lean-statement"

    @property
    def kind(self) -> Kind:
        """The kind of problems it translates."""
        return Kind.THEOREM

    @property
    def variants(self) -> int:
        """Wordings of the prompt."""
        return 1

    def max_tokens(self, problem: Problem) -> int:
        """Tokens that a sample may take."""
        return self.longest

    def prompt(self, problem: Problem, variant: int = 0) -> Prompt:
        """What to ask the model: worked statements, then the text."""
        data = _prompt_data()
        library = data["plain"]
        if self.imports:
            imports = ", ".join(f"import {name}" for name in self.imports)
            library = data["with_imports"].format(imports=imports)
        turns = [Message("system", data["system"].format(library=library).strip())]
        for exemplar in data["exemplar"]:
            turns.append(Message("user", exemplar["text"]))
            turns.append(Message("assistant", exemplar["statement"]))
        turns.append(Message("user", problem.text))
        # Nobody reads on where a proof would begin.
        return Prompt(tuple(turns), stop=(":= sorry", ":= by"))

    def parse(self, text: str, problem: Problem) -> Statement | Malformed:
        """The statement in a completion: that of its last theorem, whose proof is left out."""
        code = read_reply(text).text
        if not code.strip():
            return Malformed("there is no theorem")
        try:
            return read_statement(code, self.imports)
        except FormulaError as error:
            return Malformed(str(error))


@lru_cache(maxsize=1)
def _prompt_data() -> dict[str, Any]:
    return tomllib.loads(load_prompt_text("lean_statement.toml"))
