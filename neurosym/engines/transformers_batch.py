"""Batches of samples from a model of Hugging Face's transformers."""

from __future__ import annotations

import copy
import threading
from collections.abc import Sequence
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

from neurosym.engines.base import SamplingParams
from neurosym.errors import EngineError, EngineMemoryError, OptionError

__all__ = ["Job", "Runner", "SampledText"]

_TAIL = 24
"""Tokens at the end of a text in which a stop string is looked for after each one."""
_CONTEXT = 4
"""Tokens of a prompt with which its answer is decoded."""


@dataclass(frozen=True, slots=True)
class SampledText:
    """A text that was sampled.

    Attributes:
        text: What comes before the stop string or the end.
        tokens: Tokens sampled.
        logprobs: The log-probability of each, where asked for.
        is_cut: Whether the limit of tokens ended it.
    """

    text: str
    tokens: int
    logprobs: tuple[float, ...]
    is_cut: bool


class Job:
    """One sample that is to be drawn.

    Args:
        tokens: The prompt's.
        stop: Strings that end the text.
        params: How to sample; ``n`` and ``seed`` are not looked at.
        seed: The sample's own.

    Attributes:
        done: Its text, when there is one.
    """

    def __init__(
        self, tokens: list[int], stop: tuple[str, ...], params: SamplingParams, seed: int
    ) -> None:
        self.tokens, self.stop, self.params, self.seed = tokens, stop, params, seed
        self.done: Future[SampledText] = Future()

    def end(self, text: SampledText) -> None:
        """Give the text to who waits for it, if anybody does still."""
        with suppress(InvalidStateError):
            self.done.set_result(text)

    def fail(self, error: Exception) -> None:
        """Tell who waits for it that there is none."""
        with suppress(InvalidStateError):
            self.done.set_exception(error)


class Runner:
    """The model, and batches of samples from it.

    Args:
        folder: The model's.
        device: Where it runs; ``None`` takes a GPU if there is one.
        dtype: Numbers that weights are loaded as.
        batch: Samples worked on at once.

    Attributes:
        stop: Set it to end the batch that runs.
        longest: Tokens that the model can read.
        where: Device and numbers, in words.
        sent: Prompt tokens of all samples drawn so far.
        evaluated: Those that the model had to evaluate, also where memory was short afterwards.

    Raises:
        OptionError: There are no such numbers.
        EngineMemoryError: There is not enough memory for the weights.
        EngineError: transformers cannot run the model.
    """

    def __init__(self, folder: str, device: str | None, dtype: str, batch: int) -> None:
        import torch
        from transformers import (
            AutoModelForCausalLM,
            AutoTokenizer,
            DynamicCache,
            GenerationConfig,
        )
        from transformers.cache_utils import DynamicLayer

        if dtype != "auto" and not isinstance(getattr(torch, dtype, None), torch.dtype):
            raise OptionError(f"dtype is {dtype!r}", hint="Give one such as bfloat16, or auto.")
        device = device or ("cuda" if torch.cuda.is_available() else "cpu")
        try:
            self.tokenizer = AutoTokenizer.from_pretrained(folder)
            model = AutoModelForCausalLM.from_pretrained(folder, dtype=dtype)
            self._model = model.eval().to(device)
            layers = DynamicCache(config=model.config).layers
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
        # ``generate`` fills what it is not told from the model's own: a penalty or a ban that the
        # model was published with would change the distribution and the log-probabilities.
        self._model.generation_config = GenerationConfig()
        # Layers of other kinds look at a window of places, or go through all of them one by one:
        # they would see the gap between what prompts share and the rest of a shorter one.
        self._sees_gaps = any(type(layer) is not DynamicLayer for layer in layers)
        self._kept: tuple[list[int], Any] = ([], None)

    def run(self, jobs: Sequence[Job]) -> list[SampledText]:
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

    def _run(self, jobs: Sequence[Job]) -> list[SampledText]:
        from transformers import GenerationConfig

        prompts = [list(row) for row in dict.fromkeys(tuple(job.tokens) for job in jobs)]
        shared = _common(prompts)
        if self._sees_gaps and len(set(map(len, prompts))) > 1:
            shared = []
        cache = self._prefix(shared)
        width = max(map(len, prompts)) - len(shared)
        gaps = [len(shared) + width - len(row) for row in prompts]
        rows = [
            [*shared, *[self._pad] * gap, *row[len(shared) :]]
            for row, gap in zip(prompts, gaps, strict=True)
        ]
        masks = [[1] * len(shared) + [0] * gap + [1] * (width - gap) for gap in gaps]
        places = [prompts.index(job.tokens) for job in jobs]
        if width == 1:
            self._spread(cache, [0] * len(jobs))
        else:  # each prompt but for its last token once, however many samples it has
            self._spread(cache, [0] * len(prompts))
            before = [row[:-1] for row in rows], [mask[:-1] for mask in masks]
            self._generate(*before, cache, GenerationConfig(max_new_tokens=1))
            self.evaluated += sum(len(row) - len(shared) - 1 for row in prompts)
            self._spread(cache, places)
        sampler = _Sampler(jobs, self._model.device)
        start = len(shared) + width
        ends = _Ends(jobs, start, self.tokenizer, self._last, self.stop)
        generated = self._generate(
            [rows[place] for place in places],
            [masks[place] for place in places],
            cache,
            # The highest of logits with noise of each job's own seed is a sample.
            GenerationConfig(
                max_new_tokens=max(job.params.max_tokens for job in jobs),
                do_sample=False,
                eos_token_id=sorted(self._last),
                pad_token_id=self._pad,
            ),
            logits_processor=[sampler],
            stopping_criteria=[ends],
        )
        # Not before: where memory is short the same samples are drawn again.
        self.sent += sum(len(job.tokens) for job in jobs)
        self.evaluated += len(jobs)
        sampled = generated[:, start:]
        told = sampler.logprobs
        return [self._text(job, sampled[i].tolist(), told[i], ends) for i, job in enumerate(jobs)]

    def _generate(
        self, rows: list[list[int]], masks: list[list[int]], cache: Any, config: Any, **how: Any
    ) -> Any:
        """Go on with rows of tokens, of which the cache knows the first columns."""
        import torch

        device = self._model.device
        return self._model.generate(
            input_ids=torch.tensor(rows, device=device),
            attention_mask=torch.tensor(masks, device=device),
            past_key_values=cache,
            generation_config=config,
            **how,
        )

    def _spread(self, cache: Any, places: list[int]) -> None:
        """Make a cache have these of its rows, some of them several times."""
        import torch

        # All kinds of layers can be told their rows so, but not all can repeat them.
        cache.reorder_cache(torch.tensor(places, device=self._model.device))

    def _text(self, job: Job, tokens: list[int], logprobs: list[float], ends: _Ends) -> SampledText:
        count = next((i + 1 for i, token in enumerate(tokens) if token in ends.last), len(tokens))
        count = min(count, job.params.max_tokens, ends.lengths.get(id(job), count))
        text = self._decode(job.tokens[-_CONTEXT:], tokens[:count])
        cuts = [text.index(stop) for stop in job.stop if stop in text]
        ended = bool(cuts) or tokens[count - 1] in ends.last
        return SampledText(
            text=text[: min(cuts)] if cuts else text,
            tokens=count,
            logprobs=tuple(logprobs[:count]),
            is_cut=not ended,
        )

    def _decode(self, before: list[int], tokens: list[int]) -> str:
        """The text of tokens after others: some tokenizers drop a blank where a text begins."""
        known = self.tokenizer.decode(before, skip_special_tokens=True)
        whole: str = self.tokenizer.decode([*before, *tokens], skip_special_tokens=True)
        if whole.startswith(known):
            return whole[len(known) :]
        alone: str = self.tokenizer.decode(tokens, skip_special_tokens=True)
        return alone

    def _prefix(self, shared: list[int]) -> Any:
        """Keys and values of what all prompts begin with, from the last batch as far as it goes."""
        from transformers import DynamicCache

        if not shared:
            return DynamicCache(config=self._model.config)
        # Taken out meanwhile: if something fails half-way it holds what nobody knows.
        (kept, cache), self._kept = self._kept, ([], None)
        same = len(_alike([kept, shared]))
        try:
            if same < len(kept):
                cache.crop(same - len(kept))
        except RuntimeError:  # layers that look at a window have forgotten what was before it
            same = 0
        if same == 0:
            cache = DynamicCache(config=self._model.config)
        if same < len(shared):
            import torch

            rest = torch.tensor([shared[same:]], device=self._model.device)
            self._model(input_ids=rest, past_key_values=cache, use_cache=True, logits_to_keep=1)
            self.evaluated += len(shared) - same
        self._kept = (shared, cache)
        return copy.deepcopy(cache)

    def free(self) -> None:
        """Let go of the model. Nothing can be run afterwards."""
        import torch

        del self._model
        self._kept = ([], None)
        if torch.cuda.is_available():
            torch.cuda.empty_cache()


