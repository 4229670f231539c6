"""What a person gets back."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from neurosym.candidate import Candidate
from neurosym.values import Value

__all__ = ["Abstention", "AbstentionReason", "Selection", "Solution", "Usage"]


class AbstentionReason(StrEnum):
    """Why there is no answer."""

    NO_SUPPORT = "no support"
    """No candidate ended with an answer."""
    NO_AGREEMENT = "no agreement"
    """All samples have different answers, and nothing speaks for one of them."""
    LOW_CONFIDENCE = "low confidence"
    """The confidence is below the threshold the user set."""
    NOT_WORTH_IT = "not worth it"
    """At the costs that the user named, no sample is worth acting on."""
    BUDGET = "budget"
    """The budget was spent before any candidate was drawn."""
    TOO_LONG = "too long"
    """The question does not fit the model's context window."""
    UNUSABLE = "unusable"
    """The problem is empty, or of a kind that cannot be solved on this machine."""


@dataclass(frozen=True, slots=True)
class Abstention:
    """Why there is no answer, and what that rests on."""

    reason: AbstentionReason
    detail: str


@dataclass(frozen=True, slots=True)
class Selection:
    """What a selector chose among candidates.

    Attributes:
        candidate: Place in the list of the candidate chosen, ``None`` if none has support.
        label: The class of equal answers it belongs to, ``None`` likewise.
        weights: Total weight of each class, indexed by label.
        share: Weight of the chosen class over the weight of all candidates, those without an
            answer included; in [0, 1].
        votes: What each candidate weighs.
        by_place: Whether another answer is as good in all that the selector goes by, so that the
            order of the candidates alone decided.
    """

    candidate: int | None
    label: int | None
    weights: tuple[float, ...] = ()
    share: float = 0.0
    votes: tuple[float, ...] = ()
    by_place: bool = False

    @property
    def weight(self) -> float:
        """Weight of the candidate chosen, 0 if none is."""
        return 0.0 if self.candidate is None else self.votes[self.candidate]

    @property
    def margin(self) -> float:
        """By how much of the weight of all answers the first is ahead of the next, in [0, 1]."""
        first, *others = sorted(self.weights, reverse=True) or [0.0]
        total = sum(self.weights)
        return (first - (others[0] if others else 0.0)) / total if total else 0.0


@dataclass(frozen=True, slots=True)
class Usage:
    """What something cost.

    Attributes:
        samples: Completions drawn, those of verifying programs included.
        prompt_tokens: Tokens of the prompts, each request's prompt counted once.
        completion_tokens: Tokens sampled.
        seconds: Wall time, waiting for a shared engine included.
        money: What the tokens cost; ``None`` where nobody said their prices.
    """

    samples: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    seconds: float = 0.0
    money: float | None = None

    @property
    def tokens(self) -> int:
        """Tokens of prompts and completions."""
        return self.prompt_tokens + self.completion_tokens

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            self.samples + other.samples,
            self.prompt_tokens + other.prompt_tokens,
            self.completion_tokens + other.completion_tokens,
            self.seconds + other.seconds,
            None
            if self.money is None and other.money is None
            else (self.money or 0.0) + (other.money or 0.0),
        )


@dataclass(frozen=True, slots=True)
class Solution:
    """An answer with what it rests on, or an abstention with its reason.

    Attributes:
        problem_id: The problem's id.
        answer: The answer; ``None`` exactly if ``abstention`` is set.
        abstention: Why there is no answer.
        confidence: Estimated probability that the selected answer is right, in [0, 1]. An
            abstention for low confidence keeps the confidence that was too low.
        selection: The vote.
        labels: Class of equal answers of each candidate, -1 for those without an answer.
        candidates: All candidates, in order of their indices.
        usage: What it cost.
    """

    problem_id: str
    answer: Value
    abstention: Abstention | None
    confidence: float
    selection: Selection
    labels: tuple[int, ...] = ()
    candidates: tuple[Candidate, ...] = field(default=(), repr=False)
    usage: Usage = Usage()

    def __post_init__(self) -> None:
        if (self.answer is None) != (self.abstention is not None):
            raise ValueError("a solution has either an answer or an abstention")

    def _repr_html_(self) -> str:
        """The answer and what it rests on as tables, which notebooks show."""
        from neurosym.presentation.solution import html_of_solution

        return html_of_solution(self)

    @property
    def candidate(self) -> Candidate | None:
        """The candidate the answer rests on."""
        chosen = self.selection.candidate
        return None if chosen is None else self.candidates[chosen]
