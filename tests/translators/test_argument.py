"""What a question of logic states and what it asks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from neurosym.problem import Kind, Problem
from neurosym.translators.argument import (
    Argument,
    is_verdict_choice,
    read_argument,
    sentences,
)

MORTAL = Argument(("All men are mortal.", "Socrates is a man."), "Socrates is mortal.")


def logic(question: str, context: str = "", choices: tuple[str, ...] = ()) -> Problem:
    return Problem("p", question, Kind.LOGIC, choices, context)


@pytest.mark.parametrize(
    "question",
    [
        "All men are mortal. Socrates is a man. Is the following statement true, false, or "
        "uncertain? Socrates is mortal.",
        "All men are mortal. Socrates is a man.\n\nBased on the above information, is the "
        "following statement true, false, or uncertain? Socrates is mortal.",
        "All men are mortal.\nSocrates is a man.\nTrue or false: Socrates is mortal.",
        "All men are mortal. Socrates is a man. Prove: Socrates is mortal.",
        "All men are mortal. Socrates is a man. Conclusion: Socrates is mortal.",
        "All men are mortal. Socrates is a man. Therefore, Socrates is mortal.",
        "All men are mortal. Socrates is a man. Socrates is mortal.",
        "  All men   are mortal.  Socrates is\ta man.\n\n\nSocrates is mortal.  ",
    ],
)
def test_the_claim_is_what_follows_the_words_that_ask_for_it(question: str) -> None:
    assert read_argument(logic(question)) == MORTAL


@pytest.mark.parametrize(
    ("question", "claim"),
    [
        ("All men are mortal. Does it follow that Socrates is mortal?", "Socrates is mortal"),
        ("All men are mortal. Is it true that Socrates is mortal?", "Socrates is mortal"),
        ("All men are mortal. Is Socrates mortal?", "Is Socrates mortal"),
        ("All men are mortal. Prove that: Socrates dies.", "Socrates dies."),
    ],
)
def test_a_claim_asked_for_as_a_question_is_stated(question: str, claim: str) -> None:
    assert read_argument(logic(question)) == Argument(("All men are mortal.",), claim)


def test_the_premises_may_stand_in_the_context() -> None:
    problem = logic("Socrates is mortal.", "All men are mortal. Socrates is a man.")
    assert read_argument(problem) == MORTAL
    asked = logic(
        "Is this claim true? Socrates is mortal.", "All men are mortal. Socrates is a man."
    )
    assert read_argument(asked) == MORTAL


def test_the_last_words_that_ask_count() -> None:
    found = read_argument(logic("So, all men are mortal. Ann says so. So Ann is right."))
    assert found == Argument(("So, all men are mortal.", "Ann says so."), "Ann is right.")


def test_one_sentence_alone_is_the_claim() -> None:
    assert read_argument(logic("Socrates is mortal.")) == Argument((), "Socrates is mortal.")
    assert read_argument(logic("Prove: Socrates is mortal.")).claim.endswith("Socrates is mortal.")


@given(st.text(min_size=1).filter(lambda text: text.strip() and "\x00" not in text))
def test_any_text_has_an_argument_whose_sentences_are_of_one_line(text: str) -> None:
    argument = read_argument(logic(text))
    assert all(part and "\n" not in part for part in argument.premises)
    assert "\n" not in argument.claim
    said = "".join((*argument.premises, argument.claim))
    assert len(said) <= len(text) + 2, "nothing is added but by the capital letter of the claim"


def test_sentences_are_told_from_abbreviations() -> None:
    assert sentences("Dr. Holm met Mr. Berg. They talked.\n\nIt rained.") == (
        "Dr. Holm met Mr. Berg.", "They talked.", "It rained."
    )  # fmt: skip
    assert sentences(" \n ") == ()


@pytest.mark.parametrize(
    ("choices", "expected"),
    [
        (("A) True", "B) False", "C) Uncertain"), True),
        (("True", "False", "Unknown"), True),
        (("Yes.", "No."), True),
        ((), True),
        (("A) True", "B) Ann sits first"), False),
        (("A) 3", "B) 4"), False),
    ],
)
def test_whether_options_are_verdicts(choices: tuple[str, ...], expected: bool) -> None:
    assert is_verdict_choice(logic("Is it so?", choices=choices)) is expected


@pytest.mark.parametrize(
    ("question", "premises", "claim"),
    [
        ("All men are mortal. Is the following statement true, false or uncertain?", 1, ""),
        ("All men are mortal. Prove:", 1, ""),
        ("All men are mortal.\nConclusion:\n", 1, ""),
        ("All men are mortal. Does it follow that", 1, ""),
        ("Rex is a dog. Dogs bark. Rex barks. True or false?", 2, "Rex barks."),
        ("Rex is a dog. Dogs bark. Rex barks. Is this statement true?", 2, "Rex barks."),
    ],
)
def test_words_that_ask_with_nothing_behind_them(question: str, premises: int, claim: str) -> None:
    found = read_argument(Problem("q", question, Kind.LOGIC))
    assert (len(found.premises), found.claim) == (premises, claim)
