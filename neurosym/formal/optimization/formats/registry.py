"""The formats of models by name: which can be printed, which can be read, which a file is in."""

from __future__ import annotations

import json
from enum import StrEnum
from importlib import import_module
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from neurosym.errors import OptionError

# The command line takes the names from here, and needs no format for its help.
if TYPE_CHECKING:
    from neurosym.formal.optimization.model import Model

__all__ = [
    "MODEL_SUFFIXES",
    "ModelFormat",
    "format_of_file",
    "holds_json_model",
    "print_model_as",
    "read_model_file",
]


class ModelFormat(StrEnum):
    """The formats of models. Each is described in its module."""

    MODEL = "model"
    """The modelling language."""
    JSON = "json"
    """The five elements of LLMOPT as data."""
    LP = "lp"
    """The LP format of CPLEX."""
    MPS = "mps"
    PULP = "pulp"
    """A Python program, which is run in the sandbox for the model that it builds."""
    LATEX = "latex"
    """For a paper, printed only."""
    WORDS = "words"
    """Tables in plain words, printed only."""


_FORMATS = "neurosym.formal.optimization.formats"
_LANGUAGE = "neurosym.formal.optimization.language"
_PRINTERS = {
    ModelFormat.MODEL: (f"{_LANGUAGE}.printer", "print_model"),
    ModelFormat.LP: (f"{_FORMATS}.lp", "print_lp"),
    ModelFormat.MPS: (f"{_FORMATS}.mps", "print_mps"),
    ModelFormat.PULP: (f"{_FORMATS}.pulp", "print_pulp"),
    ModelFormat.LATEX: (f"{_FORMATS}.latex", "print_latex"),
    ModelFormat.WORDS: (f"{_FORMATS}.words", "print_words"),
}
_READERS = {
    ModelFormat.MODEL: (f"{_LANGUAGE}.reader", "read_model"),
    ModelFormat.LP: (f"{_FORMATS}.lp", "read_lp"),
    ModelFormat.MPS: (f"{_FORMATS}.mps", "read_mps"),
}
_SUFFIXES = {
    ".json": ModelFormat.JSON,
    ".lp": ModelFormat.LP,
    ".mps": ModelFormat.MPS,
    ".py": ModelFormat.PULP,
    ".tex": ModelFormat.LATEX,
}
_ELEMENTS = frozenset({"variables", "objective", "constraints"})
"""What a model in JSON has, and a problem has not."""


MODEL_SUFFIXES = frozenset({".opt", ".lp", ".mps", ".py"})
"""Files of these are models and nothing else; one of JSON may hold anything."""


def _named(home: tuple[str, str]) -> Any:
    module, attribute = home
    return getattr(import_module(module), attribute)


def print_model_as(model: Model, model_format: ModelFormat) -> str:
    """A model in a format.

    Raises:
        InexpressibleError: The format cannot say it.
        FormulationError: The format needs the model written out, and it does not hold together.
    """
    if model_format is ModelFormat.JSON:
        from neurosym.formal.optimization.formats.data import model_to_json

        return json.dumps(model_to_json(model), indent=2, ensure_ascii=False) + "\n"
    text: str = _named(_PRINTERS[model_format])(model)
    return text


def format_of_file(file_name: str) -> ModelFormat:
    """The format of a file of this name or suffix; the modelling language if nothing tells."""
    suffix = PurePath(file_name).suffix or file_name
    return _SUFFIXES.get(suffix.lower(), ModelFormat.MODEL)


def holds_json_model(text: str) -> bool:
    """Whether JSON text is meant as a model, and not as problems, one object a line.

    What is broken as a whole and in its first line is, since errors name its place.
    """
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return not _is_json(text.lstrip().split("\n", 1)[0])
    return isinstance(data, dict) and "question" not in data and not _ELEMENTS.isdisjoint(data)


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def read_model_file(
    text: str, model_format: ModelFormat | None = None, *, file_name: str = ""
) -> Model:
    """Read a model in the format named, or in the one that its file's name tells.

    Args:
        text: The model.
        model_format: Its format; ``None`` finds it.
        file_name: Name of the file it is from, or its suffix.

    Raises:
        OptionError: The format is printed only.
        InputError: The text does not follow its format.
    """
    found = model_format or format_of_file(file_name)
    if found is ModelFormat.JSON:
        return _read_json(text)
    if found not in _READERS:
        readable = ", ".join([*_READERS, ModelFormat.JSON])
        raise OptionError(
            f"models in the format {found} can be printed but not read",
            hint=f"Give the model as one of {readable}.",
        )
    model: Model = _named(_READERS[found])(text)
    return model


def _read_json(text: str) -> Model:
    from neurosym.formal.optimization.formats.data import model_from_json
    from neurosym.formal.optimization.formats.places import read_json

    return model_from_json(read_json(text))
