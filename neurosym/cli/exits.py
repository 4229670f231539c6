"""Exit codes, and which error ends with which."""

from __future__ import annotations

from enum import IntEnum

from neurosym.errors import (
    BackendError,
    EngineError,
    InputError,
    ModelError,
    NeurosymError,
    RunLogError,
)

__all__ = ["Exit", "exit_for"]


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
    """The run directory cannot be used."""
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
    return Exit.RUN_LOG if isinstance(error, RunLogError) else Exit.UNEXPECTED
