"""Statements: what is read out of a file, what counts as the same, and what probes them."""

from __future__ import annotations

import pytest

from neurosym.errors import FormulaError
from neurosym.formal.lean.english import in_words
from neurosym.formal.lean.policy import Rule, objections
from neurosym.formal.lean.probes import pair_probe, statement_probe, without_conclusion
from neurosym.formal.lean.source import read_source
from neurosym.formal.lean.statement import Statement, read_statement
from neurosym.formal.lean.theorem import read_theorem


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        ("theorem t (n : Nat) : n = n := by\n  rfl", "theorem stated (n : Nat) : n = n := sorry"),
        ("theorem t (n : Nat) : n = n", "theorem stated (n : Nat) : n = n := sorry"),
        ("example : 1 = 1 := rfl", "theorem stated : 1 = 1 := sorry"),
        ("lemma t : 1 = 1 := rfl", "theorem stated : 1 = 1 := sorry"),
        ("@[simp] private theorem t : 1 = 1 := rfl", "theorem stated : 1 = 1 := sorry"),
        ("open Nat in\ntheorem t : 1 = 1 := rfl", "open Nat in\ntheorem stated : 1 = 1 := sorry"),
        # Of several the last, and a proof that is none does no harm.
        (
            "theorem a : 1 = 1 := rfl\ntheorem b : 2 = 2 := by\nrfl done",
            "theorem stated : 2 = 2 := sorry",
        ),
        (
            "theorem a : 1 = 1 := rfl\ndef two := 2\ntheorem b : two = 2 := rfl\n#check b",
            "def two := 2\n\ntheorem stated : two = 2 := sorry",
        ),
        (
            "namespace K\ntheorem A.b.{u} (α : Type u) : α = α := rfl\nend K",
            "namespace K\n\ntheorem A.stated.{u} (α : Type u) : α = α := sorry\n\nend K",
        ),
    ],
)
def test_a_statement_is_read_without_its_proof_and_its_own_name(text: str, stated: str) -> None:
    assert read_statement(text).text == stated


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("def two := 2", "no theorem"),
        ("axiom no : False\ntheorem t : 1 = 2 := no.elim", "axiom of its own"),
        ('macro "x" : term => `(1)\ntheorem t : x = 1 := rfl', "macro"),
        ("theorem t : ∀ n : Nat, sorry", "sorry"),
        ("theorem t (n : Nat) := rfl", "states nothing"),
    ],
)
def test_what_states_nothing_or_could_forge_it_is_refused(text: str, problem: str) -> None:
    with pytest.raises(FormulaError, match=problem):
        read_statement(text)


def test_only_what_was_asked_for_is_imported() -> None:
    text = "import Mathlib\ntheorem t : 1 = 1 := rfl"
    with pytest.raises(FormulaError, match="it imports Mathlib"):
        read_statement(text, ())
    with pytest.raises(FormulaError, match="it imports Mathlib, and may use Std"):
        read_statement(text, ("Std",))
    assert read_statement(text, ("Mathlib",)).theorem.header == ("import Mathlib",)
    assert read_statement("theorem t : 1 = 1", ("Mathlib",)).theorem.header == ("import Mathlib",)
    assert read_statement(text).theorem.header == ("import Mathlib",)


def test_names_layout_and_comments_do_not_count() -> None:
    one = read_statement("theorem t (n : Nat) : n = n := rfl")
    other = read_statement(
        "/-- It is. -/\n@[simp] lemma u (n : Nat):\n    n = n -- so\n  := by simp"
    )
    assert one.digest == other.digest
    assert one.digest != read_statement("theorem t (n : Int) : n = n").digest
    assert one.digest != read_statement("open Nat\ntheorem t (n : Nat) : n = n").digest


def test_it_is_kept_as_data() -> None:
    statement = read_statement(
        "import Std\nnamespace K\nvariable (k : Nat)\n@[simp] theorem t : k = k\nend K"
    )
    kept = Statement.from_json(statement.to_json())
    assert kept == statement
    assert kept.digest == statement.digest


@pytest.mark.parametrize(
    ("text", "opening"),
    [
        ("(n : Nat) (h : n < 0) : n = 1", "(n : Nat) (h : n < 0) : False"),
        (": ∀ n : Nat, n < 0 → n = 1", ": ∀ n : Nat, n < 0 → False"),
        (": ∀ p, (p → q) → ∀ x ∈ s, p ↔ q", ": ∀ p, (p → q) → ∀ x ∈ s, False"),
        # What is inside of something else is not assumed.
        ("(p q : Prop) : p → q ↔ q", "(p q : Prop) : False"),
        ("(p q : Prop) : ∃ x, p → q", "(p q : Prop) : False"),
        ("(p q : Prop) : p ∧ (p → q)", "(p q : Prop) : False"),
    ],
)
def test_the_conclusion_gives_way_to_a_contradiction(text: str, opening: str) -> None:
    found = without_conclusion(read_theorem(f"theorem t {text}"))
    assert found is not None
    assert found.opening == f"theorem t {opening}"
    assert found.statement_only.endswith(f"{opening} := sorry\n")


