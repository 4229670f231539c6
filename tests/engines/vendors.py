"""Servers of several vendors as the network would show them, without any of them.

They take the place of the connection, so that an engine may be given any address. What one of them
answers was taken from its documents; it says no more than what tests of an engine's requests need.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx2
import pytest

__all__ = ["Answer", "Vendor", "obedient", "refusing", "saying", "usual"]

Answer = Callable[[httpx2.Request, dict[str, Any]], httpx2.Response]


def usual(request: httpx2.Request, body: dict[str, Any]) -> httpx2.Response:
    """Says hello in two words, whatever it is asked, and tells no log-probabilities."""
    return saying("Hello there")


def obedient(request: httpx2.Request, body: dict[str, Any]) -> httpx2.Response:
    """Keeps to the schema that it is asked to keep to."""
    return saying('{"answer": "yes"}' if "response_format" in body else "Hello there")


def refusing(request: httpx2.Request, body: dict[str, Any]) -> httpx2.Response:
    """Refuses to keep to a schema."""
    if "response_format" in body:
        return httpx2.Response(400, json={"error": {"message": "response_format is unknown"}})
    return saying("Hello there")


def saying(text: str, told: Mapping[str, Any] | None = None) -> httpx2.Response:
    """A whole answer with a text, and what is told besides."""
    told = told or {}
    usage = {"prompt_tokens": 7, "completion_tokens": 2, **told.get("usage", {})}
    choice = {"index": 0, "message": {"content": text}, "finish_reason": "length"}
    return httpx2.Response(200, json={**told, "choices": [choice], "usage": usage})


def _in_one_piece(answered: httpx2.Response) -> httpx2.Response:
    """An answer as whoever follows it gets it."""
    said = answered.json()
    for choice in said["choices"]:
        choice["delta"] = choice.pop("message")
    piece = f"data: {json.dumps(said)}\n\n"
    return httpx2.Response(200, text=piece, headers={"Content-Type": "text/event-stream"})


@dataclass
class Vendor:
    """A server that is no more than its answers.

    Attributes:
        address: Where it is.
        owner: Who its list says that the model is of.
        answer: What it answers to a request for samples.
        others: What it answers elsewhere, by path; it knows no other path.
        seen: What it was asked for samples.
    """

    address: str = "http://vendor.invalid/v1"
    owner: str = "somebody"
    answer: Answer = usual
    others: Mapping[str, httpx2.Response] = field(default_factory=dict)
    seen: list[dict[str, Any]] = field(default_factory=list)

    def listen(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Take the place of every connection."""

        def sync(transport: httpx2.HTTPTransport, request: httpx2.Request) -> httpx2.Response:
            request.read()
            return self._reply(request)

        async def later(
            transport: httpx2.AsyncHTTPTransport, request: httpx2.Request
        ) -> httpx2.Response:
            await request.aread()
            return self._reply(request)

        monkeypatch.setattr(httpx2.HTTPTransport, "handle_request", sync)
        monkeypatch.setattr(httpx2.AsyncHTTPTransport, "handle_async_request", later)

    def _reply(self, request: httpx2.Request) -> httpx2.Response:
        path = request.url.path
        if path == "/v1/models":
            return httpx2.Response(200, json={"data": [{"id": "m", "owned_by": self.owner}]})
        if path == "/v1/chat/completions":
            body = json.loads(request.content)
            self.seen.append(body)
            answered = self.answer(request, body)
            return _in_one_piece(answered) if body.get("stream") else answered
        return self.others.get(path) or httpx2.Response(404, json={"error": {"message": path}})
