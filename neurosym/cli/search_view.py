"""A search for a proof as a person sees it: how it goes, and the tree that it grew."""

from __future__ import annotations

import sys
import time
from io import StringIO
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from neurosym.cli.arguments import write_text
from neurosym.presentation.text import printable
from neurosym.strategies.proof_tree import NodeState, ProofTree

if TYPE_CHECKING:
    import rich.status
    import rich.tree

__all__ = ["SearchProgress", "as_rich_tree", "save_tree"]

_PLAIN_INTERVAL = 10.0
"""Seconds between plain lines."""
_TITLE = "search for a proof"
_WIDTH = 60
"""Characters of the best tactics, of a goal, and of a message that are shown."""
_STYLES = {
    NodeState.PROVED: "bold green",
    NodeState.OPEN: "cyan",
    NodeState.EXPANDED: "",
    NodeState.REPEATED: "dim",
    NodeState.FAILED: "dim red",
}


class SearchProgress:
    """Shows expansions, open goals and the furthest tactics while searches go on.

    Attributes:
        tree: What the search for the present theorem has grown; ``None`` if there is no search.
    """

    def __init__(self) -> None:
        self._name = ""
        self._printed = time.monotonic()
        self._status: rich.status.Status | None = None
        self.tree: ProofTree | None = None

    def __enter__(self) -> Self:
        if sys.stderr.isatty():
            from rich.console import Console

            self._status = Console(stderr=True).status("loading the model")
            self._status.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._status is not None:
            self._status.stop()

    def begin(self, name: str) -> None:
        """Turn to a theorem."""
        self._name = name
        self.tree = None
        if self._status is not None:
            self._status.update(f"proving {printable(name)}")

    def show(self, tree: ProofTree) -> None:
        """Take note of how far a search has come."""
        self.tree = tree
        if self._status is not None:
            from rich.text import Text

            self._status.update(Text(self._told(tree)))
        elif time.monotonic() - self._printed >= _PLAIN_INTERVAL:
            self._printed = time.monotonic()
            print(self._told(tree), file=sys.stderr)

    def _told(self, tree: ProofTree) -> str:
        if not tree.nodes:
            return f"proving {printable(self._name)}"
        best = "; ".join(tree.tactics(tree.best))
        return (
            f"{printable(self._name)}: {tree.expansions} expansions, "
            f"{len(tree.nodes[tree.best].goals)} goals open after: {_short(best) or 'nothing'}"
        )


def save_tree(tree: ProofTree, path: Path) -> None:
    """Write a tree: as a picture for ``.svg``, as a page for ``.html``, as JSON for all others.

    Raises:
        InputError: The file cannot be written.
    """
    text = f"{tree.to_json()}\n"
    if path.suffix in (".svg", ".html"):
        from rich.console import Console

        console = Console(record=True, width=120, file=StringIO())
        console.print(as_rich_tree(tree))
        is_picture = path.suffix == ".svg"
        text = console.export_svg(title=_TITLE) if is_picture else console.export_html()
    write_text(path, text, "--tree")


def as_rich_tree(tree: ProofTree) -> rich.tree.Tree:
    """A tree for a terminal: each tactic with what it left, the way to the proof in green."""
    from rich.text import Text
    from rich.tree import Tree

    way: set[int] = set()
    at: int | None = next(
        (i for i, node in enumerate(tree.nodes) if node.state is NodeState.PROVED), None
    )
    while at is not None:
        way.add(at)
        at = tree.nodes[at].parent
    end = tree.end.value if tree.end else "interrupted"
    drawn = Tree(f"{end} after {tree.expansions} expansions, {tree.tokens} tokens")
    branches: dict[int | None, Tree] = {None: drawn}
    for i, node in enumerate(tree.nodes):
        left = node.message if node.state is NodeState.FAILED else _target(node.goals)
        told = f"{printable(node.tactic) or 'the theorem'}  "
        style = "bold green" if i in way else _STYLES[node.state]
        label = Text(told, style)
        label.append(f"{node.state.value}: {_short(left)}" if left else node.state.value, "dim")
        branches[i] = branches[node.parent].add(label)
    return drawn


def _target(goals: tuple[str, ...]) -> str:
    if not goals:
        return ""
    more = f" and {len(goals) - 1} more" if len(goals) > 1 else ""
    return f"⊢ {goals[0].rpartition('⊢ ')[2]}{more}"


def _short(text: str) -> str:
    plain = printable(" ".join(text.split()))
    return plain if len(plain) <= _WIDTH else f"{plain[: _WIDTH - 1]}…"
