"""What is left to prove → the next tactic (as a step of Yang et al. 2023, arXiv:2306.15626)."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from neurosym.candidate import Message, Prompt
from neurosym.translators.base import Malformed, load_prompt_text

__all__ = ["MAX_TACTIC_TOKENS", "read_tactic", "tactic_prompt"]

MAX_TACTIC_TOKENS = 64
"""Tokens of the longest tactic that is asked for."""
_MAX_GOAL = 4000
"""Characters of a goal that are shown; of longer ones the end, where the target is."""
_BARRED = ("sorry", "admit", "stop")
"""Words of tactics that prove nothing."""


def tactic_prompt(goals: Sequence[str]) -> Prompt:
    """What to ask for a state: worked steps, then its first goal.

    Args:
        goals: The goals that are left, at least one.
    """
    data = _prompt_data()
    turns = [Message("system", data["system"].strip())]
    for exemplar in data["exemplar"]:
        turns.append(Message("user", exemplar["goal"]))
        turns.append(Message("assistant", exemplar["tactic"]))
    turns.append(Message("user", goals[0][-_MAX_GOAL:]))
    return Prompt(tuple(turns), stop=("\n",))


def read_tactic(text: str) -> str | Malformed:
    """The tactic in a completion, which is one line."""
    tactic = text.strip().strip("`").removeprefix("lean").strip()
    if not tactic:
        return Malformed("there is no tactic")
    if "\n" in tactic:
        return Malformed("there is more than one line")
    if any(word in _BARRED for word in tactic.replace("(", " ").replace(")", " ").split()):
        return Malformed("it leaves a goal without a proof")
    return tactic


@lru_cache(maxsize=1)
def _prompt_data() -> dict[str, Any]:
    return tomllib.loads(load_prompt_text("lean_tactic.toml"))
