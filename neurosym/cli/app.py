"""The commands. Each imports what it needs when it is called, so that ``--help`` is quick."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from neurosym.cli import model_commands, prove_command, solve_command
from neurosym.cli.exits import Exit, exit_for, stop_at_first_interrupt
from neurosym.cli.solve_command import EngineName, ModelName, Threads, Unsafe
from neurosym.cli.targets import Target
from neurosym.errors import NeurosymError

__all__ = [
    "app",
    "calibrate",
    "doctor",
    "engines",
    "formalize",
    "lean_setup",
    "main",
    "models_list",
    "models_path",
    "models_pull",
    "record",
    "samples_export",
    "samples_import",
    "strategies",
    "trust",
    "tune",
    "version",
]

app = typer.Typer(
    name="neurosym",
    help="A language model translates, a solver decides, and checks say what to trust.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
models_app = typer.Typer(help="Fetch and list model weights.", no_args_is_help=True)
app.add_typer(models_app, name="models")
lean_app = typer.Typer(help="Set up Lean.", no_args_is_help=True)
app.add_typer(lean_app, name="lean")
samples_app = typer.Typer(help="Move samples between records.", no_args_is_help=True)
app.add_typer(samples_app, name="samples")
app.add_typer(solve_command.app)
app.add_typer(model_commands.app)
app.add_typer(prove_command.app)


def main() -> None:
    """Run the command line; errors end with a message, a hint and a documented exit code."""
    try:
        code = app(standalone_mode=False)
    except NeurosymError as error:
        _complain(error)
        code = exit_for(error)
    except (KeyboardInterrupt, typer.Abort):  # older releases of Typer let one of these through
        code = Exit.INTERRUPTED
    except (BrokenPipeError, SystemExit):
        # The reader of our output went away, which Rich tells by the latter. That is its right.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = Exit.ANSWERED
    except Exception as error:
        show = getattr(error, "show", None)
        if show is None:
            raise
        show()
        code = Exit.BAD_INPUT
    if code == Exit.INTERRUPTED:
        _leave_interrupted()
    sys.exit(int(code or 0))


def _leave_interrupted() -> None:
    print("interrupted; with --run DIR the same command goes on from here", file=sys.stderr)
    # Workers and model threads may be in the middle of something; what is finished is in the log
    # already, so leaving at once loses nothing.
    sys.stderr.flush()
    sys.stdout.flush()
    os._exit(Exit.INTERRUPTED)


def _complain(error: NeurosymError) -> None:
    print(f"error: {error}", file=sys.stderr)
    if error.hint:
        print(f"hint: {error.hint}", file=sys.stderr)


@app.command()
def formalize(
    file: Annotated[
        str,
        typer.Argument(
            metavar="FILE|-",
            help="A theory or an optimization model in any format, or plain words, which a model "
            "translates.",
        ),
    ],
    to: Annotated[
        Target | None,
        typer.Option(help="The language to write.", show_default="fol, or model for a decision"),
    ] = None,
    source: Annotated[
        Target | None,
        typer.Option("--from", help="The language it is in.", show_default="found"),
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Write it to a file.")] = None,
    tolerant: Annotated[
        bool, typer.Option("--tolerant", help="Read what was meant, and say what was mended.")
    ] = False,
    samples: Annotated[int, typer.Option(help="Translations to draw of plain words.")] = 5,
    seed: Annotated[int, typer.Option(help="Seed of all sampling.")] = 0,
    engine: EngineName = "llamacpp",
    model: ModelName = None,
    threads: Threads = None,
    unsafe: Unsafe = False,
) -> int:
    """Write a theory or model in another language, or a problem in plain words as one."""
    from neurosym.cli.formalize import run_formalize

    stop_at_first_interrupt()
    return run_formalize(
        file,
        to=to,
        source=source,
        out=out,
        tolerant=tolerant,
        samples=samples,
        seed=seed,
        engine=engine,
        model=model,
        threads=threads,
        unsafe=unsafe,
    )


@app.command()
def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> int:
    """Say what works on this machine, and how to mend what does not."""
    from neurosym.cli.doctor import run_doctor

    return run_doctor(as_json=as_json)


@app.command()
def strategies(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> int:
    """List the strategies by which problems are solved."""
    from neurosym.cli.strategies import run_strategies

    return run_strategies(as_json=as_json)


@app.command()
def engines(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> int:
    """List the engines that run language models."""
    from neurosym.cli.engines import run_engines

    return run_engines(as_json=as_json)


@app.command()
def tune(
    engine: Annotated[str, typer.Option(help="The engine.")] = "llamacpp",
    model: Annotated[str | None, typer.Option(help="Its model.", show_default="the usual")] = None,
    seconds: Annotated[float, typer.Option(help="No trial begins after this time.")] = 600.0,
    trial_seconds: Annotated[
        float, typer.Option(help="What a whole trial takes, roughly, with the usual settings.")
    ] = 70.0,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> int:
    """Find the settings with which an engine is fastest on this machine, and keep them."""
    from neurosym.cli.tune import run_tune

    return run_tune(engine, model, seconds, trial_seconds, as_json=as_json)


@samples_app.command("export")
def samples_export(
    record: Annotated[Path, typer.Argument(help="A record of samples.")],
    out: Annotated[Path, typer.Argument(help="The JSONL file to write.")],
) -> None:
    """Write the samples of a record as JSON lines."""
    from neurosym.cli.samples import run_export

    run_export(record, out)


@samples_app.command("import")
def samples_import(
    lines: Annotated[Path, typer.Argument(help="A JSONL file that export wrote.")],
    record: Annotated[Path, typer.Argument(help="The record of samples to add them to.")],
) -> None:
    """Add samples to a record; those that it has already stay as they are."""
    from neurosym.cli.samples import run_import

    run_import(lines, record)


@app.command()
def calibrate(
    run: Annotated[Path, typer.Argument(help="A run directory.")],
    problems: Annotated[Path, typer.Argument(help="The JSONL file it solved, with answers.")],
    unsafe: Unsafe = False,
) -> int:
    """Fit the weights of the checks and the confidence on a run whose answers are known."""
    from neurosym.cli.calibrate import run_calibrate

    return run_calibrate(run, problems, unsafe=unsafe)


@app.command()
def trust(
    run: Annotated[Path, typer.Argument(help="The run whose answers to choose among.")],
    labelled: Annotated[Path, typer.Argument(help="A run like it, whose answers are known.")],
    problems: Annotated[Path, typer.Argument(help="The JSONL file that one solved, with answers.")],
    rate: Annotated[
        float, typer.Option("--fdr", help="Part of what is chosen that may be wrong.")
    ] = 0.1,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON lines.")] = False,
    unsafe: Unsafe = False,
) -> int:
    """Choose the answers to act on, with a bound on how many of them are wrong."""
    from neurosym.cli.trust import run_trust

    return run_trust(run, labelled, problems, rate, as_json=as_json, unsafe=unsafe)


@app.command()
def record(
    run: Annotated[Path, typer.Argument(help="A run directory.")],
    problems: Annotated[Path, typer.Argument(help="The JSONL file it solved.")],
    out: Annotated[Path, typer.Argument(help="The JSONL file to write.")],
) -> None:
    """Write down a run's samples, for --engine replay --model OUT to serve again."""
    from neurosym.runtime.recording import record_samples

    written = record_samples(run, problems, out)
    print(f"{written} problems with their samples written to {out}")


