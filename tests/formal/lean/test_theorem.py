"""A Lean theorem as a value: its parts, and the files it is printed as."""

from __future__ import annotations

import pickle
import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from neurosym.errors import FormulaError
from neurosym.formal.lean.lexer import Kind, tokenize
from neurosym.formal.lean.source import Span
from neurosym.formal.lean.theorem import Theorem, read_theorem
from tests.formal.lean.strategies import Made, full_name, lean_like, made_theorems


def asked(made: Made) -> Theorem:
    return read_theorem(made.text, full_name(made))


@given(made_theorems)
def test_the_parts_are_those_it_was_made_of(made: Made) -> None:
    theorem = asked(made)
    assert theorem.header == made.header
    assert theorem.keyword == "theorem"
    assert theorem.name == full_name(made)
    assert theorem.universes == tuple(made.universes.strip(".{}").replace(",", "").split())
    # A comment behind the last of the binders is not one of them.
    assert theorem.binders in (made.binders, made.binders.partition(" -- ")[0])
    assert theorem.statement == made.statement
    assert theorem.proof == made.proof
    before = "\n\n".join([*made.preamble, *(f"namespace {name}" for name in made.inside)])
    assert theorem.preamble.split() == before.split()
    assert theorem.lead.lstrip() == made.lead.lstrip()
    spaces = [part for name in made.inside for part in name.split(".", 1)]
    sections = ["end"] if "noncomputable section" in made.preamble else []
    closing = [*(f"end {part}" for part in reversed(spaces)), *sections]
    assert theorem.closing.splitlines() == closing


@given(made_theorems)
def test_what_is_printed_is_read_as_the_same_theorem(made: Made) -> None:
    theorem = asked(made)
    again = read_theorem(theorem.text, theorem.name)
    assert again == theorem
    assert again.text == theorem.text
    assert again.digest == theorem.digest


@given(made_theorems)
def test_what_is_printed_holds_all_that_came_before_and_nothing_that_came_behind(
    made: Made,
) -> None:
    theorem = asked(made)
    for command in (*made.header, *made.preamble):
        assert command in theorem.text
    assert made.behind.strip() not in theorem.text or not made.behind
    assert theorem.text.endswith("\n")


@given(made_theorems)
def test_spans_say_where_the_parts_stand(made: Made) -> None:
    theorem = asked(made)

    def shown(span: Span | None) -> str | None:
        if span is None:
            return None
        line = made.text.split("\n")[span.line - 1]
        piece = made.text[span.start : span.end]
        assert line[span.column :].startswith(piece.split("\n")[0])
        return piece

    assert theorem.source == made.text
    assert shown(theorem.spans.name) == made.name
    assert shown(theorem.spans.statement) == theorem.statement
    assert shown(theorem.spans.proof) == theorem.proof
    assert shown(theorem.spans.binders) == (theorem.binders or None)
    assert str(shown(theorem.spans.whole)).startswith(made.lead.strip() or "theorem")


@given(made_theorems)
def test_the_statement_alone_ends_in_sorry(made: Made) -> None:
    theorem = asked(made)
    text = theorem.statement_only.removesuffix(f"\n{theorem.closing}\n" if theorem.closing else "")
    assert text.endswith(f"{theorem.statement} := sorry\n")
    alone = read_theorem(theorem.statement_only, theorem.name)
    assert alone.proof is None
    assert alone == theorem.with_proof(None) == theorem.with_proof("sorry")
    assert (alone.statement, alone.binders) == (theorem.statement, theorem.binders)


@given(made_theorems, made_theorems)
def test_a_proof_can_be_put_in_the_place_of_another(made: Made, other: Made) -> None:
    theorem = asked(made)
    assert theorem.with_proof(theorem.proof) == theorem
    proof = other.proof
    given_it = theorem.with_proof(proof)
    assert given_it.proof == proof
    assert given_it.source == given_it.text
    assert given_it == read_theorem(given_it.text, theorem.name)
    assert (given_it.statement, given_it.name) == (theorem.statement, theorem.name)
    assert given_it.with_proof(None).text == theorem.statement_only


