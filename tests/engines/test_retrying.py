"""Requests that are made again: how long each waits before."""

from __future__ import annotations

import asyncio

import pytest

from neurosym.engines.retrying import LONGEST_PAUSE, retried
from neurosym.errors import UnavailableError


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses of requests, none of which takes any time."""
    made: list[float] = []

    async def pause(seconds: float) -> None:
        made.append(seconds)

    monkeypatch.setattr(asyncio, "sleep", pause)
    return made


async def fail(after: float | None, retries: int = 1) -> None:
    async def once() -> None:
        error = UnavailableError("busy")
        error.after = after
        raise error

    with pytest.raises(UnavailableError, match="busy"):
        await retried(once, retries)


@pytest.mark.parametrize("after", [0.5, 30.0, LONGEST_PAUSE])
async def test_requests_that_are_told_the_same_do_not_come_back_together(
    pauses: list[float], after: float
) -> None:
    for _ in range(32):
        await fail(after)
    assert after <= min(pauses)
    assert max(pauses) <= 1.25 * after
    assert max(pauses) - min(pauses) > 0.05 * after


@pytest.mark.parametrize("after", [None, 0.0, 0.01])
async def test_pauses_grow_where_none_worth_telling_is_asked_for(
    pauses: list[float], after: float | None
) -> None:
    await fail(after, retries=6)
    most = [0.5, 1, 2, 4, 8, 8]
    assert len(pauses) == len(most)
    assert all(0.75 * long <= pause <= long for pause, long in zip(pauses, most, strict=True))


async def test_too_long_a_pause_is_not_made(pauses: list[float]) -> None:
    await fail(LONGEST_PAUSE + 1, retries=6)
    assert not pauses
