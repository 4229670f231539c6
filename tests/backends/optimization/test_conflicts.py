"""Which constraints and bounds cannot hold together: few, needed, and told by their names."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Iterator

import pytest

from neurosym.backends.base import Limits
from neurosym.backends.optimization.backend import OptimizationBackend
from neurosym.backends.optimization.findings import FINDINGS, Findings
from neurosym.backends.optimization.task import Ending
from neurosym.candidate import CheckState
from neurosym.checks.certified import certificate_checks
from neurosym.formal.optimization.certificates import dual_bound
from neurosym.formal.optimization.language.reader import read_model
from neurosym.status import Status
from tests.backends.optimization.made_models import infeasible_milp


@pytest.fixture(scope="module")
def backend() -> Iterator[OptimizationBackend]:
    started = OptimizationBackend(workers=1)
    yield started
    started.close()


def conflict_of(backend: OptimizationBackend, text: str, seconds: float = 20) -> Findings:
    outcome = asyncio.run(backend.run(read_model(text), Limits(seconds=seconds)))
    assert outcome.status is Status.INFEASIBLE
    return Findings.from_json(outcome.evidence[FINDINGS])


FARM = """var ducks integer >= 0
var geese integer >= 0
maximize ducks + geese
barn: ducks + 2 geese <= 400
many: ducks >= 50
fodder: 3 ducks + 4 geese <= 2000
few: ducks + geese <= 40
pairs: ducks - geese <= 100
"""


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (FARM, {"many", "few"}),
        ("var x >= 0\nminimize x\na: x >= 5\nb: x <= 9\nc: x <= 3", {"a", "c"}),
        ("var x >= 0\nvar y >= 0\nminimize x\na: x + y <= -1\nb: x <= 4", {"a"}),
        ("var x >= 0 <= 3\nvar y >= 0 <= 9\nminimize x\na: x + y >= 20\nb: x <= 50",
         {"a", "x", "y"}),
        ("var x >= 0 <= 3\nvar y >= 0 <= 9\nminimize y\na: x >= 5\nb: x + y <= 50", {"a", "x"}),
        ("var x\nvar y\nvar z\nminimize 0\na: x >= y + 1\nb: y >= z + 1\nc: z >= x\nd: x <= 9",
         {"a", "b", "c"}),
        ("var x\nvar y\nminimize 0\na: x + y = 1\nb: x - y = 1\nc: x = 2", {"a", "b", "c"}),
        ("var x >= 0\nminimize x\na: 1 <= 0\nb: x >= 2", {"a"}),
        ("set S = p, q, r\nparam need{S} = p: 1, q: 2, r: 9\nvar x{i in S} >= 0\n"
         "minimize sum{i in S} x[i]\nenough{i in S}: x[i] >= need[i]\nall: sum{i in S} x[i] <= 8\n"
         "spare{i in S}: x[i] <= 100", {"enough", "all"}),
        ("set S = p, q\nvar x{i in S} binary\nmaximize x[p]\nc: x[p] >= 1.5", {"c", "x[p]"}),
    ],
)  # fmt: skip
def test_a_conflict_holds_what_is_needed_and_no_more(
    backend: OptimizationBackend, text: str, names: set[str]
) -> None:
    found = conflict_of(backend, text)
    assert set(found.conflict) == names
    assert found.conflict_is_minimal


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("var x integer >= 0 <= 9\nvar y integer >= 0 <= 9\nminimize x\n"
         "odd: 2 x + 4 y = 7\nroom: x + y <= 15", {"odd"}),
        ("var x integer\nminimize x\nlow: 3 x >= 4\nhigh: 3 x <= 5", {"low", "high"}),
        ("var x integer >= 0 <= 5\nvar y integer >= 0 <= 5\nminimize x\n"
         "a: x - y = 0.5\nb: x + y <= 9", {"a"}),
        ("var x binary\nvar y binary\nvar z binary\nmaximize x\na: x != y\nb: y != z\nc: x != z",
         {"a", "b", "c"}),
    ],
)  # fmt: skip
def test_a_conflict_of_whole_numbers_only(
    backend: OptimizationBackend, text: str, names: set[str]
) -> None:
    found = conflict_of(backend, text)
    assert names <= set(found.conflict)
    assert {name for name in found.conflict if name not in ("x", "y", "z")} == names
    assert not found.multipliers, "with fractions it could hold"
    assert found.second is not None
    assert found.second.ending is Ending.INFEASIBLE


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("var x integer >= 0 <= 10\nvar y integer >= 0 <= 10\nmaximize x + y\n"
         "a: 3 x + 3 y >= 10\nb: 3 x + 3 y <= 11",
         "these cannot hold together in whole numbers: a: "),
        ("var x integer\nvar y integer\nmaximize x\nc: 2 x + 2 y = 3",
         "this cannot hold in whole numbers: c: "),
        ("var x integer >= 0\nvar y integer >= 0\nmaximize x\nc: 2 x + 3 y = 1",
         "this cannot hold in whole numbers, with the variables bounded by 0: c: "),
        # These do not hold with fractions either.
        ("var x integer\nmaximize x\na: x >= 5\nb: x <= 3", "these cannot hold together: a"),
        # Logic is no matter of fractions.
        ("var x integer >= 0 <= 9\nmaximize x\na: x >= 6\nb: if x >= 5 then x <= 3",
         "these cannot hold together: "),
    ],
)  # fmt: skip
def test_that_a_conflict_is_of_whole_numbers_is_told(
    backend: OptimizationBackend, text: str, told: str
) -> None:
    outcome = asyncio.run(backend.run(read_model(text), Limits(seconds=20)))
    assert outcome.evidence["reason"].startswith(told)


@pytest.mark.parametrize(
    "text",
    [
        "var x >= 3 <= 2.5\nminimize x",
        "var x >= 3 <= 2.5\nvar y >= 0\nminimize y\na: x + y >= 1\nb: y <= 7",
        "var y >= 0\nvar x >= 3 <= 2.5\nminimize y\na: y >= 1\nb: y <= 0",
    ],
)
def test_bounds_in_conflict_are_told_by_the_variable(
    backend: OptimizationBackend, text: str
) -> None:
    found = conflict_of(backend, text)
    assert found.conflict == ("x",)
    assert found.conflict_is_minimal
    bound = dual_bound(read_model(text).instance, found.multipliers, cost=False)
    assert bound is not None
    assert bound > 0


@pytest.mark.parametrize("domain", ["integer", "binary"])
@pytest.mark.parametrize("rest", ["", "\na: y >= 1", "\na: x + y >= 1"])
def test_bounds_without_a_whole_number_between_are_told_by_the_variable(
    backend: OptimizationBackend, domain: str, rest: str
) -> None:
    found = conflict_of(backend, f"var y >= 0\nvar x {domain} >= 0.4 <= 0.6\nminimize y{rest}")
    assert (found.conflict, found.conflict_is_minimal) == (("x",), True)


@pytest.mark.parametrize("seed", [2, 45, 47])
def test_the_search_for_a_conflict_ends_in_time_where_a_solver_would_not(
    backend: OptimizationBackend, seed: int
) -> None:
    # Without the bounds of its variables, HiGHS never sees that such a model has no whole point.
    model = infeasible_milp(random.Random(seed))
    begun = time.monotonic()
    outcome = asyncio.run(backend.run(model, Limits(seconds=8)))
    assert time.monotonic() - begun < 11
    found = Findings.from_json(outcome.evidence[FINDINGS])
    if not found.multipliers:
        assert found.second is not None, "the second opinion comes first"
        assert found.second.ending is Ending.INFEASIBLE
    assert found.conflict
    assert not found.conflict_is_minimal, "nobody knows"


def test_of_many_constraints_a_few_are_found_quickly_with_the_proof(
    backend: OptimizationBackend,
) -> None:
    rows = "\n".join(f"fill{k}: x{k} + x{k + 1} <= {k + 1}" for k in range(300))
    variables = "\n".join(f"var x{k} >= 0" for k in range(301))
    text = f"{variables}\nminimize x0\n{rows}\nwant: x7 >= 3\nmore: x8 >= 6"
    begun = time.monotonic()
    found = conflict_of(backend, text)
    assert time.monotonic() - begun < 10
    assert set(found.conflict) == {"fill7", "want", "more"}
    assert found.conflict_is_minimal


def test_names_with_brackets_are_told_as_they_are(backend: OptimizationBackend) -> None:
    text = (
        "var 'x[1]' >= 0\nvar 'x[2]' >= 0 <= 3\nminimize 'x[1]'\n'cap[1]': 'x[1]' <= 1\n"
        "'cap[2]': 'x[2]' <= 9\n'dem[1]': 'x[1]' + 'x[2]' >= 5"
    )
    found = conflict_of(backend, text)
    assert set(found.conflict) == {"cap[1]", "dem[1]", "x[2]"}
    outcome = asyncio.run(backend.run(read_model(text), Limits(seconds=20)))
    assert "bounds of cap" not in outcome.evidence["reason"]
    assert "the bounds 0 <= x[2] <= 3" in outcome.evidence["reason"]


CITIES = """set P = Oslo, Bergen, Bodo
set M = Rome, Bonn, Kiel
param cap{P} = Oslo: 10, Bergen: 20, Bodo: 30
param need{M} = Rome: 5, Bonn: 70, Kiel: 2
param ok{P, M} = (Oslo, Rome): 1, (Oslo, Bonn): 1, (Oslo, Kiel): 1, (Bergen, Rome): 1, \
(Bergen, Bonn): 1, (Bergen, Kiel): 1, (Bodo, Rome): 1, (Bodo, Bonn): 0, (Bodo, Kiel): 1
var x{p in P, m in M}DOMAIN >= 0
minimize sum{p in P, m in M} x[p,m]
lim{p in P} @1: sum{m in M} x[p,m] <= cap[p] "Plants have capacities."
dem{m in M} @2: sum{p in P} ok[p,m] * x[p,m] >= need[m] "Markets have needs."
"""


@pytest.mark.parametrize("domain", ["", " integer"])
def test_the_elements_and_numbers_that_conflict_are_told(
    backend: OptimizationBackend, domain: str
) -> None:
    model = read_model(CITIES.replace("DOMAIN", domain))
    outcome = asyncio.run(backend.run(model, Limits(seconds=20)))
    found = Findings.from_json(outcome.evidence[FINDINGS])
    assert set(found.conflict) == {"lim", "dem"}
    names = {model.instance.name_of_row(row) for row in found.conflict_rows}
    assert names == {"lim[Oslo]", "lim[Bergen]", "dem[Bonn]"}
    reason = outcome.evidence["reason"]
    assert "dem[Bonn]: x[Oslo,Bonn] + x[Bergen,Bonn] >= 70 (“Markets have needs.”)" in reason
    assert "lim[Bergen]: x[Bergen,Rome] + x[Bergen,Bonn] + x[Bergen,Kiel] <= 20" in reason


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("var x >= 0\nvar y >= 0\nminimize x\nc1: x*y >= 10\nc2: x + y <= 2\nc3: x <= 100",
         {"c1", "c2"}),
        ("var x >= 0 <= 3\nvar y >= 0 <= 2\nminimize x*y\nc: x*y >= 7\nd: y <= 50",
         {"c", "x", "y"}),
        ("var x >= 0\nvar y >= 0\nminimize x*y\na: x >= 5\nb: x <= 3\nc: y*y <= 4", {"a", "b"}),
        ("var x\nvar y >= 0 <= -1\nminimize x*x + y", {"y"}),
        ("var x integer >= 0 <= 9\nmaximize x\nc: x * x > 81", {"c", "x"}),
    ],
)  # fmt: skip
def test_a_conflict_of_a_model_that_is_not_linear(
    backend: OptimizationBackend, text: str, names: set[str]
) -> None:
    found = conflict_of(backend, text)
    assert set(found.conflict) == names
    assert found.conflict_is_minimal
    [proof] = [c for c in certificate_checks(read_model(text).instance, found) if c.name == "proof"]
    assert proof.state is not CheckState.FAILED
    assert "whole" not in proof.detail
