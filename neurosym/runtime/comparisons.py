"""How answers are compared, by kind of problem."""

from __future__ import annotations

from neurosym.answers.equivalence import Equivalence
from neurosym.answers.optimum import OptimumComparison
from neurosym.answers.verdicts import VerdictComparison
from neurosym.backends.pool import Pool
from neurosym.problem import Kind
from neurosym.runtime.domain import Comparison

__all__ = ["comparisons"]


def comparisons(pool: Pool) -> dict[Kind, Comparison]:
    """The comparison of each kind of problem.

    Args:
        pool: Runs what comparing expressions takes.
    """
    return {
        Kind.MATH: Equivalence(pool),
        Kind.LOGIC: VerdictComparison(),
        Kind.OPTIMIZATION: OptimumComparison(),
        # Without a Lean at hand statements are the same only if they are written alike.
        Kind.THEOREM: VerdictComparison(),
        Kind.PROOF: VerdictComparison(),
    }
