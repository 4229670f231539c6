"""Where neurosym keeps what is the user's: weights, calibrations, and settings of engines."""

from __future__ import annotations

import os
from pathlib import Path

__all__ = ["cache_folder", "calibration_folder", "profile_folder"]


def cache_folder() -> Path:
    """The folder for weights: ``$NEUROSYM_CACHE``, else the platform's cache folder."""
    import platformdirs

    named = os.environ.get("NEUROSYM_CACHE")
    return Path(named) if named else platformdirs.user_cache_path("neurosym")


def calibration_folder() -> Path:
    """The folder for calibrations: in ``$NEUROSYM_CACHE``, else in the platform's data folder."""
    return _data_folder() / "calibrations"


def profile_folder() -> Path:
    """The folder for settings of engines, beside that for calibrations."""
    return _data_folder() / "profiles"


def _data_folder() -> Path:
    import platformdirs

    named = os.environ.get("NEUROSYM_CACHE")
    return Path(named) if named else platformdirs.user_data_path("neurosym")
