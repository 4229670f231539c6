"""Solutions as a person likes to read them."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

from rich.console import Console, RenderableType
from rich.panel import Panel
from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text

from neurosym.candidate import Candidate, Check, CheckState, Formalization
from neurosym.formal.fol.theory import Theory
from neurosym.formal.optimization.model import Model
from neurosym.solution import Solution
from neurosym.values import Value, literal

__all__ = ["format_answer", "print_checks", "print_models", "print_solution", "printable"]

_SIGNS = {
    CheckState.PASSED: ("✓", "green"),
    CheckState.FAILED: ("✗", "red"),
    CheckState.UNDECIDED: ("?", "yellow"),
}
_MAX_SHOWN = 1000


def printable(text: str) -> str:
    """Text that a terminal shows and does not obey: control characters become escapes."""
    return "".join(
        c if c.isprintable() or c in "\n\t" else c.encode("unicode_escape", "replace").decode()
        for c in text
    )


def format_answer(answer: Value) -> str:
    """An answer as a person writes it: no quotes round a text, no ".0" after a whole number."""
    if isinstance(answer, bool):
        return "yes" if answer else "no"
    if isinstance(answer, float):
        return f"{answer:.15g}"  # all digits that a float holds for sure, without its noise
    if isinstance(answer, Fraction) and (decimal := _decimal(answer)):
        return f"{literal(answer)} = {decimal}"
    if isinstance(answer, datetime.date):
        return answer.isoformat()
    text = printable(answer) if isinstance(answer, str) else literal(answer)
    if len(text) > _MAX_SHOWN:
        return f"{text[:_MAX_SHOWN]}… ({len(text)} characters; --json has them all)"
    return text


def _decimal(number: Fraction) -> str:
    """The digits of a fraction that ends within twelve decimals, empty for all others."""
    scaled = number * 10**12
    if scaled.denominator != 1 or abs(scaled) >= 10**30:
        return ""
    return f"{Decimal(scaled.numerator).scaleb(-12).normalize():f}"


def print_solution(solution: Solution, *, explain: bool) -> None:
    """Print the answer, or why there is none, and on request what it rests on."""
    console = Console(highlight=False)
    if explain:
        _explain(console, solution)
    if solution.abstention is not None:
        reason = solution.abstention
        console.print(Text(f"no answer: {reason.reason.value} ({reason.detail})", style="bold"))
    else:
        console.print(Text(format_answer(solution.answer), style="bold green"))
    chosen = solution.candidate
    if chosen is not None and isinstance(chosen.formalization, Model):
        from neurosym.cli.render_model import decision_of

        console.print(decision_of(chosen.verdict.outcome))
    console.print(Text(_summary(solution), style="dim"))


def _summary(solution: Solution) -> str:
    label = solution.selection.label
    usage = solution.usage
    cost = f"{usage.completion_tokens} tokens, {usage.seconds:.1f} s"
    if label is None:
        return cost
    agreeing = solution.labels.count(label)
    return (
        f"{agreeing} of {len(solution.candidates)} samples agree, "
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
    code = Syntax(printable(formal.source.strip()), "python", background_color="default")
    return Panel(code, title=f"program {candidate.index}", title_align="left")


def _vote_table(solution: Solution) -> Table:
    table = Table(title="the vote", title_justify="left", header_style="bold")
    table.add_column("answer")
    table.add_column("samples", justify="right")
    table.add_column("vote", justify="right")
    table.add_column("checks failed")
    groups: dict[int, list[Candidate]] = {}
    for label, candidate in zip(solution.labels, solution.candidates, strict=True):
        groups.setdefault(label, []).append(candidate)
    weights = solution.selection.weights
    for label in sorted(groups, key=lambda key: (key < 0, -weights[key] if key >= 0 else 0)):
        members = groups[label]
        share = f"{sum(member.verdict.score for member in members):.0%}"
        if label < 0:
            table.add_row(_failures(members), str(len(members)), share, "", style="dim")
            continue
        style = "green" if label == solution.selection.label else ""
        table.add_row(
            Text(format_answer(members[0].answer)),
            str(len(members)),
            share,
            Text(_failed_checks(members)),
            style=style,
        )
    return table


def _failures(members: list[Candidate]) -> Text:
    counts = Counter(candidate.verdict.outcome.status.value for candidate in members)
    return Text("none: " + ", ".join(f"{count} {status}" for status, count in counts.items()))


def _failed_checks(members: list[Candidate]) -> str:
    counts = Counter(
        check.name
        for candidate in members
        for check in candidate.verdict.checks
        if check.state is CheckState.FAILED
    )
    return ", ".join(f"{name} ×{count}" for name, count in counts.items())


def print_models() -> None:
    """Print the table of known models."""
    from neurosym.engines.models import list_models

    table = Table(header_style="bold")
    for column in ("model", "size", "licence", "here"):
        table.add_column(column, justify="right" if column == "size" else "left")
    for entry in list_models():
        spec = entry.spec
        here = str(entry.path) if entry.present else f"no: neurosym models pull {spec.name}"
        table.add_row(spec.name, f"{spec.size / 1e6:,.0f} MB", spec.licence, here)
    Console().print(table)
