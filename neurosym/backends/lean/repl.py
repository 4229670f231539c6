"""Lean through the community's REPL (leanprover-community/repl): files, and proofs by tactics.

The REPL keeps every environment and every state of a proof that it has told of, so a header is
imported once for many files, and a proof can be gone on from any of its states. Its word is good
for search and for feedback, not for a verdict (:mod:`neurosym.backends.lean.verdict`).
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, replace

from neurosym.backends.base import Limits
from neurosym.backends.lean.elaboration import LEAN_LIMITS, Elaboration, Ending
from neurosym.backends.lean.messages import Message, Position, Severity
from neurosym.backends.lean.repl_messages import CommandAnswer, Refusal, goals_left
from neurosym.backends.lean.repl_process import Broken, ReplPool, ReplProcess
from neurosym.backends.lean.replay import Point, ReplayProver, Tactics, Walk
from neurosym.backends.lean.step_prover import tactic_proof
from neurosym.backends.lean.tactics import TacticFailure
from neurosym.errors import BackendError, FormulaError
from neurosym.formal.lean.policy import Rule, objections
from neurosym.formal.lean.source import read_source
from neurosym.formal.lean.theorem import Theorem

__all__ = ["LeanFile", "ReplElaborator", "ReplProver", "elaboration_of", "split_file"]

_PRINTED = re.compile(r"[^\n]")
_OPEN = "by sorry"


@dataclass(frozen=True, slots=True)
class LeanFile:
    """A file as a REPL wants it.

    Attributes:
        header: Its header, up to the last line that imports something.
        rest: The whole file with blanks in place of the header, so that whatever is said of it is
            said at its own lines and columns.
        runs_code: Whether it may run code of its own.
    """

    header: str
    rest: str
    runs_code: bool


def split_file(text: str) -> LeanFile:
    """Part a file into its header and the rest."""
    source = read_source(text)
    end = source.header[-1].span.end if source.header else 0
    header = text[:end]
    imports = [line.imported for line in source.header]
    runs_code = any(item.rule is Rule.COMMANDS for item in objections(source, imports))
    return LeanFile(header, _PRINTED.sub(" ", header) + text[end:], runs_code)


def elaboration_of(answer: CommandAnswer | Refusal, seconds: float) -> Elaboration:
    """What a REPL said of a file.

    Args:
        answer: Its answer.
        seconds: Wall time.
    """
    if isinstance(answer, Refusal):
        messages: tuple[Message, ...] = (Message(Severity.ERROR, answer.message),)
    else:
        messages = answer.messages
    return Elaboration(Ending.FINISHED, messages, "", seconds)


class ReplElaborator:
    """Elaborates files; see :class:`neurosym.backends.lean.elaboration.Elaborator`.

    No file gets a process after one that may run code of its own. Safe to use from several threads
    and event loops.

    Args:
        pool: The processes, which others may use as well; closed with this.
    """

    def __init__(self, pool: ReplPool) -> None:
        self._pool = pool

    async def elaborate(self, text: str, limits: Limits = LEAN_LIMITS) -> Elaboration:
        """Elaborate a file.

        Args:
            text: The whole file.
            limits: What it may use; ``memory_bytes`` is what the process may take, which also holds
                its header and other files, and the time does not include what its header takes.

        Returns:
            What Lean says. Its peak memory is told only of a process that died.

        Raises:
            BackendError: The REPL cannot be started, or this is closed.
            IsolationError: No isolation is available and ``unsafe`` was not given.
        """
        file = split_file(text)

        def job(process: ReplProcess) -> Elaboration | Broken:
            process.spoilt |= file.runs_code
            begun = time.monotonic()
            answer = process.command(file.rest, limits.seconds)
            seconds = time.monotonic() - begun
            if not isinstance(answer, Broken):
                return elaboration_of(answer, seconds)
            return replace(answer, seconds=seconds)

        found = await self._pool.use(file.header, limits, job)
        if isinstance(found, Elaboration):
            return found
        return Elaboration(found.ending, (), found.detail, found.seconds, found.memory_bytes)

    async def aclose(self) -> None:
        """Stop every process. Safe to call twice."""
        await self._pool.aclose()

    def close(self) -> None:
        """:meth:`aclose` for callers without an event loop."""
        self._pool.close()


class ReplProver(ReplayProver):
    """Takes proofs tactic by tactic; see :class:`neurosym.backends.lean.tactics.TacticProver`.

    A proof counts as complete only where the REPL says that Lean's kernel has checked it. Where a
    process was killed over a tactic, the others of its states are made again in another one.

    Args:
        pool: The processes, which others may use as well; closed with this.
        limits: What a process may use, and the time for a theorem's first state and for each tactic
            that has to be run again.
    """

    def __init__(self, pool: ReplPool, limits: Limits = LEAN_LIMITS) -> None:
        super().__init__(limits.seconds)
        self._limits = limits
        self._pool = pool

    async def _goals(
        self, theorem: Theorem, tactics: Tactics, seconds: float
    ) -> tuple[str, ...] | TacticFailure:
        try:
            whole = theorem.with_proof(tactic_proof(tactics))
        except FormulaError as error:  # it ends the proof, or is no Lean 4
            return TacticFailure(str(error))
        file = split_file(whole.text)

        def job(process: ReplProcess) -> Point | TacticFailure | Broken:
            process.spoilt |= file.runs_code
            return self._walk(process, theorem).reach(tactics, seconds)

        def rank(process: ReplProcess) -> int:
            walk = process.walks.get(theorem.text)
            return 0 if walk is None else walk.known(tactics)

        found: Point | TacticFailure | Broken = await self._pool.use(
            file.header, self._limits, job, rank
        )
        if isinstance(found, Broken):
            return TacticFailure(found.detail)
        return found.goals if isinstance(found, Point) else found

    def _walk(self, process: ReplProcess, theorem: Theorem) -> Walk[TacticFailure | Broken]:
        def begin(seconds: float) -> Point | TacticFailure | Broken:
            return _begin(process, theorem, seconds)

        def step(state: int, tactic: str, seconds: float) -> Point | TacticFailure | Broken:
            answer = process.step(state, tactic, seconds)
            if isinstance(answer, Broken):
                return answer
            if isinstance(answer, Refusal):
                return TacticFailure(answer.message)
            goals = goals_left(answer)
            return goals if isinstance(goals, TacticFailure) else Point(answer.state, goals)

        if theorem.text not in process.walks:
            process.walks[theorem.text] = Walk(begin, step, self._limits.seconds)
        return process.walks[theorem.text]

    async def aclose(self) -> None:
        """Stop every process. Safe to call twice."""
        await self._pool.aclose()


def _begin(
    process: ReplProcess, theorem: Theorem, seconds: float
) -> Point | TacticFailure | Broken:
    """The state before a theorem's first tactic.

    Raises:
        BackendError: The REPL tells of none.
    """
    text, place = _opened(theorem)
    answer = process.command(split_file(text).rest, seconds)
    if isinstance(answer, Broken):
        return answer
    if isinstance(answer, Refusal):
        return TacticFailure(answer.message)
    for message in answer.messages:
        if message.severity is Severity.ERROR:
            return TacticFailure(str(message))
    for item in answer.sorries:
        if item.start == place and item.state is not None:
            return Point(item.state, (item.goal,))
    raise BackendError(
        "the REPL tells of no state at the theorem's proof",
        hint="Use a version of the REPL that was made for this Lean.",
    )


def _opened(theorem: Theorem) -> tuple[str, Position]:
    """A theorem's file with ``by sorry`` for its proof, and where that ``sorry`` stands."""
    whole = theorem.with_proof(tactic_proof(()))
    proof = whole.spans.proof
    assert proof is not None  # it was just given
    text = whole.text[: proof.start] + _OPEN + whole.text[proof.end :]
    return text, Position(proof.line, proof.column + len(_OPEN) - len("sorry"))
