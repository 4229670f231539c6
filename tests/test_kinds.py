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
        "Tom has 3 apples and buys as many as Ann, who has 5. How many has he?",
        "Only Ann came. How many people came?",
        "Amy has 12 stickers and Ben has 20. Who has the highest total score, and by how much?",
        "A team has 3 games with scores 10, 12 and 15. What is the highest total score of two?",
        "There are 30 students. The class with the most is room 2. How many should be in the rest?",
        "Only one shop is open. Its apples are the cheapest at $2. How much should 5 apples cost?",
        "The train must run as fast as possible. It has 90 km to go at 45 km/h. How long is that?",
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
        "Anyone who owns a dog must pay the tax. Kim owns a dog. Does Kim have to pay the tax?",
        "Rex has 4 legs. Based on this, is this statement true? Rex has an even number of legs.",
    ],
)
def test_questions_for_a_verdict_are_logic(question: str) -> None:
    assert detect_kind(question) is Kind.LOGIC


@pytest.mark.parametrize(
    "question",
    [
        "A pot of soup feeds 20 pupils and needs 30 minutes, a pot of pasta 12 and 10. There are "
        "240 minutes of stove time. How many pots of each should be cooked to feed as many pupils "
        "as possible?",
        "A baker has 40 kg of flour. A loaf earns $3 and takes 1 kg, a cake earns $7 and takes 2 "
        "kg. How many loaves and cakes should she bake to earn as much as possible?",
        "Corn costs $2 and oats $3 a bag. The feed must have at least 30 g of protein. What is the "
        "cheapest feed?",
        "A carpenter has 40 hours. A chair takes 2 and a table 5 hours. What should he make for "
        "the highest profit?",
        "60 people travel. Use as few vehicles as possible. There are at most 4 buses of 20 and "
        "vans of 8.",
        "Maximize profit 3 chairs + 5 tables. There are 40 hours, a chair takes 2 and a table 5.",
        "Ore A earns $5 a ton and ore B $9. How much of each should be mined to maximize profit?",
        "A diet needs at least 2000 calories. Bread costs $2 for 500. Find the cheapest diet.",
        "A ward needs 5 nurses by day and 8 by night. Find the smallest number of nurses to hire.",
        "Chairs earn $3 and need 2 hours. There are 40 hours. What is the maximum profit?",
    ],
)
def test_questions_for_the_best_decision_are_optimization(question: str) -> None:
    assert detect_kind(question) is Kind.OPTIMIZATION


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
