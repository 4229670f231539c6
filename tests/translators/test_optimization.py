"""Which route reads a reply to the description of a decision."""

from __future__ import annotations

import pytest

from neurosym.errors import ProblemError
from neurosym.formal.optimization.model import Model
from neurosym.problem import Kind, Problem
from neurosym.translators.base import Malformed
from neurosym.translators.optimization import OptimizationTranslator

PROBLEM = Problem("p", "Make at most 4 boxes. Maximize boxes.", Kind.OPTIMIZATION)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("from gurobipy import Model, GRB\nm = Model()\n", "gurobipy"),
        ("```python\nimport pyomo.environ as pyo\nm = pyo.ConcreteModel()\n```", "pyomo"),
        ("  import cvxpy as cp\n", "cvxpy"),
    ],
)
def test_a_program_for_another_library_is_told_to_use_pulp(text: str, said: str) -> None:
    found = OptimizationTranslator().parse(text, PROBLEM)
    assert isinstance(found, Malformed)
    assert found.reason == f"the program uses {said}; write it with PuLP"


def test_a_model_whose_names_are_words_of_python_is_a_model() -> None:
    text = "var from_a >= 0\nmaximize from_a\nimport_limit: from_a <= 4\n"
    assert isinstance(OptimizationTranslator().parse(text, PROBLEM), Model)


def test_a_table_that_leaves_numbers_open_is_refused_by_name() -> None:
    rows = "\n".join(f"| Toy {n} | {n} | |" for n in range(1, 7))
    table = f"| Toy | Profit | Demand |\n|---|---|---|\n| Toy 0 | 4 | 9 |\n{rows}"
    text = f"Make toys.\n{table}\nMaximize the profit."
    with pytest.raises(ProblemError) as error:
        OptimizationTranslator().prompt(Problem("p", text, Kind.OPTIMIZATION))
    assert str(error.value) == (
        "the table does not give Demand of Toy 1, Demand of Toy 2, Demand of Toy 3 and 3 more"
    )
    assert error.value.hint
