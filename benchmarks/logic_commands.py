"""The benchmarks of logic."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from benchmarks.output import Greedy, Holdout, Out, Skip, Take, WordRoutes, finish
from benchmarks.strategies import Refine, Seed, Strategy, chosen_strategy
from neurosym.engines.models import DEFAULT_MODEL
from neurosym.formal.fol.dialects.registry import DialectName
from neurosym.translators.formats import ClaimFormat, WordProblemRoute

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


@app.command()
def selection(
    path: Data,
    samples: Annotated[int, typer.Option(help="Recorded samples of each problem.")] = 10,
    draws: Annotated[int, typer.Option(help="Random orders of the samples.")] = 50,
    seed: Annotated[int, typer.Option(help="Seed of the orders.")] = 0,
    holdout: Holdout = None,
    routes: WordRoutes = WordProblemRoute.PROGRAM,
    out: Out = None,
) -> None:
    """Ways to choose among recorded samples, at every number of samples."""
    from benchmarks.selection import measure

    result = measure(path, samples, draws, seed, holdout, routes)
    finish({"benchmark": "selection", "data": path.stem, **result}, out)


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


@app.command()
def logic(
    path: Data,
    run: Annotated[Path, typer.Option(help="Run directory; an interrupted run goes on.")],
    items: Annotated[int, typer.Option(help="Problems to take.")] = 50,
    skip: Skip = 0,
    take: Take = None,
    strategy: Strategy = None,
    seed: Seed = None,
    samples: Annotated[
        int | None, typer.Option(help="Translations of each problem.", show_default="5")
    ] = None,
    claims: Annotated[
        ClaimFormat, typer.Option(help="What claims are translated into.")
    ] = ClaimFormat.FOL,
    organise: Annotated[
        bool, typer.Option("--organise", help="Leave out premises that cannot matter.")
    ] = False,
    greedy: Greedy = True,
    refine: Refine = None,
    model: Annotated[str, typer.Option(help="Model.")] = DEFAULT_MODEL,
    threads: Annotated[int | None, typer.Option(help="Threads of the model.")] = None,
    holdout: Holdout = None,
    out: Out = None,
) -> None:
    """Accuracy with a model, by translation and vote."""
    from benchmarks import wordproblems
    from benchmarks.accuracy import report
    from neurosym.translators.fol import MAX_SHOTS
    from neurosym.translators.logic import logic_translator

    values = {"samples": samples, "refine": refine, "seed": seed}
    voting = chosen_strategy(strategy, values, usual={"samples": 5})
    with wordproblems.opened(model, threads) as engine:
        rows, whole = wordproblems.measure(
            wordproblems.choose(path, items, voting.seed, skip, take),
            engine,
            run,
            voting,
            logic_translator(claims, shots=MAX_SHOTS, organised=organise),
            greedy=greedy,
        )
        sent, evaluated = engine.prompt_tokens
    # Of this session: what samples and problems share is sent with each, and evaluated once.
    whole["sessions"][0]["prompt tokens"] = {"sent": sent, "evaluated": evaluated}
    found = report(rows, holdout)
    finish({"benchmark": "logic", "data": path.parent.name, **whole, **found}, out)


@app.command()
def baselines(
    path: Data,
    of: Annotated[Path, typer.Option(help="Result of 'logic' on these data: problems, tokens.")],
    run: Annotated[Path, typer.Option(help="Run directory; an interrupted run goes on.")],
    seed: Annotated[int, typer.Option(help="Seed of the sampling.")] = 0,
    threads: Annotated[int | None, typer.Option(help="Threads of the model.")] = None,
    out: Out = None,
) -> None:
    """The model's own answers to the problems of a result, for the tokens that it took."""
    from benchmarks import wordproblems
    from benchmarks.accuracy import read
    from benchmarks.baselines import compare

    measured = read(of)
    problems = wordproblems.by_id(path, [row.id for row in measured.rows])
    with wordproblems.opened(measured.about["engine"]["model"], threads) as engine:
        finish(compare(problems, measured, engine, run, seed), out)
