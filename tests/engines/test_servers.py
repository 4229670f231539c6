"""What each kind of server is known by, and in which words it is asked."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import httpx2
import pytest

from neurosym.engines.base import FORBID_MODELS, Capability, SamplingParams
from neurosym.engines.openai import OpenAIEngine
from neurosym.engines.served import Api, Served
from neurosym.engines.servers import KINDS, kind_of
from neurosym.errors import EngineError
from tests.engines.contract import SEA
from tests.engines.vendors import Answer, Vendor, obedient, refusing, saying, usual

OPENAI = "https://api.openai.com/v1"
SCHEMA = {"type": "object"}
VERSION = "/api/version"
TOLD = httpx2.Response(200, json={"version": "0.5.1"})
UNKNOWN = httpx2.Response(200, json={"error": "Unexpected endpoint or method"})
ABORT, PREFIX = Capability.ABORT, Capability.PREFIX


def ask(
    vendor: Vendor, monkeypatch: pytest.MonkeyPatch
) -> tuple[str, frozenset[Capability], dict[str, Any]]:
    """What a server is taken for, what it is found able to do, and how it is asked for a schema."""
    monkeypatch.setenv("OPENAI_API_KEY", "a-key")
    monkeypatch.delenv(FORBID_MODELS)
    vendor.listen(monkeypatch)
    engine = OpenAIEngine(base_url=vendor.address, retries=0)

    async def sample() -> None:
        params = SamplingParams(seed=3, max_tokens=9)
        await engine.sample(replace(SEA, json_schema=SCHEMA), params)
        await engine.aclose()

    asyncio.run(sample())
    return engine.info.version.split(", ")[1], engine.info.can, vendor.seen[-1]


USUAL = {
    "model": "m",
    "messages": [{"role": "user", "content": SEA.messages[0].content}],
    "seed": 3,
    "temperature": 0.7,
    "top_p": 1.0,
    "response_format": {
        "type": "json_schema",
        "json_schema": {"name": "answer", "schema": SCHEMA, "strict": True},
    },
}
UNCHANGED = {"max_tokens": 9, "min_p": 0.0, "repetition_penalty": 1.0}


@pytest.mark.parametrize(
    ("vendor", "name", "can", "words"),
    [
        (
            Vendor(owner="llamacpp"),
            "llama.cpp",
            {ABORT, PREFIX},
            {
                "max_tokens": 9,
                "samplers": ["top_k", "temperature", "top_p"],
                "top_k": 0,
                "cache_prompt": True,
            },
        ),
        (
            Vendor(owner="vllm"),
            "vLLM",
            {ABORT, PREFIX},
            {**UNCHANGED, "top_k": 0, "return_token_ids": True},
        ),
        (Vendor(owner="sglang"), "SGLang", {ABORT, PREFIX}, {**UNCHANGED, "top_k": -1}),
        (Vendor(owner="library"), "Ollama", {ABORT, PREFIX}, {"max_tokens": 9}),
        (
            Vendor(owner="bartowski", others={VERSION: TOLD}),
            "Ollama",
            {ABORT, PREFIX},
            {"max_tokens": 9},
        ),
        # LM Studio answers so to what it does not know.
        (
            Vendor(owner="organization_owner", others={VERSION: UNKNOWN}),
            "another server",
            set(),
            {"max_tokens": 9},
        ),
        (Vendor(owner="somebody"), "another server", set(), {"max_tokens": 9}),
        (Vendor(OPENAI, "system"), "OpenAI", set(), {"max_completion_tokens": 9}),
        (Vendor(OPENAI, "user-abc"), "OpenAI", set(), {"max_completion_tokens": 9}),
        (Vendor(owner="openai"), "OpenAI", set(), {"max_completion_tokens": 9}),
    ],
    ids=lambda value: value.owner if isinstance(value, Vendor) else "",
)
def test_each_kind_is_asked_in_its_words(
    monkeypatch: pytest.MonkeyPatch,
    vendor: Vendor,
    name: str,
    can: set[Capability],
    words: dict[str, Any],
) -> None:
    vendor.answer = obedient
    found, able, asked = ask(vendor, monkeypatch)
    assert found == name
    assert able & {ABORT, PREFIX} == can
    assert Capability.JSON_SCHEMA in able
    assert asked == USUAL | words


@pytest.mark.parametrize(
    ("answer", "takes"),
    [
        (obedient, True),
        (usual, False),
        (refusing, False),
        (lambda request, body: saying("1"), False),
        (lambda request, body: saying("{"), False),
    ],
)
@pytest.mark.parametrize("address", [OPENAI, "http://vendor.invalid/v1"])
def test_whether_it_keeps_to_a_schema_is_tried(
    monkeypatch: pytest.MonkeyPatch, address: str, answer: Answer, takes: bool
) -> None:
    monkeypatch.delenv(FORBID_MODELS)
    vendor = Vendor(address, answer=answer)
    vendor.listen(monkeypatch)
    engine = OpenAIEngine(base_url=address, retries=0)
    asyncio.run(engine.aclose())
    assert (Capability.JSON_SCHEMA in engine.info.can) is takes
    assert sum("response_format" in body for body in vendor.seen) == 1


CHAT, COMPLETIONS = Api.CHAT, Api.COMPLETIONS
NAMED = {"model": "taken", "type": "object"}


@pytest.mark.parametrize(
    ("owner", "api", "held", "refused", "hint"),
    [
        ("somebody", CHAT, {"grammar": "root ::= x"}, "another server .* grammar", "llamacpp"),
        ("library", COMPLETIONS, {"grammar": "root ::= x"}, "Ollama .* grammar", "llamacpp"),
        ("openai", CHAT, {"regex": "x"}, "OpenAI .* regular expression", "such as vllm"),
        ("llamacpp", CHAT, {"regex": "x"}, "llama.cpp .* regular expression", "such as vllm"),
        ("somebody", COMPLETIONS, {"json_schema": NAMED}, "another .* schema", "api=chat"),
        ("sglang", COMPLETIONS, {"json_schema": NAMED}, "SGLang .* schema", "api=chat"),
    ],
)
async def test_what_a_server_holds_no_completions_to_is_refused(
    monkeypatch: pytest.MonkeyPatch,
    owner: str,
    api: Api,
    held: dict[str, Any],
    refused: str,
    hint: str,
) -> None:
    monkeypatch.delenv(FORBID_MODELS)
    completed = {"/v1/completions": saying("Hello there")}
    vendor = Vendor(owner=owner, others=completed)
    vendor.listen(monkeypatch)
    engine = OpenAIEngine(base_url=vendor.address, api=api, retries=0)
    asked = len(vendor.seen)
    for n in (1, 2):
        prompt, params = replace(SEA, **held), SamplingParams(n=n)
        for drawing in (engine.sample(prompt, params), anext(engine.stream(prompt, params))):
            with pytest.raises(EngineError, match=refused) as caught:
                await drawing
            assert hint in caught.value.hint
    assert len(vendor.seen) == asked
    await engine.aclose()


@pytest.mark.parametrize("owner", KINDS)
@pytest.mark.parametrize("api", Api)
@pytest.mark.parametrize(
    ("held", "needs"),
    [
        ({"grammar": "root ::= x"}, Capability.GRAMMAR),
        ({"regex": "x"}, Capability.REGEX),
        ({"json_schema": NAMED}, Capability.JSON_SCHEMA),
    ],
)
def test_what_completions_have_to_obey_takes_the_place_of_nothing(
    owner: str, api: Api, held: dict[str, Any], needs: Capability
) -> None:
    served = Served("m", KINDS[owner], "0", api)
    plain = served.body(SEA, SamplingParams())
    # Chats have a place for schemas, by which it is tried whether they are obeyed.
    if needs in served.can or ("json_schema" in held and api is CHAT):
        body = served.body(replace(SEA, **held), SamplingParams())
        assert body | plain == body
        assert len(body) == len(plain) + 1
    else:
        with pytest.raises(EngineError, match="holds completions to no"):
            served.body(replace(SEA, **held), SamplingParams())


@pytest.mark.parametrize(
    ("told", "found"),
    [
        ([{}, {}], None),
        # As those do it that leave it out where they found nothing.
        ([{}, {"usage": {"prompt_tokens_details": {"cached_tokens": 5}}}], (14, 9)),
        ([{"usage": {"prompt_tokens_details": {"cached_tokens": 0}}}], (7, 7)),
        ([{"usage": {"prompt_tokens_details": None}}], None),
        ([{"timings": {"prompt_n": 7}}, {"timings": {"prompt_n": 1}}], (14, 8)),
    ],
)
@pytest.mark.parametrize("by_pieces", [False, True])
async def test_what_a_server_found_in_its_cache_is_told(
    monkeypatch: pytest.MonkeyPatch,
    told: list[dict[str, Any]],
    found: tuple[int, int] | None,
    by_pieces: bool,
) -> None:
    monkeypatch.delenv(FORBID_MODELS)
    vendor = Vendor()
    vendor.listen(monkeypatch)
    engine = OpenAIEngine(base_url=vendor.address, retries=0)
    for extra in told:
        vendor.answer = lambda request, body, extra=extra: saying("Hello there", extra)
        if by_pieces:
            [_] = [item async for item in engine.stream(SEA, SamplingParams())]
        else:
            await engine.sample(SEA, SamplingParams())
    assert engine.prompt_tokens == found
    await engine.aclose()


def test_openai_is_known_by_its_address_alone() -> None:
    for host in ("api.openai.com", "eu.api.openai.com", "mine.openai.azure.com"):
        found = kind_of("org-abc", host)
        assert found is not None
        assert found.name == "OpenAI"
    assert kind_of("org-abc", "notapi.openai.com.invalid") is None
