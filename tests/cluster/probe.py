"""What a team of the tests is made of; workers import it."""

from __future__ import annotations

import asyncio
import os

from neurosym.errors import ContextOverflowError, ModelNotFoundError


class Probe:
    def __init__(self) -> None:
        self._cancelled = self._begun = 0

    async def pid(self, seconds: float = 0.0) -> int:
        self._begun += seconds > 0
        try:
            await asyncio.sleep(seconds)
        except asyncio.CancelledError:
            self._cancelled += 1
            raise
        return os.getpid()

    async def begun(self) -> int:
        return self._begun

    async def cancelled(self) -> int:
        return self._cancelled

    async def refuse(self) -> None:
        raise ContextOverflowError("it is too long", hint="Shorten it.")

    async def die(self) -> None:
        os._exit(1)


def no_probe() -> Probe:
    raise ModelNotFoundError("there are no weights", hint="Put some there.")
