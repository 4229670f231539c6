"""The benchmarks of Lean."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from benchmarks.output import Out, Skip, Take, finish
from neurosym.engines.models import DEFAULT_MODEL

app = typer.Typer()

THEOREMS = Path(__file__).with_name("theorems.lean")


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


@app.command("lean-search")
def lean_search(
    run: Annotated[Path, typer.Option(help="Folder; an interrupted run goes on.")],
    path: Annotated[Path, typer.Option(help="Lean file of the theorems.")] = THEOREMS,
    skip: Skip = 0,
    take: Take = None,
    every: Annotated[int, typer.Option(help="Take one theorem in so many.")] = 1,
    tokens: Annotated[int, typer.Option(help="Tokens a theorem's search may sample.")] = 1500,
    width: Annotated[int, typer.Option(help="Tactics sampled for a state.")] = 8,
    samples: Annotated[int, typer.Option(help="Whole proofs sampled.")] = 8,
    seed: Annotated[int, typer.Option(help="Seed of all sampling.")] = 0,
    model: Annotated[str, typer.Option(help="Model.")] = DEFAULT_MODEL,
    threads: Annotated[int | None, typer.Option(help="Threads of the model.")] = None,
    out: Out = None,
) -> None:
    """Theorems proved by best-first search, against one greedy proof at its tokens."""
    from benchmarks import wordproblems
    from benchmarks.lean_search import measure, read_theorems

    theorems = read_theorems(path)[::every][skip:][:take]
    with wordproblems.opened(model, threads) as engine:
        result = measure(
            theorems, engine, run, tokens=tokens, width=width, samples=samples, seed=seed
        )
    finish({"benchmark": "proof search", "data": path.stem, **result}, out)
