"""Theories of several samples put together."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from neurosym.backends.base import Limits
from neurosym.backends.z3.backend import Z3Backend
from neurosym.candidate import Candidate, Completion, Outcome, Verdict
from neurosym.formal.fol.dialects.registry import DialectName, read_theory
from neurosym.formal.fol.theory import Theory
from neurosym.selection.majority import Majority
from neurosym.selection.proofs import ProofState, is_pooled, proof_state
from neurosym.selection.weighted import VerifierWeighted
from neurosym.status import Status
from neurosym.strategies.pooling import pool_theories

RULE, FACT, CLAIM = "all x. (Cat(x) -> Animal(x))", "Cat(Tom)", "Animal(Tom)"


@pytest.fixture
async def z3() -> AsyncIterator[Z3Backend]:
    backend = Z3Backend(workers=1)
    yield backend
    await backend.aclose()


async def candidates(z3: Z3Backend, *samples: tuple[str, ...]) -> list[Candidate]:
    """Samples whose last formula is the claim, with what the prover finds of each."""
    found = []
    for i, formulas in enumerate(samples):
        text = "\n".join([*formulas[:-1], f"⊢ {formulas[-1]}"])
        theory, _ = read_theory(text, DialectName.NLTK)
        outcome = await z3.run(theory, Limits())
        completion = Completion(text, None, 10, 10, "stop", i)
        found.append(Candidate(i, completion, theory, Verdict(outcome)))
    return found


async def pooled(z3: Z3Backend, *samples: tuple[str, ...]) -> list[Candidate]:
    return await pool_theories(await candidates(z3, *samples), lambda t: z3.run(t, Limits()))


async def test_two_samples_that_err_on_different_sentences_have_the_proof(z3: Z3Backend) -> None:
    samples = (("all x. (Cat(x) -> Beast(x))", FACT, CLAIM), (RULE, "Cat(Felix)", CLAIM))
    given = await candidates(z3, *samples)
    assert [item.verdict.outcome.status for item in given] == [Status.UNKNOWN] * 2
    found = await pooled(z3, *samples)
    assert [item.verdict.outcome.answer for item in found] == ["True", "True"]
    assert [(item.index, item.parent) for item in found] == [(2, 0), (3, 1)]
    assert [item.verdict.checks[0].detail for item in found] == [
        "with formulas of sample 1", "with formulas of sample 0",
    ]  # fmt: skip
    theory = found[0].formalization
    assert isinstance(theory, Theory)
    assert len(theory.premises) == 4
    assert [proof_state(item) for item in found] == [ProofState.POOLED] * 2
    assert (is_pooled(found[0]), is_pooled(given[0])) == (True, False)


async def test_what_contradicts_a_theory_stays_out_of_it(z3: Z3Backend) -> None:
    found = await pooled(z3, (RULE, CLAIM), ("-Animal(Tom)", FACT, CLAIM), (FACT, CLAIM))
    # The second would contradict the rule, so the others come together without it.
    told = [(item.parent, item.answer, item.verdict.checks[0].detail) for item in found]
    assert told == [
        (0, "True", "with formulas of sample 2"), (2, "True", "with formulas of sample 0"),
    ]  # fmt: skip
    found = await pooled(z3, (RULE, FACT, CLAIM), ("-Animal(Tom)", CLAIM))
    assert found == [], "neither takes the other in, so neither is put together with anything"


async def test_names_that_differ_in_form_meet(z3: Z3Backend) -> None:
    found = await pooled(z3, ("all x. (Cats(x) -> Animal(x))", CLAIM), (FACT, "Cat(Felix)", CLAIM))
    assert [item.verdict.outcome.answer for item in found] == ["True", "True"]


async def test_nothing_is_made_of_one_theory_or_of_the_same(z3: Z3Backend) -> None:
    assert await pooled(z3, (RULE, FACT, CLAIM)) == []
    assert await pooled(z3, (RULE, FACT, CLAIM), (FACT, RULE, CLAIM)) == []


async def test_contradictions_and_what_cannot_be_read_are_left_aside(z3: Z3Backend) -> None:
    given = await candidates(z3, (FACT, "-Cat(Tom)", CLAIM), (RULE, FACT, CLAIM))
    unread = Candidate(
        2, Completion("", None, 1, 1, "stop", 2), None, Verdict(Outcome(Status.MALFORMED))
    )
    assert await pool_theories([*given, unread], lambda t: z3.run(t, Limits())) == []


async def test_a_proof_counts_more_than_two_searches_for_it(z3: Z3Backend) -> None:
    samples = ((FACT, CLAIM), ("Dog(Rex)", CLAIM), (RULE, "Cat(Felix)", CLAIM))
    given = await candidates(z3, *samples)
    found = [*given, *(await pooled(z3, *samples))]
    labels = [0 if item.answer == "Uncertain" else 1 for item in found]
    assert labels == [0, 0, 0, 1, 1, 1]
    assert VerifierWeighted().select(found, labels).label == 1
    # Two searches that count half each against one proof: a tie, in which the proof wins.
    assert VerifierWeighted().select(found[:2] + found[3:4], [0, 0, 1]).label == 1
    # What was put together is no sample, so a plain majority passes over it.
    assert Majority().select(found, labels).label == 0
    assert Majority().select(found, labels).share == 1.0
