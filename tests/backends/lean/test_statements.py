"""Statements elaborated and probed by the real Lean."""

from __future__ import annotations

from dataclasses import replace

import pytest

from neurosym.backends.base import Backend
from neurosym.backends.lean.elaboration import LEAN_LIMITS
from neurosym.backends.lean.files import FileElaborator
from neurosym.backends.lean.pool import LeanPool
from neurosym.backends.lean.statements import (
    PORTFOLIO,
    Portfolio,
    Probe,
    Probed,
    StatementBackend,
    probes_of,
)
from neurosym.backends.lean.toolchain import Toolchain
from neurosym.candidate import Outcome
from neurosym.formal.lean.policy import objections
from neurosym.formal.lean.source import read_source
from neurosym.formal.lean.statement import Statement, read_statement
from neurosym.formal.lean.theorem import read_theorem
from neurosym.status import Status

HEADER = "prelude\nimport Tiny\n"
# The library of the tests has no tactics, so the proofs are terms, and one tactic that is missing.
TERMS = Portfolio(
    contradicting=("fun _ h => h", "fun h => h"),
    empty=("fun _ h => h", "by omega"),
    closing=("fun _ _ ha _ => ha",),
    refuting=("fun h => h False",),
)


async def run(lean: FileElaborator, text: str, portfolio: Portfolio = TERMS) -> Outcome:
    backend: Backend[Statement] = StatementBackend(lean, portfolio)
    return await backend.run(read_statement(HEADER + text), LEAN_LIMITS)


async def test_what_elaborates_is_its_own_answer(lean: FileElaborator) -> None:
    found = await run(lean, "theorem mine (a b : Prop) (h : And a b) : And b a := no_proof")
    assert found.status is Status.SOLVED
    assert found.answer == (
        "prelude\nimport Tiny\n\ntheorem stated (a b : Prop) (h : And a b) : And b a := sorry"
    )
    probed = probes_of(found)
    assert list(probed) == list(Probe)
    assert all(item.proof is None for item in probed.values())
    assert probed[Probe.EMPTINESS] == Probed(None, tried=1, missing=1)


async def test_what_does_not_says_why_and_where(lean: FileElaborator) -> None:
    found = await run(lean, "theorem t (a : Prop) :\n    a → b := sorry")
    assert (found.status, found.answer) == (Status.MALFORMED, None)
    # A name that nobody declared is not taken for a variable.
    assert "`b`" in found.evidence["error"]
    assert found.evidence["error"].endswith("at: a → b := sorry")
    assert probes_of(found) == {}


async def test_contradictory_hypotheses_are_found(lean: FileElaborator) -> None:
    text = "theorem t : (p : Prop) → False → p := sorry"
    found = probes_of(await run(lean, "theorem t (p : Prop) (h : False) : p := sorry"))
    assert found == {Probe.VACUITY: Probed("fun _ h => h", tried=1)}
    found = probes_of(await run(lean, text.replace("(p : Prop) →", "∀ p : Prop,")))
    assert found == {Probe.VACUITY: Probed("fun _ h => h", tried=1)}


async def test_one_that_only_repeats_what_it_assumes_is_found(lean: FileElaborator) -> None:
    found = await run(lean, "theorem t (p : Prop) (h : p) : p := sorry")
    assert found.status is Status.SOLVED
    probed = probes_of(found)
    assert list(probed) == [Probe.VACUITY, Probe.EMPTINESS]
    assert probed[Probe.EMPTINESS].proof == "fun _ h => h"


async def test_an_easy_one_is_found(lean: FileElaborator) -> None:
    probed = probes_of(await run(lean, "theorem t (a b : Prop) (h : a) : b → a := sorry"))
    assert probed[Probe.TRIVIALITY].proof == "fun _ _ ha _ => ha"
    assert Probe.NEGATION not in probed


async def test_a_false_one_has_no_answer(lean: FileElaborator) -> None:
    found = await run(lean, "theorem t (p : Prop) : p := sorry")
    assert (found.status, found.answer) == (Status.REFUTED, None)
    assert found.evidence["error"] == "its negation is proved: fun h => h False"
    # Variables of the file belong to what is stated, and are not taken for any.
    found = await run(lean, "variable (p : Prop)\ntheorem t : p := sorry")
    assert found.status is Status.REFUTED


async def test_a_name_of_the_library_does_no_harm(lean: FileElaborator) -> None:
    found = await run(lean, "theorem Eq.symm (a b : Nat) : Eq a b → Eq b a := sorry")
    assert found.status is Status.SOLVED


async def test_a_proof_with_a_hole_proves_nothing(lean: FileElaborator) -> None:
    holes = Portfolio(*[("sorry",)] * 4)
    found = await run(lean, "theorem t (a b : Prop) : And a b := sorry", holes)
    assert found.status is Status.SOLVED
    assert all(item == Probed(None, tried=1) for item in probes_of(found).values())


async def test_what_was_put_together_to_forge_is_not_run(lean: FileElaborator) -> None:
    theorem = read_theorem(HEADER + "axiom no : False\ntheorem t : False := sorry")
    found = await StatementBackend(lean, TERMS).run(Statement(theorem), LEAN_LIMITS)
    assert found.status is Status.MALFORMED
    assert "axiom" in found.evidence["error"]


async def test_nothing_is_probed_when_time_is_over(lean: FileElaborator) -> None:
    backend = StatementBackend(lean, TERMS, seconds=0.0)
    statement = read_statement(HEADER + "theorem t (p : Prop) (h : False) : p := sorry")
    probed = probes_of(await backend.run(statement, LEAN_LIMITS))
    assert probed[Probe.VACUITY] == Probed(unfinished=2)


async def test_no_time_at_all_is_said(lean: FileElaborator) -> None:
    limits = replace(LEAN_LIMITS, seconds=1e-3)
    statement = read_statement(HEADER + "theorem t : True := sorry")
    found = await StatementBackend(lean, TERMS).run(statement, limits)
    assert (found.status, found.answer) == (Status.TIMEOUT, None)


@pytest.mark.parametrize("probe", Probe)
def test_each_proof_of_the_portfolio_is_one_proof(probe: Probe) -> None:
    asked = read_theorem("theorem t (n : Nat) : n + 0 = n := sorry")
    proofs = PORTFOLIO.of(probe)
    assert proofs
    assert [asked.with_proof(proof).proof for proof in proofs] == list(proofs)
    files = [asked.with_proof(proof).text for proof in proofs]
    assert not any(objections(read_source(file), ()) for file in files)


async def test_a_pool_says_the_same(toolchain: Toolchain, lean: FileElaborator) -> None:
    text = "theorem t (p : Prop) (h : p) : p := sorry"
    pool = LeanPool(toolchain, workers=1, spares=0)
    backend = StatementBackend(pool, replace(TERMS, empty=("by omega", "fun _ h => h")))
    found = await backend.run(read_statement(HEADER + text), LEAN_LIMITS)
    await backend.aclose()
    assert found.answer == (await run(lean, text)).answer
    assert probes_of(found)[Probe.EMPTINESS] == Probed("fun _ h => h", tried=1, missing=1)
