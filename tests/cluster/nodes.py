"""A Ray cluster of two nodes on this machine, as long as it is needed."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
_NODE = {"num_cpus": 1, "object_store_memory": 80 * 2**20}


class Nodes:
    """The cluster, and the address that Ray's clients find it at.

    Args:
        gpus: GPUs that the second node says it has; the first one has none.
    """

    def __init__(self, gpus: int = 0) -> None:
        from ray.cluster_utils import Cluster

        port = _free_port()
        head = {**_NODE, "ray_client_server_port": port, "include_dashboard": False, "num_gpus": 0}
        self.address = f"ray://127.0.0.1:{port}"
        self._cluster: Any = Cluster(initialize_head=True, head_node_args=head)
        self._gpus = gpus
        self.add_one()

    def add_one(self) -> None:
        """Start the second node."""
        self._second = self._cluster.add_node(**_NODE, num_gpus=self._gpus)
        self._cluster.wait_for_nodes()

    def lose_one(self) -> None:
        """Kill the second node and all that runs on it, without a word."""
        self._cluster.remove_node(self._second, allow_graceful=False)

    def stop(self) -> None:
        self._cluster.shutdown()


@contextmanager
def two_nodes(gpus: int = 0) -> Iterator[Nodes]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RAY_USAGE_STATS_ENABLED", "0")
        # Ray's server for clients forks while gRPC is at work, which now and then ends in a crash.
        patch.setenv("GRPC_ENABLE_FORK_SUPPORT", "0")
        # Beside anything else that a machine does, workers would hardly get a turn.
        patch.setenv("RAY_worker_niceness", "0")
        patch.setenv("PYTHONPATH", str(ROOT))  # what tests make there is of their own modules
        nodes = Nodes(gpus)
        try:
            yield nodes
        finally:
            nodes.stop()


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port
