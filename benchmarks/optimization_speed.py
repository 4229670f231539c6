"""Time and memory of building, solving and certifying, against PuLP's default and bare HiGHS."""

from __future__ import annotations

import asyncio
import json
import random
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from fractions import Fraction
from typing import Any

__all__ = ["bare", "measure", "ours", "small_ours", "small_pulp", "transport"]

_SMALL = """var boats integer >= 0 <= 12
var canoes integer >= 0
maximize 10 * boats + 8 * canoes
c1: 20 * boats + 40 * canoes <= 480
c2: canoes >= 0.6 * (boats + canoes)
"""
_LINEAR = _SMALL.replace(" integer", "")


_Numbers = dict[tuple[str, ...], Fraction]


def measure(rounds: int, plants: int, markets: int) -> dict[str, Any]:
    """Small models in turns in this process; large ones each in a process of its own.

    Args:
        rounds: Turns of each way.
        plants: Of the transport model.
        markets: Of it; the model has plants × markets columns.
    """
    small = {
        "ours, linear": lambda: small_ours(_LINEAR),
        "ours, whole numbers": lambda: small_ours(_SMALL),
        "PuLP with CBC": small_pulp,
    }
    milliseconds: dict[str, list[float]] = {name: [] for name in small}
    for turn in range(rounds + 1):
        for name, work in small.items():
            begin = time.perf_counter()
            work()
            if turn:  # the first turn loads libraries
                milliseconds[name].append(1000 * (time.perf_counter() - begin))
    large: dict[str, list[dict[str, float]]] = {"ours": [], "bare": []}
    for _ in range(3):
        for name, kept in large.items():
            kept.append(_apart(name, plants, markets))
    ratios = [
        {key: one[key] / other[key] for key in ("seconds", "memory_mb")}
        for one, other in zip(large["ours"], large["bare"], strict=True)
    ]
    return {
        "small model, milliseconds": {
            name: {
                "median": statistics.median(found),
                "quartiles": statistics.quantiles(found, n=4),
            }
            for name, found in milliseconds.items()
        },
        "transport": {"columns": plants * markets, **large},
        "times bare HiGHS": {
            key: statistics.median(item[key] for item in ratios) for key in ratios[0]
        },
    }


def small_ours(text: str) -> Fraction | None:
    """Read, write out, solve and certify a small model, in this process."""
    from neurosym.backends.optimization import cbc, highs
    from neurosym.backends.optimization.certify import Certifier
    from neurosym.backends.optimization.choice import Choice
    from neurosym.backends.optimization.solvers import SolverName
    from neurosym.backends.optimization.task import Answer, Task
    from neurosym.checks.certified import certificate_checks
    from neurosym.formal.optimization.language.reader import read_model

    async def solve(name: SolverName, task: Task) -> Answer:
        return highs.solve(task) if name is SolverName.HIGHS else cbc.solve(task)

    instance = read_model(text).instance
    choice = Choice(SolverName.HIGHS, None, "benchmark")
    found = asyncio.run(Certifier(instance, choice, solve, seconds=10).run())
    certificate_checks(instance, found)
    return found.objective


def small_pulp() -> float:
    """The same model as people write it with PuLP, solved by its default."""
    import pulp

    problem = pulp.LpProblem("small", pulp.LpMaximize)
    boats = pulp.LpVariable("boats", 0, 12, cat="Integer")
    canoes = pulp.LpVariable("canoes", 0, cat="Integer")
    problem += 10 * boats + 8 * canoes
    problem += 20 * boats + 40 * canoes <= 480
    problem += canoes >= 0.6 * (boats + canoes)
    problem.solve(pulp.PULP_CBC_CMD(msg=False))
    return float(pulp.value(problem.objective))


# ---------------------------------------------------------------- the large model


