"""Benchmarks with a model take any strategy, with an engine that says what it is told to."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from benchmarks import wordproblems
from benchmarks.__main__ import app
from benchmarks.strategies import chosen_strategy
from neurosym import SampleAndVote
from neurosym.candidate import Prompt
from neurosym.engines.base import Engine
from neurosym.errors import OptionError
from neurosym.strategies.adaptive import Adaptive
from neurosym.strategies.spec import read_strategy
from neurosym.testing import ScriptedEngine, question_of

pytestmark = pytest.mark.usefixtures("own_cache")

ITEMS: list[dict[str, Any]] = [
    {"id": "easy", "question": "How many eggs are 3 dozen?", "answer": 36},
    {"id": "hard", "question": "How many eggs are 5 dozen?", "answer": 60},
]
CHOICES = ["A) 10", "B) 24", "C) 36", "D) 48"]
OPTIONS: list[dict[str, Any]] = [
    {"id": "letters", "question": "How many eggs are 3 dozen?", "choices": CHOICES, "answer": "C"}
]


def written(tmp_path: Path, items: list[dict[str, Any]]) -> Path:
    path = tmp_path / "set" / "items.jsonl"
    path.parent.mkdir(exist_ok=True)
    lines = (json.dumps({**item, "kind": "math"}) + "\n" for item in items)
    path.write_text("".join(lines))
    return path


def reply(prompt: Prompt, seed: int) -> str:
    """The easy one is always right; of the hard one no two samples say the same."""
    return f"    return {36 if '3 dozen' in question_of(prompt) else seed}\n```"


def letter(prompt: Prompt, seed: int) -> str:
    """The letter under which 36 stands."""
    shown = question_of(prompt)
    found = next(line for line in shown.splitlines() if line.strip().endswith("36"))
    return f"    return {found.strip().strip('(')[0]!r}\n```"


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> list[Engine]:
    """The engine that a benchmark opens."""
    engines: list[Engine] = [ScriptedEngine(reply)]

    @contextmanager
    def opened(model: str, threads: int | None) -> Iterator[Engine]:
        yield engines[0]

    monkeypatch.setattr(wordproblems, "opened", opened)
    return engines


def measured(tmp_path: Path, path: Path, *options: str) -> dict[str, Any]:
    out = tmp_path / "out.json"
    words = ["gsm8k", str(path), "--run", str(tmp_path / "run"), "--out", str(out), *options]
    found = CliRunner().invoke(app, words, catch_exceptions=False)
    assert found.exit_code == 0, found.output
    data: dict[str, Any] = json.loads(out.read_text())
    return data


def test_each_problem_may_have_another_number_of_samples(
    tmp_path: Path, engine: list[Engine]
) -> None:
    spec = "adaptive(max=6)"
    found = measured(tmp_path, written(tmp_path, ITEMS), "--strategy", spec, "--seed", "3")
    assert found["settings"]["strategy"] == "adaptive(seed=3, max=6)"
    drawn = {row["id"]: row["facts"]["samples drawn"] for row in found["items"]}
    assert drawn["easy"] < drawn["hard"] == 6
    facts = found["facts"]
    assert facts["samples drawn"]["mean"] == (drawn["easy"] + 6) / 2
    assert facts["completion tokens"]["mean"] > 0
    assert {"greedy", "majority", "weighted vote", "oracle"} <= found["accuracy"].keys()
    assert found["accuracy"]["weighted vote"]["right"] == 1


def test_options_may_come_in_another_order_for_each_sample(
    tmp_path: Path, engine: list[Engine]
) -> None:
    engine[0] = ScriptedEngine(letter)
    found = measured(tmp_path, written(tmp_path, OPTIONS), "--strategy", "vote(shuffle=True)")
    assert found["items"][0]["samples"] == [True] * 8
    assert found["accuracy"]["weighted vote"]["right"] == 1


@pytest.mark.parametrize(
    "spec", ["resample(max=3)", "assessed(max=3)", "shared(max=4, mean=2)", "vote(refine=1)"]
)
def test_what_else_draws_as_it_goes_is_measured(
    tmp_path: Path, engine: list[Engine], spec: str
) -> None:
    found = measured(tmp_path, written(tmp_path, ITEMS), "--strategy", spec, "--no-greedy")
    assert found["problems"] == 2
    assert found["settings"]["strategy"] == spec
    assert all(row["facts"]["samples drawn"] >= 1 for row in found["items"])


def test_options_fill_in_a_strategy() -> None:
    given = {"samples": None, "seed": 4, "refine": None}
    assert chosen_strategy(None, given, usual={"samples": 5}) == SampleAndVote(samples=5, seed=4)
    assert chosen_strategy("adaptive(stop=0.9)", given) == Adaptive(stop=0.9, seed=4)
    assert chosen_strategy(None, {"samples": 3}, usual={"samples": 5}).most == 3
    assert chosen_strategy("vote", given, usual={"samples": 5}) == read_strategy("vote(seed=4)")
    with pytest.raises(OptionError, match="beside it"):
        chosen_strategy("vote(seed=1)", given)
