"""The fixed part of prompts, evaluated once and kept as the server's state in files."""

from __future__ import annotations

import hashlib
import os
import tempfile
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from neurosym.engines.loopback import Line
from neurosym.errors import EngineError

__all__ = ["Prefixes", "writable_folder"]

_KEPT = 8
"""Files kept in the folder: each is as large as the keys and values of its tokens."""
_DRAFT_SECONDS = 600.0
"""Age at which a file that is still being written was left by a process that is gone."""


class Prefixes:
    """Puts the fixed part of a prompt into slots of the server without evaluating it each time.

    Instructions and exemplars are most of a prompt, and the same for all problems. Their keys and
    values are computed once and stored; loading them takes hundredths of a second where evaluating
    takes ten seconds or more. The files hold nothing of any question.

    Args:
        folder: Where the files are, which may be shared with other processes; the server's own
            ``slot_save_path``.
        identity: What else the state depends on: model and library.
    """

    def __init__(self, folder: Path, identity: str) -> None:
        self._folder = folder
        self._identity = identity
        self._held: dict[int, str] = {}
        self._files: dict[str, str] = {}
        self._turn = threading.Lock()

    def place(self, line: Line, slot: int, tokens: Sequence[int]) -> int:
        """See that a slot which the caller holds begins with these tokens.

        Args:
            line: The caller's line to the server.
            slot: The slot's number.
            tokens: The fixed part; none if the prompt has no such part.

        Returns:
            How many tokens had to be evaluated for it.

        Raises:
            EngineError: The server does not evaluate them.
        """
        key = hashlib.sha256(f"{self._identity} {list(tokens)}".encode()).hexdigest()[:32]
        evaluated = 0
        if self._held.pop(slot, None) != key and tokens:
            with self._turn:  # requests that start together evaluate it once
                if not self._load(line, slot, key):
                    body = {"prompt": list(tokens), "n_predict": 0, "id_slot": slot}
                    found = line.post("/completion", body)
                    evaluated = int(found["timings"]["prompt_n"])
                    self._save(line, slot, key)
        self._held[slot] = key
        return evaluated

    def _load(self, line: Line, slot: int, key: str) -> bool:
        name = self._files.get(key) or self._find(key)
        if name is None:
            return False
        try:
            line.post(f"/slots/{slot}?action=restore", {"filename": name})
        except EngineError:  # gone, or of no use to this server
            line.check()
            self._drop(key, name)
            return False
        self._files[key] = name
        with suppress(OSError):
            os.utime(self._folder / name)  # the files used last are kept
        return True

    def _find(self, key: str) -> str | None:
        """A file from an earlier process, if it is whole."""
        for path in self._folder.glob(f"{key}-*.state"):
            with suppress(OSError):
                if path.name == _file_name(key, path):
                    return path.name
                path.unlink()
        return None

    def _save(self, line: Line, slot: int, key: str) -> None:
        """Store the slot's state. Where that fails, such as on a full disk, others evaluate."""
        draft = self._folder / f"{key}-{os.getpid()}.draft"
        try:
            line.post(f"/slots/{slot}?action=save", {"filename": draft.name})
            name = _file_name(key, draft)
            draft.replace(self._folder / name)
        except (EngineError, OSError):
            line.check()
            draft.unlink(missing_ok=True)
            return
        self._files[key] = name
        self._drop_old()

    def _drop(self, key: str, name: str) -> None:
        self._files.pop(key, None)
        with suppress(OSError):
            (self._folder / name).unlink()

    def _drop_old(self) -> None:
        with suppress(OSError):
            files = sorted(self._folder.glob("*.state"), key=lambda path: path.stat().st_mtime)
            for path in files[:-_KEPT]:
                path.unlink(missing_ok=True)
            for draft in self._folder.glob("*.draft"):  # of processes that were killed
                if time.time() - draft.stat().st_mtime > _DRAFT_SECONDS:
                    draft.unlink(missing_ok=True)


def writable_folder(wanted: Path) -> tuple[Path, tempfile.TemporaryDirectory[str] | None]:
    """The folder if files can be made in it, else a temporary one and what removes it."""
    try:
        wanted.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=wanted):
            return wanted, None
    except OSError:
        temporary = tempfile.TemporaryDirectory(prefix="neurosym-")
        return Path(temporary.name), temporary


def _file_name(key: str, path: Path) -> str:
    """The name of a whole file: what it is, and a digest of its bytes."""
    with path.open("rb") as file:
        return f"{key}-{hashlib.file_digest(file, 'sha256').hexdigest()[:32]}.state"
