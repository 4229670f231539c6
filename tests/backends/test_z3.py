"""Z3 decides theories: five outcomes for a claim, and what they rest on."""

from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from neurosym.backends.z3.backend import Z3Backend
from neurosym.candidate import Outcome
from neurosym.formal.fol.dialects.base import make_theory
from neurosym.formal.fol.syntax import Formula, Not
from neurosym.formal.fol.theory import Statement
from neurosym.status import Status
from tests.backends.theories import BURNSIDE, ENDLESS, ENOUGH, MONADIC, decided, read, world_of
from tests.formal.fol.worlds import follows, holds


@pytest.fixture(scope="module")
def z3() -> Iterator[Z3Backend]:
    backend = Z3Backend(workers=2)
    yield backend
    backend.close()


SYLLOGISM = "∀x (Man(x) → Mortal(x))\nMan(socrates)\nTall(plato)\n"


# ------------------------------------------------------------------- a claim


@pytest.mark.parametrize(
    ("text", "status", "answer", "used", "reason"),
    [
        (SYLLOGISM + "⊢ Mortal(socrates)", Status.PROVED, "True", "1 2",
         "the claim follows from premises 1 and 2"),
        (SYLLOGISM + "⊢ ¬Mortal(socrates)", Status.REFUTED, "False", "1 2",
         "the claim's negation follows from premises 1 and 2"),
        (SYLLOGISM + "⊢ Mortal(plato)", Status.UNKNOWN, "Uncertain", None,
         "the premises allow the claim to hold and to fail"),
        (SYLLOGISM + "¬Mortal(socrates)\n⊢ Tall(plato)", Status.CONTRADICTION, None, "1 2 4",
         "the premises contradict each other: premises 1, 2 and 4"),
        (ENDLESS + BURNSIDE + "⊢ ∀x ∀y (h(h(x, y), y) = c)", Status.TIMEOUT, None, None,
         "neither a proof nor a countermodel was found in time"),
        (SYLLOGISM + "⊢ P(a) ∨ ¬P(a)", Status.PROVED, "True", None,
         "the claim holds whatever the premises"),
        (SYLLOGISM + "⊢ P(a) ∧ ¬P(a)", Status.REFUTED, "False", None,
         "the claim fails whatever the premises"),
        (SYLLOGISM + "⊢ Mortal(socrates) ∧ Tall(plato)", Status.PROVED, "True", "1 2 3",
         "the claim follows from premises 1, 2 and 3"),
        ("R(b)\nP(a)\n⊢ ∃x P(x)", Status.PROVED, "True", "2", "the claim follows from premise 2"),
        ("⊢ P(a)", Status.UNKNOWN, "Uncertain", None,
         "the premises allow the claim to hold and to fail"),
        ("P(a)", Status.UNKNOWN, None, None, "nothing is asked"),
        ("P(a)\n¬P(a)", Status.CONTRADICTION, None, "1 2",
         "the premises contradict each other: premises 1 and 2"),
        ("∀x ∀y (x = y)\na ≠ b\n⊢ P(a)", Status.CONTRADICTION, None, "1 2",
         "the premises contradict each other: premises 1 and 2"),
    ],
)  # fmt: skip
def test_each_outcome_and_what_it_rests_on(
    z3: Z3Backend, text: str, status: Status, answer: str | None, used: str | None, reason: str
) -> None:
    outcome = decided(z3, text, seconds=2)
    assert (outcome.status, outcome.answer) == (status, answer)
    assert outcome.evidence.get("used") == used
    assert outcome.evidence["reason"] == reason
    assert ("countermodel" in outcome.evidence) == (answer == "Uncertain")
    assert outcome.seconds > 0


def test_numbers_functions_and_sorts_are_understood(z3: Z3Backend) -> None:
    for premises, claim, status in [
        ("age(bob) = age(mia) + 3\nage(mia) > 4", "age(bob) ≥ 8", Status.PROVED),
        ("price(a) = 1/2\nprice(b) = price(a) · 3", "price(b) = 1.5", Status.PROVED),
        ("∀i:Int (f(i) = i + 1)", "f(f(1)) = 3", Status.PROVED),
        ("∀r:Real (r > 0 → g(r) > r)", "g(0.5) > 0.25", Status.PROVED),
        ("father(bob) = mia", "∃x (father(x) = mia)", Status.PROVED),
        ("distinct(a, b, c)\n∀x (x = a ∨ x = b)", "c = a", Status.CONTRADICTION),
    ]:
        outcome = decided(z3, f"{premises}\n⊢ {claim}")
        assert outcome.status is status, claim
    outcome = decided(z3, "age(bob) > 3\n⊢ age(bob) = 4")
    assert "values: age(bob) = " in outcome.evidence["countermodel"]


