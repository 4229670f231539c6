"""Ten thousand problems of 64 samples are selected from in seconds."""

from __future__ import annotations

import time
import tracemalloc
from dataclasses import replace

import numpy as np
import pytest

from neurosym.selection.ballots import Ballots
from neurosym.selection.named import Select, named_selector
from neurosym.selection.weighted import VerifierWeighted

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
    begin = time.process_time()
    choices = named_selector(word, VerifierWeighted()).choose(ballots)
    # Of the processor, which other work on the machine does not slow as it does the clock.
    assert time.process_time() - begin < 5
    assert (choices.candidates >= 0).all()


def test_answers_that_are_intervals_take_seconds(ballots: Ballots) -> None:
    ends = np.random.default_rng(0).integers(0, 30, (PROBLEMS, CLASSES, 2)).cumsum(axis=2)
    answers = tuple(tuple(f"[{low}, {high}]" for low, high in problem) for problem in ends.tolist())
    begin = time.process_time()
    choices = named_selector(Select.RISK, VerifierWeighted()).choose(
        replace(ballots, answers=answers)
    )
    assert time.process_time() - begin < 5
    assert (choices.shares > 0).all()


@pytest.mark.parametrize("word", Select)
def test_each_rule_takes_little_memory(word: Select, ballots: Ballots) -> None:
    tracemalloc.start()
    try:
        named_selector(word, VerifierWeighted()).choose(ballots)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 10**9
