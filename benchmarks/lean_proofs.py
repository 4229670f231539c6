"""Whole proofs of the theorems of a data set, sampled from a model and each judged by Lean.

A theorem's result is kept when it is done, with the proof that was found; reports hold no text of
the data.
"""

from __future__ import annotations

import asyncio
import json
import math
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

from benchmarks.lean_corpus import Benchmark, Corpus, Item
from benchmarks.statistics import mean, pass_at, share
from neurosym import __version__
from neurosym.backends.lean.elaboration import LEAN_LIMITS
from neurosym.backends.lean.files import FileElaborator
from neurosym.backends.lean.toolchain import Toolchain
from neurosym.backends.lean.verdict import judge
from neurosym.engines.base import Engine, SamplingParams
from neurosym.engines.download import say
from neurosym.errors import BackendError, ContextOverflowError, FormulaError, InputError
from neurosym.formal.lean.theorem import Theorem, read_theorem
from neurosym.runtime.together import together
from neurosym.status import Status
from neurosym.translators.base import Malformed
from neurosym.translators.lean_proof import proof_prompt, read_proof

__all__ = ["Sampling", "check_lean", "measure"]

_AHEAD = 3
"""Theorems in hand beyond those that are judged, so that neither model nor Lean waits."""
_PROBE = read_theorem("theorem probe : True := sorry")
_UNREADABLE = "no proof in it"
_TOO_LONG = "the prompt is too long"


@dataclass(frozen=True, slots=True)
class Sampling:
    """How proofs are sampled and judged.

    Attributes:
        samples: Whole proofs of each theorem.
        temperature: Of these.
        seed: Of all sampling.
        tokens: Tokens of the longest proof.
        greedy: Whether to draw one greedy proof as well.
        informal: Whether the model is shown the proof in words.
        seconds: What Lean may take for a proof.
    """

    samples: int
    temperature: float
    seed: int
    tokens: int
    greedy: bool
    informal: bool
    seconds: float


def check_lean(toolchain: Toolchain, corpus: Corpus) -> None:
    """See that the lines which the theorems' files begin with can be imported.

    Raises:
        BackendError: They cannot be, or Lean cannot be run.
    """
    headers = {"\n".join(item.theorem.header) + "\n" for item in corpus.items}

    async def run() -> None:
        lean = FileElaborator(toolchain)
        try:
            for header in sorted(headers):
                found = await lean.elaborate(header, LEAN_LIMITS)
                if wrong := found.detail or "".join(map(str, found.errors[:1])):
                    raise BackendError(
                        f"Lean {toolchain.version} cannot take `{header.strip()}`: {wrong}",
                        hint="Set up the Lean that the modules were compiled with.",
                    )
        finally:
            await lean.aclose()

    asyncio.run(run())


def measure(
    corpus: Corpus,
    benchmark: Benchmark,
    engine: Engine,
    toolchain: Toolchain,
    run: Path,
    sampling: Sampling,
    *,
    workers: int = 1,
) -> dict[str, Any]:
    """Sample proofs of every theorem, and have Lean judge them.

    Args:
        corpus: The theorems.
        benchmark: The data set they are of.
        engine: The model.
        toolchain: The Lean, with what the theorems import on its path.
        run: Folder in which each theorem's result is kept; those found there are not done again.
        sampling: How.
        workers: Proofs that are judged at a time.

    Raises:
        InputError: What is kept in the folder was measured otherwise.
        BackendError: Lean cannot be run.
        EngineError: The model cannot be run.
    """
    how = {
        "neurosym": __version__,
        "engine": engine.info.identity,
        "lean": toolchain.version,
        # Of the words around any theorem's own.
        "prompt": proof_prompt(_PROBE, "?" if sampling.informal else "").digest,
        "settings": asdict(sampling),
    }
    _claim(run, how)
    rows = asyncio.run(_all_rows(corpus.items, engine, toolchain, run, sampling, workers))
    return {**how, **_report(rows, corpus, benchmark, sampling)}


def _claim(run: Path, how: Mapping[str, Any]) -> None:
    """Keep how results are made beside them, and refuse to mix them with others."""
    run.mkdir(parents=True, exist_ok=True)
    kept = run / "how.json"
    text = json.dumps(how, indent=2)
    if kept.exists() and kept.read_text(encoding="utf-8") != text:
        raise InputError(
            f"the results in {run} were measured otherwise, as its how.json says",
            hint="Give another folder for --run, or the options of that run.",
        )
    kept.write_text(text, encoding="utf-8")


@dataclass(slots=True)
class _Judge:
    """Judges proofs of one theorem after the other; a text that comes again is not judged again."""

    lean: FileElaborator
    turns: asyncio.Semaphore
    seconds: float
    known: dict[tuple[str, str], Status] = field(default_factory=dict)

    async def __call__(self, theorem: Theorem, proof: str) -> Status:
        """What Lean says of a proof.

        Raises:
            FormulaError: It is none.
        """
        given = theorem.with_proof(proof)
        key = (theorem.digest, proof)
        if key not in self.known:
            ratio = LEAN_LIMITS.cpu_seconds / LEAN_LIMITS.seconds
            limits = replace(
                LEAN_LIMITS, seconds=self.seconds, cpu_seconds=math.ceil(ratio * self.seconds)
            )
            async with self.turns:
                self.known[key] = (await judge(theorem, given, self.lean, limits)).status
        return self.known[key]


