"""A part of the problems that is asked about through Thresholdout, run after run."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from neurosym.errors import InputError
from neurosym.files import write_whole
from neurosym.selection.holdout import Thresholdout

__all__ = ["ask_holdout"]


def ask_holdout(
    right: Mapping[str, Sequence[bool]], groups: Sequence[str], path: Path
) -> dict[str, Any]:
    """What each way gets right on the open half, and on the other half as far as it may be told.

    The file keeps what was told before, so that whoever tunes on the open half may come back. It is
    made if it is not there.

    Args:
        right: Whether each way has each problem right.
        groups: What each problem shares with others; a group stays together. A problem without one
            goes by its place.
        path: The state of the holdout.

    Raises:
        InputError: The file cannot be read or written, or the holdout was asked too often.
    """
    holdout = _read(path)
    names = [group or str(place) for place, group in enumerate(groups)]
    is_open = [_half(holdout.seed, name) for name in names]
    told: dict[str, dict[str, float]] = {}
    for way, marks in right.items():
        parts = [
            [float(mark) for mark, here in zip(marks, is_open, strict=True) if here is side]
            for side in (True, False)
        ]
        told[way] = {
            "open": sum(parts[0]) / max(len(parts[0]), 1),
            "held out, as told": holdout.ask(*parts),
        }
    _write(path, holdout)
    return {
        "open problems": sum(is_open),
        "held-out problems": len(is_open) - sum(is_open),
        "ways": told,
        "questions left": holdout.budget,
    }


def _half(seed: int, name: str) -> bool:
    return hashlib.sha256(f"{seed}:{name}".encode()).digest()[0] % 2 == 0


def _read(path: Path) -> Thresholdout:
    if not path.exists():
        return Thresholdout()
    try:
        return Thresholdout.from_state(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError) as error:
        raise InputError(
            f"the holdout {path} cannot be read: {error}", hint="Name another file."
        ) from error


def _write(path: Path, holdout: Thresholdout) -> None:
    try:
        write_whole(path, json.dumps(holdout.state))
    except OSError as error:
        raise InputError(
            f"the holdout {path} cannot be kept: {error.strerror}", hint="Name another file."
        ) from error
