"""What other backends found, as theorems for Lean to check.

A prover's word on a theory rests on all of the prover. A theorem that says the same, with a proof
that Lean accepts, rests on Lean's kernel alone. For the arithmetic of word problems see
:func:`neurosym.formal.lean.arithmetic.certificate`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from neurosym.backends.base import Backend, Limits
from neurosym.candidate import Outcome
from neurosym.errors import InexpressibleError
from neurosym.formal.fol.counting import without_counts
from neurosym.formal.fol.dialects.lean import theorem_text
from neurosym.formal.fol.english import sentence_of
from neurosym.formal.fol.signature import Signature
from neurosym.formal.fol.syntax import (
    Apply,
    Atom,
    Formula,
    Not,
    Truth,
    bound_by,
    walk,
)
from neurosym.formal.fol.theory import Option, Statement, Theory
from neurosym.formal.lean.proof import Proof
from neurosym.formal.lean.theorem import Theorem, read_theorem
from neurosym.status import Status

__all__ = ["THEORY_PROOFS", "certificate_of_theory", "first_proof"]

THEORY_PROOFS = (
    "by simp_all",
    "by grind",
    "by tauto",
    "by aesop",
    "by omega",
    "by cases ‹Nonempty Entity›; simp_all",
    "by cases ‹Nonempty Entity›; grind",
)
"""Proofs to try of a theorem about a theory, each with one tactic that a Lean may lack."""


def certificate_of_theory(
    theory: Theory, outcome: Outcome, *, imports: Sequence[str] = ()
) -> Theorem:
    """State what a prover found of a theory, without a proof.

    It is the claim, its negation, that the premises contradict each other (``False``), or that the
    option chosen must or cannot hold. Assumed are the premises that the prover used, under the
    numbers that they have in the theory, or all where it does not say which.

    Args:
        theory: The theory.
        outcome: What was found.
        imports: The modules that the theorem imports. Lean's own library suffices for the
            statement; some of :data:`THEORY_PROOFS` take Mathlib.

    Raises:
        InexpressibleError: Nothing was found that a theorem could state, or core Lean has no way to
            say it.
    """
    used = [int(word) for word in outcome.evidence.get("used", "").split()]
    numbers = used or range(1, len(theory.premises) + 1)
    claim, option = _found(theory, outcome)
    kept = Theory(
        premises=tuple(theory.premises[number - 1] for number in numbers),
        claim=claim,
        options=() if option is None else (option,),
        signature=theory.signature,
    )
    kept = without_counts(kept)
    kept = replace(kept, signature=_narrowed(theory.signature, kept.formulas))
    header = "".join(f"import {name}\n" for name in imports)
    return read_theorem(header + theorem_text(kept, numbers))


def _found(theory: Theory, outcome: Outcome) -> tuple[Statement | None, Option | None]:
    """What there is to prove: a statement, or an option."""
    claim = theory.claim
    match outcome.status:
        case Status.CONTRADICTION:
            return Statement(Truth(False), "The premises contradict each other."), None
        case Status.PROVED if claim is not None:
            return claim, None
        case Status.REFUTED if claim is not None:
            denied = f"It is not the case: {sentence_of(claim)}"
            return Statement(Not(claim.formula), denied), None
        case Status.SOLVED:
            for option in theory.options:
                if option.label == outcome.answer:
                    return None, option
    raise InexpressibleError(
        f"the outcome {outcome.status.value!r} says nothing that follows from the premises",
        hint="There are theorems of claims that are proved or refuted, of options that must or "
        "cannot hold, and of premises that contradict each other.",
    )


def _narrowed(signature: Signature, formulas: Iterable[Formula]) -> Signature:
    """The part of a signature that some formulas speak of."""
    nodes = [node for formula in formulas for node in walk(formula)]
    applied = {node.function for node in nodes if isinstance(node, Apply)}
    said = {node.predicate for node in nodes if isinstance(node, Atom)}
    functions = {name: kind for name, kind in signature.functions.items() if name in applied}
    predicates = {name: kind for name, kind in signature.predicates.items() if name in said}
    sorts = {variable.sort for node in nodes for variable in bound_by(node)}
    sorts |= {sort for name, sort in signature.members().items() if name in applied}
    for kind in (*functions.values(), *predicates.values()):
        sorts |= {*kind.args, kind.result}
    kept = {sort: kind for sort, kind in signature.sorts.items() if sort in sorts}
    return Signature(kept, functions, predicates)


async def first_proof(
    theorem: Theorem, proofs: Iterable[str], lean: Backend[Proof], limits: Limits
) -> tuple[Proof, Outcome] | None:
    """The first of some proofs that Lean accepts; ``None`` if it accepts none.

    Without one the theorem is a statement that nobody has checked, and ends in ``sorry``.

    Args:
        theorem: What is to be proved.
        proofs: Proofs to try, such as :data:`THEORY_PROOFS` or
            :data:`neurosym.formal.lean.arithmetic.ARITHMETIC_PROOFS`.
        lean: What judges them, such as :class:`neurosym.backends.lean.backend.LeanBackend`.
        limits: What each may use.

    Returns:
        The proof, and what Lean said of it.

    Raises:
        FormulaError: What is to be tried is not one proof.
        BackendError: Lean cannot be run.
        IsolationError: It cannot be isolated, and was to be.
    """
    for text in proofs:
        proof = Proof(theorem, theorem.with_proof(text))
        outcome = await lean.run(proof, limits)
        if outcome.status is Status.PROVED:
            return proof, outcome
        if outcome.status is Status.MALFORMED:  # the statement itself, which no proof mends
            return None
    return None
