"""CBC as PuLP brings it along, in the process it is called in: linear and mixed-integer models."""

from __future__ import annotations

import math
import time
from typing import Any

import numpy as np

from neurosym.backends.optimization.task import Answer, Ending, Task

__all__ = ["solve"]


def solve(task: Task) -> Answer:
    """Solve a linear or mixed-integer task."""
    import pulp

    begin = time.perf_counter()
    if np.any(task.lower > task.upper):
        return Answer(Ending.INFEASIBLE, _name(pulp), "a variable's bounds are in conflict")
    problem = pulp.LpProblem("task", pulp.LpMaximize if task.maximize else pulp.LpMinimize)
    columns = [_column(pulp, task, number) for number in range(len(task.cost))]
    problem += pulp.LpAffineExpression(
        zip(columns, task.cost.tolist(), strict=True), constant=task.offset
    )
    for row in range(len(task.row_lower)):
        _add_row(pulp, problem, columns, task, row)
    if not problem.constraints:
        # CBC refuses to begin without a row.
        problem += pulp.LpVariable("nothing", lowBound=0, upBound=1) <= 1
    solver = pulp.PULP_CBC_CMD(
        msg=False,
        timeLimit=max(1, math.ceil(task.seconds)),
        gapRel=task.gap or None,
        maxNodes=task.nodes or None,
        # Not threads=1: its one thread now and then waits ten seconds for itself.
    )
    try:
        problem.solve(solver)
    except pulp.PulpSolverError as error:
        return Answer(Ending.FAILED, _name(pulp), str(error))
    return _answer(pulp, problem, columns, task, time.perf_counter() - begin)


def _name(pulp: Any) -> str:
    return f"CBC of PuLP {pulp.__version__}"


def _finite(bound: float) -> float | None:
    return None if math.isinf(bound) else bound


def _column(pulp: Any, task: Task, number: int) -> Any:
    return pulp.LpVariable(
        f"c{number}",
        lowBound=_finite(task.lower[number]),
        upBound=_finite(task.upper[number]),
        cat=pulp.LpInteger if task.integer[number] else pulp.LpContinuous,
    )


def _add_row(pulp: Any, problem: Any, columns: list[Any], task: Task, row: int) -> None:
    part = slice(task.starts[row], task.starts[row + 1])
    chosen = [columns[column] for column in task.indices[part].tolist()]
    sides = pulp.LpAffineExpression(zip(chosen, task.values[part].tolist(), strict=True))
    lower, upper = task.row_lower[row], task.row_upper[row]
    if lower == upper:
        problem += pulp.LpConstraint(sides, pulp.LpConstraintEQ, f"r{row}", lower)
        return
    for name, sense, limit in (
        ("l", pulp.LpConstraintGE, lower),
        ("u", pulp.LpConstraintLE, upper),
    ):
        if not math.isinf(limit):
            problem += pulp.LpConstraint(sides, sense, f"r{row}{name}", limit)


def _answer(pulp: Any, problem: Any, columns: list[Any], task: Task, seconds: float) -> Answer:
    endings = {
        pulp.LpStatusOptimal: Ending.OPTIMAL,
        pulp.LpStatusInfeasible: Ending.INFEASIBLE,
        pulp.LpStatusUnbounded: Ending.UNBOUNDED,
        pulp.LpStatusNotSolved: Ending.LIMIT,
    }
    ending, message = endings.get(problem.status, Ending.FAILED), pulp.LpStatus[problem.status]
    if ending is Ending.OPTIMAL and problem.sol_status != pulp.LpSolutionOptimal:
        ending, message = Ending.LIMIT, "it stopped before it knew its solution to be the best"
    found = ending is Ending.OPTIMAL
    # PuLP leaves columns that no row and no cost mentions without a value.
    x = [
        column.varValue if column.varValue is not None else _resting(task, number)
        for number, column in enumerate(columns)
    ]
    return Answer(
        ending=ending,
        solver=_name(pulp),
        message=message,
        objective=float(np.dot(task.cost, x)) + task.offset if found else float("nan"),
        seconds=seconds,
        x=np.array(x if found else [], dtype=np.float64),
    )


def _resting(task: Task, number: int) -> float:
    """A value within a column's bounds, as near to 0 as they allow."""
    return float(min(max(0.0, task.lower[number]), task.upper[number]))
