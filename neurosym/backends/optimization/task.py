"""What a solver is asked and what it answers, as plain arrays that cross between processes."""

from __future__ import annotations

import io
import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import IO, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from neurosym.errors import BackendError
from neurosym.formal.optimization.expression import (
    Add,
    Call,
    Column,
    Constant,
    Divide,
    Expression,
    Multiply,
    Power,
)
from neurosym.formal.optimization.instance import Instance
from neurosym.formal.optimization.model import Sense

__all__ = [
    "BEGUN",
    "Answer",
    "Ending",
    "Floats",
    "Task",
    "Tree",
    "read_message",
    "task_of",
    "write_message",
]

Floats: TypeAlias = NDArray[np.float64]
Tree: TypeAlias = list[Any]
"""An expression as nested lists: ``["+", …]``, ``["column", 3]``, ``["number", 2.5]``."""


class Ending(StrEnum):
    """How a solver ended."""

    OPTIMAL = "optimal"
    INFEASIBLE = "infeasible"
    UNBOUNDED = "unbounded"
    LIMIT = "limit"
    """It ran into a limit; it may have found a solution all the same."""
    UNSURE = "unsure"
    """It ended, but on a model of which its word is not to be trusted."""
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Task:
    """Minimize or maximize ``cost · x + offset`` within bounds and rows; floating-point throughout.

    Attributes:
        maximize: Whether more is better.
        offset: Added to the objective.
        cost: Of each column, shape (n,).
        starts: Row pointers, shape (m + 1,).
        indices: Columns of the entries.
        values: Of the entries.
        row_lower: Shape (m,).
        row_upper: Shape (m,).
        lower: Of the columns, shape (n,).
        upper: Of the columns, shape (n,).
        integer: Which columns are whole numbers, shape (n,), bool.
        nonlinear: Further rows: lower, upper and tree of each.
        nonlinear_cost: Added to the objective; empty is nothing.
        seconds: Time limit.
        gap: Relative gap at which a solution counts as optimal.
        nodes: Most nodes of the search tree; 0 is no limit.
        vertex: Whether the vertex and its multipliers are asked for, beside the point.
    """

    maximize: bool
    offset: float
    cost: Floats
    starts: NDArray[np.int64]
    indices: NDArray[np.int64]
    values: Floats
    row_lower: Floats
    row_upper: Floats
    lower: Floats
    upper: Floats
    integer: NDArray[np.bool_]
    nonlinear: list[Tree] = field(default_factory=list)
    nonlinear_cost: Tree = field(default_factory=list)
    seconds: float = 10.0
    gap: float = 0.0
    nodes: int = 0
    vertex: bool = True


_NOTHING: Floats = np.zeros(0)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a solver found.

    Attributes:
        ending: How it ended.
        solver: Its name and version.
        message: What it said, in its own words.
        objective: Of ``x``; NaN if it has none.
        bound: How good the objective can be, as far as the solver knows; NaN if it does not.
        nodes: Nodes of the search tree.
        seconds: Time it took.
        x: The columns, shape (n,), or empty.
        at: Of a vertex solution, which rows are held at a bound: -1 lower, 1 upper, 0 neither.
        column_at: The same of columns.
        duals: Of a linear model, multipliers of the rows, shape (m,), or empty.
    """

    ending: Ending
    solver: str = ""
    message: str = ""
    objective: float = float("nan")
    bound: float = float("nan")
    nodes: int = 0
    seconds: float = 0.0
    x: Floats = field(default_factory=lambda: _NOTHING)
    at: Floats = field(default_factory=lambda: _NOTHING)
    column_at: Floats = field(default_factory=lambda: _NOTHING)
    duals: Floats = field(default_factory=lambda: _NOTHING)


def task_of(
    instance: Instance, *, seconds: float, gap: float = 0.0, nodes: int = 0, vertex: bool = True
) -> Task:
    """An instance in floating-point numbers."""

    def floats(numbers: NDArray[Any]) -> Floats:
        return numbers.astype(np.float64)

    return Task(
        maximize=instance.sense is Sense.MAXIMIZE,
        offset=float(instance.offset),
        cost=floats(instance.cost),
        starts=instance.starts,
        indices=instance.indices,
        values=floats(instance.values),
        row_lower=floats(instance.row_lower),
        row_upper=floats(instance.row_upper),
        lower=floats(instance.lower),
        upper=floats(instance.upper),
        integer=instance.integer,
        nonlinear=[
            [float(row.lower), float(row.upper), _tree(row.expression)]
            for row in instance.nonlinear
        ],
        nonlinear_cost=([] if instance.nonlinear_cost is None else _tree(instance.nonlinear_cost)),
        seconds=seconds,
        gap=gap,
        nodes=nodes,
        vertex=vertex,
    )


def _tree(expression: Expression) -> Tree:
    match expression:
        case Constant(value):
            return ["number", float(value)]
        case Column(number):
            return ["column", number]
        case Add(terms):
            return ["+", *map(_tree, terms)]
        case Multiply(factors):
            return ["*", *map(_tree, factors)]
        case Divide(numerator, denominator):
            return ["/", _tree(numerator), _tree(denominator)]
        case Power(base, exponent):
            return ["^", _tree(base), _tree(exponent)]
        case Call(function, arguments):
            return [function.value, *map(_tree, arguments)]
    raise AssertionError(f"not written out: {expression}")


# ---------------------------------------------------------------- messages

BEGUN = b"b"
"""What a solver's process says once it has a task, before it answers."""
_LENGTH = struct.Struct("<Q")
_MAX_MESSAGE = 1 << 32


def write_message(pipe: IO[bytes], item: Task | Answer, name: str) -> None:
    """Send a task or an answer, under a name."""
    plain: dict[str, Any] = {}
    arrays: dict[str, NDArray[Any]] = {}
    for entry in fields(item):
        value = getattr(item, entry.name)
        if isinstance(value, np.ndarray):
            arrays[entry.name] = value
        else:
            plain[entry.name] = value
    buffer = io.BytesIO()
    header = np.frombuffer(json.dumps({"name": name, **plain}).encode(), dtype=np.uint8)
    np.savez(buffer, allow_pickle=False, header=header, **arrays)
    body = buffer.getbuffer()
    pipe.write(_LENGTH.pack(len(body)))
    pipe.write(body)
    pipe.flush()


def read_message(pipe: IO[bytes]) -> tuple[str, Mapping[str, Any]] | None:
    """The next message: its name and its fields; ``None`` at the end of the pipe.

    Raises:
        BackendError: It is cut off, or is no message.
    """
    head = pipe.read(_LENGTH.size)
    if not head:
        return None
    length = _LENGTH.unpack(head)[0] if len(head) == _LENGTH.size else _MAX_MESSAGE
    body = pipe.read(length) if length < _MAX_MESSAGE else b""
    if len(body) != length:
        raise BackendError("a solver's message is cut off", hint="Solve again.")
    with np.load(io.BytesIO(body), allow_pickle=False) as found:
        values: dict[str, Any] = json.loads(found["header"].tobytes())
        values |= {key: found[key] for key in found.files if key != "header"}
    return values.pop("name"), values
