"""Any causal model of Hugging Face's transformers, in this process."""

from __future__ import annotations

import asyncio
import queue
import threading
from importlib.metadata import PackageNotFoundError, version

from neurosym.candidate import Completion, Prompt
from neurosym.counts import at_least_one
from neurosym.engines.base import (
    Capability,
    EngineInfo,
    SamplingParams,
    refuse_closed,
    refuse_where_forbidden,
)
from neurosym.engines.chat_tokens import ChatTokens, find_folder, folder_digest
from neurosym.engines.transformers_batch import Job, Runner
from neurosym.errors import EngineError, EngineMemoryError
from neurosym.extras import lacking

__all__ = ["TransformersEngine"]


class TransformersEngine:
    """Samples with the ``generate`` of transformers, in batches of whatever is waiting.

    In a batch a prompt is evaluated once for all its samples, and so is what all its prompts begin
    with, which is kept for the next batch. Models that look at a window, or have layers without
    attention, share nothing between prompts of different lengths.

    Args:
        model: Folder of a Hugging Face model, or its name on the hub.
        batch: Samples worked on at once. Where memory is not enough for them it is halved for good.
        device: Where the model runs, such as ``cuda`` or ``cpu``; ``None`` takes a GPU if there is
            one.
        dtype: Numbers that weights are loaded as, such as ``bfloat16``; ``auto`` is what the
            model's files have.
        context: Tokens of a prompt and its answer; ``None`` is the model's own limit.

    Raises:
        OptionError: An option has an impossible value, or a package is not installed.
        ModelNotFoundError: There is no such model.
        ModelCorruptError: Its files cannot be read.
        EngineMemoryError: There is not enough memory for the weights.
        EngineError: transformers cannot run it.
    """

    def __init__(
        self,
        model: str,
        *,
        batch: int = 16,
        device: str | None = None,
        dtype: str = "auto",
        context: int | None = None,
    ) -> None:
        at_least_one(batch=batch, context=context)
        refuse_where_forbidden()
        library = _version()
        folder = find_folder(model)
        digest = folder_digest(folder)
        self._runner = Runner(str(folder), device, dtype, batch)
        longest = self._runner.longest if context is None else min(context, self._runner.longest)
        self._chat = ChatTokens(self._runner.tokenizer, longest)
        self._waiting: queue.Queue[list[Job] | None] = queue.Queue()
        self._closed = False
        self._thread = threading.Thread(
            target=self._work, name="neurosym-transformers", daemon=True
        )
        self._thread.start()
        self._info = EngineInfo(
            name="transformers",
            model=model,
            model_digest=digest,
            version=f"{library}, {self._runner.where}",
            parallel=batch,
            can=frozenset(
                (Capability.LOGPROBS, Capability.PREFIX, Capability.SEEDS, Capability.FURTHER)
            ),
        )

    @property
    def info(self) -> EngineInfo:
        """What identifies the engine and its model; its version tells device and dtype."""
        return self._info

    @property
    def prompt_tokens(self) -> tuple[int, int]:
        """Prompt tokens of all samples so far, and how many of them the model had to evaluate."""
        return self._runner.sent, self._runner.evaluated

    async def sample(self, prompt: Prompt, params: SamplingParams) -> list[Completion]:
        """Draw completions; see :meth:`neurosym.engines.base.Engine.sample`.

        With one seed, the same prompt gives the same completions up to the rounding of the
        batch it happens to share. Tokens of a stop string count as sampled, and have a
        log-probability.
        """
        refuse_closed(self._closed)
        if prompt.is_held:
            raise EngineError(
                "transformers holds completions to no grammar, schema or regular expression",
                hint="Use an engine that does, such as llamacpp or vllm.",
            )
        tokens = await asyncio.to_thread(self._chat.of, prompt, params.max_tokens)
        jobs = [Job(tokens, prompt.stop, params, params.seed + i) for i in range(params.n)]
        self._waiting.put(jobs)  # at once, so that a batch does not begin with only some of them
        if self._closed:  # meanwhile, so that nobody may take them any more
            for job in jobs:
                job.fail(_was_closed())
        try:
            drawn = await asyncio.gather(*(asyncio.wrap_future(job.done) for job in jobs))
        finally:
            for job in jobs:
                job.done.cancel()
        return [
            Completion(
                text=item.text,
                logprobs=item.logprobs if params.logprobs else None,
                prompt_tokens=0 if i else len(tokens),
                completion_tokens=item.tokens,
                finish_reason="length" if item.is_cut else "stop",
                seed=params.seed + i,
            )
            for i, item in enumerate(drawn)
        ]

    async def count_tokens(self, prompt: Prompt) -> int:
        """Tokens of a prompt in the model's chat format."""
        refuse_closed(self._closed)
        return len(await asyncio.to_thread(self._chat.of, prompt))

    def _work(self) -> None:
        """Run batches of what is waiting, until nothing is to come."""
        waiting: list[Job] = []
        while True:
            if not waiting:
                jobs = self._waiting.get()
                if jobs is None:
                    return
                waiting.extend(jobs)
            while not self._waiting.empty() and (jobs := self._waiting.get()) is not None:
                waiting.extend(jobs)
            waiting = [job for job in waiting if not job.done.cancelled()]
            batch, waiting = waiting[: self._runner.batch], waiting[self._runner.batch :]
            if self._closed:
                for job in (*batch, *waiting):
                    job.fail(_was_closed())
                return
            if batch:
                waiting = [*self._run(batch), *waiting]

    def _run(self, batch: list[Job]) -> list[Job]:
        """Run a batch; what has to be run again comes back."""
        try:
            texts = self._runner.run(batch)
            for job, text in zip(batch, texts, strict=True):
                if self._closed:  # which may have ended it in the middle
                    job.fail(_was_closed())
                else:
                    job.end(text)
        except MemoryError as error:
            if len(batch) == 1:
                batch[0].fail(
                    EngineMemoryError(
                        f"there is not enough memory for a single sample: {error}",
                        hint="Use a smaller model, or shorter answers.",
                    )
                )
                return []
            self._runner.batch = len(batch) // 2
            return batch
        except Exception as error:
            for job in batch:
                job.fail(EngineError(f"transformers: {type(error).__name__}: {error}"))
        return []

    async def aclose(self) -> None:
        """Drop what is waiting, end the batch that runs, and free the model. Safe to call twice."""
        if self._closed:
            return
        self._closed = True
        self._runner.stop.set()
        self._waiting.put(None)
        await asyncio.to_thread(self._thread.join)
        self._runner.free()
        while not self._waiting.empty():
            for job in self._waiting.get() or ():
                job.fail(_was_closed())


def _version() -> str:
    try:
        return f"transformers {version('transformers')}, torch {version('torch')}"
    except PackageNotFoundError as error:
        needed = "the packages transformers and torch"
        raise lacking("the engine 'transformers'", needed, "transformers") from error


def _was_closed() -> EngineError:
    return EngineError("the engine was closed", hint="Make a new one.")
