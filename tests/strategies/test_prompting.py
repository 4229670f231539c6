"""What a strategy may change about every prompt."""

from __future__ import annotations

from pathlib import Path

import pytest

from neurosym import Budget, Kind, Problem, SampleAndVote, Solution, Solver
from neurosym.candidate import Message, Prompt
from neurosym.errors import OptionError
from neurosym.strategies.prompting import with_hint, with_nearest
from neurosym.testing import ScriptedEngine, question_of

pytestmark = pytest.mark.usefixtures("own_cache")

QUESTION = (
    "A crate holds 12 eggs. The crate is painted blue. Ada has 5 crates. How many eggs has she?"
)


def solve(
    ignores: str = "none",
    *,
    run: Path | None = None,
    budget: Budget | None = None,
    **values: object,
) -> tuple[Solution, list[Prompt]]:
    """The solution, and the prompts of translations and of what to ignore."""

    def script(prompt: Prompt, _: int) -> str:
        return ignores if "left out" in question_of(prompt) else "    return 12 * 5\n```"

    engine = ScriptedEngine(script)
    strategy = SampleAndVote(samples=4, **values)  # type: ignore[arg-type]
    with Solver(strategy, engine=engine, run=run, budget=budget) as solver:
        solution = solver.solve(QUESTION)
    return solution, [request.prompt for request in engine.requests]


def test_a_hint_stands_after_the_question_in_every_wording() -> None:
    solution, prompts = solve(hint="Check the result in code.")
    assert solution.answer == 60
    assert len(prompts) == 2
    for prompt in prompts:
        assert question_of(prompt) == f"{QUESTION}\n\nCheck the result in code."


def test_what_the_model_names_is_to_be_left_out() -> None:
    _, prompts = solve("2", ignore=True)
    asked, *translating = prompts
    assert "2. The crate is painted blue." in question_of(asked)
    assert asked.grammar is not None
    for prompt in translating:
        assert question_of(prompt).endswith("leave them out:\n- The crate is painted blue.")


@pytest.mark.parametrize("said", ["none", "4", "1, 2, 3", "9", ""])
def test_none_all_or_the_question_itself_are_not_left_out(said: str) -> None:
    _, prompts = solve(said, ignore=True)
    assert len(prompts) == 3
    assert {question_of(prompt) for prompt in prompts[1:]} == {QUESTION}


def test_what_to_ignore_is_charged_and_logged(tmp_path: Path) -> None:
    with_it, _ = solve("2", ignore=True, run=tmp_path)
    without, _ = solve()
    assert with_it.usage.samples == without.usage.samples
    assert with_it.usage.tokens > without.usage.tokens
    again, prompts = solve("2", ignore=True, run=tmp_path)
    assert (again.answer, prompts) == (60, [])
    broke, prompts = solve("2", ignore=True, budget=Budget(samples=1))
    assert broke.usage.samples == 1


def test_the_examples_most_like_the_question_are_kept_nearest_last() -> None:
    def pair(text: str) -> tuple[Message, Message]:
        return Message("user", text), Message("assistant", "return 1")

    pairs = [pair("apples in a box"), pair("eggs in a crate"), pair("a train goes fast")]
    system, asked = Message("system", "Solve."), Message("user", "How many eggs hold 5 crates?")
    prompt = Prompt((system, *(message for both in pairs for message in both), asked))
    kept = with_nearest(2)(prompt).messages
    assert kept[0] == system
    assert kept[-1] == asked
    assert kept[-3:-1] == pairs[1]
    assert len(kept) == 6
    assert with_nearest(9)(prompt).messages[-3:-1] == pairs[1]
    sums = Prompt((*prompt.messages[:-1], Message("user", "12 + 5 = ?")))
    assert with_nearest(1)(sums).messages[1:-1] == pairs[2], "nothing tells which is nearest"
    bare = Prompt((system, asked))
    assert with_nearest(2)(bare) == bare
    assert with_hint("Now.")(bare).messages[0] == system


def test_fewer_examples_cost_fewer_tokens() -> None:
    few, prompts = solve(nearest=1)
    many, whole = solve()
    assert few.usage.prompt_tokens < many.usage.prompt_tokens
    assert len(prompts[0].messages) == len(whole[0].messages) - 6


def test_a_schedule_goes_evenly_from_the_first_to_the_last_sample() -> None:
    engine = ScriptedEngine(["    return 12 * 5\n```"])
    strategy = SampleAndVote(samples=5, temperature=0.2, last_temperature=1.0, last_top_p=0.75)
    with Solver(strategy, engine=engine) as solver:
        solution = solver.solve(QUESTION)
    params = [request.params for request in engine.requests]
    assert [item.temperature for item in params] == pytest.approx([0.2, 0.4, 0.6, 0.8, 1.0])
    assert [item.top_p for item in params] == pytest.approx([0.95, 0.9, 0.85, 0.8, 0.75])
    assert [item.n for item in params] == [1] * 5
    assert [item.variant for item in solution.candidates] == [0, 1, 0, 1, 0]


@pytest.mark.parametrize(
    "values", [{"nearest": -1}, {"last_temperature": 9.0}, {"last_top_p": 0.0}]
)
def test_impossible_values_are_refused(values: dict[str, float]) -> None:
    with pytest.raises(OptionError):
        SampleAndVote(**values)  # type: ignore[arg-type]


def test_where_a_grammar_asks_for_every_sentence_none_is_left_out() -> None:
    logic = "All gorps are sour. Polly is a gorp. Ada sings. Does it follow that Polly is sour?"
    engine = ScriptedEngine(["x"])
    with Solver(SampleAndVote(samples=1, ignore=True), engine=engine) as solver:
        solver.solve(Problem("p", logic, Kind.LOGIC))
    assert not any("left out" in question_of(request.prompt) for request in engine.requests)


def test_steps_like_those_of_a_first_attempt_are_shown() -> None:
    def script(prompt: Prompt, _: int) -> str:
        return "    # stop of 10 minutes, twice\n    wait = 2 * 10\n    return 60\n```"

    engine = ScriptedEngine(script)
    with Solver(SampleAndVote(samples=2, steps=1), engine=engine) as solver:
        solution = solver.solve(QUESTION)
    first, *others = [request.prompt for request in engine.requests]
    assert question_of(first) == QUESTION
    assert len(others) == 2
    for prompt in others:
        assert question_of(prompt).endswith("# stop of 25 minutes\n    train_minutes += 25")
    assert solution.usage.samples == 2


@pytest.mark.parametrize("said", ["    return 60\n```", "    # zzz qqq\n    return 60\n```"])
def test_without_a_step_that_is_like_one_nothing_is_shown(said: str) -> None:
    engine = ScriptedEngine([said])
    with Solver(SampleAndVote(samples=2, steps=3), engine=engine) as solver:
        assert solver.solve(QUESTION).answer == 60
    assert {question_of(request.prompt) for request in engine.requests} == {QUESTION}
