"""The benchmarks of optimization."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from benchmarks.output import Greedy, Holdout, Out, Skip, Take, finish
from benchmarks.strategies import Refine, Samples, Seed, Strategy, chosen_strategy
from neurosym.engines.models import DEFAULT_MODEL

app = typer.Typer()


class Routes(StrEnum):
    """How descriptions are translated."""

    BOTH = "both"
    FIVE_ELEMENTS = "five-elements"
    PULP = "pulp"


Data = Annotated[Path, typer.Argument(help="JSONL with the items of the data set.")]


@app.command("nl4opt-gold")
def nl4opt_gold(path: Data, out: Out = None) -> None:
    """NL4Opt's own declarations, solved and certified."""
    from benchmarks.nl4opt import measure

    finish({"benchmark": "NL4Opt's declarations", "data": path.stem, **measure(path)}, out)


@app.command()
def optimization(
    path: Data,
    run: Annotated[Path, typer.Option(help="Run directory; an interrupted run goes on.")],
    items: Annotated[int, typer.Option(help="Problems to take.")] = 50,
    skip: Skip = 0,
    take: Take = None,
    strategy: Strategy = None,
    seed: Seed = None,
    samples: Samples = None,
    greedy: Greedy = True,
    refine: Refine = None,
    routes: Annotated[Routes, typer.Option(help="What descriptions become.")] = Routes.BOTH,
    staged: Annotated[
        bool,
        typer.Option("--staged/--unstaged", help="Ask for the variables first, then for the rest."),
    ] = True,
    model: Annotated[str, typer.Option(help="Model.")] = DEFAULT_MODEL,
    threads: Annotated[int | None, typer.Option(help="Threads of the model.")] = None,
    holdout: Holdout = None,
    out: Out = None,
) -> None:
    """Accuracy with a model on descriptions of decisions, against one greedy PuLP program."""
    from benchmarks import wordproblems
    from benchmarks.optimization_model import measure
    from neurosym.translators.five_elements import FiveElementsTranslator
    from neurosym.translators.optimization import OptimizationTranslator
    from neurosym.translators.pulp_program import PulpTranslator

    elements, pulp = FiveElementsTranslator(staged=staged), PulpTranslator()
    chosen = {
        Routes.BOTH: (elements, pulp),
        Routes.FIVE_ELEMENTS: (elements,),
        Routes.PULP: (pulp,),
    }[routes]
    voting = chosen_strategy(strategy, {"samples": samples, "refine": refine, "seed": seed})
    with wordproblems.opened(model, threads) as engine:
        result = measure(
            wordproblems.choose(path, items, voting.seed, skip, take),
            engine,
            run,
            voting,
            OptimizationTranslator(chosen),
            greedy=greedy,
            holdout=holdout,
        )
    finish({"benchmark": "optimization", "data": path.parent.name, **result}, out)


@app.command("words-alone")
def words_alone(path: Data, out: Out = None) -> None:
    """Models that the wording of descriptions leaves no choice about, without a language model."""
    from benchmarks.wordproblems import choose
    from benchmarks.words_alone import measure

    problems = choose(path, sys.maxsize, 0)
    finish({"benchmark": "words alone", "data": path.parent.name, **measure(problems)}, out)


@app.command("optimization-speed")
def optimization_speed(
    rounds: Annotated[int, typer.Option(help="Turns of each way on the small models.")] = 50,
    plants: Annotated[int, typer.Option(help="Of the transport model.")] = 250,
    markets: Annotated[int, typer.Option(help="Of the transport model.")] = 400,
    out: Out = None,
) -> None:
    """Time and memory against PuLP's default and bare HiGHS."""
    from benchmarks.optimization_speed import measure

    finish({"benchmark": "optimization speed", **measure(rounds, plants, markets)}, out)
