"""Speaking with the embedded server, in requests that can be dropped.

Only over its loopback port the server counts the tokens of each sample, tokenizes, and drops a
request whose caller went away.
"""

from __future__ import annotations

import http.client
import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any
from urllib.parse import urlsplit

from neurosym.candidate import Prompt
from neurosym.engines.base import turns
from neurosym.errors import ContextOverflowError, EngineError

__all__ = ["Line", "Port"]


class Port:
    """Where the server listens, and the key to it."""

    def __init__(self, address: str, key: str) -> None:
        parts = urlsplit(address)
        assert parts.hostname is not None and parts.port is not None
        self._host, self._port = parts.hostname, parts.port
        self.headers = {"Content-Type": "application/json", "Authorization": f"Bearer {key}"}

    def connect(self) -> http.client.HTTPConnection:
        """A connection that is not open yet."""
        return http.client.HTTPConnection(self._host, self._port)


class Line:
    """One caller's connections to the server, one after the other, until he hangs up."""

    def __init__(self, port: Port) -> None:
        self._port = port
        self._connection: http.client.HTTPConnection | None = None
        self.dropped = False

    def tokenize(self, prompt: Prompt) -> list[int]:
        """The tokens of a prompt in the model's chat format."""
        text = self.post("/apply-template", {"messages": turns(prompt)})["prompt"] + prompt.prefix
        body = {"content": text, "add_special": True, "parse_special": True}
        tokens: list[int] = self.post("/tokenize", body)["tokens"]
        return tokens

    def get(self, path: str) -> Any:
        """Ask for JSON.

        Raises:
            EngineError: As :meth:`post`.
        """
        return self._exchange("GET", path, None)

    def post(self, path: str, body: dict[str, Any]) -> Any:
        """Send JSON and wait for the answer.

        Raises:
            ContextOverflowError: The server's context is full.
            EngineError: It refuses, does not answer, or the caller hung up.
        """
        return self._exchange("POST", path, _as_bytes(body))

    def stream(self, path: str, body: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """Send JSON and take what is answered, piece by piece (server-sent events).

        Raises:
            ContextOverflowError: The server's context is full.
            EngineError: As :meth:`post`.
        """
        with self._answer("POST", path, _as_bytes({**body, "stream": True})) as response:
            if response.status != 200:
                raise _translate_error(json.loads(response.read()))
            for line in response:
                if line.startswith(b"data: ") and line.strip() != b"data: [DONE]":
                    yield json.loads(line[len(b"data: ") :])
                elif line.startswith(b"error: "):
                    raise _translate_error({"error": json.loads(line[len(b"error: ") :])})

    def _exchange(self, method: str, path: str, data: bytes | None) -> Any:
        with self._answer(method, path, data) as response:
            found = json.loads(response.read())
        if response.status != 200:
            raise _translate_error(found)
        return found

    @contextmanager
    def _answer(
        self, method: str, path: str, data: bytes | None
    ) -> Iterator[http.client.HTTPResponse]:
        self._connection = connection = self._port.connect()
        try:
            connection.connect()
            self.check()  # from here on, hanging up finds an open socket
            connection.request(method, path, data, self._port.headers)
            yield connection.getresponse()
        except (OSError, http.client.HTTPException, ValueError) as error:
            self.check()
            raise EngineError(
                f"llama.cpp did not answer: {error}", hint="Make a new engine."
            ) from error
        finally:
            self._connection = None
            connection.close()

    def check(self) -> None:
        """Go on only if the caller did not hang up.

        Raises:
            EngineError: He did.
        """
        if self.dropped:
            raise EngineError("the request was dropped", hint="Make a new engine.")

    def hang_up(self) -> None:
        """Close the connection, upon which the server drops the work."""
        self.dropped = True
        connection = self._connection
        sock = None if connection is None else connection.sock
        if sock is not None:
            with suppress(OSError):  # it ended by itself in this moment
                sock.shutdown(socket.SHUT_RDWR)


def _as_bytes(body: dict[str, Any]) -> bytes:
    # Half characters, which JSON can smuggle into a question, have no bytes of their own.
    return json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")


def _translate_error(found: Any) -> EngineError:
    error = found.get("error", {}) if isinstance(found, dict) else {}
    message = str(error.get("message", found))
    overflow = error.get("type") == "exceed_context_size_error" or "Context size" in message
    if overflow:
        return ContextOverflowError(
            f"llama.cpp: {message}",
            hint="Shorten the question, or start the engine with a larger context.",
        )
    hint = "Check the prompt's grammar or schema." if "grammar" in message else ""
    return EngineError(f"llama.cpp: {message}", hint=hint)
