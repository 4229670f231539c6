"""HiGHS, in the process it is called in: linear and mixed-integer models."""

from __future__ import annotations

import math
import time
from dataclasses import replace
from typing import Any

import numpy as np

from neurosym.backends.optimization.task import Answer, Ending, Task

__all__ = ["solve"]

_LEAST = 1e-12
"""Coefficients up to this size are left out; HiGHS has no lesser one."""


def solve(task: Task) -> Answer:
    """Solve a linear or mixed-integer task."""
    import highspy

    begin = time.perf_counter()
    if not len(task.cost):
        return _without_columns(task, f"HiGHS {highspy.Highs().version()}")  # type: ignore[no-untyped-call]
    highs: Any = highspy.Highs()  # type: ignore[no-untyped-call]
    highs.setOptionValue("output_flag", False)
    highs.setOptionValue("time_limit", task.seconds)
    highs.setOptionValue("mip_rel_gap", task.gap)
    highs.setOptionValue("threads", 1)
    # What is less than the one is left out of a row, and what is more than the other refused.
    highs.setOptionValue("small_matrix_value", _LEAST)
    highs.setOptionValue("large_matrix_value", math.inf)
    if task.nodes:
        highs.setOptionValue("mip_max_nodes", task.nodes)
    if _pass(highs, task) == highspy.HighsStatus.kError:
        return Answer(Ending.FAILED, f"HiGHS {highs.version()}", "it refuses the model's numbers")
    highs.run()
    status = highs.getModelStatus()
    if status == highspy.HighsModelStatus.kUnboundedOrInfeasible:
        # Presolve stops at "one of the two"; the simplex method tells which.
        highs.setOptionValue("presolve", "off")
        highs.run()
        status = highs.getModelStatus()
    answer = _answer(highs, task, status, time.perf_counter() - begin)
    if status == highspy.HighsModelStatus.kUnboundedOrInfeasible and task.cost.any():
        # Of whole numbers it does not tell; whether there is any point at all does.
        point = solve(replace(task, cost=np.zeros(len(task.cost)), offset=0.0))
        ending = Ending.UNBOUNDED if point.ending is Ending.OPTIMAL else point.ending
        return replace(point, ending=ending, objective=float("nan"), bound=float("nan"))
    return answer


def _without_columns(task: Task, name: str) -> Answer:
    """The answer to a task without columns, of which HiGHS looks at no row."""
    holds = np.all((task.row_lower <= 0) & (task.row_upper >= 0))
    ending = Ending.OPTIMAL if holds else Ending.INFEASIBLE
    return Answer(ending, name, "there is nothing to decide", task.offset if holds else math.nan)


def _pass(highs: Any, task: Task) -> Any:
    """Give HiGHS the model, as arrays, which is five times as fast as through ``HighsLp``.

    Returns:
        Whether it takes it, as a ``HighsStatus``.
    """
    import highspy

    sense = highspy.ObjSense.kMaximize if task.maximize else highspy.ObjSense.kMinimize
    return highs.passModel(
        len(task.cost), len(task.row_lower), len(task.values),
        int(highspy.MatrixFormat.kRowwise), int(sense), task.offset,
        task.cost, task.lower, task.upper, task.row_lower, task.row_upper,
        task.starts.astype(np.int32), task.indices.astype(np.int32), task.values,
        task.integer.astype(np.int32),
    )  # fmt: skip


def _answer(highs: Any, task: Task, status: Any, seconds: float) -> Answer:
    import highspy

    endings = {
        highspy.HighsModelStatus.kOptimal: Ending.OPTIMAL,
        highspy.HighsModelStatus.kInfeasible: Ending.INFEASIBLE,
        highspy.HighsModelStatus.kUnbounded: Ending.UNBOUNDED,
        highspy.HighsModelStatus.kTimeLimit: Ending.LIMIT,
        highspy.HighsModelStatus.kIterationLimit: Ending.LIMIT,
        highspy.HighsModelStatus.kSolutionLimit: Ending.LIMIT,
        highspy.HighsModelStatus.kUnboundedOrInfeasible: Ending.FAILED,
    }
    info = highs.getInfo()
    solution = highs.getSolution()
    found = bool(solution.value_valid)
    whole = bool(task.integer.any())
    basis = highs.getBasis()
    has_vertex = task.vertex and not whole
    has_basis = has_vertex and bool(basis.valid)
    has_duals = has_vertex and bool(solution.dual_valid)
    return Answer(
        ending=endings.get(status, Ending.FAILED),
        solver=f"HiGHS {highs.version()}",
        message=highs.modelStatusToString(status),
        objective=float(info.objective_function_value) if found else float("nan"),
        bound=float(info.mip_dual_bound) if whole else float("nan"),
        nodes=max(0, int(info.mip_node_count)) if whole else 0,
        seconds=seconds,
        x=np.array(solution.col_value if found else [], dtype=np.float64),
        at=_at(basis.row_status if has_basis else []),
        column_at=_at(basis.col_status if has_basis else []),
        duals=np.array(solution.row_dual if has_duals else [], dtype=np.float64),
    )


def _at(statuses: list[Any]) -> Any:
    """Where a vertex holds rows or columns: -1 at the lower bound, 1 at the upper, 2 at zero."""
    import highspy

    places = {
        highspy.HighsBasisStatus.kLower: -1.0,
        highspy.HighsBasisStatus.kUpper: 1.0,
        highspy.HighsBasisStatus.kBasic: 0.0,
        highspy.HighsBasisStatus.kZero: 2.0,
        highspy.HighsBasisStatus.kNonbasic: 2.0,
    }
    return np.array([places[status] for status in statuses], dtype=np.float64)
