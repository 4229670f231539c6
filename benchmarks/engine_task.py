"""What is solved to measure an engine."""

from __future__ import annotations

import itertools
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from benchmarks.questions import QUESTIONS
from neurosym import Problem, SampleAndVote
from neurosym.candidate import Completion, Prompt
from neurosym.engines.base import Dropped, Engine, EngineInfo, SamplingParams
from neurosym.engines.led import lost_in_wrapping, stream_of
from neurosym.formal.program import Program
from neurosym.problem import Kind
from neurosym.solver import Solver
from neurosym.testing import Request, ScriptedEngine
from neurosym.translators.base import Translator

__all__ = ["Ended", "Requests", "Task", "Verified"]

Requests: TypeAlias = Sequence[Sequence[Request]]


@dataclass(frozen=True)
class Verified:
    """Asks as a translator does, and reads every text as a program that runs.

    Attributes:
        translator: What makes prompts.
    """

    translator: Translator[Any]

    @property
    def name(self) -> str:
        """Its name."""
        return self.translator.name

    @property
    def kind(self) -> Kind:
        """The kind of problems."""
        return self.translator.kind

    @property
    def variants(self) -> int:
        """Wordings of the prompt."""
        return self.translator.variants

    def max_tokens(self, problem: Problem) -> int:
        """Tokens of a sample, unless a strategy says."""
        return self.translator.max_tokens(problem)

    def prompt(self, problem: Problem, variant: int = 0) -> Prompt:
        """What the translator asks."""
        return self.translator.prompt(problem, variant)

    def parse(self, text: str, problem: Problem) -> Program:
        """A program, another one for every text, as what is the same runs once."""
        return Program(f"def solution():\n    return 1, {text!a}\n", "solution")


@dataclass(frozen=True)
class Ended:
    """An engine whose samples are told to have ended by themselves, so that all are verified.

    What is cut off at the limit of tokens, as all samples are here, would not be.

    Attributes:
        engine: Draws them.
    """

    engine: Engine

    @property
    def info(self) -> EngineInfo:
        """What identifies the engine."""
        info = self.engine.info
        return replace(info, can=info.can - lost_in_wrapping(self.engine))

    async def sample(self, prompt: Prompt, params: SamplingParams) -> list[Completion]:
        """The engine's samples."""
        return list(map(_ended, await self.engine.sample(prompt, params)))

    async def stream(
        self,
        prompt: Prompt,
        params: SamplingParams,
        dropped: Dropped = lambda asked, sampled: None,
    ) -> AsyncGenerator[Completion]:
        """The engine's samples as they end."""
        async with aclosing(stream_of(self.engine, prompt, params, dropped)) as drawn:
            async for item in drawn:
                yield _ended(item)

    async def count_tokens(self, prompt: Prompt) -> int:
        """Tokens of a prompt."""
        return await self.engine.count_tokens(prompt)

    async def aclose(self) -> None:
        """The engine is closed by who opened it."""


def _ended(completion: Completion) -> Completion:
    return replace(completion, finish_reason="stop")


@dataclass(frozen=True)
class Task:
    """How problems are solved, and with which engine.

    Attributes:
        engine: The engine.
        strategy: How many samples there are.
        translator: What makes prompts of problems.
        numbers: Of the problems that are still to come.
    """

    engine: Engine
    strategy: SampleAndVote
    translator: Translator[Any]
    numbers: Iterator[int] = field(default_factory=itertools.count)

    def problems(self, count: int) -> list[Problem]:
        """Some that nobody has had before, so that no turn finds more in a cache than another."""
        numbers = itertools.islice(self.numbers, count)
        return [
            Problem(f"p{i}", f"{QUESTIONS[i % len(QUESTIONS)]} This is problem {i}.")
            for i in numbers
        ]

    def requests(self, count: int) -> Requests:
        """What is asked for so many of these."""
        listening = ScriptedEngine(["    return 1\n"])
        found = []
        with Solver(**{**self.options, "engine": listening}) as solver:
            for problem in self.problems(count):
                solver.solve(problem)
                found.append(listening.requests[:])
                listening.requests.clear()
        return found

    @property
    def options(self) -> dict[str, Any]:
        """What a solver takes for it."""
        engine = Ended(self.engine)
        return {"strategy": self.strategy, "engine": engine, "translator": self.translator}
