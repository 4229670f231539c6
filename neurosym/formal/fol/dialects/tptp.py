"""TPTP first-order form (FOF), for provers.

FOF has one sort, and neither numbers nor counts: a theory with sorts is printed relativised (see
:mod:`neurosym.formal.fol.relativise`).

A variable is written with its first letter capitalised, ``x`` as ``X``. A name that is not an ASCII
word with a small first letter is written as ``V__`` and its characters, all but ASCII letters and
digits as their code between underscores: ``X`` as ``V__X``, ``x'`` as ``V__x_27_``. Numbers and
distinct objects are read as constants, of which nothing says that they differ; a distinct object
keeps its double quotes as part of its name. Comment lines right before a statement that begin with
``% `` are its sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NoReturn

from neurosym.errors import FormulaError, InexpressibleError
from neurosym.formal.fol.dialects.base import load_grammar, make_theory
from neurosym.formal.fol.dialects.tptp_printer import print_fof, variable_name
from neurosym.formal.fol.relativise import relativise
from neurosym.formal.fol.syntax import (
    And,
    Apply,
    Atom,
    Equals,
    Exists,
    ForAll,
    Formula,
    Iff,
    Implies,
    Not,
    Or,
    Term,
    Truth,
    Variable,
    Xor,
)
from neurosym.formal.fol.theory import Repair, Statement, Theory
from neurosym.formal.grammar import first_token, parse_tree

__all__ = ["TPTP", "Tptp"]

_WORDS = {
    "CONNECTIVE": "a connective",
    "VBAR": "a connective",
    "__ANON_0": "a connective",
    "LPAR": "'('",
    "RPAR": "')'",
    "LSQB": "'['",
    "RSQB": "']'",
    "COLON": "':'",
    "COMMA": "','",
    "DOT": "'.'",
    "TILDE": "'~'",
    "QUANTIFIER": "a quantifier",
    "UPPER": "a variable",
    "LOWER": "a name",
}
_THEORY_WORDS = {**_WORDS, "FOF": "fof(…)"}
_PREMISES = frozenset(
    {"axiom", "hypothesis", "definition", "assumption", "lemma", "theorem", "corollary"}
)


@dataclass(frozen=True, slots=True)
class Tptp:
    """TPTP first-order form."""

    name: str = "tptp"

    def parse_formula(self, text: str) -> Formula:
        """Read one formula; see :class:`neurosym.formal.fol.dialects.base.Dialect`."""
        return self.read_formula(text)[0]

    def read_formula(
        self, text: str, *, tolerant: bool = False
    ) -> tuple[Formula, tuple[Repair, ...]]:
        """Read one formula that stands alone.

        Args:
            text: The formula.
            tolerant: Take capitalised names that nothing binds for constants and predicates.

        Returns:
            The formula, and the changes that were needed to read it.

        Raises:
            FormulaError: The text does not follow the grammar, or is nested too deeply.
        """
        tree = parse_tree(load_grammar("tptp", start="formula"), text, _WORDS)
        reader = _Reader(text, tolerant)
        return reader.formula(tree.children[0], {}), tuple(reader.repairs)

    def print_formula(self, formula: Formula) -> str:
        """Write one formula; see :class:`neurosym.formal.fol.dialects.base.Dialect`."""
        return print_fof(formula)

    def parse_theory(self, text: str, *, tolerant: bool = False) -> Theory:
        """Read a problem; see :class:`neurosym.formal.fol.dialects.base.Dialect`.

        Tolerant reading takes capitalised names that nothing binds for constants and predicates.
        """
        reader = _Reader(text, tolerant)
        premises: list[Statement] = []
        claim: Statement | None = None
        lines = text.split("\n")
        for item in parse_tree(load_grammar("tptp"), text, _THEORY_WORDS).children:
            if item.data == "include":
                reader.fail(
                    item, "include is not read", hint="Put the included formulas in its place."
                )
            _, _, role, body = item.children[:4]
            statement = Statement(reader.formula(body, {}), _sentence(item.children[0], lines))
            if role in _PREMISES:
                premises.append(statement)
                continue
            if role not in ("conjecture", "negated_conjecture"):
                reader.fail(
                    role, f"formulas of the role {role} are not read",
                    hint="Use axiom, hypothesis or conjecture.",
                )  # fmt: skip
            if claim is not None:
                reader.fail(item, "there is a second conjecture")
            claim = statement if role == "conjecture" else _denied(statement)
        return make_theory(premises, claim, source=text, repairs=tuple(reader.repairs))

    def print_theory(self, theory: Theory) -> str:
        """Write a problem; see :class:`neurosym.formal.fol.dialects.base.Dialect`."""
        if theory.options:
            raise InexpressibleError(
                "TPTP has no options to choose from",
                hint="Print a theory with one of the options as its claim.",
            )
        return "".join(_statements(relativise(theory)))


TPTP = Tptp()


def _statements(theory: Theory) -> Iterator[str]:
    stated = [(f"premise_{n}", "axiom", item) for n, item in enumerate(theory.premises, 1)]
    if theory.claim is not None:
        stated.append(("claim", "conjecture", theory.claim))
    for name, role, statement in stated:
        if statement.sentence:
            for line in statement.sentence.split("\n"):
                yield f"% {line}\n"
        yield f"fof({name}, {role}, {print_fof(statement.formula)}).\n"


def _denied(statement: Statement) -> Statement:
    formula = statement.formula
    positive = formula.body if isinstance(formula, Not) else Not(formula)
    return Statement(positive, statement.sentence)


def _sentence(token: Any, lines: list[str]) -> str:
    """The comment lines right before a statement that begins its line."""
    end = first = token.line - 1
    if lines[end][: token.column - 1].strip():
        return ""
    while first and lines[first - 1].startswith("% "):
        first -= 1
    return "\n".join(line[2:] for line in lines[first:end])


_Scope = dict[str, Variable]
_MEND = "Mend the formula at the caret."


class _Reader:
    def __init__(self, text: str, tolerant: bool) -> None:
        self.text = text
        self.tolerant = tolerant
        self.repairs: list[Repair] = []

    def fail(
        self, item: Any, problem: str, hint: str = "Mend the formula at the caret."
    ) -> NoReturn:
        token = first_token(item)
        raise FormulaError(problem, text=self.text, line=token.line, column=token.column, hint=hint)

    def formula(self, item: Any, scope: _Scope) -> Formula:
        children = item.children
        match item.data:
            case "atom":
                return self._atom(children[0], scope)
            case "not_":
                return Not(self.formula(children[0], scope))
            case "and_":
                return And(tuple([self.formula(part, scope) for part in children]))
            case "or_":
                return Or(tuple([self.formula(part, scope) for part in children]))
            case "equal":
                return Equals(self.term(children[0], scope), self.term(children[1], scope))
            case "unequal":
                return Not(Equals(self.term(children[0], scope), self.term(children[1], scope)))
            case "quantified":
                sign, bound, body = children
                return self._quantified(sign, bound, body, scope)
        left, connective, right = children
        return _join(self.formula(left, scope), str(connective), self.formula(right, scope))

    def _quantified(self, sign: Any, bound: Any, body: Any, scope: _Scope) -> Formula:
        variables: list[Variable] = []
        for token in bound.children:
            name = variable_name(token)
            # Two spellings may stand for one name only where the second is no spelling of ours.
            while any(key != token and other.name == name for key, other in scope.items()):
                name += "_"
            variables.append(Variable(name))
            scope = {**scope, str(token): variables[-1]}
        formula = self.formula(body, scope)
        for variable in reversed(variables):
            formula = ForAll(variable, formula) if sign == "!" else Exists(variable, formula)
        return formula

    def _atom(self, item: Any, scope: _Scope) -> Formula:
        if hasattr(item, "children"):
            name, args = self._application(item, scope)
            return Atom(name, args)
        if item in ("$true", "$false"):
            return Truth(item == "$true")
        if item.type != "UPPER" or item in scope or not self.tolerant:
            what = "the variable " if item.type == "UPPER" else ""
            self.fail(item, f"{what}{item} stands where a formula belongs")
        return Atom(self._capitalised(item))

    def term(self, item: Any, scope: _Scope) -> Term:
        if hasattr(item, "children"):
            name, args = self._application(item, scope)
            return Apply(name, args)
        if item.type == "DOLLAR":
            self.fail(item, f"{item} has no meaning in first-order form")
        if item.type != "UPPER":
            return Apply(_unescaped(item) if item.type == "OBJECT" else str(item))
        variable = scope.get(item)
        if variable is not None:
            return variable
        if not self.tolerant:
            self.fail(
                item, f"nothing binds the variable {item}",
                hint=f"Bind it, or write '{item}' if it is a name.",
            )  # fmt: skip
        detail = f"took {item} for a constant, since nothing binds it"
        self._repair("free variable", detail)
        return Apply(str(item))

    def _application(self, item: Any, scope: _Scope) -> tuple[str, tuple[Term, ...]]:
        head, *args = item.children
        if not hasattr(head, "children"):
            if not self.tolerant:
                self.fail(
                    head, f"{head} is capitalised like a variable, but has arguments",
                    hint=f"Write '{head}' in single quotes.",
                )  # fmt: skip
            name = self._capitalised(head)
        else:
            token = head.children[0]
            name = _unescaped(token[1:-1]) if token.type == "QUOTED" else str(token)
        return name, tuple([self.term(arg, scope) for arg in args])

    def _capitalised(self, token: Any) -> str:
        self._repair("capital", f"took {token} for a predicate or function")
        return str(token)

    def _repair(self, kind: str, detail: str) -> None:
        repair = Repair(kind, detail)
        if repair not in self.repairs:
            self.repairs.append(repair)


def _join(left: Formula, connective: str, right: Formula) -> Formula:
    match connective:
        case "=>":
            return Implies(left, right)
        case "<=":
            return Implies(right, left)
        case "<=>":
            return Iff(left, right)
        case "<~>":
            return Xor(left, right)
        case "~|":
            return Not(Or((left, right)))
    return Not(And((left, right)))


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)
