"""Reads a line of a puzzle as a model may write it, with names used in other ways."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from neurosym.formal.fol.dialects.expressions import token_text
from neurosym.formal.fol.dialects.expressions_repair import variant
from neurosym.formal.fol.dialects.puzzle_reader import SORTS, PuzzleReader
from neurosym.formal.fol.dialects.puzzle_repair import Corrections
from neurosym.formal.fol.dialects.scopes import Environment, Scope
from neurosym.formal.fol.repairs import bind_free
from neurosym.formal.fol.signature import SymbolType
from neurosym.formal.fol.syntax import (
    INTEGER,
    Apply,
    Exists,
    Formula,
    Iff,
    Implies,
    Not,
    Term,
    Truth,
    Variable,
)
from neurosym.formal.fol.theory import OptionTest

__all__ = ["TolerantReader"]

_NO_VALUE = frozenset({"None", "none", "null", "nil"})
_MORE_TESTS = {"is_true": OptionTest.MUST, "is_false": OptionTest.CANNOT}


class TolerantReader(PuzzleReader):
    """Reads a line of a puzzle as a model may write it."""

    def __init__(self, text: str, scope: Scope, corrections: Corrections) -> None:
        super().__init__(text, scope)
        self.program = corrections.program
        self.bound = corrections.bound
        self.anything: list[Variable] = []
        self.free: dict[str, Variable] = {}

    def read(self, tree: Any | None = None) -> Formula:
        """The formula of the line; what is true of a variable that is not bound, is of all."""
        return bind_free(super().read(tree), self.program.note)

    def option(self) -> tuple[OptionTest, Formula]:
        """Test and formula of an option; what can be needs but one value of such a variable."""
        test, formula = super().option()
        some = test in (OptionTest.COULD, OptionTest.CANNOT)
        return test, bind_free(formula, self.program.note, some=some)

    def tested(self, node: Any) -> tuple[OptionTest, Formula]:
        """Test and formula of an option; ``is_true``, ``is_false`` and ``is_equivalent`` too."""
        name = node.children[0].value if node.data == "call" else ""
        formulas = node.children[1:]
        if name in _MORE_TESTS and len(formulas) == 1:
            self.program.note("option test", f"{name} read as {_MORE_TESTS[name].value}")
            return _MORE_TESTS[name], self.formula(formulas[0], {})
        if name == "is_equivalent" and len(formulas) == 2:
            self.program.note("option test", f"{name} read as equality in every solution")
            left, right = (self.formula(part, {}) for part in formulas)
            return OptionTest.MUST, Iff(left, right)
        return super().tested(node)

    def arrow(self, node: Any, env: Environment) -> Formula:
        """An implication or equivalence written between its parts."""
        left, sign, right = node.children
        make = Iff if sign.value.startswith("<") else Implies
        self.program.note("operator spelling", f"{sign} read as {make.__name__}")
        return make(self.formula(left, env), self.formula(right, env))

    def sort(self, token: Any) -> str:
        """The sort that a name means, also in another spelling."""
        text = token_text(token)
        if text not in SORTS and text not in self.scope.sorts:
            if text.casefold() in ("int", "integer"):
                self.program.note("variant names", f"{text} read as int")
                return INTEGER
            known = variant(text, self.scope.sorts)
            if known is not None:
                self.program.note("variant names", f"{text} read as {known}")
                return known
        return super().sort(token)

    def predicate(self, name: Any, arity: int, env: Environment) -> str:
        """The predicate that a name means, also in another spelling."""
        return super().predicate(self._known(name, self.scope.predicates), arity, env)

    def function(self, name: Any, arity: int) -> str:
        """The function that a name means, also in another spelling."""
        return super().function(self._known(name, self.scope.functions), arity)

    def _known(self, name: Any, table: Mapping[str, SymbolType]) -> Any:
        text = token_text(name)
        if text in self.scope.functions or text in self.scope.predicates:
            return name
        known = variant(text, table)
        if known is None:
            return name
        self.program.note("variant names", f"{text} read as {known}")
        return name.update(value=known)

    def formula(self, node: Any, env: Environment) -> Formula:
        """A tree as a formula; ``true`` and ``false`` may be small."""
        if node.data == "name" and node.children[0].value in ("true", "false"):
            self.program.note("operator spelling", f"{node.children[0]} for a truth value")
            return Truth(node.children[0].value == "true")
        return super().formula(node, env)

    def is_formula(self, node: Any, env: Environment) -> bool:
        """Whether a tree can only be a formula."""
        if node.data == "name" and node.children[0].value in ("true", "false"):
            return True
        return super().is_formula(node, env)

    def atom(self, name: Any, args: Sequence[Any], env: Environment) -> Formula:
        """An atom; a function with one argument too many is a relation to its value."""
        kind = self.scope.functions.get(token_text(name))
        if kind is not None and len(args) == len(kind.args) + 1:
            self.program.note(
                "function as relation", f"{name} with {len(args)} arguments, the last its value"
            )
            from lark import Tree

            call = Tree("call", [name, *args[:-1]])
            return self.compare(call, "==", args[-1], env)
        return self._with_anything(lambda: super(TolerantReader, self).atom(name, args, env))

    def compare(self, left: Any, operator: str, right: Any, env: Environment) -> Formula:
        """A comparison, also with ``None``, with a sort, or of a relation as a function."""
        words = {"==": False, "!=": True}
        for one, other in ((left, right), (right, left)):
            if operator not in words:
                break
            if self._is_no_value(one, env):
                self.cases(other, env)  # it has to make sense
                self.program.note("no value", "functions always have one")
                return Truth(words[operator])
            if self._lacks_one(one) and not self.is_formula(other, env):
                name, *args = one.children
                self.program.note("relation as function", f"{name}, of its last argument")
                atom = self.atom(name, [*args, other], env)
                return Not(atom) if words[operator] else atom
        if operator == "in" and right.data == "name":
            return self._in_sort(left, right, env)
        return self._with_anything(
            lambda: super(TolerantReader, self).compare(left, operator, right, env)
        )

    def _is_no_value(self, node: Any, env: Environment) -> bool:
        """Whether a name says ``None``, and is not itself declared."""
        name = node.children[0].value if node.data == "name" else ""
        declared = {**env, **self.scope.members, **self.scope.functions}
        return name in _NO_VALUE and name not in declared

    def _lacks_one(self, node: Any) -> bool:
        """Whether a call gives a predicate one argument too few."""
        if node.data != "call":
            return False
        kind = self.scope.predicates.get(token_text(node.children[0]))
        return kind is not None and len(node.children) == len(kind.args)

    def _in_sort(self, left: Any, right: Any, env: Environment) -> Formula:
        sort = self.sort(right.children[0])
        if {self.scope.sort_of(term) for _, term in self.cases(left, env)} != {sort}:
            raise self.fault(f"this is not of sort {sort}", left)
        self.program.note("always true", f"what is of sort {sort} is in {sort}")
        return Truth(True)

    def undeclared(self, token: Any, sort: str | None) -> Term:
        """Another spelling of a name, ``_`` for anything, or something of the sort."""
        text = token_text(token)
        if text == "_" and sort is not None:
            variable = Variable(f"any_{len(self.anything) + 1}", sort)
            self.anything.append(variable)
            self.program.note("wildcard", f"_ read as some value of sort {sort}")
            return variable
        known = variant(text, (*self.scope.members, *self.scope.functions), inflected=False)
        if known is not None:
            self.program.note("variant names", f"{text} read as {known}")
            return self.scope.members.get(known, Apply(known))
        if text in self.bound:
            return self._free(token, sort)
        if sort is None or text in _NO_VALUE or text in self.scope.sorts:
            return super().undeclared(token, sort)
        self.program.note("undeclared", f"{text} read as something of sort {sort}")
        self.scope.functions[text] = SymbolType((), sort)
        return Apply(text)

    def _free(self, token: Any, sort: str | None) -> Variable:
        """A variable that is bound in other lines, of the sort that it has in this one."""
        text = token_text(token)
        known = self.free.get(text)
        sort = sort or (known.sort if known else None)
        if sort is None or (known and known.sort != sort):
            raise self.fault(f"the variable {text} is not bound here", token)
        return self.free.setdefault(text, Variable(text, sort))

    def _with_anything(self, read: Callable[[], Formula]) -> Formula:
        """A formula, true of some values of the wildcards in it."""
        before = len(self.anything)
        formula = read()
        for variable in reversed(self.anything[before:]):
            formula = Exists(variable, formula)
        return formula
