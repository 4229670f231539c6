"""Each tactic and each form of term: what it proves, and how goals look."""

from __future__ import annotations

import pytest

from neurosym.backends.lean.tactics import ProofState, TacticFailure, TacticProver
from neurosym.errors import BackendError, FormulaError
from neurosym.formal.lean.theorem import read_theorem
from tests.backends.lean.small_prover import SmallProver
from tests.backends.lean.small_prover.attempts import ATTEMPTS, Attempt
from tests.backends.lean.small_prover.helpers import SECONDS, failed, goals, proved

P3 = "(p q r : Prop)"
ALPHA = "{α : Type} (P Q : α → Prop) (R : α → α → Prop) (f : α → α) (a b c : α)"
NATS = "(n m k : Nat)"

PROOFS = [
    # Tactics.
    ("(p : Prop) : p → p", "intro h", "exact h"),
    ("(p : Prop) : p → p", "intro", "assumption"),
    (f"{P3} : p → q → r → q", "intros", "assumption"),
    (f"{P3} : p → q → r → q", "intros a b c", "exact b"),
    (f"{P3} : p ∧ q → q", "intro ⟨_, h⟩", "exact h"),
    (f"{P3} : p ∨ p → p", "rintro (h | h)", "exact h", "exact h"),
    (f"{P3} : p → p", "intro (h : p)", "exact h"),
    (f"{P3} (h : p → q) (k : p) : q", "apply h", "exact k"),
    (f"{P3} (h : p → q → r) (k : p) (l : q) : r", "apply h", "exact k", "exact l"),
    (f"{P3} (h : p → q → r) (k : p) (l : q) : r", "apply h k", "exact l"),
    (f"{P3} (h : p → ¬q) (k : p) : ¬q", "apply h", "exact k"),
    (f"{P3} (h : ¬p) (k : p) : q", "exfalso", "apply h", "exact k"),
    (f"{P3} (h : p) (k : q) : p ∧ q", "constructor", "exact h", "exact k"),
    (f"{P3} (h : p) (k : q) : p ∧ q", "constructor", "· exact h", "· exact k"),
    (f"{P3} (h : p) (k : q) : p ∧ q", "constructor; exact h; exact k"),
    (f"{P3} (h : p) (k : q) : p ∧ q", "constructor\n· exact h\n· exact k"),
    (f"{P3} : True", "constructor"),
    (f"{P3} : p ↔ p", "constructor", "exact id", "exact id"),
    (f"{P3} (h : p) : p ∨ q", "left", "exact h"),
    (f"{P3} (h : q) : p ∨ q", "right", "exact h"),
    (f"{P3} (h : p ∧ q) : q", "cases h", "assumption"),
    (f"{P3} (h : p ∧ q) : q", "cases h", "exact right"),
    (f"{P3} (h : p ∧ q) : q", "cases h", "rename_i a b", "exact b"),
    (f"{P3} (h : p ∨ q) : q ∨ p", "cases h", "right", "exact h_1", "left", "exact h_1"),
    (f"{P3} (h : p ↔ q) (k : p) : q", "cases h", "exact mp k"),
    (f"{P3} (h : False) : p", "cases h"),
    (f"{P3} (h : True) (k : p) : p", "cases h", "exact k"),
    (f"{P3} (h : p ∧ q ∧ r) : r", "rcases h with ⟨_, _, h⟩", "exact h"),
    (f"{P3} (h : p ∨ q ∨ r) : True", "rcases h with a | b | c", *["trivial"] * 3),
    (f"{P3} (h : (p ∨ q) ∧ r) : r", "obtain ⟨_ | _, k⟩ := h", "exact k", "exact k"),
    (f"{P3} (h : p → q ∧ r) (k : p) : r", "obtain ⟨-, l⟩ := h k", "exact l"),
    (f"{P3} (h : p → q ∧ r) (k : p) : r", "obtain ⟨_, l⟩ : q ∧ r := h k", "exact l"),
    (f"{P3} (h : p) (k : ¬p) : q", "contradiction"),
    (f"{P3} (h : False) : q", "contradiction"),
    (f"{P3} : True ∧ True", "trivial"),
    (f"{P3} (h : p) (k : p → q) : q", "have l : q := k h", "exact l"),
    (f"{P3} (h : p) (k : p → q) : q", "have l := k h", "exact l"),
    (f"{P3} (h : p) (k : p → q) : q", "have : q := k h", "exact this"),
    (f"{P3} (h : p) (k : p → q) : q", "have l : q := by\n  apply k\n  exact h", "exact l"),
    (f"{P3} (h : p ∧ q) : q", "have ⟨_, k⟩ := h", "exact k"),
    (f"{P3} (h : ∀ s : Prop, s → q) (k : p) : q", "specialize h p k", "exact h"),
    (f"{P3} (h : p) : p", "revert h", "intro h", "exact h"),
    (f"{P3} (h : p) (k : q) : p", "clear k", "exact h"),
    (f"{P3} (h : p) : ¬¬p", "show (p → False) → False", "intro k", "exact k h"),
    (f"{P3} (h : p) : p ∧ (q ∨ p)", "refine ⟨h, ?_⟩", "exact Or.inr h"),
    (f"{P3} (h : p) : p ∧ (q → p)", "refine ⟨?_, fun _ => ?_⟩", "exact h", "exact h"),
    (f"{ALPHA} (h : P a) : ∃ x, P x", "exists a"),
    (f"{ALPHA} (h : P a) : ∃ x, P x", "use a"),
    (f"{ALPHA} (h : R a b) : ∃ x y, R x y", "exists a, b"),
    (f"{ALPHA} (h : P a) : ∃ x, P x", "refine ⟨a, ?_⟩", "exact h"),
    (f"{ALPHA} (h : P a) : ∃ x, P x", "constructor", "exact h"),
    (f"{ALPHA} (h : P a) : ∃ x, P x", "apply Exists.intro", "exact h"),
    (f"{ALPHA} (h : P a) : ∃ x, P x", "refine ⟨?_, ?_⟩", "exact a", "exact h"),
    (
        f"{ALPHA} (t : ∀ x y z, R x y → R y z → R x z) (h : R a b) (k : R b c) : R a c",
        "apply t", "exact h", "exact k",
    ),
    (f"{ALPHA} (h : ∃ x, P x) : ∃ y, P y", "cases h", "exact ⟨w, h_1⟩"),
    (f"{ALPHA} (h : a = b) : b = a", "symm", "exact h"),
    (f"{ALPHA} (h : a = b) (k : P b) : P a", "rw [h]", "exact k"),
    (f"{ALPHA} (h : a = b) (k : P a) : P b", "rw [← h]", "exact k"),
    (f"{ALPHA} (h : a = b) (k : P a) : P b", "rw [h] at k", "exact k"),
    (f"{ALPHA} (h : a = b) (k : b = c) : f a = f c", "rw [h, k]"),
    (f"{ALPHA} (h : ∀ x, f x = x) : f (f a) = a", "rw [h, h]"),
    (f"{ALPHA} (h : a = b) (k : P a) : P b", "subst h", "exact k"),
    (f"{ALPHA} (h : a = b) (k : P a) : P b", "cases h", "exact k"),
    (f"{ALPHA} (h : ∃ x, x = a ∧ P x) : P a", "obtain ⟨x, rfl, h⟩ := h", "exact h"),
    (f"{P3} (h : p ↔ q) (k : q) : p", "rw [h]", "exact k"),
    (f"{P3} (h : p ↔ q) : (p ∧ r ↔ q ∧ r)", "rw [h]"),
    (f"{NATS} : n + 0 = n", "rfl"),
    (f"{NATS} : n + Nat.succ m = Nat.succ (n + m)", "rfl"),
    (f"{NATS} : n * 0 = 0", "rfl"),
    (f"{NATS} : n * (m + 1) = n * m + n", "rfl"),
    (f"{NATS} : 6 * 7 = 42", "rfl"),
    (f"{NATS} : 0 + n = n", "induction n", "rfl", "exact congrArg Nat.succ ih"),
    (f"{NATS} : 0 + n = n", "induction n", "rfl", "rw [Nat.add_succ]", "rw [ih]"),
    (f"{NATS} : n = 0 ∨ ∃ m, n = m + 1", "cases n", "left; rfl", "right", "exact ⟨n, rfl⟩"),
    (f"{NATS} (h : n + 1 = 0) : m = k", "contradiction"),
    (f"{NATS} (h : n + 3 = 2) : m = k", "cases h"),
    (f"{NATS} (h : n + 1 = m + 1) : n = m", "cases h", "rfl"),
    (f"{NATS} (h : 0 = n) (l : n = m) : 0 = m", "induction n", "exact l", "contradiction"),
    # Terms.
    (f"{P3} (h : p ∧ q) : q ∧ p", "exact ⟨h.2, h.1⟩"),
    (f"{P3} (h : p ∧ q) : q ∧ p", "exact ⟨h.right, h.left⟩"),
    (f"{P3} (h : p ∧ q) : q ∧ p", "exact And.intro (And.right h) (And.left h)"),
    (f"{P3} (h : (p ∧ q) ∧ r) : q", "exact h.1.2"),
    (f"{P3} (h : p) : p ∨ q", "exact Or.inl h"),
    (f"{P3} (h : p) : p ∨ q", "exact .inl h"),
    (f"{P3} : p → p ∨ q", "exact fun h => Or.inl h"),
    (f"{P3} (h : p ∨ q) : q ∨ p", "exact h.elim Or.inr Or.inl"),
    (f"{P3} (h : p ∨ q) : q ∨ p", "exact Or.elim h (fun x => .inr x) (fun x => .inl x)"),
    (f"{P3} (h : p → q) (k : q → p) : p ↔ q", "exact Iff.intro h k"),
    (f"{P3} (h : p ↔ q) (k : q) : p", "exact h.mpr k"),
    (f"{P3} (h : p ↔ q) (k : p) : q", "exact h.1 k"),
    (f"{P3} (h : p ↔ q) : q ↔ p", "exact h.symm"),
    (f"{P3} (h : p) (k : ¬p) : q", "exact absurd h k"),
    (f"{P3} (h : p) (k : ¬p) : q", "exact False.elim (k h)"),
    (f"{P3} (h : p) (k : ¬p) : q", "exact (k h).elim"),
    (f"{P3} : ¬False", "exact id"),
    (f"{P3} : True", "exact trivial"),
    (f"{P3} : p ∨ ¬p", "exact Classical.em p"),
    (f"{P3} : p → q → p", "exact fun (h : p) (_ : q) => h"),
    (f"{P3} (h : ∀ {{s : Prop}}, s → s) (k : p) : p", "exact h k"),
    (f"{P3} (h : ∀ {{s : Prop}}, s → s) : ∀ {{s : Prop}}, s → s", "exact h"),
    (f"{P3} (h : ∀ {{s : Prop}}, s → s) (k : p) : p", "exact @h p k"),
    (f"{ALPHA} : a = a", "exact rfl"),
    (f"{ALPHA} (h : a = b) : b = a", "exact Eq.symm h"),
    (f"{ALPHA} (h : a = b) (k : b = c) : c = a", "exact (h.trans k).symm"),
    (f"{ALPHA} (h : a = b) : f a = f b", "exact congrArg f h"),
    (f"{ALPHA} (h : a = b) : f (f a) = f (f b)", "exact congrArg (fun x => f (f x)) h"),
    (f"{NATS} (h : n = m) : n + 1 = m + 1", "exact congrArg (· + 1) h"),
    (f"{ALPHA} (h : ∀ x, P x → Q x) (k : P a) : Q a", "exact h a k"),
    (f"{ALPHA} (h : ∀ x, P x → Q x) (k : P a) : Q a", "exact h _ k"),
    (f"{ALPHA} (h : P a) : ∃ x, P x", "exact Exists.intro a h"),
    (f"{ALPHA} (h : ∃ x, P x) : ∃ x, P x ∧ P x", "exact h.elim fun x k => ⟨x, k, k⟩"),
    (f"{ALPHA} (h : ∀ S : α → Prop, S a → S b) : a = b", "exact h (fun x => a = x) rfl"),
    (f"{NATS} : ∃ x, x * x = 9", "exact ⟨3, rfl⟩"),
    ("(P : Nat → Prop) (z : P 0) (s : ∀ n, P n → P (n + 1)) : P 2", "exact s 1 (s 0 z)"),
]  # fmt: skip


