"""Theories and what provers found of them, as a person likes to read them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from rich.console import Console, Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from neurosym.backends.z3.solutions import Solutions
from neurosym.candidate import Outcome
from neurosym.errors import InexpressibleError
from neurosym.formal.fol.dialects.infix import UNICODE
from neurosym.formal.fol.english import in_english, sentence_of
from neurosym.formal.fol.syntax import INTEGER, Formula
from neurosym.formal.fol.theory import Statement, Theory
from neurosym.presentation.text import printable
from neurosym.status import Status

__all__ = ["print_outcome", "print_solutions", "theory_panel", "theory_table"]

_MAX_ROWS = 60
_MAX_COLUMNS = 12
"""Facts of solutions that are shown as a table with a column each."""
_PANELS = {
    "options": "options",
    "countermodel": "a world where the claim fails",
    "proof": "E's proof",
}
_STYLES = {
    Status.PROVED: "bold green",
    Status.REFUTED: "bold red",
    Status.SOLVED: "bold green",
    Status.UNKNOWN: "bold yellow",
}


def print_outcome(theory: Theory, outcome: Outcome, *, read_as: str = "") -> None:
    """Print what was found, the premises it rests on, and the proof or countermodel.

    Args:
        theory: The theory.
        outcome: What was found.
        read_as: The dialect it was read in, if nobody named it.
    """
    console = Console(highlight=False)
    said = printable(outcome.answer if isinstance(outcome.answer, str) else "no answer")
    console.print(
        Text(said, style=_STYLES.get(outcome.status, "bold")),
        Text(f"({outcome.status.value})", style="dim"),
    )
    evidence = outcome.evidence
    for name in ("reason", "error", "cross-check"):
        if text := evidence.get(name):
            console.print(Text(printable(text)))
    used = [int(word) for word in evidence.get("used", "").split()]
    if used or outcome.answer is None:
        console.print(theory_table(theory, used))
    for name, title in _PANELS.items():
        if text := evidence.get(name):
            if name == "options":
                text = _with_what_they_say(theory, text)
            if re.match(r"things: .* = ", text):
                text = text.replace("\n", " (“=” joins names of one thing)\n", 1)
            console.print(Panel(Text(printable(text)), title=title, title_align="left"))
    for repair in theory.repairs:
        console.print(
            Text(f"read with a repair: {repair.kind}: {printable(repair.detail)}", "yellow")
        )
    if whole := _whole_by_default(theory):
        said = f"taken to be whole: {', '.join(whole)}; Declarations with Real would say otherwise"
        console.print(Text(printable(said), style="dim"))
    how = f"read as {read_as}, " if read_as else ""
    console.print(Text(f"{how}{outcome.seconds:.2f} s", style="dim"))


def _with_what_they_say(theory: Theory, found: str) -> str:
    """What was found of each option, a line each, with the option."""
    lines = found.split("\n")
    said = [option.sentence or _formula(option.formula) for option in theory.options]
    return "\n".join(f"{line}: {text}" for line, text in zip(lines, said, strict=False))


def _whole_by_default(theory: Theory) -> list[str]:
    """Functions whose values nobody declared, and that are whole as nothing says otherwise."""
    if re.search(rf"\b{INTEGER}\b", theory.source):
        return []
    functions = theory.signature.functions.items()
    return [name for name, type_ in functions if type_.result == INTEGER]


def theory_panel(index: int, theory: Theory, outcome: Outcome) -> Panel:
    """The theory a vote rests on, and what was found of it."""
    parts: list[RenderableType] = [theory_table(theory, [])]
    names = ("reason", "error", "cross-check", "options", "countermodel", "proof")
    found = [outcome.evidence[name] for name in names if name in outcome.evidence]
    parts += [Text(printable(text)) for text in found]
    return Panel(Group(*parts), title=f"theory {index}", title_align="left")


def theory_table(theory: Theory, used: list[int]) -> Table:
    """The premises that were used, or all where none are named, and the claim."""
    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    rows = [
        (str(number), item)
        for number, item in enumerate(theory.premises, start=1)
        if not used or number in used
    ]
    for label, item in rows[:_MAX_ROWS]:
        table.add_row(label, *_cells(item))
    if len(rows) > _MAX_ROWS:
        table.add_row("…", f"{len(rows) - _MAX_ROWS} more", "")
    if theory.claim is not None:
        table.add_row("⊢", *_cells(theory.claim))
    return table


def _cells(item: Statement) -> tuple[Text, Text]:
    return Text(printable(_formula(item.formula))), Text(printable(sentence_of(item)), style="dim")


def _formula(formula: Formula) -> str:
    try:
        return UNICODE.print_formula(formula)
    except InexpressibleError:
        return in_english(formula)  # a name that unicode logic cannot spell


def print_solutions(found: Solutions) -> None:
    """Print solutions as a table, a row each; those of many facts as lists of what is not false."""
    console = Console(highlight=False)
    many = len(found.worlds)
    if not many:
        console.print(Text("no solution" if found.complete else "none found in time", "bold"))
        return
    terms = list(found.worlds[0])
    table = Table(header_style="bold")
    if len(terms) <= _MAX_COLUMNS:
        for term in ("", *terms):
            table.add_column(printable(term))
        for number, world in enumerate(found.worlds, start=1):
            table.add_row(str(number), *(printable(world[term]) for term in terms))
    else:
        table.add_column("")
        table.add_column("all that is not false")
        for number, world in enumerate(found.worlds, start=1):
            table.add_row(str(number), printable(", ".join(_true_facts(world))))
    if terms:
        console.print(table)
    noun = "solution" if many == 1 else "solutions"
    ending = "all there are" if found.complete else "and there may be more"
    if found.untold:
        untold = ", ".join(found.untold)
        ending += f"; not listed: {untold}"
    console.print(Text(printable(f"{many} {noun}, {ending}")))


def _true_facts(world: Mapping[str, str]) -> list[str]:
    return [
        term if value == "true" else f"{term} = {value}"
        for term, value in world.items()
        if value != "false"
    ]
