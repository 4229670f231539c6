"""The embedded engine with a small real model: what is tested is the plumbing."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from neurosym.candidate import Message, Prompt
from neurosym.engines import llamacpp, models
from neurosym.engines.base import Engine, SamplingParams
from neurosym.engines.llamacpp import LlamaCppEngine
from neurosym.engines.loopback import Line
from neurosym.errors import EngineError, EngineMemoryError, ModelNotFoundError, OptionError
from neurosym.testing import FORBID_MODELS
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


def start(**options: Any) -> LlamaCppEngine:
    # One thread: this machine may have no second processor to give.
    return LlamaCppEngine(models.TEST_MODEL, threads=1, **options)


@pytest.fixture(scope="module")
def shared(real_models: None) -> Iterator[LlamaCppEngine]:
    models.pull(models.TEST_MODEL)
    engine = start(slots=SLOTS, context=CONTEXT)
    yield engine
    asyncio.run(engine.aclose())


@pytest.fixture
def engine(shared: LlamaCppEngine) -> LlamaCppEngine:
    return shared


@pytest.fixture
def own_engine(shared: LlamaCppEngine) -> Iterator[LlamaCppEngine]:
    own = start(slots=2, context=512)
    yield own
    asyncio.run(own.aclose())


class TestContract(EngineContract, ModelContract, GrammarContract, StreamingContract):
    overflow_words = 2 * CONTEXT


class TestInterrupt(InterruptContract):
    @pytest.fixture
    def options(self) -> list[str]:
        return ["--model", models.TEST_MODEL]


def busy_slots(engine: LlamaCppEngine) -> int:
    return sum(slot["is_processing"] for slot in Line(engine._port).get("/slots"))


async def until_idle(engine: LlamaCppEngine) -> None:
    deadline = time.monotonic() + 60
    while await asyncio.to_thread(busy_slots, engine):
        assert time.monotonic() < deadline, "the slots are still busy"
        await asyncio.sleep(0.1)


def chat(question: str) -> Prompt:
    """A prompt with a fixed part, different from question to question at its end only."""
    turns = [Message("system", "You answer questions about the sea. " * 8)]
    turns += [Message("user", "Is it wet?"), Message("assistant", "It is. " * 20)]
    return Prompt((*turns, Message("user", question)))


@pytest.fixture
def evaluated(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Prompt tokens that each completion request did not find in a cache."""
    found: list[int] = []
    post, stream = Line.post, Line.stream

    def spy_on_prefixes(self: Line, path: str, body: dict[str, Any]) -> Any:
        answer = post(self, path, body)
        if path == "/completion":
            found.append(answer["timings"]["prompt_n"])
        return answer

    def spy(self: Line, path: str, body: dict[str, Any]) -> Iterator[dict[str, Any]]:
        for piece in stream(self, path, body):
            if piece["stop"] and piece["index"] == 0:
                found.append(piece["timings"]["prompt_n"])
            yield piece

    monkeypatch.setattr(Line, "post", spy_on_prefixes)
    monkeypatch.setattr(Line, "stream", spy)
    return found


async def test_the_model_continues_the_prefix(engine: Engine) -> None:
    prompt = Prompt((Message("user", "Capital of France?"),), prefix="The capital of France is")
    (completion,) = await engine.sample(prompt, SamplingParams(temperature=0, max_tokens=4))
    assert "Paris" in completion.text


async def test_a_regular_expression_is_refused_rather_than_ignored(engine: Engine) -> None:
    with pytest.raises(EngineError, match="no regular expression"):
        await engine.sample(replace(SEA, regex="[0-9]+"), SamplingParams(max_tokens=4))


async def test_a_natural_end_is_a_stop(engine: Engine) -> None:
    prompt = Prompt((Message("user", "Say only: hi."),))
    (completion,) = await engine.sample(prompt, SamplingParams(temperature=0, max_tokens=200))
    assert completion.finish_reason == "stop"


@pytest.mark.parametrize("samples", [1, 2])
async def test_requests_that_start_together_evaluate_the_fixed_part_once(
    fresh_engine: LlamaCppEngine, evaluated: list[int], samples: int
) -> None:
    engine = fresh_engine
    params = SamplingParams(n=samples, max_tokens=8)
    await asyncio.gather(*(engine.sample(chat(f"How deep is bay {i}?"), params) for i in range(6)))
    first, *rest = evaluated
    assert first > 130
    assert max(rest) < 30


