"""What tests of solvers share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from neurosym.backends.optimization.backend import OptimizationBackend


@pytest.fixture(scope="module")
def backend() -> Iterator[OptimizationBackend]:
    """A backend of one process for all tests of a module."""
    started = OptimizationBackend(workers=1)
    yield started
    started.close()
