"""ProofNet in Lean 4: exercises of textbooks (Azerbayev et al. 2023, arXiv:2302.12433).

Some of its exercises are definitions, and its editions are for older releases of Mathlib than the
one that is set up, so that some statements do not elaborate; both are counted as not proved, and
named in the report.
"""

from __future__ import annotations

from benchmarks.lean_corpus import Benchmark, Edition

__all__ = ["PROOFNET"]

PROOFNET = Benchmark(
    name="ProofNet",
    editions=(
        Edition("id", "extra.header", "question", informal="extra.informal_proof"),
        Edition("name", "header", "formal_statement"),
        Edition("id", "lean4_src_header", "lean4_formalization", informal="nl_proof"),
    ),
    published={
        "test": {"DeepSeek-Prover-V1.5 (Xin et al. 2024, arXiv:2408.08152)": 0.253},
    },
)
"""The data set; its parts are ``valid`` and ``test``."""
