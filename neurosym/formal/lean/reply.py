"""Finding Lean in what a language model wrote: in fenced blocks, or among prose without any."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from neurosym.errors import FormulaError
from neurosym.formal.lean.brackets import awaits_closing
from neurosym.formal.lean.lexer import Kind, block_comment_end, tokenize
from neurosym.formal.lean.parts import split_theorem
from neurosym.formal.lean.source import Command, Source, read_source
from neurosym.formal.lean.splitter import UNKNOWN
from neurosym.formal.lean.words import MODIFIERS, RESERVED_COMMANDS, SHARED_COMMANDS, THEOREMS

__all__ = ["LeanReply", "read_reply"]

_FENCE = re.compile(r"^([ \t]*)(`{3,}|~{3,})[ \t]*([\w+-]*)[^`\n]*$", re.MULTILINE)
_LEAN = ("", "lean", "lean4")
_FIRST_WORDS = RESERVED_COMMANDS | SHARED_COMMANDS | MODIFIERS | {"module", "prelude"}
_CODE_LINE = re.compile(
    rf"^[ \t]*(?:(?:{'|'.join(sorted(_FIRST_WORDS))})\b|@\[|/-|--|#\w)", re.MULTILINE
)
_MARKUP = frozenset("*>$#\\`-")
_LONGEST_COMMENT = 10_000
"""A longer comment is not looked through for the fences of examples."""
_FIRST_LOOK = 4_000
"""So many characters are read first to see where a passage ends."""
_MOST_PASSAGES = 20
"""Prose that begins so many lines like Lean is not searched further."""


@dataclass(frozen=True, slots=True)
class LeanReply:
    """The Lean of a reply.

    Attributes:
        text: The code as the model wrote it, one block or passage of it; empty if there is none.
        notes: What was left out or could be otherwise than it looks, in short.
    """

    text: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Block:
    language: str
    body: str
    indent: int
    is_closed: bool
    start: int
    """Offset of its opening fence in the reply."""
    end: int
    """Offset behind its closing fence."""

    @property
    def is_lean(self) -> bool:
        return self.language in _LEAN


@dataclass(frozen=True, slots=True)
class _Passage:
    length: int
    has_theorem: bool
    is_whole: bool
    """Whether it ends before the text does, whatever may follow."""


def read_reply(text: str) -> LeanReply:
    """Find the Lean code in a reply.

    Of several fenced blocks it is the last one with a theorem, since models correct themselves
    later in a text; failing that, the last one of Lean. Nothing is put together from several:
    what the others hold is noted. Without a fence it is the last passage of commands that has a
    theorem.
    """
    blocks = list(_blocks(text))
    if any(block.is_lean for block in blocks):
        return _chosen(blocks, has_prose=bool(_outside(text, blocks)))
    passage = None if blocks else _last_passage(text)
    if passage is None:
        notes = [_left_out(number, block) for number, block in enumerate(blocks, 1)]
        return LeanReply("", (*notes, "there is no Lean in it"))
    begin, end = passage
    sides = (("before", text[:begin]), ("behind", text[end:]))
    notes = [f"what stands {side} the code is left out" for side, rest in sides if rest.strip()]
    return LeanReply(text[begin:end] + "\n", tuple(notes))


def _chosen(blocks: Sequence[_Block], *, has_prose: bool) -> LeanReply:
    sources = [read_source(block.body) if block.is_lean else None for block in blocks]
    lean = [index for index, source in enumerate(sources) if source is not None]
    proving = [index for index in lean if _has_theorem(sources[index])]
    chosen = (proving or lean)[-1]
    block = blocks[chosen]
    notes = [
        _left_out(number, other, sources[number - 1])
        for number, other in enumerate(blocks, 1)
        if other is not block
    ]
    if not proving:
        notes.append("there is no theorem in it")
    if block.indent:
        notes.append(f"its lines began {block.indent} columns further right")
    if not block.is_closed:
        notes.append("its fence is not closed")
    if has_prose:
        notes.append("what stands outside the blocks is left out")
    return LeanReply(block.body, tuple(notes))


def _left_out(number: int, block: _Block, source: Source | None = None) -> str:
    if source is None:
        return f"block {number} is left out: it is {block.language}"
    imports = [line.text for line in source.header]
    words = [command.name or command.keyword for command in source.commands]
    return f"block {number} is left out: {', '.join([*imports, *words][:8]) or 'it is empty'}"


def _has_theorem(source: Source | None) -> bool:
    return source is not None and any(command.keyword in THEOREMS for command in source.commands)


# Fences.


def _blocks(text: str) -> Iterator[_Block]:
    fences = list(_FENCE.finditer(text))
    index = 0
    while index < len(fences):
        opening = fences[index]
        begin = min(opening.end() + 1, len(text))
        index, is_closed = _closing(text, fences, index)
        stop = fences[index].start() if index < len(fences) else len(text)
        indent = len(opening[1])
        body = text[begin:stop]
        if indent:
            body = re.sub(rf"^[ \t]{{1,{indent}}}", "", body, flags=re.MULTILINE)
        end = fences[index].end() if is_closed else stop
        yield _Block(opening[3].lower(), body, indent, is_closed, opening.start(), end)
        index += is_closed


def _closing(text: str, fences: Sequence[re.Match[str]], index: int) -> tuple[int, bool]:
    """Index of the fence that ends a block, and whether it closes it or begins another one.

    One that names a language begins a block even where the last was never closed, and those in a
    comment of the code, such as around an example in documentation, end nothing.
    """
    opening = fences[index]
    position = opening.end() + 1
    index += 1
    while index < len(fences):
        fence = fences[index]
        closes = fence[2].startswith(opening[2]) and not fence[3]
        if closes or fence[3]:
            inner = 0
            if opening[3].lower() in _LEAN:
                end = _comment_end(text, position, fence.start())
                inner = _paired(fences, index, end)
                position = max(fence.start(), end)
            if not inner:
                return index, closes
            index += inner
        else:
            index += 1
    return index, False


def _comment_end(text: str, begin: int, end: int) -> int:
    """Where the comment ends that is open behind some code; 0 if none is, or it has no end."""
    last = tokenize(text[begin:end])[-1:]
    if not last or last[0].kind is not Kind.UNTERMINATED or not last[0].text.startswith("/-"):
        return 0
    start = begin + last[0].start
    found = block_comment_end(text[start : start + _LONGEST_COMMENT], len("/-"))
    return 0 if found is None else start + found


def _paired(fences: Sequence[re.Match[str]], index: int, end: int) -> int:
    """How many fences stand before an offset, if they are those of whole blocks, else 0."""
    inner = 0
    while index + inner < len(fences) and fences[index + inner].start() < end:
        if inner % 2 and fences[index + inner][3]:
            return 0
        inner += 1
    return 0 if inner % 2 else inner


def _outside(text: str, blocks: Sequence[_Block]) -> str:
    """What a reply holds beside its blocks, without space around it."""
    edges = [0, *(edge for block in blocks for edge in (block.start, block.end)), len(text)]
    pairs = zip(edges[::2], edges[1::2], strict=True)
    return "".join(text[start:end] for start, end in pairs).strip()


# Prose.


def _last_passage(text: str) -> tuple[int, int] | None:
    """Where the last passage of commands with a theorem begins and ends."""
    found: tuple[int, int] | None = None
    position = 0
    for _ in range(_MOST_PASSAGES):
        line = _CODE_LINE.search(text, position)
        if line is None:
            break
        length, has_theorem = _passage(text[line.start() :])
        if has_theorem:
            found = line.start(), line.start() + length
        position = max(line.end(), line.start() + length)
    return found


def _passage(text: str) -> tuple[int, bool]:
    """How long the commands are that a text begins with, and whether they prove something.

    No more of a text is read than tells: prose between many passages would be read for each.
    """
    size = _FIRST_LOOK
    while size < len(text):
        found = _passage_in(read_source(text[: text.find("\n", size) + 1 or len(text)]))
        if found.is_whole:
            return found.length, found.has_theorem
        size *= 4
    found = _passage_in(read_source(text))
    return found.length, found.has_theorem


def _passage_in(source: Source) -> _Passage:
    length = source.header[-1].span.end if source.header else 0
    has_theorem = False
    for command in source.commands:
        # Behind a proof that has not begun it is more likely a proof that is not indented.
        if command.keyword == UNKNOWN and source.tokens[command.own - 1].text not in ("by", ":="):
            return _Passage(length, has_theorem, _is_settled(source, command))
        # A comment, a string or a word that only looks like Lean may run on into prose.
        stop = _markup(source, command.own, command.stop)
        length = source.tokens[stop - 1].end
        has_theorem |= command.keyword in THEOREMS and _states_something(source, command)
        if stop < command.stop:
            return _Passage(length, has_theorem, _is_settled(source, command))
    return _Passage(length, has_theorem, is_whole=False)


def _is_settled(source: Source, command: Command) -> bool:
    """Whether the commands up to one stay what they are if text is put behind the source."""
    return command is not source.commands[-1] and not awaits_closing(
        source.tokens, source.brackets, command.stop
    )


def _markup(source: Source, index: int, stop: int) -> int:
    """The first token of a paragraph that is no Lean, or the end."""
    for following in range(index + 1, stop):
        token = source.tokens[following]
        if (
            token.column == 0
            and token.text in _MARKUP
            and token.line > source.tokens[following - 1].line + 1
        ):
            return following
    return stop


def _states_something(source: Source, command: Command) -> bool:
    try:
        split_theorem(source, command)
    except FormulaError:
        return False
    return True
