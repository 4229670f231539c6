"""Room in the embedded server: the tokens and slots that requests hold while they run."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from neurosym.engines.loopback import Line

__all__ = ["Room"]

_FEW = 8
"""Requests that are always let in together, however long they are."""
_MANY = 32
"""Requests that are let in together at most: llama.cpp starts with no more than 256 slots, and the
others are for further samples."""
_CROWDED = 4096
"""Tokens that more requests than those may hold together. All samples attend over the cells of all
prompts, so that on processors many long prompts at once are slower than in turn."""


class Room:
    """Who may use how much of the server.

    llama.cpp fails every request in flight when its context is full, so no request starts before
    there is room for the longest answers it may get. Of its slots, the last ones are for the first
    sample of a request, which evaluates the prompt; the others are for the further samples, to
    which the server copies the prompt, and which it takes from the first slots on. So what is known
    about a leading slot's contents stays true.

    Args:
        tokens: Tokens of context that all requests may hold together.
        samples: Samples that may be in flight together.
    """

    def __init__(self, tokens: int, samples: int) -> None:
        self.tokens, self.samples = tokens, samples
        leaders = min(samples, _MANY)
        self.slots = samples - 1 + leaders
        self._free_tokens, self._free_samples = tokens, samples
        self._leaders = list(range(samples - 1, self.slots))
        self._turn = threading.Lock()
        self._changed = threading.Condition()

    @contextmanager
    def of(self, tokens: int, samples: int, line: Line) -> Iterator[int]:
        """Wait for room and hold it. Gives the slot for the first sample.

        Args:
            tokens: At most ``self.tokens``.
            samples: At most ``self.samples``.
            line: Whose room it is.

        Raises:
            EngineError: The caller hung up while waiting.
        """

        def enough() -> bool:
            together = self.tokens - self._free_tokens + tokens
            requests = self.slots - (self.samples - 1) - len(self._leaders)
            return (
                bool(self._leaders)
                and self._free_tokens >= tokens
                and self._free_samples >= samples
                and (requests < _FEW or together <= _CROWDED)
            )

        with self._turn, self._changed:  # in turn, or small requests would starve a large one
            self._changed.wait_for(lambda: line.dropped or enough())
            line.check()
            self._free_tokens -= tokens
            self._free_samples -= samples
            # The slot that was used last: those never used hold nothing that others attend over.
            slot = self._leaders.pop()
        try:
            yield slot
        finally:
            with self._changed:
                self._free_tokens += tokens
                self._free_samples += samples
                self._leaders.append(slot)
                self._changed.notify_all()

    def look_again(self) -> None:
        """Let those who wait see that a caller hung up."""
        with self._changed:
            self._changed.notify_all()
