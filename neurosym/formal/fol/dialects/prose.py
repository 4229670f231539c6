"""Telling plain words from what is written in a dialect, whether or not it follows it.

In every dialect something stands between two names: a sign, a bracket, a comma, or a word that has
a meaning in logic. In a sentence words stand side by side.
"""

from __future__ import annotations

import re

__all__ = ["is_prose", "without_asides"]

_ASIDE = re.compile(r':::.*|^[^\S\n]*//.*|"[^"\n]*"', re.MULTILINE)
_HEADING = re.compile(r"\s*#+\s|.*:[\s*]*$")
_TABLE_ROW = re.compile(r"\s*\|.*\|\s*$")
"""A row of a table in Markdown, which may stand among sentences."""
_BINDER = re.compile(r"[∀∃]\s*\w+(?:\s*:\s*\w+)?|\\[A-Za-z]+")
"""A bound variable, beside which a name may stand; and the commands of LaTeX, which are signs."""
_MEANT = (
    "all|forall|every|exists?|some|no|and|or|not|xor|implies|iff|if|in|sort|must|could|cannot|need"
)
_WORD = rf"(?!(?i:{_MEANT})\b)[^\W\d_]{{2,}}"
_SIDE_BY_SIDE = re.compile(rf"(?<!\w){_WORD}\s+{_WORD}(?!\w|\s*\()")
_LEVELS = dict(zip("([{)]}", (1, 1, 1, -1, -1, -1), strict=True))


def without_asides(text: str) -> str:
    """A theory without its comments, the sentences beside its formulas, and quoted names."""
    return _ASIDE.sub("", text)


def is_prose(text: str) -> bool:
    """Whether a text is in plain words: most of its lines are, or one of them is a question.

    Args:
        text: The text, without asides.
    """
    lines = [
        line
        for line in text.split("\n")
        if line.strip() and not _HEADING.match(line) and not _TABLE_ROW.match(line)
    ]
    sentences = [
        line for line in lines if _SIDE_BY_SIDE.search(_BINDER.sub("·", _outside_brackets(line)))
    ]
    is_asked = any(line.rstrip().endswith("?") for line in sentences)
    return is_asked or 2 * len(sentences) > len(lines)


def _outside_brackets(line: str) -> str:
    level = 0
    kept = []
    for char in line:
        if not level:
            kept.append(char)
        level = max(0, level + _LEVELS.get(char, 0))
    return "".join(kept)
