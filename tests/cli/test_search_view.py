"""What is shown of a search for a proof."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from rich.console import Console

from neurosym.cli.search_view import SearchProgress, as_rich_tree, save_tree
from neurosym.errors import InputError
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
        console.print(as_rich_tree(shown))
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
    save_tree(tree(), tmp_path / "t.json")
    assert ProofTree.from_json((tmp_path / "t.json").read_text()) == tree()
    assert json.loads((tmp_path / "t.json").read_text())["end"] == "proved"
    save_tree(tree(), tmp_path / "t.svg")
    picture = (tmp_path / "t.svg").read_text()
    assert picture.startswith("<svg")
    assert "constructor" in picture
    save_tree(tree(), tmp_path / "t.html")
    assert "constructor" in (tmp_path / "t.html").read_text()
    with pytest.raises(InputError, match="cannot be written"):
        save_tree(tree(), tmp_path / "no" / "t.json")


def test_how_it_goes_is_said_where_there_is_no_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: clock[0])
    with SearchProgress() as progress:
        progress.begin("swap")
        progress.show(ProofTree())
        clock[0] += 11
        progress.show(tree())
        progress.show(tree())
    assert progress.tree == tree()
    assert capsys.readouterr().err == (
        "swap: 2 expansions, 0 goals open after: constructor; exact ⟨h.2, h.1⟩\n"
    )
