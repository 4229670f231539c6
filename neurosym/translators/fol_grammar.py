"""A grammar for the translation of given sentences: what their formulas can possibly say.

Constrained decoding keeps even a small model from formulas that cannot be read. Here it also keeps
it to the sentence at hand: predicates are made of the sentence's own words, things of its words
and of the names in the problem, and a formula negates, or says "or", only where the sentence does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from neurosym.formal.fol.spelling import words

__all__ = ["pairs_grammar"]

_MAX_PARTS = 6
"""Words of the longest name."""
_NEGATES = re.compile(
    r"\b(?:not|no|none|nobody|nothing|never|neither|nor|cannot|without|unless|except|only|either|"
    r"fail\w*|lack\w*|un\w+|non\w*|dis\w+|in\w{4,}|im\w{3,}|ir\w{3,})\b|n[’']t\b|-",
    re.IGNORECASE,
)
_ALTERNATES = re.compile(r"\b(?:or|either|nor|neither|unless)\b", re.IGNORECASE)
_EQUATES = re.compile(r"\b(?:if and only if|exactly|same|equivalent|just in case)\b", re.IGNORECASE)
_FORM = (
    "a all also an and any anyone anything are as be been being both but by can could did do does "
    "each either else every everybody everyone everything for from had has have he her him his if "
    "in into is it its least more most must neither no nobody none nor not nothing of on one only "
    "or she should so some somebody someone something than that the their them then there they "
    "thing things this those to was we were what when whenever which who whom whose will with "
    "would you your people person"
)
_FORM_WORDS = frozenset(_FORM.split())
"""Words that a formula says by its form."""
_PREPOSITIONS = frozenset({"as", "at", "by", "for", "from", "in", "into", "of", "on", "to", "with"})
"""Of these, the ones that may be part of a name all the same: LiveIn."""


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
    every = [word for sentence in sentences for word in _content(sentence)]
    proper = _proper_names(sentences)
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
    own = _content(sentence)
    many = max(1, min(8, len(own)))
    sign = '"-"? ' if _NEGATES.search(sentence) else ""
    arrow = '(" -> " | " <-> ")' if _EQUATES.search(sentence) else '" -> "'
    rules = [
        f"f{n} ::= q{n} | g{n}",
        f'q{n} ::= ("all " | "exists ") variable ". " (q{n} | "(" v{n} ")")',
        _alternatives(f"w{n}", own),
        _alternatives(f"c{n}", [*own, *proper]),
        f"p{n} ::= w{n}{{1,{_MAX_PARTS}}}",
        f"n{n} ::= c{n}{{1,{_MAX_PARTS}}}",
    ]
    is_alternative = _ALTERNATES.search(sentence) is not None
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


def _content(sentence: str) -> list[str]:
    """The words that names may be made of, as they are and uninflected, in the text's order."""
    found: dict[str, None] = {}
    for word in words(sentence):
        if word in _FORM_WORDS and word not in _PREPOSITIONS:
            continue
        for form in _uninflected(word):
            found[form] = None
    return list(found) or ["it"]


def _uninflected(word: str) -> Iterable[str]:
    yield word
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        yield word[:-1]
        if word.endswith("ies"):
            yield word[:-3] + "y"
        elif word.endswith(("ses", "xes", "zes", "ches", "shes")):
            yield word[:-2]


def _proper_names(sentences: Sequence[str]) -> list[str]:
    """Words that are capitalised within a sentence, or wherever they stand."""
    capital: dict[str, None] = {}
    small: set[str] = set()
    for sentence in sentences:
        tokens = re.findall(r"[^\W_]+", sentence)
        for place, token in enumerate(tokens):
            if token[0].isupper() and (place or token.lower() not in _FORM_WORDS):
                capital[token.lower()] = None
            elif token[0].islower():
                small.add(token)
    return [word for word in capital if word not in small and word not in _FORM_WORDS]


def _alternatives(name: str, choices: Iterable[str]) -> str:
    spelled = dict.fromkeys(word[:1].upper() + word[1:] for word in choices)
    return f"{name} ::= " + " | ".join(map(_quoted, spelled))


def _quoted(text: str) -> str:
    escaped = re.sub(r'["\\]', r"\\\g<0>", text).replace("\n", "\\n")
    return f'"{escaped}"'
