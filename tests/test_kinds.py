"""Which kind of problem a question is, where nobody said."""

from __future__ import annotations

import pytest

from neurosym.kinds import KindName, detect_kind, problem_in_words
from neurosym.problem import Kind

_OPTIONS = ("A) Ann sits first", "B) Bob sits first")


@pytest.mark.parametrize(
    "question",
    [
        "A crate holds 12 eggs. How many eggs do 5 crates hold?",
        "If 3 pens cost $4, how much do 12 pens cost?",
        "Each day, Tom walks 3 km. Is it true that he walks how far in a week?",
        "What is 3 + 4 * 5?",
        "All items are 20% off. Is the total below 30 dollars?",
        "How old is Ann if Bob is 12?",
        "Find the area of the square.",
        "Is 7 a prime?",
        "",
    ],
)
def test_questions_for_a_quantity_are_mathematics(question: str) -> None:
    assert detect_kind(question) is Kind.MATH


@pytest.mark.parametrize(
    "question",
    [
        "All men are mortal. Socrates is a man. Is the following statement true, false, or "
        "uncertain? Socrates is mortal.",
        "Every wumpus is a tumpus. Max is a wumpus. True or false: Max is a tumpus.",
        "All cats purr. Tom is a cat. Does it follow that Tom purrs?",
        "Everyone who studies passes. Ann studies. Can we conclude that Ann passes?",
        "All men are mortal. Socrates is a man. Is Socrates mortal?",
        "No bird is a mammal. If Bo is no mammal, he flies. Bo is a bird. Does Bo fly?",
        "Alex is a brimpus. Prove: Alex is not large.",
        "Rex has 4 legs. Based on this, is this statement true? Rex has an even number of legs.",
    ],
)
def test_questions_for_a_verdict_are_logic(question: str) -> None:
    assert detect_kind(question) is Kind.LOGIC


@pytest.mark.parametrize(
    ("question", "choices", "kind"),
    [
        ("Ann sits left of Bob. Which of the following must be true?", _OPTIONS, Kind.LOGIC),
        ("Ann sits left of Bob. Which one of the following could be the order?", _OPTIONS,
         Kind.LOGIC),
        ("Ann sits left of Bob. Each of the following could be true EXCEPT:", _OPTIONS,
         Kind.LOGIC),
        ("Ann sits left of Bob. Which of the following must be true?", (), Kind.MATH),
        ("How many seats must be free?", ("A) 3", "B) 4"), Kind.MATH),
        ("Which is largest?", ("A) 3", "B) 4"), Kind.MATH),
    ],
)  # fmt: skip
def test_what_is_asked_of_options_tells_puzzles_from_sums(
    question: str, choices: tuple[str, ...], kind: Kind
) -> None:
    assert detect_kind(question, choices) is kind


def test_a_kind_may_be_named_instead() -> None:
    assert problem_in_words("How many?", "q", KindName("logic").kind).kind is Kind.LOGIC
    assert problem_in_words("Prove: P.", "q", KindName("math").kind).kind is Kind.MATH
    found = problem_in_words("Alex is large. Prove: Alex is large.", "q", KindName("auto").kind)
    assert found.kind is Kind.LOGIC


def test_a_puzzle_in_plain_words_has_its_options() -> None:
    puzzle = (
        "Three cars stand in a row. The bus is left of the van.\nWhich of the following is true?\n"
        "A) The bus is first.\nB) The van is first.\nC) The van is last."
    )
    found = problem_in_words(puzzle, "q")
    assert found.kind is Kind.LOGIC
    assert found.question.endswith("Which of the following is true?")
    assert found.choices == ("A) The bus is first.", "B) The van is first.", "C) The van is last.")
