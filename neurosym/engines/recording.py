"""An engine that serves what a record holds, and records what it has to draw."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import AsyncExitStack, aclosing, asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias
from weakref import WeakValueDictionary

from neurosym.candidate import Completion, Prompt
from neurosym.engines.base import Dropped, Engine, EngineInfo, SamplingParams, refuse_closed
from neurosym.engines.led import all_of, lost_in_wrapping, stream_of, unfetched
from neurosym.engines.record import Record, Recorded, keys
from neurosym.errors import ModelNotFoundError, UnrecordedError
from neurosym.runtime.places import runs_of
from neurosym.runtime.together import merged

__all__ = ["RecordReplay", "RecordingEngine"]

_Turn: TypeAlias = tuple[asyncio.AbstractEventLoop, str, str, int]
"""A loop, and what a sample is kept under."""


class RecordingEngine:
    """Serves samples that a record holds, draws the others, and records each when it ends.

    What a sample costs is what it cost when it was drawn. Requests for the same samples wait for
    each other where they are of one event loop; of several, as of several processes, each may draw
    them, and gets what was recorded first.

    Args:
        engine: Draws what is not there. It is closed with this one.
        path: The record; it is made if there is none.

    Raises:
        RecordError: It is no record, or cannot be opened.
    """

    def __init__(self, engine: Engine, path: str | Path) -> None:
        self._engine = engine
        self._record = Record(path)
        self._turns: WeakValueDictionary[_Turn, asyncio.Lock] = WeakValueDictionary()
        self._closed = False

    @property
    def info(self) -> EngineInfo:
        """What identifies the engine that draws."""
        info = self._engine.info
        return replace(info, can=info.can - lost_in_wrapping(self._engine))

    async def sample(self, prompt: Prompt, params: SamplingParams) -> list[Completion]:
        """Draw completions; see :meth:`neurosym.engines.base.Engine.sample`.

        Raises:
            EngineError: The engine is closed.
            RecordError: The record cannot be read or written.
        """
        return await all_of(self.stream(prompt, params), charges_each=self.info.charges_each)

    async def stream(
        self,
        prompt: Prompt,
        params: SamplingParams,
        dropped: Dropped = lambda asked, sampled: None,
    ) -> AsyncGenerator[Completion]:
        """Draw completions as they end, those that are there first; see :class:`Streaming`.

        Raises:
            EngineError: The engine is closed.
            RecordError: The record cannot be read or written.
        """
        refuse_closed(self._closed)
        charged, drop = _charging(self.info), unfetched(dropped)
        there = await self._there(prompt, params)
        for item in there.values():
            yield charged(item)
        sources = (self._draw(prompt, part, dropped) for part in _missing(params, there))
        async with aclosing(merged(sources, left=lambda item: drop(charged(item)))) as ended:
            async for item in ended:
                yield charged(item)

    async def _draw(
        self, prompt: Prompt, params: SamplingParams, dropped: Dropped
    ) -> AsyncGenerator[Recorded]:
        """Samples that were not there: drawn, or what another request has drawn meanwhile."""
        async with self._alone(prompt, params):
            there = await self._there(prompt, params)
            for item in there.values():
                yield item
            for part in _missing(params, there):
                charged = 0
                async with aclosing(stream_of(self._engine, prompt, part, dropped)) as ended:
                    async for drawn in ended:
                        charged = drawn.prompt_tokens or charged
                        try:
                            item = await self._kept(prompt, part, Recorded(drawn, charged))
                        except asyncio.CancelledError:
                            unfetched(dropped)(drawn)
                            raise
                        yield item

    async def _kept(self, prompt: Prompt, params: SamplingParams, drawn: Recorded) -> Recorded:
        """A sample that was drawn, or what another process or loop has drawn meanwhile."""
        one = replace(params, n=1, seed=drawn.completion.seed)
        return await asyncio.to_thread(self._record.put, self.info, prompt, one, drawn)

    @asynccontextmanager
    async def _alone(self, prompt: Prompt, params: SamplingParams) -> AsyncGenerator[None]:
        """Wait until no other request draws any of the same samples, and let none begin.

        Requests of other event loops are not waited for: a lock wakes nobody in another loop, and
        one whose loop has ended may stay held for ever.
        """
        loop = asyncio.get_running_loop()
        async with AsyncExitStack() as turns:
            # In one order, so that no two wait for each other.
            for key in sorted(set(keys(prompt, params))):
                turn = self._turns.setdefault((loop, *key), asyncio.Lock())
                await turns.enter_async_context(turn)
            yield

    async def _there(self, prompt: Prompt, params: SamplingParams) -> dict[int, Recorded]:
        return await asyncio.to_thread(self._record.get, self.info, prompt, params)

    async def count_tokens(self, prompt: Prompt) -> int:
        """How many tokens a request is charged for this prompt, which is recorded as well.

        Raises:
            RecordError: The record cannot be read or written.
        """
        found = await asyncio.to_thread(self._record.charge, self.info, prompt)
        if found is None:
            found = await self._engine.count_tokens(prompt)
            await asyncio.to_thread(self._record.put_charge, self.info, prompt, found)
        return found

    async def aclose(self) -> None:
        """Close the engine and the record. Safe to call twice."""
        self._closed = True
        await self._engine.aclose()
        self._record.close()


class RecordReplay:
    """Serves what a record holds, without any model.

    A run that a limit of seconds has cut short asks here for samples that came too late to be
    recorded, and what a limit of all problems together left to each depends on which came first;
    without such limits a run is done again as it was.

    Args:
        path: The record.
        model: Name or digest of the recorded model; ``None`` is the only one.
        engine: Name of the engine that drew, where several did from one model.

    Raises:
        RecordError: It is no record, or cannot be opened.
        ModelNotFoundError: It has no samples of the model, or of several, and none is named.
    """

    def __init__(
        self, path: str | Path, model: str | None = None, engine: str | None = None
    ) -> None:
        self._record = Record(path, must_exist=True)
        self._closed = False
        try:
            self._info = _chosen(self._record, model, engine)
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
            UnrecordedError: Not all of them are there.
            EngineError: The engine is closed.
            RecordError: The record cannot be read.
        """
        return await all_of(self.stream(prompt, params), charges_each=self._info.charges_each)

    async def stream(
        self,
        prompt: Prompt,
        params: SamplingParams,
        dropped: Dropped = lambda asked, sampled: None,
    ) -> AsyncGenerator[Completion]:
        """Serve samples one by one: those that were dropped when it was recorded are not there.

        Raises:
            UnrecordedError: More are asked for than there are.
            EngineError: The engine is closed.
            RecordError: The record cannot be read.
        """
        refuse_closed(self._closed)
        there = await asyncio.to_thread(self._record.get, self._info, prompt, params)
        charged = _charging(self._info)
        for item in there.values():
            yield charged(item)
        if len(there) < params.n:
            raise UnrecordedError(
                f"{self._record.path} holds {len(there)} of {params.n} samples of a prompt",
                hint="Use the options and the version that it was recorded with, without limits "
                "of seconds or of all problems together, or record the rest with --record.",
            )

    async def count_tokens(self, prompt: Prompt) -> int:
        """How many tokens requests with this prompt were charged for it.

        Raises:
            UnrecordedError: That was not recorded.
            RecordError: The record cannot be read.
        """
        found = await asyncio.to_thread(self._record.charge, self._info, prompt)
        if found is None:
            raise UnrecordedError(
                f"{self._record.path} does not hold how long a prompt is",
                hint="Use the budgets that it was recorded with.",
            )
        return found

    async def aclose(self) -> None:
        """Close the record. Safe to call twice."""
        self._closed = True
        self._record.close()