def transport(plants: int, markets: int) -> Any:
    """A transport model of random costs, as a model with sets."""
    from neurosym.formal.optimization.expression import (
        ZERO,
        Binding,
        Comparison,
        IndexName,
        Reference,
        Sum,
        multiply,
    )
    from neurosym.formal.optimization.model import (
        Constraint,
        IndexSet,
        Model,
        Objective,
        Parameter,
        Relation,
        Sense,
        Variable,
    )

    chance = random.Random(0)
    ps, ms = ([(f"{c}{k}",) for k in range(n)] for c, n in (("p", plants), ("m", markets)))
    cost: _Numbers = {(*p, *m): Fraction(chance.randint(10, 99)) for p in ps for m in ms}
    supply: _Numbers = {p: Fraction(100 * markets // plants + 50) for p in ps}
    demand: _Numbers = {m: Fraction(chance.randint(20, 99)) for m in ms}
    p, m = Binding(("p",), "P"), Binding(("m",), "M")
    i, j = IndexName("p"), IndexName("m")
    ship = Reference("ship", (i, j))
    return Model(
        objective=Objective(Sense.MINIMIZE, Sum((p, m), multiply(Reference("cost", (i, j)), ship))),
        constraints=(
            Constraint(
                "supply",
                Relation(Sum((m,), ship), Comparison.AT_MOST, Reference("has", (i,))),
                (p,),
            ),
            Constraint(
                "demand",
                Relation(Sum((p,), ship), Comparison.AT_LEAST, Reference("needs", (j,))),
                (m,),
            ),
        ),
        variables=(Variable("ship", (p, m), lower=ZERO),),
        parameters=(
            Parameter("cost", ("P", "M"), cost),
            Parameter("has", ("P",), supply),
            Parameter("needs", ("M",), demand),
        ),
        sets=(IndexSet("P", tuple(ps)), IndexSet("M", tuple(ms))),
    )


def _apart(name: str, plants: int, markets: int) -> dict[str, float]:
    """One way in a fresh process: its seconds, its memory, and the optimum."""
    code = (
        "import json; from benchmarks import optimization_speed as s; "
        f"print(json.dumps(s.{name}({plants}, {markets})))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    found: dict[str, float] = json.loads(done.stdout.strip().split("\n")[-1])
    return found


def ours(plants: int, markets: int) -> dict[str, float]:
    """Write the model out and solve it; then its certificate, timed apart."""
    # Loaded before the clock starts, as for bare HiGHS.
    import highspy  # noqa: F401

    import neurosym.formal.optimization.grounding  # noqa: F401
    from neurosym.backends.optimization import highs
    from neurosym.backends.optimization.task import task_of
    from neurosym.formal.optimization.certificates import violations

    model = transport(plants, markets)
    found: dict[str, float] = {}

    def work() -> Any:
        return highs.solve(task_of(model.instance, seconds=600, vertex=False))

    answer = _timed(work, found)
    begin = time.perf_counter()
    x = [Fraction(value) for value in answer.x.tolist()]
    worst = max((item.relative for item in violations(model.instance, x)), default=0.0)
    found |= {"certificate_seconds": time.perf_counter() - begin, "worst_violation": worst}
    return {**found, "optimum": answer.objective}


def bare(plants: int, markets: int) -> dict[str, float]:
    """Bare HiGHS on the same matrix, given as arrays; making these is not timed."""
    import highspy
    import numpy as np

    model = transport(plants, markets)
    cost = np.array([float(value) for value in model.parameters[0].values.values()])
    limits = [np.array([float(v) for v in p.values.values()]) for p in model.parameters[1:]]
    del model
    found: dict[str, float] = {}

    def work() -> Any:
        n = plants * markets
        highs: Any = highspy.Highs()  # type: ignore[no-untyped-call]
        highs.setOptionValue("output_flag", False)
        highs.setOptionValue("threads", 1)
        columns = np.arange(n, dtype=np.int32).reshape(plants, markets)
        starts = [np.arange(plants) * markets, n + np.arange(markets + 1) * plants]
        highs.passModel(
            n, plants + markets, 2 * n,
            int(highspy.MatrixFormat.kRowwise), int(highspy.ObjSense.kMinimize), 0.0,
            cost, np.zeros(n), np.full(n, np.inf),
            np.concatenate([np.full(plants, -np.inf), limits[1]]),
            np.concatenate([limits[0], np.full(markets, np.inf)]),
            np.concatenate(starts).astype(np.int32),
            np.concatenate([columns.ravel(), columns.T.ravel()]), np.ones(2 * n),
            np.zeros(n, dtype=np.int32),
        )  # fmt: skip
        highs.run()
        return highs

    highs = _timed(work, found)
    return {**found, "optimum": highs.getInfo().objective_function_value}


def _timed(work: Callable[[], Any], found: dict[str, float]) -> Any:
    """What some work returns; its seconds and the memory of the process by then are noted."""
    begin = time.perf_counter()
    result = work()
    found["seconds"] = time.perf_counter() - begin
    found["memory_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return result
