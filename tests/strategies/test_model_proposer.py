"""Tactics that a model proposes."""

from __future__ import annotations

import math
from collections.abc import Mapping

import pytest

from neurosym.backends.lean.tactics import ProofState
from neurosym.candidate import Completion, Prompt
from neurosym.engines.base import SamplingParams
from neurosym.formal.lean.theorem import Theorem, read_theorem
from neurosym.retrieval.premises import Premise
from neurosym.strategies.best_first import Proposal
from neurosym.strategies.model_proposer import ModelProposer
from neurosym.strategies.proofs import TacticSearch
from neurosym.strategies.sketch import SketchAndFill

THEOREM = read_theorem("theorem t (p : Prop) : p → p := by sorry")
STATE = ProofState("x", ("p : Prop\n⊢ p → p",))


class Saying:
    """Says these, with their log-probabilities."""

    def __init__(self, *said: tuple[str, tuple[float, ...]]) -> None:
        self.said = said
        self.stages: list[str] = []
        self.params: list[SamplingParams] = []
        self.asked: list[str] = []

    async def __call__(
        self, prompt: Prompt, params: SamplingParams, stage: str
    ) -> Mapping[int, Completion] | None:
        self.stages.append(stage)
        self.params.append(params)
        self.asked.append(prompt.messages[-1].content)
        assert params.logprobs
        if not self.said:
            return None
        return {
            i: Completion(text, logprobs, 7, len(logprobs), "stop", i)
            for i, (text, logprobs) in enumerate(self.said[: params.n])
        }


async def test_tactics_come_with_their_likelihood_each_once() -> None:
    ask = Saying(
        ("intro h", (-0.5, -0.5)), ("sorry", (-0.1,)), ("intro h ", (-0.25, -0.5)),
        ("exact id", (-2.0, -1.0, -1.0)),
    )  # fmt: skip
    found = await ModelProposer(ask, constrained=False).propose(THEOREM, STATE, (), 0)
    assert found is not None
    assert found.tactics == (Proposal("intro h", -0.75), Proposal("exact id", -4.0))
    assert found.tokens == 8


async def test_under_a_grammar_tactics_are_weighed_against_each_other() -> None:
    ask = Saying(("intro h", (-20.0,)), ("exact id", (-20.0, -math.log(3))))
    found = await ModelProposer(ask).propose(THEOREM, STATE, (), 0)
    assert found is not None
    assert [proposal.tactic for proposal in found.tactics] == ["intro h", "exact id"]
    chances = [math.exp(proposal.logprob) for proposal in found.tactics]
    assert chances == pytest.approx([0.75, 0.25])


async def test_a_budget_that_is_spent_ends_it() -> None:
    assert await ModelProposer(Saying()).propose(THEOREM, STATE, (), 0) is None


async def test_each_state_has_a_place_of_its_own_in_the_log() -> None:
    ask = Saying(("rfl", (-1.0,)))
    proposer = ModelProposer(ask, width=1)
    for goal in ("⊢ p", "⊢ q", "⊢ p"):
        await proposer.propose(THEOREM, ProofState("x", (goal,)), (), 0)
    first, second, third = ask.stages
    assert first == third != second


@pytest.mark.parametrize("text", ["", "admit"])
async def test_nothing_that_can_be_tried_is_no_end(text: str) -> None:
    found = await ModelProposer(Saying((text, (-1.0,)))).propose(THEOREM, STATE, (), 0)
    assert found is not None
    assert found.tactics == ()


async def test_a_state_asked_about_again_gets_other_and_warmer_samples() -> None:
    ask = Saying(("rfl", (-1.0,)))
    proposer = ModelProposer(ask, width=4, temperature=0.7, warmer=0.5, seed=100)
    for asked in range(3):
        await proposer.propose(THEOREM, STATE, (), asked)
    assert len(set(ask.stages)) == 3
    assert [item.seed for item in ask.params] == [100, 104, 108]
    assert [item.temperature for item in ask.params] == pytest.approx([0.7, 1.2, 1.6])


class Swapping:
    """Finds one premise, whatever the state."""

    identity = "swapping"

    def __init__(self) -> None:
        self.states: list[tuple[Theorem, ProofState]] = []

    async def retrieve(self, theorem: Theorem, state: ProofState) -> list[Premise]:
        self.states.append((theorem, state))
        return [Premise("Lib.swap", "p ∧ q → q ∧ p", "Lib.lean", None, None)]


async def test_what_is_found_for_a_state_is_shown_with_it() -> None:
    found, plain = Saying(("rfl", (-1.0,))), Saying(("rfl", (-1.0,)))
    retriever = Swapping()
    await ModelProposer(found, retriever=retriever).propose(THEOREM, STATE, (), 0)
    await ModelProposer(plain).propose(THEOREM, STATE, (), 0)
    assert retriever.states == [(THEOREM, STATE)]
    assert found.asked == [f"Known:\nLib.swap : p ∧ q → q ∧ p\n\n{STATE.goals[0]}"]
    assert plain.asked == [STATE.goals[0]]
    # Samples that were drawn without it are others.
    assert found.stages != plain.stages


@pytest.mark.parametrize("kind", [TacticSearch, SketchAndFill])
def test_a_run_with_premises_is_another_run(kind: type[TacticSearch] | type[SketchAndFill]) -> None:
    plain, with_premises = kind(), kind(retriever=Swapping())
    assert with_premises.settings == {**plain.settings, "premises": "swapping"}
    assert "premises" not in plain.settings
    assert with_premises == plain, "what it asks is no part of how it searches"
    again = with_premises.with_seed(1)
    assert again.retriever is with_premises.retriever
