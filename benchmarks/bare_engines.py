"""What engines are made of, asked directly, as one would without this package."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from typing import Any

from neurosym.engines.base import Engine, SamplingParams
from neurosym.engines.loopback import Line, Port
from neurosym.engines.models import DEFAULT_MODEL, resolve
from neurosym.testing import Request
from tests.engines.llamacpp_server import serving_apart

__all__ = ["Bare", "bare_of"]

_IN_FLIGHT = 128
"""Most requests to a bare server at once, more than any measurement has."""


@dataclass(frozen=True, slots=True)
class Bare:
    """What an engine is made of.

    Attributes:
        ask: Draws the samples of a request; the tokens of each.
    """

    ask: Callable[[Request], Awaitable[list[int]]]


def bare_of(engine: Engine, model: str | None) -> Bare | None:
    """What an engine is made of, asked directly; ``None`` where that is not known.

    Args:
        engine: The engine.
        model: Its model, as it was made with.
    """
    makers: dict[str, Callable[[Any], Bare]] = {
        "llamacpp": partial(_llamacpp, model=model or DEFAULT_MODEL),
        "vllm": _vllm,
        "transformers": _transformers,
        "openai": _openai,
    }
    maker = makers.get(engine.info.name)
    return None if maker is None else maker(engine)


def _llamacpp(engine: Any, model: str) -> Bare:
    """A llama.cpp server with as many samples, context and threads, in a process of its own.

    In one process the threads of two servers are more than the CPUs, upon which OpenMP stops
    waiting actively, and both are slower by a third.
    """
    room, running = engine._room, ExitStack()
    address, _ = running.enter_context(
        serving_apart(
            str(resolve(model)), engine.threads, n_parallel=room.samples, n_ctx=room.tokens
        )
    )
    port = Port(address, "")
    # Without one of its own, few requests would be in flight: as many as there are processors.
    threads = ThreadPoolExecutor(_IN_FLIGHT)

    def complete(request: Request) -> list[int]:
        line = Line(port)
        body = {
            "prompt": line.tokenize(request.prompt),
            "n_cmpl": request.params.n,
            "n_predict": request.params.max_tokens,
            "seed": request.params.seed,
            "temperature": request.params.temperature,
            "top_p": request.params.top_p,
            "top_k": 1000,
            "samplers": ["top_k", "temperature", "top_p"],
            "stop": list(request.prompt.stop),
        }
        found = line.post("/completion", body)
        results = found if isinstance(found, list) else [found]
        return [result["tokens_predicted"] for result in results]

    async def ask(request: Request, held: ExitStack = running) -> list[int]:  # or it would end
        return await asyncio.get_running_loop().run_in_executor(threads, complete, request)

    return Bare(ask)


def _vllm(engine: Any) -> Bare:
    """VLLM's own generator, with all samples of a prompt in one request."""
    from vllm.sampling_params import RequestOutputKind
    from vllm.sampling_params import SamplingParams as VllmParams

    numbers = itertools.count()

    async def generate(request: Request) -> list[int]:
        tokens = engine._chat.of(request.prompt)
        asked = VllmParams(
            n=request.params.n,
            seed=request.params.seed,
            temperature=request.params.temperature,
            top_p=request.params.top_p,
            max_tokens=request.params.max_tokens,
            stop=list(request.prompt.stop) or None,
            output_kind=RequestOutputKind.FINAL_ONLY,
        )
        counts: list[int] = []
        name = f"bare-{next(numbers)}"
        async for piece in engine._engine.generate({"prompt_token_ids": tokens}, asked, name):
            counts = [len(output.token_ids) for output in piece.outputs]
        return counts

    async def ask(request: Request) -> list[int]:
        counts: list[int] = await engine._loop.join(generate(request))
        return counts

    return Bare(ask)


def _transformers(engine: Any) -> Bare:
    """``generate`` with a prompt at a time, and its samples as a batch."""
    import threading

    runner = engine._runner
    turn = threading.Lock()

    def generate(request: Request) -> list[int]:
        import torch

        tokens = engine._chat.of(request.prompt)
        with turn, torch.inference_mode():
            found = runner._model.generate(
                input_ids=torch.tensor([tokens], device=runner._model.device),
                do_sample=request.params.temperature > 0,
                temperature=request.params.temperature or None,
                top_p=request.params.top_p,
                max_new_tokens=request.params.max_tokens,
                num_return_sequences=request.params.n,
                stop_strings=list(request.prompt.stop) or None,
                tokenizer=runner.tokenizer,
                pad_token_id=runner._pad,
            )
        new = found[:, len(tokens) :]
        return [int((row != runner._pad).sum()) for row in new]

    async def ask(request: Request) -> list[int]:
        return await asyncio.to_thread(generate, request)

    return Bare(ask)


def _openai(engine: Any) -> Bare:
    """OpenAI's client, with a request for each sample where the server knows no other way."""
    import httpx2

    async def one(request: Request, params: SamplingParams) -> list[int]:
        answer = await engine._client.post(
            engine._served.path,
            cast_to=httpx2.Response,
            body=engine._served.body(request.prompt, params),
        )
        return [answer.json()["usage"]["completion_tokens"] // params.n] * params.n

    async def all_of(request: Request) -> list[int]:
        at_once = request.params.n if engine._served.takes_n else 1
        found = await asyncio.gather(*(one(request, p) for p in request.params.in_parts(at_once)))
        return [count for counts in found for count in counts]

    async def ask(request: Request) -> list[int]:
        counts: list[int] = await engine._loop.join(all_of(request))
        return counts

    return Bare(ask)