@pytest.mark.parametrize(
    ("proof", "printed"),
    [
        ("by simp", "theorem a : T := by simp\n"),
        ("by\n  simp\n", "theorem a : T := by\n  simp\n"),
        ("\n\n  by\n    simp\n\n", "theorem a : T :=   by\n    simp\n"),
        ("| 0 => t\n| _ => t", "theorem a : T\n| 0 => t\n| _ => t\n"),
        ("where\n  x := t", "theorem a : T\nwhere\n  x := t\n"),
        ("-- so\n  t", "theorem a : T := -- so\n  t\n"),
        ("t -- so", "theorem a : T := t -- so\n"),
        ("sorry", "theorem a : T := sorry\n"),
        ("by sorry", "theorem a : T := sorry\n"),
        ("", "theorem a : T := sorry\n"),
        (None, "theorem a : T := sorry\n"),
        ("exact_sorry", "theorem a : T := exact_sorry\n"),
    ],
)
@pytest.mark.parametrize("old", ["", " := by\n  norm_num", " := sorry", " :=", " := by"])
def test_where_a_proof_is_put(proof: str | None, printed: str, old: str) -> None:
    theorem = read_theorem(f"theorem a : T{old}").with_proof(proof)
    expected = read_theorem(printed)
    assert theorem.proof == expected.proof
    if not old.startswith(" := by\n"):
        assert theorem.text.replace(" -- so", "") == expected.text.replace(" -- so", "")


@pytest.mark.parametrize(
    ("proof", "reason"),
    [
        ("by\nsimp", "line 2, column 1: the proof ends where `simp` begins another command"),
        ("t\n\ntheorem b : T := t", "line 3, column 1: the proof ends where `theorem` begins"),
        ("t theorem b : T := t", "line 1, column 20: the proof ends where `theorem` begins"),
        ("t\nend A\nnamespace A", "line 2, column 1: the proof ends where `end` begins"),
        ("t\naxiom b : False", "the proof ends where `axiom` begins another command"),
        ("(t\nrun_cmd x", "the proof ends where `run_cmd` begins another command"),
        ("t\n#eval x", "the proof ends where `#` begins another command"),
        ("t\n@[simp] foo", "the proof ends where `@` begins another command"),
        ("t /- simp", "line 1, column 20: the comment that begins here has no end"),
        ('by simp "', "line 1, column 26: the string that begins here has no end"),
        ("«t", "line 1, column 18: the name that begins here has no end"),
        ("begin simp end", "line 1, column 18: `begin … end` is Lean 3"),
        ("λ x, x", "line 1, column 21: a comma behind the variables of `λ` is Lean 3"),
        ("where\nx := t\nopen A", "line 4, column 1: the proof ends where `open` begins"),
    ],
)
def test_what_is_more_than_a_proof_is_none(proof: str, reason: str) -> None:
    theorem = read_theorem("theorem a : T")
    with pytest.raises(FormulaError) as caught:
        theorem.with_proof(proof)
    assert str(caught.value).startswith(reason) or reason in str(caught.value)
    assert caught.value.hint


@pytest.mark.parametrize("proof", ["t /-", 't "', "«t", 's!"{'])
def test_a_proof_cannot_go_on_in_what_closes_the_scopes(proof: str) -> None:
    text = 'mutual\ntheorem a : T := t\n/-- "}" «x» -/\ntheorem b : T := "}"\nend'
    with pytest.raises(FormulaError, match="that begins here has no end"):
        read_theorem(text, "a").with_proof(proof)


def test_a_proof_cannot_hide_the_theorem_in_a_bracket_left_open_before_it() -> None:
    theorem = read_theorem("macro x => `(y\n\ntheorem a : T := t")
    with pytest.raises(FormulaError, match="the proof changes what is proved"):
        theorem.with_proof("t)")