@pytest.fixture
def own_prefixes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder where engines started in this test keep the fixed parts of prompts."""
    monkeypatch.setattr(llamacpp, "cache_folder", lambda: tmp_path)
    return tmp_path / "prefixes"


@pytest.fixture
def fresh_engine(shared: LlamaCppEngine, own_prefixes: Path) -> Iterator[LlamaCppEngine]:
    own = start(slots=SLOTS, context=CONTEXT)
    yield own
    asyncio.run(own.aclose())


async def test_the_fixed_part_outlives_the_process_and_holds_no_question(
    fresh_engine: LlamaCppEngine, own_prefixes: Path, evaluated: list[int]
) -> None:
    params = SamplingParams(n=2, temperature=0, max_tokens=8)
    first = await fresh_engine.sample(chat("How deep?"), params)
    (kept,) = own_prefixes.iterdir()
    again = start(slots=SLOTS, context=CONTEXT)
    try:
        second = await again.sample(chat("How deep?"), params)
    finally:
        await again.aclose()
    assert [item.text for item in first] == [item.text for item in second]
    evaluating, *others = evaluated
    assert evaluating > 130
    assert max(others) < 30
    assert list(own_prefixes.iterdir()) == [kept]


@pytest.mark.parametrize("damage", [b"", b"nonsense"])
async def test_a_damaged_state_is_evaluated_again(
    fresh_engine: LlamaCppEngine, own_prefixes: Path, evaluated: list[int], damage: bytes
) -> None:
    await fresh_engine.sample(chat("How deep?"), SamplingParams(max_tokens=3))
    (kept,) = own_prefixes.iterdir()
    whole = kept.read_bytes()
    kept.write_bytes(damage)
    again = start(slots=SLOTS, context=CONTEXT)
    try:
        await again.sample(chat("How deep?"), SamplingParams(max_tokens=3))
    finally:
        await again.aclose()
    assert max(evaluated[2:]) > 130
    (mended,) = own_prefixes.iterdir()
    assert len(mended.read_bytes()) == len(whole)


async def test_a_prompt_that_cannot_be_kept_is_evaluated_each_time(
    fresh_engine: LlamaCppEngine, own_prefixes: Path
) -> None:
    own_prefixes.rmdir()
    for _ in range(2):
        drawn = await fresh_engine.sample(chat("How deep?"), SamplingParams(n=2, max_tokens=3))
        assert len(drawn) == 2


async def test_only_the_latest_states_are_kept(
    fresh_engine: LlamaCppEngine, own_prefixes: Path
) -> None:
    for i in range(10):
        turns = (Message("system", f"Rule {i}."), *chat("How deep?").messages[1:])
        await fresh_engine.sample(Prompt(turns), SamplingParams(max_tokens=1))
    assert len(list(own_prefixes.iterdir())) == 8


async def test_cancelled_work_leaves_the_slots_at_once(engine: LlamaCppEngine) -> None:
    long = SamplingParams(n=SLOTS, max_tokens=400)
    request = asyncio.ensure_future(engine.sample(SEA, long))
    while not await asyncio.to_thread(busy_slots, engine):
        await asyncio.sleep(0.05)
    request.cancel()
    with pytest.raises(asyncio.CancelledError):
        await request
    await until_idle(engine)
    assert engine._room._free_tokens == CONTEXT


async def test_cancelled_while_waiting_for_room(engine: LlamaCppEngine) -> None:
    long = SamplingParams(n=SLOTS, max_tokens=490)  # all of the context
    first = asyncio.ensure_future(engine.sample(SEA, long))
    while not await asyncio.to_thread(busy_slots, engine):
        await asyncio.sleep(0.05)
    second = asyncio.ensure_future(engine.sample(SEA, long))
    await asyncio.sleep(0.5)
    second.cancel()
    with pytest.raises(asyncio.CancelledError):
        await second
    assert not first.done()
    first.cancel()
    await asyncio.gather(first, return_exceptions=True)
    await until_idle(engine)


async def test_samples_that_do_not_fit_together_are_drawn_in_parts(engine: Engine) -> None:
    # Four at once could overflow the context; two cannot.
    params = SamplingParams(n=SLOTS, seed=3, max_tokens=CONTEXT // 3)
    prompt = Prompt((Message("user", "Say only: hi."),), stop=(".", "!", "\n"))
    drawn = await engine.sample(prompt, params)
    assert [completion.seed for completion in drawn] == [3, 4, 5, 6]
    assert [completion.prompt_tokens > 0 for completion in drawn] == [True, False, False, False]


async def test_closing_drops_what_is_in_flight(own_engine: LlamaCppEngine) -> None:
    long = SamplingParams(n=2, max_tokens=200)
    requests = [asyncio.ensure_future(own_engine.sample(SEA, long)) for _ in range(5)]
    await asyncio.sleep(0.3)
    await own_engine.aclose()
    ended = await asyncio.gather(*requests, return_exceptions=True)
    assert all(isinstance(error, EngineError) for error in ended), ended


def test_a_process_that_forgets_to_close_ends_well() -> None:
    models.pull(models.TEST_MODEL)
    code = (
        "import asyncio\n"
        "from neurosym.candidate import Message, Prompt\n"
        "from neurosym.engines.base import SamplingParams\n"
        "from neurosym.engines.llamacpp import LlamaCppEngine\n"
        f"engine = LlamaCppEngine({models.TEST_MODEL!r}, threads=1, slots=2, context=256)\n"
        "prompt = Prompt((Message('user', 'hi'),))\n"
        "print(len(asyncio.run(engine.sample(prompt, SamplingParams(max_tokens=2)))))\n"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "1\n", "")


def test_the_port_wants_a_key(engine: LlamaCppEngine) -> None:
    engine_port = engine._port
    line = Line(engine_port)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(engine_port.headers, "Authorization", "Bearer guess")
        for path in ("/props", "/slots"):
            with pytest.raises(EngineError, match=r"(?i)api key"):
                line.get(path)


# ------------------------------------------------------------------- what cannot start


def test_real_models_are_refused_where_forbidden(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(FORBID_MODELS, "1")
    with pytest.raises(EngineError, match=FORBID_MODELS):
        start()


@pytest.mark.parametrize("option", ["threads", "slots", "context"])
def test_an_option_that_is_not_positive(option: str) -> None:
    with pytest.raises(OptionError, match=option):
        LlamaCppEngine(models.TEST_MODEL, **{option: 0})


def test_missing_weights_say_how_to_get_them(own_cache: Path) -> None:
    with pytest.raises(ModelNotFoundError, match="not on this machine") as caught:
        start()
    assert "neurosym models pull" in caught.value.hint


def test_too_little_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    models.pull(models.TEST_MODEL)
    monkeypatch.setattr(llamacpp, "available_memory", lambda: 100 * 10**6)
    with pytest.raises(EngineMemoryError, match=r"0\.1 GB are free") as caught:
        start()
    assert "smaller model" in caught.value.hint


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    copy = tmp_path / "copy.gguf"
    copy.write_bytes(models.pull(models.TEST_MODEL).read_bytes())
    return copy


@pytest.mark.parametrize("kept", [8, 24, 1000, 50_000_000])
def test_a_file_that_is_cut_off_is_refused_in_words(weights: Path, kept: int) -> None:
    with weights.open("r+b") as file:
        file.truncate(kept)
    with pytest.raises(EngineError, match="cannot load") as caught:
        LlamaCppEngine(weights, threads=1, slots=1, context=256)
    assert "damaged" in caught.value.hint


@pytest.mark.parametrize("offset", [4, 8, 16])
def test_a_nonsense_header_is_refused_in_words(weights: Path, offset: int) -> None:
    with weights.open("r+b") as file:  # version, number of tensors, number of entries
        file.seek(offset)
        file.write(b"\xff" * (4 if offset == 4 else 8))
    with pytest.raises(EngineError, match="cannot load"):
        LlamaCppEngine(weights, threads=1, slots=1, context=256)


async def test_weights_that_give_no_numbers_are_an_error(weights: Path) -> None:
    with weights.open("r+b") as file:  # 16-bit floats of all ones are not numbers
        file.seek(40_000_000)
        file.write(b"\xff" * 20_000_000)
    engine = LlamaCppEngine(weights, threads=1, slots=1, context=256)
    try:
        with pytest.raises(EngineError, match="NaN") as caught:
            await engine.sample(SEA, SamplingParams(max_tokens=3, logprobs=True))
        assert "damaged" in caught.value.hint
    finally:
        await engine.aclose()
