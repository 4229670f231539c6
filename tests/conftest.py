"""What holds for every test: no real model unless it asks for one, and a cache of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from neurosym.testing import FORBID_MODELS

# Machines that run tests are busy ones; how long an example takes there says nothing.
settings.register_profile("search", deadline=None)
# The same examples in each run, so that a change is not refused for what it did not touch. `make
# test-search` looks for others.
settings.register_profile("neurosym", settings.get_profile("search"), derandomize=True)
settings.load_profile("neurosym")


@pytest.fixture(scope="session", autouse=True)
def _no_real_models() -> Iterator[None]:
    """Refuse real models for the whole run; see ``_real_model_if_asked_for``."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(FORBID_MODELS, "1")
        yield


@pytest.fixture(autouse=True)
def _real_model_if_asked_for(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    if request.node.get_closest_marker("real_model") is not None:
        monkeypatch.delenv(FORBID_MODELS, raising=False)


@pytest.fixture(scope="module")
def real_models() -> Iterator[None]:
    """Allow real models to the fixtures of a module that ask for this one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv(FORBID_MODELS)
        yield


@pytest.fixture
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache for weights and calibrations."""
    folder = tmp_path / "cache"
    monkeypatch.setenv("NEUROSYM_CACHE", str(folder))
    return folder
