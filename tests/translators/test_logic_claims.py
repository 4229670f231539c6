"""The logical claims that a sentence may make, in the grammar of a model."""

from __future__ import annotations

import pytest

from neurosym.formal.optimization.kinds import ConstraintKind, kinds_of
from neurosym.problem import Kind, Problem
from neurosym.translators.five_elements import FiveElementsTranslator
from neurosym.translators.logic_claims import logical_claims
from neurosym.translators.model_grammar import model_grammar
from tests.translators.gbnf import Grammar


def whole(sentence: str, claim: str) -> tuple[str, str]:
    """A description of two sentences, and a model that claims one thing of the first."""
    text = f"{sentence} Maximize the value of alpha, beta and gamma."
    declared = "".join(f"var {name} binary\n" for name in ("alpha", "beta", "gamma"))
    second = "Maximize the value of alpha, beta and gamma."
    claimed = f"{claim}\n" if claim else ""
    model = f"{declared}# 1: {sentence}\n{claimed}# 2: {second}\nmaximize alpha + beta + gamma\n"
    return text, model


@pytest.mark.parametrize(
    ("sentence", "claim", "kind"),
    [
        ("At most two of the three plants can be opened.", "alpha + beta + gamma <= 2",
         ConstraintKind.AT_MOST_K),
        ("At least 2 of the plants must be opened.", "alpha + beta + gamma >= 2",
         ConstraintKind.AT_LEAST_K),
        ("Exactly one of these plants is chosen.", "alpha + beta = 1", ConstraintKind.EXACTLY_K),
        ("Alpha and beta are mutually exclusive.", "alpha + beta <= 1",
         ConstraintKind.MUTUALLY_EXCLUSIVE),
        ("Either alpha or beta must be chosen.", "alpha + beta >= 1", ConstraintKind.AT_LEAST_K),
        ("Either alpha or beta must be 1.", "alpha >= 1 or beta >= 1", ConstraintKind.EITHER_OR),
        ("Beta can be chosen only if alpha is.", "beta <= alpha", ConstraintKind.PRECEDENCE),
        ("If alpha is chosen then beta is at least 1.", "if alpha > 0 then beta >= 1",
         ConstraintKind.FIXED_CHARGE),
        ("Alpha and beta are chosen both or neither.", "alpha = beta",
         ConstraintKind.ALL_OR_NOTHING),
    ],
)  # fmt: skip
def test_each_kind_can_be_written_and_is_read_as_it(
    sentence: str, claim: str, kind: ConstraintKind
) -> None:
    text, written = whole(sentence, claim)
    problem = Problem("p", text, Kind.OPTIMIZATION)
    second = "Maximize the value of alpha, beta and gamma."
    assert Grammar(model_grammar([sentence, second])).accepts(written)
    model = FiveElementsTranslator().parse(written, problem)
    assert kinds_of(model) == (kind,)  # type: ignore[arg-type]


def test_that_so_many_are_chosen_has_to_be_claimed() -> None:
    sentence = "At most two of the three plants can be opened."
    _, silent = whole(sentence, "")
    _, other = whole(sentence, "alpha + beta + gamma <= 3")
    grammar = Grammar(model_grammar([sentence, "Maximize the value of alpha, beta and gamma."]))
    assert not grammar.accepts(silent)
    assert not grammar.accepts(other)


@pytest.mark.parametrize(
    "sentence",
    [
        "If a boat seats 4, how many boats are needed?",
        "If 300 cars are delivered, find the least number of planes.",
        "Goods are sent either by van or by truck.",
        "Patients are covered at least once.",
        "At least 2/3 of the patients must be covered.",
        "Two of the vans are red.",
    ],
)
def test_words_of_logic_that_claim_nothing(sentence: str) -> None:
    found = list(logical_claims(sentence))
    assert not found or sentence.startswith("Two")
