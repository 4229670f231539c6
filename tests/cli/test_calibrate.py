"""`neurosym calibrate`: a run whose answers are known makes later confidences honest."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from neurosym import Problem, SampleAndVote, Solver
from neurosym.candidate import Prompt
from neurosym.cli.exits import Exit
from neurosym.testing import ScriptedEngine, question_of

pytestmark = pytest.mark.usefixtures("own_cache")


def overconfident(prompt: Prompt, seed: int) -> str:
    """All programs agree; on every second problem they are wrong."""
    number = int(question_of(prompt).split()[3])
    return f"    return {number} * 5 + {number % 2}\n```"


def mended(prompt: Prompt, seed: int) -> str:
    """Programs fail, and when the model is told so they do as the overconfident ones."""
    if "ZeroDivisionError" not in prompt.messages[-1].content:
        return "    return 1 / 0\n```"
    return overconfident(replace(prompt, messages=prompt.messages[:-2]), seed)


def problems() -> list[Problem]:
    return [
        Problem(f"p{i}", f"A crate holds {i} eggs. How many eggs do 5 crates hold?")
        for i in range(20, 60)
    ]


def calibrate(run: Path, path: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "neurosym", "calibrate", str(run), str(path)],
        capture_output=True,
        text=True,
    )


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """The problems with their answers."""
    path = tmp_path / "problems.jsonl"
    path.write_text(
        "".join(
            json.dumps({"question": problem.question, "answer": 5 * i}) + "\n"
            for i, problem in enumerate(problems(), start=20)
        )
    )
    return path


def test_confidence_follows_what_was_measured(tmp_path: Path, path: Path) -> None:
    engine = ScriptedEngine(overconfident)
    with Solver(SampleAndVote(samples=4), engine=engine, run=tmp_path / "run") as solver:
        before = [solution.confidence for solution in solver.solve_many(problems())]
    assert min(before) > 0.8

    shown = calibrate(tmp_path / "run", path)
    assert shown.returncode == Exit.ANSWERED, shown.stderr
    assert "fitted on 40 problems of math: Brier score 0.2" in shown.stdout
    # The four samples of each of the 20 problems go together, so that they tell what 20 would.
    assert "the checks accept 100% (84% to 100%) of right samples" in shown.stdout
    assert "ends right on at most 50% of such problems" in shown.stdout
    assert "math: what 2 samples are worth, at 0.005 for each further one" in shown.stdout
    assert "anything else   2 samples  right on 50%\n" in shown.stdout
    assert "too few of the problems were refined" in shown.stdout

    with Solver(SampleAndVote(samples=4), engine=engine) as solver:
        after = [solution.confidence for solution in solver.solve_many(problems())]
    assert after == pytest.approx([0.5] * 40, abs=0.05)


def test_it_shows_what_is_worth_refining(tmp_path: Path, path: Path) -> None:
    engine = ScriptedEngine(mended)
    strategy = SampleAndVote(samples=2, refine=1)
    with Solver(strategy, engine=engine, run=tmp_path / "run") as solver:
        list(solver.solve_many(problems()))
    shown = calibrate(tmp_path / "run", path)
    assert shown.returncode == Exit.ANSWERED, shown.stderr
    worth = "1 round of refinement, 4.0 samples  right on 50% instead of 0%"
    assert f"0 agree, not sound  {worth}\n" in shown.stdout
    assert f"anything else       {worth}\n" in shown.stdout
    assert "too few" not in shown.stdout


def test_a_file_without_the_answers_is_named(tmp_path: Path) -> None:
    path = tmp_path / "problems.jsonl"
    # Lines are often numbered alike; another question under the same id is another problem.
    path.write_text('{"id": "p20", "question": "How many?", "answer": 1}\n')
    engine = ScriptedEngine(overconfident)
    with Solver(SampleAndVote(samples=1), engine=engine, run=tmp_path / "run") as solver:
        solver.solve(problems()[0])
    shown = calibrate(tmp_path / "run", path)
    assert shown.returncode == Exit.BAD_INPUT
    assert "no problem of" in shown.stderr
