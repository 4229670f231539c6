"""CP-SAT of OR-Tools, in the process it is called in: whole numbers only."""

from __future__ import annotations

import math
import time
from dataclasses import replace
from importlib.metadata import version
from typing import Any

import numpy as np

from neurosym.backends.optimization.task import Answer, Ending, Task
from neurosym.formal.optimization.instance import as_written

__all__ = ["solve"]

_FAR = 1 << 40
"""Beyond this CP-SAT's sums might overflow; bounds that are not there stand for it."""


def solve(task: Task) -> Answer:
    """Solve a task whose columns are all whole."""
    answer = _solve(task, _FAR)
    if answer.ending is Ending.OPTIMAL and np.any(np.abs(answer.x) >= _FAR):
        # A value so far out is one of many, or the objective would go on.
        nearer = _solve(task, _FAR // 2)
        if nearer.ending is Ending.OPTIMAL and nearer.objective == answer.objective:
            return nearer
        return replace(answer, ending=Ending.UNBOUNDED)
    return answer


def _solve(task: Task, far: int) -> Answer:
    """Solve a task within this distance from 0."""
    from ortools.sat.python import cp_model

    begin = time.perf_counter()
    name = f"CP-SAT of OR-Tools {version('ortools')}"
    model = cp_model.CpModel()
    bounds = [
        (math.ceil(max(lower, -far)), math.floor(min(upper, far)))
        for lower, upper in zip(task.lower.tolist(), task.upper.tolist(), strict=True)
    ]
    if any(lower > far or upper < -far for lower, upper in bounds):
        return Answer(Ending.FAILED, name, "a variable's bounds are too far from 0")
    if any(lower > upper for lower, upper in bounds):
        return Answer(Ending.INFEASIBLE, name, "a variable's bounds are in conflict")
    columns = [model.new_int_var(lower, upper, "") for lower, upper in bounds]
    try:
        for row in range(len(task.row_lower)):
            _add_row(cp_model, model, columns, task, row)
        scale, costs = _whole(task.cost.tolist())
    except ValueError as error:
        return Answer(Ending.FAILED, name, str(error))
    total = cp_model.LinearExpr.weighted_sum(columns, costs)
    (model.maximize if task.maximize else model.minimize)(total)
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = task.seconds
    solver.parameters.relative_gap_limit = task.gap
    solver.parameters.num_workers = 1
    status = solver.solve(model)
    endings = {
        cp_model.OPTIMAL: Ending.OPTIMAL,
        cp_model.FEASIBLE: Ending.LIMIT,
        cp_model.INFEASIBLE: Ending.INFEASIBLE,
        cp_model.UNKNOWN: Ending.LIMIT,
    }
    ending = endings.get(status, Ending.FAILED)
    found = status in (cp_model.OPTIMAL, cp_model.FEASIBLE)
    x = [solver.value(column) for column in columns] if found else []
    return Answer(
        ending=ending,
        solver=name,
        message=solver.status_name(status),
        objective=solver.objective_value / scale + task.offset if found else float("nan"),
        bound=solver.best_objective_bound / scale + task.offset if found else float("nan"),
        nodes=int(solver.num_branches),
        seconds=time.perf_counter() - begin,
        x=np.array(x, dtype=np.float64),
    )


def _add_row(cp_model: Any, model: Any, columns: list[Any], task: Task, row: int) -> None:
    part = slice(task.starts[row], task.starts[row + 1])
    scale, values = _whole(task.values[part].tolist())
    chosen = [columns[column] for column in task.indices[part].tolist()]
    model.add_linear_constraint(
        cp_model.LinearExpr.weighted_sum(chosen, values),
        _limit(task.row_lower[row], scale, math.ceil),
        _limit(task.row_upper[row], scale, math.floor),
    )


def _limit(bound: float, scale: int, rounded: Any) -> int:
    if math.isinf(bound):
        return -(1 << 62) if bound < 0 else 1 << 62
    return int(rounded(as_written(bound) * scale))


def _whole(numbers: list[float]) -> tuple[int, list[int]]:
    """Numbers as whole numbers, and what they were multiplied by.

    Raises:
        ValueError: They would be too large.
    """
    fractions = list(map(as_written, numbers))
    scale = math.lcm(1, *(number.denominator for number in fractions))
    found = [int(number * scale) for number in fractions]
    if any(abs(number) >= _FAR for number in found):
        raise ValueError("the coefficients are too far apart for whole numbers")
    return scale, found
