"""What a strategy works with: sampling, verifying, comparing, all under one budget and one log."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, aclosing, asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from neurosym.backends.base import Limits
from neurosym.budget import Cost, Held, Meter
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
    ) -> list[Candidate] | None:
        """Sample formal objects as the budget allows, run them, and check what they found.

        The samples are spread evenly over the wordings, which take turns over all calls.

        Args:
            problem: The problem.
            params: How to sample; ``params.n`` samples, or fewer if the budget does not allow so
                many. The i-th becomes the candidate of index ``start + i``. Those that the budget's
                time cuts off are left out.
            start: Index of the first candidate.
            shown: The problem as the model is to see it, if in another form. What it writes is read
                and checked for the problem itself.

        Returns:
            The candidates; ``None`` if the budget does not allow one.

        Raises:
            ContextOverflowError: The problem is too long for the model.
            EngineError: The model could not be run.
            BackendError: The backend broke.
        """
        stage = FIRST if shown is None else REORDERED
        prompts = self._prompts(shown or problem)
        async with self._holding(prompts, params, start) as held:
            if held.n == 0:
                return None
            where = self.machinery, held, self.domain.translator, problem
            fewer = replace(params, n=held.n)
            parts = by_wording(self.machinery, problem, prompts, fewer, start, stage)
            drawn = await together(translate(*where, *part, stage) for part in parts)
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
    ) -> list[Candidate] | None:
        """Sample formal objects, each judged when it ends, and drop those in flight when it may.

        Args:
            problem: The problem.
            params: How to sample; at most ``params.n``, and as the budget allows.
            start: Index of the first candidate.
            is_enough: Says of those so far whether no more are needed.

        Returns:
            The candidates; ``None`` if the budget does not allow one.

        Raises:
            ContextOverflowError: The problem is too long for the model.
            EngineError: The model could not be run.
            BackendError: The backend broke.
        """
        unrecorded: list[UnrecordedError] = []
        candidates: list[Candidate] = []
        prompts = self._prompts(problem)
        async with self._holding(prompts, params, start) as held:
            if held.n == 0:
                return None

            def judging(variant: int, *asked: Any) -> AsyncGenerator[Candidate]:
                prompt, part, first = asked
                where = self.machinery, held, problem, prompt, part, FIRST, first
                drawing = recorded(sampled(*where), unrecorded)
                return mapped(drawing, lambda item: self.judge(problem, item[1], item[0], variant))

            fewer = replace(params, n=held.n)
            parts = by_wording(self.machinery, problem, prompts, fewer, start, FIRST)
            async with aclosing(merged(itertools.starmap(judging, parts))) as judged:
                async for candidate in judged:
                    candidates.append(candidate)
                    if await is_enough(candidates):
                        break
                else:
                    if unrecorded:
                        raise unrecorded[0]
        return sorted(candidates, key=lambda candidate: candidate.index)

    def _prompts(self, shown: Problem) -> list[Prompt]:
        """What asks for a translation in each of the wordings."""
        return [self.prompt(shown, i) for i in range(self.domain.translator.variants)]

    @asynccontextmanager
    async def _holding(
        self, prompts: Sequence[Prompt], params: SamplingParams, start: int
    ) -> AsyncGenerator[Held]:
        """As many samples as the budget allows, asked for in wordings that take turns."""
        turns = [prompts[(start + i) % len(prompts)] for i in range(min(params.n, len(prompts)))]
        asked = await charges(self.machinery, self.meter, turns)
        is_staged = isinstance(self.domain.translator, Staged)

        def holding(n: int, asked: list[int]) -> AbstractAsyncContextManager[Held]:
            cost = costs(self.machinery.engine, self.meter, params.max_tokens, asked)
            if is_staged:  # at worst each is gone on from by itself
                cost = replace(cost, asked_each=cost.asked_each + max(asked))
            return self.meter.holding(n, cost)

        async with holding(params.n, asked) as held:
            if held.n or len(asked) == 1:
                yield held
                return
        # One sample is asked for in one wording alone.
        async with holding(1, asked[:1]) as held:
            yield held

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
        told = self.domain.told(candidate, tell)
        if not told:
            return None
        # What stays of a text says which of it is right.
        kept = "" if tell is Tell.VERDICT else self.domain.kept(candidate)
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
        async with self.meter.holding(1, Cost(params.max_tokens, asked=charge)) as held:
            if held.n == 0:
                return None
            where = self.machinery, held, self.domain.translator, problem
            stage = f"revise-{candidate.index}"
            try:
                drawn = await translate(*where, variant, prompt, params, index, stage)
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
        asked = await charges(self.machinery, self.meter, [prompt])
        cost = costs(self.machinery.engine, self.meter, params.max_tokens, asked)
        async with self.meter.holding(params.n, cost, counts=counts) as held:
            if held.n == 0:
                return None
            try:
                part = replace(params, n=held.n)
                return await sample(self.machinery, held, problem, prompt, part, stage, 0)
            except ContextOverflowError:
                return {}

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
