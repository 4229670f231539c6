"""Tactics and statements in words and signs."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from tests.backends.lean.small_prover.limits import LONGEST_TEXT, TOO_DEEP, Failure

__all__ = ["Kind", "Token", "Tokens", "tokenize"]

_LONGEST_NUMBER = 100
_KEYWORDS = frozenset({
    "Prop", "Sort", "Type", "at", "by", "calc", "do", "else", "exists", "forall", "from", "fun",
    "have", "if", "in", "let", "match", "nofun", "nomatch", "show", "sorry", "suffices", "then",
    "with",
})  # fmt: skip
_SIGNS = (
    "<;>", ":=", "=>", "<->", "->", "<-", "/\\", "\\/", "?_", "→", "↔", "∧", "∨", "¬", "∀", "∃",
    "λ", "⟨", "⟩", "(", ")", "{", "}", "⦃", "⦄", "[", "]", ",", ":", "=", "≠", "+", "*", "·", "|",
    ";", "←", "⊢", "-", "@", ".",
)  # fmt: skip
_SAME = {"->": "→", "<->": "↔", "/\\": "∧", "\\/": "∨", "<-": "←", "λ": "fun", "forall": "∀"}
_NOT_LETTERS = frozenset("λΠΣ")


class Kind(Enum):
    """What a token is."""

    NAME = auto()
    """With its dots."""
    NUMBER = auto()
    FIELD = auto()
    """What stands behind a dot that touches what is before it."""
    WORD = auto()
    """A name that is reserved."""
    SIGN = auto()
    END = auto()


@dataclass(frozen=True, slots=True)
class Token:
    """A word or sign, with where it stands."""

    kind: Kind
    text: str
    start: int
    end: int
    column: int
    first: bool
    """Whether it is the first of its line."""


def tokenize(text: str) -> list[Token]:
    """All tokens of a text, without comments, and one that ends it.

    Raises:
        Failure: The text is too long, or there is something else in it.
    """
    if len(text) > LONGEST_TEXT:
        raise Failure(TOO_DEEP)
    found: list[Token] = []
    at, line, first = 0, 0, True
    while (at := _skip(text, at)) < len(text):
        if text[at] == "\n":
            at, first = at + 1, True
            line = at
            continue
        touches = bool(found) and found[-1].end == at
        kind, end = _next(text, at, found[-1] if touches else None)
        begin = at + 1 if kind is Kind.FIELD else at
        word = _SAME.get(text[begin:end], text[begin:end])
        if kind is Kind.NAME and word in _KEYWORDS:
            kind = Kind.WORD
        elif word in ("fun", "∀"):
            kind = Kind.SIGN
        found.append(Token(kind, word, at, end, at - line, first))
        at, first = end, False
    found.append(Token(Kind.END, "", at, at, at - line, first))
    return found


def _skip(text: str, at: int) -> int:
    """Where the next token or line ends the space and comments that begin at a place."""
    while at < len(text):
        if text.startswith("--", at):
            end = text.find("\n", at)
            at = len(text) if end < 0 else end
        elif text.startswith("/-", at):
            at = _comment_end(text, at)
        elif text[at] in " \t\r":
            at += 1
        else:
            break
    return at


def _comment_end(text: str, at: int) -> int:
    depth = 0
    while at < len(text):
        pair = text[at : at + 2]
        depth += (pair == "/-") - (pair == "-/")
        at += 2 if pair in ("/-", "-/") else 1
        if not depth:
            return at
    raise Failure("unterminated comment")


def _is_letter(sign: str) -> bool:
    return (sign.isalpha() and sign not in _NOT_LETTERS) or sign == "_"


def _is_rest(sign: str) -> bool:
    return (sign.isalnum() and sign not in _NOT_LETTERS) or sign in "_'!?"


def _name_end(text: str, at: int) -> int:
    while True:
        while at < len(text) and _is_rest(text[at]):
            at += 1
        if text[at : at + 1] == "." and _is_letter(text[at + 1 : at + 2]):
            at += 1
        else:
            return at


def _digits_end(text: str, at: int) -> int:
    while at < len(text) and text[at] in "0123456789":
        at += 1
    return at


def _next(text: str, at: int, before: Token | None) -> tuple[Kind, int]:
    """Kind and end of the token at a place."""
    sign, following = text[at], text[at + 1 : at + 2]
    if sign == "." and before is not None and _takes_field(before):
        if (end := _digits_end(text, at + 1)) > at + 1:
            return Kind.FIELD, end
        if _is_letter(following):
            return Kind.FIELD, _name_end(text, at + 1)
    if _is_letter(sign):
        return Kind.NAME, _name_end(text, at)
    if sign in "0123456789":
        end = _digits_end(text, at)
        if end - at > _LONGEST_NUMBER or _is_letter(text[end : end + 1]):
            raise Failure(f"unexpected token '{text[at : at + 20]}'; expected term")
        return Kind.NUMBER, end
    for known in _SIGNS:
        if text.startswith(known, at):
            return Kind.SIGN, at + len(known)
    raise Failure(f"unexpected token {sign!r}; expected command")


def _takes_field(token: Token) -> bool:
    return token.kind in (Kind.NAME, Kind.FIELD) or token.text in (")", "⟩")


class Tokens:
    """Tokens that are read one after another."""

    def __init__(self, tokens: list[Token]) -> None:
        self._tokens = tokens
        self._at = 0

    @property
    def token(self) -> Token:
        """The one that is read next."""
        return self._tokens[self._at]

    def ahead(self, count: int) -> Token:
        """The one so many behind it, or the last."""
        return self._tokens[min(self._at + count, len(self._tokens) - 1)]

    def take(self) -> Token:
        """The next one, which is passed."""
        token = self.token
        self._at = min(self._at + 1, len(self._tokens) - 1)
        return token

    def at_sign(self, *signs: str) -> bool:
        """Whether the next one is one of these signs or reserved words."""
        return self.token.kind in (Kind.SIGN, Kind.WORD) and self.token.text in signs

    def skip(self, sign: str) -> bool:
        """Pass a sign if it is the next."""
        if found := self.at_sign(sign):
            self.take()
        return found

    def expect(self, sign: str) -> None:
        """Pass a sign.

        Raises:
            Failure: Another token comes next.
        """
        if not self.skip(sign):
            raise self.unexpected(f"'{sign}'")

    def name(self) -> str:
        """Pass a name without dots, or ``_``.

        Raises:
            Failure: Another token comes next.
        """
        if self.token.kind is not Kind.NAME or "." in self.token.text:
            raise self.unexpected("identifier")
        return self.take().text

    def unexpected(self, expected: str) -> Failure:
        """That the next token should be another."""
        token = self.token
        what = "unexpected end of input" if token.kind is Kind.END else ""
        return Failure(f"{what or f'unexpected token {token.text!r}'}; expected {expected}")

    @property
    def is_done(self) -> bool:
        """Whether all have been read."""
        return self.token.kind is Kind.END

    def rest(self) -> list[Token]:
        """All that have not been read, which are passed."""
        found = self._tokens[self._at :]
        self._at = len(self._tokens) - 1
        return found
