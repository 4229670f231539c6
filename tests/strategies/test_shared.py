"""Samples for all problems together, spent where the vote is least sure."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from neurosym import Shared, Solution, Solver
from neurosym.candidate import Prompt
from neurosym.errors import OptionError
from neurosym.testing import ScriptedEngine, question_of

pytestmark = pytest.mark.usefixtures("own_cache")


def questions(names: Sequence[str]) -> list[str]:
    return [f"A {name} crate holds 12 eggs. How many eggs do 5 crates hold?" for name in names]


def scripted() -> ScriptedEngine:
    """Easy crates are answered alike; of the others every second sample is another."""
    turns: dict[str, int] = {}

    def script(prompt: Prompt, _: int) -> str:
        question = question_of(prompt)
        turns[question] = turn = turns.get(question, 0) + 1
        extra = 0 if "easy" in question else turn % 2
        return f"    return 12 * 5 + {extra}\n```"

    return ScriptedEngine(script)


def solve(
    names: Sequence[str], engine: ScriptedEngine | None = None, **values: object
) -> list[Solution]:
    with Solver(Shared(**values), engine=scripted()) as solver:  # type: ignore[arg-type]
        found = list(solver.solve_many(questions(names)))
    return sorted(found, key=lambda solution: solution.problem_id)


def drawn(found: Sequence[Solution]) -> list[int]:
    return [len(solution.candidates) for solution in found]


def test_what_easy_problems_leave_goes_to_the_others() -> None:
    found = solve(["easy", "easy one", "hard"], mean=8)
    assert drawn(found) == [4, 4, 16], "four alike are settled at 0.95"
    assert [solution.answer for solution in found[:2]] == [60, 60]


def test_all_together_never_draw_more_than_they_bring() -> None:
    found = solve(["hard", "harder", "hardest"], mean=5)
    assert drawn(found) == [5, 5, 5]


def test_no_problem_draws_more_than_its_most() -> None:
    assert drawn(solve(["easy", "easy one", "hard"], mean=8, max=10)) == [3, 3, 10]


def test_a_single_problem_draws_its_own() -> None:
    assert drawn(solve(["hard"], mean=6)) == [6]
    assert drawn(solve(["easy"], mean=6)) == [4]


def test_an_interrupted_run_draws_nothing_twice(tmp_path: Path) -> None:
    names = ["easy", "hard"]
    with Solver(Shared(mean=6), engine=scripted(), run=tmp_path) as solver:
        before = sorted(solver.solve_many(questions(names)), key=lambda item: item.problem_id)
    log = tmp_path / "log.jsonl"
    whole = log.read_text().splitlines(keepends=True)
    log.write_text("".join(line for line in whole if '"solution"' not in line))
    with Solver(Shared(mean=6), engine=ScriptedEngine([]), run=tmp_path) as solver:
        again = sorted(solver.solve_many(questions(names)), key=lambda item: item.problem_id)
    assert drawn(again) == drawn(before) == [4, 8]


@pytest.mark.parametrize(
    "values",
    [{"first": 0}, {"mean": 1}, {"mean": 40}, {"stop": 0.4}, {"exploration": float("nan")}],
)
def test_impossible_values_are_refused(values: dict[str, float]) -> None:
    with pytest.raises(OptionError):
        Shared(**values)  # type: ignore[arg-type]


def test_what_one_call_leaves_is_not_for_the_next() -> None:
    with Solver(Shared(mean=8), engine=scripted()) as solver:
        for question in questions(["easy", "easy one"]):
            assert len(solver.solve(question).candidates) == 4
        assert len(solver.solve(questions(["hard"])[0]).candidates) == 8


def test_what_the_log_holds_of_an_unfinished_problem_is_taken_again(tmp_path: Path) -> None:
    names = ["easy", "easy one", "hard"]
    with Solver(Shared(mean=8), engine=scripted(), run=tmp_path) as solver:
        before = sorted(solver.solve_many(questions(names)), key=lambda item: item.problem_id)
    log = tmp_path / "log.jsonl"
    lines = log.read_text().splitlines(keepends=True)
    last = before[2].problem_id
    kept = [line for line in lines if not ('"solution"' in line and f'"id":"{last}"' in line)]
    assert len(kept) == len(lines) - 1
    log.write_text("".join(kept))
    with Solver(Shared(mean=8), engine=ScriptedEngine([]), run=tmp_path) as solver:
        again = sorted(solver.solve_many(questions(names)), key=lambda item: item.problem_id)
    assert drawn(again) == drawn(before) == [4, 4, 16]
