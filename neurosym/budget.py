"""What solving problems may cost, one of them or all together."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, field, fields

from neurosym.errors import OptionError
from neurosym.solution import Usage

__all__ = ["Budget", "Cost", "Meter", "Prices"]


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


@dataclass(slots=True)
class Meter:
    """Counts what something has cost against its budget.

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

    def add(self, usage: Usage) -> None:
        """Charge for samples drawn."""
        self.usage += usage
        if self.shared is not None:
            self.shared.add(usage)

    @property
    def minds_samples(self) -> bool:
        """Whether there is a limit for samples, of its own or shared."""
        if self.budget.samples is not None:
            return True
        return self.shared is not None and self.shared.minds_samples

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

    def affordable(
        self, wanted: int, cost: Cost, *, promised: Usage | None = None, counts: bool = True
    ) -> int:
        """How many of ``wanted`` samples may still be drawn.

        Args:
            wanted: Samples.
            cost: What they may cost.
            promised: What others may cost yet; ``None`` is nothing.
            counts: Whether they count as samples.
        """
        most = self._within_own(wanted, cost, promised or Usage(), counts=counts)
        if self.shared is None:
            return most
        together = self.shared.affordable(most, cost, promised=promised, counts=counts)
        self._was_limited = self._was_limited or together < most
        return together

    def _within_own(self, wanted: int, cost: Cost, promised: Usage, *, counts: bool) -> int:
        if self._own_seconds_left() == 0:
            return 0
        budget = self.budget
        asked = self.usage.prompt_tokens + promised.prompt_tokens + cost.asked
        sampled = self.usage.completion_tokens + promised.completion_tokens
        limits: list[tuple[float | None, float, float]] = [
            (budget.tokens, asked + sampled, cost.asked_each + cost.sampled),
            (budget.prompt_tokens, asked, cost.asked_each),
            (budget.completion_tokens, sampled, cost.sampled),
            (budget.samples if counts else None, self.usage.samples + promised.samples, 1),
        ]
        if budget.prices is not None:
            spent = budget.prices.of(asked, sampled)
            limits.append((budget.money, spent, budget.prices.of(cost.asked_each, cost.sampled)))
        for limit, spent, each in limits:
            if limit is not None:
                wanted = _fitting(wanted, limit - spent, each)
        return wanted


def _fitting(wanted: int, left: float, each: float) -> int:
    """How many of some things fit into what is left."""
    if left < 0:
        return 0
    return wanted if each == 0 else int(min(wanted, left / each + 1e-9))
