"""Which statements say the same: those that Lean can prove to be equivalent.

After the symbolic equivalence of Li et al. 2024 (arXiv:2410.20936), by which the
statements of a sample are sorted into classes that vote. All that is true is equivalent, though, so
here each has to follow from the other: a proof that holds as well from ``True`` says nothing of how
they are related.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from neurosym.backends.base import Limits
from neurosym.backends.lean.elaboration import LEAN_LIMITS, Elaborator, Ending
from neurosym.backends.lean.statements import PROBE_SECONDS, is_missing, is_proved
from neurosym.errors import FormulaError
from neurosym.formal.lean.probes import ProbeFile, pair_probe
from neurosym.formal.lean.statement import Statement, read_statement
from neurosym.values import Value

__all__ = ["BY_DEFINITION", "IMPLICATION", "TheoremComparison"]

BY_DEFINITION = ("fun h => h",)
"""Proofs of ``A → B`` that hold only where both sides are one by definition."""


def _using(*tactics: str) -> tuple[str, ...]:
    return tuple(f"by\n  intro h\n  {tactic}" for tactic in tactics)


IMPLICATION = _using(
    # In another order or form, from which the one follows as it stands.
    "intros; first | assumption | (apply h <;> assumption)",
    "intros; apply Eq.symm; apply h <;> assumption",
    # What can do without ``h`` comes before what takes it for a function or a term: the first that
    # holds is the one that is tried without it.
    "intros; simp_all",
    "intros; omega",
    "simpa using h",
    *(f"intro {names}; have := h {names}; omega" for names in ("a", "a b", "a b c")),
    "grind",
    "tauto",
    "aesop",
)
"""Proofs of ``A → B`` that are tried, each with one tactic that a Lean may lack."""
_IMPLIES, _REVERSED = "({0}) → ({1})", "({1}) → ({0})"
_WITHOUT = {_IMPLIES: "True → ({1})", _REVERSED: "True → ({0})"}
"""The same of something that says nothing."""
_SECONDS = 180.0
_MOST_PAIRS = 60
_CACHE_SIZE = 10_000


class TheoremComparison:
    """Says which statements are the same; see :class:`neurosym.runtime.domain.Comparison`.

    Two that differ in names, layout and comments alone are. For others proofs are looked for that
    each follows from the other; where none are found in time, they count as different.

    Args:
        lean: What elaborates the files. It is not closed with this.
        by_definition: Proofs of ``A → B`` where both sides are one by definition.
        by_proof: Proofs of it that may not need ``A``, and then do not count.
        limits: What one file may use.
        most_pairs: Pairs that are looked at in one grouping.
        seconds: Wall time after which no further proof is begun in one grouping.
    """

    def __init__(
        self,
        lean: Elaborator,
        by_definition: Sequence[str] = BY_DEFINITION,
        by_proof: Sequence[str] = IMPLICATION,
        *,
        limits: Limits = LEAN_LIMITS,
        most_pairs: int = _MOST_PAIRS,
        seconds: float = _SECONDS,
    ) -> None:
        self._lean = lean
        self._by_definition = tuple(by_definition)
        self._by_proof = tuple(by_proof)
        self._limits = replace(limits, seconds=min(limits.seconds, PROBE_SECONDS))
        self._most_pairs = most_pairs
        self._seconds = seconds
        self._cache: dict[frozenset[str], bool] = {}
        # By header, what its Lean has no tactic for.
        self._missing: set[tuple[tuple[str, ...], str]] = set()

    async def group(self, values: Sequence[Value]) -> tuple[int, ...]:
        """Classes of equivalent statements, from 0 in the order first seen; no answer gets -1.

        A class is represented by its first statement, and a later one joins only if it is
        equivalent to that; the largest class is tried first. What is no statement is the same as
        its own text only.

        Raises:
            BackendError: Lean cannot be run.
            IsolationError: It cannot be isolated, and was to be.
        """
        classes = _Classes(time.monotonic() + self._seconds, self._most_pairs)
        return tuple([await self._label(classes, value) for value in values])

    async def _label(self, classes: _Classes, value: Value) -> int:
        if value is None:
            return -1
        statement = _read(value)
        key = f"text {value}" if statement is None else statement.digest
        if key not in classes.labels:
            label = None if statement is None else await self._find(classes, statement)
            classes.labels[key] = classes.begin(statement) if label is None else label
        classes.sizes[classes.labels[key]] += 1
        return classes.labels[key]

    async def _find(self, classes: _Classes, statement: Statement) -> int | None:
        """The class whose representative is equivalent."""
        for label, _ in classes.sizes.most_common():
            other = classes.first[label]
            if other is None:
                continue
            if classes.pairs == 0:
                return None
            classes.pairs -= 1
            if await self._equivalent(other, statement, classes.end):
                return label
        return None

    async def matches(self, answer: Value, gold: Value, choices: Sequence[str] = ()) -> bool:
        """Whether a statement is the right one: the same as, or equivalent to, the gold one.

        Raises:
            BackendError: Lean cannot be run.
            IsolationError: It cannot be isolated, and was to be.
        """
        given, wanted = _read(answer), _read(gold)
        if given is None or wanted is None:
            return False
        return await self._equivalent(given, wanted, time.monotonic() + self._seconds)

    async def _equivalent(self, one: Statement, other: Statement, end: float) -> bool:
        if one.digest == other.digest:
            return True
        key = frozenset({one.digest, other.digest})
        if key not in self._cache:
            if len(self._cache) >= _CACHE_SIZE:
                self._cache.clear()
            # Kept even if time ran out, so that one run treats equal pairs equally.
            self._cache[key] = await self._prove(one, other, end)
        return self._cache[key]

    async def _prove(self, one: Statement, other: Statement, end: float) -> bool:
        for proof in self._by_definition:
            # Both ways: with arguments that Lean finds by itself, the stronger gives the weaker.
            if await self._holds(pair_probe(one, other, _IMPLIES, proof), proof, end):
                return bool(
                    await self._holds(pair_probe(one, other, _REVERSED, proof), proof, end)
                ) or await self._by_proofs(one, other, end)
        return await self._by_proofs(one, other, end)

    async def _by_proofs(self, one: Statement, other: Statement, end: float) -> bool:
        return await self._follows(one, other, _IMPLIES, end) and await self._follows(
            one, other, _REVERSED, end
        )

    async def _follows(self, one: Statement, other: Statement, goal: str, end: float) -> bool:
        """Whether a proof holds, and does not without what it is to follow from."""
        for proof in self._by_proof:
            if await self._holds(pair_probe(one, other, goal, proof), proof, end):
                without = pair_probe(one, other, _WITHOUT[goal], proof)
                return await self._holds(without, proof, end) is False
        return False

    async def _holds(self, file: ProbeFile, proof: str, end: float) -> bool | None:
        """Whether a proof holds; ``None`` if there was no time to see."""
        if (file.header, proof) in self._missing:
            return False
        if time.monotonic() >= end:
            return None
        found = await self._lean.elaborate(file.text, self._limits)
        if found.ending is not Ending.FINISHED:
            return None
        if is_missing(file, found):
            self._missing.add((file.header, proof))
        return is_proved(file, found)


@dataclass(slots=True)
class _Classes:
    """The classes found so far.

    Attributes:
        end: When no further proof is begun.
        pairs: Pairs that may still be looked at.
        labels: The class of each statement seen, by its digest.
        sizes: How many statements are in each.
        first: The statement that represents each; ``None`` for what is none.
    """

    end: float
    pairs: int
    labels: dict[str, int] = field(default_factory=dict)
    sizes: Counter[int] = field(default_factory=Counter)
    first: list[Statement | None] = field(default_factory=list)

    def begin(self, statement: Statement | None) -> int:
        """Begin a class and return its label."""
        self.first.append(statement)
        return len(self.first) - 1


def _read(value: Value) -> Statement | None:
    if not isinstance(value, str):
        return None
    try:
        return read_statement(value)
    except FormulaError:
        return None
