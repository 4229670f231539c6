r"""Theories in the infix dialects: one formula a line, in sections or bare.

In sections, as in Logic-LM's FOLIO programs (Pan et al. 2023, arXiv:2305.12295)::

    Declarations:
    sort Day = {mon, tue, wed}
    busy : Day -> Int
    Premises:
    ∀d:Day (busy(d) ≤ 3) ::: No day has more than three meetings.
    Conclusion:
    busy(mon) < 5 ::: There are fewer than five meetings on Monday.

``Options:`` in place of the conclusion gives the options of a puzzle, ``A) could busy(mon) = 2``.
Declarations may be left out where every symbol is about things of one sort. What is declared is no
variable, however it is spelled. Bare, every line is a premise, but for one that begins with ``⊢``
(or ``|-`` or ``\vdash``), which is the claim. A line that begins with ``//`` is a comment.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from neurosym.errors import InexpressibleError
from neurosym.formal.fol.dialects.base import make_theory
from neurosym.formal.fol.dialects.infix_printer import print_formula
from neurosym.formal.fol.dialects.infix_reader import Known, read_formula
from neurosym.formal.fol.dialects.lenient import read_leniently
from neurosym.formal.fol.dialects.notation import Notation
from neurosym.formal.fol.dialects.sections import (
    Line,
    Program,
    placed,
    print_sections,
    read_sections,
    with_sentence,
)
from neurosym.formal.fol.repairs import mend_theory
from neurosym.formal.fol.signature import Enumeration, Range, Signature, SortKind, SymbolType
from neurosym.formal.fol.syntax import BOOLEAN, ENTITY, INTEGER, REAL, Apply, Formula, walk
from neurosym.formal.fol.theory import Option, OptionTest, Statement, Theory

__all__ = ["parse_lines", "print_lines"]

_DECLARATIONS, _PREMISES, _CONCLUSION, _OPTIONS = (
    "Declarations",
    "Premises",
    "Conclusion",
    "Options",
)
_SECTIONS = ("Predicates", _DECLARATIONS, _PREMISES, _CONCLUSION, _OPTIONS)
_ALIASES = {"claim": _CONCLUSION, "query": _CONCLUSION, "goal": _CONCLUSION, "facts": _PREMISES}
_TURNSTILE = re.compile(r"\s*(?:\$\$?|\\[(\[])?\s*(?:⊢|\|-|∴|\\(?:vdash|therefore)(?![A-Za-z]))")
_HEADING = re.compile(rf"^\s*({'|'.join(_SECTIONS)})\s*:\s*$", re.MULTILINE)
_LOOSE_HEADING = re.compile(
    rf"^[\s#*>_]*({'|'.join(_SECTIONS)})[\s*_]*:[\s*_]*$", re.MULTILINE | re.IGNORECASE
)
_COMMENT = re.compile(r"^[^\S\n]*//.*$", re.MULTILINE)
_NAME = r'(?:[^\W\d]\w*|"[^"\n]+")'
_SORT = re.compile(rf"sort\s+(?P<name>{_NAME})(\s*=\s*\{{(?P<members>.*)\}})?$")
_SYMBOL = re.compile(
    rf"(?P<name>{_NAME})\s*:\s*((?P<args>{_NAME}(\s*[×*]\s*{_NAME})*)\s*(->|→)\s*)?(?P<result>{_NAME})$"
)
_OPTION = re.compile(r"(?P<label>\w{1,3})\)\s*((?P<test>must|could|cannot|need not)\s+)?")


def parse_lines(notation: Notation, text: str, *, tolerant: bool) -> Theory:
    """Read a theory; see the module and :class:`neurosym.formal.fol.dialects.base.Dialect`."""
    program = _program(text, tolerant)
    declared = _declared(program)
    reader = _Reader(notation, program, declared, tolerant)
    premises = [reader.statement(line) for line in program.sections[_PREMISES]]
    claim = reader.claim(program.sections[_CONCLUSION])
    options = reader.options(program.sections[_OPTIONS])
    if claim is not None and options:
        raise program.fault(
            "there is a conclusion and there are options",
            program.sections[_OPTIONS][0],
            hint="Give one or the other.",
        )
    if tolerant:
        return mend_theory(
            premises, claim, options, declared=declared, source=text, repairs=program.repairs
        )
    return make_theory(premises, claim, options, declared=declared, source=text)


def _program(text: str, tolerant: bool) -> Program:
    # Comments are blanked rather than cut, so that places stay right.
    blanked = _COMMENT.sub(lambda match: " " * len(match[0]), text)
    if (_LOOSE_HEADING if tolerant else _HEADING).search(blanked):
        program = read_sections(
            blanked, _SECTIONS, needed=(_PREMISES,), aliases=_ALIASES, tolerant=tolerant
        )
        program.source = text
        return program
    program = Program(text, {name: [] for name in _SECTIONS})
    for number, line in enumerate(blanked.split("\n"), start=1):
        mark = _TURNSTILE.match(line)
        start = mark.end() if mark else 0
        formula, _, sentence = line[start:].partition(":::")
        if line.strip():
            column = start + len(formula) - len(formula.lstrip()) + 1
            section = program.sections[_CONCLUSION if mark else _PREMISES]
            section.append(Line(formula.strip(), sentence.strip(), number, column))
    return program


class _Reader:
    def __init__(
        self, notation: Notation, program: Program, declared: Signature, tolerant: bool
    ) -> None:
        self.notation = notation
        self.program = program
        self.tolerant = tolerant
        self.known = _known(declared)
        self.lacks_numbers = not notation.spelling.fraction and _has_numbers(declared)

    def formula(self, line: Line, start: int = 0) -> Formula:
        formula = self._formula(line, start)
        if self.lacks_numbers:
            self._check_numerals(formula, line)
        return formula

    def _formula(self, line: Line, start: int) -> Formula:
        text = line.text[start:]
        with placed(self.program, Line(text, "", line.number, line.column + start)):
            if not self.tolerant:
                return read_formula(self.notation, text, known=self.known)
            formula, repairs = read_leniently(self.notation, text, self.known)
            for repair in repairs:
                self.program.note(repair.kind, f"line {line.number}: {repair.detail}")
            return formula

    def _check_numerals(self, formula: Formula, line: Line) -> None:
        """See that no numeral is meant for a number where it can only be a name."""
        for item in walk(formula):
            name = item.function if isinstance(item, Apply) else ""
            if name.isdecimal() and name not in self.known.constants:
                raise self.program.fault(
                    f"{name} is no number in the logic of {self.notation.name}, but numbers are "
                    "declared",
                    line,
                    hint="Write the theory in fol, which has numbers (--from fol).",
                )

    def statement(self, line: Line) -> Statement:
        return Statement(self.formula(line), line.sentence)

    def claim(self, lines: list[Line]) -> Statement | None:
        if not lines and re.search(rf"^\s*{_CONCLUSION}\s*:", self.program.source, re.MULTILINE):
            raise self.program.fault(
                "the conclusion is empty", hint="Give a claim, or leave the heading out."
            )
        if len(lines) > 1:
            raise self.program.fault(
                "there are two claims", lines[1], hint="Decide them one after the other."
            )
        return self.statement(lines[0]) if lines else None

    def options(self, lines: list[Line]) -> list[Option]:
        options: list[Option] = []
        for line in lines:
            match = _OPTION.match(line.text)
            if match is None:
                raise self.program.fault(
                    "an option without its letter", line, expected=("a letter and ')'",)
                )
            if any(option.label == match["label"] for option in options):
                raise self.program.fault(
                    f"there are two options {match['label']}", line, hint="Give each its letter."
                )
            test = OptionTest(match["test"] or OptionTest.MUST)
            formula = self.formula(line, match.end())
            options.append(Option(match["label"], formula, test, line.sentence))
        return options


# ---------------------------------------------------------------- declarations


def _declared(program: Program) -> Signature:
    sorts: dict[str, SortKind] = {}
    functions: dict[str, SymbolType] = {}
    predicates: dict[str, SymbolType] = {}
    for line in program.sections[_DECLARATIONS]:
        table: dict[str, Any] = sorts
        declared: SortKind | SymbolType
        if (match := _SORT.match(line.text)) is not None:
            declared = _members(match["members"])
        elif (match := _SYMBOL.match(line.text)) is not None:
            args = tuple(map(_unquoted, re.findall(_NAME, match["args"] or "")))
            result = _unquoted(match["result"])
            table = predicates if result == BOOLEAN else functions
            declared = SymbolType(args, result)
        else:
            raise program.fault(
                "this declares nothing",
                line,
                expected=("sort Day = {mon, tue}", "busy : Day -> Int"),
            )
        name = _unquoted(match["name"])
        if name in table:
            raise program.fault(f"{name} is declared twice", line, hint="Declare it once.")
        table[name] = declared
    return Signature(sorts, functions, predicates)


def _members(text: str | None) -> SortKind:
    if text is None:
        return None
    names = [part.strip() for part in text.split(",") if part.strip()]
    if names and all(re.fullmatch(r"-?\d+", name) for name in names):  # in quotes it is a name
        return Range(tuple(sorted(map(int, names))))
    return Enumeration(tuple(map(_unquoted, names)))


def _unquoted(name: str) -> str:
    return name.strip('"')


def _known(declared: Signature) -> Known:
    constants = {name for name, kind in declared.functions.items() if not kind.args}
    propositions = {name for name, kind in declared.predicates.items() if not kind.args}
    return Known(frozenset(constants | declared.members().keys()), frozenset(propositions))


def _has_numbers(declared: Signature) -> bool:
    symbols = (*declared.functions.values(), *declared.predicates.values())
    used = {sort for kind in symbols for sort in (*kind.args, kind.result)}
    ranges = any(isinstance(kind, Range) for kind in declared.sorts.values())
    return ranges or not used.isdisjoint({INTEGER, REAL})


# ---------------------------------------------------------------- printing


def print_lines(notation: Notation, theory: Theory) -> str:
    """Write a theory in sections; see :class:`neurosym.formal.fol.dialects.base.Dialect`."""
    sections = {}
    if declarations := list(_declarations(notation, theory.signature)):
        sections[_DECLARATIONS] = declarations
    sections[_PREMISES] = [_statement(notation, item) for item in theory.premises]
    if theory.claim is not None:
        sections[_CONCLUSION] = [_statement(notation, theory.claim)]
    if theory.options:
        sections[_OPTIONS] = [_option(notation, item) for item in theory.options]
    return print_sections(sections)


def _statement(notation: Notation, item: Statement) -> str:
    return with_sentence(print_formula(notation, item.formula), item.sentence)


def _option(notation: Notation, item: Option) -> str:
    formula = print_formula(notation, item.formula)
    return with_sentence(f"{item.label}) {item.test.value} {formula}", item.sentence)


def _declarations(notation: Notation, signature: Signature) -> Iterator[str]:
    for name, kind in signature.sorts.items():
        members: Iterable[str] = ()
        if isinstance(kind, Enumeration):
            members = map(_quoted, kind.members)
        elif isinstance(kind, Range):
            members = map(str, kind.values)
        yield f"sort {_quoted(name)}" + ("" if kind is None else f" = {{{', '.join(members)}}}")
    for table in (signature.functions, signature.predicates):
        for name, symbol in table.items():
            result = ENTITY if symbol.result == BOOLEAN else symbol.result
            if {*symbol.args, result} == {ENTITY}:
                continue  # as it would be inferred
            args = " × ".join(map(_quoted, symbol.args))
            yield f"{_quoted(name)} : {args}{' -> ' if args else ''}{_quoted(symbol.result)}"


def _quoted(name: str) -> str:
    if re.fullmatch(r"[^\W\d]\w*", name):
        return name
    if '"' in name or "\n" in name or "," in name:
        raise InexpressibleError(
            f"the name {name!r} cannot be declared",
            hint="Rename it without double quotes, commas and line breaks.",
        )
    return f'"{name}"'
