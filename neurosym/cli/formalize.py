"""``neurosym formalize``: plain words or a formal object in, the formal language of choice out."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from neurosym.cli.arguments import write_text
from neurosym.cli.exits import Exit
from neurosym.cli.prove import read_text
from neurosym.cli.targets import Target
from neurosym.errors import OptionError
from neurosym.formal.fol.dialects.registry import (
    DialectName,
    dialect_named,
    find_dialect,
    read_theory,
)
from neurosym.formal.fol.theory import Repair, Theory
from neurosym.formal.lean.statement import Statement
from neurosym.formal.optimization.formats.registry import (
    MODEL_SUFFIXES,
    ModelFormat,
    print_model_as,
)
from neurosym.formal.optimization.model import Model
from neurosym.kinds import detect_kind
from neurosym.problem import Kind, Problem

__all__ = ["run_formalize"]

T = TypeVar("T", bound=StrEnum)

_MODEL_SUFFIXES = MODEL_SUFFIXES | {".json"}


def run_formalize(
    file: str,
    *,
    to: Target | None,
    source: Target | None,
    tolerant: bool,
    samples: int,
    seed: int,
    engine: str,
    model: str | None,
    threads: int | None,
    out: Path | None,
    unsafe: bool = False,
) -> Exit:
    """Write the theory or model that a file holds or describes; what was mended is said.

    Raises:
        InputError: The file cannot be read as either, or the language cannot say it.
        BackendError: A program that builds a model cannot be isolated.
        ModelError: The weights cannot be used.
        EngineError: The model could not be run.
    """
    text = read_text(file)
    formal: Theory | Model | Statement | None = _read(
        text, file, source, tolerant=tolerant, unsafe=unsafe
    )
    if formal is None:
        kind = _kind_of(text, to)
        print(f"{file} is in plain words; a model translates it ({kind.value})", file=sys.stderr)
        problem = Problem("question", text, kind)
        formal = _translate(problem, samples, seed, engine, model, threads, unsafe=unsafe)
        if formal is None:
            print("no translation could be read", file=sys.stderr)
            return Exit.ABSTAINED
    written = _written(formal, to)
    if out is None:
        sys.stdout.write(written)
    else:
        write_text(out, written, "--out")
    return Exit.ANSWERED


def _read(
    text: str, file: str, source: Target | None, *, tolerant: bool, unsafe: bool
) -> Theory | Model | None:
    """The formal object that a text is; ``None`` if it is plain words."""
    if source is Target.WORDS:
        return None
    model_format = _as(ModelFormat, source)
    if model_format is not None or Path(file).suffix.lower() in _MODEL_SUFFIXES:
        from neurosym.cli.model_files import model_in

        model = model_in(text, model_format, file_name=file, unsafe=unsafe)
        for note in model.notes:
            print(note, file=sys.stderr)
        return model
    dialect = _as(DialectName, source)
    if dialect is None and find_dialect(text, file) is None:
        return None
    theory, _ = read_theory(text, dialect, file_name=file, tolerant=tolerant)
    _tell(theory.repairs)
    return theory


def _as(names: type[T], target: Target | None) -> T | None:
    return names(target.value) if target is not None and target.value in list(names) else None


def _kind_of(text: str, to: Target | None) -> Kind:
    """Whether plain words are to become a theory, a model, or a statement in Lean."""
    if to is Target.LEAN and detect_kind(text) is not Kind.LOGIC:
        return Kind.THEOREM
    as_model, as_theory = _as(ModelFormat, to), _as(DialectName, to)
    if (as_model is None) != (as_theory is None):
        return Kind.LOGIC if as_model is None else Kind.OPTIMIZATION
    found = detect_kind(text)
    return found if found is Kind.OPTIMIZATION else Kind.LOGIC


def _written(formal: Theory | Model | Statement, to: Target | None) -> str:
    if isinstance(formal, Statement):
        return f"{formal.text}\n"
    if isinstance(formal, Model):
        found = _as(ModelFormat, to or Target("model"))
        if found is None:
            names = ", ".join(ModelFormat)
            raise OptionError(f"a model cannot be written as {to}", hint=f"Take one of {names}.")
        return print_model_as(formal, found)
    dialect = _as(DialectName, to or Target("fol"))
    if dialect is None:
        names = ", ".join(DialectName)
        raise OptionError(f"a theory cannot be written as {to}", hint=f"Take one of {names}.")
    return dialect_named(dialect).print_theory(formal)


def _tell(repairs: tuple[Repair, ...]) -> None:
    for repair in repairs:
        print(f"read with a repair: {repair.kind}: {repair.detail}", file=sys.stderr)


def _translate(
    problem: Problem,
    samples: int,
    seed: int,
    engine: str,
    model: str | None,
    threads: int | None,
    *,
    unsafe: bool,
) -> Theory | Model | Statement | None:
    if problem.kind is Kind.THEOREM:
        from neurosym.cli.stating import chosen_statement, state

        return chosen_statement(
            state(
                problem.question,
                samples=samples,
                seed=seed,
                imports=(),
                engine=engine,
                model=model,
                threads=threads,
            )
        )
    from neurosym.cli.planning import solved_model
    from neurosym.solver import Solver
    from neurosym.strategies.sample_and_vote import SampleAndVote

    strategy = SampleAndVote(samples=samples, seed=seed)
    with Solver(strategy, engine=engine, model=model, threads=threads, unsafe=unsafe) as solver:
        solution = solver.solve(problem)
    if problem.kind is Kind.OPTIMIZATION and (found := solved_model(solution)) is not None:
        return found
    chosen = solution.candidate
    formal = [c.formalization for c in (*([chosen] if chosen else []), *solution.candidates)]
    readable = [item for item in formal if isinstance(item, Theory | Model)]
    return readable[0] if readable else None
