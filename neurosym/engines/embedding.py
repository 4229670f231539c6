"""Vectors of texts, as servers give them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from neurosym.errors import EngineError

__all__ = ["read_vectors"]


def read_vectors(answer: Mapping[str, Any], count: int) -> NDArray[np.float32]:
    """The vectors in an answer of OpenAI's protocol, one a row, in the order of the texts.

    Args:
        answer: What the server said.
        count: How many texts there were.

    Raises:
        EngineError: They are not as many, or no numbers.
    """
    try:
        found = sorted(answer["data"], key=lambda item: int(item["index"]))
        vectors = np.array([item["embedding"] for item in found], np.float32)
    except (KeyError, TypeError, ValueError) as error:
        raise EngineError(f"the server gives no vectors of numbers: {error!r}") from error
    if len(found) != count:
        raise EngineError(f"the server gave {len(found)} vectors of {count} texts")
    if not np.isfinite(vectors).all():
        raise EngineError("the model computes no numbers (NaN)", hint="Its weights may be damaged.")
    return vectors
