"""The command line with optimization models of one's own: no model of language is needed."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

MODEL = """param capacity = 12 unit "trips"
var boats integer >= 0 <= capacity unit "trips" "boat trips"
var canoes integer >= 0 unit "trips"
maximize ducks: 10*boats + 8*canoes
time @2: 20*boats + 40*canoes <= 480 "There are 480 minutes."
share: canoes >= 0.6*(boats + canoes)
"""


def run(*args: str, given: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "neurosym", *args],
        input=given, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


@pytest.fixture
def model(tmp_path: Path) -> str:
    path = tmp_path / "ducks.opt"
    path.write_text(MODEL)
    return str(path)


def test_a_model_is_solved_and_what_limits_it_is_shown(model: str) -> None:
    done = run("solve", model)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("132 (solved)")
    assert "binding" in done.stdout
    assert "There are 480 minutes." in done.stdout
    assert "✓ feasibility" in done.stdout


def test_what_if_solves_again_with_another_number(model: str) -> None:
    done = run("solve", model, "--what-if", "capacity=3", "--what-if", "time=600", "--json")
    data = json.loads(done.stdout)
    assert data["values"]["boats"] == 3
    assert data["checks"]["agreement"][0] == "passed"
    done = run("solve", model, "--what-if", "speed=3")
    assert done.returncode == 2
    assert "there is no speed" in done.stderr


def test_an_infeasible_model_names_what_conflicts_and_exits_with_3(tmp_path: Path) -> None:
    path = tmp_path / "m.opt"
    path.write_text(MODEL + 'more: boats + canoes >= 30 "At least 30 trips."\n')
    done = run("solve", str(path))
    assert done.returncode == 3
    assert "infeasible" in done.stdout
    assert "At least 30 trips." in " ".join(done.stdout.split())
    assert "capacity" not in done.stdout.split("cannot hold together")[0]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("var x >= 0\nmaximize x +\n", "line 2"),
        ("var x >= 0\nmaximize y\n", "y is not declared"),
        ("var x >= 0\na: x <= 3\n", "no objective"),
        ("", "empty"),
    ],
)
def test_a_model_that_cannot_be_read_is_named_with_its_place(
    tmp_path: Path, text: str, said: str
) -> None:
    path = tmp_path / "m.opt"
    path.write_text(text)
    done = run("solve", str(path))
    assert done.returncode == 2
    assert said in done.stderr
    assert "hint:" in done.stderr


def test_a_solver_that_cannot_take_the_model_is_named(tmp_path: Path) -> None:
    path = tmp_path / "m.opt"
    path.write_text("var x >= 0 <= 3\nmaximize x * x\n")
    done = run("solve", str(path), "--solver", "cbc")
    assert done.returncode == 2
    assert "cbc cannot solve this model" in done.stderr


def test_a_model_is_explained_in_words_with_what_is_odd(tmp_path: Path) -> None:
    path = tmp_path / "m.opt"
    path.write_text(MODEL + "param spare = 3\n")
    done = run("explain", str(path))
    assert done.returncode == 0
    assert "boat trips" in done.stdout
    assert "the parameter spare is used nowhere" in done.stdout
    assert "1 linear, 1 ratio" in done.stdout


def test_a_solution_is_checked_in_exact_arithmetic(model: str, tmp_path: Path) -> None:
    right = tmp_path / "right.json"
    right.write_text('{"boats": 6, "canoes": 9, "objective": 132}')
    done = run("check", model, str(right))
    assert done.returncode == 0
    assert "every constraint and bound holds" in done.stdout
    for text, said in (
        ('{"boats": 6, "canoes": 9.5}', "time"),
        ('{"boats": 6, "canoes": 9, "objective": 133}', "said to be 133"),
    ):
        right.write_text(text)
        done = run("check", model, str(right))
        assert done.returncode == 3
        assert said in done.stdout


@pytest.mark.parametrize(
    "text", ["[1]", "{", '{"ships": 3}', '{"boats": "many"}', '{"boats": NaN}']
)
def test_a_solution_that_cannot_be_read_is_refused(model: str, tmp_path: Path, text: str) -> None:
    path = tmp_path / "s.json"
    path.write_text(text)
    done = run("check", model, str(path))
    assert done.returncode == 2
    assert "error:" in done.stderr


def test_a_model_is_written_in_another_format_and_read_back(model: str, tmp_path: Path) -> None:
    out = tmp_path / "ducks.json"
    assert run("formalize", model, "--to", "json", "-o", str(out)).returncode == 0
    back = run("formalize", str(out), "--to", "model")
    assert back.returncode == 0, back.stderr
    assert "time @2: 20 * boats + 40 * canoes <= 480" in back.stdout
    assert run("formalize", model, "--to", "tptp").returncode == 2


def test_a_plan_in_a_text_file_is_a_question(tmp_path: Path) -> None:
    plan = tmp_path / "plan.txt"
    plan.write_text("Make at most 4 boxes. Maximize the number of boxes.")
    done = run("solve", str(plan), "--engine", "replay")
    assert done.returncode == 2
    assert "recorded samples" in done.stderr


def test_every_language_is_a_target() -> None:
    from neurosym.cli.targets import Target
    from neurosym.formal.fol.dialects.registry import DialectName
    from neurosym.formal.optimization.formats.registry import ModelFormat

    assert set(Target) == {*DialectName, *ModelFormat}
