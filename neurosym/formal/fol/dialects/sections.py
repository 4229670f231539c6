"""Programs in sections: headings, and under each its lines ``formula ::: sentence``.

What the formats of logic programs share, whatever their formulas look like. A heading is a line of
its own, ``Facts:`` or ``# Constraints``. Errors about one line are placed in the whole program.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from neurosym.errors import FormulaError, InexpressibleError
from neurosym.formal.fol.spelling import stem
from neurosym.formal.fol.theory import Repair
from neurosym.formal.grammar import check_length, place

__all__ = [
    "Line",
    "Program",
    "balance",
    "fault",
    "placed",
    "print_sections",
    "read_sections",
    "respell",
    "with_sentence",
]

_SEPARATOR = ":::"
_HEADING = {
    ":": re.compile(r"\s*(?P<name>[^\W\d_][\w ]*?)\s*:\s*$"),
    "#": re.compile(r"\s*#\s*(?P<name>[^\W\d_][\w ]*?)\s*$"),
}
_LOOSE_HEADING = re.compile(
    # ## **Facts** :  with or without text after the colon
    r"[\s#*>_]*(?:\d+[.)]\s*)?(?P<name>[^\W\d_]\w*)[\s*_]*(?P<colon>:?)[\s*_]*(?P<rest>[^:*\s].*)?$"
)
_FENCE = re.compile(r"\s*(```|~~~)")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a section.

    Attributes:
        text: The formula, without blanks around it.
        sentence: What stands after ``:::``.
        number: Line of the program, from 1.
        column: Column at which the formula begins, from 1.
    """

    text: str
    sentence: str
    number: int
    column: int


@dataclass(slots=True)
class Program:
    """A program in sections, and what it took to read it.

    Attributes:
        source: The whole text.
        sections: The lines under each heading; a section that is missing has none.
        repairs: What was changed so far, in order. Readers add to it.
    """

    source: str
    sections: dict[str, list[Line]] = field(default_factory=dict)
    repairs: dict[Repair, None] = field(default_factory=dict)

    def note(self, kind: str, detail: str) -> None:
        """Record a change, once."""
        self.repairs[Repair(kind, detail)] = None

    def fault(
        self,
        problem: str,
        line: Line | None = None,
        *,
        offset: int = 0,
        expected: tuple[str, ...] = (),
        hint: str = "Mend the formula at the caret.",
    ) -> FormulaError:
        """An error at an offset into a line, or at the end of the program."""
        if line is None:
            lines = self.source.rstrip().split("\n")
            number, column = len(lines), len(lines[-1]) + 1
        else:
            number, column = line.number, line.column + offset
        return FormulaError(
            problem, text=self.source, line=number, column=column, expected=expected, hint=hint
        )


def read_sections(
    source: str,
    names: Sequence[str],
    *,
    mark: str = ":",
    needed: Sequence[str] = (),
    aliases: Mapping[str, str] | None = None,
    tolerant: bool = False,
) -> Program:
    """Cut a program into its sections.

    Args:
        source: The program.
        names: The sections there may be, in any order.
        mark: How a heading is marked: ``:`` after it or ``#`` before it.
        needed: The sections there must be; others may be left out.
        aliases: Other words for a section, in small letters, which tolerant reading accepts.
        tolerant: Read headings written otherwise; leave out code fences and what stands before
            the first heading; join a section given in parts; take a missing one for empty.

    Raises:
        FormulaError: No such section, one twice, one missing, or text before the first heading.
    """
    program = Program(source, {name: [] for name in names})
    check_length(source)
    reader = _Reader(program, names, mark, aliases or {}, tolerant)
    for number, text in enumerate(source.split("\n"), start=1):
        reader.read(text, number)
    for name in needed:
        if name not in reader.seen:
            if not tolerant or not reader.seen:
                raise program.fault(
                    f"there is no section {name}",
                    expected=(f"a line {_heading(name, mark)!r}",),
                    hint=f"Give the sections {', '.join(names)}.",
                )
            program.note("missing section", f"{name} was taken to be empty")
    return program


