"""Challenges: where what was asked and what was given stand, and which line is which."""

from __future__ import annotations

import pytest

from neurosym.formal.lean.challenge import challenge, line_of_source
from neurosym.formal.lean.theorem import read_theorem

ASKED = """import Mathlib
open Nat
namespace A
def P (n : ℕ) : Prop := n = n
/-- What is asked. -/
@[simp] theorem goal (n : ℕ) : P n := sorry
end A
"""
GIVEN = """import Mathlib

open Nat
namespace A

def P (n : ℕ) : Prop := n = n

lemma help (n : ℕ) : P n := by
  rfl
theorem goal (n : ℕ) : P n := by
  exact help n
end A
"""


def test_the_statement_comes_first_and_what_both_have_is_there_once() -> None:
    found = challenge(read_theorem(ASKED), read_theorem(GIVEN, "A.goal"), "m")
    assert found.text == (
        "import Mathlib\nsection outer_m\nopen Nat\nnamespace A\ndef P (n : ℕ) : Prop := n = n\n"
        "theorem asked_m (n : ℕ) : P n := sorry\n"
        "section section_m\n"
        "lemma help (n : ℕ) : P n := by\n  rfl\n"
        "theorem goal (n : ℕ) : P n := by\n  exact help n\n"
        "end section_m\nend A\nend outer_m\n"
        "theorem proved_m : type_of% @_root_.A.asked_m := @_root_.A.goal\n"
        "#print axioms proved_m\n"
    )
    lines = found.text.split("\n")
    assert lines[found.final - 1].startswith("theorem proved_m")
    assert lines[found.report - 1].startswith("#print axioms")
    assert lines[found.statement_stop - 2].startswith("theorem asked_m")


def test_a_line_of_the_challenge_is_one_of_the_file_or_none() -> None:
    found = challenge(read_theorem(ASKED), read_theorem(GIVEN, "A.goal"), "m")
    lines, original = found.text.split("\n"), GIVEN.split("\n")
    told = {number: found.original(number) for number in range(1, len(lines) + 1)}
    of_file = {number: line for number, line in told.items() if line is not None}
    assert [lines[number - 1] for number in of_file] == original[7:11]
    assert [original[line - 1] for line in of_file.values()] == original[7:11]


def test_what_does_not_go_on_begins_outside_of_the_scopes() -> None:
    given = "import Mathlib\ndef Q := 1\ntheorem A.goal (n : ℕ) : A.P n := rfl\n"
    found = challenge(read_theorem(ASKED), read_theorem(given), "m")
    assert "\nend A\nsection section_m\ndef Q := 1\ntheorem A.goal" in found.text
    assert found.text.count("end A") == 1


def test_attributes_and_documentation_of_the_statement_are_left_out_but_not_what_opens() -> None:
    asked = "open Nat in\n@[simp]\ntheorem goal : True := sorry\n"
    given = "theorem goal : True := trivial\n"
    found = challenge(read_theorem(asked), read_theorem(given), "m")
    assert found.text.startswith("section outer_m\nopen Nat in\ntheorem asked_m : True := sorry\n")
    assert "simp" not in found.text


def test_scopes_are_kept_around_what_the_file_adds_inside_them() -> None:
    asked = "namespace A\ndef P := True\nend A\ntheorem goal : A.P := sorry\n"
    given = (
        "namespace A\ndef P := True\ntheorem help : P := x\nend A\ntheorem goal : A.P := A.help\n"
    )
    found = challenge(read_theorem(asked), read_theorem(given, "goal"), "m")
    assert (
        "section section_m\nnamespace A\ntheorem help : P := x\nend A\ntheorem goal" in found.text
    )
    assert found.text.count("def P") == 1


def test_a_theorem_that_was_asked_for_before_is_there_as_it_was_proved() -> None:
    asked = "theorem one : True := sorry\ntheorem goal : True := sorry\n"
    given = "theorem one : True := trivial\ntheorem goal : True := one\n"
    found = challenge(read_theorem(asked, "goal"), read_theorem(given, "goal"), "m")
    assert "theorem one : True := trivial" in found.text
    assert found.text.count("theorem one") == 1


def test_lean_sees_no_comments_of_the_file() -> None:
    given = (
        "/- one -/\ndef x := 1 -- two\n/-- three -/\ntheorem goal : True := /- four -/ trivial\n"
    )
    asked = read_theorem("theorem goal : True := sorry")
    found = challenge(asked, read_theorem(given), "m")
    assert not any(word in found.text for word in ("one", "two", "three", "four", "--", "/-"))
    assert "theorem goal : True :=            " in found.text


def test_an_example_gets_a_name() -> None:
    found = challenge(
        read_theorem("example (a : Prop) : a → a := sorry"),
        read_theorem("example (a : Prop) : a → a := fun h => h"),
        "m",
    )
    assert "theorem _root_.asked_m (a : Prop) : a → a := sorry\n" in found.text
    assert "theorem _root_.given_m (a : Prop) : a → a := fun h => h\n" in found.text
    assert "type_of% @_root_.asked_m := @_root_.given_m" in found.text


def test_no_proof_is_no_challenge() -> None:
    theorem = read_theorem("theorem t : True := sorry")
    with pytest.raises(ValueError, match="proves nothing"):
        challenge(theorem, theorem, "m")


@pytest.mark.parametrize(
    "source",
    [
        GIVEN,
        "theorem goal : True :=\n  trivial\n",
        "\n\n-- a remark\n\ndef x := 1\n\n\n/-- it -/\ntheorem goal : True :=\n  trivial\n",
        "import A\nimport B\n\n\ntheorem goal : True := trivial\n",
    ],
)
def test_lines_of_the_printed_theorem_are_lines_of_its_source(source: str) -> None:
    theorem = read_theorem(source, "A.goal" if "namespace" in source else "goal")
    printed, original = theorem.text.split("\n"), source.split("\n")
    for number, line in enumerate(printed, start=1):
        if line.strip() and not line.startswith(("import", "end")):
            assert original[line_of_source(theorem, number) - 1] == line
