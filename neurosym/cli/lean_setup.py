"""What ``neurosym lean setup`` prints."""

from __future__ import annotations

from neurosym.backends.lean.places import lean_folder
from neurosym.backends.lean.setup import Stopped, abilities, set_up
from neurosym.cli.exits import Exit
from neurosym.engines.download import say
from neurosym.presentation.text import printable

__all__ = ["run_lean_setup"]


def run_lean_setup(*, mathlib: bool) -> Exit:
    """Set up Lean, and say what can be done with it then.

    What is going on is told on standard error, what works at the end on standard output.

    Args:
        mathlib: Whether Mathlib is wanted too.

    Raises:
        BackendError: The folder of the cache cannot be written.
        KeyboardInterrupt: It was interrupted; all that it had started is killed.
    """
    try:
        stopped = set_up(mathlib=mathlib, tell=lambda text: say(printable(text)))
    except KeyboardInterrupt:
        say("stopped; the same command goes on from here")
        raise
    if stopped is None:
        for ability in abilities():
            print(ability)
        if not mathlib:
            say("with --mathlib, Mathlib is set up too (about 9 GB)")
        return Exit.ANSWERED
    _explain(stopped, mathlib=mathlib)
    return Exit.BACKEND


def _explain(stopped: Stopped, *, mathlib: bool) -> None:
    say(f"error: {stopped.step.name} is not set up: {printable(stopped.reason)}")
    for line in stopped.lines:
        say(f"  {printable(line)}")
    for reason in stopped.missing:
        say(f"missing: {printable(reason)}")
    if stopped.hint:
        say(f"hint: {stopped.hint}")
    for ability in abilities() or ("all that needs no Lean",):
        print(f"works: {ability}", flush=True)
    command = "neurosym lean setup" + (" --mathlib" if mathlib else "")
    say(
        f"to go on: run `{command}` again, which begins with this step; or run it on a machine of "
        f"the same kind that has what is missing, and put its folder {lean_folder()} in the place "
        "of the one here"
    )
