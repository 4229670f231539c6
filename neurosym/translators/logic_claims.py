"""What a sentence of a description may claim by logic: choices of so many, conditions, either-or.

Each kind has its words and its form in the modelling language; see
:data:`neurosym.formal.optimization.kinds.KINDS`, whose logical kinds these are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from neurosym.translators.cues import asked_sense
from neurosym.translators.gbnf import quoted

__all__ = ["logic_rules", "logical_claims"]


_SIGNS = {
    "at most": " <= ", "no more than": " <= ", "not more than": " <= ", "up to": " <= ",
    "at least": " >= ", "no fewer than": " >= ", "no less than": " >= ", "a minimum of": " >= ",
}  # fmt: skip
_NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_OF_SEVERAL = re.compile(
    rf"\b(?P<sign>{'|'.join(_SIGNS)}|exactly|only|choose|select|pick|open)?\s*"
    rf"(?<![/.])(?P<number>\d{{1,9}}|{'|'.join(_NUMBERS)})\s+of\s+"
    r"(?:the|these|those|its|their|them)\b",
    re.IGNORECASE,
)
_NOT_BOTH = re.compile(
    r"\b(?:(?:cannot|can ?not|can't|must not|may not|not) (?:\w+ ){0,3}both|but not both|"
    r"mutually exclusive|only one of|not (?:\w+ ){0,2}together|at most one of)\b",
    re.IGNORECASE,
)
_EITHER = re.compile(
    r"(?<!by )(?<!through )(?<!using )(?<!via )\beither\b(?! (?:by|through|with|via)\b).+\bor\b|"
    r"\bor else\b|\bone or the other\b",
    re.IGNORECASE,
)
_TOGETHER = re.compile(
    r"\b(?:both or neither|neither or both|all or (?:none|nothing)|as a set|"
    r"if and only if|together or not at all)\b",
    re.IGNORECASE,
)
_ONLY_IF = re.compile(r"\b(?:only (?:if|when|after)|unless|requires that)\b", re.IGNORECASE)
_IF = re.compile(r"\bif\b|^\s*when(?:ever)?\b", re.IGNORECASE)
_OBLIGES = re.compile(r"\b(?:must|should|ha(?:s|ve) to|needs? to|or else)\b", re.IGNORECASE)
_ASKS = re.compile(r"\b(?:how (?:many|much)|find|determine|what)\b", re.IGNORECASE)
_OF_COURSE = re.compile(
    r"\bif and only if\b|\bif (?:possible|necessary|needed|any)\b", re.IGNORECASE
)
"""Words with an "if" that makes nothing depend on anything."""
_NEEDS = 'chosen " <= " chosen'
_CONDITION = '"if " atom " then " atom'


def logic_rules(variable: str) -> tuple[str, ...]:
    """GBNF rules that the claims use, besides ``number``.

    Args:
        variable: The rule of a single variable, with its indices if it has any.
    """
    return (
        f"chosen ::= {variable}",
        'some ::= chosen (" + " chosen){1,11}',
        'atom ::= chosen (" >= " | " <= " | " > " | " = ") number',
    )


def logical_claims(sentence: str) -> Iterator[str]:
    """The claims that a sentence's words call for, in GBNF, each with the end of its line.

    That so many are chosen has to be claimed where it is said; conditions may be left out, since
    "if" often only says what is known. What asks claims nothing.
    """
    if sentence.rstrip().endswith("?") or _ASKS.search(sentence) or asked_sense(sentence):
        return
    counted = _counted(sentence)
    if counted:
        yield _line(f"some {quoted(counted)}")
    if _EITHER.search(sentence) and _OBLIGES.search(sentence):
        sign = " = 1" if _NOT_BOTH.search(sentence) else " >= 1"
        claim, other = _line(f"some {quoted(sign)}"), _line('atom " or " atom')
        yield f"({claim} | {other})?"
    elif _NOT_BOTH.search(sentence) and not counted:
        yield _line('some " <= 1"')
    if _TOGETHER.search(sentence):
        yield _line('chosen " = " chosen') + "?"
    if _ONLY_IF.search(sentence):
        yield f"({_line(_NEEDS)} | {_line(_CONDITION)})?"
    elif _IF.search(_OF_COURSE.sub(" ", sentence)):
        yield f"{_line(_CONDITION)}?"


def _counted(sentence: str) -> str:
    """How many of several are chosen, as the end of a comparison; empty if it is not said."""
    match = _OF_SEVERAL.search(sentence)
    if match is None:
        return ""
    said = match["number"].lower()
    number = _NUMBERS.index(said) + 1 if said in _NUMBERS else int(said)
    word = (match["sign"] or "").lower()
    if word == "only":
        word = "at most"
    return f"{_SIGNS.get(word, ' = ')}{number}"


def _line(claim: str) -> str:
    return f'(({claim}) "\\n")'
