"""Writing GBNF, the grammar notation of llama.cpp."""

from __future__ import annotations

import re
from collections.abc import Iterable

__all__ = ["alternatives", "any_of", "quoted"]


def quoted(text: str) -> str:
    """A text, to the letter."""
    escaped = re.sub(r'["\\]', r"\\\g<0>", text).replace("\n", "\\n")
    return f'"{escaped}"'


def any_of(choices: Iterable[str]) -> str:
    """One of several rules."""
    return " | ".join(choices)


def alternatives(texts: Iterable[str]) -> str:
    """One of several texts."""
    return any_of(map(quoted, texts))
