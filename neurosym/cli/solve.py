"""``neurosym solve``."""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from codecs import BOM_UTF8
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from neurosym.backends.provers import ProverName
from neurosym.cli.arguments import is_file, is_folder, names_file
from neurosym.cli.exits import Exit, refuse_options
from neurosym.cli.progress import Progress
from neurosym.cli.prove import read_text
from neurosym.errors import ProblemError
from neurosym.files import MAX_BYTES
from neurosym.formal.fol.dialects.registry import DialectName, find_dialect
from neurosym.formal.optimization.changes import read_change
from neurosym.formal.optimization.formats.registry import MODEL_SUFFIXES, holds_json_model
from neurosym.formal.optimization.model import Model
from neurosym.kinds import KindName, problem_in_words
from neurosym.presentation.grounds import doubts, grounds
from neurosym.presentation.solution import why_not
from neurosym.problem import Kind, Problem
from neurosym.problem_file import BadLine, count_problems, read_problems
from neurosym.runtime.records import solution_to_json
from neurosym.solution import Solution
from neurosym.solver import Solver

__all__ = ["ModelOptions", "open_source", "solve_file", "solve_formal", "solve_question"]


@dataclass(frozen=True, slots=True)
class ModelOptions:
    """How an optimization model is solved.

    Attributes:
        changes: Other numbers to solve it with, as ``NAME=NUMBER``.
        solver: What solves it; ``None`` chooses by its structure.
        seconds: Most seconds it may take; ``None`` is a minute.
    """

    changes: Sequence[str] = ()
    solver: str | None = None
    seconds: float | None = None

    def solve(self, model: Model, *, as_json: bool) -> Exit:
        """Solve a model and print the decision.

        Raises:
            InputError: A change cannot be made, or the model cannot be solved.
            BackendError: A solver cannot be run.
        """
        from neurosym.cli.planning import run_solve

        return run_solve(
            model,
            changes=self.changes,
            solver=self.solver,
            seconds=self.seconds or 60.0,
            as_json=as_json,
        )


@contextmanager
def open_source(argument: str, kind: KindName) -> Iterator[Problem | Path]:
    """What the argument of ``solve`` names: a file of problems, or a question.

    The kind is that of a question; the lines of a file say theirs, or it is found.
    Standard input may hold either; problems are JSON objects, so they begin with a brace.

    Raises:
        ProblemError: It names a file that is not there, or holds no question.
    """
    if argument == "-":
        with _standard_input(kind) as source:
            yield source
    elif argument.endswith(".jsonl"):
        yield Path(argument)
    elif is_file(argument):
        yield _in_file(argument, kind)
    elif is_folder(argument):
        raise ProblemError(f"{argument} is a folder", hint="Name a file in it.")
    elif names_file(argument):
        raise ProblemError(
            f"there is no file {argument}",
            hint="Name one that is there. A question has more than one word.",
        )
    else:
        yield _question(argument, kind)


def _in_file(argument: str, kind: KindName) -> Problem | Path:
    """A file of problems, which are JSON objects, or one question in plain words."""
    with Path(argument).open("rb") as file:
        start = file.read(64).removeprefix(BOM_UTF8).lstrip()
    if not start:
        read_text(argument)  # which says so of a file that holds nothing at all
    # What is neither is for the reader of problem files to name.
    if start.startswith(b"{") or not start or b"\x00" in start:
        return Path(argument)
    return _question(read_text(argument), kind)


@contextmanager
def _standard_input(kind: KindName) -> Iterator[Problem | Path]:
    reading = sys.stdin.buffer
    start = reading.peek(4).removeprefix(BOM_UTF8).lstrip()[:1] if hasattr(reading, "peek") else b""
    if start == b"{":
        # On disk, since problems are counted first and may be many.
        with tempfile.NamedTemporaryFile(suffix=".jsonl") as kept:
            shutil.copyfileobj(reading, kept)
            kept.flush()
            yield Path(kept.name)
        return
    try:
        question = _question(reading.read().decode(), kind)
    except UnicodeDecodeError as error:
        raise ProblemError(
            "standard input is not UTF-8 text", hint="Give the question as text."
        ) from error
    yield question


def _question(text: str, kind: KindName) -> Problem:
    problem = problem_in_words(text, "question", kind.kind)
    if kind is KindName.AUTO:
        print(f"taken as a problem of {problem.kind.value}; --kind says otherwise", file=sys.stderr)
    return problem


def solve_formal(
    argument: str,
    *,
    for_words: Mapping[str, object],
    prover: ProverName,
    options: ModelOptions,
    as_json: bool,
    unsafe: bool = False,
) -> Exit | None:
    """Decide a theory, or solve an optimization model, if an argument names a file of one.

    Args:
        argument: What is to be solved.
        for_words: Options that are for problems in words alone, by name.
        prover: What decides theories.
        options: How models are solved; a theory takes no more seconds than they say.
        as_json: Print JSON.
        unsafe: Run a program that builds a model even if this machine cannot isolate it.

    Returns:
        How it ended; ``None`` if the argument is for a model of language.

    Raises:
        InputError: The file cannot be read or has something wrong in it, a change is none, or an
            option is given that is for problems in words.
        BackendError: A solver or prover cannot be run.
    """
    for change in options.changes:
        read_change(change)  # which refuses what is none before a model of language is asked
    if _is_theory_file(argument):
        from neurosym.cli.prove import run_prove

        refuse_options({**for_words, "what-if": options.changes}, "a problem in words")
        return run_prove(
            argument,
            dialect=None,
            prover=prover,
            tolerant=False,
            seconds=options.seconds or 10.0,
            solutions=0,
            as_json=as_json,
        )
    if _is_model_file(argument):
        from neurosym.cli.model_files import read_model_argument

        model = read_model_argument(argument, unsafe=unsafe)
        refuse_options(for_words, "a problem in words")
        return options.solve(model, as_json=as_json)
    return None


