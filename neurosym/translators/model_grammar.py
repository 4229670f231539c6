"""A grammar for a model of given sentences: what it can possibly hold.

Constrained decoding keeps a small model to the modelling language. Here it also keeps it to the
text at hand: every sentence is repeated, so that none is passed over; numbers are those that the
text gives; names are made of its words; a sentence without any number or word of comparison
gets no constraint.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from neurosym.formal.optimization.language.printer import KEYWORDS, print_number
from neurosym.formal.optimization.model import Sense
from neurosym.translators.cues import asked_sense, may_limit, numbers_of
from neurosym.translators.gbnf import alternatives, any_of, quoted
from neurosym.translators.indexed_grammar import declared_over, indexed_rules
from neurosym.translators.logic_claims import logic_rules, logical_claims
from neurosym.translators.plain_grammar import plain_rules
from neurosym.translators.tables import NO_DATA, Data
from neurosym.translators.wording import FORM_WORDS

__all__ = ["FIRST_PART_END", "model_grammar", "rest_grammar", "variables_grammar"]

FIRST_PART_END = "#"
"""What ends the declarations: the sign before the first sentence."""

_MAX_VARIABLES = 20
"""Variables at most."""
_MAX_WORDS = 3
"""Words of the longest name."""
_MAX_CLAIMS = 5
"""Constraints of one sentence at most."""


def model_grammar(sentences: Sequence[str], data: Data = NO_DATA) -> str:
    """GBNF for variables, then each sentence with its constraints, then the objective.

    Args:
        sentences: The description, without its tables.
        data: What the tables give.
    """
    return _grammar(
        f'variable{{1,{_MAX_VARIABLES}}} "{FIRST_PART_END}" rest',
        [*_declarations(data), *_names(sentences, data), *_rest(sentences, data, None)],
    )


def variables_grammar(sentences: Sequence[str], data: Data = NO_DATA) -> str:
    """GBNF for the variables alone; :data:`FIRST_PART_END` ends them."""
    return _grammar(
        f'variable{{1,{_MAX_VARIABLES}}} "{FIRST_PART_END}"',
        [*_declarations(data), *_names(sentences, data)],
    )


def rest_grammar(
    sentences: Sequence[str], variables: Mapping[str, Sequence[str]], data: Data = NO_DATA
) -> str:
    """GBNF for what follows declarations, of nothing but what they declare.

    Args:
        sentences: The description, without its tables.
        variables: The sets that each variable is over, by the variable's name.
        data: What the tables give.
    """
    names = f"name ::= {alternatives(variables)}"
    return _grammar("rest", [names, *_rest(sentences, data, variables)])


def _grammar(root: str, rules: Iterable[str]) -> str:
    return "\n".join([f"root ::= {root}", *rules]) + "\n"


def _declarations(data: Data) -> list[str]:
    domain = '(" integer >= 0" | " continuous >= 0" | " binary")'
    over = f" ({declared_over(data)})" if data.sets else ""
    return [f'variable ::= "var " name{over} {domain} "\\n"']


def _names(sentences: Sequence[str], data: Data) -> list[str]:
    words = _words(" ".join(sentences))
    taken = {item.name for item in data.sets} | {item.name for item in data.parameters}
    free = [word for word in words if word not in taken]
    longer = f'word ("_" word){{1,{_MAX_WORDS - 1}}}'
    return [
        f"name ::= {any_of([*([alternatives(free)] if free else []), longer])}",
        f"word ::= {alternatives(words)}",
    ]


def _rest(
    sentences: Sequence[str], data: Data, variables: Mapping[str, Sequence[str]] | None
) -> list[str]:
    text = " ".join(sentences)
    if data.sets:
        rules = indexed_rules(data, variables)
        rules += logic_rules("var")
        claims = {n: told for n, text in enumerate(sentences, start=1) if (told := _of_sets(text))}
    else:
        rules = plain_rules(sentences, variables)
        names = {rule.split(" ", 1)[0] for rule in rules}
        numbered = {n: f"claims{n}" for n in range(1, len(sentences) + 1)}
        claims = {n: name for n, name in numbered.items() if name in names}
    return [
        f"rest ::= {' '.join(_blocks(sentences, claims))} objective",
        f'objective ::= ({_senses(text)}) sum "\\n"',
        f"number ::= {_numbers(text)}",
        *rules,
    ]


def _of_sets(sentence: str) -> str:
    """What a sentence may claim where there are sets; empty if it is nothing.

    Choices of so many may be claimed as sums over a set, so nothing has to be claimed by names.
    """
    logical = [f"({claim})?" for claim in logical_claims(sentence)]
    some = [f'(claim "\\n"){{0,{_MAX_CLAIMS}}}'] if may_limit(sentence) else []
    return " ".join([*logical, *some])


def _blocks(sentences: Sequence[str], claims: Mapping[int, str]) -> Iterable[str]:
    """Each sentence, and the rule of the claims that it may make, by its number."""
    for number, sentence in enumerate(sentences, start=1):
        mark = "#" if number > 1 else ""  # the first one's ends the declarations
        yield quoted(f"{mark} {number}: {sentence}\n")
        if number in claims:
            yield claims[number]


def _senses(text: str) -> str:
    asked = asked_sense(text)
    return any_of(f'"{sense} "' for sense in Sense if asked in (None, sense))


def _words(text: str) -> list[str]:
    """Words that names may be made of, in the order of the text."""
    found = dict.fromkeys(re.findall(r"[^\W\d_]\w*", text))
    # Single capitals tell things apart: truck A and truck B.
    kept = [
        word
        for word in found
        if (word.lower() not in FORM_WORDS or (len(word) == 1 and word.isupper()))
        and word not in KEYWORDS
    ]
    return kept or ["x", "y", "z"]


def _numbers(text: str) -> str:
    shown = dict.fromkeys(print_number(number) for number in numbers_of(text))
    return alternatives(shown)
