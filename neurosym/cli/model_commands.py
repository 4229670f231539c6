"""The commands on optimization models; they need no model of language."""

from __future__ import annotations

from typing import Annotated

import typer

from neurosym.formal.optimization.formats.registry import ModelFormat

__all__ = ["app", "check", "explain"]

app = typer.Typer()

ModelFile = Annotated[
    str,
    typer.Argument(metavar="MODEL|-", help="A file in the modelling language, LP, MPS or JSON."),
]
From = Annotated[
    ModelFormat | None,
    typer.Option("--from", help="The format it is in.", show_default="by its name"),
]


@app.command()
def explain(model: ModelFile, model_format: From = None) -> int:
    """Say in plain words what an optimization model decides, and what is odd about it."""
    from neurosym.cli.planning import read_model_argument, run_explain

    return run_explain(read_model_argument(model, model_format))


@app.command()
def check(
    model: ModelFile,
    solution: Annotated[
        str | None,
        typer.Argument(metavar="SOLUTION.json", help="Values of variables by their names."),
    ] = None,
    model_format: From = None,
) -> int:
    """Check an optimization model, and a solution of it in exact arithmetic."""
    from neurosym.cli.planning import read_model_argument, run_check

    return run_check(read_model_argument(model, model_format), solution)
