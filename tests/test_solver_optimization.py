"""The front door with decisions: translated, solved, checked, voted on."""

from __future__ import annotations

from pathlib import Path

import pytest

from neurosym import Budget, Kind, Problem, SampleAndVote, Solver, Status
from neurosym.candidate import Prompt
from neurosym.formal.optimization.model import Model
from neurosym.testing import ScriptedEngine, question_of
from neurosym.translators.five_elements import FiveElementsTranslator

pytestmark = pytest.mark.usefixtures("own_cache")

QUESTION = (
    "A park lends boats and canoes. A boat seats 4 people and a canoe seats 2 people. At least 30% "
    "of the trips must be by canoe. There can be at most 20 trips. Maximize the number of people."
)
RIGHT = """var boats integer >= 0
var canoes integer >= 0
# 3: At least 30% of the trips must be by canoe.
canoes >= 0.3 * (boats + canoes)
# 4: There can be at most 20 trips.
boats + canoes <= 20
maximize 4 * boats + 2 * canoes
"""
SAME = """var c integer >= 0
var b integer >= 0
20 >= c + b
10 * c >= 3 * b + 3 * c
maximize 2 * c + 4 * b
"""
LOST = RIGHT.replace("canoes >= 0.3 * (boats + canoes)\n", "")
UNBOUNDED = RIGHT.replace("boats + canoes <= 20\n", "")


def solver(*texts: str, run: Path | None = None) -> Solver:
    return Solver(
        SampleAndVote(samples=len(texts)),
        engine=ScriptedEngine(list(texts)),
        translator=FiveElementsTranslator(),
        run=run,
    )


def test_a_decision_is_found_in_plain_words() -> None:
    with solver(RIGHT, RIGHT) as opened:
        solution = opened.solve(QUESTION)
    assert solution.answer == 68
    chosen = solution.candidate
    assert chosen is not None
    assert isinstance(chosen.formalization, Model)


def test_models_that_mean_the_same_are_solved_once_and_counted_together() -> None:
    with solver(RIGHT, SAME) as opened:
        solution = opened.solve(Problem("p", QUESTION, Kind.OPTIMIZATION))
    assert solution.labels == (0, 0)
    one, other = solution.candidates
    assert one.verdict.outcome == other.verdict.outcome


def test_a_model_that_drops_a_sentence_weighs_less() -> None:
    with solver(LOST, RIGHT) as opened:
        solution = opened.solve(Problem("p", QUESTION, Kind.OPTIMIZATION))
    lost, right = solution.candidates
    assert lost.answer == 80
    assert lost.verdict.score < right.verdict.score
    assert solution.answer == 68


def test_no_optimum_is_no_answer_and_says_why() -> None:
    with solver(UNBOUNDED) as opened:
        solution = opened.solve(Problem("p", QUESTION, Kind.OPTIMIZATION))
    assert solution.answer is None
    assert solution.abstention is not None
    [candidate] = solution.candidates
    assert candidate.verdict.outcome.status is Status.UNBOUNDED
    assert "boats" in candidate.verdict.outcome.evidence["reason"]


def test_a_run_goes_on_from_its_log(tmp_path: Path) -> None:
    problem = Problem("p", QUESTION, Kind.OPTIMIZATION)
    with solver(RIGHT, LOST, run=tmp_path) as opened:
        first = opened.solve(problem)
    with solver("nothing", "nothing", run=tmp_path) as opened:
        again = opened.solve(problem)
    assert again.answer == first.answer == 68
    assert [item.formalization for item in again.candidates] == [
        item.formalization for item in first.candidates
    ]


def test_what_is_wrong_is_told_and_gives_a_further_candidate() -> None:
    wrong = RIGHT.replace("2 * canoes\n", "2 * canoe\n")

    def reply(prompt: Prompt, seed: int) -> str:
        return RIGHT if "cannot be read" in question_of(prompt) else wrong

    engine = ScriptedEngine(reply)
    with Solver(
        SampleAndVote(samples=1, refine=1), engine=engine, translator=FiveElementsTranslator()
    ) as opened:
        solution = opened.solve(Problem("p", QUESTION, Kind.OPTIMIZATION))
    assert solution.answer == 68
    assert [item.parent for item in solution.candidates] == [None, 0]
    assert "canoe" in engine.requests[-1].prompt.messages[-1].content