@pytest.mark.parametrize("proof", PROOFS, ids=lambda proof: " | ".join(proof)[:100])
async def test_it_proves(proof: tuple[str, ...]) -> None:
    assert await proved(*proof)


@pytest.mark.parametrize("attempt", ATTEMPTS, ids=lambda attempt: attempt.name)
async def test_it_refuses(attempt: Attempt) -> None:
    message = await failed(attempt.statement, *attempt.tactics)
    assert attempt.message in message


def test_there_are_enough_attempts() -> None:
    assert len(ATTEMPTS) >= 40
    assert len({attempt.name for attempt in ATTEMPTS}) == len(ATTEMPTS)


# ---------------------------------------------------------------- how goals look


@pytest.mark.parametrize(
    "text",
    [
        "p → q → r", "(p → q) → r", "p ∧ q ∧ r", "(p ∧ q) ∧ r", "p ∨ q ∧ r", "(p ∨ q) ∧ r",
        "¬p ∧ q", "¬(p ∧ q)", "¬¬p", "¬(p → q)", "p → ¬q", "p ↔ q ∧ r", "(p ↔ q) ∧ r",
        "(p ↔ q) ↔ r", "p → q ↔ r", "p → (q ↔ r)", "True ∧ ¬False", "¬a = b", "a ≠ b",
        "a = b ∧ b = c", "f (f a) = a", "R (f a) b", "∀ (x : α), P x", "∀ (x y : α), R x y",
        "∀ (n : Nat) (x : α), n = 0 ∨ P x", "(∀ (x : α), P x) → p", "p → ∀ (x : α), P x",
        "(∀ (x : α), P x) ∧ p", "p ∧ ∀ (x : α), P x", "¬∀ (x : α), P x", "(¬∀ (x : α), P x) ∧ p",
        "∃ x, P x", "∃ x y, R x y", "∃ x, P x ∧ ∃ y, R x y", "(∃ x, P x) ∧ p",
        "∀ (x : α), ∃ y, R x y", "∃ x, ∀ (y : α), R x y", "∀ (s : Prop), s → s",
        "∀ {x : α}, P x", "∀ (g : α → α), g a = a", "∀ (S : α → Prop), S a → S b",
        "n + m + k = n + (m + k)", "n * (m + k) = n * m + n * k", "(n + 1) * m = 0",
        "n.succ = n + 1", "(n + m).succ = 0", "n.succ.succ = 2", "Nat.succ 0 = 1", "p = q",
        "α → p", "f = fun x => x", "(fun x => f x) = f",
    ],
)  # fmt: skip
async def test_a_statement_is_shown_as_lean_shows_it(text: str) -> None:
    binders = f"{P3} {ALPHA} {NATS}"
    [goal] = await goals(f"{binders} : {text}")
    assert goal == (
        "p q r : Prop\nα : Type\nP Q : α → Prop\nR : α → α → Prop\nf : α → α\na b c : α\n"
        f"n m k : Nat\n⊢ {text}"
    )


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("((p)) ∧ ((q ∧ r))", "p ∧ q ∧ r"),
        ("p -> q", "p → q"),
        ("forall x, P x", "∀ (x : α), P x"),
        ("∀ x, ∀ y, R x y", "∀ (x y : α), R x y"),
        ("∃ x : α, ∃ (y : α), R x y", "∃ x y, R x y"),
        ("∀ _ : p, q", "p → q"),
        ("(x : α) → P x", "∀ (x : α), P x"),
        ("¬(a = b)", "¬a = b"),
        ("Not p", "¬p"),
        ("And p q", "p ∧ q"),
        ("n.add m = Nat.succ n", "n + m = n.succ"),
        ("(p : Prop) ∧ q -- a comment", "p ∧ q"),
    ],
)
async def test_what_is_written_otherwise_is_shown_in_the_one_form(written: str, text: str) -> None:
    [goal] = await goals(f"{P3} {ALPHA} {NATS} : {written}")
    assert goal.rpartition("⊢ ")[2] == text


