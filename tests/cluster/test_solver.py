"""Problems that are solved on all nodes of a cluster, one of which is lost in between."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from neurosym import Budget, Problem, SampleAndVote, Solution, Solver
from neurosym.cluster.team import Team
from neurosym.cluster.verifying import SPREAD
from neurosym.engines import models
from neurosym.problem import Kind
from neurosym.testing import ScriptedEngine
from tests.cluster.nodes import Nodes, two_nodes

PROGRAM = "def solution():\n    return 6 * 7\n```\n"
SLOW = "import time\ndef solution():\n    time.sleep(0.5)\n    return 1.5\n```\n"


@pytest.fixture
def own_nodes() -> Iterator[Nodes]:
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("NEUROSYM_FORBID_MODELS", raising=False)
        with two_nodes() as running:
            yield running


def questions(n: int) -> list[Problem]:
    return [Problem(f"q{i}", f"What is 6 times 7, plus {i} times nothing?") for i in range(n)]


def comparable(solution: Solution) -> Solution:
    """A solution without what clocks and processes are measured by."""
    candidates = tuple(
        replace(
            item,
            verdict=replace(
                item.verdict, outcome=replace(item.verdict.outcome, seconds=0.0, memory_bytes=0)
            ),
        )
        for item in solution.candidates
    )
    return replace(solution, candidates=candidates, usage=replace(solution.usage, seconds=0.0))


def test_what_workers_find_is_what_this_machine_finds(
    nodes: Nodes, monkeypatch: pytest.MonkeyPatch
) -> None:
    strategy = SampleAndVote(samples=3)
    asked: list[str] = []
    call = Team.call

    async def noted(self: Team, method: str, *args: Any, **more: Any) -> Any:
        asked.append(method)
        return await call(self, method, *args, **more)

    monkeypatch.setattr(Team, "call", noted)
    found = []
    for workers in (None, nodes.address):
        with Solver(strategy, engine=ScriptedEngine([PROGRAM, SLOW, "no program"]),
                    workers=workers) as solver:  # fmt: skip
            solved = sorted(solver.solve_many(questions(2)), key=lambda item: item.problem_id)
            found.append([comparable(item) for item in solved])
    assert found[0] == found[1]
    assert set(asked) == {"run", "group"}
    assert Kind.PROOF not in SPREAD
    assert found[0][0].candidates[0].answer == 42


@pytest.mark.real_model
def test_a_node_that_is_lost_costs_no_problem_and_the_run_goes_on_without_workers(
    own_nodes: Nodes, tmp_path: Path
) -> None:
    models.pull(models.TEST_MODEL)
    settings = {
        "engine": "llamacpp(slots=2, context=4096, threads=1)",
        "model": models.TEST_MODEL,
        "budget": Budget(),
        "run": tmp_path / "run",
        "concurrency": 4,
    }
    strategy = SampleAndVote(samples=2, max_tokens=48)
    problems = questions(10)
    solved: dict[str, Solution] = {}
    with Solver(strategy, workers=own_nodes.address, **settings) as solver:
        for solution in solver.solve_many(problems):
            solved[solution.problem_id] = solution
            if len(solved) == 2:
                own_nodes.lose_one()
    assert len(solved) == len(problems)
    assert all(len(item.candidates) == 2 for item in solved.values())
    with Solver(strategy, **settings) as solver:
        resumed = {item.problem_id: item for item in solver.solve_many(problems)}
    assert resumed == solved
