"""`neurosym calibrate`: a run whose answers are known makes later confidences honest."""

from __future__ import annotations

import json
import subprocess
import sys
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


def test_confidence_follows_what_was_measured(tmp_path: Path) -> None:
    path = tmp_path / "problems.jsonl"
    path.write_text(
        "".join(
            json.dumps({"question": problem.question, "answer": 5 * i}) + "\n"
            for i, problem in enumerate(problems(), start=20)
        )
    )
    engine = ScriptedEngine(overconfident)
    with Solver(SampleAndVote(samples=4), engine=engine, run=tmp_path / "run") as solver:
        before = [solution.confidence for solution in solver.solve_many(problems())]
    assert min(before) > 0.8

    shown = calibrate(tmp_path / "run", path)
    assert shown.returncode == Exit.ANSWERED, shown.stderr
    assert "fitted on 40 problems of math: Brier score 0.2" in shown.stdout
    assert "the checks accept 100% (84% to 100%) of right samples" not in shown.stdout
    assert "ends right on at most 50% of such problems" in shown.stdout

    with Solver(SampleAndVote(samples=4), engine=engine) as solver:
        after = [solution.confidence for solution in solver.solve_many(problems())]
    assert after == pytest.approx([0.5] * 40, abs=0.05)


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
