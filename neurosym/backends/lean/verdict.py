"""Whether a proof proves what was asked: the verdict that a proof's own words cannot change.

``PROVED`` only if nothing in the file could have changed what Lean's words mean
(:mod:`neurosym.formal.lean.policy`), the whole of it elaborates from scratch without an error, the
theorem's elaborated type is the one that was asked for
(:mod:`neurosym.formal.lean.challenge`), and its axioms are among those that are allowed.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Collection
from dataclasses import dataclass, field
from enum import StrEnum

from neurosym.backends.base import Limits
from neurosym.backends.lean.elaboration import LEAN_LIMITS, Elaboration, Ending
from neurosym.backends.lean.files import FileElaborator
from neurosym.backends.lean.messages import SORRY, Message, Severity
from neurosym.errors import FormulaError
from neurosym.formal.lean.challenge import Challenge, challenge, line_of_source
from neurosym.formal.lean.policy import objections
from neurosym.formal.lean.source import read_source
from neurosym.formal.lean.theorem import Theorem
from neurosym.status import Status

__all__ = [
    "STANDARD_AXIOMS",
    "Judgement",
    "LeanFault",
    "axioms_told",
    "judge",
    "refuse_preamble",
    "statement_error",
    "statement_fault",
]

STANDARD_AXIOMS = frozenset({"propext", "Classical.choice", "Quot.sound"})
"""The axioms of Lean's own library that mathematics is done with."""
_ANY_PROOF = "rfl"
_DEPENDS = re.compile(r"'(?P<name>[^']+)' depends on axioms: \[(?P<axioms>[^\]]*)\]")


class LeanFault(StrEnum):
    """What can be wrong with a proof; each is a check of its own.

    Those that :class:`neurosym.formal.lean.policy.Rule` has are called the same.
    """

    ELABORATION = "elaboration"
    """The whole file elaborates from scratch without an error."""
    PLACEHOLDERS = "placeholders"
    """Nothing in it stands for a proof that is not there."""
    AXIOMS = "axioms"
    """It rests on the allowed axioms only."""
    STATEMENT = "statement"
    """What it proves is what was asked."""
    COMMANDS = "commands"
    """Nothing in it changes what Lean's words mean, or runs code."""
    OPTIONS = "options"
    """It sets no option but those that concern how hard Lean tries."""
    IMPORTS = "imports"
    """It imports nothing that the statement does not."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What was found about a proof.

    Attributes:
        status: ``PROVED``; ``FAILED`` if Lean or a rule rejects it; ``MALFORMED`` if the statement
            that was asked for does not itself elaborate; ``TIMEOUT`` or ``OUT_OF_MEMORY``.
        faults: What is wrong, in words, by the check that fails.
        axioms: The axioms it rests on; ``None`` where Lean did not come to say.
        messages: What Lean says of the proof's file, at that file's lines.
        seconds: Wall time of the elaboration.
        memory_bytes: Its peak memory.
    """

    status: Status
    faults: dict[LeanFault, str] = field(default_factory=dict)
    axioms: tuple[str, ...] | None = None
    messages: tuple[Message, ...] = ()
    seconds: float = 0.0
    memory_bytes: int = 0


async def judge(
    asked: Theorem,
    given: Theorem,
    lean: FileElaborator,
    limits: Limits = LEAN_LIMITS,
    *,
    axioms: Collection[str] = STANDARD_AXIOMS,
) -> Judgement:
    """Judge a theorem and its proof against the theorem that was asked for.

    Args:
        asked: The statement, from a source that is trusted.
        given: The theorem with its proof, from a source that is not.
        lean: What elaborates the file.
        limits: What that may use.
        axioms: The axioms that it may rest on.

    Raises:
        BackendError: Lean cannot be run.
        IsolationError: It cannot be isolated, and was to be.
    """
    faults: dict[LeanFault, str] = {}
    imports = [line.imported for line in read_source("\n".join(asked.header)).header]
    source = read_source(given.text)
    for item in objections(source, imports):
        line = line_of_source(given, item.line)
        faults.setdefault(LeanFault(item.rule.value), f"line {line}: {item.detail}")
    declared = {command.full_name or "" for command in source.commands}
    if own := sorted(declared.intersection(axioms)):
        faults.setdefault(LeanFault.PLACEHOLDERS, f"it declares {own[0]}, an axiom of the library")
    if given.proof is None:
        faults.setdefault(LeanFault.PLACEHOLDERS, "there is no proof")
    if faults:  # what Lean would say of it could not be relied on
        return Judgement(Status.FAILED, faults)
    file = challenge(asked, given, secrets.token_hex(8))
    found = await lean.elaborate(file.text, limits)
    messages = tuple(_placed(file, found.messages))
    if found.ending is Ending.FINISHED:
        status, faults, used = _read(file, found, messages, frozenset(axioms))
    else:
        status, faults, used = _ENDINGS[found.ending], {LeanFault.ELABORATION: found.detail}, None
    return Judgement(status, faults, used, messages, found.seconds, found.memory_bytes)


