"""Sampling until the vote is settled."""

from __future__ import annotations

from pathlib import Path

import pytest

from neurosym import Adaptive, Budget, CheckState, Select, Solution, Solver
from neurosym.candidate import Prompt
from neurosym.errors import OptionError
from neurosym.testing import ScriptedEngine

pytestmark = pytest.mark.usefixtures("own_cache")

QUESTION = "A crate holds 12 eggs. How many eggs do 5 crates hold?"


def scripted(answers: list[str]) -> ScriptedEngine:
    """An engine whose samples give these answers, in order of their seeds.

    They use the numbers of the question, as one that does not fails a check.
    """

    def script(_: Prompt, seed: int) -> str:
        answer = answers[(seed - engine.requests[0].params.seed) % len(answers)]
        return f"    return {answer} + 12 * 5 - 60\n```"

    engine = ScriptedEngine(script)
    return engine


def solve(answers: list[str], **options: object) -> Solution:
    with Solver(Adaptive(**options), engine=scripted(answers)) as solver:  # type: ignore[arg-type]
        return solver.solve(QUESTION)


@pytest.mark.parametrize(
    ("answers", "options", "drawn"),
    [
        (["60"] * 16, {}, 3),
        (["60"] * 16, {"growth": 2}, 4),
        (["60"] * 16, {"stop": 0.99}, 6),
        (["60"] * 16, {"stop": 0.8}, 2),
        (["60"] * 16, {"first": 5}, 5),
        (["60", "61"] * 8, {}, 16),
        (["60", "61"] * 8, {"max": 6}, 6),
        (["60", "61"] * 8, {"max": 1}, 1),
        (["1/0"] * 16, {}, 16),
        # At 1 nothing is probable enough, but 7 of 12 votes cannot be caught up with.
        (["60"] * 16, {"stop": 1, "select": Select.MAJORITY}, 9),
        (["60"] * 12, {"stop": 1, "select": Select.MAJORITY, "first": 7, "max": 12}, 7),
        (["60"] * 12, {"stop": 1, "select": Select.VERIFIED, "first": 7, "max": 12}, 12),
        # What is written again may vote again, so that nothing is decided before.
        (["60"] * 12, {"stop": 1, "select": Select.MAJORITY, "max": 5, "refine": 1}, 5),
        (["60"] * 12, {"stop": 1, "select": Select.MAJORITY, "max": 5}, 3),
        # Of two that are left none can make up for four.
        (["60"] * 12, {"max": 6, "stop": 0.99}, 4),
        (["60"] * 12, {"max": 6, "stop": 0.99, "refine": 1}, 6),
        # Of three answers, 6 to 1 and 1 is enough against the next, and not against both.
        (["60"] * 5 + ["61", "62", "60"] + ["60"] * 56, {"first": 8, "max": 64, "stop": 0.96}, 8),
        (
            ["60"] * 5 + ["61", "62", "60"] + ["60"] * 56,
            {"first": 8, "max": 64, "stop": 0.96, "dirichlet": True},
            12,
        ),
        # Texts that are the same settle a problem, though they weigh once.
        (["60"] * 16, {"select": Select.RPC}, 3),
    ],
)
def test_rounds_end_when_the_leader_is_ahead(
    answers: list[str], options: dict[str, object], drawn: int
) -> None:
    solution = solve(answers, **options)
    assert [item.index for item in solution.candidates if item.parent is None] == list(range(drawn))


def test_the_answer_is_the_votes_over_what_was_drawn() -> None:
    solution = solve(["61", "60", "60", "60"] + ["60"] * 12)
    assert solution.answer == 60
    assert solution.usage.samples == 6, "3 of 4 are not yet enough: 0.85"


def test_samples_without_an_answer_settle_nothing() -> None:
    solution = solve(["1/0", "1/0", "1/0", "60"] + ["1/0"] * 12)
    assert solution.usage.samples == 16
    assert solution.answer == 60


def test_samples_that_all_fail_a_check_settle_less() -> None:
    """A negative number of eggs fails a check, and samples that fail none may outweigh it."""
    solution = solve(["0 - 60"] * 4 + ["60"] * 12)
    assert any(check.state is CheckState.FAILED for check in solution.candidates[0].verdict.checks)
    assert len(solution.candidates) > 4
    assert solution.answer == 60


def test_the_budget_ends_the_rounds_too() -> None:
    engine = scripted(["60", "61"] * 8)
    with Solver(Adaptive(max_tokens=100), engine=engine, budget=Budget(tokens=700)) as solver:
        solution = solver.solve(QUESTION)
    assert 0 < len(solution.candidates) < 16
    assert solution.usage.tokens <= 700


def test_an_interrupted_run_draws_the_same_rounds_from_its_log(tmp_path: Path) -> None:
    engine = scripted(["60", "61", "60", "60"] + ["60"] * 12)
    with Solver(Adaptive(), engine=engine, run=tmp_path) as solver:
        before = solver.solve(QUESTION)
    log = tmp_path / "log.jsonl"
    whole = log.read_text().splitlines(keepends=True)
    log.write_text("".join(line for line in whole if '"solution"' not in line))
    with Solver(Adaptive(), engine=ScriptedEngine([]), run=tmp_path) as solver:
        again = solver.solve(QUESTION)
    assert again.answer == before.answer
    assert [c.completion for c in again.candidates] == [c.completion for c in before.candidates]


@pytest.mark.parametrize(
    "options", [{"max": 0}, {"first": 0}, {"stop": 0.5}, {"stop": 1.1}, {"growth": 0.5}]
)
def test_impossible_values_are_refused(options: dict[str, float]) -> None:
    with pytest.raises(OptionError, match=r"(max|first|stop|growth) is"):
        Adaptive(**options)  # type: ignore[arg-type]
