"""A record that is replayed is an engine like the one that drew."""

from __future__ import annotations

import inspect
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from neurosym.candidate import Message, Prompt
from neurosym.engines.base import Engine, SamplingParams
from neurosym.engines.recording import RecordingEngine, RecordReplay
from neurosym.errors import UnrecordedError
from neurosym.testing import ScriptedEngine
from tests.engines.contract import SEA, EngineContract

LONG = "the sea is wide and deep and wet and full of fish and salt " * 40


class TestContract(EngineContract):
    """Each test asks the engine that draws first, and then the record that was made by it."""

    overflow_words = 60
    underway = 0.005

    @pytest.fixture
    async def engine(
        self, tmp_path: Path, request: pytest.FixtureRequest
    ) -> AsyncIterator[RecordReplay]:
        path = tmp_path / "samples.db"
        drawing = RecordingEngine(
            ScriptedEngine([LONG], context=50, seconds=0.05, parallel=64), path
        )
        await drawing.sample(SEA, SamplingParams())
        test = getattr(EngineContract, request.node.originalname)
        if "engine" in inspect.signature(test).parameters:
            asked = test(self, drawing)
            if inspect.isawaitable(asked):
                await asked
        await drawing.aclose()
        replay = RecordReplay(path)
        yield replay
        await replay.aclose()

    @pytest.fixture
    def own_engine(self, engine: RecordReplay) -> RecordReplay:
        return engine

    async def test_cancelled_requests_make_room_for_others(self, engine: Engine) -> None:
        """Nothing waits for room here; what was cancelled while it was drawn is not there."""
        with pytest.raises(UnrecordedError):
            await engine.sample(SEA, SamplingParams(n=64, max_tokens=300))
        drawn = await engine.sample(SEA, SamplingParams(n=64, max_tokens=2))
        assert len(drawn) == 64

    async def test_a_prompt_longer_than_the_context(self, engine: Engine) -> None:
        """Nothing was drawn of it."""
        prompt = Prompt((Message("user", "word " * self.overflow_words),))
        with pytest.raises(UnrecordedError):
            await engine.sample(prompt, SamplingParams(max_tokens=4))
        assert await engine.sample(SEA, SamplingParams(max_tokens=2))
