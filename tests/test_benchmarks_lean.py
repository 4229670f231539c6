"""The benchmarks of whole proofs, with an engine that says what it is told to and a real Lean."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from benchmarks.lean_commands import NO_MATHLIB, app
from benchmarks.lean_corpus import Corpus, read
from benchmarks.lean_proofs import Sampling, check_lean, measure
from benchmarks.minif2f import MINIF2F
from benchmarks.proofnet import PROOFNET
from benchmarks.statistics import pass_at
from neurosym.backends.lean.mathlib import mathlib_toolchain
from neurosym.backends.lean.toolchain import Toolchain
from neurosym.errors import BackendError, InputError
from neurosym.testing import ScriptedEngine
from tests.backends.lean import fixture

HEADER = "prelude\nimport Tiny"
STATEMENTS = {
    "keep": "theorem keep (a : Prop) (h : a) : a := by sorry",
    "both": "theorem both (a b : Prop) (h : And a b) : b := by sorry",
    "never": "theorem never (a : Prop) : a := by sorry",
}
PROVED = {
    "keep": "theorem keep (a : Prop) (h : a) : a := h",
    "both": "theorem both (a b : Prop) (h : And a b) : b := h.right",
}
WRONG = {
    "keep": "theorem keep (a : Prop) (h : a) : a := a",
    "both": "theorem both (a b : Prop) (h : And a b) : b := h.left",
}
SAMPLING = Sampling(
    samples=4, temperature=0.7, seed=0, tokens=100, greedy=True, informal=False, seconds=30.0
)
REPLIES: Mapping[str, list[str]] = {
    "theorem keep": [PROVED["keep"]] * 4 + [PROVED["keep"]],
    "theorem both": [WRONG["both"], PROVED["both"], "", WRONG["both"], WRONG["both"]],
    "theorem never": ["theorem other (a : Prop) : a := a"] * 5,
}


def written(path: Path, rows: list[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


@pytest.fixture
def corpus(tmp_path: Path) -> Corpus:
    rows = [
        {"id": f"m-{name}", "question": text, "answer": None, "extra": {"header": HEADER}}
        for name, text in STATEMENTS.items()
    ]
    return read(written(tmp_path / "valid.jsonl", rows), MINIF2F)


@pytest.fixture(scope="module")
def toolchain() -> Toolchain:
    return fixture.toolchain()


# ---------------------------------------------------------------- the data


@pytest.mark.parametrize(
    "end", ["", " :=", " := by", " := sorry", " := by\n  sorry", " := by sorry"]
)
def test_a_statement_is_read_however_the_data_end_it(tmp_path: Path, end: str) -> None:
    row = {"name": "t", "header": "import Mathlib\n", "formal_statement": f"theorem t : 1 = 1{end}"}
    [item] = read(written(tmp_path / "a.jsonl", [row]), PROOFNET).items
    assert item.theorem.opening == "theorem t : 1 = 1"
    assert item.theorem.proof is None
    assert item.theorem.header == ("import Mathlib",)


def test_editions_splits_and_what_cannot_be_read(tmp_path: Path) -> None:
    header = "import Mathlib\nopen Set"
    rows: list[dict[str, Any]] = [
        {"name": "e1", "split": "test", "header": header, "formal_statement": "theorem e1 : p :="},
        {"name": "e1", "split": "test", "header": header, "formal_statement": "theorem e1 : q :="},
        {"name": "d", "split": "test", "header": header, "formal_statement": "def d : p :="},
        {"name": "v", "split": "valid", "header": header, "formal_statement": "theorem v : p :="},
        {"id": "S|e_2", "lean4_src_header": header, "lean4_formalization": "theorem e2 : p :=",
         "nl_proof": "Easy."},
    ]  # fmt: skip
    path = written(tmp_path / "proofnet.jsonl", rows)
    whole = read(path, PROOFNET)
    assert [item.id for item in whole.items] == ["e1", "e1-2", "v", "S|e_2"]
    assert list(whole.unreadable) == ["d"]
    assert "no theorem" in whole.unreadable["d"]
    assert whole.items[-1].informal == "Easy."
    test = read(path, PROOFNET, "test")
    assert ([item.id for item in test.items], test.split) == (["e1", "e1-2"], "test")
    assert [item.id for item in read(path, PROOFNET, "test", skip=1).items] == ["e1-2"]
    with pytest.raises(InputError, match="no theorem that is left"):
        read(path, PROOFNET, "train")


@pytest.mark.parametrize(
    ("line", "told"),
    [("{", "line 1: "), ('{"id": "a"}', "no theorem of miniF2F"), ("[]", "line 1")],
)
def test_a_line_that_is_none_of_the_data_is_named(tmp_path: Path, line: str, told: str) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(line + "\n")
    with pytest.raises(InputError, match=told):
        read(path, MINIF2F)


# ---------------------------------------------------------------- the measurement


def test_proofs_are_counted_as_lean_judges_them(
    corpus: Corpus, toolchain: Toolchain, tmp_path: Path
) -> None:
    engine = ScriptedEngine(REPLIES)
    found = measure(corpus, MINIF2F, engine, toolchain, tmp_path / "run", SAMPLING)
    rows = {row["id"]: row for row in found["items"]}
    assert {name: row["proved"] for name, row in rows.items()} == {
        "m-keep": 4, "m-both": 1, "m-never": 0,
    }  # fmt: skip
    assert rows["m-both"]["ended"] == {"failed": 2, "proved": 1, "no proof in it": 1}
    assert found["pass"]["pass@1"]["value"] == pytest.approx((1 + 1 / 4 + 0) / 3)
    assert found["pass"]["pass@4"]["value"] == pytest.approx(2 / 3)
    assert set(found["pass"]) == {"pass@1", "pass@4"}
    assert found["proved"]["by any sample"]["count"] == 2
    assert found["proved"]["by the greedy proof"]["count"] == 1
    assert list(found["published"].values()) == [0.3648]
    assert all("proof" not in row and "statement" not in row for row in rows.values())


def test_what_is_kept_is_not_done_again_unless_the_statement_is_another(
    corpus: Corpus, toolchain: Toolchain, tmp_path: Path
) -> None:
    part = replace(corpus, items=corpus.items[:2])
    first = measure(part, MINIF2F, ScriptedEngine(REPLIES), toolchain, tmp_path / "run", SAMPLING)
    engine = ScriptedEngine(REPLIES)
    again = measure(corpus, MINIF2F, engine, toolchain, tmp_path / "run", SAMPLING)
    assert again["items"][:2] == first["items"]
    assert len(engine.requests) == 2, "only the third was left: its samples, and the greedy one"
    other = replace(corpus.items[0], theorem=corpus.items[2].theorem)
    changed = replace(corpus, items=(other, *corpus.items[1:]))
    found = measure(changed, MINIF2F, engine, toolchain, tmp_path / "run", SAMPLING)
    assert found["items"][0]["proved"] == 0


def test_results_of_other_settings_are_not_mixed(
    corpus: Corpus, toolchain: Toolchain, tmp_path: Path
) -> None:
    part = replace(corpus, items=corpus.items[2:])
    engine = ScriptedEngine(REPLIES)
    measure(part, MINIF2F, engine, toolchain, tmp_path / "run", SAMPLING)
    with pytest.raises(InputError, match="measured otherwise"):
        measure(part, MINIF2F, engine, toolchain, tmp_path / "run", replace(SAMPLING, seed=1))


def test_what_cannot_be_read_or_asked_counts_as_not_proved(
    corpus: Corpus, toolchain: Toolchain, tmp_path: Path
) -> None:
    part = replace(corpus, items=corpus.items[:1], unreadable={"d": "there is no theorem"})
    found = measure(
        part, MINIF2F, ScriptedEngine(REPLIES, context=1), toolchain, tmp_path / "run", SAMPLING
    )
    assert found["theorems"] == 2
    assert found["where samples ended"] == {"the prompt is too long": 4}
    assert found["proved"]["by any sample"]["value"] == 0


def test_a_statement_that_does_not_elaborate_is_named(toolchain: Toolchain, tmp_path: Path) -> None:
    row = {"id": "old", "question": "theorem keep : Nothing := by sorry",
           "extra": {"header": HEADER}}  # fmt: skip
    corpus = read(written(tmp_path / "valid.jsonl", [row]), MINIF2F)
    engine = ScriptedEngine(["theorem keep : Nothing := h"])
    found = measure(corpus, MINIF2F, engine, toolchain, tmp_path / "run", SAMPLING)
    assert found["statements that do not elaborate"] == ["old"]


def test_the_proof_in_words_is_shown_where_that_is_asked_for(
    corpus: Corpus, toolchain: Toolchain, tmp_path: Path
) -> None:
    part = replace(corpus, items=(replace(corpus.items[2], informal="Nobody knows."),))
    for informal in (False, True):
        engine = ScriptedEngine(REPLIES)
        how = replace(SAMPLING, informal=informal, greedy=False)
        found = measure(part, MINIF2F, engine, toolchain, tmp_path / str(informal), how)
        assert ("Nobody knows." in engine.requests[0].prompt.messages[-1].content) is informal
        assert list(found["proved"]) == ["by any sample"]


@pytest.mark.parametrize("right", range(6))
def test_pass_at_k_is_the_chance_that_one_of_k_is_right(right: int) -> None:
    for k in range(1, 6):
        expected = 1 - math.comb(5 - right, k) / math.comb(5, k)
        assert pass_at(k, 5, right) == pytest.approx(expected)


# ---------------------------------------------------------------- without Mathlib


@pytest.mark.usefixtures("own_cache")
@pytest.mark.parametrize("name", ["minif2f", "proofnet"])
def test_without_mathlib_it_says_so_before_any_model_is_loaded(tmp_path: Path, name: str) -> None:
    row = {"name": "t", "header": "import Mathlib\n", "formal_statement": "theorem t : 1 = 1 :="}
    path = written(tmp_path / "a.jsonl", [row])
    done = CliRunner().invoke(app, [name, str(path), "--run", str(tmp_path / "run")])
    assert done.exit_code == NO_MATHLIB
    assert "cannot be measured here: there is no Mathlib built in" in done.output
    assert "neurosym lean setup --mathlib" in done.output
    assert not (tmp_path / "run").exists()


def test_a_project_of_the_users_is_taken_and_its_modules_have_to_fit_its_lean(
    toolchain: Toolchain, corpus: Corpus, tmp_path: Path
) -> None:
    built = tmp_path / ".lake" / "packages" / "mathlib" / ".lake" / "build" / "lib" / "lean"
    built.mkdir(parents=True)
    (built / "Mathlib.olean").write_bytes(b"of another Lean")
    (tmp_path / "lakefile.toml").touch()
    found = mathlib_toolchain(tmp_path, toolchain.program)
    assert found.search_path == (built.resolve(),)
    theorem = replace(corpus.items[0].theorem, header=("prelude", "import Mathlib"))
    with pytest.raises(BackendError, match=r"cannot take `prelude\nimport Mathlib`"):
        check_lean(
            replace(toolchain, search_path=found.search_path),
            replace(corpus, items=(replace(corpus.items[0], theorem=theorem),)),
        )
    check_lean(toolchain, corpus)
