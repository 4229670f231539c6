"""What it calls proved is so; and no text makes it raise, or take long."""

from __future__ import annotations

import asyncio
import itertools
import random
import time
from collections.abc import Callable, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from neurosym.backends.lean.files import FileElaborator
from neurosym.backends.lean.tactics import ProofState, TacticFailure
from neurosym.formal.lean.theorem import read_theorem
from tests.backends.lean.small_prover import SmallProver
from tests.backends.lean.small_prover.expressions import PROP, Const, Expr, Lam, Sort
from tests.backends.lean.small_prover.formulas import (
    WORLDS,
    Formula,
    World,
    numbers,
    propositional,
    quantified,
    wander,
)
from tests.backends.lean.small_prover.helpers import SECONDS, SHORT
from tests.backends.lean.small_prover.kernel import Kernel
from tests.backends.lean.small_prover.library import THEOREMS, constants
from tests.backends.lean.small_prover.limits import LONGEST_TEXT, Budget, Failure
from tests.backends.lean.small_prover.real_lean import lean_file
from tests.backends.lean.small_prover.statement import opened
from tests.backends.lean.small_prover.tactics import TACTICS

PROPOSITIONS = "(p q r : Prop)"
THINGS = "{α : Type} (P : α → Prop) (R : α → α → Prop) (f : α → α) (a b : α)"
ROWS: tuple[World, ...] = tuple(
    dict(zip("pqr", row, strict=True)) for row in itertools.product((False, True), repeat=3)
)
NUMBERS: tuple[World, ...] = tuple({"n": n, "m": m} for n in range(4) for m in range(4))
KINDS = [
    (propositional, PROPOSITIONS, ROWS),
    (quantified, THINGS, WORLDS),
    (numbers, "(n m : Nat)", NUMBERS),
]


async def _tried(
    make: Callable[[random.Random, int], Formula],
    binders: str,
    worlds: Sequence[World],
    rng: random.Random,
) -> tuple[Expr, Expr] | None:
    """The statement and proof of a random formula if tactics at random have proved it."""
    formula = make(rng, rng.choice([1, 2, 2, 3]))
    prover = SmallProver()
    start = await prover.start(read_theorem(f"theorem t {binders} : {formula.text}"))
    for _ in range(2):
        found = await wander(rng, prover, start, 30)
        if found.is_proved:
            assert all(map(formula.holds, worlds)), formula.text
            return prover.proof(found)
    return None


@settings(max_examples=40)
@given(st.integers(min_value=0))
def test_a_proposition_that_is_proved_is_a_tautology(seed: int) -> None:
    asyncio.run(_tried(propositional, PROPOSITIONS, ROWS, random.Random(seed)))


@settings(max_examples=25)
@given(st.integers(min_value=0))
def test_what_is_proved_of_things_holds_in_all_small_worlds(seed: int) -> None:
    asyncio.run(_tried(quantified, THINGS, WORLDS, random.Random(seed)))


@settings(max_examples=25)
@given(st.integers(min_value=0))
def test_what_is_proved_of_numbers_holds_for_small_ones(seed: int) -> None:
    asyncio.run(_tried(numbers, "(n m : Nat)", NUMBERS, random.Random(seed)))


async def test_lean_takes_what_has_been_proved_at_random(lean: FileElaborator) -> None:
    rng = random.Random(1)
    found = [await _tried(*rng.choice(KINDS), rng) for _ in range(100)]
    proofs = [pair for pair in found if pair is not None]
    assert len(proofs) >= 10
    said = await lean.elaborate(lean_file(proofs))
    assert not said.messages
    statement, _ = proofs[0]
    wrong = await lean.elaborate(lean_file([(statement, proofs[1][1])]))
    assert wrong.errors


# ---------------------------------------------------------------- the kernel by itself


def _kernel() -> Kernel:
    return Kernel(constants(), lambda number: None, Budget())


