"""Proofs of the small prover as files for Lean itself, with all that they rest on.

The files need nothing but the library of the tests, which has no notation: each term is written
out, with all its arguments. They have natural numbers of their own, of which Lean knows nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from tests.backends.lean.small_prover.expressions import (
    Binder,
    Const,
    Expr,
    FVar,
    Lam,
    Lit,
    Sort,
    free_variable,
    instantiate,
    spine,
)
from tests.backends.lean.small_prover.library import THEOREMS, constants

__all__ = ["lean_file"]

_PRIMITIVES = frozenset({"And", "Or", "Not", "True", "False", "Eq"})
"""What the library of the tests has itself."""
_DEFINITIONS = """prelude
import Tiny
set_option linter.unusedVariables false
set_option genCtorIdx false

inductive S.Exists (α : Type) (p : α → Prop) : Prop where
  | intro (w : α) (h : p w) : S.Exists α p

structure S.Iff (a b : Prop) : Prop where
  intro ::
  mp : a → b
  mpr : b → a

def S.Ne (α : Type) (a b : α) : Prop := Not (@Eq α a b)

inductive S.Nat : Type where
  | zero : S.Nat
  | succ (n : S.Nat) : S.Nat

noncomputable def S.Nat.add (n m : S.Nat) : S.Nat :=
  @S.Nat.rec (fun _ => S.Nat) n (fun _ r => S.Nat.succ r) m

noncomputable def S.Nat.mul (n m : S.Nat) : S.Nat :=
  @S.Nat.rec (fun _ => S.Nat) S.Nat.zero (fun _ r => S.Nat.add r n) m

noncomputable def S.before (n : S.Nat) : S.Nat :=
  @S.Nat.rec (fun _ => S.Nat) S.Nat.zero (fun m _ => m) n

noncomputable def S.isSucc (n : S.Nat) : Prop :=
  @S.Nat.rec (fun _ => Prop) False (fun _ _ => True) n
"""
_PROOFS: Mapping[str, str] = MappingProxyType({
    "True.intro": "_root_.True.intro",
    "trivial": "_root_.True.intro",
    "False.elim": "fun C h => @False.rec (fun _ => C) h",
    "absurd": "fun a b h k => @False.rec (fun _ => b) (k h)",
    "id": "fun a h => h",
    "mt": "fun a b f k h => k (f h)",
    "And.intro": "fun a b h k => _root_.And.intro h k",
    "And.left": "fun a b h => _root_.And.left h",
    "And.right": "fun a b h => _root_.And.right h",
    "And.symm": "fun a b h => _root_.And.intro (_root_.And.right h) (_root_.And.left h)",
    "Or.inl": "fun a b h => _root_.Or.inl h",
    "Or.inr": "fun a b h => _root_.Or.inr h",
    "Or.elim": "fun a b c h f g => @Or.rec a b (fun _ => c) f g h",
    "Or.symm":
        "fun a b h => @Or.rec a b (fun _ => Or b a) "
        "(fun k => _root_.Or.inr k) (fun k => _root_.Or.inl k) h",
    "Iff.intro": "fun a b f g => _root_.S.Iff.intro f g",
    "Iff.mp": "fun a b h => _root_.S.Iff.mp h",
    "Iff.mpr": "fun a b h => _root_.S.Iff.mpr h",
    "Iff.refl": "fun a => _root_.S.Iff.intro (fun h => h) (fun h => h)",
    "Iff.rfl": "fun a => _root_.S.Iff.intro (fun h => h) (fun h => h)",
    "Iff.symm": "fun a b h => _root_.S.Iff.intro (_root_.S.Iff.mpr h) (_root_.S.Iff.mp h)",
    "Iff.trans":
        "fun a b c h k => _root_.S.Iff.intro (fun x => _root_.S.Iff.mp k (_root_.S.Iff.mp h x)) "
        "(fun x => _root_.S.Iff.mpr h (_root_.S.Iff.mpr k x))",
    "Exists.intro": "fun α p w h => _root_.S.Exists.intro w h",
    "Exists.elim": "fun α p b e f => @S.Exists.rec α p (fun _ => b) f e",
    "Eq.refl": "fun α a => _root_.Eq.refl a",
    "rfl": "fun α a => _root_.Eq.refl a",
    "Eq.symm": "fun α a b h => _root_.Eq.symm h",
    "Eq.trans": "fun α a b c h k => _root_.Eq.subst (motive := fun x => @Eq α a x) k h",
    "Eq.subst": "fun α m a b h x => _root_.Eq.subst (motive := m) h x",
    "Eq.mp": "fun a b h x => _root_.Eq.subst (motive := fun p => p) h x",
    "Eq.mpr": "fun a b h x => _root_.Eq.subst (motive := fun p => p) (_root_.Eq.symm h) x",
    "Ne.symm": "fun α a b h k => h (_root_.Eq.symm k)",
    "congrArg":
        "fun α β a b f h => "
        "_root_.Eq.subst (motive := fun x => @Eq β (f a) (f x)) h (_root_.Eq.refl (f a))",
    "congrFun":
        "fun α β f g h a => "
        "@_root_.Eq.subst (α → β) (fun k => @Eq β (f a) (k a)) f g h (_root_.Eq.refl (f a))",
    "Nat.rec": "fun m z s t => @_root_.S.Nat.rec m z s t",
    "Nat.succ.inj":
        "fun m n h => _root_.Eq.subst (motive := fun x => @Eq S.Nat m (S.before x)) h "
        "(_root_.Eq.refl m)",
    "Nat.succ_ne_zero":
        "fun n h => _root_.Eq.subst (motive := fun x => S.isSucc x) h _root_.True.intro",
    "Nat.add_zero": "fun n => _root_.Eq.refl n",
    "Nat.add_succ": "fun n m => _root_.Eq.refl (_root_.S.Nat.succ (S.Nat.add n m))",
    "Nat.mul_zero": "fun n => _root_.Eq.refl _root_.S.Nat.zero",
    "Nat.mul_succ": "fun n m => _root_.Eq.refl (S.Nat.add (S.Nat.mul n m) n)",
})  # fmt: skip
"""Why what the prover takes as known is so; what has none here is an axiom of Lean's library."""


