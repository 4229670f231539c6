/- The library of the tests: what Lean itself looks for when it declares things and reports errors,
and propositions, equality and natural numbers to prove something about. It has no notation and no
tactics, since these take a library many times as large. -/
prelude
set_option autoImplicit false
set_option genCtorIdx false
set_option bootstrap.inductiveCheckResultingUniverse false

universe u v

axiom lcErased : Type
axiom lcAny : Type
axiom lcVoid : Type

def Function.const {α : Sort u} (β : Sort v) (a : α) : β → α := fun _ => a

def id {α : Sort u} (a : α) : α := a

inductive Bool where
  | false : Bool
  | true : Bool

inductive PUnit : Sort u where
  | unit : PUnit

inductive Eq {α : Sort u} : α → α → Prop where
  | refl (a : α) : Eq a a

theorem Eq.subst {α : Sort u} {motive : α → Prop} {a b : α} (h : Eq a b) (m : motive a) :
    motive b :=
  Eq.rec (motive := fun x _ => motive x) m h

def Eq.ndrec.{u1, u2} {α : Sort u2} {a : α} {motive : α → Sort u1} (m : motive a) {b : α} (h : Eq a b) :
    motive b :=
  Eq.rec (motive := fun x _ => motive x) m h

inductive HEq {α : Sort u} (a : α) : {β : Sort u} → β → Prop where
  | refl : HEq a a

theorem eq_of_heq {α : Sort u} {a b : α} (h : HEq a b) : Eq a b :=
  HEq.rec
    (motive := fun {β : Sort u} (c : β) _ =>
      (e : Eq α β) → Eq (Eq.rec (motive := fun γ _ => γ) a e) c)
    (fun _ => Eq.refl a) h (Eq.refl α)

theorem heq_of_eq {α : Sort u} {a b : α} (h : Eq a b) : HEq a b :=
  Eq.rec (motive := fun c _ => HEq a c) (HEq.refl) h

abbrev Unit : Type := PUnit

abbrev Unit.unit : Unit := PUnit.unit

structure PProd (α : Sort u) (β : Sort v) where
  fst : α
  snd : β

inductive True : Prop where
  | intro : True

inductive False : Prop

def Not (a : Prop) : Prop := a → False

structure And (a b : Prop) : Prop where
  intro ::
  left : a
  right : b

inductive Or (a b : Prop) : Prop where
  | inl (h : a) : Or a b
  | inr (h : b) : Or a b

inductive Nat where
  | zero : Nat
  | succ (n : Nat) : Nat

class OfNat (α : Type u) (n : Nat) where
  ofNat : α

instance instOfNatNat (n : Nat) : OfNat Nat n where
  ofNat := n

structure String where
  ofNat ::
  toNat : Nat

inductive Lean.Name where
  | anonymous : Lean.Name
  | str (pre : Lean.Name) (s : String) : Lean.Name
  | num (pre : Lean.Name) (i : Nat) : Lean.Name

axiom sorryAx (α : Sort u) (synthetic : Bool) : α

theorem Eq.symm {α : Sort u} {a b : α} (h : Eq a b) : Eq b a :=
  Eq.rec (motive := fun x _ => Eq x a) (Eq.refl a) h

