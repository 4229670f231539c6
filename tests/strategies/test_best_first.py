"""Best-first search, with a small but real prover and tactics that are written down."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pytest

from neurosym.backends.lean.tactics import ProofState
from neurosym.errors import OptionError
from neurosym.formal.lean.theorem import Theorem, read_theorem
from neurosym.strategies.best_first import BestFirstSearch, Proposal, Proposals
from neurosym.strategies.proof_tree import EndOfSearch, NodeState, ProofTree
from tests.backends.lean.small_prover import SmallProver

AND_SWAP = "theorem swap (p q : Prop) (h : p ∧ q) : q ∧ p := by sorry"


@dataclass
class Written:
    """Proposes what is written down for the target of the first goal.

    Attributes:
        tactics: Tactics with their log-probabilities, by target.
        asked: The targets that it was asked about.
        allowed: How often it may be asked.
    """

    tactics: Mapping[str, Sequence[tuple[str, float]]]
    allowed: int = 1000
    asked: list[str] = field(default_factory=list)

    async def propose(
        self, theorem: Theorem, state: ProofState, tactics: Sequence[str], asked: int
    ) -> Proposals | None:
        if len(self.asked) == self.allowed:
            return None
        target = state.goals[0].rpartition("⊢ ")[2]
        self.asked.append(target)
        return Proposals(tuple(Proposal(*item) for item in self.tactics.get(target, ())), 10)


async def searched(
    theorem: str,
    proposer: Written,
    *,
    expansions: int = 100,
    at_once: int = 1,
    asks: int = 1,
    closing: tuple[str, ...] = (),
) -> ProofTree:
    tree = ProofTree()
    search = BestFirstSearch(expansions=expansions, at_once=at_once, asks=asks, closing=closing)
    await search.search(read_theorem(theorem), SmallProver(), proposer, tree)
    return tree


async def test_a_proof_is_found_and_is_the_way_to_it() -> None:
    proposer = Written({
        "q ∧ p": [("left", -0.1), ("constructor", -0.5)],
        "q": [("exact h.left", -0.2), ("exact h.right", -0.4)],
        "p": [("exact h.left", -0.3)],
    })  # fmt: skip
    tree = await searched(AND_SWAP, proposer)
    assert tree.end is EndOfSearch.PROVED
    assert tree.proof == ("constructor", "exact h.right", "exact h.left")
    assert (tree.expansions, tree.tokens) == (3, 30)
    failed = [node for node in tree.nodes if node.state is NodeState.FAILED]
    assert {node.tactic for node in failed} == {"left", "exact h.left"}
    assert all(node.message for node in failed)
    assert tree.nodes[tree.best].state is NodeState.PROVED


async def test_the_likeliest_state_is_gone_on_from_first() -> None:
    theorem = "theorem t (p q r : Prop) (f : q → p) (g : r → p) (hr : r) : p := by sorry"
    proposer = Written({
        "p": [("apply f", -1.0), ("apply g", -2.0)],
        "q": [("exact hr", -0.5), ("assumption", -0.6)],
        "r": [("exact hr", -5.0)],
    })  # fmt: skip
    tree = await searched(theorem, proposer)
    assert proposer.asked == ["p", "q", "r"]
    assert tree.proof == ("apply g", "exact hr")
    proved = next(node for node in tree.nodes if node.state is NodeState.PROVED)
    assert proved.logprob == pytest.approx(-7.0)


async def test_states_that_differ_in_names_are_one() -> None:
    theorem = "theorem t (p : Prop) : p → p := by sorry"
    proposer = Written({"p → p": [("intro h", -0.1), ("intro k", -0.2)], "p": []})
    tree = await searched(theorem, proposer)
    assert tree.end is EndOfSearch.EXHAUSTED
    assert proposer.asked == ["p → p", "p"]
    assert [node.state for node in tree.nodes] == [
        NodeState.EXPANDED, NodeState.EXPANDED, NodeState.REPEATED,
    ]  # fmt: skip
    assert tree.proof is None


async def test_tactics_that_close_goals_cost_no_tokens() -> None:
    theorem = "theorem t (p : Prop) : p → p := by sorry"
    proposer = Written({"p → p": [("intro h", -0.1)]})
    tree = await searched(theorem, proposer, closing=("rfl", "assumption"))
    assert tree.proof == ("intro h", "assumption")
    assert (tree.expansions, tree.tokens) == (2, 10)
    assert not any(node.state is NodeState.FAILED for node in tree.nodes)


async def test_the_budget_ends_a_search_that_keeps_what_it_has() -> None:
    wanted = {"q ∧ p": [("constructor", -0.5)], "q": [("exact h.right", -0.4)]}
    tree = await searched(AND_SWAP, Written(wanted), expansions=2)
    assert (tree.end, tree.expansions) == (EndOfSearch.EXPANSIONS, 2)
    assert tree.tactics(tree.best) == ("constructor", "exact h.right")
    tree = await searched(AND_SWAP, Written(wanted, allowed=1))
    assert (tree.end, tree.expansions) == (EndOfSearch.BUDGET, 1)
    assert tree.best == 0, "two goals are further from the end than one"


async def test_a_state_that_led_nowhere_is_asked_about_again() -> None:
    class Waking(Written):
        async def propose(
            self, theorem: Theorem, state: ProofState, tactics: Sequence[str], asked: int
        ) -> Proposals | None:
            found = await super().propose(theorem, state, tactics, asked)
            return found if asked == 2 or "p ∧" in self.asked[-1] else Proposals((), 10)

    theorem = "theorem t (p q : Prop) (hp : p) (hq : q) : p ∧ q := by sorry"
    wanted = {"p ∧ q": [("constructor", -1.0)], "p": [("exact hp", -1)], "q": [("exact hq", -1)]}
    assert (await searched(theorem, Waking(wanted), asks=2)).end is EndOfSearch.EXHAUSTED
    proposer = Waking(wanted)
    tree = await searched(theorem, proposer, asks=3)
    assert tree.proof == ("constructor", "exact hp", "exact hq")
    # What was asked about promises less each time, so the first state has its turn in between.
    assert proposer.asked[:4] == ["p ∧ q", "p", "p ∧ q", "p"]
    failed = [node.tactic for node in tree.nodes if node.state is NodeState.REPEATED]
    assert failed == [], "a tactic that was tried on a state is not tried there again"


async def test_states_at_once_give_the_same_proof() -> None:
    proposer = Written({
        "q ∧ p": [("constructor", -0.5), ("refine ⟨?_, ?_⟩", -0.6)],
        "q": [("exact h.right", -0.4)],
        "p": [("exact h.left", -0.3)],
    })  # fmt: skip
    one, many = await searched(AND_SWAP, proposer), await searched(AND_SWAP, proposer, at_once=4)
    assert one.proof == many.proof


async def test_an_interrupted_search_keeps_its_tree() -> None:
    tree = ProofTree()

    class Slow(Written):
        async def propose(
            self, theorem: Theorem, state: ProofState, tactics: Sequence[str], asked: int
        ) -> Proposals | None:
            if self.asked:
                await asyncio.sleep(60)
            return await super().propose(theorem, state, tactics, asked)

    proposer = Slow({"q ∧ p": [("constructor", -0.5)]})
    search = BestFirstSearch(closing=())
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(
            search.search(read_theorem(AND_SWAP), SmallProver(), proposer, tree), 1.0
        )
    assert tree.end is None
    assert [node.tactic for node in tree.nodes] == ["", "constructor"]
    assert ProofTree.from_json(tree.to_json()) == tree


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"nodes": 3}', "null"])
def test_a_text_that_is_no_tree_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        ProofTree.from_json(text)


def test_numbers_that_allow_no_search_are_refused() -> None:
    with pytest.raises(OptionError):
        BestFirstSearch(expansions=0)
    with pytest.raises(OptionError):
        BestFirstSearch(seconds=0)
    with pytest.raises(OptionError):
        BestFirstSearch(at_once=0)
    with pytest.raises(OptionError):
        BestFirstSearch(tactic_seconds=0)
