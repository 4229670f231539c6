"""The benchmarks of Lean."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from benchmarks.lean_corpus import Benchmark, Corpus, read
from benchmarks.minif2f import MINIF2F
from benchmarks.output import Greedy, Out, Skip, Take, finish
from benchmarks.proofnet import PROOFNET
from neurosym.backends.lean.toolchain import Toolchain, find_toolchain
from neurosym.engines.models import DEFAULT_MODEL
from neurosym.errors import BackendError
from neurosym.translators.lean_proof import MAX_PROOF_TOKENS

app = typer.Typer()

NO_MATHLIB = 69
"""Exit code where the theorems of a data set cannot be judged, since Mathlib is not here."""
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
    lean: Annotated[
        Path | None, typer.Option(help="A Lean with its library, instead of the small prover.")
    ] = None,
    model: Annotated[str, typer.Option(help="Model.")] = DEFAULT_MODEL,
    threads: Annotated[int | None, typer.Option(help="Threads of the model.")] = None,
    out: Out = None,
) -> None:
    """Theorems proved by best-first search, against one greedy proof at its tokens."""
    from benchmarks import wordproblems
    from benchmarks.lean_search import measure, read_theorems
    from neurosym.backends.lean.toolchain import find_toolchain

    toolchain = None if lean is None else find_toolchain(lean)
    theorems = read_theorems(path)[::every][skip:][:take]
    with wordproblems.opened(model, threads) as engine:
        result = measure(
            theorems,
            engine,
            run,
            tokens=tokens,
            width=width,
            samples=samples,
            seed=seed,
            lean=toolchain,
        )
    finish({"benchmark": "proof search", "data": path.stem, **result}, out)


def _lean_for(
    benchmark: Benchmark, corpus: Corpus, project: Path | None, lean: Path | None
) -> Toolchain:
    """A Lean that takes the theorems, or the end of the command before any model is loaded."""
    from benchmarks.lean_proofs import check_lean
    from neurosym.backends.lean.mathlib import mathlib_toolchain

    try:
        toolchain = mathlib_toolchain(project, lean)
        check_lean(toolchain, corpus)
    except BackendError as error:
        print(f"{benchmark.name} cannot be measured here: {error}", file=sys.stderr)
        print(f"hint: {error.hint}", file=sys.stderr)
        raise typer.Exit(NO_MATHLIB) from error
    return toolchain


def _prove_all(benchmark: Benchmark) -> None:
    """Make the command that proves the theorems of a data set."""

    def command(
        path: Annotated[Path, typer.Argument(help="JSONL with the theorems.")],
        run: Annotated[Path, typer.Option(help="Folder; an interrupted run goes on.")],
        split: Annotated[
            str | None, typer.Option(help="The part to take.", show_default="all of the file")
        ] = None,
        skip: Skip = 0,
        take: Take = None,
        samples: Annotated[int, typer.Option(help="Whole proofs of each theorem.")] = 8,
        temperature: Annotated[float, typer.Option(help="Temperature of the sampling.")] = 0.7,
        seed: Annotated[int, typer.Option(help="Seed of all sampling.")] = 0,
        tokens: Annotated[
            int, typer.Option(help="Tokens of the longest proof.")
        ] = MAX_PROOF_TOKENS,
        greedy: Greedy = True,
        informal: Annotated[
            bool, typer.Option("--informal", help="Show the model the proof in words.")
        ] = False,
        seconds: Annotated[float, typer.Option(help="What Lean may take for a proof.")] = 60.0,
        workers: Annotated[int, typer.Option(help="Proofs that are judged at a time.")] = 1,
        project: Annotated[
            Path | None,
            typer.Option(
                help="A Lake project with Mathlib built.",
                show_default="that of `neurosym lean setup --mathlib`",
            ),
        ] = None,
        lean: Annotated[
            Path | None, typer.Option(help="The lean to run.", show_default="the project's")
        ] = None,
        model: Annotated[str, typer.Option(help="Model.")] = DEFAULT_MODEL,
        threads: Annotated[int | None, typer.Option(help="Threads of the model.")] = None,
        out: Out = None,
    ) -> None:
        from benchmarks import lean_proofs, wordproblems

        corpus = read(path, benchmark, split, skip, take)
        toolchain = _lean_for(benchmark, corpus, project, lean)
        sampling = lean_proofs.Sampling(
            samples, temperature, seed, tokens, greedy, informal, seconds
        )
        with wordproblems.opened(model, threads) as engine:
            found = lean_proofs.measure(
                corpus, benchmark, engine, toolchain, run, sampling, workers=workers
            )
        finish({"benchmark": benchmark.name, "data": path.stem, **found}, out)

    about = f"Whole proofs of {benchmark.name}'s theorems; needs Mathlib."
    app.command(benchmark.name.lower(), help=about)(command)


for _benchmark in (MINIF2F, PROOFNET):
    _prove_all(_benchmark)
