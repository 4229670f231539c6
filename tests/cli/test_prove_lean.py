"""``neurosym prove FILE.lean`` with the real Lean, and proofs that were recorded."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from neurosym.backends.lean.toolchain import LEAN_VARIABLE
from neurosym.formal.lean.theorem import read_theorem
from tests.backends.lean import fixture

SECOND = """/-- The second. -/
theorem second (p : Prop) (hp : p) : p := sorry"""
FILE = f"""prelude
import Tiny

-- What stands between them stays.
theorem first (p q : Prop) (hp : p) (hq : q) : And q p := sorry

{SECOND}

theorem third (p : Prop) (hp : p) : p := hp

theorem fourth (p q : Prop) (hp : p) (hq : q) : And q p := sorry
"""
PROOFS = {
    "first": ["And.intro hp hq", "And.intro hq hp"],
    "second": ["sorry", "hq"],
    "fourth": ["second _ (first p q hp hq)", "first p q hp hq"],
}


@pytest.fixture(scope="module")
def lean() -> list[str]:
    toolchain = fixture.toolchain()
    return ["--lean", str(toolchain.program), "--path", str(toolchain.search_path[0])]


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """What a model wrote for each theorem."""
    path = tmp_path_factory.mktemp("recorded") / "samples.jsonl"
    with_first = FILE.replace("And q p := sorry", "And q p := And.intro hq hp", 1)
    # The second stays without a proof, so the fourth may not use it.
    usable = {"first": FILE, "second": with_first, "fourth": with_first.replace(SECOND, "\n")}
    with path.open("w") as file:
        for name, proofs in PROOFS.items():
            theorem = read_theorem(usable[name], name)
            texts = [f"```lean\n{theorem.opening} := {proof}\n```" for proof in proofs]
            line = {"id": name, "kind": "proof", "question": theorem.statement_only}
            file.write(json.dumps({**line, "samples": texts}) + "\n")
    whole = ["--strategy", "whole", "--samples", "2", "--repairs", "0"]
    return ["--engine", "replay", "--model", str(path), *whole]


def run(*args: str | Path, stdin: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "neurosym", "prove", *map(str, args)],
        capture_output=True, text=True, timeout=120, check=False, input=stdin,
        env={"PATH": "/usr/bin:/bin", "HOME": str(Path.home()), "COLUMNS": "100"},
    )  # fmt: skip


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "mine.lean"
    path.write_text(FILE)
    return path


def test_the_file_comes_out_with_the_proofs_that_hold(
    file: Path, tmp_path: Path, lean: Sequence[str], recorded: Sequence[str]
) -> None:
    out = tmp_path / "out.lean"
    done = run(file, *lean, *recorded, "--out", out)
    assert done.returncode == 3, done.stderr
    assert "first: proved\n" in done.stdout
    assert "And.intro hq hp" in done.stdout
    assert "second: no answer: no support (none of 2 samples gave an answer" in done.stdout
    assert "third: proved already\n" in done.stdout
    wanted = FILE.replace("And q p := sorry", "And q p := And.intro hq hp", 1)
    # The fourth may use the first, which was proved, but not the second.
    wanted = wanted.removesuffix("sorry\n") + "first p q hp hq\n"
    assert out.read_text() == wanted
    checked = subprocess.run(
        [sys.executable, "-m", "neurosym", "check", out, file, "--theorem", "first", *lean],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert checked.returncode == 0, checked.stdout


def test_one_theorem_as_json(file: Path, lean: Sequence[str], recorded: Sequence[str]) -> None:
    done = run(file, *lean, *recorded, "--theorem", "first", "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["proved"] is True
    [theorem] = told["theorems"]
    assert theorem["theorem"] == "first"
    assert theorem["proof"] == "And.intro hq hp"
    assert theorem["checks"]["axioms"] == ["passed", "it rests on none"]
    assert theorem["usage"]["samples"] == 2


def test_a_run_goes_on_without_the_model(
    file: Path, tmp_path: Path, lean: Sequence[str], recorded: Sequence[str]
) -> None:
    args = [file, *lean, *recorded, "--theorem", "first", "--run", tmp_path / "run", "--json"]
    first, second = run(*args), run(*args)
    assert first.stdout == second.stdout
    assert json.loads(first.stdout)["proved"] is True


@pytest.mark.parametrize(
    ("change", "name", "told"),
    [
        (("import Tiny", "import Missing"), "first", "Lean does not take the statement"),
        (("And q p", "And q (q q)"), "first", "line 5"),
        (("", ""), "frist", "Did you mean first?"),
        (("theorem first", "lemma first"), "second.first", "there is no theorem"),
    ],
)
def test_what_cannot_be_proved_is_said_before_a_model_is_loaded(
    file: Path, lean: Sequence[str], change: tuple[str, str], name: str, told: str
) -> None:
    file.write_text(FILE.replace(*change) if change[0] else FILE)
    done = run(file, *lean, "--theorem", name, "--model", "/no/such/model.gguf")
    assert done.returncode == 2, done.stderr
    assert told in done.stderr
    assert "model" not in done.stderr


def test_without_lean_the_hint_says_how_to_get_it(file: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "neurosym", "prove", file],
        capture_output=True, text=True, timeout=60, check=False,
        env={"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), LEAN_VARIABLE: "/no/lean"},
    )  # fmt: skip
    assert done.returncode == 5
    assert "hint: " in done.stderr


def test_options_of_the_other_sort_are_refused(file: Path, tmp_path: Path) -> None:
    theory = tmp_path / "t.fol"
    theory.write_text("P(a)\n⊢ P(a)\n")
    done = run(theory, "--samples", "3")
    assert (done.returncode, "--samples is for Lean files" in done.stderr) == (2, True)
    done = run(file, "--prover", "e")
    assert (done.returncode, "--prover is for theories" in done.stderr) == (2, True)


def test_another_version_than_the_project_wants_is_told(
    file: Path, lean: Sequence[str], recorded: Sequence[str]
) -> None:
    (file.parent / "lakefile.toml").write_text('name = "mine"\n')
    (file.parent / "lean-toolchain").write_text("leanprover/lean4:v4.9.0\n")
    done = run(file, *lean, *recorded, "--theorem", "first")
    assert done.returncode == 0, done.stderr
    assert "wants Lean 4.9.0, and this is Lean 4.35.0" in done.stderr


def test_without_a_repl_the_hint_says_how_to_get_it(
    file: Path, lean: Sequence[str], recorded: Sequence[str], tmp_path: Path
) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "neurosym", "prove", file, *lean, *recorded, "--driver", "repl"],
        capture_output=True, text=True, timeout=60, check=False,
        env={"PATH": "/usr/bin:/bin", "HOME": str(tmp_path)},
    )  # fmt: skip
    assert done.returncode == 5
    assert "REPL" in done.stderr
    assert "hint: " in done.stderr


def test_a_claim_in_words_needs_lean_as_well(tmp_path: Path) -> None:
    env = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), LEAN_VARIABLE: "/no/lean"}
    done = subprocess.run(
        [sys.executable, "-m", "neurosym", "prove", "Every number is at most itself."],
        capture_output=True, text=True, timeout=60, check=False, env=env,
    )  # fmt: skip
    assert done.returncode == 5, done.stderr
    assert "hint: " in done.stderr


def corpus(folder: Path, module: str) -> Path:
    """A dump of an environment with one module, of one premise."""
    path = folder / "premises.jsonl"
    lines = [
        {"module": module, "imports": []},
        {"name": "And.swap", "type": "And p q → And q p", "module": module},
    ]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return path


def test_premises_have_to_be_those_of_what_is_imported(
    file: Path, tmp_path: Path, lean: Sequence[str]
) -> None:
    args = [file, *lean, "--theorem", "first", "--model", "/no/such.gguf", "--premises"]
    done = run(*args, corpus(tmp_path, "Huge"))
    assert done.returncode == 2, done.stderr
    assert "the corpus has no module 'Tiny'" in done.stderr
    done = run(*args, corpus(tmp_path, "Tiny"), "--strategy", "sketch")
    # Now the model is all that is missing.
    assert done.returncode not in (0, 2)
    assert "/no/such.gguf" in done.stderr


def test_whole_proofs_have_no_use_for_premises(file: Path, tmp_path: Path) -> None:
    done = run(file, "--strategy", "whole", "--premises", corpus(tmp_path, "Tiny"))
    assert done.returncode == 2
    assert "--premises" in done.stderr
    theory = tmp_path / "t.fol"
    theory.write_text("P(a)\n⊢ P(a)\n")
    done = run(theory, "--premises", corpus(tmp_path, "Tiny"))
    assert (done.returncode, "--premises is for Lean files" in done.stderr) == (2, True)


def proved(file: Path, text: str, lean: Sequence[str], name: str, proof: str) -> str:
    """What is printed where a model writes this proof of a theorem in a file."""
    file.write_text(text)
    samples = file.with_name("own.jsonl")
    theorem = read_theorem(text, name)
    usable = text
    for line in text.splitlines():
        if not line.startswith(
            ("prelude", "import", f"theorem {name} ", "def", "--", "theorem ok")
        ):
            usable = usable.replace(line, "")
    question = read_theorem(usable, name).statement_only
    sample = f"```lean\n{theorem.opening} := {proof}\n```"
    line = {"id": "x", "kind": "proof", "question": question, "samples": [sample]}
    samples.write_text(json.dumps(line) + "\n")
    whole = ["--strategy", "whole", "--samples", "1", "--repairs", "0", "--engine", "replay"]
    done = run(file, *lean, *whole, "--model", samples, "--theorem", name)
    return done.stdout + done.stderr


HEADER = "prelude\nimport Tiny\n"


@pytest.mark.parametrize(
    "before",
    [
        "theorem a (p : Prop) : p := sorry\ntheorem m (p : Prop) : p := a p\n",
        "theorem a (p : Prop) (h : p) : And p p := h\n",
        "example (p : Prop) : p := sorry\n",
        "theorem a (p : Prop) (h : p) : p := (fun (x : p) => sorry) h\n",
    ],
)
def test_what_is_not_proved_before_a_theorem_is_no_hindrance(
    file: Path, lean: Sequence[str], before: str
) -> None:
    text = f"{HEADER}{before}theorem b (q : Prop) (h : q) : q := sorry\n"
    assert proved(file, text, lean, "b", "h").startswith("b: proved\n")


def test_what_no_proof_may_stand_behind_is_refused_before_a_model_is_loaded(
    file: Path, lean: Sequence[str]
) -> None:
    for line in ("axiom a (p : Prop) : p", 'macro "x" : term => `(h)', "#eval 1"):
        file.write_text(f"{HEADER}{line}\ntheorem b (q : Prop) (h : q) : q := sorry\n")
        done = run(file, *lean, "--model", "/no/such/model.gguf")
        assert done.returncode == 2, done.stderr
        assert "no proof could be judged here" in done.stderr
        assert "line 3" in done.stderr


def test_the_only_theorem_of_a_file_has_its_name(file: Path, lean: Sequence[str]) -> None:
    file.write_text(f"{HEADER}theorem b (q : Prop) (h : q) : q := h\n")
    done = run(file, *lean)
    assert done.stdout.startswith("b: proved already\n"), done.stderr


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--tree", "t.json", "--strategy", "whole"], "grows no tree"),
        (["--repairs", "2"], "--repairs is for whole proofs"),
        (["--expansions", "9", "--strategy", "whole"], "--expansions is for searches"),
    ],
)
def test_options_that_would_do_nothing_are_refused(
    file: Path, lean: Sequence[str], options: list[str], told: str
) -> None:
    done = run(file, *lean, *options)
    assert (done.returncode, told in done.stderr) == (2, True), done.stderr


def test_a_misspelt_file_is_no_claim(tmp_path: Path) -> None:
    done = run(tmp_path / "my proof.lean")
    assert done.returncode == 2
    assert "cannot be read" in done.stderr
