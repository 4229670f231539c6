"""Optimization models in files, those that a program builds among them."""

from __future__ import annotations

import asyncio
import sys

from neurosym.backends.base import Limits
from neurosym.cli.prove import read_text
from neurosym.errors import InputError
from neurosym.formal.optimization.formats.registry import (
    ModelFormat,
    format_of_file,
    read_model_file,
)
from neurosym.formal.optimization.model import Model
from neurosym.formal.program import Program

__all__ = ["model_in", "read_model_argument"]

_LIMITS = Limits(seconds=60.0, cpu_seconds=60, memory_bytes=2**30)
"""What a program may use to build its model."""


def read_model_argument(
    argument: str, model_format: ModelFormat | None = None, *, unsafe: bool = False
) -> Model:
    """The model in a file, or on standard input for ``-``; see :func:`model_in`.

    Raises:
        InputError: It cannot be read.
        BackendError: The sandbox cannot be used for a program.
    """
    return model_in(read_text(argument), model_format, file_name=argument, unsafe=unsafe)


def model_in(
    text: str, model_format: ModelFormat | None = None, *, file_name: str, unsafe: bool = False
) -> Model:
    """The model that a text says, or that the PuLP program in it builds, run in the sandbox.

    Args:
        text: The model or program.
        model_format: Its format; ``None`` finds it.
        file_name: Name of the file it is from.
        unsafe: Whether to run a program even if this machine cannot isolate it.

    Raises:
        InputError: It follows no format, or builds no model.
        BackendError: The sandbox cannot be used for a program.
    """
    if (model_format or format_of_file(file_name)) is not ModelFormat.PULP:
        return read_model_file(text, model_format, file_name=file_name)
    print("a program is run in the sandbox for the model that it builds", file=sys.stderr)
    return asyncio.run(_built(text, unsafe=unsafe))


async def _built(source: str, *, unsafe: bool) -> Model:
    from neurosym.backends.optimization.capture import build_model
    from neurosym.backends.pool import Pool
    from neurosym.translators.pulp_program import PULP_ENTRY

    pool = Pool(workers=1, unsafe=unsafe)
    try:
        found = await build_model(Program(source, PULP_ENTRY), pool, _LIMITS)
    finally:
        await pool.aclose()
    if isinstance(found, Model):
        return found
    raise InputError(
        f"the program builds no model: {found.evidence.get('error', found.status.value)}",
        hint="Build an LpProblem of PuLP. There are no files and no network; put the data into it.",
    )
