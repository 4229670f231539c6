"""A model behind OpenAI's protocol: what it was found to be, requests in its words, its answers."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Any

from neurosym.candidate import Completion, Message, Prompt
from neurosym.engines.api_keys import masked
from neurosym.engines.base import Capability, SamplingParams, turns, whole
from neurosym.engines.servers import OLLAMA, OTHER, ServerKind, kind_of
from neurosym.errors import EngineError, ModelNotFoundError

if TYPE_CHECKING:
    from openai import OpenAI

__all__ = ["Api", "Pieces", "Served", "chat", "gives_vectors", "look", "plain_text"]

_LOG = logging.getLogger("neurosym")
_PROBE = Prompt((Message("user", "Count to one hundred."),))
_SCHEMA_PROBE = Prompt(
    (Message("user", "Say in one word: is water wet?"),),
    json_schema={
        "type": "object",
        "properties": {"answer": {"type": "string", "enum": ["yes", "no"]}},
        "required": ["answer"],
        "additionalProperties": False,
    },
)
_THINKING = 256
"""Most tokens of an answer in one word, by models that think before it."""
_AT_ONCE = 10.0
"""Seconds for what costs a server nothing: the vector of one letter, or its version."""


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
    """

    model: str
    kind: ServerKind
    digest: str
    api: Api = Api.CHAT
    takes_n: bool = False
    tells_logprobs: bool = False
    takes_schemas: bool = False

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
        """A request in the server's words."""
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
        if prompt.grammar is not None:
            body |= _nested(kind.grammar_under, prompt.grammar)
        if prompt.regex is not None:
            body |= _nested(kind.regex_under, prompt.regex)
        if prompt.json_schema is not None and self.api is Api.COMPLETIONS:
            body |= _nested(kind.schema_under, dict(prompt.json_schema))
        elif prompt.json_schema is not None:
            schema = {"name": "answer", "schema": dict(prompt.json_schema), "strict": True}
            body["response_format"] = {"type": "json_schema", "json_schema": schema}
        return body

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
        texts = [_text(choice) for choice in choices]
        told = [_logprobs(choice) for choice in choices]
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
    """An answer that comes piece by piece, put together."""

    def __init__(self) -> None:
        self._texts: list[str] = []
        self._logprobs: list[float] | None = None
        self._reason: str | None = None
        self._usage: Any = None

    def take(self, piece: Any) -> bool:
        """Take a piece; whether it holds some of the text."""
        self._usage = piece.get("usage") or self._usage
        text = ""
        for choice in piece.get("choices") or []:
            text = (choice.get("delta") or choice).get("content") or choice.get("text") or ""
            self._texts.append(text)
            self._reason = choice.get("finish_reason") or self._reason
            told = _logprobs(choice)
            if told is not None:
                self._logprobs = [*(self._logprobs or []), *told]
        return bool(text)

    @property
    def are_whole(self) -> bool:
        """Whether the answer has come to its end."""
        return self._reason is not None

    @property
    def answer(self) -> dict[str, Any]:
        """The whole, as if it had come at once."""
        choice = {
            "index": 0,
            "message": {"content": "".join(self._texts)},
            "finish_reason": self._reason,
            "logprobs": {"token_logprobs": self._logprobs},
        }
        return {"choices": [choice], "usage": self._usage}


def _nested(keys: Sequence[str], value: Any) -> dict[str, Any]:
    for key in reversed(keys):
        value = {key: value}
    return dict(value)


def plain_text(prompt: Prompt) -> str:
    """The messages of a prompt with blank lines between them, and the beginning of its answer."""
    return whole("\n\n".join([*(message.content for message in prompt.messages), prompt.prefix]))


def chat(prompt: Prompt) -> list[dict[str, str]]:
    """The messages of a prompt, with the beginning of its answer as the last one."""
    begun = [Message("assistant", prompt.prefix)] if prompt.prefix else []
    return turns(replace(prompt, messages=(*prompt.messages, *begun)))


def look(client: OpenAI, model: str | None, api: Api = Api.CHAT) -> Served:
    """Find out what a server is, and what it does with two samples and with a JSON schema.

    Args:
        client: Asks it.
        model: The model's name; ``None`` is the only one that there is.
        api: What it is to be asked through.

    Raises:
        ModelNotFoundError: There is no such model, or there are several and none is named.
        openai.OpenAIError: It does not answer, or refuses.
    """
    import httpx2
    import openai

    try:
        listed = list(client.get("/models", cast_to=httpx2.Response).json()["data"])
        listed = [entry for entry in listed if isinstance(entry, dict) and "id" in entry]
    except (openai.NotFoundError, ValueError, KeyError, TypeError):
        listed = []  # there are servers that list none
    entry = _chosen(listed, model)
    kind = kind_of(str(entry.get("owned_by")), client.base_url.host)
    kind = kind or (OLLAMA if _is_ollama(client) else OTHER)
    served = _sampled(Served(entry["id"], kind, _digest(entry, api), api), client)
    return replace(served, takes_schemas=_takes_schemas(served, client))


def _is_ollama(client: OpenAI) -> bool:
    """Whether a server tells its version where Ollama does, beside the protocol's paths."""
    import httpx2
    import openai

    url, patient = client.base_url, client.with_options(max_retries=0, timeout=_AT_ONCE)
    beside = url.copy_with(path=f"{url.path.rstrip('/').removesuffix('/v1')}/api/version")
    try:
        told = patient.get(str(beside), cast_to=httpx2.Response).json()
    except (openai.OpenAIError, ValueError):
        return False
    return isinstance(told, dict) and "version" in told


