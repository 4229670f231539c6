"""Every error neurosym raises, in one tree.

::

    NeurosymError
    ├── InputError                what the user gave cannot be used
    │   ├── ProblemError          a question or a line of a problem file
    │   └── OptionError           an option or parameter, or a combination of them
    ├── EngineError               the language model could not be run
    │   ├── ContextOverflowError  prompt and answer do not fit the context window
    │   └── EngineMemoryError     not enough memory for the weights or the context
    ├── ModelError                weights are missing, damaged or cannot be fetched
    │   ├── ModelNotFoundError
    │   ├── ModelCorruptError
    │   └── ModelDownloadError
    ├── BackendError              a backend's machinery broke (a program that fails is a Status)
    │   └── IsolationError        no layer of isolation is available on this machine
    └── RunLogError               a run directory cannot be written, read, or continued

Each carries a ``hint`` that says what to do. Foreign errors are translated once, at the edge where
they enter.
"""

from __future__ import annotations

__all__ = [
    "BackendError",
    "ContextOverflowError",
    "EngineError",
    "EngineMemoryError",
    "InputError",
    "IsolationError",
    "ModelCorruptError",
    "ModelDownloadError",
    "ModelError",
    "ModelNotFoundError",
    "NeurosymError",
    "OptionError",
    "ProblemError",
    "RunLogError",
]


class NeurosymError(Exception):
    """Base of every error raised on purpose.

    ``str(error)`` says what is wrong; ``error.hint`` says what to do about it.
    """

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class InputError(NeurosymError):
    """What the user gave cannot be used."""


class ProblemError(InputError):
    """A question, or a line of a problem file, cannot be read as a problem."""


class OptionError(InputError):
    """An option or parameter has an impossible value."""


class EngineError(NeurosymError):
    """The language model could not be run, or gave no completion."""


class ContextOverflowError(EngineError):
    """The prompt and the room asked for the answer do not fit the model's context window."""


class EngineMemoryError(EngineError):
    """There is not enough memory for the model's weights or its context."""


class ModelError(NeurosymError):
    """A model's weights cannot be used."""


class ModelNotFoundError(ModelError):
    """No such model is known, or its weights are not on this machine."""


class ModelCorruptError(ModelError):
    """The weights are not the bytes they should be."""


class ModelDownloadError(ModelError):
    """No source of the weights could be read."""


class BackendError(NeurosymError):
    """A backend's machinery broke. A program that fails is an ``Outcome``, not this."""


class IsolationError(BackendError):
    """Model output would have to run without any isolation, and nobody allowed that."""


class RunLogError(NeurosymError):
    """A run directory cannot be written, read, or continued."""