async def test_names_that_mean_nothing_any_more_have_a_dagger() -> None:
    [goal] = await goals("(p q : Prop) : p → q → p → p", "intro h h h")
    assert goal == "p q : Prop\nh✝¹ : p\nh✝ : q\nh : p\n⊢ p"
    [goal] = await goals("(p q : Prop) : p → q → p", "intro")
    assert goal == "p q : Prop\na✝ : p\n⊢ q → p"
    [goal] = await goals("(P : Nat → Prop) : ∀ x, P x → P x", "intros")
    assert goal == "P : Nat → Prop\nx✝ : Nat\na✝ : P x✝\n⊢ P x✝"


async def test_a_bound_name_gives_way_to_a_free_one() -> None:
    [goal] = await goals("(R : Nat → Nat → Prop) : ∀ x, ∃ y, R x y", "intro y")
    assert goal == "R : Nat → Nat → Prop\ny : Nat\n⊢ ∃ y_1, R y y_1"


async def test_hypotheses_of_one_type_share_a_line() -> None:
    [goal] = await goals("(p q : Prop) : p → p → q → p → p", "intro a b c d")
    assert goal == "p q : Prop\na b : p\nc : q\nd : p\n⊢ p"


async def test_what_is_still_to_be_found_is_a_goal_of_its_own() -> None:
    found = await goals("(P : Nat → Prop) (h : P 3) : ∃ n, P n", "constructor")
    assert found == (
        "P : Nat → Prop\nh : P 3\n⊢ P ?w",
        "P : Nat → Prop\nh : P 3\n⊢ Nat",
    )


