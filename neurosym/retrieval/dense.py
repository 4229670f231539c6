"""Premises by the nearness of their embeddings to that of a goal.

This is the retrieval of ReProver: Yang et al., LeanDojo (2023, arXiv:2306.15626), section 5. Its
embeddings come from a model that was trained for it; here they come from whatever model is given.
"""

from __future__ import annotations

import asyncio
import hashlib
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from neurosym.errors import EngineError, InputError, OptionError
from neurosym.retrieval.index import Scored, best, candidates
from neurosym.retrieval.premises import Corpus, Mask

__all__ = ["DenseIndex", "Embedder", "Vectors"]

Vectors = NDArray[np.float32]
"""One vector a row."""

_ROWS = 8192
"""Vectors that are taken out of all of them at once, to be compared with a goal's."""


class Embedder(Protocol):
    """Turns texts into vectors, of which those of texts with a like meaning are near each other."""

    @property
    def identity(self) -> str:
        """What its vectors depend on: with another model or option, it is another text."""
        ...

    async def embed(self, texts: Sequence[str]) -> Vectors:
        """The vectors of some texts, in order.

        Raises:
            EngineError: The model could not be run.
        """
        ...


class DenseIndex:
    """Finds premises whose embeddings have the largest cosine with that of a goal.

    See :class:`neurosym.retrieval.index.PremiseIndex`. Make one with :meth:`build`, or :meth:`load`
    one that was saved.

    Args:
        corpus: The premises.
        embedder: What embeds goals, as it did the premises.
        vectors: Those of the premises' texts, each of length 1 or 0.
    """

    def __init__(self, corpus: Corpus, embedder: Embedder, vectors: Vectors) -> None:
        self._corpus = corpus
        self._embedder = embedder
        self._vectors = vectors

    @property
    def corpus(self) -> Corpus:
        """The premises it searches."""
        return self._corpus

    @classmethod
    async def build(cls, corpus: Corpus, embedder: Embedder, *, batch: int = 64) -> DenseIndex:
        """Embed all premises, which takes as long as the model reads them.

        Args:
            corpus: The premises.
            embedder: The model.
            batch: Premises to embed in one request.

        Raises:
            OptionError: ``batch`` is less than 1.
            EngineError: The model could not be run, or its vectors are none.
        """
        if batch < 1:
            raise OptionError(f"batch is {batch}", hint="Embed at least one premise at a time.")
        texts = [premise.text for premise in corpus.premises]
        parts: list[Vectors] = []
        for begin in range(0, len(texts), batch):
            parts.append(await _embed(embedder, texts[begin : begin + batch]))
            if parts[0].shape[1] != parts[-1].shape[1]:
                raise EngineError(
                    "the embedder gave vectors of different lengths", hint="Take another model."
                )
        return cls(corpus, embedder, np.vstack(parts) if parts else np.zeros((0, 0), np.float32))

    def save(self, path: Path) -> None:
        """Write the vectors to a file of NumPy's ``.npz`` format.

        Raises:
            InputError: The file cannot be written.
        """
        written = path.with_name(f"{path.name}.part")
        try:
            with written.open("wb") as file:
                digest = np.array(_digest(self._corpus, self._embedder))
                np.savez(file, digest=digest, vectors=self._vectors)
            written.replace(path)
        except OSError as error:
            written.unlink(missing_ok=True)
            raise InputError(
                f"{path} cannot be written: {error.strerror}", hint="Name a file you may write."
            ) from error

    @classmethod
    def load(cls, path: Path, corpus: Corpus, embedder: Embedder) -> DenseIndex:
        """Read what was saved of the same corpus and embedder.

        Raises:
            InputError: The file cannot be read, is no index, or is one of another corpus or
                embedder.
        """
        try:
            with np.load(path, allow_pickle=False) as found:
                digest, vectors = str(found["digest"]), found["vectors"]
        except OSError as error:
            raise InputError(
                f"{path} cannot be read: {error.strerror or error}", hint="Build the index anew."
            ) from error
        except (ValueError, KeyError, EOFError, TypeError, zipfile.BadZipFile) as error:
            raise InputError(f"{path} is no index of premises", hint="Build it anew.") from error
        if digest != _digest(corpus, embedder):
            raise InputError(
                f"{path} was made of another corpus or with another embedder",
                hint="Build the index anew.",
            )
        if vectors.dtype != np.float32 or vectors.ndim != 2 or len(vectors) != len(corpus.premises):
            raise InputError(f"{path} is damaged", hint="Build the index anew.")
        return cls(corpus, embedder, vectors)

    async def search(self, query: str, k: int, accessible: Mask) -> list[Scored]:
        """Search; see :meth:`neurosym.retrieval.index.PremiseIndex.search`."""
        places = candidates(self._corpus, k, accessible)
        if not len(places):
            return []
        [vector] = await _embed(self._embedder, [query])
        if len(vector) != self._vectors.shape[1]:
            raise EngineError(
                "the embedder gave a goal a vector of another length than premises",
                hint="Build the index anew.",
            )
        return await asyncio.to_thread(self._nearest, vector, k, places)

    def _nearest(self, vector: Vectors, k: int, places: NDArray[np.intp]) -> list[Scored]:
        # In parts, for the vectors of a large library fill a good part of the memory already.
        parts = (places[begin : begin + _ROWS] for begin in range(0, len(places), _ROWS))
        scores = np.concatenate([self._vectors[part] @ vector for part in parts])
        return best(self._corpus, places, scores, k)


async def _embed(embedder: Embedder, texts: Sequence[str]) -> Vectors:
    """Vectors of length 1, or 0 where the embedder gives a text none."""
    found = np.asarray(await embedder.embed(texts), np.float32)
    if found.ndim != 2 or len(found) != len(texts) or not np.isfinite(found).all():
        raise EngineError(
            f"the embedder gave no vectors for {len(texts)} texts", hint="Take another model."
        )
    lengths = np.linalg.norm(found, axis=1, keepdims=True)
    vectors: Vectors = np.divide(found, lengths, out=np.zeros_like(found), where=lengths > 0)
    return vectors


def _digest(corpus: Corpus, embedder: Embedder) -> str:
    """A digest of all that the vectors depend on."""
    digest = hashlib.sha256()
    for text in (embedder.identity, *(premise.text for premise in corpus.premises)):
        data = text.encode("utf-8", "surrogatepass")
        digest.update(len(data).to_bytes(8, "little") + data)
    return digest.hexdigest()
