"""Finding out what a server is that speaks OpenAI's protocol, and what it can do."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from neurosym.candidate import Message, Prompt
from neurosym.engines.api_keys import masked
from neurosym.engines.base import Capability, SamplingParams
from neurosym.engines.served import Api, Served, logprobs_of, text_of
from neurosym.engines.servers import OLLAMA, OTHER, kind_of
from neurosym.errors import ModelNotFoundError

if TYPE_CHECKING:
    from openai import OpenAI

__all__ = ["gives_vectors", "look"]

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
    served = replace(served, takes_schemas=_takes_schemas(served, client))
    return replace(served, branches=_slots(client) if kind.branches else 1)


def _is_ollama(client: OpenAI) -> bool:
    """Whether a server tells its version where Ollama does."""
    return "version" in _beside(client, "api/version")


def _slots(client: OpenAI) -> int:
    """How many samples llama.cpp works on at once; 1 where it does not tell."""
    slots = _beside(client, "props").get("total_slots")
    return slots if isinstance(slots, int) and slots > 0 else 1


def _beside(client: OpenAI, path: str) -> dict[str, Any]:
    """What a server tells beside the protocol's paths; nothing where it tells nothing there."""
    import httpx2
    import openai

    url, patient = client.base_url, client.with_options(max_retries=0, timeout=_AT_ONCE)
    beside = url.copy_with(path=f"{url.path.rstrip('/').removesuffix('/v1')}/{path}")
    try:
        told = patient.get(str(beside), cast_to=httpx2.Response).json()
    except (openai.OpenAIError, ValueError):
        return {}
    return told if isinstance(told, dict) else {}


def _takes_schemas(served: Served, client: OpenAI) -> bool:
    """Whether a chat is held to a JSON schema where that is not known; some ignore it."""
    import openai

    if served.api is not Api.CHAT or Capability.JSON_SCHEMA in served.kind.can:
        return False
    params = SamplingParams(max_tokens=_THINKING, temperature=1.0)
    refused = openai.BadRequestError, openai.UnprocessableEntityError
    try:
        answer = _answer(served, client, _SCHEMA_PROBE, params)
        return json.loads(text_of(answer["choices"][0])) in ({"answer": "yes"}, {"answer": "no"})
    except (*refused, ValueError, LookupError, TypeError, AttributeError):
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


def _answer(served: Served, client: OpenAI, prompt: Prompt, params: SamplingParams) -> Any:
    """What a server answers, as JSON data."""
    import httpx2

    body = served.body(prompt, params)
    return client.post(served.path, cast_to=httpx2.Response, body=body).json()


def _probed(served: Served, client: OpenAI, params: SamplingParams) -> Served:
    answer = _answer(served, client, _PROBE, params)
    choices = answer.get("choices") or []
    told = [logprobs_of(choice) for choice in choices]
    counted = int((answer.get("usage") or {}).get("completion_tokens") or 0)
    # Some ignore the number of samples, and some count the tokens of one of them alone.
    least = sum(2 if choice.get("finish_reason") == "length" else 1 for choice in choices)
    return replace(
        served,
        takes_n=params.n == len(choices) == 2 and counted >= least,
        tells_logprobs=bool(choices) and None not in told,
    )
