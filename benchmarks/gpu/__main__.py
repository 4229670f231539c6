"""vLLM's engine on one GPU: speed, memory, batching and dropping, without a network.

    python -m benchmarks.gpu [--model FOLDER] [--samples 256] [--tokens 256] [--out FILE]

Without a model, weights of about half a billion parameters are initialised at random: what is
measured is the machinery, and what the texts say plays no role. Runs on the build for processors
as well, slowly; give it fewer samples and tokens there.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import resource
import subprocess
import sys
import tempfile
import time
from contextlib import aclosing
from pathlib import Path
from typing import Any

from neurosym.candidate import Message, Prompt
from neurosym.engines.base import SamplingParams
from neurosym.engines.vllm import VllmEngine

_BATCHES = (1, 8, 32, 128)
_LEAST_GAIN = 1.2
"""So much more is sampled a second by many at once, or nothing is batched."""
_LONG = 3500
"""Tokens of a prompt beside which the blocks of a cache are short. Of each further sample the last
block is evaluated again: with 32 tokens a block, 7 samples add 6 %."""
_MOST_EVALUATED = 1.1
"""Times one prompt that are evaluated for 8 samples of it, or the cache does not work."""


def main() -> None:
    """Measure, print, and end with an error where batching or dropping does not work."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.gpu", description=__doc__)
    parser.add_argument("--model", help="folder of a model; random weights without it")
    parser.add_argument("--samples", type=int, default=256, help="samples of the largest batch")
    parser.add_argument("--tokens", type=int, default=256, help="tokens of a sample")
    parser.add_argument("--eager", action="store_true", help="start faster, run slower")
    parser.add_argument("--out", type=Path, help="write the result here, as JSON")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = asked.model or str(random_model(Path(scratch) / "random"))
        began = time.perf_counter()
        engine = VllmEngine(folder, context=4096, parallel=asked.samples, eager=asked.eager)
        started = time.perf_counter() - began
        try:
            found = asyncio.run(measure(engine, asked.samples, asked.tokens))
        finally:
            asyncio.run(engine.aclose())
    found = {
        "benchmark": "gpu",
        "engine": engine.info.version,
        "model": asked.model or "random weights",
        "gpu": _gpus(),
        "peak memory of a process": _peak_memory(),
        "seconds to start": round(started, 1),
        **found,
    }
    text = json.dumps(found, indent=2)
    print(text)
    if asked.out is not None:
        asked.out.write_text(text + "\n", encoding="utf-8")
    if not all(found["checks"].values()):
        sys.exit("a check has failed; see above")


async def measure(engine: VllmEngine, samples: int, tokens: int) -> dict[str, Any]:
    """Speeds of batches, prompt tokens evaluated, and what dropping samples does.

    Args:
        engine: The engine.
        samples: Samples of the largest batch.
        tokens: Tokens of each.
    """
    await engine.sample(_prompt("warm"), SamplingParams(n=2, max_tokens=4))
    speeds = {}
    for batch in sorted({min(batch, samples) for batch in (*_BATCHES, samples)}):
        speeds[batch] = await _speed(engine, batch, tokens)
    shared = await _sharing(engine)
    dropped = await _dropping(engine, samples, tokens)
    fastest = max(speeds.values(), key=lambda item: item["tokens per second"])
    gain = fastest["tokens per second"] / speeds[1]["tokens per second"]
    return {
        "samples at once": speeds,
        "gain of batching": round(gain, 2),
        "memory of the GPU": _gpu_memory(),
        "8 samples of a long prompt": shared,
        "dropping": dropped,
        "checks": {
            "batching": gain >= _LEAST_GAIN,
            "a prompt is evaluated once": shared["times one prompt"] <= _MOST_EVALUATED,
            "dropped samples make room": _made_room(dropped),
        },
    }


async def _speed(engine: VllmEngine, batch: int, tokens: int) -> dict[str, float]:
    params = SamplingParams(n=batch, max_tokens=tokens, temperature=1.0)
    begin = time.perf_counter()
    drawn = await engine.sample(_prompt(f"of {batch}"), params)
    seconds = time.perf_counter() - begin
    sampled = sum(item.completion_tokens for item in drawn)
    return {
        "tokens per second": round(sampled / seconds, 1),
        "samples per second": round(batch / seconds, 2),
    }


