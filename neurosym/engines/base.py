"""The contract of every engine."""

from __future__ import annotations

import os
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Protocol, TypeAlias, runtime_checkable

from neurosym.candidate import Completion, Prompt
from neurosym.errors import ContextOverflowError, EngineError, OptionError

__all__ = [
    "FORBID_MODELS",
    "SAMPLING",
    "Capability",
    "Dropped",
    "Engine",
    "EngineInfo",
    "SamplingParams",
    "Streaming",
    "check_length",
    "refuse_closed",
    "refuse_where_forbidden",
    "turns",
    "whole",
]


FORBID_MODELS = "NEUROSYM_FORBID_MODELS"
"""Environment variable under which engines refuse to load a model.

Set it in a test suite, and unset it in the tests that mean to use one.
"""


def refuse_where_forbidden() -> None:
    """Refuse to run a model where the environment forbids it; see ``FORBID_MODELS``.

    Raises:
        EngineError: It does.
    """
    if os.environ.get(FORBID_MODELS):
        raise EngineError(
            f"a real model was asked for where {FORBID_MODELS} is set",
            hint="Use neurosym.testing.ScriptedEngine, or unset the variable.",
        )


def refuse_closed(is_closed: bool) -> None:
    """Refuse to ask an engine that is closed.

    Args:
        is_closed: Whether it is.

    Raises:
        EngineError: It is.
    """
    if is_closed:
        raise EngineError("the engine is closed", hint="Make a new one.")


def check_length(tokens: int, max_tokens: int, longest: int) -> None:
    """Refuse a prompt that with its answer would not fit the context.

    Args:
        tokens: Of the prompt.
        max_tokens: Most tokens of the answer.
        longest: Tokens that fit.

    Raises:
        ContextOverflowError: They are more.
    """
    if tokens + max_tokens > longest:
        raise ContextOverflowError(
            f"the prompt has {tokens:,} tokens, which with {max_tokens:,} for the answer is more "
            f"than the model's context of {longest:,}",
            hint="Shorten the question, or start the engine with a larger context.",
        )


def turns(prompt: Prompt) -> list[dict[str, str]]:
    """The messages of a prompt as chats have them."""
    return [
        {"role": message.role, "content": whole(message.content)} for message in prompt.messages
    ]


def whole(text: str) -> str:
    """A text without half characters, which JSON can smuggle into a question.

    They have no bytes and no tokens of their own.
    """
    return text.encode("utf-8", "replace").decode()


class Capability(StrEnum):
    """What an engine may be able to do, besides sampling texts."""

    LOGPROBS = "log-probabilities"
    """It tells the log-probability of each token."""
    GRAMMAR = "grammars"
    """It holds completions to a GBNF grammar."""
    JSON_SCHEMA = "JSON schemas"
    """It holds completions to a JSON schema."""
    REGEX = "regular expressions"
    """It holds completions to a regular expression."""
    PREFIX = "beginnings"
    """It goes on from the beginning of an answer."""
    SEEDS = "seeds"
    """A sample is what its seed gives alone, again and again, up to the rounding of batches."""
    ABORT = "abort"
    """A sample that nobody waits for any more leaves its place to others at once."""
    FURTHER = "answers to further questions"
    """It answers whatever it is asked, and not only what asks for a first translation."""
    EMBEDDINGS = "embeddings"
    """It turns texts into vectors as well: it is a :class:`neurosym.retrieval.dense.Embedder`."""


SAMPLING = frozenset(Capability) - {Capability.EMBEDDINGS, Capability.REGEX}
"""All that has to do with samples, but for regular expressions, which grammars can say."""


