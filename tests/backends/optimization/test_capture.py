"""PuLP programs are run in the sandbox for the model they build, and nothing else."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from neurosym.backends.base import Limits
from neurosym.backends.optimization.backend import OptimizationBackend
from neurosym.backends.optimization.capture import captured_model
from neurosym.backends.optimization.findings import FINDINGS, MODEL, found_of
from neurosym.candidate import Outcome
from neurosym.errors import FormulationError
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


HELPER = "def cost(i, of):\n    return i * of\n"
BUILT_INSIDE = """import pulp
def unused():
    return open("/nothing/here")
def main():
    p = pulp.LpProblem("p", pulp.LpMaximize)
    x = pulp.LpVariable("x", upBound=4)
    p += 3 * x
    return p, x
"""


@pytest.mark.parametrize("source", [HELPER + BOXES, BOXES + HELPER, BUILT_INSIDE])
async def test_functions_are_called_only_where_nothing_else_builds_the_problem(
    backend: OptimizationBackend, source: str
) -> None:
    outcome = await backend.run(program(source), Limits(seconds=20))
    assert outcome.answer == 12, outcome.evidence


NAMED = (
    START
    + """c1 = pulp.LpVariable("c1", cat="Binary")
labour = pulp.LpVariable("labour", 0, 10)
free = pulp.LpVariable("free")
p += 2 * c1 + labour + free + 5, "profit"
p += labour + c1 <= 8
p += labour - 2 * c1 <= 5, "labour"
p += free == 0.1, "at rest"
p += c1 >= 0, "sign"
"""
)


async def test_names_are_those_of_the_program_and_no_two_are_alike(
    backend: OptimizationBackend,
) -> None:
    outcome = await backend.run(program(NAMED), Limits(seconds=20))
    assert outcome.answer == pytest.approx(14.1), "the objective's constant counts"
    assert outcome.evidence[MODEL] == (
        "var c1 binary\nvar free\nvar labour >= 0 <= 10\n"
        "maximize profit: 2 * c1 + labour + free + 5\n"
        "c1_2: labour + c1 <= 8\nlabour_row: labour - 2 * c1 <= 5\nat_rest: free = 0.1\n"
        "sign: c1 >= 0\n"
    )
    read = found_of(Outcome(outcome.status, evidence={k: str(outcome.evidence[k]) for k in KEPT}))
    assert read is not None
    assert [item.name for item in read[0].constraints] == ["c1_2", "labour_row", "at_rest", "sign"]


KEPT = (MODEL, FINDINGS)


async def test_a_problem_of_thousands_of_variables_is_taken(backend: OptimizationBackend) -> None:
    source = START + (
        "x = [pulp.LpVariable(f'x{i}', 0, 1) for i in range(4000)]\n"
        "p += pulp.lpSum(x)\n"
        "for i in range(0, 4000, 2):\n    p += x[i] + x[i + 1] <= 1\n"
    )
    outcome = await backend.run(program(source), Limits(seconds=60, cpu_seconds=60))
    assert outcome.answer == 2000, outcome.evidence


@pytest.mark.parametrize(
    "data",
    [
        None, 3, (), ("{}",), ("[" * 9,), (3,),
        ('{"name":"p","sense":7,"objective":["",[],0],"variables":[],"constraints":[]}',),
        ('{"name":"p","sense":1,"objective":["",[[0,1]],0],"variables":[],"constraints":[]}',),
        ('{"name":"p","sense":1,"objective":["",[],0],"variables":[["x"]],"constraints":[]}',),
        ('{"name":"p","sense":1,"objective":["",[],NaN],"variables":[],"constraints":[]}',),
    ],
)  # fmt: skip
def test_what_no_problem_could_be_is_refused(data: object) -> None:
    with pytest.raises(FormulationError) as error:
        captured_model(data, "")
    assert error.value.hint


@pytest.mark.parametrize(
    ("source", "status", "why"),
    [
        (BOXES.replace("p += 3 * x", ""), Status.MALFORMED, "there is no objective"),
        (BOXES + "p.solve(\nundefined)\n", Status.FAILED, "line 7: NameError"),
        (BOXES + "p.sos1['s'] = {x: 1}\n", Status.FAILED, "ordered sets"),
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
