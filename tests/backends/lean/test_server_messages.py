"""Frames and diagnostics of a Lean server."""

from __future__ import annotations

from typing import Any

import pytest

from neurosym.backends.lean.messages import SORRY, Position, Severity
from neurosym.backends.lean.server_messages import FrameError, Frames, frame, read_diagnostics


def test_frames_are_cut_wherever_the_bytes_end() -> None:
    messages: list[dict[str, Any]] = [{"jsonrpc": "2.0", "id": k, "x": "∀" * k} for k in range(5)]
    data = b"".join(map(frame, messages))
    for step in (1, 7, len(data)):
        frames = Frames(10_000)
        found = [
            message
            for at in range(0, len(data), step)
            for message in frames.feed(data[at : at + step])
        ]
        assert found == messages


def test_other_headers_are_passed_over() -> None:
    data = b"Content-Type: x; charset=utf-8\r\ncontent-length: 2\r\n\r\n{}"
    assert list(Frames(100).feed(data)) == [{}]


@pytest.mark.parametrize(
    "data",
    [
        b"Content-Length: 2\r\n\r\n[]",
        b"Content-Length: 2\r\n\r\n{]",
        b"Content-Length: -2\r\n\r\n{}",
        b"Content-Length: 2\r\nContent-Length: 1\r\n\r\n{}",
        b"nothing\r\n\r\n{}",
        b"x" * 5000,
        b"Content-Length: 99999999999999999\r\n\r\n",
        b"Content-Length: 100000\r\n\r\n" + b"[" * 100_000,
    ],
)
def test_what_is_no_frame_is_told(data: bytes) -> None:
    with pytest.raises(FrameError, match="no message"):
        list(Frames(1_000_000).feed(data))


def test_too_much_is_told_before_it_is_kept() -> None:
    frames = Frames(1000)
    list(frames.feed(b"Content-Length: 5000\r\n\r\n" + b" " * 900))
    frames.reset()
    list(frames.feed(b" " * 900))
    with pytest.raises(FrameError, match="more than 1,000 bytes"):
        list(frames.feed(b" " * 200))


def diagnostic(**more: Any) -> dict[str, Any]:
    place = {"start": {"line": 0, "character": 3}, "end": {"line": 0, "character": 5}}
    return {"range": place, "severity": 1, "message": "wrong", **more}


def test_columns_count_characters() -> None:
    [message] = read_diagnostics([diagnostic()], "𝔸é𝔹\n")
    assert (message.start, message.end) == (Position(1, 2), Position(1, 3))


def test_the_whole_range_counts_and_an_empty_one_has_no_end() -> None:
    whole = {"start": {"line": 0, "character": 3}, "end": {"line": 2, "character": 1}}
    empty = {"start": {"line": 9, "character": 0}, "end": {"line": 9, "character": 0}}
    first, second = read_diagnostics(
        [diagnostic(range=empty), diagnostic(fullRange=whole)], "abcdef"
    )
    assert (first.start, first.end) == (Position(1, 3), Position(3, 1))
    assert (second.start, second.end) == (Position(10, 0), None)


def test_severities_silence_and_holes() -> None:
    said = [
        diagnostic(severity=2, message="declaration uses 'sorry'"),
        diagnostic(severity=2, message="declaration uses `sorry`"),
        diagnostic(severity=3),
        diagnostic(severity=4),
        diagnostic(isSilent=True, message="Goals accomplished!"),
    ]
    found = read_diagnostics(said, "")
    assert [item.kind for item in found] == [SORRY, SORRY, "", ""]
    assert [item.severity for item in found] == [
        Severity.WARNING, Severity.WARNING, Severity.INFORMATION, Severity.INFORMATION,
    ]  # fmt: skip


@pytest.mark.parametrize("wrong", [{}, 3, None, {"range": 1, "message": "x"}, {"message": "x"}])
def test_what_is_no_diagnostic_is_told(wrong: Any) -> None:
    with pytest.raises(FrameError, match="no diagnostic"):
        read_diagnostics([wrong], "")
