"""One sample on its way from the model to a verdict."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import Any, Literal, Self, TypeAlias

from neurosym.formal.fol.theory import Theory
from neurosym.formal.lean.proof import Proof
from neurosym.formal.lean.statement import Statement
from neurosym.formal.optimization.model import Model
from neurosym.formal.program import Program
from neurosym.status import Status
from neurosym.values import Value

__all__ = [
    "Candidate",
    "Check",
    "CheckState",
    "Completion",
    "FinishReason",
    "Formalization",
    "Message",
    "Outcome",
    "Prompt",
    "Verdict",
]

FinishReason = Literal["stop", "length"]
"""Why a completion ended: a stop string or end token, or the token limit."""

Formalization: TypeAlias = Program | Theory | Model | Proof | Statement
"""Any formal object: it has its ``source`` and a ``digest``. Further languages join this union."""


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of a chat."""

    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """What an engine is asked to continue.

    Attributes:
        messages: The chat so far; the model writes the next assistant turn.
        prefix: Text the assistant turn is made to begin with. It is not repeated in completions.
        stop: Strings that end a completion; they are not part of it.
        grammar: A GBNF grammar that the completion must obey, or ``None``.
        json_schema: A JSON schema that the completion must obey, or ``None``.
        regex: A regular expression that the whole completion must match, or ``None``.
        subject: Digest of the problem it asks the translation of, for engines that look samples
            up; empty if it asks for something else.
    """

    messages: tuple[Message, ...]
    prefix: str = ""
    stop: tuple[str, ...] = ()
    grammar: str | None = None
    json_schema: Mapping[str, Any] | None = None
    subject: str = ""
    regex: str | None = None

    @property
    def is_held(self) -> bool:
        """Whether a completion must obey a grammar, a schema or a regular expression."""
        return (self.grammar, self.json_schema, self.regex) != (None, None, None)

    @property
    def digest(self) -> str:
        """SHA-256 of all that is asked."""
        asked = asdict(self)
        if self.regex is None:
            del asked["regex"]  # as in records from before there was any
        return hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """A prompt from its fields as JSON data."""
        messages = tuple(Message(**message) for message in data["messages"])
        return cls(**{**data, "messages": messages, "stop": tuple(data["stop"])})


@dataclass(frozen=True, slots=True)
class Completion:
    """One text sampled from an engine.

    Attributes:
        text: What the model wrote after ``Prompt.prefix``.
        logprobs: Natural-log probability of each sampled token, or ``None`` where not asked for.
            Tokens of a stop string have none, so there may be fewer than ``completion_tokens``.
        prompt_tokens: Tokens of the prompt that this completion is charged for; of the n samples
            of one request, the first carries them all, so that sums are right.
        completion_tokens: Tokens sampled.
        finish_reason: Why it ended.
        seed: The seed this sample was drawn with.
    """

    text: str
    logprobs: tuple[float, ...] | None
    prompt_tokens: int
    completion_tokens: int
    finish_reason: FinishReason
    seed: int

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """A completion from its fields as JSON data.

        Raises:
            TypeError: A field is missing, is not known, or holds something else.
            ValueError: A log-probability is no number.
        """
        found = cls(**data)
        if not isinstance(found.text, str):
            raise TypeError(f"the text is {found.text!r}")
        if found.logprobs is None:
            return found
        return replace(found, logprobs=tuple(map(float, found.logprobs)))

    @property
    def mean_logprob(self) -> float | None:
        """Mean log-probability a token, or ``None`` where unknown."""
        if not self.logprobs:
            return None
        return sum(self.logprobs) / len(self.logprobs)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a backend found by running one formalization.

    Attributes:
        status: How it ended.
        answer: The value found; ``None`` where there is none.
        evidence: What supports it: ``stdout``, ``error`` (one line), ``traceback``, …
        seconds: Wall time of the run.
        memory_bytes: Peak resident memory of the process that ran it, 0 where unknown.
    """

    status: Status
    answer: Value = None
    evidence: Mapping[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    memory_bytes: int = 0


class CheckState(StrEnum):
    """What one independent check said."""

    PASSED = "passed"
    FAILED = "failed"
    UNDECIDED = "undecided"
    """The check applies but could not decide."""
    NOT_APPLICABLE = "not applicable"


@dataclass(frozen=True, slots=True)
class Check:
    """One independent re-check of an outcome: its name, what it said, and why."""

    name: str
    state: CheckState
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """An outcome, what the checks said of it, and a score in [0, 1].

    The score is the part of its problem's vote that the candidate carries; the scores of all
    candidates of a problem sum to one. It is 0 before the vote.
    """

    outcome: Outcome
    checks: tuple[Check, ...] = ()
    score: float = 0.0

    def check(self, name: str) -> Check | None:
        """The check of that name, or ``None``."""
        return next((check for check in self.checks if check.name == name), None)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A completion, what it was parsed into, and the verdict on it.

    Attributes:
        index: Place among the problem's samples, from 0.
        completion: What the model wrote.
        formalization: The parsed formal object, ``None`` if it did not parse.
        verdict: What the backend and the checks said.
        parent: Index of the candidate it was derived from, ``None`` for a fresh sample.
        variant: The wording of the prompt that it was asked by.
        route: Which of several routes it took; ``None`` where problems of its kind have only one.
    """

    index: int
    completion: Completion
    formalization: Formalization | None
    verdict: Verdict
    parent: int | None = None
    variant: int = 0
    route: int | None = None

    @property
    def way(self) -> int:
        """What it differs in from samples that can check it: its route, or else its wording."""
        return self.variant if self.route is None else self.route

    @property
    def answer(self) -> Value:
        """The answer of its outcome, ``None`` where there is none."""
        return self.verdict.outcome.answer
