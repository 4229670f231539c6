"""Proofs in the holes of others, through a Lean that elaborates files."""

from __future__ import annotations

import pytest

from neurosym.backends.base import Limits
from neurosym.backends.lean.elaboration import LEAN_LIMITS, Elaboration, Ending
from neurosym.backends.lean.holes import HoleProver, refusal
from neurosym.backends.lean.messages import SORRY, Message, Position, Severity
from neurosym.backends.lean.tactics import ProofState, TacticFailure, TacticProver
from neurosym.errors import BackendError, FormulaError
from neurosym.formal.lean.skeleton import Skeleton, read_skeleton
from neurosym.formal.lean.theorem import read_theorem
from tests.backends.lean.small_lean import SmallLean

ASKED = read_theorem("import Lean\n\ntheorem swap (p q : Prop) (h : p ∧ q) : q ∧ p := by sorry\n")
STEPS = "by\n  have hq : q := by sorry\n  have hp : p := by\n    sorry\n  sorry"
CONTEXT = "p q : Prop\nh : p ∧ q"
WARNING = Message(
    Severity.WARNING, "declaration uses `sorry`", Position(3, 8), None, SORRY
)  # fmt: skip


def skeleton(proof: str) -> Skeleton:
    return read_skeleton(ASKED.with_proof(proof))


def error(text: str, line: int, column: int) -> Message:
    return Message(Severity.ERROR, text, Position(line, column), None)


class Saying:
    """Says these of the files that come, in order."""

    def __init__(self, *said: Elaboration | list[Message]) -> None:
        self.said = list(said)
        self.texts: list[str] = []
        self.seconds: list[float] = []

    async def elaborate(self, text: str, limits: Limits = LEAN_LIMITS) -> Elaboration:
        self.texts.append(text)
        self.seconds.append(limits.seconds)
        found = self.said.pop(0)
        if isinstance(found, Elaboration):
            return found
        return Elaboration(Ending.FINISHED, tuple(found))

    async def aclose(self) -> None:
        raise AssertionError("it is not the prover's to close")


@pytest.mark.parametrize(
    ("hole", "place", "goals", "tactic"),
    [
        (0, (4, 17), (f"{CONTEXT}\n⊢ q",), "exact h.right"),
        (1, (5, 17), (f"{CONTEXT}\nhq : q\n⊢ p",), "exact h.left"),
        (2, (7, 8), (f"{CONTEXT}\nhq : q\nhp : p\n⊢ q ∧ p",), "exact ⟨hq, hp⟩"),
    ],
)
async def test_goals_are_what_is_told_at_the_by_of_the_hole(
    hole: int, place: tuple[int, int], goals: tuple[str, ...], tactic: str
) -> None:
    told = error("unsolved goals\n" + "\n\n".join(goals), *place)
    lean, known = Saying([WARNING, told], [WARNING]), SmallLean()
    for elaborator in (lean, known):
        found = skeleton(STEPS)
        prover = HoleProver(found, hole, elaborator)
        assert isinstance(prover, TacticProver)
        start = await prover.start(found.theorem)
        assert start.goals == goals
        done = await prover.run(start, tactic, 3)
        assert isinstance(done, ProofState)
        assert done.is_proved
        await prover.aclose()
    # What is written down above is said of the same files.
    assert lean.texts == known.files
    assert lean.seconds == [LEAN_LIMITS.seconds, 3]


async def test_goals_that_are_left_can_be_gone_on_from() -> None:
    found = skeleton("by\n  have both : q ∧ p := by sorry\n  exact both")
    prover = HoleProver(found, 0, SmallLean())
    state = await prover.start(found.theorem)
    for tactic, left in (("constructor", 2), ("exact h.right", 1), ("exact h.left", 0)):
        assert isinstance(await prover.run(state, "exact h", 3), TacticFailure)
        after = await prover.run(state, tactic, 3)
        assert isinstance(after, ProofState)
        assert len(after.goals) == left
        state = after


UNSOLVED = error(f"unsolved goals\n{CONTEXT}\n⊢ q", 4, 17)


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ([WARNING, error("unsolved goals\n⊢ q", 5, 4)], "unsolved goals"),
        ([WARNING, error("unknown identifier", 5, 4)], "unknown identifier"),
        ([UNSOLVED, UNSOLVED], "unsolved goals"),  # it is reached more than once
        (Elaboration(Ending.TIMEOUT, (), "Lean took more than its 3 seconds"), "3 seconds"),
    ],
)
async def test_all_else_that_lean_says_is_a_failure(
    said: Elaboration | list[Message], reason: str
) -> None:
    found = skeleton(STEPS)
    prover = HoleProver(found, 0, Saying([WARNING, UNSOLVED], said))
    failed = await prover.run(await prover.start(found.theorem), "x", 3)
    assert isinstance(failed, TacticFailure)
    assert reason in failed.message


@pytest.mark.parametrize(
    "tactic", ["sorry", "exact (sorry)", "admit", "apply?", "exact h\ntheorem", "/- open"]
)
async def test_what_proves_nothing_is_not_run(tactic: str) -> None:
    found = skeleton(STEPS)
    lean = Saying([WARNING, UNSOLVED])
    prover = HoleProver(found, 0, lean)
    start = await prover.start(found.theorem)
    assert isinstance(await prover.run(start, tactic, 3), TacticFailure)
    assert len(lean.texts) == 1


async def test_with_no_other_hole_a_missing_proof_is_told() -> None:
    found = skeleton("by\n  have hq : q := by sorry\n  exact ⟨hq, h.left⟩")
    prover = HoleProver(found, 0, Saying([UNSOLVED], [WARNING]))
    failed = await prover.run(await prover.start(found.theorem), "x", 3)
    assert failed == TacticFailure("it leaves a goal without a proof")


async def test_a_hole_in_which_no_proof_can_begin_is_named() -> None:
    found = skeleton(STEPS)
    prover = HoleProver(found, 1, Saying([error("unexpected token 'exact'", 5, 20)]))
    with pytest.raises(FormulaError, match="in hole 2: unexpected token"):
        await prover.start(found.theorem)


async def test_another_theorem_is_refused() -> None:
    with pytest.raises(BackendError, match="another theorem"):
        await HoleProver(skeleton(STEPS), 0, Saying()).start(ASKED)


async def test_a_skeleton_is_taken_if_only_proofs_are_missing() -> None:
    for lean in (SmallLean(), Saying([WARNING])):
        assert await refusal(skeleton(STEPS), lean) is None
    wrong = skeleton(STEPS.removesuffix("sorry") + "exact ⟨hp, hq⟩")
    why = await refusal(wrong, SmallLean())
    assert why is not None
    assert "line 7" in why
    slow = Elaboration(Ending.TIMEOUT, (), "Lean took more than its 3 seconds")
    assert await refusal(wrong, Saying(slow)) == slow.detail
