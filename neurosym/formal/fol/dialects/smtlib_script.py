"""Scripts: the commands that a theory is made of."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import pairwise
from typing import Any

from neurosym.errors import InexpressibleError
from neurosym.formal.fol.dialects.smtlib_items import (
    Declared,
    args_of,
    inside_of,
    integer_of,
    name_of,
    word_of,
)
from neurosym.formal.fol.dialects.smtlib_printer import (
    Spelling,
    formula_text,
    number_text,
    symbol,
)
from neurosym.formal.fol.dialects.smtlib_reader import Reader
from neurosym.formal.fol.signature import Enumeration, Range, SymbolType, sort_of
from neurosym.formal.fol.syntax import (
    BOOLEAN,
    ENTITY,
    INTEGER,
    REAL,
    Formula,
    Less,
    LessEqual,
    Not,
    walk,
)
from neurosym.formal.fol.theory import Option, OptionTest, Statement, Theory

__all__ = ["Script", "script_lines"]

_CLAIM = "negated-claim"
_OPTION = re.compile(r"option-(.*)-(must|could|cannot|need-not)", re.DOTALL)
_TYPING = "typing-"
_NEGATED = (OptionTest.MUST, OptionTest.NEED_NOT)
"""The tests whose options are asserted negated."""
_SKIPPED = frozenset({
    "set-logic", "set-option", "set-info", "check-sat", "get-model", "get-value", "get-info",
    "get-option", "get-proof", "get-unsat-core", "get-assertions", "get-assignment", "echo", "exit",
    "push", "pop",
})  # fmt: skip


class Script:
    """Reads the commands of a script.

    Args:
        text: The script.
        declared: What has been declared; the script adds to it.
    """

    def __init__(self, text: str, declared: Declared) -> None:
        self.declared = declared
        self.premises: list[Statement] = []
        self.claim: Statement | None = None
        self.options: list[Option] = []
        self._reader = Reader(text, declared)
        self._lines = text.split("\n")

    def command(self, item: Any) -> None:
        """Read one command."""
        word = word_of(item)
        if not hasattr(item, "children") or not word:
            self._reader.fail(item, "a command in brackets has to stand here")
        if word in _SKIPPED:
            return
        read = _COMMANDS.get(word)
        if read is None:
            self._reader.fail(item, f"the command {word} is not read")
        read(self, item)

    def _new(self, item: Any, table: str) -> str:
        """A name that is not declared yet."""
        name = self._reader.new_name(item)
        known = self.declared
        symbols = (known.functions, known.predicates, known.members, known.guards, known.ranks)
        tables = (known.aliases,) if table == "sort" else symbols
        if any(name in names for names in tables) or (table == "sort" and name == BOOLEAN):
            self._reader.fail(item, f"{name} is declared twice")
        return name

    def _declare_sort(self, item: Any) -> None:
        args = self._reader.parts(item, 1, 2)
        if len(args) == 2 and args[1] != "0":
            self._reader.fail(args[1], "only sorts without arguments are read")
        name = self._new(args[0], "sort")
        self.declared.aliases[name] = name
        if name != ENTITY:
            self.declared.sorts[name] = None

    def _define_sort(self, item: Any) -> None:
        name, parameters, sort = self._reader.parts(item, 3, 3)
        if len(getattr(parameters, "children", ())) != 1:
            self._reader.fail(parameters, "only sorts without arguments are read")
        meant = self._reader.sort(sort)
        self.declared.aliases[self._new(name, "sort")] = meant

    def _declare_datatypes(self, item: Any) -> None:
        names, bodies = self._reader.parts(item, 2, 2)
        heads, lists = inside_of(names), inside_of(bodies)
        if len(heads) != len(lists) or not heads:
            self._reader.fail(bodies, "each data type needs its list of members")
        for head, body in zip(heads, lists, strict=True):
            inside = inside_of(head)
            if len(inside) != 2 or inside[1] != "0":
                self._reader.fail(head, "only data types without arguments are read")
            self._enumerate(inside[0], body)

    def _declare_datatype(self, item: Any) -> None:
        self._enumerate(*self._reader.parts(item, 2, 2))

    def _enumerate(self, head: Any, body: Any) -> None:
        sort = self._new(head, "sort")
        members: list[str] = []
        for member in inside_of(body):
            inside = inside_of(member) or [member]
            if len(inside) != 1:
                self._reader.fail(member, "only members without arguments are read")
            members.append(self._new(inside[0], "symbol"))
            self.declared.members[members[-1]] = sort
        if not members:
            self._reader.fail(body, f"{sort} has no members")
        self.declared.aliases[sort] = sort
        self.declared.sorts[sort] = Enumeration(tuple(members))

    def _declare(self, item: Any) -> None:
        is_constant = word_of(item) == "declare-const"
        parts = self._reader.parts(item, 2, 2) if is_constant else self._reader.parts(item, 3, 3)
        name = self._new(parts[0], "symbol")
        listed = parts[1:-1]
        if listed and not hasattr(listed[0], "children"):
            self._reader.fail(parts[1], "the sorts of the arguments have to stand here in brackets")
        args = tuple([self._reader.sort(sort) for part in listed for sort in inside_of(part)])
        if name_of(parts[-1]) == BOOLEAN:
            self.declared.predicates[name] = SymbolType(args, BOOLEAN)
        else:
            self.declared.functions[name] = SymbolType(args, self._reader.sort(parts[-1]))

    def _define(self, item: Any) -> None:
        """Read the predicate that tells the members of a range, or ranks in an enumeration."""
        head, parameters, _, body = self._reader.parts(item, 4, 4)
        pairs = list(map(inside_of, inside_of(parameters)))
        sort = name_of(pairs[0][1]) if len(pairs) == 1 and len(pairs[0]) == 2 else None
        name = self._new(head, "symbol")
        known = self.declared
        if sort is not None and name == f"is-{sort}" and known.aliases.get(sort) == INTEGER:
            known.aliases[sort] = sort
            known.sorts[sort] = Range(tuple(self._range(body)))
            known.guards[name] = sort
        elif name == f"rank-{sort}" and isinstance(known.sorts.get(sort or ""), Enumeration):
            known.ranks.add(name)
        else:
            self._reader.fail(
                item, "a definition is not read",
                hint="Declare the symbol and assert what it is defined as.",
            )  # fmt: skip

    def _range(self, body: Any) -> Iterator[int]:
        for part in args_of(body) if word_of(body) == "or" else [body]:
            args = args_of(part)
            value = integer_of(args[1]) if word_of(part) == "=" and len(args) == 2 else None
            if value is not None:
                yield value
            elif word_of(part) != "false":
                self._reader.fail(part, "a number of the range has to stand here, as in (= n 1)")

    def _assert(self, item: Any) -> None:
        body = self._reader.parts(item, 1, 1)[0]
        name = _name(body)
        if name.startswith(_TYPING) and self.declared.guards:
            return  # it says no more than the sorts do
        sentence = self._sentence(item)
        option = _OPTION.fullmatch(name)
        if option is not None:
            test = OptionTest(option[2].replace("-", " "))
            formula = self._negated(body) if test in _NEGATED else self._reader.formula(body, {})
            self.options.append(Option(option[1], formula, test, sentence))
        elif name == _CLAIM:
            if self.claim is not None:
                self._reader.fail(item, "there is a second claim")
            self.claim = Statement(self._negated(body), sentence)
        else:
            self.premises.append(Statement(self._reader.formula(body, {}), sentence))

    def _negated(self, body: Any) -> Formula:
        """What is denied."""
        formula = self._reader.formula(body, {})
        return formula.body if isinstance(formula, Not) else Not(formula)

    def _sentence(self, item: Any) -> str:
        """The comment lines right before an assertion that begins its line."""
        token = item.children[0]
        end = first = token.line - 1
        if self._lines[end][: token.column - 1].strip():
            return ""
        while first and self._lines[first - 1].startswith(";"):
            first -= 1
        return "\n".join(line[1:].removeprefix(" ") for line in self._lines[first:end])


_COMMANDS: dict[str, Callable[[Script, Any], None]] = {
    "declare-sort": Script._declare_sort,
    "define-sort": Script._define_sort,
    "declare-datatypes": Script._declare_datatypes,
    "declare-datatype": Script._declare_datatype,
    "declare-fun": Script._declare,
    "declare-const": Script._declare,
    "define-fun": Script._define,
    "assert": Script._assert,
}


def _name(body: Any) -> str:
    """The name that an annotation gives a formula, if it does."""
    attributes = args_of(body)[1:] if word_of(body) == "!" else []
    for keyword, value in pairwise(attributes):
        if getattr(keyword, "type", "") == "KEYWORD" and keyword == ":named":
            return name_of(value) or ""
    return ""


def script_lines(theory: Theory) -> Iterator[str]:
    """The lines of the script of a theory."""
    spelling = Spelling(signature=theory.signature)
    _check_names(theory)
    yield "(set-logic ALL)"
    yield from _sort_lines(theory)
    yield from _symbol_lines(theory)
    yield from _typing_lines(theory)
    for number, statement in enumerate(theory.premises, 1):
        yield ""
        text = formula_text(statement.formula, spelling)
        yield from _assertion(text, f"premise-{number}", statement.sentence)
    yield ""
    if theory.claim is not None:
        text = f"(not {formula_text(theory.claim.formula, spelling)})"
        yield from _assertion(text, _CLAIM, theory.claim.sentence)
    if not theory.options:
        yield "(check-sat)"
    for option in theory.options:
        text = formula_text(option.formula, spelling)
        if option.test in _NEGATED:
            text = f"(not {text})"
        yield "(push 1)"
        name = f"option-{option.label}-{option.test.value.replace(' ', '-')}"
        yield from _assertion(text, name, option.sentence)
        yield "(check-sat)"
        yield "(pop 1)"


def _check_names(theory: Theory) -> None:
    """See that no symbol is spelled like one that the script defines for a sort."""
    spelling, signature = Spelling(), theory.signature
    used = {*signature.functions, *signature.predicates, *signature.members()}
    texts = {symbol(name) for name in used}
    for sort, kind in signature.sorts.items():
        if kind is not None and not texts.isdisjoint({spelling.guard(sort), spelling.rank(sort)}):
            raise InexpressibleError(
                f"a symbol is named like the function that the script defines for {sort}",
                hint=f"Name nothing is-{sort} or rank-{sort}.",
            )


def _assertion(text: str, name: str, sentence: str) -> Iterator[str]:
    if sentence:
        for line in sentence.split("\n"):
            yield f"; {line}" if line else ";"
    yield f"(assert (! {text} :named {symbol(name)}))"


def _sort_lines(theory: Theory) -> Iterator[str]:
    yield f"(declare-sort {ENTITY} 0)"
    needs_ranks = any(
        isinstance(item, Less | LessEqual) and _is_listed(item, theory)
        for formula in theory.formulas
        for item in walk(formula)
    )
    spelling = Spelling()
    for sort, kind in theory.signature.sorts.items():
        name = symbol(sort)
        if isinstance(kind, Enumeration):
            if not kind.members:
                raise InexpressibleError(
                    f"SMT-LIB has no sort without members, as {sort} is", hint="Give it members."
                )
            members = list(map(symbol, kind.members))
            listed = " ".join(f"({member})" for member in members)
            yield f"(declare-datatypes (({name} 0)) (({listed})))"
            if needs_ranks:
                yield f"(define-fun {spelling.rank(sort)} {_rank(name, members)})"
        elif isinstance(kind, Range):
            tests = [f"(= n {number_text(Fraction(value))})" for value in kind.values]
            test = f"(or {' '.join(tests)})" if len(tests) > 1 else "".join(tests) or "false"
            yield f"(define-sort {name} () {INTEGER})"
            yield f"(define-fun {spelling.guard(sort)} ((n {name})) {BOOLEAN} {test})"
        else:
            yield f"(declare-sort {name} 0)"


def _rank(sort: str, members: list[str]) -> str:
    """Parameter, sort and body of the function that gives the place of a member."""
    item = "m"
    while item in members:
        item += "m"
    rank = str(len(members) - 1)
    for number, member in reversed(list(enumerate(members[:-1]))):
        rank = f"(ite (= {item} {member}) {number} {rank})"
    return f"(({item} {sort})) {INTEGER} {rank}"


def _is_listed(item: Less | LessEqual, theory: Theory) -> bool:
    sort = sort_of(item.left, theory.signature)
    return isinstance(theory.signature.sorts.get(sort), Enumeration)


def _symbol_lines(theory: Theory) -> Iterator[str]:
    for table in (theory.signature.functions, theory.signature.predicates):
        for name, kind in table.items():
            args = " ".join(map(_sort, kind.args))
            yield f"(declare-fun {symbol(name)} ({args}) {_sort(kind.result)})"


def _sort(name: str) -> str:
    return name if name in (BOOLEAN, INTEGER, REAL) else symbol(name)


def _typing_lines(theory: Theory) -> Iterator[str]:
    """What sorts say that solvers cannot tell: values of functions into a range are in it."""
    kinds = theory.signature.sorts
    guard = Spelling().guard
    for name, symbol_type in theory.signature.functions.items():
        if not isinstance(kinds.get(symbol_type.result), Range):
            continue
        prefix = "y" if name.startswith("x") else "x"  # hides no symbol of the assertion
        args = [(f"{prefix}{n}", sort) for n, sort in enumerate(symbol_type.args, 1)]
        value = f"({symbol(name)} {' '.join(arg for arg, _ in args)})" if args else symbol(name)
        text = f"({guard(symbol_type.result)} {value})"
        for arg, sort in reversed(args):
            if isinstance(kinds.get(sort), Range):
                text = f"(=> ({guard(sort)} {arg}) {text})"
            text = f"(forall (({arg} {_sort(sort)})) {text})"
        yield f"(assert (! {text} :named {symbol(_TYPING + name)}))"
