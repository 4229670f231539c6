"""Puzzles with sorts, functions and counting, as Logic-LM writes AR-LSAT.

::

    # Declarations
    people = EnumSort([Ann, Bob])
    seats = EnumSort([1, 2])
    seated = Function([people] -> [seats])
    tired = Function([people] -> [bool])
    # Constraints
    Distinct([p:people], seated(p)) ::: No two people share a seat.
    ForAll([p:people], Implies(tired(p), seated(p) == 1)) ::: Who is tired has the first seat.
    # Options
    Question ::: Which one of the following could be true?
    is_sat(seated(Bob) == 2) ::: (A)
    is_sat(And(tired(Ann), tired(Bob))) ::: (B)

Members of a sort are all names, or all whole numbers. A function may have values in a sort,
``int`` or ``real``; one with values in ``bool`` is a predicate. Formulas are made of atoms and
comparisons, also ``a < b < c`` and ``x in [a, b]``, with ``And``, ``Or``, ``Not``, ``Implies``,
``Iff``, ``Xor``, ``If``, ``ForAll``, ``Exists`` and ``Distinct``; ``==`` between formulas is
``Iff``. Terms have ``+``, ``-``, ``*``, ``abs``, ``If`` and ``Count([p:people], …)``.
``Distinct([p:people], f(p))`` says that ``f`` has different values for different people. Members
of a list of names may be compared by their order. Constraints may stand among declarations.

``is_valid`` asks whether an option has to hold, ``is_sat`` whether it can, ``is_unsat`` whether it
cannot; ``is_exception`` around one asks the contrary. Several formulas in one hold together.
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

from neurosym.errors import InexpressibleError
from neurosym.formal.fol.dialects.base import make_theory
from neurosym.formal.fol.dialects.expressions import token_text
from neurosym.formal.fol.dialects.expressions_repair import read_line, renamed
from neurosym.formal.fol.dialects.puzzle_printer import PuzzlePrinter
from neurosym.formal.fol.dialects.puzzle_reader import SORTS, PuzzleReader, line_tree
from neurosym.formal.fol.dialects.puzzle_repair import (
    Corrections,
    mended,
    mended_option,
    says_nothing,
)
from neurosym.formal.fol.dialects.puzzle_tolerant import TolerantReader
from neurosym.formal.fol.dialects.scopes import Numbered, Scope
from neurosym.formal.fol.dialects.sections import (
    Line,
    fault,
    print_sections,
    read_sections,
    with_sentence,
)
from neurosym.formal.fol.signature import Enumeration, Range, Signature, SymbolType
from neurosym.formal.fol.syntax import BOOLEAN, ENTITY, INTEGER, REAL, Apply, Formula, Number
from neurosym.formal.fol.theory import Option, OptionTest, Statement, Theory

__all__ = ["PUZZLE", "Puzzle"]

_SECTIONS = ("Declarations", "Constraints", "Options")
_ALIASES = {"declaration": "Declarations", "question": "Options", "query": "Options"}
_LABEL = re.compile(r"\((?P<label>\w+)\)\s*(?P<sentence>.*)$")


class Puzzle:
    """The dialect of puzzles."""

    name = "puzzle"

    def parse_formula(self, text: str) -> Formula:
        """Read one formula; names that are not bound are constants."""
        return PuzzleReader(text, Scope(is_open=True)).read()

    def print_formula(self, formula: Formula) -> str:
        """Write one formula."""
        return PuzzlePrinter().formula(formula)

    def parse_theory(self, text: str, *, tolerant: bool = False) -> Theory:
        """Read a puzzle.

        In tolerant reading, a list whose members are calculated with or compared with numbers is
        taken for the numbers from 1 on, in the order of its members.
        """
        numbered: set[str] = set()
        while True:
            try:
                return _Program(text, tolerant, numbered).theory()
            except Numbered as found:
                numbered.add(found.sort)  # read again; it is no list after that

    def print_theory(self, theory: Theory) -> str:
        """Write a puzzle.

        Raises:
            InexpressibleError: It has a claim, no options, or sorts whose members are not listed.
        """
        if theory.claim is not None or not theory.options:
            raise InexpressibleError(
                "a puzzle asks with options", hint="Give options and no claim."
            )
        printer = PuzzlePrinter()
        constraints = [
            with_sentence(printer.formula(item.formula), item.sentence) for item in theory.premises
        ]
        options = [with_sentence(*printer.option(option)) for option in theory.options]
        lines = (printer.declarations(theory.signature), constraints, options)
        return print_sections(dict(zip(_SECTIONS, lines, strict=True)), mark="#")


PUZZLE = Puzzle()


class _Program:
    def __init__(self, text: str, tolerant: bool, numbered: set[str]) -> None:
        self.program = read_sections(
            text, _SECTIONS, mark="#", needed=_SECTIONS, aliases=_ALIASES, tolerant=tolerant
        )
        self.tolerant = tolerant
        self.scope = Scope()
        self.corrections = Corrections(self.program, numbered)

    def theory(self) -> Theory:
        sections = self.program.sections
        formulas = [line for line in self._lines("Declarations") if not self._declares(line)]
        premises = [
            Statement(self._formula(line), line.sentence)
            for line in (*formulas, *self._lines("Constraints"))
        ]
        options = self._options(sections["Options"])
        return make_theory(
            premises,
            options=options,
            declared=Signature(
                sorts=self.scope.sorts,
                functions=self.scope.functions,
                predicates=self.scope.predicates,
            ),
            source=self.program.source,
            repairs=tuple(self.program.repairs),
        )

    def _lines(self, section: str) -> list[Line]:
        lines = self.program.sections[section]
        if not self.tolerant:
            return lines
        lines = [line for line in lines if not says_nothing(self.program, line)]
        if section == "Declarations":
            lines = [self.corrections.declaration(line) for line in lines]
        return [renamed(line, self.corrections.spellings) for line in lines]

    def _declares(self, line: Line) -> bool:
        """Declare what a line of the section Declarations does, if it declares anything."""

        def read(text: str) -> Any:
            tree = line_tree(text)
            if tree.data == "declaration":
                self._declare(tree, text)
            return tree

        tree = read_line(self.program, line, read, tolerant=self.tolerant, mend=mended)
        return bool(tree.data == "declaration")

    def _declare(self, tree: Any, text: str) -> None:
        name, maker, *lists = tree.children
        symbol = token_text(name)
        taken = symbol in self.scope.sorts if maker.value == "EnumSort" else (
            symbol in self.scope.functions or symbol in self.scope.predicates
            or symbol in self.scope.members
        )  # fmt: skip
        if taken or name.value in (*SORTS, "bool"):
            raise fault(f"{name} is declared twice", text, name.column - 1, hint="Rename one.")
        if maker.value == "EnumSort" and len(lists) == 1:
            self._declare_sort(symbol, lists[0], text)
        elif maker.value == "Function" and len(lists) == 2:
            self._declare_function(symbol, lists[0], lists[1], text)
        else:
            raise fault(
                "this declares neither a sort nor a function", text, maker.column - 1,
                expected=("'EnumSort([…])'", "'Function([…] -> [sort])'"),
            )  # fmt: skip

    def _declare_sort(self, sort: str, items: Any, text: str) -> None:
        reader = PuzzleReader(text, self.scope)
        if not items.children:
            raise reader.fault(f"{sort} has no members", items)
        if sort in (ENTITY, INTEGER, REAL, BOOLEAN):
            raise fault(f"a sort cannot be called {sort}", text)
        members: list[str] = []
        numbers: list[int] = []
        decimal = self.tolerant and self._has_no_whole_numbers(sort, items)
        for item in items.children:
            if item.data == "name" or (decimal and item.data == "number"):
                members.append(token_text(item.children[0]))
            elif item.data == "number" and item.children[0].value.isdecimal():
                numbers.append(int(item.children[0].value))
            elif item.data == "negative" and item.children[1].children[0].value.isdecimal():
                numbers.append(-int(item.children[1].children[0].value))
            else:
                raise reader.fault("this is no member of a sort", item, ("a name", "a number"))
        if members and numbers:
            raise reader.fault(f"{sort} has names and numbers", items, hint="Use names alone.")
        if len({*members, *numbers}) < len(items.children):
            raise reader.fault(f"a member of {sort} is there twice", items, hint="Name it once.")
        double = [name for name in members if name in self.scope.members]
        if double:
            raise reader.fault(
                f"{double[0]} is a member of two sorts", items, hint="Rename one of them."
            )
        self.scope.sorts[sort] = Range(tuple(sorted(numbers))) if numbers else Enumeration(
            tuple(members)
        )  # fmt: skip
        self.scope.members |= {name: Apply(name) for name in members}
        if sort in self.corrections.numbered and members:
            self._number(sort, members)

    def _has_no_whole_numbers(self, sort: str, items: Any) -> bool:
        """Whether the numbers among some members have to be taken for names."""
        kinds = {item.data for item in items.children}
        found = any(
            "." in str(item.children[0]) for item in items.children if item.data == "number"
        )
        if not found and kinds != {"name", "number"}:
            return False
        self.program.note("numbers as names", f"the members of {sort}")
        return True

    def _number(self, sort: str, members: list[str]) -> None:
        self.program.note(
            "numbered members", f"the members of {sort} were taken for 1 to {len(members)}"
        )
        numbers = range(1, len(members) + 1)
        self.scope.sorts[sort] = Range(tuple(numbers))
        for name, number in zip(members, numbers, strict=True):
            self.scope.members[name] = Number(Fraction(number))
            self.scope.origins[name] = sort

    def _declare_function(self, name: str, args: Any, results: Any, text: str) -> None:
        reader = self._reader(text)
        for item in (*args.children, *results.children):
            if item.data != "name":
                raise reader.fault("this is no sort", item, ("the name of a sort",))
        if len(results.children) != 1:
            raise reader.fault("a function has values in one sort", results)
        sorts = tuple(reader.sort(item.children[0]) for item in args.children)
        result = results.children[0].children[0]
        if result.value == "bool":
            self.scope.predicates[name] = SymbolType(sorts, BOOLEAN)
        else:
            self.scope.functions[name] = SymbolType(sorts, reader.sort(result))

    def _reader(self, text: str) -> PuzzleReader:
        if self.tolerant:
            return TolerantReader(text, self.scope, self.corrections)
        return PuzzleReader(text, self.scope)

    def _formula(self, line: Line) -> Formula:
        def read(text: str) -> Formula:
            return self._reader(text).read()

        return read_line(self.program, line, read, tolerant=self.tolerant, mend=mended)

    def _options(self, lines: list[Line]) -> list[Option]:
        options: list[Option] = []
        for line in lines:
            if line.text == "Question":
                continue
            label = _LABEL.match(line.sentence)
            if self.tolerant:
                changed = mended_option(self.program, line, label, len(options))
                if changed is None:
                    continue
                line = renamed(changed, self.corrections.spellings)
                label = _LABEL.match(line.sentence)
            if label is None:
                raise self.program.fault(
                    "this option has no letter", line, offset=len(line.text),
                    expected=("':::' and a letter in brackets such as '(A)'",),
                )  # fmt: skip
            if label["label"] in [option.label for option in options]:
                raise self.program.fault(
                    f"there are two options {label['label']}", line, hint="Give each its letter."
                )
            test, formula = self._option(line)
            options.append(Option(label["label"], formula, test, label["sentence"]))
        if not options:
            raise self.program.fault(
                "nothing is asked", expected=("options under '# Options'",),
                hint="Give the options.",
            )  # fmt: skip
        return options

    def _option(self, line: Line) -> tuple[OptionTest, Formula]:
        def read(text: str) -> tuple[OptionTest, Formula]:
            return self._reader(text).option()

        return read_line(self.program, line, read, tolerant=self.tolerant, mend=mended)
