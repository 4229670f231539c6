"""Which theorems have one digest: those that Lean reads alike, whatever they are called."""

from __future__ import annotations

import pytest
from hypothesis import given

from neurosym.formal.lean.canonical import canonical
from neurosym.formal.lean.source import significant
from neurosym.formal.lean.theorem import read_theorem
from tests.formal.lean.strategies import Made, full_name, made_theorems


def digest(text: str, name: str | None = None) -> str:
    return read_theorem(text, name).digest


BASE = "import A\n\nopen B C\n\ntheorem a (x y : ℕ) : x + y = y + x := by\n  simp\n  exact f x\n"


@pytest.mark.parametrize(
    "text",
    [
        BASE.replace("theorem a", "theorem other_name"),
        BASE.replace("theorem a", "lemma a"),
        BASE.replace("theorem a ", "theorem\n  a\n    "),
        BASE.replace("\n", "\r\n"),
        BASE.replace("\n\n", "\n\n\n-- so\n/- and so -/\n"),
        BASE.replace("open B C", "open  B /- and -/ C -- so"),
        BASE.replace("theorem a", "/-- It commutes. -/\ntheorem a"),
        BASE.replace("theorem a", "/-! It commutes. -/\ntheorem a"),
        BASE.replace("(x y : ℕ)", "( x  y:ℕ )"),
        BASE.replace("x + y = y + x", "x+y\n    = y   +x"),
        BASE.replace(" := by\n", " :=\n  by -- so\n\n"),
        BASE.replace("  simp", "  -- first\n  simp -- then\n"),
        BASE.replace("  simp\n  exact", "    simp\n    exact"),
        BASE.replace("f x", "f  x"),
        BASE.replace("f x", "f /- of -/ x"),
        BASE + "\n#print axioms a\n\ntheorem b : T := t\n",
    ],
)
def test_comments_layout_and_the_name_do_not_count(text: str) -> None:
    assert text != BASE
    name = None if "theorem b" not in text else "a"
    assert digest(text, name) == digest(BASE)


@pytest.mark.parametrize(
    "text",
    [
        BASE.replace("import A", "import B"),
        BASE.replace("open B C", "open B D"),
        BASE.replace("open B C", "open BC"),
        BASE.replace("x y : ℕ", "xy : ℕ"),
        BASE.replace("x y : ℕ", "x y : ℤ"),
        BASE.replace("x + y = y + x", "x + y = x + y"),
        BASE.replace("f x", "fx"),
        BASE.replace("f x", "f.x"),
        BASE.replace("f x", "f .x"),
        BASE.replace("f x", "f[x]"),
        BASE.replace("f x", "f [x]"),
        BASE.replace("f x", "f (x)"),
        BASE.replace("simp\n  exact f x", "exact f x\n  simp"),
        BASE.replace("simp\n  exact f x", "simp\n    exact f x"),
        BASE.replace("simp\n  exact f x", "simp; exact f x"),
        BASE.replace("simp\n  exact f x", "simp exact f x"),
        BASE.replace("f x", '"f x"'),
        BASE.replace("by\n  simp\n  exact f x", "sorry"),
        BASE.replace("theorem a", "@[simp] theorem a"),
        BASE.replace("theorem a", "private theorem a"),
        BASE.replace("theorem a", "open D in\ntheorem a"),
        BASE.replace("theorem a", "theorem a.{u}"),
        BASE.replace("theorem a", "theorem B.a"),
        BASE.replace("theorem a", "namespace B\ntheorem a"),
        BASE.replace("theorem a", "def a' := 1\ntheorem a"),
    ],
)
def test_everything_else_counts(text: str) -> None:
    assert text != BASE
    assert digest(text) != digest(BASE)


def test_the_texts_that_differ_differ_from_each_other() -> None:
    changes = [
        "f x",
        "fx",
        "f.x",
        "f .x",
        "f . x",
        "f[x]",
        "f [x]",
        "f(x)",
        "f (x)",
        "f! x",
        "f -x",
    ]
    digests = {digest(BASE.replace("f x", change)) for change in changes}
    assert len(digests) == len(changes)