@pytest.mark.parametrize(
    ("text", "statement", "proof"),
    [
        ("theorem a : T := t", "T", "t"),
        ("lemma a : T := t", "T", "t"),
        ("example : T := t", "T", "t"),
        ("example (x : ℕ) : x = x := by rfl", "x = x", "by rfl"),
        ("theorem a : T", "T", None),
        ("theorem a : T :=", "T", None),
        ("theorem a : T := by", "T", None),
        ("theorem a : T := by\n  sorry", "T", None),
        ("theorem a : T := by exact sorry", "T", "by exact sorry"),
        ("theorem a : T := by simp; sorry", "T", "by simp; sorry"),
        ("theorem a (x : ℕ := 1) : x = 1 := t", "x = 1", "t"),
        ("theorem a : ∀ x (h : x = 1 := by simp), T := t", "∀ x (h : x = 1 := by simp), T", "t"),
        ("theorem a : let x := 1; let y := x; x = y := t", "let x := 1; let y := x; x = y", "t"),
        ("theorem a : have : T := t; U := u", "have : T := t; U", "u"),
        ("theorem a : let x := 1; x = 1", "let x := 1; x = 1", None),
        ("theorem a :\n  let x := 1\n  x = 1 := by\n  simp", "let x := 1\n  x = 1", "by\n  simp"),
        ("theorem a : let ⟨x, y⟩ := p; x = y := t", "let ⟨x, y⟩ := p; x = y", "t"),
        ("theorem a : ∀ n, P n\n | 0 => t\n | n + 1 => u", "∀ n, P n", "| 0 => t\n | n + 1 => u"),
        ("theorem a : P → T | h => by simp", "P → T", "| h => by simp"),
        ("theorem a : P → T | h | i => t", "P → T", "| h | i => t"),
        ("theorem a : |x| = x | h => t", "|x| = x", "| h => t"),
        ("theorem a : |x| + |y| < 1 := fun h => t", "|x| + |y| < 1", "fun h => t"),
        ("theorem a : f = fun x => |x| := t", "f = fun x => |x|", "t"),
        ("theorem a : (∀ x, f x = |x|) ∧ g = fun x => x := t",
         "(∀ x, f x = |x|) ∧ g = fun x => x", "t"),
        ("theorem a : f = fun | 0 => 1 | n => n := t", "f = fun | 0 => 1 | n => n", "t"),
        ("theorem a : (match n with | 0 => P | _ => Q) := t", "(match n with | 0 => P | _ => Q)",
         "t"),
        ("theorem a : match n with | 0 => P | _ => Q := t", "match n with | 0 => P | _ => Q", "t"),
        ("theorem a : P ∧ Q where\n  left := p\n  right := q", "P ∧ Q",
         "where\n  left := p\n  right := q"),
        ("theorem a : T := t\nwhere\n  b : U := u", "T", "t\nwhere\n  b : U := u"),
        ("theorem a : x ∣ y := t", "x ∣ y", "t"),
        ("theorem a : P[A | B] = {x | x = 1} := t", "P[A | B] = {x | x = 1}", "t"),
        ("theorem a : T := by\n  have : U := u\n  exact t", "T", "by\n  have : U := u\n  exact t"),
        ("theorem a (x : ℕ)\n    (h : x = 1) -- c\n    : -- d\n  x = 1 -- e\n  := -- f\n  t -- g\n",
         "x = 1", "t"),
        ("theorem a : T := t;", "T", "t;"),
        ("theorem a.{u} : T.{u} := t.{u}", "T.{u}", "t.{u}"),
        ("theorem a : (T : Prop) := (t : T)", "(T : Prop)", "(t : T)"),
        ("theorem a : T := ⟨by simp, t⟩", "T", "⟨by simp, t⟩"),
        ("theorem a (h : T : = t", "T : = t", None),
        ("theorem a : suffices h : T from f h; T := t", "suffices h : T from f h; T", "t"),
        ("theorem a : let f | 0 => 1 | n => n; f = g := t", "let f | 0 => 1 | n => n; f = g", "t"),
        ("theorem a :\n  let f\n    | 0 => 1\n    | n => n\n  P f\n  | h => t",
         "let f\n    | 0 => 1\n    | n => n\n  P f", "| h => t"),
        ("theorem a : do let x ← f; g := t", "do let x ← f; g", "t"),
    ],
)  # fmt: skip
def test_where_the_statement_ends_and_the_proof_begins(
    text: str, statement: str, proof: str | None
) -> None:
    theorem = read_theorem(text)
    assert (theorem.statement, theorem.proof) == (statement, proof)
    windows = read_theorem(f"open A\n{text}".replace("\n", "\r\n"))
    assert windows.statement == statement.replace("\n", "\r\n")
    assert windows.proof == (proof and proof.replace("\n", "\r\n"))


@pytest.mark.parametrize(
    ("text", "binders", "universes"),
    [
        ("theorem a : T", "", ()),
        ("theorem a x y : T", "x y", ()),
        ("theorem a.{u, v} {α : Sort u} [C α] ⦃x : α⦄ : T", "{α : Sort u} [C α] ⦃x : α⦄",
         ("u", "v")),
        ("theorem a.{u} : T", "", ("u",)),
        ("example {x} : T", "{x}", ()),
        ("theorem a\n  (x : ℕ)\n  (y : ℕ) : T", "(x : ℕ)\n  (y : ℕ)", ()),
        ("theorem a (h : ∀ x : ℕ, x = 1) : T", "(h : ∀ x : ℕ, x = 1)", ()),
    ],
)  # fmt: skip
def test_binders_and_universes(text: str, binders: str, universes: tuple[str, ...]) -> None:
    theorem = read_theorem(text)
    assert (theorem.binders, theorem.universes) == (binders, universes)


