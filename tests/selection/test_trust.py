"""Answers to act on, by labelled ones like them."""

from __future__ import annotations

import numpy as np
import pytest

from neurosym.errors import InputError, OptionError
from neurosym.selection.trust import SCORES, trust_answers
from neurosym.solution import Abstention, AbstentionReason, Selection, Solution


def solution(name: str, confidence: float) -> Solution:
    chosen = Selection(0, 0, weights=(confidence, 1 - confidence), share=confidence, votes=(1.0,))
    return Solution(name, 1, None, confidence, chosen)


def abstention() -> Solution:
    why = Abstention(AbstentionReason.NO_SUPPORT, "none")
    return Solution("none", None, why, 0.0, Selection(None, None))


def test_answers_above_all_wrong_ones_are_chosen_first() -> None:
    wrong = [solution(f"wrong {i}", 0.2 + i / 100) for i in range(30)]
    new = [solution("low", 0.3), solution("high", 0.9), abstention(), solution("higher", 0.95)]
    told = trust_answers([(item, False) for item in wrong], new, 0.1)
    assert [item.solution.problem_id for item in told] == ["high", "higher", "low"]
    assert [item.is_chosen for item in told] == [True, True, False]
    assert told[0].p_value == pytest.approx(1 / 31)
    assert {item.score for item in told} <= set(SCORES)


def test_the_bound_holds_on_fresh_answers() -> None:
    random = np.random.default_rng(0)

    def drawn(count: int) -> tuple[list[Solution], list[bool]]:
        confidences = random.beta(3, 2, count)
        right = random.random(count) < confidences
        return [solution(str(i), c) for i, c in enumerate(confidences)], right.tolist()

    false, found = [], []
    for _ in range(100):
        labelled, known = drawn(200)
        new, right = drawn(100)
        told = trust_answers(list(zip(labelled, known, strict=True)), new, 0.2)
        picked = [item for item in told if item.is_chosen]
        misses = sum(not right[int(item.solution.problem_id)] for item in picked)
        false.append(misses / max(len(picked), 1))
        found.append(len(picked))
    assert np.mean(false) < 0.2
    assert np.mean(found) > 20


def test_where_all_labelled_answers_are_right_new_ones_are_taken_to_be() -> None:
    labelled = [(solution(f"right {i}", 0.5), True) for i in range(9)]
    passed_over = [(abstention(), False)] * 3
    told = trust_answers([*labelled, *passed_over], [solution("a", 0.1)], 0.2)
    assert [item.p_value for item in told] == [pytest.approx(1 / 10)]
    assert told[0].is_chosen


def test_without_an_answer_nothing_can_be_said() -> None:
    known = [(solution("a", 0.9), False)]
    with pytest.raises(InputError, match="there are no labelled answers"):
        trust_answers([(abstention(), False)], [solution("a", 0.9)], 0.1)
    with pytest.raises(InputError, match="no answers to choose among"):
        trust_answers(known, [abstention()], 0.1)
    with pytest.raises(OptionError):
        trust_answers(known, [solution("a", 0.9)], 1.0)
