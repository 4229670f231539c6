"""``neurosym solve --lean FILE``: the answer as a theorem, with a proof if there is a Lean."""

from __future__ import annotations

import asyncio
import sys
from contextlib import aclosing
from pathlib import Path

from neurosym.backends.lean.backend import LeanBackend
from neurosym.backends.lean.certificates import THEORY_PROOFS, certificate_of_theory, first_proof
from neurosym.backends.lean.settings import LeanSettings
from neurosym.cli.arguments import write_text
from neurosym.errors import BackendError, InexpressibleError
from neurosym.formal.fol.theory import Theory
from neurosym.formal.lean.arithmetic import ARITHMETIC_PROOFS, certificate
from neurosym.formal.lean.theorem import Theorem
from neurosym.formal.program import Program
from neurosym.solution import Solution

__all__ = ["write_certificate"]


def write_certificate(solution: Solution, path: Path, *, unsafe: bool = False) -> None:
    """Write the theorem that an answer rests on; what it lacks is said on standard error.

    Args:
        solution: The answer; for an abstention nothing is written.
        path: The file.
        unsafe: Whether to run Lean even where it cannot be isolated.

    Raises:
        InputError: The file cannot be written.
    """
    try:
        stated = _stated(solution)
    except InexpressibleError as error:
        print(f"no theorem is written: {error}", file=sys.stderr)
        return
    if stated is None:
        print("no theorem is written: there is no answer that one could state", file=sys.stderr)
        return
    theorem, proofs = stated
    text, told = theorem.text, ""
    try:
        proved = asyncio.run(_proved(theorem, proofs, unsafe=unsafe))
        if proved is None:
            told = "none of the proofs that are known was accepted"
        else:
            text = proved
    except BackendError as error:
        told = str(error)
    write_text(path, text, "--lean")
    if told:
        print(
            f"{path} states the answer without a proof, and ends in sorry: {told}", file=sys.stderr
        )
    else:
        print(f"{path} states the answer, and Lean accepts its proof", file=sys.stderr)


def _stated(solution: Solution) -> tuple[Theorem, tuple[str, ...]] | None:
    """The theorem, and proofs that it may have."""
    chosen = solution.candidate
    if chosen is None or solution.abstention is not None:
        return None
    formal = chosen.formalization
    if isinstance(formal, Program):
        return certificate(formal, chosen.answer), ARITHMETIC_PROOFS
    if isinstance(formal, Theory):
        return certificate_of_theory(formal, chosen.verdict.outcome), THEORY_PROOFS
    return None


async def _proved(theorem: Theorem, proofs: tuple[str, ...], *, unsafe: bool) -> str | None:
    """The file with the first proof that Lean accepts."""
    settings = LeanSettings()
    async with aclosing(LeanBackend(settings.files(unsafe=unsafe), settings.axioms)) as backend:
        found = await first_proof(theorem, proofs, backend, settings.limits)
    return None if found is None else found[0].source
