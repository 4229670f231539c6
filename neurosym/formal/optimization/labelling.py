"""A form of a labelled graph that does not depend on how its nodes are numbered.

Nodes are told apart by colour refinement; where that leaves some alike, each is tried as the first
of them, and of the orders that come of it the one in which the graph reads least is taken. Orders
in which it reads the same show a symmetry, by which others need no trial (McKay and Piperno 2014,
Practical graph isomorphism II). The form holds the whole graph, so that graphs that differ never
share one. One graph may have several, if it is very large or its symmetries take long to find.
"""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

__all__ = ["Graph", "canonical_form"]

_MAX_SIZE = 50_000
"""Nodes and edges up to which an order is looked for; above, nodes stay as they come."""
_MAX_WORK = 500_000
"""Nodes and edges that are looked at before the best order so far is taken."""

_Edges: TypeAlias = NDArray[np.int64]


@dataclass(slots=True)
class Graph:
    """Nodes, numbered from 0, and edges between them.

    Attributes:
        nodes: Labels of the nodes.
        edges: From a node to another one, and a label.
    """

    nodes: list[str] = field(default_factory=list)
    edges: list[tuple[int, int, str]] = field(default_factory=list)

    def add(self, label: str, edges: Iterable[tuple[int, str]] = ()) -> int:
        """Add a node, with edges to others; its number."""
        number = len(self.nodes)
        self.nodes.append(label)
        self.edges += ((number, head, kind) for head, kind in edges)
        return number


def canonical_form(graph: Graph) -> bytes:
    """The whole graph, in an order of its own."""
    kinds = {label: k for k, label in enumerate(sorted({label for *_, label in graph.edges}))}
    edges = np.array(
        [(tail, head, kinds[label]) for tail, head, label in graph.edges], dtype=np.int64
    ).reshape(-1, 3)
    places: Sequence[int] = range(len(graph.nodes))
    if len(graph.nodes) + len(graph.edges) <= _MAX_SIZE:
        places = _Search(graph, edges).run()
    labels = [label for _, label in sorted(zip(places, graph.nodes, strict=True))]
    return "\n".join([*kinds, "", *labels, "", ""]).encode() + _read(edges, places)


def _read(edges: _Edges, places: Sequence[int]) -> bytes:
    """The edges, with their nodes called by their places in an order."""
    place = np.array(places, dtype=np.int64)
    tails, heads, kinds = place[edges[:, 0]], place[edges[:, 1]], edges[:, 2]
    order = np.lexsort((kinds, heads, tails))
    return np.stack([tails[order], heads[order], kinds[order]]).tobytes()


# ---------------------------------------------------------------- cells


@dataclass(slots=True)
class _Partition:
    """Nodes in cells of those that are alike.

    Attributes:
        cell_of: The cell of each node: how many nodes come before those in it.
        cells: The nodes in each.
        several: Cells of more than one node.
    """

    cell_of: list[int]
    cells: dict[int, list[int]] = field(default_factory=dict)
    several: set[int] = field(default_factory=set)

    def copy(self) -> _Partition:
        # Lists of nodes are replaced, never changed.
        return _Partition(self.cell_of.copy(), self.cells.copy(), self.several.copy())

    def split(self, cell: int, parts: Sequence[list[int]]) -> list[int]:
        """Split a cell into parts, in their order, and say which cells these are."""
        self.several.discard(cell)
        numbers = []
        for part in parts:
            numbers.append(cell)
            self.cells[cell] = part
            if len(part) > 1:
                self.several.add(cell)
            for node in part:
                self.cell_of[node] = cell
            cell += len(part)
        return numbers


@dataclass(slots=True)
class _Level:
    """Nodes that are alike, each of which may come first.

    Attributes:
        partition: All nodes, as far as they are told apart.
        waiting: Those that have not been tried yet.
        tried: Those that have; the last one is being tried.
    """

    partition: _Partition
    waiting: list[int]
    tried: list[int] = field(default_factory=list)


