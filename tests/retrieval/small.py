"""A small library in LeanDojo's format, and an embedder that needs no model."""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from neurosym.retrieval.bm25 import tokenize
from neurosym.retrieval.index import Scored
from neurosym.retrieval.leandojo import read_corpus
from neurosym.retrieval.premises import Corpus, Mask

LOGIC, NAT, LISTS, OTHER = "Logic.lean", "Lib/Nat.lean", "Lib/List.lean", "Lib/Other.lean"


def premise(name: str, code: str, first: int, last: int) -> dict[str, Any]:
    return {
        "full_name": name,
        "code": code,
        "start": [first, 1],
        "end": [last, 30],
        "kind": "commanddeclaration",
    }


FILES: list[dict[str, Any]] = [
    {
        "path": LOGIC,
        "imports": [],
        "premises": [premise("and_comm", "theorem and_comm : a ∧ b ↔ b ∧ a", 1, 2)],
    },
    {
        "path": NAT,
        "imports": [LOGIC],
        "premises": [
            premise("Nat.add_comm", "theorem add_comm (n m : ℕ) : n + m = m + n", 3, 5),
            premise("Nat.mul_comm", "theorem mul_comm (n m : ℕ) : n * m = m * n", 7, 9),
        ],
    },
    {
        "path": LISTS,
        "imports": [NAT],
        "premises": [
            premise("List.length_append", "theorem length_append : (a ++ b).length = _", 2, 4),
            premise(
                "List.reverse_reverse", "theorem reverse_reverse : a.reverse.reverse = a", 6, 8
            ),
            premise("List.length_reverse", "theorem length_reverse : a.reverse.length = _", 10, 12),
        ],
    },
    {
        "path": OTHER,
        "imports": [],
        "premises": [premise("Other.add_comm", "theorem add_comm (n m) : n + m = m + n", 1, 3)],
    },
]


def write_corpus(folder: Path, files: list[dict[str, Any]] = FILES) -> Path:
    path = folder / "corpus.jsonl"
    path.write_text("".join(json.dumps(file) + "\n" for file in files))
    return path


def small_corpus(folder: Path) -> Corpus:
    return read_corpus(write_corpus(folder))


def names(corpus: Corpus, mask: Mask) -> set[str]:
    return {premise.name for premise, meant in zip(corpus.premises, mask, strict=True) if meant}


def found(results: list[Scored]) -> list[str]:
    return [scored.premise.name for scored in results]


@dataclass
class WordHashes:
    """Embeds a text as the counts of its words, sorted into a few boxes by a checksum."""

    size: int = 64
    identity: str = "word hashes"
    batches: list[int] = field(default_factory=list)

    async def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.batches.append(len(texts))
        vectors = np.zeros((len(texts), self.size), np.float32)
        for vector, text in zip(vectors, texts, strict=True):
            for word in tokenize(text):
                vector[zlib.crc32(word.encode()) % self.size] += 1
        return vectors
