"""The scripted engine, which users may test their own code with."""

from __future__ import annotations

import pytest

from neurosym.candidate import Message, Prompt
from neurosym.engines.base import Engine, SamplingParams
from neurosym.errors import EngineError
from neurosym.testing import PacedEngine, Request, ScriptedEngine, question_of
from tests.engines.contract import EngineContract, StreamingContract

WORDS = "the sea is wide and deep and wet and full of fish and salt " * 40


def prompt(question: str = "How wide?") -> Prompt:
    return Prompt((Message("system", "Be brief."), Message("user", question)))


class TestContract(EngineContract):
    overflow_words = 60
    underway = 0.005

    @pytest.fixture
    def engine(self) -> Engine:
        return ScriptedEngine([WORDS], context=50, seconds=0.02)

    @pytest.fixture
    def own_engine(self, engine: Engine) -> Engine:
        return engine


async def texts(engine: ScriptedEngine, question: str = "How wide?", n: int = 1) -> list[str]:
    return [item.text for item in await engine.sample(prompt(question), SamplingParams(n=n))]


async def test_texts_are_taken_in_turn_by_the_samples_of_each_question() -> None:
    engine = ScriptedEngine(["one", "two"])
    assert await texts(engine, n=3) == ["one", "two", "one"]
    assert await texts(engine) == ["two"]
    assert await texts(engine, "How deep?") == ["one"]


async def test_texts_for_each_question() -> None:
    engine = ScriptedEngine({"wide": ["ten"], "deep": ["nine"]})
    assert await texts(engine, "How deep?") == ["nine"]


async def test_a_function_of_prompt_and_seed() -> None:
    engine = ScriptedEngine(lambda prompt, seed: f"{question_of(prompt)} {seed}")
    assert await texts(engine, n=2) == ["How wide? 0", "How wide? 1"]


async def test_nothing_to_say_is_an_error_that_names_the_question() -> None:
    with pytest.raises(EngineError, match=r"How wide\?"):
        await texts(ScriptedEngine({"deep": ["nine"]}))


async def test_requests_are_kept() -> None:
    engine = ScriptedEngine(["one"])
    params = SamplingParams(n=2, seed=3)
    await engine.sample(prompt(), params)
    assert engine.requests == [Request(prompt(), params)]


async def test_a_text_under_the_limit_keeps_its_white_space() -> None:
    assert await texts(ScriptedEngine(["    return 1\n"])) == ["    return 1\n"]


class TestPaced(EngineContract, StreamingContract):
    overflow_words = 60
    underway = 0.005

    @pytest.fixture
    def engine(self) -> Engine:
        texts = [WORDS * times for times in (1, 2, 3)]
        return PacedEngine(texts, context=50, seconds=0.02, pace=0.001)

    @pytest.fixture
    def own_engine(self, engine: Engine) -> Engine:
        return engine
