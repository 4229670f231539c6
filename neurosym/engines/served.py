"""A model behind OpenAI's protocol: requests in its words, and its answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import accumulate, pairwise
from typing import Any

from neurosym.candidate import Completion, Message, Prompt
from neurosym.engines.base import Capability, SamplingParams, turns, whole
from neurosym.engines.servers import ServerKind
from neurosym.errors import EngineError

__all__ = [
    "Api",
    "Pieces",
    "Served",
    "cached_tokens",
    "chat",
    "logprobs_of",
    "plain_text",
    "text_of",
]


class Api(StrEnum):
    """What a server is asked through."""

    CHAT = "chat"
    """Chats, which the server puts into the model's format."""
    COMPLETIONS = "completions"
    """Texts that it completes, for models that know no chats."""


@dataclass(frozen=True, slots=True)
class Served:
    """A model behind OpenAI's protocol.

    Attributes:
        model: Its name.
        kind: The kind of server.
        digest: SHA-256 of what the server says of it.
        api: What it is asked through.
        takes_n: Whether several samples come of one request, and are all counted.
        tells_logprobs: Whether it tells log-probabilities.
        takes_schemas: Whether it was seen to hold a chat to a JSON schema.
        branches: Most samples of one request, where those of several do not share what was
            evaluated of their prompt; 1 where they do.
    """

    model: str
    kind: ServerKind
    digest: str
    api: Api = Api.CHAT
    takes_n: bool = False
    tells_logprobs: bool = False
    takes_schemas: bool = False
    branches: int = 1

    @property
    def can(self) -> frozenset[Capability]:
        """What it can do. Whatever completes a text goes on from the beginning of an answer."""
        told = {Capability.FURTHER}
        if self.tells_logprobs:
            told.add(Capability.LOGPROBS)
        if self.takes_schemas:
            told.add(Capability.JSON_SCHEMA)
        lost = {Capability.LOGPROBS}
        if self.api is Api.COMPLETIONS:
            told.add(Capability.PREFIX)
            if not self.kind.schema_under:
                lost.add(Capability.JSON_SCHEMA)
        return frozenset(self.kind.can - lost | told)

    @property
    def path(self) -> str:
        """Where it is asked."""
        return "/chat/completions" if self.api is Api.CHAT else "/completions"

    def body(self, prompt: Prompt, params: SamplingParams) -> dict[str, Any]:
        """A request in the server's words.

        Raises:
            EngineError: Completions have to obey what this kind of server holds none to.
        """
        kind = self.kind
        body: dict[str, Any] = {
            "model": self.model,
            "seed": params.seed,
            "temperature": params.temperature,
            "top_p": params.top_p,
            kind.limit: params.max_tokens,
            **kind.plain,
            **kind.tells_tokens,
        }
        if self.api is Api.COMPLETIONS:
            body["prompt"] = plain_text(prompt)
        else:
            body["messages"] = chat(prompt)
        if prompt.stop:
            body["stop"] = list(prompt.stop)
        if params.n > 1:
            body["n"] = params.n
        if params.logprobs and self.api is Api.COMPLETIONS:
            body["logprobs"] = 1
        elif params.logprobs:
            body |= {"logprobs": True, "top_logprobs": 1}
        if prompt.prefix and self.api is Api.CHAT:
            body |= kind.goes_on
        return body | self._held(prompt)

    def _held(self, prompt: Prompt) -> dict[str, Any]:
        """What holds completions to what they have to obey."""
        kind, held = self.kind, dict[str, Any]()
        if prompt.grammar is not None:
            instead = "Use an engine that does, such as llamacpp or vllm."
            held |= self._under(kind.grammar_under, prompt.grammar, "grammar", instead)
        if prompt.regex is not None:
            instead = "Use an engine that does, such as vllm."
            held |= self._under(kind.regex_under, prompt.regex, "regular expression", instead)
        if prompt.json_schema is None:
            return held
        schema = dict(prompt.json_schema)
        if self.api is Api.COMPLETIONS:
            engine = "use an engine that does, such as llamacpp or vllm"
            instead = f"Ask it for chats with api=chat, or {engine}."
            what = "schema where it completes texts"
            return held | self._under(kind.schema_under, schema, what, instead)
        named = {"name": "answer", "schema": schema, "strict": True}
        return held | {"response_format": {"type": "json_schema", "json_schema": named}}

    def _under(self, keys: Sequence[str], value: Any, what: str, instead: str) -> dict[str, Any]:
        if not keys:  # in any other place it would be ignored, or take that of something else
            raise EngineError(f"{self.kind.name} holds completions to no {what}", hint=instead)
        for key in reversed(keys):
            value = {key: value}
        return dict(value)

    def completions(
        self, answer: Mapping[str, Any], prompt: Prompt, params: SamplingParams
    ) -> list[Completion]:
        """The samples in the answer to a request, in order of their seeds.

        Where the server counts the tokens of all of them together, those are shared out by the
        length of the texts.

        Raises:
            EngineError: It gives others than were asked for.
            LookupError, ValueError, TypeError, AttributeError: It answers something else.
        """
        choices = sorted(answer["choices"], key=lambda choice: int(choice["index"]))
        texts = [text_of(choice) for choice in choices]
        told = [logprobs_of(choice) for choice in choices]
        usage = answer["usage"]
        charged, sampled = int(usage["prompt_tokens"]), int(usage["completion_tokens"])
        if len(texts) != params.n:
            raise EngineError(f"{self.kind.name} gave {len(texts)} of {params.n} samples")
        if params.logprobs and None in told:
            raise EngineError(f"{self.kind.name} gave no log-probabilities")
        counts = [len(ids) if (ids := choice.get("token_ids")) else 0 for choice in choices]
        return [
            Completion(
                text=self._without_echo(text, prompt),
                logprobs=tuple(logprobs) if params.logprobs and logprobs is not None else None,
                prompt_tokens=charged if i == 0 else 0,
                completion_tokens=count,
                finish_reason="length" if choice.get("finish_reason") == "length" else "stop",
                seed=params.seed + i,
            )
            for i, (choice, text, logprobs, count) in enumerate(
                zip(choices, texts, told, _shares(sampled, counts, texts), strict=True)
            )
        ]

    def _without_echo(self, text: str, prompt: Prompt) -> str:
        is_repeated = self.kind.echoes and self.api is Api.CHAT
        return text.removeprefix(prompt.prefix) if is_repeated else text


