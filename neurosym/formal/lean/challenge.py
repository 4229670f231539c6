"""A file in which a proof is held against the statement that was asked for.

The statement is elaborated first, before a word of the proof's file has been read, as a theorem
with a name that nobody can guess. Then comes the proof's file, in a section that it cannot close,
and last a theorem of the first one's type whose proof is the proof's theorem. Whatever the file
has redefined, opened or declared, the type was fixed before it (the idea of checking against a
reference is that of `SafeVerify` and Lean's `comparator`; here one file and no other tool is
needed).
"""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass

from neurosym.formal.lean.canonical import canonical
from neurosym.formal.lean.lexer import Kind, tokenize
from neurosym.formal.lean.source import Command, read_source, significant
from neurosym.formal.lean.theorem import Theorem
from neurosym.formal.lean.words import DECLARATIONS, THEOREMS

__all__ = ["Challenge", "Part", "challenge", "line_of_source"]


@dataclass(frozen=True, slots=True)
class Part:
    """Lines of a challenge that are lines of the proof's file.

    Attributes:
        first: The first of them, from 1.
        stop: The line behind them.
        original: What the first one's number is in the proof's file.
    """

    first: int
    stop: int
    original: int


@dataclass(frozen=True, slots=True)
class Challenge:
    """The file, and what stands where in it.

    Attributes:
        text: The file.
        statement_stop: The line behind the statement that was asked for; what Lean says before it
            has nothing to do with the proof.
        parts: Where the proof's file stands.
        final: The line of the theorem that holds one against the other.
        report: The line that asks for its axioms, the last one.
        name: Its name.
    """

    text: str
    statement_stop: int
    parts: tuple[Part, ...]
    final: int
    report: int
    name: str

    def original(self, line: int) -> int | None:
        """The line of the proof's file that a line of the challenge is; ``None`` if it is none."""
        for part in self.parts:
            if part.first <= line < part.stop:
                return part.original + line - part.first
        return None


def challenge(asked: Theorem, given: Theorem, mark: str) -> Challenge:
    """Hold a theorem with its proof against the one that was asked for.

    Declarations that stand before both are there once. If the proof's file begins with all that
    stands before the statement, it goes on where that ends; otherwise it begins outside of the
    scopes that were opened there.

    Args:
        asked: The statement; its proof, if it has one, is not looked at.
        given: The theorem with its proof; what it imports is not looked at.
        mark: A part of names that the proof's file cannot know.

    Raises:
        ValueError: There is no proof.
    """
    if given.proof is None:
        raise ValueError("a theorem without a proof proves nothing")
    given_before = read_source(given.preamble).commands
    preamble = _without_theorems(asked.preamble, {c.full_name for c in given_before})
    own, goes_on = _own_commands(read_source(preamble).commands, given_before)
    stated = asked.renamed(f"asked_{mark}")
    given_name, given_opening = given.name, given.opening
    if given_name is None:  # an example, which cannot be referred to
        named = given.renamed(f"given_{mark}")
        given_name, given_opening = named.name, named.opening
    outer, section, name = f"outer_{mark}", f"section_{mark}", f"proved_{mark}"
    file = _File()
    # What the statement's file opens and assumes ends before its type is asked for again.
    file.add(*asked.header, f"section {outer}", preamble)
    file.add(f"{stated.lead}{stated.opening} := sorry")
    statement_stop = file.next_line
    file.add("" if goes_on else asked.closing, f"section {section}")
    first = _first_line(given)
    for command in own:
        file.add_part(" " * command.span.column + command.text, first + command.span.line - 1)
    theorem = f"{given.lead}{given_opening}{given.joint}{given.proof}"
    file.add_part(theorem, given.spans.whole.line)
    # What goes on in the scopes of the statement's file leaves them open to the section's end.
    closing = given.closing.removesuffix(asked.closing) if goes_on else given.closing
    file.add(_without_comments(closing.strip()), f"end {section}")
    file.add(asked.closing if goes_on else "", f"end {outer}")
    final = file.next_line
    file.add(f"theorem {name} : type_of% @_root_.{stated.name} := @_root_.{given_name}")
    file.add(f"#print axioms {name}")
    return Challenge(file.text, statement_stop, tuple(file.parts), final, file.next_line - 1, name)


class _File:
    """A file that is being put together, in whole lines."""

    def __init__(self) -> None:
        self.parts: list[Part] = []
        self.next_line = 1
        self._pieces: list[str] = []

    @property
    def text(self) -> str:
        return "".join(self._pieces)

    def add(self, *pieces: str) -> None:
        lines = [f"{piece}\n" for piece in pieces if piece]
        self._pieces += lines
        self.next_line += sum(line.count("\n") for line in lines)

    def add_part(self, text: str, original: int) -> None:
        first = self.next_line
        self.add(_without_comments(text))
        self.parts.append(Part(first, self.next_line, original))


def _without_comments(text: str) -> str:
    """A text with space in place of its comments, so that Lean can find no code in them.

    What is a comment depends on the tokens that Lean knows: ``x //- 1`` begins none where there is
    a sign ``//``.
    """
    kinds = (Kind.COMMENT, Kind.DOC, Kind.MODULE_DOC)
    return "".join(
        _blank(token.text) if token.kind in kinds else token.text for token in tokenize(text)
    )


def _blank(text: str) -> str:
    """Space of the same lines and columns."""
    return re.sub(r"[^\n]", " ", text)


def _without_theorems(preamble: str, names: Set[str | None]) -> str:
    """A preamble without the theorems that the proof's file states and proves itself."""
    pieces, end = [], 0
    for command in read_source(preamble).commands:
        if command.keyword in THEOREMS and command.full_name in names:
            pieces += [preamble[end : command.span.start], _blank(command.text)]
            end = command.span.end
    return "".join([*pieces, preamble[end:]])


def _own_commands(asked: Sequence[Command], given: Sequence[Command]) -> tuple[list[Command], bool]:
    """The commands that only the proof's file has, and whether it begins with the other's."""
    wanted = [_alike(command) for command in asked]
    if [_alike(command) for command in given[: len(asked)]] == wanted:
        return [*given[len(asked) :]], True
    there = {_alike(command) for command in asked if command.keyword in DECLARATIONS}
    return [command for command in given if _alike(command) not in there], False


def _alike(command: Command) -> str:
    return canonical(significant(command.text))


def line_of_source(theorem: Theorem, line: int) -> int:
    """The line of a theorem's source that a line of its ``text`` is, both from 1."""
    header = len(theorem.header)
    if line <= header:
        return min(line, theorem.spans.whole.line)
    begin = header + 2 if header else 1  # a blank line ends each part
    if theorem.preamble:
        stop = begin + theorem.preamble.count("\n") + 1
        if line < stop:
            return _first_line(theorem) + line - begin
        begin = stop + 1
    return theorem.spans.whole.line + max(0, line - begin)


def _first_line(theorem: Theorem) -> int:
    """The line of a theorem's source on which its preamble begins."""
    start = theorem.source.find(theorem.preamble)
    return theorem.source.count("\n", 0, max(start, 0)) + 1
