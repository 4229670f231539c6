"""``neurosym strategies``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from rich.console import Console

from neurosym.cli.exits import Exit
from neurosym.cli.render_table import as_rich_table
from neurosym.selection.named import Select
from neurosym.strategies.spec import STRATEGIES, KnownStrategy, read_strategy, write_strategy
from neurosym.strategies.vote import Voting
from neurosym.tables import Table

__all__ = ["run_strategies"]


def run_strategies(*, as_json: bool) -> Exit:
    """List the strategies with what they do, where they are from, and their values."""
    if as_json:
        told = {
            name: {
                "does": known.line,
                "papers": known.papers,
                "values": read_strategy(name).settings,
            }
            for name, known in STRATEGIES.items()
        }
        print(json.dumps(told))
        return Exit.ANSWERED
    shared = {item.name: item.default for item in fields(Voting)}
    rows = tuple(
        (name, known.line, _usual(known, shared, own=True), known.papers.replace("; ", "\n"))
        for name, known in STRATEGIES.items()
    )
    columns = ("strategy", "what it does", "its values", "from")
    console = Console(highlight=False)
    console.print(as_rich_table(Table("", columns, rows), [""] * len(rows)))
    vote = STRATEGIES["vote"]
    console.print(f"and in all: {_usual(vote, shared, own=False)}")
    console.print(f"select: {', '.join(Select)}")
    example = write_strategy(read_strategy("adaptive(stop=0.99, select=majority)"))
    console.print(f"such as: neurosym solve --strategy '{example}' …")
    return Exit.ANSWERED


def _usual(known: KnownStrategy, shared: Mapping[str, Any], *, own: bool) -> str:
    """What its values usually are: its own, or those that all have."""
    values = {
        item.name: known.values.get(item.name, item.default) for item in fields(known.made_by)
    }
    return ", ".join(
        f"{name}={value}"
        for name, value in values.items()
        if (name not in shared or value != shared[name]) is own
    )
