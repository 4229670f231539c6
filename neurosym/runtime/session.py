"""What a strategy works with: sampling, verifying, comparing, all under one budget and one log."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, aclosing, nullcontext
from dataclasses import dataclass, field, replace
from typing import Any

from neurosym.backends.base import Limits
from neurosym.budget import Cost, Meter
from neurosym.candidate import (
    Candidate,
    Check,
    Completion,
    Formalization,
    Message,
    Outcome,
    Prompt,
    Verdict,
)
from neurosym.checks.feedback import Tell
from neurosym.checks.machinery import settle
from neurosym.engines.base import SamplingParams
from neurosym.engines.led import can_drop
from neurosym.errors import ContextOverflowError, DisagreementError, UnrecordedError
from neurosym.problem import Problem
from neurosym.runtime.domain import Domain
from neurosym.runtime.machinery import Machinery
from neurosym.runtime.records import candidate_from_json, candidate_to_json
from neurosym.runtime.runlog import WorkKey
from neurosym.runtime.sampling import FIRST, REORDERED, charges, costs, recorded, sample, sampled
from neurosym.runtime.staging import by_wording, parsed_from, route_of, translate
from neurosym.runtime.together import mapped, merged, together
from neurosym.status import Status
from neurosym.translators.base import Malformed, Staged
from neurosym.translators.verifier import VerifierTranslator, read_verdict
from neurosym.values import Value

__all__ = ["Session"]

_BRIEF = 1.0
"""Seconds for a formal object that was put together of several."""


@dataclass(slots=True)
class Session:
    """One problem's view of the machinery. Work found in the log is not done again.

    Attributes:
        machinery: What it shares with other problems.
        domain: What solves problems of its kind.
        meter: What it may still spend.
        amend: What a strategy makes of each prompt that asks for a translation.
    """

    machinery: Machinery
    domain: Domain
    meter: Meter
    amend: Callable[[Prompt], Prompt] = lambda prompt: prompt
    _outcomes: dict[str, asyncio.Task[Outcome]] = field(default_factory=dict)
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    def prompt(self, problem: Problem, variant: int) -> Prompt:
        """What asks for a translation of a problem in one of the wordings."""
        return self.amend(self.domain.translator.prompt(problem, variant))

    async def draw(
        self,
        problem: Problem,
        params: SamplingParams,
        *,
        start: int = 0,
        shown: Problem | None = None,
    ) -> list[Candidate]:
        """Sample formal objects, run them, and check what they found.

        The samples are spread evenly over the wordings, which take turns over all calls.

        Args:
            problem: The problem.
            params: How to sample; the i-th sample becomes the candidate of index ``start + i``.
                Those that the budget's time cuts off are left out.
            start: Index of the first candidate.
            shown: The problem as the model is to see it, if in another form. What it writes is read
                and checked for the problem itself.

        Raises:
            ContextOverflowError: The problem is too long for the model.
            EngineError: The model could not be run.
            BackendError: The backend broke.
        """
        stage = FIRST if shown is None else REORDERED
        parts = self._parts(problem, params, start, stage, shown or problem)
        drawn = await together(
            self._translate(problem, variant, prompt, part, first, stage)
            for variant, prompt, part, first in parts
        )
        return await together(
            self.judge(problem, completion, i, variant)
            for (variant, *_), completions in zip(parts, drawn, strict=True)
            for i, completion in completions.items()
        )

    @property
    def can_drop(self) -> bool:
        """Whether samples in flight can be dropped: not where they are drawn in stages."""
        is_staged = isinstance(self.domain.translator, Staged)
        return can_drop(self.machinery.engine) and not is_staged

    async def draw_until(
        self,
        problem: Problem,
        params: SamplingParams,
        start: int,
        is_enough: Callable[[list[Candidate]], Awaitable[bool]],
    ) -> list[Candidate]:
        """Sample formal objects, each judged when it ends, and drop those in flight when it may.

        Args:
            problem: The problem.
            params: How to sample; at most ``params.n``.
            start: Index of the first candidate.
            is_enough: Says of those so far whether no more are needed.

        Raises:
            ContextOverflowError: The problem is too long for the model.
            EngineError: The model could not be run.
            BackendError: The backend broke.
        """
        where = self.machinery, self.meter, problem
        unrecorded: list[UnrecordedError] = []

        def judging(variant: int, *asked: Any) -> AsyncGenerator[Candidate]:
            prompt, part, first = asked
            drawing = recorded(sampled(*where, prompt, part, FIRST, first), unrecorded)
            return mapped(drawing, lambda item: self.judge(problem, item[1], item[0], variant))

        candidates: list[Candidate] = []
        parts = itertools.starmap(judging, self._parts(problem, params, start, FIRST, problem))
        async with aclosing(merged(parts)) as judged:
            async for candidate in judged:
                candidates.append(candidate)
                if await is_enough(candidates):
                    break
            else:
                if unrecorded:
                    raise unrecorded[0]
        return sorted(candidates, key=lambda candidate: candidate.index)

    def _parts(
        self, problem: Problem, params: SamplingParams, start: int, stage: str, shown: Problem
    ) -> list[tuple[int, Prompt, SamplingParams, int]]:
        """What is asked in each wording: its number, prompt, how to sample, and the first place."""
        prompts = [self.prompt(shown, i) for i in range(self.domain.translator.variants)]
        return by_wording(self.machinery, problem, prompts, params, start, stage)

    async def affordable(
        self,
        problem: Problem,
        wanted: int,
        max_tokens: int,
        *,
        start: int = 0,
        apart: bool = False,
    ) -> int:
        """How many of ``wanted`` candidates of a problem the budget still allows to draw.

        Args:
            problem: The problem.
            wanted: Candidates to draw.
            max_tokens: Most tokens of each.
            start: Index of the first of them.
            apart: Whether each is asked for by itself, with a prompt that is charged by itself.
        """
        translator = self.domain.translator
        prompts = [self.prompt(problem, i) for i in range(translator.variants)]
        asked = await charges(self.machinery, self.meter, prompts)

        def fitting(n: int, cost: Cost) -> int:
            if isinstance(translator, Staged):  # at worst each is gone on from by itself
                cost = replace(cost, asked_each=cost.asked_each + max(asked))
            return self.meter.affordable(n, cost)

        if apart:
            return fitting(wanted, Cost(max_tokens, asked_each=max(asked)))
        where, own = (self.machinery.engine, self.meter), [asked[start % len(asked)]]
        most = fitting(wanted, costs(*where, max_tokens, asked))
        # One sample is asked in one wording alone.
        return most or fitting(1, costs(*where, max_tokens, own))

    async def revise(
        self,
        problem: Problem,
        candidate: Candidate,
        params: SamplingParams,
        index: int,
        tell: Tell = Tell.ALL,
    ) -> Candidate | None:
        """Let the model translate again, told what is wrong with a candidate.

        Args:
            problem: The problem.
            candidate: What it wrote before. It stays as it is.
            params: How to sample the one new sample.
            index: Index of the new candidate.
            tell: How much of what is wrong the model is told.

        Returns:
            The new candidate, whose parent is the old one; ``None`` if there is nothing to tell, or
            neither budget nor context allow it.
        """
        feedback = self.domain.feedback(candidate)
        if feedback is None:
            return None
        async with self._in_turn():
            # What stays of a text says which of it is right.
            kept = "" if tell is Tell.VERDICT else self.domain.kept(candidate)
            told = feedback.told(tell)
            return await self._revise(problem, candidate, params, index, told, kept)

    async def _revise(
        self,
        problem: Problem,
        candidate: Candidate,
        params: SamplingParams,
        index: int,
        feedback: str,
        kept: str,
    ) -> Candidate | None:
        variant = candidate.variant
        asked = self.prompt(problem, variant)
        said = Message("assistant", asked.prefix + candidate.completion.text)
        prompt = replace(
            asked,
            messages=(*asked.messages, said, Message("user", feedback)),
            prefix=asked.prefix + kept,
        )
        [charge] = await charges(self.machinery, self.meter, [prompt])
        if self.meter.affordable(1, Cost(params.max_tokens, asked=charge)) == 0:
            return None
        try:
            stage = f"revise-{candidate.index}"
            drawn = await self._translate(problem, variant, prompt, params, index, stage)
        except ContextOverflowError:
            return None
        revised = [
            await self.judge(
                problem,
                replace(completion, text=kept + completion.text),
                index,
                variant,
                parent=candidate.index,
            )
            for completion in drawn.values()
        ]
        return revised[0] if revised else None

    async def ask(
        self,
        problem: Problem,
        prompt: Prompt,
        params: SamplingParams,
        stage: str,
        *,
        counts: bool = True,
    ) -> dict[int, Completion] | None:
        """Sample completions of a prompt that is about a problem, as the budget allows.

        Args:
            problem: The problem.
            prompt: What to ask.
            params: How to sample; ``params.n`` completions, or fewer if the budget does not allow
                so many.
            stage: What it is for; each prompt needs one of its own.
            counts: Whether they count as samples, and do not only judge others or go on from them.

        Returns:
            The completions under their places; none of a prompt that is too long for the model, and
            ``None`` if the budget does not allow one.

        Raises:
            EngineError: The model could not be run.
        """
        async with self._in_turn():
            asked = await charges(self.machinery, self.meter, [prompt])
            cost = costs(self.machinery.engine, self.meter, params.max_tokens, asked)
            n = self.meter.affordable(params.n, cost, counts=counts)
            if n == 0:
                return None
            try:
                where, part = (self.machinery, self.meter), replace(params, n=n)
                return await sample(*where, problem, prompt, part, stage, 0, counts=counts)
            except ContextOverflowError:
                return {}

    def _in_turn(self) -> AbstractAsyncContextManager[Any]:
        """One at a time where samples or tokens are budgeted.

        What is asked for at once could each be affordable, and all together not.
        """
        is_limited = self.meter.minds_tokens or self.meter.minds_samples
        return self._turn if is_limited else nullcontext()

    async def self_verify(
        self, problem: Problem, answer: Value, params: SamplingParams
    ) -> list[Check]:
        """Sample programs that check a proposed answer, and read what they say.

        Args:
            problem: The problem.
            answer: The proposed answer.
            params: How to sample; ``params.n`` programs are drawn, or fewer if the budget or the
                context does not allow so many.
        """
        translator = VerifierTranslator(answer)
        prompt = translator.prompt(problem)
        stage = f"verify-{prompt.digest[:12]}"
        drawn = await self.ask(problem, prompt, params, stage) or {}

        async def check(completion: Completion) -> Check:
            outcome = await self._run(parsed_from(translator, problem, completion))
            contrast = translator.contrast
            if contrast is None or outcome.answer is not True:
                return read_verdict(outcome)
            opposite = parsed_from(contrast, problem, completion)
            return read_verdict(outcome, await self._run(opposite))

        return await together(map(check, drawn.values()))

    async def pool(self, candidates: Sequence[Candidate]) -> list[Candidate]:
        """Further candidates, made of those of a problem; see :class:`Domain`.

        Raises:
            BackendError: The backend broke.
        """
        if self.domain.pool is None or (left := self.meter.seconds_left()) == 0:
            return []
        try:
            return await asyncio.wait_for(self.domain.pool(candidates, self._run_briefly), left)
        except TimeoutError:
            return []  # they would have come too late

    async def group(self, answers: Sequence[Value]) -> tuple[int, ...]:
        """Classes of equal answers; see :class:`neurosym.runtime.domain.Comparison`."""
        return await self.domain.comparison.group(answers)

    async def _translate(
        self,
        problem: Problem,
        variant: int,
        prompt: Prompt,
        params: SamplingParams,
        start: int,
        stage: str = FIRST,
    ) -> dict[int, Completion]:
        where = self.machinery, self.meter, self.domain.translator
        return await translate(*where, problem, variant, prompt, params, start, stage)

    async def judge(
        self,
        problem: Problem,
        completion: Completion,
        index: int,
        variant: int = 0,
        parent: int | None = None,
    ) -> Candidate:
        """Read the formal object in a completion, run it, and check what is found.

        Args:
            problem: The problem.
            completion: What was written.
            index: Index of the candidate; one that is in the log is taken from there.
            variant: The wording it was asked for in.
            parent: Index of the candidate that it was made from.

        Raises:
            BackendError: The backend broke.
        """
        log, key = self.machinery.log, WorkKey(problem.digest, "candidate", index)
        if log is not None and (data := log.get(key)) is not None:
            logged = candidate_from_json(data)
            # A place may be another sample's where a clock cut the earlier run short.
            if logged.completion.text == completion.text:
                return logged
        parsed = parsed_from(self.domain.translator, problem, completion)
        outcome, route = await self._run(parsed), route_of(self.domain.translator, completion)
        formal = None if isinstance(parsed, Malformed) else parsed
        checks = () if formal is None else self.domain.run_checks(problem, formal, outcome)
        verdict = Verdict(settle(outcome, checks), checks)
        candidate = Candidate(index, completion, formal, verdict, parent, variant, route)
        if log is not None:
            log.put(key, candidate_to_json(candidate))
        return candidate

    async def _run_briefly(self, formal: Formalization) -> Outcome:
        """Run what nobody wrote, and what most often gives nothing, for a short time only."""
        limits = self.domain.limits or self.machinery.limits
        return await self._run(formal, replace(limits, seconds=min(limits.seconds, _BRIEF)))

    async def _run(
        self, parsed: Formalization | Malformed, limits: Limits | None = None
    ) -> Outcome:
        """Run a formal object, or share the outcome of one that does the same.

        Backends that disagree on one say nothing of the others, so that is an outcome as well.
        """
        if isinstance(parsed, Malformed):
            return Outcome(Status.MALFORMED, evidence={"error": parsed.reason})
        task = self._outcomes.get(parsed.digest)
        if task is None:
            limits = limits or self.domain.limits or self.machinery.limits
            run = self.domain.backend.run(parsed, limits)
            task = self._outcomes[parsed.digest] = asyncio.ensure_future(run)
        try:
            return await task
        except DisagreementError as error:
            return Outcome(Status.DISAGREEMENT, evidence={"error": f"{error}: {error.hint}"})
