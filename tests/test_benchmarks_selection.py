"""Ways to choose among the same samples, at every number of samples."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks.selection import measure_votes
from benchmarks.statistics import bootstrap_mean
from neurosym.candidate import CheckState
from neurosym.errors import InputError
from neurosym.selection.labelled import LabelledVote
from tests.builders import candidate, labels


def votes(problems: int = 40, samples: int = 8, seed: int = 0) -> list[LabelledVote]:
    """Samples that are right more often than not, and checks that mostly see which ones are.

    The right answer is 1; wrong ones are spread over three others.
    """
    random = np.random.default_rng(seed)
    found = []
    for problem in range(problems):
        ease = random.beta(2, 2)
        drawn = []
        for i in range(samples):
            right = random.random() < ease
            passed = random.random() < (0.9 if right else 0.2)
            state = CheckState.PASSED if passed else CheckState.FAILED
            answer = 1 if right else int(random.integers(2, 5))
            probability = random.beta(8, 2) if right else random.beta(5, 5)
            drawn.append(
                candidate(i, answer, checks={"answer kind": state},
                          logprobs=(float(np.log(probability)),))
            )  # fmt: skip
        classes = labels(drawn)
        right_classes = {c for c, item in zip(classes, drawn, strict=True) if item.answer == 1}
        found.append(LabelledVote(drawn, classes, frozenset(right_classes), f"story {problem}"))
    return found


@pytest.fixture(scope="module")
def found() -> dict[str, Any]:
    return measure_votes(votes(), draws=10, seed=0)


def test_each_way_is_set_against_the_majority(found: dict[str, Any]) -> None:
    accuracy = {name: part["value"] for name, part in found["accuracy"].items()}
    assert {"majority", "verified", "perplexity", "rpc", "best", "verified, fitted"} <= set(
        accuracy
    )
    assert accuracy["oracle"] == max(accuracy.values())
    assert accuracy["verified"] > accuracy["majority"]
    gain = found["paired with majority"]["verified"]
    assert gain["difference"] == pytest.approx(accuracy["verified"] - accuracy["majority"])


def test_problems_of_one_story_are_drawn_together() -> None:
    values = [1.0] * 50 + [0.0] * 50
    apart = bootstrap_mean(values)
    assert apart == bootstrap_mean(values, [str(place) for place in range(100)])
    low, high = bootstrap_mean(values, [str(place // 10) for place in range(100)])
    assert high - low > 2 * (apart[1] - apart[0])


def test_problems_without_a_story_stand_alone() -> None:
    alone = [replace(vote, group="") for vote in votes()]
    gain = measure_votes(alone, draws=1, seed=0)["paired with majority"]["verified"]
    assert gain["p by groups"] < 0.5
    assert gain["p by groups"] == pytest.approx(gain["p"], abs=0.1)


def test_accuracy_and_tokens_at_each_number_of_samples(found: dict[str, Any]) -> None:
    curve = found["by samples"]["verified"]
    assert [point["samples"] for point in curve] == list(range(1, 9))
    assert [point["tokens"] for point in curve] == [10.0 * n for n in range(1, 9)]
    assert curve[-1]["accuracy"] == found["accuracy"]["verified"]["value"]
    assert curve[-1]["accuracy"] > curve[0]["accuracy"]


def test_stopping_early_saves_tokens(found: dict[str, Any]) -> None:
    runs = found["adaptive"]["verified"]
    assert [run["stop"] for run in runs] == [0.8, 0.85, 0.9, 0.95, 0.99]
    assert [run["tokens"] for run in runs] == sorted(run["tokens"] for run in runs)
    assert runs[0]["part of all tokens"] < 0.8
    assert runs[-1]["accuracy"] == pytest.approx(found["accuracy"]["verified"]["value"], abs=0.05)


def test_where_sampling_until_acceptance_ends_is_predicted_as_it_is_seen(
    found: dict[str, Any],
) -> None:
    part = found["resampling"]
    assert part["accepts right samples"]["value"] == pytest.approx(0.9, abs=0.05)
    assert part["accepts wrong samples"]["value"] == pytest.approx(0.2, abs=0.06)
    assert part["predicted"]["right"] == pytest.approx(part["seen"]["right"], abs=0.08)


def test_without_log_probabilities_ways_that_need_them_are_left_out() -> None:
    plain = [
        LabelledVote(
            [candidate(i, item.answer) for i, item in enumerate(vote.candidates)],
            vote.labels, vote.right, vote.group,
        )
        for vote in votes(20, 4)
    ]  # fmt: skip
    assert not {"perplexity", "rpc"} & set(measure_votes(plain, draws=2, seed=0)["accuracy"])


def test_a_budget_for_all_is_spent_where_the_vote_is_unsure(found: dict[str, Any]) -> None:
    curve = [point for point in found["allocated"]["majority"] if point["exploration"] == 1.0]
    assert [point["samples"] for point in curve] == list(range(1, 9))
    assert [point["tokens"] for point in curve] == pytest.approx([10.0 * n for n in range(1, 9)])
    assert curve[-1]["accuracy"] == pytest.approx(found["accuracy"]["majority"]["value"])
    one = found["by samples"]["majority"][0]["accuracy"]
    assert curve[0]["accuracy"] == pytest.approx(one)


def test_false_answers_stay_under_their_bound(found: dict[str, Any]) -> None:
    for parts in found["trusted"].values():
        assert [part["bound"] for part in parts] == [0.1, 0.2, 0.3]
        for part in parts:
            assert part["false"] <= part["bound"]
    assert found["trusted"]["verified"][-1]["power"] > 0.05


def test_a_held_out_half_is_asked_through_thresholdout(tmp_path: Path) -> None:
    state = tmp_path / "holdout.json"
    drawn = votes()
    first = measure_votes(drawn, draws=1, seed=0, holdout=state)["holdout"]
    assert first["open problems"] + first["held-out problems"] == 40
    assert 10 < first["open problems"] < 30
    again = measure_votes(drawn, draws=1, seed=0, holdout=state)["holdout"]
    assert again["open problems"] == first["open problems"]
    assert again["questions left"] <= first["questions left"]
    state.write_text("{}")
    with pytest.raises(InputError, match=r"holdout\.json cannot be read|no state"):
        measure_votes(drawn, draws=1, seed=0, holdout=state)


def test_samples_by_what_a_problem_is_worth(found: dict[str, Any]) -> None:
    curve = found["planned"]
    assert [point["price"] for point in curve] == sorted(point["price"] for point in curve)
    assert curve[0]["samples"] >= curve[-1]["samples"] >= 2
    assert all(point["tokens"] == pytest.approx(10 * point["samples"]) for point in curve)
