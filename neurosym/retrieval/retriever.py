"""Premises for the states of a proof: those that fit a goal, of what the theorem imports."""

from __future__ import annotations

import hashlib
from pathlib import Path

from neurosym.backends.lean.tactics import ProofState
from neurosym.errors import InputError, OptionError
from neurosym.formal.lean.source import read_source
from neurosym.formal.lean.theorem import Theorem
from neurosym.retrieval.environment import read_environment
from neurosym.retrieval.index import PremiseIndex
from neurosym.retrieval.leandojo import read_corpus
from neurosym.retrieval.premises import Corpus, Mask, Premise
from neurosym.retrieval.records import read_lines

__all__ = ["PremiseRetriever", "read_premises"]

_IMPLIED = "Init"
"""What every file imports that does not say ``prelude``."""


def read_premises(path: Path) -> Corpus:
    """Read LeanDojo's ``corpus.jsonl``, or a dump of an environment; its first line tells which.

    Raises:
        InputError: The file cannot be read, is neither, or is not what its first line says; see
            :func:`~neurosym.retrieval.leandojo.read_corpus` and
            :func:`~neurosym.retrieval.environment.read_environment`.
    """
    first = next(read_lines(path), None)
    if first is not None and "premises" in first.data:
        return read_corpus(path)
    if first is not None and "module" in first.data:
        return read_environment(path)
    raise InputError(
        f"{path} holds no premises",
        hint="Give LeanDojo's corpus.jsonl or a dump of a Lean environment.",
    )


class PremiseRetriever:
    """Finds premises of a corpus for the states of proofs.

    See :class:`neurosym.strategies.model_proposer.Retriever`. A theorem may use whatever the
    modules that it imports declare.

    Args:
        index: What finds them.
        k: How many to find for a state, at most.
        name: What is asked for them, such as the index's kind and its model.

    Raises:
        OptionError: ``k`` is less than 1.
    """

    def __init__(self, index: PremiseIndex, *, k: int = 8, name: str = "bm25") -> None:
        if k < 1:
            raise OptionError(f"k is {k}", hint="Ask for at least one premise.")
        self._index = index
        self._k = k
        self._masks: dict[tuple[str, ...], Mask] = {}
        self.identity = f"{name} {k} {_digest(index.corpus)}"
        """What it finds depends on this and on nothing else."""

    def accessible(self, theorem: Theorem) -> Mask:
        """The premises that a theorem may use; worked out once for what it imports.

        Raises:
            InputError: The corpus has not all that it imports.
        """
        if theorem.header not in self._masks:
            lines = read_source("\n".join(theorem.header)).header
            modules = [line.imported for line in lines if line.keyword == "import"]
            has_init = any(file.module == _IMPLIED for file in self._index.corpus.files)
            if has_init and all(line.keyword != "prelude" for line in lines):
                modules.append(_IMPLIED)
            self._masks[theorem.header] = self._index.corpus.imported(modules)
        return self._masks[theorem.header]

    async def retrieve(self, theorem: Theorem, state: ProofState) -> list[Premise]:
        """Premises that fit the first goal of a state, best first.

        Raises:
            InputError: The corpus has not all that the theorem imports.
            EngineError: A model that the index asks could not be run.
        """
        found = await self._index.search(state.goals[0], self._k, self.accessible(theorem))
        return [item.premise for item in found]


def _digest(corpus: Corpus) -> str:
    """A digest of the corpus: its modules, what they import, and what they declare."""
    digest = hashlib.sha256()
    for file in corpus.files:
        texts = [premise.text for premise in file.premises]
        data = repr((file.path, file.module, file.imports, texts)).encode()
        digest.update(data)
    return digest.hexdigest()