@dataclass(frozen=True, slots=True)
class SamplingParams:
    """How completions are drawn.

    Attributes:
        n: Completions to draw from one prompt.
        seed: Seed of the first completion; the i-th is drawn with ``seed + i``.
        temperature: 0 is greedy.
        top_p: Nucleus: the smallest set of tokens with at least this probability.
        max_tokens: Most tokens of one completion.
        logprobs: Whether the log-probability of each token is wanted. It costs speed.

    Raises:
        OptionError: A value is out of range.
    """

    n: int = 1
    seed: int = 0
    temperature: float = 0.7
    top_p: float = 1.0
    max_tokens: int = 512
    logprobs: bool = False

    def __post_init__(self) -> None:
        # 1 and 1.0, or 0.0 and -0.0, draw the same samples, and are one value in records.
        for name in ("temperature", "top_p"):
            object.__setattr__(self, name, float(getattr(self, name)) + 0.0)
        if self.n < 1:
            raise OptionError(f"n is {self.n}", hint="Ask for at least one sample.")
        if not 0 <= self.seed < 2**32 - self.n:
            raise OptionError(f"seed is {self.seed}", hint="Give a seed from 0 to 4,000,000,000.")
        if not 0 <= self.temperature <= 5:
            raise OptionError(
                f"temperature is {self.temperature}", hint="Give a temperature from 0 to 5."
            )
        if not 0 < self.top_p <= 1:
            raise OptionError(f"top-p is {self.top_p}", hint="Give a top-p over 0 and up to 1.")
        if self.max_tokens < 1:
            raise OptionError(f"max_tokens is {self.max_tokens}", hint="Allow at least one token.")

    def in_parts(self, most: int) -> list[SamplingParams]:
        """The same completions in requests of so many at most, one at least."""
        return [
            replace(self, n=min(most, self.n - start), seed=self.seed + start)
            for start in range(0, self.n, most)
        ]


@dataclass(frozen=True, slots=True)
class EngineInfo:
    """What an engine is and can do.

    Attributes:
        name: The engine's name, such as ``"llamacpp"``.
        model: The model's name.
        model_digest: SHA-256 of the weights, or whatever else identifies the model for good.
        version: Version of the library that runs it.
        parallel: Samples it works on at once.
        can: What it can do.
        charges_each: Whether each sample of a request is charged for the prompt.
    """

    name: str
    model: str
    model_digest: str
    version: str
    parallel: int
    can: frozenset[Capability] = SAMPLING
    charges_each: bool = False

    @property
    def identity(self) -> dict[str, str]:
        """What its samples depend on, as JSON data for run logs."""
        return {
            "name": self.name,
            "model": self.model,
            "model_digest": self.model_digest,
            "version": self.version,
        }


@runtime_checkable
class Engine(Protocol):
    """Runs a language model. Requests may be made concurrently; the engine batches them."""

    @property
    def info(self) -> EngineInfo:
        """What identifies the engine and its model."""
        ...

    async def sample(self, prompt: Prompt, params: SamplingParams) -> list[Completion]:
        """Draw ``params.n`` completions, in order of their seeds.

        Raises:
            ContextOverflowError: Prompt and answer do not fit the context window.
            EngineError: The model could not be run.
        """
        ...

    async def count_tokens(self, prompt: Prompt) -> int:
        """How many tokens a request is charged for this prompt.

        Raises:
            EngineError: The model could not be asked.
        """
        ...

    async def aclose(self) -> None:
        """Free the model. Safe to call twice."""
        ...


Dropped: TypeAlias = Callable[[int, int], None]
"""Told of samples that were dropped: tokens of the prompt, if nothing else was charged for them,
and tokens sampled."""


@runtime_checkable
class Streaming(Engine, Protocol):
    """An engine that gives each sample when it ends, and drops those that nobody waits for."""

    def stream(
        self, prompt: Prompt, params: SamplingParams, dropped: Dropped
    ) -> AsyncGenerator[Completion]:
        """Draw ``params.n`` completions, in the order in which they end.

        The one that ends first is charged for the prompt. Closing the generator drops those that
        have not ended.

        Args:
            prompt: What to continue.
            params: How to sample.
            dropped: Told what those dropped have cost.

        Raises:
            ContextOverflowError: Prompt and answer do not fit the context window.
            EngineError: The model could not be run.
        """
        ...
