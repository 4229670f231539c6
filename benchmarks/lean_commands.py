"""The benchmarks of Lean."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from benchmarks.output import Out, finish

app = typer.Typer()


@app.command("lean-pool")
def lean_pool(
    lean: Annotated[Path | None, typer.Option(help="The lean to run; found by default.")] = None,
    modules: Annotated[
        list[Path] | None, typer.Option(help="A folder of compiled modules; may be repeated.")
    ] = None,
    header: Annotated[str, typer.Option(help="The lines that every file begins with.")] = "",
    rounds: Annotated[int, typer.Option(help="Turns of each way.")] = 5,
    files: Annotated[int, typer.Option(help="Files of a turn.")] = 60,
    long: Annotated[int, typer.Option(help="Files of the run in which memory is watched.")] = 2000,
    plot: Annotated[Path | None, typer.Option(help="Draw the memory into this file.")] = None,
    out: Out = None,
) -> None:
    """Proofs a second through the Lean pool, against a process for each."""
    from benchmarks.lean_pool import draw_memory, measure
    from neurosym.backends.lean.toolchain import find_toolchain

    toolchain = find_toolchain(lean, search_path=modules or ())
    header = header.replace("\\n", "\n")
    result = measure(toolchain, header, rounds=rounds, files=files, long=long)
    if plot is not None:
        draw_memory(result, plot)
    finish({"benchmark": "Lean pool", **result}, out)
