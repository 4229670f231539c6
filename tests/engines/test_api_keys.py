"""The key of a server is in nothing that is shown, whatever the server says."""

from __future__ import annotations

import asyncio
import traceback
from typing import Any

import httpx2
import openai
import pytest

from neurosym.engines.api_keys import masked, read_key
from neurosym.engines.base import FORBID_MODELS, SamplingParams
from neurosym.engines.http_errors import translated
from neurosym.engines.openai import OpenAIEngine
from neurosym.errors import EngineError, OptionError
from tests.engines.contract import SEA
from tests.engines.vendors import Vendor, usual

KEY = "sk-secret"


@pytest.fixture
def vendor(monkeypatch: pytest.MonkeyPatch) -> Vendor:
    vendor = Vendor()
    vendor.listen(monkeypatch)
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.delenv(FORBID_MODELS)
    return vendor


def start(vendor: Vendor) -> OpenAIEngine:
    return OpenAIEngine(base_url=vendor.address, retries=0)


def repeated_as_a_number(request: httpx2.Request, body: dict[str, Any]) -> httpx2.Response:
    said = usual(request, body).json()
    said["usage"]["completion_tokens"] = request.headers["Authorization"]
    return httpx2.Response(200, json=said)


def repeated_as_an_error(request: httpx2.Request, body: dict[str, Any]) -> httpx2.Response:
    said = {"error": {"message": f"no place for {request.headers['Authorization']}"}}
    return httpx2.Response(418, json=said)


def everything(error: BaseException) -> str:
    """What a program shows that lets an error through."""
    return "".join(traceback.format_exception(error))


def test_spaces_around_a_key_are_not_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTHER_KEY", f" {KEY}\n")
    assert read_key("OTHER_KEY") == KEY
    monkeypatch.setenv("OTHER_KEY", "\n")
    assert read_key("OTHER_KEY") == ""
    monkeypatch.delenv("OTHER_KEY")
    assert read_key("OTHER_KEY") == ""


@pytest.mark.parametrize("key", ["sk-secr\u00e9t", "sk-se\x07cret", "sk-secret\nsk-other"])
def test_a_key_that_cannot_be_sent_is_named_and_not_shown(
    vendor: Vendor, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", key)
    with pytest.raises(OptionError, match="OPENAI_API_KEY") as caught:
        start(vendor)
    assert "sk-se" not in f"{everything(caught.value)} {caught.value.hint}"
    assert not vendor.seen


def test_without_a_key_nothing_is_masked() -> None:
    assert masked("none", "") == "none"


def test_the_cause_of_a_lost_connection_does_not_show_the_key() -> None:
    error = openai.APIConnectionError(request=httpx2.Request("GET", "http://h/v1"))
    error.__cause__ = ValueError(f"illegal header 'Bearer {KEY}'")
    told = translated(error, "http://h/v1", "OPENAI_API_KEY", KEY)
    assert "illegal header" in str(told)
    assert KEY not in f"{told} {told.hint}"


@pytest.mark.parametrize("answer", [repeated_as_a_number, repeated_as_an_error])
def test_a_server_that_repeats_the_key_when_it_is_looked_at(vendor: Vendor, answer: Any) -> None:
    vendor.answer = answer
    with pytest.raises(EngineError, match=r"\*\*\*") as caught:
        start(vendor)
    assert KEY not in everything(caught.value)


@pytest.mark.parametrize("answer", [repeated_as_a_number, repeated_as_an_error])
async def test_a_server_that_repeats_the_key_when_it_is_asked(vendor: Vendor, answer: Any) -> None:
    engine = start(vendor)
    vendor.answer = answer
    with pytest.raises(EngineError, match=r"\*\*\*") as caught:
        await engine.sample(SEA, SamplingParams(max_tokens=2))
    assert KEY not in everything(caught.value)
    await engine.aclose()


def test_a_server_that_repeats_the_key_where_it_gives_vectors(
    vendor: Vendor, caplog: pytest.LogCaptureFixture
) -> None:
    said = {"error": {"message": f"too many for Bearer {KEY}"}}
    vendor.others = {"/v1/embeddings": httpx2.Response(429, json=said)}
    engine = start(vendor)
    asyncio.run(engine.aclose())
    assert "too many for Bearer ***" in caplog.text
    assert KEY not in caplog.text
