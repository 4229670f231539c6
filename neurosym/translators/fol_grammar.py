"""A grammar for the translation of given sentences: what their formulas can possibly say.

Constrained decoding keeps even a small model from formulas that cannot be read. Here it also keeps
it to the sentence at hand: predicates are made of the sentence's own words, things are those it
names (or the problem does, since "she" may be anyone), a formula negates, or says "or", only where
the sentence does, and it speaks of everything or of something where the sentence names nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from neurosym.formal.fol.spelling import stem, words

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
_GENERAL = re.compile(
    r"\b(?:all|any|anybody|anyone|anything|each|every|everybody|everyone|everything|nobody|none|"
    r"no one|nothing|some|somebody|someone|something|there (?:is|are|exists?)|things|people|those "
    r"(?:who|that)|whoever|whatever|no)\b",
    re.IGNORECASE,
)
"""Words by which a sentence speaks of everything, or of something."""
_RULE = re.compile(r"(?:all|any|each|every|everything|everyone|if|no|nobody|none|nothing)\b", re.I)
"""What a rule for everything begins with."""
_EXISTENCE = re.compile(
    r"\b(?:some|there|exists?|at least|an?|one of|has|have|another|several|few|many|most)\b",
    re.IGNORECASE,
)
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
    named = _named(sentence, proper)
    many = max(1, min(8, len(own)))
    sign = '"-"? ' if _NEGATES.search(sentence) else ""
    arrow = '(" -> " | " <-> ")' if _EQUATES.search(sentence) else '" -> "'
    every = '("all " | "exists ")' if _EXISTENCE.search(sentence) else '"all "'
    is_general = not named or _GENERAL.search(sentence)
    is_alternative = _ALTERNATES.search(sentence) is not None
    # "Every gorp is a brint" tells of some brint too, but not first of all.
    opening = f'"all " variable ". " (q{n} | "(" v{n} ")")' if _RULE.match(sentence) else f"q{n}"
    rules = [
        f"f{n} ::= {opening}" if is_general else f"f{n} ::= {opening} | g{n}",
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


def _named(sentence: str, proper: Sequence[str]) -> list[str]:
    """The words by which a sentence names things: proper names, numbers, and what follows "the"."""
    found = [word for word in words(sentence) if word in proper or word.isdigit()]
    for match in re.finditer(r"\b(?:the|this|that)((?:\s+[^\W_]+){1,3})", sentence, re.IGNORECASE):
        found += [word for word in words(match[1]) if word not in _FORM_WORDS]
    return list(dict.fromkeys(found))


def _proper_names(sentences: Sequence[str]) -> list[str]:
    """Words that are always capitalised, but for a plural that only ever begins a sentence."""
    capital: dict[str, None] = {}
    small: set[str] = set()
    for sentence in sentences:
        tokens = re.findall(r"[^\W_]+", sentence)
        for place, token in enumerate(tokens):
            is_plural_subject = place == 0 and tokens[1:2] == ["are"]
            if token[0].islower() or is_plural_subject:
                small.update(map(stem, _uninflected(token.lower())))
            elif token[0].isupper() and token.lower() not in _FORM_WORDS:
                capital[token.lower()] = None
    return [word for word in capital if stem(word) not in small]


def _alternatives(name: str, choices: Iterable[str]) -> str:
    spelled = dict.fromkeys(word[:1].upper() + word[1:] for word in choices)
    return f"{name} ::= " + " | ".join(map(_quoted, spelled))


def _quoted(text: str) -> str:
    escaped = re.sub(r'["\\]', r"\\\g<0>", text).replace("\n", "\\n")
    return f'"{escaped}"'
