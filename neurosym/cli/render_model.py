"""Optimization models and what solvers found of them, as a planner likes to read them."""

from __future__ import annotations

from fractions import Fraction

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text

from neurosym.backends.optimization.backend import FINDINGS, MODEL
from neurosym.backends.optimization.findings import Findings
from neurosym.candidate import Outcome
from neurosym.cli.render import format_answer, printable
from neurosym.formal.optimization.certificates import dual_bound
from neurosym.formal.optimization.instance import Instance, exact, exact_limit
from neurosym.formal.optimization.language.printer import print_claim, print_model
from neurosym.formal.optimization.language.reader import read_model
from neurosym.formal.optimization.model import Model, Variable

__all__ = ["decision", "decision_of", "model_panel"]

_MAX_ROWS = 60


def model_panel(index: int, model: Model) -> Panel:
    """The model a vote rests on."""
    code = Syntax(printable(print_model(model).strip()), "text", background_color="default")
    return Panel(code, title=f"model {index}", title_align="left")


def decision_of(outcome: Outcome) -> RenderableType:
    """The decision that an outcome holds; see :func:`decision`."""
    evidence = outcome.evidence
    if FINDINGS not in evidence:
        return Text(printable(evidence.get("error", "")))
    found = Findings.from_json(evidence[FINDINGS])
    return decision(read_model(evidence[MODEL]), found, evidence.get("reason", ""))


def decision(model: Model, found: Findings, reason: str) -> RenderableType:
    """What to do, what it comes to, and what limits it; or why there is no best decision.

    Args:
        model: The model that was solved.
        found: What was found of it.
        reason: Why it has no optimum; empty if it has one.
    """
    parts: list[RenderableType] = []
    if reason:
        parts.append(Text(printable(reason)))
    elif found.values:
        parts += [_values(model, found), _limits(model, found)]
    parts += [Text(printable(note), style="yellow") for note in found.notes]
    return Group(*parts)


def _values(model: Model, found: Findings) -> Table:
    instance = model.instance
    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    shown = instance.auxiliary
    nonzero = [k for k in range(shown) if found.values[k] or shown <= _MAX_ROWS]
    about = {item.name: item for item in model.variables}
    for column in nonzero[:_MAX_ROWS]:
        name = instance.column_names[column]
        variable = about.get(name.split("[")[0])
        table.add_row(
            Text(printable(name)),
            Text(_number(found.values[column]), justify="right", style="bold"),
            Text(printable(_about(variable)), style="dim"),
        )
    if len(nonzero) > _MAX_ROWS:
        table.add_row("…", "", f"{len(nonzero) - _MAX_ROWS} more")
    objective = model.objective
    if found.objective is not None:
        table.add_row(
            Text(printable(objective.name)),
            Text(_number(found.objective), justify="right", style="bold"),
            Text(printable(f"{objective.unit} {objective.meaning}".strip()), style="dim"),
        )
    return table


def _about(variable: Variable | None) -> str:
    return "" if variable is None else f"{variable.unit} {variable.meaning}".strip()


def _number(value: Fraction) -> str:
    return f"{float(value):.10g}" if value.denominator != 1 else format_answer(value.numerator)


def _limits(model: Model, found: Findings) -> Table:
    """Each constraint: what it says, how much is left, and what one more would be worth."""
    instance = model.instance
    proved = bool(found.multipliers) and dual_bound(instance, found.multipliers) is not None
    table = Table(header_style="bold", title="constraints", title_justify="left")
    for name in ("name", "says", "slack", *(("worth",) if proved else ()), "from"):
        table.add_column(name, justify="right" if name in ("slack", "worth") else "left")
    for row in range(min(instance.rows, _MAX_ROWS)):
        origin = int(instance.row_origin[row])
        constraint = model.constraints[origin]
        slack = _slack(instance, row, found.values)
        said = f"{constraint.sentence}: {constraint.source}" if constraint.sentence else ""
        table.add_row(
            Text(printable(instance.row_names[row])),
            Text(printable(print_claim(constraint.claim))),
            Text("binding" if not slack else _number(slack)),
            *([_number(found.multipliers[row])] if proved else []),
            Text(printable(said or constraint.source), style="dim"),
            style="bold" if not slack else "",
        )
    return table


def _slack(instance: Instance, row: int, values: tuple[Fraction, ...]) -> Fraction:
    """How far a row is from the nearer of its limits."""
    total = sum(
        (exact(value) * values[column] for column, value in instance.entries(row)), Fraction(0)
    )
    sides = (exact_limit(instance.row_lower[row]), exact_limit(instance.row_upper[row]))
    return min(abs(total - side) for side in sides if isinstance(side, Fraction))
