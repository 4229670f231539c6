"""Strategies that prove theorems: whole proofs that are mended, and search tactic by tactic.

Neither votes. A proof that Lean accepts holds, however many others do not.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from neurosym.candidate import Candidate, Completion, Prompt
from neurosym.counts import at_least_one
from neurosym.engines.base import Capability, SamplingParams
from neurosym.errors import OptionError, ProblemError
from neurosym.problem import Problem
from neurosym.runtime.session import Session
from neurosym.runtime.together import together
from neurosym.solution import Abstention, AbstentionReason, Solution
from neurosym.strategies.base import NOT_ONE_SAMPLE, what_went_wrong
from neurosym.strategies.best_first import BestFirstSearch
from neurosym.strategies.model_proposer import ModelProposer, Retriever, retrieval_settings
from neurosym.strategies.proof_solution import holds, proof_solution
from neurosym.strategies.proof_tree import EndOfSearch, ProofTree, Watch
from neurosym.translators.lean_proof import theorem_of

__all__ = ["TacticSearch", "WholeProofs"]


@dataclass(frozen=True, slots=True)
class WholeProofs:
    """Samples whole proofs until one holds, then mends those that do not.

    Each that fails is written again with what Lean says of it, from the first line on that Lean
    does not accept.

    Attributes:
        samples: Proofs to draw; no more are drawn once one holds.
        repairs: Rounds of mending.
        temperature: Of the sampling.
        top_p: Nucleus of the sampling.
        seed: Seed of all sampling.
        watch: Called with all proofs so far whenever there are more.

    Raises:
        OptionError: A value is out of range.
    """

    samples: int = 8
    repairs: int = 1
    temperature: float = 0.7
    top_p: float = 0.95
    seed: int = 0
    watch: Callable[[Sequence[Candidate]], None] | None = field(
        default=None, compare=False, repr=False
    )

    def __post_init__(self) -> None:
        at_least_one(samples=self.samples)
        if self.repairs < 0:
            raise OptionError(f"repairs is {self.repairs}", hint="Give 0 rounds or more.")
        self._params(self.samples, 0, 1)

    @property
    def needs(self) -> frozenset[Capability]:
        """What the engine has to offer: nothing more."""
        return frozenset()

    @property
    def settings(self) -> dict[str, Any]:
        """All that its solutions depend on."""
        return {
            "name": "whole proofs",
            "samples": self.samples,
            "repairs": self.repairs,
            "temperature": self.temperature,
            "top_p": self.top_p,
            "seed": self.seed,
        }

    def with_seed(self, seed: int) -> WholeProofs:
        """The same with another seed."""
        return replace(self, seed=seed)

    async def solve(self, problem: Problem, session: Session) -> Solution:
        """Prove; see :class:`neurosym.strategies.base.Strategy`."""
        most = session.domain.translator.max_tokens(problem)
        at_once = session.machinery.engine.info.parallel
        found: list[Candidate] = []
        while len(found) < self.samples and not any(map(holds, found)):
            start = len(found)
            params = self._params(min(at_once, self.samples - start), start, most)
            drawn = await session.draw(problem, params, start=start)
            if not drawn:  # the budget is spent, or the time over
                break
            found += drawn
            self._tell(found)
        latest = found
        for turn in range(1, self.repairs + 1):
            if any(map(holds, found)):
                break
            # Each round has places of its own in the log, as many as there may be candidates.
            latest = await self._mend(problem, session, _distinct(latest), turn * self.samples)
            found = [*found, *latest]
            self._tell(found)
        found = [replace(item, index=i) for i, item in enumerate(found)]
        return proof_solution(problem, session, found, lambda: _why_none(found))

    def _tell(self, found: Sequence[Candidate]) -> None:
        if self.watch is not None:
            self.watch(found)

    def _params(self, n: int, start: int, most: int) -> SamplingParams:
        return SamplingParams(
            n=n,
            seed=self.seed + start,
            temperature=self.temperature,
            top_p=self.top_p,
            max_tokens=most,
        )

    async def _mend(
        self, problem: Problem, session: Session, failed: Sequence[Candidate], first: int
    ) -> list[Candidate]:
        most = session.domain.translator.max_tokens(problem)
        mended = await together(
            session.revise(problem, item, self._params(1, first + i, most), first + i)
            for i, item in enumerate(failed)
        )
        return [item for item in mended if item is not None]


@dataclass(frozen=True, slots=True)
class TacticSearch:
    """Searches for a proof tactic by tactic, and has the whole of it judged.

    Attributes:
        search: How it searches.
        width: Tactics sampled for a state.
        temperature: Of the sampling.
        seed: Seed of all sampling.
        watch: Called with no name and the tree before the search, after each expansion, and at its
            end.
        retriever: What finds premises to show with each state; ``None`` shows none.

    Raises:
        OptionError: A value is out of range.
    """

    search: BestFirstSearch = field(default_factory=BestFirstSearch)
    width: int = 8
    temperature: float = 0.7
    seed: int = 0
    watch: Watch | None = field(default=None, compare=False, repr=False)
    retriever: Retriever | None = field(default=None, compare=False, repr=False)

    def __post_init__(self) -> None:
        SamplingParams(n=self.width, seed=self.seed, temperature=self.temperature)

    @property
    def samples(self) -> int:
        """Samples that it asks for at once."""
        return self.width * self.search.at_once

    @property
    def needs(self) -> frozenset[Capability]:
        """What the engine has to offer: tactics are ranked by their probabilities."""
        return frozenset({Capability.LOGPROBS})

    @property
    def settings(self) -> dict[str, Any]:
        """All that its solutions depend on."""
        return {
            "name": "best-first search",
            "search": asdict(self.search),
            "width": self.width,
            "temperature": self.temperature,
            "seed": self.seed,
            **retrieval_settings(self.retriever),
        }

    def with_seed(self, seed: int) -> TacticSearch:
        """The same with another seed."""
        return replace(self, seed=seed)

    async def solve(self, problem: Problem, session: Session) -> Solution:
        """Prove; see :class:`neurosym.strategies.base.Strategy`."""
        prover = session.domain.tactics
        if prover is None:
            raise ProblemError(
                f"problem {problem.id!r} is no theorem",
                hint="Search is for problems of kind proof.",
            )

        async def ask(
            prompt: Prompt, params: SamplingParams, stage: str
        ) -> Mapping[int, Completion] | None:
            return await session.ask(problem, prompt, params, stage)

        tree = ProofTree()

        def watch(grown: ProofTree) -> None:
            if self.watch is not None:
                self.watch("", grown)

        watch(tree)
        proposer = ModelProposer(
            ask,
            width=self.width,
            temperature=self.temperature,
            seed=self.seed,
            retriever=self.retriever,
        )
        search = self.search.within(session.meter.seconds_left())
        theorem = theorem_of(problem)
        await search.search(theorem, prover, proposer, tree, watch=watch)
        watch(tree)
        if tree.proof is None:
            return proof_solution(problem, session, [], lambda: _why_not_found(tree))
        written = Completion("\n".join(tree.proof), None, 0, 0, "stop", self.seed)
        found = await session.judge(problem, written, 0)
        # What each step may do, the whole may not: use an axiom, or take that long.
        return proof_solution(problem, session, [found], lambda: _why_not_accepted(found))


def _distinct(candidates: Sequence[Candidate]) -> list[Candidate]:
    """One of each proof, and of each text that is none."""
    seen: dict[str, Candidate] = {}
    for item in candidates:
        formal = item.formalization
        seen.setdefault(item.completion.text if formal is None else formal.digest, item)
    return list(seen.values())


def _why_none(candidates: Sequence[Candidate]) -> Abstention:
    if not candidates:
        return Abstention(AbstentionReason.BUDGET, NOT_ONE_SAMPLE)
    return Abstention(AbstentionReason.NO_SUPPORT, what_went_wrong(candidates))


def _why_not_accepted(found: Candidate) -> Abstention:
    error = found.verdict.outcome.evidence.get("error", found.verdict.outcome.status.value)
    detail = f"the proof that was found is not accepted as a whole: {error}"
    return Abstention(AbstentionReason.NO_SUPPORT, detail)


def _why_not_found(tree: ProofTree) -> Abstention:
    why = {
        EndOfSearch.BUDGET: "the budget is spent",
        EndOfSearch.EXPANSIONS: "it has gone on from so many states as it may",
        EndOfSearch.EXHAUSTED: "nothing more comes to the model's mind",
    }
    assert tree.end is not None
    end = why.get(tree.end, tree.end.value)
    best = "; ".join(tree.tactics(tree.best)) or "none"
    left = len(tree.nodes[tree.best].goals)
    detail = (
        f"no proof was found in {tree.expansions} expansions, and {end}; the furthest tactics "
        f"are: {best} (goals left: {left})"
    )
    is_budget = tree.end in (EndOfSearch.BUDGET, EndOfSearch.EXPANSIONS)
    return Abstention(AbstentionReason.BUDGET if is_budget else AbstentionReason.NO_SUPPORT, detail)
