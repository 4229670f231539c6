"""How a benchmark ends: its result is shown, and kept where that is asked for."""

from __future__ import annotations

import json
import shlex
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from benchmarks import machine
from neurosym.translators.formats import WordProblemRoute

__all__ = ["Greedy", "Holdout", "Out", "Skip", "Take", "WordRoutes", "finish"]

Out = Annotated[Path | None, typer.Option(help="Write the result here, as JSON.")]

Holdout = Annotated[
    Path | None,
    typer.Option(
        help="Tell only what Thresholdout may of a held-out half, beside the open half; its state "
        "is kept here. For whoever tunes on these problems run after run."
    ),
]

Skip = Annotated[
    int, typer.Option(help="How many of the chosen to leave out, as measured before; see merge.")
]
Take = Annotated[
    int | None, typer.Option(help="How many of the rest to measure now.", show_default="all")
]
Greedy = Annotated[
    bool, typer.Option("--greedy/--no-greedy", help="Whether to draw one greedy sample as well.")
]

WordRoutes = Annotated[
    WordProblemRoute, typer.Option("--routes", help="How word problems are solved.")
]


def finish(result: dict[str, Any], out: Path | None) -> None:
    """Show a result with the command and the machine, and write it to a file if there is one."""
    # Paths are cut down to what names the data: where they lie is nobody's business.
    words = [
        "/".join(Path(word).parts[-2:]) if Path(word).is_absolute() or ".." in word else word
        for word in sys.argv[1:]
    ]
    command = shlex.join(["python", "-m", "benchmarks", *words])
    data = {"command": command, "machine": machine.describe(), **result}
    text = json.dumps(data, indent=2, ensure_ascii=False)
    print(text)
    if out is not None:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(text + "\n", encoding="utf-8")
