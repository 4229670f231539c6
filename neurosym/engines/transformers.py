"""Any causal model of Hugging Face's transformers, in this process."""

from __future__ import annotations

import asyncio
import copy
import queue
import threading
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from importlib.metadata import version
from itertools import takewhile
from typing import Any

from neurosym.candidate import Completion, Prompt
from neurosym.engines.base import Capability, EngineInfo, SamplingParams, refuse_where_forbidden
from neurosym.engines.chat_tokens import ChatTokens, find_folder, folder_digest
from neurosym.errors import EngineError, EngineMemoryError, OptionError

__all__ = ["TransformersEngine"]

_TAIL = 24
"""Tokens at the end of a text in which a stop string is looked for after each one."""


class TransformersEngine:
    """Samples with the ``generate`` of transformers, in batches of whatever is waiting.

    What all prompts of a batch begin with is evaluated once, and kept for the next batch.

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
        for name, value in (("batch", batch), ("context", context)):
            if value is not None and value < 1:
                raise OptionError(f"{name} is {value}", hint=f"Give at least one of {name}.")
        refuse_where_forbidden()
        folder = find_folder(model)
        digest = folder_digest(folder)
        self._runner = _Runner(str(folder), device, dtype, batch)
        longest = self._runner.longest if context is None else min(context, self._runner.longest)
        self._chat = ChatTokens(self._runner.tokenizer, longest)
        self._waiting: queue.Queue[_Job | None] = queue.Queue()
        self._closed = False
        self._thread = threading.Thread(
            target=self._work, name="neurosym-transformers", daemon=True
        )
        self._thread.start()
        self._info = EngineInfo(
            name="transformers",
            model=model,
            model_digest=digest,
            version=f"transformers {version('transformers')}, {self._runner.where}",
            parallel=batch,
            can=frozenset((Capability.LOGPROBS, Capability.PREFIX, Capability.SEEDS)),
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
        self._check()
        if prompt.grammar is not None or prompt.json_schema is not None:
            raise EngineError(
                "transformers holds completions to no grammar or schema",
                hint="Use an engine that does, such as llamacpp or vllm.",
            )
        tokens = await asyncio.to_thread(self._chat.of, prompt, params.max_tokens)
        jobs = [_Job(tokens, prompt.stop, params, params.seed + i) for i in range(params.n)]
        for job in jobs:
            self._waiting.put(job)
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
        self._check()
        return len(await asyncio.to_thread(self._chat.of, prompt))

    def _check(self) -> None:
        if self._closed:
            raise EngineError("the engine is closed", hint="Make a new one.")

    def _work(self) -> None:
        """Run batches of what is waiting, until nothing is to come."""
        waiting: list[_Job] = []
        while True:
            if not waiting:
                job = self._waiting.get()
                if job is None:
                    return
                waiting.append(job)
            while not self._waiting.empty() and (job := self._waiting.get()) is not None:
                waiting.append(job)
            waiting = [job for job in waiting if not job.done.cancelled()]
            batch, waiting = waiting[: self._runner.batch], waiting[self._runner.batch :]
            if self._closed:
                for job in (*batch, *waiting):
                    job.fail(_was_closed())
                return
            if batch:
                waiting = [*self._run(batch), *waiting]

    def _run(self, batch: list[_Job]) -> list[_Job]:
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
        """Drop what is waiting, end with the batch that runs, and free the model."""
        self._closed = True
        self._runner.stop.set()
        self._waiting.put(None)
        await asyncio.to_thread(self._thread.join)
        while not self._waiting.empty():
            if (job := self._waiting.get()) is not None:
                job.fail(_was_closed())


def _was_closed() -> EngineError:
    return EngineError("the engine was closed", hint="Make a new one.")


@dataclass(frozen=True, slots=True)
class _Text:
    """A text that was sampled: tokens, their log-probabilities, whether it was cut at the limit."""

    text: str
    tokens: int
    logprobs: tuple[float, ...]
    is_cut: bool


class _Job:
    """One sample that is to be drawn."""

    def __init__(
        self, tokens: list[int], stop: tuple[str, ...], params: SamplingParams, seed: int
    ) -> None:
        self.tokens, self.stop, self.params, self.seed = tokens, stop, params, seed
        self.done: Future[_Text] = Future()

    def end(self, text: _Text) -> None:
        """Give the text to who waits for it, if anybody does still."""
        if self.done.set_running_or_notify_cancel():
            self.done.set_result(text)

    def fail(self, error: Exception) -> None:
        """Tell who waits for it that there is none."""
        if self.done.set_running_or_notify_cancel():
            self.done.set_exception(error)


class _Runner:
    """The model, and batches of samples from it."""

    def __init__(self, folder: str, device: str | None, dtype: str, batch: int) -> None:
        try:
            import torch
            from transformers import AutoModelForCausalLM, AutoTokenizer
        except ImportError as error:
            raise OptionError(
                "the engine 'transformers' needs the packages transformers and torch",
                hint="Install them with: pip install 'neurosym-toolkit[transformers]'",
            ) from error
        if dtype != "auto" and not isinstance(getattr(torch, dtype, None), torch.dtype):
            raise OptionError(f"dtype is {dtype!r}", hint="Give one such as bfloat16, or auto.")
        device = device or ("cuda" if torch.cuda.is_available() else "cpu")
        try:
            self.tokenizer = AutoTokenizer.from_pretrained(folder)
            model = AutoModelForCausalLM.from_pretrained(folder, dtype=dtype)
            self._model = model.eval().to(device)
        except (MemoryError, torch.OutOfMemoryError) as error:
            raise EngineMemoryError(
                f"there is not enough memory for {folder}: {error}", hint="Use a smaller model."
            ) from error
        except Exception as error:
            said = " ".join(str(error).split())[:500]
            raise EngineError(
                f"transformers cannot run the model: {said}", hint="Is it a causal model?"
            ) from error
        self.batch = batch
        self.stop = threading.Event()
        self.longest = int(getattr(self._model.config, "max_position_embeddings", 1 << 30))
        self.where = f"{self._model.device}, {str(self._model.dtype).removeprefix('torch.')}"
        self.sent = self.evaluated = 0
        last = self._model.generation_config.eos_token_id or self.tokenizer.eos_token_id
        self._last = frozenset(last if isinstance(last, list) else [last])
        self._pad = self.tokenizer.pad_token_id or min(self._last)
        self._kept: tuple[list[int], Any] = ([], None)

    def run(self, jobs: Sequence[_Job]) -> list[_Text]:
        """Draw one sample for each of some jobs.

        Raises:
            MemoryError: There is not enough memory for so many.
        """
        import torch

        try:
            with torch.inference_mode():
                return self._run(jobs)
        except torch.OutOfMemoryError as error:
            self._kept = ([], None)
            torch.cuda.empty_cache()
            raise MemoryError(str(error)) from error
        except RuntimeError as error:
            if "alloc" in str(error) and "memory" in str(error):  # how processors say it
                self._kept = ([], None)
                raise MemoryError(str(error)) from error
            raise

    def _run(self, jobs: Sequence[_Job]) -> list[_Text]:
        import torch
        from transformers import GenerationConfig

        shared = _common([job.tokens for job in jobs])
        cache = self._prefix(shared)
        rests = [job.tokens[len(shared) :] for job in jobs]
        width = max(map(len, rests))
        rows = [[*shared, *[self._pad] * (width - len(rest)), *rest] for rest in rests]
        masks = [[1] * len(shared) + [0] * (width - len(rest)) + [1] * len(rest) for rest in rests]
        if cache is not None:
            cache.batch_repeat_interleave(len(jobs))
        self.sent += sum(len(job.tokens) for job in jobs)
        self.evaluated += sum(map(len, rests))
        sampler = _Sampler(jobs, self._model.device)
        device = self._model.device
        start = len(shared) + width
        ends = _Ends(jobs, start, self.tokenizer, self._last, self.stop)
        generated = self._model.generate(
            input_ids=torch.tensor(rows, device=device),
            attention_mask=torch.tensor(masks, device=device),
            past_key_values=cache,
            logits_processor=[sampler],
            stopping_criteria=[ends],
            # In place of the model's own, which may change the distribution. The highest of logits
            # with noise of each job's own seed is a sample.
            generation_config=GenerationConfig(
                max_new_tokens=max(job.params.max_tokens for job in jobs),
                do_sample=False,
                eos_token_id=sorted(self._last),
                pad_token_id=self._pad,
                output_logits=any(job.params.logprobs for job in jobs),
                return_dict_in_generate=True,
            ),
        )
        sampled = generated.sequences[:, start:]
        told = self._logprobs(sampled, generated.logits)
        return [self._text(job, sampled[i].tolist(), told[i], ends) for i, job in enumerate(jobs)]

    def _logprobs(self, sampled: Any, logits: Any) -> list[list[float]]:
        """The model's own log-probability of each token, before temperature and nucleus."""
        if logits is None:
            return [[] for _ in sampled]
        columns = [
            step.float().log_softmax(-1).gather(1, sampled[:, i : i + 1])
            for i, step in enumerate(logits)
        ]
        import torch

        found: list[list[float]] = torch.cat(columns, dim=1).tolist()
        return found

    def _text(self, job: _Job, tokens: list[int], logprobs: list[float], ends: _Ends) -> _Text:
        count = next((i + 1 for i, token in enumerate(tokens) if token in ends.last), len(tokens))
        count = min(count, job.params.max_tokens, ends.lengths.get(id(job), count))
        text = self.tokenizer.decode(tokens[:count], skip_special_tokens=True)
        cuts = [text.index(stop) for stop in job.stop if stop in text]
        ended = bool(cuts) or tokens[count - 1] in ends.last
        return _Text(
            text=text[: min(cuts)] if cuts else text,
            tokens=count,
            logprobs=tuple(logprobs[:count]),
            is_cut=not ended,
        )

    def _prefix(self, shared: list[int]) -> Any:
        """Keys and values of what all prompts begin with, from the last batch as far as it goes."""
        if not shared:
            return None
        from transformers import DynamicCache

        kept, cache = self._kept
        same = len(_common([kept, shared]))
        if cache is None or same < len(kept) // 2:
            cache, same = DynamicCache(config=self._model.config), 0
        elif same < len(kept):
            cache.crop(same)
        if same < len(shared):
            import torch

            rest = torch.tensor([shared[same:]], device=self._model.device)
            self._model(input_ids=rest, past_key_values=cache, use_cache=True, logits_to_keep=1)
            self.evaluated += len(shared) - same
        self._kept = (shared, cache)
        return copy.deepcopy(cache)


