"""Lean itself, once for all its tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from neurosym.backends.lean.files import FileElaborator
from neurosym.backends.lean.toolchain import Toolchain
from tests.backends.lean import fixture


@pytest.fixture(scope="session")
def toolchain() -> Toolchain:
    """A real Lean with the library of the tests."""
    return fixture.toolchain()


@pytest.fixture(scope="session")
def lean(toolchain: Toolchain) -> Iterator[FileElaborator]:
    """It, in the sandbox."""
    elaborator = FileElaborator(toolchain)
    yield elaborator
    elaborator.close()
