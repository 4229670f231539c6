"""Kinds of servers that speak OpenAI's protocol, and what each takes beyond it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from neurosym.engines.base import SAMPLING, Capability

__all__ = ["KINDS", "OLLAMA", "OTHER", "ServerKind", "kind_of"]


@dataclass(frozen=True, slots=True)
class ServerKind:
    """What a kind of server takes beyond OpenAI's protocol.

    Attributes:
        name: What it is called.
        can: What it can do that asking it does not tell.
        plain: What turns off whatever it would change of the asked distribution by itself.
        goes_on: What makes it go on from a last message of the assistant.
        echoes: Whether it then repeats what was there.
        grammar_under: Where a grammar is put: a key, or a key inside another one.
        schema_under: Where a JSON schema is put in a request to complete a text; none may be put
            there if this is empty. Chats have a place for them in the protocol.
        regex_under: Where a regular expression is put.
        limit: How it calls the most tokens of a completion.
        tells_tokens: What makes it tell the tokens of each text under ``token_ids``.
        branches: Whether only the samples of one request share what was evaluated of their prompt.
            Each then tells its own tokens where they are streamed.
    """

    name: str
    can: frozenset[Capability] = frozenset()
    plain: Mapping[str, Any] = field(default_factory=dict)
    goes_on: Mapping[str, Any] = field(default_factory=dict)
    echoes: bool = False
    grammar_under: tuple[str, ...] = ()
    schema_under: tuple[str, ...] = ()
    regex_under: tuple[str, ...] = ()
    limit: str = "max_tokens"
    tells_tokens: Mapping[str, Any] = field(default_factory=dict)
    branches: bool = False


OTHER = ServerKind("another server")
"""One of which nothing is known but the protocol."""
OLLAMA = ServerKind("Ollama", can=frozenset((Capability.PREFIX, Capability.ABORT)))
_OPENAI = ServerKind("OpenAI", limit="max_completion_tokens")
_OPENAI_HOSTS = ("api.openai.com", "openai.azure.com")

KINDS: Mapping[str, ServerKind] = {
    "llamacpp": ServerKind(
        "llama.cpp",
        # What its cache holds of a prompt, and what shares a batch, changes the rounding.
        can=SAMPLING - {Capability.SEEDS},
        plain={"samplers": ["top_k", "temperature", "top_p"], "top_k": 0, "cache_prompt": True},
        echoes=True,
        grammar_under=("grammar",),
        schema_under=("json_schema",),
        branches=True,
    ),
    "vllm": ServerKind(
        "vLLM",
        can=SAMPLING | {Capability.REGEX},
        plain={"top_k": 0, "min_p": 0.0, "repetition_penalty": 1.0},
        goes_on={"continue_final_message": True, "add_generation_prompt": False},
        grammar_under=("structured_outputs", "grammar"),
        schema_under=("structured_outputs", "json"),
        regex_under=("structured_outputs", "regex"),
        tells_tokens={"return_token_ids": True},
    ),
    "sglang": ServerKind(
        "SGLang",
        can=(SAMPLING | {Capability.REGEX}) - {Capability.SEEDS},
        plain={"top_k": -1, "min_p": 0.0, "repetition_penalty": 1.0},
        goes_on={"continue_final_message": True},
        grammar_under=("ebnf",),
        regex_under=("regex",),
    ),
    "library": OLLAMA,
    "openai": _OPENAI,
    "system": _OPENAI,
}
"""Kinds by what their lists of models say under ``owned_by``."""


def kind_of(owner: str, host: str) -> ServerKind | None:
    """The kind of a server; ``None`` if neither its models nor its address tell it.

    Args:
        owner: Who owns its models. OpenAI names customers and Ollama names authors, too.
        host: Its address, without a port.
    """
    if any(f".{host}".endswith(f".{known}") for known in _OPENAI_HOSTS):
        return _OPENAI
    return KINDS.get(owner)
