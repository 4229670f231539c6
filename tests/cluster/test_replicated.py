"""An engine with a replica on each node of a cluster."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import Iterator
from contextlib import aclosing
from pathlib import Path
from typing import Any

import pytest

from neurosym.cluster.connection import Cluster
from neurosym.cluster.replicated import ReplicatedEngine
from neurosym.engines import models
from neurosym.engines.base import SamplingParams
from neurosym.engines.named import read_engine
from neurosym.errors import EngineError, ModelNotFoundError, UnavailableError
from neurosym.testing import ScriptedEngine
from tests.cluster.mortal import ChangingSpec, MortalSpec
from tests.cluster.nodes import Nodes
from tests.engines.contract import (
    SEA,
    EngineContract,
    GrammarContract,
    InterruptContract,
    ModelContract,
    StreamingContract,
)

pytestmark = pytest.mark.real_model

SLOTS = 4
CONTEXT = 2048


def start(cluster: Cluster, **values: Any) -> ReplicatedEngine:
    usual = {"model": models.TEST_MODEL, "threads": 1, "slots": SLOTS, "context": CONTEXT}
    return ReplicatedEngine(cluster, read_engine("llamacpp").with_values({**usual, **values}))


@pytest.fixture(scope="module")
def cluster(nodes: Nodes) -> Iterator[Cluster]:
    joined = Cluster(nodes.address)
    yield joined
    joined.close()


@pytest.fixture(scope="module")
def shared(cluster: Cluster) -> Iterator[ReplicatedEngine]:
    models.pull(models.TEST_MODEL)
    engine = start(cluster)
    yield engine
    asyncio.run(engine.aclose())


@pytest.fixture
def engine(shared: ReplicatedEngine) -> ReplicatedEngine:
    return shared


class TestContract(EngineContract, ModelContract, GrammarContract, StreamingContract):
    overflow_words = 2 * CONTEXT
    underway = 3.0
    soon = 20.0

    @pytest.fixture
    def own_engine(self, cluster: Cluster) -> Iterator[ReplicatedEngine]:
        own = start(cluster, slots=2, context=512)
        yield own
        asyncio.run(own.aclose())


class TestInterrupt(InterruptContract):
    @pytest.fixture
    def options(self, nodes: Nodes) -> list[str]:
        engine = f"llamacpp(slots=2, context={CONTEXT}, threads=1)"
        model = ["--model", models.TEST_MODEL]
        return ["--engine", engine, *model, "--workers", nodes.address]


def test_it_works_on_as_many_samples_as_all_replicas(engine: ReplicatedEngine) -> None:
    assert engine.info.parallel == 2 * SLOTS


async def test_samples_in_flight_on_a_worker_that_is_lost_are_drawn_again(
    cluster: Cluster,
) -> None:
    engine = start(cluster)
    params = SamplingParams(n=3, seed=5, temperature=1.0, max_tokens=120)
    told: list[tuple[int, int]] = []
    try:
        whole = await engine.sample(SEA, params)
        victim = engine._team.members[0]  # the first of equals is asked

        async def drawn() -> list[str]:
            stream = engine.stream(SEA, params, lambda *cost: told.append(cost))
            async with aclosing(stream) as ended:
                return [item.text async for item in ended]

        drawing = asyncio.ensure_future(drawn())
        while victim.busy < 3:
            await asyncio.sleep(0.05)
        kill(victim)
        assert sorted(await drawing) == sorted(item.text for item in whole)
        assert set(told) <= {(0, 0)}, "what was lost can be told by nobody"
        kill(engine._team.members[0])
        again = await engine.sample(SEA, params)
        assert [item.text for item in again] == [item.text for item in whole]
    finally:
        await engine.aclose()


async def test_a_worker_whose_engine_died_is_given_up_and_others_do_its_work(
    cluster: Cluster, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    grave = tmp_path / "grave"
    engine = ReplicatedEngine(cluster, MortalSpec(grave))
    params = SamplingParams(n=3, seed=5)

    async def streamed() -> list[Any]:
        async with aclosing(engine.stream(SEA, params, lambda *cost: None)) as ended:
            return [item async for item in ended]

    try:
        for deaths in (1, 2):
            drawn = await (engine.sample(SEA, params) if deaths == 1 else streamed())
            assert sorted(item.seed for item in drawn) == [5, 6, 7]
            assert caplog.text.count("one of the engines was lost") == deaths
            assert caplog.text.count("it has died") == deaths
            grave.unlink()  # for another one to die
        grave.touch()
        deadline = time.monotonic() + 60
        while len(engine._team.members) < 2 and time.monotonic() < deadline:
            await asyncio.sleep(0.2)
        assert len(engine._team.members) == 2, "others have taken their places"
        await asyncio.gather(*(engine.sample(SEA, params) for _ in range(4)))
    finally:
        await engine.aclose()


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"version": "1, cpu, float32"}, r"scripted \(1, cpu, float32, 0+\), and not .*\(1, 0+\)"),
        ({"model_digest": "1" * 64}, r"\(1, 1+\), and not .*\(1, 0+\)"),
        ({"can": ["grammars"]}, r"it lacks .*beginnings"),
    ],
    ids=["version", "weights", "abilities"],
)
async def test_what_is_not_the_same_takes_no_place_of_one_that_is_lost(
    cluster: Cluster,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    changed: dict[str, Any],
    why: str,
) -> None:
    file = tmp_path / "said"
    file.write_text("{}")
    engine = ReplicatedEngine(cluster, ChangingSpec(file))
    params = SamplingParams(n=2)
    try:
        file.write_text(json.dumps(changed))
        kill(engine._team.members[0])  # the first of equals is asked
        assert len(await engine.sample(SEA, params)) == 2
        deadline = time.monotonic() + 60
        while "could not be replaced" not in caplog.text and time.monotonic() < deadline:
            await asyncio.sleep(0.1)
        [refusal] = [line for line in caplog.messages if "could not be replaced" in line]
        assert re.search(why, refusal)
        [left] = engine._team.members
        kill(left)
        with pytest.raises(UnavailableError, match=why) as caught:
            await engine.sample(SEA, params)
        assert caught.value.hint
        assert engine._team.members == ()
        file.write_text("{}")
        assert len(await engine.sample(SEA, params)) == 2
        assert engine.info.identity == ScriptedEngine(()).info.identity
    finally:
        await engine.aclose()


def test_workers_that_are_not_the_same_are_refused(cluster: Cluster, tmp_path: Path) -> None:
    file = tmp_path / "said"
    file.write_text('{"version": "of process {pid}"}')
    with pytest.raises(
        EngineError, match=r"not run the same model: .*\(of process .*; .*"
    ) as caught:
        ReplicatedEngine(cluster, ChangingSpec(file))
    assert caught.value.hint


def kill(member: Any) -> None:
    import ray

    ray.kill(member._host)


def test_what_the_nodes_lack_is_named(cluster: Cluster) -> None:
    with pytest.raises(ModelNotFoundError, match="no-such-model"):
        start(cluster, model="no-such-model")
