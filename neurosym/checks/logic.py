"""Checks of theories and what provers found of them; they need no model."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache

from neurosym.backends.base import UNSURE
from neurosym.candidate import Check, Outcome
from neurosym.checks.names import TheoryCheckName, failed, not_applicable, passed, undecided
from neurosym.checks.structure import misplaced, stems_of
from neurosym.formal.fol.spelling import words
from neurosym.formal.fol.syntax import Apply, Atom, Formula, Not, Number, walk
from neurosym.formal.fol.theory import Statement, Theory
from neurosym.problem import Problem
from neurosym.status import Status
from neurosym.translators.argument import read_argument

__all__ = [
    "check_back_translation",
    "check_completeness",
    "check_repairs",
    "check_vocabulary",
    "run_logic_checks",
]


def run_logic_checks(problem: Problem, theory: Theory, outcome: Outcome) -> tuple[Check, ...]:
    """Run every check on a theory and what a prover found of it.

    Never raises, whatever the problem or the theory hold.
    """
    return (
        check_repairs(theory),
        check_completeness(problem, theory),
        check_vocabulary(theory),
        _check_consistency(outcome),
        check_back_translation(theory),
    )


def check_repairs(theory: Theory) -> Check:
    """Whether the theory was read as it was written."""
    if not theory.repairs:
        return passed(TheoryCheckName.REPAIRS)
    counts = Counter(repair.kind for repair in theory.repairs)
    detail = ", ".join(f"{kind} ×{n}" if n > 1 else kind for kind, n in counts.items())
    return failed(TheoryCheckName.REPAIRS, detail)


def check_completeness(problem: Problem, theory: Theory) -> Check:
    """Whether every sentence of the problem has its formula.

    A sentence left out is told, and leaves the check undecided: it may not matter to the claim.
    Theories without sentences are not checked.
    """
    stated = [*theory.premises, *([theory.claim] if theory.claim is not None else [])]
    told = {_plain(item.sentence) for item in stated if item.sentence}
    if not told or theory.claim is None:
        return not_applicable(TheoryCheckName.COMPLETENESS)
    argument = read_argument(problem)
    missing = [text for text in argument.premises if _plain(text) not in told]
    if not missing:
        return passed(TheoryCheckName.COMPLETENESS)
    shown = " ".join(missing)
    return undecided(TheoryCheckName.COMPLETENESS, f"left out: {shown[:_MAX_SHOWN]}")


_MAX_SHOWN = 500


def _plain(sentence: str) -> str:
    return " ".join(words(sentence))


def check_vocabulary(theory: Theory) -> Check:
    """Whether the claim speaks of what the premises speak of."""
    if theory.claim is None:
        return not_applicable(TheoryCheckName.VOCABULARY)
    known = {name for item in theory.premises for name in _predicates(item.formula)}
    asked = _predicates(theory.claim.formula)
    strange = sorted(asked - known)
    if not strange:
        return passed(TheoryCheckName.VOCABULARY)
    names = ", ".join(strange)
    if asked & known:
        return undecided(TheoryCheckName.VOCABULARY, f"{names} never occurs in a premise")
    return failed(TheoryCheckName.VOCABULARY, f"the claim's {names} never occurs in a premise")


def _predicates(formula: Formula) -> set[str]:
    return {node.predicate for node in walk(formula) if isinstance(node, Atom)}


def _check_consistency(outcome: Outcome) -> Check:
    if outcome.status is Status.CONTRADICTION:
        return failed(TheoryCheckName.CONSISTENCY, outcome.evidence.get("reason", ""))
    found = outcome.status in (Status.PROVED, Status.REFUTED, Status.UNKNOWN, Status.SOLVED)
    if found and "consistency" not in outcome.evidence:
        return passed(TheoryCheckName.CONSISTENCY)
    return undecided(TheoryCheckName.CONSISTENCY, UNSURE)


# ---------------------------------------------------------------- back-translation

_NEGATIONS = re.compile(
    r"\b(?:not|no|none|nobody|nothing|never|neither|nor|cannot|without)\b|n[’']t\b", re.IGNORECASE
)
"""Words that always negate; others only may."""
_TWICE = "is negated once more"
_NEGATING = frozenset({"not", "no", "none", "never", "cannot", "cant", "isnt", "doesnt", "dont"})
"""Words of a name by which it negates by itself."""
_CONTRACTED = re.compile(r"\w+n[’']t\b|[’'](?:s|d|m|ll|re|ve)\b", re.IGNORECASE)
"""Forms of "not", "is", "will" and "have", none of them words of substance."""


def check_back_translation(theory: Theory) -> Check:
    """Whether the formulas, read back as words, say what their sentences say.

    For each sentence: the words of its formula's names are words of the sentence, no word of
    substance is left out, where one is negated the other is, and what the sentence says plainly of
    all or some, in which direction and of whom first, the formula says too. The check fails if a
    third of the sentences or more differ in that, or the claim does, or what a name denies is
    denied once more; fewer leave it undecided.
    """
    pairs = [item for item in theory.premises if item.sentence]
    claim = theory.claim if theory.claim is not None and theory.claim.sentence else None
    if claim is not None:
        pairs.append(claim)
    if not pairs:
        return not_applicable(TheoryCheckName.BACK_TRANSLATION)
    differing = [(item, why) for item in pairs if (why := _difference(item))]
    if not differing:
        return passed(TheoryCheckName.BACK_TRANSLATION)
    item, why = differing[-1] if differing[-1][0] is claim else differing[0]
    detail = f"{len(differing)} of {len(pairs)} sentences differ: {why} in {item.sentence!r}"
    # What is denied twice says the opposite, however many of the others are right.
    reversed_one = next((pair for pair in differing if pair[1].endswith(_TWICE)), None)
    if reversed_one is not None:
        return failed(
            TheoryCheckName.BACK_TRANSLATION, f"{reversed_one[1]} in {reversed_one[0].sentence!r}"
        )
    if item is claim or 3 * len(differing) >= len(pairs):
        return failed(TheoryCheckName.BACK_TRANSLATION, detail)
    return undecided(TheoryCheckName.BACK_TRANSLATION, detail)


def _difference(item: Statement) -> str:
    """How a formula differs from its sentence, empty if it does not visibly."""
    said, denies = _content(item.sentence)
    formal: set[str] = set()
    is_negated, twice = False, ""
    for node in walk(item.formula):
        if isinstance(node, Atom | Apply | Number):
            formal |= _stems(_name(node))
        elif isinstance(node, Not):
            is_negated = True
            if isinstance(node.body, Atom) and _NEGATING & set(words(node.body.predicate)):
                twice = node.body.predicate
    if invented := sorted(formal - said):
        return f"{', '.join(invented)} is not said"
    if missing := sorted(said - formal):
        return f"{', '.join(missing)} is left out"
    if twice and len(_NEGATIONS.findall(item.sentence)) == 1:
        return f"{twice} {_TWICE}"
    if denies != is_negated:
        return "a negation is lost or added"
    return misplaced(item.sentence, item.formula)


# Kept, since all samples of one problem repeat its sentences, and its names.
@lru_cache(maxsize=1 << 12)
def _content(sentence: str) -> tuple[frozenset[str], bool]:
    """The stems of a sentence's words of substance, and whether it denies anything."""
    return _stems(_CONTRACTED.sub(" ", sentence)), _NEGATIONS.search(sentence) is not None


@lru_cache(maxsize=1 << 12)
def _stems(text: str) -> frozenset[str]:
    """The stems of the words of substance in a sentence or name."""
    return frozenset(stems_of(text))


def _name(node: Atom | Apply | Number) -> str:
    match node:
        case Atom(predicate=name) | Apply(function=name):
            return name
        case Number(value=value):
            return str(value)
