"""A pool of isolated workers that run model output (contract; see ``sandbox/``)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from neurosym.values import Value

__all__ = ["Call", "Job", "RunProgram"]


@dataclass(frozen=True, slots=True)
class RunProgram:
    """Run Python source and call its entry function without arguments."""

    source: str
    entry: str = "solution"


@dataclass(frozen=True, slots=True)
class Call:
    """Call one of neurosym's own functions on plain data, in isolation all the same.

    For work on hostile or endless input, such as parsing a model's LaTeX.

    Attributes:
        target: ``"package.module:function"``, inside ``neurosym`` only.
        args: Its positional arguments.
    """

    target: str
    args: tuple[Value, ...] = ()


Job: TypeAlias = RunProgram | Call