class _Reader:
    def __init__(
        self,
        program: Program,
        names: Sequence[str],
        mark: str,
        aliases: Mapping[str, str],
        tolerant: bool,
    ) -> None:
        self.program = program
        self.names = names
        self.mark = mark
        self.tolerant = tolerant
        self.loose = {stem(name): name for name in names} | {
            stem(other): name for other, name in aliases.items()
        }
        self.seen: set[str] = set()
        self.current: str | None = None

    def read(self, text: str, number: int) -> None:
        if not text.strip():
            return
        name, rest = self._heading(text, number)
        if name is not None:
            self._open(name, Line(text.strip(), "", number, 1))
            text = rest
        elif self.tolerant and (self.current is None or _FENCE.match(text)):
            self.program.note("commentary", f"line {number} was left out: {_short(text)}")
            return
        elif self.current is None:
            raise self.program.fault(
                "there is text before the first section", Line(text, "", number, 1),
                expected=tuple(f"{_heading(other, self.mark)!r}" for other in self.names[:1]),
                hint="Begin with a heading.",
            )  # fmt: skip
        if text.strip() and self.current is not None:
            self.program.sections[self.current].append(_line(text, number))

    def _heading(self, text: str, number: int) -> tuple[str | None, str]:
        """The section a line opens, if it does, and the text that follows on that line."""
        if _SEPARATOR in text and not self.tolerant:
            return None, text
        match = _HEADING[self.mark].match(text)
        if match is not None:
            name = match["name"]
            if name in self.names:
                return name, ""
            if not self.tolerant:
                raise self.program.fault(
                    f"there is no section {name!r} in this format",
                    Line(text, "", number, match.start("name") + 1),
                    expected=tuple(self.names), hint="Use the sections of the format.",
                )  # fmt: skip
        return self._loose_heading(text, number) if self.tolerant else (None, text)

    def _loose_heading(self, text: str, number: int) -> tuple[str | None, str]:
        match = _LOOSE_HEADING.match(text)
        if match is None:
            return None, text
        name, rest = self.loose.get(stem(match["name"])), match["rest"] or ""
        marked = bool(match["colon"]) or "#" in text[: match.start("name")]
        if name is None or (rest and not match["colon"]) or not (marked or not rest):
            return None, text
        self.program.note("section heading", f"line {number}: {_short(text)} opens {name}")
        # What stands before the text is blanked, so that columns stay right.
        return name, rest and " " * match.start("rest") + rest

    def _open(self, name: str, line: Line) -> None:
        if name in self.seen:
            if not self.tolerant:
                raise self.program.fault(
                    f"the section {name} is there twice", line, hint="Join the two."
                )
            self.program.note("repeated section", f"the parts of {name} were joined")
        self.seen.add(name)
        self.current = name


def _line(text: str, number: int) -> Line:
    formula, _, sentence = text.partition(_SEPARATOR)
    column = len(formula) - len(formula.lstrip()) + 1
    return Line(formula.strip(), sentence.strip(), number, column)


def fault(
    problem: str,
    text: str,
    offset: int = 0,
    *,
    expected: tuple[str, ...] = (),
    hint: str = "Mend the formula at the caret.",
) -> FormulaError:
    """An error at an offset into one formula, for :func:`placed` to place in the program."""
    line, column = place(text, offset)
    return FormulaError(problem, text=text, line=line, column=column, expected=expected, hint=hint)


@contextmanager
def placed(program: Program, line: Line, text: str | None = None) -> Iterator[None]:
    """Place errors about a line's formula in the whole program.

    Args:
        program: The program.
        line: Where the formula is from.
        text: The formula as it was tried, where that is not how it is written. The error then
            shows it in place of the line.

    Raises:
        FormulaError: The one that was raised inside, with its place in the program.
    """
    try:
        yield
    except FormulaError as error:
        source, column = program.source, line.column
        if text is not None and text != line.text:
            lines = source.split("\n")
            lines[line.number - 1] = text
            source, column = "\n".join(lines), 1
        raise FormulaError(
            error.problem, text=source, line=line.number + error.line - 1,
            column=error.column + (column - 1 if error.line == 1 else 0),
            expected=error.expected, hint=error.hint,
        ) from None  # fmt: skip


_PARTNERS = {")": "(", "]": "["}
_CLOSERS = {opened: closed for closed, opened in _PARTNERS.items()}


def balance(text: str) -> str:
    """The text with round and square brackets that match.

    Brackets left open are closed where an outer one closes, or at the end; brackets that close
    nothing are left out. The text itself where they match.
    """
    opened: list[str] = []
    out: list[str] = []
    for char in text:
        if char in _CLOSERS:
            opened.append(char)
        elif char in _PARTNERS:
            if _PARTNERS[char] not in opened:
                continue
            while opened[-1] != _PARTNERS[char]:
                out.append(_CLOSERS[opened.pop()])
            opened.pop()
        out.append(char)
    out.extend(_CLOSERS[char] for char in reversed(opened))
    return "".join(out)


def respell(
    program: Program,
    line: Line,
    kind: str,
    pattern: re.Pattern[str],
    change: str | Callable[[re.Match[str]], str],
) -> Line:
    """The line with what a pattern finds in its formula changed, which is recorded."""
    text = pattern.sub(change, line.text)
    if text == line.text:
        return line
    program.note(kind, f"line {line.number}: {_short(line.text)} read as {_short(text)}")
    return Line(text, line.sentence, line.number, line.column)


def print_sections(sections: Mapping[str, Sequence[str]], *, mark: str = ":") -> str:
    """Write a program: each section's heading and lines."""
    parts: list[str] = []
    for name, lines in sections.items():
        parts += [_heading(name, mark), *lines]
    return "\n".join(parts) + "\n"


def with_sentence(formula: str, sentence: str) -> str:
    """A line, made of a formula and the sentence it stands for.

    Raises:
        InexpressibleError: The formula holds what ends a line or begins a sentence.
    """
    if _SEPARATOR in formula or "\n" in formula:
        raise InexpressibleError(
            f"{formula!r} cannot stand in a line of a program",
            hint="Use names without line breaks and ':::'.",
        )
    sentence = " ".join(sentence.split())
    return f"{formula} {_SEPARATOR} {sentence}" if sentence else formula


def _heading(name: str, mark: str) -> str:
    return f"{name}:" if mark == ":" else f"# {name}"


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 80 else text[:77] + "..."
