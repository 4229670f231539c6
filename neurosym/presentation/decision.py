"""What solvers found of an optimization model, as tables that a planner likes to read."""

from __future__ import annotations

from fractions import Fraction

from neurosym.backends.optimization.findings import Findings
from neurosym.formal.optimization.certificates import dual_bound
from neurosym.formal.optimization.instance import Instance, exact, exact_limit
from neurosym.formal.optimization.language.printer import print_claim
from neurosym.formal.optimization.model import Model, Variable
from neurosym.presentation.text import format_answer
from neurosym.tables import Table

__all__ = ["BINDING", "decision_table", "limits_table"]

BINDING = "binding"
"""What stands for the slack of a constraint that leaves none."""
_MAX_ROWS = 60


def decision_table(model: Model, found: Findings) -> Table:
    """What to do, and last what it comes to: names, values, units and meanings.

    Of more variables than fit, those that are not zero.
    """
    instance = model.instance
    count = instance.auxiliary
    shown = [column for column in range(count) if found.values[column] or count <= _MAX_ROWS]
    about = {item.name: item for item in model.variables}
    rows = []
    for column in shown[:_MAX_ROWS]:
        name = instance.column_names[column]
        variable = about.get(name.split("[")[0])
        rows.append((name, _number(found.values[column]), _about(variable)))
    if len(shown) > _MAX_ROWS:
        rows.append(("…", "", f"{len(shown) - _MAX_ROWS} more"))
    objective = model.objective
    if found.objective is not None:
        meaning = f"{objective.unit} {objective.meaning}".strip()
        rows.append((objective.name, _number(found.objective), meaning))
    return Table("decision", ("name", "value", "what it is"), tuple(rows))


def limits_table(model: Model, found: Findings) -> Table:
    """Each constraint: what it says, how much is left, its shadow price if proved, its sentence."""
    instance = model.instance
    # Multipliers are prices only if they prove the optimum.
    proved = bool(found.multipliers) and dual_bound(instance, found.multipliers) == found.objective
    rows = []
    for row in range(min(instance.rows, _MAX_ROWS)):
        constraint = model.constraints[int(instance.row_origin[row])]
        slack = _slack(instance, row, found.values)
        said = f"{constraint.sentence}: " if constraint.sentence else ""
        price = (_number(found.multipliers[row]),) if proved else ()
        rows.append(
            (
                instance.row_names[row],
                print_claim(constraint.claim),
                _number(slack) if slack else BINDING,
                *price,
                said + constraint.source,
            )
        )
    if instance.rows > _MAX_ROWS:
        more = f"{instance.rows - _MAX_ROWS} more"
        rows.append(("…", more, "", *([""] if proved else []), ""))
    priced = ("shadow price",) if proved else ()
    return Table("constraints", ("name", "says", "slack", *priced, "from"), tuple(rows))


def _about(variable: Variable | None) -> str:
    return "" if variable is None else f"{variable.unit} {variable.meaning}".strip()


def _number(value: Fraction) -> str:
    return f"{float(value):.10g}" if value.denominator != 1 else format_answer(value.numerator)


def _slack(instance: Instance, row: int, values: tuple[Fraction, ...]) -> Fraction:
    """How far a row is from the nearer of its limits."""
    total = sum(
        (exact(value) * values[column] for column, value in instance.entries(row)), Fraction(0)
    )
    sides = (exact_limit(instance.row_lower[row]), exact_limit(instance.row_upper[row]))
    return min(abs(total - side) for side in sides if isinstance(side, Fraction))
