"""A small prover of propositions, quantifiers, equality and natural numbers, for tests.

It takes a part of Lean 4's statements and tactics and shows goals as Lean does. What it calls
proved, it has proved: a proof is a term, and a kernel of its own checks it.
"""

from tests.backends.lean.small_prover.prover import SmallProver

__all__ = ["SmallProver"]
