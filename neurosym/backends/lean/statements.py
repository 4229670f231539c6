"""What a statement is worth before anybody tries to prove it.

Most of what language models state wrongly does not elaborate (Poiroux et al. 2024,
arXiv:2406.07222, who keep what does). What does may still be another statement than was meant, and
some such slips show by what can be proved at once: that nothing fulfils what it assumes, that it
only repeats that, or that it is false.
"""

from __future__ import annotations

import json
import time
from dataclasses import asdict, dataclass, replace
from enum import StrEnum

from neurosym.backends.base import Limits
from neurosym.backends.lean.elaboration import Elaboration, Elaborator, Ending
from neurosym.backends.lean.messages import SORRY, Message
from neurosym.candidate import Outcome
from neurosym.errors import FormulaError
from neurosym.formal.lean.probes import ProbeFile, statement_probe, strict, without_conclusion
from neurosym.formal.lean.statement import STATED, Statement, read_statement
from neurosym.formal.lean.theorem import Theorem
from neurosym.status import Status

__all__ = [
    "PORTFOLIO",
    "PROBE_SECONDS",
    "Portfolio",
    "Probe",
    "Probed",
    "StatementBackend",
    "is_missing",
    "is_proved",
    "probes_of",
]

PROBE_SECONDS = 10.0
"""Wall time of one probe; what takes longer is nothing that can be seen at once."""
_ALL_PROBES_SECONDS = 90.0
"""Wall time after which no further probe of one statement is begun."""
_MISSING = "unknown tactic"
"""What Lean says of a word that no tactic begins with."""


class Probe(StrEnum):
    """What is tried to be proved of a statement, in this order."""

    VACUITY = "vacuity"
    """What it assumes is contradictory."""
    EMPTINESS = "emptiness"
    """It states ``True``, or what it assumes."""
    TRIVIALITY = "triviality"
    """It can be proved at once."""
    NEGATION = "negation"
    """It is false."""


def _closing(*tactics: str) -> tuple[str, ...]:
    return tuple(f"by\n  intros\n  {tactic}" for tactic in tactics)


def _counterexamples(*places: str) -> str:
    tried = "\n".join(f"  | exact absurd (h {place}) (by decide)" for place in places)
    return f"by\n  intro h\n  first\n{tried}"


@dataclass(frozen=True, slots=True)
class Portfolio:
    """The proofs that are tried, each in a file of its own, up to the first that holds.

    A word that no tactic begins with is an error of syntax in Lean, so each proof uses one tactic
    that a Lean may lack. It is then passed over.

    Attributes:
        contradicting: Proofs that what is assumed is contradictory: of ``∀ …, False``.
        empty: Proofs of a statement that says nothing.
        closing: Proofs of one that is easy.
        refuting: Proofs of its negation, ``Not (∀ …, …)``.
    """

    contradicting: tuple[str, ...]
    empty: tuple[str, ...]
    closing: tuple[str, ...]
    refuting: tuple[str, ...]

    def of(self, probe: Probe) -> tuple[str, ...]:
        """The proofs for a probe."""
        return {
            Probe.VACUITY: self.contradicting,
            Probe.EMPTINESS: self.empty,
            Probe.TRIVIALITY: self.closing,
            Probe.NEGATION: self.refuting,
        }[probe]


PORTFOLIO = Portfolio(
    contradicting=_closing("contradiction", "simp_all", "omega", "grind"),
    empty=_closing("first | exact True.intro | assumption"),
    closing=("by decide", *_closing("rfl", "simp_all", "omega", "grind", "norm_num")),
    refuting=(
        "by decide",
        "by simp",
        "by omega",
        _counterexamples("0", "1", "2", "3", "(-1)", "0 0", "0 1", "1 0", "1 2", "2 1"),
        "by grind",
    ),
)
"""Tactics of Lean itself, ``grind`` of newer ones, and ``norm_num`` of Mathlib."""


@dataclass(frozen=True, slots=True)
class Probed:
    """What came of a probe.

    Attributes:
        proof: The proof that holds; ``None`` if none does.
        tried: Proofs that Lean came to a word on.
        missing: Proofs with a tactic that this Lean has not.
        unfinished: Proofs that took too much time or memory, or were not begun for lack of time.
    """

    proof: str | None = None
    tried: int = 0
    missing: int = 0
    unfinished: int = 0


