"""The part of a model's grammar that speaks of variables without indices.

It keeps a small model to what each sentence says. A limit stands with the sentence that gives it,
and a lower one is none from above; things are compared with each other only where words compare
them, with a multiple or a share of the total as the words have it; and a number that the text says
of one thing multiplies no other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from neurosym.answers.mentions import Mention, Weight, find_mentions
from neurosym.answers.units import PERCENT
from neurosym.formal.optimization.language.printer import print_number
from neurosym.translators.attribution import Clause, clauses, said_of
from neurosym.translators.cues import bounds_of, forms_of, is_stock, may_limit, numbers_of
from neurosym.translators.gbnf import alternatives, any_of, quoted
from neurosym.translators.templates import find_multiple, relates, shares_of_total

__all__ = ["plain_rules"]

_NONLINEAR = re.compile(
    r"\b(?:squared?|square root|cubed?|cubic|product of|power of|exponential\w*|logarithm\w*|"
    r"quadratic\w*|inverse\w*|radius|volume|diameter|surface area)\b",
    re.IGNORECASE,
)
_EXACT = re.compile(r"\b(?:exactly|must|should|limit\w*|equal|total|only|cap)\b", re.IGNORECASE)
_MULTIPLES = frozenset({"twice", "double", "triple", "thrice", "half"})
_MAX_FREE = 4
"""Claims of a sentence beside those that it makes in so many words."""
_ANY = '(" <= " | " >= " | " = ")'


def plain_rules(sentences: Sequence[str], variables: Iterable[str] | None) -> list[str]:
    """GBNF rules ``sum``, and ``claims1`` and so on for each sentence that may claim something.

    With the variables known, a sentence has to claim what it says in so many words.

    Args:
        sentences: The description.
        variables: The names of the variables; ``None`` if they are not known yet.
    """
    return _Rules(tuple(sentences), None if variables is None else tuple(variables)).all()


@dataclass(frozen=True, slots=True)
class _Rules:
    sentences: tuple[str, ...]
    variables: tuple[str, ...] | None

    def all(self) -> list[str]:
        text = " ".join(self.sentences)
        factor = 'name ("^" [23])? (" * " name)?' if _NONLINEAR.search(text) else "name"
        return [
            'sum ::= named ((" + " | " - ") term){0,11}',
            "term ::= number | named",
            f'named ::= product | {factor} | (number " * ")? "(" inside ")"',
            'inside ::= inner ((" + " | " - ") inner){0,7}',
            f"inner ::= number | product | {factor}",
            f"product ::= {any_of(self._products())}",
            *self._claim_rules(),
        ]

    def _claim_rules(self) -> Iterator[str]:
        for place, sentence in enumerate(self.sentences, start=1):
            if not may_limit(sentence):
                continue
            needed = [] if self.variables is None else [*self._needed(sentence)]
            free = any_of(self._free(sentence))
            parts = [f'({claim}) "\\n"' for claim in needed]
            if free:
                parts.append(f'(({free}) "\\n"){{0,{_MAX_FREE}}}')
            if parts:
                yield f"claims{place} ::= {' '.join(parts)}"

    def _needed(self, sentence: str) -> Iterator[str]:
        """What a sentence claims in so many words: limits, shares of the total, a multiple."""
        bounds = bounds_of(sentence)
        for clause in clauses(sentence, self._names):
            for limit in _limits(clause):
                if limit in bounds:
                    side = self._side(clause.named)
                    yield f"{side} {_sign(bounds[limit])} {quoted(print_number(limit))}"
        for share in shares_of_total(sentence, self._names):
            named = [
                clause.named
                for clause in clauses(sentence, self._names)
                if any(item.unit == PERCENT for item in clause.mentions)
            ]
            if share * 100 in bounds:
                yield self._share(share, bounds[share * 100], frozenset().union(*named))
        multiple = find_multiple(sentence, self._names)
        if multiple is not None:
            right = quoted(f"{print_number(multiple.factor)} * {multiple.second}")
            yield f"{quoted(multiple.first)} {_sign(multiple.is_upper)} {right}"

    def _side(self, named: frozenset[str]) -> str:
        """What a limit is of: the one thing that its clause names, or any sum."""
        if len(named) != 1 or self.variables is None:
            return "sum"
        [name] = named
        return f'(number " * ")? {quoted(name)}'

    def _free(self, sentence: str) -> Iterator[str]:
        """What a sentence may claim beside that: numbers as limits, or how things compare."""
        bounds = bounds_of(sentence)
        for clause in clauses(sentence, self._names):
            is_exact = _EXACT.search(clause.text) is not None
            limits = [
                limit
                for limit in _limits(clause, firm=True)
                # What is said of one thing and limits nothing is what that takes or earns.
                if limit not in bounds and (is_exact or len(clause.owners) != 1)
            ]
            if limits:
                sign = '" <= "' if is_stock(clause.text) else _ANY
                yield f"sum {sign} ({_shown(limits)})"
            if self.variables is None:
                for limit in _limits(clause):
                    if limit in bounds:
                        yield f"sum {_sign(bounds[limit])} {quoted(print_number(limit))}"
        for share in shares_of_total(sentence, self._names) if self.variables else ():
            if share * 100 not in bounds:
                yield self._share(share, None, frozenset())
        is_clear = self.variables is not None and (
            find_multiple(sentence, self._names) is not None
            or any(shares_of_total(sentence, self._names))
        )
        if relates(sentence) and not is_clear:
            yield f'sum {_ANY} (sum | "0")'

    def _products(self) -> Iterator[str]:
        """Numbers with the names that they may multiply."""
        if self.variables is None:
            yield 'number " * " name'
            return
        owners = said_of(self.sentences, self._names)
        limits = bounds_of(" ".join(self.sentences))
        numbers = [n for n in _as_factors(self.sentences) if n not in limits]
        for name in self.variables:
            fitting = [n for n in numbers if n not in owners or name in owners[n]]
            yield f'({_shown(fitting)}) " * " {quoted(name)}'

    @property
    def _names(self) -> dict[str, str]:
        return {name: name for name in self.variables or ()}

    def _share(self, share: Fraction, is_upper: bool | None, named: frozenset[str]) -> str:
        total = " + ".join(self.variables or ())
        right = quoted(f"{print_number(share)} * ({total})")
        left = quoted(*named) if len(named) == 1 else "name"
        return f"{left} {_sign(is_upper)} {right}"


def _sign(is_upper: bool | None) -> str:
    if is_upper is None:
        return _ANY
    return '" <= "' if is_upper else '" >= "'


def _limits(clause: Clause, *, firm: bool = False) -> list[Fraction]:
    """The numbers of a clause that may be limits: neither shares nor multiples.

    Args:
        clause: The clause.
        firm: Whether to leave out what hardly is a number: "two kinds of pills".
    """
    return [
        number
        for mention in clause.mentions
        if mention.unit != PERCENT and not _is_multiple(clause.text, mention)
        if not firm or mention.weight is Weight.FIRM
        for number in forms_of(mention)
    ]


def _is_multiple(text: str, mention: Mention) -> bool:
    behind = text.partition(mention.text)[2]
    return mention.text.lower() in _MULTIPLES or behind.lstrip().startswith("times")


def _as_factors(sentences: Sequence[str]) -> list[Fraction]:
    """The numbers of a text that may multiply something: of percentages, the shares alone."""
    text = " ".join(sentences)
    mentions = find_mentions(text)
    plain = {mention.amount for mention in mentions if mention.unit != PERCENT}
    percents = {mention.amount for mention in mentions if mention.unit == PERCENT} - plain
    return [number for number in numbers_of(text) if number not in percents]


def _shown(numbers: Iterable[Fraction]) -> str:
    return alternatives(dict.fromkeys(map(print_number, numbers)))
