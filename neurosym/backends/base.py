"""The contract of every backend."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, TypeVar, runtime_checkable

from neurosym.candidate import Outcome
from neurosym.errors import OptionError

__all__ = ["UNSURE", "Backend", "Limits"]

UNSURE = "it is not known whether the premises can all hold"
"""The evidence ``consistency`` of a proof by a prover that does not know that of its premises."""

F_contra = TypeVar("F_contra", contravariant=True)


@dataclass(frozen=True, slots=True)
class Limits:
    """What one run may use.

    Attributes:
        seconds: Wall time; the run is killed when it is over.
        cpu_seconds: Processor time.
        memory_bytes: Memory it may allocate on top of what it starts with.
        file_bytes: Bytes of any one file it writes.
        output_bytes: Bytes kept of its standard output and of its standard error, each.

    Raises:
        OptionError: A limit is not positive.
    """

    seconds: float = 5.0
    cpu_seconds: int = 5
    memory_bytes: int = 256 * 2**20
    file_bytes: int = 2**20
    output_bytes: int = 16 * 2**10

    def __post_init__(self) -> None:
        for name in self.__slots__:
            if not getattr(self, name) > 0:  # "nan" is not, either
                raise OptionError(f"limit {name} is not positive", hint="Give a positive limit.")


@runtime_checkable
class Backend(Protocol[F_contra]):
    """Runs a formalization in a worker process that can be killed."""

    async def run(self, formalization: F_contra, limits: Limits) -> Outcome:
        """Run it and say what was found.

        Whatever the formalization does is a value (``Outcome.status``).

        Raises:
            BackendError: The machinery broke.
            IsolationError: No isolation is available and none was waived.
        """
        ...

    async def aclose(self) -> None:
        """Stop every worker. Safe to call twice."""
        ...
