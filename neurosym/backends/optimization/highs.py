"""HiGHS, in the process it is called in: linear, mixed-integer and convex quadratic models."""

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
_MANY = 1000
"""Entries of a model from which on HiGHS's first heuristic is worth the 5 to 10 ms it takes."""
_ADDED = 1e-9
"""What is added to each square of a quadratic objective, relative to the least of them."""
_STRAIGHT = 1e-9
"""Curvature, relative to that along a column, that may be none but for rounding."""
_NOTHING = 1e-7
"""How much that may make of an optimum, relative to its size."""


def solve(task: Task) -> Answer:
    """Solve a linear or mixed-integer task, or one with a convex quadratic objective.

    HiGHS does not see whether it is convex; :mod:`neurosym.formal.optimization.convexity` does, and
    writes it as the sum of products that is taken here.
    """
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
    if len(task.values) < _MANY:
        # The branching is through before this heuristic is.
        highs.setOptionValue("mip_heuristic_run_feasibility_jump", False)
    if task.nodes:
        highs.setOptionValue("mip_max_nodes", task.nodes)
    if _pass(highs, task) == highspy.HighsStatus.kError:
        return _refused(highs)
    if task.nonlinear_cost:
        return _with_products(highs, task, begin)
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


def _refused(highs: Any) -> Answer:
    return Answer(Ending.FAILED, f"HiGHS {highs.version()}", "it refuses the model's numbers")


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


def _with_products(highs: Any, task: Task, begin: float) -> Answer:
    """The answer to a task with an objective of products, which HiGHS has but for these."""
    import highspy

    head, *terms = task.nonlinear_cost
    found = sorted(
        (first, second, 2 * value if first == second else value)
        for _, (_, value), (_, first), (_, second) in (terms if head == "+" else [[head, *terms]])
    )
    firsts, seconds, values = (np.array(part) for part in zip(*found, strict=True))
    count = len(task.cost)
    starts = np.searchsorted(firsts, np.arange(count))
    # One triangle of a symmetric matrix; what is minimized is half of its form.
    taken = highs.passHessian(
        count, len(values), int(highspy.HessianFormat.kTriangular), starts.astype(np.int32),
        seconds.astype(np.int32), values.astype(np.float64),
    )  # fmt: skip
    if taken == highspy.HighsStatus.kError:
        return _refused(highs)
    squares = np.abs(values[firsts == seconds])
    added = 0.0
    if len(squares) < count or not _curves_everywhere(count, firsts, seconds, values):
        # Along a straight line HiGHS goes astray, unless something is added to each square.
        added = _ADDED * float(squares.min())
    highs.setOptionValue("qp_regularization_value", added)
    highs.run()
    answer = _answer(highs, task, highs.getModelStatus(), time.perf_counter() - begin)
    shift = added / 2 * float(answer.x @ answer.x)
    if answer.ending is Ending.OPTIMAL and shift > _NOTHING * max(1.0, abs(answer.objective)):
        message = "its optimum rests on what it adds to the squares of the objective"
        return replace(answer, ending=Ending.FAILED, message=message)
    return answer


def _curves_everywhere(count: int, firsts: Any, seconds: Any, values: Any) -> bool:
    """Whether a form of that many columns is straight along no direction, not even nearly."""
    matrix = np.zeros((count, count))
    matrix[seconds, firsts] = values if values[0] > 0 else -values
    try:
        factor = np.linalg.cholesky(matrix)
    except np.linalg.LinAlgError:
        return False
    return bool(np.all(factor.diagonal() ** 2 > _STRAIGHT * matrix.diagonal()))


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
