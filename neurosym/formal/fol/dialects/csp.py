"""Constraint problems, as Logic-LM writes puzzles about an order.

::

    Domain:
    1: oldest
    3: newest
    Variables:
    sedan [IN] [1, 2, 3]
    truck [IN] [1, 2, 3]
    Constraints:
    sedan > truck ::: The sedan is newer than the truck.
    AllDifferentConstraint([sedan, truck])
    Query:
    A) truck == 1 ::: The truck is the oldest.
    B) sedan == 1 ::: The sedan is the oldest.

A variable is a constant whose sort is its domain: a range of whole numbers, or a list of names. The
section ``Domain`` says what values mean, for a reader; nothing is taken from it. Constraints and
options are made of comparisons, also ``a < b < c``, of sums, differences, products and ``abs``,
with ``and``, ``or`` and ``not``. An option is right if it has to hold. Domains have no names, and
get some: ``Position``, ``Position_2``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from neurosym.errors import InexpressibleError
from neurosym.formal.fol.dialects.base import load_grammar, make_theory
from neurosym.formal.fol.dialects.csp_repair import (
    TolerantReader,
    meaning,
    mended_declaration,
    option_parts,
    without_commentary,
)
from neurosym.formal.fol.dialects.expressions import Reader, read_tree, token_text
from neurosym.formal.fol.dialects.expressions_printer import RESERVED, Printer
from neurosym.formal.fol.dialects.expressions_repair import follows, read_line, renamed
from neurosym.formal.fol.dialects.scopes import Environment, Numbered, Scope
from neurosym.formal.fol.dialects.sections import (
    Line,
    Program,
    fault,
    print_sections,
    read_sections,
    with_sentence,
)
from neurosym.formal.fol.signature import Enumeration, Range, Signature, SortKind, SymbolType
from neurosym.formal.fol.syntax import (
    And,
    Apply,
    Distinct,
    Formula,
    Not,
    Number,
    Or,
    Truth,
    walk,
)
from neurosym.formal.fol.theory import Option, OptionTest, Statement, Theory

__all__ = ["CSP", "Csp"]

_SECTIONS = ("Domain", "Variables", "Constraints", "Query")
_ALIASES = {"question": "Query", "option": "Query"}
_ALL_DIFFERENT = "AllDifferentConstraint"
_OPTION = re.compile(r"(?P<label>[A-Z])\)\s*(?P<formula>.*)$")
_MEANING = re.compile(r"[^:\n]+:\s*\S")
_SORT = "Position"


class Csp:
    """The dialect of constraint problems."""

    name = "csp"

    def parse_formula(self, text: str) -> Formula:
        """Read one constraint; every name is a constant."""
        return _formula(_Reader(text, Scope(is_open=True)))

    def print_formula(self, formula: Formula) -> str:
        """Write one constraint."""
        return _Printer().formula(formula)

    def parse_theory(self, text: str, *, tolerant: bool = False) -> Theory:
        """Read a constraint problem."""
        numbered: set[str] = set()
        while True:
            try:
                return _Problem(text, tolerant, numbered).theory()
            except Numbered as found:
                numbered.add(found.sort)  # read again; a sort has numbers after that

    def print_theory(self, theory: Theory) -> str:
        """Write a constraint problem; what its numbers mean is not said.

        Raises:
            InexpressibleError: It has a claim, predicates, functions or other tests.
        """
        if theory.claim is not None or not theory.options:
            raise InexpressibleError(
                "a constraint problem asks with options", hint="Give options and no claim."
            )
        if theory.signature.predicates:
            raise InexpressibleError(
                "a constraint problem has no predicates", hint="Use a dialect with predicates."
            )
        printer = _Printer()
        sorts = theory.signature.sorts
        variables = [
            _declaration(printer, name, kind, sorts)
            for name, kind in theory.signature.functions.items()
        ]
        constraints = [
            with_sentence(printer.formula(item.formula), item.sentence) for item in theory.premises
        ]
        options = [_option(printer, option) for option in theory.options]
        meanings: list[str] = []
        lines = (meanings, variables, constraints, options)
        return print_sections(dict(zip(_SECTIONS, lines, strict=True)))


CSP = Csp()


class _Reader(Reader):
    """Reads a constraint."""

    def __init__(self, text: str, scope: Scope) -> None:
        super().__init__(text, scope)
        self.calls = {_ALL_DIFFERENT: self._all_different}

    def _all_different(self, node: Any, env: Environment) -> Formula:
        items = node.children[1:]
        if len(items) == 1 and items[0].data == "list":
            items = items[0].children
        if len(items) < 2:
            raise self.fault(
                "all different needs two terms", node, hint=f"Write {_ALL_DIFFERENT}([a, b])."
            )
        return self.over_cases(items, env, Distinct)


class _TolerantReader(TolerantReader, _Reader):
    """Reads a constraint as a model may write it."""


def _formula(reader: Reader) -> Formula:
    tree = read_tree(load_grammar("expressions", start="expression"), reader.text)
    return reader.formula(tree, {})


class _Problem:
    def __init__(self, text: str, tolerant: bool, numbered: set[str]) -> None:
        self.program: Program = read_sections(
            text, _SECTIONS, needed=_SECTIONS, aliases=_ALIASES, tolerant=tolerant
        )
        self.tolerant = tolerant
        self.numbered = numbered
        self.scope = Scope()
        self.domains: dict[tuple[str | int, ...], str] = {}
        self.spellings: dict[str, str] = {}
        self.meanings: dict[str, int] = {}

    def theory(self) -> Theory:
        sections = self.program.sections
        declarations = [line for line in sections["Domain"] if not self._is_meaning(line)]
        for line in (*declarations, *sections["Variables"]):
            self._declare(line)
        premises = [
            Statement(self._formula(line), line.sentence)
            for line in sections["Constraints"]
            if not (self.tolerant and without_commentary(self.program, line))
        ]
        options = self._options(sections["Query"])
        return make_theory(
            premises,
            options=options,
            declared=Signature(sorts=self.scope.sorts, functions=self.scope.functions),
            source=self.program.source,
            repairs=tuple(self.program.repairs),
        )

    def _is_meaning(self, line: Line) -> bool:
        """Whether a line of the section Domain says what a value means, or nothing."""
        if self.tolerant:
            return meaning(self.program, line, self.meanings, self.spellings)
        if not _MEANING.match(line.text):
            raise self.program.fault(
                "this does not say what a value means", line, expected=("such as '1: oldest'",)
            )
        return True

    def _declare(self, line: Line) -> None:
        if self.tolerant and not follows(self._declaration, line.text):
            line = mended_declaration(self.program, line, self.spellings)
        name, values, at = read_line(self.program, line, self._declaration, tolerant=self.tolerant)
        sort = self._domain(values, line)
        known = self.scope.functions.get(name)
        if known is not None or name in self.scope.members:
            if not self.tolerant or known != SymbolType((), sort):
                raise self.program.fault(
                    f"{name} is declared twice", line, offset=at, hint="Declare it once."
                )
            self.program.note("declared twice", name)
        self.scope.functions[name] = SymbolType((), sort)

    def _declaration(self, text: str) -> tuple[str, tuple[str | int, ...], int]:
        tree = read_tree(load_grammar("expressions", "csp", start="line"), text)
        if tree.data != "declaration":
            raise fault(
                "this declares no variable", text, expected=("such as 'sedan [IN] [1, 2]'",)
            )
        name, *values = tree.children
        return token_text(name), tuple(map(_value, values)), name.column - 1

    def _domain(self, values: tuple[str | int, ...], line: Line) -> str:
        """The sort of the variables that have these values."""
        if values in self.domains:
            return self.domains[values]
        sort = _SORT if not self.domains else f"{_SORT}_{len(self.domains) + 1}"
        numbers = [value for value in values if isinstance(value, int)]
        names = [value for value in values if isinstance(value, str)]
        if not values or len(set(values)) < len(values) or (numbers and names):
            raise self.program.fault(
                "a domain needs values, all numbers or all names, and none of them twice", line,
                hint="Write it such as [1, 2, 3].",
            )  # fmt: skip
        if set(names) & (set(self.scope.members) | set(self.scope.functions)):
            raise self.program.fault("a name stands for two things", line, hint="Rename one.")
        self.domains[values] = sort
        if names and sort in self.numbered:
            self.program.note(
                "numbered members", f"{', '.join(names)} were taken for 1 to {len(names)}"
            )
            numbers = list(range(1, len(names) + 1))
            self.scope.origins |= dict.fromkeys(names, sort)
            self.scope.members |= {
                name: Number(Fraction(n)) for name, n in zip(names, numbers, strict=True)
            }
        else:
            self.scope.members |= {name: Apply(name) for name in names}
        kind: SortKind = Range(tuple(sorted(numbers))) if numbers else Enumeration(tuple(names))
        self.scope.sorts[sort] = kind
        return sort

    def _formula(self, line: Line) -> Formula:
        if not self.tolerant:
            return read_line(self.program, line, lambda text: _formula(_Reader(text, self.scope)))
        line = renamed(line, self.spellings)

        def read(text: str) -> Formula:
            reader = _TolerantReader(text, self.scope)
            reader.program, reader.meanings = self.program, self.meanings
            return _formula(reader)

        return read_line(self.program, line, read, tolerant=True)

    def _options(self, lines: list[Line]) -> list[Option]:
        options: list[Option] = []
        for line in lines:
            found = _OPTION.match(line.text)
            if self.tolerant and found is None:
                found = option_parts(self.program, line, bool(options))
                if found is None:
                    continue
            if found is None:
                raise self.program.fault("this is no option", line, expected=("such as 'A) '",))
            label = found["label"].upper()
            if label in [option.label for option in options]:
                raise self.program.fault(
                    f"there are two options {label}", line, hint="Give each its letter."
                )
            start = found.start("formula")
            part = Line(found["formula"], line.sentence, line.number, line.column + start)
            options.append(Option(label, self._formula(part), OptionTest.MUST, line.sentence))
        if not options:
            raise self.program.fault(
                "nothing is asked", expected=("options under 'Query:'",), hint="Give the options."
            )
        return options


def _value(node: Any) -> str | int:
    *sign, token = node.children
    if token.type == "NAME":
        return token_text(token)
    if not token.value.isdecimal():
        return f"{'-' if sign else ''}{token.value}"
    return -int(token.value) if sign else int(token.value)


def _declaration(
    printer: Printer, name: str, kind: SymbolType, sorts: Mapping[str, SortKind]
) -> str:
    domain = sorts.get(kind.result)
    if kind.args or domain is None:
        raise InexpressibleError(
            f"{name} is no constant with a listed domain", hint="Use the puzzle dialect."
        )
    if isinstance(domain, Range):
        values = list(map(str, domain.values))
    else:
        values = list(map(printer.name, domain.members))
    return f"{printer.name(name)} [IN] [{', '.join(values)}]"


class _Printer(Printer):
    reserved = RESERVED | {_ALL_DIFFERENT}

    def formula(self, formula: Formula) -> str:
        if any(isinstance(node, Apply) and node.args for node in walk(formula)):
            raise InexpressibleError(
                "a constraint problem has no functions", hint="Use the puzzle dialect."
            )
        return self._formula(formula)

    def _formula(self, formula: Formula) -> str:
        comparison = self.comparison(formula)
        if comparison is not None:
            return comparison
        match formula:
            case Truth(value=value):
                return str(value)
            case Distinct(terms=terms):
                return f"{_ALL_DIFFERENT}([{', '.join(map(self.term, terms))}])"
            case Not(body=body):
                return f"not {self._within(body, Or, And)}"
            case And(parts=parts):
                return " and ".join(self._within(part, Or, And) for part in parts)
            case Or(parts=parts):
                return " or ".join(self._within(part, Or) for part in parts)
            case _:
                raise InexpressibleError(
                    f"a constraint problem has no way to say {type(formula).__name__}",
                    hint="Use the puzzle dialect.",
                )

    def _within(self, formula: Formula, *looser: type) -> str:
        text = self._formula(formula)
        return f"({text})" if isinstance(formula, looser) else text


def _option(printer: _Printer, option: Option) -> str:
    if option.test is not OptionTest.MUST or not re.fullmatch("[A-Z]", option.label):
        raise InexpressibleError(
            f"option {option.label}: a constraint problem asks what must hold, by letters",
            hint="Use the puzzle dialect.",
        )
    return with_sentence(f"{option.label}) {printer.formula(option.formula)}", option.sentence)
