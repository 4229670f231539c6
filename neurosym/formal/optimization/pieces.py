"""Functions that are linear piece by piece, as columns and rows.

The argument is a mixture of the points' first coordinates, the value the same mixture of their
second ones, and only neighbours mix: a binary column for each piece says which (the lambda method;
Williams 2013, Model Building in Mathematical Programming, section 9.3).
"""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np

from neurosym.formal.optimization.expression import Piecewise
from neurosym.formal.optimization.language.printer import print_expression, print_number
from neurosym.formal.optimization.rows import Rows
from neurosym.formal.optimization.scope import Form, Scope

__all__ = ["Pieces"]


class Pieces:
    """Writes piecewise linear functions as columns and rows.

    Args:
        rows: Takes them.
    """

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    def __call__(self, argument: Form, function: Piecewise, scope: Scope) -> Form:
        """The function's value, for the argument in each combination of a scope."""
        rows, table = self._rows, self._rows.table
        points = function.points
        zero, one = (table.number(Fraction(value)) for value in (0, 1))
        self._note_ends(argument, function, scope)
        weights = rows.add_auxiliary((*scope.shape, len(points)), "mix", integer=False)
        pieces = rows.add_auxiliary((*scope.shape, len(points) - 1), "piece", integer=True)

        def mixture(values: list[Fraction]) -> Form:
            numbers = values if table.dtype is object else list(map(float, values))
            return Form(zero, ((weights, table.array(numbers)),))

        def parts(columns: np.ndarray[tuple[int, ...], np.dtype[np.int64]]) -> Form:
            return Form(zero, ((columns, one),))

        rows.add(argument + -mixture([x for x, _ in points]), scope, zero[0], zero[0])
        rows.add(parts(weights), scope, one[0], one[0])
        rows.add(parts(pieces), scope, one[0], one[0])
        for k in range(len(points)):
            beside = pieces[..., max(0, k - 1) : k + 1]
            rows.add(parts(weights[..., k : k + 1]) + -parts(beside), scope, -math.inf, zero[0])
        return mixture([y for _, y in points])

    def _note_ends(self, argument: Form, function: Piecewise, scope: Scope) -> None:
        """Say so if the function ends before its argument does, which bounds the argument."""
        (first, _), (last, _) = function.points[0], function.points[-1]
        least, greatest = self._rows.bounds(argument, scope)
        if np.any(((least < first) | (greatest > last)) & scope.mask):
            shown = print_expression(function.argument)
            self._rows.note(
                f"the piecewise function is defined from {print_number(first)} to "
                f"{print_number(last)} only, so that {shown} is kept between them; give it further "
                "points if it may be beyond"
            )
