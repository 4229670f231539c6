/- Forty theorems of Lean 4 without Mathlib, for searches that prove one tactic at a time.

They were written for this project. Every proof is a way that there is: one tactic a line, each of
them for the goal that is first. Sixteen are about propositions (t01 to t16), eight about `∀` and
`∃` (t17 to t24), eight about equality (t25 to t32) and eight about natural numbers (t33 to t40). -/

theorem t01_and_swap (p q : Prop) (h : p ∧ q) : q ∧ p := by
  constructor
  exact h.right
  exact h.left

theorem t02_chain (p q r s : Prop) : (p → q) → (q → r) → (r → s) → p → s := by
  intro f g k hp
  apply k
  apply g
  apply f
  exact hp

theorem t03_or_swap (p q : Prop) : p ∨ q → q ∨ p := by
  intro h
  cases h
  rename_i hp
  right
  exact hp
  rename_i hq
  left
  exact hq

theorem t04_and_regroup (p q r : Prop) : (p ∧ q) ∧ r ↔ p ∧ q ∧ r := by
  constructor
  intro h
  exact ⟨h.1.1, h.1.2, h.2⟩
  intro h
  obtain ⟨hp, hq, hr⟩ := h
  exact ⟨⟨hp, hq⟩, hr⟩

theorem t05_and_over_or (p q r : Prop) : p ∧ (q ∨ r) ↔ (p ∧ q) ∨ (p ∧ r) := by
  constructor
  intro h
  rcases h with ⟨hp, hq | hr⟩
  left
  exact ⟨hp, hq⟩
  right
  exact ⟨hp, hr⟩
  intro h
  rcases h with ⟨hp, hq⟩ | ⟨hp, hr⟩
  exact ⟨hp, Or.inl hq⟩
  exact ⟨hp, Or.inr hr⟩

theorem t06_contrapositive (p q : Prop) : (p → q) → ¬q → ¬p := by
  intro h hq hp
  apply hq
  apply h
  assumption

theorem t07_not_or (p q : Prop) : ¬(p ∨ q) ↔ ¬p ∧ ¬q := by
  constructor
  intro h
  constructor
  intro hp
  exact h (Or.inl hp)
  intro hq
  exact h (Or.inr hq)
  intro h k
  rcases k with hp | hq
  exact h.left hp
  exact h.right hq

theorem t08_two_premises_in_one (p q r : Prop) : (p ∧ q → r) ↔ (p → q → r) := by
  constructor
  intro h hp hq
  apply h
  exact ⟨hp, hq⟩
  intro h k
  exact h k.left k.right

theorem t09_never_both (p : Prop) : ¬(p ∧ ¬p) := by
  intro h
  obtain ⟨hp, hn⟩ := h
  contradiction

theorem t10_false_premise (p q r : Prop) (h : ¬p) : p ∧ q → r := by
  intro k
  exfalso
  apply h
  exact k.left

theorem t11_excluded_middle_is_not_refuted (p : Prop) : ¬¬(p ∨ ¬p) := by
  intro h
  apply h
  right
  intro hp
  exact h (Or.inl hp)

theorem t12_iff_of_negations (p q : Prop) (h : p ↔ q) : ¬q ↔ ¬p := by
  constructor
  intro hq hp
  exact hq (h.mp hp)
  intro hp hq
  exact hp (h.mpr hq)

theorem t13_implication_into_itself (p q : Prop) : ((p → q) → p) → p := by
  intro h
  rcases Classical.em p with hp | hn
  exact hp
  apply h
  intro hp
  exact absurd hp hn

theorem t14_not_and (p q : Prop) : ¬(p ∧ q) → ¬p ∨ ¬q := by
  intro h
  rcases Classical.em p with hp | hn
  right
  intro hq
  exact h ⟨hp, hq⟩
  left
  exact hn

theorem t15_never_its_own_negation (p : Prop) : ¬(p ↔ ¬p) := by
  intro h
  have hn : ¬p := fun hp => h.mp hp hp
  exact hn (h.mpr hn)

theorem t16_three_ways (p q r s : Prop) (h : p ∨ q ∨ r) (f : p → s) (g : ¬q) (k : r → s ∨ q) :
    s := by
  rcases h with hp | hq | hr
  exact f hp
  exact absurd hq g
  rcases k hr with hs | hq
  exact hs
  contradiction

theorem t17_forall_and {α : Type} (P Q : α → Prop) :
    (∀ x, P x ∧ Q x) ↔ (∀ x, P x) ∧ (∀ x, Q x) := by
  constructor
  intro h
  constructor
  intro x
  exact (h x).left
  intro x
  exact (h x).right
  intro h x
  exact ⟨h.left x, h.right x⟩

theorem t18_exists_or {α : Type} (P Q : α → Prop) :
    (∃ x, P x ∨ Q x) ↔ (∃ x, P x) ∨ (∃ x, Q x) := by
  constructor
  intro h
  rcases h with ⟨x, hp | hq⟩
  left
  exact ⟨x, hp⟩
  right
  exact ⟨x, hq⟩
  intro h
  rcases h with ⟨x, hp⟩ | ⟨x, hq⟩
  exact ⟨x, Or.inl hp⟩
  exact ⟨x, Or.inr hq⟩

theorem t19_none {α : Type} (P : α → Prop) : ¬(∃ x, P x) ↔ ∀ x, ¬P x := by
  constructor
  intro h x hx
  exact h ⟨x, hx⟩
  intro h k
  obtain ⟨x, hx⟩ := k
  exact h x hx