async def test_goals_of_an_induction() -> None:
    found = await goals("(n m : Nat) (h : m = n) : 0 + n = m", "induction n")
    assert found == (
        "m : Nat\nh : m = 0\n⊢ 0 + 0 = m",
        "m n : Nat\nih : m = n → 0 + n = m\nh : m = n + 1\n⊢ 0 + (n + 1) = m",
    )


# ---------------------------------------------------------------- the prover itself


async def test_it_is_a_prover() -> None:
    prover = SmallProver()
    assert isinstance(prover, TacticProver)
    await prover.aclose()
    await prover.aclose()


async def test_a_state_can_be_gone_on_from_again() -> None:
    prover = SmallProver()
    theorem = read_theorem("theorem t (P : Nat → Prop) (h : P 1) (k : P 2) : ∃ n, P n")
    start = await prover.start(theorem)
    first = await prover.run(start, "constructor", SECONDS)
    assert isinstance(first, ProofState)
    for tactic in ("exact h", "exact k", "exact h"):
        found = await prover.run(first, tactic, SECONDS)
        assert isinstance(found, ProofState)
        assert found.is_proved
    assert isinstance(await prover.run(first, "exact P", SECONDS), TacticFailure)
    again = await prover.run(start, "constructor", SECONDS)
    assert isinstance(again, ProofState)
    assert again.goals == first.goals


