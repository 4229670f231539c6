"""What all problems of a solver share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from neurosym.backends.base import Limits
from neurosym.budget import Budget, Meter
from neurosym.engines.base import Engine
from neurosym.problem import Kind
from neurosym.runtime.domain import Domain
from neurosym.runtime.purse import Purse
from neurosym.runtime.runlog import RunLog

__all__ = ["Machinery"]


@dataclass(frozen=True, slots=True)
class Machinery:
    """What all problems of a solver share.

    Attributes:
        engine: Runs the model.
        domain: Gives what is particular to a kind of problem.
        limits: What one formal object may use.
        log: Where finished work is kept; ``None`` keeps nothing.
        spent: Counts what all problems cost together.
        purse: Samples that problems leave to each other.
        warned: What was warned of already.
    """

    engine: Engine
    domain: Callable[[Kind], Domain]
    limits: Limits
    log: RunLog | None = None
    spent: Meter = field(default_factory=lambda: Meter(Budget()))
    purse: Purse = field(default_factory=Purse)
    warned: set[str] = field(default_factory=set)
