"""A theorem → the tactics of a whole proof, one a line."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from typing import Any

from neurosym.candidate import Message, Prompt
from neurosym.formal.lean.theorem import Theorem
from neurosym.translators.base import Malformed, load_prompt_text
from neurosym.translators.lean_tactic import read_tactic

__all__ = ["MAX_PROOF_TOKENS", "proof_prompt", "read_proof"]

MAX_PROOF_TOKENS = 400
"""Tokens of the longest proof that is asked for."""


def proof_prompt(theorem: Theorem) -> Prompt:
    """What to ask for a whole proof: worked ones, then what the theorem states."""
    data = _prompt_data()
    turns = [Message("system", data["system"].strip())]
    for exemplar in data["exemplar"]:
        turns.append(Message("user", exemplar["statement"]))
        turns.append(Message("assistant", exemplar["proof"].strip()))
    turns.append(Message("user", f"{theorem.opening} := by"))
    return Prompt(tuple(turns), stop=("\n\n", "```\n", "theorem "))


def read_proof(text: str) -> tuple[str, ...] | Malformed:
    """The tactics in a completion; those up to one that proves nothing are not kept either."""
    tactics: list[str] = []
    for line in text.split("\n"):
        stripped = line.strip()
        if not stripped or stripped.startswith("```") or stripped in ("by", ":= by"):
            continue
        tactic = read_tactic(stripped.removeprefix("· ").removeprefix("by "))
        if isinstance(tactic, Malformed):
            return tactic
        tactics.append(tactic)
    return tuple(tactics) if tactics else Malformed("there is no tactic")


@lru_cache(maxsize=1)
def _prompt_data() -> dict[str, Any]:
    return tomllib.loads(load_prompt_text("lean_proof.toml"))
