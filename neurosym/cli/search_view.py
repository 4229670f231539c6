"""A search for a proof as a person sees it: how it goes, and the tree that it grew."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from io import StringIO
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from neurosym.candidate import Candidate
from neurosym.checks.feedback import kept_proof
from neurosym.cli.arguments import write_text
from neurosym.presentation.text import printable
from neurosym.status import Status
from neurosym.strategies.proof_tree import NodeState, ProofTree

if TYPE_CHECKING:
    import rich.status
    import rich.tree

__all__ = ["SearchProgress", "as_rich_tree", "save_trees"]

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
        trees: What the searches for the present theorem have grown, by what they are of: nothing
            for the theorem itself, "sketch 1, hole 2" for a step.
    """

    def __init__(self) -> None:
        self._name = ""
        self._printed = time.monotonic()
        self._status: rich.status.Status | None = None
        self.trees: dict[str, ProofTree] = {}

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
        self.trees = {}
        if self._status is not None:
            self._status.update(f"proving {printable(name)}")

    def show(self, of: str, tree: ProofTree) -> None:
        """Take note of how far a search has come (:data:`neurosym.strategies.proof_tree.Watch`)."""
        self.trees[of] = tree
        self._say(lambda: self._told(of))

    def show_proofs(self, found: Sequence[Candidate]) -> None:
        """Take note of the whole proofs that there are so far."""
        self._say(lambda: self._told_proofs(found))

    def _say(self, told: Callable[[], str]) -> None:
        if self._status is not None:
            from rich.text import Text

            self._status.update(Text(told()))
        elif time.monotonic() - self._printed >= _PLAIN_INTERVAL:
            self._printed = time.monotonic()
            print(told(), file=sys.stderr)

    def _told_proofs(self, found: Sequence[Candidate]) -> str:
        held = sum(item.verdict.outcome.status is Status.PROVED for item in found)
        told = f"{printable(self._name)}: {len(found)} proofs, {held} hold"
        if held:
            return told
        good = max((kept_proof(item) for item in found), key=lambda text: text.count("\n"))
        return f"{told}; the furthest is well up to: {_short(good) or 'nothing'}"

    def _told(self, of: str) -> str:
        name, tree = printable(self._name), self.trees[of]
        if not tree.nodes:
            return f"proving {name}"
        best = "; ".join(tree.tactics(tree.best)) or "nothing"
        left = f"{len(tree.nodes[tree.best].goals)} goals open after: {_short(best)}"
        if not of:
            return f"{name}: {tree.expansions} expansions, {left}"
        sketch, _, hole = of.partition(", ")
        beside = [item for where, item in self.trees.items() if where.startswith(f"{sketch},")]
        proved = sum(item.proof is not None for item in beside)
        expansions = sum(item.expansions for item in beside)
        return (
            f"{name}, {sketch}: {proved} of {len(beside)} holes proved, {expansions} expansions; "
            f"{hole}: {left}"
        )


def save_trees(trees: Mapping[str, ProofTree], path: Path) -> None:
    """Write trees: as a picture for ``.svg``, as a page for ``.html``, as JSON for all others.

    Args:
        trees: The trees, by what they are of. That of a theorem itself is an object as
            :meth:`ProofTree.to_json` writes it; several are one object with such objects.
        path: The file.

    Raises:
        InputError: The file cannot be written.
    """
    of = {name: json.loads(tree.to_json()) for name, tree in trees.items()}
    text = f"{json.dumps(of.get('', of), ensure_ascii=False)}\n"
    if path.suffix in (".svg", ".html"):
        from rich.console import Console

        console = Console(record=True, width=120, file=StringIO())
        console.print(as_rich_tree(trees))
        is_picture = path.suffix == ".svg"
        text = console.export_svg(title=_TITLE) if is_picture else console.export_html()
    write_text(path, text, "--tree")


def as_rich_tree(trees: Mapping[str, ProofTree]) -> rich.tree.Tree:
    """Trees for a terminal: each tactic with what it left, the way to the proof in green."""
    from rich.tree import Tree

    if [*trees] == [""]:
        return _drawn(trees[""], "")
    drawn = Tree("steps of the sketches")
    for name, tree in trees.items():
        drawn.add(_drawn(tree, f"{name}: "))
    return drawn


def _drawn(tree: ProofTree, name: str) -> rich.tree.Tree:
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
    drawn = Tree(f"{name}{end} after {tree.expansions} expansions, {tree.tokens} tokens")
    branches: dict[int | None, Tree] = {None: drawn}
    for i, node in enumerate(tree.nodes):
        left = node.message if node.state is NodeState.FAILED else _target(node.goals)
        told = f"{printable(node.tactic) or ('the step' if name else 'the theorem')}  "
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
