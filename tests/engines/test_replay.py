"""Recorded samples served as completions."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from neurosym.candidate import Message, Prompt
from neurosym.engines.base import Capability, Engine, SamplingParams
from neurosym.engines.replay import ReplayEngine
from neurosym.errors import EngineError, ModelNotFoundError, ProblemError
from neurosym.problem_file import parse_problem
from tests.engines.contract import SEA_PROBLEM, SamplesContract

EGGS = {"question": "How many eggs?", "samples": ["a", "b", "c", "d"], "tokens": [1, 2, 3, 4]}
PENS = {"question": "How many pens?", "extra": {"samples": ["x\u2028y", "z"], "model": "small"}}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "recorded.jsonl"
    lines = [json.dumps(EGGS), "", json.dumps(PENS, ensure_ascii=False)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


class TestContract(SamplesContract):
    @pytest.fixture
    def engine(self, tmp_path: Path) -> ReplayEngine:
        path = tmp_path / "sea.jsonl"
        samples = [f"It is wide {i}." for i in range(200)]
        path.write_text(json.dumps({"question": SEA_PROBLEM.question, "samples": samples}))
        return ReplayEngine(path)

    @pytest.fixture
    def own_engine(self, engine: ReplayEngine) -> ReplayEngine:
        return engine


def prompt(data: Mapping[str, Any]) -> Prompt:
    problem = parse_problem(dict(data), default_id="line-1")
    return Prompt((Message("user", "whatever"),), subject=problem.digest)


async def texts(engine: ReplayEngine, data: Mapping[str, Any], n: int, seed: int) -> list[str]:
    found = await engine.sample(prompt(data), SamplingParams(n=n, seed=seed))
    assert [item.seed for item in found] == list(range(seed, seed + n))
    return [item.text for item in found]


async def test_samples_are_those_of_the_problem_in_the_order_of_the_file(file: Path) -> None:
    engine = ReplayEngine(file)
    assert isinstance(engine, Engine)
    assert await texts(engine, EGGS, 4, 0) == ["a", "b", "c", "d"]
    assert await texts(engine, EGGS, 4, 7) == ["a", "b", "c", "d"]
    assert await texts(engine, PENS, 2, 0) == ["x\u2028y", "z"]


async def test_the_seed_says_which_are_served_and_none_comes_twice(file: Path) -> None:
    engine = ReplayEngine(file)
    assert await texts(engine, EGGS, 2, 0) == ["a", "b"]
    assert await texts(engine, EGGS, 2, 3) == ["d", "a"]
    assert await texts(engine, EGGS, 1, 6) == ["c"]
    # One at a time, as when a run goes on, they are the same as all at once.
    assert [*await texts(engine, EGGS, 1, 1), *await texts(engine, EGGS, 1, 2)] == (
        await texts(engine, EGGS, 2, 1)
    )


async def test_recorded_tokens_are_charged_and_no_prompt_is_read(file: Path) -> None:
    engine = ReplayEngine(file)
    found = await engine.sample(prompt(EGGS), SamplingParams(n=3, seed=0))
    assert [item.completion_tokens for item in found] == [1, 2, 3]
    assert {item.prompt_tokens for item in found} == {0}
    assert {item.finish_reason for item in found} == {"stop"}
    assert await engine.count_tokens(prompt(EGGS)) == 0
    [pens] = await engine.sample(prompt(PENS), SamplingParams(n=1, seed=0))
    assert pens.completion_tokens == 0, "where none were recorded"


async def test_recorded_log_probabilities_are_told_to_whoever_asks(tmp_path: Path) -> None:
    path = tmp_path / "told.jsonl"
    told = {**EGGS, "logprobs": [[-0.5, -1], [], [-2.0], [-0.25]]}
    path.write_text(json.dumps(told))
    engine = ReplayEngine(path)
    assert Capability.LOGPROBS in engine.info.can
    params = SamplingParams(n=2, seed=0, logprobs=True)
    found = await engine.sample(prompt(EGGS), params)
    assert [item.logprobs for item in found] == [(-0.5, -1.0), ()]
    assert found[0].mean_logprob == -0.75
    unasked = await engine.sample(prompt(EGGS), replace(params, logprobs=False))
    assert {item.logprobs for item in unasked} == {None}

    path.write_text(json.dumps(told) + "\n" + json.dumps(PENS))
    assert Capability.LOGPROBS not in ReplayEngine(path).info.can, "not every problem has them"


async def test_more_than_was_recorded_is_refused(file: Path) -> None:
    engine = ReplayEngine(file)
    with pytest.raises(EngineError, match="5 samples were asked for, of which 4") as caught:
        await engine.sample(prompt(EGGS), SamplingParams(n=5, seed=0))
    assert caught.value.hint == "Ask for at most 4 samples."
    with pytest.raises(EngineError, match="no recorded samples of this problem"):
        await engine.sample(prompt({"question": "Other?"}), SamplingParams(n=1, seed=0))
    with pytest.raises(EngineError, match="answer nothing else") as caught:
        await engine.sample(replace(prompt(EGGS), subject=""), SamplingParams(n=1, seed=0))
    assert "--refine" in caught.value.hint
    await engine.aclose()


def test_it_is_identified_by_the_file(file: Path) -> None:
    info = ReplayEngine(file).info
    assert (info.name, info.model) == ("replay", "recorded"), "two models are named, so neither"
    assert info.model_digest == hashlib.sha256(file.read_bytes()).hexdigest()
    file.write_text(json.dumps({**EGGS, "model": "large"}))
    assert ReplayEngine(file).info.model == "large"


def test_how_many_samples_there_are(file: Path) -> None:
    engine = ReplayEngine(file)
    assert engine.recorded(prompt(EGGS).subject) == 4
    assert engine.recorded("unknown") == 0


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "[1, 2]",
        '"text"',
        "{}",
        '{"question": "Q?"}',
        '{"question": "Q?", "samples": []}',
        '{"question": "Q?", "samples": "text"}',
        '{"question": "Q?", "samples": [1]}',
        '{"question": "Q?", "samples": ["a"], "tokens": [1, 2]}',
        '{"question": "Q?", "samples": ["a"], "tokens": ["many"]}',
        '{"question": "Q?", "samples": ["a"], "tokens": [-1]}',
        '{"question": "Q?", "samples": ["a"], "tokens": 5}',
        '{"question": "Q?", "samples": ["a"], "tokens": {"0": 1}}',
        '{"question": "Q?", "samples": ["a"], "logprobs": [[-1], [-2]]}',
        '{"question": "Q?", "samples": ["a"], "logprobs": [-1]}',
        '{"question": "Q?", "samples": ["a"], "logprobs": [["likely"]]}',
        '{"question": "Q?", "samples": ["a"], "logprobs": [[NaN]]}',
        '{"question": " ", "samples": ["a"]}',
        "[" * 100_000,
    ],
)
def test_a_line_that_is_no_problem_with_samples_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_text(json.dumps(EGGS) + "\n" + line)
    with pytest.raises(ProblemError) as caught:
        ReplayEngine(path)
    assert caught.value.hint


@pytest.mark.parametrize("content", [None, b"\xff\xfe"])
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "none.jsonl"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ModelNotFoundError, match=r"none\.jsonl cannot be read"):
        ReplayEngine(path)
