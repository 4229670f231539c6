"""``neurosym solve --lean FILE``: answers as theorems."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from neurosym.backends.lean.toolchain import LEAN_VARIABLE
from neurosym.formal.lean.theorem import read_theorem

MATH = "A school buys 14 boxes of 24 pencils and gives away 280. How many are left?"
PROGRAM = """```python
def solution():
    pencils = 14 * 24
    return pencils - 280
```"""
LOGIC = (
    "All cats are animals. Rex is a dog. Tom is a cat. "
    "Is the following statement True, False or Uncertain? Tom is an animal."
)
THEORY = """SYMBOLS: Cat(x), Animal(x), Dog(x)
TEXT: All cats are animals.
FOL: all x. (Cat(x) -> Animal(x))
TEXT: Rex is a dog.
FOL: Dog(Rex)
TEXT: Tom is a cat.
FOL: Cat(Tom)
TEXT: Tom is an animal.
FOL: Animal(Tom)
"""


def solve(
    folder: Path, kind: str, question: str, sample: str, *args: str
) -> tuple[subprocess.CompletedProcess[str], Path]:
    recorded = folder / "samples.jsonl"
    line = {"id": "q", "kind": kind, "question": question, "samples": [sample]}
    recorded.write_text(json.dumps(line) + "\n")
    out = folder / "answer.lean"
    done = subprocess.run(
        [sys.executable, "-m", "neurosym", "solve", question, "--kind", kind, "--engine", "replay",
         "--model", str(recorded), "--samples", "1", "--lean", str(out), *args],
        capture_output=True, text=True, timeout=120, check=False,
        env={"PATH": "/usr/bin:/bin", "HOME": str(Path.home()), LEAN_VARIABLE: "/no/lean"},
    )  # fmt: skip
    return done, out


def test_the_arithmetic_of_a_word_problem_is_stated(tmp_path: Path) -> None:
    done, out = solve(tmp_path, "math", MATH, PROGRAM)
    assert done.returncode == 0, done.stderr
    theorem = read_theorem(out.read_text())
    assert theorem.statement.endswith("= 56")
    assert "14 * 24" in theorem.binders
    assert theorem.proof is None
    # Without a Lean nobody has proved it, and that is said.
    assert "states the answer without a proof, and ends in sorry: /no/lean" in done.stderr


def test_a_claim_is_stated_with_the_premises_it_follows_from(tmp_path: Path) -> None:
    done, out = solve(tmp_path, "logic", LOGIC, THEORY)
    assert done.returncode == 0, done.stderr
    theorem = read_theorem(out.read_text())
    assert "Animal Tom" in theorem.statement
    assert "Cat Tom" in theorem.binders
    assert "Dog" not in theorem.opening, "that premise is not used"


@pytest.mark.parametrize(
    ("sample", "told"),
    [
        ("```python\ndef solution():\n    return sum([1, 2])\n```", "no theorem is written: "),
        ("nothing", "there is no answer that one could state"),
    ],
)
def test_what_cannot_be_stated_is_said(tmp_path: Path, sample: str, told: str) -> None:
    done, out = solve(tmp_path, "math", MATH, sample)
    assert told in done.stderr
    assert not out.exists()


def test_a_file_of_problems_has_no_one_theorem(tmp_path: Path) -> None:
    problems = tmp_path / "p.jsonl"
    problems.write_text(json.dumps({"question": MATH}) + "\n")
    done = subprocess.run(
        [sys.executable, "-m", "neurosym", "solve", str(problems), "--lean", "x.lean"],
        capture_output=True, text=True, timeout=60, check=False, cwd=tmp_path,
    )  # fmt: skip
    assert done.returncode == 2
    assert "--lean is for a question" in done.stderr
