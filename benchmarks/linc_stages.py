"""Where the time of deciding LINC's samples goes, stage by stage on one core."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from benchmarks.theories import read_items
from neurosym.backends.base import Limits
from neurosym.backends.z3.decide import decide
from neurosym.backends.z3.explain import evidence_of
from neurosym.backends.z3.lowering import lower
from neurosym.backends.z3.process import Z3Process
from neurosym.candidate import Outcome
from neurosym.checks.logic import run_logic_checks
from neurosym.errors import FormulaError
from neurosym.formal.fol.dialects.lenient import read_leniently
from neurosym.formal.fol.dialects.nltk import NLTK_NOTATION
from neurosym.problem import Kind, Problem
from neurosym.translators.base import Malformed
from neurosym.translators.fol import read_pairs

__all__ = ["time_stages"]

T = TypeVar("T")


class _Clock:
    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    def run(self, name: str, work: Callable[[], T]) -> T:
        """Do some work and note how long it takes."""
        begin = time.perf_counter()
        found = work()
        self.seconds[name] = time.perf_counter() - begin
        return found


def time_stages(path: str) -> dict[str, Any]:
    """Seconds of each stage, all samples through one stage before the next begins.

    Mending is what is left of reading once every formula has been parsed and is remembered.
    """
    texts = [text for item in read_items(Path(path)) for text in item.extra["samples"]]
    problem = Problem("-", "?", Kind.LOGIC)
    clock = _Clock()
    clock.run("parsing", lambda: _parse(texts))
    read = clock.run("mending", lambda: [read_pairs(text) for text in texts])
    theories = [theory for theory in read if not isinstance(theory, Malformed)]
    scripts = clock.run("lowering", lambda: [lower(theory) for theory in theories])
    digests = clock.run("digests", lambda: [script.digest for script in scripts])
    distinct = dict(zip(digests, scripts, strict=True))
    process = Z3Process(Limits().memory_bytes)
    seconds = Limits().seconds
    findings = clock.run(
        "Z3",
        lambda: {name: decide(process, script, (), seconds) for name, script in distinct.items()},
    )
    process.kill()
    outcomes = clock.run(
        "evidence",
        lambda: [
            Outcome(findings[name].status, None, evidence_of(theory, script, findings[name]))
            for theory, script, name in zip(theories, scripts, digests, strict=True)
        ],
    )
    clock.run(
        "checks",
        lambda: [
            run_logic_checks(problem, theory, outcome)
            for theory, outcome in zip(theories, outcomes, strict=True)
        ],
    )
    return {"seconds": clock.seconds, "theories": len(theories), "scripts for Z3": len(distinct)}


def _parse(texts: list[str]) -> None:
    for text in texts:
        lines = [line.strip() for line in text.split("\n")]
        with contextlib.suppress(FormulaError):  # one of them ends the reading of its sample
            for line in lines:
                if line.startswith("FOL:"):
                    read_leniently(NLTK_NOTATION, line.removeprefix("FOL:").strip())
