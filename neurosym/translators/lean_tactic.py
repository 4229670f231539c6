"""What is left to prove → the next tactic (as a step of Yang et al. 2023, arXiv:2306.15626).

Premises that were found for it stand before the goal, as there (section 5): the one that fits best
next to it, and no more of them than there is room for.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from neurosym.candidate import Message, Prompt
from neurosym.formal.lean.source import read_source
from neurosym.translators.base import Malformed, load_prompt_text
from neurosym.translators.tactic_grammar import tactic_grammar

if TYPE_CHECKING:
    from neurosym.retrieval.premises import Premise

__all__ = ["MAX_TACTIC_TOKENS", "read_tactic", "tactic_prompt"]

MAX_TACTIC_TOKENS = 64
"""Tokens of the longest tactic that is asked for."""
_MAX_GOAL = 4000
"""Characters of a goal that are shown; of longer ones the end, where the target is."""
_MAX_PREMISE = 300
"""Characters of a premise that are shown; of longer ones the beginning."""
_MAX_PREMISES = 2000
"""Characters of all premises together."""
_BARRED = ("sorry", "admit", "stop")
"""Words of tactics that prove nothing."""


def tactic_prompt(
    goals: Sequence[str],
    premises: Sequence[Premise] = (),
    *,
    constrained: bool = True,
    is_open: bool = True,
) -> Prompt:
    """What to ask for a state: worked steps, then its first goal.

    Args:
        goals: The goals that are left, at least one.
        premises: What may help to prove the first, best first. Those for which there is no room
            are left out.
        constrained: Whether the tactic is held to what the goal lets one write.
        is_open: Whether it may be one that only a library has.
    """
    data = _prompt_data()
    shown = _room_for(map(_shown, premises))
    system, exemplars = [data["system"]], [*data["exemplar"]]
    if shown:
        system.append(data["system_premises"])
        exemplars += data["exemplar_premises"]
    turns = [Message("system", " ".join(part.strip() for part in system))]
    for exemplar in exemplars:
        turns.append(Message("user", _asked(exemplar["goal"], exemplar.get("premises", ()))))
        turns.append(Message("assistant", exemplar["tactic"]))
    turns.append(Message("user", _asked(goals[0][-_MAX_GOAL:], shown)))
    names = [premise.name for premise in premises]
    grammar = tactic_grammar(goals[0], names, is_open=is_open) if constrained else None
    return Prompt(tuple(turns), stop=("\n",), grammar=grammar)


def _asked(goal: str, premises: Sequence[str]) -> str:
    """A goal behind premises, of which the first stands next to it."""
    if not premises:
        return goal
    lines = "\n".join(reversed(premises))
    return f"Known:\n{lines}\n\n{goal}"


def _room_for(premises: Iterable[str]) -> list[str]:
    """The first of some premises, as many as there is room for."""
    chosen: list[str] = []
    left = _MAX_PREMISES
    for premise in premises:
        left -= len(premise)
        if left < 0:
            break
        chosen.append(premise)
    return chosen


def _shown(premise: Premise) -> str:
    """A premise on one line, by its full name."""
    source = read_source(premise.statement)
    text = f"{premise.name} : {premise.statement}"
    # Where it is source text, that gives the name as it is called in its namespace.
    if source.commands and (name := source.commands[0].name):
        command = source.commands[0]
        tokens = source.tokens[command.head : command.stop]
        end = next(token.end for token in tokens if token.text == name)
        text = premise.name + premise.statement[end:]
    line = " ".join(text.split())
    return line if len(line) <= _MAX_PREMISE else f"{line[: _MAX_PREMISE - 1]}…"


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