def _takes_schemas(served: Served, client: OpenAI) -> bool:
    """Whether a chat is held to a JSON schema where that is not known; some ignore it."""
    import httpx2
    import openai

    if served.api is not Api.CHAT or Capability.JSON_SCHEMA in served.kind.can:
        return False
    params = SamplingParams(max_tokens=_THINKING, temperature=1.0)
    body = served.body(_SCHEMA_PROBE, params)
    try:
        answer = client.post(served.path, cast_to=httpx2.Response, body=body).json()
        return json.loads(_text(answer["choices"][0])) in ({"answer": "yes"}, {"answer": "no"})
    except (openai.BadRequestError, openai.UnprocessableEntityError):
        return False
    except (ValueError, LookupError, TypeError, AttributeError):
        return False


def _sampled(served: Served, client: OpenAI) -> Served:
    """With what a server does where two samples are asked for, and their log-probabilities."""
    import openai

    for n, logprobs in ((2, True), (2, False), (1, True)):
        params = SamplingParams(n=n, max_tokens=2, logprobs=logprobs, temperature=1.0)
        try:
            return _probed(served, client, params)
        except (openai.BadRequestError, openai.UnprocessableEntityError):
            continue  # it may just not know what was asked for
    return _probed(served, client, SamplingParams(max_tokens=2, temperature=1.0))


def gives_vectors(client: OpenAI, model: str, key: str) -> bool:
    """Whether a server turns texts into vectors with a model.

    One that does not answer is taken as one that does not, with a warning.

    Args:
        client: Asks it.
        model: One that it has.
        key: The key, which no warning shows; empty if there is none.
    """
    import openai

    patient = client.with_options(max_retries=min(client.max_retries, 1), timeout=_AT_ONCE)
    try:
        found = patient.embeddings.create(model=model, input=["a"], encoding_format="float")
    except (openai.APIConnectionError, openai.RateLimitError) as error:
        _LOG.warning("no embeddings of %s are used: %s", model, masked(str(error), key))
        return False
    except (openai.OpenAIError, ValueError, TypeError):
        return False
    return bool(getattr(found, "data", None))


def _chosen(listed: Sequence[Mapping[str, Any]], model: str | None) -> dict[str, Any]:
    names = [str(entry.get("id")) for entry in listed]
    if model is None:
        if len(names) != 1:
            raise ModelNotFoundError(
                f"the server has {len(names)} models", hint=f"Name one with --model. {_some(names)}"
            )
        return dict(listed[0])
    if names and model not in names:
        raise ModelNotFoundError(f"the server has no model {model!r}", hint=_some(names))
    return next((dict(entry) for entry in listed if entry.get("id") == model), {"id": model})


def _some(names: Sequence[str]) -> str:
    shown = ", ".join(sorted(names)[:_SHOWN])
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return f"It has {shown}{more}." if names else "It lists none."


_SHOWN = 12


def _digest(entry: Mapping[str, Any], api: Api) -> str:
    """Of what is said of a model, but for when the server was started, and how it is asked.

    The same prompt gives other texts where it is completed than where it is put into a chat.
    """
    meta = entry.get("meta")
    said = {
        "id": entry["id"],
        "owner": entry.get("owned_by"),
        "root": entry.get("root"),
        "meta": {key: value for key, value in meta.items() if key != "n_ctx"} if meta else None,
        **({} if api is Api.CHAT else {"api": api.value}),
    }
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def _probed(served: Served, client: OpenAI, params: SamplingParams) -> Served:
    import httpx2

    body = served.body(_PROBE, params)
    answer = client.post(served.path, cast_to=httpx2.Response, body=body).json()
    choices = answer.get("choices") or []
    told = [_logprobs(choice) for choice in choices]
    counted = int((answer.get("usage") or {}).get("completion_tokens") or 0)
    # Some ignore the number of samples, and some count the tokens of one of them alone.
    least = sum(2 if choice.get("finish_reason") == "length" else 1 for choice in choices)
    return replace(
        served,
        takes_n=params.n == len(choices) == 2 and counted >= least,
        tells_logprobs=bool(choices) and None not in told,
    )


def _text(choice: Mapping[str, Any]) -> str:
    """The text of a choice, of a chat or not."""
    if "text" in choice:
        return str(choice["text"] or "")
    return str(choice["message"].get("content") or "")


def _logprobs(choice: Mapping[str, Any]) -> list[float] | None:
    """Its log-probabilities, in either of the two forms that servers have; ``None`` without."""
    told = choice.get("logprobs") or {}
    if (content := told.get("content")) is not None:
        return [float(item["logprob"]) for item in content]
    if (plain := told.get("token_logprobs")) is not None:
        return [float(value) for value in plain]
    return None


def _shares(total: int, counts: Sequence[int], texts: Sequence[str]) -> list[int]:
    """Tokens of each text: as they were told, or shared out by length."""
    if all(counts):
        return list(counts)
    lengths = list(accumulate((len(text) + 1 for text in texts), initial=0))
    ends = [round(total * length / lengths[-1]) for length in lengths]
    return [end - start for start, end in pairwise(ends)]
