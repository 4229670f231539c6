"""An engine of which every machine of a cluster runs a replica."""

from __future__ import annotations

import asyncio
import itertools
import uuid
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing, contextmanager
from dataclasses import replace
from functools import partial

from neurosym.candidate import Completion, Prompt
from neurosym.cluster.connection import Cluster
from neurosym.cluster.team import Member, Team, WorkerLostError, in_background
from neurosym.engines.base import Dropped, Engine, EngineInfo, SamplingParams, refuse_closed
from neurosym.engines.led import lost_in_wrapping, stream_of, unfetched
from neurosym.engines.named import EngineSpec
from neurosym.errors import EngineDeadError, EngineError, UnavailableError
from neurosym.runtime.places import runs_of
from neurosym.runtime.together import merged

__all__ = ["Replica", "ReplicatedEngine"]

_RESTARTS = 3
"""How often samples in flight are begun anew after a worker was lost with them."""


class Replica:
    """The engine on one worker.

    Args:
        spec: What it is.

    Raises:
        NeurosymError: See :meth:`neurosym.engines.named.EngineSpec.start`.
    """

    def __init__(self, spec: EngineSpec) -> None:
        self._engine = spec.start()
        self._streams: dict[str, _Stream] = {}

    async def info(self) -> EngineInfo:
        """What identifies it."""
        info = self._engine.info
        return replace(info, can=info.can - lost_in_wrapping(self._engine))

    async def sample(self, prompt: Prompt, params: SamplingParams) -> list[Completion]:
        """See :meth:`neurosym.engines.base.Engine.sample`.

        Raises:
            WorkerLostError: The engine has died.
        """
        with _lost_if_dead():
            return await self._engine.sample(prompt, params)

    async def count_tokens(self, prompt: Prompt) -> int:
        """See :meth:`neurosym.engines.base.Engine.count_tokens`.

        Raises:
            WorkerLostError: The engine has died.
        """
        with _lost_if_dead():
            return await self._engine.count_tokens(prompt)

    async def open(self, ticket: str, prompt: Prompt, params: SamplingParams) -> None:
        """Begin to sample what will be asked for by a ticket."""
        self._streams[ticket] = _Stream(self._engine, prompt, params)

    async def next(self, ticket: str) -> Completion | None:
        """The next sample that ends; ``None`` when all have ended.

        Raises:
            EngineError: The model could not be run.
            WorkerLostError: The engine has died.
        """
        with _lost_if_dead():
            return await self._streams[ticket].next()

    async def close(self, ticket: str) -> tuple[int, int]:
        """Drop what has not ended; its tokens of the prompt, and those sampled."""
        stream = self._streams.pop(ticket, None)
        return (0, 0) if stream is None else await stream.close()


@contextmanager
def _lost_if_dead() -> Iterator[None]:
    """Give up a worker whose engine has died: idle, it would be asked first, again and again."""
    try:
        yield
    except EngineDeadError as error:
        raise WorkerLostError(str(error)) from error


class _Stream:
    """Samples of one prompt that are fetched one by one, whenever whoever wants them asks."""

    def __init__(self, engine: Engine, prompt: Prompt, params: SamplingParams) -> None:
        self._ended: asyncio.Queue[Completion | None] = asyncio.Queue()
        self._dropped = (0, 0)
        self._drawing = asyncio.ensure_future(self._draw(engine, prompt, params))

    async def _draw(self, engine: Engine, prompt: Prompt, params: SamplingParams) -> None:
        def dropped(asked: int, sampled: int) -> None:
            self._dropped = asked, sampled

        try:
            async with aclosing(stream_of(engine, prompt, params, dropped)) as ended:
                async for item in ended:
                    self._ended.put_nowait(item)
        finally:
            self._ended.put_nowait(None)

    async def next(self) -> Completion | None:
        item = await self._ended.get()
        if item is None:
            await self._drawing  # which raises what went wrong
        return item

    async def close(self) -> tuple[int, int]:
        self._drawing.cancel()
        await asyncio.gather(self._drawing, return_exceptions=True)
        asked, sampled = self._dropped
        while not self._ended.empty():  # these ended, and nobody has fetched them
            if (item := self._ended.get_nowait()) is not None:
                asked, sampled = asked + item.prompt_tokens, sampled + item.completion_tokens
        return asked, sampled


