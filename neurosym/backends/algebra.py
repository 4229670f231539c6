"""Solving equations with SymPy. Only ever called in a sandboxed worker (see ``sympy.py``).

SymPy's parser evaluates text as Python, and neither parsing nor solving need end, so nothing here
guards itself: the worker is isolated, and it is killed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import sympy
from sympy.core.relational import Relational

from neurosym.answers.mathtext import Expression, parse_mathematics

__all__ = ["solve"]

_ASSUMPTIONS: Mapping[str, dict[str, bool]] = {
    "complex": {},
    "real": {"real": True},
    "positive": {"positive": True},
    "integer": {"integer": True},
}
_SETS = {
    "complex": sympy.S.Complexes,
    "real": sympy.S.Reals,
    "positive": sympy.Interval.open(0, sympy.oo),
    "integer": sympy.S.Integers,
}
_SIGN = re.compile(r"(<=|>=|!=|==|\\leq?|\\geq?|\\neq?|[≤≥≠<>=])")
_RELATIONS = {
    **dict.fromkeys(("<=", "≤", "\\le", "\\leq"), sympy.Le),
    **dict.fromkeys((">=", "≥", "\\ge", "\\geq"), sympy.Ge),
    **dict.fromkeys(("!=", "≠", "\\ne", "\\neq"), sympy.Ne),
    **dict.fromkeys(("=", "=="), sympy.Eq),
    "<": sympy.Lt,
    ">": sympy.Gt,
}
_NO_SOLUTION = {"status": "infeasible", "error": "no numbers satisfy all relations"}


class _UnreadableError(ValueError):
    """A text is no expression or relation."""


def solve(
    relations: Sequence[str], unknowns: Sequence[str], asked: str, domain: str
) -> dict[str, Any]:
    """Solve, and substitute every solution back.

    Args:
        relations: Equations and inequalities, as text.
        unknowns: Names to solve for.
        asked: What to evaluate at each solution; empty for the unknowns.
        domain: A :class:`neurosym.formal.equations.Domain`.

    Returns:
        ``status``, and ``answer`` or ``error``. The answer is one value, a set where there are
        several solutions, or text where it is a set with infinitely many members.
    """
    symbols = {name: sympy.Symbol(name, **_ASSUMPTIONS[domain]) for name in unknowns}
    try:
        wanted = _expression(asked, symbols) if asked.strip() else None
        parsed = [part for text in relations for part in _relation(text, symbols)]
    except _UnreadableError as error:
        return {"status": "malformed", "error": str(error)}
    if not parsed:
        return {"status": "solved", "answer": sympy.simplify(wanted)}
    if any(item == sympy.false for item in parsed):
        return _NO_SOLUTION
    parsed = [item for item in parsed if item != sympy.true]
    try:
        names = set().union(*(item.free_symbols for item in parsed))
        if len(symbols) == 1 and names <= set(symbols.values()):
            return _solve_one(parsed, next(iter(symbols.values())), wanted, _SETS[domain])
        return _solve_system(parsed, symbols, wanted)
    except NotImplementedError as error:
        return {"status": "unknown", "error": f"SymPy has no method for this: {error}"}


def _relation(text: str, symbols: Mapping[str, Expression]) -> list[Expression]:
    """The relations of a text; "1 < x < 2" is two."""
    sides = _SIGN.split(text)
    if len(sides) < 3:
        raise _UnreadableError(f"{text!r} is neither an equation nor an inequality")
    values = [_expression(side, symbols) for side in sides[::2]]
    return [
        _RELATIONS[sign](left, right)
        for left, sign, right in zip(values, sides[1::2], values[1:], strict=False)
    ]


def _expression(text: str, symbols: Mapping[str, Expression]) -> Expression:
    parsed = parse_mathematics(text.strip(), symbols, tolerant=False)
    if not isinstance(parsed, sympy.Expr):
        raise _UnreadableError(f"{text.strip()!r} cannot be read as an expression")
    return parsed


def _solve_one(
    relations: Sequence[Expression], unknown: Expression, wanted: Expression | None, numbers: Any
) -> dict[str, Any]:
    found = numbers
    for relation in relations:
        if isinstance(relation, sympy.Eq):
            part = sympy.solveset(relation.lhs - relation.rhs, unknown, sympy.S.Complexes)
        else:
            part = relation.as_set()
        found = found.intersect(part)
    found = sympy.simplify(found)
    if found is sympy.S.EmptySet:
        return _NO_SOLUTION
    if isinstance(found, sympy.FiniteSet):
        return _answer(relations, [{unknown: value} for value in found], wanted or unknown)
    if found.has(sympy.ConditionSet) or isinstance(found, sympy.Intersection):
        raise NotImplementedError(str(found)[:200])
    if wanted is None or wanted == unknown:
        return {"status": "solved", "answer": _set_text(found)}
    raise NotImplementedError("there are infinitely many solutions")


def _solve_system(
    relations: Sequence[Expression], symbols: Mapping[str, Expression], wanted: Expression | None
) -> dict[str, Any]:
    unknowns = list(symbols.values())
    solutions = sympy.solve(list(relations), unknowns, dict=True)
    if not solutions:
        if all(_is_polynomial(relation, unknowns) for relation in relations):
            return _NO_SOLUTION
        raise NotImplementedError("no solution was found, which proves nothing")
    if wanted is None:
        wanted = sympy.Dict({sympy.Symbol(name): symbol for name, symbol in symbols.items()})
    return _answer(relations, solutions, wanted)


def _is_polynomial(relation: Expression, unknowns: Sequence[Expression]) -> bool:
    # Assumptions on unknowns only take solutions away, so an empty list stays a proof.
    return isinstance(relation, sympy.Eq) and (relation.lhs - relation.rhs).is_polynomial(*unknowns)


def _answer(
    relations: Sequence[Expression],
    solutions: Sequence[Mapping[Expression, Expression]],
    wanted: Expression,
) -> dict[str, Any]:
    for solution in solutions:
        for relation in relations:
            if not _holds(relation.subs(solution)):
                text = f"{relation} is not seen to hold at {dict(solution)}"
                return {"status": "unknown", "error": f"a solution fails its own check: {text}"}
    values: list[Expression] = []
    for solution in solutions:
        value = _simple(wanted.subs(solution))
        if value not in values:
            values.append(value)
    if len(values) == 1:
        return {"status": "solved", "answer": values[0]}
    # Mappings are no members of a set; their order is SymPy's.
    whole = values if isinstance(values[0], sympy.Dict) else sympy.FiniteSet(*values)
    return {"status": "solved", "answer": whole}


def _simple(value: Expression) -> Expression:
    if isinstance(value, sympy.Dict):
        return sympy.Dict({key: sympy.simplify(item) for key, item in value.items()})
    return sympy.simplify(value)


def _holds(relation: Expression) -> bool:
    if isinstance(relation, Relational):
        relation = sympy.simplify(relation)
    if isinstance(relation, sympy.Eq):
        difference = relation.lhs - relation.rhs
        return bool(difference.equals(0))
    return bool(relation == sympy.true)


def _set_text(found: Any) -> str:
    """A set as people write it: "(2, oo)", "[0, 1] ∪ {3}"."""
    if isinstance(found, sympy.Union):
        return " ∪ ".join(_set_text(part) for part in found.args)
    if isinstance(found, sympy.Interval):
        opening, closing = "(" if found.left_open else "[", ")" if found.right_open else "]"
        return f"{opening}{found.start}, {found.end}{closing}"
    return str(found)
