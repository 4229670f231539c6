"""``neurosym prove``: theories are decided, and theorems of Lean proved with a model."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from neurosym.backends.lean.drivers import LeanDriver
from neurosym.backends.provers import ProverName
from neurosym.cli.arguments import is_file, names_file
from neurosym.cli.exits import refuse_options, stop_at_first_interrupt
from neurosym.formal.fol.dialects.registry import DialectName
from neurosym.strategies.words import ProofStrategy

__all__ = ["app", "prove"]

app = typer.Typer()
_THEORY, _LEAN = "For theories", "For Lean"


@app.command()
def prove(
    file: Annotated[
        str,
        typer.Argument(
            metavar="THEORY|FILE.lean|CLAIM|-",
            help="A file that holds a theory, or theorems of Lean; a claim in plain words, which "
            "is stated in Lean; or - for a theory on standard input.",
        ),
    ],
    dialect: Annotated[
        DialectName | None,
        typer.Option(
            "--from", help="The dialect it is in.", show_default="found", rich_help_panel=_THEORY
        ),
    ] = None,
    prover: Annotated[
        ProverName | None,
        typer.Option(help="What decides it.", show_default="z3", rich_help_panel=_THEORY),
    ] = None,
    solutions: Annotated[
        int,
        typer.Option(
            "--all",
            min=0,
            help="List up to so many solutions of the premises.",
            rich_help_panel=_THEORY,
        ),
    ] = 0,
    tolerant: Annotated[
        bool,
        typer.Option(
            "--tolerant",
            help="Read what was meant, and say what was mended.",
            rich_help_panel=_THEORY,
        ),
    ] = False,
    seconds: Annotated[
        float | None,
        typer.Option(
            help="Most seconds for a theory, or for one Lean file.", show_default="10; 60 for Lean"
        ),
    ] = None,
    theorem: Annotated[
        str | None,
        typer.Option(
            help="Prove this one.", show_default="all without a proof", rich_help_panel=_LEAN
        ),
    ] = None,
    strategy: Annotated[
        ProofStrategy | None,
        typer.Option(
            help="search: tactic by tactic. whole: whole proofs, mended. sketch: the steps first, "
            "then each by a search.",
            show_default="search",
            rich_help_panel=_LEAN,
        ),
    ] = None,
    samples: Annotated[
        int | None,
        typer.Option(
            help="Tactics to draw for a state, whole proofs, or sketches.",
            show_default="8",
            rich_help_panel=_LEAN,
        ),
    ] = None,
    repairs: Annotated[
        int | None,
        typer.Option(
            help="Rounds of mending whole proofs, or sketches.",
            show_default="1",
            rich_help_panel=_LEAN,
        ),
    ] = None,
    expansions: Annotated[
        int | None,
        typer.Option(
            help="Most states that a search goes on from; of a sketch, in each step.",
            show_default="100",
            rich_help_panel=_LEAN,
        ),
    ] = None,
    seed: Annotated[
        int | None,
        typer.Option(help="Seed of all sampling.", show_default="0", rich_help_panel=_LEAN),
    ] = None,
    budget_tokens: Annotated[
        int | None,
        typer.Option(
            help="Most tokens for each theorem.", show_default="none", rich_help_panel=_LEAN
        ),
    ] = None,
    budget_seconds: Annotated[
        float | None,
        typer.Option(
            help="Most seconds for each theorem.", show_default="none", rich_help_panel=_LEAN
        ),
    ] = None,
    engine: Annotated[
        str | None,
        typer.Option(help="The engine.", show_default="llamacpp", rich_help_panel=_LEAN),
    ] = None,
    model: Annotated[
        str | None,
        typer.Option(
            help="A known model or a GGUF file.", show_default="the default", rich_help_panel=_LEAN
        ),
    ] = None,
    threads: Annotated[
        int | None,
        typer.Option(
            help="Threads of the model.", show_default="the free CPUs", rich_help_panel=_LEAN
        ),
    ] = None,
    run: Annotated[
        Path | None,
        typer.Option(
            help="Keep a log here, and go on from it.", show_default="none", rich_help_panel=_LEAN
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            "-o",
            help="Write the file with its proofs.",
            show_default="none",
            rich_help_panel=_LEAN,
        ),
    ] = None,
    tree: Annotated[
        Path | None,
        typer.Option(
            help="Write the search tree, as .json, .svg or .html.",
            show_default="none",
            rich_help_panel=_LEAN,
        ),
    ] = None,
    premises: Annotated[
        Path | None,
        typer.Option(
            help="Show with each state what fits it of this library: LeanDojo's corpus.jsonl, or "
            "a dump of an environment.",
            show_default="none",
            rich_help_panel=_LEAN,
        ),
    ] = None,
    driver: Annotated[
        LeanDriver | None,
        typer.Option(help="What a search talks to.", show_default="lean", rich_help_panel=_LEAN),
    ] = None,
    lean: Annotated[
        Path | None,
        typer.Option(help="The lean executable.", show_default="looked for", rich_help_panel=_LEAN),
    ] = None,
    path: Annotated[
        list[Path] | None,
        typer.Option(help="A folder of compiled modules; may be repeated.", rich_help_panel=_LEAN),
    ] = None,
    imports: Annotated[
        list[str] | None,
        typer.Option(
            "--import",
            help="A module that a claim in words may be stated with; may be repeated.",
            rich_help_panel=_LEAN,
        ),
    ] = None,
    axiom: Annotated[
        list[str] | None,
        typer.Option(
            help="An axiom that a proof may use besides the standard three.",
            rich_help_panel=_LEAN,
        ),
    ] = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Draw the search tree.", rich_help_panel=_LEAN)
    ] = False,
    unsafe: Annotated[
        bool,
        typer.Option(
            "--unsafe", help="Run Lean even where it cannot be isolated.", rich_help_panel=_LEAN
        ),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> int:
    """Decide a theory of your own, in any dialect, or let the model prove theorems of Lean."""
    for_theories = {"from": dialect, "prover": prover, "all": solutions, "tolerant": tolerant}
    for_lean = {
        "theorem": theorem, "strategy": strategy, "samples": samples, "repairs": repairs,
        "expansions": expansions, "seed": seed, "budget-tokens": budget_tokens,
        "budget-seconds": budget_seconds, "engine": engine, "model": model, "threads": threads,
        "run": run, "out": out, "tree": tree, "lean": lean, "path": path, "axiom": axiom,
        "explain": explain, "unsafe": unsafe, "import": imports, "driver": driver,
        "premises": premises,
    }  # fmt: skip
    in_words = len(file.split()) > 1 and not is_file(file) and not names_file(file)
    if not in_words and not file.endswith(".lean"):
        from neurosym.cli.prove import run_prove

        refuse_options(for_lean, "Lean files")
        return run_prove(
            file,
            dialect=dialect,
            prover=prover or ProverName.Z3,
            tolerant=tolerant,
            seconds=10.0 if seconds is None else seconds,
            solutions=solutions,
            as_json=as_json,
        )
    from neurosym.backends.lean.settings import LeanSettings
    from neurosym.budget import Budget
    from neurosym.cli.proving import ProvingOptions, run_prove_lean, run_prove_words

    refuse_options(for_theories, "theories")
    stop_at_first_interrupt()
    told = {"strategy", "samples", "repairs", "expansions", "seed", "engine"}
    given: dict[str, Any] = {
        name: value for name, value in for_lean.items() if name in told and value is not None
    }
    options = ProvingOptions(
        theorem=theorem,
        budget=Budget(tokens=budget_tokens, seconds=budget_seconds),
        model=model,
        threads=threads,
        run=run,
        out=out,
        tree=tree,
        premises=premises,
        as_json=as_json,
        explain=explain,
        unsafe=unsafe,
        lean=LeanSettings(
            lean,
            path or (),
            axiom or (),
            60.0 if seconds is None else seconds,
            driver or LeanDriver.LEAN,
        ),
        **given,
    )
    if in_words:
        return run_prove_words(file, tuple(imports or ()), options)
    return run_prove_lean(file, options)
