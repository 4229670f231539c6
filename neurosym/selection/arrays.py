"""Kinds of arrays, for annotations only: importing this imports NumPy."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

__all__ = ["Array", "Marks", "Numbers"]

Array: TypeAlias = NDArray[np.float64]
"""Numbers that are measured."""
Marks: TypeAlias = NDArray[np.bool_]
"""Whether something holds."""
Numbers: TypeAlias = NDArray[np.intp]
"""Numbers that count, or say which."""
