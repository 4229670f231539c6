"""The backend ``python``: runs programs in the sandbox."""

from __future__ import annotations

from neurosym.backends.base import Limits
from neurosym.backends.pool import Pool, RunProgram
from neurosym.candidate import Outcome
from neurosym.formal.program import Program

__all__ = ["PythonBackend"]


class PythonBackend:
    """Runs a program's entry function; what it returns is the answer.

    Args:
        pool: Where it runs. The backend closes it.
    """

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def run(self, formalization: Program, limits: Limits) -> Outcome:
        """Run a program; see :meth:`neurosym.backends.base.Backend.run`."""
        return await self._pool.run(RunProgram(formalization.source, formalization.entry), limits)

    async def aclose(self) -> None:
        """Stop the pool. Safe to call twice."""
        await self._pool.aclose()
