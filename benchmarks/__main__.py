"""``python -m benchmarks``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from benchmarks import lean_commands, logic_commands, optimization_commands
from benchmarks.output import Greedy, Holdout, Out, Skip, Take, WordRoutes, finish
from benchmarks.strategies import Samples, Seed, Strategy, chosen_strategy
from neurosym.engines.models import DEFAULT_MODEL
from neurosym.strategies.words import SelfVerify
from neurosym.translators.formats import WordProblemRoute

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)
app.add_typer(logic_commands.app)
app.add_typer(optimization_commands.app)
app.add_typer(lean_commands.app)


@app.command()
def gsm8k(
    path: Annotated[Path, typer.Argument(help="JSONL with question and answer.")],
    run: Annotated[Path, typer.Option(help="Run directory; an interrupted run goes on.")],
    items: Annotated[int, typer.Option(help="Problems to take.")] = 100,
    skip: Skip = 0,
    take: Take = None,
    strategy: Strategy = None,
    seed: Seed = None,
    samples: Samples = None,
    greedy: Greedy = True,
    temperature: Annotated[
        float | None, typer.Option(help="Temperature of the sampling.", show_default="0.7")
    ] = None,
    logprobs: Annotated[bool | None, typer.Option("--logprobs", help="Break ties by them.")] = None,
    self_verify: Annotated[
        SelfVerify | None,
        typer.Option(help="Which answers a second program checks.", show_default="none"),
    ] = None,
    routes: WordRoutes = WordProblemRoute.PROGRAM,
    model: Annotated[str, typer.Option(help="Model.")] = DEFAULT_MODEL,
    threads: Annotated[int | None, typer.Option(help="Threads of the model.")] = None,
    holdout: Holdout = None,
    out: Out = None,
) -> None:
    """Accuracy on a file of word problems."""
    from benchmarks import wordproblems
    from benchmarks.accuracy import report
    from neurosym.translators.word_problem import word_problem_translator

    values = {
        "samples": samples, "temperature": temperature, "logprobs": logprobs,
        "self_verify": self_verify, "seed": seed,
    }  # fmt: skip
    voting = chosen_strategy(strategy, values)
    with wordproblems.opened(model, threads) as engine:
        problems = wordproblems.choose(path, items, voting.seed, skip, take)
        translator = word_problem_translator(routes, shots=4)
        rows, whole = wordproblems.measure(problems, engine, run, voting, translator, greedy=greedy)
    found = report(rows, holdout)
    finish({"benchmark": "word problems", "data": path.parent.name, **whole, **found}, out)


app.command("svamp", help="The same on SVAMP; the two differ by their path only.")(gsm8k)


@app.command("merge")
def merge_parts(
    parts: Annotated[list[Path], typer.Argument(help="Results of parts of one measurement.")],
    out: Out = None,
) -> None:
    """Put together a measurement that was made in parts, with --skip."""
    from benchmarks.accuracy import merge

    finish(merge(parts), out)


@app.command()
def sandbox(out: Out = None) -> None:
    """Programs per second in the sandbox, against fresh processes and in-process exec."""
    from benchmarks.sandbox import measure

    finish({"benchmark": "sandbox", **measure()}, out)


@app.command()
def engine(
    text: Annotated[str, typer.Argument(help="The engine, as --engine takes it.")],
    model: Annotated[str | None, typer.Option(help="Its model.")] = None,
    problems: Annotated[int, typer.Option(help="Problems of each measurement.")] = 64,
    samples: Annotated[int, typer.Option(help="Samples of each problem.")] = 8,
    max_tokens: Annotated[int, typer.Option(help="Most tokens of a sample.")] = 128,
    shots: Annotated[int, typer.Option(help="Worked examples in each prompt.")] = 4,
    turns: Annotated[int, typer.Option(help="Turns of each way.")] = 4,
    out: Out = None,
) -> None:
    """Any engine through solve_many, against what it is made of, asked directly."""
    from benchmarks.engine import measure

    sizes = {"problems": problems, "samples": samples, "max_tokens": max_tokens}
    found = measure(text, model, **sizes, shots=shots, turns=turns)
    finish({"benchmark": "engine", **found}, out)


@app.command()
def code(
    path: Annotated[Path, typer.Argument(help="JSONL with the items of HumanEval or MBPP.")],
    record: Annotated[
        Path, typer.Option(help="Samples are kept here; an interrupted run goes on.")
    ],
    items: Annotated[int, typer.Option(help="Functions to take.")] = 40,
    seed: Annotated[int, typer.Option(help="Seed of the choice and the sampling.")] = 0,
    solutions: Annotated[int, typer.Option(help="Programs of each function.")] = 8,
    tests: Annotated[int, typer.Option(help="Texts with assertions of each function.")] = 4,
    engine: Annotated[str, typer.Option(help="The engine, as --engine takes it.")] = "llamacpp",
    model: Annotated[str | None, typer.Option(help="Its model.")] = None,
    out: Out = None,
) -> None:
    """Programs chosen by tests that the same model wrote: B4, CodeT, MaxPass and MBR-exec."""
    import asyncio

    from benchmarks.code_tests import measure
    from neurosym.engines.named import read_engine
    from neurosym.engines.recording import RecordingEngine

    drawing = RecordingEngine(read_engine(engine, model=model).start(), record)
    try:
        at_once = max(1, drawing.info.parallel // (solutions + tests))
        found = measure(
            path, drawing, items=items, solutions=solutions, tests=tests, seed=seed, at_once=at_once
        )
    finally:
        asyncio.run(drawing.aclose())
    finish({"benchmark": "programs by tests", "data": path.parent.name, **found}, out)


@app.command()
def dropping(
    path: Annotated[Path, typer.Argument(help="JSONL with problems, answers and samples.")],
    samples: Annotated[int, typer.Option(help="Recorded samples of each problem.")] = 10,
    routes: WordRoutes = WordProblemRoute.PROGRAM,
    out: Out = None,
) -> None:
    """Tokens saved by dropping samples in flight once a vote is decided, on recorded lengths."""
    from benchmarks.dropping import measure

    result = measure(path, samples, routes)
    finish({"benchmark": "dropping", "data": path.parent.name, **result}, out)


@app.command()
def plot(
    result: Annotated[
        Path, typer.Argument(help="What gsm8k, svamp, linc or selection wrote with --out.")
    ],
    out: Annotated[
        Path, typer.Argument(help="The picture: an .svg or .png file, of selection also .html.")
    ],
) -> None:
    """Draw what abstaining buys and confidence is worth; of selection, what samples buy."""
    from benchmarks.plots import draw_trust
    from benchmarks.selection_plot import draw_selection

    data = json.loads(result.read_text(encoding="utf-8"))
    (draw_selection if data["benchmark"] == "selection" else draw_trust)(data, out)


@app.command()
def startup(out: Out = None) -> None:
    """Seconds to import the package and to show the help."""
    from benchmarks.startup import measure

    finish({"benchmark": "startup", **measure()}, out)


if __name__ == "__main__":
    app()
