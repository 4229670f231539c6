"""Samples in flight are dropped once the leader can no longer be caught, and change nothing."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from neurosym import Adaptive, SampleAndVote, Select, SelfVerify, Solver
from neurosym.candidate import Prompt
from neurosym.engines.base import Capability, EngineInfo
from neurosym.errors import OptionError
from neurosym.selection.majority import Majority
from neurosym.selection.stopping import lead_probability
from neurosym.selection.weighted import VerifierWeighted
from neurosym.testing import PacedEngine, ScriptedEngine

QUESTION = "How many eggs are 3 dozen?"
QUESTIONS = [f"How many eggs are {i} dozen?" for i in range(2, 22)]


def program(answer: int, lines: int = 1) -> str:
    return "".join(f"    x{i} = {i}\n" for i in range(lines)) + f"    return {answer}\n```"


def solve(strategy: SampleAndVote, engine: Any, **options: Any) -> Any:
    with Solver(strategy, engine=engine, **options) as solver:
        return solver.solve(QUESTION)


def agreeing(prompt: Prompt, seed: int) -> str:
    """The same answer from all, the later ones after many more tokens."""
    return program(36, 1 + 10 * (seed % 8))


@pytest.mark.parametrize("select", [Select.MAJORITY, Select.VERIFIED])
def test_what_cannot_change_the_answer_is_dropped(select: Select) -> None:
    patient = solve(SampleAndVote(select=select, seed=8), PacedEngine(agreeing, pace=0.02))
    early = solve(
        SampleAndVote(select=select, seed=8, early=True), PacedEngine(agreeing, pace=0.02)
    )
    assert patient.answer == early.answer == 36
    assert len(patient.candidates) == 8
    assert 5 <= len(early.candidates) < 8
    assert len(early.candidates) <= early.usage.samples <= 8
    ended = sum(item.completion.completion_tokens for item in early.candidates)
    assert ended < early.usage.completion_tokens < patient.usage.completion_tokens
    assert early.usage.prompt_tokens == patient.usage.prompt_tokens


@pytest.mark.parametrize(
    "strategy", [SampleAndVote(early=True), Adaptive(early=True)], ids=lambda item: item.name
)
def test_an_engine_that_drops_nothing_is_refused(strategy: SampleAndVote | Adaptive) -> None:
    class Patient(ScriptedEngine):
        @property
        def info(self) -> EngineInfo:
            return replace(super().info, can=super().info.can - {Capability.ABORT})

    engine = Patient(agreeing)
    with (
        pytest.raises(OptionError, match="needs abort") as caught,
        Solver(strategy, engine=engine) as solver,
    ):
        solver.solve(QUESTION)
    assert "leave out early" in str(caught.value.hint)
    assert engine.requests == []


def test_a_leader_that_can_be_caught_is_waited_for() -> None:
    def divided(prompt: Prompt, seed: int) -> str:
        return program(36 if seed % 2 else 35, 1 + 5 * (seed % 8))

    strategy = SampleAndVote(early=True, select=Select.MAJORITY)
    early = solve(strategy, PacedEngine(divided, pace=0.0002))
    assert len(early.candidates) == 8


def test_the_answer_is_that_of_all_samples() -> None:
    chance = random.Random(7)
    samples = {
        seed: (chance.randint(1, 3), chance.randint(1, 30)) for seed in range(10 * len(QUESTIONS))
    }

    def say(prompt: Prompt, seed: int) -> str:
        answer, lines = samples[seed % len(samples)]
        return program(answer, lines)

    for select in (Select.MAJORITY, Select.VERIFIED):
        answers, drawn = [], []
        for early in (False, True):
            strategy = SampleAndVote(samples=5, select=select, early=early)
            with Solver(strategy, engine=PacedEngine(say, pace=0.0001)) as solver:
                solved = sorted(solver.solve_many(QUESTIONS), key=lambda item: item.problem_id)
            answers.append([item.answer for item in solved])
            drawn.append(sum(len(item.candidates) for item in solved))
        assert answers[0] == answers[1]
        assert drawn[1] < drawn[0]


def test_rounds_end_as_soon_as_all_that_may_come_cannot_catch_the_leader() -> None:
    strategy = Adaptive(max=8, first=8, stop=1, select=Select.MAJORITY, seed=8)
    patient = solve(strategy, PacedEngine(agreeing, pace=0.02))
    early = solve(replace(strategy, early=True), PacedEngine(agreeing, pace=0.02))
    assert patient.answer == early.answer == 36
    assert 5 <= len(early.candidates) < len(patient.candidates) == 8


def test_a_round_in_flight_ends_once_its_lead_is_probable_enough() -> None:
    """Of 16 at once three that agree are enough; that they cannot be caught takes nine."""
    strategy = Adaptive(max=16, first=16, select=Select.MAJORITY, seed=16, early=True)

    def spread(prompt: Prompt, seed: int) -> str:
        return program(36, 1 + 10 * (seed % 16))

    solution = solve(strategy, PacedEngine(spread, pace=0.02))
    assert solution.answer == 36
    assert 3 <= len(solution.candidates) < 9
    assert lead_probability([len(solution.candidates)], 16 - len(solution.candidates)) >= 0.95


def test_a_run_goes_on_with_what_had_ended(tmp_path: Path) -> None:
    strategy = SampleAndVote(seed=8, early=True)
    engine = PacedEngine(agreeing, pace=0.02)
    first = solve(strategy, engine, run=tmp_path / "run")
    asked = len(engine.requests)
    again = solve(strategy, engine, run=tmp_path / "run")
    assert again.answer == first.answer
    assert len(engine.requests) == asked


def test_of_an_engine_that_cannot_drop_any_all_are_taken() -> None:
    assert len(solve(SampleAndVote(early=True), ScriptedEngine(agreeing)).candidates) == 8


@pytest.mark.parametrize(
    "values",
    [
        {"refine": 1},
        {"self_verify": SelfVerify.ALL},
        {"select": Select.BEST},
        {"last_temperature": 0.1},
        {"abstain_below": 0.5},
    ],
)
def test_where_the_leader_may_change_afterwards_it_is_refused(values: dict[str, Any]) -> None:
    with pytest.raises(OptionError, match="dropped early") as caught:
        SampleAndVote(early=True, **values)
    assert caught.value.hint


def test_what_one_candidate_can_weigh_at_most() -> None:
    assert Majority().heaviest == 1
    factors = {"units=failed": 0.5, "units=passed": 1.5, "numbers=failed": 0.1, "a=x": 2.0}
    assert VerifierWeighted(factors).heaviest == 3.0
    assert VerifierWeighted({}).heaviest == 1.0