def test_which_goal_a_tactic_is_for_counts() -> None:
    proofs = [
        "by\n  constructor\n  · simp\n  · simp\n    ring\n",
        "by\n  constructor\n  · simp\n  · simp\n  ring\n",
        "by\n  constructor\n  · simp\n    ring\n  · simp\n",
    ]
    assert len({digest(f"theorem a : T := {proof}") for proof in proofs}) == 3
    wider = proofs[0].replace("\n    ", "\n        ").replace("\n  ", "\n    ")
    wider = "by\n    constructor\n    · simp\n    · simp\n      ring"
    assert digest(f"theorem a : T := {wider}") == digest(f"theorem a : T := {proofs[0]}")


def test_columns_count_where_a_block_begins_within_a_line() -> None:
    aligned = "theorem a : T := by simp\n                    ring"
    deeper = "theorem a : T := by simp\n                     ring"
    assert digest(aligned) != digest(deeper)
    assert digest(aligned) == digest(aligned.replace("theorem a", "lemma abc"))
    assert digest("  theorem a : T := by\n     simp") == digest("theorem a : T := by\n  simp")


def test_line_breaks_count_only_where_there_are_blocks() -> None:
    assert digest("theorem a : T ∧\n  U :=\n  f\n   x") == digest("theorem a : T ∧ U := f x")
    assert digest("theorem a : T := let x := y\n  f x") != digest("theorem a : T := let x := y f x")


def test_the_name_does_not_count_where_a_proof_uses_it() -> None:
    texts = [
        f"namespace N\ntheorem {name} : P\n  | 0 => t\n  | n + 1 => {used} n"
        for name, used in [("a", "a"), ("bc", "bc"), ("a", "N.a"), ("bc", "N.bc")]
    ]
    assert len({digest(text) for text in texts}) == 1
    assert digest(texts[0].replace("=> a n", "=> b n")) != digest(texts[0])
    # In the statement it is another thing of the same name.
    assert digest("theorem a : a = 1 := t") != digest("theorem b : b = 1 := t")


def test_any_characters_have_a_digest() -> None:
    assert len(digest('theorem a : "\ud800" = x := t')) == 64


@given(made_theorems)
def test_comments_and_blank_lines_between_lines_never_count(made: Made) -> None:
    theorem = read_theorem(made.text, full_name(made))
    noisy = made.text.replace("\n", "\n-- theorem x : (\n\n   /- /- by -/ := -/\n")
    assert read_theorem(noisy, full_name(made)).digest == theorem.digest


@given(made_theorems, made_theorems)
def test_theorems_of_one_digest_state_and_prove_the_same(made: Made, other: Made) -> None:
    one, two = (read_theorem(each.text, full_name(each)) for each in (made, other))
    if one.digest == two.digest:
        assert one.statement.split() == two.statement.split()
        assert (one.proof or "").split() == (two.proof or "").split()
        assert one.header == two.header
        assert one.universes == two.universes
    else:
        assert made != other


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("f  x -- so", "f x"),
        ("( x : ℕ ) → y", "(x:ℕ)→y"),
        ("x = - 1", "x= -1"),
        ("f .x", "f .x"),
        ("f.x", "f.x"),
        ("x ^ [n]", "x^ [n]"),
        ("x ^ (n)", "x^(n)"),
        ("a )  ) b", "a)) b"),
        ("| x | - 1", "| x | -1"),
        ("/-- doc -/ x", "x"),
        ("x\n  y", "x y"),
        ("by\n  x\n  y\n    z", "by\n1>x\n1=y\n2>z"),
        ("by x\n   y", "by x\n1=y"),
        ("by\n  x\ny", "by\n1>x\n0=y"),
    ],
)
def test_what_is_left_of_a_text(text: str, expected: str) -> None:
    assert canonical(significant(text)) == expected
