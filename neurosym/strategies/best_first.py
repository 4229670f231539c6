"""Best-first search for a proof, tactic by tactic.

As in ReProver (Yang et al. 2023, arXiv:2306.15626, section 5): of all states, the one whose tactics
are likeliest together is gone on from next. States are told apart by their goals up to names, and a
portfolio of tactics that close goals is tried at each, at no cost in tokens. Unlike there, few
tactics are sampled for a state at a time, and one that led nowhere is asked about again, as long as
no other promises more: a small model runs out of ideas before it runs out of budget.
"""

from __future__ import annotations

import heapq
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from neurosym.backends.lean.tactics import ProofState, TacticFailure, TacticProver
from neurosym.errors import OptionError
from neurosym.formal.lean.goals import canonical_goals
from neurosym.formal.lean.theorem import Theorem
from neurosym.runtime.together import together
from neurosym.strategies.proof_tree import EndOfSearch, Node, NodeState, ProofTree

__all__ = ["CLOSING_TACTICS", "BestFirstSearch", "Proposal", "Proposals", "Proposer"]

CLOSING_TACTICS = ("rfl", "assumption", "contradiction", "trivial", "decide", "simp", "omega")
"""Tactics that finish many goals and ask for no thought."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A tactic that may be next.

    Attributes:
        tactic: The tactic.
        logprob: Its log-probability.
    """

    tactic: str
    logprob: float


@dataclass(frozen=True, slots=True)
class Proposals:
    """What was thought of for one state.

    Attributes:
        tactics: Tactics to try; there may be none.
        tokens: Tokens that they took.
    """

    tactics: tuple[Proposal, ...]
    tokens: int = 0


class Proposer(Protocol):
    """What thinks of tactics."""

    async def propose(
        self, theorem: Theorem, state: ProofState, tactics: Sequence[str], asked: int
    ) -> Proposals | None:
        """Tactics to try on a state, ``None`` if the budget does not allow to think of any.

        Args:
            theorem: What is to be proved.
            state: What is left.
            tactics: Those that led there.
            asked: How often this state was asked about before.

        Raises:
            EngineError: The model could not be run.
        """
        ...


@dataclass(frozen=True, slots=True)
class BestFirstSearch:
    """Goes on from the likeliest state until a proof is found or the budget is spent.

    Attributes:
        expansions: States to go on from, at most.
        seconds: Wall time; ``None`` for no limit.
        tactic_seconds: Wall time of one tactic.
        at_once: States that are gone on from at once, so that the model gets them in one batch.
        asks: How often one state is asked about, at most.
        patience: By how much of log-probability a state promises less each time it is asked about.
        closing: Tactics tried at each state before those that are proposed.

    Raises:
        OptionError: A limit is not positive.
    """

    expansions: int = 100
    seconds: float | None = None
    tactic_seconds: float = 5.0
    at_once: int = 1
    asks: int = 8
    patience: float = 3.0
    closing: tuple[str, ...] = CLOSING_TACTICS

    def __post_init__(self) -> None:
        for name in ("expansions", "tactic_seconds", "at_once", "asks", "patience"):
            if not getattr(self, name) > 0:
                raise OptionError(f"{name} is {getattr(self, name)}", hint="Give more than 0.")
        if self.seconds is not None and not self.seconds > 0:
            raise OptionError(f"seconds is {self.seconds}", hint="Give more than 0, or none.")

    def within(self, seconds: float | None) -> BestFirstSearch:
        """The same search, over when this time is; ``None`` leaves it as it is."""
        if seconds is None:
            return self
        return replace(self, seconds=max(0.01, min(seconds, self.seconds or seconds)))

    async def search(
        self,
        theorem: Theorem,
        prover: TacticProver,
        proposer: Proposer,
        tree: ProofTree,
        *,
        watch: Callable[[ProofTree], None] | None = None,
    ) -> None:
        """Search.

        Args:
            theorem: What is to be proved.
            prover: What takes the tactics.
            proposer: What thinks of them.
            tree: An empty tree, which grows; whoever interrupts the search keeps what it has.
            watch: Called after each expansion.

        Raises:
            FormulaError: The prover does not take the statement.
            BackendError: The prover broke.
            EngineError: The model could not be run.
        """
        await _Search(self, theorem, prover, proposer, tree, watch or (lambda _: None)).run()


