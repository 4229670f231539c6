"""What solvers found of an optimization model, as tables that a planner likes to read."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import islice
from typing import TYPE_CHECKING

from neurosym.backends.optimization.findings import Findings
from neurosym.backends.optimization.steps import Rates
from neurosym.candidate import CheckState
from neurosym.formal.optimization.model import Model
from neurosym.presentation.limits import limits_of, named_after, why_no_prices
from neurosym.presentation.text import decimal_text, format_answer, printable
from neurosym.tables import MAX_ROWS, Table, first_rows, html_of_tables

if TYPE_CHECKING:
    from neurosym.optimizing import SolvedModel

__all__ = ["BINDING", "NO_SLACK", "decision_table", "html_of_decision", "limits_table"]

BINDING = "binding"
"""What stands for the slack of a constraint that leaves none."""
NO_SLACK = "–"
"""The same for one of logic, which leaves nothing to measure."""
_TWO_RATES = (
    "Where more limits meet than it takes to fix the decision, a little less of one and a little "
    "more may have two prices, as in “0 to 2”; “2 for less” and “2 for more” say that only one of "
    "them leaves a solution, and “–” that none does."
)


def decision_table(model: Model, found: Findings) -> Table:
    """What to do, and last what it comes to: names, values, units and meanings.

    Of more variables than fit, those that are not zero.
    """
    instance = model.instance
    count = instance.auxiliary
    shown = [column for column in range(count) if found.values[column] or count <= MAX_ROWS]
    about = {item.name: item for item in model.variables}

    def row(column: int) -> tuple[str, ...]:
        name = instance.column_names[column]
        variable = named_after(name, about)
        meaning = f"{variable.unit} {variable.meaning}".strip()
        return name, _number(found.values[column]), meaning

    rows = list(first_rows(shown, row))
    objective = model.objective
    if found.objective is not None:
        meaning = f"{objective.unit} {objective.meaning}".strip()
        rows.append((objective.name, _number(found.objective), meaning))
    return Table("decision", ("name", "value", "what it is"), tuple(rows))


def limits_table(model: Model, found: Findings) -> Table:
    """Each limit: what it says, how much is left, its shadow price if proved, its sentence."""
    # One more tells that there are more; to know how many, a great model would take long.
    limits = list(islice(limits_of(model, found, is_short=True), MAX_ROWS + 1))
    proved = any(item.rates is not None for item in limits)
    rows = []
    for item in limits[:MAX_ROWS]:
        left = NO_SLACK if item.slack is None else _number(item.slack) if item.slack else BINDING
        price = "" if item.rates is None else _price(item.rates)
        rows.append((item.name, item.says, left, *([price] if proved else []), item.source))
    if len(limits) > MAX_ROWS:
        rows.append(("…", "and more", "", *([""] if proved else []), ""))
    priced = ("shadow price",) if proved else ()
    below = ""
    if any(item.rates is not None and item.price is None for item in limits):
        below = _TWO_RATES
    elif rows and not proved:
        below = why_no_prices(model, found)
    columns = ("name", "says", "slack", *priced, "from")
    return Table("constraints", columns, tuple(rows), below=below).without_empty_columns()


def html_of_decision(solved: SolvedModel) -> str:
    """How solving a model ended, the decision, what limits it, and the checks, for a notebook."""
    model, found = solved.model, solved.found
    shown = "no answer" if solved.outcome.answer is None else format_answer(solved.outcome.answer)
    tables = [] if not solved.reason else [Table("why", (), (), printable(solved.reason))]
    if solved.values_are:
        limits = limits_table(model, found)
        decision = decision_table(model, found)
        if solved.values_are != "optimum":
            decision = replace(decision, title=f"no optimum; {solved.values_are}")
        tables += [decision, *([limits] if limits.rows else [])]
    checks = tuple(
        (check.name, check.state.value, check.detail)
        for check in solved.checks
        if check.state is not CheckState.NOT_APPLICABLE
    )
    tables.append(Table("checks", ("check", "state", "what was found"), checks))
    return html_of_tables(f"{shown} ({solved.status.value})", tables, "neurosym-decision")


def _price(rates: Rates) -> str:
    """A shadow price, or the least and the greatest where it is not the same for less and more."""
    if rates.price is not None:
        return _number(rates.price)
    less, more = rates.less, rates.more
    if less is not None and more is not None:
        return f"{_number(min(less, more))} to {_number(max(less, more))}"
    if more is not None:
        return f"{_number(more)} for more"
    return NO_SLACK if less is None else f"{_number(less)} for less"


def _number(value: Fraction) -> str:
    return decimal_text(value) if value.denominator != 1 else format_answer(value.numerator)
