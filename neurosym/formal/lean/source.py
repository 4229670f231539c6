"""A Lean 4 file as a value: its header, its commands, and the names they declare."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from neurosym.errors import FormulaError
from neurosym.formal.lean.brackets import Brackets, pair_brackets
from neurosym.formal.lean.lexer import Kind, Token, tokenize
from neurosym.formal.lean.scopes import Scope, ScopeKind, Scopes, in_namespaces
from neurosym.formal.lean.splitter import Start, find_starts
from neurosym.formal.lean.words import NAMING_COMMANDS

__all__ = [
    "Command",
    "HeaderLine",
    "Source",
    "Span",
    "read_source",
    "significant",
]


@dataclass(frozen=True, slots=True)
class Span:
    """A part of a text.

    Attributes:
        start: Offset of its first character.
        end: Offset behind its last character.
        line: Line of its first character, from 1.
        column: Code points before its first character on that line, from 0, as Lean counts.
    """

    start: int
    end: int
    line: int
    column: int

    @classmethod
    def of(cls, tokens: Sequence[Token]) -> Span:
        """From the first to the last of some tokens; there is one at least."""
        first = tokens[0]
        return cls(first.start, tokens[-1].end, first.line, first.column)


@dataclass(frozen=True, slots=True)
class HeaderLine:
    """One of the lines that Lean wants before any command.

    Attributes:
        keyword: ``import``, ``prelude`` or ``module``.
        imported: The module that is imported, else ``""``.
        modifiers: ``public``, ``meta`` and ``all``, those that are there.
        span: Where it stands.
    """

    keyword: str
    imported: str
    modifiers: tuple[str, ...]
    span: Span

    @property
    def text(self) -> str:
        """The line as it is usually written."""
        before = [word for word in self.modifiers if word != "all"]
        behind = [word for word in self.modifiers if word == "all"]
        return " ".join([*before, self.keyword, *behind, self.imported]).rstrip()


@dataclass(frozen=True, slots=True)
class Command:
    """One command of a file.

    Attributes:
        keyword: The word it begins with behind its modifiers, such as ``theorem`` or ``#eval``;
            ``/-!`` for documentation of the file, and ``unknown`` for what is no command that is
            known.
        modifiers: The words before the keyword, such as ``private``.
        attributes: The lists of attributes before it, each as the text from ``@[`` to ``]``.
        within: The keywords of the commands that are put before it with ``in``, outermost first:
            ``open``, ``set_option`` and the like.
        name: The name it declares, opens or closes, as written.
        text: All of it, from its documentation on, without what stands between it and the next.
        span: Where that is.
        own: Index among the source's tokens of the first one behind the last ``in``.
        head: Index of its keyword.
        stop: Index behind its last token.
        scope: The innermost scope that it stands in.
    """

    keyword: str
    modifiers: tuple[str, ...]
    attributes: tuple[str, ...]
    within: tuple[str, ...]
    name: str | None
    text: str = field(repr=False)
    span: Span
    own: int
    head: int
    stop: int
    scope: Scope | None = field(repr=False)

    @property
    def full_name(self) -> str | None:
        """The name it declares with the namespaces it stands in."""
        return None if self.name is None else in_namespaces(self.name, self.scope)


@dataclass(frozen=True, slots=True)
class Source:
    """A file that has been split.

    Attributes:
        text: The file.
        tokens: Its tokens without whitespace and without comments that document nothing.
        brackets: Which brackets among them belong together.
        header: The lines before its commands.
        commands: Its commands, in order.
        stray_ends: Those of them that begin with ``end`` and close nothing that is open.
    """

    text: str = field(repr=False)
    tokens: tuple[Token, ...] = field(repr=False)
    brackets: Brackets = field(repr=False)
    header: tuple[HeaderLine, ...]
    commands: tuple[Command, ...]
    stray_ends: tuple[Command, ...]

    def error(self, at: Token | Span | None, problem: str, *, hint: str) -> FormulaError:
        """What is wrong at a place, or with the file as a whole."""
        line, column = (at.line, at.column + 1) if at else (1, 1)
        return FormulaError(problem, text=self.text, line=line, column=column, hint=hint)


def significant(text: str) -> tuple[Token, ...]:
    """The tokens of Lean source without whitespace and without comments that document nothing."""
    skipped = (Kind.WHITESPACE, Kind.COMMENT)
    return tuple(token for token in tokenize(text) if token.kind not in skipped)


def read_source(text: str) -> Source:
    """Split a file into its header and its commands.

    Any text can be split; what is no command that is known becomes one of keyword ``unknown``, so
    that whoever allows some commands only can refuse it. A bracket that is never closed hides
    nothing behind it. What stands in a quotation or in a list of attributes is no command; and
    since only its imports could tell, neither is a word that nobody here knows where it stands
    between fields that are not indented.
    """
    tokens = significant(text)
    header, begin = _read_header(tokens)
    brackets = pair_brackets(tokens)
    starts = find_starts(tokens, brackets, begin)
    scopes = Scopes()
    commands: list[Command] = []
    strays: list[Command] = []
    stops = [*(start.first for start in starts[1:]), len(tokens)]
    for start, stop in zip(starts, stops, strict=False):
        command = _command(text, tokens, brackets, start, stop, scopes.innermost)
        commands.append(command)
        if command.keyword == "end" and not scopes.close(command.name):
            strays.append(command)
        elif command.keyword in tuple(ScopeKind):
            scopes.open(ScopeKind(command.keyword), command.name)
    return Source(text, tokens, brackets, header, tuple(commands), tuple(strays))


def _read_header(tokens: Sequence[Token]) -> tuple[tuple[HeaderLine, ...], int]:
    """The lines of the header, and the index of the first token behind them."""
    lines: list[HeaderLine] = []
    index = 0
    for keyword in ("module", "prelude"):
        if index < len(tokens) and tokens[index].text == keyword:
            lines.append(HeaderLine(keyword, "", (), Span.of(tokens[index : index + 1])))
            index += 1
    while (stop := _import_end(tokens, index)) is not None:
        words = [token.text for token in tokens[index : stop - 1]]
        modifiers = tuple(word for word in words if word != "import")
        span = Span.of(tokens[index:stop])
        lines.append(HeaderLine("import", tokens[stop - 1].text, modifiers, span))
        index = stop
    return tuple(lines), index


def _import_end(tokens: Sequence[Token], index: int) -> int | None:
    """Index behind the import that begins at a token, if one does."""
    for word in ("public", "meta", "import", "all"):
        if index < len(tokens) and tokens[index].text == word:
            index += 1
        elif word == "import":
            return None
    if index < len(tokens) and tokens[index].kind is Kind.IDENTIFIER:
        return index + 1
    return None


def _command(
    text: str,
    tokens: Sequence[Token],
    brackets: Brackets,
    start: Start,
    stop: int,
    scope: Scope | None,
) -> Command:
    modifiers: list[str] = []
    attributes: list[str] = []
    index = start.own
    while index < start.head:
        token = tokens[index]
        closing = brackets.partner[index + 1]
        if token.text == "@":
            attributes.append(text[token.start : tokens[closing].end])
            index = closing
        elif token.kind is Kind.IDENTIFIER:
            modifiers.append(token.text)
            index = max(index, closing)
        index += 1
    span = Span.of(tokens[start.first : stop])
    return Command(
        keyword=start.keyword,
        modifiers=tuple(modifiers),
        attributes=tuple(attributes),
        within=start.within,
        name=_name(tokens, brackets, start, stop),
        text=text[span.start : span.end],
        span=span,
        own=start.own,
        head=start.head,
        stop=stop,
        scope=scope,
    )


def _name(tokens: Sequence[Token], brackets: Brackets, start: Start, stop: int) -> str | None:
    """The name that a command gives to something, opens or closes."""
    index = start.resume
    if start.keyword in ("end", "namespace", "section"):
        # The name is what there is to resume behind.
        return tokens[index - 1].text if index > start.head + 1 else None
    if start.keyword not in NAMING_COMMANDS:
        return None
    if index < stop and start.keyword == "instance" and tokens[index].text == "(":
        # A priority; parameters without a name before them could follow as well.
        index = max(index, brackets.partner[index]) + 1
    if index < stop and tokens[index].kind is Kind.IDENTIFIER:
        return tokens[index].text
    return None