class ReplicatedEngine:
    """Gives each request to the replica that does least.

    What a worker had not finished when it was lost, or when its engine died, is drawn again by
    another; the tokens that it had sampled are known to nobody. What would take its place is
    refused where it is not the same as the first ones: run logs and records tell of those alone.

    Args:
        cluster: Where the replicas are; it stays the caller's.
        spec: The engine. Each is started with what was tuned on its own machine.

    Raises:
        OptionError: No machine has the GPUs that it takes.
        EngineError: It is not the same on all machines, or cannot be started.
        NeurosymError: See :meth:`neurosym.engines.named.EngineSpec.start`.
    """

    def __init__(self, cluster: Cluster, spec: EngineSpec) -> None:
        self._closed = False
        self._team = Team(
            cluster,
            partial(Replica, spec),
            what="engines",
            lost=UnavailableError,
            gpus=spec.gpus,
        )
        try:
            self._info = _of_all(self._team.each("info"))
            self._team.check_others(partial(_refuse_other, self._info))
        except BaseException:
            self._team.close()
            raise

    @property
    def info(self) -> EngineInfo:
        """What identifies the engine; it works on as many samples as all that were started."""
        return self._info

    async def sample(self, prompt: Prompt, params: SamplingParams) -> list[Completion]:
        """Draw completions; see :meth:`neurosym.engines.base.Engine.sample`.

        Raises:
            ContextOverflowError: Prompt and answer do not fit the context window.
            EngineError: The model could not be run, or the engine is closed.
        """
        refuse_closed(self._closed)
        drawn: list[Completion] = await self._team.call("sample", prompt, params, weight=params.n)
        return drawn

    async def stream(
        self, prompt: Prompt, params: SamplingParams, dropped: Dropped
    ) -> AsyncGenerator[Completion]:
        """Draw completions as they end; see :meth:`neurosym.engines.base.Streaming.stream`.

        Raises:
            ContextOverflowError: Prompt and answer do not fit the context window.
            EngineError: The model could not be run, or the engine is closed.
        """
        refuse_closed(self._closed)
        missing = set(range(params.n))
        for restarts in itertools.count():
            sources = (
                self._on_one(prompt, replace(params, n=n, seed=params.seed + first), dropped)
                for first, n in runs_of(sorted(missing))
            )
            try:
                async with aclosing(merged(sources, left=unfetched(dropped))) as ended:
                    async for item in ended:
                        missing.remove(item.seed - params.seed)
                        yield item
                return
            except WorkerLostError as error:
                if restarts == _RESTARTS:
                    raise UnavailableError(
                        f"workers were lost again and again while one prompt was sampled: {error}",
                        hint="It may be what kills them; else look at the logs of the cluster.",
                    ) from error

    async def _on_one(
        self, prompt: Prompt, params: SamplingParams, dropped: Dropped
    ) -> AsyncGenerator[Completion]:
        async with self._team.one(params.n) as replica:
            ticket, is_lost = uuid.uuid4().hex, False
            try:
                await replica.ask("open", ticket, prompt, params)
                while (item := await replica.ask("next", ticket)) is not None:
                    yield item
            except WorkerLostError:
                is_lost = True
                raise
            finally:
                if not is_lost:
                    # Though this may be cancelled once more: it would go on sampling there.
                    await asyncio.shield(in_background(_close(replica, ticket, dropped)))

    async def count_tokens(self, prompt: Prompt) -> int:
        """How many tokens a request is charged for this prompt.

        Raises:
            EngineError: The model could not be asked, or the engine is closed.
        """
        refuse_closed(self._closed)
        counted: int = await self._team.call("count_tokens", prompt)
        return counted

    async def aclose(self) -> None:
        """Stop the replicas. Safe to call twice."""
        self._closed = True
        await asyncio.to_thread(self._team.close)


async def _close(replica: Member, ticket: str, dropped: Dropped) -> None:
    dropped(*await replica.ask("close", ticket))


def _refuse_other(info: EngineInfo, replica: Member) -> None:
    """Refuse a replica that is not what all were at first, or can do less."""
    other: EngineInfo = replica.ask_now("info")
    if other.identity != info.identity or not other.can >= info.can:
        lacks = ", ".join(sorted(info.can - other.can))
        raise EngineError(
            f"on {replica.place.address} it is {_in_words(other)}, and not {_in_words(info)} as "
            f"when the run began" + (f"; it lacks {lacks}" if lacks else ""),
            hint="Install the same versions, and the same weights, on all machines.",
        )


def _in_words(info: EngineInfo) -> str:
    return f"{info.model} ({info.version}, {info.model_digest[:12]})"


def _of_all(infos: list[EngineInfo]) -> EngineInfo:
    first = infos[0]
    for info in infos[1:]:
        if info.identity != first.identity:
            raise EngineError(
                "the workers of the cluster do not run the same model: "
                + "; ".join(sorted(set(map(_in_words, infos)))),
                hint="Install the same versions, and the same weights, on all machines.",
            )
    return replace(
        first,
        parallel=sum(info.parallel for info in infos),
        can=first.can.intersection(*(info.can for info in infos)),
    )