def _common(rows: Sequence[list[int]]) -> list[int]:
    """What all prompts begin with, but for the last token of the shortest, which gives the next."""
    shortest = min(len(row) for row in rows)
    alike = takewhile(lambda column: len(set(column)) == 1, zip(*rows, strict=False))
    found = [column[0] for column in alike]
    return found[: max(0, shortest - 1)]


class _Sampler:
    """Makes the greatest logit of each row a sample: noise of Gumbel's distribution is added.

    So each row has a seed of its own, which ``generate`` does not know by itself (Maddison et al.
    2014, arXiv:1411.0030, section 2).
    """

    def __init__(self, jobs: Sequence[_Job], device: Any) -> None:
        import torch

        self._jobs = jobs
        self._chances = [torch.Generator(device).manual_seed(job.seed) for job in jobs]

    def __call__(self, input_ids: Any, scores: Any) -> Any:
        """The scores of the next token, one row for each job."""
        import torch

        scores = scores.float().clone()  # noise in half precision would favour some tokens
        for i, (job, chance) in enumerate(zip(self._jobs, self._chances, strict=True)):
            if job.params.temperature == 0:
                continue
            row = scores[i] / job.params.temperature
            if job.params.top_p < 1:
                row = _nucleus(row, job.params.top_p)
            uniform = torch.rand(row.shape, generator=chance, device=row.device)
            scores[i] = row - (-uniform.clamp_min(1e-20).log()).log()
        return scores


