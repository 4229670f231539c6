"""miniF2F in Lean 4: problems of contests and of school (Zheng et al. 2022, arXiv:2109.00110)."""

from __future__ import annotations

from benchmarks.lean_corpus import Benchmark, Edition

__all__ = ["MINIF2F"]

_THEOREMLLAMA = "TheoremLlama, cumulative (Wang et al. 2024, arXiv:2407.03203)"

MINIF2F = Benchmark(
    name="miniF2F",
    editions=(
        Edition("id", "extra.header", "question", informal="extra.informal_proof"),
        Edition("name", "header", "formal_statement"),
    ),
    published={
        "valid": {_THEOREMLLAMA: 0.3648},
        "test": {_THEOREMLLAMA: 0.3361},
    },
)
"""The data set; its parts are ``valid`` and ``test``."""
