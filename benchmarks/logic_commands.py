"""The benchmarks of logic, which need no model."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from benchmarks.output import Out, finish
from neurosym.formal.fol.dialects.registry import DialectName

app = typer.Typer()

Data = Annotated[Path, typer.Argument(help="JSONL with the items of the data set.")]


@app.command()
def linc(
    path: Data,
    seeds: Annotated[int, typer.Option(help="Ways of dealing problems out to folds.")] = 20,
    samples: Annotated[int, typer.Option(help="Recorded samples of each problem.")] = 10,
    out: Out = None,
) -> None:
    """Ways of voting over LINC's recorded samples."""
    from benchmarks.linc import measure

    finish({"benchmark": "linc", "data": path.stem, **measure(path, seeds, samples)}, out)


@app.command("folio-gold")
def folio_gold(path: Data, out: Out = None) -> None:
    """FOLIO's own formulas, read and decided."""
    from benchmarks.folio import measure

    finish({"benchmark": "FOLIO's formulas", "data": path.stem, **measure(path)}, out)


@app.command("prontoqa-gold")
def prontoqa_gold(path: Data, out: Out = None) -> None:
    """PrOntoQA's own formulas, decided by two provers."""
    from benchmarks.prontoqa import measure

    finish({"benchmark": "PrOntoQA's formulas", "data": path.stem, **measure(path)}, out)


@app.command()
def programs(
    path: Data,
    dialect: Annotated[
        DialectName | None,
        typer.Option(help="What they are written in; else by the folder's name, or the texts."),
    ] = None,
    out: Out = None,
) -> None:
    """Programs that models wrote for Logic-LM, read and decided."""
    from benchmarks.programs import measure

    data = f"{path.parent.name}/{path.stem}"
    finish({"benchmark": "programs", "data": data, **measure(path, dialect)}, out)


@app.command("linc-speed")
def linc_speed(
    path: Data,
    rounds: Annotated[int, typer.Option(help="Turns of each way.")] = 3,
    out: Out = None,
) -> None:
    """Samples a second, against NLTK and Prover9."""
    from benchmarks.linc_speed import measure

    finish({"benchmark": "linc speed", "data": path.stem, **measure(path, rounds)}, out)


@app.command("formula-speed")
def formula_speed(
    path: Data,
    rounds: Annotated[int, typer.Option(help="Times to read them all.")] = 5,
    out: Out = None,
) -> None:
    """Formulas read a second."""
    from benchmarks.formula_speed import measure

    finish({"benchmark": "formula speed", "data": path.stem, **measure(path, rounds)}, out)