def _missing(params: SamplingParams, there: Mapping[int, Recorded]) -> list[SamplingParams]:
    """Requests for the samples that are not there."""
    runs = runs_of([i for i in range(params.n) if i not in there])
    return [replace(params, n=n, seed=params.seed + first) for first, n in runs]


def _charging(info: EngineInfo) -> Callable[[Recorded], Completion]:
    """Charges samples of one request for the prompt: each, or only the first."""
    is_charged = False

    def charged(item: Recorded) -> Completion:
        nonlocal is_charged
        asked = 0 if is_charged else item.charged
        is_charged = is_charged or (asked > 0 and not info.charges_each)
        return replace(item.completion, prompt_tokens=asked)

    return charged


def _chosen(record: Record, model: str | None, engine: str | None) -> EngineInfo:
    known = record.models()
    found = [
        info
        for info in known
        if model in (None, info.model, info.model_digest) and engine in (None, info.name)
    ]
    if len({(info.name, info.model_digest) for info in found}) == 1:
        return found[0]
    names = ", ".join(f"{info.model} ({info.name})" for info in known)
    raise ModelNotFoundError(
        f"{record.path} holds samples of {len(found)} models"
        + ("" if model is None else f" called {model!r}"),
        hint=f"Name one with --model, or an engine with --engine \"recorded(path='…', engine=…)\"."
        f" It has {names}."
        if names
        else "Record some with --record.",
    )
