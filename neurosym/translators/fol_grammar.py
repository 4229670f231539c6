"""A grammar for the translation of given sentences: what their formulas can possibly say.

Constrained decoding keeps even a small model from formulas that cannot be read. Here it also keeps
it to the sentence at hand: predicates are made of the sentence's own words, things are those it
names (or the problem does, since "she" may be anyone), a formula negates, or says "or", only where
the sentence does, and it speaks of everything or of something where the sentence names nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from neurosym.translators.wording import (
    alternates,
    equates,
    is_general,
    is_rule,
    may_negate,
    name_forms,
    named_words,
    proper_names,
    speaks_of_existence,
)

__all__ = ["pairs_grammar"]

_MAX_PARTS = 6
"""Words of the longest name."""


def pairs_grammar(
    symbols_mark: str, text_mark: str, formula_mark: str, sentences: Sequence[str]
) -> str:
    """GBNF for the symbols and then each sentence, word for word, with its formula.

    Args:
        symbols_mark: What the line of the symbols begins with; the other lines likewise.
        text_mark: Before a sentence.
        formula_mark: Before a formula.
        sentences: The sentences, the claim last.
    """
    every = [word for sentence in sentences for word in name_forms(sentence)]
    proper = proper_names(sentences)
    parts = [_quoted(f"{symbols_mark} "), "symbols", _quoted("\n")]
    rules = [
        f"symbols ::= symbol ({_quoted(', ')} symbol){{0,29}}",
        f"symbol ::= anyword{{1,{_MAX_PARTS}}} {_quoted('(x')} {_quoted(', y')}? {_quoted(')')}",
        _alternatives("anyword", every),
        'variable ::= "x" | "y" | "z"',
    ]
    for number, sentence in enumerate(sentences):
        parts += [_quoted(f"{text_mark} {sentence}\n{formula_mark} "), f"f{number}", _quoted("\n")]
        rules += _sentence_rules(number, sentence, proper)
    return "\n".join([f"root ::= {' '.join(parts)}", *rules]) + "\n"


def _sentence_rules(n: int, sentence: str, proper: Sequence[str]) -> list[str]:
    own = name_forms(sentence)
    named = named_words(sentence, proper)
    many = max(1, min(8, len(own)))
    sign = '"-"? ' if may_negate(sentence) else ""
    arrow = '(" -> " | " <-> ")' if equates(sentence) else '" -> "'
    every = '("all " | "exists ")' if speaks_of_existence(sentence) else '"all "'
    is_alternative = alternates(sentence)
    # "Every gorp is a brint" tells of some brint too, but not first of all.
    opening = f'"all " variable ". " (q{n} | "(" v{n} ")")' if is_rule(sentence) else f"q{n}"
    rules = [
        f"f{n} ::= {opening}" if is_general(sentence, proper) else f"f{n} ::= {opening} | g{n}",
        f'q{n} ::= {every} variable ". " (q{n} | "(" v{n} ")")',
        _alternatives(f"w{n}", own),
        _alternatives(f"c{n}", [*named, *proper] or own),
        f"p{n} ::= w{n}{{1,{_MAX_PARTS}}}",
        f"n{n} ::= c{n}{{1,{_MAX_PARTS}}}",
    ]
    # Outside a quantifier there are no variables.
    for kind, term in (("g", f"n{n}"), ("v", f"(variable | n{n})")):
        literal = f"{kind}l{n}"
        alternative = f' | {literal} (" | " {literal}){{1,{many}}}' if is_alternative else ""
        rules += [
            f"{kind}{n} ::= {kind}j{n} ({arrow} {kind}j{n})?",
            f'{kind}j{n} ::= {literal} (" & " {literal}){{0,{many}}}{alternative}',
            f'{literal} ::= {sign}p{n} "(" {term} (", " {term}){{0,2}} ")" | '
            f'{sign}"(" {kind}j{n} ")" | {sign}q{n}',
        ]
    return rules


def _alternatives(name: str, choices: Iterable[str]) -> str:
    spelled = dict.fromkeys(word[:1].upper() + word[1:] for word in choices)
    return f"{name} ::= " + " | ".join(map(_quoted, spelled))


def _quoted(text: str) -> str:
    escaped = re.sub(r'["\\]', r"\\\g<0>", text).replace("\n", "\\n")
    return f'"{escaped}"'
