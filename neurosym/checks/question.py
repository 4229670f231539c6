"""Which sentence of a question asks, and its words."""

from __future__ import annotations

import re

from neurosym.answers.mentions import MAX_QUESTION
from neurosym.problem import Problem

__all__ = ["asked_sentence", "words_of"]

# A period inside a number or an initial doesn't end a sentence: white space must follow.
_SENTENCE_END = re.compile(r"(?<=[.?!])[\"')\]]*\s+")
_WORD = re.compile(r"[a-z']+|[$€£¥₹%¢]")
_ASKING = re.compile(
    r"\b(?:how|what|what's|which|who|when|where|find|calculate|compute|determine|express)\b",
    re.IGNORECASE,
)


def asked_sentence(problem: Problem) -> str:
    """Find the sentence that asks: the last with a question mark, or else the last that asks.

    A conditional before the question word ("If she sells 3, how many are left?") is cut off.
    """
    text = problem.question[-MAX_QUESTION:].strip()
    sentences = [sentence for sentence in _SENTENCE_END.split(text) if sentence.strip()]
    questions = [sentence for sentence in sentences if "?" in sentence]
    asking = [sentence for sentence in sentences if _ASKING.search(sentence)]
    return (questions or asking or sentences or [text])[-1]


def words_of(sentence: str) -> list[str]:
    """Split a sentence into lower-case words and currency signs."""
    return _WORD.findall(sentence.lower().replace("’", "'"))
