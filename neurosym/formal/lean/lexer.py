"""The tokens of Lean 4 source, without Lean: exact, total and in linear time.

Lean's tokens depend on what a file imports, since notation brings its own. Here identifiers,
literals and comments are told apart as Lean tells them apart; of the signs, those that Lean itself
has are kept together and all others stand alone.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import NamedTuple

__all__ = ["Kind", "Token", "block_comment_end", "tokenize"]


class Kind(StrEnum):
    """What a token is."""

    WHITESPACE = "whitespace"
    COMMENT = "comment"
    """``-- …`` up to the end of its line, or ``/- … -/`` with others inside it."""
    DOC = "doc"
    """``/-- … -/``, which belongs to what follows it."""
    MODULE_DOC = "module doc"
    """``/-! … -/``, which is a command of its own."""
    IDENTIFIER = "identifier"
    """A word, reserved or not, with its dotted parts and with ``«…»``."""
    NUMBER = "number"
    STRING = "string"
    """``"…"``, ``r"…"``, ``r#"…"#``, or ``s!"…"`` with all that stands in its braces."""
    CHARACTER = "character"
    NAME = "name"
    """A name literal: a word behind one or two backquotes."""
    SYMBOL = "symbol"
    UNTERMINATED = "unterminated"
    """A comment, a string or a ``«`` that nothing ends: all text from where it begins."""


class Token(NamedTuple):
    """A piece of source. A tuple, since a file has hundreds of thousands of them.

    Attributes:
        kind: What it is.
        text: Its characters.
        start: Offset of its first character.
        line: Line it begins on, from 1; lines end with line feeds, as in Lean.
        column: Code points before it on that line, from 0, as in Lean.
    """

    kind: Kind
    text: str
    start: int
    line: int
    column: int

    @property
    def end(self) -> int:
        """Offset behind its last character."""
        return self.start + len(self.text)


# Letters as Lean 4.35 takes them. Not among them: × and ÷, and λ, Π and Σ, which are signs.
_LETTER = (
    "A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u017f"
    "\u0391-\u039f\u03a1-\u03a2\u03a4-\u03a9\u03b1-\u03ba\u03bc-\u03fb\u1f00-\u1ffe"
    "\u2100-\u214f\U0001d49c-\U0001d59f"
)
_INDEX = "\u2080-\u2089\u2090-\u209c\u1d62-\u1d6a\u2c7c"
_PART = rf"[{_LETTER}][{_LETTER}0-9'!?{_INDEX}]*+|«[^»]*+»"
_WORD = rf"(?:{_PART})(?:\.(?:{_PART}))*+"
_DIGITS = r"[0-9]++(?:_++[0-9]++)*+"

_TOKEN = re.compile(
    rf"""
    (?P<whitespace>[ \t\r\n]++)
    | (?P<line>--(?:[^\r\n]|\r(?!\n))*+)
    | (?P<block>/-[-!]?)
    | (?P<raw>r(?P<hashes>\#*+)")
    | (?P<interpolated>[sfm]!")
    | (?P<identifier>{_WORD})
    | (?P<field>(?<=[^.]\.)[0-9]++)
    | (?P<number>0[xX][0-9a-fA-F_]++|0[bB][01_]++|0[oO][0-7_]++
        |{_DIGITS}(?:\.(?![.«{_LETTER}])(?:{_DIGITS})?+)?+(?:[eE][+-]?+[0-9]++)?+)
    | (?P<string>"(?:[^"\\]|\\.)*+")
    | (?P<character>(?<![\]¹∑∏])'(?:\\(?:x[0-9a-fA-F]{{2}}|u[0-9a-fA-F]{{4}}|.)|[^\\'])')
    | (?P<name>`{{1,2}}(?:{_WORD}))
    | (?P<unterminated>["«])
    | (?P<symbol><;>|<\|>|>>=|\.\.\.|:=|=>|<\||\|>|->|<-|::|==|!=|<=|>=|&&|\|\||\+\+|\.\.|''|.)
    """,
    re.VERBOSE | re.DOTALL,
)
_KINDS = {
    "whitespace": Kind.WHITESPACE,
    "line": Kind.COMMENT,
    "identifier": Kind.IDENTIFIER,
    "field": Kind.NUMBER,
    "number": Kind.NUMBER,
    "string": Kind.STRING,
    "character": Kind.CHARACTER,
    "name": Kind.NAME,
    "symbol": Kind.SYMBOL,
}
_BLOCKS = {"/-": Kind.COMMENT, "/--": Kind.DOC, "/-!": Kind.MODULE_DOC}
_BLOCK_EDGE = re.compile(r"/-|-/")
_LITERAL_PART = re.compile(r'(?:[^"\\{]|\\.)*+', re.DOTALL)


