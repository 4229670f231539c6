"""Where the commands of Lean source begin.

Lean finds this out by parsing, with all that the imports bring. Here it is found from the words
that Lean reserves for commands and from the columns of the others: since what is not indented
deeper than a command's first character can be neither an argument nor a tactic of it (so it is in
Lean 4.35), a word that stands there and carries nothing on begins a command, even if nobody here
knows it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from neurosym.formal.lean.brackets import Brackets
from neurosym.formal.lean.lexer import Kind, Token
from neurosym.formal.lean.words import (
    CONTINUING,
    HASH_COMMANDS,
    HASH_TACTICS,
    LIBRARY_COMMANDS,
    MODIFIERS,
    OPEN_ENDED,
    OPENERS,
    RESERVED_COMMANDS,
    SCOPED_BY_IN,
    SHARED_COMMANDS,
    WAITING_SIGNS,
    WAITING_WORDS,
)

__all__ = ["MODULE_DOC", "UNKNOWN", "Start", "find_starts"]

UNKNOWN = "unknown"
"""The keyword of what stands where a command begins and is none that is known."""
MODULE_DOC = "/-!"
"""The keyword of the documentation of a file or section."""

_COMPLETE = frozenset({"end", "init_quot", "mutual", "namespace", "section", MODULE_DOC})
_NAMED_SCOPES = frozenset({"end", "namespace", "section"})
_NO_NAMES = RESERVED_COMMANDS | SHARED_COMMANDS | LIBRARY_COMMANDS | MODIFIERS | {"deriving"}
_SECOND_WORDS = {"class": ("abbrev", "inductive"), "deriving": ("instance", "noncomputable")}
_BEGIN_TERM = frozenset("([{⟨⦃⟦⟪⌊⌈·.@λ∀∃¬↑-")
_BEGIN_ARGUMENT = frozenset("([{⟨⟦⟪⌊⌈·.@")
_FOLLOW = frozenset({
    "at", "by", "decreasing_by", "deriving", "else", "extends", "finally", "for", "from", "hiding",
    "in", "renaming", "termination_by", "then", "using", "where", "with",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Start:
    """Where a command begins, as indices of tokens.

    Attributes:
        first: Its first token, be it of a command that is put before it with ``in``.
        own: The first token of the command itself: documentation, an attribute, a modifier or the
            keyword.
        head: The token of its keyword.
        keyword: The keyword: a word, a word with ``#``, ``MODULE_DOC`` or ``UNKNOWN``.
        resume: The first token behind its keyword and, of a scope, behind its name.
        within: The keywords of the commands before it that end with ``in``.
    """

    first: int
    own: int
    head: int
    keyword: str
    resume: int
    within: tuple[str, ...] = ()


def find_starts(tokens: Sequence[Token], brackets: Brackets, begin: int) -> list[Start]:
    """Find the commands from a token on; each ends where the next begins.

    Args:
        tokens: The tokens without whitespace and without comments that document nothing.
        brackets: Their brackets.
        begin: The first token behind the file's header.
    """
    return _Splitter(tokens, brackets).run(begin)


@dataclass(slots=True)
class _State:
    """How far the command at hand has come."""

    start: Start
    column: int
    body: bool = False
    """Whether its value has begun, so that brackets are no longer its parameters."""
    tactics: bool = False
    listing: bool = False
    """Whether it holds a list of items that are not indented, such as fields."""
    lets: list[int] = field(default_factory=list)
    """Columns of the words such as ``have`` whose term is not complete."""

    def owes(self, column: int) -> bool:
        """Whether something at this column would complete a term."""
        return bool(self.lets) and column <= self.lets[-1]


class _Splitter:
    def __init__(self, tokens: Sequence[Token], brackets: Brackets) -> None:
        self._tokens = tokens
        self._brackets = brackets
        self._state: _State | None = None
        self._no_head_before = 0
        self._command_behind_in: dict[int, bool] = {}

    def run(self, begin: int) -> list[Start]:
        starts: list[Start] = []
        within: list[str] = []
        index = begin
        while index < len(self._tokens):
            start = self._command_at(index)
            if start is None and self._is_stray(index):
                start = self._start(index, index, UNKNOWN)
            if start is None:
                self._follow(index)
                index += 1
                continue
            if start.first < start.own:
                within.append(starts.pop().keyword)
            elif within:
                starts[-1] = replace(starts[-1], within=tuple(within))
                within.clear()
            starts.append(start)
            self._state = _State(start, self._tokens[start.first].column)
            index = start.resume
        if within:
            starts[-1] = replace(starts[-1], within=tuple(within))
        return starts

    def _start(self, own: int, head: int, keyword: str) -> Start:
        tokens = self._tokens
        resume = head + (2 if keyword.startswith("#") else 1)
        if resume < len(tokens) and keyword.startswith("#"):
            # Its first argument may be a word that begins commands elsewhere: #print prefix.
            resume += tokens[resume].line == tokens[head].line
        while self._text(resume) in _SECOND_WORDS.get(keyword, ()):
            resume += 1
        first = own
        if self._state is not None and own and self._is_in(own - 1):
            first = self._state.start.first
        if keyword in _NAMED_SCOPES and resume < len(tokens):
            name = tokens[resume]
            beside = name.line == tokens[head].line or name.column > tokens[first].column
            if name.kind is Kind.IDENTIFIER and beside and name.text not in _NO_NAMES:
                resume += 1
        return Start(first, own, head, keyword, resume)

    # Where a command begins.

    def _command_at(self, index: int) -> Start | None:
        token = self._tokens[index]
        if (
            index < self._no_head_before
            or self._brackets.quoted[index]
            or self._is_field(index)
            or self._is_note(index)
        ):
            return None
        if token.kind is Kind.MODULE_DOC:
            return self._start(index, index, MODULE_DOC)
        head = self._behind_modifiers(index)
        keyword = self._keyword(head, modified=head > index)
        if keyword is None:
            self._no_head_before = head
            return None
        return self._start(index, head, keyword)

    def _behind_modifiers(self, index: int) -> int:
        """The token behind documentation, attributes and modifiers, if there are any."""
        tokens, partner = self._tokens, self._brackets.partner
        while index < len(tokens):
            token = tokens[index]
            if token.kind is Kind.DOC:
                index += 1
            elif token.text == "@" and self._touches(index, "["):
                index = partner[index + 1] + 1
            elif token.text == "scoped" and self._text(index + 1) == "[":
                index = max(index, partner[index + 1]) + 1
            elif token.kind is Kind.IDENTIFIER and token.text in MODIFIERS:
                index += 1
            else:
                break
        return index

    def _keyword(self, index: int, *, modified: bool) -> str | None:
        """The keyword of the command that begins at a token, perhaps with modifiers before it."""
        if index >= len(self._tokens):
            return None
        token = self._tokens[index]
        if token.text == "#" and self._touches_word(index):
            return self._hash_keyword(index, self._tokens[index + 1].text)
        if token.kind is not Kind.IDENTIFIER:
            return None
        if self._is_reserved(index):
            return token.text
        if self._brackets.depth[index]:
            return None
        if token.text in LIBRARY_COMMANDS and (modified or self._is_free(index)):
            return token.text
        if token.text in SHARED_COMMANDS and (modified or self._is_command_not_term(index)):
            return token.text
        return None

    def _is_reserved(self, index: int) -> bool:
        text = self._tokens[index].text
        if text == "deriving":
            following = self._tokens[index + 1].text if index + 1 < len(self._tokens) else ""
            return following in _SECOND_WORDS["deriving"]
        return text in RESERVED_COMMANDS

    def _hash_keyword(self, index: int, word: str) -> str | None:
        if word in HASH_COMMANDS:
            return f"#{word}"
        if word not in HASH_TACTICS or self._brackets.depth[index]:
            return None
        before, token = self._tokens[index - 1], self._tokens[index]
        if self._is_free(index):
            return f"#{word}"
        is_tactic = before.line < token.line or before.text == "by" or self._waits(index - 1)
        return None if is_tactic else f"#{word}"

    def _is_free(self, index: int) -> bool:
        """Whether what begins at a token, outside brackets, can only be a command."""
        state = self._state
        if state is None or state.start.keyword in _COMPLETE or self._is_behind_in(index):
            return True
        column = self._tokens[index].column
        return column <= state.column and not (self._waits(index - 1) or state.owes(column))

    def _is_command_not_term(self, index: int) -> bool:
        """Whether ``open`` or ``set_option`` is a command rather than a part of a term."""
        if self._is_free(index):
            return True
        return not self._waits(index - 1) and self._has_command_behind_in(index)

    def _has_command_behind_in(self, index: int) -> bool:
        """Whether a command stands behind the ``in`` of the commands from a token on, or no ``in``.

        What was found is kept, since a long row of them would be read anew from each one.
        """
        seen: list[int] = []
        known = self._command_behind_in
        while index not in known:
            seen.append(index)
            end = self._clause_end(index)
            index = end + 1
            if not (end < len(self._tokens) and self._is_in(end)):
                found = True
            elif self._text(index) in SHARED_COMMANDS:
                continue
            else:
                head = self._behind_modifiers(index)
                found = self._keyword(head, modified=head > index) is not None
            known[seen[-1]] = found
            index = seen[-1]
        known.update(dict.fromkeys(seen, known[index]))
        return known[index]

    def _clause_end(self, index: int) -> int:
        """The ``in`` behind a token, or what shows that there is none."""
        index += 1
        while index < len(self._tokens) and not (
            self._is_in(index) or self._text(index) in SHARED_COMMANDS or self._is_reserved(index)
        ):
            index += 1
        return index

    # What carries a command on.

    def _is_stray(self, index: int) -> bool:
        """Whether a token that begins no known command can be no part of the one before it."""
        state, token = self._state, self._tokens[index]
        if state is None or state.start.keyword in _COMPLETE or self._is_behind_in(index):
            return True
        if (
            state.start.keyword == UNKNOWN
            or self._brackets.depth[index]
            or token.column > state.column
            or state.listing
            or self._waits(index - 1)
            or self._is_due(index)
            or (state.owes(token.column) and self._begins_term(index))
        ):
            return False
        match token.kind:
            case Kind.SYMBOL if token.text == "#":
                return self._touches_word(index)
            case Kind.SYMBOL if token.text == "@" and self._touches(index, "["):
                return True
            case Kind.SYMBOL:
                return state.body and token.text in _BEGIN_ARGUMENT
            case Kind.DOC:
                return self._text(index + 1) != "|"
            case _:
                return token.text not in CONTINUING

    def _is_due(self, index: int) -> bool:
        """Whether a token is an argument that may stand at the beginning of a line."""
        start = self._state.start if self._state else None
        match start.keyword if start else "":
            case "attribute":
                return self._tokens[index - 1].text == "]"
            case "set_option":
                return start is not None and index == start.resume + 1
            case "#check" | "#eval" | "#print" | "#reduce" | "#synth":
                return start is not None and index == start.resume == start.head + 2
            case _:
                return False

    def _follow(self, index: int) -> None:
        """Note what a token that begins no command means for those behind it."""
        state, token = self._state, self._tokens[index]
        if state is None or self._brackets.depth[index]:
            return
        first = index > 0 and self._tokens[index - 1].line < token.line
        if first and state.owes(token.column) and self._begins_term(index):
            state.lets.pop()
            state.tactics = False
        if token.text in OPEN_ENDED and index + 1 < len(self._tokens):
            state.listing |= self._tokens[index + 1].column <= state.column
        if token.text in ("by", "do", "calc"):
            state.tactics = True
        elif token.text in OPENERS and not state.tactics:
            state.lets.append(token.column)
        elif token.text == ";" and state.lets and not state.tactics:
            state.lets.pop()
        state.body |= token.text in (":=", "=>", "↦", "by", "do", "where")

    def _begins_term(self, index: int) -> bool:
        token = self._tokens[index]
        if token.kind is Kind.SYMBOL:
            return token.text in _BEGIN_TERM
        return token.text not in _FOLLOW

    def _waits(self, index: int) -> bool:
        """Whether something has to follow a token, on whichever line."""
        if index < 0:
            return False
        token = self._tokens[index]
        if token.kind is Kind.SYMBOL:
            return token.text in WAITING_SIGNS
        return token.kind is Kind.IDENTIFIER and token.text in WAITING_WORDS

    # Tokens and their neighbours.

    def _text(self, index: int) -> str:
        return self._tokens[index].text if index < len(self._tokens) else ""

    def _is_in(self, index: int) -> bool:
        return self._tokens[index].text == "in" and not self._brackets.depth[index]

    def _is_behind_in(self, index: int) -> bool:
        """Whether the command at hand ends with ``in``, and so waits for another one."""
        state = self._state
        return (
            state is not None
            and index > state.start.head + 1
            and self._is_in(index - 1)
            and state.start.keyword in SCOPED_BY_IN
        )

    def _is_field(self, index: int) -> bool:
        """Whether a dot makes a field of the word behind it."""
        before = self._tokens[index - 1] if index else None
        return before is not None and before.text == "." and before.end == self._tokens[index].start

    def _is_note(self, index: int) -> bool:
        """Whether a token is documentation that is an argument of what stands before it."""
        if self._tokens[index].kind is not Kind.DOC or index == 0:
            return False
        start = self._state.start if self._state else None
        if start is not None and start.keyword == "library_note" and index == start.resume + 1:
            return True
        return self._tokens[index - 1].text == "adaptation_note"

    def _touches(self, index: int, text: str) -> bool:
        """Whether a bracket that is closed stands right behind a token."""
        tokens, following = self._tokens, index + 1
        return (
            following < len(tokens)
            and tokens[following].text == text
            and tokens[following].start == tokens[index].end
            and self._brackets.partner[following] > following
        )

    def _touches_word(self, index: int) -> bool:
        following = index + 1
        return (
            following < len(self._tokens)
            and self._tokens[following].kind is Kind.IDENTIFIER
            and self._tokens[following].start == self._tokens[index].end
        )
