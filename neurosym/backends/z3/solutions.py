"""All solutions of a finite theory, one after the other."""

from __future__ import annotations

import time
from dataclasses import dataclass

from neurosym.backends.z3.decide import values_of
from neurosym.backends.z3.lowering import Script
from neurosym.backends.z3.process import Z3Process
from neurosym.backends.z3.tables import tables_of

__all__ = ["Solutions", "find_solutions"]

_MAX_TERMS = 2000


@dataclass(frozen=True, slots=True)
class Solutions:
    """Worlds in which the premises hold.

    Attributes:
        worlds: Of each, the value of every symbol for every argument that is listed, by the term in
            renamed names.
        complete: Whether there are no more.
        untold: Symbols whose values are not listed, such as functions of all whole numbers. Worlds
            that differ in these only count as one, so where there are such symbols and a world
            there may be more.
    """

    worlds: tuple[dict[str, str], ...]
    complete: bool
    untold: tuple[str, ...] = ()


def find_solutions(process: Z3Process, script: Script, most: int, seconds: float) -> Solutions:
    """List solutions.

    Args:
        process: A running Z3.
        script: The theory, whose premises have to hold.
        most: Solutions to stop at.
        seconds: Wall time for all of them.

    Raises:
        Z3Timeout: Z3 had to be killed.
        BackendError: Z3 does not understand the script.
    """
    deadline = time.monotonic() + seconds
    premises = [f"(assert {formula})" for formula in script.premises]
    text = "\n".join(["(reset)", *script.declarations, *premises])
    tables = tables_of(script, {}, _MAX_TERMS)
    terms = tables.terms
    worlds: list[dict[str, str]] = []

    def result(*, no_other: bool) -> Solutions:
        complete = no_other and not (worlds and tables.untold)
        return Solutions(tuple(worlds), complete, tables.untold)

    while len(worlds) < most:
        left = deadline - time.monotonic()
        if left <= 0:
            return result(no_other=False)
        answer = process.ask(f"{text}\n(check-sat)", left)
        if answer != "sat":
            return result(no_other=answer == "unsat")
        if not terms:
            worlds.append({})
            return result(no_other=True)
        found = values_of(process.ask(f"(get-value ({' '.join(terms)}))", left), terms)
        worlds.append(dict(zip(terms, found, strict=True)))
        same = " ".join(f"(= {term} {value})" for term, value in worlds[-1].items())
        text = f"(assert (not (and true {same})))"
    left = max(0.01, deadline - time.monotonic())
    return result(no_other=process.ask(f"{text}\n(check-sat)", left) == "unsat")
