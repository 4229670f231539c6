"""The command line with optimization models of one's own: no model of language is needed."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from neurosym.candidate import Outcome
from neurosym.cli import planning
from neurosym.formal.optimization.language.reader import read_model
from neurosym.formal.optimization.model import Model
from neurosym.optimizing import solve_model
from neurosym.status import Status

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


def solved_as(monkeypatch: pytest.MonkeyPatch, status: Status) -> Model:
    """A model whose solver is made to end in some way, at a point where it comes to 14."""
    model = read_model("var x >= 0 <= 7\nmaximize gain: 2 x")
    known = solve_model(model)
    answer = known.outcome.answer if status is Status.SOLVED else None
    made = replace(known, outcome=Outcome(status, answer=answer))
    monkeypatch.setattr(planning, "solve_model", lambda *_, **__: made)
    return model


@pytest.mark.parametrize(
    ("status", "objective", "values_are", "there"),
    [
        (Status.SOLVED, 14, "optimum", 14), (Status.TIMEOUT, None, "best found", 14),
        (Status.UNBOUNDED, None, "a point", 14), (Status.FAILED, None, None, None),
    ],
)  # fmt: skip
def test_what_is_no_optimum_is_not_told_as_one(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    status: Status,
    objective: int | None,
    values_are: str | None,
    there: int | None,
) -> None:
    model = solved_as(monkeypatch, status)
    planning.run_solve(model, changes=(), solver=None, seconds=5, as_json=True)
    data = json.loads(capsys.readouterr().out)
    assert data["objective"] == objective
    assert (data["values_are"], data["objective_there"]) == (values_are, there)
    assert data["values"] == ({"x": 7} if values_are else {})
    planning.run_solve(model, changes=(), solver=None, seconds=5, as_json=False)
    shown = capsys.readouterr().out
    assert ("gain" in shown) == (values_are is not None)
    assert ("no optimum; " in shown) == (status in (Status.TIMEOUT, Status.UNBOUNDED))


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


def test_a_model_that_cannot_hold_is_not_said_to(tmp_path: Path) -> None:
    path = tmp_path / "m.opt"
    path.write_text("var x >= 2 <= 1\nmaximize x\n")
    done = run("check", str(path))
    assert done.returncode == 3
    assert "contradiction: no value keeps to the bounds 2 <= x <= 1" in done.stdout
    assert "holds together" not in done.stdout


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


HELPED = """var x >= 0 <= 30
var on binary
var rev >= 0
maximize z: rev - 5 * on
c: rev <= piecewise(x, (0, 0), (10, 50), (30, 110))
d: if on = 0 then x <= 0
"""


def test_what_is_found_of_logic_and_pieces_is_right_by_check(tmp_path: Path) -> None:
    model, solution = tmp_path / "m.opt", tmp_path / "s.json"
    model.write_text(HELPED)
    done = run("solve", str(model), "--json")
    data = json.loads(done.stdout)
    assert data["values"] == {"x": 30, "on": 1, "rev": 110}
    assert [item["name"] for item in data["limits"]] == ["c", "d", "x"]
    assert data["limits"][0]["slack"] == 0
    solution.write_text(done.stdout)
    done = run("check", str(model), str(solution))
    assert done.returncode == 0, done.stdout
    solution.write_text('{"x": 30, "rev": 110}')
    done = run("check", str(model), str(solution))
    assert done.returncode == 3
    assert "✗ d: if on = 0 then x <= 0 does not hold" in done.stdout


def test_a_point_where_something_is_not_defined_fails_and_is_no_defect(tmp_path: Path) -> None:
    model, solution = tmp_path / "m.opt", tmp_path / "s.json"
    model.write_text("var x >= 0 <= 1\nminimize 1/x\nc: log(x) <= 3\n")
    solution.write_text('{"x": 0}')
    done = run("check", str(model), str(solution))
    assert done.returncode == 3
    assert "c: is not defined at this point" in done.stdout
    assert "the objective is not defined at this point" in done.stdout


@pytest.mark.parametrize(
    "name", ["nothere.lp", "nothere.json", "nothere.py", "plans/nothere", "nothere.txt"]
)
def test_a_file_that_is_not_there_is_no_question(name: str, tmp_path: Path) -> None:
    samples = tmp_path / "samples.jsonl"
    samples.write_text(json.dumps({"id": "0", "question": "1 + 1?", "samples": ["2"]}) + "\n")
    done = run("solve", name, "--engine", "replay", "--model", str(samples))
    assert done.returncode == 2
    assert name in done.stderr
    assert "no file" in done.stderr or "No such file" in done.stderr


def test_a_model_in_json_is_solved_as_others_are(model: str, tmp_path: Path) -> None:
    out = tmp_path / "ducks.json"
    run("formalize", model, "--to", "json", "-o", str(out))
    done = run("solve", str(out))
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("132 (solved)")
    assert "boat trips" in run("explain", str(out)).stdout
    out.write_text(out.read_text()[:-20])
    done = run("solve", str(out))
    assert done.returncode == 2
    assert "this is no JSON: " in done.stderr


def test_a_program_that_builds_a_model_is_run_for_it(model: str, tmp_path: Path) -> None:
    plan = tmp_path / "plan.py"
    run("formalize", model, "--to", "pulp", "-o", str(plan))
    done = run("solve", str(plan), "--what-if", "time=600", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["objective"] == 158
    assert "run in the sandbox" in done.stderr
    assert "1 linear, 1 ratio" in run("explain", str(plan)).stdout
    assert "time: 20 * boats + 40 * canoes <= 480" in run("formalize", str(plan)).stdout
    solution = tmp_path / "s.json"
    solution.write_text('{"boats": 6, "canoes": 10}')
    assert "✗ time" in run("check", str(plan), str(solution)).stdout
    assert "holds together" in run("check", "-", "--from", "pulp", given=plan.read_text()).stdout


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("x = 3\n", "builds no LpProblem"),
        ("import pulp\nopen('prices.csv')\n", "line 2: FileNotFoundError"),
        ("import pulp\nplan = pulp.LpProblem('plan')\n", "there is no objective"),
    ],
)
def test_a_program_that_builds_no_model_is_no_question(
    tmp_path: Path, source: str, said: str
) -> None:
    plan = tmp_path / "plan.py"
    plan.write_text(source)
    done = run("solve", str(plan))
    assert done.returncode == 2
    assert said in done.stderr
    assert "hint:" in done.stderr


@pytest.mark.parametrize(
    ("text", "is_model"),
    [
        ('{"variables": [], "objective": {}}', True),
        ('{"question": "How many?", "objective": 1}', False),
        ('{"question": "1?"}\n{"question": "2?"}', False),
        ('{"question": "1?"}\n{"question": "2', False),
        ('{\n "variables": [\n', True),
        ("[1, 2]", False),
        ("", True),
    ],
)
def test_json_is_a_model_by_what_it_holds(text: str, is_model: bool) -> None:
    from neurosym.formal.optimization.formats.registry import holds_json_model

    assert holds_json_model(text) is is_model


@pytest.mark.parametrize(
    "text",
    [
        '{"values": [1]}', "[1]", "{", '{"ships": 3}', '{"boats": "many"}', '{"boats": NaN}',
        '{"boats": 6, "canoes": 9, "boats": 5}',
    ],
)  # fmt: skip
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


def test_a_great_number_that_is_not_whole_is_no_solution(tmp_path: Path) -> None:
    model, solution = tmp_path / "big.opt", tmp_path / "big.json"
    model.write_text("var x integer >= 0\nvar y integer >= 0\nmaximize x + y\nc: x + y <= 10000003")
    solution.write_text('{"x": 10000000.4, "y": 2}')
    done = run("check", str(model), str(solution))
    assert done.returncode == 3
    assert "10000000.4 is not whole" in done.stdout


def test_a_solver_may_be_told_how_far_to_go(model: str) -> None:
    assert run("solve", model, "--solver", "highs(gap=0.1)").returncode == 0
    wrong = run("solve", model, "--solver", "highs(gap=3)")
    assert wrong.returncode == 2
    assert "gap is 3" in wrong.stderr


def test_a_plan_in_a_text_file_is_a_question(tmp_path: Path) -> None:
    plan = tmp_path / "plan.txt"
    plan.write_text("Make at most 4 boxes. Maximize the number of boxes.")
    done = run("solve", str(plan), "--engine", "replay")
    assert done.returncode == 2
    assert "needs that file" in done.stderr


def test_every_language_is_a_target() -> None:
    from neurosym.cli.targets import Target
    from neurosym.formal.fol.dialects.registry import DialectName
    from neurosym.formal.optimization.formats.registry import ModelFormat

    assert set(Target) == {*DialectName, *ModelFormat}


def test_a_solution_that_holds_by_rounding_alone_is_told_apart(tmp_path: Path) -> None:
    model, solution = tmp_path / "m.opt", tmp_path / "s.json"
    model.write_text(
        "var bread >= 0\nvar cake >= 0\nmaximize p: 4*bread + 6*cake\n"
        "flour: 2*bread + 3*cake <= 120\n"
    )
    solution.write_text('{"bread": 30.00001, "cake": 20}')
    done = run("check", str(model), str(solution))
    assert done.returncode == 0
    assert "holds, within 1e-06" in done.stdout
    assert "flour: 120.00002 <= 120 does not hold" in done.stdout
    solution.write_text('{"bread": 30, "cake": 20}')
    assert "holds, exactly" in run("check", str(model), str(solution)).stdout


@pytest.mark.parametrize("row", ["c: 3 <= 5", "c: 0 x <= 4"])
def test_a_constraint_without_a_variable_is_explained(tmp_path: Path, row: str) -> None:
    path = tmp_path / "m.opt"
    path.write_text(f"var x >= 0 <= 4\nmaximize p: x\n{row.replace('0 x', '0*x')}\n")
    done = run("explain", str(path))
    assert done.returncode == 0, done.stderr


def test_a_conflict_that_needs_variables_to_be_positive_says_so(tmp_path: Path) -> None:
    path = tmp_path / "m.opt"
    path.write_text("var x >= 0\nminimize x\nc: x <= -5\n")
    assert (
        "this cannot hold, with the variables bounded by 0: c: x <= -5"
        in run("solve", str(path)).stdout
    )
    path.write_text("var x\nminimize x\nc: x <= -5\nd: x >= 5\n")
    assert "these cannot hold together: c: x <= -5; d: x >= 5" in run("solve", str(path)).stdout


def test_who_else_vouches_for_a_nonlinear_model_is_said(tmp_path: Path) -> None:
    path = tmp_path / "m.opt"
    path.write_text("var price >= 0 <= 10\nmaximize revenue: price*(500 + 4*price)\n")
    done = run("solve", str(path))
    assert "(solved)" in done.stdout
    assert "? agreement: no second solver here takes such models" in done.stdout
    path.write_text("var price >= 0 <= 100\nmaximize revenue: price*(500 - 4*price)\n")
    done = run("solve", str(path))
    assert done.stdout.startswith("15625 (solved)")
    assert "✓ proof: the dual values of its tangent prove that nothing is better" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["m.opt", "--run", "r"], "--run is for a problem in words"),
        (["m.opt", "--total-prompt-tokens", "3"], "--total-prompt-tokens is for a problem"),
        (["m.opt", "--samples", "3"], "--samples is for a problem in words"),
        (["t.fol", "--what-if", "x=3"], "--what-if is for a problem in words"),
        (["How many eggs are there?", "--what-if", "capacity=abc"], "cannot read the change"),
        (["blank.txt"], "blank.txt is empty"),
        (["empty.jsonl"], "empty.jsonl holds no problem"),
        (["."], ". is a folder"),
        (["p.lean"], "p.lean is a file of Lean"),
    ],
)
def test_what_solve_cannot_use_is_refused_before_a_model_is_asked(
    tmp_path: Path, arguments: list[str], says: str
) -> None:
    (tmp_path / "m.opt").write_text("var x >= 0 <= 4\nmaximize x\n")
    (tmp_path / "t.fol").write_text("P(a)\n⊢ P(a)\n")
    (tmp_path / "p.lean").write_text("theorem t : True := trivial\n")
    (tmp_path / "blank.txt").write_text(" \n" * 50)
    (tmp_path / "empty.jsonl").write_text("")
    done = subprocess.run(
        [sys.executable, "-m", "neurosym", "solve", *arguments],
        cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert says in done.stderr


def test_a_theory_is_decided_without_a_model(tmp_path: Path) -> None:
    path = tmp_path / "t.fol"
    path.write_text("∀x (Man(x) → Mortal(x))\nMan(ada)\n⊢ Mortal(ada)\n")
    done = run("solve", str(path))
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("True (proved)")


def test_a_file_as_other_programs_write_it_is_taken_and_what_is_odd_told(tmp_path: Path) -> None:
    path = tmp_path / "m.lp"
    rows = "Subject To\n größe: x[0] + 2 x' >= 4\nBounds\n x' <= 1\n"
    path.write_text(f"\ufeffMinimize\n cost: 3 x[0] + x'\n{rows}", encoding="utf-8")
    solved = json.loads(run("solve", str(path), "--json").stdout)
    assert solved["values"] == {"x[0]": 2, "x'": 1}
    assert solved["limits"][0]["name"] == "größe"
    [note] = solved["notes"]
    assert "no End" in note
    for command in (["solve"], ["explain"], ["check"]):
        assert note in " ".join(run(*command, str(path)).stdout.split())
    assert note in run("formalize", str(path), "--to", "mps").stderr


def test_both_prices_of_a_limit_are_in_the_json(tmp_path: Path) -> None:
    path = tmp_path / "m.opt"
    path.write_text("var x >= 0\nmaximize 2*x\na: x <= 3\nb: x <= 3\nc: x <= 4\n")
    limits = json.loads(run("solve", str(path), "--json").stdout)["limits"]
    assert [item["shadow_price"] for item in limits] == [None, None, 0]
    assert [item["shadow_prices"] for item in limits[1:]] == [
        {"less": 2, "more": 0},
        {"less": 0, "more": 0},
    ]
