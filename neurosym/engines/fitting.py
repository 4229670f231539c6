"""Prompts for engines that cannot do all that a prompt asks for.

What cannot be enforced is asked for in words, or left to what reads the completion.
"""

from __future__ import annotations

import json
from collections.abc import Set
from dataclasses import replace

from neurosym.candidate import Completion, Message, Prompt
from neurosym.engines.base import Capability

__all__ = ["continued", "fitted", "lost"]

_SAID = {
    Capability.GRAMMAR: "its completions are held to no grammar, so more of them may be malformed",
    Capability.JSON_SCHEMA: "JSON schemas are asked for in words alone",
    Capability.REGEX: "regular expressions are asked for in words alone",
    Capability.PREFIX: "it is asked in words to begin answers as they must begin",
}


def lost(prompt: Prompt, can: Set[Capability]) -> list[str]:
    """What becomes of a prompt's demands that an engine cannot meet, in words.

    Args:
        prompt: What to ask.
        can: What the engine can do.
    """
    return [_SAID[demand] for demand in _demands(prompt) - can]


def _demands(prompt: Prompt) -> set[Capability]:
    found = {
        Capability.GRAMMAR: prompt.grammar is not None,
        Capability.JSON_SCHEMA: prompt.json_schema is not None,
        Capability.REGEX: prompt.regex is not None,
        Capability.PREFIX: bool(prompt.prefix),
    }
    return {capability for capability, is_there in found.items() if is_there}


def fitted(prompt: Prompt, can: Set[Capability]) -> Prompt:
    """The prompt without what an engine cannot do, which is asked for in words instead.

    The words stand at the end of the last message.

    Args:
        prompt: What to ask.
        can: What the engine can do.
    """
    words = []
    unmet = _demands(prompt) - can
    if Capability.GRAMMAR in unmet:
        prompt = replace(prompt, grammar=None)
    if Capability.JSON_SCHEMA in unmet:
        words.append(f"Answer with JSON of this schema alone: {json.dumps(prompt.json_schema)}")
        prompt = replace(prompt, json_schema=None)
    if Capability.REGEX in unmet:
        words.append(f"Answer with what matches this regular expression alone: {prompt.regex}")
        prompt = replace(prompt, regex=None)
    if Capability.PREFIX in unmet:
        words.append(f"Begin your answer with exactly this text, and go on:\n\n{prompt.prefix}")
        # What the answer is to begin with must not end it.
        stop = tuple(text for text in prompt.stop if text not in prompt.prefix)
        prompt = replace(prompt, prefix="", stop=stop)
    if not words:
        return prompt
    last = prompt.messages[-1]
    told = Message(last.role, "\n\n".join((last.content, *words)))
    return replace(prompt, messages=(*prompt.messages[:-1], told))


def continued(completion: Completion, prompt: Prompt) -> Completion:
    """A completion of a fitted prompt, as if it had gone on from the beginning asked for.

    One that begins otherwise stays as it is: it says by itself what it is.

    Args:
        completion: What was written.
        prompt: What was to be asked, before it was fitted.
    """
    text = completion.text.lstrip()
    # Models are careless of blanks at the end of it.
    for beginning in (prompt.prefix.lstrip(), prompt.prefix.strip()):
        if beginning and text.startswith(beginning):
            rest = text[len(beginning) :]
            ends = [rest.index(stop) for stop in prompt.stop if stop in rest]
            if not ends:
                return replace(completion, text=rest)
            return replace(completion, text=rest[: min(ends)], finish_reason="stop")
    return completion
