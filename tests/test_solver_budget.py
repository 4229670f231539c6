"""What a solver may spend is never exceeded, whatever the engine charges for."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from neurosym import Budget, Prices, Problem, SampleAndVote, Solution, Solver
from neurosym.candidate import Completion, Prompt
from neurosym.engines.base import EngineInfo, SamplingParams
from neurosym.runtime.runlog import read_run
from neurosym.solution import Usage
from neurosym.strategies.assessed import Assessed
from neurosym.strategies.vote import Voting
from neurosym.testing import PacedEngine, ScriptedEngine
from neurosym.translators.python import PythonTranslator

QUESTION = "How many eggs are 3 dozen?"
RIGHT = "    return 36\n```"
WRONG = "    return 1 / 0\n```"


class Each(ScriptedEngine):
    """Charges each sample for the prompt, as servers do that ignore ``n``."""

    @property
    def info(self) -> EngineInfo:
        return replace(super().info, charges_each=True)

    async def sample(self, prompt: Prompt, params: SamplingParams) -> list[Completion]:
        charge = await self.count_tokens(prompt)
        drawn = await super().sample(prompt, params)
        return [replace(item, prompt_tokens=charge) for item in drawn]


def solve(engine: ScriptedEngine, budget: Budget, strategy: Voting) -> Solution:
    with Solver(strategy, engine=engine, budget=budget) as solver:
        return solver.solve(QUESTION)


PER_TOKEN = Prices(1e6, 1e6)


@pytest.mark.parametrize("made_by", [ScriptedEngine, Each, PacedEngine])
@pytest.mark.parametrize("seconds", [None, 1000.0])
@pytest.mark.parametrize(
    "strategy",
    [
        SampleAndVote(samples=16, max_tokens=30),
        SampleAndVote(samples=4, refine=2, fresh=0.5, max_tokens=30),
    ],
)
@pytest.mark.parametrize("limit", [700, 2500])
def test_what_is_limited_stays_within_its_limit(
    made_by: type[ScriptedEngine], seconds: float | None, strategy: Voting, limit: int
) -> None:
    for budget in (
        Budget(tokens=limit, seconds=seconds),
        Budget(prompt_tokens=limit, seconds=seconds),
        Budget(money=limit, prices=PER_TOKEN, seconds=seconds),
    ):
        usage = solve(made_by([WRONG]), budget, strategy).usage
        spent = usage.prompt_tokens if budget.prompt_tokens is not None else usage.tokens
        assert 0 < spent <= limit, budget


def test_prompts_are_no_part_of_what_is_sampled() -> None:
    budget = Budget(completion_tokens=130)
    for engine in (ScriptedEngine([RIGHT]), Each([RIGHT])):
        solution = solve(engine, budget, SampleAndVote(samples=4, max_tokens=30))
        assert solution.usage.samples == 4


def test_what_the_time_of_all_cut_short_goes_on_and_what_a_problem_may_cost_is_done(
    tmp_path: Path,
) -> None:
    def script(prompt: Prompt, seed: int) -> str:
        return RIGHT if len(prompt.messages) > base else WRONG

    class Slow(ScriptedEngine):
        async def sample(self, prompt: Prompt, params: SamplingParams) -> list[Completion]:
            self.seconds = slow if len(prompt.messages) > base else 0.0
            return await super().sample(prompt, params)

    def again(total: Budget | None) -> Solution:
        strategy = SampleAndVote(samples=2, refine=1)
        with Solver(strategy, engine=Slow(script), total=total, run=tmp_path) as solver:
            return solver.solve(QUESTION)

    base = len(PythonTranslator().prompt(Problem("p", QUESTION), 0).messages)
    slow = 60.0
    assert again(Budget(seconds=4)).abstention is not None
    slow = 0.0
    assert again(None).answer == 36

    questions = [f"How many eggs are {i} dozen?" for i in range(2, 7)]
    run = tmp_path / "own"
    limits = {"budget": Budget(samples=4), "total": Budget(samples=20)}
    with Solver(engine=ScriptedEngine([RIGHT]), run=run, concurrency=1, **limits) as solver:
        assert [item.usage.samples for item in solver.solve_many(questions)] == [4] * 5
    assert len(read_run(run)[1]) == 5


def test_candidates_that_are_told_have_indices_of_their_own_after_some_were_given_up() -> None:
    def script(prompt: Prompt, seed: int) -> str:
        is_first = seed == engine.requests[0].params.seed
        return f"    {'# one by one' if is_first else ''}\n    return 0\n```"

    engine = ScriptedEngine(script)
    with Solver(Assessed(max=3, first=3, prune_after=4, refine=1), engine=engine) as solver:
        solution = solver.solve(QUESTION)
    assert [(item.index, item.parent) for item in solution.candidates] == [
        (1, None), (2, None), (3, 1), (4, 2)
    ]  # fmt: skip


@pytest.mark.parametrize("made_by", [Each, PacedEngine])
@pytest.mark.parametrize(
    "total",
    [Budget(samples=10), Budget(tokens=5000), Budget(money=5000, prices=PER_TOKEN)],
    ids=["samples", "tokens", "money"],
)
def test_problems_solved_at_once_keep_together_to_what_all_may_cost(
    made_by: type[ScriptedEngine], total: Budget
) -> None:
    questions = [f"How many eggs are {i} dozen?" for i in range(2, 18)]
    strategy = SampleAndVote(samples=4, refine=1, max_tokens=30)
    engine = made_by([WRONG])
    engine.seconds = 0.01
    with Solver(strategy, engine=engine, total=total, concurrency=16) as solver:
        solutions = list(solver.solve_many(questions))
    assert len(solutions) == 16
    usage = sum((solution.usage for solution in solutions), Usage())
    if total.samples is not None:
        assert usage.samples == total.samples
    else:
        assert usage.tokens <= 5000
        assert usage.samples > 4, "what some did not need is there for others"
