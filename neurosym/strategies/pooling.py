"""Theories of one problem put together, since few samples get every sentence right.

LINC (Olausson et al. 2023, arXiv:2310.15164) votes over whole theories, so one sentence that is
translated badly costs the proof, whatever the other samples made of it. But samples err on
different sentences. Here each theory is strengthened by the formulas of the others, as far as all
can hold together; where its own claim follows then, that is one more candidate.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from neurosym.candidate import Candidate, Check, CheckState, Outcome, Verdict
from neurosym.checks.names import TheoryCheckName
from neurosym.errors import SortError
from neurosym.formal.fol.repairs import mend_theory
from neurosym.formal.fol.theory import Theory
from neurosym.runtime.together import together
from neurosym.status import Status

__all__ = ["pool_theories"]

_DECIDED = (Status.PROVED, Status.REFUTED)
_CONSISTENT = (*_DECIDED, Status.UNKNOWN)


async def pool_theories(
    candidates: Sequence[Candidate], run: Callable[[Theory], Awaitable[Outcome]]
) -> list[Candidate]:
    """Further candidates: theories with the formulas of others, where these decide their claim.

    Args:
        candidates: The samples of one problem; those without a consistent theory and a claim are
            left aside.
        run: Decides a theory.

    Returns:
        One for each sample whose claim follows, or is refuted, once formulas of at least one other
        are added. Its parent is that sample; its index goes on from the last.

    Raises:
        BackendError: The prover broke.
    """
    usable = [item for item in candidates if _theory(item) is not None]
    found = await together(_strengthen(item, usable, run) for item in usable)
    first = max((item.index for item in candidates), default=-1) + 1
    pooled = [item for item in found if item is not None]
    return [make(first + i) for i, make in enumerate(pooled)]


def _theory(candidate: Candidate) -> Theory | None:
    """The theory of a candidate, if it may be put together with others."""
    theory = candidate.formalization
    if not isinstance(theory, Theory) or theory.claim is None or theory.options:
        return None
    return theory if candidate.verdict.outcome.status in _CONSISTENT else None


async def _strengthen(
    candidate: Candidate,
    usable: Sequence[Candidate],
    run: Callable[[Theory], Awaitable[Outcome]],
) -> Callable[[int], Candidate] | None:
    others = [item for item in usable if item is not candidate]
    own = _theory(candidate)
    assert own is not None
    theory, outcome, used = own, None, others
    whole = _joined(own, others)
    tried = None if whole is None else await run(whole)
    if whole is not None and tried is not None and tried.status in _CONSISTENT:
        # What does not follow from all of them follows from none.
        theory, outcome = whole, tried
    else:
        used = []
        for other in others:
            larger = _joined(theory, [other])
            if larger is None or (tried := await run(larger)).status not in _CONSISTENT:
                continue
            theory, outcome = larger, tried
            used.append(other)
            if tried.status in _DECIDED:
                break  # and it stays so, whatever else is added
    if outcome is None or outcome.status not in _DECIDED:
        return None
    told = f"with formulas of {'sample' if len(used) == 1 else 'samples'} {_listed(used)}"
    verdict = Verdict(outcome, (Check(TheoryCheckName.POOLED, CheckState.PASSED, told),))

    def make(index: int) -> Candidate:
        return Candidate(
            index, candidate.completion, theory, verdict, candidate.index, candidate.variant
        )

    return make


def _joined(theory: Theory, others: Sequence[Candidate]) -> Theory | None:
    """A theory with the premises of others; ``None`` if they add nothing or do not fit to it."""
    premises = {item.formula: item for item in theory.premises}
    before = len(premises)
    for other in others:
        addition = _theory(other)
        assert addition is not None
        for item in addition.premises:
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
