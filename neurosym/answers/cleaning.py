"""Wrapping that says nothing about an answer: LaTeX delimiters, markdown, "the answer is"."""

from __future__ import annotations

import re

__all__ = ["clean", "plain_characters"]

_CHARACTERS = str.maketrans(
    {
        "−": "-",
        "–": "-",
        "—": "-",
        "\u00a0": " ",
        "\u202f": " ",
        "\u2009": " ",
        "½": " 1/2",
        "⅓": " 1/3",
        "⅔": " 2/3",
        "¼": " 1/4",
        "¾": " 3/4",
        "⅕": " 1/5",
        "⅛": " 1/8",
    }
)
# Not after a backslash: two of them end a row of a matrix.
_LATEX_SPACE = re.compile(r"(?<!\\)\\(?:[!,;: ]|(?:left|right|displaystyle)(?![A-Za-z]))|\{,\}|~")
_LATEX_TEXT = re.compile(r"\\(?:text|textbf|textit|mathrm|mathbf|mbox)\s*\{([^{}]*)\}")
_WHOLE = re.compile(
    r"\$\$([^$]+)\$\$|\$([^$]+)\$|\\\((.*)\\\)|\\\[(.*)\\\]|\\(?:boxed|fbox)\s*\{(.*)\}"
    r"|\*\*(.*)\*\*|`(.*)`|\"([^\"]*)\"|'([^']*)'",
    re.DOTALL,
)
_LEAD = re.compile(
    r"(?:(?:the\s+)?(?:final\s+)?answer\s*(?:is\b\s*:?|:|=)|approximately\b|approx\b\.?|about\b"
    r"|roughly\b|around\b|[≈=])\s*",
    re.IGNORECASE,
)


def plain_characters(text: str) -> str:
    """A text with plain characters for signs, spaces and fractions that have several."""
    return text.translate(_CHARACTERS)


def clean(text: str) -> str:
    """Take the wrapping off a text.

    Cleaning a clean text changes nothing. Each round removes a layer and costs the text's length,
    so the caller caps that.
    """
    text = plain_characters(text)
    while True:
        before = text
        text = _LATEX_TEXT.sub(r" \1 ", text)
        text = _LATEX_SPACE.sub(_space, text)
        text = text.replace("\\%", "%").replace("\\$", "$")
        text = " ".join(text.split()).rstrip(" ,;")
        if text.endswith(".") and not text.endswith(".."):
            text = text[:-1].rstrip()
        if match := _WHOLE.fullmatch(text):
            text = next(group for group in match.groups() if group is not None)
        if match := _LEAD.match(text):
            text = text[match.end() :]
        if text == before:
            return text


def _space(match: re.Match[str]) -> str:
    # A thin space between digits groups them; any other space separates.
    return {"{,}": ",", "\\!": "", "\\,": " "}.get(match[0], "" if match[0][1:2].isalpha() else " ")
