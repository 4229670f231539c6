"""Theorems proved by best-first search, against whole proofs of the same model at its tokens.

The prover is the small one of the tests, so that no toolchain is needed; it checks every proof by a
kernel of its own. Where there is a whole Lean, that may be asked instead.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from benchmarks.statistics import pass_at, share
from neurosym.backends.lean.files import FileElaborator
from neurosym.backends.lean.step_prover import StepProver
from neurosym.backends.lean.tactics import ProofState, TacticProver
from neurosym.backends.lean.toolchain import Toolchain
from neurosym.backends.lean.verdict import judge
from neurosym.candidate import Completion, Prompt
from neurosym.engines.base import Engine, SamplingParams
from neurosym.errors import FormulaError
from neurosym.formal.lean.source import read_source
from neurosym.formal.lean.theorem import Theorem, read_theorem
from neurosym.status import Status
from neurosym.strategies.best_first import BestFirstSearch
from neurosym.strategies.model_proposer import ModelProposer
from neurosym.strategies.proof_tree import ProofTree
from neurosym.translators.base import Malformed
from neurosym.translators.lean_proof import MAX_PROOF_TOKENS, proof_prompt, read_proof
from tests.backends.lean.small_prover import SmallProver

__all__ = ["measure", "read_theorems"]


class _Purse:
    """Asks an engine as long as a theorem's sampled tokens last."""

    def __init__(self, engine: Engine, tokens: int) -> None:
        self._engine = engine
        self.left = tokens

    async def __call__(
        self, prompt: Prompt, params: SamplingParams, stage: str
    ) -> Mapping[int, Completion] | None:
        if self.left <= 0:
            return None
        drawn = await self._engine.sample(prompt, params)
        self.left -= sum(item.completion_tokens for item in drawn)
        return dict(enumerate(drawn))


def read_theorems(path: Path) -> list[Theorem]:
    """The theorems of a file, each by itself, without their proofs."""
    text = path.read_text(encoding="utf-8")
    names = [item.full_name for item in read_source(text).commands if item.keyword == "theorem"]
    return [
        read_theorem(read_theorem(text, name).opening + " := by sorry\n") for name in names if name
    ]


def measure(
    theorems: list[Theorem],
    engine: Engine,
    run: Path,
    *,
    tokens: int,
    width: int,
    samples: int,
    seed: int,
    lean: Toolchain | None = None,
) -> dict[str, Any]:
    """Prove each theorem by search, by one greedy proof, and by sampled proofs.

    Args:
        theorems: What is to be proved.
        engine: The model.
        run: Folder in which each theorem's result is kept; those found there are not done again.
        tokens: Tokens that a search may sample, and a greedy proof likewise.
        width: Tactics sampled for a state.
        samples: Whole proofs sampled, for pass@k.
        seed: Of all sampling.
        lean: A Lean with its library, to prove them there; ``None`` for the small prover.
    """
    if lean is not None:  # what the small prover proves is kept apart
        run = run / f"lean-{lean.version}"
    run.mkdir(parents=True, exist_ok=True)
    rows = []
    for theorem in theorems:
        kept = run / f"{theorem.name}.json"
        if not kept.exists():
            row = asyncio.run(_prove(theorem, engine, tokens, width, samples, seed, lean))
            kept.write_text(json.dumps(row, ensure_ascii=False), encoding="utf-8")
        rows.append(json.loads(kept.read_text(encoding="utf-8")))
    count = len(rows)
    whole = [row["samples proved"] for row in rows]
    return {
        "theorems": count,
        "settings": {"tokens": tokens, "width": width, "samples": samples, "seed": seed},
        "prover": "small prover" if lean is None else f"Lean {lean.version}",
        "proved": {
            "best-first search": share(sum(row["search"]["proved"] for row in rows), count),
            "one greedy proof": share(sum(row["greedy proved"] for row in rows), count),
        },
        "whole proofs": {
            f"pass@{k}": sum(pass_at(k, samples, right) for right in whole) / count
            for k in (1, samples)
        },
        "search, mean": {
            name: sum(row["search"][name] for row in rows) / count
            for name in ("expansions", "tokens", "seconds")
        },
        "items": rows,
    }


async def _prove(
    theorem: Theorem,
    engine: Engine,
    tokens: int,
    width: int,
    samples: int,
    seed: int,
    lean: Toolchain | None,
) -> dict[str, Any]:
    prover = SmallProver() if lean is None else StepProver(FileElaborator(lean))
    tree = ProofTree()
    try:
        proposer = ModelProposer(_Purse(engine, tokens), width=width, seed=seed)
        begun = time.monotonic()
        await BestFirstSearch(expansions=200).search(theorem, prover, proposer, tree)
        greedy = SamplingParams(n=1, seed=seed, temperature=0.0, max_tokens=tokens)
        many = SamplingParams(
            n=samples, seed=seed, temperature=0.7, max_tokens=min(tokens, MAX_PROOF_TOKENS)
        )
        prompt = proof_prompt(theorem)
        searched = time.monotonic() - begun
        [first] = await engine.sample(prompt, greedy)
        drawn = await engine.sample(prompt, many)
        return {
            "id": theorem.name,
            "search": {
                "proved": tree.proof is not None,
                "end": tree.end,
                "proof": tree.proof,
                "expansions": tree.expansions,
                "tokens": tree.tokens,
                "seconds": searched,
            },
            "greedy proved": await _proves(prover, theorem, first.text, lean),
            "greedy": first.text,
            "samples proved": sum(
                [await _proves(prover, theorem, item.text, lean) for item in drawn]
            ),
        }
    finally:
        await prover.aclose()


async def _proves(
    prover: TacticProver, theorem: Theorem, text: str, lean: Toolchain | None
) -> bool:
    """Whether a written proof leaves no goal, or Lean believes the whole of it."""
    proof = read_proof(text)
    if isinstance(proof, Malformed):
        return False
    if lean is not None:
        return await _is_believed(theorem, proof, lean)
    state = await prover.start(theorem)
    lines = (line.strip().removeprefix("· ") for line in proof.split("\n")[1:])
    for tactic in (line for line in lines if line and not line.startswith("--")):
        found = await prover.run(state, tactic, 5.0)
        if not isinstance(found, ProofState):
            return False
        state = found
        if state.is_proved:
            return True  # what comes after a proof's end is only said to be an error by Lean
    return False


async def _is_believed(theorem: Theorem, proof: str, lean: Toolchain) -> bool:
    try:
        given = theorem.with_proof(proof)
    except FormulaError:
        return False
    with closing(FileElaborator(lean)) as elaborator:
        return (await judge(theorem, given, elaborator)).status is Status.PROVED
