"""Calls to objects on the nodes of a cluster, and what becomes of them when workers are lost."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Iterator

import pytest

from neurosym.cluster import team as team_module
from neurosym.cluster.connection import Cluster
from neurosym.cluster.team import Team
from neurosym.errors import (
    BackendError,
    ContextOverflowError,
    ModelNotFoundError,
    OptionError,
)
from tests.cluster.nodes import Nodes
from tests.cluster.probe import Probe, no_probe


@pytest.fixture(scope="module")
def cluster(nodes: Nodes) -> Iterator[Cluster]:
    joined = Cluster(nodes.address)
    yield joined
    joined.close()
    joined.close()


@pytest.fixture
def team(cluster: Cluster) -> Iterator[Team]:
    made = Team(cluster, Probe, what="probes", lost=BackendError)
    yield made
    made.close()
    made.close()


async def test_every_node_has_one(team: Team) -> None:
    assert len(set(team.each("pid"))) == 2


async def test_calls_go_to_the_one_that_does_least(team: Team) -> None:
    pids = await asyncio.gather(*(team.call("pid", 0.3) for _ in range(6)))
    assert sorted(pids.count(pid) for pid in set(pids)) == [3, 3]
    async with team.one(weight=9) as heavy:
        light = {await team.call("pid") for _ in range(3)}
        assert light == set(team.each("pid")) - {await heavy.ask("pid")}


async def test_errors_arrive_as_they_were_raised(team: Team) -> None:
    with pytest.raises(ContextOverflowError, match="it is too long") as caught:
        await team.call("refuse")
    assert caught.value.hint == "Shorten it."


async def test_a_call_that_nobody_waits_for_is_cancelled_there(team: Team) -> None:
    call = asyncio.ensure_future(team.call("pid", 60.0))
    deadline = time.monotonic() + 30
    while not sum(team.each("begun")) and time.monotonic() < deadline:
        await asyncio.sleep(0.1)
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
    deadline = time.monotonic() + 20
    while sum(team.each("cancelled")) == 0 and time.monotonic() < deadline:
        await asyncio.sleep(0.1)
    assert sum(team.each("cancelled")) == 1
    assert all(member.busy == 0 for member in team.members)


async def test_a_worker_that_dies_is_replaced_and_others_take_its_calls(
    team: Team, caplog: pytest.LogCaptureFixture
) -> None:
    before = set(team.each("pid"))
    waiting = [asyncio.ensure_future(team.call("pid", 3.0)) for _ in range(2)]
    await asyncio.sleep(0.5)
    with caplog.at_level(logging.WARNING):
        async with team.one() as victim:
            with pytest.raises(team_module.WorkerLostError):
                await victim.ask("die")
        after = await asyncio.gather(*waiting)
    assert len(set(after) - before) <= 1
    assert "one of the probes was lost" in caplog.text
    deadline = time.monotonic() + 60
    while len(team.members) < 2 and time.monotonic() < deadline:
        await asyncio.sleep(0.2)
    assert len(team.members) == 2
    assert len(set(team.each("pid")) & before) == 1


async def test_a_call_that_kills_whatever_takes_it_ends(team: Team) -> None:
    with pytest.raises(BackendError, match="one after the other") as caught:
        await team.call("die")
    assert caught.value.hint
    assert isinstance(await team.call("pid"), int)


async def test_a_closed_team_refuses(cluster: Cluster) -> None:
    made = Team(cluster, Probe, what="probes", lost=BackendError)
    made.close()
    with pytest.raises(BackendError, match="the probes were stopped"):
        await made.call("pid")


async def test_closing_while_another_is_started_leaves_nobody(cluster: Cluster) -> None:
    made = Team(cluster, Probe, what="probes", lost=BackendError)
    async with made.one() as victim:
        with pytest.raises(team_module.WorkerLostError):
            await victim.ask("die")
    waiting = [asyncio.ensure_future(made.call("pid", 30.0)) for _ in range(3)]
    await asyncio.sleep(0.1)
    await asyncio.to_thread(made.close)
    ended = await asyncio.gather(*waiting, return_exceptions=True)
    assert all(isinstance(error, BackendError) for error in ended), ended
    deadline = time.monotonic() + 30
    while made._starting and time.monotonic() < deadline:
        await asyncio.sleep(0.1)
    assert (made._starting, made.members) == ([], ())


async def test_without_a_connection_calls_end_and_ray_starts_no_cluster_of_its_own(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    import ray

    made = Team(cluster, Probe, what="probes", lost=BackendError)
    hosts = [member._host for member in made.members]
    with monkeypatch.context() as patch:
        patch.setattr(ray, "is_initialized", lambda: False)
        with pytest.raises(BackendError, match=r"none could be started|one after the other"):
            await made.call("pid")
        made.close()
    for host in hosts:
        ray.kill(host)


def test_what_cannot_be_made_says_why(cluster: Cluster) -> None:
    with pytest.raises(ModelNotFoundError, match="there are no weights"):
        Team(cluster, no_probe, what="probes", lost=BackendError)


def test_another_version_is_refused(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(team_module, "__version__", "0.0.0")
    with pytest.raises(OptionError, match=r"neurosym .*, and this machine 0\.0\.0"):
        Team(cluster, Probe, what="probes", lost=BackendError)


def test_another_cluster_is_refused_while_one_is_used(cluster: Cluster, nodes: Nodes) -> None:
    with pytest.raises(OptionError, match="not 'ray://elsewhere:10001'"):
        Cluster("ray://elsewhere:10001")
    Cluster(nodes.address).close()
