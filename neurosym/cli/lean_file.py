"""A Lean file whose theorems are proved one after the other, and written back into it.

What nobody has proved may not be used: not for what comes later in the file, and not by a tactic
that finds it there on its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from neurosym.backends.base import Limits
from neurosym.backends.lean.elaboration import Elaboration, Elaborator, Ending
from neurosym.backends.lean.messages import SORRY, Severity
from neurosym.backends.lean.verdict import axioms_told, refuse_preamble, statement_fault
from neurosym.candidate import Outcome
from neurosym.formal.lean.challenge import line_of_source
from neurosym.formal.lean.proof import Proof
from neurosym.formal.lean.source import Command, Span, read_source
from neurosym.formal.lean.theorem import Theorem, read_theorem, unproved
from neurosym.formal.lean.words import THEOREMS
from neurosym.solution import Solution
from neurosym.strategies.proof_tree import ProofTree

__all__ = ["Found", "usable", "with_proofs", "withdraw"]

_ROUNDS = 20
"""Times that a file is elaborated without what Lean did not accept the time before."""
_NOT_HERE = "its proof does not hold in the file, beside theorems that have none"


@dataclass(slots=True)
class Found:
    """What came of one theorem.

    Attributes:
        name: Its name; ``None`` for an example.
        place: Where it stands in the file.
        asked: The theorem, with what may be used of the file.
        solution: What the model came to.
        already: The verdict on the proof that it has in the file, if that holds.
        trees: What searches have grown, by what they are of.
        withdrawn: Why the proof that was found does not count; empty if it does.
    """

    name: str | None
    place: Span
    asked: Theorem
    solution: Solution | None = None
    already: Outcome | None = None
    trees: Mapping[str, ProofTree] = field(default_factory=dict)
    withdrawn: str = ""

    @property
    def given(self) -> Theorem | None:
        """The theorem with the proof that was found."""
        chosen = None if self.solution is None or self.withdrawn else self.solution.candidate
        formal = None if chosen is None else chosen.formalization
        return formal.given if isinstance(formal, Proof) else None

    @property
    def shown(self) -> str:
        """Its name for people."""
        return self.name or "example"

    @property
    def is_proved(self) -> bool:
        """Whether it has a proof that counts."""
        return self.already is not None or self.given is not None


async def usable(text: str, name: str | None, lean: Elaborator, limits: Limits) -> Theorem:
    """A theorem of a file, with empty lines in place of theorems that are not proved before it.

    Those are the ones without a proof, and those that Lean does not accept.

    Args:
        text: The file.
        name: The theorem's name; ``None`` for the only one.
        lean: What elaborates files.
        limits: What one may use.

    Raises:
        FormulaError: There is no such theorem, Lean does not take what it states, or the file
            holds something before it that no proof may stand behind.
        BackendError: Lean cannot be run.
        IsolationError: It cannot be isolated, and was to be.
    """
    text = _without(text, unproved(read_source(text)), name)
    theorem = read_theorem(text, name)
    found = await lean.elaborate(theorem.statement_only, limits)
    for _ in range(_ROUNDS):
        wrong = _not_accepted(text, theorem, found)
        if not wrong:
            break
        text = _without(text, wrong, name)
        theorem = read_theorem(text, name)
        found = await lean.elaborate(theorem.statement_only, limits)
    refuse_preamble(theorem)
    if (fault := statement_fault(theorem, found)) is not None:
        raise fault
    return theorem


def _without(text: str, commands: Iterable[Command], name: str | None) -> str:
    """A file with empty lines in place of commands, the theorem of the name excepted."""
    own = read_theorem(text, name).spans.whole.start
    pieces, end = [], 0
    for command in commands:
        if command.span.start != own:
            pieces += [text[end : command.span.start], "\n" * command.text.count("\n")]
            end = command.span.end
    return "".join([*pieces, text[end:]])


def _not_accepted(text: str, theorem: Theorem, found: Elaboration) -> list[Command]:
    """The theorems before one that Lean finds an error or a ``sorry`` in."""
    lines = {
        line_of_source(theorem, message.start.line)
        for message in found.messages
        if message.start and (message.severity is Severity.ERROR or message.kind == SORRY)
    }
    own = theorem.spans.whole.start
    return [
        command
        for command in read_source(text).commands
        if command.keyword in THEOREMS
        and command.span.start < own
        and not lines.isdisjoint(_lines(command.span, command.text))
    ]


def _lines(span: Span, text: str) -> range:
    return range(span.line, span.line + text.count("\n") + 1)


def with_proofs(text: str, theorems: Sequence[Found]) -> str:
    """A file with the proofs that were found in place of those that were missing."""
    for item in sorted(theorems, key=lambda item: -item.place.start):
        given = item.given
        if given is not None:
            written = (given.lead + given.opening + given.joint + (given.proof or "")).lstrip(" ")
            text = text[: item.place.start] + written + text[item.place.end :]
    return text


async def withdraw(text: str, theorems: Sequence[Found], lean: Elaborator, limits: Limits) -> None:
    """Withdraw the proofs that do not hold in the file as it comes out.

    There they stand beside theorems that have no proof, which a tactic may find and use.

    Args:
        text: The file as it was.
        theorems: What was found.
        lean: What elaborates files.
        limits: What one may use.

    Raises:
        BackendError: Lean cannot be run.
        IsolationError: It cannot be isolated, and was to be.
    """
    while found := [item for item in theorems if item.given is not None]:
        whole = with_proofs(text, theorems)
        if not unproved(read_source(whole)):
            return  # each was judged in this very file
        lines = whole.rstrip("\n").count("\n") + 2
        asked = "".join(f"#print axioms _root_.{item.name}\n" for item in found)
        told = await lean.elaborate(f"{whole.rstrip(chr(10))}\n{asked}", limits)
        wrong = [
            item
            for number, item in enumerate(found)
            if not _stands(told, item.name or "", lines + number)
        ]
        for item in wrong:
            item.withdrawn = _NOT_HERE
        if not wrong:
            return


def _stands(told: Elaboration, name: str, line: int) -> bool:
    axioms = axioms_told(told, name, line) if told.ending is Ending.FINISHED else None
    return axioms is not None and "sorryAx" not in axioms
