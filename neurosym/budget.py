"""What solving one problem may cost."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from neurosym.errors import OptionError
from neurosym.solution import Usage

__all__ = ["Budget", "Meter"]


@dataclass(frozen=True, slots=True)
class Budget:
    """Limits for one problem; ``None`` is no limit.

    Attributes:
        tokens: Tokens of prompts and completions together.
        seconds: Wall time, from when the model is loaded. Samples that are not finished when it is
            over are dropped; those that are go on to be run and checked.

    Raises:
        OptionError: A limit is not positive.
    """

    tokens: int | None = None
    seconds: float | None = None

    def __post_init__(self) -> None:
        for name, limit in (("tokens", self.tokens), ("seconds", self.seconds)):
            if limit is not None and not limit > 0:  # "nan" is not, either
                raise OptionError(
                    f"the budget of {name} is {limit}", hint="Give a positive budget, or none."
                )


@dataclass(slots=True)
class Meter:
    """Counts what one problem has cost against its budget."""

    budget: Budget
    usage: Usage = field(default_factory=Usage)
    started: float = field(default_factory=time.monotonic)

    def add(self, usage: Usage) -> None:
        """Charge for samples drawn."""
        self.usage += usage

    def total(self) -> Usage:
        """The cost so far, with the wall time since the start."""
        spent = time.monotonic() - self.started
        return Usage(
            self.usage.samples, self.usage.prompt_tokens, self.usage.completion_tokens, spent
        )

    def seconds_left(self) -> float | None:
        """Wall time until the budget is spent; ``None`` without such a limit."""
        if self.budget.seconds is None:
            return None
        return max(0.0, self.started + self.budget.seconds - time.monotonic())

    def affordable(self, wanted: int, tokens_each: int, prompt_tokens: int) -> int:
        """How many of ``wanted`` samples may still be drawn.

        Args:
            wanted: Samples.
            tokens_each: Most tokens of each.
            prompt_tokens: Tokens of the prompts they are drawn from together.
        """
        if self.seconds_left() == 0:
            return 0
        if self.budget.tokens is not None:
            left = self.budget.tokens - self.usage.tokens - prompt_tokens
            return max(0, min(wanted, left // tokens_each))
        return wanted
