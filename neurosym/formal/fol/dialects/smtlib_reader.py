"""Formulas from S-expressions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import reduce
from itertools import pairwise
from types import MappingProxyType
from typing import Any, TypeVar

from neurosym.formal.fol.dialects.smtlib_items import (
    Macro,
    args_of,
    cases_of,
    name_of,
    word_of,
)
from neurosym.formal.fol.dialects.smtlib_scopes import Binding, Let, Scope, Scopes
from neurosym.formal.fol.signature import Range
from neurosym.formal.fol.syntax import (
    BOOLEAN,
    INTEGER,
    And,
    Arithmetic,
    Count,
    Distinct,
    Equals,
    Exists,
    ForAll,
    Formula,
    Iff,
    Implies,
    Less,
    LessEqual,
    Not,
    Number,
    Or,
    Term,
    Truth,
    Variable,
    Xor,
)

__all__ = ["Reader"]

N = TypeVar("N")


_UNDECIDED: Mapping[Formula, bool] = MappingProxyType({})
_MAX_CHOICES = 10
"""Most choices between terms in one formula; each may double it."""


class _Choice(Exception):
    """A term depends on a condition: raised for the formula around it to take both cases."""

    def __init__(self, condition: Formula) -> None:
        super().__init__()
        self.condition = condition


class Reader(Scopes):
    """Reads formulas of one text."""

    decided = _UNDECIDED
    """Which of the conditions of terms are taken to hold in the innermost formula being read."""

    def formula(
        self, item: Any, scope: Scope, decided: Mapping[Formula, bool] = _UNDECIDED
    ) -> Formula:
        """Read a formula.

        Args:
            item: What is read.
            scope: What is bound around it.
            decided: The conditions of its terms that are taken to hold, or not to.
        """
        before = self.level, self.lets, len(self.open), self.decided
        self.decided = decided
        try:
            return self._formula(item, scope)
        except _Choice as choice:
            self.level, self.lets = before[:2]
            del self.open[before[2] :]
            return self._either(item, scope, choice.condition)
        finally:
            self.decided = before[3]

    def _either(self, item: Any, scope: Scope, condition: Formula) -> Formula:
        """A formula whose terms depend on a condition: what it says if that holds, and if not."""
        decided = self.decided
        if len(decided) >= _MAX_CHOICES:
            self.fail(
                item, f"there are more than {_MAX_CHOICES} choices between terms in one formula",
                hint="Name a chosen term: assert (=> c (= v a)) and (=> (not c) (= v b)), use v.",
            )  # fmt: skip
        one, other = (
            self.formula(item, scope, {**decided, condition: value}) for value in (True, False)
        )
        return And((Implies(condition, one), Implies(Not(condition), other)))

    def _formula(self, item: Any, scope: Scope) -> Formula:
        self.enter(item)
        if hasattr(item, "children"):
            word = word_of(item)
            if word in _TERMS and word not in _FORMULAS:
                self.fail(item, f"a term ({word} …) stands where a formula belongs")
            result = _FORMULAS.get(word, Reader._atom)(self, item, scope)
        else:
            result = self._bare_formula(item, scope)
        self.level -= 1
        return result

    def term(self, item: Any, scope: Scope) -> Term:
        """Read a term."""
        self.enter(item)
        if hasattr(item, "children"):
            word = word_of(item)
            if word in _FORMULAS and word not in _TERMS:
                self.fail(item, f"a formula ({word} …) stands where a term belongs")
            result = _TERMS.get(word, Reader._apply)(self, item, scope)
        else:
            result = self._bare_term(item, scope)
        self.level -= 1
        return result

    # Names.

    def _bare_formula(self, item: Any, scope: Scope) -> Formula:
        if word_of(item) in ("true", "false"):
            return Truth(word_of(item) == "true")
        name = self.symbol(item)
        bound = scope.get(name)
        if isinstance(bound, Variable):
            self.fail(item, f"the variable {name} stands where a formula belongs")
        if bound is not None:
            return self.formula(bound.value, bound.scope)
        if (macro := self.macro(item, scope)) is not None:
            return self._unfolded_formula(macro, item, scope)
        return self.predicate(item, name, ())

    def _bare_term(self, item: Any, scope: Scope) -> Term:
        if item.type in ("NUMERAL", "DECIMAL"):
            return Number(Fraction(str(item)))
        name = self.symbol(item)
        bound = scope.get(name)
        if isinstance(bound, Variable):
            return bound
        if bound is not None:
            return self.term(bound.value, bound.scope)
        if (macro := self.macro(item, scope)) is not None:
            return self._unfolded_term(macro, item, scope)
        return self.function(item, name, ())

    def _atom(self, item: Any, scope: Scope) -> Formula:
        if (macro := self.macro(item, scope)) is not None:
            return self._unfolded_formula(macro, item, scope)
        name, args = self._application(item, scope)
        return self.predicate(item, name, args)

    def _apply(self, item: Any, scope: Scope) -> Term:
        if (macro := self.macro(item, scope)) is not None:
            return self._unfolded_term(macro, item, scope)
        name, args = self._application(item, scope)
        return self.function(item, name, args)

    def _application(self, item: Any, scope: Scope) -> tuple[str, tuple[Term, ...]]:
        if word_of(item) == "as":
            return self.symbol(self.parts(item, 2, 2)[0]), ()
        if len(item.children) < 2:
            self.fail(item, "the brackets are empty")
        head = item.children[1]
        if word_of(head) == "as" and hasattr(head, "children"):
            head = self.parts(head, 2, 2)[0]
        if hasattr(head, "children"):
            self.fail(head, "a symbol has to stand first in the brackets")
        name = self.symbol(head)
        if name in scope:
            self.fail(head, f"the variable {name} takes no arguments")
        args = self.parts(item, 0)
        if not args:
            self.fail(item, f"{name} stands in brackets without arguments", hint="Leave them out.")
        return name, tuple([self.term(arg, scope) for arg in args])

    # What is short for an expression.

    def _unfolded_formula(self, macro: Macro, item: Any, scope: Scope) -> Formula:
        if not macro.is_formula:
            self.fail(item, "what is defined as a term stands where a formula belongs")
        return self._within(self._arguments(macro, item, scope), macro.body, self.formula)

    def _unfolded_term(self, macro: Macro, item: Any, scope: Scope) -> Term:
        if macro.is_formula:
            self.fail(item, "what is defined as a formula stands where a term belongs")
        return self._within(self._arguments(macro, item, scope), macro.body, self.term)

    def _arguments(self, macro: Macro, item: Any, scope: Scope) -> Scope:
        args = args_of(item)
        if len(args) != len(macro.parameters):
            self.fail(
                item, f"this is defined with {len(macro.parameters)} arguments, not {len(args)}"
            )
        lets = [Let(arg, scope) for arg in args]
        return dict(zip(macro.parameters, lets, strict=True))

    def _within(self, scope: Scope, body: Any, read: Callable[[Any, Scope], N]) -> N:
        """Read what names stand in that are short for something."""
        self.lets += 1
        result = read(body, scope)
        self.lets -= 1
        return result

    # What connects and binds.

    def is_formula(self, item: Any, scope: Scope) -> bool:
        """Whether an item can only be a formula."""
        word = word_of(item)
        if not hasattr(item, "children"):
            bound = scope.get(name_of(item) or "")
            if bound is not None:
                return isinstance(bound, Let) and self.is_formula(bound.value, bound.scope)
            return word in ("true", "false") or self.is_predicate(item)
        if word in ("!", "ite", "let") and len(item.children) > 2:
            inner = dict(scope)
            if word == "let":
                inner.update(self.let_scope(item, scope))
            return self.is_formula(item.children[-1 if word != "!" else 2], inner)
        if word in _FORMULAS:
            return True
        if len(item.children) < 2 or word in _TERMS:
            return False
        head = item if word == "as" else item.children[1]
        if hasattr(head, "children"):
            return word_of(head) == "as" and name_of(head.children[-1]) == BOOLEAN
        return self.is_predicate(head)

    def _nary(self, item: Any, scope: Scope) -> Formula:
        word = word_of(item)
        args = args_of(item)
        if len(args) == 1:
            detail = f"read ({word} φ) as φ"
            if self.declared is None or not self.declared.repair("one part", detail):
                self.parts(item, 2)
            return self.formula(args[0], scope)
        parts = tuple([self.formula(arg, scope) for arg in self.parts(item, 2)])
        return And(parts) if word == "and" else Or(parts)

    def _not(self, item: Any, scope: Scope) -> Formula:
        return Not(self.formula(self.parts(item, 1, 1)[0], scope))

    def _xor(self, item: Any, scope: Scope) -> Formula:
        return reduce(Xor, [self.formula(arg, scope) for arg in self.parts(item, 2)])

    def _implies(self, item: Any, scope: Scope) -> Formula:
        *conditions, conclusion = [self.formula(arg, scope) for arg in self.parts(item, 2)]
        for condition in reversed(conditions):
            conclusion = Implies(condition, conclusion)
        return conclusion

    def _equal(self, item: Any, scope: Scope) -> Formula:
        args = self.parts(item, 2)
        if any(self.is_formula(arg, scope) for arg in args):
            return _chain(Iff, [self.formula(arg, scope) for arg in args])
        return _chain(Equals, [self.term(arg, scope) for arg in args])

    def _distinct(self, item: Any, scope: Scope) -> Formula:
        args = self.parts(item, 2)
        if any(self.is_formula(arg, scope) for arg in args):
            left, right = (self.formula(arg, scope) for arg in self.parts(item, 2, 2))
            return Xor(left, right)
        return Distinct(tuple([self.term(arg, scope) for arg in args]))

    def _compare(self, item: Any, scope: Scope) -> Formula:
        args = self.parts(item, 2)
        ranks = self.declared.ranks if self.declared is not None else ()
        if all(word_of(arg) in ranks for arg in args):
            args = [self.parts(arg, 1, 1)[0] for arg in args]
        terms = [self.term(arg, scope) for arg in args]
        word = word_of(item)
        make: type[Less | LessEqual] = LessEqual if word.endswith("=") else Less
        if word.startswith(">"):
            return _chain(lambda left, right: make(right, left), terms)
        return _chain(make, terms)

    def _quantifier(self, item: Any, scope: Scope) -> Formula:
        bindings, body = self.parts(item, 2, 2)
        make = ForAll if word_of(item) == "forall" else Exists
        variables, inner, body = self._guarded(item, self.bindings(bindings), body, scope)
        formula = self.formula(body, inner)
        del self.open[-len(variables) :]
        for variable in reversed(variables):
            formula = make(variable, formula)
        return formula

    def _guarded(
        self, item: Any, bindings: list[Binding], body: Any, scope: Scope
    ) -> tuple[list[Variable], Scope, Any]:
        """The variables of a quantifier and its body, without the guard that a range needs."""
        sorts = [self.sort(sort) for _, sort in bindings]
        kinds = self.declared.sorts if self.declared is not None else {}
        guards = self.declared.guards if self.declared is not None else {}
        link = "=>" if word_of(item) == "forall" else "and"
        if len(bindings) == 1 and isinstance(kinds.get(sorts[0]), Range):
            parts = args_of(body) if word_of(body) == link else []
            name = bindings[0][0]
            guard = args_of(parts[0]) if len(parts) == 2 else []
            if [name_of(arg) for arg in guard] == [name] and (
                guards.get(word_of(parts[0])) == sorts[0]
            ):
                variables, inner = self.bind([(name, sorts[0])], scope)
                return variables, inner, parts[1]
        # Without its guard a quantifier over a range is one over all whole numbers.
        sorts = [INTEGER if isinstance(kinds.get(sort), Range) else sort for sort in sorts]
        names = [name for name, _ in bindings]
        variables, inner = self.bind(list(zip(names, sorts, strict=True)), scope)
        return variables, inner, body

    def _let(self, item: Any, scope: Scope, read: Callable[[Any, Scope], N]) -> N:
        inner = {**scope, **self.let_scope(item, scope)}
        return self._within(inner, self.parts(item, 2, 2)[1], read)

    def _annotated(self, item: Any) -> Any:
        """What an annotation ``(! φ :named n)`` is about."""
        inside, *attributes = self.parts(item, 1)
        if not attributes or getattr(attributes[0], "type", "") != "KEYWORD":
            self.fail(item, "(! …) takes an expression and attributes such as :named n")
        return inside

    def _choice(self, item: Any, scope: Scope) -> Formula:
        condition, one, other = (self.formula(part, scope) for part in self.parts(item, 3, 3))
        return And((Implies(condition, one), Implies(Not(condition), other)))

    # Terms.

    def _arithmetic(self, item: Any, scope: Scope) -> Term:
        word = word_of(item)
        if word == "+" and (count := self._sum_of_cases(item, args_of(item), scope)):
            return count
        args = [self.term(arg, scope) for arg in self.parts(item, 1 if word == "-" else 2)]
        if len(args) == 1:
            only = args[0]
            if isinstance(only, Number):
                return Number(-only.value)
            return Arithmetic("-", Number(Fraction(0)), only)
        operator: Any = word
        return reduce(lambda left, right: Arithmetic(operator, left, right), args)

    def _quotient(self, item: Any, scope: Scope) -> Term:
        left, right = (self.term(arg, scope) for arg in self.parts(item, 2, 2))
        if not isinstance(right, Number) or not right.value:
            self.fail(item, "only division by a number other than 0 is read")
        if isinstance(left, Number):
            return Number(left.value / right.value)
        return Arithmetic("*", Number(1 / right.value), left)

    def _count(self, item: Any, scope: Scope) -> Term:
        bindings, body = self.parts(item, 2, 2)
        pairs = [(name, self.sort(sort)) for name, sort in self.bindings(bindings)]
        return self._counted(pairs, body, scope)

    def _counted(self, bindings: list[tuple[str, str]], body: Any, scope: Scope) -> Count:
        variables, inner = self.bind(bindings, scope)
        count = Count(tuple(variables), self.formula(body, inner))
        del self.open[-len(variables) :]
        return count

    def _sum_of_cases(self, item: Any, args: list[Any], scope: Scope) -> Count | None:
        """The count that a sum of cases over all members of some sorts is printed for."""
        found = cases_of(args, self.declared) if self.declared is not None else None
        return None if found is None else self._counted(*found, scope)

    def _chosen(self, item: Any, scope: Scope) -> Term:
        """The term that is chosen where the formula around it has decided the condition."""
        count = self._sum_of_cases(item, [item], scope)
        if count is not None:
            return count
        test, one, other = self.parts(item, 3, 3)
        condition = self.formula(test, scope)
        if condition not in self.decided:
            raise _Choice(condition)
        return self.term(one if self.decided[condition] else other, scope)


def _chain(make: Callable[[Any, Any], Formula], items: list[Any]) -> Formula:
    pairs = tuple([make(left, right) for left, right in pairwise(items)])
    return pairs[0] if len(pairs) == 1 else And(pairs)


_FORMULAS: dict[str, Callable[[Reader, Any, Scope], Formula]] = {
    "and": Reader._nary,
    "or": Reader._nary,
    "not": Reader._not,
    "xor": Reader._xor,
    "=>": Reader._implies,
    "=": Reader._equal,
    "distinct": Reader._distinct,
    **dict.fromkeys(("<", "<=", ">", ">="), Reader._compare),
    **dict.fromkeys(("forall", "exists"), Reader._quantifier),
    "let": lambda reader, item, scope: reader._let(item, scope, reader.formula),
    "!": lambda reader, item, scope: reader.formula(reader._annotated(item), scope),
    "ite": Reader._choice,
}
_TERMS: dict[str, Callable[[Reader, Any, Scope], Term]] = {
    **dict.fromkeys(("+", "-", "*"), Reader._arithmetic),
    "/": Reader._quotient,
    "count": Reader._count,
    "let": lambda reader, item, scope: reader._let(item, scope, reader.term),
    "!": lambda reader, item, scope: reader.term(reader._annotated(item), scope),
    "ite": Reader._chosen,
}
