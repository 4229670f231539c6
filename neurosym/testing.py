"""Help for tests of code that uses neurosym: an engine that says what it is told to."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from neurosym.candidate import Completion, FinishReason, Prompt
from neurosym.engines.base import FORBID_MODELS, Dropped, EngineInfo, SamplingParams
from neurosym.errors import ContextOverflowError, EngineError

__all__ = ["FORBID_MODELS", "PacedEngine", "Request", "ScriptedEngine", "question_of"]

Reply = Callable[[Prompt, int], str]


@dataclass(frozen=True, slots=True)
class Request:
    """One call of :meth:`ScriptedEngine.sample`."""

    prompt: Prompt
    params: SamplingParams


def question_of(prompt: Prompt) -> str:
    """The last message, which holds the question."""
    return prompt.messages[-1].content


@dataclass(slots=True)
class ScriptedEngine:
    """An engine without a model. It obeys stop strings and token limits, but no grammar.

    Attributes:
        script: What completions say: a function of the prompt and the seed; texts, taken in turn by
            the samples of each question; or such texts for each question that occurs in a prompt.
        context: Most words of a prompt; longer ones overflow.
        seconds: How long each request takes.
        logprob: Log-probability of every token, where they are asked for.
        parallel: Samples it says it works on at once.
        requests: The calls so far.
        closed: Whether it was closed, after which it refuses.
    """

    script: Reply | Sequence[str] | Mapping[str, Sequence[str]]
    context: int = 100_000
    seconds: float = 0.0
    logprob: float = -0.1
    parallel: int = 8
    requests: list[Request] = field(default_factory=list)
    closed: bool = False
    _drawn: Counter[str] = field(default_factory=Counter)

    @property
    def info(self) -> EngineInfo:
        """What identifies it: always the same."""
        return EngineInfo("scripted", "scripted", "0" * 64, "1", self.parallel)

    async def sample(self, prompt: Prompt, params: SamplingParams) -> list[Completion]:
        """Give the scripted completions; their tokens are their words.

        Raises:
            ContextOverflowError: The prompt has more words than ``context``.
            EngineError: The script has nothing to say to the prompt, or the engine is closed.
        """
        if self.closed:
            raise EngineError("the engine is closed", hint="Make a new one.")
        self.requests.append(Request(prompt, params))
        words = await self.count_tokens(prompt)
        if words > self.context:
            raise ContextOverflowError(
                f"{words} words are more than {self.context}", hint="Shorten the question."
            )
        turn = self._drawn[question_of(prompt)]
        self._drawn[question_of(prompt)] += params.n
        await asyncio.sleep(self.seconds)
        said = [self._text(prompt, params.seed + i, turn + i) for i in range(params.n)]
        return [self._completion(text, prompt, params, i, words) for i, text in enumerate(said)]

    async def count_tokens(self, prompt: Prompt) -> int:
        """The words of the messages."""
        return sum(len(message.content.split()) for message in prompt.messages)

    def _completion(
        self, said: str, prompt: Prompt, params: SamplingParams, i: int, words: int
    ) -> Completion:
        text, sampled, reason = _cut(said, prompt.stop, params.max_tokens)
        return Completion(
            text=text,
            logprobs=(self.logprob,) * len(text.split()) if params.logprobs else None,
            prompt_tokens=words if i == 0 else 0,
            completion_tokens=sampled,
            finish_reason=reason,
            seed=params.seed + i,
        )

    def _text(self, prompt: Prompt, seed: int, turn: int) -> str:
        script = self.script
        if callable(script):
            return script(prompt, seed)
        if isinstance(script, Mapping):
            found = next((texts for key, texts in script.items() if key in question_of(prompt)), ())
        else:
            found = script
        if not found:
            raise EngineError(f"the script says nothing to {question_of(prompt)!r}")
        return found[turn % len(found)]

    async def aclose(self) -> None:
        """Note that it was closed."""
        self.closed = True


@dataclass(slots=True)
class PacedEngine(ScriptedEngine):
    """A scripted engine whose samples end one after the other, the shorter ones earlier.

    Attributes:
        pace: Seconds that a token takes.
    """

    pace: float = 0.001

    async def stream(
        self, prompt: Prompt, params: SamplingParams, dropped: Dropped
    ) -> AsyncGenerator[Completion]:
        """Give completions as they end; see :meth:`neurosym.engines.base.Streaming.stream`.

        Raises:
            ContextOverflowError: As :meth:`sample`.
            EngineError: As :meth:`sample`.
        """
        drawn = await self.sample(prompt, params)
        charged = sum(item.prompt_tokens for item in drawn)
        waiting = sorted(drawn, key=lambda item: item.completion_tokens)
        clock = asyncio.get_running_loop().time
        began = clock()
        try:
            while waiting:
                ends = began + waiting[0].completion_tokens * self.pace
                await asyncio.sleep(max(0.0, ends - clock()))
                item = waiting.pop(0)
                charged, asked = 0, charged
                yield replace(item, prompt_tokens=asked)
        finally:
            sampled = round((clock() - began) / self.pace)
            cut = sum(min(sampled, item.completion_tokens) for item in waiting)
            dropped(charged if waiting else 0, cut)


def _cut(text: str, stop: Sequence[str], max_tokens: int) -> tuple[str, int, FinishReason]:
    """What of a text comes before the first stop string and the token limit.

    Also the words sampled for it, among which are those of the stop string, and why it ended.
    """
    ends = [(text.index(string), len(string)) for string in stop if string in text]
    end, length = min(ends, default=(len(text), 0))
    words = list(re.finditer(r"\S+", text[: end + length]))
    if len(words) > max_tokens:
        return text[: min(end, words[max_tokens - 1].end())], max_tokens, "length"
    return text[:end], len(words), "stop"
