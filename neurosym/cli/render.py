"""Solutions as a person likes to read them."""

from __future__ import annotations

from collections.abc import Iterable

import rich.table
from rich.console import Console, RenderableType
from rich.panel import Panel
from rich.syntax import Syntax
from rich.text import Text

from neurosym.candidate import Candidate, Check, CheckState, Formalization
from neurosym.cli.render_table import as_rich_table
from neurosym.formal.fol.theory import Theory
from neurosym.formal.optimization.model import Model
from neurosym.formal.program import PROSE_ENTRY, Program
from neurosym.presentation.grounds import contrary_samples, doubts
from neurosym.presentation.solution import headline, vote_table, why_not
from neurosym.presentation.text import printable
from neurosym.selection.proofs import is_pooled
from neurosym.solution import Solution

__all__ = ["print_checks", "print_models", "print_solution"]

_SIGNS = {
    CheckState.PASSED: ("✓", "green"),
    CheckState.FAILED: ("✗", "red"),
    CheckState.UNDECIDED: ("?", "yellow"),
}


def print_solution(solution: Solution, *, explain: bool) -> None:
    """Print the answer, or why there is none, and on request what it rests on."""
    console = Console(highlight=False)
    if explain:
        _explain(console, solution)
    style = "bold green" if solution.abstention is None else "bold"
    console.print(Text(headline(solution), style=style))
    if why := why_not(solution):
        console.print(Text(printable(why)))
    # Its checks are shown above already where everything is explained.
    for doubt in contrary_samples(solution) if explain else doubts(solution):
        console.print(Text(f" ✗ {printable(doubt)}", style="yellow"))
    chosen = solution.candidate
    if chosen is not None and not isinstance(chosen.formalization, Theory):
        from neurosym.cli.render_model import decision_of

        if (found := decision_of(chosen.verdict.outcome)) is not None:
            console.print(found)
    console.print(Text(_summary(solution), style="dim"))


def _summary(solution: Solution) -> str:
    label = solution.selection.label
    usage = solution.usage
    cost = f"{usage.completion_tokens} tokens, {usage.seconds:.1f} s"
    if usage.money is not None:
        cost += f", cost {usage.money:.4g}"
    if label is None:
        return cost
    labels = [
        found
        for found, item in zip(solution.labels, solution.candidates, strict=True)
        if not is_pooled(item)
    ]
    return (
        f"{labels.count(label)} of {len(labels)} samples agree, "
        f"confidence {solution.confidence:.2f}, {cost}"
    )


def _explain(console: Console, solution: Solution) -> None:
    chosen = solution.candidate
    if chosen is not None and chosen.formalization is not None:
        console.print(_formal_object(chosen, chosen.formalization))
        print_checks(console, chosen.verdict.checks)
    if solution.candidates:
        console.print(_vote_table(solution))


def print_checks(console: Console, checks: Iterable[Check]) -> None:
    """Print what checks said, one a line."""
    for check in checks:
        sign, style = _SIGNS.get(check.state, ("–", "dim"))
        said = printable(check.detail or check.state)
        console.print(Text(f" {sign} {check.name}: {said}", style=style))


def _formal_object(candidate: Candidate, formal: Formalization) -> RenderableType:
    if isinstance(formal, Theory):
        from neurosym.cli.render_logic import theory_panel

        return theory_panel(candidate.index, formal, candidate.verdict.outcome)
    if isinstance(formal, Model):
        from neurosym.cli.render_model import model_panel

        return model_panel(candidate.index, formal)
    if isinstance(formal, Program) and formal.entry == PROSE_ENTRY:
        steps = Text(printable(candidate.completion.text.strip()))
        told = f"calculations made anew: {formal.source.count(chr(10) + '    step')}"
        title = f"reasoning {candidate.index}"
        return Panel(steps, title=title, title_align="left", subtitle=told, subtitle_align="left")
    code = Syntax(printable(formal.source.strip()), "python", background_color="default")
    return Panel(code, title=f"program {candidate.index}", title_align="left")


def _vote_table(solution: Solution) -> rich.table.Table:
    told = vote_table(solution)
    chosen = "" if solution.selection.label is None else "green"
    return as_rich_table(told, [chosen, *([""] * (len(told.rows) - 1))])


def print_models() -> None:
    """Print the table of known models."""
    from neurosym.engines.models import list_models

    table = rich.table.Table(header_style="bold")
    for column in ("model", "size", "licence", "here"):
        table.add_column(column, justify="right" if column == "size" else "left")
    for entry in list_models():
        spec = entry.spec
        here = str(entry.path) if entry.present else f"no: neurosym models pull {spec.name}"
        table.add_row(spec.name, f"{spec.size / 1e6:,.0f} MB", spec.licence, here)
    Console().print(table)