theorem t20_one_for_all {α : Type} (R : α → α → Prop) :
    (∃ x, ∀ y, R x y) → ∀ y, ∃ x, R x y := by
  intro h y
  rcases h with ⟨x, hx⟩
  exists x
  exact hx y

theorem t21_three_times {α : Type} (P : α → Prop) (f : α → α) (h : ∀ x, P x → P (f x)) :
    ∀ x, P x → P (f (f (f x))) := by
  intro x hx
  apply h
  apply h
  exact h x hx

theorem t22_exists_as_premise {α : Type} (P : α → Prop) (q : Prop) :
    (∀ x, P x → q) ↔ ((∃ x, P x) → q) := by
  constructor
  intro h k
  rcases k with ⟨x, hx⟩
  exact h x hx
  intro h x hx
  apply h
  exact ⟨x, hx⟩

theorem t23_or_by_its_uses (p q : Prop) : (∀ r : Prop, (p → r) → (q → r) → r) → p ∨ q := by
  intro h
  apply h
  intro hp
  exact Or.inl hp
  intro hq
  exact Or.inr hq

theorem t24_nobody_shaves_just_those {α : Type} (R : α → α → Prop) :
    ¬∃ b, ∀ x, R b x ↔ ¬R x x := by
  intro h
  rcases h with ⟨b, hb⟩
  have k : R b b ↔ ¬R b b := hb b
  have n : ¬R b b := fun r => k.mp r r
  exact n (k.mpr n)

theorem t25_same_as_a_third {α : Type} (a b c : α) (h : a = b) (k : c = b) : a = c := by
  rw [h]
  symm
  exact k

theorem t26_same_images {α : Type} (f : α → α) (a b : α) (h : a = b) : f (f a) = f (f b) := by
  rw [h]

theorem t27_carried_over {α : Type} (P : α → Prop) (a b : α) (h : a = b) (ha : P a) : P b := by
  rw [← h]
  exact ha

theorem t28_its_own_inverse {α : Type} (f : α → α) (h : ∀ x, f (f x) = x) (a b : α)
    (k : f a = f b) : a = b := by
  rw [← h a]
  rw [k]
  exact h b

theorem t29_inverse_reaches_all {α : Type} (f g : α → α) (h : ∀ x, f (g x) = x) :
    ∀ y, ∃ x, f x = y := by
  intro y
  exact ⟨g y, h y⟩

theorem t30_only_one_thing {α : Type} (P : α → Prop) (a : α) (h : ∀ x y : α, x = y) (ha : P a) :
    ∀ x, P x := by
  intro x
  rw [h x a]
  exact ha

theorem t31_told_apart {α : Type} (P : α → Prop) (a b : α) (h : P a) (k : ¬P b) : ¬(a = b) := by
  intro e
  rw [e] at h
  exact k h

theorem t32_once_is_enough {α : Type} (f g : α → α) (h : ∀ x, f x = g x)
    (k : ∀ x, g (g x) = f x) (a : α) : f (f a) = f a := by
  rw [h (f a)]
  rw [h a]
  rw [k a]
  exact h a

theorem t33_nothing_and_n (n : Nat) : 0 + n = n := by
  induction n
  rfl
  rename_i k ih
  exact congrArg Nat.succ ih

theorem t34_one_more_on_the_left (n m : Nat) : n + 1 + m = n + m + 1 := by
  induction m
  rfl
  rename_i k ih
  exact congrArg Nat.succ ih

theorem t35_sum_turned (n m : Nat) (z : ∀ k : Nat, 0 + k = k)
    (s : ∀ k l : Nat, k + 1 + l = k + l + 1) : n + m = m + n := by
  induction m
  exact (z n).symm
  rename_i k ih
  have e : n + (k + 1) = k + n + 1 := congrArg Nat.succ ih
  rw [e]
  exact (s k n).symm

theorem t36_nothing_times_n (n : Nat) : 0 * n = 0 := by
  induction n
  rfl
  rename_i k ih
  have e : 0 * (k + 1) = 0 * k + 0 := rfl
  rw [e]
  exact ih

theorem t37_product_and_sum : ∃ n m : Nat, n * m = 12 ∧ n + m = 7 := by
  refine ⟨3, 4, ?_⟩
  constructor
  rfl
  rfl

theorem t38_never_its_own_successor (n : Nat) : ¬(n + 1 = n) := by
  induction n
  exact Nat.succ_ne_zero 0
  rename_i k ih
  intro h
  apply ih
  exact Nat.succ.inj h

theorem t39_even_or_odd (n : Nat) (s : ∀ k l : Nat, k + 1 + l = k + l + 1) :
    (∃ k, n = k + k) ∨ (∃ k, n = k + k + 1) := by
  induction n
  left
  exact ⟨0, rfl⟩
  rename_i m ih
  rcases ih with ⟨k, hk⟩ | ⟨k, hk⟩
  right
  exact ⟨k, congrArg Nat.succ hk⟩
  left
  refine ⟨k + 1, ?_⟩
  rw [hk]
  exact congrArg Nat.succ (s k k).symm

theorem t40_sum_regrouped (a b n : Nat) : (a + b) + n = a + (b + n) := by
  induction n
  rfl
  rename_i k ih
  exact congrArg Nat.succ ih
