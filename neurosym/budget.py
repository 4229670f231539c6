"""What solving problems may cost, one of them or all together."""

from __future__ import annotations

import asyncio
import math
import threading
import time
from collections import deque
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, fields

from neurosym.errors import OptionError
from neurosym.solution import Usage

__all__ = ["Budget", "Cost", "Held", "Meter", "Prices"]


@dataclass(frozen=True, slots=True)
class Prices:
    """What tokens cost, in any currency, for a million of them.

    Attributes:
        prompt: Tokens of prompts.
        completion: Tokens sampled.

    Raises:
        OptionError: A price is negative.
    """

    prompt: float
    completion: float

    def __post_init__(self) -> None:
        for name, price in (("prompts", self.prompt), ("completions", self.completion)):
            if not 0 <= price < math.inf:
                raise OptionError(f"the price of {name} is {price}", hint="Give 0 or more.")

    def of(self, prompt_tokens: int, completion_tokens: int) -> float:
        """What so many tokens cost."""
        return (self.prompt * prompt_tokens + self.completion * completion_tokens) / 1e6


@dataclass(frozen=True, slots=True)
class Budget:
    """Limits for one problem, or for all of a solver; ``None`` is no limit.

    Attributes:
        samples: Completions drawn, but for those that only judge others or go on from them.
        tokens: Tokens of prompts and completions together.
        prompt_tokens: Tokens of prompts.
        completion_tokens: Tokens sampled.
        seconds: Wall time, from when the model is loaded. Samples that are not finished when it is
            over are dropped; those that are go on to be run and checked.
        money: What tokens may cost at the prices.
        prices: What they cost.

    Raises:
        OptionError: A limit is not positive, or there is one of money without prices.
    """

    samples: int | None = None
    tokens: int | None = None
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    seconds: float | None = None
    money: float | None = None
    prices: Prices | None = None

    def __post_init__(self) -> None:
        if self.money is not None and self.prices is None:
            raise OptionError(
                "there is a budget of money, and no prices",
                hint="Say what tokens cost (--prices on the command line).",
            )
        for item in fields(self):
            name, limit = item.name.replace("_", " "), getattr(self, item.name)
            if name == "prices":
                continue
            if limit is not None and not limit > 0:  # "nan" is not, either
                raise OptionError(
                    f"the budget of {name} is {limit}", hint="Give a positive budget, or none."
                )

    @property
    def minds_tokens(self) -> bool:
        """Whether there is a limit for tokens of any kind."""
        limits = (self.tokens, self.prompt_tokens, self.completion_tokens, self.money)
        return any(limit is not None for limit in limits)


@dataclass(frozen=True, slots=True)
class Cost:
    """What some samples may cost, in tokens.

    Attributes:
        sampled: Most that each of them holds.
        asked: What their prompts hold that are charged once for all of them.
        asked_each: What the prompt holds that each is charged for by itself.
    """

    sampled: int
    asked: int = 0
    asked_each: int = 0

    def of(self, n: int) -> Usage:
        """What so many of them cost at most."""
        return Usage(0, self.asked + n * self.asked_each, n * self.sampled)


@dataclass(slots=True, eq=False)
class Held:
    """Samples that may be drawn, and what those of them that are not charged yet may cost.

    Attributes:
        meter: What they are charged to.
        cost: What they may cost.
        counts: Whether they count as samples.
        n: How many they are.
        settled: Those of them that are charged, or that do not come.
    """

    meter: Meter
    cost: Cost
    counts: bool
    n: int
    settled: int = 0

    @property
    def left(self) -> Usage:
        """What they may cost yet."""
        n = self.n - self.settled
        if n <= 0:
            return Usage()
        return self.cost.of(n) + Usage(samples=n if self.counts else 0)

    def add(self, usage: Usage) -> None:
        """Charge for one of them."""
        self.meter.add(usage)
        self.settle(1)

    def settle(self, samples: int) -> None:
        """Keep nothing any more for so many of them."""
        self.settled += samples
        self.meter.admit()


