"""The samples of a run, written down for :class:`neurosym.engines.replay.ReplayEngine`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from neurosym.errors import InputError
from neurosym.problem_file import LabelledProblem, read_problems
from neurosym.runtime.records import read_solutions
from neurosym.solution import Solution

__all__ = ["record_samples"]


def record_samples(run: Path, problems: Path, out: Path) -> int:
    """Write the problems of a file that a run has solved, each with the samples drawn for it.

    Args:
        run: The run directory.
        problems: The JSONL file it solved.
        out: The JSONL file to write.

    Returns:
        How many problems were written.

    Raises:
        RunLogError: There is no such run.
        ProblemError: The problems cannot be read.
        InputError: The run has solved none of them, or the file cannot be written.
    """
    depends_on, solutions = read_solutions(run)
    lines = list(_lines(solutions, problems, depends_on["engine"]["model"]))
    if not lines:
        raise InputError(
            f"no problem of {problems} was solved in {run}", hint="Name the file that it solved."
        )
    try:
        out.write_text("".join(lines), encoding="utf-8")
    except OSError as error:
        raise InputError(
            f"{out} cannot be written: {error.strerror}", hint="Name a file you may write."
        ) from error
    return len(lines)


def _lines(solutions: dict[str, Solution], problems: Path, model: str) -> Iterator[str]:
    for item in read_problems(problems):
        if not isinstance(item, LabelledProblem) or item.problem.digest not in solutions:
            continue
        problem = item.problem
        drawn = [
            candidate.completion
            for candidate in solutions[problem.digest].candidates
            if candidate.parent is None
        ]
        if not drawn:
            continue  # the budget was spent before there was one
        data = {
            "id": problem.id,
            "question": problem.question,
            "kind": problem.kind,
            "context": problem.context,
            "choices": list(problem.choices),
            "answer": item.data,
            "model": model,
            "samples": [completion.text for completion in drawn],
            "tokens": [completion.completion_tokens for completion in drawn],
        }
        if all(completion.logprobs is not None for completion in drawn):
            data["logprobs"] = [completion.logprobs for completion in drawn]
        yield json.dumps(data, ensure_ascii=False) + "\n"
