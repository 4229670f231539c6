"""Small models, and what HiGHS itself finds in a file: for the tests of LP and MPS."""

from __future__ import annotations

import math
import re
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory

import highspy
import pyscipopt
from hypothesis import strategies as st

from neurosym.backends.optimization import scip as scip_backend
from neurosym.backends.optimization.highs import solve
from neurosym.backends.optimization.task import Ending, task_of
from neurosym.formal.optimization.expression import (
    ZERO,
    Comparison,
    Constant,
    Expression,
    Power,
    Reference,
    add,
    multiply,
)
from neurosym.formal.optimization.model import (
    Constraint,
    Domain,
    Model,
    Objective,
    Relation,
    Sense,
    Variable,
)

NAMES = ("x", "y", "ship_2", "Z.total")
STRANGE = ("red car", "café", "ship[Oslo,Bergen]", "2nd", "end", "RHS", "x" * 300, "e9", "", "x")
ROWS = ("labour", "c7", "at_least")
DECIMALS = st.one_of(
    st.integers(-9, 9).map(Fraction),
    st.integers(-999, 999).map(lambda k: Fraction(k, 40)),
    st.sampled_from([Fraction("1e-7"), Fraction("123456789012345678901.5e-12")]),
)
WHOLE = st.integers(-9, 9).map(Fraction)


@st.composite
def models(
    draw: st.DrawFn,
    *,
    products_in_objective: bool = False,
    products_in_rows: bool = False,
    strange_names: bool = False,
    numbers: st.SearchStrategy[Fraction] = DECIMALS,
) -> Model:
    """Models of a few variables and rows, of decimals that end."""
    factors = numbers.filter(bool)
    pool = STRANGE if strange_names else NAMES
    names = draw(st.lists(st.sampled_from(pool), min_size=1, max_size=4, unique=True))
    rows = draw(
        st.lists(st.sampled_from(STRANGE if strange_names else ROWS), max_size=3, unique=True)
    )
    cost = add(
        *draw(_sums(names, factors, products=products_in_objective)),
        Constant(draw(factors)),
    )
    return Model(
        Objective(draw(st.sampled_from(Sense)), cost, draw(st.sampled_from(["objective", "cost"]))),
        tuple(_row(draw, name, names, numbers, products=products_in_rows) for name in rows),
        tuple(_variable(draw, name, numbers) for name in names),
        name="plan",
    )


@st.composite
def _sums(
    draw: st.DrawFn,
    names: list[str],
    factors: st.SearchStrategy[Fraction],
    *,
    products: bool,
) -> list[Expression]:
    chosen = draw(st.lists(st.sampled_from(names), unique=True))
    terms = [multiply(Constant(draw(factors)), Reference(name)) for name in chosen]
    if products:
        pairs = [(a, b) for i, a in enumerate(names) for b in names[i:]]
        for a, b in draw(st.lists(st.sampled_from(pairs), unique=True, max_size=3)):
            product = (
                (Power(Reference(a), Constant(Fraction(2))),)
                if a == b
                else (Reference(a), Reference(b))
            )
            terms.append(multiply(Constant(draw(factors)), *product))
    return terms


def _row(
    draw: st.DrawFn,
    name: str,
    names: list[str],
    numbers: st.SearchStrategy[Fraction],
    *,
    products: bool,
) -> Constraint:
    comparison = draw(st.sampled_from([Comparison.AT_MOST, Comparison.EQUAL, Comparison.AT_LEAST]))
    terms = draw(_sums(names, numbers.filter(bool), products=products))
    left = add(*terms) if terms else ZERO
    return Constraint(name, Relation(left, comparison, Constant(draw(numbers))))


def _variable(draw: st.DrawFn, name: str, numbers: st.SearchStrategy[Fraction]) -> Variable:
    domain = draw(st.sampled_from(Domain))
    if domain is Domain.BINARY:
        return Variable(name, domain=domain)
    bounds = sorted(draw(st.lists(numbers, min_size=2, max_size=2)))
    lower, upper = (draw(st.sampled_from([None, ZERO, Constant(bound)])) for bound in bounds)
    return Variable(name, (), domain, lower, upper)


def without_comments(text: str, mark: str) -> str:
    """A file's text without its comments."""
    return "".join(line for line in text.splitlines(keepends=True) if not line.startswith(mark))


def legal_names(text: str, mark: str) -> dict[str, str]:
    """What the comments of a file say that its names stand for."""
    found = re.findall(rf"^\{mark} (?:variable|row) (\S+) stands for (.*)$", text, re.MULTILINE)
    return dict(found)


def optimum_of_file(text: str, suffix: str) -> float | Ending:
    """What HiGHS finds in a file that it reads itself."""
    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    # All models of a process share their threads, and ours take one.
    highs.setOptionValue("threads", 1)
    highs.setOptionValue("presolve", "off")
    highs.setOptionValue("mip_rel_gap", 0.0)
    with TemporaryDirectory() as folder:
        path = Path(folder, f"model{suffix}")
        path.write_text(text, encoding="utf-8")
        assert highs.readModel(str(path)) != highspy.HighsStatus.kError
    highs.run()
    endings = {
        highspy.HighsModelStatus.kInfeasible: Ending.INFEASIBLE,
        highspy.HighsModelStatus.kUnbounded: Ending.UNBOUNDED,
    }
    status = highs.getModelStatus()
    return endings.get(status, float(highs.getInfo().objective_function_value))


def optimum_in_scip(text: str, suffix: str) -> float | Ending:
    """What SCIP finds in a file that it reads itself."""
    scip = pyscipopt.Model()
    scip.hideOutput()
    scip.setParam("parallel/maxnthreads", 1)
    with TemporaryDirectory() as folder:
        path = Path(folder, f"model{suffix}")
        path.write_text(text, encoding="utf-8")
        scip.readProblem(str(path))
    scip.optimize()
    return float(scip.getObjVal()) if scip.getNSols() else Ending(scip.getStatus())


def optimum_of_quadratic_model(model: Model) -> float | Ending:
    """What SCIP finds in a model that we read."""
    answer = scip_backend.solve(task_of(model.instance, seconds=5))
    return answer.objective if answer.ending is Ending.OPTIMAL else answer.ending


def optimum_of_model(model: Model) -> float | Ending:
    """What HiGHS finds in a model that we read."""
    answer = solve(task_of(model.instance, seconds=5))
    return answer.objective if answer.ending is Ending.OPTIMAL else answer.ending


def agree(one: float | Ending, other: float | Ending) -> bool:
    """Whether two optima are the same."""
    if isinstance(one, Ending) or isinstance(other, Ending):
        return one == other
    return math.isclose(one, other, rel_tol=1e-6, abs_tol=1e-6)
