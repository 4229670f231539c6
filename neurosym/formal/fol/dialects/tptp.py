"""TPTP first-order form (FOF), for provers; clauses (CNF) are read as well.

FOF has one sort, and neither numbers nor counts: a theory with sorts is printed relativised (see
:mod:`neurosym.formal.fol.relativise`).

A variable is written with its first letter capitalised, ``x`` as ``X``. A name that is not an ASCII
word with a small first letter is written as ``V__`` and its characters, all but ASCII letters and
digits as their code between underscores: ``X`` as ``V__X``, ``x'`` as ``V__x_27_``. Comment lines
right before a statement that begin with ``% `` are its sentence.

Numbers and distinct objects are read as constants; a distinct object keeps its double quotes as
part of its name. As they stand for themselves, a last premise says that those of a problem differ.
The variables of a clause stand for all things. Several negated conjectures deny one claim.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NoReturn

from neurosym.errors import FormulaError, InexpressibleError
from neurosym.formal.fol.dialects.base import load_grammar, make_theory
from neurosym.formal.fol.dialects.tptp_printer import print_fof, variable_name
from neurosym.formal.fol.relativise import relativise
from neurosym.formal.fol.syntax import (
    And,
    Apply,
    Atom,
    Distinct,
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
    close,
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
_THEORY_WORDS = {**_WORDS, "FOF": "fof(…) or cnf(…)"}
_PREMISES = frozenset({
    "axiom", "hypothesis", "definition", "assumption", "lemma", "theorem", "corollary", "plain",
})  # fmt: skip
_UNREAD = re.compile(r"(?:tff|thf|tcf|tpi)(?![A-Za-z0-9_])")
"""Forms of the TPTP that say more than first-order logic."""
_MAX_EXPONENT = 1000


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
        lines = text.split("\n")
        by_role: dict[str, list[Statement]] = {}
        for item in _annotated(text):
            if item.data == "include":
                reader.fail(
                    item, "include is not read", hint="Put the included formulas in its place."
                )
            form, _, role, body = item.children[:4]
            if role not in (*_PREMISES, "conjecture", "negated_conjecture"):
                reader.fail(
                    role, f"formulas of the role {role} are not read",
                    hint="Use axiom, hypothesis or conjecture.",
                )  # fmt: skip
            if by_role.keys() & _EXCLUDED.get(role, ()):
                reader.fail(item, "there is a second conjecture")
            formula = reader.clause(body) if form == "cnf" else reader.formula(body, {})
            group = "axiom" if role in _PREMISES else str(role)
            by_role.setdefault(group, []).append(Statement(formula, _sentence(form, lines)))
        premises = [*by_role.get("axiom", ()), *reader.differences()]
        asked = by_role.get("conjecture")
        claim = asked[0] if asked else _denied(by_role.get("negated_conjecture", []))
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


def _annotated(text: str) -> list[Any]:
    """The trees of the statements of a problem."""
    try:
        found: list[Any] = parse_tree(load_grammar("tptp"), text, _THEORY_WORDS).children
    except FormulaError as error:
        shown = text.split("\n")[error.line - 1 : error.line] or [""]
        unread = _UNREAD.match(shown[0], error.column - 1)
        if unread is None:
            raise
        raise FormulaError(
            f"{unread[0]}(…) is not read", text=text, line=error.line, column=error.column,
            hint="Write it as fof(…) or cnf(…); what has sorts and numbers in SMT-LIB.",
        ) from None  # fmt: skip
    return found


def _denied(statements: list[Statement]) -> Statement | None:
    """The claim whose negation some statements make together."""
    if not statements:
        return None
    sentence = "\n".join([item.sentence for item in statements if item.sentence])
    formulas = tuple([item.formula for item in statements])
    if len(formulas) > 1:
        return Statement(Not(And(formulas)), sentence)
    only = formulas[0]
    return Statement(only.body if isinstance(only, Not) else Not(only), sentence)


def _sentence(token: Any, lines: list[str]) -> str:
    """The comment lines right before a statement that begins its line."""
    end = first = token.line - 1
    if lines[end][: token.column - 1].strip():
        return ""
    while first and lines[first - 1].startswith("% "):
        first -= 1
    return "\n".join(line[2:] for line in lines[first:end])


_Scope = dict[str, Variable]
_EXCLUDED = {
    "conjecture": ("conjecture", "negated_conjecture"),
    "negated_conjecture": ("conjecture",),
}
"""Roles beside which one more formula of a role would be a second question."""


class _Reader:
    def __init__(self, text: str, tolerant: bool) -> None:
        self.text = text
        self.tolerant = tolerant
        self.repairs: list[Repair] = []
        self.themselves: dict[str, Any] = {}
        self.named: set[str] = set()

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

    def clause(self, item: Any) -> Formula:
        """Read a clause."""
        tokens = {str(token): token for token in item.scan_values(_is_variable)}
        formula = self.formula(item, self._bind(tokens.values(), {})[1])
        if not all(map(_is_literal, formula.parts if isinstance(formula, Or) else (formula,))):
            self.fail(item, "this is no disjunction of literals", hint="Write it as fof(…).")
        return close(formula)

    def differences(self) -> Iterator[Statement]:
        """That what stands for itself differs, where there is more than one such thing."""
        for name, token in self.themselves.items():
            if name in self.named:
                self.fail(
                    token, f"{token} stands for itself, and there is a name spelled like it",
                    hint="Give the name another spelling.",
                )  # fmt: skip
        if len(self.themselves) > 1:
            things = tuple(map(Apply, self.themselves))
            yield Statement(Distinct(things), "Numbers and distinct objects differ.")

    def _quantified(self, sign: Any, bound: Any, body: Any, scope: _Scope) -> Formula:
        variables, inner = self._bind(bound.children, scope)
        formula = self.formula(body, inner)
        for variable in reversed(variables):
            formula = ForAll(variable, formula) if sign == "!" else Exists(variable, formula)
        return formula

    def _bind(self, tokens: Iterable[Any], scope: _Scope) -> tuple[list[Variable], _Scope]:
        variables: list[Variable] = []
        for token in tokens:
            name = variable_name(token)
            # Two spellings may stand for one name only where the second is no spelling of ours.
            while any(key != token and other.name == name for key, other in scope.items()):
                name += "_"
            variables.append(Variable(name))
            scope = {**scope, str(token): variables[-1]}
        return variables, scope

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
            if not args:
                self.named.add(name)
            return Apply(name, args)
        if item.type == "DOLLAR":
            self.fail(item, f"{item} has no meaning in first-order form")
        if item.type != "UPPER":
            name = _unescaped(item) if item.type == "OBJECT" else self._number(item)
            self.themselves.setdefault(name, item)
            return Apply(name)
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

    def _number(self, token: Any) -> str:
        """The name of a number, the same for all its spellings."""
        try:
            return _value(token)
        except (ValueError, ZeroDivisionError):
            self.fail(token, "this number is not read", hint="Write one with fewer digits.")

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


def _value(text: str) -> str:
    exponent = re.search(r"[Ee](.*)", text)
    if exponent is not None and abs(int(exponent[1])) > _MAX_EXPONENT:
        raise ValueError
    return str(Fraction(text))


def _is_variable(token: Any) -> bool:
    return bool(token.type == "UPPER")


def _is_literal(formula: Formula) -> bool:
    return isinstance(formula.body if isinstance(formula, Not) else formula, Atom | Equals | Truth)


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)
