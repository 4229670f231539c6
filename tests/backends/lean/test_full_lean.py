"""What only a whole Lean can do: tactics, its library, and the suites of the small one once more.

These tests run where there is a Lean (``NEUROSYM_LEAN``, the path, or elan), and are skipped
elsewhere with the reason.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from neurosym.backends.lean.elaboration import LEAN_LIMITS
from neurosym.backends.lean.files import FileElaborator
from neurosym.backends.lean.step_prover import StepProver
from neurosym.backends.lean.tactics import ProofState, TacticFailure
from neurosym.backends.lean.toolchain import find_toolchain
from neurosym.backends.lean.verdict import Judgement, LeanFault, judge
from neurosym.errors import BackendError
from neurosym.formal.lean.source import read_source
from neurosym.formal.lean.theorem import read_theorem
from neurosym.status import Status
from tests.backends.lean.attacks import ATTACKS, FALSE, HONEST, Attack, Honest

THEOREMS = Path(__file__).parents[3] / "benchmarks" / "theorems.lean"
STANDARD = frozenset({"propext", "Classical.choice", "Quot.sound"})

TACTICS = {
    "exact": ("(p q : Prop) (h : p ∧ q) : q ∧ p", "exact ⟨h.2, h.1⟩"),
    "bullets": ("(p q : Prop) (hp : p) (hq : q) : p ∧ q", "constructor\n· exact hp\n· exact hq"),
    "cases": (
        "(p q : Prop) (h : p ∨ q) : q ∨ p",
        "cases h with\n| inl hp => exact Or.inr hp\n| inr hq => exact Or.inl hq",
    ),
    "induction": (
        "(n : Nat) : 0 + n = n",
        "induction n with\n| zero => rfl\n| succ k ih => exact congrArg Nat.succ ih",
    ),
    "omega": ("(a b : Nat) (h : a < b) : a + 1 ≤ b", "omega"),
    "decide": (": 7 * 6 = 42", "decide"),
    "simp": ("(xs : List Nat) : xs ++ [] = xs", "simp"),
    "rewriting": ("(a b : Nat) (h : a = b) : b = a", "rw [h]"),
    "a calculation": (
        "(a b c : Nat) (h : a = b) (k : b = c) : a = c",
        "calc a = b := h\n  _ = c := k",
    ),
    "a step": ("(p q : Prop) (h : p → q) (hp : p) : q", "have hq : q := h hp\nexact hq"),
    "backwards": (
        "(p q r : Prop) (h : p → q) (k : q → r) : p → r",
        "intro hp\napply k\nexact h hp",
    ),
    "a witness": (": ∃ n : Nat, n > 3", "exact ⟨4, by decide⟩"),
    "the excluded middle": (
        "(p : Prop) : p ∨ ¬p",
        "by_cases h : p\n· exact Or.inl h\n· exact Or.inr h",
    ),
    "extensionality": ("(f g : Nat → Nat) (h : ∀ n, f n = g n) : f = g", "funext n\nexact h n"),
    "a pattern": (
        "(p q : Nat → Prop) (h : ∃ n, p n ∧ q n) : ∃ n, q n",
        "obtain ⟨n, _, hq⟩ := h\nexact ⟨n, hq⟩",
    ),
    "a contradiction": ("(p : Prop) (h : p) (k : ¬p) : 1 = 2", "exact absurd h k"),
}
"""Statements, and the tactics that prove them."""

CHEATS = {
    "native_decide": (
        f"{FALSE} := by\n  exact absurd (by native_decide : 1 = 2) (by decide)",
        None,
    ),
    "a hole": (f"{FALSE} := by\n  sorry", LeanFault.PLACEHOLDERS),
    "a hole by a tactic": (f"{FALSE} := by\n  admit", LeanFault.PLACEHOLDERS),
    "another meaning of a tactic": (
        f'macro "done" : tactic => `(tactic| sorry)\n{FALSE} := by\n  done',
        LeanFault.COMMANDS,
    ),
    "another meaning of a word": (
        f'local notation "False" => True\n{FALSE} := True.intro',
        LeanFault.COMMANDS,
    ),
    "no kernel": (
        f"set_option debug.skipKernelTC true\n{FALSE} := by\n  exact (1 : Nat)",
        LeanFault.OPTIONS,
    ),
    "a program while it is read": (
        f'#eval IO.FS.writeFile "x" "y"\n{FALSE} := by\n  trivial',
        LeanFault.COMMANDS,
    ),
    "an axiom": (f"axiom cheat : False\n{FALSE} := cheat", None),
}
"""Files that must not be believed, and the check that fails, if it is one in particular."""


@pytest.fixture(scope="module")
def whole() -> Iterator[FileElaborator]:
    """A Lean with its library."""
    try:
        elaborator = FileElaborator(find_toolchain())
    except BackendError as error:
        pytest.skip(f"there is no whole Lean: {error}")
    said = asyncio.run(elaborator.elaborate("theorem t : 1 + 1 = 2 := by rfl\n"))
    if said.errors:
        elaborator.close()
        pytest.skip(f"the Lean here has no library: {said.errors[0]}")
    yield elaborator
    elaborator.close()


def parsed(text: str) -> tuple[str, str]:
    """A file, and the name of the theorem in it that is looked at."""
    names = [item.full_name for item in read_source(text).commands]
    [name] = [name for name in names if name and name.rpartition(".")[2] == "goal"]
    return text, name


async def judged(lean: FileElaborator, asked: str, file: str) -> Judgement:
    return await judge(read_theorem(*parsed(asked)), read_theorem(*parsed(file)), lean)


@pytest.mark.parametrize("name", TACTICS)
async def test_a_proof_by_tactics_is_believed(whole: FileElaborator, name: str) -> None:
    statement, tactics = TACTICS[name]
    indented = tactics.replace("\n", "\n  ")
    asked = f"theorem goal {statement}"
    found = await judged(whole, f"{asked} := by sorry\n", f"{asked} := by\n  {indented}\n")
    assert (found.status, found.faults) == (Status.PROVED, {})
    assert set(found.axioms) <= STANDARD


@pytest.mark.parametrize("honest", HONEST, ids=lambda honest: honest.name)
async def test_what_the_small_lean_believes_is_believed(
    whole: FileElaborator, honest: Honest
) -> None:
    found = await judged(whole, honest.asked, honest.file)
    assert (found.status, found.faults) == (Status.PROVED, {})


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
async def test_no_attack_on_the_small_lean_is_believed(
    whole: FileElaborator, attack: Attack
) -> None:
    assert (await judged(whole, attack.asked, attack.file)).status is not Status.PROVED


@pytest.mark.parametrize("name", CHEATS)
async def test_no_cheat_with_tactics_is_believed(whole: FileElaborator, name: str) -> None:
    file, fault = CHEATS[name]
    found = await judged(whole, f"{FALSE} := by sorry\n", file)
    assert found.status is Status.FAILED
    assert fault is None or fault in found.faults


def names_of(path: Path) -> list[str]:
    commands = read_source(path.read_text(encoding="utf-8")).commands
    return [item.full_name for item in commands if item.keyword == "theorem" and item.full_name]


@pytest.mark.parametrize("name", names_of(THEOREMS))
async def test_lean_believes_the_proofs_that_the_searches_are_measured_by(
    whole: FileElaborator, name: str
) -> None:
    theorem = read_theorem(THEOREMS.read_text(encoding="utf-8"), name)
    given = read_theorem(f"{theorem.opening}{theorem.joint}{theorem.proof}\n")
    asked = read_theorem(f"{theorem.opening} := by sorry\n")
    found = await judge(asked, given, whole)
    assert (found.status, found.faults) == (Status.PROVED, {})


async def test_a_proof_goes_on_tactic_by_tactic(whole: FileElaborator) -> None:
    prover = StepProver(whole)
    theorem = read_theorem("theorem goal (p q : Prop) (h : p ∧ q) : q ∧ p := by sorry\n")
    start = await prover.start(theorem)
    assert [goal.rpartition("⊢ ")[2] for goal in start.goals] == ["q ∧ p"]
    split = await prover.run(start, "constructor", LEAN_LIMITS.seconds)
    assert isinstance(split, ProofState)
    assert [goal.rpartition("⊢ ")[2] for goal in split.goals] == ["q", "p"]
    wrong = await prover.run(split, "exact h.left", LEAN_LIMITS.seconds)
    assert isinstance(wrong, TacticFailure)
    one = await prover.run(split, "exact h.right", LEAN_LIMITS.seconds)
    assert isinstance(one, ProofState)
    done = await prover.run(one, "exact h.left", LEAN_LIMITS.seconds)
    assert isinstance(done, ProofState)
    assert done.is_proved
