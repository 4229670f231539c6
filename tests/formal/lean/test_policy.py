"""What a file that is to prove something may not hold."""

from __future__ import annotations

import pytest

from neurosym.formal.lean.policy import Rule, objections
from neurosym.formal.lean.source import read_source


def told(text: str, *imports: str) -> list[tuple[Rule, int]]:
    return [(item.rule, item.line) for item in objections(read_source(text), imports)]


@pytest.mark.parametrize(
    "text",
    [
        "theorem t : True := trivial",
        "open Nat in\n@[simp, norm_cast] lemma t : True := by simp [foo]\n",
        "attribute [local simp] foo in\ntheorem t : True := trivial",
        "attribute [-simp, ← norm_cast] foo\ntheorem t : True := trivial",
        '@[deprecated foo (since := "x")] theorem t : A := b',
        "set_option maxHeartbeats 400000 in\ntheorem t : True := trivial",
        "namespace A\nsection\nvariable {α : Type*} [Group α]\ninstance : X := y\nend\nend A",
        "def f : ℕ → ℕ\n  | 0 => 1\n  | n + 1 => f n\n#check f\n#print axioms f",
        '-- sorry\n/- macro -/\ntheorem t : x = "a word" := «notation»',
        "theorem t : #s = 2 := foo.sorry",
    ],
)
def test_what_declares_and_proves_is_allowed(text: str) -> None:
    assert told(text) == []


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("theorem t : False := by sorry", Rule.PLACEHOLDERS),
        ("theorem t : False := by admit", Rule.PLACEHOLDERS),
        ("axiom cheat : False", Rule.PLACEHOLDERS),
        ("open Nat in axiom cheat : False", Rule.PLACEHOLDERS),
        ("theorem t : True := trivial -- \n /- endless", Rule.COMMANDS),
        ('def x := "endless', Rule.COMMANDS),
        ("import Evil\ntheorem t : True := trivial", Rule.IMPORTS),
        ("module\ntheorem t : True := trivial", Rule.IMPORTS),
        ("set_option debug.skipKernelTC true", Rule.OPTIONS),
        ("theorem t : X := by\n  set_option debug.byAsSorry true in simp", Rule.OPTIONS),
        ("set_option", Rule.OPTIONS),
        ("end A", Rule.COMMANDS),
        ("#eval 1", Rule.COMMANDS),
        ("theorem t : X := y #eval 1", Rule.COMMANDS),
        ("@[simp, macro foo] def t := 1", Rule.COMMANDS),
        ("@[to_additive (attr := command_elab x)] def t := 1", Rule.COMMANDS),
        ("@[simps (attr := x)] def t := 1", Rule.COMMANDS),
        ("theorem t : X := y register_simp_attr foo", Rule.COMMANDS),
        ("theorem t : X := y simproc_decl foo (x) := z", Rule.COMMANDS),
        ('set_option trace.profiler.output "x"', Rule.OPTIONS),
        ("attribute [local command_elab x] t", Rule.COMMANDS),
        ("attribute [simp, init x] t", Rule.COMMANDS),
        ('local notation "x" => y', Rule.COMMANDS),
        ('scoped[A] infixl:65 " + " => f', Rule.COMMANDS),
        ('open Lean Elab in elab "x" : term => y', Rule.COMMANDS),
        ("simproc foo (x) := y", Rule.COMMANDS),
        ("run_cmd x", Rule.COMMANDS),
        ("theorem t : X := by run_tac y", Rule.COMMANDS),
        ("unsafe def x := 1", Rule.COMMANDS),
        ("opaque x : False", Rule.COMMANDS),
        ("conjure x", Rule.COMMANDS),
        ("init_quot", Rule.COMMANDS),
        ("theorem t : X := y opaque z : False", Rule.COMMANDS),
        ("theorem t : X := y #eval! z", Rule.COMMANDS),
        ("theorem t : X := eval% z", Rule.COMMANDS),
        ("def t := autoParam False x", Rule.COMMANDS),
        ("def t : Lean.Elab.TacticM Unit := x", Rule.COMMANDS),
        ("def Nat.add (a b : Nat) := a", Rule.COMMANDS),
        ('def t := s!"{x}"', Rule.COMMANDS),
        ('def t := (x).r"y"', Rule.COMMANDS),
        ('def t := "{by run_tac x}"', Rule.COMMANDS),
        ('def t := "set_option"', Rule.COMMANDS),
        ("def t := '\"'", Rule.COMMANDS),
        ("def x := `(theorem t : False := trivial)", Rule.COMMANDS),
    ],
)
def test_the_rest_is_refused(text: str, rule: Rule) -> None:
    assert rule in [found for found, _ in told(text)]


def test_what_the_statement_imports_may_be_imported() -> None:
    assert told("import Mathlib\nimport Aesop", "Mathlib", "Aesop") == []
    assert told("import Mathlib\nimport Evil.Aesop", "Mathlib", "Aesop") == [(Rule.IMPORTS, 2)]


def test_objections_come_in_the_order_of_the_file() -> None:
    text = "import Evil\n#eval 1\ntheorem t : X := sorry\naxiom a : X"
    assert [line for _, line in told(text)] == sorted(line for _, line in told(text))
    assert {rule for rule, _ in told(text)} == {Rule.IMPORTS, Rule.COMMANDS, Rule.PLACEHOLDERS}