FIRST, REST = RIGHT.split("# 3", 1)
FIRST += "#"
REST = f" 3{REST}"


def in_parts(prompt: Prompt, seed: int) -> str:
    """Declares first, in one of two orders, and then writes what is to come."""
    if prompt.prefix:
        assert prompt.prefix.endswith("#")
        return REST
    lines = FIRST.split("\n")
    return FIRST if seed % 5 < 3 else "\n".join([lines[1], lines[0], lines[2]])


def staged(samples: int, run: Path | None = None) -> tuple[ScriptedEngine, Solver]:
    engine = ScriptedEngine(in_parts)
    translator = FiveElementsTranslator(staged=True)
    return engine, Solver(
        SampleAndVote(samples=samples), engine=engine, translator=translator, run=run
    )


def test_the_rest_of_a_model_is_asked_for_once_for_all_that_begin_alike() -> None:
    engine, solver = staged(5)
    with solver as opened:
        solution = opened.solve(Problem("p", QUESTION, Kind.OPTIMIZATION))
    assert [item.answer for item in solution.candidates] == [68] * 5
    texts = [item.completion.text for item in solution.candidates]
    assert texts.count(FIRST + REST) == 3
    assert sum(text.startswith("var canoes") and text.endswith(REST) for text in texts) == 2
    first, *rest = [request.params.n for request in engine.requests]
    assert first == 5
    assert sorted(rest) == [2, 3]
    assert solution.usage.samples == 5
    assert solution.usage.completion_tokens == sum(
        item.completion.completion_tokens for item in solution.candidates
    )


def test_a_staged_run_that_is_read_back_draws_nothing(tmp_path: Path) -> None:
    _, solver = staged(5, tmp_path / "run")
    with solver as opened:
        first = opened.solve(Problem("p", QUESTION, Kind.OPTIMIZATION))
    engine, solver = staged(5, tmp_path / "run")
    with solver as opened:
        again = opened.solve(Problem("p", QUESTION, Kind.OPTIMIZATION))
    assert not engine.requests
    assert again.candidates == first.candidates


def test_a_first_part_whose_rest_comes_too_late_is_left_out() -> None:
    with Solver(
        SampleAndVote(samples=2),
        engine=ScriptedEngine(in_parts, seconds=0.6),
        translator=FiveElementsTranslator(staged=True),
        budget=Budget(seconds=1.0),
    ) as opened:
        solution = opened.solve(Problem("p", QUESTION, Kind.OPTIMIZATION))
    assert not solution.candidates
    assert solution.abstention is not None


def test_a_staged_translation_keeps_to_the_budget_of_tokens() -> None:
    for tokens in (600, 1_200, 2_000, 4_000):
        with Solver(
            SampleAndVote(samples=4, max_tokens=100),
            engine=ScriptedEngine(in_parts),
            translator=FiveElementsTranslator(staged=True),
            budget=Budget(tokens=tokens),
        ) as opened:
            solution = opened.solve(Problem("p", QUESTION, Kind.OPTIMIZATION))
        assert solution.usage.tokens <= tokens
        indices = [item.index for item in solution.candidates]
        assert len(set(indices)) == len(indices)
    assert solution.candidates, "the last budget allows some"


def test_a_sample_is_revised_in_the_wording_it_was_asked_in() -> None:
    program = "p = pulp.LpProblem('p')\n"  # no variables: nothing can be solved

    def reply(prompt: Prompt, seed: int) -> str:
        return program if prompt.prefix else "nonsense"

    engine = ScriptedEngine(reply)
    with Solver(SampleAndVote(samples=2, refine=1), engine=engine) as opened:
        solution = opened.solve(Problem("p", QUESTION, Kind.OPTIMIZATION))
    assert [item.variant for item in solution.candidates] == [0, 1, 0, 1]
    revised = [request.prompt for request in engine.requests if len(request.prompt.messages) > 8]
    assert {bool(prompt.prefix) for prompt in revised} == {True, False}
