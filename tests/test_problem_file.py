"""Problems from files: a bad line is named by its number, and the rest goes on."""

from __future__ import annotations

import json
import os
import tracemalloc
from pathlib import Path

import pytest

from neurosym.errors import ProblemError
from neurosym.problem import Kind, Problem
from neurosym.problem_file import (
    BadLine,
    LabelledProblem,
    count_problems,
    parse_problem,
    read_problems,
)


def write(tmp_path: Path, *lines: str | bytes) -> Path:
    path = tmp_path / "problems.jsonl"
    path.write_bytes(b"\n".join(x if isinstance(x, bytes) else x.encode() for x in lines) + b"\n")
    return path


def test_lines_become_problems_with_their_answers(tmp_path: Path) -> None:
    line = {
        "id": "q1",
        "question": "How many?",
        "answer": 7,
        "kind": "math",
        "context": "Some text.",
        "extra": {"choices": ["A) 7", "B) 8"]},
    }
    [item] = read_problems(write(tmp_path, json.dumps(line)))
    assert item == LabelledProblem(
        Problem("q1", "How many?", Kind.MATH, ("A) 7", "B) 8"), "Some text."), 7
    )


def test_an_answer_may_be_any_plain_data(tmp_path: Path) -> None:
    [item] = read_problems(write(tmp_path, '{"question": "Which?", "answer": [1, [2], "x"]}'))
    assert isinstance(item, LabelledProblem)
    assert item.answer == (1, (2,), "x")


def test_an_answer_that_is_none_is_named_where_it_is_needed(tmp_path: Path) -> None:
    [item] = read_problems(write(tmp_path, '{"id": 7, "question": "a", "answer": {"$oid": "b"}}'))
    assert isinstance(item, LabelledProblem)
    with pytest.raises(ProblemError, match="answer of problem '7' cannot be read"):
        _ = item.answer


def test_what_is_null_was_not_given(tmp_path: Path) -> None:
    line = dict.fromkeys(("id", "kind", "choices", "context", "answer", "extra"))
    [item] = read_problems(write(tmp_path, json.dumps({"question": "How many?", **line})))
    assert item == LabelledProblem(Problem("line-1", "How many?"), None)


def test_a_problem_without_an_id_is_named_by_its_line(tmp_path: Path) -> None:
    [item] = read_problems(path := write(tmp_path, "", '{"question": "How many?"}'))
    assert count_problems(path) == 1
    assert isinstance(item, LabelledProblem)
    assert item.problem.id == "line-2"


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('{"question": ', "it is not JSON: Expecting value at column"),
        (b'{"question": "\xff\xfe"}', "it is not UTF-8 text"),
        ("[" * 100_000, "nested too deeply"),
        ("[1, 2]", "it is not a JSON object"),
        ('"How many?"', "it is not a JSON object"),
        ('{"id": 1}', 'it has no text under "question"'),
        ('{"question": 12}', 'it has no text under "question"'),
        ('{"question": "  "}', "an empty question"),
        ('{"question": "a\\u0000b"}', "binary data"),
        ('{"question": "a", "kind": "poetry"}', "unknown kind 'poetry'"),
        ('{"question": "a", "kind": ["math"]}', r"unknown kind \['math'\]"),
        ('{"question": "a", "choices": "A) 1"}', '"choices" is not a list of texts'),
        ('{"question": "a", "extra": {"choices": [1]}}', '"choices" is not a list of texts'),
        ('{"question": "a", "context": 1}', '"context" is not a text'),
        ('{"question": "a", "answer": ' + "1" * 5000 + "}", "more digits than Python reads"),
    ],
)
def test_a_bad_line_is_named_by_number_and_the_rest_goes_on(
    tmp_path: Path, line: str | bytes, reason: str
) -> None:
    good = '{"question": "How many?"}'
    first, bad, last = read_problems(write(tmp_path, good, line, good))
    assert isinstance(first, LabelledProblem)
    assert isinstance(last, LabelledProblem)
    assert isinstance(bad, BadLine)
    assert bad.number == 2
    with pytest.raises(AssertionError, match=reason):
        raise AssertionError(bad.reason)


def test_a_line_separator_inside_a_text_ends_no_line(tmp_path: Path) -> None:
    [item] = read_problems(write(tmp_path, '{"question": "one\u2028two\x85three?"}'))
    assert isinstance(item, LabelledProblem)
    assert item.problem.question == "one\u2028two\x85three?"


def test_a_line_too_long_for_memory_is_refused_without_reading_it_whole(tmp_path: Path) -> None:
    long = b'{"question": "' + b"a" * (60 * 2**20) + b'"}'
    path = write(tmp_path, long, '{"question": "How many?"}')
    tracemalloc.start()
    assert count_problems(path) == 2
    bad, good = read_problems(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert isinstance(bad, BadLine)
    assert "longer than" in bad.reason
    assert isinstance(good, LabelledProblem)
    assert peak < 40 * 2**20


def test_a_binary_file_is_refused_at_once(tmp_path: Path) -> None:
    path = tmp_path / "picture.jsonl"
    path.write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)) * 100)
    with pytest.raises(ProblemError, match="is a binary file, not JSONL"):
        list(read_problems(path))


@pytest.mark.parametrize("name", ["missing.jsonl", "."])
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, name: str) -> None:
    with pytest.raises(ProblemError, match="cannot be read"):
        list(read_problems(tmp_path / name))


def test_a_pipe_is_named(tmp_path: Path) -> None:
    path = tmp_path / "pipe.jsonl"
    os.mkfifo(path)
    writer = os.open(path, os.O_RDWR)
    try:
        with pytest.raises(ProblemError, match="is a pipe"):
            list(read_problems(path))
    finally:
        os.close(writer)


def test_an_empty_file_holds_no_problems(tmp_path: Path) -> None:
    path = tmp_path / "empty.jsonl"
    path.write_bytes(b"")
    assert list(read_problems(path)) == []


def test_every_kind_is_known() -> None:
    for kind in Kind:
        assert parse_problem({"question": "a", "kind": kind.value}, default_id="x").kind is kind
