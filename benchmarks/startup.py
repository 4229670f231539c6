"""How long a person waits before anything happens: importing the package, showing the help."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from typing import Any

__all__ = ["measure"]

_COMMANDS = {
    "python": ["-c", "pass"],
    "import neurosym": ["-c", "import neurosym"],
    "import every public name": [
        "-c",
        "import neurosym\nfor name in neurosym.__all__: getattr(neurosym, name)",
    ],
    "neurosym --help": ["-m", "neurosym", "--help"],
}


def measure(rounds: int = 15) -> dict[str, Any]:
    """Wall seconds of a fresh process each, in turns; the interpreter's own start included.

    Args:
        rounds: How often each.

    Returns:
        Quartiles for each command, in seconds.
    """
    seconds: dict[str, list[float]] = {name: [] for name in _COMMANDS}
    for _ in range(rounds):
        for name, arguments in _COMMANDS.items():
            begin = time.perf_counter()
            subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)
            seconds[name].append(time.perf_counter() - begin)
    return {
        "seconds": {
            name: [round(value, 4) for value in statistics.quantiles(found, n=4)]
            for name, found in seconds.items()
        }
    }
