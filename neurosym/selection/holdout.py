"""A holdout that may be asked again and again (Thresholdout: Dwork et al. 2015, arXiv:1506.02629).

Whoever tunes against one set of problems fits its noise in the end. Here a question about the
holdout is answered with what the open part says, as long as both agree within noise; only where
they do not is the holdout's own value told, with noise added, and a budget charged for it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

from neurosym.errors import InputError, OptionError

if TYPE_CHECKING:
    import numpy as np

__all__ = ["Thresholdout"]


@dataclass(slots=True)
class Thresholdout:
    """Answers questions about the mean of something over held-out problems.

    Attributes:
        threshold: How far open and held-out means may differ before the holdout is asked.
        noise: Scale of the noise.
        budget: How often the holdout may be asked.
        seed: Of the noise.

    Raises:
        OptionError: A value is negative.
    """

    threshold: float = 0.04
    noise: float = 0.01
    budget: int = 100
    seed: int = 0
    _random: np.random.Generator = field(init=False, repr=False)
    _limit: float = field(init=False, repr=False)

    def __post_init__(self) -> None:
        import numpy as np

        for name in ("threshold", "noise", "budget"):
            value = getattr(self, name)
            if value < 0:
                raise OptionError(f"{name} is {value}", hint="Give 0 or more.")
        self._random = np.random.default_rng(self.seed)
        self._limit = self.threshold + self._lot(2)

    def ask(self, opened: Sequence[float], held_out: Sequence[float]) -> float:
        """The mean over held-out problems, as far as it may be told.

        Args:
            opened: Values of the problems that one tunes on, each in [0, 1].
            held_out: Values of the others.

        Raises:
            InputError: There are no values, or the budget is spent.
        """
        if not opened or not held_out:
            raise InputError("there is nothing to take the mean of", hint="Give some values.")
        if self.budget < 1:
            raise InputError(
                "the holdout was asked as often as it may be", hint="Take new problems."
            )
        seen, kept = sum(opened) / len(opened), sum(held_out) / len(held_out)
        if abs(kept - seen) <= self._limit + self._lot(4):
            return seen
        self.budget -= 1
        self._limit = self.threshold + self._lot(2)
        return min(1.0, max(0.0, kept + self._lot(1)))

    @property
    def state(self) -> dict[str, Any]:
        """All of it as JSON data, for whoever goes on asking another day."""
        return {
            "threshold": self.threshold,
            "noise": self.noise,
            "budget": self.budget,
            "seed": self.seed,
            "limit": self._limit,
            "random": self._random.bit_generator.state,
        }

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> Self:
        """The holdout that had a state.

        Raises:
            InputError: It is no such state.
        """
        try:
            names = ("threshold", "noise", "budget", "seed")
            holdout = cls(**{name: state[name] for name in names})
            holdout._limit = float(state["limit"])
            holdout._random.bit_generator.state = state["random"]
        except (KeyError, TypeError, ValueError) as error:
            raise InputError(
                f"this is no state of a holdout: {error}", hint="Begin with a new one."
            ) from error
        return holdout

    def _lot(self, times: float) -> float:
        return float(self._random.laplace(scale=times * self.noise)) if self.noise else 0.0
