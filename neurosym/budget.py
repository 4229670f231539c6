"""What solving problems may cost, one of them or all together."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, field, fields

from neurosym.errors import OptionError
from neurosym.solution import Usage

__all__ = ["Budget", "Meter", "Prices"]


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


@dataclass(slots=True)
class Meter:
    """Counts what something has cost against its budget.

    Attributes:
        budget: What it may cost.
        shared: Counts what it costs together with other things, against a budget of them all.
        usage: What it has cost.
        was_cut: Whether the shared budget allowed less than was wanted.
        started: When its clock began.
    """

    budget: Budget
    shared: Meter | None = None
    usage: Usage = field(default_factory=Usage)
    was_cut: bool = False
    started: float = field(default_factory=time.monotonic)

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
        limits = [] if self.shared is None else [self.shared.seconds_left()]
        if self.budget.seconds is not None:
            limits.append(max(0.0, self.started + self.budget.seconds - time.monotonic()))
        return min((limit for limit in limits if limit is not None), default=None)

    def affordable(
        self,
        wanted: int,
        tokens_each: int,
        prompt_tokens: int,
        *,
        promised: int = 0,
        counts: bool = True,
    ) -> int:
        """How many of ``wanted`` samples may still be drawn.

        Args:
            wanted: Samples.
            tokens_each: Most tokens of each.
            prompt_tokens: Tokens of the prompts they are drawn from together.
            promised: Completion tokens that others may take yet.
            counts: Whether they count as samples.
        """
        if self.shared is not None:
            together = self.shared.affordable(
                wanted, tokens_each, prompt_tokens, promised=promised, counts=counts
            )
            self.was_cut = self.was_cut or together < wanted
            wanted = together
        if self.seconds_left() == 0:
            return 0
        budget, usage = self.budget, self.usage
        asked = usage.prompt_tokens + prompt_tokens
        sampled = usage.completion_tokens + promised
        if budget.samples is not None and counts:
            wanted = min(wanted, budget.samples - usage.samples)
        if budget.tokens is not None:
            wanted = min(wanted, (budget.tokens - asked - sampled) // tokens_each)
        if budget.completion_tokens is not None:
            wanted = min(wanted, (budget.completion_tokens - sampled) // tokens_each)
        if budget.money is not None and budget.prices is not None:
            left_over = budget.money - budget.prices.of(asked, sampled)
            each = budget.prices.of(0, tokens_each)
            if left_over < 0:
                return 0
            if each > 0:
                wanted = min(wanted, int(left_over / each + 1e-9))
        if budget.prompt_tokens is not None and asked > budget.prompt_tokens:
            return 0
        return max(0, wanted)