def lean_file(proofs: Iterable[tuple[Expr, Expr]]) -> str:
    """A file that Lean takes if and only if each proof proves its statement.

    Args:
        proofs: Statements and their proofs, both without free variables.
    """
    lines = [_DEFINITIONS]
    for name in THEOREMS:
        type = _Writer().text(constants()[name])
        if name in _PROOFS:
            lines.append(f"theorem S.t.{name} : {type} :=\n  {_PROOFS[name]}\n")
        else:
            lines.append(f"axiom S.t.{name} : {type}\n")
    for number, (statement, proof) in enumerate(proofs):
        type, term = _Writer().text(statement), _Writer().text(proof)
        lines.append(f"theorem S.proved{number} : {type} :=\n  {term}\n")
    return "\n".join(lines)


class _Writer:
    """Writes one term; the variables are numbered."""

    def __init__(self) -> None:
        self._names: dict[int, str] = {}

    def text(self, e: Expr) -> str:
        """The term, in brackets unless it is a word."""
        match e:
            case FVar():
                return self._names[e.number]
            case Sort():
                return ("Prop", "Type")[e.level] if e.level < 2 else f"(Type {e.level - 1})"
            case Lit():
                return "(S.Nat.succ " * e.value + "S.Nat.zero" + ")" * e.value
            case Const():
                return self._constant(e.name)
            case Binder():
                return self._binder(e)
        head, args = spine(e)
        return f"({' '.join(map(self.text, [head, *args]))})"

    def _constant(self, name: str) -> str:
        if name in _PRIMITIVES:
            return f"@_root_.{name}"
        return f"@S.t.{name}" if name in THEOREMS else f"@S.{name}"

    def _binder(self, e: Binder) -> str:
        variable = free_variable(e.name, e.domain)
        name = f"v{len(self._names)}"
        domain = self.text(e.domain)
        self._names[variable.number] = name
        body = self.text(instantiate(e.body, variable))
        if isinstance(e, Lam):
            return f"(fun ({name} : {domain}) => {body})"
        return f"(∀ ({name} : {domain}), {body})"