def test_columns_are_kept_when_a_theorem_is_printed() -> None:
    text = "section open A  theorem a : T := by simp\n" + " " * 35 + " exact t\n"
    theorem = read_theorem(text)
    column = text.index("theorem")
    assert theorem.text.split("\n")[2] == " " * column + "theorem a : T := by simp"
    assert theorem.text.split("\n")[3] == " " * 36 + "exact t"
    assert read_theorem(theorem.text) == theorem


def test_scopes_are_closed_from_the_inside_out() -> None:
    text = (
        "namespace A.B\nnoncomputable section\nsection C\n"
        "theorem t : T := by\n  simp\n\nend C\n#print axioms t\nend\nend A.B\n"
    )
    theorem = read_theorem(text, "A.B.t")
    assert theorem.text == (
        "namespace A.B\nnoncomputable section\nsection C\n\n"
        "theorem t : T := by\n  simp\n\nend C\nend\nend B\nend A\n"
    )


def test_of_a_mutual_block_the_others_are_kept() -> None:
    text = (
        "namespace A\nmutual\ntheorem t : T := u\n\n-- so\ntheorem u : U := t\nend\n"
        "theorem v : V := t\nend A\n"
    )
    assert read_theorem(text, "A.t").text == (
        "namespace A\nmutual\n\ntheorem t : T := u\n\n-- so\ntheorem u : U := t\nend\nend A\n"
    )
    assert read_theorem(text, "A.u").closing == "end\nend A"
    assert read_theorem("mutual\ntheorem t : T := t").closing == "end"


def test_theorems_are_equal_if_they_are_printed_alike() -> None:
    theorem = read_theorem("open A\n\n\n-- so\ntheorem a : T := t\n\n#print a")
    assert theorem == read_theorem("  \nopen A\n\n\n-- so\ntheorem a : T := t")
    assert theorem != read_theorem("open A\n\n\ntheorem a : T := t")
    assert hash(theorem) == hash(read_theorem(theorem.text))
    assert pickle.loads(pickle.dumps(theorem)) == theorem


@pytest.mark.parametrize(
    ("text", "name", "found"),
    [
        ("theorem a : T := t\nlemma b : T := t", "b", "lemma b"),
        ("namespace N\ntheorem a : T := t\nend N\ntheorem a : U := t", "N.a", "theorem a : T"),
        ("namespace N\ntheorem a : T := t\nend N\ntheorem a : U := t", "a", "theorem a : U"),
        ("example : T := t\ntheorem a : T := t", "a", "theorem a"),
        ("example : T := t", None, "example"),
        ("def x := 1\ntheorem a : T := t\ndef y := 1", None, "theorem a"),
        ("namespace N\ntheorem _root_.a : T := t", "a", "theorem _root_.a"),
    ],
)
def test_the_theorem_that_is_asked_for_is_read(text: str, name: str | None, found: str) -> None:
    assert read_theorem(text, name).opening.startswith(found)


@pytest.mark.parametrize(
    ("text", "name", "place", "problem", "hint"),
    [
        ("", None, (1, 1), "there is no theorem", "theorem name : statement := by"),
        ("def x := 1", None, (1, 1), "there is no theorem", "Write one"),
        ("-- theorem a : T := t", None, (1, 1), "there is no theorem", "Write one"),
        ("def x := 1", "a", (1, 1), "there is no theorem", "Write one"),
        ("theorem a : T := t\n lemma b : T := t\nexample : T := t", None, (3, 1),
         "there are 3 theorems: a, b, an example", "the name of the one that is meant"),
        ("".join(f"theorem a{i} : T := t\n" for i in range(12)), None, (12, 1),
         "12 theorems: a0, a1, a2, a3, a4, a5, a6, a7, a8, a9 and 2 more", "name"),
        ("theorem a : T := t\ntheorem a : U := u", "a", (2, 1), "there are 2 theorems `a`",
         "a name of its own"),
        ("theorem add_comm' : T := t\nlemma b : T := t", "add_com", (2, 1),
         "there is no theorem `add_com`, but add_comm', b", "Did you mean add_comm'?"),
        ("namespace Long.Space\n theorem b : T := t\ntheorem bb : T := t", "b", (3, 1),
         "there is no theorem `b`, but Long.Space.b, Long.Space.bb", "Did you mean Long.Space.b?"),
        ("theorem a : T := t", "zzz", (1, 1), "there is no theorem `zzz`, but a", "Give one"),
        ("example : T := t", "a", (1, 1), "no theorem `a`, but an example", "Give one"),
        ("open A\n  theorem : T := t", None, (2, 3), "this theorem has no name", "example instead"),
        ("lemma a", None, (1, 1), "this lemma states nothing", "a colon and the statement"),
        ("theorem a := t", None, (1, 1), "this theorem states nothing", "Write a colon"),
        ("example := t", None, (1, 1), "this example states nothing", "Write a colon"),
        ("theorem a :", None, (1, 11), "this theorem states nothing", "Write a colon"),
        ("theorem a : := t", None, (1, 11), "this theorem states nothing", "Write a colon"),
        ("theorem a : let x", None, (1, 13), "the statement ends before `let` has its value", ":="),
        ("theorem a | x => t", None, (1, 1), "this theorem states nothing", "Write a colon"),
        ("theorem a : T := t /- x", None, (1, 20), "the comment that begins here has no end",
         "End it with -/."),
        ('theorem a : T := "x', None, (1, 18), "the string that begins here has no end",
         'End it with ".'),
        ("theorem a : «T := x", None, (1, 13), "the name that begins here has no end",
         "End it with »."),
        ("theorem a : T := by\nsimp\nring", None, (2, 1), "the theorem ends before `simp`",
         "Indent every line"),
        ("theorem a : T := t\nThis is so.", None, (2, 1), "the theorem ends before `This`",
         "nothing but commands"),
    ],
)  # fmt: skip
def test_what_is_no_theorem_is_refused_with_a_place_and_a_hint(
    text: str, name: str | None, place: tuple[int, int], problem: str, hint: str
) -> None:
    with pytest.raises(FormulaError) as caught:
        read_theorem(text, name)
    assert problem in caught.value.problem
    assert (caught.value.line, caught.value.column) == place
    assert hint in caught.value.hint


