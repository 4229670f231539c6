"""Mixtures of two Weibull distributions, fitted to many small samples at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from neurosym.selection.arrays import Array, Marks, Numbers

__all__ = ["Mixture", "fit_mixtures"]

_PARTS = (0.2, 0.8)
"""Least and greatest share of one component, so that none dies out."""
_SHAPES = (0.1, 50.0)
"""A component that shrinks to one value has a likelihood without bound."""
_TURNS = 60
_CONVERGED = 5e-3
"""Change of the logarithm of any parameter in a turn below which a fit is finished."""


@dataclass(frozen=True, slots=True)
class Mixture:
    """Mixtures of two Weibull distributions, one of each problem; the second has the larger mean.

    Attributes:
        parts: Share of each component; 2 × problems.
        shapes: Their shapes; 2 × problems.
        scales: Their scales; 2 × problems.
    """

    parts: Array
    shapes: Array
    scales: Array

    @property
    def means(self) -> Array:
        """Of the components; 2 × problems."""
        from scipy.special import gamma

        means: Array = self.scales * gamma(1 + 1 / self.shapes)
        return means

    def log_densities(self, logs: Array) -> Array:
        """Log of each component's share of the density, but for a term that both have.

        Args:
            logs: Logarithms of the values; problems × values.

        Returns:
            Log of density times value; 2 × problems × values.
        """
        import numpy as np

        power = self.shapes[..., None] * (logs - np.log(self.scales)[..., None])
        densities: Array = (
            np.log(self.parts * self.shapes)[..., None] + power - np.exp(np.minimum(power, 700))
        )
        return densities

    def posterior(self, logs: Array) -> Array:
        """Probability that a value is of the second component; problems × values."""
        from scipy.special import expit

        lower, upper = self.log_densities(logs)
        probability: Array = expit(upper - lower)
        return probability


def fit_mixtures(values: Array, is_there: Marks) -> Mixture:
    """Maximum likelihood by expectation and maximisation.

    Starts from the halves below and above the median. The shape has no closed form; each turn takes
    one step of Newton's method, which is enough for the likelihood to rise (a generalised EM).

    Args:
        values: Positive values; problems × values.
        is_there: Which of them there are, at least two of each problem that differ.
    """
    import numpy as np

    problems = len(values)
    # Scale is no matter for a Weibull distribution; near 1 powers stay within bounds.
    unit = np.where(is_there, values, 0).sum(axis=1) / is_there.sum(axis=1)
    logs = np.log(np.where(is_there, values / unit[:, None], 1.0))
    mixture = Mixture(np.full((2, problems), 0.5), np.ones((2, problems)), np.ones((2, problems)))
    mixture = _maximise(mixture, _halves(logs, is_there), logs, steps=8)
    active = np.arange(problems)
    for _ in range(_TURNS):
        here, there = _take(mixture, active), is_there[active]
        upper = np.where(there, here.posterior(logs[active]), 0.0)
        found = _maximise(here, np.stack([there - upper, upper]), logs[active], steps=1)
        _put(mixture, active, found)
        active = active[_distance(here, found) > _CONVERGED]
        if not len(active):
            break
    return _ordered(Mixture(mixture.parts, mixture.shapes, mixture.scales * unit))


def _halves(logs: Array, is_there: Marks) -> Array:
    """Each value's part in the components at the start: the lower half, and the upper.

    Halves by rank, for where many values are the same none would lie below the median.
    """
    import numpy as np

    ranks = np.argsort(np.argsort(np.where(is_there, logs, np.inf), axis=1, kind="stable"), axis=1)
    is_low = ranks < is_there.sum(axis=1, keepdims=True) // 2
    low = np.where(is_there, np.where(is_low, 0.9, 0.1), 0.0)
    return np.stack([low, is_there - low])


def _maximise(mixture: Mixture, weights: Array, logs: Array, steps: int) -> Mixture:
    """Components that make values of these weights likelier; weights are 2 × problems × values."""
    import numpy as np

    total = weights.sum(axis=2)
    parts = np.clip(total / total.sum(axis=0), *_PARTS)
    mean = (weights * logs).sum(axis=2) / total
    shapes = mixture.shapes
    for _ in range(steps):
        powered, _ = _powered(weights, shapes, logs)
        whole = powered.sum(axis=2)
        at = (powered * logs).sum(axis=2) / whole
        spread = (powered * logs**2).sum(axis=2) / whole - at**2
        slope = 1 / shapes + mean - at
        step = shapes + slope / (1 / shapes**2 + spread)
        shapes = np.clip(np.clip(step, shapes / 2, shapes * 2), *_SHAPES)
    # The scale to the power of the shape is the mean of the values to that power.
    powered, highest = _powered(weights, shapes, logs)
    scales = np.exp((np.log(powered.sum(axis=2) / total) + highest) / shapes)
    return Mixture(parts / parts.sum(axis=0), shapes, scales)


def _powered(weights: Array, shapes: Array, logs: Array) -> tuple[Array, Array]:
    """Weights times values to the power of the shape, but for a factor; and the log of that.

    The factor brings the highest power that counts to 1, so that no sum overflows or vanishes.
    """
    import numpy as np

    power = shapes[..., None] * logs
    highest = np.where(weights > 0, power, -np.inf).max(axis=2)
    return weights * np.exp(np.minimum(power - highest[..., None], 0.0)), highest


def _distance(one: Mixture, other: Mixture) -> Array:
    """How far the parameters are apart: the greatest difference of logarithms; problems."""
    import numpy as np

    pairs = zip(_parameters(one), _parameters(other), strict=True)
    furthest: Array = np.max([abs(np.log(a / b)).max(axis=0) for a, b in pairs], axis=0)
    return furthest


def _parameters(mixture: Mixture) -> tuple[Array, Array, Array]:
    return mixture.parts, mixture.shapes, mixture.scales


def _take(mixture: Mixture, rows: Numbers) -> Mixture:
    return Mixture(*(part[:, rows] for part in _parameters(mixture)))


def _put(mixture: Mixture, rows: Numbers, found: Mixture) -> None:
    for kept, new in zip(_parameters(mixture), _parameters(found), strict=True):
        kept[:, rows] = new


def _ordered(mixture: Mixture) -> Mixture:
    import numpy as np

    order = np.argsort(mixture.means, axis=0)
    columns = np.arange(order.shape[1])
    return Mixture(*(part[order, columns] for part in _parameters(mixture)))