class StatementBackend:
    """Elaborates statements, and tries to show that they are not worth a proof.

    See :class:`neurosym.backends.base.Backend`. The outcome's answer is the statement under the
    name that all get, as a file; its evidence has:

    - ``probes``: what came of each probe that was made, for :func:`probes_of`;
    - ``error``: what Lean says where it does not elaborate, or why it has no answer.

    It is ``REFUTED``, and has no answer, if its negation is proved.

    Args:
        lean: What elaborates the files; closed with this. What imports much wants one that keeps
            its imports, such as a ``LeanPool``.
        portfolio: The proofs that are tried.
        seconds: Wall time after which no further probe of a statement is begun.
    """

    def __init__(
        self,
        lean: Elaborator,
        portfolio: Portfolio = PORTFOLIO,
        *,
        seconds: float = _ALL_PROBES_SECONDS,
    ) -> None:
        self._lean = lean
        self._portfolio = portfolio
        self._seconds = seconds
        # By header, what its Lean has no tactic for.
        self._missing: set[tuple[tuple[str, ...], str]] = set()

    async def run(self, formalization: Statement, limits: Limits) -> Outcome:
        """Elaborate a statement, and probe it.

        Raises:
            BackendError: Lean cannot be run.
            IsolationError: It cannot be isolated, and was to be.
        """
        begun = time.monotonic()
        try:
            # One that was put together otherwise could hold what forges Lean's words.
            statement = read_statement(formalization.source)
        except FormulaError as error:
            return Outcome(Status.MALFORMED, evidence={"error": str(error)})
        theorem = statement.theorem.renamed(STATED)
        found = await self._lean.elaborate(strict(theorem).statement_only, limits)
        if found.ending is not Ending.FINISHED or found.errors:
            return _rejected(theorem, found)
        probed = await self._probe_all(theorem, limits)
        evidence = {"probes": json.dumps({name: asdict(item) for name, item in probed.items()})}
        status = Status.SOLVED
        answer: str | None = statement.text
        if (negation := probed.get(Probe.NEGATION)) is not None and negation.proof is not None:
            evidence["error"] = f"its negation is proved: {negation.proof}"
            status, answer = Status.REFUTED, None
        seconds = time.monotonic() - begun
        return Outcome(status, answer, evidence, seconds, found.memory_bytes)

    async def _probe_all(self, theorem: Theorem, limits: Limits) -> dict[Probe, Probed]:
        """The probes up to the first that succeeds: nothing that it leaves open matters then."""
        limits = replace(limits, seconds=min(limits.seconds, PROBE_SECONDS))
        end = time.monotonic() + self._seconds
        found: dict[Probe, Probed] = {}
        for probe in Probe:
            stated: Theorem | None = theorem
            if probe is Probe.VACUITY:
                stated = without_conclusion(theorem)
            if stated is None:
                continue
            goal = "Not ({})" if probe is Probe.NEGATION else "{}"
            found[probe] = await self._probe(stated, goal, self._portfolio.of(probe), limits, end)
            if found[probe].proof is not None:
                break
        return found

    async def _probe(
        self, theorem: Theorem, goal: str, proofs: tuple[str, ...], limits: Limits, end: float
    ) -> Probed:
        tried = missing = unfinished = 0
        for proof in proofs:
            key = (theorem.header, proof)
            if key in self._missing:
                missing += 1
                continue
            if time.monotonic() >= end:
                unfinished += 1
                continue
            file = statement_probe(theorem, goal, proof)
            found = await self._lean.elaborate(file.text, limits)
            if found.ending is not Ending.FINISHED:
                unfinished += 1
            elif is_missing(file, found):
                self._missing.add(key)
                missing += 1
            else:
                tried += 1
                if is_proved(file, found):
                    return Probed(proof, tried, missing, unfinished)
        return Probed(None, tried, missing, unfinished)

    async def aclose(self) -> None:
        """Stop every process. Safe to call twice."""
        await self._lean.aclose()


def is_proved(file: ProbeFile, found: Elaboration) -> bool:
    """Whether the proof of a probe holds, as far as Lean says."""
    if found.ending is not Ending.FINISHED or found.errors:
        return False
    return not any(item.kind == SORRY for item in _behind(file, found))


def is_missing(file: ProbeFile, found: Elaboration) -> bool:
    """Whether the proof of a probe uses a tactic that this Lean has not."""
    return any(item.text == _MISSING for item in _behind(file, found))


def _behind(file: ProbeFile, found: Elaboration) -> list[Message]:
    """What Lean says of the proof itself."""
    return [item for item in found.messages if item.start and item.start.line >= file.line]


def probes_of(outcome: Outcome) -> dict[Probe, Probed]:
    """What came of the probes of a statement; of those that were not made there is nothing."""
    found = json.loads(outcome.evidence.get("probes", "{}"))
    return {Probe(name): Probed(**item) for name, item in found.items()}


_ENDINGS = {
    Ending.FINISHED: Status.MALFORMED,
    Ending.TIMEOUT: Status.TIMEOUT,
    Ending.OUT_OF_MEMORY: Status.OUT_OF_MEMORY,
    Ending.CRASHED: Status.FAILED,
}
"""What a statement is of which Lean says an error, or nothing to the end."""


def _rejected(theorem: Theorem, found: Elaboration) -> Outcome:
    """The outcome of a statement that does not elaborate."""
    error = found.detail or _told(theorem, found.errors[0])
    evidence = {"error": error}
    return Outcome(_ENDINGS[found.ending], None, evidence, found.seconds, found.memory_bytes)


def _told(theorem: Theorem, error: Message) -> str:
    """An error with the line it is about, which has another number for whoever wrote that."""
    if error.start is None:
        return error.text
    lines = strict(theorem).statement_only.split("\n")[error.start.line - 1 :]
    return "\n".join([error.text, *(f"at: {line.strip()}" for line in lines[:1])])
