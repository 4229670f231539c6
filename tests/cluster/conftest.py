"""One cluster for all tests that lose none of its nodes, and nothing where Ray is not installed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

pytest.importorskip("ray", reason="Ray is not installed")

from tests.cluster.nodes import Nodes, two_nodes


@pytest.fixture(scope="package")
def nodes() -> Iterator[Nodes]:
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("NEUROSYM_FORBID_MODELS", raising=False)  # workers inherit it
        with two_nodes() as running:
            yield running
