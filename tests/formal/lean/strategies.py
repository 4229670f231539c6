"""Lean text for tests: pieces that mean much to a lexer, and whole theorems of known parts."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import strategies as st

__all__ = ["Made", "full_name", "lean_like", "made_theorems"]

_PIECES = st.sampled_from(
    [
        "theorem", "lemma", "example", "def", "end", "open", "in", "by", "namespace", "section",
        "mutual", "@[simp]", "private", "scoped[", "deriving instance", "#eval", "#s", "import",
        "sorry", "where", "let", "have", ":=", "=>", "|", ":", ".{u}", "(", ")", "[", "]", "{", "}",
        "⟨", "⟩", "`(", "«", "»", "/-", "-/", "/--", "/-!", "--", '"', '\\"', 's!"', "{", "}",
        'r#"', '"#', "'", "'a'", "''", "`", "``x", "x", "x'", "x.1.2", "1.5e3", "0xF", "..", "λ",
        "∀", "é", "𝔸", "\ud800", "\n", "\r\n", "\r", "\t", " ", "  ", "\x00", "\\", "begin", "a.b",
    ]
)  # fmt: skip

lean_like = st.one_of(
    st.text(),
    st.lists(_PIECES, max_size=40).map("".join),
    st.lists(_PIECES, max_size=40).map(" ".join),
)
"""Any text, and text of what Lean is made of."""


@dataclass(frozen=True)
class Made:
    """A file with a theorem, and what its parts are.

    Attributes:
        proof: What stands behind ``:=``, or ``None``.
        joint: What stands before the proof.
        inside: The namespaces it stands in.
    """

    header: tuple[str, ...]
    preamble: tuple[str, ...]
    inside: tuple[str, ...]
    lead: str
    name: str
    universes: str
    binders: str
    statement: str
    joint: str
    proof: str | None
    behind: str

    @property
    def text(self) -> str:
        opened = [f"namespace {name}\n" for name in self.inside]
        closed = [f"end {name}\n" for name in reversed(self.inside)]
        return "".join(
            [
                *(f"{line}\n" for line in self.header),
                *(f"{command}\n\n" for command in (*self.preamble, *opened)),
                f"{self.lead}theorem {self.name}{self.universes} {self.binders} : {self.statement}",
                f"{self.joint}{self.proof}\n" if self.proof else "\n",
                self.behind,
                *closed,
            ]
        )


def full_name(made: Made) -> str:
    """The name of a file's theorem with its namespaces."""
    if made.name.startswith("_root_."):
        return made.name.removeprefix("_root_.")
    return ".".join([*made.inside, made.name])


_HEADERS = [
    (), ("import Mathlib",), ("prelude",), ("module", "public import Mathlib.Data.Real.Basic"),
    ("import Mathlib", "meta import Lean", "import all Foo.«bar baz»"),
]  # fmt: skip
_PREAMBLES = [
    "open Nat Real",
    "open scoped BigOperators",
    "set_option maxHeartbeats 400000 in\ntheorem helper₁ : 1 = 1 := by\n  open Nat in\n  rfl",
    "variable {α : Type*} [Group α] (x : α)",
    "/-! About theorems : none -/",
    "-- theorem commented : out",
    "def double (n : ℕ) : ℕ :=\n  let m := n\n  m + n",
    "structure Pair where\n  private left : ℕ\n  /-- theorem -/\n  right : ℕ := 0",
    'notation "theorem⟨" x "⟩" => x',
    "inductive Tree\n  | leaf\n  | node (l r : Tree)\nderiving Repr",
    "noncomputable section",
    "@[simp] lemma helper (n : ℕ) : n = n := rfl",
]
_LEADS = [
    "", " ", "@[simp] ", "/-- It says `theorem x : y`. -/\n", "@[simp, norm_cast]\nprivate ",
    "open Real in\n", "set_option maxHeartbeats 0 in\n@[simp]\nprotected ",
]  # fmt: skip
_BINDERS = [
    "", "(x : ℝ)", "{a b : ℕ} (h : a < b)\n    [Fact (Nat.Prime 7)]", "(f : ℕ → ℕ := fun n => n)",
    "⦃s : Set ℝ⦄ (hs : s = {x | |x| < 1})", "(h : ∀ x, ∃ y, x = y) -- why\n   (theorem' : True)",
]  # fmt: skip
_STATEMENTS = [
    "x = x", "|x - 1| ≤ |x| + 1", "let y := 2; y = 2", "have h := rfl; 1 = 1", "∀ n, n = n ∨ n ≠ n",
    "(fun n : ℕ => n + 1) = Nat.succ", "∃ f : ℕ → ℕ, f = fun n ↦ n", "{x | x > 0} = Set.Ioi 0",
    "(match 1 with | 0 => False | _ => True)", '"a := b" = s!"{"|"}"', "x.1 = 'a'.toNat",
    "let f : ℕ → ℕ | 0 => 1 | n + 1 => n\n    f 0 = 1", "f '' s = g ⁻¹' t", "P (theorem' := 1)",
    "a\n  → b /- := sorry -/ → c",
]  # fmt: skip
_PROOFS = [
    (" := ", "by simp"),
    (" := by\n  ", None),
    (" :=\n  ", "fun x => x"),
    (" :=\n", "by\n  intro x\n  · simp -- done\n  · open Nat in\n    exact «end» x.theorem"),
    (" := ", "⟨by simp, by\n  cases h with\n  | inl h => exact h\n  | inr h => exact h⟩"),
    ("\n  ", "| 0 => rfl\n  | n + 1 => by simp"),
    (" ", "where\n  left := rfl\n  right := by simp"),
    (" := ", "foo x\nwhere\n  foo (x : ℕ) : True := trivial"),
    (" := ", "foo n\ntermination_by n\ndecreasing_by simp"),
    ("", None),
    (" := ", None),
    (" := -- not yet\n ", "calc\n  a = b := p\n  _ = c := q"),
]
_BEHIND = ["", "#print axioms x\n", "theorem later : True := trivial\n", "/-! end -/\n"]

made_theorems = st.builds(
    lambda proof, **parts: Made(joint=proof[0] if proof[1] else "", proof=proof[1], **parts),
    proof=st.sampled_from(_PROOFS),
    header=st.sampled_from(_HEADERS),
    preamble=st.lists(st.sampled_from(_PREAMBLES), max_size=4, unique=True).map(tuple),
    inside=st.sampled_from([(), ("Foo",), ("Foo", "Bar.«baz qux»")]),
    lead=st.sampled_from(_LEADS),
    name=st.sampled_from(["asked", "Asked.name", "h₁'", "«asked for»", "_root_.Other.asked"]),
    universes=st.sampled_from(["", ".{u}", ".{u, v}"]),
    binders=st.sampled_from(_BINDERS),
    statement=st.sampled_from(_STATEMENTS),
    behind=st.sampled_from(_BEHIND),
)
"""Files with one theorem that is asked for, among others."""
