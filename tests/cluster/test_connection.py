"""What is said where there is no cluster."""

from __future__ import annotations

import time

import pytest

from neurosym.cluster import connection
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


@pytest.mark.parametrize("failures", [0, 2, 3])
def test_a_server_that_crashes_while_it_takes_a_client_is_asked_again(
    failures: int, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    import ray

    calls: list[str] = []

    def init(address: str, **_: object) -> None:
        calls.append(address)
        if len(calls) <= failures:
            raise ConnectionAbortedError("the fork is a zombie")

    monkeypatch.setattr(ray, "init", init)
    monkeypatch.setattr(connection, "_knock", lambda address: None)
    monkeypatch.setattr(connection, "_PAUSE", 0.0)
    if failures == 3:
        with pytest.raises(OptionError, match="zombie"):
            Cluster("ray://head:10001")
    else:
        Cluster("ray://head:10001").close()
    assert len(calls) == min(failures + 1, 3)
    assert caplog.text.count("tries again") == min(failures, 2)
