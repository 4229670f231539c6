"""Formulas and terms as Python writes them: what constraint problems and puzzles share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import product
from typing import Any

from neurosym.errors import FormulaError
from neurosym.formal.fol.dialects.scopes import Cases, Environment, Numbered, Scope
from neurosym.formal.fol.dialects.sections import fault
from neurosym.formal.fol.signature import Enumeration, Range, SymbolType
from neurosym.formal.fol.syntax import (
    INTEGER,
    REAL,
    And,
    Apply,
    Arithmetic,
    Atom,
    Equals,
    Formula,
    Iff,
    Less,
    LessEqual,
    Not,
    Number,
    Or,
    Term,
    Truth,
)
from neurosym.formal.grammar import parse_tree

__all__ = ["Reader", "read_tree", "token_text"]

_WORDS = {
    "NAME": "a name",
    "NUMBER": "a number",
    "COMPARISON": "a comparison such as '=='",
    "PLUS": "'+'",
    "MINUS": "'-'",
    "TIMES": "'*'",
    "_MODULO": "'%'",
    "_AND": "'and'",
    "_OR": "'or'",
    "_NOT": "'not'",
    "_IS": "'='",
    "_TO": "'->'",
    "_IN": "'[IN]'",
    "LPAR": "'('",
    "RPAR": "')'",
    "LSQB": "'['",
    "RSQB": "']'",
    "COMMA": "','",
    "COLON": "':'",
    "$END": "the end",
}
_MOST_CASES = 64
"""So many ways a comparison may be split into by ``abs`` and ``If``."""


def read_tree(parser: Any, text: str) -> Any:
    """The tree of one expression or declaration."""
    return parse_tree(parser, text, _WORDS)


def token_text(token: Any) -> str:
    """A name without its quotes."""
    text: str = token.value
    return text[1:-1] if text.startswith('"') else text


class Reader:
    """Reads the tree of one line. Calls and names that are not declared are for subclasses.

    Attributes:
        text: The line.
        scope: What is declared.
        calls: How to read a call that is a formula, by its name.
    """

    def __init__(self, text: str, scope: Scope) -> None:
        self.text = text
        self.scope = scope
        self.calls: dict[str, Callable[[Any, Environment], Formula]] = {}
        self.term_calls: dict[str, Callable[[Any, Environment], Cases]] = {
            "abs": self._abs,
            "Abs": self._abs,
        }

    def fault(
        self, problem: str, node: Any, expected: tuple[str, ...] = (), hint: str = ""
    ) -> FormulaError:
        """An error at a node of the tree."""
        while hasattr(node, "children") and node.children:
            node = node.children[0]
        offset, hint = getattr(node, "column", 1) - 1, hint or "Mend it at the caret."
        return fault(problem, self.text, offset, expected=expected, hint=hint)

    def formula(self, node: Any, env: Environment) -> Formula:
        """A tree as a formula."""
        match node.data:
            case "or_":
                return Or(tuple(self.formula(child, env) for child in node.children))
            case "and_":
                return And(tuple(self.formula(child, env) for child in node.children))
            case "not_":
                return Not(self.formula(node.children[0], env))
            case "chain":
                return self._chain(node.children, env)
            case "call":
                return self._call(node, env)
            case "name" if node.children[0].value in ("True", "False"):
                return Truth(node.children[0].value == "True")
            case "arrow":
                return self.arrow(node, env)
            case "name" if token_text(node.children[0]) not in env:
                return self.atom(node.children[0], [], env)
        raise self.fault("a term stands where a formula belongs", node, ("a formula",))

    def arrow(self, node: Any, env: Environment) -> Formula:
        """Two formulas with an arrow between them, which no dialect has."""
        raise self.fault("'->' does not join formulas here", node.children[1])

    def _call(self, node: Any, env: Environment) -> Formula:
        name, *args = node.children
        special = self.calls.get(name.value)
        return special(node, env) if special else self.atom(name, args, env)

    def atom(self, name: Any, args: Sequence[Any], env: Environment) -> Formula:
        """A predicate applied to arguments."""
        symbol = self.predicate(name, len(args), env)
        sorts = self._argument_sorts(self.scope.predicates.get(symbol), len(args), name)
        return self.over_cases(args, env, lambda terms: Atom(symbol, terms), sorts)

    def predicate(self, name: Any, arity: int, env: Environment) -> str:
        """The predicate that a name means."""
        text = token_text(name)
        if text in self.scope.predicates or self.scope.is_open:
            return text
        if text in {**self.scope.functions, **self.scope.members, **self.term_calls}:
            raise self.fault(f"{text} is no predicate", name, ("a formula",))
        raise self.fault(f"{text} is not declared", name, hint=f"Declare {text}.")

    def _argument_sorts(
        self, kind: SymbolType | None, count: int, name: Any
    ) -> Sequence[str | None]:
        if kind is None:
            return [None] * count
        if len(kind.args) != count:
            raise self.fault(
                f"{name} is declared with {len(kind.args)} arguments, not {count}", name,
                hint="Give it the arguments it is declared with.",
            )  # fmt: skip
        return kind.args

    def _chain(self, parts: Sequence[Any], env: Environment) -> Formula:
        pairs = [
            self.compare(parts[i], parts[i + 1].value, parts[i + 2], env)
            for i in range(0, len(parts) - 2, 2)
        ]
        return pairs[0] if len(pairs) == 1 else And(tuple(pairs))

    def compare(self, left: Any, operator: str, right: Any, env: Environment) -> Formula:
        """A comparison of two formulas or two terms."""
        if operator == "in":
            return self._one_of(left, right, env)
        if operator in ("==", "!=") and (self.is_formula(left, env) or self.is_formula(right, env)):
            return self._same_truth(left, operator, right, env)

        def make(terms: tuple[Term, ...]) -> Formula:
            a, b = terms
            self._check_numbers(a, b, left)
            return _COMPARISONS[operator](a, b)

        # What one side is says what a name on the other means, where it could be several things.
        sort = self.node_sort(left, env) or self.node_sort(right, env)
        return self.over_cases((left, right), env, make, (sort, sort))

    def node_sort(self, node: Any, env: Environment) -> str | None:
        """The listed sort that a variable, or the value of a function, is of."""
        if node.data not in ("name", "call"):
            return None
        name = token_text(node.children[0])
        if node.data == "name" and name in env:
            sort: str | None = env[name].sort
        else:
            known = self.scope.functions.get(name)
            sort = known.result if known else None
        return sort if sort in self.scope.sorts else None

    def _same_truth(self, left: Any, operator: str, right: Any, env: Environment) -> Formula:
        a, b = self.formula(left, env), self.formula(right, env)
        if isinstance(a, Truth):
            a, b = b, a
        if isinstance(b, Truth):
            return a if b.value == (operator == "==") else Not(a)
        return Iff(a, b) if operator == "==" else Not(Iff(a, b))

    def _one_of(self, left: Any, right: Any, env: Environment) -> Formula:
        if right.data != "list" or not right.children:
            raise self.fault("this is no list", right, ("a list such as [a, b]",))
        parts = tuple(self.compare(left, "==", item, env) for item in right.children)
        return parts[0] if len(parts) == 1 else Or(parts)

    def is_formula(self, node: Any, env: Environment) -> bool:
        """Whether a tree can only be a formula."""
        if node.data in ("or_", "and_", "not_", "chain", "arrow"):
            return True
        if node.data not in ("call", "name"):
            return False
        name = token_text(node.children[0])
        if node.data == "call" and node.children[0].value in self.calls:
            return True
        if node.data == "name" and (name in env or name in ("True", "False")):
            return name not in env
        return name in self.scope.predicates and name not in self.scope.functions

    def over_cases(
        self,
        nodes: Sequence[Any],
        env: Environment,
        make: Callable[[tuple[Term, ...]], Formula],
        sorts: Sequence[str | None] = (),
    ) -> Formula:
        """A formula about terms; where these depend on conditions, one for each of the cases."""
        wanted = sorts or [None] * len(nodes)
        found = [self.cases(node, env, sort) for node, sort in zip(nodes, wanted, strict=True)]
        formulas: list[Formula] = []
        for chosen in self._combined(found, nodes):
            conditions = tuple(part for case, _ in chosen for part in case)
            formula = make(tuple(term for _, term in chosen))
            formulas.append(And((*conditions, formula)) if conditions else formula)
        return formulas[0] if len(formulas) == 1 else Or(tuple(formulas))

    def _combined(self, found: Sequence[Cases], nodes: Sequence[Any]) -> list[Any]:
        count = 1
        for cases in found:
            count *= len(cases)
        if count > _MOST_CASES:
            raise self.fault(
                "there is too much 'abs' or 'If' in this", nodes[0], hint="Split the line."
            )
        return list(product(*found))

    def cases(self, node: Any, env: Environment, sort: str | None = None) -> Cases:
        """A tree as a term, where it should be of a sort."""
        match node.data:
            case "number":
                term: Term = self.number(Fraction(node.children[0].value), node, sort)
                return [((), term)]
            case "negative" if node.children[1].data == "number":
                return [((), Number(-Fraction(node.children[1].children[0].value)))]
            case "negative":
                return self._calculated(None, "-", node.children[1], env)
            case "arithmetic":
                left, operator, right = node.children
                return self._calculated(left, operator.value, right, env)
            case "modulo":
                left, right = node.children
                return self._modulo(left, right, env)
            case "name":
                return [((), self.name(node.children[0], env, sort))]
            case "call":
                name, *args = node.children
                special = self.term_calls.get(name.value)
                if special is not None:
                    return special(node, env)
                return self._application(name, args, env)
        raise self.fault("a formula stands where a term belongs", node, ("a term",))

    def number(self, value: Fraction, node: Any, sort: str | None) -> Term:
        """A number, where a sort belongs."""
        kind = self.scope.sorts.get(sort or "")
        if isinstance(kind, Enumeration):
            text = node.children[0].value
            if text in kind.members:
                return Apply(text)
            raise self._numbered(str(sort), node)
        return Number(value)

    def name(self, token: Any, env: Environment, sort: str | None) -> Term:
        """What a name stands for, where a sort belongs."""
        text = token_text(token)
        if text in env:
            return env[text]
        member = self.scope.members.get(text)
        if member is not None:
            return self._member(text, member, token, sort)
        known = self.scope.functions.get(text)
        if known is not None and known.args:
            raise self.fault(f"{text} stands here without its arguments", token)
        if known is not None or self.scope.is_open:
            return Apply(text)
        return self.undeclared(token, sort)

    def _member(self, text: str, member: Term, token: Any, sort: str | None) -> Term:
        """A member; a number does not say which list it numbers, so that is looked up."""
        origin = self.scope.origins.get(text, sort)
        if sort in self.scope.sorts and origin != sort:
            raise self.fault(f"{text} is of sort {origin}, not {sort}", token)
        return member

    def undeclared(self, token: Any, sort: str | None) -> Term:
        """What a name stands for that is not declared, where a sort belongs."""
        raise self.fault(f"{token_text(token)} is not declared", token, hint="Declare it.")

    def _application(self, name: Any, args: Sequence[Any], env: Environment) -> Cases:
        symbol = self.function(name, len(args))
        sorts = self._argument_sorts(self.scope.functions.get(symbol), len(args), name)
        found = [self.cases(arg, env, sort) for arg, sort in zip(args, sorts, strict=True)]
        return [
            (
                tuple(part for case, _ in chosen for part in case),
                Apply(symbol, tuple(term for _, term in chosen)),
            )
            for chosen in self._combined(found, [name])
        ]

    def function(self, name: Any, arity: int) -> str:
        """The function that a name means."""
        text = token_text(name)
        if text in self.scope.functions or self.scope.is_open:
            return text
        if text in self.scope.predicates or text in self.calls:
            raise self.fault(f"the formula {text}(…) stands where a term belongs", name)
        raise self.fault(f"{text} is not declared", name, hint=f"Declare {text}.")

    def _calculated(self, left: Any, operator: Any, right: Any, env: Environment) -> Cases:
        a: Cases = [((), Number(Fraction(0)))] if left is None else self.cases(left, env)
        nodes = [right if left is None else left, right]
        result: Cases = []
        for (first, x), (second, y) in self._combined([a, self.cases(right, env)], nodes):
            for term, node in ((x, nodes[0]), (y, right)):
                if self.scope.is_list(self.scope.sort_of(term)):
                    raise self._numbered(str(self.scope.sort_of(term)), node)
            result.append(((*first, *second), Arithmetic(operator, x, y)))
        return result

    def _modulo(self, left: Any, right: Any, env: Environment) -> Cases:
        """The rest of a division, one case for each value there is."""
        result: Cases = []
        divisor = Fraction(right.children[0].value) if right.data == "number" else Fraction(0)
        for conditions, term in self.cases(left, env):
            kind = self.scope.sorts.get(self.scope.sort_of(term) or "")
            if not isinstance(kind, Range) or divisor.denominator != 1 or divisor < 1:
                problem = "'%' needs a term whose values are listed, and a whole number"
                raise self.fault(problem, left, hint="Declare its values as whole numbers.")
            for value in kind.values:
                case = Equals(term, Number(Fraction(value)))
                result.append(((*conditions, case), Number(value % divisor)))
        return result

    def _abs(self, node: Any, env: Environment) -> Cases:
        if len(node.children) != 2:
            raise self.fault("'abs' has one argument", node)
        result: Cases = []
        zero = Number(Fraction(0))
        for conditions, term in self.cases(node.children[1], env):
            if isinstance(term, Arithmetic) and term.operator == "-":
                a, b = term.left, term.right  # |a - b| is a - b or b - a
            else:
                a, b = term, zero
            upward = term if b is not zero else a
            result.append(((*conditions, LessEqual(b, a)), upward))
            result.append(((*conditions, Less(a, b)), Arithmetic("-", b, a)))
        return result

    def _check_numbers(self, a: Term, b: Term, node: Any) -> None:
        """No number beside a member of a list."""
        for one, other in ((a, b), (b, a)):
            sort = self.scope.sort_of(one)
            if self.scope.is_list(sort) and self._is_numeric(other):
                raise self._numbered(str(sort), node)

    def _is_numeric(self, term: Term) -> bool:
        sort = self.scope.sort_of(term)
        return sort in (INTEGER, REAL) or (
            sort in self.scope.sorts and not self.scope.is_list(sort)
        )

    def _numbered(self, sort: str, node: Any) -> Numbered:
        return Numbered(
            sort,
            self.fault(
                f"a number stands beside members of {sort}, which have none", node,
                hint="Compare members with members.",
            ),
        )  # fmt: skip


_COMPARISONS: dict[str, Callable[[Term, Term], Formula]] = {
    "==": Equals,
    "!=": lambda a, b: Not(Equals(a, b)),
    "<": Less,
    "<=": LessEqual,
    ">": lambda a, b: Less(b, a),
    ">=": lambda a, b: LessEqual(b, a),
}
