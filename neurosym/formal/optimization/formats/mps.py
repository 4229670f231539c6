"""Models in MPS: :func:`read_mps` and :func:`print_mps`."""

from neurosym.formal.optimization.formats.mps_printer import print_mps
from neurosym.formal.optimization.formats.mps_reader import read_mps

__all__ = ["print_mps", "read_mps"]
