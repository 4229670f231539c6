"""`neurosym trust`: answers to act on, by a run whose answers are known."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from neurosym import Problem, SampleAndVote, Solver
from neurosym.candidate import Prompt
from neurosym.cli.app import app
from neurosym.cli.exits import Exit
from neurosym.testing import ScriptedEngine, question_of

pytestmark = pytest.mark.usefixtures("own_cache")


def problems(first: int) -> list[Problem]:
    return [
        Problem(f"p{i}", f"A crate holds {i} eggs. How many eggs do 5 crates hold?")
        for i in range(first, first + 30)
    ]


def shaky(prompt: Prompt, seed: int) -> str:
    """Samples agree where the number is even and are right there; else they differ, and err."""
    number = int(question_of(prompt).split()[3])
    return f"    return {number} * 5 + {0 if number % 2 == 0 else 1 + seed % 4}\n```"


@pytest.fixture
def runs(tmp_path: Path) -> tuple[Path, Path, Path]:
    for name, first in (("known", 20), ("new", 60)):
        engine = ScriptedEngine(shaky)
        with Solver(SampleAndVote(samples=8), engine=engine, run=tmp_path / name) as solver:
            list(solver.solve_many(problems(first)))
    path = tmp_path / "problems.jsonl"
    lines = [
        {"question": problem.question, "answer": 5 * i}
        for i, problem in enumerate(problems(20), start=20)
    ]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return tmp_path / "new", tmp_path / "known", path


def test_the_answers_that_samples_agree_on_are_chosen(runs: tuple[Path, Path, Path]) -> None:
    result = CliRunner().invoke(app, ["trust", *map(str, runs), "--fdr", "0.2", "--json"])
    assert result.exit_code == Exit.ANSWERED, result.output
    told = [json.loads(line) for line in result.stdout.splitlines()]
    assert len(told) == 30
    assert all(item["act"] == (int(item["id"][1:]) % 2 == 0) for item in told)
    assert "15 of 30 answers can be acted on, at most 20 % of them wrong" in result.stderr
    assert "by 15 wrong ones of 30 labelled answers" in result.stderr


def test_a_person_sees_a_table(runs: tuple[Path, Path, Path]) -> None:
    result = CliRunner().invoke(app, ["trust", *map(str, runs)])
    assert "act on it" in result.stdout
    assert "p60" in result.stdout


def test_a_file_without_the_answers_is_named(runs: tuple[Path, Path, Path], tmp_path: Path) -> None:
    empty = tmp_path / "other.jsonl"
    empty.write_text('{"question": "How many?", "answer": 1}\n')
    result = CliRunner().invoke(app, ["trust", str(runs[0]), str(runs[1]), str(empty)])
    assert "no problem of" in str(result.exception)


def test_runs_that_were_not_made_alike_are_refused(
    runs: tuple[Path, Path, Path], tmp_path: Path
) -> None:
    new, known, path = runs
    with Solver(
        SampleAndVote(samples=4), engine=ScriptedEngine(shaky), run=tmp_path / "other"
    ) as solver:
        list(solver.solve_many(problems(60)))
    result = CliRunner().invoke(app, ["trust", str(tmp_path / "other"), str(known), str(path)])
    assert "the runs differ in strategy" in str(result.exception)
    result = CliRunner().invoke(app, ["trust", str(known), str(known), str(path)])
    assert "problems in common" in str(result.exception)
    result = CliRunner().invoke(app, ["trust", str(new), str(known), str(path), "--fdr", "2"])
    assert "the level is 2" in str(result.exception)
