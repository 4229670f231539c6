"""The parts of a theorem: its name, what it takes, what it states, and how that is proved."""

from __future__ import annotations

from dataclasses import dataclass

from neurosym.errors import FormulaError
from neurosym.formal.lean.lexer import Kind, Token
from neurosym.formal.lean.source import Command, Source
from neurosym.formal.lean.words import OPENERS

__all__ = ["Parts", "split_theorem"]

_DEFINING = OPENERS - {"suffices"}
_NO_PROOF: tuple[list[str], ...] = ([], ["sorry"], ["by"], ["by", "sorry"])


@dataclass(frozen=True, slots=True)
class Parts:
    """A theorem's parts as ranges of the source's tokens.

    Attributes:
        name: Its name; empty for an ``example``.
        universes: The universes it names itself.
        binders: What stands before the colon.
        statement: What stands behind the colon.
        proof: What stands behind ``:=``, or from ``where`` or the first ``|`` on; empty if that is
            nothing or ``sorry``.
    """

    name: range
    universes: tuple[str, ...]
    binders: range
    statement: range
    proof: range


def split_theorem(source: Source, command: Command) -> Parts:
    """Find the parts of a theorem, a lemma or an example.

    Raises:
        FormulaError: It has no name, or states nothing that is complete.
    """
    tokens, partner = source.tokens, source.brackets.partner
    index = command.head + 1
    name = range(index, index)
    if command.keyword != "example":
        if command.name is None:
            raise source.error(
                tokens[command.head],
                f"this {command.keyword} has no name",
                hint=f"Write a name behind {command.keyword}, or example instead of it.",
            )
        name = range(index, index + 1)
        index += 1
    universes: tuple[str, ...] = ()
    if (
        index + 1 < command.stop
        and (tokens[index].text, tokens[index + 1].text) == (".", "{")
        and partner[index + 1] > index
    ):
        inside = tokens[index + 2 : partner[index + 1]]
        universes = tuple(token.text for token in inside if token.kind is Kind.IDENTIFIER)
        index = partner[index + 1] + 1
    colon = _colon(source, command, index)
    joint = _Joint(source, command, colon + 1).find()
    if colon + 1 == joint:
        raise _states_nothing(source, command, tokens[colon])
    begin = joint
    if joint < command.stop and tokens[joint].text == ":=":
        begin += 1
    proof = range(begin, command.stop)
    if [tokens[i].text for i in proof[:3]] in _NO_PROOF:
        proof = range(begin, begin)
    return Parts(name, universes, range(index, colon), range(colon + 1, joint), proof)


def _colon(source: Source, command: Command, begin: int) -> int:
    depth = source.brackets.depth
    for index in range(begin, command.stop):
        text = source.tokens[index].text
        if depth[index] == depth[command.head] and text in (":", ":="):
            if text == ":":
                return index
            break
    raise _states_nothing(source, command, source.tokens[command.head])


def _states_nothing(source: Source, command: Command, token: Token) -> FormulaError:
    return source.error(
        token,
        f"this {command.keyword} states nothing",
        hint="Write a colon and the statement before the proof.",
    )


class _Joint:
    """The search for what stands between a statement and its proof.

    A statement can itself hold ``:=`` behind words such as ``let``, and ``|`` with ``=>``; the
    first one that belongs to neither of these is the joint.
    """

    def __init__(self, source: Source, command: Command, begin: int) -> None:
        self._source = source
        self._command = command
        self._begin = begin
        self._lets: list[Token] = []
        self._functions = 0
        self._bar: int | None = None
        self._bars_are_taken = False
        self._cases_of: Token | None = None

    def find(self) -> int:
        """Index of ``:=``, ``where`` or ``|``, or of the end of the command."""
        depth = self._source.brackets.depth
        for index in range(self._begin, self._command.stop):
            if depth[index] == depth[self._command.head]:
                self._leave_cases(index)
                found = self._meet(index, self._source.tokens[index].text)
                if found is not None:
                    return found
        if self._lets:
            raise self._source.error(
                self._lets[-1],
                f"the statement ends before `{self._lets[-1].text}` has its value",
                hint="Write := and the value, and behind it what is stated.",
            )
        return self._command.stop

    def _meet(self, index: int, text: str) -> int | None:
        match text:
            case "where":
                return index
            case ":=" | "←" if self._lets:
                self._lets.pop()
            case ":=":
                return index
            case "=>" | "↦" if self._functions:
                self._functions -= 1
            case "=>":
                return self._bar
            case "fun" | "λ" if not self._next_is_bar(index):
                self._functions += 1
            case "match" | "fun" | "λ":
                self._bars_are_taken = True
            case "|" if self._is_arm(index):
                self._take_bar(index)
            case _ if text in _DEFINING:
                self._lets.append(self._source.tokens[index])
        return None

    def _take_bar(self, index: int) -> None:
        if self._bars_are_taken or self._cases_of or self._bar is not None:
            return
        if self._lets:
            self._cases_of = self._lets.pop()
        else:
            self._bar = index

    def _leave_cases(self, index: int) -> None:
        """Note where the cases end of a function that the statement defines."""
        before, token = self._source.tokens[index - 1], self._source.tokens[index]
        if self._cases_of and (
            token.text == ";"
            or (before.line < token.line and token.column <= self._cases_of.column)
        ):
            self._cases_of = None

    def _next_is_bar(self, index: int) -> bool:
        following = self._source.tokens[index + 1 : index + 2]
        return bool(following) and following[0].text == "|"

    def _is_arm(self, index: int) -> bool:
        """Whether a bar has space on both sides, which that of an absolute value has not."""
        before, bar, *behind = self._source.tokens[index - 1 : index + 2]
        return before.end < bar.start and (not behind or bar.end < behind[0].start)
