"""The backend ``python``: runs programs in the sandbox."""

from __future__ import annotations

from dataclasses import replace

from neurosym.backends.base import Limits
from neurosym.backends.pool import Pool, RunProgram
from neurosym.candidate import Outcome
from neurosym.formal.program import Program
from neurosym.status import Status

__all__ = ["PythonBackend"]


class PythonBackend:
    """Runs a program's entry function; what it returns is the answer.

    Args:
        pool: Where it runs. The backend closes it.
    """

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def run(self, formalization: Program, limits: Limits) -> Outcome:
        """Run a program; see :meth:`neurosym.backends.base.Backend.run`.

        A list or text with nothing in it is no answer: nothing was found, or solved.
        """
        job = RunProgram(formalization.source, formalization.entry)
        outcome = await self._pool.run(job, limits)
        if outcome.status is Status.SOLVED and outcome.answer in ((), ""):
            error = {"error": f"{formalization.entry}() returns nothing but an empty value"}
            evidence = {**outcome.evidence, **error}
            return replace(outcome, status=Status.FAILED, answer=None, evidence=evidence)
        return outcome

    async def aclose(self) -> None:
        """Stop the pool. Safe to call twice."""
        await self._pool.aclose()
