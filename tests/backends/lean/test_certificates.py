"""What provers found, as theorems for the real Lean."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from neurosym.backends.lean.backend import LeanBackend
from neurosym.backends.lean.certificates import (
    THEORY_PROOFS,
    certificate_of_theory,
    first_proof,
)
from neurosym.backends.lean.elaboration import LEAN_LIMITS
from neurosym.backends.lean.files import FileElaborator
from neurosym.candidate import Outcome
from neurosym.errors import InexpressibleError
from neurosym.formal.fol.dialects.base import make_theory
from neurosym.formal.fol.dialects.infix import UNICODE
from neurosym.formal.fol.dialects.lean import LEAN
from neurosym.formal.fol.syntax import Atom, Count, LessEqual, Number, Truth, Variable
from neurosym.formal.fol.theory import Option, OptionTest, Statement, Theory
from neurosym.formal.lean.policy import objections
from neurosym.formal.lean.source import read_source
from neurosym.formal.lean.theorem import read_theorem
from neurosym.status import Status
from tests.backends.lean.prefix import LOGIC, in_prefix
from tests.formal.fol.strategies import Feature, theories

_SAID = frozenset(Feature) - {Feature.ARITHMETIC, Feature.FRACTIONS, Feature.COUNT}


def _theory(claim: str, *premises: str, options: dict[str, str] | None = None) -> Theory:
    def stated(text: str) -> Statement:
        return Statement(UNICODE.parse_formula(text), text)

    made = [Option(label, UNICODE.parse_formula(text)) for label, text in (options or {}).items()]
    return make_theory(map(stated, premises), stated(claim) if claim else None, made)


RAIN = _theory(
    "∃x (Wet(x) ∧ ¬Dry(x))",
    "∀x (Old(x) → Sees(x, bob))",
    "∀x (Outside(x) → Wet(x))",
    "Old(father(ann))",
    "Outside(ann)",
    "∀x ¬(Wet(x) ∧ Dry(x))",
)


def _proved(*used: int) -> Outcome:
    return Outcome(Status.PROVED, "True", {"used": " ".join(map(str, used))})


def test_only_what_was_used_is_assumed_and_spoken_of() -> None:
    assert certificate_of_theory(RAIN, _proved(2, 4, 5)).text == (
        "theorem claim {Entity : Type} [Nonempty Entity]\n"
        "    (Outside : Entity → Prop)\n"
        "    (Wet : Entity → Prop)\n"
        "    (Dry : Entity → Prop)\n"
        "    (ann : Entity)\n"
        "    -- ∀x (Outside(x) → Wet(x))\n"
        "    (premise_2 : ∀ x : Entity, Outside x → Wet x)\n"
        "    -- Outside(ann)\n"
        "    (premise_4 : Outside ann)\n"
        "    -- ∀x ¬(Wet(x) ∧ Dry(x))\n"
        "    (premise_5 : ∀ x : Entity, ¬ (Wet x ∧ Dry x))\n"
        "    -- ∃x (Wet(x) ∧ ¬Dry(x))\n"
        "    : ∃ x : Entity, Wet x ∧ ¬ Dry x := sorry\n"
    )


@pytest.mark.parametrize(
    ("outcome", "goal", "premises"),
    [
        (_proved(4, 5), "∃ x : Entity, Wet x ∧ ¬ Dry x", [4, 5]),
        (Outcome(Status.REFUTED, "False", {"used": "2"}), "¬ (∃ x : Entity, Wet x ∧ ¬ Dry x)", [2]),
        (Outcome(Status.CONTRADICTION, None, {"used": "1 3"}), "False", [1, 3]),
        # Nobody says which, so all are assumed, and what follows from fewer follows from them.
        (Outcome(Status.PROVED, "True"), "∃ x : Entity, Wet x ∧ ¬ Dry x", [1, 2, 3, 4, 5]),
    ],
)
def test_what_was_found_is_the_goal(outcome: Outcome, goal: str, premises: list[int]) -> None:
    found = certificate_of_theory(RAIN, outcome)
    assert found.statement == goal
    assert [n for n in range(1, 9) if f"(premise_{n} : " in found.binders] == premises


def test_an_option_that_was_chosen_is_the_goal() -> None:
    options = [
        Option("A", Atom("P")),
        Option("B", Atom("Q"), OptionTest.CANNOT),
        Option("C", Atom("R"), OptionTest.COULD),
    ]
    theory = make_theory([Statement(Truth(True))], None, options)
    found = certificate_of_theory(theory, Outcome(Status.SOLVED, "B"))
    assert (found.name, found.statement) == ("option_1", "¬ Q")
    assert "\n    -- Option B cannot hold.\n    : ¬ Q" in found.text
    assert "(P : Prop)" not in found.binders
    with pytest.raises(InexpressibleError, match="option C could hold follows from no premises"):
        certificate_of_theory(theory, Outcome(Status.SOLVED, "C"))


@pytest.mark.parametrize(
    ("status", "answer"),
    [(Status.UNKNOWN, "Uncertain"), (Status.TIMEOUT, None), (Status.SOLVED, "A")],
)
def test_what_follows_from_no_premises_is_refused(status: Status, answer: str | None) -> None:
    with pytest.raises(InexpressibleError, match=f"the outcome '{status.value}' says nothing"):
        certificate_of_theory(RAIN, Outcome(status, answer))


def test_a_claim_that_is_not_there_is_not_proved() -> None:
    with pytest.raises(InexpressibleError, match="the outcome 'proved' says nothing"):
        certificate_of_theory(_theory("", "P"), _proved(1))


def test_things_that_are_not_listed_are_counted_by_quantifiers() -> None:
    count = Count((Variable("x"),), Atom("Wet", (Variable("x"),)))
    claim = Statement(LessEqual(Number(Fraction(1)), count))
    found = certificate_of_theory(make_theory([], claim), _proved())
    assert found.statement == "∃ x_1 : Entity, Wet x_1"


def test_modules_are_imported_for_the_proofs() -> None:
    found = certificate_of_theory(RAIN, _proved(4), imports=("Mathlib",))
    assert found.header == ("import Mathlib",)
    for proof in THEORY_PROOFS:
        proved = found.with_proof(proof)
        assert proved.proof == proof
        assert objections(read_source(proved.text), ("Mathlib",)) == ()


_PROOF = """\
Exists.intro ann (And.intro (premise_2 ann premise_4)
  (fun dry => premise_5 ann (And.intro (premise_2 ann premise_4) dry)))"""


async def test_lean_proves_what_the_prover_found(lean: FileElaborator) -> None:
    theorem = read_theorem(in_prefix(certificate_of_theory(RAIN, _proved(2, 4, 5)).text))
    wrong = "Exists.intro ann (And.intro premise_4 premise_4)"
    found = await first_proof(
        theorem, ["sorry", wrong, _PROOF, "a"], LeanBackend(lean), LEAN_LIMITS
    )
    assert found is not None
    proof, outcome = found
    assert (proof.given.proof, proof.asked, outcome.status) == (_PROOF, theorem, Status.PROVED)
    assert await first_proof(theorem, [wrong], LeanBackend(lean), LEAN_LIMITS) is None


async def test_a_statement_that_lean_does_not_take_has_no_proof(lean: FileElaborator) -> None:
    theorem = read_theorem("prelude\nimport Tiny\ntheorem t : Rat := sorry\n")
    assert await first_proof(theorem, ["a", "b"], LeanBackend(lean), LEAN_LIMITS) is None


@settings(max_examples=4, deadline=None)
@given(st.lists(theories(_SAID, has_options=False), min_size=3, max_size=6))
async def test_what_is_printed_elaborates(lean: FileElaborator, drawn: list[Theory]) -> None:
    blocks = []
    for number, theory in enumerate(drawn):
        claim = theory.claim or Statement(Truth(True))
        asked = make_theory(theory.premises, claim, declared=theory.signature)
        printed = LEAN.print_theory(asked)
        found = certificate_of_theory(asked, Outcome(Status.REFUTED, "False")).text
        for kind, text in (("Printed", printed.replace("by\n  sorry", "sorry")), ("Found", found)):
            body = in_prefix(text).removeprefix(LOGIC)
            blocks.append(f"namespace {kind}{number}\n{body}\nend {kind}{number}\n")
    head = LOGIC + "set_option genCtorIdx false\n"
    result = await lean.elaborate(head + "\n".join(blocks))
    assert [str(error) for error in result.errors] == []
    assert len(result.messages) == len(blocks)  # each that it is not proved