def test_a_proof_from_premises_that_may_contradict_each_other_says_so(z3: Z3Backend) -> None:
    sure = decided(z3, "P(a)\n⊢ P(a)")
    assert "consistency" not in sure.evidence
    unsure = decided(z3, f"P(a)\n{ENDLESS}⊢ P(a)", seconds=2)
    assert unsure.status is Status.PROVED
    assert unsure.evidence["consistency"] == "it is not known whether the premises can all hold"


def test_a_fraction_among_whole_numbers_is_what_it_is(z3: Z3Backend) -> None:
    declared = "Declarations:\nk : Int\nP : Int -> Bool\nQ : Real -> Bool\nPremises:\n"
    assert decided(z3, declared + "k = 1/2").status is Status.CONTRADICTION
    mixed = declared + "Q(3)\nQ(k)\ndistinct(k, 1/2)\nk + 1/2 < 4\nConclusion:\nk < 4"
    assert decided(z3, mixed).status is Status.PROVED


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("a · b = 3\n⊢ P(a)", "two unknown numbers are multiplied"),
        ("#{x | P(x)} = 11\n⊢ P(a)",
         "things of sort 'Entity' are counted, but they are not listed"),
        ("#{x | P(x)} = #{x | Q(x)}\n⊢ P(a)",
         "things of sort 'Entity' are counted, but they are not listed"),
        ("Declarations:\nsort S = {1, 2}\nf : Entity -> S\nPremises:\nf(a) = 1",
         "a function of things that are not listed has values in a list of numbers"),
        ("Declarations:\nsort S = {" + ", ".join(map(str, range(200))) + "}\nPremises:\n"
         "∀a:S ∀b:S ∀c:S P(a, b, c)", "the theory says too much about too many things"),
    ],
)  # fmt: skip
def test_what_z3_cannot_be_told_is_malformed(z3: Z3Backend, text: str, error: str) -> None:
    outcome = decided(z3, text)
    assert outcome.status is Status.MALFORMED
    assert error in outcome.evidence["error"]


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("a · b = 3\n⊢ P(a)", "Say it linearly: multiply by numbers only."),
        ("#{x | P(x)} = 11\n⊢ P(a)", "or compare their count with a number up to 10."),
        ("Declarations:\nsort S = {" + ", ".join(map(str, range(200))) + "}\nPremises:\n"
         "∀a:S ∀b:S ∀c:S P(a, b, c)", "Use shorter lists, or fewer quantifiers"),
    ],
)  # fmt: skip
def test_what_to_do_about_it_is_said_too(z3: Z3Backend, text: str, hint: str) -> None:
    assert hint in decided(z3, text).evidence["error"]


# ------------------------------------------------------------------- against brute force


def _decided(z3: Z3Backend, premises: list[Formula], claim: Formula) -> Outcome:
    return decided(z3, make_theory(map(Statement, premises), Statement(claim)))


@settings(max_examples=60)
@given(premises=st.lists(MONADIC, max_size=4), claim=MONADIC)
def test_the_status_is_what_all_small_worlds_say(
    z3: Z3Backend, premises: list[Formula], claim: Formula
) -> None:
    outcome = _decided(z3, premises, claim)
    proved, refuted = (follows(premises, item, ENOUGH) for item in (claim, Not(claim)))
    expected = {
        (True, True): Status.CONTRADICTION,
        (True, False): Status.PROVED,
        (False, True): Status.REFUTED,
        (False, False): Status.UNKNOWN,
    }
    assert outcome.status is expected[proved, refuted]
    if outcome.status is Status.UNKNOWN:
        world = world_of(outcome.evidence["countermodel"])
        assert all(holds(premise, world) for premise in premises)
        assert not holds(claim, world)
        return
    used = [premises[int(n) - 1] for n in outcome.evidence.get("used", "").split()]
    shown = {Status.PROVED: claim, Status.REFUTED: Not(claim)}.get(outcome.status)
    for count in range(len(used) + 1):
        for core in combinations(used, count):
            # What is used suffices, and nothing less of it.
            suffices = (
                all(follows(core, item, ENOUGH) for item in (claim, Not(claim)))
                if shown is None
                else follows(core, shown, ENOUGH)
            )
            assert suffices == (len(core) == len(used))


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("Loves(ann, bob)\n∀x ∃y Loves(x, y)\n⊢ ∃x ∀y Loves(y, x)", 2),
        ("father(ann) = bob\n∀x (father(x) ≠ x)\n⊢ father(bob) = ann", 3),
        ("distinct(a, b, c)\nP(a)\n⊢ P(b)", 3),
        ("a = b\nP(a)\n⊢ P(c)", 2),
        ("R\n⊢ S", 1),
        ("∀x (P(x) ∨ Q(x))\n¬∀x P(x)\n¬∀x Q(x)\n⊢ P(a)", 2),
    ],
)
def test_a_countermodel_is_a_small_world_of_the_premises(
    z3: Z3Backend, text: str, size: int
) -> None:
    theory = read(text)
    outcome = decided(z3, theory)
    assert outcome.status is Status.UNKNOWN
    world = world_of(outcome.evidence["countermodel"])
    *premises, claim = theory.formulas
    assert all(holds(premise, world) for premise in premises)
    assert not holds(claim, world)
    assert len(world.things) in ((size,) if text != "R\n⊢ S" else (0,))


