"""A Lean process that has imported a header, and elaborates one text after another behind it."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from neurosym.backends.base import Limits
from neurosym.backends.commands import CommandPool
from neurosym.backends.lean.elaboration import (
    Elaboration,
    Ending,
    ending_of,
    heap_arguments,
    out_of_time,
)
from neurosym.backends.lean.messages import Message
from neurosym.backends.lean.server_messages import FrameError, Frames, frame, read_diagnostics
from neurosym.backends.sandbox.report import Report

__all__ = ["LeanWorker"]

_URI = "file:///proof.lean"
_AT_ONCE = "-Dserver.reportDelayMs=0"
"""Lean would otherwise hold messages back, so that an editor does not flicker."""
_LIFE = 24 * 3600.0
"""Seconds after which a worker that nobody ended is; those of a text count for each by itself."""


class LeanWorker:
    """One process, for one thread at a time.

    Lean keeps what it made of a file up to the first change in it, so a header is imported once.
    What a file declares is gone with the next one. What code that it *runs* does to the process is
    not, so a worker should be ended after a file that runs code.

    Args:
        commands: What starts Lean.
        reserved: Address space that it takes without using it, in bytes.
        limits: What it may use; ``memory_bytes`` is its heap, ``output_bytes`` what it may say of
            one file, ``seconds`` and ``cpu_seconds`` do not count.

    Attributes:
        files: Files it was given, the header alone not counted.
        alive: Whether it takes another.
        imported: What came of importing the header.

    Raises:
        BackendError: It cannot be started.
        IsolationError: It cannot be isolated, and was to be.
    """

    def __init__(self, commands: CommandPool, reserved: int, limits: Limits) -> None:
        self._limits = limits
        self._frames = Frames(limits.output_bytes)
        life = replace(
            limits,
            seconds=_LIFE,
            cpu_seconds=int(_LIFE),
            memory_bytes=limits.memory_bytes + reserved,
        )
        arguments = ["--worker", _AT_ONCE, *heap_arguments(limits), _URI]
        self._lean = commands.converse(arguments, life)
        self._version = 0
        self.files = 0
        self.alive = True
        self.imported = Elaboration(Ending.FINISHED)

    def import_header(self, header: str, seconds: float) -> None:
        """Import a header ahead of the files behind it, whose errors are those of each file.

        If it does not come to an end, the worker is dead.

        Raises:
            BackendError: The machinery broke.
        """
        found = self._elaborate(header, seconds)
        detail = f"the header: {found.detail}" if found.detail else ""
        self.imported = replace(found, detail=detail)

    def elaborate(self, text: str, seconds: float) -> Elaboration:
        """Elaborate a file in place of the one before. A worker that does not finish is ended.

        Args:
            text: The whole file. If its header is that of the one before, nothing is imported.
            seconds: Wall time for it.

        Raises:
            BackendError: The machinery broke.
        """
        self.files += 1
        return self._elaborate(text, seconds)

    def _elaborate(self, text: str, seconds: float) -> Elaboration:
        begun = time.monotonic()
        deadline = begun + seconds
        self._version += 1
        self._frames.reset()
        text = text.encode(errors="replace").decode()
        ending, detail, memory = Ending.FINISHED, "", 0
        messages: tuple[Message, ...] = ()
        try:
            messages = self._diagnostics(text, deadline)
        except FrameError as error:
            ending, detail = Ending.CRASHED, str(error)
            self.end()
        except EOFError:
            report = self.end()
            memory = report.memory_bytes
            if time.monotonic() >= deadline:
                ending, detail = Ending.TIMEOUT, out_of_time(seconds)
            else:
                ending, detail = ending_of(report, self._limits)
            if ending is Ending.FINISHED:
                ending, detail = Ending.CRASHED, "Lean ended before it was through"
        return Elaboration(ending, messages, detail, time.monotonic() - begun, memory)

    def _diagnostics(self, text: str, deadline: float) -> tuple[Message, ...]:
        """What Lean says of a file.

        Raises:
            EOFError: It ended, or time is over.
            FrameError: It said what no Lean says, or too much.
        """
        version = self._version
        for message in self._opening(text, version):
            if not self._lean.say(frame(message), deadline - time.monotonic()):
                raise EOFError
        found: tuple[Message, ...] = ()
        for message in self._heard(deadline):
            # Lean has requests of its own, with numbers of their own; it waits for no answer.
            if message.get("id") == version and "method" not in message:
                if "error" in message:
                    raise FrameError(f"Lean says: {str(message['error'])[:500]}")
                return found
            if message.get("method") == "textDocument/publishDiagnostics":
                said = message.get("params")
                if isinstance(said, dict) and said.get("version") == version:
                    found = read_diagnostics(said.get("diagnostics", ()), text)
        raise EOFError

    def _opening(self, text: str, version: int) -> Iterator[Mapping[str, Any]]:
        """What to tell Lean so that it elaborates a text, and says when it is through."""
        document = {"uri": _URI, "version": version}
        if version == 1:
            yield {
                "id": 0,
                "method": "initialize",
                "params": {"processId": None, "rootUri": None, "capabilities": {}},
            }
            opened = {**document, "languageId": "lean", "text": text}
            yield {
                "method": "textDocument/didOpen",
                "params": {"textDocument": opened, "dependencyBuildMode": "never"},
            }
        else:
            yield {
                "method": "textDocument/didChange",
                "params": {"textDocument": document, "contentChanges": [{"text": text}]},
            }
        yield {"id": version, "method": "textDocument/waitForDiagnostics", "params": document}

    def _heard(self, deadline: float) -> Iterator[Mapping[str, Any]]:
        """Its messages until it ends or time is over."""
        while (left := deadline - time.monotonic()) > 0:
            data = self._lean.hear(left)
            if not data:
                return
            yield from self._frames.feed(data)

    def end(self) -> Report:
        """Kill it. Once only."""
        self.alive = False
        return self._lean.end()
