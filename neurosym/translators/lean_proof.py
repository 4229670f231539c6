"""A theorem in Lean → a whole proof.

With the proof in words beside it, the steps of that stand as comments between those of Lean, in the
worked examples as well: NL-FL bootstrapping (Wang et al. 2024, TheoremLlama, arXiv:2407.03203,
section 3.2).
"""

from __future__ import annotations

import re
import textwrap
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from neurosym.candidate import Message, Prompt
from neurosym.errors import FormulaError, ProblemError
from neurosym.formal.lean.proof import Proof
from neurosym.formal.lean.reply import read_reply
from neurosym.formal.lean.source import read_source
from neurosym.formal.lean.theorem import Theorem, read_theorem
from neurosym.formal.lean.words import THEOREMS
from neurosym.problem import Kind, Problem
from neurosym.translators.base import Malformed, load_prompt_text

__all__ = ["MAX_PROOF_TOKENS", "LeanProofTranslator", "proof_prompt", "read_proof", "theorem_of"]

MAX_PROOF_TOKENS = 400
"""Tokens of the longest proof that is asked for."""
_MANY_LINES = re.compile(r"\n\s*\n")
_MAX_PREAMBLE = 4000
"""Characters that are shown of what stands before a theorem; of more the end."""


@dataclass(frozen=True, slots=True)
class LeanProofTranslator:
    """Asks for whole proofs of theorems; a problem's question is the file that states one.

    Attributes:
        longest: Tokens of the longest proof.
    """

    longest: int = MAX_PROOF_TOKENS

    @property
    def name(self) -> str:
        """Names the translator."""
        return "lean-proof"

    @property
    def kind(self) -> Kind:
        """The kind of problems it translates."""
        return Kind.PROOF

    @property
    def variants(self) -> int:
        """Wordings of the prompt."""
        return 1

    def max_tokens(self, problem: Problem) -> int:
        """Tokens that a sample may take."""
        return self.longest

    def prompt(self, problem: Problem, variant: int = 0) -> Prompt:
        """What to ask the model.

        Raises:
            ProblemError: The problem holds no theorem.
        """
        return proof_prompt(theorem_of(problem), problem.context)

    def parse(self, text: str, problem: Problem) -> Proof | Malformed:
        """The proof in a completion."""
        asked = theorem_of(problem)
        proof = read_proof(text)
        if isinstance(proof, Malformed):
            return proof
        try:
            return Proof(asked, asked.with_proof(proof))
        except FormulaError as error:
            return Malformed(str(error))


def theorem_of(problem: Problem) -> Theorem:
    """The theorem that a problem asks to prove: the last in its question.

    Raises:
        ProblemError: It holds none.
    """
    commands = read_source(problem.question).commands
    names = [item.full_name for item in commands if item.keyword in THEOREMS]
    try:
        return read_theorem(problem.question, names[-1] if names else None)
    except FormulaError as error:
        raise ProblemError(f"problem {problem.id!r}: {error}", hint=error.hint) from error


def proof_prompt(
    theorem: Theorem, informal: str = "", *, worked: str = "lean_proof.toml"
) -> Prompt:
    """What to ask for a whole proof: worked ones, then what the theorem states.

    Args:
        theorem: The theorem.
        informal: Its proof in words, or none.
        worked: The file in ``prompts`` that says what to write, and holds what is worked out.
    """
    data = _prompt_data(worked)
    turns = [Message("system", data["system"].strip())]
    for exemplar in data["exemplar"]:
        words = exemplar["informal"] if informal.strip() else ""
        proof = exemplar["proof"].strip()
        turns.append(Message("user", _asked(exemplar["statement"], words)))
        turns.append(Message("assistant", proof if words else _without_comments(proof)))
    preamble = _MANY_LINES.sub("\n\n", theorem.preamble)[-_MAX_PREAMBLE:]
    before = f"{preamble}\n\n" if preamble else ""
    turns.append(Message("user", _asked(f"{before}{theorem.opening} := by", informal)))
    return Prompt(tuple(turns), stop=("\n\n", "```\n", "\ntheorem "))


def _asked(statement: str, informal: str) -> str:
    return f"/- {informal.strip()} -/\n{statement}" if informal.strip() else statement


def _without_comments(proof: str) -> str:
    lines = (line for line in proof.split("\n") if not line.lstrip().startswith("--"))
    return "\n".join(lines)


def read_proof(text: str) -> str | Malformed:
    """The proof in a completion: that of the theorem it repeats, or the tactics it consists of.

    Args:
        text: What the model wrote behind ``:= by``, which it may repeat with all before it.
    """
    reply = read_reply(text).text if "```" in text else text
    commands = read_source(reply).commands
    if names := [item.full_name for item in commands if item.keyword in THEOREMS]:
        try:
            proof = read_theorem(reply, names[-1]).proof
        except FormulaError as error:
            return Malformed(str(error))
        return proof or Malformed("there is no proof")
    lines = textwrap.dedent(reply.expandtabs(2).strip("\n")).rstrip().split("\n")
    first = lines[0].strip().removeprefix(":=").strip()
    if first == "by":
        lines = textwrap.dedent("\n".join(lines[1:])).split("\n")
    elif first.startswith("by "):
        lines[0] = first.removeprefix("by ").lstrip()
    if not "".join(lines).strip():
        return Malformed("there is no tactic")
    return "\n".join(["by", *(f"  {line}".rstrip() for line in lines)])


@lru_cache(maxsize=2)
def _prompt_data(name: str) -> dict[str, Any]:
    return tomllib.loads(load_prompt_text(name))
