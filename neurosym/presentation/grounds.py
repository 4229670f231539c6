"""What an answer rests on, as data, and what speaks against trusting it, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from neurosym.backends.optimization.findings import found_of
from neurosym.candidate import CheckState
from neurosym.formal.fol.theory import Theory
from neurosym.solution import Solution
from neurosym.status import Status

__all__ = ["contrary_samples", "doubts", "grounds"]


def doubts(solution: Solution) -> tuple[str, ...]:
    """What failed of the candidate that an answer rests on, and what its other samples found.

    Empty where nothing is known to speak against it, and for abstentions.
    """
    chosen = solution.candidate
    if chosen is None or solution.abstention is not None:
        return ()
    failed = (check for check in chosen.verdict.checks if check.state is CheckState.FAILED)
    told = tuple(f"{check.name}: {check.detail or 'failed'}" for check in failed)
    return told + contrary_samples(solution)


def contrary_samples(solution: Solution) -> tuple[str, ...]:
    """That samples that find a contradiction weigh as much as the answer's, where they do."""
    label = solution.selection.label
    if label is None or solution.abstention is not None:
        return ()
    against = [
        weight
        for item, weight in zip(solution.candidates, solution.selection.votes, strict=True)
        if item.verdict.outcome.status is Status.CONTRADICTION
    ]
    if not against or sum(against) < solution.selection.weights[label]:
        return ()
    count, of = len(against), len(solution.candidates)
    return (f"{count} of {of} samples find that the premises contradict each other",)


def grounds(solution: Solution) -> Mapping[str, Any]:
    """The decision, or the premises used, by names that a program can rely on.

    ``decision`` holds the variables of an optimization model with their values; ``premises`` the
    sentences, or formulas, that a proof used. Empty where an answer rests on something else.
    """
    chosen = solution.candidate
    if chosen is None or solution.abstention is not None:
        return {}
    outcome = chosen.verdict.outcome
    if (known := found_of(outcome)) is not None:
        model, found = known
        decision = found.decision(model.instance)
        return {"decision": {name: float(value) for name, value in decision.items()}}
    theory = chosen.formalization
    if isinstance(theory, Theory) and (used := outcome.evidence.get("used")):
        from neurosym.formal.fol.english import sentence_of

        premises = [theory.premises[int(number) - 1] for number in used.split()]
        return {"premises": list(map(sentence_of, premises))}
    return {}
