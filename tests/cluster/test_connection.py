"""What is said where there is no cluster."""

from __future__ import annotations

import time

import pytest

from neurosym.cluster.connection import Cluster
from neurosym.errors import OptionError


@pytest.mark.parametrize("address", ["ray://127.0.0.1:1", "127.0.0.1:1", "ray://", "nowhere"])
def test_where_there_is_no_cluster(address: str) -> None:
    began = time.monotonic()
    with pytest.raises(OptionError) as caught:
        Cluster(address)
    assert address in str(caught.value)
    assert caught.value.hint
    assert time.monotonic() - began < 60
