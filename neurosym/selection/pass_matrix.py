"""Choosing among programs by which of many fallible tests they pass.

Solutions and tests both come from a model, so that either may be wrong. A matrix says which
solution passes which test; solutions that pass the same tests stand together. B4 (Chen et al. 2024,
arXiv:2409.08692) asks how probable it is that a group is the right one; CodeT (Chen et al. 2022,
arXiv:2207.10397), MaxPass and MBR-exec (Shi et al. 2022, arXiv:2204.11454) are simpler rules.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from neurosym.errors import OptionError

if TYPE_CHECKING:
    from neurosym.selection.arrays import Array, Marks

__all__ = ["B4", "CodeT", "MaxPass", "MbrExec", "PassRule", "best_solution"]


@runtime_checkable
class PassRule(Protocol):
    """Rates groups of solutions that pass the same tests. Pure."""

    def rate(self, passes: Marks, members: Array, sizes: Array) -> Array:
        """How much speaks for each group; more is better.

        Args:
            passes: Which tests each group passes; groups × tests.
            members: How many solutions each group has; groups.
            sizes: How many tests each group passes; groups.
        """
        ...


@dataclass(frozen=True, slots=True)
class CodeT:
    """Tests passed, times the square root of the solutions that pass them (section 2.2)."""

    def rate(self, passes: Marks, members: Array, sizes: Array) -> Array:
        """Rate groups; see :class:`PassRule`."""
        import numpy as np

        return sizes * np.sqrt(members)


@dataclass(frozen=True, slots=True)
class MaxPass:
    """Tests passed."""

    def rate(self, passes: Marks, members: Array, sizes: Array) -> Array:
        """Rate groups; see :class:`PassRule`."""
        return sizes


@dataclass(frozen=True, slots=True)
class MbrExec:
    """Solutions that pass the same tests: least risk, where differing in any test is the loss."""

    def rate(self, passes: Marks, members: Array, sizes: Array) -> Array:
        """Rate groups; see :class:`PassRule`."""
        return members


@dataclass(frozen=True, slots=True)
class B4:
    """Log of the probability that a group's solutions and tests are the right ones.

    A right solution passes a test exactly if the test is right. A wrong one passes right tests with
    some probability and wrong tests with another, and solutions and tests are right with some
    probabilities; all four are unknown, with Beta priors, and are integrated out (section 4).

    Attributes:
        alpha: Prior of solutions, and of tests, to be right is Beta(alpha, 1).
        beta: Prior of a wrong solution to pass a wrong test is Beta(1, beta).

    The defaults are as the paper has them for programs that models write, of which wrong ones
    hardly ever pass wrong tests. Where they pass a tenth of these or more, the defaults trust such
    tests too much, and 10 and 10, as in its simulations, find more right ones.

    Raises:
        OptionError: One of them is not positive.
    """

    alpha: float = 1e3
    beta: float = 1e5

    def __post_init__(self) -> None:
        for name, value in (("alpha", self.alpha), ("beta", self.beta)):
            if not value > 0:
                raise OptionError(f"{name} is {value}", hint="Give a positive number.")

    def rate(self, passes: Marks, members: Array, sizes: Array) -> Array:
        """Rate groups; see :class:`PassRule`."""
        from scipy.special import betaln

        solutions, tests = members.sum(), passes.shape[1]
        # Passes of the solutions outside of each group: of the tests it passes, and of the others.
        shared = passes.astype(float) @ passes.T.astype(float)  # tests that both of two pass
        inside = shared @ members - sizes * members
        outside = (sizes @ members - sizes * members) - inside
        others = solutions - members
        rated: Array = (
            betaln(members + self.alpha, solutions - members + 1)
            + betaln(sizes + self.alpha, tests - sizes + 1)
            + betaln(inside + 1, others * sizes - inside + 1)
            + betaln(outside + 1, others * (tests - sizes) - outside + self.beta)
        )
        return rated


def best_solution(rule: PassRule, matrix: Marks) -> tuple[int | None, float]:
    """The first solution of the best group, and how many of all solutions the group holds.

    Groups that pass no test have nothing that speaks for them and are never chosen. Of groups that
    are rated alike the largest is taken, then the one of the first solution.

    Args:
        rule: Rates groups.
        matrix: Which solution passes which test; solutions × tests.

    Returns:
        The solution's place, ``None`` if none passes any test; and its group's share in [0, 1].
    """
    import numpy as np

    if not matrix.any():
        return None, 0.0
    passed = np.packbits(matrix, axis=1).tobytes()
    width = len(passed) // len(matrix)
    known: dict[bytes, int] = {}  # groups in the order of their first solutions
    group = np.array(
        [
            known.setdefault(passed[place : place + width], len(known))
            for place in range(0, len(passed), width)
        ]
    )
    _, first = np.unique(group, return_index=True)
    passes = matrix[first]
    members = np.bincount(group).astype(float)
    sizes = passes.sum(axis=1).astype(float)
    # Sums of the same logarithms in another order differ in their last digits.
    ratings = np.where(sizes > 0, rule.rate(passes, members, sizes), -np.inf).round(9)
    best = np.lexsort((-members, -ratings))[0]
    return int(first[best]), float(members[best] / len(matrix))
