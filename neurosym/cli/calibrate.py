"""``neurosym calibrate``."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Any

from neurosym.cli.exits import Exit
from neurosym.errors import InputError

if TYPE_CHECKING:
    from neurosym.problem import Kind
    from neurosym.selection.labelled import LabelledVote

__all__ = ["run_calibrate"]


def run_calibrate(run: Path, problems: Path, *, unsafe: bool) -> Exit:
    """Fit a calibration on a run whose answers are known, and keep it for later runs.

    Raises:
        InputError: The file has none of the run's problems with an answer, or too few.
        RunLogError: There is no such run.
    """
    from neurosym.presentation.outlook import told_outlook
    from neurosym.presentation.plan import told_plan
    from neurosym.runtime.labelled import label_solutions
    from neurosym.runtime.paths import calibration_folder
    from neurosym.runtime.records import read_solutions
    from neurosym.selection.calibration import calibrate, save_calibration
    from neurosym.strategies.planned import Planned

    depends_on, solutions = read_solutions(run)
    labelled = asyncio.run(label_solutions(solutions, problems, unsafe=unsafe))
    if not labelled:
        raise InputError(
            f"no problem of {problems} with an answer was solved in {run}",
            hint="Name the file that the run solved; its problems need an answer each.",
        )
    votes: dict[Kind, list[LabelledVote]] = {}
    for item in labelled:
        votes.setdefault(item.kind, []).append(item.vote)
    engine: dict[str, Any] = depends_on["engine"]
    # All are fitted before any is kept: a kind with too few problems is an error.
    fitted = [calibrate(found, model=engine["model"], task=kind) for kind, found in votes.items()]
    for calibration in fitted:
        path = save_calibration(calibration, calibration_folder())
        print(
            f"fitted on {calibration.problems} problems of {calibration.task}: "
            f"Brier score {calibration.brier:.3f}"
        )
        for name, factor in sorted(calibration.factors.items()):
            print(f"  {name:40} {factor:.2f}")
        if calibration.outlook is not None:
            print(told_outlook(calibration.task, calibration.outlook))
        print(told_plan(calibration.task, calibration.plan, Planned().price))
        print(f"kept in {path}")
    return Exit.ANSWERED