class Pieces:
    """The samples of an answer that comes piece by piece, put together."""

    def __init__(self) -> None:
        self._samples: dict[int, _Sample] = {}
        self._latest = 0

    def take(self, piece: Any) -> list[int]:
        """Take a piece; the numbers of the samples that it holds some text of."""
        grown = []
        for choice in piece.get("choices") or []:
            self._latest = int(choice.get("index") or 0)
            if self._sample.take(choice):
                grown.append(self._latest)
        # What a sample comes to is told with its end, or after it without its number.
        self._sample.usage = piece.get("usage") or self._sample.usage
        self._sample.timings = piece.get("timings") or self._sample.timings
        return grown

    @property
    def _sample(self) -> _Sample:
        return self._samples.setdefault(self._latest, _Sample())

    @property
    def ended(self) -> set[int]:
        """The numbers of the samples that have come to their end."""
        return {i for i, sample in self._samples.items() if sample.reason}

    @property
    def told(self) -> set[int]:
        """Those of them of which it is told what they have cost."""
        return {i for i in self.ended if self._samples[i].usage}

    def answer(self, number: int) -> dict[str, Any]:
        """A sample, as if it had come at once."""
        return self._samples[number].answer


@dataclass(slots=True)
class _Sample:
    """What has come so far of one sample.

    Attributes:
        texts: Pieces of its text.
        logprobs: Of its tokens, where they are told.
        reason: Why it has ended; ``None`` before.
        usage: What it has cost.
        timings: What llama.cpp tells of that.
    """

    texts: list[str] = field(default_factory=list)
    logprobs: list[float] | None = None
    reason: str | None = None
    usage: Any = None
    timings: Any = None

    def take(self, choice: Any) -> bool:
        """Take a piece; whether it holds some text."""
        text = (choice.get("delta") or choice).get("content") or choice.get("text") or ""
        self.texts.append(text)
        self.reason = choice.get("finish_reason") or self.reason
        if (told := logprobs_of(choice)) is not None:
            self.logprobs = self.logprobs or []
            self.logprobs += told
        return bool(text)

    @property
    def answer(self) -> dict[str, Any]:
        """The whole, as if it had come at once."""
        choice = {
            "index": 0,
            "message": {"content": "".join(self.texts)},
            "finish_reason": self.reason,
            "logprobs": {"token_logprobs": self.logprobs},
        }
        return {"choices": [choice], "usage": self.usage, "timings": self.timings}


def cached_tokens(answer: Mapping[str, Any]) -> int | None:
    """Tokens of its prompt that a server found in its cache; ``None`` where it does not tell."""
    usage = answer["usage"]
    told = (usage.get("prompt_tokens_details") or {}).get("cached_tokens")
    evaluated = (answer.get("timings") or {}).get("prompt_n")  # llama.cpp's
    if told is None and evaluated is not None:
        return int(usage["prompt_tokens"]) - int(evaluated)
    return None if told is None else int(told)


def text_of(choice: Mapping[str, Any]) -> str:
    """The text of one of the samples in an answer, be it of a chat or not."""
    if "text" in choice:
        return str(choice["text"] or "")
    return str(choice["message"].get("content") or "")


def logprobs_of(choice: Mapping[str, Any]) -> list[float] | None:
    """Its log-probabilities, in either of the two forms that servers have; ``None`` without."""
    told = choice.get("logprobs") or {}
    if (content := told.get("content")) is not None:
        return [float(item["logprob"]) for item in content]
    if (plain := told.get("token_logprobs")) is not None:
        return [float(value) for value in plain]
    return None


def plain_text(prompt: Prompt) -> str:
    """The messages of a prompt with blank lines between them, and the beginning of its answer."""
    return whole("\n\n".join([*(message.content for message in prompt.messages), prompt.prefix]))


def chat(prompt: Prompt) -> list[dict[str, str]]:
    """The messages of a prompt, with the beginning of its answer as the last one."""
    begun = [Message("assistant", prompt.prefix)] if prompt.prefix else []
    return turns(replace(prompt, messages=(*prompt.messages, *begun)))


def _shares(total: int, counts: Sequence[int], texts: Sequence[str]) -> list[int]:
    """Tokens of each text: as they were told, or shared out by length."""
    if all(counts):
        return list(counts)
    lengths = list(accumulate((len(text) + 1 for text in texts), initial=0))
    ends = [round(total * length / lengths[-1]) for length in lengths]
    return [end - start for start, end in pairwise(ends)]