async def _sharing(engine: VllmEngine) -> dict[str, float]:
    sentence = "The sea is deep, wide, wet and full of fish. "
    one, two = [await engine.count_tokens(_prompt(sentence * n)) for n in (1, 2)]
    prompt = _prompt(sentence * (_LONG // (two - one)))
    length = await engine.count_tokens(prompt)
    before = engine.prompt_tokens[1]
    await engine.sample(prompt, SamplingParams(n=8, max_tokens=4))
    evaluated = engine.prompt_tokens[1] - before
    return {
        "prompt tokens": length,
        "evaluated": evaluated,
        "times one prompt": round(evaluated / length, 3),
    }


async def _dropping(engine: VllmEngine, samples: int, tokens: int) -> dict[str, float]:
    """Close a stream that has begun, and see how soon another sample ends."""
    long = SamplingParams(n=samples, max_tokens=tokens, temperature=1.0)
    begin = time.perf_counter()
    await _short(engine, "alone")
    alone = time.perf_counter() - begin
    begin = time.perf_counter()
    await engine.sample(_prompt("all"), long)
    whole = time.perf_counter() - begin
    dropped: list[int] = []
    streaming = asyncio.ensure_future(_take_none(engine, long, dropped))
    begin = time.perf_counter()
    await asyncio.sleep(whole / 4)  # which gives even a slow machine time to tell of tokens
    left = whole - (time.perf_counter() - begin)
    begin = time.perf_counter()
    streaming.cancel()
    await asyncio.gather(streaming, return_exceptions=True)
    await _short(engine, "afterwards")
    return {
        "seconds that all take": round(whole, 3),
        "seconds that those dropped would have gone on": round(left, 3),
        "tokens of those dropped": sum(dropped),
        "seconds of a sample alone": round(alone, 3),
        "seconds of a sample afterwards": round(time.perf_counter() - begin, 3),
    }


def _made_room(found: dict[str, float]) -> bool:
    """Whether the next sample came sooner than half-way through what would have been in its way."""
    late = found["seconds of a sample afterwards"] - found["seconds of a sample alone"]
    would_go_on = found["seconds that those dropped would have gone on"]
    return found["tokens of those dropped"] > 0 and late < would_go_on / 2


async def _short(engine: VllmEngine, text: str) -> None:
    await engine.sample(_prompt(text), SamplingParams(max_tokens=4))


async def _take_none(engine: VllmEngine, params: SamplingParams, dropped: list[int]) -> None:
    def drop(asked: int, sampled: int) -> None:
        dropped.append(sampled)

    async with aclosing(engine.stream(_prompt("dropped"), params, drop)) as ended:
        async for _ in ended:
            pass


def _prompt(text: str) -> Prompt:
    return Prompt((Message("user", f"Tell a very long story: {text}"),))


def random_model(folder: Path, layers: int = 24) -> Path:
    """A model of random weights with a tokenizer of single bytes, as files.

    Args:
        folder: Where to put them.
        layers: How many layers it has.
    """
    import torch
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers
    from transformers import AutoModelForCausalLM, PreTrainedTokenizerFast, Qwen2Config

    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    names = ["<|end|>", *alphabet]
    tokenizer = Tokenizer(models.BPE({name: i for i, name in enumerate(names)}, []))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    fast = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, eos_token=names[0], pad_token=names[0]
    )
    fast.chat_template = "{% for message in messages %}{{ message.content }}\n{% endfor %}"
    config = Qwen2Config(
        vocab_size=32_000,
        hidden_size=896,
        intermediate_size=4864,
        num_hidden_layers=layers,
        num_attention_heads=14,
        num_key_value_heads=2,
        max_position_embeddings=8192,
        eos_token_id=0,
    )
    torch.manual_seed(0)
    model = AutoModelForCausalLM.from_config(config, dtype=torch.bfloat16)
    model.save_pretrained(folder)
    fast.save_pretrained(folder)
    return folder


def _gpus() -> list[str]:
    return [line.partition(",")[0] for line in _nvidia_smi()]


def _gpu_memory() -> list[str]:
    return [line.partition(",")[2].strip() for line in _nvidia_smi()]


def _peak_memory() -> str:
    """The most that this process has held, or the largest of those that it has waited for."""
    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    peak = max(resource.getrusage(kind).ru_maxrss for kind in kinds)
    return f"{peak // 1024} MiB"


def _nvidia_smi() -> list[str]:
    command = ["nvidia-smi", "--query-gpu=name,memory.used", "--format=csv,noheader"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return []  # there is no GPU
    return done.stdout.splitlines()


if __name__ == "__main__":
    main()
