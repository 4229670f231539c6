"""The engine for servers, against vLLM's own one on processors, with a small real model."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from neurosym.candidate import Message, Prompt
from neurosym.engines.base import SAMPLING, Capability, SamplingParams
from neurosym.engines.openai import OpenAIEngine
from tests.engines.contract import (
    DyingContract,
    EngineContract,
    GrammarContract,
    ModelContract,
    StreamingContract,
)
from tests.engines.hugging_face import needs, small_model

needs("vllm")

pytestmark = pytest.mark.real_model

CONTEXT = 2048


@contextmanager
def serving() -> Iterator[tuple[str, Callable[[], None]]]:
    """The address of a server of vLLM's, and what kills it with all its processes."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    # `vllm serve` looks for a distribution of another name than that for processors.
    command = [
        sys.executable, "-m", "vllm.entrypoints.openai.api_server", "--model", str(small_model()),
        "--host", "127.0.0.1", "--port", str(port), "--max-model-len", str(CONTEXT),
        "--max-num-seqs", "8", "--dtype", "float32", "--enforce-eager", "--block-size", "32",
        "--no-enable-chunked-prefill",
    ]  # fmt: skip
    env = {**os.environ, "VLLM_CPU_KVCACHE_SPACE": "1", "VLLM_NO_USAGE_STATS": "1"}
    with subprocess.Popen(
        command, env=env, stdout=subprocess.DEVNULL, start_new_session=True
    ) as running:
        try:
            deadline = time.monotonic() + 240
            while not _answers(f"http://127.0.0.1:{port}/health"):
                assert running.poll() is None, "the server has ended"
                assert time.monotonic() < deadline, "the server does not start"
                time.sleep(1)
            yield f"http://127.0.0.1:{port}/v1", lambda: os.killpg(running.pid, signal.SIGKILL)
        finally:
            running.terminate()


@pytest.fixture(scope="module")
def server(real_models: None) -> Iterator[str]:
    """The address of vLLM's server."""
    with serving() as (address, _):
        yield address


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


@pytest.fixture(scope="module")
def shared(server: str) -> Iterator[OpenAIEngine]:
    engine = OpenAIEngine(base_url=server, parallel=8)
    yield engine
    asyncio.run(engine.aclose())


@pytest.fixture
def engine(shared: OpenAIEngine) -> OpenAIEngine:
    return shared


@pytest.fixture
def own_engine(server: str) -> Iterator[OpenAIEngine]:
    own = OpenAIEngine(base_url=server, parallel=8)
    yield own
    asyncio.run(own.aclose())


class TestContract(EngineContract, ModelContract, GrammarContract, StreamingContract):
    overflow_words = 2 * CONTEXT


class TestDeath(DyingContract):
    @pytest.fixture
    def doomed(self, real_models: None) -> Iterator[tuple[OpenAIEngine, Callable[[], None]]]:
        with serving() as (address, kill):
            engine = OpenAIEngine(base_url=address, parallel=8, retries=1)
            yield engine, kill
            asyncio.run(engine.aclose())


async def test_it_knows_the_server_and_asks_for_samples_together(engine: OpenAIEngine) -> None:
    assert "vLLM" in engine.info.version
    assert engine.info.can == SAMPLING | {Capability.REGEX}
    drawn = await engine.sample(
        Prompt((Message("user", "Say a number."),)), SamplingParams(n=3, max_tokens=9)
    )
    assert [item.prompt_tokens > 0 for item in drawn] == [True, False, False]
    assert all(1 <= item.completion_tokens <= 9 for item in drawn)
