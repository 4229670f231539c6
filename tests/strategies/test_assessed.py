"""Sampling until the model finds that it could do no better."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from neurosym import (
    AbstentionReason,
    Assessed,
    Budget,
    Kind,
    Problem,
    SampleAndVote,
    Solution,
    Solver,
)
from neurosym.candidate import Prompt
from neurosym.engines.base import Capability
from neurosym.engines.replay import ReplayEngine
from neurosym.errors import OptionError
from neurosym.testing import ScriptedEngine, question_of

pytestmark = pytest.mark.usefixtures("own_cache")

QUESTION = "A crate holds 12 eggs. How many eggs do 5 crates hold?"
PROGRAM = (
    "    # attempt {}\n    eggs = 12\n    crates = 5\n    total = eggs * crates\n    return total"
)
WORDS = len(PROGRAM.split())
SURE = math.log(0.9)


def is_asking(prompt: Prompt) -> bool:
    return "one word" in question_of(prompt)


def scripted(words: dict[str, str]) -> ScriptedEngine:
    """An engine that says of each sample the word whose key is in it, and is sure of that."""

    def script(prompt: Prompt, seed: int) -> str:
        if is_asking(prompt):
            said = prompt.messages[-2].content
            return next((word for key, word in words.items() if key in said), "yes")
        whole = PROGRAM.format(seed - engine.requests[0].params.seed)
        begun = max(k for k in range(len(whole)) if prompt.prefix.endswith(whole[:k]))
        return whole[begun:] + "\n```"

    engine = ScriptedEngine(script, logprob=SURE)
    return engine


def solve(
    words: dict[str, str],
    *,
    budget: Budget | None = None,
    engine: ScriptedEngine | None = None,
    run: Path | None = None,
    **values: object,
) -> tuple[Solution, ScriptedEngine]:
    engine = engine or scripted(words)
    strategy = Assessed(**values)  # type: ignore[arg-type]
    with Solver(strategy, engine=engine, budget=budget, run=run) as solver:
        return solver.solve(QUESTION), engine


def asked(engine: ScriptedEngine) -> int:
    return sum(is_asking(request.prompt) for request in engine.requests)


@pytest.mark.parametrize(
    ("words", "values", "drawn"),
    [
        ({"attempt 0": "no"}, {}, 1),
        ({"attempt 1": "No "}, {}, 2),
        ({"attempt 3": "no"}, {}, 4),
        ({}, {"max": 5}, 5),
        ({"attempt 0": "no"}, {"enough": 0.95}, 8),
        ({"attempt": "perhaps"}, {"enough": 0.5}, 1),
        ({"attempt": "perhaps"}, {"enough": 0.51, "max": 3}, 3),
    ],
)
def test_rounds_end_where_it_could_do_no_better(
    words: dict[str, str], values: dict[str, float], drawn: int
) -> None:
    solution, engine = solve(words, **values)
    assert solution.answer == 60
    assert [item.index for item in solution.candidates] == list(range(drawn))
    assert asked(engine) == drawn
    assert all(request.params.max_tokens == 1 for request in engine.requests
               if is_asking(request.prompt))  # fmt: skip


def test_it_is_asked_of_the_sample_as_it_was_written() -> None:
    _, engine = solve({"attempt 0": "no"})
    [prompt] = [request.prompt for request in engine.requests if is_asking(request.prompt)]
    assert prompt.messages[-2].role == "assistant"
    assert prompt.messages[-2].content.endswith(PROGRAM.format(0) + "\n")


def test_the_least_promising_are_given_up_halfway() -> None:
    solution, engine = solve({"attempt 2": "no"}, first=4, max=4, prune_after=5)
    assert [item.index for item in solution.candidates] == [0, 2]
    assert solution.candidates[1].completion.text == PROGRAM.format(2) + "\n"
    assert solution.answer == 60
    assert [item.completion.completion_tokens for item in solution.candidates] == [WORDS + 1] * 2
    assert asked(engine) == 4 + 2, "four halfway, and the two that went on"
    whole, _ = solve({}, first=4, max=4)
    assert solution.usage.completion_tokens < whole.usage.completion_tokens + 6


def test_what_ends_before_is_kept_and_counts_among_those_that_go_on() -> None:
    solution, engine = solve({}, first=2, max=2, prune_after=100)
    assert [item.index for item in solution.candidates] == [0, 1]
    assert asked(engine) == 2


def test_an_engine_that_answers_first_translations_alone_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "recorded.jsonl"
    line = {"question": QUESTION, "samples": ["return 60"], "logprobs": [[-0.1]], "model": "m"}
    path.write_text(json.dumps(line))
    engine = ReplayEngine(path)
    assert Capability.LOGPROBS in engine.info.can
    with (
        Solver(Assessed(), engine=engine) as solver,
        pytest.raises(OptionError, match="needs answers to further questions"),
    ):
        solver.solve(QUESTION)


def test_it_needs_what_every_vote_needs_and_more() -> None:
    assert Assessed().needs == {Capability.FURTHER, Capability.LOGPROBS}
    assert Assessed(prune_after=5).needs == Assessed().needs | {Capability.PREFIX}
    assert Assessed(refine=1).needs >= SampleAndVote(refine=1).needs


def test_the_budget_ends_it_too() -> None:
    solution, _ = solve({}, budget=Budget(samples=3))
    assert solution.usage.samples == 3
    assert solution.answer == 60
    solution, _ = solve({}, budget=Budget(samples=3), first=8, prune_after=5)
    assert solution.usage.samples == 3
    assert solution.answer == 60, "what goes on is no further sample"
    solution, _ = solve({}, budget=Budget(tokens=5), prune_after=5)
    assert solution.abstention is not None
    assert solution.abstention.reason is AbstentionReason.BUDGET


def test_what_does_not_fit_the_model_is_said_to_be_too_long() -> None:
    engine = ScriptedEngine(["x"], context=20)
    with Solver(Assessed(prune_after=5), engine=engine) as solver:
        [solution] = solver.solve_many([QUESTION])
    assert solution.abstention is not None
    assert solution.abstention.reason is AbstentionReason.TOO_LONG


@pytest.mark.parametrize("prune_after", [0, 5])
def test_an_interrupted_run_asks_nothing_twice(tmp_path: Path, prune_after: int) -> None:
    before, _ = solve({"attempt 2": "no"}, run=tmp_path, first=4, prune_after=prune_after)
    log = tmp_path / "log.jsonl"
    whole = log.read_text().splitlines(keepends=True)
    log.write_text("".join(line for line in whole if '"solution"' not in line))
    silent = ScriptedEngine([])
    again, _ = solve({}, engine=silent, run=tmp_path, first=4, prune_after=prune_after)
    assert again.answer == before.answer
    assert silent.requests == []


@pytest.mark.parametrize(
    "values", [{"max": 0}, {"first": 0}, {"enough": 0.0}, {"keep": 1.5}, {"prune_after": -1}]
)
def test_impossible_values_are_refused(values: dict[str, float]) -> None:
    with pytest.raises(OptionError):
        Assessed(**values)  # type: ignore[arg-type]


@pytest.mark.parametrize("tokens", [2200, 2400, 2600, 2800, 3000])
def test_what_a_budget_of_all_ended_goes_on_with_more(tmp_path: Path, tokens: int) -> None:
    engine, strategy = scripted({}), Assessed(first=2, max=2, prune_after=5)
    total = Budget(tokens=tokens)
    with Solver(strategy, engine=engine, run=tmp_path, total=total) as solver:
        cut = solver.solve(QUESTION)
    assert all(item.completion.finish_reason == "stop" for item in cut.candidates)
    with Solver(strategy, engine=engine, run=tmp_path) as solver:
        assert solver.solve(QUESTION).answer == 60


def test_what_a_grammar_holds_to_its_beginning_is_not_cut() -> None:
    question = "All gorps are sour. Polly is a gorp. Does it follow that Polly is sour?"
    engine = ScriptedEngine(["one two three four five six seven eight"])
    with Solver(Assessed(max=1, prune_after=2), engine=engine) as solver:
        solver.solve(Problem("p", question, Kind.LOGIC))
    assert min(request.params.max_tokens for request in engine.requests
               if not is_asking(request.prompt)) > 2  # fmt: skip