def test_syntax_that_the_file_declares_may_follow_a_theorem() -> None:
    text = 'macro "foo" : command => `(open A)\ntheorem a : T := t\nfoo'
    assert read_theorem(text).proof == "t"


@example("\x0c", "theorem a : T := by\n  ")  # space for Python, not for Lean
@given(lean_like, st.sampled_from(["", "theorem a : T := by\n  ", "theorem a : "]))
def test_any_text_holds_a_theorem_or_is_refused(text: str, before: str) -> None:
    try:
        theorem = read_theorem(before + text)
    except FormulaError as error:
        assert error.hint
        assert error.line >= 1
        assert error.column >= 1
        return
    assert theorem.statement
    assert len(theorem.digest) == 64
    assert theorem.text in theorem.with_proof(theorem.proof).text
    again = read_theorem(theorem.text, theorem.name)
    assert (again.statement, again.proof) == (theorem.statement, theorem.proof)
    assert Kind.UNTERMINATED not in [token.kind for token in tokenize(theorem.text)]


@given(made_theorems, lean_like)
def test_any_text_is_a_proof_or_is_refused(made: Made, text: str) -> None:
    theorem = asked(made)
    try:
        proved = theorem.with_proof(text)
    except FormulaError as error:
        assert error.hint
        return
    assert (proved.statement, proved.name) == (theorem.statement, theorem.name)
    assert (proved.binders, proved.preamble) == (theorem.binders, theorem.preamble)
    assert proved.proof is None or proved.proof in text


@pytest.mark.parametrize(
    "text",
    [
        "theorem a : T := " + "(" * 100_000 + "t" + ")" * 100_000,
        "theorem a : " + "⟨" * 100_000 + "T" + "⟩" * 100_000 + " := t",
        "theorem a : T := t" + "/-" * 100_000 + "-/" * 100_000,
        "theorem a : T := by\n" + "  · " * 50_000 + "simp",
        "theorem a : T := " + "fun x " * 50_000 + "=> t",
        "theorem a : " + "let x := 1; " * 30_000 + "T := t",
        "theorem a : T " + "| x => " * 50_000,
        "namespace a\n" * 20_000 + "theorem a : T := t",
        "mutual\n" * 20_000 + "theorem a : T := t\n" + "end\n" * 20_000,
        "open a in " * 20_000 + "theorem a : T := t",
        "theorem " + "a." * 50_000 + "a : T := t",
        "theorem a : T := t\n" * 5_000,
    ],
    ids=lambda text: f"{text[:20]!r}×{len(text)}",
)
def test_hostile_text_is_read_in_linear_time(text: str) -> None:
    start = time.process_time()
    try:
        theorem = read_theorem(text)
    except FormulaError as error:
        assert "there are 5000 theorems" in str(error)
    else:
        assert theorem.with_proof(theorem.proof) == theorem
        assert len(theorem.digest) == 64
    assert time.process_time() - start < 30
