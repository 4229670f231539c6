"""What is said where there is no cluster."""

from __future__ import annotations

import time
from typing import Any

import pytest

from neurosym.cluster import connection
from neurosym.cluster.connection import Cluster
from neurosym.errors import OptionError


@pytest.mark.parametrize("address", ["ray://127.0.0.1:1", "127.0.0.1:1", "ray://", "nowhere"])
def test_where_there_is_no_cluster(address: str) -> None:
    began = time.monotonic()
    with pytest.raises(OptionError) as caught:
        Cluster(address)
    assert address in str(caught.value)
    assert caught.value.hint
    assert time.monotonic() - began < 60


def node(name: str, gpus: float | None) -> dict[str, Any]:
    resources = {"CPU": 8.0} if gpus is None else {"CPU": 8.0, "GPU": gpus}
    return {"NodeID": name, "NodeManagerAddress": name, "Alive": True, "Resources": resources}


@pytest.fixture
def nodes_of(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A cluster whose machines have so many GPUs."""
    import ray

    def make(*gpus: float | None) -> Cluster:
        nodes = [node(f"n{i}", number) for i, number in enumerate(gpus)]
        monkeypatch.setattr(ray, "nodes", lambda: nodes)
        return Cluster("ray://head:10001")

    monkeypatch.setattr(ray, "init", lambda address, **_: None)
    monkeypatch.setattr(connection, "_knock", lambda address: None)
    return make


@pytest.mark.parametrize(
    ("there", "needed", "taken"),
    [((None, 4.0), 0, 0), ((None, None), 2, 0), ((None, 1.0), 2, 2), ((4.0, 2.0), 2, 2)],
)
def test_gpus_are_taken_where_there_are_any(
    nodes_of: Any, there: tuple[float | None, ...], needed: int, taken: int
) -> None:
    cluster = nodes_of(*there)
    try:
        assert cluster.gpus_for(needed) == taken
    finally:
        cluster.close()


@pytest.mark.parametrize(
    ("there", "needed", "room"),
    [
        ((None, 4.0), 0, {("n0", 0): 1, ("n1", 0): 1}),
        ((None, None), 0, {("n0", 0): 1, ("n1", 0): 1}),
        ((4.0, 1.0, 2.0), 2, {("n0", 2): 2, ("n2", 2): 1}),
        ((4.0, None), 4, {("n0", 4): 1}),
    ],
)
def test_where_there_is_room(
    nodes_of: Any, there: tuple[float | None, ...], needed: int, room: dict[tuple[str, int], int]
) -> None:
    cluster = nodes_of(*there)
    try:
        places = cluster.places(needed)
    finally:
        cluster.close()
    assert {(place.node, place.gpus): n for place, n in places.items()} == room


@pytest.mark.parametrize(
    ("there", "needed", "why"),
    [
        ((4.0, 2.0, None), 8, r"takes 8 GPUs .* more than 4"),
        ((None, None), 1, r"takes 1 GPU of .* has any"),
    ],
)
def test_more_gpus_than_any_machine_has_are_refused(
    nodes_of: Any, there: tuple[float | None, ...], needed: int, why: str
) -> None:
    cluster = nodes_of(*there)
    try:
        with pytest.raises(OptionError, match=why) as caught:
            cluster.places(needed)
    finally:
        cluster.close()
    assert caught.value.hint


@pytest.mark.parametrize("failures", [0, 2, 3])
def test_a_server_that_crashes_while_it_takes_a_client_is_asked_again(
    failures: int, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    import ray

    calls: list[str] = []

    def init(address: str, **_: object) -> None:
        calls.append(address)
        if len(calls) <= failures:
            raise ConnectionAbortedError("the fork is a zombie")

    monkeypatch.setattr(ray, "init", init)
    monkeypatch.setattr(connection, "_knock", lambda address: None)
    monkeypatch.setattr(connection, "_PAUSE", 0.0)
    if failures == 3:
        with pytest.raises(OptionError, match="zombie"):
            Cluster("ray://head:10001")
    else:
        Cluster("ray://head:10001").close()
    assert len(calls) == min(failures + 1, 3)
    assert caplog.text.count("tries again") == min(failures, 2)
