"""What is refused as Lean 3, and that no Lean 4 is."""

from __future__ import annotations

import pytest
from hypothesis import given

from neurosym.errors import FormulaError
from neurosym.formal.lean.habits import refuse_old_commands, refuse_old_terms
from neurosym.formal.lean.parts import split_theorem
from neurosym.formal.lean.source import read_source
from neurosym.formal.lean.theorem import read_theorem
from tests.formal.lean.strategies import Made, full_name, made_theorems


@pytest.mark.parametrize(
    ("text", "place", "problem", "hint"),
    [
        ("import data.real.basic\ntheorem a : T := t", (1, 1), "`data.real.basic` is a module",
         "import Mathlib.Data.Real.Basic, or import Mathlib for all"),
        ("import Mathlib\n import category_theory.monad.basic\ntheorem a : T := t", (2, 2),
         "`category_theory.monad.basic`", "import Mathlib.CategoryTheory.Monad.Basic"),
        ("import tactic\ntheorem a : T := t", (1, 1), "`tactic`", "import Mathlib.Tactic"),
        ("import tactic.ring data.nat.prime\ntheorem a : T := t", (1, 1), "`tactic.ring`",
         "import Mathlib.Tactic.Ring"),
        ("theorem a : T := begin simp end", (1, 18), "`begin … end` is Lean 3",
         "by and the tactics, indented"),
        ("theorem a : T :=\nbegin\n  simp,\n  ring,\nend", (2, 1), "`begin … end`", "by"),
        ("namespace N\ntheorem a : T :=\nbegin\n  simp\nend\nend N", (3, 1), "`begin … end`", "by"),
        ("section\ntheorem a : T :=\nbegin\n  simp\nend\nend", (3, 1), "`begin … end`", "by"),
        ("theorem a : T := ⟨begin simp end, t⟩", (1, 19), "`begin … end`", "by"),
        ("theorem a : T := by have h : U := begin simp end", (1, 35), "`begin … end`", "by"),
        ("theorem a : T := λ x, x", (1, 21), "a comma behind the variables of `λ` is Lean 3",
         "fun x => …"),
        ("theorem a : T := fun x y, x", (1, 25), "variables of `fun`", "fun x => …"),
        ("theorem a : T := λ (x : ℕ) {y : ℕ}, x", (1, 35), "variables of `λ`", "fun"),
        ("theorem a : T := λ ⟨x, y⟩, x", (1, 26), "variables of `λ`", "fun"),
        ("theorem a : T := λ _ (h : ∀ x, x = 1), t", (1, 38), "variables of `λ`", "fun"),
        ("theorem a : T := λ x : ℕ → Prop, x", (1, 32), "variables of `λ`", "fun"),
        ("theorem a : T := f (λ x : f y = 1, x)", (1, 34), "variables of `λ`", "fun"),
        ("theorem a (f : ℕ → ℕ := λ n, n) : T := t", (1, 28), "variables of `λ`", "fun"),
        ("theorem a : f = λ n, n := t", (1, 20), "variables of `λ`", "fun"),
        ("theorem a : T := by\n  intro x,\n  simp", (2, 10), "a comma behind a tactic is Lean 3",
         "on a line of its own"),
        ("theorem a : T := by\n  simp [a, b] at h ⊢,\n  ring", (2, 21), "comma behind a tactic",
         "line"),
        ("theorem a : T := by\n  rw [f, ← g] at h,", (2, 19), "comma behind a tactic", "line"),
        ("theorem a : T := by\n  exact f (x + 1) ⟨y, z⟩,\nend", (2, 25), "comma behind", "line"),
        ("open_locale big_operators\ntheorem a : T := t", (1, 1), "`open_locale` is Lean 3",
         "open scoped"),
        ("variables (x : ℕ)\ntheorem a : T := t", (1, 1), "`variables`", "variable"),
        ("universes u v\ntheorem a : T := t", (1, 1), "`universes`", "universe"),
        ("open A\nnoncomputable theory\ntheorem a : T := t", (2, 1), "`noncomputable theory`",
         "noncomputable section"),
        ("constant x : ℕ\ntheorem a : T := t", (1, 1), "`constant`", "axiom"),
        ("theorem b : T := t\nparameters (x : ℕ)\ntheorem a : T := t", (2, 1), "`parameters`",
         "variable"),
        ("local attribute [instance] x\ntheorem a : T := t", (1, 1), "`local attribute`",
         "attribute [local …]"),
    ],
)  # fmt: skip
def test_what_only_lean_3_has_is_refused_with_what_lean_4_writes(
    text: str, place: tuple[int, int], problem: str, hint: str
) -> None:
    with pytest.raises(FormulaError) as caught:
        read_theorem(text, "N.a" if "namespace N" in text else "a")
    assert problem in caught.value.problem
    assert (caught.value.line, caught.value.column) == place
    assert hint in caught.value.hint