@dataclass(slots=True)
class _Open:
    """A state that may be gone on from, and what was done with it."""

    state: ProofState
    tried: set[str] = field(default_factory=set)
    asked: int = 0


class _Search:
    def __init__(
        self,
        settings: BestFirstSearch,
        theorem: Theorem,
        prover: TacticProver,
        proposer: Proposer,
        tree: ProofTree,
        watch: Callable[[ProofTree], None],
    ) -> None:
        self._settings = settings
        self._theorem = theorem
        self._prover = prover
        self._proposer = proposer
        self._tree = tree
        self._watch = watch
        self._begun = time.monotonic()
        self._open: dict[int, _Open] = {}
        self._seen: set[str] = set()
        # By what they promise; of equals the one found first.
        self._queue: list[tuple[float, int]] = []

    async def run(self) -> None:
        tree = self._tree
        self._add(None, "", 0.0, await self._prover.start(self._theorem))
        while (end := self._end()) is None:
            count = min(self._settings.at_once, self._settings.expansions - tree.expansions)
            chosen = [heapq.heappop(self._queue)[1] for _ in range(min(count, len(self._queue)))]
            went_on = await together(map(self._expand, chosen))
            tree.seconds = time.monotonic() - self._begun
            self._watch(tree)
            if not any(went_on) and tree.proof is None:
                end = EndOfSearch.BUDGET
                break
        tree.seconds = time.monotonic() - self._begun
        tree.end = end

    def _end(self) -> EndOfSearch | None:
        settings, tree = self._settings, self._tree
        if tree.proof is not None:
            return EndOfSearch.PROVED
        if not self._queue:
            return EndOfSearch.EXHAUSTED
        if tree.expansions >= settings.expansions:
            return EndOfSearch.EXPANSIONS
        if settings.seconds is not None and time.monotonic() - self._begun >= settings.seconds:
            return EndOfSearch.BUDGET
        return None

    async def _expand(self, index: int) -> bool:
        """Go on from a node; whether the budget still allowed that."""
        node, state = self._tree.nodes[index], self._open[index].state
        tried, asked = self._open[index].tried, self._open[index].asked
        if not asked:
            for tactic in self._settings.closing:
                tried.add(tactic)
                if await self._try(index, state, tactic, node.logprob, keep_failure=False):
                    self._mark(index)
                    return True
        before = self._tree.tactics(index)
        found = await self._proposer.propose(self._theorem, state, before, asked)
        if found is None:
            return False
        self._tree.tokens += found.tokens
        self._mark(index)
        for proposal in sorted(found.tactics, key=lambda item: -item.logprob):
            if proposal.tactic not in tried:
                tried.add(proposal.tactic)
                logprob = node.logprob + proposal.logprob
                if await self._try(index, state, proposal.tactic, logprob, keep_failure=True):
                    return True
        self._open[index].asked += 1
        if self._open[index].asked < self._settings.asks:
            self._put(index)
        return True

    def _mark(self, index: int) -> None:
        self._tree.nodes[index] = replace(self._tree.nodes[index], state=NodeState.EXPANDED)
        self._tree.expansions += 1

    def _put(self, index: int) -> None:
        """Put a node where it belongs among those to go on from."""
        less = self._settings.patience * self._open[index].asked
        heapq.heappush(self._queue, (less - self._tree.nodes[index].logprob, index))

    async def _try(
        self, parent: int, state: ProofState, tactic: str, logprob: float, *, keep_failure: bool
    ) -> bool:
        """Run a tactic and note what comes of it; whether that proves the theorem."""
        found = await self._prover.run(state, tactic, self._settings.tactic_seconds)
        if isinstance(found, TacticFailure):
            if keep_failure:
                failed = Node(parent, tactic, logprob, (), NodeState.FAILED, found.message)
                self._tree.nodes.append(failed)
            return False
        return self._add(parent, tactic, logprob, found)

    def _add(self, parent: int | None, tactic: str, logprob: float, state: ProofState) -> bool:
        goals = canonical_goals(state.goals)
        if state.is_proved:
            known = NodeState.PROVED
        else:
            known = NodeState.REPEATED if goals in self._seen else NodeState.OPEN
        index = len(self._tree.nodes)
        self._tree.nodes.append(Node(parent, tactic, logprob, state.goals, known))
        if known is NodeState.OPEN:
            self._seen.add(goals)
            self._open[index] = _Open(state)
            self._put(index)
        return known is NodeState.PROVED
