"""Ten thousand problems of 64 samples are selected from in seconds."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from numpy.typing import NDArray

from neurosym.candidate import CheckState
from neurosym.checks.names import CheckName
from neurosym.selection.ballots import Ballots
from neurosym.selection.named import Select, named_selector
from neurosym.selection.pass_matrix import B4, CodeT, MaxPass, MbrExec, PassRule, best_solution
from neurosym.selection.weighted import VerifierWeighted
from neurosym.values import Value
from tests.builders import candidate, labels
from tests.timing import timed

PROBLEMS, SAMPLES, CLASSES = 10_000, 64, 8


@pytest.fixture(scope="module")
def ballots() -> Ballots:
    random = np.random.default_rng(0)
    shape = (PROBLEMS, SAMPLES)
    members = random.integers(0, 9, (PROBLEMS, CLASSES, 3)).tolist()
    return Ballots(
        labels=random.integers(-1, CLASSES, shape),
        is_there=np.ones(shape, dtype=bool),
        is_drawn=np.ones(shape, dtype=bool),
        samples=np.broadcast_to(np.arange(SAMPLES), shape),
        logprobs=np.log(random.beta(8, 2, shape)),
        texts=random.integers(0, 60, shape),
        variants=random.integers(0, 4, shape),
        ways=random.integers(0, 2, shape),
        states=random.integers(0, 3, shape),
        features=((), ("numbers=failed",), ("units=failed",)),
        answers=tuple(tuple(map(frozenset, problem)) for problem in members),
    )


@pytest.mark.parametrize("word", Select)
def test_each_rule_takes_seconds(word: Select, ballots: Ballots) -> None:
    seconds, choices = timed(partial(named_selector(word, VerifierWeighted()).choose, ballots))
    assert seconds < 5
    assert (choices.candidates >= 0).all()


def interval(numbers: list[int]) -> Value:
    low, length, *_ = numbers
    return f"[{low}, {low + length + 1}]"


PARTED: dict[str, Callable[[list[int]], Value]] = {
    "intervals": interval,
    "tuples": tuple,
    "tuples of intervals": lambda numbers: (interval(numbers[:2]), interval(numbers[2:])),
    "plans": lambda numbers: dict(zip("abcdef", numbers, strict=True)),
    "plans with unlike names": lambda numbers: {
        f"{name}{numbers[0] % 3}": number for name, number in zip("abcdef", numbers, strict=True)
    },
    "plans that hold tuples": lambda numbers: {
        name: (number, 1) for name, number in zip("abcdef", numbers, strict=True)
    },
}


@pytest.mark.parametrize("kind", PARTED)
def test_answers_that_have_parts_take_seconds(kind: str, ballots: Ballots) -> None:
    numbers = np.random.default_rng(0).integers(0, 9, (PROBLEMS, CLASSES, 6)).tolist()
    answers = tuple(tuple(map(PARTED[kind], problem)) for problem in numbers)
    risk = named_selector(Select.RISK, VerifierWeighted())
    seconds, choices = timed(partial(risk.choose, replace(ballots, answers=answers)))
    assert seconds < 5
    assert (choices.shares > 0).all()


def solutions(rule: PassRule, passes: NDArray[np.bool_]) -> list[tuple[int | None, float]]:
    return [best_solution(rule, matrix) for matrix in passes]


@pytest.mark.parametrize("rule", [B4(), CodeT(), MaxPass(), MbrExec()], ids=str)
def test_rules_of_passed_tests_take_seconds(rule: PassRule) -> None:
    passes = np.random.default_rng(0).random((PROBLEMS, SAMPLES, 40)) < 0.5
    seconds, chosen = timed(partial(solutions, rule, passes))
    assert seconds < 5
    assert all(place is not None for place, _ in chosen)


def test_candidates_become_ballots_in_seconds() -> None:
    checks = dict.fromkeys(map(str, CheckName), CheckState.PASSED)
    drawn = [candidate(i, i % 4, checks=checks, logprobs=(-0.5,) * 80) for i in range(SAMPLES)]
    seconds, ballots = timed(partial(Ballots.of, [(drawn, labels(drawn))] * PROBLEMS))
    assert seconds < 5
    assert ballots.labels.shape == (PROBLEMS, SAMPLES)


@pytest.mark.parametrize("word", Select)
def test_each_rule_takes_little_memory(word: Select, ballots: Ballots) -> None:
    tracemalloc.start()
    try:
        named_selector(word, VerifierWeighted()).choose(ballots)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 10**9
