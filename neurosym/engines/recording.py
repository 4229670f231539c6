"""An engine that serves what a record holds, and records what it has to draw."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from neurosym.candidate import Completion, Prompt
from neurosym.engines.base import Engine, EngineInfo, SamplingParams
from neurosym.engines.record import Record, Recorded
from neurosym.errors import EngineError, ModelNotFoundError
from neurosym.runtime.places import runs_of
from neurosym.runtime.together import together

__all__ = ["RecordReplay", "RecordingEngine"]


class RecordingEngine:
    """Serves samples that a record holds, draws the others, and records them.

    What a sample costs is what it cost when it was drawn.

    Args:
        engine: Draws what is not there. It is closed with this one.
        path: The record; it is made if there is none.

    Raises:
        RecordError: It is no record, or cannot be opened.
    """

    def __init__(self, engine: Engine, path: str | Path) -> None:
        self._engine = engine
        self._record = Record(path)
        self._closed = False

    @property
    def info(self) -> EngineInfo:
        """What identifies the engine that draws."""
        return self._engine.info

    async def sample(self, prompt: Prompt, params: SamplingParams) -> list[Completion]:
        """Draw completions; see :meth:`neurosym.engines.base.Engine.sample`.

        Raises:
            EngineError: The engine is closed.
            RecordError: The record cannot be read or written.
        """
        if self._closed:
            raise EngineError("the engine is closed", hint="Make a new one.")
        there = self._record.get(self.info, prompt, params)
        missing = [i for i in range(params.n) if i not in there]
        await together(self._draw(prompt, params, first, n) for first, n in runs_of(missing))
        if missing:
            # Read again: another process may have been first, and then what it drew counts.
            there = self._record.get(self.info, prompt, params)
        return _in_order(there, params)

    async def _draw(self, prompt: Prompt, params: SamplingParams, first: int, n: int) -> None:
        part = replace(params, n=n, seed=params.seed + first)
        drawn = await self._engine.sample(prompt, part)
        charged = drawn[0].prompt_tokens
        items = {i: Recorded(item, charged) for i, item in enumerate(drawn)}
        self._record.put(self.info, prompt, part, items)

    async def count_tokens(self, prompt: Prompt) -> int:
        """How many tokens a request is charged for this prompt."""
        return await self._engine.count_tokens(prompt)

    async def aclose(self) -> None:
        """Close the engine and the record. Safe to call twice."""
        self._closed = True
        await self._engine.aclose()
        self._record.close()


class RecordReplay:
    """Serves what a record holds, without any model.

    Args:
        path: The record.
        model: Name or digest of the recorded model; ``None`` is the only one.

    Raises:
        RecordError: It is no record, or cannot be opened.
        ModelNotFoundError: It has no samples of the model, or of several, and none is named.
    """

    def __init__(self, path: str | Path, model: str | None = None) -> None:
        self._record = Record(path, must_exist=True)
        try:
            self._info = _chosen(self._record, model)
        except BaseException:
            self._record.close()
            raise

    @property
    def info(self) -> EngineInfo:
        """What identified the engine that drew."""
        return self._info

    async def sample(self, prompt: Prompt, params: SamplingParams) -> list[Completion]:
        """Serve samples; see :meth:`neurosym.engines.base.Engine.sample`.

        Raises:
            EngineError: Not all of them are there.
            RecordError: The record cannot be read.
        """
        there = self._record.get(self._info, prompt, params)
        if len(there) < params.n:
            raise EngineError(
                f"{self._record.path} holds {len(there)} of {params.n} samples of a prompt",
                hint="Use the options and the version that it was recorded with, or record the "
                "rest with --record.",
            )
        return _in_order(there, params)

    async def count_tokens(self, prompt: Prompt) -> int:
        """How many tokens requests with this prompt were charged for it.

        Raises:
            EngineError: There were none.
        """
        found = self._record.charge(self._info, prompt)
        if found is None:
            raise EngineError(
                f"{self._record.path} holds no samples of a prompt",
                hint="Use the options and the version that it was recorded with.",
            )
        return found

    async def aclose(self) -> None:
        """Close the record. Safe to call twice."""
        self._record.close()


def _chosen(record: Record, model: str | None) -> EngineInfo:
    known = record.models()
    found = [info for info in known if model in (None, info.model, info.model_digest)]
    if len(found) == 1:
        return found[0]
    names = ", ".join(f"{info.model} ({info.name})" for info in known)
    raise ModelNotFoundError(
        f"{record.path} holds samples of {len(found)} models"
        + ("" if model is None else f" called {model!r}"),
        hint=f"Name one with --model. It has {names}." if names else "Record some with --record.",
    )


def _in_order(there: dict[int, Recorded], params: SamplingParams) -> list[Completion]:
    """The samples as one request would have them: the first is charged for the prompt."""
    drawn = [there[i] for i in range(params.n)]
    first = replace(drawn[0].completion, prompt_tokens=drawn[0].charged)
    return [first, *(item.completion for item in drawn[1:])]
