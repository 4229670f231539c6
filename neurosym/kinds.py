"""Which kind of problem a question is, where nobody said."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum

from neurosym.answers.options import split_options
from neurosym.problem import Kind, Problem

__all__ = ["KindName", "detect_kind", "problem_in_words"]


class KindName(StrEnum):
    """How the kind of a problem is given: by its name, or to be found."""

    AUTO = "auto"
    MATH = "math"
    LOGIC = "logic"
    OPTIMIZATION = "optimization"

    @property
    def kind(self) -> Kind | None:
        """The kind named, ``None`` if it is to be found."""
        return None if self is KindName.AUTO else Kind(self.value)


_ASKS_FOR_VERDICT = re.compile(
    r"is (?:the following|this) (?:statement|claim|conclusion)\b|\btrue or false\b|"
    r"\btrue, false,? or (?:unknown|uncertain)\b|\bdoes it follow\b|\bprove(?: that)?\s*:|"
    r"\bcan (?:we|one|you) conclude\b|\bmust it be (?:true|the case)\b",
    re.IGNORECASE,
)
_ASKS_OF_OPTIONS = re.compile(
    r"which (?:one )?of the following[^?]*\b(?:true|false|order|list|assignment|schedule)\b|"
    r"\b(?:could|must|cannot|can) be (?:true|false)\b|\beach of the following\b",
    re.IGNORECASE,
)
_MAXIMIZES = re.compile(r"\b(?:maximi[sz]|minimi[sz])(?:e|es|ed|ing|ation)\b", re.IGNORECASE)
_OPTIMIZES = re.compile(
    rf"{_MAXIMIZES.pattern}|"
    r"\b(?:minimum|maximum|minimal|maximal|lowest|highest|least|greatest) (?:possible )?"
    r"(?:total|overall|combined) \w+",
    re.IGNORECASE,
)
_BEST = r"(?:cheapest|optimal|optimum|best|most profitable|shortest|quickest|fastest)"
_PLAN = (
    r"(?:way|feed|mix|mixture|blend|plan|diet|menu|choice|combination|schedule|assignment|route|"
    r"allocation|production)"
)
_GAIN = r"(?:profits?|revenues?|income|earnings?|returns?|costs?|expenses?|price|waste)"
_WANTS_THE_BEST = re.compile(
    r"\bas (?:many|much|few|little|cheaply|cheap|low|high|large|small|short|quickly) "
    r"(?:[\w-]+ ){0,3}as possible\b|"
    rf"\b{_BEST} (?:\w+ )?{_PLAN}\b|"
    rf"\b(?:highest|greatest|largest|biggest|most|lowest|smallest|least|maximum|minimum|maximal|"
    rf"minimal) (?:possible |total )?{_GAIN}\b|\bsmallest number of\b",
    re.IGNORECASE,
)
_DECIDES = re.compile(
    r"\b(?:how many|how much|what|which|how)\b[^.?!]*\bshould\b|"
    r"\bhow many (?:of each|[^.?!]*\bas possible)\b|\bas possible\.|"
    r"(?:^|[.?!]\s+)(?:maximi[sz]e|minimi[sz]e)\b|"
    rf"\b(?:find|determine|what is|which is) the (?:{_BEST}|smallest number|maximum|minimum|"
    r"maximal|minimal|highest|lowest)\b",
    re.IGNORECASE,
)
_LIMITS = re.compile(
    r"\b(?:at (?:most|least)|exceed|no (?:more|less|fewer) than|available|constraints?|"
    r"maximum of|minimum of|up to|between)\b",
    re.IGNORECASE,
)
_MEANS = re.compile(
    rf"{_LIMITS.pattern}|"
    r"\b(?:limit(?:ed|s)?|only|there (?:is|are) \d+|(?:has|have|had) (?:only )?\d+|"
    r"needs? (?:at least )?\d+|must|with (?:only )?\d+|each|per)\b",
    re.IGNORECASE,
)
"""What a decision has to do with, in wider words."""
_QUANTITY = re.compile(
    r"\bhow (?:many|much|long|far|old|fast|tall|often)\b|[$€£%]|\d+\s*[+*/=]", re.IGNORECASE
)
_RULE = re.compile(
    r"(?:^|[.?!]\s+)(?:all|every|each|no|some|any|if|everyone|everything|anyone|anybody|nobody|"
    r"no one|whoever|only|those who|people who)\b",
    re.IGNORECASE,
)
_YES_NO = re.compile(
    r"(?:^|[.?!]\s+)(?:is|are|was|were|does|do|did|can|must|has|have)\b[^.?!]*\?\s*$",
    re.IGNORECASE,
)


def problem_in_words(text: str, name: str, kind: Kind | None = None) -> Problem:
    """A question in plain words as a problem, with the options that it ends with.

    Args:
        text: The question.
        name: The problem's id.
        kind: Its kind; ``None`` to find it.

    Raises:
        ProblemError: The question is blank or holds NUL characters.
    """
    question, choices = split_options(text)
    found = detect_kind(question, choices) if kind is None else kind
    return Problem(name, question, found, choices)


def detect_kind(question: str, choices: Sequence[str] = ()) -> Kind:
    """The kind of a question in plain words.

    It is one of optimization where the best decision within limits is asked for, in so many words
    or as what should be done to earn as much as possible. It is one of logic
    where a verdict on a claim is: where the words say so, where an option has to be chosen by what
    must or could be true, or where general rules are followed by a question to be answered with yes
    or no.
    """
    if _ASKS_FOR_VERDICT.search(question):
        return Kind.LOGIC
    if _optimizes(question):
        return Kind.OPTIMIZATION
    if _QUANTITY.search(question):
        return Kind.MATH
    if choices and _ASKS_OF_OPTIONS.search(question):
        return Kind.LOGIC
    if _RULE.search(question) and _YES_NO.search(question):
        return Kind.LOGIC
    return Kind.MATH


def _optimizes(question: str) -> bool:
    """Whether a question asks for the best decision within limits."""
    is_decided = _DECIDES.search(question)
    if _OPTIMIZES.search(question) and _LIMITS.search(question):
        return True
    if _MAXIMIZES.search(question) and is_decided:
        return True
    return bool(_WANTS_THE_BEST.search(question) and _MEANS.search(question) and is_decided)
