"""Tactics that a language model proposes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from neurosym.backends.lean.tactics import ProofState
from neurosym.candidate import Completion, Prompt
from neurosym.engines.base import SamplingParams
from neurosym.formal.lean.theorem import Theorem
from neurosym.strategies.best_first import Proposal, Proposals
from neurosym.translators.base import Malformed, prompt_digest
from neurosym.translators.lean_tactic import MAX_TACTIC_TOKENS, read_tactic, tactic_prompt

__all__ = ["Ask", "ModelProposer"]


class Ask(Protocol):
    """Samples completions under a budget, as :meth:`neurosym.runtime.session.Session.ask` does."""

    async def __call__(
        self, prompt: Prompt, params: SamplingParams, stage: str
    ) -> Mapping[int, Completion] | None:
        """Sample.

        Args:
            prompt: What to ask.
            params: How to sample.
            stage: What it is for; each prompt has one of its own.

        Returns:
            Completions under their places; ``None`` if the budget does not allow one.

        Raises:
            EngineError: The model could not be run.
        """
        ...


@dataclass(frozen=True, slots=True)
class ModelProposer:
    """Samples tactics for a state; one that comes again counts once, at its likeliest.

    Attributes:
        ask: Draws the samples. If it finds those of an earlier run again, an interrupted search
            comes to where it was at no cost.
        width: Samples for each state.
        temperature: Of the sampling.
        seed: Of the sampling.
    """

    ask: Ask
    width: int = 8
    temperature: float = 0.7
    seed: int = 0

    async def propose(
        self, theorem: Theorem, state: ProofState, tactics: Sequence[str]
    ) -> Proposals | None:
        """See :class:`neurosym.strategies.best_first.Proposer`."""
        prompt = tactic_prompt(state.goals)
        params = SamplingParams(
            n=self.width,
            seed=self.seed,
            temperature=self.temperature,
            max_tokens=MAX_TACTIC_TOKENS,
            logprobs=True,
        )
        found = await self.ask(prompt, params, f"tactic-{prompt_digest(prompt)[:16]}")
        if found is None:
            return None
        best: dict[str, float] = {}
        for completion in found.values():
            tactic = read_tactic(completion.text)
            if not isinstance(tactic, Malformed):
                logprob = sum(completion.logprobs or ())
                best[tactic] = max(logprob, best.get(tactic, logprob))
        tokens = sum(item.completion_tokens for item in found.values())
        return Proposals(tuple(Proposal(*item) for item in best.items()), tokens)
