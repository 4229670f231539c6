"""The form of a labelled graph: the same however nodes are numbered, another for another graph."""

from __future__ import annotations

import random
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from neurosym.formal.optimization import labelling
from neurosym.formal.optimization.labelling import Graph, canonical_form


@st.composite
def graphs(draw: DrawFn) -> Graph:
    """Small graphs, most of whose nodes are alike."""
    count = draw(st.integers(1, 6))
    nodes = [draw(st.sampled_from("aab")) for _ in range(count)]
    pairs = [(tail, head) for head in range(count) for tail in range(head)]
    edges = [
        (*draw(st.permutations(pair)), draw(st.sampled_from("112")))
        for pair in pairs
        if draw(st.booleans())
    ]
    return Graph(nodes, edges)


def numbered(graph: Graph, places: list[int], choose: random.Random | None = None) -> Graph:
    """The graph with its nodes, and its edges, in another order."""
    nodes = [""] * len(places)
    for node, place in enumerate(places):
        nodes[place] = graph.nodes[node]
    edges = [(places[tail], places[head], label) for tail, head, label in graph.edges]
    if choose is not None:
        choose.shuffle(edges)
    return Graph(nodes, edges)


def are_same(one: Graph, other: Graph) -> bool:
    """Whether some numbering makes one of the other, by trying all."""
    if sorted(one.nodes) != sorted(other.nodes) or len(one.edges) != len(other.edges):
        return False
    for places in permutations(range(len(one.nodes))):
        made = numbered(one, [*places])
        if made.nodes == other.nodes and sorted(made.edges) == sorted(other.edges):
            return True
    return False


@settings(max_examples=300, deadline=None)
@given(graphs(), st.data())
def test_any_numbering_has_the_same_form(graph: Graph, data: st.DataObject) -> None:
    places = data.draw(st.permutations(range(len(graph.nodes))))
    choose = data.draw(st.randoms(use_true_random=False))
    assert canonical_form(numbered(graph, places, choose)) == canonical_form(graph)


@settings(max_examples=300, deadline=None)
@given(graphs(), graphs())
def test_graphs_of_one_form_are_the_same(one: Graph, other: Graph) -> None:
    assert (canonical_form(one) == canonical_form(other)) is are_same(one, other)


@settings(max_examples=200, deadline=None)
@given(graphs(), st.randoms(use_true_random=False))
def test_one_edge_more_or_another_label_is_another_form(
    graph: Graph, choose: random.Random
) -> None:
    count = len(graph.nodes)
    other = Graph([*graph.nodes], [*graph.edges])
    if choose.random() < 0.5 and graph.edges:
        [tail, head, label] = other.edges.pop(choose.randrange(len(other.edges)))
        if choose.random() < 0.5:
            other.edges.append((tail, head, f"{label}+"))
    else:
        other.edges.append((choose.randrange(count), choose.randrange(count), "3"))
    assert canonical_form(other) != canonical_form(graph)


def rings(*lengths: int) -> Graph:
    graph = Graph()
    for length in lengths:
        begin = len(graph.nodes)
        for _ in range(length):
            graph.add("a")
        for k in range(length):
            # By a node between, so that an edge has no direction.
            graph.add("b", [(begin + k, "1"), (begin + (k + 1) % length, "1")])
    return graph


@pytest.mark.parametrize("graph", [rings(3, 3, 6), rings(4, 8), rings(2, 2, 2, 2, 2), rings(30)])
def test_what_colours_alone_do_not_tell_apart(graph: Graph) -> None:
    forms = set()
    for seed in range(4):
        places = [*range(len(graph.nodes))]
        random.Random(seed).shuffle(places)
        forms.add(canonical_form(numbered(graph, places)))
    assert len(forms) == 1
    assert forms.isdisjoint({canonical_form(rings(12)), canonical_form(rings(5, 7))})


def test_nodes_that_can_change_places_need_no_trial() -> None:
    star = Graph(["a"] * 3000)
    star.add("b", [(node, "1") for node in range(3000)])
    assert len(canonical_form(star)) > 3000


def test_a_graph_without_nodes_has_a_form() -> None:
    assert canonical_form(Graph()) != canonical_form(Graph(["a"]))


@pytest.mark.parametrize("limit", ["_MAX_SIZE", "_MAX_WORK"])
def test_beyond_its_limits_graphs_that_differ_still_have_forms_that_differ(
    limit: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(labelling, limit, 0)
    assert canonical_form(rings(3, 3)) != canonical_form(rings(6))
    assert canonical_form(rings(6)) == canonical_form(rings(6))
