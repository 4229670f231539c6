"""All solutions of a finite theory, one after the other."""

from __future__ import annotations

import time
from dataclasses import dataclass
from itertools import product

from neurosym.backends.z3.decide import values_of
from neurosym.backends.z3.lowering import Script
from neurosym.backends.z3.process import Z3Process

__all__ = ["Solutions", "find_solutions"]

_MAX_TERMS = 2000


@dataclass(frozen=True, slots=True)
class Solutions:
    """Worlds in which the premises hold.

    Attributes:
        worlds: Of each, the value of every symbol for every argument that is listed, by the term in
            renamed names.
        complete: Whether there are no more. They differ in what is listed here; in what is not,
            such as the values of functions of all whole numbers, there may be more.
    """

    worlds: tuple[dict[str, str], ...]
    complete: bool


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
    terms = _terms(script)
    worlds: list[dict[str, str]] = []
    while len(worlds) < most:
        left = deadline - time.monotonic()
        if left <= 0:
            return Solutions(tuple(worlds), complete=False)
        answer = process.ask(f"{text}\n(check-sat)", left)
        if answer != "sat":
            return Solutions(tuple(worlds), complete=answer == "unsat")
        if not terms:
            return Solutions(({},), complete=True)
        found = values_of(process.ask(f"(get-value ({' '.join(terms)}))", left), terms)
        worlds.append(dict(zip(terms, found, strict=True)))
        same = " ".join(f"(= {term} {value})" for term, value in worlds[-1].items())
        text = f"(assert (not (and true {same})))"
    left = max(0.01, deadline - time.monotonic())
    return Solutions(tuple(worlds), complete=process.ask(f"{text}\n(check-sat)", left) == "unsat")


def _terms(script: Script) -> list[str]:
    """Ground terms that a solution gives values, over arguments that are listed."""
    terms = []
    opened = script.open_sorts
    for name, kind in {**script.functions, **script.predicates}.items():
        if kind.result in opened or not all(sort in script.domains for sort in kind.args):
            continue
        for args in product(*(script.domains[sort] for sort in kind.args)):
            terms.append(f"({name} {' '.join(args)})" if args else name)
            if len(terms) > _MAX_TERMS:
                return terms
    return terms
