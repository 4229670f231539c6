"""A theorem in Lean → the skeleton of a proof: the steps, each still to be proved.

As the formal sketches of Jiang et al., Draft, Sketch, and Prove (2022, arXiv:2210.12283), here
written by the same model that fills them. With the proof in words beside it, its steps stand as
comments above those of the skeleton.
"""

from __future__ import annotations

from dataclasses import replace

from neurosym.candidate import Message, Prompt
from neurosym.errors import FormulaError
from neurosym.formal.lean.skeleton import Skeleton, read_skeleton
from neurosym.formal.lean.theorem import Theorem
from neurosym.translators.base import Malformed
from neurosym.translators.lean_proof import proof_prompt, read_proof

__all__ = ["MAX_SKETCH_TOKENS", "mended_prompt", "read_sketch", "sketch_prompt"]

_LONGEST_FAULT = 2000
"""Characters of what is wrong that are told: what Lean says last are the goals that are left."""
MAX_SKETCH_TOKENS = 400
"""Tokens of the longest skeleton that is asked for."""


def sketch_prompt(theorem: Theorem, informal: str = "") -> Prompt:
    """What to ask for a skeleton: worked ones, then what the theorem states.

    Args:
        theorem: The theorem.
        informal: Its proof in words, or none.
    """
    return proof_prompt(theorem, informal, worked="lean_sketch.toml")


def mended_prompt(asked: Prompt, said: str, fault: str) -> Prompt:
    """What to ask for another skeleton, told what is wrong with one.

    Args:
        asked: What was asked before.
        said: What the model wrote.
        fault: Why that is no skeleton, or what Lean says of it.
    """
    told = f"These steps cannot be used:\n{fault[-_LONGEST_FAULT:]}\nWrite them another way."
    messages = (Message("assistant", asked.prefix + said), Message("user", told))
    return replace(asked, messages=(*asked.messages, *messages))


def read_sketch(text: str, theorem: Theorem) -> Skeleton | Malformed:
    """The skeleton in a completion; one without holes is a whole proof.

    Args:
        text: What the model wrote behind ``:= by``, which it may repeat with all before it.
        theorem: What it was asked to prove.
    """
    proof = read_proof(text)
    if isinstance(proof, Malformed):
        return proof
    try:
        return read_skeleton(theorem.with_proof(proof))
    except FormulaError as error:
        return Malformed(str(error))
