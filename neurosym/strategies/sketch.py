"""The strategy that drafts the steps of a proof first, and proves each apart.

As in Draft, Sketch, and Prove (Jiang et al. 2022, arXiv:2210.12283): a skeleton of a proof that
Lean takes but for its holes, and a search for a proof of each hole. Only the whole proof counts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from neurosym.backends.base import Limits
from neurosym.backends.lean.elaboration import LEAN_LIMITS, Elaborator
from neurosym.backends.lean.holes import HoleProver, refusal
from neurosym.backends.lean.step_prover import tactic_proof
from neurosym.candidate import Candidate, Completion, Outcome, Prompt, Verdict
from neurosym.engines.base import Capability, SamplingParams
from neurosym.errors import FormulaError, OptionError, ProblemError
from neurosym.formal.lean.proof import Proof
from neurosym.formal.lean.skeleton import Skeleton
from neurosym.formal.lean.theorem import Theorem
from neurosym.problem import Problem
from neurosym.runtime.session import Session
from neurosym.runtime.together import together
from neurosym.solution import Abstention, AbstentionReason, Solution
from neurosym.status import Status
from neurosym.strategies.base import NOT_ONE_SAMPLE
from neurosym.strategies.best_first import BestFirstSearch
from neurosym.strategies.model_proposer import ModelProposer, Retriever, retrieval_settings
from neurosym.strategies.proof_solution import holds, proof_solution
from neurosym.strategies.proof_tree import EndOfSearch, ProofTree, Watch
from neurosym.translators.base import Malformed
from neurosym.translators.lean_proof import theorem_of
from neurosym.translators.lean_sketch import (
    MAX_SKETCH_TOKENS,
    mended_prompt,
    read_sketch,
    sketch_prompt,
)

__all__ = ["SketchAndFill"]

_STAGE = "sketch"
_SHOWN = 80
"""Characters of a goal, or of a message, that are told."""


@dataclass(frozen=True, slots=True)
class SketchAndFill:
    """Samples skeletons of a proof, and searches for what is missing in those that Lean takes.

    The holes of one skeleton are worked on at once, and each to its end even where another stays
    open. What they come to is kept: of a skeleton with open holes the candidate is the proof with
    all that was found, and ``sorry`` in the rest.

    Attributes:
        samples: Skeletons to draw.
        repairs: Rounds in which skeletons that Lean does not take are written again, told what it
            says, if none came to a proof.
        search: How it searches in each hole; its limits are those of one hole.
        width: Tactics sampled for a state.
        temperature: Of all sampling.
        seed: Seed of all sampling.
        retriever: What finds premises to show with each state; ``None`` shows none.
        watch: Called with "sketch 1, hole 2" and the tree of that hole, before the search for it,
            after each expansion, and at its end.

    Raises:
        OptionError: A value is out of range.
    """

    samples: int = 4
    repairs: int = 1
    search: BestFirstSearch = field(default_factory=BestFirstSearch)
    width: int = 8
    temperature: float = 0.7
    seed: int = 0
    retriever: Retriever | None = field(default=None, compare=False, repr=False)
    watch: Watch | None = field(default=None, compare=False, repr=False)

    def __post_init__(self) -> None:
        if self.repairs < 0:
            raise OptionError(f"repairs is {self.repairs}", hint="Give 0 rounds or more.")
        self._params(self.samples)
        SamplingParams(n=self.width)

    @property
    def needs(self) -> frozenset[Capability]:
        """What the engine has to offer: tactics are ranked by their probabilities."""
        return frozenset({Capability.LOGPROBS})

    @property
    def settings(self) -> dict[str, Any]:
        """All that its solutions depend on."""
        return {
            "name": "sketch and fill",
            "samples": self.samples,
            "repairs": self.repairs,
            "search": asdict(self.search),
            "width": self.width,
            "temperature": self.temperature,
            "seed": self.seed,
            **retrieval_settings(self.retriever),
        }

    def with_seed(self, seed: int) -> SketchAndFill:
        """The same with another seed."""
        return replace(self, seed=seed)

    async def solve(self, problem: Problem, session: Session) -> Solution:
        """Prove; see :class:`neurosym.strategies.base.Strategy`."""
        elaborator = session.domain.elaborator
        if elaborator is None:
            raise ProblemError(
                f"problem {problem.id!r} is no theorem",
                hint="Sketches are for problems of kind proof.",
            )
        theorem = theorem_of(problem)
        prompt = sketch_prompt(theorem, problem.context)
        drawn = await session.ask(problem, prompt, self._params(self.samples), _STAGE)
        limits = session.domain.limits or LEAN_LIMITS
        reader = _Reader(theorem, elaborator, limits)
        filler = _Filler(self, problem, session, theorem, elaborator, limits)
        filled: list[_Filled] = []
        sketches = await reader.read(drawn or {})
        for turn in range(self.repairs + 1):
            refused = []
            # A sketch without holes is a proof, or nothing.
            for sketch in sorted(sketches, key=lambda item: bool(item.holes)):
                filled.append(await filler.fill(sketch))
                if holds(filled[-1].candidate):
                    break
                if filled[-1].fault:
                    refused.append(replace(sketch, fault=filled[-1].fault))
            if turn == self.repairs or not refused or any(holds(i.candidate) for i in filled):
                break
            # Each round has places of its own in the log, as many as there may be sketches.
            first = (turn + 1) * self.samples
            sketches = await reader.read(await self._mend(problem, session, prompt, refused, first))
        candidates = [replace(item.candidate, index=i) for i, item in enumerate(filled)]
        return proof_solution(
            problem, session, candidates, lambda: _why_none(filled, drawn, session)
        )

    async def _mend(
        self,
        problem: Problem,
        session: Session,
        prompt: Prompt,
        refused: Sequence[_Sketch],
        first: int,
    ) -> dict[int, Completion]:
        """Another sample for each sketch that was refused, as far as the budget goes."""

        async def ask(sketch: _Sketch) -> Mapping[int, Completion] | None:
            told = mended_prompt(prompt, sketch.completion.text, sketch.fault)
            params = replace(self._params(1), seed=self.seed + first)
            return await session.ask(problem, told, params, f"{_STAGE}-mend-{sketch.place}")

        mended = await together(map(ask, refused))
        return {first + i: drawn[0] for i, drawn in enumerate(mended) if drawn}

    def _params(self, n: int) -> SamplingParams:
        return SamplingParams(
            n=n,
            seed=self.seed,
            temperature=self.temperature,
            max_tokens=MAX_SKETCH_TOKENS,
        )


@dataclass(frozen=True, slots=True)
class _Sketch:
    """A sample.

    Attributes:
        place: Its place among the samples.
        completion: What the model wrote.
        skeleton: What it is read as; ``None`` if it is none.
        fault: What is wrong with it; empty if Lean takes it.
    """

    place: int
    completion: Completion
    skeleton: Skeleton | None
    fault: str = ""

    @property
    def holes(self) -> int:
        """How many holes there are to fill."""
        return 0 if self.skeleton is None or self.fault else len(self.skeleton.holes)


@dataclass(frozen=True, slots=True)
class _Hole:
    """What came of a hole."""

    tree: ProofTree
    fault: str = ""
    """Why nothing could be tried in it."""

    @property
    def told(self) -> str:
        """What is still to be proved in it."""
        goals = self.tree.nodes[0].goals if self.tree.nodes else ()
        text = f"⊢ {goals[0].rpartition('⊢ ')[2]}" if goals else self.fault
        return _short(text)


@dataclass(frozen=True, slots=True)
class _Filled:
    """What came of a sketch; there are no holes of one that Lean does not take."""

    candidate: Candidate
    holes: tuple[_Hole, ...] = ()
    fault: str = ""

    @property
    def open(self) -> list[_Hole]:
        return [hole for hole in self.holes if hole.tree.proof is None]


class _Reader:
    """Reads the samples of one theorem, and has Lean look at each once."""

    def __init__(self, theorem: Theorem, elaborator: Elaborator, limits: Limits) -> None:
        self._theorem = theorem
        self._elaborator = elaborator
        self._limits = limits
        self._seen: set[str] = set()

    async def read(self, drawn: Mapping[int, Completion]) -> list[_Sketch]:
        """One sketch of each kind that was not seen before, in order, with what Lean says of it."""
        found: list[_Sketch] = []
        for place, completion in drawn.items():
            read: Skeleton | Malformed = Malformed("it was cut off at the limit of its tokens")
            if completion.finish_reason != "length":
                read = read_sketch(completion.text, self._theorem)
            if isinstance(read, Malformed):
                key, sketch = completion.text, _Sketch(place, completion, None, read.reason)
            else:
                key, sketch = read.theorem.digest, _Sketch(place, completion, read)
            if key not in self._seen:
                self._seen.add(key)
                found.append(sketch)
        return await together(map(self._examined, found))

    async def _examined(self, sketch: _Sketch) -> _Sketch:
        if sketch.skeleton is None or not sketch.skeleton.holes:  # a whole proof is judged
            return sketch
        fault = await refusal(sketch.skeleton, self._elaborator, self._limits)
        return replace(sketch, fault=fault or "")


class _Filler:
    """Fills the sketches of one theorem."""

    def __init__(
        self,
        settings: SketchAndFill,
        problem: Problem,
        session: Session,
        theorem: Theorem,
        elaborator: Elaborator,
        limits: Limits,
    ) -> None:
        self._settings = settings
        self._problem = problem
        self._session = session
        self._theorem = theorem
        self._elaborator = elaborator
        self._limits = limits

    async def fill(self, sketch: _Sketch) -> _Filled:
        """Search in all holes of a sketch, and have the proof judged if none is left."""
        skeleton = sketch.skeleton
        if skeleton is None:
            return self._failed(sketch, None, Status.MALFORMED, sketch.fault)
        if sketch.fault:
            return self._failed(sketch, skeleton.theorem, Status.FAILED, sketch.fault)
        work = (self._search(sketch.place, skeleton, i) for i in range(len(skeleton.holes)))
        holes = tuple(await together(work))
        proofs = {
            number: tactic_proof(hole.tree.proof)
            for number, hole in enumerate(holes)
            if hole.tree.proof is not None
        }
        try:
            given = skeleton.filled(proofs)
        except FormulaError as error:  # what is well in one hole may not be beside another
            return self._failed(sketch, skeleton.theorem, Status.FAILED, str(error))
        if len(proofs) < len(holes):
            left = f"{len(holes) - len(proofs)} of {len(holes)} holes are open"
            return replace(self._failed(sketch, given, Status.FAILED, left), holes=holes, fault="")
        text = f"{given.opening}{given.joint}{given.proof}"
        written = replace(sketch.completion, text=text, logprobs=None)
        candidate = await self._session.judge(self._problem, written, sketch.place)
        fault = candidate.verdict.outcome.evidence.get("error", "")
        return _Filled(candidate, holes, fault)

    def _failed(
        self, sketch: _Sketch, given: Theorem | None, status: Status, fault: str
    ) -> _Filled:
        proof = None if given is None else Proof(self._theorem, given)
        verdict = Verdict(Outcome(status, evidence={"error": fault}))
        return _Filled(Candidate(sketch.place, sketch.completion, proof, verdict), fault=fault)

    async def _search(self, place: int, skeleton: Skeleton, number: int) -> _Hole:
        """Search for a proof of one hole."""
        session, settings = self._session, self._settings
        # Each hole has places of its own in the log, as it may have the goals of another.
        own = f"{_STAGE}-{skeleton.theorem.digest[:16]}-{number}"

        async def ask(
            prompt: Prompt, params: SamplingParams, stage: str
        ) -> Mapping[int, Completion] | None:
            return await session.ask(self._problem, prompt, params, f"{own}-{stage}")

        proposer = ModelProposer(
            ask,
            width=settings.width,
            temperature=settings.temperature,
            seed=settings.seed,
            retriever=settings.retriever,
        )
        prover = HoleProver(skeleton, number, self._elaborator, self._limits)
        tree = ProofTree()

        def watch(grown: ProofTree) -> None:
            if settings.watch is not None:
                settings.watch(f"sketch {place + 1}, hole {number + 1}", grown)

        watch(tree)
        left = session.meter.seconds_left()
        if left == 0:
            tree.end = EndOfSearch.BUDGET
            return _Hole(tree, "no time was left for it")
        try:
            search = settings.search.within(left)
            await search.search(skeleton.theorem, prover, proposer, tree, watch=watch)
        except FormulaError as error:
            return _Hole(tree, error.problem)
        watch(tree)
        return _Hole(tree)


def _why_none(
    filled: Sequence[_Filled], drawn: Mapping[int, Completion] | None, session: Session
) -> Abstention:
    if not filled:
        is_too_long = drawn is not None and session.meter.seconds_left() != 0
        if is_too_long:
            told = "the theorem does not fit the model's context window"
            return Abstention(AbstentionReason.TOO_LONG, told)
        return Abstention(AbstentionReason.BUDGET, NOT_ONE_SAMPLE)
    unfinished = [item for item in filled if item.open]
    if not unfinished:
        detail = f"none of {len(filled)} sketches came to a proof: {_short(filled[0].fault)}"
        return Abstention(AbstentionReason.NO_SUPPORT, detail)
    taken = sum(1 for item in filled if item.holes)
    furthest = min(unfinished, key=lambda item: len(item.open))
    left = "; ".join(hole.told for hole in furthest.open)
    detail = (
        f"Lean takes {taken} of {len(filled)} sketches, and in the furthest "
        f"{len(furthest.open)} of {len(furthest.holes)} holes are open: {left}"
    )
    limits = (EndOfSearch.BUDGET, EndOfSearch.EXPANSIONS)
    is_budget = any(hole.tree.end in limits for hole in furthest.open)
    return Abstention(AbstentionReason.BUDGET if is_budget else AbstentionReason.NO_SUPPORT, detail)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN else f"{line[: _SHOWN - 1]}…"
