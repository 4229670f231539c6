"""``neurosym formalize``: plain words or a theory in, a theory in the dialect of choice out."""

from __future__ import annotations

import sys

from neurosym.cli.exits import Exit
from neurosym.cli.prove import read_text
from neurosym.formal.fol.dialects.registry import (
    DialectName,
    dialect_named,
    find_dialect,
    read_theory,
)
from neurosym.formal.fol.theory import Repair, Theory
from neurosym.problem import Kind, Problem

__all__ = ["run_formalize"]


def run_formalize(
    file: str,
    *,
    to: DialectName,
    dialect: DialectName | None,
    tolerant: bool,
    samples: int,
    seed: int,
    engine: str,
    model: str | None,
    threads: int | None,
) -> Exit:
    """Print the theory that a file holds or describes; what was mended goes to standard error.

    Raises:
        InputError: The file cannot be read as either, or the dialect cannot say the theory.
        ModelError: The weights cannot be used.
        EngineError: The model could not be run.
    """
    text = read_text(file)
    if dialect is None and find_dialect(text, file) is None:
        print(f"{file} is in plain words; a model translates it", file=sys.stderr)
        theory = _translate(text, samples, seed, engine, model, threads)
        if theory is None:
            print("no translation could be read", file=sys.stderr)
            return Exit.ABSTAINED
    else:
        theory, _ = read_theory(text, dialect, file_name=file, tolerant=tolerant)
    _tell(theory.repairs)
    sys.stdout.write(dialect_named(to).print_theory(theory))
    return Exit.ANSWERED


def _tell(repairs: tuple[Repair, ...]) -> None:
    for repair in repairs:
        print(f"read with a repair: {repair.kind}: {repair.detail}", file=sys.stderr)


def _translate(
    text: str, samples: int, seed: int, engine: str, model: str | None, threads: int | None
) -> Theory | None:
    from neurosym.cli.options import engine_options
    from neurosym.solver import Solver
    from neurosym.strategies.vote import SampleAndVote

    strategy = SampleAndVote(samples=samples, seed=seed)
    with Solver(strategy, **engine_options(engine, model, threads)) as solver:
        solution = solver.solve(Problem("question", text, Kind.LOGIC))
    chosen = solution.candidate
    if chosen is not None and isinstance(chosen.formalization, Theory):
        return chosen.formalization
    readable = [c.formalization for c in solution.candidates if isinstance(c.formalization, Theory)]
    return readable[0] if readable else None
