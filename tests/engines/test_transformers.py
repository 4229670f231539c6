"""transformers with a small real model; ``make test-vllm`` runs these where it is."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from neurosym.candidate import Message, Prompt
from neurosym.engines.base import Capability, SamplingParams
from neurosym.engines.transformers import Runner, TransformersEngine
from neurosym.errors import EngineError, EngineMemoryError, ModelNotFoundError, OptionError
from tests.engines.contract import SEA, EngineContract, InterruptContract, ModelContract
from tests.engines.hugging_face import needs, small_model

needs("torch")

pytestmark = pytest.mark.real_model

CONTEXT = 2048
GREEDY = SamplingParams(temperature=0, max_tokens=8)


def start(**options: Any) -> TransformersEngine:
    return TransformersEngine(str(small_model()), **{"batch": 4, "context": CONTEXT, **options})


@pytest.fixture(scope="module")
def shared(real_models: None) -> Iterator[TransformersEngine]:
    engine = start()
    yield engine
    asyncio.run(engine.aclose())


@pytest.fixture
def engine(shared: TransformersEngine) -> TransformersEngine:
    return shared


@pytest.fixture
def own_engine(shared: TransformersEngine) -> Iterator[TransformersEngine]:
    own = start()
    yield own
    asyncio.run(own.aclose())


class TestContract(EngineContract, ModelContract):
    overflow_words = 2 * CONTEXT


class TestInterrupt(InterruptContract):
    @pytest.fixture
    def options(self) -> list[str]:
        return ["--engine", f"transformers(model='{small_model()}', batch=4, context={CONTEXT})"]


def test_it_says_where_it_runs_and_what_it_can_do(engine: TransformersEngine) -> None:
    assert "cpu, float32" in engine.info.version
    assert Capability.GRAMMAR not in engine.info.can


async def test_samples_follow_the_models_own_distribution(engine: TransformersEngine) -> None:
    """The first token of many samples, against the probabilities that the model tells of them."""
    prompt = replace(SEA, prefix="The sea is")
    params = SamplingParams(n=400, temperature=1.0, max_tokens=1, logprobs=True)
    drawn = await engine.sample(prompt, params)
    counts = Counter(item.text for item in drawn)
    told = {item.text: item.logprobs[0] for item in drawn if item.logprobs}
    for text, count in counts.most_common(3):
        expected = 2.718281828 ** told[text]
        spread = (expected * (1 - expected) / 400) ** 0.5
        assert abs(count / 400 - expected) < 4 * spread, (text, count, expected)


async def test_a_nucleus_leaves_out_the_tail(engine: TransformersEngine) -> None:
    params = SamplingParams(n=60, temperature=1.5, top_p=0.1, max_tokens=1)
    few = {item.text for item in await engine.sample(SEA, params)}
    many = {item.text for item in await engine.sample(SEA, replace(params, top_p=1.0))}
    assert len(few) < len(many)


async def test_what_prompts_have_in_common_is_evaluated_once(engine: TransformersEngine) -> None:
    head = Message("system", "The sea is deep and wide and wet. " * 60)
    prompts = [Prompt((head, Message("user", f"How deep is bay {i}?"))) for i in range(6)]
    length = await engine.count_tokens(prompts[0])
    sent, evaluated = engine.prompt_tokens
    await asyncio.gather(*(engine.sample(item, replace(GREEDY, n=2)) for item in prompts))
    now = engine.prompt_tokens
    assert now[0] - sent > 11 * length
    assert now[1] - evaluated < length + 12 * 40


async def test_padding_changes_nothing(engine: TransformersEngine) -> None:
    short, long = SEA, Prompt((Message("user", "And of what is it full? " * 30),))
    alone = [await engine.sample(prompt, GREEDY) for prompt in (short, long)]
    together = await asyncio.gather(*(engine.sample(prompt, GREEDY) for prompt in (short, long)))
    assert [item.text for [item] in alone] == [item.text for [item] in together]


async def test_where_memory_is_short_half_as_many_run_at_once(
    own_engine: TransformersEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    import torch

    sizes: list[int] = []
    run = Runner._run

    def short_of_memory(self: Runner, jobs: Sequence[Any]) -> Any:
        sizes.append(len(jobs))
        if len(jobs) > 1:
            raise torch.OutOfMemoryError("CUDA out of memory")
        return run(self, jobs)

    monkeypatch.setattr(Runner, "_run", short_of_memory)
    drawn = await own_engine.sample(SEA, replace(GREEDY, n=4))
    assert [item.seed for item in drawn] == [0, 1, 2, 3]
    assert max(sizes[-4:]) == 1

    def no_memory(self: Runner, jobs: Sequence[Any]) -> Any:
        raise RuntimeError("DefaultCPUAllocator: can't allocate memory")

    monkeypatch.setattr(Runner, "_run", no_memory)
    with pytest.raises(EngineMemoryError, match="a single sample") as caught:
        await own_engine.sample(SEA, GREEDY)
    assert caught.value.hint


async def test_closing_ends_what_is_under_way(own_engine: TransformersEngine) -> None:
    long = SamplingParams(n=8, max_tokens=1500, temperature=1.0)
    request = asyncio.ensure_future(own_engine.sample(SEA, long))
    await asyncio.sleep(0.5)
    await own_engine.aclose()
    with pytest.raises(EngineError, match="closed"):
        await request


async def test_a_grammar_is_refused(engine: TransformersEngine) -> None:
    with pytest.raises(EngineError, match="no grammar"):
        await engine.sample(replace(SEA, grammar='root ::= "x"'), GREEDY)


@pytest.mark.parametrize(
    ("options", "message"),
    [({"batch": 0}, "batch is 0"), ({"context": 0}, "context is 0"), ({"dtype": "x"}, "dtype is")],
)
def test_options_that_cannot_be(options: dict[str, Any], message: str) -> None:
    with pytest.raises(OptionError, match=message) as caught:
        start(**options)
    assert caught.value.hint


def test_a_folder_that_holds_no_model_or_a_broken_one(tmp_path: Path) -> None:
    with pytest.raises(ModelNotFoundError, match="holds no weights"):
        TransformersEngine(str(tmp_path))
    (tmp_path / "config.json").write_text('{"model_type": "nonesuch"}')
    (tmp_path / "model.safetensors").write_bytes(b"nonsense")
    with pytest.raises(EngineError, match="cannot run the model"):
        TransformersEngine(str(tmp_path))
