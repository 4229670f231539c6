"""Reads the formulas of puzzles: quantifiers, counting and connectives written as calls."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from neurosym.formal.fol.dialects.base import load_grammar
from neurosym.formal.fol.dialects.expressions import Reader, read_tree, token_text
from neurosym.formal.fol.dialects.scopes import Cases, Environment, Scope
from neurosym.formal.fol.syntax import (
    INTEGER,
    REAL,
    And,
    Count,
    Distinct,
    Equals,
    Exists,
    ForAll,
    Formula,
    Iff,
    Implies,
    Not,
    Or,
    Variable,
    Xor,
)
from neurosym.formal.fol.theory import OptionTest

__all__ = ["SORTS", "PuzzleReader", "line_tree"]

SORTS = {"int": INTEGER, "real": REAL}
_TESTS = {
    "is_valid": OptionTest.MUST,
    "is_sat": OptionTest.COULD,
    "is_unsat": OptionTest.CANNOT,
}
_EXCEPTIONS = {
    OptionTest.MUST: OptionTest.NEED_NOT,
    OptionTest.COULD: OptionTest.CANNOT,
    OptionTest.CANNOT: OptionTest.COULD,
    OptionTest.NEED_NOT: OptionTest.MUST,
}


def line_tree(text: str) -> Any:
    """The tree of a declaration or formula."""
    return read_tree(load_grammar("expressions", "puzzle", start="line"), text)


class PuzzleReader(Reader):
    """Reads one line of a puzzle."""

    def __init__(self, text: str, scope: Scope) -> None:
        super().__init__(text, scope)
        self.calls = {
            "And": self._joined(And),
            "Or": self._joined(Or),
            "Not": self._not,
            "Implies": self._pair(Implies),
            "Iff": self._pair(Iff),
            "Xor": self._pair(Xor),
            "ForAll": self._quantified(ForAll),
            "Exists": self._quantified(Exists),
            "Distinct": self._distinct,
            "If": self._if_formula,
        }
        self.term_calls |= {"Count": self._count, "If": self._if_term}

    def read(self, tree: Any | None = None) -> Formula:
        """The formula of the line."""
        return self.formula(line_tree(self.text) if tree is None else tree, {})

    def option(self) -> tuple[OptionTest, Formula]:
        """Test and formula of an option."""
        return self.tested(line_tree(self.text))

    def tested(self, node: Any) -> tuple[OptionTest, Formula]:
        """Test and formula of the tree of an option."""
        name = node.children[0].value if node.data == "call" else ""
        args = node.children[1:]
        if name == "is_exception" and len(args) == 1:
            test, formula = self.tested(args[0])
            return _EXCEPTIONS[test], formula
        if name not in _TESTS or not args:
            raise self.fault(
                "this does not test a formula", node, tuple(f"'{test}(…)'" for test in _TESTS)
            )
        formulas = tuple(self.formula(arg, {}) for arg in args)
        return _TESTS[name], formulas[0] if len(formulas) == 1 else And(formulas)

    def is_formula(self, node: Any, env: Environment) -> bool:
        """Whether a tree can only be a formula; ``If`` is what its branches are."""
        if node.data == "call" and node.children[0].value == "If" and len(node.children) == 4:
            return self.is_formula(node.children[2], env)
        return super().is_formula(node, env)

    def _joined(
        self, make: Callable[[tuple[Formula, ...]], Formula]
    ) -> Callable[[Any, Environment], Formula]:
        def read(node: Any, env: Environment) -> Formula:
            args = node.children[1:]
            if len(args) == 1 and args[0].data == "list":
                args = args[0].children
            if not args:
                raise self.fault(f"'{node.children[0]}' joins nothing", node, ("formulas",))
            parts = tuple(self.formula(arg, env) for arg in args)
            return parts[0] if len(parts) == 1 else make(parts)

        return read

    def _pair(
        self, make: Callable[[Formula, Formula], Formula]
    ) -> Callable[[Any, Environment], Formula]:
        def read(node: Any, env: Environment) -> Formula:
            left, right = self._arguments(node, 2)
            return make(self.formula(left, env), self.formula(right, env))

        return read

    def _not(self, node: Any, env: Environment) -> Formula:
        return Not(self.formula(self._arguments(node, 1)[0], env))

    def _arguments(self, node: Any, count: int) -> Sequence[Any]:
        name, *args = list(node.children)
        if len(args) != count:
            raise self.fault(
                f"'{name}' has {len(args)} arguments", node,
                hint=f"Give it {count}.",
            )  # fmt: skip
        return args

    def _bound(self, node: Any, env: Environment) -> tuple[list[Variable], Any, Environment]:
        """Variables, body and the environment of the body."""
        binders, body = self._arguments(node, 2)
        if binders.data != "list" or not binders.children:
            raise self.fault("no variables are bound", binders, ("such as '[p:people]'",))
        variables: list[Variable] = []
        for binder in binders.children:
            if binder.data != "binder":
                raise self.fault("this binds no variable", binder, ("such as 'p:people'",))
            name, sort = binder.children
            variable = Variable(token_text(name), self.sort(sort))
            if variable.name in [other.name for other in variables]:
                raise self.fault(f"{name} is bound twice", name, hint="Rename one.")
            variables.append(variable)
        return variables, body, {**env, **{variable.name: variable for variable in variables}}

    def sort(self, token: Any) -> str:
        """The sort that a name means."""
        if token.value in SORTS:
            return SORTS[token.value]
        name = token_text(token)
        if name not in self.scope.sorts and not self.scope.is_open:
            raise self.fault(
                f"the sort {name} is not declared", token, tuple(self.scope.sorts),
                hint=f"Declare {name} by EnumSort.",
            )  # fmt: skip
        return name

    def _quantified(
        self, make: Callable[[Variable, Formula], Formula]
    ) -> Callable[[Any, Environment], Formula]:
        def read(node: Any, env: Environment) -> Formula:
            variables, body, inner = self._bound(node, env)
            formula = self.formula(body, inner)
            for variable in reversed(variables):
                formula = make(variable, formula)
            return formula

        return read

    def _count(self, node: Any, env: Environment) -> Cases:
        variables, body, inner = self._bound(node, env)
        return [((), Count(tuple(variables), self.formula(body, inner)))]

    def _distinct(self, node: Any, env: Environment) -> Formula:
        args = node.children[1:]
        if len(args) == 1 and args[0].data == "list":
            args = args[0].children
        if len(args) == 2 and args[0].data == "list":
            return self._distinct_values(node, env)
        if len(args) < 2:
            raise self.fault("'Distinct' needs two terms", node, ("such as 'Distinct(a, b)'",))
        return self.over_cases(args, env, Distinct)

    def _distinct_values(self, node: Any, env: Environment) -> Formula:
        """A function has different values for any two different things."""
        variables, body, inner = self._bound(node, env)
        taken = {variable.name for variable in inner.values()} | set(self.scope.members)
        others = [Variable(_fresh(variable.name, taken), variable.sort) for variable in variables]
        same: list[Formula] = [Equals(a, b) for a, b in zip(variables, others, strict=True)]
        renamed = {**inner, **{a.name: b for a, b in zip(variables, others, strict=True)}}
        equal = self._equal_values(body, inner, renamed)
        formula: Formula = Implies(
            Not(same[0]) if len(same) == 1 else Not(And(tuple(same))), Not(equal)
        )
        for variable in reversed([*variables, *others]):
            formula = ForAll(variable, formula)
        return formula

    def _equal_values(self, body: Any, inner: Environment, renamed: Environment) -> Formula:
        parts: list[Formula] = []
        for conditions, a in self.cases(body, inner):
            for more, b in self.cases(body, renamed):
                parts.append(_and((*conditions, *more, Equals(a, b))))
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def _if_formula(self, node: Any, env: Environment) -> Formula:
        condition, yes, no = (self.formula(arg, env) for arg in self._arguments(node, 3))
        return And((Implies(condition, yes), Implies(Not(condition), no)))

    def _if_term(self, node: Any, env: Environment) -> Cases:
        asked, yes, no = self._arguments(node, 3)
        condition = self.formula(asked, env)
        return [
            *(((condition, *more), term) for more, term in self.cases(yes, env)),
            *(((Not(condition), *more), term) for more, term in self.cases(no, env)),
        ]


def _and(parts: tuple[Formula, ...]) -> Formula:
    return parts[0] if len(parts) == 1 else And(parts)


def _fresh(name: str, taken: set[str]) -> str:
    number = 2
    while f"{name}_{number}" in taken:
        number += 1
    taken.add(f"{name}_{number}")
    return f"{name}_{number}"
