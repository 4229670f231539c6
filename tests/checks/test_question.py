"""Which sentence of a question asks."""

from __future__ import annotations

import pytest

from neurosym.checks.question import asked_sentence, words_of
from neurosym.problem import Problem


@pytest.mark.parametrize(
    ("question", "asks"),
    [
        ("Ann has 3 pens. How many has Bob?", "How many has Bob?"),
        ("How many has Bob? Ann has 3 pens.", "How many has Bob?"),
        ("Is it 3? How many has Bob?", "How many has Bob?"),
        ("Ann has 3.5 kg. Find the weight. She is glad.", "Find the weight."),
        ("Ann asks: 'How many?' and leaves.", "Ann asks: 'How many?"),
        ("Ann has 3 pens.", "Ann has 3 pens."),
        ("If she sells 3, how many are left?", "If she sells 3, how many are left?"),
        ("3", "3"),
        ("?!", "?!"),
    ],
)
def test_the_sentence_that_asks(question: str, asks: str) -> None:
    assert asked_sentence(Problem("p", question)) == asks


def test_words_are_lower_case_and_currencies_count() -> None:
    assert words_of("What’s 5% of $20, Ann?") == ["what's", "%", "of", "$", "ann"]
