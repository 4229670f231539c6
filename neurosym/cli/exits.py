"""How commands end: exit codes, Ctrl-C, and options that do not go with a file."""

from __future__ import annotations

import os
import signal
from collections.abc import Mapping
from enum import IntEnum
from typing import Any

from neurosym.errors import (
    BackendError,
    EngineError,
    InputError,
    ModelError,
    NeurosymError,
    OptionError,
    RecordError,
    RunLogError,
)

__all__ = ["Exit", "exit_for", "refuse_options", "stop_at_first_interrupt"]


class Exit(IntEnum):
    """Exit codes of ``neurosym``."""

    ANSWERED = 0
    """Answered; for a file, every line was a problem and was worked on."""
    UNEXPECTED = 1
    """A defect of neurosym."""
    BAD_INPUT = 2
    """A question, line, file or option cannot be used."""
    ABSTAINED = 3
    """No answer to the question, with the reason."""
    MODEL = 4
    """Weights or engine cannot be used."""
    BACKEND = 5
    """The sandbox cannot be used."""
    RUN_LOG = 6
    """The run directory, or the record of samples, cannot be used."""
    INTERRUPTED = 130
    """Ctrl-C; what was finished is kept in the run directory, if one was named."""


def exit_for(error: NeurosymError) -> Exit:
    """The exit code for an error."""
    if isinstance(error, InputError):
        return Exit.BAD_INPUT
    if isinstance(error, ModelError | EngineError):
        return Exit.MODEL
    if isinstance(error, BackendError):
        return Exit.BACKEND
    return Exit.RUN_LOG if isinstance(error, RunLogError | RecordError) else Exit.UNEXPECTED


def stop_at_first_interrupt() -> None:
    """Let the first Ctrl-C end the work in order, and the second at once."""

    def quit_now(*_: Any) -> None:
        os._exit(Exit.INTERRUPTED)

    def stop(*_: Any) -> None:
        signal.signal(signal.SIGINT, quit_now)
        raise KeyboardInterrupt

    signal.signal(signal.SIGINT, stop)


def refuse_options(given: Mapping[str, object], of: str) -> None:
    """Refuse options that are for other files than the one that was named.

    Args:
        given: The options by name, with - or _ in it; those that are false were not given.
        of: What they are for.

    Raises:
        OptionError: One is given.
    """
    if strange := [name for name, value in given.items() if value]:
        raise OptionError(f"--{strange[0].replace('_', '-')} is for {of}", hint="Leave it out.")
