"""Nouns as JSON data and back, for run logs and machine-readable output."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

from neurosym.candidate import (
    Candidate,
    Check,
    CheckState,
    Completion,
    Formalization,
    Outcome,
    Verdict,
)
from neurosym.formal.fol.data import theory_from_json, theory_to_json
from neurosym.formal.fol.theory import Theory
from neurosym.formal.lean.proof import Proof
from neurosym.formal.lean.statement import Statement
from neurosym.formal.optimization.language.printer import print_model
from neurosym.formal.optimization.language.reader import read_model
from neurosym.formal.optimization.model import Model
from neurosym.formal.program import Program
from neurosym.runtime.runlog import read_run
from neurosym.solution import Abstention, AbstentionReason, Selection, Solution, Usage
from neurosym.status import Status
from neurosym.values import decode, encode

__all__ = [
    "candidate_from_json",
    "candidate_to_json",
    "read_solutions",
    "solution_from_json",
    "solution_to_json",
]


def candidate_to_json(candidate: Candidate) -> dict[str, Any]:
    """A candidate as JSON data."""
    verdict = candidate.verdict
    return {
        "index": candidate.index,
        "parent": candidate.parent,
        "variant": candidate.variant,
        "route": candidate.route,
        "completion": asdict(candidate.completion),
        **_formalization_to_json(candidate.formalization),
        "outcome": _outcome_to_json(verdict.outcome),
        "checks": [asdict(check) for check in verdict.checks],
        "score": verdict.score,
    }


def candidate_from_json(data: dict[str, Any]) -> Candidate:
    """The inverse of :func:`candidate_to_json`."""
    return Candidate(
        index=data["index"],
        parent=data["parent"],
        variant=data.get("variant", 0),  # runs of before have neither
        route=data.get("route"),
        completion=Completion.from_json(data["completion"]),
        formalization=_formalization_from_json(data),
        verdict=Verdict(
            outcome=_outcome_from_json(data["outcome"]),
            checks=tuple(
                Check(item["name"], CheckState(item["state"]), item["detail"])
                for item in data["checks"]
            ),
            score=data["score"],
        ),
    )


def _formalization_to_json(formalization: Formalization | None) -> dict[str, Any]:
    if isinstance(formalization, Theory):
        return {"theory": theory_to_json(formalization)}
    if isinstance(formalization, Model):
        return {"model": print_model(formalization)}
    if isinstance(formalization, Proof):
        return {"proof": formalization.to_json()}
    if isinstance(formalization, Statement):
        return {"statement": formalization.to_json()}
    return {"program": None if formalization is None else asdict(formalization)}


def _formalization_from_json(data: dict[str, Any]) -> Formalization | None:
    if "theory" in data:
        return theory_from_json(data["theory"])
    if "model" in data:
        return read_model(data["model"])
    if "proof" in data:
        return Proof.from_json(data["proof"])
    if "statement" in data:
        return Statement.from_json(data["statement"])
    return None if data["program"] is None else Program(**data["program"])


def _outcome_to_json(outcome: Outcome) -> dict[str, Any]:
    return {
        "status": outcome.status,
        "answer": encode(outcome.answer),
        "evidence": dict(outcome.evidence),
        "seconds": outcome.seconds,
        "memory_bytes": outcome.memory_bytes,
    }


def _outcome_from_json(data: dict[str, Any]) -> Outcome:
    return Outcome(
        status=Status(data["status"]),
        answer=decode(data["answer"]),
        evidence=data["evidence"],
        seconds=data["seconds"],
        memory_bytes=data["memory_bytes"],
    )


def read_solutions(run: Path) -> tuple[dict[str, Any], dict[str, Solution]]:
    """What a run depends on, and its solutions, under the digests of their problems.

    Raises:
        RunLogError: There is no such run, or its log is damaged.
    """
    depends_on, records = read_run(run)
    return depends_on, {key: solution_from_json(data) for key, data in records.items()}


def solution_to_json(solution: Solution) -> dict[str, Any]:
    """A solution as JSON data, candidates included."""
    abstention = solution.abstention
    return {
        "id": solution.problem_id,
        "answer": encode(solution.answer),
        "abstention": None if abstention is None else asdict(abstention),
        "confidence": solution.confidence,
        "selection": asdict(solution.selection),
        "labels": list(solution.labels),
        "usage": asdict(solution.usage),
        "candidates": [candidate_to_json(item) for item in solution.candidates],
    }


def solution_from_json(data: dict[str, Any]) -> Solution:
    """The inverse of :func:`solution_to_json`."""
    abstention = data["abstention"]
    selection = data["selection"]
    return Solution(
        problem_id=data["id"],
        answer=decode(data["answer"]),
        abstention=None
        if abstention is None
        else Abstention(AbstentionReason(abstention["reason"]), abstention["detail"]),
        confidence=data["confidence"],
        selection=Selection(
            **{**selection, **{name: tuple(selection[name]) for name in ("weights", "votes")}}
        ),
        labels=tuple(data["labels"]),
        candidates=tuple(candidate_from_json(item) for item in data["candidates"]),
        usage=Usage(**data["usage"]),
    )
