"""What an argument names: a file that is read or written, or something said in plain words."""

from __future__ import annotations

from pathlib import Path

from neurosym.errors import InputError
from neurosym.formal.fol.dialects.registry import find_dialect
from neurosym.formal.optimization.formats.registry import MODEL_SUFFIXES

__all__ = ["is_file", "is_folder", "names_file", "write_text"]

_SUFFIXES = MODEL_SUFFIXES | {".json", ".jsonl", ".txt", ".md", ".csv", ".lean"}
"""What the names of files that are read here end with, besides those of theories."""


def is_file(argument: str) -> bool:
    """Whether there is a file of that name."""
    try:
        return Path(argument).is_file()
    except (OSError, ValueError):  # a question can be too long for a path, or hold a NUL
        return False


def is_folder(argument: str) -> bool:
    """Whether there is a folder of that name."""
    try:
        return argument != "" and Path(argument).is_dir()
    except (OSError, ValueError):
        return False


def names_file(argument: str) -> bool:
    """Whether an argument can only be meant as a file, there or not.

    That is one word with a slash, or one with a suffix that files here have; of several words,
    such as "my proof.lean", only one with such a suffix and without an end of a sentence.
    """
    suffix = Path(argument).suffix.lower() if len(argument) < _LONGEST else ""
    known = suffix in _SUFFIXES or (suffix != "" and find_dialect("", argument) is not None)
    if len(argument.split()) != 1:
        return known and len(argument.split()) <= _FEW_WORDS
    return known or ("/" in argument and any(map(str.isalpha, argument)))


_LONGEST = 256
"""Characters of the longest name of a file."""
_FEW_WORDS = 4
"""Words that the name of a file has at most, if it has spaces."""


def write_text(path: Path, text: str, option: str) -> None:
    """Write a file that an option names.

    Raises:
        InputError: It cannot be written.
    """
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(
            f"{path} cannot be written: {error.strerror}", hint=f"Name another file with {option}."
        ) from error