class _Search:
    """Looks for the order in which a graph reads least.

    Args:
        graph: The graph.
        edges: Its edges, with the numbers of their labels.
    """

    def __init__(self, graph: Graph, edges: _Edges) -> None:
        self._edges = edges
        self._beside: list[list[tuple[int, int]]] = [[] for _ in graph.nodes]
        kinds = {label for *_, label in graph.edges}
        weights = {label: (_weight(f"to {label}"), _weight(f"from {label}")) for label in kinds}
        for tail, head, label in graph.edges:
            outward, inward = weights[label]
            self._beside[tail].append((head, outward))
            self._beside[head].append((tail, inward))
        self._labels = graph.nodes
        first: dict[object, int] = {}
        # Nodes with the same edges can change places, whatever else is done.
        self._twin = [
            first.setdefault((label, tuple(sorted(beside))), node)
            for node, (label, beside) in enumerate(zip(graph.nodes, self._beside, strict=True))
        ]
        self._symmetries: list[list[int]] = []
        self._seen: dict[bytes, tuple[list[int], list[int]]] = {}
        self._work = 0

    def run(self) -> list[int]:
        """The place of each node in the order."""
        levels: list[_Level] = []
        partition: _Partition | None = self._by_labels()
        while partition is not None and (self._work <= _MAX_WORK or not self._seen):
            alike = self._alike(partition)
            if alike:
                levels.append(_Level(partition, alike))
            else:
                del levels[self._end(partition.cell_of, _path(levels)) :]
            partition = self._next(levels)
        return self._seen[min(self._seen)][0]

    def _by_labels(self) -> _Partition:
        groups: dict[str, list[int]] = {}
        for node, label in enumerate(self._labels):
            groups.setdefault(label, []).append(node)
        found = _Partition([0] * len(self._labels))
        cells = found.split(0, [groups[label] for label in sorted(groups)])
        self._refine(found, cells)
        return found

    def _alike(self, partition: _Partition) -> list[int]:
        """Nodes of which none is known to differ from the others; none if all are told apart."""
        cells = partition.cells
        for cell in sorted(partition.several, key=lambda number: (len(cells[number]), number)):
            nodes = cells[cell]
            alike = list({self._twin[node]: node for node in nodes}.values())
            if len(alike) > 1:
                return alike
            partition.split(cell, [[node] for node in nodes])
        return []

    def _next(self, levels: list[_Level]) -> _Partition | None:
        """What the next trial tells apart; levels that have none are dropped."""
        while levels:
            *above, level = levels
            reached = self._reached(level.tried, _path(above))
            while level.waiting:
                node = level.waiting.pop()
                if self._twin[node] not in reached:
                    level.tried.append(node)
                    return self._told_apart(level.partition, node)
            levels.pop()
        return None

    def _reached(self, tried: list[int], path: list[int]) -> set[int]:
        """Where symmetries that leave a path as it is take the nodes that were tried."""
        fixing = [found for found in self._symmetries if [found[node] for node in path] == path]
        reached = {*tried}
        waiting = [*tried]
        while waiting:
            node = waiting.pop()
            fresh = {found[node] for found in fixing} - reached
            reached |= fresh
            waiting += fresh
        return {self._twin[node] for node in reached}

    def _told_apart(self, partition: _Partition, node: int) -> _Partition:
        """A partition in which a node comes before those that were like it."""
        found = partition.copy()
        self._work += len(found.cell_of)
        cell = found.cell_of[node]
        others = [other for other in found.cells[cell] if other != node]
        found.split(cell, [[node], others])
        self._refine(found, [cell])
        return found

    def _end(self, places: list[int], path: list[int]) -> int:
        """Keep an order, or the symmetry that it shows; how many levels are to be gone on with."""
        self._work += len(self._edges)
        read = hashlib.sha256(_read(self._edges, places)).digest()
        if read not in self._seen:
            self._seen[read] = places, path
            return len(path)
        earlier, other = self._seen[read]
        node_at = [node for _, node in sorted(zip(places, range(len(places)), strict=True))]
        self._symmetries.append([node_at[place] for place in earlier])
        # From where the paths part, all that is left of the one is an image of the other.
        return 1 + next(k for k, node in enumerate(path) if node != other[k])

    def _refine(self, partition: _Partition, cells: Iterable[int]) -> None:
        """Tell nodes apart by how many edges of each label they have to each cell."""
        waiting = deque(cells)
        queued = {*waiting}
        while waiting:
            cell = waiting.popleft()
            queued.remove(cell)
            marks: dict[int, int] = {}
            for node in partition.cells[cell]:
                for other, weight in self._beside[node]:
                    marks[other] = marks.get(other, 0) + weight
            self._work += len(marks)
            touched: dict[int, list[int]] = {}
            for node in marks:
                if (other := partition.cell_of[node]) in partition.several:
                    touched.setdefault(other, []).append(node)
            for other in sorted(touched):
                parts = _by_marks(touched[other], marks)
                if len(touched[other]) < len(partition.cells[other]):
                    parts.insert(0, [n for n in partition.cells[other] if n not in marks])
                if len(parts) == 1:
                    continue
                numbers = partition.split(other, parts)
                if other not in queued:
                    # What the greatest part would tell, the others tell.
                    numbers.remove(max(numbers, key=lambda number: len(partition.cells[number])))
                waiting += [number for number in numbers if number not in queued]
                queued.update(numbers)


def _by_marks(nodes: Iterable[int], marks: Mapping[int, int]) -> list[list[int]]:
    groups: dict[int, list[int]] = {}
    for node in nodes:
        groups.setdefault(marks[node], []).append(node)
    return [groups[mark] for mark in sorted(groups)]


def _path(levels: Iterable[_Level]) -> list[int]:
    return [level.tried[-1] for level in levels]


def _weight(label: str) -> int:
    # Such numbers add up to the same only where labels are the same, but for very rare chance.
    return int.from_bytes(hashlib.blake2b(label.encode(), digest_size=7).digest())
