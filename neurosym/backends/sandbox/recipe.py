"""What kind of zygote to start: what it has loaded, sees and lets its children do."""

from __future__ import annotations

import json
from dataclasses import dataclass

from neurosym.backends.sandbox.layers import Layer

__all__ = ["Recipe"]


@dataclass(frozen=True, slots=True)
class Recipe:
    """How to make a zygote.

    Attributes:
        layers: Layers of isolation to try.
        preload: Modules it imports.
        folders: Folders besides those of Python that its children may read.
        program: The program that its children become, which may use threads; where it is empty
            they run Python, in one thread.
    """

    layers: frozenset[Layer] = frozenset(Layer)
    preload: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()
    program: str = ""

    def to_json(self) -> str:
        """Write it down for a command line."""
        return json.dumps(
            {
                "layers": sorted(layer.name for layer in self.layers),
                "preload": self.preload,
                "folders": self.folders,
                "program": self.program,
            }
        )

    @classmethod
    def from_json(cls, text: str) -> Recipe:
        """Read what :meth:`to_json` wrote."""
        found = json.loads(text)
        return cls(
            layers=frozenset(Layer[name] for name in found["layers"]),
            preload=tuple(found["preload"]),
            folders=tuple(found["folders"]),
            program=found["program"],
        )
