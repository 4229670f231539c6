"""Objects that are the same on every machine of a Ray cluster, and calls that any of them takes."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import AsyncGenerator, Callable, Coroutine, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Any

from neurosym._version import __version__
from neurosym.cluster.connection import Cluster, Place
from neurosym.errors import NeurosymError, OptionError

__all__ = ["Member", "Team", "WorkerLostError", "in_background"]

_LOG = logging.getLogger("neurosym")

_STARTING = 900.0
"""Seconds that an object may take to start, such as one that loads weights."""
_TRIES = 3
"""Workers that a call is given to, each after the one before was lost."""
_WAITS = 2
"""How often a call waits for others where none is left: Ray notices late that a machine is gone."""


class WorkerLostError(Exception):
    """A worker is gone, and with it what it was doing.

    An object that can do nothing any more raises it as well, and its worker is given up.
    """


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
            WorkerLostError: The worker is gone, or the way to it.
        """
        # In a thread: Ray's client waits for its server to have taken the call.
        submitted = asyncio.ensure_future(asyncio.to_thread(self._submit, method, args))
        answer: asyncio.Future[Any] | None = None
        try:
            with _translated():
                _, future = await asyncio.shield(submitted)
                answer = asyncio.wrap_future(future)
                return await asyncio.shield(answer)
        except asyncio.CancelledError:
            if answer is not None:  # it will end with an error that is nobody's
                answer.add_done_callback(lambda done: done.cancelled() or done.exception())
            in_background(_withdraw(submitted))
            raise

    def ask_now(self, method: str, *args: Any) -> Any:
        """The same for callers without an event loop.

        Raises:
            WorkerLostError: The worker is gone, or the way to it.
        """
        import ray

        with _translated():
            _refuse_outside()
            return ray.get(self._host.call.remote(method, *args))

    def _submit(self, method: str, args: tuple[Any, ...]) -> tuple[Any, Future[Any]]:
        _refuse_outside()
        reference = self._host.call.remote(method, *args)
        return reference, reference.future()


_background: set[asyncio.Future[Any]] = set()


def in_background(work: Coroutine[Any, Any, Any]) -> asyncio.Future[Any]:
    """Begin work that comes to its end though nobody may wait for it."""
    task = asyncio.ensure_future(work)
    _background.add(task)  # for the loop itself does not hold it
    task.add_done_callback(_background.discard)
    return task


async def _withdraw(submitted: asyncio.Future[tuple[Any, Future[Any]]]) -> None:
    """Cancel a call that nobody waits for, as soon as it can be."""
    import ray

    try:
        reference, _ = await submitted
    except _losses():
        return
    await asyncio.to_thread(_end, ray.cancel, reference)


def _refuse_outside() -> None:
    """Refuse to go on outside of the cluster, where Ray would start one of its own.

    Raises:
        ConnectionError: The cluster was left, or the connection to it is lost.
    """
    import ray

    if not ray.is_initialized():
        raise ConnectionError("there is no connection to the cluster any more")


def _end(end: Callable[[Any], None], what: Any) -> None:
    """Cancel a call, or kill a worker, as far as that can still be done."""
    try:
        _refuse_outside()
        end(what)
    except _losses() as error:
        _LOG.debug("what runs on a worker could not be ended: %s", error)


def _losses() -> tuple[type[Exception], ...]:
    """What Ray raises where a worker, its machine or the way to it is gone.

    What a worker's own code raises comes as ``RayTaskError``, and is to be looked for first.
    """
    from ray import exceptions

    return (exceptions.RayError, ConnectionError)


@contextmanager
def _translated() -> Iterator[None]:
    """Raise what a worker's own code raised, and ``WorkerLostError`` for what else Ray raises."""
    import ray

    try:
        yield
    except ray.exceptions.RayTaskError as error:
        raise error.cause from None
    except _losses() as error:
        raise WorkerLostError(_brief(error)) from error


