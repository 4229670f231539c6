"""Recorded samples served as completions, so that selection can be studied without a model.

Two ways of choosing among samples are exactly paired when both are given the same ones, as here.
"""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from neurosym.candidate import Completion, Prompt
from neurosym.engines.base import (
    SAMPLING,
    Capability,
    EngineInfo,
    SamplingParams,
    refuse_closed,
)
from neurosym.errors import EngineError, ModelNotFoundError, ProblemError
from neurosym.problem_file import parse_problem

__all__ = ["ReplayEngine"]


@dataclass(frozen=True, slots=True)
class _Recording:
    """The samples of one problem, with their tokens and log-probabilities where recorded."""

    texts: tuple[str, ...]
    tokens: tuple[int, ...]
    logprobs: tuple[tuple[float, ...], ...] | None


class ReplayEngine:
    """Serves the samples that a JSONL file holds for each problem.

    A line is a problem as :mod:`neurosym.problem_file` reads it, with the texts under ``samples``
    (also found in ``extra``), and optionally the tokens of each under ``tokens``, the
    log-probabilities of its tokens under ``logprobs``, and the name of the model under ``model``.
    Log-probabilities are offered where every problem has them.

    The sample of seed ``s`` is the recorded one at place ``s`` modulo their number, so up to as
    many as were recorded, all samples of one problem differ, and another seed gives another subset.
    Whoever asks for all of them gets them in the order of the file.

    Args:
        path: The file.

    Raises:
        ModelNotFoundError: The file cannot be read.
        ProblemError: A line is no problem with samples.
    """

    def __init__(self, path: str | Path) -> None:
        path = Path(path)
        try:
            data = path.read_bytes()
            # Other line separators than this one may stand inside a JSON text.
            lines = data.decode("utf-8").split("\n")
        except (OSError, UnicodeDecodeError) as error:
            raise ModelNotFoundError(
                f"the recorded samples {path} cannot be read: {error}",
                hint="Name a JSONL file of problems with their samples.",
            ) from error
        self._closed = False
        self._recordings: dict[str, _Recording] = {}
        models = set()
        for number, line in enumerate(lines, start=1):
            if line.strip():
                digest, recording, model = _read(line, number, path)
                self._recordings[digest] = recording
                models.add(model)
        untold = (
            {Capability.LOGPROBS}
            if any(recording.logprobs is None for recording in self._recordings.values())
            else set()
        )
        self._info = EngineInfo(
            name="replay",
            model=models.pop() if len(models) == 1 else path.stem,
            model_digest=hashlib.sha256(data).hexdigest(),
            version="1",
            parallel=64,
            # Texts of first translations alone were recorded.
            can=SAMPLING - {Capability.FURTHER} - untold,
        )

    @property
    def info(self) -> EngineInfo:
        """What identifies it: the recorded model, and the digest of the file."""
        return self._info

    def recorded(self, subject: str) -> int:
        """How many samples there are of the problem with this digest."""
        recording = self._recordings.get(subject)
        return 0 if recording is None else len(recording.texts)

    async def sample(self, prompt: Prompt, params: SamplingParams) -> list[Completion]:
        """Serve samples; see :meth:`neurosym.engines.base.Engine.sample`.

        Raises:
            EngineError: There are none of the prompt's problem, or not as many, or the prompt asks
                for something else than its translation, or the engine is closed.
        """
        refuse_closed(self._closed)
        if not prompt.subject:
            raise EngineError(
                "recorded samples are translations of problems, and answer nothing else",
                hint="Leave out --refine and --self-verify, which ask the model again.",
            )
        recording = self._recordings.get(prompt.subject)
        if recording is None:
            raise EngineError(
                "there are no recorded samples of this problem",
                hint="Solve the problems of the file that holds the samples.",
            )
        count = len(recording.texts)
        if params.n > count:
            raise EngineError(
                f"{params.n} samples were asked for, of which {count} were recorded",
                hint=f"Ask for at most {count} samples.",
            )
        first = 0 if params.n == count else params.seed
        places = [(first + i) % count for i in range(params.n)]
        return [
            Completion(
                text=recording.texts[place],
                logprobs=recording.logprobs[place]
                if params.logprobs and recording.logprobs
                else None,
                prompt_tokens=0,
                completion_tokens=recording.tokens[place],
                finish_reason="stop",
                seed=params.seed + i,
            )
            for i, place in enumerate(places)
        ]

    async def count_tokens(self, prompt: Prompt) -> int:
        """Nothing: no model reads the prompt."""
        return 0

    async def aclose(self) -> None:
        """Serve nothing any more. Safe to call twice."""
        self._closed = True


def _read(line: str, number: int, path: Path) -> tuple[str, _Recording, str]:
    def bad(what: str) -> ProblemError:
        return ProblemError(
            f"line {number} of {path.name} {what}",
            hint='Give {"question": "…", "samples": ["…", "…"]} on each line.',
        )

    try:
        data: Any = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise bad(f"is not JSON: {error}") from error
    problem = parse_problem(data, default_id=f"line-{number}")
    extra = data.get("extra") if isinstance(data.get("extra"), dict) else {}
    texts = data.get("samples", extra.get("samples"))
    tokens = data.get("tokens", extra.get("tokens"))
    if not isinstance(texts, list) or not texts or not all(isinstance(t, str) for t in texts):
        raise bad('has no list of texts under "samples"')
    if tokens is None:
        tokens = [0] * len(texts)
    if (
        not isinstance(tokens, list)
        or len(tokens) != len(texts)
        or not all(isinstance(n, int) and n >= 0 for n in tokens)
    ):
        raise bad('has under "tokens" something else than a number for each sample')
    logprobs = data.get("logprobs", extra.get("logprobs"))
    if logprobs is not None and not _are_logprobs(logprobs, len(texts)):
        raise bad('has under "logprobs" something else than a list of numbers for each sample')
    return (
        problem.digest,
        _Recording(
            tuple(texts),
            tuple(tokens),
            None if logprobs is None else tuple(tuple(map(float, item)) for item in logprobs),
        ),
        str(data.get("model", extra.get("model", path.stem))),
    )


def _are_logprobs(data: Any, samples: int) -> bool:
    """Whether it holds a list of numbers for each sample."""
    return (
        isinstance(data, list)
        and len(data) == samples
        and all(isinstance(item, list) for item in data)
        and all(
            isinstance(number, float | int)
            and not isinstance(number, bool)
            and not math.isnan(number)
            for item in data
            for number in item
        )
    )
