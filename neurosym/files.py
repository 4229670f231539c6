"""Files that are there whole, or as they were."""

from __future__ import annotations

import os
from pathlib import Path

__all__ = ["write_whole"]


def write_whole(path: Path, text: str) -> None:
    """Write a file in place of what there was, so that nobody ever finds a part of it.

    Raises:
        OSError: It cannot be written; what there was is still there.
    """
    partial = path.with_name(f"{path.name}.{os.getpid()}.partial")
    partial.write_text(text, encoding="utf-8")
    partial.replace(path)
