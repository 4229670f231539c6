"""Models in the CPLEX LP format: :func:`read_lp` and :func:`print_lp`."""

from neurosym.formal.optimization.formats.lp_printer import print_lp
from neurosym.formal.optimization.formats.lp_reader import read_lp

__all__ = ["print_lp", "read_lp"]
