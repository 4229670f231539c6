"""SCIP, in the process it is called in: any model, linear or not, to global optimality."""

from __future__ import annotations

import math
import time
from functools import reduce
from typing import Any

import numpy as np

from neurosym.backends.optimization.task import Answer, Ending, Task, Tree

__all__ = ["solve"]


def solve(task: Task) -> Answer:
    """Solve a task of any structure."""
    import pyscipopt as scip

    begin = time.perf_counter()
    model = scip.Model()
    model.hideOutput()
    model.setParam("limits/time", task.seconds)
    model.setParam("limits/gap", task.gap)
    model.setParam("parallel/maxnthreads", 1)
    if task.nodes:
        model.setParam("limits/nodes", task.nodes)
    columns = [_column(model, task, number) for number in range(len(task.cost))]
    for row in range(len(task.row_lower)):
        part = slice(task.starts[row], task.starts[row + 1])
        pairs = zip(task.indices[part].tolist(), task.values[part].tolist(), strict=True)
        _add(model, scip.quicksum(value * columns[column] for column, value in pairs),
             task.row_lower[row], task.row_upper[row])  # fmt: skip
    for lower, upper, tree in task.nonlinear:
        _add(model, _expression(scip, tree, columns), lower, upper)
    _set_objective(scip, model, task, columns)
    model.optimize()
    return _answer(scip, model, task, columns, time.perf_counter() - begin)


def _column(model: Any, task: Task, number: int) -> Any:
    lower, upper = float(task.lower[number]), float(task.upper[number])
    return model.addVar(
        f"c{number}",
        vtype="I" if task.integer[number] else "C",
        lb=None if math.isinf(lower) else lower,
        ub=None if math.isinf(upper) else upper,
    )


def _add(model: Any, expression: Any, lower: float, upper: float) -> None:
    if isinstance(expression, int | float):
        # A row without columns holds or does not, whatever they are.
        if not lower <= expression <= upper:
            model.addCons(model.addVar(lb=0, ub=0) >= 1)
    elif lower == upper:
        model.addCons(expression == lower)
    else:
        if not math.isinf(lower):
            model.addCons(expression >= lower)
        if not math.isinf(upper):
            model.addCons(expression <= upper)


def _set_objective(scip: Any, model: Any, task: Task, columns: list[Any]) -> None:
    direction = "maximize" if task.maximize else "minimize"
    linear = scip.quicksum(
        cost * column for cost, column in zip(task.cost.tolist(), columns, strict=True) if cost
    )
    if task.nonlinear_cost:
        # SCIP's objective is linear; what is not becomes a column that a row ties to it.
        value = model.addVar("objective", lb=None, ub=None)
        expression = _expression(scip, task.nonlinear_cost, columns)
        model.addCons(value <= expression if task.maximize else value >= expression)
        linear = linear + value
    model.setObjective(linear + task.offset, direction)


def _expression(scip: Any, tree: Tree, columns: list[Any]) -> Any:
    head, *rest = tree
    if head == "number":
        return rest[0]
    if head == "column":
        return columns[rest[0]]
    parts = [_expression(scip, part, columns) for part in rest]
    if head == "+":
        return scip.quicksum(parts)
    if head == "*":
        return reduce(lambda product, part: product * part, parts)
    if head == "/":
        return parts[0] / parts[1]
    if head == "^":
        return _power(scip, *parts)
    if head in ("min", "max"):
        sign = -1 if head == "min" else 1
        # The greater of two is half of their sum and their distance.
        return reduce(lambda a, b: (a + b + sign * abs(a - b)) * 0.5, parts)
    if head == "abs":
        return abs(parts[0])
    return getattr(scip, head)(parts[0])


def _power(scip: Any, base: Any, exponent: Any) -> Any:
    if isinstance(exponent, int | float):
        return base**exponent
    if isinstance(base, int | float) and base > 0:
        return scip.exp(exponent * math.log(base))
    # By exp and log, points at which the base is not positive would be lost.
    raise ValueError("SCIP takes no variable to the power of a variable")


def _answer(scip: Any, model: Any, task: Task, columns: list[Any], seconds: float) -> Answer:
    endings = {
        "optimal": Ending.OPTIMAL,
        "infeasible": Ending.INFEASIBLE,
        "unbounded": Ending.UNBOUNDED,
        "timelimit": Ending.LIMIT,
        "nodelimit": Ending.LIMIT,
        "totalnodelimit": Ending.LIMIT,
        "memlimit": Ending.LIMIT,
        "gaplimit": Ending.OPTIMAL,
    }
    status = model.getStatus()
    found = model.getNSols() > 0
    x = [model.getVal(column) for column in columns] if found else []
    return Answer(
        ending=endings.get(status, Ending.FAILED),
        solver=f"SCIP {model.version()}",
        message=status,
        objective=float(model.getObjVal()) if found else float("nan"),
        bound=float(model.getDualbound()),
        nodes=int(model.getNTotalNodes()),
        seconds=seconds,
        x=np.array(x, dtype=np.float64),
    )