@lean_app.command("setup")
def lean_setup(
    mathlib: Annotated[
        bool, typer.Option("--mathlib", help="Set up Mathlib too (about 9 GB).")
    ] = False,
) -> int:
    """Install elan, a pinned Lean, its REPL and, if wanted, Mathlib in the user's cache."""
    from neurosym.cli.lean_setup import run_lean_setup

    return run_lean_setup(mathlib=mathlib)


@models_app.command("pull")
def models_pull(
    name: Annotated[str | None, typer.Argument(help="A known model.")] = None,
    source: Annotated[
        Path | None, typer.Option("--from", help="A file that holds the weights already.")
    ] = None,
) -> None:
    """Fetch a model's weights, check them, and keep them in the user's cache."""
    from neurosym.engines import models

    print(models.pull(name or models.DEFAULT_MODEL, source=source))


@models_app.command("list")
def models_list() -> None:
    """List the known models and whether they are here."""
    from neurosym.cli.render import print_models

    print_models()


@models_app.command("path")
def models_path(
    name: Annotated[str | None, typer.Argument(help="A known model or a file.")] = None,
) -> None:
    """Print where a model's weights are."""
    from neurosym.engines import models

    print(models.resolve(name or models.DEFAULT_MODEL))


@app.command()
def version() -> None:
    """Print the version."""
    from neurosym import __version__

    print(__version__)
