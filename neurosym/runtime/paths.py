"""Where neurosym keeps what is the user's: weights and calibrations."""

from __future__ import annotations

import os
from pathlib import Path

__all__ = ["cache_folder", "calibration_folder"]


def cache_folder() -> Path:
    """The folder for weights: ``$NEUROSYM_CACHE``, else the platform's cache folder."""
    import platformdirs

    named = os.environ.get("NEUROSYM_CACHE")
    return Path(named) if named else platformdirs.user_cache_path("neurosym")


def calibration_folder() -> Path:
    """The folder for calibrations: in ``$NEUROSYM_CACHE``, else in the platform's data folder."""
    import platformdirs

    named = os.environ.get("NEUROSYM_CACHE")
    own = Path(named) if named else platformdirs.user_data_path("neurosym")
    return own / "calibrations"
