"""Every error neurosym raises, in one tree.

::

    NeurosymError
    ├── InputError                what the user gave cannot be used
    │   ├── ProblemError          a question or a line of a problem file
    │   ├── OptionError           an option or parameter, or a combination of them
    │   ├── FormulaError          a formula or theory does not follow its dialect
    │   ├── SortError             a formula puts something where another sort belongs
    │   ├── FormulationError      the parts of an optimization model do not fit together
    │   └── InexpressibleError    a dialect has no way to say something
    ├── EngineError               the language model could not be run
    │   ├── ContextOverflowError  prompt and answer do not fit the context window
    │   ├── EngineMemoryError     not enough memory for the weights or the context
    │   ├── UnavailableError      it did not answer; the same request may succeed later
    │   │   └── EngineDeadError   what ran it has ended; a new engine may answer
    │   └── UnrecordedError       a record that is replayed does not hold what is asked for
    ├── ModelError                weights are missing, damaged or cannot be fetched
    │   ├── ModelNotFoundError
    │   ├── ModelCorruptError
    │   └── ModelDownloadError
    ├── BackendError              a backend's machinery broke (a program that fails is a Status)
    │   ├── DisagreementError     two backends contradict each other
    │   └── IsolationError        no layer of isolation is available on this machine
    ├── RecordError               a record of samples cannot be opened, read or written
    └── RunLogError               a run directory cannot be written, read, or continued

Each carries a ``hint`` that says what to do. Foreign errors are translated once, at the edge where
they enter.
"""

from __future__ import annotations

__all__ = [
    "BackendError",
    "ContextOverflowError",
    "DisagreementError",
    "EngineDeadError",
    "EngineError",
    "EngineMemoryError",
    "FormulaError",
    "FormulationError",
    "InexpressibleError",
    "InputError",
    "IsolationError",
    "ModelCorruptError",
    "ModelDownloadError",
    "ModelError",
    "ModelNotFoundError",
    "NeurosymError",
    "OptionError",
    "ProblemError",
    "RecordError",
    "RunLogError",
    "SortError",
    "UnavailableError",
    "UnrecordedError",
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


class FormulaError(InputError):
    """A formula or theory does not follow the grammar of its dialect.

    ``str(error)`` names the place and shows the line with a caret under it.

    Attributes:
        problem: What is wrong, in one line without the place.
        line: Line of the text, from 1.
        column: Column of that line in characters, from 1.
        expected: What could have stood there, in plain words.
    """

    def __init__(
        self,
        problem: str,
        *,
        text: str,
        line: int,
        column: int,
        expected: tuple[str, ...] = (),
        hint: str = "Mend the formula at the caret.",
    ) -> None:
        self.problem = problem
        self.line = line
        self.column = column
        self.expected = expected
        super().__init__(self._message(text), hint=hint)

    def _message(self, text: str) -> str:
        # No further than its line: some read what they can of a long text and raise many of these.
        lines = text.split("\n", self.line)
        shown = lines[self.line - 1] if self.line <= len(lines) else ""
        # Of a long line the part around the caret is shown.
        start = max(0, self.column - 1 - _CARET_CONTEXT)
        part = shown[start : start + 2 * _CARET_CONTEXT].replace("\t", " ")
        caret = " " * (self.column - 1 - start) + "^"
        wanted = f"; expected {_alternatives(self.expected)}" if self.expected else ""
        return (
            f"line {self.line}, column {self.column}: {self.problem}{wanted}\n  {part}\n  {caret}"
        )


_CARET_CONTEXT = 60


def _alternatives(words: tuple[str, ...]) -> str:
    if len(words) == 1:
        return words[0]
    return ", ".join(words[:-1]) + f" or {words[-1]}"


class SortError(InputError):
    """A formula puts something where another sort belongs."""


class FormulationError(InputError):
    """The parts of an optimization model do not fit together."""


class InexpressibleError(InputError):
    """A dialect has no way to say what it is asked to print."""


class EngineError(NeurosymError):
    """The language model could not be run, or gave no completion."""


class ContextOverflowError(EngineError):
    """The prompt and the room asked for the answer do not fit the model's context window."""


class EngineMemoryError(EngineError):
    """There is not enough memory for the model's weights or its context."""


class UnavailableError(EngineError):
    """Whatever runs the model did not answer. The same request may succeed later.

    Attributes:
        after: Seconds after which it asks to be asked again; ``None`` if it does not say.
    """

    after: float | None = None


class EngineDeadError(UnavailableError):
    """What ran the model has ended by itself: a request can succeed with a new engine alone."""


class UnrecordedError(EngineError):
    """A record that is replayed does not hold what is asked for."""


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


class DisagreementError(BackendError):
    """Two backends contradict each other on one formal object: no answer may rest on it."""


class IsolationError(BackendError):
    """Model output would have to run without any isolation, and nobody allowed that."""


class RecordError(NeurosymError):
    """A record of samples cannot be opened, read or written."""


class RunLogError(NeurosymError):
    """A run directory cannot be written, read, or continued."""
