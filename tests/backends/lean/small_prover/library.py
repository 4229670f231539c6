"""The constants that statements and proofs may use, all of them Lean's own."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from tests.backends.lean.small_prover.elaborator import Elaborator
from tests.backends.lean.small_prover.expressions import (
    PROP,
    TYPE,
    BVar,
    Expr,
    Pi,
    arrow,
)
from tests.backends.lean.small_prover.lexer import Tokens, tokenize
from tests.backends.lean.small_prover.limits import Budget
from tests.backends.lean.small_prover.parser import TermParser
from tests.backends.lean.small_prover.reduction import NAT
from tests.backends.lean.small_prover.unifier import Unifier

__all__ = ["THEOREMS", "constants"]

_CONNECTIVE = arrow(PROP, arrow(PROP, PROP))
_OPERATION = arrow(NAT, arrow(NAT, NAT))
_RELATION = Pi("α", TYPE, Pi("a", BVar(0), Pi("a", BVar(1), PROP)), implicit=True)
_PRIMITIVES: dict[str, Expr] = {
    "And": _CONNECTIVE,
    "Or": _CONNECTIVE,
    "Iff": _CONNECTIVE,
    "Not": arrow(PROP, PROP),
    "True": PROP,
    "False": PROP,
    "Eq": _RELATION,
    "Ne": _RELATION,
    "Exists": Pi("α", TYPE, Pi("p", Pi("a", BVar(0), PROP), PROP), implicit=True),
    "Nat": TYPE,
    "Nat.zero": NAT,
    "Nat.succ": arrow(NAT, NAT),
    "Nat.add": _OPERATION,
    "Nat.mul": _OPERATION,
}

THEOREMS: Mapping[str, str] = MappingProxyType({
    "True.intro": "True",
    "trivial": "True",
    "False.elim": "∀ {C : Prop}, False → C",
    "absurd": "∀ {a b : Prop}, a → ¬a → b",
    "id": "∀ {a : Prop}, a → a",
    "mt": "∀ {a b : Prop}, (a → b) → ¬b → ¬a",
    "And.intro": "∀ {a b : Prop} (left : a) (right : b), a ∧ b",
    "And.left": "∀ {a b : Prop}, a ∧ b → a",
    "And.right": "∀ {a b : Prop}, a ∧ b → b",
    "And.symm": "∀ {a b : Prop}, a ∧ b → b ∧ a",
    "Or.inl": "∀ {a b : Prop}, a → a ∨ b",
    "Or.inr": "∀ {a b : Prop}, b → a ∨ b",
    "Or.elim": "∀ {a b c : Prop}, a ∨ b → (a → c) → (b → c) → c",
    "Or.symm": "∀ {a b : Prop}, a ∨ b → b ∨ a",
    "Iff.intro": "∀ {a b : Prop} (mp : a → b) (mpr : b → a), a ↔ b",
    "Iff.mp": "∀ {a b : Prop}, (a ↔ b) → a → b",
    "Iff.mpr": "∀ {a b : Prop}, (a ↔ b) → b → a",
    "Iff.refl": "∀ (a : Prop), a ↔ a",
    "Iff.rfl": "∀ {a : Prop}, a ↔ a",
    "Iff.symm": "∀ {a b : Prop}, (a ↔ b) → (b ↔ a)",
    "Iff.trans": "∀ {a b c : Prop}, (a ↔ b) → (b ↔ c) → (a ↔ c)",
    "Exists.intro": "∀ {α : Type} {p : α → Prop} (w : α) (h : p w), Exists p",
    "Exists.elim": "∀ {α : Type} {p : α → Prop} {b : Prop}, Exists p → (∀ a : α, p a → b) → b",
    "Eq.refl": "∀ {α : Type} (a : α), a = a",
    "rfl": "∀ {α : Type} {a : α}, a = a",
    "Eq.symm": "∀ {α : Type} {a b : α}, a = b → b = a",
    "Eq.trans": "∀ {α : Type} {a b c : α}, a = b → b = c → a = c",
    "Eq.subst": "∀ {α : Type} {motive : α → Prop} {a b : α}, a = b → motive a → motive b",
    "Eq.mp": "∀ {α β : Prop}, α = β → α → β",
    "Eq.mpr": "∀ {α β : Prop}, α = β → β → α",
    "Ne.symm": "∀ {α : Type} {a b : α}, a ≠ b → b ≠ a",
    "congrArg": "∀ {α β : Type} {a₁ a₂ : α} (f : α → β), a₁ = a₂ → f a₁ = f a₂",
    "congrFun": "∀ {α β : Type} {f g : α → β}, f = g → ∀ a : α, f a = g a",
    "propext": "∀ {a b : Prop}, (a ↔ b) → a = b",
    "Classical.em": "∀ (p : Prop), p ∨ ¬p",
    "Classical.byContradiction": "∀ {p : Prop}, (¬p → False) → p",
    "Nat.rec":
        "∀ {motive : Nat → Prop} (zero : motive 0)"
        " (succ : ∀ n : Nat, motive n → motive (n + 1)) (t : Nat), motive t",
    "Nat.succ.inj": "∀ {m n : Nat}, Nat.succ m = Nat.succ n → m = n",
    "Nat.succ_ne_zero": "∀ (n : Nat), Nat.succ n ≠ 0",
    "Nat.add_zero": "∀ (n : Nat), n + 0 = n",
    "Nat.add_succ": "∀ (n m : Nat), n + Nat.succ m = Nat.succ (n + m)",
    "Nat.mul_zero": "∀ (n : Nat), n * 0 = 0",
    "Nat.mul_succ": "∀ (n m : Nat), n * Nat.succ m = n * m + n",
})  # fmt: skip
"""What is known of the primitive constants."""


@cache
def constants() -> Mapping[str, Expr]:
    """The type of each constant."""
    found = dict(_PRIMITIVES)
    for name, text in THEOREMS.items():
        parser = TermParser(Tokens(tokenize(text)))
        unifier = Unifier(_PRIMITIVES, {}, Budget(1e9))
        found[name] = Elaborator(unifier, ()).closed_type(parser.term())
    return MappingProxyType(found)