def test_all_constants_have_types() -> None:
    for type in constants().values():
        assert _kernel().level(type) >= 0


def _of(statement: str) -> Expr:
    """A statement as a term."""
    return opened(read_theorem(f"theorem t : {statement}"), Budget()).root.type


IDENTITY = Lam("p", PROP, Lam("h", _of("True"), Const("True.intro")))


@pytest.mark.parametrize(
    ("proof", "statement"),
    [
        (Const("True.intro"), "False"),
        (Const("False.elim"), "False"),
        (Const("False"), "True"),
        (IDENTITY, "∀ p : Prop, p → p"),
        (Const("And.left"), "∀ p q : Prop, p ∧ q → q"),
        (Const("Or.inl"), "∀ p q : Prop, q → p ∨ q"),
        (Const("rfl"), "∀ (α : Type) (a b : α), a = b"),
        (Const("Classical.em"), "∀ p : Prop, p"),
        (Const("Nat.succ_ne_zero"), "∀ n : Nat, n ≠ 0"),
        (Const("Nat.add_zero"), "∀ n : Nat, 0 + n = n"),
        (Sort(0), "True"),
        (Lam("p", Sort(0), Const("trivial")), "True"),
    ],
)
def test_the_kernel_refuses_a_wrong_proof(proof: Expr, statement: str) -> None:
    with pytest.raises(Failure):
        _kernel().check(proof, _of(statement))


def test_the_kernel_takes_the_right_proof() -> None:
    for name, statement in THEOREMS.items():
        _kernel().check(Const(name), _of(statement))


# ---------------------------------------------------------------- texts of any kind


STATEMENTS = (
    "(p q : Prop) (h : p ∧ q) (k : p → q) : q ∧ (p ∨ q)",
    "{α : Type} (P : α → Prop) (f : α → α) (a : α) (h : ∀ x, P x → P (f x)) : ∃ x, P x",
    "(n m : Nat) (h : n = m) (ih : ∀ k : Nat, 0 + k = k) : n + m = m + n",
)
WORDS = (
    *TACTICS, *THEOREMS, "h", "k", "p", "q", "n", "m", "f", "a", "x", "ih", "(", ")", "⟨", "⟩",
    "[", "]", ",", "|", ":", ":=", "=>", "fun", "∀", "∃", "→", "∧", "∨", "¬", "↔", "=", "≠", "+",
    "*", "_", "?_", "·", "@", ".1", ".mp", ".symm", "←", "at", "with", "by", ";", "\n", "\n  ",
    "-", "⊢", "0", "1", "99", "Prop", "Type", "Nat", "α", "rfl", "{", "}", "--", "/-", "-/",
    "sorry",
)  # fmt: skip


def _run(tactic: str) -> None:
    """Run a tactic on states of all kinds; it must end soon, and well."""

    async def run() -> None:
        prover = SmallProver()
        for statement in STATEMENTS:
            start = await prover.start(read_theorem(f"theorem t {statement}"))
            before = time.thread_time()
            found = await prover.run(start, tactic, SHORT)
            assert time.thread_time() - before < 1
            if isinstance(found, ProofState):
                assert all("⊢ " in goal for goal in found.goals)
                again = await prover.run(found, tactic, SHORT)
                assert isinstance(again, ProofState | TacticFailure)
            else:
                assert found.message

    asyncio.run(run())


@settings(max_examples=60)
@given(st.text(max_size=60))
def test_any_text_is_a_tactic_or_fails(text: str) -> None:
    _run(text)


