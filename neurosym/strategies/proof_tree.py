"""The tree that a proof search grows: what was tried from where, and what it led to."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any, TypeAlias

__all__ = ["EndOfSearch", "Node", "NodeState", "ProofTree", "Watch"]


class NodeState(StrEnum):
    """What is known of a node."""

    OPEN = "open"
    """Goals are left, and it was not gone on from."""
    EXPANDED = "expanded"
    """Goals are left, and tactics were tried from it."""
    PROVED = "proved"
    """No goal is left."""
    REPEATED = "repeated"
    """Its goals are those of an earlier node, but for names."""
    FAILED = "failed"
    """The tactic does not apply."""


class EndOfSearch(StrEnum):
    """Why a search ended."""

    PROVED = "proved"
    EXHAUSTED = "exhausted"
    """There was nothing left to go on from."""
    EXPANSIONS = "expansions"
    """So many nodes were expanded as may be."""
    BUDGET = "budget"
    """Tokens or time are spent."""


@dataclass(frozen=True, slots=True)
class Node:
    """A state of the proof, and the tactic that led there.

    Attributes:
        parent: Index of the node it comes from; ``None`` of the root.
        tactic: The tactic; empty of the root.
        logprob: Sum of the log-probabilities of all tactics up to here; tactics that no model
            proposed add nothing.
        goals: The goals that are left; of a tactic that failed none is known.
        state: What is known of it.
        message: What the prover said of a tactic that failed.
    """

    parent: int | None
    tactic: str
    logprob: float
    goals: tuple[str, ...]
    state: NodeState
    message: str = ""


@dataclass(slots=True)
class ProofTree:
    """All nodes, each after its parent; the first is the root.

    Attributes:
        nodes: The nodes.
        expansions: How many were expanded.
        tokens: Tokens that proposals took.
        seconds: Wall time.
        end: Why the search ended; ``None`` while it goes on, or if it was interrupted.
    """

    nodes: list[Node] = field(default_factory=list)
    expansions: int = 0
    tokens: int = 0
    seconds: float = 0.0
    end: EndOfSearch | None = None

    @property
    def proof(self) -> tuple[str, ...] | None:
        """The tactics that leave no goal, ``None`` if none were found."""
        for index, node in enumerate(self.nodes):
            if node.state is NodeState.PROVED:
                return self.tactics(index)
        return None

    @property
    def best(self) -> int:
        """The node that got furthest: fewest goals left, then most tactics, then the likeliest."""

        def rank(i: int) -> tuple[int, int, float, int]:
            node = self.nodes[i]
            return len(node.goals), -len(self.tactics(i)), -node.logprob, i

        alive = [i for i, node in enumerate(self.nodes) if node.state is not NodeState.FAILED]
        return min(alive, key=rank)

    def tactics(self, index: int) -> tuple[str, ...]:
        """The tactics from the root to a node."""
        found = []
        at: int | None = index
        while at is not None:
            found.append(self.nodes[at].tactic)
            at = self.nodes[at].parent
        return tuple(reversed(found[:-1]))

    def to_json(self) -> str:
        """Write it down."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> ProofTree:
        """Read what :meth:`to_json` wrote.

        Raises:
            ValueError: It is no such text.
        """
        try:
            found = json.loads(text)
            end = found["end"]
            return cls(
                [_node(item) for item in found["nodes"]],
                int(found["expansions"]),
                int(found["tokens"]),
                float(found["seconds"]),
                None if end is None else EndOfSearch(end),
            )
        except (KeyError, TypeError) as error:
            raise ValueError(f"this is no search tree: {error!r} is wrong") from error


Watch: TypeAlias = Callable[[str, ProofTree], None]
"""Is called with a tree as it grows, and what it is of: empty for the theorem itself."""


def _node(item: dict[str, Any]) -> Node:
    goals: Sequence[str] = item["goals"]
    return Node(**{**item, "goals": tuple(goals), "state": NodeState(item["state"])})
