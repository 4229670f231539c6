"""What all strategies share that let samples vote.

Self-consistency over programs (Wang et al. 2023, arXiv:2203.11171; Gao et al. 2023,
arXiv:2211.10435, section 5) with votes weighted by checks (Zhou et al. 2023, arXiv:2308.07921).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import chain
from typing import Any, ClassVar, Self

from neurosym.candidate import Candidate, Check
from neurosym.checks.feedback import Tell
from neurosym.counts import at_least_one
from neurosym.engines.base import Capability, SamplingParams
from neurosym.errors import OptionError
from neurosym.problem import Kind, Problem
from neurosym.runtime.session import Session
from neurosym.runtime.together import together
from neurosym.selection.base import Selector
from neurosym.selection.calibration import Calibration
from neurosym.selection.named import Select, named_selector
from neurosym.solution import Abstention, AbstentionReason, Selection, Solution
from neurosym.spec import field_kinds, fitting
from neurosym.strategies.base import NOT_ONE_SAMPLE, what_went_wrong
from neurosym.strategies.prompting import (
    amended,
    ask_for_steps,
    ask_what_to_ignore,
    with_hint,
    with_nearest,
)
from neurosym.strategies.shuffling import may_shuffle, shuffled
from neurosym.strategies.words import SelfVerify
from neurosym.translators.verifier import MAX_PROPOSED, agreement
from neurosym.values import Value, literal

__all__ = ["Voting"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Voting(ABC):
    """Draw samples, run and check them, and let them vote; how many there are is left open.

    Attributes:
        temperature: Of the sampling; 0 with one sample is greedy decoding.
        top_p: Nucleus of the sampling.
        last_temperature: That of the last sample there may be; those between go evenly from the one
            to the other. ``None`` is the same for all.
        last_top_p: The same of the nucleus.
        max_tokens: Most tokens of one sample; ``None`` takes what the translator asks for.
        logprobs: Whether to ask for log-probabilities, which then break ties. Ways to select that
            need them ask for them by themselves.
        self_verify: Which answers a second, independently sampled program checks.
        verifications: Checking programs for each such answer.
        refine: Rounds in which the model is told what is wrong with a sample and translates again;
            each gives a further candidate, and the old one stays. Both count an answer once.
        tell: How much of what is wrong it is told then.
        fresh: Of the samples that something is wrong with, the part in [0, 1] that is drawn anew in
            each of those rounds, and not told.
        pool: Whether what several samples say is put together for further candidates, where the
            kind of problem allows that.
        hint: A sentence that is put after each question.
        nearest: Worked examples to keep, those most like the question; 0 keeps all as they are.
        steps: Steps of worked examples to show beside the question, those most like the steps of a
            first attempt; 0 shows none.
        ignore: Whether the model is first asked which sentences do not matter.
        shuffle: Whether each sample sees options that have no order in an order of its own.
        select: How the answer is chosen.
        abstain_below: Least confidence for an answer to be given, in [0, 1].
        seed: Seed of all sampling.

    Raises:
        OptionError: A value is out of range.
    """

    name: ClassVar[str]
    """Names it in text and run logs."""

    temperature: float = 0.7
    top_p: float = 0.95
    last_temperature: float | None = None
    last_top_p: float | None = None
    max_tokens: int | None = None
    logprobs: bool = False
    self_verify: SelfVerify = SelfVerify.NONE
    verifications: int = 1
    refine: int = 0
    tell: Tell = Tell.ALL
    fresh: float = 0.0
    pool: bool = True
    hint: str = ""
    nearest: int = 0
    steps: int = 0
    ignore: bool = False
    shuffle: bool = False
    select: Select = Select.VERIFIED
    abstain_below: float = 0.0
    seed: int = 0

    def __post_init__(self) -> None:
        # What is equal is one strategy, with one text and one digest: 1 and 1.0, words and choices.
        for key, kind in field_kinds(type(self)).items():
            object.__setattr__(self, key, fitting(key, kind, getattr(self, key)))
        at_least_one(verifications=self.verifications)
        for name in ("refine", "nearest", "steps"):
            if getattr(self, name) < 0:
                raise OptionError(f"{name} is {getattr(self, name)}", hint="Give 0 or more.")
        for name, part in (("abstain-below", self.abstain_below), ("fresh", self.fresh)):
            if not 0 <= part <= 1:
                raise OptionError(f"{name} is {part}", hint="Give a part from 0 to 1.")
        if self.fresh and not self.refine:
            raise OptionError(
                f"fresh is {self.fresh} without any round in which samples are told",
                hint="Give refine as well.",
            )
        if self.shuffle and self.refine:
            raise OptionError(
                "options cannot be shuffled where samples are written again",
                hint="Leave out shuffle or refine.",
            )
        # Refuses what no engine can sample with.
        for place in (0, max(0, self.most - 1)):
            self.params(1, place, 1 if self.max_tokens is None else self.max_tokens)

    @property
    @abstractmethod
    def samples(self) -> int:
        """Samples that it asks for at once."""

    @property
    @abstractmethod
    def most(self) -> int:
        """Most samples of one problem."""

    @property
    def needs(self) -> frozenset[Capability]:
        """What the engine has to offer."""
        verifies = self.self_verify is not SelfVerify.NONE
        wanted = {
            Capability.LOGPROBS: self.logprobs or self.select.needs_logprobs,
            Capability.FURTHER: self.refine or self.steps or self.ignore or verifies,
        }
        return frozenset(need for need, is_wanted in wanted.items() if is_wanted)

    @property
    def settings(self) -> dict[str, Any]:
        """All that its solutions depend on."""
        return {"name": self.name, **asdict(self)}

    def with_seed(self, seed: int) -> Self:
        """The same with another seed."""
        return replace(self, seed=seed)

    async def solve(self, problem: Problem, session: Session) -> Solution:
        """Solve by a vote; see :class:`neurosym.strategies.base.Strategy`."""
        session = await self._equipped(problem, session)
        candidates = await self._draw(problem, session)
        candidates += await self._refine(problem, session, candidates, self.refine)
        if self.pool:
            candidates += await session.pool(candidates)
        labels = await session.group([candidate.answer for candidate in candidates])
        checks = await self._self_verify(problem, session, candidates, labels)
        candidates = [
            _with_check(candidate, checks.get(label))
            for candidate, label in zip(candidates, labels, strict=True)
        ]
        return self._conclude(problem, session, candidates, labels)

    async def _equipped(self, problem: Problem, session: Session) -> Session:
        """The session with the prompts that the strategy wants."""
        steps = [with_nearest(self.nearest)] if self.nearest else []
        if self.steps:
            most = self.most_tokens(problem, session)
            step = await ask_for_steps(problem, session, self.seed, most, self.steps)
            steps += [step] if step is not None else []
        if self.ignore and (step := await ask_what_to_ignore(problem, session, self.seed)):
            steps.append(step)
        if self.hint:
            steps.append(with_hint(self.hint))
        return amended(session, *steps)

    @property
    def _is_scheduled(self) -> bool:
        """Whether each sample is drawn in a way of its own."""
        return (self.last_temperature, self.last_top_p) != (None, None)

    def params(self, n: int, start: int, max_tokens: int) -> SamplingParams:
        """How to sample ``n`` candidates, of which the first has the place ``start``."""
        part = min(1.0, start / max(1, self.most - 1))
        return SamplingParams(
            n=n,
            seed=self.seed + start,
            temperature=_between(self.temperature, self.last_temperature, part),
            top_p=_between(self.top_p, self.last_top_p, part),
            max_tokens=max_tokens,
            logprobs=self.logprobs or self.select.needs_logprobs,
        )

    def most_tokens(self, problem: Problem, session: Session) -> int:
        """Most tokens of one sample of a problem."""
        if self.max_tokens is not None:
            return self.max_tokens
        return session.domain.translator.max_tokens(problem)

    @abstractmethod
    async def _draw(self, problem: Problem, session: Session) -> list[Candidate]:
        """The samples, run and checked."""

    async def draw_up_to(
        self,
        total: int,
        problem: Problem,
        session: Session,
        candidates: list[Candidate],
        until: Callable[[Sequence[Candidate]], Awaitable[bool]] | None = None,
    ) -> bool:
        """Draw what is missing, or less; whether the budget was enough for that.

        Args:
            total: How many there are to be.
            problem: The problem.
            session: Draws them.
            candidates: Those that are there, to which the new ones are added.
            until: Whether those that have ended are enough; the rest is dropped then.
        """
        most = self.most_tokens(problem, session)
        while (missing := total - len(candidates)) > 0:
            # Samples that the budget cut off have left their places empty.
            start = max((item.index for item in candidates), default=-1) + 1
            params = self.params(1 if self._is_scheduled else missing, start, most)
            if until is None:
                drawn = await self._drawn(problem, session, params, start)
            else:
                drawn = await session.draw_until(
                    problem, params, start, lambda ended: until([*candidates, *ended])
                )
            if drawn is None:
                return False
            candidates.extend(drawn)
            if until is not None and await until(candidates):
                break
        return True

    async def _drawn(
        self, problem: Problem, session: Session, params: SamplingParams, start: int
    ) -> list[Candidate] | None:
        """Samples as the budget allows; ``None`` if it does not allow one."""
        if not (self.shuffle and may_shuffle(problem)):
            return await session.draw(problem, params, start=start)

        async def one(i: int) -> list[Candidate] | None:
            seed = params.seed + i
            other = shuffled(problem, seed)
            part = replace(params, n=1, seed=seed)
            drawn = await session.draw(problem, part, start=start + i, shown=other.problem)
            return None if drawn is None else [other.restored(candidate) for candidate in drawn]

        drawn = [part for part in await together(map(one, range(params.n))) if part is not None]
        return list(chain.from_iterable(drawn)) if drawn else None

    def selector(self, session: Session) -> Selector:
        """What chooses among the candidates of a session's problem."""
        return named_selector(self.select, session.domain.calibration.selector)

    async def _refine(
        self, problem: Problem, session: Session, drawn: Sequence[Candidate], rounds: int
    ) -> list[Candidate]:
        most = self.most_tokens(problem, session)
        revised: list[Candidate] = []
        latest = list(drawn)
        # Those that were given up or cut off have left their places empty.
        places = max((item.index for item in drawn), default=-1) + 1
        for turn in range(1, rounds + 1):
            # Each round has places of its own in the log, as many as there may be candidates.
            first = turn * places
            told, anew = self._parted(session, latest)
            found = await together(
                session.revise(
                    problem, latest[i], self.params(1, first + i, most), first + i, self.tell
                )
                for i in told
            )
            found += await self._draw_anew(problem, session, [first + i for i in anew])
            start = places + len(revised)
            latest = [
                replace(item, index=start + i)
                for i, item in enumerate(item for item in found if item is not None)
            ]
            revised += latest
        return revised

    def _parted(
        self, session: Session, latest: Sequence[Candidate]
    ) -> tuple[Sequence[int], Sequence[int]]:
        """Which samples are to be told what is wrong, if anything is, and which drawn anew."""
        if not self.fresh:
            return range(len(latest)), ()
        wrong = [i for i, item in enumerate(latest) if session.domain.told(item, self.tell)]
        told = len(wrong) - round(self.fresh * len(wrong))
        return wrong[:told], wrong[told:]

    async def _draw_anew(
        self, problem: Problem, session: Session, places: Sequence[int]
    ) -> list[Candidate]:
        """Fresh samples at some places, as many as the budget allows."""
        most = self.most_tokens(problem, session)
        drawn = await together(
            session.draw(problem, self.params(1, place, most), start=place) for place in places
        )
        return list(chain.from_iterable(part for part in drawn if part is not None))

    async def _self_verify(
        self,
        problem: Problem,
        session: Session,
        candidates: Sequence[Candidate],
        labels: Sequence[int],
    ) -> dict[int, Check]:
        answers: dict[int, Value] = {}
        for candidate, label in zip(candidates, labels, strict=True):
            if label >= 0:
                answers.setdefault(label, candidate.answer)
        if self.self_verify is SelfVerify.NONE or problem.kind is not Kind.MATH:
            return {}  # a program can check a proposed number, but nothing short of a proof a claim
        asked = sorted(answers, key=lambda label: (-list(labels).count(label), label))
        if self.self_verify is SelfVerify.CONTESTED:
            asked = asked[:2] if len(asked) > 1 else []
        checks = {}
        for label in asked:
            if len(literal(answers[label])) > MAX_PROPOSED:
                continue  # no model can read it, and it would not fit the context
            # Seeds apart from those of the candidates, so that the two are independent.
            most = self.most_tokens(problem, session)
            params = self.params(self.verifications, 10_000 + 100 * label, most)
            found = await session.self_verify(
                problem, answers[label], replace(params, temperature=0.7, top_p=self.top_p)
            )
            if found:
                checks[label] = agreement(found)
        return checks

    def _conclude(
        self,
        problem: Problem,
        session: Session,
        candidates: list[Candidate],
        labels: tuple[int, ...],
    ) -> Solution:
        # A fitted curve is of the vote that it was fitted on, and says nothing of others.
        is_fitted = self.select is Select.VERIFIED
        calibration = session.domain.calibration if is_fitted else Calibration()
        selection = self.selector(session).select(candidates, labels)
        confidence = calibration.confidence(selection)
        abstention = self._abstain(session, candidates, labels, selection, confidence)
        weighed = sum(selection.votes)
        candidates = [
            replace(item, verdict=replace(item.verdict, score=vote / weighed if weighed else 0.0))
            for item, vote in zip(candidates, selection.votes, strict=True)
        ]
        chosen = selection.candidate
        return Solution(
            problem_id=problem.id,
            answer=None if abstention or chosen is None else candidates[chosen].answer,
            abstention=abstention,
            confidence=confidence,
            selection=selection,
            labels=labels,
            candidates=tuple(candidates),
            usage=session.meter.total(),
        )

    def _abstain(
        self,
        session: Session,
        candidates: Sequence[Candidate],
        labels: Sequence[int],
        selection: Selection,
        confidence: float,
    ) -> Abstention | None:
        if not candidates:
            return self._without_samples(session)
        if selection.candidate is None:
            return Abstention(AbstentionReason.NO_SUPPORT, what_went_wrong(candidates))
        if _tell_nothing(labels, selection):
            return Abstention(
                AbstentionReason.NO_AGREEMENT,
                "each sample has another answer, and nothing speaks for one of them",
            )
        if confidence < self.abstain_below:
            return Abstention(
                AbstentionReason.LOW_CONFIDENCE,
                f"confidence {confidence:.2f} is below {self.abstain_below:.2f}",
            )
        return None

    def _without_samples(self, session: Session) -> Abstention:
        """Why not a single sample was drawn."""
        return Abstention(AbstentionReason.BUDGET, NOT_ONE_SAMPLE)


def _between(first: float, last: float | None, part: float) -> float:
    return first if last is None else first + (last - first) * part


def _tell_nothing(labels: Sequence[int], selection: Selection) -> bool:
    """Whether the answers of all samples differ, and the first of the best ones was chosen."""
    votes = zip(labels, selection.votes, strict=True)
    given = [label for label, vote in votes if label >= 0 and vote > 0]
    return selection.by_place and len(set(given)) == len(given)


def _with_check(candidate: Candidate, check: Check | None) -> Candidate:
    if check is None:
        return candidate
    verdict = candidate.verdict
    return replace(candidate, verdict=replace(verdict, checks=(*verdict.checks, check)))
