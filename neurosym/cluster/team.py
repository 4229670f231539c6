"""Objects that are the same on every machine of a Ray cluster, and calls that any of them takes."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import AsyncGenerator, Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from neurosym._version import __version__
from neurosym.cluster.connection import Cluster, Place
from neurosym.errors import NeurosymError, OptionError

__all__ = ["Member", "Team", "WorkerLostError"]

_LOG = logging.getLogger("neurosym")

_STARTING = 900.0
"""Seconds that an object may take to start, such as one that loads weights."""
_TRIES = 3
"""Workers that a call is given to, each after the one before was lost."""


class WorkerLostError(Exception):
    """A worker is gone, and with it what it was doing."""


class _Host:
    """An actor: it holds an object and calls its methods."""

    def __init__(self) -> None:
        self._held: Any = None

    async def start(self, make: Callable[[], Any], version: str) -> None:
        if version != __version__:
            raise OptionError(
                f"a worker has neurosym {__version__}, and this machine {version}",
                hint="Install the same version on all machines of the cluster.",
            )
        self._held = await asyncio.to_thread(make)

    async def call(self, method: str, *args: Any) -> Any:
        return await getattr(self._held, method)(*args)


@dataclass(eq=False, slots=True)
class Member:
    """One of the objects, on a worker of its own.

    Attributes:
        place: Where it is.
        busy: How much it is doing.
    """

    place: Place
    busy: int = 0
    _host: Any = field(default=None, repr=False)

    async def ask(self, method: str, *args: Any) -> Any:
        """Call a method of the object; a call that nobody waits for any more is cancelled there.

        Raises:
            WorkerLostError: The worker is gone.
        """
        import ray

        reference = self._host.call.remote(method, *args)
        answer = asyncio.wrap_future(reference.future())
        try:
            return await asyncio.shield(answer)
        except asyncio.CancelledError:
            answer.add_done_callback(lambda done: done.cancelled() or done.exception())
            asyncio.get_running_loop().run_in_executor(None, _end, ray.cancel, reference)
            raise
        except ray.exceptions.RayTaskError as error:
            raise error.cause from None
        except _losses() as error:
            raise WorkerLostError(_brief(error)) from error


def _end(end: Callable[[Any], None], what: Any) -> None:
    """Cancel a call, or kill a worker, as far as that can still be done."""
    import ray

    if not ray.is_initialized():
        return  # the cluster was left; Ray would start one of its own to do it in
    try:
        end(what)
    except (ConnectionError, ValueError, ray.exceptions.RayError) as error:
        _LOG.debug("what runs on a worker could not be ended: %s", error)


def _losses() -> tuple[type[Exception], ...]:
    from ray import exceptions

    # Some of them are no errors of actors: those of a machine, or of the way to it.
    return (
        exceptions.RayActorError,
        exceptions.NodeDiedError,
        exceptions.WorkerCrashedError,
        exceptions.OutOfMemoryError,
        exceptions.GetTimeoutError,
        exceptions.RaySystemError,
        ConnectionError,
    )


def _brief(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__


class Team:
    """Objects that are the same on every machine of a cluster.

    A worker that is lost costs the others what it had not finished, and another one is started in
    its place where its machine is still there. Safe to use from several threads and event loops.

    Args:
        cluster: Where they are.
        make: Makes one of them, on its machine.
        what: What they are, in the plural, for messages.
        lost: What is raised where no worker is left, or a call loses one after the other.
        gpus: GPUs that each needs where there are any.

    Raises:
        NeurosymError: None could be started; it is what one of them raised.
    """

    def __init__(
        self,
        cluster: Cluster,
        make: Callable[[], Any],
        *,
        what: str,
        lost: type[NeurosymError],
        gpus: int = 0,
    ) -> None:
        self._cluster = cluster
        self._make = make
        self._what = what
        self._lost = lost
        self._gpus = gpus
        self._members: list[Member] = []
        self._lock = threading.Lock()
        self._filler = ThreadPoolExecutor(1, thread_name_prefix="neurosym-workers")
        self._filling: Future[None] | None = None
        self._closed = False
        try:
            if failures := self._fill():
                if not self._members:
                    raise failures[0]
                _LOG.warning("%d of the %s could not be started", len(failures), what)
        except BaseException:
            self.close()
            raise

    @property
    def members(self) -> tuple[Member, ...]:
        """Those that are there."""
        with self._lock:
            return tuple(self._members)

    def each(self, method: str, *args: Any) -> list[Any]:
        """What a method of every one gives, for callers without an event loop.

        Raises:
            NeurosymError: What it raises; of the type ``lost``, that a worker is lost.
        """
        import ray

        try:
            return [ray.get(m._host.call.remote(method, *args)) for m in self.members]
        except ray.exceptions.RayTaskError as error:
            raise error.cause from None
        except _losses() as error:
            raise self._lost(
                f"one of the {self._what} was lost: {_brief(error)}", hint="Try again."
            ) from error

    async def call(self, method: str, *args: Any, weight: int = 1) -> Any:
        """Call a method of the one that does least, and of another one if that is lost.

        Args:
            method: Its name; it is a coroutine function.
            args: Its arguments.
            weight: How much it has to do.

        Raises:
            NeurosymError: What the method raises; of the type ``lost``, that no worker is left.
        """
        why = ""
        for _ in range(_TRIES):
            try:
                async with self.one(weight) as member:
                    return await member.ask(method, *args)
            except WorkerLostError as error:
                why = str(error)
        raise self._lost(
            f"{_TRIES} of the {self._what} were lost one after the other in one call: {why}",
            hint="It may be what kills them; else look at the logs of the cluster. What is "
            "finished is kept in a run directory, from which a run goes on.",
        )

    @asynccontextmanager
    async def one(self, weight: int = 1) -> AsyncGenerator[Member]:
        """The one that does least, for several calls.

        Args:
            weight: How much it will have to do.

        Raises:
            WorkerLostError: It is lost in between.
            NeurosymError: Of the type ``lost``: there is none.
        """
        member = await self._freest(weight)
        try:
            yield member
        except WorkerLostError as error:
            self._lose(member, error)
            raise
        finally:
            with self._lock:
                member.busy -= weight

    async def _freest(self, weight: int) -> Member:
        while True:
            with self._lock:
                if self._members and not self._closed:
                    member = min(self._members, key=lambda item: item.busy)
                    member.busy += weight
                    return member
                filling = self._filling
            if filling is None or filling.done() or self._closed:
                raise self._lost(
                    f"none of the {self._what} is left",
                    hint="Look at the logs of the cluster; a run directory is gone on from.",
                )
            await asyncio.shield(asyncio.wrap_future(filling))

    def _lose(self, member: Member, error: WorkerLostError) -> None:
        with self._lock:
            if member not in self._members:
                return  # another call has noticed
            self._members.remove(member)
            left = len(self._members)
            _LOG.warning(
                "one of the %s was lost, on %s (%s); %d %s left, and what it had not finished is "
                "done again",
                *(self._what, member.place.address, error, left, "is" if left == 1 else "are"),
            )
            if not self._closed:
                self._filling = self._filler.submit(self._replace, member)

    def _replace(self, lost: Member) -> None:
        _kill(lost)  # it may only have been out of reach
        for failure in self._fill():
            _LOG.warning("no other was started in its place: %s", failure)

    def _fill(self) -> list[NeurosymError]:
        """Start those that are missing; what the others raised is returned."""
        wanted = self._cluster.places(self._gpus)
        wanted.subtract(member.place for member in self.members)
        started = [(member, self._begin(member)) for member in map(Member, wanted.elements())]
        failures: list[NeurosymError] = []
        for member, reference in started:
            failure = self._failure(reference)
            with self._lock:
                if failure is None and not self._closed:
                    self._members.append(member)
                    continue
            _kill(member)
            if failure is not None:
                failures.append(failure)
        return failures

    def _begin(self, member: Member) -> Any:
        import ray
        from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

        # They take no processors that Ray counts: it would make room for one alone.
        options = {
            "num_cpus": 0,
            "num_gpus": member.place.gpus,
            "scheduling_strategy": NodeAffinitySchedulingStrategy(member.place.node, soft=False),
        }
        member._host = ray.remote(_Host).options(**options).remote()
        return member._host.start.remote(self._make, __version__)

    def _failure(self, reference: Any) -> NeurosymError | None:
        import ray

        try:
            ray.get(reference, timeout=_STARTING)
        except ray.exceptions.RayTaskError as error:
            if isinstance(error.cause, NeurosymError):
                return error.cause
            return self._lost(
                f"one of the {self._what} cannot be started: {error.cause}",
                hint="Install neurosym, and what it needs, on every machine of the cluster.",
            )
        except _losses() as error:
            return self._lost(
                f"one of the {self._what} cannot be started: {_brief(error)}",
                hint="Install neurosym on every machine of the cluster, and look at its logs.",
            )
        return None

    def close(self) -> None:
        """Stop all of them. Safe to call twice."""
        with self._lock:
            self._closed = True
            members, self._members = self._members, []
        for member in members:
            _kill(member)
        self._filler.shutdown(wait=False, cancel_futures=True)


def _kill(member: Member) -> None:
    import ray

    _end(ray.kill, member._host)