def _nucleus(row: Any, top_p: float) -> Any:
    """The logits of the smallest set of tokens that has at least this probability."""
    ordered, places = row.sort(descending=True)
    before = ordered.softmax(-1).cumsum(-1) - ordered.softmax(-1)
    return row.masked_fill(before[places.argsort()] >= top_p, float("-inf"))


class _Ends:
    """Says after each token which rows have ended: by a stop string, their limit, or who waits."""

    def __init__(
        self,
        jobs: Sequence[_Job],
        start: int,
        tokenizer: Any,
        last: frozenset[int],
        stop: threading.Event,
    ) -> None:
        self._jobs, self._start, self._tokenizer, self._stop = jobs, start, tokenizer, stop
        self.last = last
        """Tokens that end a text."""
        self.lengths: dict[int, int] = {}
        """Tokens of the jobs that a stop string has ended."""

    def __call__(self, input_ids: Any, scores: Any, **_: Any) -> Any:
        """Whether each row has ended."""
        import torch

        count = input_ids.shape[1] - self._start
        ended = [self._has_ended(i, job, input_ids, count) for i, job in enumerate(self._jobs)]
        return torch.tensor(ended, device=input_ids.device)

    def _has_ended(self, i: int, job: _Job, input_ids: Any, count: int) -> bool:
        if self._stop.is_set() or job.done.cancelled() or count >= job.params.max_tokens:
            return True
        if id(job) in self.lengths:
            return True
        if job.stop:
            tail = input_ids[i, max(self._start, input_ids.shape[1] - _TAIL) :]
            text = self._tokenizer.decode(tail, skip_special_tokens=True)
            if any(stop in text for stop in job.stop):
                self.lengths[id(job)] = count
                return True
        return False
