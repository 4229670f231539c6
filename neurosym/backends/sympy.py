"""The backend ``sympy``: solves equations and simplifies expressions, in the sandbox's pool."""

from __future__ import annotations

from collections.abc import Mapping

from neurosym.backends.base import Limits
from neurosym.backends.pool import Call, Pool
from neurosym.candidate import Outcome
from neurosym.errors import BackendError
from neurosym.formal.equations import Equations
from neurosym.status import Status

__all__ = ["SympyBackend"]

_TARGET = "neurosym.backends.algebra:solve"


class SympyBackend:
    """Solves :class:`neurosym.formal.equations.Equations` exactly, with SymPy.

    ``SOLVED`` has the answer: one value, a set of values, a mapping from unknowns to values (a
    tuple of them where there are several solutions), or text for expressions and infinite sets;
    every solution was substituted back. ``INFEASIBLE`` is a proof that there is none. ``UNKNOWN``
    says that SymPy could not decide, ``MALFORMED`` that a relation cannot be read.

    Args:
        pool: Where it runs. The backend closes it.
    """

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def run(self, formalization: Equations, limits: Limits) -> Outcome:
        """Solve; see :meth:`neurosym.backends.base.Backend.run`."""
        call = Call(
            _TARGET,
            (
                formalization.relations,
                formalization.unknowns,
                formalization.asked,
                formalization.domain.value,
            ),
        )
        outcome = await self._pool.run(call, limits)
        if outcome.status is not Status.SOLVED:
            return outcome
        found = outcome.answer
        if not isinstance(found, Mapping) or "status" not in found:
            raise BackendError("the worker gave no result", hint="Report this with the equations.")
        evidence = dict(outcome.evidence)
        if "error" in found:
            evidence["error"] = str(found["error"])
        return Outcome(
            status=Status(str(found["status"])),
            answer=found.get("answer"),
            evidence=evidence,
            seconds=outcome.seconds,
            memory_bytes=outcome.memory_bytes,
        )

    async def aclose(self) -> None:
        """Stop the pool. Safe to call twice."""
        await self._pool.aclose()
