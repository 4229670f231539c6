"""The command line with Lean files of one's own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from neurosym.backends.lean.toolchain import LEAN_VARIABLE
from tests.backends.lean import fixture

RIGHT = """prelude
import Tiny
theorem swap (a b : Prop) (h : And a b) : And b a :=
  ⟨h.right, h.left⟩
"""


@pytest.fixture(scope="module")
def lean() -> list[str]:
    toolchain = fixture.toolchain()
    return ["--lean", str(toolchain.program), "--path", str(toolchain.search_path[0])]


def run(*args: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "neurosym", *map(str, args)],
        capture_output=True, text=True, timeout=120, check=False,
        env={"PATH": "/usr/bin:/bin", "HOME": str(Path.home()), **environment},
    )  # fmt: skip


def written(folder: Path, text: str, name: str = "mine.lean") -> Path:
    path = folder / name
    path.write_text(text)
    return path


def test_a_proof_is_proved(tmp_path: Path, lean: list[str]) -> None:
    done = run("check", written(tmp_path, RIGHT), *lean)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("swap: proved\n")
    assert " ✓ axioms: it rests on none" in done.stdout


def test_one_theorem_of_several_that_fails_fails_the_file(tmp_path: Path, lean: list[str]) -> None:
    path = written(tmp_path, f"{RIGHT}theorem bad (a : Prop) : a := swap\n")
    done = run("check", path, *lean)
    assert done.returncode == 3
    assert "swap: proved\n" in done.stdout
    assert "bad: not proved (failed)\n" in done.stdout
    assert " ✗ elaboration: line 5: " in done.stdout
    done = run("check", path, *lean, "--theorem", "swap")
    assert done.returncode == 0
    assert "bad" not in done.stdout


def test_a_proof_is_held_against_the_statement_that_was_asked_for(
    tmp_path: Path, lean: list[str]
) -> None:
    mine = written(tmp_path, RIGHT)
    asked = "prelude\nimport Tiny\ntheorem swap (a b : Prop) : And a b → And b a := sorry\n"
    assert run("check", mine, written(tmp_path, asked, "asked.lean"), *lean).returncode == 0
    other = asked.replace("And b a", "Or b a")
    done = run("check", mine, written(tmp_path, other, "other.lean"), *lean, "--json")
    assert done.returncode == 3
    data = json.loads(done.stdout)
    [found] = data["theorems"]
    assert (data["proved"], found["theorem"], found["status"]) == (False, "swap", "failed")
    assert found["checks"]["statement"][0] == "failed"
    assert "Or b a" in found["checks"]["statement"][1]
    assert found["checks"]["commands"] == ["passed", ""]


def test_lemmas_beside_the_theorem_that_was_asked_for_are_fine(
    tmp_path: Path, lean: list[str]
) -> None:
    text = "prelude\nimport Tiny\ntheorem help : True := True.intro\ntheorem goal : True := help\n"
    asked = written(tmp_path, "prelude\nimport Tiny\ntheorem goal : True := sorry\n", "a.lean")
    done = run("check", written(tmp_path, text), asked, *lean)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith("goal: proved\n")
    assert "help" not in done.stdout


def test_what_stands_for_a_proof_is_none(tmp_path: Path, lean: list[str]) -> None:
    text = "prelude\nimport Tiny\naxiom help : False\ntheorem t : False := help\n"
    path = written(tmp_path, text)
    done = run("check", path, *lean, "--axiom", "help")
    assert done.returncode == 3
    assert " ✗ placeholders: line 3: it assumes an axiom of its own, help" in done.stdout
    assert " ? statement: Lean did not get that far" in done.stdout


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "is empty"),
        ("def x := 1\n", "there is no theorem"),
        ("theorem t : True := /- trivial\n", "has no end"),
        ("import data.nat.basic\nlemma t : true :=\nbegin\n  trivial\nend\n", "Lean 3"),
    ],
)
def test_files_that_hold_no_theorem_are_refused(
    tmp_path: Path, lean: list[str], text: str, told: str
) -> None:
    done = run("check", written(tmp_path, text), *lean)
    assert done.returncode == 2, done.stdout
    assert told in done.stderr


def test_examples_among_several_theorems_have_to_be_named(tmp_path: Path, lean: list[str]) -> None:
    text = f"{RIGHT}example : False := sorry\nexample : True := True.intro\n"
    done = run("check", written(tmp_path, text), *lean)
    assert done.returncode == 2
    assert "some have no name" in done.stderr


def test_options_of_the_other_kind_are_refused(tmp_path: Path, lean: list[str]) -> None:
    model = written(tmp_path, "var x >= 0\nminimize x\n", "model.opt")
    done = run("check", model, "--theorem", "t")
    assert (done.returncode, "--theorem is for Lean files" in done.stderr) == (2, True)
    done = run("check", written(tmp_path, RIGHT), "--from", "lp", *lean)
    assert (done.returncode, "--from is for models" in done.stderr) == (2, True)


def test_a_theorem_that_is_not_there_is_named(tmp_path: Path, lean: list[str]) -> None:
    done = run("check", written(tmp_path, RIGHT), *lean, "--theorem", "swop")
    assert done.returncode == 2
    assert "Did you mean swap?" in done.stderr


def test_without_lean_it_says_how_to_get_one(tmp_path: Path) -> None:
    nowhere = {LEAN_VARIABLE: str(tmp_path / "none")}
    done = run("check", written(tmp_path, RIGHT), **nowhere)
    assert done.returncode == 5
    assert "none is no program" in done.stderr
    assert LEAN_VARIABLE in done.stderr


def test_what_a_project_has_built_may_be_imported(tmp_path: Path, lean: list[str]) -> None:
    built = tmp_path / ".lake" / "build" / "lib" / "lean"
    built.mkdir(parents=True)
    (tmp_path / "lakefile.toml").write_text('name = "mine"\n')
    (built / "Tiny.olean").write_bytes((Path(lean[3]) / "Tiny.olean").read_bytes())
    done = run("check", written(tmp_path, RIGHT), *lean[:2])
    assert done.returncode == 0, done.stdout + done.stderr
    assert "warning" not in done.stderr
