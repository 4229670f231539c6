"""llama.cpp's own server, here or in a process that may be killed."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import xllamacpp

from neurosym.engines import models

__all__ = ["serving", "serving_apart"]


@contextmanager
def serving(path: str | None = None, threads: int = 1, **values: Any) -> Iterator[str]:
    """Its address, while it runs in this process with such parameters.

    Args:
        path: The weights; ``None`` takes those of the small test model.
        threads: Threads of the model.
        values: Other parameters of llama.cpp's.
    """
    params = xllamacpp.CommonParams()
    params.model.path = path or str(models.pull(models.TEST_MODEL))
    params.kv_unified = True
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = threads
    params.verbosity = 0
    for name, value in values.items():
        setattr(params, name, value)
    running = xllamacpp.Server(params)
    yield f"{running.listening_address}/v1"
    del running


@contextmanager
def serving_apart(
    path: str | None = None, threads: int = 1, **values: Any
) -> Iterator[tuple[str, Callable[[], None]]]:
    """Its address, while it runs in a process of its own, and what kills that one.

    What it is given is what :func:`serving` is.
    """
    given = {"path": path, "threads": threads, **values}
    command = [sys.executable, __file__, json.dumps(given)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as running:
        assert running.stdout is not None
        try:
            address = next((line for line in running.stdout if line.startswith("http")), "")
            assert address, "the server has ended"
            yield address.strip(), running.kill
        finally:
            running.kill()


if __name__ == "__main__":
    with serving(**json.loads(sys.argv[1])) as found:
        print(found, flush=True)
        sys.stdin.read()  # until nobody holds its other end
