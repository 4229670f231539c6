"""Formal objects that are run, and answers that are compared, on the machines of a cluster."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from neurosym.backends.base import Limits
from neurosym.backends.provers import ProverName
from neurosym.candidate import Formalization, Outcome
from neurosym.cluster.connection import Cluster
from neurosym.cluster.team import Team
from neurosym.domains import Domains, default_translators
from neurosym.errors import BackendError
from neurosym.problem import Kind
from neurosym.runtime.domain import Domain
from neurosym.values import Value

__all__ = ["SPREAD", "Verifier", "spread", "verifiers"]

SPREAD = frozenset({Kind.MATH, Kind.LOGIC, Kind.OPTIMIZATION})
"""Kinds whose formal objects are run by workers. Lean is where its project is: on this machine."""


class Verifier:
    """Runs and compares, on one worker.

    Args:
        prover: What decides theories.
        solver: What solves optimization models; ``None`` chooses by their structure.
        unsafe: Run model output even where the machine offers no isolation for it.
    """

    def __init__(self, prover: ProverName, solver: str | None, *, unsafe: bool) -> None:
        self._domains = Domains(
            "", default_translators(), prover=prover, solver=solver, lean=None, unsafe=unsafe
        )

    async def run(self, kind: Kind, formal: Formalization, limits: Limits) -> Outcome:
        """Run a formal object; see :class:`neurosym.backends.base.Backend`."""
        return await (await self._domain(kind)).backend.run(formal, limits)

    async def group(self, kind: Kind, values: Sequence[Value]) -> tuple[int, ...]:
        """Classes of equal answers; see :class:`neurosym.runtime.domain.Comparison`."""
        return await (await self._domain(kind)).comparison.group(values)

    async def matches(
        self, kind: Kind, answer: Value, gold: Value, choices: Sequence[str] = ()
    ) -> bool:
        """Whether an answer is right; see :class:`neurosym.runtime.domain.Comparison`."""
        return await (await self._domain(kind)).comparison.matches(answer, gold, choices)

    async def _domain(self, kind: Kind) -> Domain:
        return await asyncio.to_thread(self._domains.of, kind)


@dataclass(frozen=True, slots=True)
class _Spread:
    """The backend and the comparison of a kind, as workers have them."""

    team: Team
    kind: Kind

    async def run(self, formalization: Formalization, limits: Limits) -> Outcome:
        outcome: Outcome = await self.team.call("run", self.kind, formalization, limits)
        return outcome

    async def group(self, values: Sequence[Value]) -> tuple[int, ...]:
        classes: tuple[int, ...] = await self.team.call("group", self.kind, tuple(values))
        return classes

    async def matches(self, answer: Value, gold: Value, choices: Sequence[str] = ()) -> bool:
        said: bool = await self.team.call("matches", self.kind, answer, gold, tuple(choices))
        return said

    async def aclose(self) -> None:
        """The team is closed by whoever has made it."""


def verifiers(cluster: Cluster, *, prover: ProverName, solver: str | None, unsafe: bool) -> Team:
    """A team of :class:`Verifier`.

    Args:
        cluster: Where they are.
        prover: What decides theories.
        solver: What solves optimization models; ``None`` chooses by their structure.
        unsafe: Run model output even where a machine offers no isolation for it.

    Raises:
        NeurosymError: None could be started.
    """
    make = partial(Verifier, prover, solver, unsafe=unsafe)
    return Team(cluster, make, what="verifiers", lost=BackendError)


def spread(team: Team, domains: Domains, kind: Kind) -> Domain:
    """A domain whose formal objects are run, and whose answers are compared, by workers.

    Args:
        team: Verifiers.
        domains: What solves problems here.
        kind: One of ``SPREAD``; others stay here.

    Raises:
        BackendError: What its problems are run on is not on this machine.
    """
    domain = domains.of(kind)
    if kind not in SPREAD:
        return domain
    there = _Spread(team, kind)
    return replace(domain, backend=there, comparison=there)
