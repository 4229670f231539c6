"""What holds for every test: no real model unless it asks for one, and a cache of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from neurosym.testing import FORBID_MODELS


@pytest.fixture(autouse=True)
def _no_real_models(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.node.get_closest_marker("real_model") is None:
        monkeypatch.setenv(FORBID_MODELS, "1")


@pytest.fixture
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache for weights and calibrations."""
    folder = tmp_path / "cache"
    monkeypatch.setenv("NEUROSYM_CACHE", str(folder))
    return folder
