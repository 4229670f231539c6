"""The log of a run: nothing finished is lost, whatever ends the process."""

from __future__ import annotations

import errno
import json
import os
import resource
import signal
import subprocess
import sys
import textwrap
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from neurosym.errors import RunLogError
from neurosym.runtime.runlog import SOLUTION, RunLog, WorkKey, begun_with, read_run

HEADER = {"engine": {"model": "m"}, "seed": 0}


def key(problem: str, index: int = 0, stage: str = "sample") -> WorkKey:
    return WorkKey(problem, stage, index)


def test_what_was_put_is_found_by_the_next_process_under_its_key(tmp_path: Path) -> None:
    with RunLog(tmp_path, HEADER) as log:
        log.put(key("a", 0), {"text": "é\u2028\n"})
        log.put(key("a", 1), [1, None])
    with RunLog(tmp_path, HEADER) as log:
        assert log.get(key("a", 0)) == {"text": "é\u2028\n"}
        assert log.get(key("a", 1)) == [1, None]
        assert log.get(key("a", 2)) is None
        assert log.get(key("b", 0)) is None
        assert log.repaired_bytes == 0


def test_a_record_far_longer_than_a_read_comes_back_whole(tmp_path: Path) -> None:
    with RunLog(tmp_path, HEADER) as log:
        log.put(key("a"), "x" * 300_000)
        log.put(key("b"), "y")
        assert log.get(key("a")) == "x" * 300_000


@pytest.mark.parametrize("cut", range(1, 12))
def test_a_line_torn_at_any_byte_is_cut_off_and_the_rest_kept(tmp_path: Path, cut: int) -> None:
    with RunLog(tmp_path, HEADER) as log:
        log.put(key("a"), 1)
        log.put(key("b"), 2)
    path = tmp_path / "log.jsonl"
    path.write_bytes(path.read_bytes()[:-cut])
    with RunLog(tmp_path, HEADER) as log:
        assert log.get(key("a")) == 1
        assert log.get(key("b")) is None
        assert log.repaired_bytes > 0
        log.put(key("b"), 3)
    with RunLog(tmp_path, HEADER) as log:
        assert (log.get(key("a")), log.get(key("b")), log.repaired_bytes) == (1, 3, 0)


def test_a_torn_header_begins_the_log_anew(tmp_path: Path) -> None:
    (tmp_path / "log.jsonl").write_bytes(b'{"neurosym":1,"depe')
    with RunLog(tmp_path, HEADER) as log:
        log.put(key("a"), 1)
    assert read_run(tmp_path)[0] == HEADER


def test_a_damaged_line_in_the_middle_is_named_not_passed_over(tmp_path: Path) -> None:
    with RunLog(tmp_path, HEADER) as log:
        log.put(key("a"), 1)
        log.put(key("b"), 2)
    path = tmp_path / "log.jsonl"
    lines = path.read_bytes().split(b"\n")
    lines[1] = b'{"key":'
    path.write_bytes(b"\n".join(lines))
    with pytest.raises(RunLogError, match=r"line 2 .* is damaged") as caught:
        RunLog(tmp_path, HEADER)
    assert "remove that line" in caught.value.hint
    with pytest.raises(RunLogError, match="line 2"):
        read_run(tmp_path)


def test_a_run_with_other_settings_is_refused_and_says_which(tmp_path: Path) -> None:
    RunLog(tmp_path, HEADER).close()
    with pytest.raises(RunLogError, match=r"another seed .*seed was 0, is 1"):
        RunLog(tmp_path, {**HEADER, "seed": 1})


def test_of_a_setting_in_parts_only_the_part_that_differs_is_named(tmp_path: Path) -> None:
    RunLog(tmp_path, {"weights": {"logic": {"proof": 1.0, "search": 0.5}, "math": {}}}).close()
    with pytest.raises(RunLogError, match=r"\(weights, logic, search was 0.5, is 0.4\)") as error:
        RunLog(tmp_path, {"weights": {"logic": {"proof": 1.0, "search": 0.4}, "math": {}}})
    assert "proof" not in str(error.value)


def test_a_second_process_on_the_same_directory_is_refused(tmp_path: Path) -> None:
    with RunLog(tmp_path, HEADER), pytest.raises(RunLogError, match="another process"):
        RunLog(tmp_path, HEADER)
    RunLog(tmp_path, HEADER).close()


def test_a_directory_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(RunLogError, match="cannot be used") as caught:
        RunLog(tmp_path / "file" / "run", HEADER)
    assert caught.value.hint


def test_a_full_disk_is_said_and_what_was_written_is_kept(tmp_path: Path) -> None:
    log = RunLog(tmp_path, HEADER)
    log.put(key("a"), 1)
    size = (tmp_path / "log.jsonl").stat().st_size
    # The kernel stops the file at this size, as a full disk does, in the middle of the line.
    old = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size + 100, old[1]))
        with pytest.raises(RunLogError, match="cannot be written") as caught:
            log.put(key("b"), "x" * 1000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, old)
        signal.signal(signal.SIGXFSZ, ignored)
    assert "Free some disk space" in caught.value.hint
    log.put(key("c"), 3)
    log.close()
    with RunLog(tmp_path, HEADER) as log:
        assert (log.get(key("a")), log.get(key("b")), log.get(key("c"))) == (1, None, 3)
        assert log.repaired_bytes == 0


