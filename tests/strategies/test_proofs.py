"""Strategies that prove theorems."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from neurosym.answers.verdicts import VerdictComparison
from neurosym.backends.base import Limits
from neurosym.backends.lean.backend import PROVED
from neurosym.backends.lean.settings import LeanSettings
from neurosym.backends.lean.tactics import TacticFailure
from neurosym.budget import Budget, Meter
from neurosym.candidate import Outcome, Prompt
from neurosym.checks.feedback import kept_proof, proof_feedback
from neurosym.errors import OptionError, ProblemError
from neurosym.formal.lean.proof import Proof
from neurosym.problem import Kind, Problem
from neurosym.runtime.domain import Domain
from neurosym.runtime.machinery import Machinery
from neurosym.runtime.runlog import RunLog
from neurosym.runtime.session import Session
from neurosym.selection.calibration import Calibration
from neurosym.solution import AbstentionReason
from neurosym.solver import Solver
from neurosym.status import Status
from neurosym.strategies.best_first import BestFirstSearch
from neurosym.strategies.proof_tree import EndOfSearch, ProofTree
from neurosym.strategies.proofs import TacticSearch, WholeProofs
from neurosym.testing import ScriptedEngine
from neurosym.translators.lean_proof import LeanProofTranslator
from tests.backends.lean import fixture
from tests.backends.lean.small_prover import SmallProver

FILE = "prelude\nimport Tiny\ntheorem goal (p q : Prop) (hp : p) (hq : q) : And q p := "
PROBLEM = Problem("p", f"{FILE}sorry\n", Kind.PROOF)
RIGHT = "theorem goal (p q : Prop) (hp : p) (hq : q) : And q p := And.intro hq hp"
WRONG = RIGHT.replace("hq hp", "hp hq")


@pytest.fixture(scope="module")
def lean() -> LeanSettings:
    toolchain = fixture.toolchain()
    return LeanSettings(toolchain.program, toolchain.search_path, seconds=20.0)


def test_the_first_proof_that_holds_ends_it(lean: LeanSettings) -> None:
    engine = ScriptedEngine([WRONG, RIGHT, *[WRONG] * 6], parallel=2)
    with Solver(WholeProofs(samples=8), engine=engine, lean=lean) as solver:
        found = solver.solve(PROBLEM)
    assert (found.answer, found.confidence) == (PROVED, 1.0)
    assert [item.verdict.outcome.status for item in found.candidates] == [
        Status.FAILED, Status.PROVED,
    ]  # fmt: skip
    assert found.candidate is found.candidates[1]
    assert found.labels == (-1, 0)


def test_what_fails_is_written_again_with_what_lean_says(lean: LeanSettings) -> None:
    def reply(prompt: Prompt, seed: int) -> str:
        return RIGHT if "Lean does not accept" in prompt.messages[-1].content else WRONG

    engine = ScriptedEngine(reply)
    with Solver(WholeProofs(samples=3, repairs=2), engine=engine, lean=lean) as solver:
        found = solver.solve(PROBLEM)
    assert found.answer == PROVED
    # The three are one proof, so it is mended once; and once it holds there is no second round.
    assert [item.parent for item in found.candidates] == [None, None, None, 0]
    assert [item.index for item in found.candidates] == [0, 1, 2, 3]
    assert "mismatch" in engine.requests[-1].prompt.messages[-1].content


def test_proofs_that_do_not_hold_are_no_answer(lean: LeanSettings) -> None:
    with Solver(WholeProofs(samples=2), engine=ScriptedEngine([WRONG]), lean=lean) as solver:
        found = solver.solve(PROBLEM)
    assert (found.answer, found.confidence) == (None, 0.0)
    assert found.abstention is not None
    assert found.abstention.reason is AbstentionReason.NO_SUPPORT
    assert len(found.candidates) == 3


def test_an_interrupted_run_goes_on_without_a_sample(lean: LeanSettings, tmp_path: Path) -> None:
    strategy = WholeProofs(samples=2, repairs=1)
    for engine in (ScriptedEngine([WRONG]), ScriptedEngine([])):
        with Solver(strategy, engine=engine, lean=lean, run=tmp_path) as solver:
            found = solver.solve(PROBLEM)
        assert len(found.candidates) == 3
        formal = found.candidates[0].formalization
        assert isinstance(formal, Proof)
        assert formal.given.proof == "And.intro hp hq"


def test_a_problem_that_is_no_theorem_is_named(lean: LeanSettings) -> None:
    with Solver(WholeProofs(), engine=ScriptedEngine([RIGHT]), lean=lean) as solver:
        [found] = solver.solve_many([Problem("x", "What is 2 + 2?", Kind.PROOF)])
    assert found.abstention is not None
    assert found.abstention.reason is AbstentionReason.UNUSABLE
    assert "no theorem" in found.abstention.detail


def test_numbers_that_allow_no_proof_are_refused() -> None:
    with pytest.raises(OptionError):
        WholeProofs(samples=0)
    with pytest.raises(OptionError):
        WholeProofs(repairs=-1)
    with pytest.raises(OptionError):
        WholeProofs(temperature=9)
    with pytest.raises(OptionError):
        LeanSettings(seconds=0)
    with pytest.raises(OptionError):
        TacticSearch(width=0)


SWAP = Problem("swap", "theorem swap (p q : Prop) (h : p ∧ q) : q ∧ p := by sorry", Kind.PROOF)
STEPS = {
    "⊢ q ∧ p": ["constructor", "left"], "⊢ q\n": ["exact h.right"], "⊢ p\n": ["exact h.left"],
}  # fmt: skip


class StepsBackend:
    """Judges proofs as the small prover does, since the Lean of the tests has no tactics."""

    def __init__(self) -> None:
        self.prover = SmallProver()

    async def run(self, formalization: Proof, limits: Limits) -> Outcome:
        state = await self.prover.start(formalization.asked)
        for line in (formalization.given.proof or "").split("\n")[1:]:
            found = await self.prover.run(state, line.strip(), 5.0)
            if isinstance(found, TacticFailure):
                return Outcome(Status.FAILED, evidence={"error": found.message})
            state = found
        if state.is_proved:
            return Outcome(Status.PROVED, PROVED)
        return Outcome(Status.FAILED, evidence={"error": "unsolved goals"})

    async def aclose(self) -> None:
        await self.prover.aclose()


def says(prompt: Prompt, seed: int) -> str:
    """The steps that are written down for the goal."""
    goal = f"{prompt.messages[-1].content}\n"
    [steps] = [steps for target, steps in STEPS.items() if goal.endswith(f"{target.strip()}\n")]
    return steps[seed % len(steps)]


def session(engine: ScriptedEngine, log: RunLog | None, budget: Budget | None = None) -> Session:
    backend = StepsBackend()
    domain = Domain(
        translator=LeanProofTranslator(),
        backend=backend,
        run_checks=lambda *_: (),
        comparison=VerdictComparison(),
        feedback=proof_feedback,
        calibration=Calibration(),
        kept=kept_proof,
        tactics=backend.prover,
    )
    machinery = Machinery(engine, lambda _: domain, Limits(), log)
    return Session(machinery, domain, Meter(budget or Budget()))


def search(watch: Callable[[ProofTree], None], **settings: int) -> TacticSearch:
    return TacticSearch(
        BestFirstSearch(closing=(), **settings), width=2, watch=lambda _, tree: watch(tree)
    )


async def test_a_search_ends_in_a_proof_that_is_judged_as_a_whole() -> None:
    trees: list[ProofTree] = []
    found = await search(trees.append).solve(SWAP, session(ScriptedEngine(says), None))
    assert (found.answer, found.confidence) == (PROVED, 1.0)
    assert found.candidate is not None
    formal = found.candidate.formalization
    assert isinstance(formal, Proof)
    assert formal.given.proof == "by\n  constructor\n  exact h.right\n  exact h.left"
    assert trees[-1].end is EndOfSearch.PROVED
    assert trees[-1].expansions == 3
    assert found.usage.completion_tokens == trees[-1].tokens > 0


async def test_a_search_that_finds_nothing_says_how_far_it_came() -> None:
    tree: list[ProofTree] = []
    strategy = search(tree.append, expansions=2)
    found = await strategy.solve(SWAP, session(ScriptedEngine(says), None))
    assert found.answer is None
    assert found.abstention is not None
    assert found.abstention.reason is AbstentionReason.BUDGET
    assert "constructor; exact h.right" in found.abstention.detail
    assert "2 expansions" in found.abstention.detail


async def test_a_budget_of_tokens_ends_it() -> None:
    budget = Budget(tokens=500)
    found = await search(lambda _: None).solve(SWAP, session(ScriptedEngine(says), None, budget))
    assert found.abstention is not None
    assert found.abstention.reason is AbstentionReason.BUDGET
    assert found.usage.tokens <= 500


async def test_a_search_that_was_interrupted_samples_nothing_twice(tmp_path: Path) -> None:
    class Interrupted(Exception): ...

    def interrupt(tree: ProofTree) -> None:
        if tree.expansions == 2:
            raise Interrupted

    engine = ScriptedEngine(says)
    log = RunLog(tmp_path, {})
    with pytest.raises(Interrupted):
        await search(interrupt).solve(SWAP, session(engine, log))
    log.close()
    drawn = len(engine.requests)
    assert drawn == 2
    found = await search(lambda _: None).solve(SWAP, session(engine, RunLog(tmp_path, {})))
    assert found.answer == PROVED
    assert len(engine.requests) == drawn + 1


async def test_a_search_wants_a_theorem() -> None:
    where = session(ScriptedEngine(says), None)
    where = replace(where, domain=replace(where.domain, tactics=None))
    with pytest.raises(ProblemError, match="no theorem"):
        await search(lambda _: None).solve(SWAP, where)


async def test_a_proof_that_is_not_accepted_as_a_whole_is_no_answer() -> None:
    where = session(ScriptedEngine(says), None)

    class Refusing(StepsBackend):
        async def run(self, formalization: Proof, limits: Limits) -> Outcome:
            return Outcome(Status.FAILED, evidence={"error": "it rests on an axiom"})

    where = replace(where, domain=replace(where.domain, backend=Refusing()))
    found = await search(lambda _: None).solve(SWAP, where)
    assert found.abstention is not None
    assert "not accepted as a whole: it rests on an axiom" in found.abstention.detail
    assert (found.answer, found.confidence) == (None, 0.0)
