"""Which statements are equivalent, by the real Lean."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from neurosym.answers.theorems import BY_DEFINITION, IMPLICATION, TheoremComparison
from neurosym.backends.lean.files import FileElaborator
from neurosym.formal.lean.theorem import read_theorem
from neurosym.runtime.domain import Comparison
from neurosym.values import Value
from tests.backends.lean.fixture import toolchain

HEADER = "prelude\nimport Tiny\n"
# Terms, since the library of the tests has no tactics.
TURNED = "fun h a b => h b a"
FORGETS = "fun _ a b => fun hab => And.left hab"


@pytest.fixture(scope="module")
def lean() -> Iterator[FileElaborator]:
    elaborator = FileElaborator(toolchain())
    yield elaborator
    elaborator.close()


def stated(text: str) -> str:
    return f"{HEADER}theorem t {text} := sorry"


AB = stated(": ∀ (a : Nat) (b : Prop), Or b (Eq a 0)")
AB_RENAMED = stated("(n : Nat) (p : Prop) : Or p (Eq n 0)")
BA = stated("(b : Prop) (a : Nat) : Or b (Eq a 0)")
OTHER = stated("(b : Prop) (a : Nat) : Or b (Eq a 1)")


def comparison(lean: FileElaborator, *proofs: str, most_pairs: int = 60) -> TheoremComparison:
    return TheoremComparison(lean, BY_DEFINITION, proofs, most_pairs=most_pairs)


async def test_statements_are_grouped_by_what_can_be_proved(lean: FileElaborator) -> None:
    compare: Comparison = comparison(lean, "by omega", TURNED)
    values: list[Value] = [AB, None, OTHER, BA, AB_RENAMED, AB.replace("t :", "u:"), "no Lean"]
    assert await compare.group(values) == (0, -1, 1, 0, 0, 0, 2)
    assert await compare.group([]) == ()
    assert await compare.group(["x", "y", "x"]) == (0, 1, 0)


async def test_without_a_proof_they_are_different(lean: FileElaborator) -> None:
    assert await comparison(lean).group([AB, BA, AB_RENAMED]) == (0, 1, 0)


async def test_both_directions_are_needed(lean: FileElaborator) -> None:
    both = stated("(a b : Prop) : Or (And a b) b")
    half = stated("(a b : Prop) : Or (And a b) (Or a b)")
    weaken = (
        "fun h a b => Or.rec (motive := fun _ => Or (And a b) (Or a b)) (fun l => Or.inl l) "
        "(fun r => Or.inr (Or.inr r)) (h a b)"
    )
    assert await comparison(lean, weaken).group([both, half]) == (0, 1)


async def test_that_both_are_true_makes_them_no_equals(lean: FileElaborator) -> None:
    left = stated("(a b : Prop) : And a b → a")
    same = stated("(b a : Prop) : And b a → b")
    nat = stated("(a b : Prop) : And a b → Or a b")
    proofs = (FORGETS, "fun _ a b => fun hab => Or.inl (And.left hab)")
    compare = comparison(lean, *proofs)
    assert await compare.group([left, nat]) == (0, 1), "each proof does without the other side"
    assert await compare.group([left, same]) == (0, 0), "by definition"


async def test_universes_are_fitted_to_each_other(lean: FileElaborator) -> None:
    one = f"{HEADER}theorem t.{{u}} (α : Type u) (x : α) : Eq x x"
    other = f"{HEADER}theorem t.{{v}} (β : Type v) (y : β) : Eq y y"
    assert await comparison(lean).matches(one, other)


async def test_definitions_are_those_of_each_statement(lean: FileElaborator) -> None:
    one = f"{HEADER}def none : Nat := 0\ntheorem t (n : Nat) : Eq n none"
    same = f"{HEADER}def zero : Nat := 0\ntheorem t (n : Nat) : Eq n zero"
    other = f"{HEADER}def none : Nat := 1\ntheorem t (n : Nat) : Eq n none"
    assert await comparison(lean).group([one, same, other]) == (0, 0, 1)


async def test_an_answer_is_right_if_it_is_equivalent(lean: FileElaborator) -> None:
    compare = comparison(lean, TURNED)
    assert await compare.matches(BA, AB)
    assert await compare.matches(AB, f"{HEADER}example : ∀ (a : Nat) (b : Prop), Or b (Eq a 0)")
    assert not await compare.matches(OTHER, AB)
    assert not await compare.matches(None, AB)
    assert not await compare.matches(AB, "A")


async def test_pairs_and_time_are_bounded(lean: FileElaborator) -> None:
    assert await comparison(lean, TURNED, most_pairs=1).group([AB, OTHER, BA]) == (0, 1, 2)
    late = TheoremComparison(lean, BY_DEFINITION, (TURNED,), seconds=0.0)
    assert await late.group([AB, AB_RENAMED]) == (0, 1)


def test_each_proof_is_one_proof_and_uses_what_it_is_to_follow_from() -> None:
    asked = read_theorem("theorem t (p q : Prop) : p → q := sorry")
    for proof in IMPLICATION:
        assert asked.with_proof(proof).proof == proof
        assert proof.startswith("by\n  intro h\n")
