"""Square systems of sparse linear equations, solved in fractions.

What holds a vertex of a large model is mostly a triangle: an equation with one unknown left gives
it, and an unknown that is left in one equation follows from that one once the others are known
(Suhl and Suhl 1990, Computing sparse LU factorizations for large-scale linear programming bases).
Only the kernel that remains is solved as a dense matrix.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, TypeAlias

__all__ = ["MAX_KERNEL", "solve_both"]

MAX_KERNEL = 600
"""Most equations of a kernel; with a few numbers each, it takes about a second."""
_MAX_BITS = 10_000
"""Longest number of a solution, in binary digits; Python writes down no longer ones."""

_Line: TypeAlias = Mapping[int, Fraction]
_Pivots: TypeAlias = list[tuple[int, int]]
"""Equations, each with the unknown that it gives."""


def solve_both(
    rows: Sequence[_Line], right: Sequence[Fraction], cost: Sequence[Fraction]
) -> tuple[list[Fraction], list[Fraction]] | None:
    """``A x = right`` and ``transpose(A) y = cost``.

    Args:
        rows: Of the matrix A, shape (n, n): numbers that are not 0, by column.
        right: Shape (n,).
        cost: Shape (n,).

    Returns:
        x and y; ``None`` if A is singular, its kernel too large or a number too long.
    """
    columns: list[dict[int, Fraction]] = [{} for _ in rows]
    for number, row in enumerate(rows):
        for column, value in row.items():
            columns[column][number] = value
    rows_left, columns_left = {*range(len(rows))}, {*range(len(rows))}
    first = _peeled(rows, columns, rows_left, columns_left)
    last = _peeled(columns, rows, columns_left, rows_left)
    if len(rows_left) > MAX_KERNEL:
        return None
    kernel = (sorted(rows_left), sorted(columns_left))
    try:
        x = _solved(rows, first, kernel, _turned(last), right)
        # The transpose has the same triangles, the last before the first.
        y = _solved(columns, last, kernel[::-1], _turned(first), cost)
    except (ZeroDivisionError, OverflowError):
        return None
    return x, y


def _turned(pivots: _Pivots) -> _Pivots:
    return [(unknown, equation) for equation, unknown in pivots]


def _peeled(
    lines: Sequence[_Line], across: Sequence[_Line], left: set[int], across_left: set[int]
) -> _Pivots:
    """The lines that have one number left, one after the other, and where; taken from what is left.

    Args:
        lines: Rows or columns.
        across: Columns or rows.
        left: Of the lines.
        across_left: Of what goes across.
    """
    counts = {line: len(across_left & lines[line].keys()) for line in left}
    waiting = [line for line, count in counts.items() if count == 1]
    found: _Pivots = []
    while waiting:
        line = waiting.pop()
        if counts[line] != 1:  # another line took the same place
            continue
        [place] = across_left & lines[line].keys()
        found.append((line, place))
        left.remove(line)
        across_left.remove(place)
        for other in left & across[place].keys():
            counts[other] -= 1
            if counts[other] == 1:
                waiting.append(other)
    return found


def _solved(
    lines: Sequence[_Line],
    first: _Pivots,
    kernel: tuple[list[int], list[int]],
    last: _Pivots,
    right: Sequence[Fraction],
) -> list[Fraction]:
    """The unknowns, of which the first follow from those before and the last from those after.

    Raises:
        ZeroDivisionError: The kernel is singular.
        OverflowError: A number is too long.
    """
    found: dict[int, Fraction] = {}

    def rest(equation: int) -> Fraction:
        """What the unknowns that are not known yet come to."""
        total = right[equation]
        for unknown, value in lines[equation].items():
            if found.get(unknown):
                total -= value * found[unknown]
                _check_length(total)
        return total

    for equation, unknown in first:
        found[unknown] = rest(equation) / lines[equation][unknown]
    equations, unknowns = kernel
    matrix = [lines[equation] for equation in equations]
    found |= _dense(matrix, unknowns, list(map(rest, equations)))
    for equation, unknown in reversed(last):
        found[unknown] = rest(equation) / lines[equation][unknown]
    for value in found.values():
        _check_length(value)
    return [found[unknown] for unknown in range(len(lines))]


def _check_length(value: Fraction) -> None:
    if max(value.numerator.bit_length(), value.denominator.bit_length()) > _MAX_BITS:
        raise OverflowError


def _dense(
    lines: Sequence[_Line], unknowns: Sequence[int], right: Sequence[Fraction]
) -> dict[int, Fraction]:
    """The unknowns of equations in which all others are known."""
    if not lines:
        return {}
    import flint

    def rational(value: Fraction) -> Any:
        return flint.fmpq(value.numerator, value.denominator)

    place = {unknown: number for number, unknown in enumerate(unknowns)}
    square = flint.fmpq_mat(len(lines), len(lines))
    for number, line in enumerate(lines):
        for unknown, value in line.items():
            if unknown in place:
                square[number, place[unknown]] = rational(value)
    solution = square.solve(flint.fmpq_mat(len(lines), 1, list(map(rational, right))))
    values = [Fraction(int(value.p), int(value.q)) for value in solution.entries()]
    return dict(zip(unknowns, values, strict=True))
