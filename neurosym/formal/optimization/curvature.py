"""Whether a quadratic polynomial curves one way only, beyond doubt."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from neurosym.formal.optimization.polynomial import Curvature, Polynomial

__all__ = ["as_matrix", "curves_upwards"]

_MAX_COLUMNS = 2000
"""Most columns with products of which it is found out how they curve; a second's work."""
_TINY = 1e-100
"""Below this, squares may come to nothing when they are rounded."""
_MAX_STEPS = 100_000
"""Most numbers that are changed to find it out in fractions; likewise."""


def curves_upwards(cost: Polynomial, sign: int) -> bool:
    """Whether a polynomial times a sign surely has no line along which it curves downwards.

    Of large polynomials that curve along some lines not at all it is not found out.
    """
    rows = {
        column: {other: sign * value for other, value in row.items()}
        for column, row in cost.curvature().items()
    }
    return _is_definite(rows) or _is_semidefinite(rows)


def as_matrix(rows: Curvature) -> NDArray[np.float64]:
    """A curvature in floating-point numbers, with columns in the order of its rows."""
    place = {column: k for k, column in enumerate(rows)}
    matrix = np.zeros((len(rows), len(rows)))
    for column, row in rows.items():
        for other, value in row.items():
            matrix[place[column], place[other]] = float(value)
    return matrix


def _is_definite(rows: Curvature) -> bool:
    """Whether a polynomial surely curves upwards along every line, by rounded numbers.

    It does so where a matrix has a Cholesky factor whose diagonal is less by more than all rounding
    can come to (Rump 2006, Verification of positive definiteness).
    """
    if not 0 < len(rows) <= _MAX_COLUMNS:
        return False
    matrix = as_matrix(rows)
    sizes = np.abs(matrix)
    if sizes[sizes > 0].min(initial=1.0) < _TINY:
        return False
    rounding = 4 * (len(rows) + 2) * np.finfo(np.float64).eps
    matrix -= np.eye(len(rows)) * rounding * (sizes.sum(axis=1).max() + sizes.trace())
    try:
        np.linalg.cholesky(matrix)
    except np.linalg.LinAlgError:
        return False
    return True


def _is_semidefinite(rows: Curvature) -> bool:
    """Whether a polynomial curves downwards along no line: by completing squares, in place."""
    steps = 0
    while rows:
        place, row = rows.popitem()
        square = row.pop(place, Fraction(0))
        rest = {other: value for other, value in row.items() if value}
        if square < 0 or (not square and rest):
            return False
        steps += len(rest) ** 2
        if steps > _MAX_STEPS:
            return False
        for one, value in rest.items():
            line = rows[one]
            for other, factor in rest.items():
                line[other] = line.get(other, Fraction(0)) - value * factor / square
        for one in row:
            rows[one].pop(place)
    return True