def _brief(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__


class Team:
    """Objects that are the same on every machine of a cluster.

    A worker that is lost costs the others what it had not finished; where its machine is still
    there, another one is started in its place, with as many GPUs as the first ones had. Safe to use
    from several threads and event loops.

    Args:
        cluster: Where they are.
        make: Makes one of them, on its machine.
        what: What they are, in the plural, for messages.
        lost: What is raised where no worker is left, or a call loses one after the other.
        gpus: GPUs that each needs where there are any when the first ones are started.

    Raises:
        OptionError: No machine has the GPUs that one of them needs.
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
        self._check: Callable[[Member], None] = lambda member: None
        self._why = ""
        self._members: list[Member] = []
        self._starting: list[Member] = []
        self._doomed: list[Member] = []
        self._lock = threading.Lock()
        self._filler = ThreadPoolExecutor(1, thread_name_prefix="neurosym-workers")
        self._filling: Future[None] | None = None
        self._closed = False
        try:
            _refuse_outside()
            # Once for all: where the last GPU is lost, others are not to go on with processors.
            self._gpus = cluster.gpus_for(gpus)
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

    def check_others(self, check: Callable[[Member], None]) -> None:
        """From now on, let in only those that pass a check.

        Args:
            check: Raises what is wrong with one that has started.
        """
        self._check = check

    def each(self, method: str, *args: Any) -> list[Any]:
        """What a method of every one gives, for callers without an event loop.

        Raises:
            NeurosymError: What it raises; of the type ``lost``, that a worker is lost.
        """
        try:
            return [member.ask_now(method, *args) for member in self.members]
        except WorkerLostError as error:
            raise self._lost(
                f"one of the {self._what} was lost: {error}", hint="Try again."
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
        waited = 0
        while True:
            with self._lock:
                if self._closed:
                    raise self._lost(f"the {self._what} were stopped", hint="Start new ones.")
                if self._members:
                    member = min(self._members, key=lambda item: item.busy)
                    member.busy += weight
                    return member
                if waited < _WAITS and (self._filling is None or self._filling.done()):
                    self._filling = self._filler.submit(self._refill)
                filling = self._filling
            if filling is None or waited == _WAITS:
                raise self._lost(
                    f"none of the {self._what} is left, and none could be started: {self._why}",
                    hint="Look at the logs of the cluster; a run directory is gone on from.",
                )
            waited += 1
            # Closing cancels what has not begun, which is not to look as if this task were.
            await asyncio.wait([asyncio.wrap_future(filling)])

    def _lose(self, member: Member, error: WorkerLostError) -> None:
        with self._lock:
            if member not in self._members:
                return  # another call has noticed
            self._members.remove(member)
            self._doomed.append(member)  # it may only have been out of reach
            left = len(self._members)
            _LOG.warning(
                "one of the %s was lost, on %s (%s); %d %s left, and what it had not finished is "
                "done again",
                *(self._what, member.place.address, error, left, "is" if left == 1 else "are"),
            )
            if not self._closed:
                self._filling = self._filler.submit(self._refill)

    def _refill(self) -> None:
        try:
            failures: list[Exception] = [*self._fill()]
        except Exception as error:  # whatever Ray says where the way to it breaks
            failures = [error]
        self._why = "; ".join(map(_brief, failures)) or "no machine is left"
        for failure in failures:
            _LOG.warning("one of the %s could not be replaced: %s", self._what, failure)

    def _fill(self) -> list[NeurosymError]:
        """Start those that are missing; what the others raised is returned."""
        with self._lock:
            doomed, self._doomed = self._doomed, []
        for member in doomed:
            _kill(member)  # first, for they may hold what others need
        _refuse_outside()
        wanted = self._cluster.places(self._gpus)
        wanted.subtract(member.place for member in self.members)
        begun = [(member, self._begin(member)) for member in map(Member, wanted.elements())]
        return [failure for one in begun if (failure := self._join(*one)) is not None]

    def _begin(self, member: Member) -> Any:
        import ray
        from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

        # They take no processors that Ray counts: it would make room for one alone.
        options = {
            "num_cpus": 0,
            "num_gpus": member.place.gpus,
            "scheduling_strategy": NodeAffinitySchedulingStrategy(member.place.node, soft=False),
        }
        _refuse_outside()
        member._host = ray.remote(_Host).options(**options).remote()
        with self._lock:
            self._starting.append(member)
        return member._host.start.remote(self._make, __version__)

    def _join(self, member: Member, reference: Any) -> NeurosymError | None:
        """Wait until one has started, and let it in; what went wrong, if something did."""
        failure = self._failure(member, reference)
        with self._lock:
            self._starting.remove(member)
            if failure is None and not self._closed:
                self._members.append(member)
                return None
        _kill(member)
        return failure

    def _failure(self, member: Member, reference: Any) -> NeurosymError | None:
        import ray

        try:
            with _translated():
                _refuse_outside()
                ray.get(reference, timeout=_STARTING)
            self._check(member)
        except NeurosymError as error:
            return error
        except Exception as error:  # that of a lost worker, or of any package that it lacks
            return self._lost(
                f"one of the {self._what} cannot be started: {error}",
                hint="Install neurosym, and what it needs, on every machine of the cluster, and "
                "look at its logs.",
            )
        return None

    def close(self) -> None:
        """Stop all of them, also those that are being started. Safe to call twice."""
        with self._lock:
            self._closed = True
            members = [*self._members, *self._starting, *self._doomed]
            self._members, self._doomed = [], []
        for member in members:
            _kill(member)
        self._filler.shutdown(wait=False, cancel_futures=True)


def _kill(member: Member) -> None:
    import ray

    _end(ray.kill, member._host)
