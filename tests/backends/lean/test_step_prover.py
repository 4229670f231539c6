"""Proofs tactic by tactic through a Lean that elaborates files.

The Lean of the tests has no tactics, so what it would say is written down here as Lean prints it;
what it does say of statements is its own.
"""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from neurosym.backends.base import Limits
from neurosym.backends.lean.elaboration import LEAN_LIMITS, Elaboration, Ending
from neurosym.backends.lean.files import FileElaborator
from neurosym.backends.lean.messages import SORRY, Message, Position, Severity
from neurosym.backends.lean.step_prover import StepProver, tactic_proof
from neurosym.backends.lean.tactics import ProofState, TacticFailure, TacticProver
from neurosym.errors import BackendError, FormulaError
from neurosym.formal.lean.theorem import read_theorem

SWAP = read_theorem("import Lean\n\ntheorem swap (p q : Prop) (h : p ∧ q) : q ∧ p := by sorry\n")
BEGIN = Position(3, 49)
CONTEXT = "p q : Prop\nh : p ∧ q"


def error(text: str, start: Position = BEGIN) -> Message:
    return Message(Severity.ERROR, text, start, None)


def unsolved(*goals: str) -> Message:
    return error("unsolved goals\n" + "\n\n".join(goals))


class Told:
    """Says what is written down for the tactics of a proof."""

    def __init__(self, said: Mapping[tuple[str, ...], Elaboration | list[Message]]) -> None:
        self.said = {SWAP.with_proof(tactic_proof(key)).text: item for key, item in said.items()}
        self.seconds: list[float] = []
        self.closed = 0

    async def elaborate(self, text: str, limits: Limits = LEAN_LIMITS) -> Elaboration:
        self.seconds.append(limits.seconds)
        found = self.said[text]
        if isinstance(found, list):
            return Elaboration(Ending.FINISHED, tuple(found))
        return found

    async def aclose(self) -> None:
        self.closed += 1


async def test_goals_are_what_lean_says_is_left() -> None:
    told = Told({
        (): [unsolved(f"{CONTEXT}\n⊢ q ∧ p")],
        ("constructor",): [
            unsolved(f"case left\n{CONTEXT}\n⊢ q", f"case right\n{CONTEXT}\n⊢ p")
        ],
        ("constructor", "exact h.right"): [unsolved(f"case right\n{CONTEXT}\n⊢ p")],
        ("constructor", "exact h.right", "exact h.left"): [],
        ("constructor", "exact h.left"): [error("Type mismatch", Position(5, 2))],
    })  # fmt: skip
    prover = StepProver(told)
    assert isinstance(prover, TacticProver)
    start = await prover.start(SWAP)
    assert start.goals == (f"{CONTEXT}\n⊢ q ∧ p",)
    two = await prover.run(start, "constructor", 3)
    assert isinstance(two, ProofState)
    assert two.goals == (f"case left\n{CONTEXT}\n⊢ q", f"case right\n{CONTEXT}\n⊢ p")
    wrong = await prover.run(two, "exact h.left", 3)
    assert wrong == TacticFailure("Type mismatch")
    one = await prover.run(two, "exact h.right", 3)
    assert isinstance(one, ProofState)
    assert not one.is_proved
    done = await prover.run(one, "exact h.left", 4)
    assert isinstance(done, ProofState)
    assert done.is_proved
    assert told.seconds == [LEAN_LIMITS.seconds, 3, 3, 3, 4]
    await prover.aclose()
    assert told.closed == 1


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ([error("unsolved goals\n⊢ q", Position(4, 4))], "unsolved goals"),
        ([unsolved("⊢ q"), error("unknown identifier", Position(4, 2))], "unknown identifier"),
        (
            [Message(Severity.WARNING, "declaration uses `sorry`", BEGIN, None, SORRY)],
            "without a proof",
        ),
        (Elaboration(Ending.TIMEOUT, (), "Lean took more than its 3 seconds"), "3 seconds"),
        (Elaboration(Ending.CRASHED, (), "killed"), "killed"),
    ],
)
async def test_all_else_that_lean_says_is_a_failure(
    said: Elaboration | list[Message], reason: str
) -> None:
    prover = StepProver(Told({(): [unsolved("⊢ q ∧ p")], ("x",): said}))
    found = await prover.run(await prover.start(SWAP), "x", 3)
    assert isinstance(found, TacticFailure)
    assert reason in found.message


async def test_warnings_do_not_count() -> None:
    linted = Message(Severity.WARNING, "unused variable `h`", BEGIN, None)
    prover = StepProver(Told({(): [unsolved("⊢ q ∧ p")], ("x",): [linted]}))
    found = await prover.run(await prover.start(SWAP), "x", 3)
    assert isinstance(found, ProofState)
    assert found.is_proved


@pytest.mark.parametrize("tactic", ["exact h\ntheorem", "/- open", "begin\n  exact h,\nend", '"'])
async def test_a_tactic_that_ends_the_proof_is_not_run(tactic: str) -> None:
    prover = StepProver(Told({(): [unsolved("⊢ q ∧ p")]}))
    start = await prover.start(SWAP)
    found = await prover.run(start, f"skip\n{tactic}", 3)
    assert isinstance(found, TacticFailure)


async def test_a_state_of_another_prover_is_refused() -> None:
    with pytest.raises(BackendError, match="another prover's"):
        await StepProver(Told({})).run(ProofState("x", ("⊢ p",)), "rfl", 1)


async def test_a_statement_that_lean_rejects_is_named(lean: FileElaborator) -> None:
    text = "prelude\nimport Tiny\ntheorem t (p : Prop) : p ∧ nothing := by sorry\n"
    with pytest.raises(FormulaError, match="does not take the statement"):
        await StepProver(lean).start(read_theorem(text))