@dataclass(slots=True)
class Meter:
    """Counts what something has cost against its budget, and keeps what it may cost yet.

    Safe to use from several threads and event loops.

    Attributes:
        budget: What it may cost.
        shared: Counts what it costs together with other things, against a budget of them all.
        usage: What it has cost.
        started: When its clock began.
    """

    budget: Budget
    shared: Meter | None = None
    usage: Usage = field(default_factory=Usage)
    started: float = field(default_factory=time.monotonic)
    _was_limited: bool = False
    _held: list[Held] = field(default_factory=list)
    _waiting: deque[tuple[Held, asyncio.Future[None]]] = field(default_factory=deque)
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def add(self, usage: Usage) -> None:
        """Charge for samples drawn."""
        with self._lock:
            self.usage += usage
        if self.shared is not None:
            self.shared.add(usage)

    @property
    def minds_tokens(self) -> bool:
        """Whether there is a limit for tokens, of its own or shared."""
        return self.budget.minds_tokens or (self.shared is not None and self.shared.minds_tokens)

    def total(self) -> Usage:
        """The cost so far, with the wall time since the start."""
        spent = time.monotonic() - self.started
        prices = self.budget.prices or (self.shared and self.shared.budget.prices)
        tokens = self.usage.prompt_tokens, self.usage.completion_tokens
        money = prices.of(*tokens) if prices else None
        return Usage(self.usage.samples, *tokens, spent, money)

    def seconds_left(self) -> float | None:
        """Wall time until the budget is spent; ``None`` without such a limit."""
        shared = None if self.shared is None else self.shared.seconds_left()
        limits = (self._own_seconds_left(), shared)
        return min((limit for limit in limits if limit is not None), default=None)

    def _own_seconds_left(self) -> float | None:
        if self.budget.seconds is None:
            return None
        return max(0.0, self.started + self.budget.seconds - time.monotonic())

    @property
    def was_cut(self) -> bool:
        """Whether the shared budget allowed less than was wanted, or may have: its time is over."""
        return self._was_limited or (self.shared is not None and self.shared.seconds_left() == 0)

    @asynccontextmanager
    async def holding(
        self, wanted: int, cost: Cost, *, counts: bool = True
    ) -> AsyncGenerator[Held]:
        """Keep what samples may cost, so that nothing else takes it before they are charged.

        What is kept for others may come back, as samples often cost less than they may. So where it
        leaves too little, this waits, in turn, until that is decided or the time is over.

        Args:
            wanted: Samples.
            cost: What they may cost.
            counts: Whether they count as samples.

        Yields:
            As many of them as the budget allows, which may be none. What is kept for those that are
            not charged by the end is let go.
        """
        held = Held(self, cost, counts, wanted)
        try:
            # Its own limits come first, so that what waits for them takes nothing from others.
            await self._wait_for_room(held)
            if self.shared is not None and (own := held.n):
                await self.shared._wait_for_room(held)
                self._was_limited = self._was_limited or held.n < own
                self.admit()
            yield held
        finally:
            self._let_go(held)

    def admit(self) -> None:
        """Let in those who wait, in their turn, as far as there is room by now."""
        with self._lock:
            while self._waiting and self._let_in(self._waiting[0][0]):
                held, answer = self._waiting.popleft()
                try:
                    answer.get_loop().call_soon_threadsafe(_tell, answer)
                except RuntimeError:  # the loop of whoever waited is closed
                    self._let_go(held)
        if self.shared is not None:
            self.shared.admit()

    async def _wait_for_room(self, held: Held) -> None:
        with self._lock:
            if not self._waiting and self._let_in(held):
                return
            answer: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._waiting.append((held, answer))
        try:
            async with asyncio.timeout(held.meter.seconds_left()):
                await answer
        except TimeoutError:
            self._let_go(held)
            held.n = 0

    def _let_in(self, held: Held) -> bool:
        """Decide how many samples there is room for, unless it may become more."""
        n = self._room(held)
        is_kept = any(item.settled < item.n for item in self._held)
        if n < held.n and is_kept and self._own_seconds_left() != 0:
            return False
        held.n = n
        if n:
            self._held.append(held)
        return True

    def _let_go(self, held: Held) -> None:
        with self._lock:
            self._held = [item for item in self._held if item is not held]
            self._waiting = deque(item for item in self._waiting if item[0] is not held)
        if self.shared is not None:
            self.shared._let_go(held)
        self.admit()

    def _room(self, held: Held) -> int:
        """How many samples this budget by itself allows beside those that are held."""
        if self._own_seconds_left() == 0:
            return 0
        budget, cost = self.budget, held.cost
        taken = sum((item.left for item in self._held), self.usage)
        asked, sampled = taken.prompt_tokens + cost.asked, taken.completion_tokens
        limits: list[tuple[float | None, float, float]] = [
            (budget.tokens, asked + sampled, cost.asked_each + cost.sampled),
            (budget.prompt_tokens, asked, cost.asked_each),
            (budget.completion_tokens, sampled, cost.sampled),
            (budget.samples if held.counts else None, taken.samples, 1),
        ]
        if budget.prices is not None:
            spent = budget.prices.of(asked, sampled)
            limits.append((budget.money, spent, budget.prices.of(cost.asked_each, cost.sampled)))
        wanted = held.n
        for limit, spent, each in limits:
            if limit is not None:
                wanted = _fitting(wanted, limit - spent, each)
        return wanted


def _tell(answer: asyncio.Future[None]) -> None:
    if not answer.done():
        answer.set_result(None)


def _fitting(wanted: int, left: float, each: float) -> int:
    """How many of some things fit into what is left."""
    if left < 0:
        return 0
    return wanted if each == 0 else int(min(wanted, left / each + 1e-9))
