"""Several things at once, of which none goes on alone."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterable
from typing import Any, TypeVar

__all__ = ["together"]

T = TypeVar("T")


async def together(
    work: Iterable[Coroutine[Any, Any, T]], *, seconds: float | None = None
) -> list[T]:
    """Results of several coroutines in order.

    Where one fails, the time is over, or the caller is cancelled, the others are cancelled and have
    ended before this returns or raises.

    Args:
        work: The coroutines.
        seconds: After this time the results that are there are given, in order; ``None`` waits for
            all of them.
    """
    tasks = [asyncio.ensure_future(item) for item in work]
    if not tasks:
        return []
    try:
        done, _ = await asyncio.wait(tasks, timeout=seconds, return_when=asyncio.FIRST_EXCEPTION)
        return [task.result() for task in tasks if task in done]
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
