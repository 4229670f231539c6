"""Which Lean is used, and what it may do."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from neurosym.backends.base import Limits
from neurosym.backends.lean.drivers import LeanDriver
from neurosym.backends.lean.elaboration import LEAN_LIMITS, Elaborator
from neurosym.backends.lean.files import FileElaborator
from neurosym.backends.lean.pool import LeanPool
from neurosym.backends.lean.repl import ReplElaborator, ReplProver
from neurosym.backends.lean.repl_process import ReplPool, find_repl
from neurosym.backends.lean.step_prover import StepProver
from neurosym.backends.lean.tactics import TacticProver
from neurosym.backends.lean.toolchain import Toolchain, find_toolchain
from neurosym.backends.lean.verdict import STANDARD_AXIOMS
from neurosym.errors import BackendError

__all__ = ["LeanSettings"]


@dataclass(frozen=True, slots=True)
class LeanSettings:
    """Which Lean is used, and what it may do.

    Attributes:
        program: The ``lean`` executable; ``None`` looks for one.
        path: Folders of compiled modules.
        extra_axioms: Axioms that a proof may rest on besides those of Lean's library.
        seconds: Wall time of one file.
        driver: What a search for proofs talks to.

    Raises:
        OptionError: The time is not positive.
    """

    program: Path | None = None
    path: Sequence[Path] = ()
    extra_axioms: Sequence[str] = ()
    seconds: float = LEAN_LIMITS.seconds
    driver: LeanDriver = LeanDriver.LEAN

    def __post_init__(self) -> None:
        replace(LEAN_LIMITS, seconds=self.seconds)

    @property
    def axioms(self) -> frozenset[str]:
        """All axioms that a proof may rest on."""
        return STANDARD_AXIOMS | set(self.extra_axioms)

    @property
    def limits(self) -> Limits:
        """What one file may use; processor time grows with the time."""
        ratio = LEAN_LIMITS.cpu_seconds / LEAN_LIMITS.seconds
        cpu_seconds = max(1, math.ceil(ratio * self.seconds))
        return replace(LEAN_LIMITS, seconds=self.seconds, cpu_seconds=cpu_seconds)

    def to_json(self) -> dict[str, Any]:
        """All that a verdict depends on, as JSON data, for run logs."""
        try:
            version = self.toolchain().version
        except BackendError:  # whoever needs it will be told
            version = ""
        return {
            "version": version,
            "program": None if self.program is None else str(self.program),
            "path": [str(folder) for folder in self.path],
            "axioms": sorted(self.axioms),
            "seconds": self.seconds,
            "driver": self.driver,
        }

    def toolchain(self) -> Toolchain:
        """The Lean itself.

        Raises:
            BackendError: There is none, or it does not run.
        """
        return find_toolchain(self.program, search_path=self.path)

    def files(self, *, unsafe: bool) -> FileElaborator:
        """What elaborates each file in a process of its own, for verdicts.

        Raises:
            BackendError: There is no Lean, or it does not run.
        """
        return FileElaborator(self.toolchain(), unsafe=unsafe)

    def require_driver(self) -> None:
        """Make sure that what a search talks to is there.

        Raises:
            BackendError: It is not.
        """
        if self.driver is LeanDriver.REPL:
            find_repl()

    def searching(self, *, unsafe: bool) -> tuple[Elaborator, TacticProver]:
        """What elaborates many files, and what takes proofs tactic by tactic.

        Both keep what they have imported, and are to be closed.

        Raises:
            BackendError: There is no Lean, or no REPL where that is to be used.
        """
        toolchain = self.toolchain()
        if self.driver is LeanDriver.REPL:
            processes = ReplPool(toolchain, unsafe=unsafe)
            return ReplElaborator(processes), ReplProver(processes, self.limits)
        pool = LeanPool(toolchain, unsafe=unsafe)
        return pool, StepProver(pool, self.limits)
