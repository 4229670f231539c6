"""`neurosym solve` with a real model. It is a small one: the plumbing is tested, not answers."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from neurosym.cli.exits import Exit
from neurosym.engines.models import TEST_MODEL, pull
from neurosym.runtime.runlog import read_run

pytestmark = pytest.mark.real_model

EGGS = "A crate holds 12 eggs. How many eggs do 5 crates hold?"


@pytest.fixture(scope="module", autouse=True)
def _weights() -> None:
    pull(TEST_MODEL)


def command(*arguments: str) -> list[str]:
    # One thread: this machine may have no second processor to give.
    model = ["--model", TEST_MODEL, "--threads", "1"]
    return [sys.executable, "-m", "neurosym", "solve", *arguments, *model]


def run(*arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(command(*arguments), input=stdin, capture_output=True, text=True)


def write_problems(path: Path, count: int, *extra: str) -> Path:
    lines = [
        json.dumps({"id": f"p{i}", "question": f"A crate holds {i} eggs. How many do 5 hold?"})
        for i in range(2, 2 + count)
    ]
    path.write_text("\n".join([*lines, *extra]) + "\n")
    return path


def objects(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_a_question_gives_an_answer_or_the_reason_for_none() -> None:
    shown = run(EGGS, "--samples", "2", "--explain")
    assert shown.returncode in (Exit.ANSWERED, Exit.ABSTAINED), shown.stderr
    assert ("no answer: " in shown.stdout) == (shown.returncode == Exit.ABSTAINED)
    assert "the vote" in shown.stdout
    assert "tokens" in shown.stdout


def test_routes_of_both_kinds_are_sampled() -> None:
    given = ("--samples", "2", "--routes", "both", "--strategy", "vote(select=crossed)")
    [solution] = objects(run(EGGS, *given, "--json", "--explain").stdout)
    assert [item["variant"] for item in solution["candidates"]] == [0, 1]
    assert all(item["route"] in (0, 1) for item in solution["candidates"])


def test_json_says_the_same_in_one_line() -> None:
    shown = run(EGGS, "--samples", "2", "--json")
    [solution] = objects(shown.stdout)
    assert (solution["answer"] is None) == (solution["abstention"] is not None)
    assert (solution["answer"] is None) == (shown.returncode == Exit.ABSTAINED)
    assert solution["usage"]["samples"] == 2
    assert "candidates" not in solution


def test_explained_json_holds_the_programs_and_their_checks() -> None:
    [solution] = objects(run(EGGS, "--samples", "2", "--json", "--explain").stdout)
    assert [item["index"] for item in solution["candidates"]] == [0, 1]
    assert all(item["completion"]["completion_tokens"] > 0 for item in solution["candidates"])


def test_a_file_gives_a_line_for_each_problem_and_names_the_bad_ones(tmp_path: Path) -> None:
    bad = ['{"question": ', '{"question": "a", "kind": "poetry"}', '{"question": ""}']
    path = write_problems(tmp_path / "problems.jsonl", 3, *bad)
    shown = run(str(path), "--samples", "1")
    assert shown.returncode == Exit.BAD_INPUT
    found = objects(shown.stdout)
    assert {item["id"] for item in found if "id" in item} == {"p2", "p3", "p4"}
    assert {item["line"]: item["error"].split(":")[0] for item in found if "line" in item} == {
        4: "it is not JSON",
        5: "unknown kind 'poetry'",
        6: "problem 'line-6' has an empty question",
    }
    assert "line 4: it is not JSON" in shown.stderr
    assert "6/6 done" in shown.stderr


def test_problems_may_come_on_standard_input(tmp_path: Path) -> None:
    path = write_problems(tmp_path / "problems.jsonl", 2)
    shown = run("-", "--samples", "1", stdin=path.read_text())
    assert shown.returncode == Exit.ANSWERED
    assert {item["id"] for item in objects(shown.stdout)} == {"p2", "p3"}


def test_a_question_longer_than_the_context_says_what_to_do() -> None:
    shown = run("-", "--samples", "1", stdin="Ann has one egg. " * 5_000 + "How many?")
    assert shown.returncode == Exit.MODEL
    assert "more than the model's context" in shown.stderr
    assert "hint: Shorten the question" in shown.stderr


def start(arguments: Sequence[str], **options: Any) -> subprocess.Popen[str]:
    return subprocess.Popen(command(*arguments), stdout=subprocess.PIPE, text=True, **options)


def test_killed_in_the_middle_it_goes_on_and_does_nothing_twice(tmp_path: Path) -> None:
    path = write_problems(tmp_path / "problems.jsonl", 6)
    arguments = [str(path), "--samples", "2", "--run", str(tmp_path / "run")]
    process = start(arguments, stderr=subprocess.DEVNULL)
    assert process.stdout is not None
    first = [json.loads(process.stdout.readline()) for _ in range(2)]
    process.kill()
    process.wait()
    before = read_run(tmp_path / "run")[1]
    shown = run(*arguments)
    assert shown.returncode == Exit.ANSWERED, shown.stderr
    found = {item["id"]: item for item in objects(shown.stdout)}
    assert set(found) == {f"p{i}" for i in range(2, 8)}
    for solution in first:
        assert found[solution["id"]] == solution
    after = read_run(tmp_path / "run")[1]
    assert before.items() <= after.items()
    assert len(after) == 6
    # A third time everything is there already, so no token is sampled.
    again = {item["id"]: item for item in objects(run(*arguments).stdout)}
    assert again == found


def test_an_interrupt_keeps_what_is_finished(tmp_path: Path) -> None:
    path = write_problems(tmp_path / "problems.jsonl", 40)
    arguments = [str(path), "--samples", "2", "--run", str(tmp_path / "run")]
    process = start(arguments, stderr=subprocess.PIPE)
    assert process.stdout is not None and process.stderr is not None
    finished = json.loads(process.stdout.readline())
    process.send_signal(signal.SIGINT)
    said = process.communicate(timeout=60)[1]
    assert process.returncode == Exit.INTERRUPTED, said
    assert "interrupted" in said
    assert "Traceback" not in said
    kept = {item["id"] for item in read_run(tmp_path / "run")[1].values()}
    assert finished["id"] in kept


def test_a_second_interrupt_quits_at_once(tmp_path: Path) -> None:
    path = write_problems(tmp_path / "problems.jsonl", 40)
    process = start([str(path), "--samples", "8"], stderr=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.readline()
    process.send_signal(signal.SIGINT)
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=5) == Exit.INTERRUPTED


def test_a_reader_that_goes_away_is_no_crash(tmp_path: Path) -> None:
    path = write_problems(tmp_path / "problems.jsonl", 4)
    process = start([str(path), "--samples", "1"], stderr=subprocess.PIPE)
    assert process.stdout is not None and process.stderr is not None
    process.stdout.close()
    process.wait(timeout=120)
    assert "Traceback" not in process.stderr.read()


def test_a_terminal_shows_a_live_bar(tmp_path: Path) -> None:
    path = write_problems(tmp_path / "problems.jsonl", 3)
    ours, theirs = pty.openpty()
    process = start(
        [str(path), "--samples", "1"], stderr=theirs, env={**os.environ, "TERM": "xterm"}
    )
    os.close(theirs)
    shown = ""
    give_up = time.monotonic() + 120
    while process.poll() is None and time.monotonic() < give_up:
        if select.select([ours], [], [], 0.2)[0]:
            try:
                shown += os.read(ours, 65536).decode(errors="replace")
            except OSError:
                break
        # The answers go elsewhere and must not block it.
    assert process.stdout is not None
    assert len(objects(process.stdout.read())) == 3, shown
    plain = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", shown)
    assert "loading the model" in plain
    assert re.search(r"[1-3]/3 done, \d agreed, \d abstained, [\d.]+ tokens/s", plain)
    assert "left" in plain