async def test_nothing_is_left_to_do_behind_a_proof() -> None:
    assert await failed("(p : Prop) (h : p) : p", "exact h", "exact h") == "No goals to be solved"


async def test_a_state_of_another_prover_is_broken_machinery() -> None:
    with pytest.raises(BackendError):
        await SmallProver().run(ProofState("1", ("⊢ False",)), "trivial", SECONDS)


@pytest.mark.parametrize(
    "text",
    [
        "theorem t : x = x", "theorem t (n : Nat) : n", "theorem t : Nat", "theorem t : 1 = True",
        "theorem t (n : Int) : n = n", "theorem t [Inhabited Nat] : True", "theorem t (h) : True",
        "theorem t (p : Prop) : p ∧", "theorem t (p : Prop) : p q", "theorem t : ∃ x, x = x",
        "theorem t.{u} (p : Prop) : p", "variable (h : False)\ntheorem t : False",
        "notation \"True\" => False\ntheorem t : True", "def p := True\ntheorem t : True",
        "open Nat in\ntheorem t : True", "import Other\ntheorem t : True",
        "prelude\ntheorem t : True", "theorem t : " + "(" * 500 + "True" + ")" * 500,
        "theorem t : " + "¬" * 3000 + "True", "theorem t (α : Type) (x : α) : x + x = x",
        "theorem t (α : Type) (x : α) : x = 0", "theorem t : 1 < 2",
    ],
)  # fmt: skip
async def test_what_is_no_statement_it_knows_is_an_error(text: str) -> None:
    with pytest.raises(FormulaError):
        await SmallProver().start(read_theorem(text))


async def test_other_theorems_before_one_change_nothing() -> None:
    text = (
        "import Mathlib\n/-- One. -/\ntheorem one : True := trivial\nnamespace A\n"
        "@[simp] theorem two (p : Prop) (h : p) : p := by\n  exact h\nend A\n"
    )
    state = await SmallProver().start(read_theorem(text, "A.two"))
    assert state.goals == ("p : Prop\nh : p\n⊢ p",)


@pytest.mark.parametrize(
    "tactic", ["simp", "omega", "decide", "aesop", "sorry", "exact sorry", "exact?", "exact by rfl"]
)
async def test_what_it_does_not_know_fails(tactic: str) -> None:
    assert await failed("(n : Nat) : n = n", tactic)
