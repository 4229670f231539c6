"""Room in the embedded server, without a server."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import ExitStack

import pytest

from neurosym.engines.loopback import Line, Port
from neurosym.engines.slots import Room
from neurosym.errors import EngineError


def line() -> Line:
    return Line(Port("http://127.0.0.1:9", ""))


def waits(room: Room, tokens: int, samples: int, *, until: Callable[[], None]) -> bool:
    """Whether a request waits for ``until``, and then has room."""
    entered = threading.Event()

    def enter() -> None:
        with room.of(tokens, samples, line()):
            entered.set()

    thread = threading.Thread(target=enter)
    thread.start()
    waited = not entered.wait(0.1)
    until()
    thread.join(10)
    return waited and entered.is_set()


def test_leading_slots_come_after_those_that_further_samples_take() -> None:
    room = Room(1000, samples=4)
    with ExitStack() as held:
        leaders = [held.enter_context(room.of(1, 1, line())) for _ in range(4)]
    assert sorted(leaders) == [3, 4, 5, 6]
    assert room.slots == 7


def test_the_slot_used_last_is_used_next() -> None:
    room = Room(1000, samples=8)
    with room.of(1, 1, line()) as first, room.of(1, 1, line()) as second:
        pass
    assert first != second
    with room.of(1, 1, line()) as third:
        assert third == first  # the outer one was given back last


@pytest.mark.parametrize(("tokens", "samples"), [(501, 1), (1, 3)], ids=["tokens", "samples"])
def test_a_request_waits_for_what_is_missing(tokens: int, samples: int) -> None:
    room = Room(1000, samples=4)
    with ExitStack() as held:
        held.enter_context(room.of(500, 2, line()))
        assert waits(room, tokens, samples, until=held.close)


def test_a_request_waits_for_a_leading_slot() -> None:
    room = Room(1000, samples=200)
    assert room.slots <= 256, "llama.cpp starts with no more"
    with ExitStack() as held:
        for _ in range(room.slots - 199):
            held.enter_context(room.of(1, 1, line()))
        assert waits(room, 1, 1, until=held.close)


def test_many_short_requests_are_let_in_together() -> None:
    room = Room(100_000, samples=20)
    with ExitStack() as held:
        for _ in range(20):
            held.enter_context(room.of(200, 1, line()))
        assert waits(room, 200, 1, until=held.close)


def test_of_long_requests_only_a_few_are_let_in_together() -> None:
    room = Room(100_000, samples=20)
    with ExitStack() as held:
        for _ in range(8):
            held.enter_context(room.of(1000, 1, line()))
        assert waits(room, 1, 1, until=held.close)


def test_small_requests_do_not_starve_a_large_one() -> None:
    room = Room(1000, samples=4)
    order: list[int] = []

    def ask(tokens: int) -> None:
        with room.of(tokens, 1, line()):
            order.append(tokens)

    threads = []
    with room.of(500, 1, line()):
        for tokens in (1000, 1):
            threads.append(threading.Thread(target=ask, args=(tokens,)))
            threads[-1].start()
            time.sleep(0.1)
    for thread in threads:
        thread.join(10)
    assert order == [1000, 1]


def test_hanging_up_ends_the_waiting() -> None:
    room = Room(10, samples=1)
    own = line()

    def hang_up() -> None:
        own.hang_up()
        room.look_again()

    with room.of(10, 1, line()):
        threading.Timer(0.1, hang_up).start()
        with pytest.raises(EngineError, match="dropped"), room.of(1, 1, own):
            pass