def _alike(rows: Sequence[list[int]]) -> list[int]:
    """What all rows begin with."""
    alike = takewhile(lambda column: len(set(column)) == 1, zip(*rows, strict=False))
    return [column[0] for column in alike]


def _common(rows: Sequence[list[int]]) -> list[int]:
    """What all prompts begin with, but for the last token of the shortest, which gives the next."""
    shortest = min(len(row) for row in rows)
    return _alike(rows)[: max(0, shortest - 1)]


class _Sampler:
    """Makes the greatest logit of each row a sample: noise of Gumbel's distribution is added.

    So each row has a seed of its own, which ``generate`` does not know by itself (Maddison et al.
    2014, arXiv:1411.0030, section 2).
    """

    def __init__(self, jobs: Sequence[Job], device: Any) -> None:
        import torch

        self._jobs = jobs
        self._chances = [torch.Generator(device).manual_seed(job.seed) for job in jobs]
        self._wanted = any(job.params.logprobs for job in jobs)
        self.logprobs: list[list[float]] = [[] for _ in jobs]
        """The model's own log-probability of each token, before temperature and nucleus."""

    def __call__(self, input_ids: Any, scores: Any) -> Any:
        """The scores of the next token, one row for each job."""
        import torch

        raw = scores.float()  # noise in half precision would favour some tokens
        scores = raw.clone()
        for i, (job, chance) in enumerate(zip(self._jobs, self._chances, strict=True)):
            if job.params.temperature == 0:
                continue
            row = scores[i] / job.params.temperature
            if job.params.top_p < 1:
                row = _nucleus(row, job.params.top_p)
            uniform = torch.rand(row.shape, generator=chance, device=row.device)
            scores[i] = row - (-uniform.clamp_min(1e-20).log()).log()
        if self._wanted:
            chosen = scores.argmax(-1, keepdim=True)
            for found, value in zip(
                self.logprobs, raw.log_softmax(-1).gather(1, chosen), strict=True
            ):
                found.append(float(value))
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
        jobs: Sequence[Job],
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

    def _has_ended(self, i: int, job: Job, input_ids: Any, count: int) -> bool:
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
