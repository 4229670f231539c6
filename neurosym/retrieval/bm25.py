"""Premises by the words they share with a goal (Okapi BM25, through bm25s)."""

from __future__ import annotations

import asyncio
import re
from collections import Counter, defaultdict

import numpy as np

from neurosym.retrieval.index import Scored, best, candidates
from neurosym.retrieval.premises import Corpus, Mask

__all__ = ["BM25Index", "tokenize"]

_TOKENS = re.compile(
    r"[^\W\d_]+"  # a word, or a part of one between underscores
    r"|\d+"
    r"|[-+*/<>=:!|&^%~?@#$\\]+"  # an operator of ASCII characters
    r"|[^\w\s\x00-\x7f⟨⟩«»✝]"  # any other sign of mathematics
)
_HUMPS = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def tokenize(text: str) -> list[str]:
    """The words and signs of Lean text.

    Identifiers fall apart at dots, underscores, digits and humps, and lose their case, so that
    ``MulAction.one_smul`` is found by ``mul``. Signs such as ``≤`` and ``:=`` are kept; brackets,
    commas and marks of hygiene say nothing and are left out.
    """
    found: list[str] = []
    for token in _TOKENS.findall(text):
        found += (part.lower() for part in _HUMPS.split(token))
    return found


class BM25Index:
    """Finds premises that share words with a goal, rare words first.

    How rare a word is counts over the whole corpus. Premises that share no word with the goal are
    not found. See :class:`neurosym.retrieval.index.PremiseIndex`; it asks no model.

    Args:
        corpus: The premises.
    """

    def __init__(self, corpus: Corpus) -> None:
        import bm25s

        self._corpus = corpus
        self._words: dict[str, int] = {}
        # The numbers of words are shared by all texts, which their strings would not be.
        texts = [
            [self._words.setdefault(word, len(self._words)) for word in tokenize(premise.text)]
            for premise in corpus.premises
        ]
        self._index = bm25s.BM25()
        if self._words:
            self._index.index((texts, self._words), create_empty_token=False, show_progress=False)

    @property
    def corpus(self) -> Corpus:
        """The premises it searches."""
        return self._corpus

    async def search(self, query: str, k: int, accessible: Mask) -> list[Scored]:
        """Search; see :meth:`neurosym.retrieval.index.PremiseIndex.search`."""
        return await asyncio.to_thread(self._search, query, k, accessible)

    def _search(self, query: str, k: int, accessible: Mask) -> list[Scored]:
        places = candidates(self._corpus, k, accessible)
        # A word counts as often as the goal has it; each is looked up once, for goals are long.
        by_count: defaultdict[int, list[int]] = defaultdict(list)
        for word, count in Counter(tokenize(query)).items():
            if word in self._words:
                by_count[count].append(self._words[word])
        scores = np.zeros(len(self._corpus.premises), np.float64)
        for count, words in by_count.items():
            scores += count * self._index.get_scores(words)
        places = places[scores[places] > 0]
        return best(self._corpus, places, scores[places], k)
