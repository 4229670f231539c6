"""transformers with a small real model; ``make test-vllm`` runs these where it is."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from neurosym.candidate import Message, Prompt
from neurosym.engines.base import Capability, SamplingParams
from neurosym.engines.transformers import TransformersEngine
from neurosym.engines.transformers_batch import Job, Runner
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


async def test_unlike_prompts_of_a_batch_are_evaluated_once_each(
    own_engine: TransformersEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    own_engine._runner.batch = 8
    batches: list[list[int]] = []
    all_wait = threading.Event()
    run = Runner._run

    def noted(self: Runner, jobs: Sequence[Any]) -> Any:
        batches.append([len(job.tokens) for job in jobs])
        if len(batches) == 3:
            all_wait.wait(60)
        return run(self, jobs)

    monkeypatch.setattr(Runner, "_run", noted)
    texts = ("And of what is the sea full? " * 36, "Nine ships went north, none came. " * 30)
    prompts = [Prompt((Message("user", text),)) for text in texts]
    lengths = [await own_engine.count_tokens(prompt) for prompt in prompts]
    assert all(250 < length < 350 for length in lengths), lengths
    assert lengths[0] != lengths[1], "one of them is padded"
    greedy = replace(GREEDY, logprobs=True)
    alone = [(await own_engine.sample(prompt, greedy))[0] for prompt in prompts]

    # Something else is under way, so that what is asked meanwhile stands in one batch.
    busy = asyncio.ensure_future(own_engine.sample(SEA, GREEDY))
    while len(batches) < 3:
        await asyncio.sleep(0.01)
    sent, evaluated = own_engine.prompt_tokens
    asked = [own_engine.sample(prompt, replace(greedy, n=4)) for prompt in prompts]
    together = asyncio.gather(*asked)
    while own_engine._waiting.qsize() < 2:
        await asyncio.sleep(0.01)
    all_wait.set()
    drawn = await together
    await busy
    sea = await own_engine.count_tokens(SEA)
    now = own_engine.prompt_tokens
    assert sorted(batches[3]) == sorted(4 * lengths)
    assert now[0] - sent == 4 * sum(lengths) + sea
    assert now[1] - evaluated - sea <= 1.1 * sum(lengths)
    for first, samples in zip(alone, drawn, strict=True):
        for sample in samples:
            assert sample.text == first.text
            assert sample.logprobs == pytest.approx(first.logprobs, abs=0.001)


async def test_samples_of_a_request_stand_in_one_batch(
    engine: TransformersEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes: list[int] = []
    run, put = Runner._run, engine._waiting.put

    def noted(self: Runner, jobs: Sequence[Any]) -> Any:
        sizes.append(len(jobs))
        return run(self, jobs)

    def put_and_rest(item: Any) -> None:
        put(item)
        time.sleep(0.1)  # in which a batch begins with what there is

    monkeypatch.setattr(Runner, "_run", noted)
    monkeypatch.setattr(engine._waiting, "put", put_and_rest)
    await engine.sample(SEA, replace(GREEDY, n=4, max_tokens=1))
    assert sizes == [4]


async def test_what_a_model_was_published_with_changes_nothing(
    engine: TransformersEngine, tmp_path: Path
) -> None:
    for file in small_model().iterdir():
        (tmp_path / file.name).symlink_to(file)
    settings = tmp_path / "generation_config.json"
    known = json.loads(settings.read_text())
    settings.unlink()
    settings.write_text(json.dumps({**known, "repetition_penalty": 5.0, "no_repeat_ngram_size": 2}))
    prompt = Prompt((Message("user", "Say after me: the sea, the sea, the sea, the sea."),))
    params = replace(GREEDY, max_tokens=20, logprobs=True)
    altered = TransformersEngine(str(tmp_path), context=CONTEXT)
    try:
        [drawn] = await altered.sample(prompt, params)
    finally:
        await altered.aclose()
    [expected] = await engine.sample(prompt, params)
    assert drawn.text == expected.text
    assert drawn.logprobs == pytest.approx(expected.logprobs, abs=0.001)
    assert drawn.completion_tokens == expected.completion_tokens


async def test_padding_changes_nothing(engine: TransformersEngine) -> None:
    short, long = SEA, Prompt((Message("user", "And of what is it full? " * 30),))
    alone = [await engine.sample(prompt, GREEDY) for prompt in (short, long)]
    together = await asyncio.gather(*(engine.sample(prompt, GREEDY) for prompt in (short, long)))
    assert [item.text for [item] in alone] == [item.text for [item] in together]


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("llama", {}),
        ("mistral", {"sliding_window": 16}),
        ("lfm2", {"layer_types": ["conv", "full_attention"]}),
    ],
    ids=("attention", "window", "convolution"),
)
def test_samples_are_what_they_are_alone_for_layers_of_any_kind(
    kind: str, options: dict[str, Any], tmp_path: Path
) -> None:
    import torch
    from transformers import AutoConfig, AutoModelForCausalLM, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(small_model())
    tokenizer.save_pretrained(tmp_path)
    sizes = {"hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2}
    heads = {"num_attention_heads": 4, "num_key_value_heads": 2}
    config = AutoConfig.for_model(
        kind, vocab_size=len(tokenizer), initializer_range=0.4, **sizes, **heads, **options
    )
    torch.manual_seed(0)
    AutoModelForCausalLM.from_config(config).save_pretrained(tmp_path)
    runner = Runner(str(tmp_path), "cpu", "auto", 8)
    params = SamplingParams(temperature=0, max_tokens=6, logprobs=True)
    head = list(range(100, 120))
    for ends in ([[7, 8, 9], [4], [4, 5]], [[7], [4]], [[7, 8, 9], [7, 8, 9]]):
        jobs = [Job([*head, *end], (), params, 0) for end in ends for _ in range(2)]
        alone = [runner.run([job])[0] for job in jobs]
        for text, expected in zip(runner.run(jobs), alone, strict=True):
            assert text.logprobs == pytest.approx(expected.logprobs, abs=0.001)


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


async def test_samples_drawn_again_where_memory_is_short_are_counted_once(
    own_engine: TransformersEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    import torch

    rows: list[int] = []
    generate = own_engine._runner._model.generate

    def short_of_memory(input_ids: Any, **options: Any) -> Any:
        rows.append(len(input_ids))
        if len(input_ids) > 2:
            raise torch.OutOfMemoryError("CUDA out of memory")
        return generate(input_ids=input_ids, **options)

    monkeypatch.setattr(own_engine._runner._model, "generate", short_of_memory)
    await own_engine.sample(SEA, replace(GREEDY, n=4))
    assert rows == [4, 2, 2]
    assert own_engine.prompt_tokens[0] == 4 * await own_engine.count_tokens(SEA)


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
