"""``neurosym prove``: theories that people bring."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from neurosym.backends.base import Limits
from neurosym.backends.provers import ProverName, make_prover
from neurosym.candidate import Outcome
from neurosym.cli.exits import Exit
from neurosym.errors import FormulaError, InputError
from neurosym.formal.fol.dialects.registry import DialectName, claim_form, read_theory
from neurosym.formal.fol.theory import Theory

if TYPE_CHECKING:
    from neurosym.backends.z3.solutions import Solutions

__all__ = ["read_text", "run_prove"]

_MAX_BYTES = 10 * 2**20


def read_text(argument: str) -> str:
    """The text of a file, or of standard input for ``-``.

    Raises:
        InputError: It cannot be read, is no text, or is too long.
    """
    try:
        data = sys.stdin.buffer.read(_MAX_BYTES + 1) if argument == "-" else _read_file(argument)
        text = data.decode("utf-8-sig")
    except OSError as error:
        raise InputError(
            f"{argument} cannot be read: {error.strerror}", hint="Name a readable file, or -."
        ) from error
    except UnicodeDecodeError as error:
        raise InputError(f"{argument} is not UTF-8 text", hint="Give a text file.") from error
    if len(data) > _MAX_BYTES:
        raise InputError(f"{argument} is longer than {_MAX_BYTES} bytes", hint="Shorten it.")
    if not text.strip():
        raise InputError(f"{argument} is empty", hint="Name a file that holds something.")
    return text


def _read_file(name: str) -> bytes:
    with Path(name).open("rb") as file:
        return file.read(_MAX_BYTES + 1)


def run_prove(
    argument: str,
    *,
    dialect: DialectName | None,
    prover: ProverName,
    tolerant: bool,
    seconds: float,
    solutions: int,
    as_json: bool,
) -> Exit:
    """Decide a theory and print what was found.

    Raises:
        InputError: The theory cannot be read, or there is nothing to decide.
        BackendError: A prover broke, or two disagree.
    """
    theory, found = read_theory(read_text(argument), dialect, file_name=argument, tolerant=tolerant)
    if theory.claim is None and not theory.options and not solutions:
        raise FormulaError(
            "there is neither a claim nor options", text=theory.source,
            line=1, column=1,
            hint=f"Give a conclusion: {claim_form(found)}. Or ask for solutions with --all.",
        )  # fmt: skip
    limits = Limits(seconds=seconds)
    if solutions:
        return _list(theory, limits, solutions, as_json=as_json)
    outcome = asyncio.run(_decide(theory, prover, limits))
    if as_json:
        print(json.dumps(_to_json(theory, found, outcome)))
    else:
        from neurosym.cli.render_logic import print_outcome

        print_outcome(theory, outcome, read_as="" if dialect else found)
    return Exit.ABSTAINED if outcome.answer is None else Exit.ANSWERED


async def _decide(theory: Theory, prover: ProverName, limits: Limits) -> Outcome:
    backend = make_prover(prover)
    try:
        return await backend.run(theory, limits)
    finally:
        await backend.aclose()


def _list(theory: Theory, limits: Limits, most: int, *, as_json: bool) -> Exit:
    from neurosym.backends.z3.backend import Z3Backend

    async def find() -> Solutions:
        backend = Z3Backend(workers=1)
        try:
            return await backend.solutions(theory, limits, most)
        finally:
            await backend.aclose()

    found = asyncio.run(find())
    if as_json:
        print(
            json.dumps(
                {
                    "solutions": list(found.worlds),
                    "complete": found.complete,
                    "not listed": list(found.untold),
                }
            )
        )
    else:
        from neurosym.cli.render_logic import print_solutions

        print_solutions(found)
    return Exit.ANSWERED if found.worlds or found.complete else Exit.ABSTAINED


def _to_json(theory: Theory, dialect: DialectName, outcome: Outcome) -> dict[str, Any]:
    return {
        "status": outcome.status,
        "answer": outcome.answer,
        "dialect": dialect,
        "repairs": [{"kind": item.kind, "detail": item.detail} for item in theory.repairs],
        **outcome.evidence,
        "seconds": outcome.seconds,
    }
