"""Theories of one problem put together, since few samples get every sentence right.

LINC (Olausson et al. 2023, arXiv:2310.15164) votes over whole theories, so one sentence that is
translated badly costs the proof, whatever the other samples made of it. But samples err on
different sentences. Here each theory is strengthened by the formulas of the others, as far as all
can hold together; where its own claim follows then, that is one more candidate.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace

from neurosym.candidate import Candidate, Check, CheckState, Outcome, Verdict
from neurosym.checks.names import TheoryCheckName
from neurosym.errors import SortError
from neurosym.formal.fol.repairs import mend_theory
from neurosym.formal.fol.syntax import Formula
from neurosym.formal.fol.theory import Theory
from neurosym.runtime.together import together
from neurosym.status import Status

__all__ = ["pool_theories"]

_DECIDED = (Status.PROVED, Status.REFUTED)
_MOST = 16
"""Samples that are put together at most: where they contradict each other, each is tried apart."""
_CONSISTENT = (*_DECIDED, Status.UNKNOWN)


async def pool_theories(
    candidates: Sequence[Candidate], run: Callable[[Theory], Awaitable[Outcome]]
) -> list[Candidate]:
    """Further candidates: theories with the formulas of others, where these decide their claim.

    Args:
        candidates: The samples of one problem; those without a consistent theory and a claim are
            left aside.
        run: Decides a theory; the same one again costs nothing.

    Returns:
        One for each sample whose claim follows, or is refuted, once formulas of at least one other
        are added. Its parent is that sample; its index goes on from the last.

    Raises:
        BackendError: The prover broke.
    """
    usable = [item for item in candidates if _theory(item) is not None][:_MOST]
    pooled: list[tuple[Candidate, _Pool]] = []
    for claim in dict.fromkeys(_claim(item) for item in usable):
        same = [item for item in usable if _claim(item) == claim]
        whole = _joined(_of(same[0]), usable)
        outcome = None if whole is None else await run(whole)
        if whole is not None and outcome is not None and outcome.status in _CONSISTENT:
            # What does not follow from all of them follows from none.
            found = [(item, _Pool(whole, usable, outcome)) for item in same]
        elif outcome is not None and outcome.status is not Status.CONTRADICTION:
            continue  # no more can be said of it in the time there is
        else:
            pools = await together(_as_many_as_fit(item, usable, run) for item in same)
            found = list(zip(same, pools, strict=True))
        pooled += [(item, pool) for item, pool in found if pool.decides(item)]
    pooled.sort(key=lambda pair: pair[0].index)
    first = max((item.index for item in candidates), default=-1) + 1
    return [pool.candidate(first + i, item) for i, (item, pool) in enumerate(pooled)]


def _theory(candidate: Candidate) -> Theory | None:
    """The theory of a candidate, if it may be put together with others."""
    theory = candidate.formalization
    if not isinstance(theory, Theory) or theory.claim is None or theory.options:
        return None
    return theory if candidate.verdict.outcome.status in _CONSISTENT else None


def _of(candidate: Candidate) -> Theory:
    theory = _theory(candidate)
    assert theory is not None
    return theory


def _claim(candidate: Candidate) -> Formula:
    claim = _of(candidate).claim
    assert claim is not None
    return claim.formula


@dataclass(frozen=True, slots=True)
class _Pool:
    """A theory with formulas of several samples, and what the prover found of it."""

    theory: Theory
    of: Sequence[Candidate]
    outcome: Outcome | None = None

    def decides(self, candidate: Candidate) -> bool:
        """Whether it decides its claim, with formulas that the candidate does not have itself."""
        if self.outcome is None or self.outcome.status not in _DECIDED:
            return False
        return len(self.theory.premises) > len({p.formula for p in _of(candidate).premises})

    def candidate(self, index: int, parent: Candidate) -> Candidate:
        """It as a candidate, whose parent's claim it has."""
        assert self.outcome is not None
        others = [item for item in self.of if item is not parent]
        told = f"with formulas of {'sample' if len(others) == 1 else 'samples'} {_listed(others)}"
        check = Check(TheoryCheckName.POOLED, CheckState.PASSED, told)
        return Candidate(
            index,
            parent.completion,
            self.theory,
            Verdict(self.outcome, (check,)),
            parent.index,
            parent.variant,
        )


async def _as_many_as_fit(
    candidate: Candidate,
    usable: Sequence[Candidate],
    run: Callable[[Theory], Awaitable[Outcome]],
) -> _Pool:
    """A candidate's theory with those of others that contradict neither it nor each other.

    They are tried half by half, since most fit; once the claim is decided it stays so, whatever
    else were added.
    """
    pool = _Pool(_of(candidate), [candidate])
    waiting = [[item for item in usable if item is not candidate]]
    while waiting and not (pool.outcome is not None and pool.outcome.status in _DECIDED):
        group = waiting.pop()
        larger = _joined(pool.theory, group)
        outcome = None if larger is None else await run(larger)
        if larger is not None and outcome is not None and outcome.status in _CONSISTENT:
            pool = _Pool(larger, [*pool.of, *group], outcome)
            continue
        may_fit_in_part = outcome is None or outcome.status is Status.CONTRADICTION
        if len(group) > 1 and may_fit_in_part:
            middle = len(group) // 2
            waiting += [group[middle:], group[:middle]]
    return replace(pool, of=sorted(pool.of, key=lambda item: item.index))


def _joined(theory: Theory, others: Sequence[Candidate]) -> Theory | None:
    """A theory with the premises of others; ``None`` if they add nothing or do not fit to it."""
    premises = {item.formula: item for item in theory.premises}
    before = len(premises)
    for other in others:
        for item in _of(other).premises:
            premises.setdefault(item.formula, item)
    if len(premises) == before:
        return None
    new = [*premises.values()][before:]
    try:
        return mend_theory(
            (*theory.premises, *new), theory.claim, source=theory.source, repairs=theory.repairs
        )
    except SortError:
        return None  # they do not speak of the same sorts of things


def _listed(candidates: Sequence[Candidate]) -> str:
    *most, last = [str(item.index) for item in candidates]
    return f"{', '.join(most)} and {last}" if most else last