def refuse_preamble(theorem: Theorem) -> None:
    """Let pass only a theorem before which nothing stands that no proof may stand behind.

    Args:
        theorem: The theorem; its proof is not looked at.

    Raises:
        FormulaError: Something before it could change what Lean's words mean, runs code, or is an
            axiom or a placeholder, so that no verdict on a proof could be ``PROVED``.
    """
    imports = [line.imported for line in read_source("\n".join(theorem.header)).header]
    # Any proof will do to have none of what a missing one would be refused for.
    proved = theorem.with_proof(_ANY_PROOF)
    for item in objections(read_source(proved.text), imports):
        line = line_of_source(theorem, item.line)
        raise FormulaError(
            f"no proof could be judged here: {item.detail}",
            text=theorem.source, line=min(line, theorem.spans.whole.line), column=1,
            hint="Write out what it stands for, or take it out of the file.",
        )  # fmt: skip


def statement_fault(theorem: Theorem, found: Elaboration) -> FormulaError | None:
    """What Lean has against a statement; ``None`` if it takes it.

    Args:
        theorem: The theorem.
        found: The elaboration of its ``statement_only``.
    """
    if found.ending is not Ending.FINISHED:
        return statement_error(theorem, found.detail)
    return statement_error(theorem, found.errors[0].text) if found.errors else None


def statement_error(theorem: Theorem, detail: str) -> FormulaError:
    """That Lean does not take a statement, with its place."""
    place = theorem.spans.statement
    return FormulaError(
        f"Lean does not take the statement: {detail}",
        text=theorem.source, line=place.line, column=place.column + 1,
        hint="Mend it, or its imports.",
    )  # fmt: skip


_ENDINGS = {
    Ending.TIMEOUT: Status.TIMEOUT,
    Ending.OUT_OF_MEMORY: Status.OUT_OF_MEMORY,
    Ending.CRASHED: Status.FAILED,
}


def _read(
    file: Challenge,
    found: Elaboration,
    messages: tuple[Message, ...],
    allowed: frozenset[str],
) -> tuple[Status, dict[LeanFault, str], tuple[str, ...] | None]:
    """What Lean's messages about a whole file come to."""
    for error in found.errors:
        if _line(error) < file.statement_stop:
            detail = f"what was asked for does not elaborate: {error.text}"
            return Status.MALFORMED, {LeanFault.STATEMENT: detail}, None
    faults: dict[LeanFault, str] = {}
    for error in found.errors:
        is_last = _line(error) >= file.final
        fault = LeanFault.STATEMENT if is_last else LeanFault.ELABORATION
        faults.setdefault(fault, error.text if is_last else _told(file, error))
    for message in messages:
        if message.kind == SORRY:
            faults.setdefault(LeanFault.PLACEHOLDERS, str(message))
    axioms = _axioms(file, found)
    if axioms is None:
        faults.setdefault(LeanFault.STATEMENT, "Lean does not say what the proof rests on")
    elif strange := [name for name in axioms if name not in allowed]:
        faults.setdefault(LeanFault.AXIOMS, f"it rests on {', '.join(strange)}")
    return (Status.FAILED if faults else Status.PROVED), faults, axioms


def _line(message: Message) -> int:
    # What has no place is about the header.
    return message.start.line if message.start else 1


def _told(file: Challenge, message: Message) -> str:
    line = file.original(_line(message))
    return message.text if line is None else f"line {line}: {message.text}"


def _placed(file: Challenge, messages: tuple[Message, ...]) -> list[Message]:
    """The messages about the proof's file, at its own lines."""
    found = []
    for message in messages:
        line = file.original(_line(message))
        if line is not None and message.start is not None:
            shift = line - message.start.line
            found.append(message.moved(shift))
    return found


def _axioms(file: Challenge, found: Elaboration) -> tuple[str, ...] | None:
    """What Lean says at the last line, which nothing in the proof's file can say there."""
    return axioms_told(found, file.name, file.report)


def axioms_told(found: Elaboration, name: str, line: int) -> tuple[str, ...] | None:
    """The axioms that a theorem rests on, as ``#print axioms`` tells them.

    Args:
        found: The elaboration of a file with that command.
        name: The theorem's name.
        line: The line that the command is on.

    Returns:
        The axioms; ``None`` where Lean says nothing of that sort there.
    """
    for message in found.messages:
        if _line(message) != line or message.severity is not Severity.INFORMATION:
            continue
        if message.text == f"'{name}' does not depend on any axioms":
            return ()
        match = _DEPENDS.fullmatch(" ".join(message.text.split()))
        if match is not None and match["name"] == name:
            return tuple(axiom.strip() for axiom in match["axioms"].split(","))
    return None
