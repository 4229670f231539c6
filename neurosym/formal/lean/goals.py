"""Goals as Lean shows them, so that two that differ in names alone are one."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from neurosym.formal.lean.lexer import Kind, tokenize

__all__ = ["canonical_goals"]

_CASE = re.compile(r"case .*")
_NAMES = re.compile(r"(?P<names>[^\s:⊢(\[{][^:⊢(\[{]*?) :(?= |=)")
"""The names that a line of hypotheses begins with."""
_DIGITS = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_INACCESSIBLE = re.compile(f"✝([{_DIGITS}]*)")
"""What Lean puts behind names that no tactic can use."""

_SILENT = frozenset({Kind.WHITESPACE, Kind.COMMENT})


def canonical_goals(goals: Sequence[str]) -> str:
    """A text that is the same for goals that differ only in how their hypotheses are called.

    What is bound inside of a type keeps its name, and hypotheses their order: goals that are told
    apart here may still be the same, goals that are not are.
    """
    return "\n\n".join(map(_canonical, goals))


def _canonical(goal: str) -> str:
    renamed: dict[str, str] = {}
    pieces: list[str] = []
    count = 0
    for line in goal.split("\n"):
        if _CASE.fullmatch(line):
            continue
        line = _INACCESSIBLE.sub(_as_letters, line)
        match = _NAMES.match(line)  # a line that goes on with a type is indented
        named = tokenize(match["names"]) if match is not None else ()
        for name in (token.text for token in named if token.kind is Kind.IDENTIFIER):
            # A name that comes again hides the one before, from here on.
            renamed[name] = f"\0{count}"
            count += 1
        pieces.append(_renamed(line, renamed))
    return "\n".join(pieces)


def _renamed(line: str, names: Mapping[str, str]) -> str:
    words = []
    for token in tokenize(line):
        if token.kind in _SILENT:
            continue
        text = token.text
        if token.kind is Kind.IDENTIFIER:
            first, dot, rest = text.partition(".")
            text = names.get(first, first) + dot + rest
        words.append(text)
    return " ".join(words)


def _as_letters(match: re.Match[str]) -> str:
    """Signs that may be part of a name, in place of the dagger, which may not."""
    return "!?" + "!" * sum(_DIGITS.index(digit) + 1 for digit in match[1])
