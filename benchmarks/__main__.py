"""``python -m benchmarks``."""

from __future__ import annotations

import json
import shlex
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from benchmarks import machine

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)
Out = Annotated[Path | None, typer.Option(help="Write the result here, as JSON.")]


@app.command()
def gsm8k(
    path: Annotated[Path, typer.Argument(help="JSONL with question and answer.")],
    run: Annotated[Path, typer.Option(help="Run directory; an interrupted run goes on.")],
    items: Annotated[int, typer.Option(help="Problems to take.")] = 100,
    seed: Annotated[int, typer.Option(help="Seed of the choice and the sampling.")] = 0,
    samples: Annotated[int, typer.Option(help="Programs for each problem.")] = 8,
    temperature: Annotated[float, typer.Option(help="Temperature of the sampling.")] = 0.7,
    model: Annotated[str, typer.Option(help="Model.")] = "qwen2.5-coder-1.5b",
    threads: Annotated[int | None, typer.Option(help="Threads of the model.")] = None,
    out: Out = None,
) -> None:
    """Accuracy on a file of word problems."""
    import asyncio

    from benchmarks import wordproblems
    from neurosym import SampleAndVote
    from neurosym.engines.llamacpp import LlamaCppEngine

    engine = LlamaCppEngine(model, threads=threads)
    strategy = SampleAndVote(samples=samples, temperature=temperature, seed=seed)
    try:
        problems = wordproblems.choose(path, items, seed)
        result = wordproblems.measure(problems, engine, run, strategy)
    finally:
        asyncio.run(engine.aclose())
    _finish({"benchmark": "word problems", "data": path.parent.name, **result}, out)


app.command("svamp", help="The same on SVAMP; the two differ by their path only.")(gsm8k)


def _finish(result: dict[str, Any], out: Path | None) -> None:
    command = shlex.join(["python", "-m", "benchmarks", *sys.argv[1:]])
    text = json.dumps({"command": command, "machine": machine.describe(), **result}, indent=2)
    print(text)
    if out is not None:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(text + "\n")


if __name__ == "__main__":
    app()