def tokenize(text: str) -> list[Token]:
    """Take Lean source apart; joined, the tokens' texts are the source.

    Any text has tokens. One that Lean cannot read on from becomes ``Kind.UNTERMINATED`` and is the
    last; a character that Lean has no use for becomes a symbol.
    """
    found: list[Token] = []
    position, line, line_start = 0, 1, 0
    while position < len(text):
        match = _match(text, position)
        kind = _KINDS.get(str(match.lastgroup))
        if kind is not None:
            end = match.end()
        elif match.lastgroup == "interpolated":
            kind, end = _ended(text, Kind.STRING, _interpolated_end(text, match.end()))
        else:
            kind, end = _plain(text, match)
        piece = text[position:end]
        found.append(Token(kind, piece, position, line, position - line_start))
        newline = piece.rfind("\n")
        if newline >= 0:
            line += piece.count("\n")
            line_start = position + newline + 1
        position = end
    return found


def _match(text: str, position: int) -> re.Match[str]:
    match = _TOKEN.match(text, position)
    assert match is not None  # whatever is there is a symbol at least
    return match


def _plain(text: str, match: re.Match[str]) -> tuple[Kind, int]:
    """Kind and end of a token that holds no code."""
    group = str(match.lastgroup)
    if group in _KINDS:
        return _KINDS[group], match.end()
    if group == "block":
        return _ended(text, _BLOCKS[match[0]], block_comment_end(text, match.end()))
    if group == "raw":
        closing = '"' + match["hashes"]
        at = text.find(closing, match.end())
        return _ended(text, Kind.STRING, None if at < 0 else at + len(closing))
    return Kind.UNTERMINATED, len(text)


def _ended(text: str, kind: Kind, end: int | None) -> tuple[Kind, int]:
    return (Kind.UNTERMINATED, len(text)) if end is None else (kind, end)


def block_comment_end(text: str, position: int) -> int | None:
    """Where the block comment ends that has begun before a position, if it does."""
    depth = 1
    for edge in _BLOCK_EDGE.finditer(text, position):
        depth += 1 if edge[0] == "/-" else -1
        if depth == 0:
            return edge.end()
    return None


_INSIDE_STRING = -1


def _interpolated_end(text: str, position: int) -> int | None:
    """Where the interpolated string ends whose quotation mark stands before a position.

    Its braces hold code, which may hold braces and further strings: what is open is kept on a
    stack, an entry for a string or, for code, the number of its own braces that are open.
    """
    frames = [_INSIDE_STRING]
    while frames:
        if frames[-1] == _INSIDE_STRING:
            part = _LITERAL_PART.match(text, position)
            assert part is not None  # it may be empty
            edge = text[part.end() : part.end() + 1]
            position = part.end() + 1
            if edge == '"':
                frames.pop()
            elif edge == "{":
                frames.append(0)
            else:
                return None
            continue
        if position >= len(text):
            return None
        match = _match(text, position)
        if match.lastgroup == "interpolated":
            frames.append(_INSIDE_STRING)
            position = match.end()
            continue
        kind, end = _plain(text, match)
        if kind is Kind.UNTERMINATED:
            return None
        if match[0] == "{":
            frames[-1] += 1
        elif match[0] == "}":
            frames[-1] -= 1
            # The last one closes the code; what is left is the string around it.
            if frames[-1] < 0:
                frames.pop()
        position = end
    return position
