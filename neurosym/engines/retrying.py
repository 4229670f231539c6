"""Requests that are made again where what failed may pass."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import TypeVar

from neurosym.errors import UnavailableError

__all__ = ["LONGEST_PAUSE", "retried"]

_T = TypeVar("_T")

LONGEST_PAUSE = 120.0
"""Seconds that a server may ask to wait; whoever asks for more is not asked again."""


async def retried(once: Callable[[], Awaitable[_T]], retries: int) -> _T:
    """What a request gives, made again after a pause where it fails and may not the next time.

    The pauses grow, and are no shorter than the server asks for. Each is drawn by chance, so that
    requests which failed together do not come back together.

    Args:
        once: Makes it once.
        retries: How often it is made again.

    Raises:
        UnavailableError: It failed each time, or the server asks for too long a pause.
    """
    for attempt in range(retries + 1):
        try:
            return await once()
        except UnavailableError as error:
            told = error.after or 0.0
            if attempt == retries or told > LONGEST_PAUSE:
                raise
            own = min(0.5 * 2**attempt, 8.0)
            # All that were refused together are told the same, which may be not to wait at all.
            await asyncio.sleep(
                max(own * random.uniform(0.75, 1.0), told * random.uniform(1, 1.25))
            )
    raise AssertionError("the last attempt returns or raises")
