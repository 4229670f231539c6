"""Whatever the corpus, the place, the goal and the index: nothing inaccessible is ever found."""

from __future__ import annotations

import asyncio

from hypothesis import given, settings
from hypothesis import strategies as st

from neurosym.backends.lean.messages import Position
from neurosym.retrieval.bm25 import BM25Index
from neurosym.retrieval.dense import DenseIndex
from neurosym.retrieval.premises import Corpus, Premise, SourceFile
from tests.retrieval.small import WordHashes

WORDS = st.lists(st.sampled_from(["add", "mul", "comm", "≤", "x"]), max_size=4).map(" ".join)


@st.composite
def corpora(draw: st.DrawFn) -> Corpus:
    """Files of which each imports some of those before it, in any order."""
    files = []
    for number in range(draw(st.integers(1, 10))):
        imports = draw(st.sets(st.sampled_from(range(number)), max_size=3)) if number else set()
        premises = tuple(
            Premise(f"p{number}.{line}", text, f"F{number}", Position(line, 0), Position(line, 9))
            for line, text in enumerate(draw(st.lists(WORDS, max_size=4)), 1)
        )
        paths = tuple(f"F{other}" for other in imports)
        files.append(SourceFile(f"F{number}", f"F{number}", paths, premises))
    return Corpus(draw(st.permutations(files)))


def may_use(corpus: Corpus, path: str, position: Position) -> set[Premise]:
    """By the definition, without a closure."""
    files = {file.path: file for file in corpus.files}
    waiting, reached = list(files[path].imports), set()
    while waiting:
        other = waiting.pop()
        reached.add(other)
        waiting += files[other].imports
    return {
        premise
        for premise in corpus.premises
        if premise.path in reached
        or (premise.path == path and premise.end is not None and premise.end <= position)
    }


@settings(max_examples=60)
@given(corpora(), st.data(), WORDS, st.integers(1, 8))
def test_only_what_is_accessible_is_found_and_the_best_of_it(
    corpus: Corpus, data: st.DataObject, goal: str, k: int
) -> None:
    path = data.draw(st.sampled_from([file.path for file in corpus.files]))
    position = Position(data.draw(st.integers(1, 5)), 0)
    mask = corpus.accessible(path, position)
    allowed = may_use(corpus, path, position)
    assert {corpus.premises[place] for place in mask.nonzero()[0]} == allowed

    async def search() -> None:
        for index in (BM25Index(corpus), await DenseIndex.build(corpus, WordHashes())):
            some = await index.search(goal, k, mask)
            everything = await index.search(goal, len(corpus.premises) + 1, mask)
            assert {scored.premise for scored in everything} <= allowed
            assert some == everything[:k]
            keys = [(-scored.score, scored.place) for scored in everything]
            assert keys == sorted(keys)
            assert len(set(keys)) == len(keys)

    asyncio.run(search())
