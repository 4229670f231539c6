"""Tactics that a language model proposes."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from neurosym.backends.lean.tactics import ProofState
from neurosym.candidate import Completion, Prompt
from neurosym.engines.base import SamplingParams
from neurosym.formal.lean.theorem import Theorem
from neurosym.strategies.best_first import Proposal, Proposals
from neurosym.translators.base import Malformed
from neurosym.translators.lean_tactic import MAX_TACTIC_TOKENS, read_tactic, tactic_prompt

if TYPE_CHECKING:
    from neurosym.retrieval.premises import Premise

__all__ = ["Ask", "ModelProposer", "Retriever", "retrieval_settings"]


_HOTTEST = 1.6
"""Temperature beyond which little of what is sampled is Lean."""


class Ask(Protocol):
    """Samples completions under a budget, as :meth:`neurosym.runtime.session.Session.ask` does."""

    async def __call__(
        self, prompt: Prompt, params: SamplingParams, stage: str
    ) -> Mapping[int, Completion] | None:
        """Sample.

        Args:
            prompt: What to ask.
            params: How to sample.
            stage: What it is for; each prompt has one of its own, and each time it is asked.

        Returns:
            Completions under their places; ``None`` if the budget does not allow one.

        Raises:
            EngineError: The model could not be run.
        """
        ...


class Retriever(Protocol):
    """Finds premises that a proof may use."""

    @property
    def identity(self) -> str:
        """What it finds depends on this and on nothing else."""
        ...

    async def retrieve(self, theorem: Theorem, state: ProofState) -> Sequence[Premise]:
        """Premises that fit the first goal of a state, best first.

        Args:
            theorem: What is to be proved, where the premises have to be at hand.
            state: What is left of it.

        Raises:
            InputError: Nothing is known of what the theorem imports.
            EngineError: A model that it asks could not be run.
        """
        ...


def retrieval_settings(retriever: Retriever | None) -> dict[str, Any]:
    """What solutions depend on where premises are shown, for run logs; nothing where none are."""
    return {} if retriever is None else {"premises": retriever.identity}


@dataclass(frozen=True, slots=True)
class ModelProposer:
    """Samples tactics for a state; one that comes again counts once, at its likeliest.

    Attributes:
        ask: Draws the samples. If it finds those of an earlier run again, an interrupted search
            comes to where it was at no cost.
        width: Samples for each state.
        temperature: Of the sampling.
        warmer: What is added to it each time the same state is asked about again.
        seed: Of the sampling.
        retriever: What finds premises to show with a state; ``None`` shows none.
        constrained: Whether tactics are held to what a goal lets one write.
    """

    ask: Ask
    width: int = 8
    temperature: float = 0.7
    warmer: float = 0.3
    seed: int = 0
    retriever: Retriever | None = None
    constrained: bool = True

    async def propose(
        self, theorem: Theorem, state: ProofState, tactics: Sequence[str], asked: int
    ) -> Proposals | None:
        """See :class:`neurosym.strategies.best_first.Proposer`.

        Raises:
            InputError: Nothing is known of what the theorem imports.
            EngineError: A model could not be run.
        """
        premises: Sequence[Premise] = ()
        if self.retriever is not None:
            premises = await self.retriever.retrieve(theorem, state)
        # What a theorem imports may have tactics of its own.
        prompt = tactic_prompt(
            state.goals, premises, constrained=self.constrained, is_open=bool(theorem.header)
        )
        params = SamplingParams(
            n=self.width,
            seed=self.seed + asked * self.width,
            temperature=min(self.temperature + asked * self.warmer, _HOTTEST),
            max_tokens=MAX_TACTIC_TOKENS,
            logprobs=True,
        )
        stage = f"tactic-{prompt.digest[:16]}-{asked}"
        found = await self.ask(prompt, params, stage)
        if found is None:
            return None
        best: dict[str, float] = {}
        for completion in found.values():
            tactic = read_tactic(completion.text)
            if not isinstance(tactic, Malformed):
                logprob = sum(completion.logprobs or ())
                best[tactic] = max(logprob, best.get(tactic, logprob))
        if prompt.grammar is not None:
            best = _among_each_other(best)
        tokens = sum(item.completion_tokens for item in found.values())
        return Proposals(tuple(Proposal(*item) for item in best.items()), tokens)


def _among_each_other(logprobs: Mapping[str, float]) -> dict[str, float]:
    """Log-probabilities of tactics, given that it is one of them.

    Under a grammar those that are sampled are the model's own without it, which say of the only
    step that there is that it is unlikely.
    """
    highest = max(logprobs.values(), default=0.0)
    total = highest + math.log(sum(math.exp(item - highest) for item in logprobs.values()) or 1.0)
    return {tactic: item - total for tactic, item in logprobs.items()}
