"""Which brackets of Lean source belong together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from neurosym.formal.lean.lexer import Kind, Token

__all__ = ["Brackets", "awaits_closing", "pair_brackets"]

_CLOSING = dict(zip("([{⟨⦃⟦⟪⌊⌈", ")]}⟩⦄⟧⟫⌋⌉", strict=True))
_OPENING = {closing: opening for opening, closing in _CLOSING.items()}


@dataclass(frozen=True, slots=True)
class Brackets:
    """The brackets of some tokens, each list with an entry for each token.

    One that has no partner counts for nothing, so that a slip in one command does not swallow the
    commands behind it.

    Attributes:
        depth: How many brackets are open around the token; a bracket is not inside itself.
        partner: Index of the bracket that closes or opens what this one opens or closes, else -1.
        quoted: Whether the token stands in a quotation, such as ```(…)``, or in a list of
            attributes, where a word of a command is not a command.
    """

    depth: list[int]
    partner: list[int]
    quoted: list[bool]


def pair_brackets(tokens: Sequence[Token]) -> Brackets:
    """Find the partners of brackets; of those that cross, the outer ones have none."""
    partner = [-1] * len(tokens)
    waiting = dict.fromkeys(_CLOSING, 0)
    stack: list[int] = []
    for index, token in enumerate(tokens):
        if token.kind is not Kind.SYMBOL:
            continue
        if token.text in _CLOSING:
            stack.append(index)
            waiting[token.text] += 1
        elif opening := _OPENING.get(token.text):
            # Without one that waits for it, this one has no partner, and nothing is closed.
            while waiting[opening] and partner[index] < 0:
                top = stack.pop()
                waiting[tokens[top].text] -= 1
                if tokens[top].text == opening:
                    partner[index], partner[top] = top, index
    return _nest(tokens, partner)


def awaits_closing(tokens: Sequence[Token], brackets: Brackets, stop: int) -> bool:
    """Whether a bracket among the first tokens would be closed by one that is put behind all."""
    return any(
        brackets.partner[index] < 0 and tokens[index].text in _CLOSING for index in range(stop)
    )


def _nest(tokens: Sequence[Token], partner: list[int]) -> Brackets:
    depth: list[int] = []
    quoted: list[bool] = []
    around = [False]
    for index, token in enumerate(tokens):
        closes = 0 <= partner[index] < index
        if closes:
            around.pop()
        depth.append(len(around) - 1)
        quoted.append(around[-1])
        if partner[index] > index:
            around.append(around[-1] or _quotes(tokens, index, token))
    return Brackets(depth, partner, quoted)


def _quotes(tokens: Sequence[Token], index: int, token: Token) -> bool:
    """Whether a bracket begins a quotation or a list of attributes."""
    if index == 0:
        return False
    before = tokens[index - 1]
    if token.text == "[" and before.text == "attribute":
        return True
    return before.text in ("`", "@") and before.end == token.start
