"""PuLP programs are run in the sandbox for the model they build, and nothing else."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from neurosym.backends.base import Limits
from neurosym.backends.optimization.backend import OptimizationBackend
from neurosym.backends.optimization.findings import MODEL
from neurosym.formal.program import Program
from neurosym.status import Status
from neurosym.translators.pulp_program import PULP_ENTRY

START = "import pulp\np = pulp.LpProblem('p', pulp.LpMaximize)\n"
BOXES = START + "x = pulp.LpVariable('x', lowBound=0, cat='Integer')\np += 3 * x\np += x <= 4.5\n"


@pytest.fixture
async def backend() -> AsyncIterator[OptimizationBackend]:
    opened = OptimizationBackend(workers=1)
    yield opened
    await opened.aclose()


def program(source: str) -> Program:
    return Program(source, PULP_ENTRY)


@pytest.mark.parametrize(
    "ending",
    [
        "p.solve()\n",
        "",
        "p.solve(pulp.PULP_CBC_CMD(msg=False))\nprint(pulp.value(p.objective), x.varValue)\n",
        "p.solve()\nprint(f'{x.nothing:.2f}')\n",
        "p.solve()\nraise SystemExit(1)\n",
    ],
)
async def test_the_problem_counts_and_not_what_is_done_with_it(
    backend: OptimizationBackend, ending: str
) -> None:
    outcome = await backend.run(program(BOXES + ending), Limits(seconds=20))
    assert outcome.status is Status.SOLVED
    assert outcome.answer == 12
    assert "maximize 3 * x" in outcome.evidence[MODEL]


async def test_a_program_in_a_function_is_called(backend: OptimizationBackend) -> None:
    inside = BOXES.split("\n", 1)[1].rstrip().replace("\n", "\n    ")
    source = f"import pulp\ndef main():\n    {inside}\n    p.solve()\n"
    outcome = await backend.run(program(source), Limits(seconds=20))
    assert outcome.answer == 12


@pytest.mark.parametrize(
    ("source", "status", "why"),
    [
        (START + "x = pulp.LpVariable('x')\np += x * x\n", Status.FAILED, "multiplied"),
        ("import pulp\nLpProblem = 3\n", Status.FAILED, "no LpProblem"),
        (BOXES + "p += x <= float('nan')\np.solve()\n", Status.FAILED, "NaN"),
        (START + "import os\nos.system('true')\nraise ValueError('x')\n", Status.FAILED, "x"),
        (START + "while True:\n    pass\n", Status.TIMEOUT, ""),
    ],
)
async def test_what_goes_wrong_is_a_value(
    backend: OptimizationBackend, source: str, status: Status, why: str
) -> None:
    outcome = await backend.run(program(source), Limits(seconds=3))
    assert outcome.status is status
    assert why in outcome.evidence.get("error", "")
    again = await backend.run(program(BOXES), Limits(seconds=20))
    assert again.answer == 12, "the pool still serves"
