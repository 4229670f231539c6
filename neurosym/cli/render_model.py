"""Optimization models and what solvers found of them, on a terminal."""

from __future__ import annotations

import rich.table
from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.syntax import Syntax
from rich.text import Text

from neurosym.backends.optimization.findings import Findings, found_of
from neurosym.candidate import Outcome
from neurosym.cli.render_table import as_rich_table
from neurosym.formal.optimization.language.printer import print_model
from neurosym.formal.optimization.model import Model
from neurosym.presentation.decision import BINDING, decision_table, limits_table
from neurosym.presentation.text import printable
from neurosym.tables import Table

__all__ = ["decision", "decision_of", "model_panel"]


def model_panel(index: int, model: Model) -> Panel:
    """The model a vote rests on."""
    code = Syntax(printable(print_model(model).strip()), "text", background_color="default")
    return Panel(code, title=f"model {index}", title_align="left")


def decision_of(outcome: Outcome) -> RenderableType | None:
    """The decision that an outcome holds, if it does; see :func:`decision`."""
    known = found_of(outcome)
    return None if known is None else decision(*known, outcome.evidence.get("reason", ""))


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
        parts.append(_values(decision_table(model, found)))
        if (limits := limits_table(model, found)).rows:
            parts.append(_limits(limits))
    parts += [Text(printable(note), style="yellow") for note in found.notes]
    return Group(*parts)


def _values(told: Table) -> rich.table.Table:
    table = rich.table.Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    table.add_column(overflow="fold")
    table.add_column(justify="right", style="bold", no_wrap=True)
    table.add_column(style="dim", overflow="fold")
    for row in told.rows:
        table.add_row(*(Text(printable(cell)) for cell in row))
    return table


def _limits(told: Table) -> rich.table.Table:
    return as_rich_table(told, ["bold" if BINDING in row else "" for row in told.rows])
