"""Where neurosym keeps what is the user's: weights and calibrations."""

from __future__ import annotations

import os
from pathlib import Path

__all__ = ["cache_folder", "calibration_folders"]


def cache_folder() -> Path:
    """The folder for weights: ``$NEUROSYM_CACHE``, else the platform's cache folder."""
    import platformdirs

    named = os.environ.get("NEUROSYM_CACHE")
    return Path(named) if named else platformdirs.user_cache_path("neurosym")


def calibration_folders() -> list[Path]:
    """Folders that may hold calibrations, in order: the user's own, then those shipped."""
    import platformdirs

    named = os.environ.get("NEUROSYM_CACHE")
    own = Path(named) if named else platformdirs.user_data_path("neurosym")
    shipped = Path(__file__).parent.parent / "selection" / "calibrations"
    return [own / "calibrations", shipped]
