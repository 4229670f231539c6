"""Word problems by programs and by reasoning in prose, which check each other."""

from __future__ import annotations

from pathlib import Path

import pytest

from neurosym import SampleAndVote, Select, Solution, Solver, Status
from neurosym.runtime.runlog import read_run
from neurosym.testing import ScriptedEngine
from neurosym.translators.chain_of_thought import ChainOfThoughtTranslator
from neurosym.translators.word_problem import WordProblemTranslator

pytestmark = pytest.mark.usefixtures("own_cache")

QUESTION = "A crate holds 12 eggs. How many eggs do 5 crates hold?"
PROSE = "1. The crates hold 12 * 5 = 60 eggs.\nThe answer is 60."


def solve(engine: ScriptedEngine, strategy: SampleAndVote, run: Path | None = None) -> Solution:
    translator = WordProblemTranslator()
    with Solver(strategy, translator=translator, engine=engine, run=run) as solver:
        return solver.solve(QUESTION)


def test_an_answer_that_both_routes_give_beats_one_that_programs_alone_give_often() -> None:
    programs = iter(["12 * 5", *["12 * 10"] * 3])
    prose = iter([PROSE, PROSE.replace("60", "61")] * 2)
    engine = ScriptedEngine(
        lambda prompt, seed: f"    return {next(programs)}\n" if prompt.prefix else next(prose)
    )
    found = solve(engine, SampleAndVote(samples=8, select=Select.CROSSED))
    assert found.answer == 60
    assert {item.route for item in found.candidates if item.answer == 60} == {0, 1}
    assert {item.route for item in found.candidates if item.answer == 120} == {0}
    assert {item.variant for item in found.candidates if item.answer == 120} == {0, 2}
    assert sum(item.verdict.score for item in found.candidates if item.answer == 120) == 0


def test_a_wrong_calculation_is_no_vote_and_the_model_is_told_what_it_comes_to() -> None:
    said = iter([PROSE.replace("60", "61"), PROSE])
    engine = ScriptedEngine(lambda prompt, seed: next(said))
    strategy = SampleAndVote(samples=1, refine=1)
    translator = ChainOfThoughtTranslator()
    with Solver(strategy, translator=translator, engine=engine) as solver:
        found = solver.solve(QUESTION)
    first, second = found.candidates
    assert first.verdict.outcome.status is Status.FAILED
    assert (second.answer, second.parent, second.route) == (60, 0, None)
    told = engine.requests[1].prompt.messages[-1].content
    assert told == (
        'The calculation "12 * 5 = 61" is wrong: 12 * 5 comes to 60\nWrite it all again.'
    )


def test_a_run_keeps_the_routes(tmp_path: Path) -> None:
    engine = ScriptedEngine(lambda prompt, seed: PROSE if not prompt.prefix else "    return 60\n")
    found = solve(engine, SampleAndVote(samples=4), tmp_path / "run")
    asked = len(engine.requests)
    again = solve(engine, SampleAndVote(samples=4), tmp_path / "run")
    assert len(engine.requests) == asked
    assert [item.route for item in again.candidates] == [item.route for item in found.candidates]
    assert sorted(item.route or 0 for item in found.candidates) == [0, 0, 1, 1]
    assert len(read_run(tmp_path / "run")[1]) == 1
