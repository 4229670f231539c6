"""What a strategy works with: sampling, verifying, comparing, all under one budget and one log."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from neurosym.answers.equivalence import Equivalence
from neurosym.backends.base import Backend, Limits
from neurosym.budget import Meter
from neurosym.candidate import Candidate, Check, Completion, Outcome, Prompt, Verdict
from neurosym.checks import run_checks
from neurosym.engines.base import Engine, SamplingParams
from neurosym.errors import RunLogError
from neurosym.formal.program import Program
from neurosym.problem import Problem
from neurosym.runtime.records import (
    candidate_from_json,
    candidate_to_json,
    completion_from_json,
    completion_to_json,
)
from neurosym.runtime.runlog import RunLog, WorkKey
from neurosym.runtime.together import together
from neurosym.selection.calibration import Calibration
from neurosym.solution import Usage
from neurosym.status import Status
from neurosym.translators.base import Malformed, Translator, prompt_digest
from neurosym.translators.verifier import VerifierTranslator, read_verdict
from neurosym.values import Value

__all__ = ["Machinery", "Session"]


@dataclass(frozen=True, slots=True)
class Machinery:
    """What all problems of a solver share.

    Attributes:
        engine: Runs the model.
        translator: Turns the problem into a prompt, and completions into programs.
        backend: Runs programs.
        equivalence: Says which answers are equal.
        calibration: How far votes are trusted.
        limits: What one program may use.
        log: Where finished work is kept; ``None`` keeps nothing.
    """

    engine: Engine
    translator: Translator[Program]
    backend: Backend[Program]
    equivalence: Equivalence
    calibration: Calibration
    limits: Limits
    log: RunLog | None = None


@dataclass(slots=True)
class Session:
    """One problem's view of the machinery. Work found in the log is not done again."""

    machinery: Machinery
    meter: Meter
    _outcomes: dict[str, asyncio.Task[Outcome]] = field(default_factory=dict)

    async def draw(
        self, problem: Problem, params: SamplingParams, *, start: int = 0
    ) -> list[Candidate]:
        """Sample programs, run them, and check what they found.

        The samples are spread evenly over the translator's wordings, the first wording's first.

        Args:
            problem: The problem.
            params: How to sample; the i-th candidate drawn gets index ``start + i``.
            start: Index of the first candidate.

        Raises:
            ContextOverflowError: The problem is too long for the model.
            EngineError: The model could not be run.
            BackendError: The backend broke.
        """
        translator = self.machinery.translator
        each, more = divmod(params.n, translator.variants)
        sampling = []
        done = 0
        for variant in range(translator.variants):
            n = each + (variant < more)
            if n:
                part = replace(params, n=n, seed=params.seed + done)
                prompt = translator.prompt(problem, variant)
                sampling.append(self._sample(problem, prompt, part, "sample", start + done))
                done += n
        completions = [item for part in await together(sampling) for item in part]
        return await together(
            self._judge(problem, completion, start + i) for i, completion in enumerate(completions)
        )

    async def affordable(self, problem: Problem, wanted: int, max_tokens: int) -> int:
        """How many of ``wanted`` candidates of a problem the budget still allows to draw."""
        translator = self.machinery.translator
        wordings = [translator.prompt(problem, i) for i in range(translator.variants)]
        # One sample is asked in the first wording alone.
        return await self._affordable(wordings, wanted, max_tokens) or await self._affordable(
            wordings[:1], 1, max_tokens
        )

    async def _affordable(self, prompts: Sequence[Prompt], wanted: int, max_tokens: int) -> int:
        asked = 0
        if self.meter.budget.tokens is not None:
            asked = sum(await together(map(self.machinery.engine.count_tokens, prompts)))
        return self.meter.affordable(wanted, max_tokens, asked)

    async def self_verify(
        self, problem: Problem, answer: Value, params: SamplingParams, *, label: int
    ) -> list[Check]:
        """Sample programs that check a proposed answer, and read what they say.

        Args:
            problem: The problem.
            answer: The proposed answer.
            params: How to sample; ``params.n`` programs are drawn, or fewer if the budget says so.
            label: The answer's class, which names this work in the log.
        """
        translator = VerifierTranslator(answer)
        prompt = translator.prompt(problem)
        n = await self._affordable([prompt], params.n, params.max_tokens)
        if n == 0:
            return []
        params = replace(params, n=n)
        completions = await self._sample(problem, prompt, params, f"verify-{label}", 0)

        async def check(completion: Completion) -> Check:
            outcome = await self._run(_parse(translator, completion))
            contrast = translator.contrast
            if contrast is None or outcome.answer is not True:
                return read_verdict(outcome)
            return read_verdict(outcome, await self._run(_parse(contrast, completion)))

        return await together(map(check, completions))

    async def group(self, answers: Sequence[Value]) -> tuple[int, ...]:
        """Classes of equal answers; see :meth:`Equivalence.group`."""
        return await self.machinery.equivalence.group(answers)

    async def _sample(
        self, problem: Problem, prompt: Prompt, params: SamplingParams, stage: str, start: int
    ) -> list[Completion]:
        digest = prompt_digest(prompt)
        done = self._logged_samples(problem, digest, params.n, stage, start)
        missing = params.n - len(done)
        if missing:
            rest = replace(params, n=missing, seed=params.seed + len(done))
            fresh = await self.machinery.engine.sample(prompt, rest)
            if (log := self.machinery.log) is not None:
                for i, completion in enumerate(fresh, start=start + len(done)):
                    record = {"prompt": digest, "completion": completion_to_json(completion)}
                    log.put(WorkKey(problem.digest, stage, i), record)
            done += fresh
        self.meter.add(
            Usage(
                samples=len(done),
                prompt_tokens=sum(item.prompt_tokens for item in done),
                completion_tokens=sum(item.completion_tokens for item in done),
            )
        )
        return done

    def _logged_samples(
        self, problem: Problem, digest: str, n: int, stage: str, start: int
    ) -> list[Completion]:
        """The samples of this prompt that were drawn before the run was broken off."""
        log = self.machinery.log
        done: list[Completion] = []
        for i in range(n if log is not None else 0):
            assert log is not None
            record = log.get(WorkKey(problem.digest, stage, start + i))
            if record is None:
                break
            if record["prompt"] != digest:
                raise RunLogError(
                    f"{log.path} holds samples of problem {problem.id} from another prompt",
                    hint="Name another run directory.",
                )
            done.append(completion_from_json(record["completion"]))
        return done

    async def _judge(self, problem: Problem, completion: Completion, index: int) -> Candidate:
        log, key = self.machinery.log, WorkKey(problem.digest, "candidate", index)
        if log is not None and (data := log.get(key)) is not None:
            return candidate_from_json(data)
        parsed = _parse(self.machinery.translator, completion)
        outcome = await self._run(parsed)
        program = None if isinstance(parsed, Malformed) else parsed
        checks = () if program is None else run_checks(problem, program, outcome)
        candidate = Candidate(index, completion, program, Verdict(outcome, checks))
        if log is not None:
            log.put(key, candidate_to_json(candidate))
        return candidate

    async def _run(self, parsed: Program | Malformed) -> Outcome:
        """Run a program, or share the outcome of one that does the same."""
        if isinstance(parsed, Malformed):
            return Outcome(Status.MALFORMED, evidence={"error": parsed.reason})
        task = self._outcomes.get(parsed.digest)
        if task is None:
            run = self.machinery.backend.run(parsed, self.machinery.limits)
            task = self._outcomes[parsed.digest] = asyncio.ensure_future(run)
        return await task


def _parse(translator: Translator[Program], completion: Completion) -> Program | Malformed:
    """What a completion holds. Where it was cut off, what is left may run, but was never meant."""
    if completion.finish_reason == "length":
        tokens = completion.completion_tokens
        return Malformed(f"it was cut off at the limit of {tokens} tokens")
    return translator.parse(completion.text)
