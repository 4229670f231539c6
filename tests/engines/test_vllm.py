"""vLLM on processors, with a small real model; ``make test-vllm`` runs these where it is."""

from __future__ import annotations

import asyncio
import json
import multiprocessing
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from neurosym.candidate import Message, Prompt
from neurosym.engines.base import SamplingParams
from neurosym.engines.vllm import VllmEngine
from neurosym.errors import EngineDeadError, EngineError, ModelNotFoundError, OptionError
from tests.engines.contract import (
    SEA,
    DyingContract,
    EngineContract,
    GrammarContract,
    InterruptContract,
    ModelContract,
    StreamingContract,
)
from tests.engines.hugging_face import needs, small_model

needs("vllm")

pytestmark = pytest.mark.real_model

CONTEXT = 2048


def start(**options: Any) -> VllmEngine:
    usual = {"parallel": 8, "context": CONTEXT, "cache_gib": 1, "eager": True, "dtype": "float32"}
    return VllmEngine(str(small_model()), **{**usual, **options})


@pytest.fixture(scope="module")
def shared(real_models: None) -> Iterator[VllmEngine]:
    engine = start()
    yield engine
    asyncio.run(engine.aclose())


@pytest.fixture
def engine(shared: VllmEngine) -> VllmEngine:
    return shared


class TestContract(EngineContract, ModelContract, GrammarContract, StreamingContract):
    overflow_words = 2 * CONTEXT

    @pytest.fixture
    def own_engine(self, shared: VllmEngine) -> Iterator[VllmEngine]:
        own = start(parallel=2)
        yield own
        asyncio.run(own.aclose())


class TestInterrupt(InterruptContract):
    @pytest.fixture
    def options(self) -> list[str]:
        usual = f"parallel=8, context={CONTEXT}, cache_gib=1, eager=True, dtype=float32"
        return ["--engine", f"vllm(model='{small_model()}', {usual})"]


async def test_a_prompt_is_evaluated_once_for_all_its_samples(engine: VllmEngine) -> None:
    """Measured by vLLM itself: the tokens of prompts that were not in its cache."""
    prompt = Prompt((Message("user", "The sea is deep and wide and wet. " * 120),))
    length = await engine.count_tokens(prompt)
    assert length > 900
    sent, evaluated = engine.prompt_tokens
    await engine.sample(prompt, SamplingParams(n=8, max_tokens=4))
    assert engine.prompt_tokens[0] - sent == 8 * length
    again = engine.prompt_tokens[1] - evaluated - length
    assert again <= 7 * 32, "only the last block of each is evaluated again"


async def test_strategies_share_an_engine_across_event_loops(engine: VllmEngine) -> None:
    def elsewhere() -> list[str]:
        params = SamplingParams(n=2, max_tokens=4, temperature=0)
        return [item.text for item in asyncio.run(engine.sample(SEA, params))]

    first, second = await asyncio.gather(*(asyncio.to_thread(elsewhere) for _ in range(2)))
    assert first == second


class TestDeath(DyingContract):
    death = EngineDeadError
    """So that a cluster gives up the worker."""

    @pytest.fixture
    def doomed(self, real_models: None) -> Iterator[tuple[VllmEngine, Callable[[], None]]]:
        others = set(multiprocessing.active_children())
        engine = start(parallel=2)
        [process] = set(multiprocessing.active_children()) - others
        yield engine, process.kill
        asyncio.run(engine.aclose())


def adapter(folder: Path, rank: int) -> Path:
    """An adapter that turns the first layer's queries round."""
    import torch
    from safetensors.torch import save_file

    config = json.loads((small_model() / "config.json").read_text())
    width, heads = config["hidden_size"], config["num_attention_heads"]
    name = "base_model.model.model.layers.0.self_attn.q_proj"
    chance = torch.Generator().manual_seed(1)
    weights = {
        f"{name}.lora_A.weight": torch.randn(rank, width, generator=chance),
        f"{name}.lora_B.weight": torch.randn(width // heads * heads, rank, generator=chance),
    }
    folder.mkdir()
    save_file(weights, folder / "adapter_model.safetensors")
    told = {"peft_type": "LORA", "r": rank, "lora_alpha": rank, "target_modules": ["q_proj"]}
    (folder / "adapter_config.json").write_text(json.dumps(told))
    return folder


@pytest.mark.parametrize("rank", [4, 32])
async def test_an_adapter_changes_what_is_said(
    engine: VllmEngine, tmp_path: Path, rank: int
) -> None:
    folder = adapter(tmp_path / "adapter", rank)
    greedy = SamplingParams(temperature=0, max_tokens=12)
    adapted = await asyncio.to_thread(start, lora=str(folder), parallel=2)
    try:
        [other] = await adapted.sample(SEA, greedy)
    finally:
        await adapted.aclose()
    [usual] = await engine.sample(SEA, greedy)
    assert other.text != usual.text
    assert adapted.info.model_digest != engine.info.model_digest
    with pytest.raises(ModelNotFoundError, match="LoRA adapter"):
        start(lora=str(small_model()))


def test_an_adapter_of_too_high_a_rank(tmp_path: Path, real_models: None) -> None:
    with pytest.raises(OptionError, match=r"rank is 513, .* more than 512") as caught:
        start(lora=str(adapter(tmp_path / "adapter", 513)))
    assert caught.value.hint


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"parallel": 0}, "parallel is 0"),
        ({"memory": 1.5}, "memory is 1.5"),
        ({"tensor_parallel": 0}, "tensor_parallel is 0"),
    ],
)
def test_options_that_cannot_be(options: dict[str, Any], message: str) -> None:
    with pytest.raises(OptionError, match=message) as caught:
        VllmEngine("model", **options)
    assert caught.value.hint


def test_a_folder_that_holds_no_model(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(ModelNotFoundError, match="holds no weights"):
        VllmEngine(str(tmp_path))


def test_a_model_that_vllm_cannot_run(tmp_path: Path, shared: VllmEngine) -> None:
    (tmp_path / "config.json").write_text('{"model_type": "nonesuch"}')
    (tmp_path / "model.safetensors").write_bytes(b"nonsense")
    with pytest.raises(EngineError, match="vLLM cannot run the model"):
        VllmEngine(str(tmp_path))


def test_the_prompt_of_a_model_without_a_template_is_its_messages() -> None:
    from transformers import AutoTokenizer

    from neurosym.engines.chat_tokens import ChatTokens

    tokenizer = AutoTokenizer.from_pretrained(small_model())
    chat = ChatTokens(tokenizer, 100)
    prompt = replace(SEA, prefix="The sea")
    assert tokenizer.decode(chat.of(prompt)).endswith("assistant\nThe sea")
    tokenizer.chat_template = None
    assert tokenizer.decode(chat.of(prompt)) == f"{SEA.messages[0].content}\n\nThe sea"
    tokenizer.chat_template = "{{ raise_exception('no chats') }}"
    with pytest.raises(EngineError, match="no chats"):
        chat.of(prompt)
