"""Lean text without what does not matter: comments, and space that separates nothing.

Space is not nothing in Lean. ``f.g`` is not ``f .g`` and ``x[i]`` is not ``x [i]``; and which
tactic belongs to which goal is told by columns. So of the space between two tokens it is kept
whether there is any, unless one of them is a sign beside which it never counts; and of the columns
in a text with blocks it is kept how each line's first one compares with those that a block could
have begun at.
"""

from __future__ import annotations

from collections.abc import Sequence

from neurosym.formal.lean.lexer import Kind, Token
from neurosym.formal.lean.words import OPENERS

__all__ = ["canonical"]

_BLOCK_WORDS = OPENERS | {"by", "calc", "do", "where", ":="}
_BEFORE_BLOCK = frozenset("·.;(⟨[{,|") | {
    ":=", "<;>", "=>", "↦", "by", "calc", "do", "else", "from", "then", "where", "with",
}  # fmt: skip
_LOOSE = frozenset("+-*/^=≠<>≤≥→←↔∧∨∘∪∩∈∉⊆∣×,;:¬∀∃λ") | {":=", "=>", "->", "<-", "<=", ">=", "::"}
_OPENING, _CLOSING = frozenset("([{⟨⦃"), frozenset(")]}⟩⦄")
_LITERALS = (Kind.IDENTIFIER, Kind.NUMBER, Kind.STRING, Kind.CHARACTER, Kind.NAME)
_OWN_NAME = "\0"


def canonical(
    tokens: Sequence[Token], *, column: int = 0, own: frozenset[str] = frozenset()
) -> str:
    """The text of some tokens so that texts that differ in comments and layout alone are one.

    Args:
        tokens: Tokens without whitespace; documentation among them is left out.
        column: The column that the text's lines are compared with first.
        own: Identifiers that stand for what the text is about, whatever it is called.
    """
    kept = [token for token in tokens if token.kind not in (Kind.DOC, Kind.MODULE_DOC)]
    has_blocks = any(token.text in _BLOCK_WORDS for token in kept)
    columns = [column]
    pieces: list[str] = []
    before: Token | None = None
    for token in kept:
        if before is not None:
            if has_blocks and before.line + before.text.count("\n") < token.line:
                pieces.append(_line_break(columns, token.column))
            elif before.end < token.start and not _is_loose(before, token):
                pieces.append(" ")
            if before.text in _BEFORE_BLOCK or token.text in OPENERS:
                _note(columns, token.column)
        is_own = token.kind is Kind.IDENTIFIER and token.text in own
        pieces.append(_OWN_NAME if is_own else token.text.replace("\r\n", "\n"))
        before = token
    return "".join(pieces)


def _line_break(columns: list[int], column: int) -> str:
    """How a line's first column compares with those that blocks may have begun at."""
    while columns and columns[-1] > column:
        columns.pop()
    aligned = bool(columns) and columns[-1] == column
    level = len(columns) - aligned
    _note(columns, column)
    return f"\n{level}{'=' if aligned else '>'}"


def _note(columns: list[int], column: int) -> None:
    if not columns or columns[-1] < column:
        columns.append(column)


def _is_loose(before: Token, token: Token) -> bool:
    """Whether space between two tokens says nothing."""
    if before.kind in _LITERALS:
        return token.text in _LOOSE or token.text in _CLOSING
    if token.kind in _LITERALS:
        return before.text in _LOOSE or before.text in _OPENING
    if before.text in _CLOSING:
        return token.text in _LOOSE or token.text in _CLOSING
    # ^[ and the like are signs of their own in some notations.
    return token.text in ("(", "⟨") and (before.text in _LOOSE or before.text in _OPENING)
