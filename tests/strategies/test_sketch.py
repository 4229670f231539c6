"""The strategy that drafts steps and proves each apart."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from neurosym.answers.verdicts import VerdictComparison
from neurosym.backends.base import Limits
from neurosym.backends.lean.backend import PROVED
from neurosym.backends.lean.elaboration import LEAN_LIMITS, Elaboration
from neurosym.backends.lean.messages import SORRY
from neurosym.backends.lean.settings import LeanSettings
from neurosym.budget import Budget, Meter
from neurosym.candidate import Outcome, Prompt
from neurosym.checks.feedback import proof_feedback
from neurosym.errors import EngineError, OptionError, ProblemError
from neurosym.formal.lean.proof import Proof
from neurosym.problem import Kind, Problem
from neurosym.runtime.domain import Domain
from neurosym.runtime.machinery import Machinery
from neurosym.runtime.runlog import RunLog
from neurosym.runtime.session import Session
from neurosym.selection.calibration import Calibration
from neurosym.solution import AbstentionReason, Solution
from neurosym.solver import Solver
from neurosym.status import Status
from neurosym.strategies.base import Strategy
from neurosym.strategies.best_first import BestFirstSearch
from neurosym.strategies.proof_tree import ProofTree
from neurosym.strategies.sketch import SketchAndFill
from neurosym.testing import ScriptedEngine, question_of
from neurosym.translators.lean_proof import LeanProofTranslator
from tests.backends.lean import fixture
from tests.backends.lean.small_lean import SmallLean

SWAP = Problem("swap", "theorem swap (p q : Prop) (h : p ∧ q) : q ∧ p := by sorry", Kind.PROOF)
STEPS = "have hq : q := by sorry\nhave hp : p := by sorry\nexact ⟨hq, hp⟩"
WRONG = STEPS.replace("⟨hq, hp⟩", "⟨hp, hq⟩")
TOO_MUCH = STEPS.replace("p := by sorry", "¬p := by sorry").replace(
    "exact ⟨hq, hp⟩", "exact ⟨hq, h.left⟩"
)
TACTICS = {"⊢ q": "exact h.right", "⊢ p": "exact h.left", "⊢ ¬p": "intro hp"}


class Judging:
    """Judges proofs by what the small Lean says of them."""

    def __init__(self, *, is_strict: bool = False) -> None:
        self.lean = SmallLean()
        self.is_strict = is_strict
        self.judged = 0

    async def run(self, formalization: Proof, limits: Limits) -> Outcome:
        self.judged += 1
        found = await self.lean.elaborate(formalization.given.text, limits)
        if self.is_strict or found.errors or any(item.kind == SORRY for item in found.messages):
            return Outcome(Status.FAILED, evidence={"error": "it rests on sorryAx"})
        return Outcome(Status.PROVED, PROVED)

    async def aclose(self) -> None:
        await self.lean.aclose()


def model(
    *sketches: str, tactics: Mapping[str, str] = TACTICS, context: int = 100_000
) -> ScriptedEngine:
    """Writes these sketches, and for each goal the tactic that is written down for it."""

    def says(prompt: Prompt, seed: int) -> str:
        asked = question_of(prompt)
        if asked.endswith(":= by") or asked.startswith("These steps cannot"):
            return sketches[seed % len(sketches)]
        return tactics.get(asked.rpartition("\n")[2], "no tactic")

    return ScriptedEngine(says, context=context)


def session(
    engine: ScriptedEngine,
    backend: Judging | None = None,
    *,
    log: RunLog | None = None,
    budget: Budget | None = None,
) -> Session:
    backend = backend or Judging()
    domain = Domain(
        translator=LeanProofTranslator(),
        backend=backend,
        run_checks=lambda *_: (),
        comparison=VerdictComparison(),
        feedback=proof_feedback,
        calibration=Calibration(),
        elaborator=backend.lean,
    )
    machinery = Machinery(engine, lambda _: domain, Limits(), log)
    return Session(machinery, domain, Meter(budget or Budget()))


def strategy(samples: int = 2, expansions: int = 5, asks: int = 1) -> SketchAndFill:
    search = BestFirstSearch(closing=(), expansions=expansions, asks=asks)
    return SketchAndFill(samples=samples, search=search, width=2)


def proofs(found: Solution) -> list[str | None]:
    formal = [item.formalization for item in found.candidates]
    assert all(isinstance(item, Proof) for item in formal)
    return [item.given.proof for item in formal if isinstance(item, Proof)]


FILLED = """by
  have hq : q := by
    exact h.right
  have hp : p := by
    exact h.left
  exact ⟨hq, hp⟩"""


async def test_each_hole_is_filled_and_the_whole_proof_is_judged() -> None:
    backend = Judging()
    assert isinstance(strategy(), Strategy)
    found = await strategy().solve(SWAP, session(model(STEPS), backend))
    assert (found.answer, found.confidence, found.abstention) == (PROVED, 1.0, None)
    assert proofs(found) == [FILLED]
    assert backend.judged == 1


async def test_sketches_that_lean_does_not_take_are_passed_over() -> None:
    engine = model(WRONG, "exact ⟨sorry, h.left⟩", STEPS)
    found = await strategy(samples=3).solve(SWAP, session(engine))
    assert found.answer == PROVED
    assert [item.verdict.outcome.status for item in found.candidates] == [
        Status.FAILED, Status.MALFORMED, Status.PROVED,
    ]  # fmt: skip
    assert "line" in found.candidates[0].verdict.outcome.evidence["error"]
    assert (found.selection.candidate, found.labels) == (2, (-1, -1, 0))
    # Nothing is asked about the holes of those.
    assert len(engine.requests) == 1 + 2


async def test_a_sketch_without_holes_is_judged_first_and_costs_nothing_more() -> None:
    engine = model(STEPS, "exact ⟨h.right, h.left⟩")
    found = await strategy().solve(SWAP, session(engine))
    assert proofs(found) == ["by\n  exact ⟨h.right, h.left⟩"]
    assert found.answer == PROVED
    assert len(engine.requests) == 1


async def test_what_was_filled_is_kept_and_what_is_open_is_told() -> None:
    found = await strategy().solve(SWAP, session(model(TOO_MUCH)))
    assert found.answer is None
    assert proofs(found) == [
        "by\n  have hq : q := by\n    exact h.right\n  have hp : ¬p := by sorry\n"
        "  exact ⟨hq, h.left⟩"
    ]
    assert found.abstention is not None
    assert found.abstention.reason is AbstentionReason.NO_SUPPORT
    assert found.abstention.detail == (
        "Lean takes 1 of 1 sketches, and in the furthest 1 of 2 holes are open: ⊢ ¬p"
    )


async def test_with_a_hole_that_cannot_be_filled_the_next_sketch_is_worked_on() -> None:
    found = await strategy().solve(SWAP, session(model(TOO_MUCH, STEPS)))
    assert found.answer == PROVED
    assert found.labels == (-1, 0)


async def test_an_end_of_expansions_is_an_end_of_the_budget() -> None:
    found = await strategy(expansions=1).solve(SWAP, session(model(TOO_MUCH)))
    assert found.abstention is not None
    assert found.abstention.reason is AbstentionReason.BUDGET


async def test_what_holes_are_filled_with_counts_only_if_lean_accepts_the_whole() -> None:
    found = await strategy().solve(SWAP, session(model(STEPS), Judging(is_strict=True)))
    assert (found.answer, found.labels) == (None, (-1,))
    assert found.abstention is not None
    assert "it rests on sorryAx" in found.abstention.detail


@pytest.mark.parametrize("tokens", [300, 500, 900])
async def test_holes_together_do_not_spend_more_than_there_is(tokens: int) -> None:
    many = "\n".join(f"have h{i} : ¬p := by sorry" for i in range(6)) + "\nsorry"
    where = session(model(many), budget=Budget(tokens=tokens))
    found = await strategy(samples=1, asks=8).solve(SWAP, where)
    assert found.usage.tokens <= tokens
    assert found.abstention is not None
    assert found.abstention.reason is AbstentionReason.BUDGET


async def test_without_time_nothing_is_searched() -> None:
    class Slow(SmallLean):
        async def elaborate(self, text: str, limits: Limits = LEAN_LIMITS) -> Elaboration:
            await asyncio.sleep(0.3)
            return await super().elaborate(text, limits)

    backend = Judging()
    backend.lean = Slow()
    engine = model(STEPS)
    where = session(engine, backend, budget=Budget(seconds=0.25))
    found = await strategy(samples=1).solve(SWAP, where)
    assert len(engine.requests) == len(backend.lean.files) == 1
    assert found.abstention is not None
    assert found.abstention.reason is AbstentionReason.BUDGET
    assert "2 of 2 holes are open: no time was left" in found.abstention.detail


async def test_an_interrupted_run_samples_nothing_twice(tmp_path: Path) -> None:
    def breaks(prompt: Prompt, seed: int) -> str:
        if question_of(prompt).endswith("⊢ p"):
            raise EngineError("gone", hint="Start it.")
        return STEPS if question_of(prompt).endswith(":= by") else TACTICS["⊢ q"]

    log = RunLog(tmp_path, {})
    with pytest.raises(EngineError):
        await strategy().solve(SWAP, session(ScriptedEngine(breaks), log=log))
    log.close()
    drawn = []
    for _ in range(2):
        log, engine, backend = RunLog(tmp_path, {}), model(STEPS), Judging()
        found = await strategy().solve(SWAP, session(engine, backend, log=log))
        log.close()
        assert found.answer == PROVED
        drawn.append((len(engine.requests), backend.judged))
    # The sketches were there already, and the verdict is as well when it is all over.
    assert drawn[0][0] <= 2
    assert drawn[1] == (0, 0)


FILE = "prelude\nimport Tiny\ntheorem goal (p q : Prop) (hp : p) (hq : q) : And q p := "


@pytest.fixture(scope="module")
def lean() -> LeanSettings:
    toolchain = fixture.toolchain()
    return LeanSettings(toolchain.program, toolchain.search_path, seconds=20.0)


@pytest.mark.parametrize(
    ("proof", "told"),
    [
        ("And.intro hq hp", None),
        ("And.intro hp hq", "none of 1 sketches came to a proof"),
        # It is taken, but this Lean has no tactics to fill it with.
        ("have k : p := sorry\n  And.intro hq k", "Lean takes 1 of 1 sketches"),
        ("have k : p := sorry\n  And.intro k hq", "none of 1 sketches came to a proof: line 5"),
    ],
)
def test_lean_itself_is_asked_what_it_takes(
    lean: LeanSettings, proof: str, told: str | None
) -> None:
    written = FILE.removeprefix("prelude\nimport Tiny\n") + proof
    with Solver(strategy(), engine=ScriptedEngine([written]), lean=lean) as solver:
        found = solver.solve(Problem("goal", f"{FILE}sorry\n", Kind.PROOF))
    assert (found.answer == PROVED) == (told is None)
    assert found.abstention is None or found.abstention.detail.startswith(told or "proved")


async def test_what_lean_does_not_take_is_written_again_with_what_it_says() -> None:
    asked: list[str] = []

    def says(prompt: Prompt, seed: int) -> str:
        told = question_of(prompt)
        if told.endswith(":= by"):
            return WRONG
        if not told.startswith("These steps cannot"):
            return TACTICS[told.rpartition("\n")[2]]
        asked.append(told)
        assert prompt.messages[-2].content.endswith(WRONG)
        return STEPS

    found = await strategy(samples=1).solve(SWAP, session(ScriptedEngine(says)))
    assert (found.answer, found.labels) == (PROVED, (-1, 0))
    assert len(asked) == 1
    assert "line 4" in asked[0]
    none = replace(strategy(samples=1), repairs=0)
    assert (await none.solve(SWAP, session(ScriptedEngine(says)))).answer is None
    assert len(asked) == 1


async def test_a_proof_without_holes_that_does_not_hold_is_written_again_as_well() -> None:
    found = await strategy(samples=1).solve(SWAP, session(model("exact h", "exact ⟨h.2, h.1⟩")))
    assert (found.answer, found.labels) == (PROVED, (-1, 0))


async def test_what_is_written_again_as_it_was_is_no_new_sketch() -> None:
    engine = model(WRONG)
    found = await strategy(samples=2).solve(SWAP, session(engine))
    assert len(found.candidates) == 1
    assert len(engine.requests) == 2


async def test_each_step_has_a_tree_that_can_be_watched() -> None:
    trees: dict[str, ProofTree] = {}
    watched = replace(strategy(), watch=trees.__setitem__)
    await watched.solve(SWAP, session(model(TOO_MUCH, STEPS)))
    assert {of: tree.proof is not None for of, tree in trees.items()} == {
        "sketch 1, hole 1": True,
        "sketch 1, hole 2": False,
        "sketch 2, hole 1": True,
        "sketch 2, hole 2": True,
    }


async def test_a_theorem_that_is_too_long_is_told() -> None:
    found = await strategy().solve(SWAP, session(model(STEPS, context=20)))
    assert found.abstention is not None
    assert found.abstention.reason is AbstentionReason.TOO_LONG


async def test_a_sketch_wants_a_theorem() -> None:
    where = session(model(STEPS))
    where = replace(where, domain=replace(where.domain, elaborator=None))
    with pytest.raises(ProblemError, match="no theorem"):
        await strategy().solve(SWAP, where)


@pytest.mark.parametrize(
    "wrong", [{"samples": 0}, {"repairs": -1}, {"width": 0}, {"temperature": 9}]
)
def test_numbers_that_allow_nothing_are_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(OptionError):
        SketchAndFill(**wrong)


def test_its_settings_tell_runs_apart() -> None:
    first = SketchAndFill()
    made = [
        first,
        replace(first, samples=5),
        replace(first, repairs=2),
        first.with_seed(3),
        strategy(),
    ]
    assert len({str(item.settings) for item in made}) == len(made)
