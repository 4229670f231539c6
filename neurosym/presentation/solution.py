"""A solution and its vote as tables, for terminals and notebooks."""

from __future__ import annotations

import math
from collections import Counter

from neurosym.candidate import Candidate, CheckState
from neurosym.presentation.text import format_answer, printable
from neurosym.solution import Solution
from neurosym.tables import Table, html_of_tables

__all__ = ["headline", "html_of_solution", "vote_table", "why_not"]


def headline(solution: Solution) -> str:
    """The answer, or why there is none."""
    reason = solution.abstention
    if reason is not None:
        return f"no answer: {reason.reason.value} ({reason.detail})"
    return format_answer(solution.answer)


def why_not(solution: Solution) -> str:
    """Why the likeliest sample without an answer has none; empty if some sample has one.

    Of the samples that ended as most did, it is the one that the model found likeliest: what
    conflicts in its model, what nothing keeps in bounds, or why it could not be read.
    """
    if any(label >= 0 for label in solution.labels):
        return ""
    told = [item for item in solution.candidates if _reason(item)]
    if not told:
        return ""
    [(status, _)] = Counter(item.verdict.outcome.status for item in told).most_common(1)
    alike = [item for item in told if item.verdict.outcome.status is status]
    return _reason(max(alike, key=_likelihood))


def _reason(candidate: Candidate) -> str:
    evidence = candidate.verdict.outcome.evidence
    return evidence.get("reason") or evidence.get("error", "")


def _likelihood(candidate: Candidate) -> float:
    known = candidate.completion.mean_logprob
    return -math.inf if known is None else known


def vote_table(solution: Solution) -> Table:
    """Each answer with its samples, its share of the vote and its failed checks; the chosen first.

    Samples without an answer stand last.
    """
    groups: dict[int, list[Candidate]] = {}
    for label, candidate in zip(solution.labels, solution.candidates, strict=True):
        groups.setdefault(label, []).append(candidate)
    weights = solution.selection.weights
    rows = []
    chosen = solution.selection.label

    def place(label: int) -> tuple[bool, bool, float]:
        return label != chosen, label < 0, -weights[label] if label >= 0 else 0.0

    for label in sorted(groups, key=place):
        members = groups[label]
        share = f"{sum(member.verdict.score for member in members):.0%}"
        answer = _failures(members) if label < 0 else format_answer(members[0].answer)
        checks = "" if label < 0 else _failed_checks(members)
        rows.append((answer, str(len(members)), share, checks))
    return Table("the vote", ("answer", "samples", "vote", "checks failed"), tuple(rows))


def html_of_solution(solution: Solution) -> str:
    """The answer, its confidence, the decision it stands for, and the vote, for a notebook."""
    heading = headline(solution)
    if solution.abstention is None:
        heading = f"{heading} (confidence {solution.confidence:.2f})"
    tables = [*_decision(solution), *([vote_table(solution)] if solution.candidates else [])]
    if why := why_not(solution):
        tables.insert(0, Table("why", (), (), printable(why)))
    return html_of_tables(heading, tables, "neurosym-solution")


def _decision(solution: Solution) -> list[Table]:
    # These take numpy, which a solution of another kind has no need of.
    from neurosym.backends.optimization.findings import found_of
    from neurosym.presentation.decision import decision_table, limits_table

    chosen = solution.candidate
    known = None if chosen is None else found_of(chosen.verdict.outcome)
    if known is None or not known[1].values:
        return []
    return [decision_table(*known), limits_table(*known)]


def _failures(members: list[Candidate]) -> str:
    counts = Counter(candidate.verdict.outcome.status.value for candidate in members)
    return "none: " + ", ".join(f"{count} {status}" for status, count in counts.items())


def _failed_checks(members: list[Candidate]) -> str:
    counts = Counter(
        check.name
        for candidate in members
        for check in candidate.verdict.checks
        if check.state is CheckState.FAILED
    )
    return ", ".join(f"{name} ×{count}" for name, count in counts.items())
