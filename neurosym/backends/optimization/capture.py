"""The model that a PuLP program builds, taken as plain data from inside the sandbox.

The program is run with a PuLP that solves nothing: the problem it wants solved is what counts, not
what it prints. What goes wrong after that, such as the formatting of values, does not matter.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from neurosym.errors import FormulationError
from neurosym.formal.optimization.expression import (
    Comparison,
    Constant,
    Expression,
    Reference,
    add,
    multiply,
)
from neurosym.formal.optimization.instance import as_written
from neurosym.formal.optimization.model import (
    Constraint,
    Domain,
    Model,
    Objective,
    Relation,
    Sense,
    Variable,
)
from neurosym.formal.program import Program

__all__ = ["captured_model", "capturing"]

_TEMPLATE = """
import pulp as _pulp

_captured = []


def _capture(self, *args, **options):
    _captured.append(self)
    for variable in self.variables():
        variable.varValue = variable.lowBound or 0
        variable.dj = 0
    self.status = self.sol_status = 1
    return 1


_pulp.LpProblem.solve = _capture


def {entry}():
    names = {{"__name__": "__main__"}}
    failure = None
    try:
        exec(compile({source!r}, "<program>", "exec"), names)
        for value in list(names.values()):
            if _captured:
                break
            if callable(value) and getattr(value, "__module__", "") == "__main__":
                value()
    except BaseException as error:
        failure = error
    if failure is not None and not _captured:
        raise failure
    found = _captured or [v for v in names.values() if isinstance(v, _pulp.LpProblem)]
    if not found:
        raise ValueError("the program builds no LpProblem")
    return found[-1].to_dict()
"""

_SENSES = {1: Sense.MINIMIZE, -1: Sense.MAXIMIZE}
_COMPARISONS = {-1: Comparison.AT_MOST, 0: Comparison.EQUAL, 1: Comparison.AT_LEAST}


def capturing(program: Program) -> str:
    """A program that returns the PuLP problem which another one builds."""
    return _TEMPLATE.format(entry=program.entry, source=program.source)


def captured_model(data: Any, source: str) -> Model:
    """The model of a captured problem.

    Args:
        data: What the program of :func:`capturing` returned.
        source: The text of the program that built it.

    Raises:
        FormulationError: It is no problem of linear expressions with finite numbers.
    """
    try:
        variables = tuple(map(_variable, data["variables"]))
        known = {item.name for item in variables}
        constraints = tuple(
            _constraint(item, number, known)
            for number, item in enumerate(data["constraints"], start=1)
        )
        objective = _linear(data["objective"]["coefficients"], known)
        constant = _number(data["objective"].get("constant") or 0)
        sense = _SENSES[data["parameters"]["sense"]]
    except (KeyError, TypeError, IndexError) as error:
        raise FormulationError(
            f"the program's problem cannot be read: {type(error).__name__} {error}",
            hint="Build one LpProblem of linear expressions.",
        ) from None
    return Model(
        objective=Objective(sense, add(objective, Constant(constant)) if constant else objective),
        constraints=constraints,
        variables=variables,
        source=source,
    )


def _variable(data: Mapping[str, Any]) -> Variable:
    def bound(name: str) -> Expression | None:
        value = data[name]
        return None if value is None or math.isinf(value) else Constant(_number(value))

    domain = Domain.INTEGER if data["cat"] == "Integer" else Domain.CONTINUOUS
    return Variable(_name(data["name"]), (), domain, bound("lowBound"), bound("upBound"))


def _constraint(data: Mapping[str, Any], number: int, known: set[str]) -> Constraint:
    relation = Relation(
        _linear(data["coefficients"], known),
        _COMPARISONS[data["sense"]],
        Constant(-_number(data["constant"])),
    )
    return Constraint(f"c{number}", relation)


def _linear(terms: Sequence[Mapping[str, Any]], known: set[str]) -> Expression:
    return add(
        *(
            multiply(Constant(_number(item["value"])), Reference(_known(item["name"], known)))
            for item in terms
        )
    )


def _known(name: Any, known: set[str]) -> str:
    if _name(name) not in known:
        raise FormulationError(f"{name} is no variable", hint="Use the problem's own variables.")
    return _name(name)


def _name(name: Any) -> str:
    # Single quotes are what the modelling language puts round names.
    return str(name).replace("'", "’").replace("\n", " ") or "_"


def _number(value: Any) -> Fraction:
    if isinstance(value, bool) or not isinstance(value, int | float | Fraction):
        raise FormulationError(f"{value!r} is no number", hint="Use numbers as coefficients.")
    if isinstance(value, float):
        if not math.isfinite(value):
            raise FormulationError("a coefficient is not finite", hint="Use finite numbers.")
        return as_written(value)
    return Fraction(value)
