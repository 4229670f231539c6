"""``neurosym calibrate``."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from neurosym.cli.exits import Exit
from neurosym.errors import InputError

__all__ = ["run_calibrate"]


def run_calibrate(run: Path, problems: Path, *, unsafe: bool) -> Exit:
    """Fit a calibration on a run whose answers are known, and keep it for later runs.

    Raises:
        InputError: The file has none of the run's problems with an answer, or too few.
        RunLogError: There is no such run.
    """
    from neurosym.runtime.labelled import label_votes
    from neurosym.runtime.paths import calibration_folder
    from neurosym.runtime.records import solution_from_json
    from neurosym.runtime.runlog import read_run
    from neurosym.selection.calibration import calibrate, save_calibration

    depends_on, records = read_run(run)
    solutions = {digest: solution_from_json(record) for digest, record in records.items()}
    votes = asyncio.run(label_votes(solutions, problems, unsafe=unsafe))
    if not votes:
        raise InputError(
            f"no problem of {problems} with an answer was solved in {run}",
            hint="Name the file that the run solved; its problems need an answer each.",
        )
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
        print(f"kept in {path}")
    return Exit.ANSWERED