@settings(max_examples=150)
@given(st.sampled_from(sorted(TACTICS)), st.lists(st.sampled_from(WORDS), max_size=14))
def test_any_words_are_a_tactic_or_fail(tactic: str, words: list[str]) -> None:
    _run(" ".join([tactic, *words]))


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "\n", "--", "/-", "/- /- -/", "·", "· ", "· · ·", ";", ";;", "intro ;", "\x00",
        "\ud800", "exact \ud800", "intro h\n    intro k", "  intro x\n intro y", "exact",
        "exact " + "(" * 3000, "exact " + "(" * 3000 + "h" + ")" * 3000, "exact " + "⟨" * 3000,
        "exact " + "⟨h, " * 1500 + "h" + "⟩" * 1500, "exact " + "¬" * 3000 + "p",
        "exact " + "fun x => " * 800 + "x", "exact " + "id " * 2500 + "h",
        "exact " + "id (" * 50 + "h" + ")" * 50, "exact h" + ".1" * 3000,
        "exact h" + ".symm" * 1500,
        "have l : " + "p → " * 1900 + "p := h", "have l : " + "p ∧ " * 1900 + "p := h",
        "have l : " + "1 + " * 1900 + "1 = 1 := rfl", "have l : " + "∀ x : Nat, " * 700 + "p := h",
        "exact " + "9" * 7000, "have l : 10 = " + "9" * 99 + " := rfl",
        "have l : " + "9" * 99 + " * " + "9" * 99 + " = 1 := rfl",
        "have l : ∀ x : Nat, x + " + "9" * 90 + " = x * " + "9" * 90 + " := fun x => rfl",
        "have l : ∀ x : Nat, x * 99999 = 99999 * x := fun x => rfl",
        "have l : (fun x : Nat => x * x * x * x) 99999999 = 1 := rfl",
        "intro " + "x " * 3900, "rcases h with " + "⟨" * 3000,
        "rcases h with " + "x | " * 1900 + "x",
        "rcases h with " + "(" * 3000, "rw [" + "h, " * 2000 + "h]", "rw [" + "← " * 3000,
        "rename_i " + "x " * 3000, "clear " + "h " * 3000, "revert " + "h " * 3000,
        "· " * 3000 + "trivial", "have l : p := by " * 400 + "trivial", "trivial; " * 800,
        "constructor\n" * 600, "have l := h; " * 600, "have l := fun x => x; " * 300,
        "have l : True ∧ True := ⟨trivial, trivial⟩; " * 150, "a" * LONGEST_TEXT, "a" * 10**6,
        "exact (fun x => x x) (fun x => x x)", "exact (fun (x : p) => x) h",
        "have w : ∀ s : Prop, s → s := fun s x => x; exact w _ (w _ (w _ h))",
        "exact " + "(fun s : Prop => s ∧ s) (" * 55 + "p" + ")" * 55,
        "have l : " + "(fun s : Prop => s ∧ s) (" * 55 + "p" + ")" * 55 + " := h",
        "have l : " + "(fun g : Nat → Nat => fun x => g (g x)) (" * 40 + "Nat.succ" + ")" * 40
        + " 0 = 1 := rfl",
        "exact " + "(fun f x => f (f x)) " * 20 + "id h",
    ],
    ids=lambda text: repr(text[:30]),
)  # fmt: skip
def test_hostile_texts_fail_soon(text: str) -> None:
    _run(text)


async def test_time_that_is_too_short_is_a_failure() -> None:
    prover = SmallProver()
    start = await prover.start(read_theorem("theorem t (n : Nat) : n = n"))
    found = await prover.run(start, "rfl", 0.0)
    assert isinstance(found, TacticFailure)
    assert "timeout" in found.message


async def test_many_tasks_at_once_keep_apart() -> None:
    prover = SmallProver()

    async def one(number: int) -> bool:
        start = await prover.start(read_theorem(f"theorem t (p{number} : Prop) : True ∨ p{number}"))
        middle = await prover.run(start, "left", SECONDS)
        assert isinstance(middle, ProofState)
        assert middle.goals == (f"p{number} : Prop\n⊢ True",)
        last = await prover.run(middle, "trivial", SECONDS)
        return isinstance(last, ProofState) and last.is_proved

    assert all(await asyncio.gather(*map(one, range(20))))
