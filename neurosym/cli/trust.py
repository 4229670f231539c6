"""``neurosym trust``."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console

from neurosym.cli.exits import Exit
from neurosym.cli.render_table import as_rich_table
from neurosym.errors import InputError
from neurosym.presentation.solution import headline
from neurosym.runtime.records import read_solutions
from neurosym.selection.conformal import check_rate
from neurosym.selection.trust import Trusted, trust_answers
from neurosym.tables import Table
from neurosym.values import encode

__all__ = ["run_trust"]


def run_trust(
    run: Path, labelled: Path, problems: Path, rate: float, *, as_json: bool, unsafe: bool
) -> Exit:
    """Say which answers of a run to act on so that at most a part of them is wrong.

    Args:
        run: The run.
        labelled: A run like it, whose answers are known.
        problems: The JSONL file that the labelled run solved, with answers.
        rate: The part of what is acted on that may be wrong, in expectation.
        as_json: Print JSON lines.
        unsafe: Compare answers even where this machine offers no isolation for that.

    Raises:
        InputError: One of the runs has no answer, or they were not made alike, or share problems.
        OptionError: The rate is out of range.
        RunLogError: There is no such run.
    """
    from neurosym.runtime.labelled import label_solutions

    check_rate(rate)
    made_by, new = read_solutions(run)
    made_alike, solutions = read_solutions(labelled)
    if others := _differences(made_by, made_alike):
        raise InputError(
            f"the runs differ in {', '.join(others)}, so that what is known of one says nothing of "
            "the other",
            hint="Label problems with the options, model and calibration of the run.",
        )
    if new.keys() & solutions.keys():
        raise InputError(
            "the runs have problems in common", hint="Choose among answers that are not labelled."
        )
    known = asyncio.run(label_solutions(solutions, problems, unsafe=unsafe))
    if not known:
        raise InputError(
            f"no problem of {problems} with an answer was solved in {labelled}",
            hint="Name the file that the labelled run solved; its problems need an answer each.",
        )
    labels = [(item.solution, item.is_right) for item in known]
    told = trust_answers(labels, list(new.values()), rate)
    if as_json:
        for item in told:
            print(json.dumps(_to_json(item)))
    else:
        _show(told)
    chosen = sum(item.is_chosen for item in told)
    answered = [is_right for solution, is_right in labels if solution.abstention is None]
    print(
        f"{chosen} of {len(told)} answers can be acted on, at most {100 * rate:g} % of them wrong "
        f"in expectation, by {answered.count(False)} wrong ones of {len(answered)} labelled "
        "answers",
        file=sys.stderr,
    )
    return Exit.ANSWERED if chosen else Exit.ABSTAINED


def _differences(one: Mapping[str, Any], other: Mapping[str, Any]) -> list[str]:
    """In what two runs differ, besides the seed of the sampling."""

    def known(run: Mapping[str, Any]) -> dict[str, Any]:
        return {**run, "strategy": {**run["strategy"], "seed": None}}

    first, second = known(one), known(other)
    return [name for name in sorted({*first, *second}) if first.get(name) != second.get(name)]


def _to_json(item: Trusted) -> dict[str, Any]:
    return {
        "id": item.solution.problem_id,
        "answer": encode(item.solution.answer),
        "confidence": item.solution.confidence,
        "p_value": item.p_value,
        "score": item.score,
        "act": item.is_chosen,
    }


def _show(told: Sequence[Trusted]) -> None:
    rows = tuple(
        (
            item.solution.problem_id,
            headline(item.solution),
            f"{item.solution.confidence:.2f}",
            f"{item.p_value:.3f}",
            "yes" if item.is_chosen else "no",
        )
        for item in told
    )
    columns = ("problem", "answer", "confidence", "p-value", "act on it")
    styles = ["green" if item.is_chosen else "" for item in told]
    Console(highlight=False).print(as_rich_table(Table("", columns, rows), styles))
