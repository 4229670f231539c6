"""The messages of the community's REPL for Lean (leanprover-community/repl), as values.

It reads one JSON object, which ends at a blank line, and answers with one that may have several
lines and ends at a blank line too. A text of commands is answered with the number of the
environment behind it, Lean's messages and the goals of each ``sorry``; a tactic with the number of
the state behind it and the goals that are left; what it cannot do with a ``message`` alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from neurosym.backends.lean.messages import (
    Message,
    Position,
    Severity,
    in_order,
    kind_by_words,
)
from neurosym.backends.lean.server_messages import FrameError
from neurosym.backends.lean.tactics import TacticFailure
from neurosym.errors import BackendError

__all__ = [
    "Answers",
    "CommandAnswer",
    "Refusal",
    "Sorry",
    "StepAnswer",
    "goals_left",
    "read_command",
    "read_step",
    "request",
]

_SEVERITIES = {"error": Severity.ERROR, "warning": Severity.WARNING}
_COMPLETED = "Completed"
"""What the REPL says of a proof that its kernel has checked."""
_LEAN_ERROR = "Lean error:\n"
_END = b"\n\n"


def request(**values: Any) -> bytes:
    """A request as the bytes that the REPL reads; what is ``None`` is left out."""
    found = {name: value for name, value in values.items() if value is not None}
    # Not all of its versions put halves of surrogate pairs together, so nothing is escaped that
    # need not be.
    return json.dumps(found, ensure_ascii=False).encode(errors="replace") + _END


class Answers:
    """Cuts what a REPL says into answers.

    Args:
        most: Bytes that one answer may have.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._heard = 0
        self._buffer = bytearray()

    def reset(self) -> None:
        """Get ready for the answer to another request.

        Raises:
            FrameError: It has said more than it was asked.
        """
        if self._buffer.strip():
            raise FrameError("the REPL said something that it was not asked")
        self._heard = 0

    def feed(self, data: bytes) -> Iterator[dict[str, Any]]:
        """The answers that are complete with some more bytes.

        Raises:
            FrameError: They are no answers, or too many bytes.
        """
        self._heard += len(data)
        if self._heard > self._most:
            raise FrameError(f"Lean said more than {self._most:,} bytes")
        self._buffer += data
        while (end := self._buffer.find(_END)) >= 0:
            block = bytes(self._buffer[:end])
            del self._buffer[: end + len(_END)]
            if block.strip():
                yield _object(block)


def _object(block: bytes) -> dict[str, Any]:
    try:
        found = json.loads(block)
    except (ValueError, RecursionError) as error:
        raise FrameError(_no_answer(block)) from error
    if not isinstance(found, dict):
        raise FrameError(_no_answer(block))
    return found


def _no_answer(block: bytes) -> str:
    return f"what the REPL said is no answer: {block[:200].decode(errors='replace')}"


@dataclass(frozen=True, slots=True)
class Sorry:
    """A goal that stands open at a ``sorry``.

    Attributes:
        goal: As Lean shows it.
        state: The REPL's number for it, from which tactics go on; ``None`` where it has none.
        start: Where the ``sorry`` stands; ``None`` where Lean does not say.
    """

    goal: str
    state: int | None
    start: Position | None


@dataclass(frozen=True, slots=True)
class CommandAnswer:
    """What came of a text of commands.

    Attributes:
        environment: The REPL's number for the environment behind it.
        messages: In the order of the text.
        sorries: Each ``sorry`` in it whose goal is known.
    """

    environment: int
    messages: tuple[Message, ...] = ()
    sorries: tuple[Sorry, ...] = ()

    @property
    def has_errors(self) -> bool:
        """Whether any of the messages is an error."""
        return any(item.severity is Severity.ERROR for item in self.messages)

    def behind(self, header: CommandAnswer) -> CommandAnswer:
        """The answer to a whole file, if this one is to what stands behind a header."""
        return replace(self, messages=(*header.messages, *self.messages))


