"""Settings of engines that were found to be fast on a machine, and are used on it from then on."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from neurosym.errors import InputError
from neurosym.files import write_whole
from neurosym.runtime.machine import available_cpus, cpu_model, gpu_models
from neurosym.runtime.paths import profile_folder

__all__ = ["Profile", "load_profile", "save_profile"]

_LOG = logging.getLogger("neurosym")
_FORMAT = 1


@dataclass(frozen=True, slots=True)
class Profile:
    """What ``neurosym tune`` found.

    Attributes:
        engine: Name of the engine.
        apart: What else it is made with: its model, for one.
        values: The settings.
        tokens_per_second: Tokens sampled a second with them.
        usual_tokens_per_second: The same with the engine's usual settings, in the same run.
    """

    engine: str
    apart: Mapping[str, Any]
    values: Mapping[str, Any]
    tokens_per_second: float
    usual_tokens_per_second: float


def load_profile(engine: str, apart: Mapping[str, Any]) -> Profile | None:
    """What was found for an engine on this machine; ``None`` if nothing was.

    One that is damaged, or of another version, is passed over with a warning.
    """
    path = _path(engine, apart)
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, RecursionError):
        data = None
    try:
        if data.pop("format") != _FORMAT:
            raise ValueError("another format")
        if not isinstance(data["values"], dict):
            raise TypeError("no values")
        return Profile(**data)
    except (AttributeError, KeyError, TypeError, ValueError):
        _LOG.warning("%s cannot be used; `neurosym tune` writes it anew", path)
        return None


def save_profile(profile: Profile) -> Path:
    """Keep what was found for this machine, in place of what there was.

    Returns:
        The file.

    Raises:
        InputError: It cannot be written.
    """
    path = _path(profile.engine, profile.apart)
    text = json.dumps({"format": _FORMAT, **asdict(profile)}, indent=2)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, text + "\n")
    except OSError as error:
        raise InputError(
            f"{path} cannot be written: {error.strerror}",
            hint="Make room, or name another folder with NEUROSYM_CACHE.",
        ) from error
    return path


def _path(engine: str, apart: Mapping[str, Any]) -> Path:
    told = json.dumps([cpu_model(), available_cpus(), gpu_models(), engine, apart], sort_keys=True)
    return profile_folder() / f"{engine}-{hashlib.sha256(told.encode()).hexdigest()[:16]}.json"