def _is_model_file(argument: str) -> bool:
    """Whether an argument names an optimization model, there or not, by its suffix.

    JSON may hold problems as well, so it has to be there, and is looked into.
    """
    suffix = Path(argument).suffix.lower()
    if suffix in MODEL_SUFFIXES:
        return is_file(argument) or names_file(argument)
    if suffix != ".json" or not is_file(argument):
        return False
    with Path(argument).open("rb") as file:
        return holds_json_model(file.read(MAX_BYTES).decode("utf-8", "replace"))


def _is_theory_file(argument: str) -> bool:
    """Whether an argument names a file that holds a theory, by its suffix.

    Raises:
        ProblemError: It names a file of Lean, which is for another command.
    """
    if not is_file(argument):
        return False
    dialect = find_dialect("", argument)
    if dialect is DialectName.LEAN:
        raise ProblemError(
            f"{argument} is a file of Lean", hint="Take 'neurosym prove' or 'neurosym check'."
        )
    # LaTeX may hold anything, a question as well.
    return dialect not in (None, DialectName.LATEX)


def solve_question(
    solver: Solver,
    problem: Problem,
    *,
    options: ModelOptions,
    lean: Path | None = None,
    as_json: bool,
    explain: bool,
) -> Exit:
    """Solve one question and print the solution, or that of its model with other numbers.

    Args:
        solver: Solves it.
        problem: The question.
        options: How the model that was chosen is solved with other numbers, if any are given.
        lean: File to write the answer to as a theorem.
        as_json: Print JSON.
        explain: Show what the answer rests on.

    Raises:
        InputError: A change cannot be made, or the file cannot be written.
    """
    with Progress(total=1) as progress:
        solution = solver.solve(problem)
        progress.solved(solution)
    if options.changes:
        from neurosym.cli.planning import solved_model

        model = solved_model(solution)
        if model is not None:
            return options.solve(model, as_json=as_json)
        print("--what-if changes nothing: no optimization model was chosen", file=sys.stderr)
    outlook = _told_outlook(solver, problem.kind)
    if as_json:
        data = _to_json(solution, candidates=explain)
        print(json.dumps(data if outlook is None else {**data, "outlook": outlook}))
    else:
        from neurosym.cli.render import print_solution

        print_solution(solution, explain=explain)
        if outlook is not None:
            print(outlook, file=sys.stderr)
    if lean is not None:
        from neurosym.cli.certify import write_certificate

        write_certificate(solution, lean)
    return Exit.ABSTAINED if solution.abstention else Exit.ANSWERED


def solve_file(solver: Solver, path: Path, *, explain: bool) -> Exit:
    """Solve a file of problems; one JSON object a line comes out as each is finished.

    Raises:
        ProblemError: There are none in it.
    """
    total = count_problems(path)  # which reports an unusable file before the model is loaded
    bad = 0
    if not total:
        raise ProblemError(
            f"{path} holds no problem", hint='Give one {"question": "…"} object a line.'
        )
    kinds: set[Kind] = set()
    ids: Counter[str] = Counter()

    def problems() -> Iterator[Problem]:
        nonlocal bad
        for item in read_problems(path):
            if isinstance(item, BadLine):
                bad += 1
                progress.bad_line(item)
                _emit({"line": item.number, "error": item.reason})
            else:
                kinds.add(item.problem.kind)
                ids[item.problem.id] += 1
                if ids[item.problem.id] == 2:
                    progress.report(f"several problems have the id {item.problem.id!r}")
                yield item.problem

    with Progress(total=total) as progress:
        for solution in solver.solve_many(problems()):
            _emit(_to_json(solution, candidates=explain))
            progress.solved(solution)
    for kind in sorted(kinds):
        if (outlook := _told_outlook(solver, kind)) is not None:
            print(outlook, file=sys.stderr)
    return Exit.BAD_INPUT if bad else Exit.ANSWERED


def _told_outlook(solver: Solver, kind: Kind) -> str | None:
    """What more samples could reach at the costs that the strategy has, if a calibration knows."""
    outlook = solver.calibration(kind).outlook
    if outlook is None:
        return None
    from neurosym.presentation.outlook import told_outlook
    from neurosym.selection.resampling import Costs
    from neurosym.strategies.resample import Resample

    costs = solver.strategy.costs if isinstance(solver.strategy, Resample) else Costs()
    return told_outlook(kind.value, outlook, costs)


def _emit(data: dict[str, Any]) -> None:
    # One write a line, at once: a reader sees whole lines, and each as soon as it is there.
    sys.stdout.write(json.dumps(data) + "\n")
    sys.stdout.flush()


def _to_json(solution: Solution, *, candidates: bool) -> dict[str, Any]:
    data = {**solution_to_json(solution), **grounds(solution)}
    if doubted := doubts(solution):
        data["doubts"] = list(doubted)
    if why := why_not(solution):
        data["why"] = why
    if not candidates:
        del data["candidates"]
    return data
