"""The commands on models and proofs of one's own; they need no model of language."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from neurosym.cli.exits import refuse_options
from neurosym.cli.solve_command import Unsafe
from neurosym.formal.optimization.formats.registry import ModelFormat

__all__ = ["app", "check", "explain"]

app = typer.Typer()

ModelFile = Annotated[
    str,
    typer.Argument(
        metavar="MODEL|-",
        help="A file in the modelling language, LP, MPS or JSON, or a PuLP program.",
    ),
]
From = Annotated[
    ModelFormat | None,
    typer.Option("--from", help="The format it is in.", show_default="by its name"),
]


@app.command()
def explain(model: ModelFile, model_format: From = None, unsafe: Unsafe = False) -> int:
    """Say in plain words what an optimization model decides, and what is odd about it."""
    from neurosym.cli.model_files import read_model_argument
    from neurosym.cli.planning import run_explain

    return run_explain(read_model_argument(model, model_format, unsafe=unsafe))


@app.command()
def check(
    file: Annotated[
        str,
        typer.Argument(metavar="FILE|-", help="An optimization model, or a Lean file (.lean)."),
    ],
    against: Annotated[
        str | None,
        typer.Argument(
            metavar="[SOLUTION.json|ASKED.lean]",
            help="Of a model: values of its variables, as JSON. Of a Lean file: one with the "
            "statements that were asked for.",
        ),
    ] = None,
    model_format: From = None,
    theorem: Annotated[
        str | None, typer.Option(help="Of a Lean file: check this one.", show_default="all")
    ] = None,
    lean: Annotated[
        Path | None, typer.Option(help="The lean executable to use.", show_default="looked for")
    ] = None,
    path: Annotated[
        list[Path] | None, typer.Option(help="A folder of compiled Lean modules; may be repeated.")
    ] = None,
    axiom: Annotated[
        list[str] | None,
        typer.Option(help="An axiom that a proof may use besides the standard three."),
    ] = None,
    seconds: Annotated[
        float | None, typer.Option(help="Most that a Lean proof may take.", show_default="60")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print what was found of a Lean file as JSON.")
    ] = False,
    unsafe: Annotated[
        bool, typer.Option("--unsafe", help="Run Lean or a program even where it is not isolated.")
    ] = False,
) -> int:
    """Check an optimization model, a solution of it in exact arithmetic, or a Lean proof."""
    if file.endswith(".lean"):
        from neurosym.backends.lean.settings import LeanSettings
        from neurosym.cli.proofs import ProofOptions, run_check_proof

        refuse_options({"from": model_format}, "models")
        settings = LeanSettings(lean, path or (), axiom or (), seconds or 60.0)
        options = ProofOptions(theorem, settings, as_json, unsafe)
        return run_check_proof(file, against, options)
    given = {"theorem": theorem, "lean": lean, "path": path, "axiom": axiom, "seconds": seconds,
             "json": as_json}  # fmt: skip
    refuse_options(given, "Lean files")
    from neurosym.cli.model_files import read_model_argument
    from neurosym.cli.planning import run_check

    return run_check(read_model_argument(file, model_format, unsafe=unsafe), against)