_WRITER = textwrap.dedent(
    """
    import sys
    from pathlib import Path
    from neurosym.runtime.runlog import RunLog, WorkKey

    log = RunLog(Path(sys.argv[1]), {})
    i = 0
    while True:
        if log.get(WorkKey(f"p{i}", "solution")) is None:
            log.put(WorkKey(f"p{i}", "solution"), {"id": i, "filler": "x" * 5000})
            print(i, flush=True)
        i += 1
    """
)


def test_killed_again_and_again_while_writing_every_reported_record_survives(
    tmp_path: Path,
) -> None:
    reported: set[int] = set()
    for _ in range(5):
        writer = subprocess.Popen(
            [sys.executable, "-c", _WRITER, str(tmp_path)], stdout=subprocess.PIPE
        )
        assert writer.stdout is not None
        for _ in range(200):
            reported.add(int(writer.stdout.readline()))
        os.kill(writer.pid, signal.SIGKILL)
        rest = writer.stdout.read().split(b"\n")
        reported.update(int(line) for line in rest[:-1])
        writer.wait()
    _, records = read_run(tmp_path)
    assert {f"p{i}" for i in reported} <= records.keys()
    whole_lines = (tmp_path / "log.jsonl").read_bytes().count(b"\n")  # the last may be torn
    assert whole_lines == 1 + len(records), "finished work was done twice"


def test_memory_stays_flat_over_many_problems(tmp_path: Path) -> None:
    with RunLog(tmp_path, HEADER) as log:
        for i in range(2_000):
            for sample in range(8):
                log.put(key(f"p{i}", sample), "x")
            log.put(key(f"p{i}", stage=SOLUTION), "x")
        # Only the place of each solution is remembered, not the work it took.
        assert sum(len(stages) for stages in log._offsets.values()) == 2_000
        assert log.get(key("p7", stage=SOLUTION)) == "x"


def test_several_threads_may_write_at_once(tmp_path: Path) -> None:
    with RunLog(tmp_path, HEADER) as log, ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda i: log.put(key(f"p{i}"), "x" * i), range(400)))
        assert [log.get(key(f"p{i}")) for i in range(400)] == ["x" * i for i in range(400)]
    with RunLog(tmp_path, HEADER) as log:
        assert [log.get(key(f"p{i}")) for i in range(400)] == ["x" * i for i in range(400)]


def test_a_log_of_another_format_is_not_taken_for_an_empty_one(tmp_path: Path) -> None:
    RunLog(tmp_path, HEADER).close()
    path = tmp_path / "log.jsonl"
    path.write_text(path.read_text().replace('"neurosym":3', '"neurosym":1'))
    for read in (lambda: RunLog(tmp_path, HEADER), lambda: read_run(tmp_path)):
        with pytest.raises(RunLogError, match="another version of neurosym"):
            read()


def test_a_log_that_is_cut_while_in_use_is_an_error(tmp_path: Path) -> None:
    with RunLog(tmp_path, HEADER) as log:
        log.put(key("a"), 1)
        os.truncate(tmp_path / "log.jsonl", 0)
        with pytest.raises(RunLogError, match="was cut by another program"):
            log.get(key("a"))


def test_a_file_system_that_cannot_lock_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr("fcntl.flock", refuse)
    with pytest.raises(RunLogError, match=r"cannot be locked: No locks") as caught:
        RunLog(tmp_path, HEADER)
    assert "local disk" in caught.value.hint


def test_what_comes_after_the_end_is_refused(tmp_path: Path) -> None:
    log = RunLog(tmp_path, HEADER)
    log.close()
    with pytest.raises(RunLogError, match="is closed"):
        log.put(key("a"), 1)
    with RunLog(tmp_path, HEADER) as log:
        log.put(key("a"), 1)
    with pytest.raises(RunLogError, match="is closed"):
        log.get(key("a"))


def test_a_run_in_progress_can_be_read(tmp_path: Path) -> None:
    with RunLog(tmp_path, HEADER) as log:
        log.put(key("a", stage=SOLUTION), {"id": "a"})
        log.put(key("b"), "a sample")
        with (tmp_path / "log.jsonl").open("ab") as file:
            file.write(b'{"key":["c","solu')
        depends_on, solutions = read_run(tmp_path)
    assert (depends_on, solutions) == (HEADER, {"a": {"id": "a"}})


def test_what_a_run_began_with_can_be_read(tmp_path: Path) -> None:
    assert begun_with(tmp_path) is None
    with RunLog(tmp_path, HEADER) as log:
        log.put(key("a", stage=SOLUTION), {"id": "a"})
        assert begun_with(tmp_path) == HEADER
    (tmp_path / "log.jsonl").write_text('{"neurosym":3,"depends_on"')
    assert begun_with(tmp_path) is None, "such a line is cut off, and the run begins anew"
    (tmp_path / "log.jsonl").write_text(json.dumps({"other": 1}) + "\n")
    with pytest.raises(RunLogError, match="line 1"):
        begun_with(tmp_path)


def test_reading_what_is_no_run_says_so(tmp_path: Path) -> None:
    with pytest.raises(RunLogError, match="cannot be read"):
        read_run(tmp_path)
    (tmp_path / "log.jsonl").write_text(json.dumps({"other": 1}) + "\n")
    with pytest.raises(RunLogError, match="line 1"):
        read_run(tmp_path)
