"""Attempts to prove what is not so, or not yet shown to be."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["ATTEMPTS", "Attempt"]

P3 = "(p q r : Prop)"
ALPHA = "{α : Type} (P Q : α → Prop) (R : α → α → Prop) (f g : α → α) (a b c : α)"


@dataclass(frozen=True, slots=True)
class Attempt:
    """Tactics of which the last must fail.

    Attributes:
        name: What is wrong.
        statement: What is to be proved.
        tactics: The tactics.
        message: What the failure says.
    """

    name: str
    statement: str
    tactics: tuple[str, ...]
    message: str


def _all(statement: str, *attempts: tuple[str | tuple[str, ...], ...]) -> list[Attempt]:
    """Attempts at one statement: name, message, tactics."""
    found = []
    for name, message, *tactics in attempts:
        assert isinstance(name, str)
        assert isinstance(message, str)
        texts = tuple(text for text in tactics if isinstance(text, str))
        found.append(Attempt(name, statement, texts, message))
    return found


_MISMATCH = "ype mismatch"
_APPLY = "could not unify"

ATTEMPTS = [
    *_all(
        f"{P3} (h : p ∨ q) : p",
        ("one side of an or", _MISMATCH, "exact h"),
        ("field of an or", "Invalid field", "exact h.left"),
        ("number of an or", "Invalid field", "exact h.1"),
        ("wrong case of an or", _MISMATCH, "cases h", "exact h_1", "exact h_1"),
        ("only one case", "Type mismatch", "exact h.elim id id"),
        ("tuple for an or", "several cases", "rcases h with ⟨x, y⟩"),
        ("a hypothesis of another case", "Unknown identifier", "rcases h with a | b", "exact a",
         "exact a"),
        ("assumption that is not there", "`assumption` failed", "assumption"),
        ("what has been taken apart", "Unknown identifier", "cases h", "cases h"),
        ("excluded middle of another", _MISMATCH, "exact (Classical.em p).elim id h.elim"),
    ),
    *_all(
        f"{P3} (h : p) : p ∧ q",
        ("half of an and", _MISMATCH, "exact h"),
        ("half twice", _MISMATCH, "exact ⟨h, h⟩"),
        ("one part only", "Invalid `⟨...⟩`", "exact ⟨h⟩"),
        ("left of an and", "`left` failed", "left"),
        ("second goal by the first", _MISMATCH, "constructor", "exact h", "exact h"),
        ("itself as its own lemma", "Unknown identifier", "exact t p q r h"),
        ("hole in exact", "placeholder", "exact ⟨h, ?_⟩"),
        ("blank in exact", "placeholder", "exact ⟨h, _⟩"),
        ("blank in refine", "placeholder", "refine ⟨h, _⟩"),
        ("hole in have", "placeholder", "have k : q := ?_"),
        ("goal left under a dot", "unsolved goals", "· constructor"),
        ("goal left in have", "unsolved goals", "have k : p ∧ q := by constructor"),
        ("have that uses itself", "Unknown identifier", "have k : q := k"),
        ("have of something else", _MISMATCH, "have k : q := h"),
        ("have by something else", _MISMATCH, "have k : q := by exact h"),
    ),
    *_all(
        f"{P3} (h : p → q) (k : q) : p",
        ("converse", _MISMATCH, "exact h k"),
        ("converse by apply", _APPLY, "apply h"),
        ("contraposed the wrong way", _MISMATCH, "exact absurd k (mt h)"),
        ("reversed rewriting", "Expected an equality", "rw [h]"),
        ("premise as conclusion", _APPLY, "apply k"),
        ("show something weaker", "not definitionally equal", "show q"),
        ("show something stronger", "not definitionally equal", "change p ∧ q"),
        ("intro of nothing", "no additional binders", "intro x"),
        ("rfl of no relation", "`rfl` failed", "rfl"),
        ("symm of no relation", "`symm` failed", "symm"),
        ("contradiction without one", "`contradiction` failed", "contradiction"),
        ("trivial of what is not", "failed", "trivial"),
        ("trivial term", _MISMATCH, "exact trivial"),
        ("from itself", "Unknown identifier", "exact this"),
        ("false from nothing", "failed", "exfalso", "trivial"),
        ("a function as its value", _MISMATCH, "exact h"),
        ("too many arguments", _MISMATCH, "exact h k k k"),
        ("a type as its proof", _MISMATCH, "exact p"),
        ("typed binder", _MISMATCH, "exact (fun (x : q) => h x) k"),
        ("ascription", _MISMATCH, "exact (k : p)"),
        ("propext of one direction", _MISMATCH, "exact Eq.mp (propext h) k"),
        ("self-application", "Function expected", "exact (fun x => x x) h"),
    ),
    *_all(
        f"{P3} (h : ¬p) : ¬(p ∨ q)",
        ("negation of a part", _MISMATCH, "exact h"),
        ("double negation", _MISMATCH, "exact fun k => h (h k)"),
        ("refuted by another", "`contradiction` failed", "intro k", "contradiction"),
        ("wrong side refuted", _MISMATCH, "rintro (x | y)", "exact h x", "exact h y"),
    ),
    *_all(
        f"{ALPHA} (h : ∃ x, P x) (k : ∃ x, Q x) : ∃ x, P x ∧ Q x",
        ("witnesses taken for one", _MISMATCH, "obtain ⟨x, hx⟩ := h", "obtain ⟨y, hy⟩ := k",
         "exact ⟨x, hx, hy⟩"),
        ("witness that escapes", "Unknown identifier",
         "have l : ∃ x, P x := by\n  obtain ⟨x, hx⟩ := h\n  exact ⟨x, hx⟩", "exact ⟨x, hx, hx⟩"),
        ("witness by field", "Invalid field", "exact ⟨h.1, h.2⟩"),
        ("witness chosen later", _MISMATCH, "constructor", "constructor",
         "obtain ⟨x, hx⟩ := h", "exact hx"),
        ("witness out of its case", _MISMATCH, "apply Exists.intro", "cases h",
         "exact ⟨h_1, h_1⟩"),
        ("any witness", _MISMATCH, "exact h.elim fun x hx => ⟨a, hx, hx⟩"),
        ("same name for two", _MISMATCH, "rcases h with ⟨x, hx⟩", "rcases k with ⟨x, hy⟩",
         "exact ⟨x, hx, hy⟩"),
    ),
    *_all(
        f"{ALPHA} (h : ∀ x, ∃ y, R x y) : ∃ y, ∀ x, R x y",
        ("exchanged quantifiers", _MISMATCH, "exact h"),
        ("one for all", "", "constructor", "intro x", "exact (h x).elim fun y k => k"),
        ("exchanged after intro", "", "apply Exists.intro", "intro x", "obtain ⟨y, k⟩ := h x",
         "exact k"),
        ("exchanged in a term", _MISMATCH, "exact (h a).elim fun y k => ⟨y, fun x => k⟩"),
        ("variable of a hole", "", "refine ⟨?_, fun x => ?_⟩", "exact x"),
    ),
    *_all(
        f"{ALPHA} (h : ∀ x, P x → Q x) (k : P a) : ∀ x, Q x",
        ("some for all", _MISMATCH, "intro x", "exact h x k"),
        ("some for all by apply", _MISMATCH, "intro x", "apply h", "exact k"),
        ("the bound variable before intro", "Unknown identifier", "exact h x k"),
        ("no premise", _MISMATCH, "exact h"),
        ("captured name", _MISMATCH, "intro a", "exact h a k"),
        ("another instance", _MISMATCH, "intro x", "have l : Q x := h a k"),
        ("specialized twice", "Function expected", "specialize h a k", "specialize h b"),
        ("cleared but needed", "needed by", "clear a"),
        ("predicate of a predicate", _MISMATCH, "exact h P k"),
    ),
    *_all(
        f"{ALPHA} (h : a = b) (k : f a = g b) : f b = g a",
        ("an equation for another", _MISMATCH, "exact k"),
        ("turned without need", _MISMATCH, "exact k.symm"),
        ("sides that differ", "not definitionally equal", "rfl"),
        ("rewriting what is not there", "Did not find", "rw [h, h]"),
        ("chain that does not meet", _MISMATCH, "exact k.trans h"),
        ("images of other functions", _MISMATCH, "exact congrArg f h"),
        ("injective without reason", _MISMATCH, "have l : f = g := congrArg f h"),
        ("both ways at once", _MISMATCH, "rw [h] at k", "rw [← h]", "exact k.symm"),
        ("no variable to replace", "`subst` failed", "subst k"),
        ("functions from one value", _MISMATCH, "exact congrFun k a"),
    ),
    *_all(
        f"{ALPHA} (h : ∀ x : α, ∃ y, ¬(x = y)) : a = b",
        ("equation by rewriting itself", "Unknown identifier", "rw [this]"),
        ("refl of others", _MISMATCH, "exact Eq.refl a"),
        ("bound variable rewritten", "Expected an equality", "rw [h] at h"),
    ),
    *_all(
        "(n m : Nat) (P : Nat → Prop) (z : P 0) (s : ∀ n, P n → P (n + 1)) : P (n + m)",
        ("base for all", _MISMATCH, "exact z"),
        ("step without base", _APPLY, "induction n", "apply s"),
        ("hypothesis for the step", _MISMATCH, "induction n", "induction m", "exact z", "exact ih"),
        ("hypothesis in the base", "Unknown identifier", "induction m", "exact ih"),
        ("hypothesis for another number", _MISMATCH,
         "have l : ∀ k, P k → P (k + 2) := fun k y => s k y"),
        ("induction on a predicate", "not a natural number", "induction P"),
        ("induction on a proof", "not a natural number", "induction z"),
        ("number above its bound", _MISMATCH, "have l : P 2 := s 0 z"),
    ),
    *_all(
        "(n m : Nat) (h : n = m) : n + 1 = m",
        ("successor of the same", _MISMATCH, "exact congrArg Nat.succ h"),
        ("generalized too late", _MISMATCH, "induction n", "exact h"),
        ("hypothesis without its premise", _MISMATCH, "revert m",
         "induction n", "intro m h", "exact h"),
        ("numbers that differ", "not definitionally equal", "have k : 2 + 2 = 5 := by rfl"),
        ("zero plus by computation", "not definitionally equal", "have k : 0 + n = n := by rfl"),
        ("clash of the same", "`contradiction` failed", "have k : 3 = 3 := rfl", "contradiction"),
        ("no clash", "unsolved goals",
         "have k : ∀ x, x + 1 = m → False := by\n  intro x l\n  cases l"),
        ("successor that is zero", _MISMATCH, "exact absurd h (Nat.succ_ne_zero n)"),
    ),
    *_all(
        "(h : ∀ p : Prop, p → p) : ∀ p q : Prop, p → q",
        ("another proposition", _MISMATCH, "exact h"),
        ("instance at itself", _MISMATCH, "intro p q", "exact h p"),
        ("captured proposition", _MISMATCH, "intro p q x", "exact h (∀ q, q) x"),
        ("impredicative instance", _MISMATCH, "exact h (∀ p q : Prop, p → q)"),
    ),
]  # fmt: skip
