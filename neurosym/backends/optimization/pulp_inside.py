"""Takes the problem that a PuLP program builds. The text of this file is run inside the sandbox.

PuLP solves nothing here: the problem that the program wants solved is what counts, not what it
prints. What goes wrong after that, such as the formatting of values, does not matter.
"""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pulp

__all__ = ["taker"]

_PART = 100_000
"""Characters of a text that may leave the sandbox."""
_MOST = 800_000
"""Characters of all of them, with room for how they are written down."""


def taker(source: str) -> Callable[[], list[str]]:
    """A function that runs a program and gives its problem as JSON, in parts.

    The problem is the one solved last; of those that nobody solves the last with an objective. Only
    where there is none are the program's functions called that need no arguments.
    """
    return lambda: _in_parts(_described(_problem(source)))


class _Watch:
    """Sees which problems are built, and which of them are to be solved."""

    def __init__(self) -> None:
        self.built: list[Any] = []
        self.solved: list[Any] = []
        begin = pulp.LpProblem.__init__

        def build(problem: Any, *args: Any, **options: Any) -> None:
            begin(problem, *args, **options)
            self.built.append(problem)

        def solve(problem: Any, *_: Any, **__: Any) -> int:
            self.solved.append(problem)
            for variable in problem.variables():
                variable.varValue = variable.lowBound or 0
                variable.dj = 0
            problem.status = problem.sol_status = 1
            return 1

        pulp.LpProblem.__init__ = build
        pulp.LpProblem.solve = solve

    @property
    def found(self) -> list[Any]:
        """The problems of which the last is meant."""
        return self.solved or [item for item in self.built if item.objective is not None]


def _problem(source: str) -> Any:
    watch = _Watch()
    names: dict[str, Any] = {"__name__": "__main__"}
    try:
        exec(compile(source, "<program>", "exec", dont_inherit=True), names)
    except BaseException:
        if not watch.solved:
            raise
    if not watch.found:
        _call_functions(names, watch)
    if not watch.built:
        raise ValueError("the program builds no LpProblem")
    return (watch.found or watch.built)[-1]


def _call_functions(names: dict[str, Any], watch: _Watch) -> None:
    failure = None
    for value in list(names.values()):
        if _needs_nothing(value):
            try:
                value()
            except BaseException as error:
                failure = failure or error
        if watch.found:
            return
    if failure is not None:
        raise failure


def _needs_nothing(value: Any) -> bool:
    """Whether it is a function of the program's that can be called without arguments."""
    if not inspect.isfunction(value) or value.__module__ != "__main__":
        return False
    try:
        inspect.signature(value).bind()
    except TypeError:
        return False
    return True


def _described(problem: Any) -> dict[str, Any]:
    problem.checkDuplicateVars()
    if problem.sos1 or problem.sos2:
        raise ValueError("special ordered sets are not read: write them with binary variables")
    variables = problem.variables()
    places = {item.name: place for place, item in enumerate(variables)}

    def terms(expression: Any) -> list[Any]:
        return [[places[item.name], _number(value)] for item, value in expression.items()]

    goal = problem.objective
    return {
        "name": problem.name,
        "sense": problem.sense,
        "objective": None
        if goal is None
        else [goal.name or "", terms(goal), _number(goal.constant)],
        "variables": [
            [item.name, item.cat == "Integer", _number(item.lowBound), _number(item.upBound)]
            for item in variables
        ],
        # What has no name of its own is called by its place in the model.
        "constraints": [
            [name if item.name else "", terms(item), item.sense, _number(item.constant)]
            for name, item in problem.constraints.items()
        ],
    }


def _number(value: Any) -> int | float | str | None:
    value = value.item() if hasattr(value, "item") else value  # of NumPy
    return value if value is None or type(value) in (int, float) else str(Fraction(value))


def _in_parts(data: dict[str, Any]) -> list[str]:
    text = json.dumps(data, separators=(",", ":"))
    if len(text) > _MOST:
        raise ValueError("the problem is too large to be taken: write it with writeLP to a file")
    return [text[start : start + _PART] for start in range(0, len(text), _PART)]