@dataclass(frozen=True, slots=True)
class StepAnswer:
    """What came of a tactic.

    Attributes:
        state: The REPL's number for the state behind it.
        goals: Those that are left.
        messages: What Lean says of the tactic.
        sorries: Each ``sorry`` in it.
        status: What the REPL says of the proof as a whole; ``None`` where it is too old to.
    """

    state: int
    goals: tuple[str, ...]
    messages: tuple[Message, ...] = ()
    sorries: tuple[Sorry, ...] = ()
    status: str | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """That the REPL could not do what it was asked, in its words."""

    message: str


def read_command(answer: Mapping[str, Any]) -> CommandAnswer | Refusal:
    """The answer to a text of commands.

    Raises:
        FrameError: It is none.
    """
    try:
        if answer.keys() == {"message"}:
            return _refusal(answer)
        return CommandAnswer(int(answer["env"]), _messages(answer), _sorries(answer))
    except _WRONG as error:
        raise FrameError("the REPL's answer to commands lacks something") from error


def read_step(answer: Mapping[str, Any]) -> StepAnswer | Refusal:
    """The answer to a tactic.

    Raises:
        FrameError: It is none.
    """
    try:
        if answer.keys() == {"message"}:
            return _refusal(answer)
        goals = answer["goals"]
        if not isinstance(goals, list):
            raise TypeError("goals are a list")
        status = answer.get("proofStatus")
        return StepAnswer(
            int(answer["proofState"]),
            tuple(str(goal).strip("\n") for goal in goals),
            _messages(answer),
            _sorries(answer),
            None if status is None else str(status),
        )
    except _WRONG as error:
        raise FrameError("the REPL's answer to a tactic lacks something") from error


def goals_left(answer: StepAnswer) -> tuple[str, ...] | TacticFailure:
    """The goals that a tactic leaves, or what is wrong with it.

    A proof without goals is a proof only if the REPL says that it is complete: its goals are also
    empty behind a term that Lean could not make sense of, or that has holes.

    Raises:
        BackendError: The REPL is too old to say whether a proof is complete.
    """
    for message in answer.messages:
        if message.severity is Severity.ERROR:
            return TacticFailure(message.text)
    if answer.sorries:
        return TacticFailure("it leaves a goal without a proof")
    if answer.goals or answer.status == _COMPLETED:
        return answer.goals
    if answer.status is None:
        raise BackendError(
            "this REPL does not say whether a proof is complete",
            hint="Use one that answers tactics with a proofStatus: for Lean 4.19 or later.",
        )
    return TacticFailure(f"no goal is left, but there is no proof: {answer.status}")


_WRONG = (KeyError, TypeError, ValueError, AttributeError, OverflowError)
"""What comes of reading an answer that is not of the form it should have."""


def _refusal(answer: Mapping[str, Any]) -> Refusal:
    return Refusal(str(answer["message"]).removeprefix(_LEAN_ERROR).strip())


def _messages(answer: Mapping[str, Any]) -> tuple[Message, ...]:
    return in_order(map(_message, answer.get("messages") or ()))


def _message(item: Mapping[str, Any]) -> Message:
    text = str(item["data"])
    return Message(
        _SEVERITIES.get(item["severity"], Severity.INFORMATION),
        text,
        _position(item.get("pos")),
        _position(item.get("endPos")),
        # The REPL leaves out Lean's names of the sorts of messages.
        kind_by_words(text),
    )


def _sorries(answer: Mapping[str, Any]) -> tuple[Sorry, ...]:
    return tuple(map(_sorry, answer.get("sorries") or ()))


def _sorry(item: Mapping[str, Any]) -> Sorry:
    state = item.get("proofState")
    goal = str(item["goal"]).strip("\n")
    return Sorry(goal, None if state is None else int(state), _position(item.get("pos")))


def _position(value: Any) -> Position | None:
    return None if value is None else Position(int(value["line"]), int(value["column"]))
