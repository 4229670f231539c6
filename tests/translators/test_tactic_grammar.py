"""What a goal lets one write as the next tactic."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from neurosym.backends.lean.tactics import ProofState
from neurosym.formal.lean.theorem import read_theorem
from neurosym.strategies.best_first import CLOSING_TACTICS
from neurosym.translators.tactic_grammar import tactic_grammar
from tests.backends.lean.small_prover import SmallProver
from tests.translators.gbnf import Grammar

SPLIT = "p q r : Prop\nh : p ∧ (q ∨ r)\n⊢ p ∧ q ∨ p ∧ r"
STEPS = """α : Type
P : α → Prop
f : α → α
h : ∀ (x : α), P x → P (f x)
x : α
hx : P x
⊢ P (f (f x))"""
SUM = "n : Nat\nih : 0 + n = n\nk✝ : Nat\n⊢ 0 + (n + 1) = n + 1"


@pytest.mark.parametrize(
    ("goal", "tactic", "may"),
    [
        (SPLIT, "rcases h with ⟨h1, h2 | h3⟩", True),
        (SPLIT, "rcases h with h1 | h2", False),  # it has parts, not cases
        (SPLIT, "left", True),
        (SPLIT, "constructor", False),
        (SPLIT, "intro x", False),
        (SPLIT, "exact Or.inl ⟨h.1, h.1⟩", False),  # nothing proves q
        ("p q r : Prop\nhp : p\nhq : q\n⊢ p ∧ q ∨ r", "exact Or.inl ⟨hp, hq⟩", True),
        ("p q r : Prop\nhp : p\nhq : q\n⊢ p ∧ q ∨ r", "exact Or.inl ⟨hq, hp⟩", False),
        (SPLIT, "exact h", False),  # that is no disjunction
        (SPLIT, "exact foo", False),  # nothing is called that
        (SPLIT, "rcases Classical.em q with h1 | h2", True),
        (SPLIT, "sorry", False),
        (STEPS, "apply h", True),
        (STEPS, "exact h (f x) (h x hx)", True),
        (STEPS, "exact h (f x)", False),  # a premise is missing
        (STEPS, "exact h (f (f (f (f x)))) hx", False),  # deeper than any needs
        (STEPS, "intro y", False),
        (STEPS, "induction x", False),  # nothing is known of its type
        (STEPS, "intro h", False),
        (SUM, "rw [Nat.add_succ, ih]", True),
        (SUM, "exact congrArg Nat.succ ih", True),
        (SUM, "rename_i n1", True),
        (SUM, "induction n", True),
        (SUM, "exact k✝", False),
        (SUM, "linarith", False),
        ("⊢ ∀ (a b : Nat), a = b → ¬b = 2", "intro a b h h1", True),
        ("⊢ ∀ (a b : Nat), a = b → ¬b = 2", "intro a", False),
        ("a : Nat\n⊢ ∀ (a : Nat), a = 2", "intro a1", True),
        ("h : False\n⊢ 1 = 2", "exact h.elim", False),
        ("⊢ ∃ n, n + 1 = 4", "refine ⟨3, ?_⟩", True),
        ("h : ∃ y, 0 < y ∧ y < 9\n⊢ True", "rcases h with ⟨y, h1, h2⟩", False),
        ("h : ∃ y, 0 < y ∧ y < 9\n⊢ True", "rcases h with ⟨y, ⟨h1, h2⟩⟩", True),
        ("h : p → q ∨ r\nh1 : p\n⊢ r", "rcases h h1 with h2 | h3", True),
        ("p q : Prop\nh : p → q\nk : ¬q\nhp : p\n⊢ False", "exact k (h hp)", True),
        ("p q : Prop\nh : p ↔ ¬p\nhp : p\n⊢ False", "exact h.mp hp hp", True),
        ("P : Nat → Prop\nh : ∀ x, P x ∧ P 0\n⊢ P 3", "exact (h 3).1", True),
        ("P : Nat → Prop\nh : ∀ r : Prop, (P 0 → r) → r\n⊢ P 3", "apply h", True),
    ],
)
def test_what_may_be_written(goal: str, tactic: str, may: bool) -> None:
    text = tactic_grammar(goal)
    assert text is not None
    assert Grammar(text).accepts(tactic) is may


def test_premises_may_be_used_and_libraries_have_words_of_their_own() -> None:
    grammar = tactic_grammar(SUM, ["Lib.zero_plus"], is_open=True)
    assert grammar is not None
    assert Grammar(grammar).accepts("rw [Lib.zero_plus]")
    assert Grammar(grammar).accepts("exact Lib.zero_plus n")
    assert Grammar(grammar).accepts("nlinarith [sq_nonneg (n - 1)]")
    assert not Grammar(grammar).accepts("simp\nomega")


@pytest.mark.parametrize("text", ["", "no goals", "h : p"])
def test_what_is_no_goal_has_no_grammar(text: str) -> None:
    assert tactic_grammar(text) is None


def test_a_goal_of_many_hypotheses_uses_the_last() -> None:
    hypotheses = "\n".join(f"h{n} : p" for n in range(3000))
    grammar = tactic_grammar(f"p : Prop\n{hypotheses}\n⊢ p")
    assert grammar is not None
    assert len(grammar) < 10_000
    assert Grammar(grammar).accepts("exact h2999")


def test_a_grammar_grows_with_what_is_at_hand_and_not_with_its_combinations() -> None:
    hypotheses = "\n".join(f"h{n} : p → p → p" for n in range(39))
    grammar = tactic_grammar(f"p : Prop\n{hypotheses}\nh : p\n⊢ p")
    assert grammar is not None
    assert len(grammar) < 40_000
    assert Grammar(grammar).accepts("exact h0 (h1 h h) h")


async def test_most_steps_of_known_proofs_may_be_written() -> None:
    """Of proofs that were written before the grammar, but for what a search tries by itself.

    Which new names a step gives is left open, as the grammar has names of its own.
    """
    text = (Path(__file__).parents[2] / "benchmarks" / "theorems.lean").read_text(encoding="utf-8")
    may, missed = 0, []
    for name in re.findall(r"^theorem (\w+)", text, re.MULTILINE):
        theorem = read_theorem(text, name)
        assert theorem.proof is not None
        prover = SmallProver()
        state = await prover.start(theorem)
        for line in theorem.proof.split("\n")[1:]:
            tactic = line.removeprefix("  ")
            grammar = tactic_grammar(state.goals[0])
            assert grammar is not None
            names = tactic.startswith(("intro", "rcases", "obtain", "cases", "rename_i"))
            kind = re.escape(f'"{tactic.split()[0]}').replace("obtain", "rcases")
            if (
                tactic in CLOSING_TACTICS
                or Grammar(grammar).accepts(tactic)
                or (names and re.search(kind.replace("cases", "(?:r?cases)"), grammar))
            ):
                may += 1
            else:
                missed.append(f"{state.goals[0]}: {tactic}")
            found = await prover.run(state, tactic, 5.0)
            assert isinstance(found, ProofState)
            state = found
    assert len(missed) <= 0.1 * (may + len(missed)), "\n\n".join(missed)
