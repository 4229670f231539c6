"""The only node of a cluster that has a GPU is lost."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from neurosym.cluster.connection import Cluster
from neurosym.cluster.replicated import ReplicatedEngine
from neurosym.engines.base import SamplingParams
from neurosym.errors import UnavailableError
from tests.cluster.mortal import MortalSpec
from tests.cluster.nodes import Nodes, two_nodes
from tests.engines.contract import SEA


@pytest.fixture
def own_nodes() -> Iterator[Nodes]:
    with two_nodes(gpus=1) as running:
        yield running


async def test_an_engine_on_gpus_does_not_go_on_without_them(
    own_nodes: Nodes, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "grave").touch()  # none dies
    cluster = Cluster(own_nodes.address)
    engine = ReplicatedEngine(cluster, MortalSpec(tmp_path / "grave", gpus=1))
    params = SamplingParams(n=2)
    try:
        [first] = engine._team.members
        assert first.place.gpus == 1
        assert len(await engine.sample(SEA, params)) == 2
        own_nodes.lose_one()
        said, deadline = "", time.monotonic() + 90
        while "takes 1 GPU of one machine" not in said:  # its worker may outlive it for a moment
            assert time.monotonic() < deadline, said
            await asyncio.sleep(0.1)
            try:
                await engine.sample(SEA, params)
                assert engine._team.members == (first,)
            except UnavailableError as error:
                assert error.hint
                said = str(error)
        assert engine._team.members == ()
        assert "could not be replaced: it takes 1 GPU" in caplog.text
        own_nodes.add_one()
        assert len(await engine.sample(SEA, params)) == 2
        [again] = engine._team.members
        assert again.place.gpus == 1
    finally:
        await engine.aclose()
        cluster.close()
