"""Tactics that a language model proposes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from neurosym.backends.lean.tactics import ProofState
from neurosym.engines.base import SamplingParams
from neurosym.formal.lean.theorem import Theorem
from neurosym.problem import Problem
from neurosym.runtime.session import Session
from neurosym.strategies.best_first import Proposal, Proposals
from neurosym.translators.base import Malformed, prompt_digest
from neurosym.translators.lean_tactic import MAX_TACTIC_TOKENS, read_tactic, tactic_prompt

__all__ = ["ModelProposer"]


@dataclass(frozen=True, slots=True)
class ModelProposer:
    """Samples tactics for a state; those that come again count once, at their likeliest.

    What was sampled is found again in the run log, so an interrupted search goes on from where it
    was at no cost.

    Attributes:
        problem: The problem, in whose name samples are logged and charged.
        session: Where they are drawn.
        width: Samples for each state.
        temperature: Of the sampling.
        seed: Of the sampling.
    """

    problem: Problem
    session: Session
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
        stage = f"tactic-{prompt_digest(prompt)[:16]}"
        found = await self.session.ask(self.problem, prompt, params, stage)
        if found is None:
            return None
        best: dict[str, float] = {}
        for completion in found.values():
            tactic = read_tactic(completion.text)
            if not isinstance(tactic, Malformed):
                logprob = sum(completion.logprobs or ())
                best[tactic] = max(logprob, best.get(tactic, logprob))
        tokens = sum(item.prompt_tokens + item.completion_tokens for item in found.values())
        return Proposals(tuple(Proposal(*item) for item in best.items()), tokens)