async def _all_rows(
    items: Sequence[Item],
    engine: Engine,
    toolchain: Toolchain,
    run: Path,
    sampling: Sampling,
    workers: int,
) -> list[dict[str, Any]]:
    lean = FileElaborator(toolchain, workers=workers)
    judged = _Judge(lean, asyncio.Semaphore(workers), sampling.seconds)
    turns = asyncio.Semaphore(workers + _AHEAD)

    async def one(item: Item) -> dict[str, Any]:
        kept = run / f"{quote(item.id, safe='')}.json"
        async with turns:
            if kept.exists():
                row: dict[str, Any] = json.loads(kept.read_text(encoding="utf-8"))
                if row["statement"] == item.theorem.digest:
                    return row
            row = await _row(item, engine, judged, sampling)
            written = kept.with_suffix(".new")
            written.write_text(json.dumps(row, ensure_ascii=False), encoding="utf-8")
            written.replace(kept)
            say(f"{item.id}: {row['proved']} of {sampling.samples} proofs hold")
            return row

    try:
        return await together(map(one, items))
    finally:
        await lean.aclose()


async def _row(item: Item, engine: Engine, judged: _Judge, sampling: Sampling) -> dict[str, Any]:
    prompt = proof_prompt(item.theorem, item.informal if sampling.informal else "")
    many = SamplingParams(
        n=sampling.samples,
        seed=sampling.seed,
        temperature=sampling.temperature,
        max_tokens=sampling.tokens,
    )
    begun = time.monotonic()
    try:
        drawn = list(await engine.sample(prompt, many))
        if sampling.greedy:
            drawn += await engine.sample(prompt, replace(many, n=1, temperature=0.0))
    except ContextOverflowError:
        drawn = []
    sampled = time.monotonic()
    found = [await _judged(item.theorem, completion.text, judged) for completion in drawn]
    ends = [end for end, _ in found] or [_TOO_LONG] * (sampling.samples + sampling.greedy)
    many_ends = ends[: sampling.samples]
    proofs = [proof for end, proof in found if end == Status.PROVED.value]
    return {
        "id": item.id,
        "statement": item.theorem.digest,
        "proved": many_ends.count(Status.PROVED.value),
        "greedy proved": ends[-1] == Status.PROVED.value if sampling.greedy else None,
        "ended": dict(Counter(many_ends)),
        "tokens": sum(completion.completion_tokens for completion in drawn),
        "seconds": {"sampling": sampled - begun, "judging": time.monotonic() - sampled},
        "proof": proofs[0] if proofs else None,
    }


async def _judged(theorem: Theorem, text: str, judged: _Judge) -> tuple[str, str]:
    """How a completion ended, and the proof in it."""
    proof = read_proof(text)
    if isinstance(proof, Malformed):
        return _UNREADABLE, ""
    try:
        return (await judged(theorem, proof)).value, proof
    except FormulaError:
        return _UNREADABLE, ""


def _report(
    rows: Sequence[Mapping[str, Any]], corpus: Corpus, benchmark: Benchmark, sampling: Sampling
) -> dict[str, Any]:
    missed = len(corpus.unreadable)
    proved = [row["proved"] for row in rows] + [0] * missed
    ended: Counter[str] = Counter()
    for row in rows:
        ended.update(row["ended"])
    statement_fails = [row["id"] for row in rows if Status.MALFORMED.value in row["ended"]]
    greedy = sum(bool(row["greedy proved"]) for row in rows)
    return {
        "split": corpus.split,
        "theorems": len(proved),
        "unreadable": dict(corpus.unreadable),
        "statements that do not elaborate": statement_fails,
        "pass": {f"pass@{k}": _pass(k, sampling.samples, proved) for k in _ks(sampling.samples)},
        "proved": {
            "by any sample": share(sum(right > 0 for right in proved), len(proved)),
            **({"by the greedy proof": share(greedy, len(proved))} if sampling.greedy else {}),
        },
        "published": dict(benchmark.published.get(corpus.split, {})),
        "where samples ended": dict(ended.most_common()),
        "completion tokens": sum(row["tokens"] for row in rows),
        "seconds": {
            name: sum(row["seconds"][name] for row in rows) for name in ("sampling", "judging")
        },
        "items": [
            {name: value for name, value in row.items() if name not in ("proof", "statement")}
            for row in rows
        ],
    }


def _ks(samples: int) -> list[int]:
    return sorted({k for k in (1, 8, samples) if k <= samples})


def _pass(k: int, samples: int, proved: Sequence[int]) -> dict[str, Any]:
    estimates = [pass_at(k, samples, right) for right in proved]
    return mean(estimates)
