"""Facts and rules with truth values, as Logic-LM writes ProofWriter and PrOntoQA.

::

    Predicates:
    Cold($x, bool) ::: Is x cold?
    Facts:
    Cold(bald_eagle, True) ::: The bald eagle is cold.
    Rules:
    Cold($x, True) && !Red($x, True) >>> Big($x, False) ::: Cold, not red things aren't big.
    Query:
    Red(cow, False) ::: The cow is not red.

A last argument ``True`` or ``False`` says whether the atom or its negation is meant, and may be
left out. A variable ``$x`` stands for all things, over the whole line. A fact is an atom or its
negation without variables; a rule is ``A >>> B``, or a formula that always holds, where ``A``,
``B`` and the query are made of atoms with ``&&``, ``||``, ``!`` or ``Not(…)`` and brackets. A name
that is no identifier is put in double quotes. What is not said is unknown, not false.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from neurosym.errors import FormulaError, InexpressibleError
from neurosym.formal.fol.dialects.base import load_grammar, make_theory
from neurosym.formal.fol.dialects.rules_repair import Symbols, mended, without_commentary
from neurosym.formal.fol.dialects.sections import (
    Line,
    Program,
    fault,
    placed,
    print_sections,
    read_sections,
    with_sentence,
)
from neurosym.formal.fol.signature import Signature, SymbolType
from neurosym.formal.fol.syntax import (
    BOOLEAN,
    ENTITY,
    And,
    Apply,
    Atom,
    ForAll,
    Formula,
    Implies,
    Not,
    Or,
    Term,
    Variable,
    close,
    free_variables,
)
from neurosym.formal.fol.theory import Statement, Theory
from neurosym.formal.grammar import parse_tree

__all__ = ["RULES", "Rules"]

_SECTIONS = ("Predicates", "Facts", "Rules", "Query")
_ALIASES = {"question": "Query", "conclusion": "Query", "goal": "Query", "premise": "Facts"}
_WORDS = {
    "NAME": "a name",
    "VARIABLE": "a variable such as $x",
    "_AND": "'&&'",
    "_OR": "'||'",
    "_NOT": "'!'",
    "_IMPLIES": "'>>>'",
    "LPAR": "'('",
    "RPAR": "')'",
    "COMMA": "','",
    "$END": "the end",
}
_DECLARED_NOT = re.compile(r"[Nn]ot\s*\(")
T = TypeVar("T")


class Rules:
    """The dialect of facts and rules."""

    name = "rules"

    def parse_formula(self, text: str) -> Formula:
        """Read one formula; its variables stand for all things."""
        return close(_read(_tree(text), text))

    def print_formula(self, formula: Formula) -> str:
        """Write one formula."""
        return _show(_opened(formula), top=True)

    def parse_theory(self, text: str, *, tolerant: bool = False) -> Theory:
        """Read a program.

        In tolerant reading spellings of one name are made one, also where each line by itself
        follows the grammar, and a name such as ``x`` or ``something`` is a variable in a rule.
        """
        program = read_sections(
            text, _SECTIONS, needed=_SECTIONS, aliases=_ALIASES, tolerant=tolerant
        )
        return _Reader(program, tolerant).theory()

    def print_theory(self, theory: Theory) -> str:
        """Write a program. The atoms that the premises begin with are facts, the rest rules.

        Raises:
            InexpressibleError: It has options or sorts, or formulas that are no rules.
        """
        if theory.claim is None or theory.options:
            raise InexpressibleError(
                "a program of rules asks for one claim", hint="Give a claim and no options."
            )
        facts: list[str] = []
        rules: list[str] = []
        for item in theory.premises:
            is_fact = not rules and _is_literal(item.formula)
            (facts if is_fact else rules).append(self._statement(item))
        predicates = [_declaration(*item) for item in theory.signature.predicates.items()]
        return print_sections(
            dict(
                zip(
                    _SECTIONS,
                    (predicates, facts, rules, [self._statement(theory.claim)]),
                    strict=True,
                )
            )
        )

    def _statement(self, item: Statement) -> str:
        return with_sentence(self.print_formula(item.formula), item.sentence)


RULES = Rules()


def _tree(text: str) -> Any:
    return parse_tree(load_grammar("rules"), text, _WORDS)


class _Reader:
    def __init__(self, program: Program, tolerant: bool) -> None:
        self.program = program
        self.tolerant = tolerant
        self.symbols = Symbols(program)

    def theory(self) -> Theory:
        sections = self.program.sections
        for line in self._lines("Predicates"):
            self._declare(line)
        premises = [
            self._statement(line, section)
            for section in ("Facts", "Rules")
            for line in self._lines(section)
        ]
        asked = list(self._lines("Query"))
        if not asked:
            raise self.program.fault(
                "nothing is asked",
                next(iter(sections["Query"]), None),
                expected=("a formula under 'Query:'",),
                hint="Give the query.",
            )
        claims = [self._statement(line, "Query") for line in asked]
        if self.tolerant:
            premises, claims = self.symbols.unified(premises), self.symbols.unified(claims)
        if any(claim.formula != claims[0].formula for claim in claims) or (
            len(claims) > 1 and not self.tolerant
        ):
            raise self.program.fault(
                "there is more than one query", asked[1], hint="Ask for one thing."
            )
        declared = {
            name: SymbolType((ENTITY,) * arity, BOOLEAN)
            for name, arity in self.symbols.arities().items()
        }
        return make_theory(
            premises,
            claims[0],
            declared=Signature(predicates=declared),
            source=self.program.source,
            repairs=tuple(self.program.repairs),
        )

    def _lines(self, section: str) -> Iterator[Line]:
        for line in self.program.sections[section]:
            if not self.tolerant or not without_commentary(self.program, section, line):
                yield line

    def _read_line(self, line: Line, section: str, read: Callable[[str], T]) -> T:
        """What a line is read as; in tolerant reading mended first, if it has to be."""
        try:
            with placed(self.program, line):
                return read(line.text)
        except FormulaError:
            if not self.tolerant:
                raise
        changed = mended(self.program, line, section, self.symbols)
        with placed(self.program, line, changed.text):
            return read(changed.text)

    def _declare(self, line: Line) -> None:
        if self.tolerant and _DECLARED_NOT.match(line.text):
            self.program.note("declaration", f"{line.text} was left out; 'Not' is no predicate")
            return
        name, arity = self._read_line(line, "Predicates", self._declared)
        if name in self.symbols.declared:
            if not self.tolerant:
                raise self.program.fault(f"{name} is declared twice", line, hint="Do it once.")
            self.program.note("declared twice", f"{name}, as in {line.text}")
        self.symbols.declare(name, arity)

    def _declared(self, text: str) -> tuple[str, int]:
        tree = _tree(text)
        if tree.data != "atom":
            raise fault("this declares no predicate", text, expected=("such as Red($x, bool)",))
        name, *args = tree.children
        if args and args[-1].value.casefold() in ("bool", "boolean"):
            args.pop()
        others = [arg for arg in args if arg.type != "VARIABLE"]
        if others and not self.tolerant:
            raise fault(
                f"{others[0]} is no variable", text, others[0].column - 1,
                expected=("a variable such as $x",), hint="Declare predicates over variables.",
            )  # fmt: skip
        if others:
            self.program.note("declaration", f"{text} declares {len(args)} arguments")
        return _plain(name), len(args)

    def _statement(self, line: Line, section: str) -> Statement:
        if self.tolerant and section == "Query":
            line = self.symbols.without_asked_value(line)
        declared = None if self.tolerant else self.symbols
        formula = self._read_line(line, section, lambda text: _read(_tree(text), text, declared))
        if self.tolerant:
            formula = self.symbols.with_variables(formula, line)
        if section == "Facts":
            self._check_fact(formula, line)
        return Statement(close(formula), line.sentence)

    def _check_fact(self, formula: Formula, line: Line) -> None:
        if isinstance(formula, Implies):
            kind, problem = "rule among facts", "a rule stands among the facts"
        elif free_variables(formula):
            kind, problem = "variable in fact", "a fact has a variable"
        elif not _is_literal(formula):
            kind, problem = "formula in fact", "a fact is no atom or negated atom"
        else:
            return
        if not self.tolerant:
            raise self.program.fault(problem, line, hint="Put it under 'Rules:'.")
        self.program.note(kind, f"line {line.number}: {line.text}; read as a rule")


def _read(tree: Any, text: str, symbols: Symbols | None = None) -> Formula:
    """The formula of a tree; with symbols, predicates must be among those declared."""

    def read(node: Any) -> Formula:
        match node.data:
            case "implies":
                left, right = map(read, node.children)
                return Implies(left, right)
            case "or_":
                return Or(tuple(map(read, node.children)))
            case "and_":
                return And(tuple(map(read, node.children)))
            case "not_":
                return Not(read(node.children[0]))
            case _:
                return atom(*node.children)

    def atom(name: Any, *args: Any) -> Formula:
        value = True
        if args and args[-1].value in ("True", "False"):
            value, args = args[-1].value == "True", args[:-1]
        for arg in args:
            if arg.value in ("True", "False", "bool"):
                raise fault(
                    f"{arg} stands among the arguments", text, arg.column - 1,
                    expected=("a name", "a variable such as $x"),
                    hint="A truth value is the last argument.",
                )  # fmt: skip
        if symbols is not None:
            problem = symbols.misfit(_plain(name), len(args))
            if problem:
                raise fault(problem, text, name.column - 1, hint="Declare it under 'Predicates:'.")
        found = Atom(_plain(name), tuple(map(_term, args)))
        return found if value else Not(found)

    return read(tree)


def _term(token: Any) -> Term:
    return Variable(token.value[1:]) if token.type == "VARIABLE" else Apply(_plain(token))


def _plain(token: Any) -> str:
    text: str = token.value
    return text[1:-1] if text.startswith('"') else text


def _is_literal(formula: Formula) -> bool:
    if isinstance(formula, Not):
        formula = formula.body
    return isinstance(formula, Atom) and not free_variables(formula)


def _opened(formula: Formula) -> Formula:
    """The formula without the quantifiers before it, where leaving them out says the same."""
    names: dict[str, None] = {}
    while isinstance(formula, ForAll):
        if formula.variable.sort != ENTITY:
            raise InexpressibleError(
                f"rules have no sorts, and {formula.variable.name} is of sort "
                f"{formula.variable.sort}",
                hint="Use a dialect with sorts.",
            )
        names[formula.variable.name] = None
        formula = formula.body
    loose = [item.name for item in free_variables(formula) if item.name not in names]
    if loose:
        raise InexpressibleError(f"{loose[0]} is not bound", hint="Bind it by a quantifier.")
    return formula


_LEVELS: dict[type, int] = {Implies: 0, Or: 1, And: 2, Not: 3, Atom: 3}


def _show(formula: Formula, *, top: bool = False) -> str:
    match formula:
        case Implies(left=left, right=right) if top:
            return f"{_show(left)} >>> {_show(right)}"
        case Or(parts=parts):
            return " || ".join(_bracketed(part, 2) for part in parts)
        case And(parts=parts):
            return " && ".join(_bracketed(part, 3) for part in parts)
        case Not(body=Atom() as atom):
            return _show_atom(atom, value=False)
        case Not(body=body):
            return "!" + _bracketed(body, 3)
        case Atom():
            return _show_atom(formula, value=True)
        case _:
            raise InexpressibleError(
                f"rules have no way to say {type(formula).__name__}"
                + (" inside a formula" if isinstance(formula, Implies | ForAll) else ""),
                hint="Use a dialect of full first-order logic.",
            )


def _bracketed(formula: Formula, level: int) -> str:
    text = _show(formula)
    return text if _LEVELS[type(formula)] >= level else f"({text})"


def _show_atom(atom: Atom, *, value: bool) -> str:
    return f"{_show_name(atom.predicate)}({', '.join([*map(_show_term, atom.args), str(value)])})"


def _show_term(term: Term) -> str:
    match term:
        case Variable(name=name) if name.isidentifier():
            return f"${name}"
        case Apply(function=name, args=()):
            return _show_name(name)
        case Apply(function=name):
            raise InexpressibleError(
                f"rules have no functions such as {name}", hint="Use a predicate for it."
            )
        case Variable(name=name):
            raise InexpressibleError(
                f"a variable of a rule cannot be called {name!r}", hint="Call it x."
            )
        case _:
            raise InexpressibleError(
                f"rules have no way to say {type(term).__name__}",
                hint="Use a dialect with numbers.",
            )


def _show_name(name: str) -> str:
    if name.isidentifier() and name not in ("True", "False", "Not", "bool"):
        return name
    if '"' in name or "\n" in name or not name:
        raise InexpressibleError(
            f"a name in a rule cannot be {name!r}", hint="Leave quotes and line breaks out."
        )
    return f'"{name}"'


def _declaration(name: str, kind: SymbolType) -> str:
    if any(sort != ENTITY for sort in kind.args):
        raise InexpressibleError(
            f"rules have no sorts, and {name} is declared over {', '.join(kind.args)}",
            hint="Use a dialect with sorts.",
        )
    variables = ["$x", "$y", "$z"] if len(kind.args) <= 3 else [
        f"$x{i}" for i, _ in enumerate(kind.args, start=1)
    ]  # fmt: skip
    return f"{_show_name(name)}({', '.join([*variables[: len(kind.args)], 'bool'])})"
