"""The model's own answers, asked for as many tokens as a vote took."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks.accuracy import Choice, Row, read, report
from benchmarks.baselines import BASELINES, compare
from benchmarks.wordproblems import by_id
from neurosym.candidate import Prompt
from neurosym.errors import InputError
from neurosym.testing import ScriptedEngine

QUESTION = "Premises:\nAda is a poet.\nStatement: Ada is a {}."
ITEMS = [
    {"id": "a", "question": QUESTION.format("poet"), "answer": "True", "kind": "logic"},
    {"id": "b", "question": QUESTION.format("pilot"), "answer": "Uncertain", "kind": "logic"},
]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    path = tmp_path / "dev.jsonl"
    path.write_text("".join(json.dumps(item) + "\n" for item in ITEMS))
    return path


@pytest.fixture
def result(tmp_path: Path) -> Path:
    vote = {"weighted vote": Choice(0.9, True)}
    rows = [
        Row("b", (True,), vote, {"unknown, right": 1}, {"vote": 40}),
        Row("a", (True,), vote, {"proved, right": 1}, {"vote": 4}),
    ]
    path = tmp_path / "result.json"
    engine = {"model": "scripted"}
    about = {"data": "d", "engine": engine, "settings": {"vote": {}}, "sessions": [{}]}
    path.write_text(json.dumps({**about, **report(rows)}))
    return path


def says(prompt: Prompt, seed: int) -> str:
    """Ten words, the last of which is wrong for one of the two."""
    return "false or not so , let me think : True"


def test_baselines_stand_beside_the_vote_at_its_tokens(
    data: Path, result: Path, tmp_path: Path
) -> None:
    measured = read(result)
    engine = ScriptedEngine(says)
    found = compare(by_id(data, ["b", "a"]), measured, engine, tmp_path / "run", seed=1)
    assert found["accuracy"]["chain of thought"]["right"] == 1
    assert found["accuracy"]["weighted vote"]["right"] == 2
    assert found["vote over chain of thought"]["value"] == 0.5
    at_most = BASELINES["chain of thought"].max_tokens
    for row in found["items"]:
        spent, budget = row["tokens"]["chain of thought"], row["tokens"]["vote"]
        assert budget <= spent < budget + at_most, "what is left is spent, and no sample more"
    assert [len(found["sessions"]), found["settings"]["baselines"]] == [2, {"seed": 1}]


def test_an_interrupted_comparison_asks_only_what_is_left(
    data: Path, result: Path, tmp_path: Path
) -> None:
    problems, measured, run = by_id(data, ["b", "a"]), read(result), tmp_path / "run"
    first = compare(problems, measured, ScriptedEngine(says), run, seed=1)
    log = run / "direct.jsonl"
    whole, last = log.read_bytes().splitlines(keepends=True)
    log.write_bytes(whole + last[:20])  # killed while it wrote
    engine = ScriptedEngine(says)
    again = compare(problems, measured, engine, run, seed=1)
    assert again["items"] == first["items"]
    asked = {request.prompt.messages[-1].content for request in engine.requests}
    assert len(asked) == 1, "the other one, and the chains of thought, were kept"
    assert len(log.read_bytes().splitlines()) == 2


def test_what_was_asked_with_another_seed_is_asked_again(
    data: Path, result: Path, tmp_path: Path
) -> None:
    problems, measured, run = by_id(data, ["b", "a"]), read(result), tmp_path / "run"
    compare(problems, measured, ScriptedEngine(says), run, seed=1)
    engine = ScriptedEngine(says)
    compare(problems, measured, engine, run, seed=2)
    assert len({request.prompt for request in engine.requests}) == 4, "both, in both ways"


def test_a_result_of_other_data_is_refused(data: Path) -> None:
    with pytest.raises(InputError, match="c is not in"):
        by_id(data, ["a", "c"])
