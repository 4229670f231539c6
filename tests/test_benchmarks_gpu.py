"""The measurement for machines with a GPU: that its checks can fail, and that it runs."""

from __future__ import annotations

import asyncio
import json
import selectors
import subprocess
import sys
import time
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from benchmarks.gpu.__main__ import measure, random_model
from neurosym.candidate import Completion, Prompt
from neurosym.engines.base import Dropped, SamplingParams
from tests.engines.hugging_face import needs

ROOT = Path(__file__).parents[1]
PLACES = 4
TOKENS = 60
CHECKS = ("batching", "a prompt is evaluated once", "dropped samples make room")


@dataclass
class Paced:
    """Stands for an engine of which a token takes as long alone as beside others."""

    batches: bool = True
    shares: bool = True
    drops: bool = True
    told: int = 9

    def __post_init__(self) -> None:
        self._places = asyncio.Semaphore(PLACES if self.batches else 1)
        self.prompt_tokens = (0, 0)

    async def count_tokens(self, prompt: Prompt) -> int:
        return len(prompt.messages[0].content.split())

    async def sample(self, prompt: Prompt, params: SamplingParams) -> list[Completion]:
        length = await self.count_tokens(prompt)
        sent, evaluated = self.prompt_tokens
        again = 32 if self.shares else length  # the last block of its cache
        self.prompt_tokens = (sent, evaluated + length + (params.n - 1) * again)
        return await asyncio.gather(*(self._draw(params, i) for i in range(params.n)))

    async def _draw(self, params: SamplingParams, i: int) -> Completion:
        async with self._places:
            for _ in range(params.max_tokens):
                await asyncio.sleep(0.01)
        return Completion("", None, 0, params.max_tokens, "length", params.seed + i)

    async def stream(
        self, prompt: Prompt, params: SamplingParams, dropped: Dropped
    ) -> AsyncGenerator[Completion]:
        drawing = asyncio.ensure_future(self.sample(prompt, params))
        try:
            for item in await asyncio.shield(drawing):
                yield item
        finally:
            if self.drops:
                drawing.cancel()
            dropped(0, self.told)


class Leaping(selectors.DefaultSelector):
    """Takes the time as passed that it is to wait: what a busy machine does plays no role."""

    now = 0.0

    def select(self, timeout: float | None = None) -> Any:
        self.now += timeout or 0.0
        return super().select(timeout and 0.0)

    def loop(self) -> asyncio.AbstractEventLoop:
        made = asyncio.SelectorEventLoop(self)
        made.time = lambda: self.now
        return made


@pytest.mark.parametrize(
    ("options", "failing"),
    [
        ({}, set()),
        ({"batches": False}, {CHECKS[0]}),
        ({"shares": False}, {CHECKS[1]}),
        ({"drops": False}, {CHECKS[2]}),
        ({"told": 0}, {CHECKS[2]}),
    ],
    ids=str,
)
def test_what_an_engine_does_not_do_fails_its_check(
    options: dict[str, Any], failing: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    engine: Any = Paced(**options)
    clock = Leaping()
    monkeypatch.setattr(time, "perf_counter", lambda: clock.now)
    with asyncio.Runner(loop_factory=clock.loop) as runner:
        found = runner.run(measure(engine, samples=PLACES, tokens=TOKENS))
    assert {name for name, is_good in found["checks"].items() if not is_good} == failing, found
    assert set(found["checks"]) == set(CHECKS)


@pytest.mark.real_model
def test_it_runs_on_processors_with_random_weights(tmp_path: Path) -> None:
    needs("vllm")
    model = random_model(tmp_path / "model", layers=2)
    out = tmp_path / "found.json"
    command = [sys.executable, "-m", "benchmarks.gpu", "--model", str(model), "--eager"]
    sizes = ["--samples", str(PLACES), "--tokens", "128", "--out", str(out)]
    done = subprocess.run([*command, *sizes], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    found = json.loads(out.read_text())
    assert all(found["checks"].values())
    assert set(found["checks"]) == set(CHECKS)
    assert int(found["peak memory of a process"].split()[0]) > 100
