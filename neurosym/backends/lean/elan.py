"""elan, which installs Lean: its installer from its publisher's releases, checked byte by byte."""

from __future__ import annotations

import hashlib
import platform
import tarfile
import time
import urllib.request
from dataclasses import dataclass
from http.client import HTTPException
from io import BytesIO
from pathlib import Path

from neurosym.errors import BackendError

__all__ = ["ARCHIVES", "ELAN_VERSION", "Archive", "fetch_installer"]

ELAN_VERSION = "4.2.4"
"""Of the installer."""
_RELEASES = f"https://github.com/leanprover/elan/releases/download/v{ELAN_VERSION}"
_MEMBER = "elan-init"
_MOST_BYTES = 64 << 20
"""Of the archive and of the installer; they have about 5 and 15 million."""
_CHUNK = 1 << 18
_SILENCE = 20.0
"""Seconds without a byte after which the network is given up."""
_SECONDS = 600.0
"""Seconds for the archive."""


@dataclass(frozen=True, slots=True)
class Archive:
    """Where the installer for a kind of machine is, and the SHA-256 of its archive."""

    url: str
    sha256: str


ARCHIVES = {
    "x86_64": Archive(
        f"{_RELEASES}/elan-x86_64-unknown-linux-gnu.tar.gz",
        "42b94d4244e8353142c456ec0e4ca6528fd898a6c604d4059f494e706e431f63",
    ),
    "aarch64": Archive(
        f"{_RELEASES}/elan-aarch64-unknown-linux-gnu.tar.gz",
        "05febd124d84ebf994b2e7479922a5650b1e950c17ae3bd1ddd776b65bb72bf9",
    ),
}
"""The archives by the machine's name for its kind. All are for Linux."""


def fetch_installer(target: Path) -> None:
    """Write elan's installer to ``target``, which appears whole and checked or not at all.

    Raises:
        BackendError: There is none for this machine, it cannot be fetched or written, or the bytes
            are not its own.
    """
    archive = ARCHIVES.get(platform.machine())
    if archive is None or platform.system() != "Linux":
        raise BackendError(
            f"no elan is pinned for {platform.system()} on {platform.machine()}",
            hint="Install Lean yourself (https://lean-lang.org/install), or name a lean executable "
            "in NEUROSYM_LEAN.",
        )
    data = _download(archive.url)
    digest = hashlib.sha256(data).hexdigest()
    if digest != archive.sha256:
        raise BackendError(
            f"what {archive.url} holds is not elan {ELAN_VERSION}: its SHA-256 is {digest[:12]}…, "
            f"not {archive.sha256[:12]}…",
            hint="Try again; if it stays so, do not trust the network that you are in.",
        )
    try:
        with tarfile.open(fileobj=BytesIO(data)) as files:
            member = files.extractfile(_MEMBER)
            program = member.read(_MOST_BYTES) if member is not None else b""
    except (tarfile.TarError, KeyError) as error:
        raise BackendError(f"{archive.url} holds no {_MEMBER}", hint="Try again.") from error
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        written = target.with_suffix(".partial")
        written.write_bytes(program)
        written.chmod(0o700)
        written.replace(target)
    except OSError as error:
        raise BackendError(
            f"{target} cannot be written: {error.strerror}",
            hint="Set NEUROSYM_CACHE to a folder that you may write, on a disk with room.",
        ) from error


def _download(url: str) -> bytes:
    data = bytearray()
    end = time.monotonic() + _SECONDS
    try:
        with urllib.request.urlopen(url, timeout=_SILENCE) as reading:
            while chunk := reading.read(_CHUNK):
                data += chunk
                if len(data) > _MOST_BYTES:
                    raise BackendError(f"{url} is far larger than elan is", hint="Try again.")
                if time.monotonic() > end:
                    raise TimeoutError("the network is too slow")
    except (OSError, HTTPException) as error:
        reason = getattr(error, "reason", None) or error
        raise BackendError(
            f"{url} cannot be fetched: {reason}", hint="Check the network and its proxy settings."
        ) from error
    return bytes(data)