@pytest.mark.parametrize(
    "text",
    [
        # Words that Lean 3 reserved are names.
        "theorem a (begin : T) : T := begin",
        "namespace N\ntheorem a (begin : U → T) (u : U) : T := begin u\nend N",
        "section\ntheorem a (begin : U → T) (u : U) : T := begin u\nend",
        "theorem a (assume : T) (variables : T) : T := assume",
        "theorem a : T := by\n  obtain ⟨x, hx⟩ := h\n  refl",
        "theorem a (constant : ℕ) (universes : ℕ) : T := by\n  exact foo constant universes",
        # Modules may be called anything, and Mathlib's are not lower-case.
        "import Mathlib.Data.Real.Basic\ntheorem a : T := t",
        "import data\nimport mylib.basic\nimport tactics.foo\nimport Data.real\ntheorem a : T := t",
        # Commas that belong to binders, patterns and lists.
        "theorem a : T := fun | x, y => x",
        "theorem a : T := fun ⟨x, y⟩ (z, w) => x",
        "theorem a : T := λ x ↦ x",
        "theorem a : T := fun x : ∀ y, P y => x",
        "theorem a : T := fun (x : ∃ y, P y) => x",
        "theorem a : T := fun h : ∑ i ∈ s, f i = 0 => h",
        "theorem a : T := ⟨fun x => x, fun y ↦ y, t⟩",
        "theorem a : ∀ x, (fun y => y) x = x := t",
        "theorem a : f = fun x => ∃ y, x = y := t",
        "theorem a : T := by\n  use x,\n    y\n  simp",
        "theorem a : T := by\n  exact ⟨x,\n    y⟩",
        "theorem a : T := by\n  refine ⟨fun x => ?_,\n    ?_⟩\n  simp",
        "theorem a : T := by\n  have h : ∀ x,\n      P x := t\n  simp",
        "theorem a : T := by\n  exact ∀ x,\n    P x",
        "theorem a : T := by\n  exact fun x => ∃ y,\n    P x y",
        "theorem a : T := by\n  match x,\n    y with\n  | _, _ => t",
        "theorem a : T := by\n  rcases h,\n    g with ⟨x⟩",
        "theorem a : T := by\n  simp only [f,\n    g]",
        "theorem a : T := by\n  exact match x, y with | _, _ => t",
        "theorem a : T := by { simp; exact f x }",
        # A file that declares syntax may mean anything by it.
        'macro "fun" x:ident "," y:term : term => `(fun $x => $y)\ntheorem a : T := fun x, x',
        'notation "λ" x "," y => f x y\ntheorem a : T := λ x, x',
        'syntax "variables" term : command\nvariables (x)\ntheorem a : T := t',
        'macro "intro" term "," : tactic => `(tactic| simp)\ntheorem a : T := by\n  intro x,',
        "theorem a : T := `(fun x, y)",
    ],
)  # fmt: skip
def test_no_lean_4_is_refused(text: str) -> None:
    theorem = read_theorem(text, "N.a" if "namespace N" in text else "a")
    assert theorem.proof


@given(made_theorems)
def test_no_made_theorem_is_refused(made: Made) -> None:
    source = read_source(made.text)
    refuse_old_commands(source)
    [command] = [item for item in source.commands if item.full_name == full_name(made)]
    refuse_old_terms(source, command, split_theorem(source, command))
