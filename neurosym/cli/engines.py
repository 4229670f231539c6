"""``neurosym engines``."""

from __future__ import annotations

import json

from rich.console import Console

from neurosym.cli.exits import Exit
from neurosym.cli.render_table import as_rich_table
from neurosym.engines.named import ENGINES, KnownEngine
from neurosym.tables import Table

__all__ = ["run_engines"]


def run_engines(*, as_json: bool) -> Exit:
    """List the engines with what they are, what their model is, and their values."""
    if as_json:
        told = {
            name: {"is": known.line, "model": known.model, "values": _values(known)}
            for name, known in ENGINES.items()
        }
        print(json.dumps(told))
        return Exit.ANSWERED
    rows = tuple(
        (
            name,
            known.line,
            known.model,
            ", ".join(f"{key}={value}" for key, value in _values(known).items()),
        )
        for name, known in ENGINES.items()
    )
    console = Console(highlight=False)
    columns = ("engine", "what it is", "--model", "its values")
    console.print(as_rich_table(Table("", columns, rows), [""] * len(rows)))
    console.print("such as: neurosym solve --engine 'llamacpp(slots=32)' …")
    return Exit.ANSWERED


def _values(known: KnownEngine) -> dict[str, object]:
    """What it takes besides its model, as it usually is."""
    return {name: value for name, value in known.usual.items() if name != known.model_as}
