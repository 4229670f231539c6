"""The options that a question ends with."""

from __future__ import annotations

import pytest

from neurosym.answers.options import split_options


@pytest.mark.parametrize(
    ("asked", "options"),
    [
        ("How many?", "\nA) 12\nB) 14"),
        ("How many?", "\n(A) 12\n(B) 14\n(C) none of these"),
        ("How many?", "\n  A. 12\n  B. 14\n"),
        ("How many?", " A) 12 B) 14 C) f(x) is 3"),
        ("How many?", " (A) 12, (B) 14"),
        ("Ann (A) and Bob (B) run. Who wins?", "\nA) Ann\nB) Bob\nC) both A) and B)"),
        ("Which is true?", "\nA) It is\nlong.\nB) It is not."),
    ],
)
def test_options_are_split_from_what_is_asked(asked: str, options: str) -> None:
    question, found = split_options(asked + options)
    assert question == asked
    assert len(found) >= 2
    assert all(option.lstrip("(").startswith("ABC"[i]) for i, option in enumerate(found))
    assert "".join("".join(found).split()) == "".join(options.split())


@pytest.mark.parametrize(
    "text",
    [
        "Vitamin A. Vitamin B. How many?",
        "A) 12\nB) 14",
        "How many?\nA) 12",
        "How many?\nB) 12\nC) 14",
        "How many?\nA) 12\nC) 14",
        "A) Ann has 3.\nB) Bob has 4.\n\nHow many have they?",
        "Take f(A) and f(B).",
        "Plan A: 3 hours. Plan B: 4 hours. Which takes longer?",
        "",
    ],
)
def test_other_letters_are_no_options(text: str) -> None:
    assert split_options(text) == (text, ())