@pytest.mark.parametrize("text", [": 1 = 1", ": ∃ n : Nat, n < 0 → False", "(h : p) : q → False"])
def test_what_assumes_nothing_or_states_a_contradiction_is_left_alone(text: str) -> None:
    assert without_conclusion(read_theorem(f"theorem t {text}")) is None


def test_a_probe_speaks_of_the_elaborated_type_behind_all_scopes() -> None:
    theorem = read_statement("namespace K\nvariable (k : Nat)\ntheorem t : k = k").theorem.renamed(
        "s"
    )
    file = statement_probe(theorem, "Not ({})", "by\n  omega")
    before, probe = file.text.split("theorem probed")
    assert probe == " : Not (type_of%@_root_.K.s) := by\n  omega\n"
    assert before.count("\n") + 1 == file.line
    assert "set_option autoImplicit false\n" in before
    assert before.endswith("theorem s : k = k := sorry\nend K\nend alone\n")


def test_two_statements_share_what_is_written_alike_before_them() -> None:
    double = "def double (n : Nat) := n + n\n"
    one = read_statement(f"{double}theorem t (n : Nat) : double n = 2 * n")
    same = read_statement(f"{double}-- twice\ntheorem u (m : Nat) : double m = m * 2")
    other = read_statement("def double (n : Nat) := 2 * n\ntheorem u (n : Nat) : double n = n + n")
    shared = pair_probe(one, same, "({0}) → ({1})", "by\n  omega").text
    assert shared.count("def double") == 1
    assert "(type_of%@_root_.stated_1) → (type_of%@_root_.stated_2)" in shared
    apart = pair_probe(one, other, "({1}) → ({0})", "fun h => h").text
    assert apart.count("def double") == 2
    last = "(type_of%@_root_.side_2.stated_2) → (type_of%@_root_.side_1.stated_1)"
    assert apart.endswith(f"example := (fun h => h : {last})\n")


def test_what_is_declared_once_only_needs_no_namespace() -> None:
    one = read_statement("def Nat.double (n : Nat) := n + n\ntheorem t (n : Nat) : n.double = n")
    other = read_statement("theorem t (n : Nat) : n + n = n")
    text = pair_probe(one, other, "({0}) → ({1})", "by\n  omega").text
    assert "namespace" not in text
    assert "(type_of%@_root_.stated_1) → (type_of%@_root_.stated_2)" in text


def test_no_probe_looks_like_a_file_that_runs_code() -> None:
    statement = read_statement("theorem t (n : Nat) : n = n")
    file = statement_probe(statement.theorem.renamed("s"), "Not ({})", "by\n  omega")
    found = {item.rule for item in objections(read_source(file.text), ())}
    assert found == {Rule.PLACEHOLDERS}, "a pool would end its process behind each"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("(n : Nat) (h : n < 3) : n ≠ 4", "for every natural number n, supposing n is less than 3, "
         "n does not equal 4"),
        (": ∀ n : Nat, ∃ m : Nat, n < m ∧ 6 ∣ m", "for every natural number n, there is a natural "
         "number m such that n is less than m and 6 divides m"),
        (": ∃! x : Int, x + x = 2", "there is exactly one integer x such that x plus x equals 2"),
        ("(P Q : Prop) (hp : P) : ¬ Q ∨ P ↔ P", "for all propositions P and Q, supposing P, not Q "
         "or P if and only if P"),
        ("(f : Nat → Int) : ∀ x ∈ s, f x ^ 2 ≥ 0", "for every function from natural numbers to "
         "integers f, for every x that is in s, f x to the power of 2 is at least 0"),
        ("(a b : Nat) : Even (a * b) → Nat.Coprime a b", "for all natural numbers a and b, (a "
         "times b) is even implies coprime a b"),
        ("{α : Type} [Group α] (xs : List α) : xs.length ≤ 1", "for every type α, where α is "
         "group, for every list of α xs, length of xs is at most 1"),
        (": ∃ a b : Nat, a > b", "there are natural numbers a and b such that a is greater than b"),
    ],
)  # fmt: skip
def test_statements_are_read_back_as_words(text: str, said: str) -> None:
    assert in_words(read_theorem(f"theorem t {text}")) == said


def test_what_is_nested_beyond_reason_is_still_read() -> None:
    depth = 5000
    said = in_words(read_theorem(f"theorem t : {'Even (' * depth}n{')' * depth}"))
    assert said.count("is even") > 10
    assert "n" in said
