"""What is shown of a search for a proof."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from rich.console import Console

from neurosym.candidate import Candidate, Completion, Outcome, Verdict
from neurosym.cli.search_view import SearchProgress, as_rich_tree, save_trees
from neurosym.errors import InputError
from neurosym.formal.lean.proof import Proof
from neurosym.formal.lean.theorem import read_theorem
from neurosym.status import Status
from neurosym.strategies.proof_tree import EndOfSearch, Node, NodeState, ProofTree


def tree() -> ProofTree:
    goal = "p q : Prop\nh : p ∧ q\n⊢ q ∧ p"
    return ProofTree(
        [
            Node(None, "", 0.0, (goal,), NodeState.EXPANDED),
            Node(0, "left", -0.2, (), NodeState.FAILED, "no \x1b[31mconstructors"),
            Node(0, "constructor", -0.5, ("⊢ q", "⊢ p"), NodeState.EXPANDED),
            Node(2, "exact ⟨h.2, h.1⟩", -1.0, (), NodeState.PROVED),
        ],
        2, 31, 0.5, EndOfSearch.PROVED,
    )  # fmt: skip


def drawn(shown: ProofTree) -> str:
    console = Console(width=100, record=True, force_terminal=False)
    with console.capture() as capture:
        console.print(as_rich_tree({"": shown}))
    return capture.get()


def test_a_tree_tells_what_was_tried_from_where() -> None:
    lines = drawn(tree()).splitlines()
    assert lines[0] == "proved after 2 expansions, 31 tokens"
    assert "the theorem  expanded: ⊢ q ∧ p" in lines[1]
    assert "left  failed: no" in lines[2]
    assert "constructor  expanded: ⊢ q and 1 more" in lines[3]
    assert lines[4].index("exact") > lines[3].index("constructor"), "it comes from there"
    assert "\x1b[31m" not in drawn(tree()), "what a prover says does not color the terminal"


def test_it_is_kept_as_data_and_as_a_picture(tmp_path: Path) -> None:
    save_trees({"": tree()}, tmp_path / "t.json")
    assert ProofTree.from_json((tmp_path / "t.json").read_text()) == tree()
    assert json.loads((tmp_path / "t.json").read_text())["end"] == "proved"
    save_trees({"": tree()}, tmp_path / "t.svg")
    picture = (tmp_path / "t.svg").read_text()
    assert picture.startswith("<svg")
    assert "constructor" in picture
    save_trees({"": tree()}, tmp_path / "t.html")
    assert "constructor" in (tmp_path / "t.html").read_text()
    with pytest.raises(InputError, match="cannot be written"):
        save_trees({"": tree()}, tmp_path / "no" / "t.json")


def test_how_it_goes_is_said_where_there_is_no_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: clock[0])
    with SearchProgress() as progress:
        progress.begin("swap")
        progress.show("", ProofTree())
        clock[0] += 11
        progress.show("", tree())
        progress.show("", tree())
    assert progress.trees == {"": tree()}
    assert capsys.readouterr().err == (
        "swap: 2 expansions, 0 goals open after: constructor; exact ⟨h.2, h.1⟩\n"
    )


def test_the_steps_of_a_sketch_are_told_and_kept_together(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: clock[0])
    started = tree()
    started.nodes = started.nodes[:3]
    with SearchProgress() as progress:
        progress.begin("swap")
        progress.show("sketch 1, hole 1", started)  # of a sketch that was left
        progress.show("sketch 2, hole 1", tree())
        clock[0] += 11
        progress.show("sketch 2, hole 2", started)
    assert capsys.readouterr().err == (
        "swap, sketch 2: 1 of 2 holes proved, 4 expansions; hole 2: 1 goals open after: nothing\n"
    )
    save_trees(progress.trees, tmp_path / "t.json")
    kept = json.loads((tmp_path / "t.json").read_text())
    assert [*kept] == ["sketch 1, hole 1", "sketch 2, hole 1", "sketch 2, hole 2"]
    assert ProofTree.from_json(json.dumps(kept["sketch 2, hole 1"])) == tree()
    save_trees(progress.trees, tmp_path / "t.html")
    assert "sketch 2, hole 2: proved after" in (tmp_path / "t.html").read_text()


def test_whole_proofs_are_told_by_how_far_they_go(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: clock[0])
    asked = read_theorem("theorem swap (p q : Prop) (h : p ∧ q) : q ∧ p := by sorry")
    given = asked.with_proof("by\n  constructor\n  exact h.right\n  exact h.right")
    wrong = Verdict(Outcome(Status.FAILED, evidence={"error": "a type mismatch", "line": "4"}))
    unread = Verdict(Outcome(Status.MALFORMED, evidence={"error": "no proof"}))
    said = Completion("", None, 0, 0, "stop", 0)
    with SearchProgress() as progress:
        progress.begin("swap")
        clock[0] += 11
        progress.show_proofs([
            Candidate(0, said, None, unread), Candidate(1, said, Proof(asked, given), wrong),
        ])  # fmt: skip
    assert capsys.readouterr().err == (
        "swap: 2 proofs, 0 hold; the furthest is well up to: constructor exact h.right\n"
    )