def test_a_countermodel_in_plain_words(z3: Z3Backend) -> None:
    outcome = decided(z3, "∀x (P(x) → Q(x))\nP(ann)\n⊢ ∀x Q(x)")
    things, true, rest = outcome.evidence["countermodel"].splitlines()
    assert things in (
        "things: ann, someone or something (2)",
        "things: someone or something (1), ann",
    )
    assert true == "true: P(ann), Q(ann)"
    assert rest == "everything else is false"


def test_a_claim_that_fails_in_endless_worlds_only_is_not_given_up_wrongly(z3: Z3Backend) -> None:
    # Neither follows, but no small world shows it: to say so would be a guess.
    outcome = decided(z3, ENDLESS + "⊢ R(a, b)", seconds=3)
    assert outcome.status in (Status.TIMEOUT, Status.UNKNOWN)
    assert outcome.status is Status.TIMEOUT or outcome.answer == "Uncertain"


# ------------------------------------------------------------------- size


def test_five_thousand_premises_are_decided(z3: Z3Backend) -> None:
    many = "\n".join(f"P(c{i}) ∧ R{i}(c{i})" for i in range(5000))
    outcome = decided(z3, f"{many}\n∀x (P(x) → Q(x))\n⊢ Q(c77)", seconds=30)
    assert (outcome.status, outcome.evidence["used"]) == (Status.PROVED, "78 5001")
    chain = "\n".join(f"∀x (P{i}(x) → P{i + 1}(x))" for i in range(1000))
    outcome = decided(z3, f"P0(a)\n{chain}\n⊢ P1000(a)", seconds=8)
    assert outcome.status is Status.PROVED
    assert len(outcome.evidence["used"].split()) == 1001


def test_what_was_proved_stays_proved_if_there_is_no_time_to_say_from_what(z3: Z3Backend) -> None:
    chain = "\n".join(f"∀x (P{i}(x) → P{i + 1}(x))" for i in range(1000))
    outcome = decided(z3, f"P0(a)\nR(b)\n{chain}\n⊢ P1000(a)", seconds=2.5)
    assert outcome.status is Status.PROVED
    assert {1, *range(3, 1003)} <= set(map(int, outcome.evidence["used"].split()))


def test_all_the_time_it_is_given_is_used_before_it_gives_up(z3: Z3Backend) -> None:
    begun = time.monotonic()
    outcome = decided(z3, ENDLESS + BURNSIDE + "⊢ ∀x ∀y (h(h(x, y), y) = c)", seconds=3)
    assert outcome.status is Status.TIMEOUT
    assert 2 < time.monotonic() - begun < 5


def test_many_premises_are_told_by_runs(z3: Z3Backend) -> None:
    chain = "".join(f"P{i}(a) → P{i + 1}(a)\n" for i in range(20))
    outcome = decided(z3, f"P0(a)\n{chain}Q(b)\nP30(a) → P31(a)\n⊢ P20(a)")
    assert outcome.evidence["reason"] == "the claim follows from premises 1 to 21"
    assert outcome.evidence["used"] == " ".join(str(i) for i in range(1, 22))
    every_second = "".join(f"P{i}(a) → P{i + 1}(a)\nQ(b)\n" for i in range(20))
    outcome = decided(z3, f"P0(a)\n{every_second}⊢ P20(a)")
    told = outcome.evidence["reason"]
    assert told.startswith("the claim follows from premises 1, 2, 4, 6, ")
    assert told.endswith(" and others (21 in all)")
