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
_OPTIMIZES = re.compile(
    r"\b(?:maximi[sz]|minimi[sz])(?:e|es|ed|ing|ation)\b|"
    r"\b(?:minimum|maximum|minimal|maximal|lowest|highest|least|greatest) (?:possible )?"
    r"(?:total|overall|combined) \w+",
    re.IGNORECASE,
)
_ORDERS_TO_OPTIMIZE = re.compile(
    r"(?:^|[.?!:;]\s+|\bto\s+)(?:maximi[sz]e|minimi[sz]e)\b", re.IGNORECASE
)
_WANTS_THE_BEST = re.compile(
    r"\bas (?:many|much|few|little|cheaply|cheap|low|high|large|small|short|quickly) "
    r"(?:[\w-]+ ){0,3}as possible\b|"
    r"\b(?:for|at|with|makes?|gives?|earns?|brings?|has|have|get|gets|is|are) the "
    r"(?:highest|greatest|largest|biggest|most|best|lowest|smallest|least|cheapest)\b|"
    r"\bcheapest (?:way|feed|mix|blend|plan|diet|menu|choice|combination|schedule)\b",
    re.IGNORECASE,
)
_DECIDES = re.compile(
    r"\b(?:how many|how much|what|which|how)\b[^.?!]*\b(?:should|to (?:make|buy|use|produce|"
    r"plant|build|bake|order|run|send|hire|earn|feed))\b|"
    r"\bhow many [^.?!]*\bas possible\b|\bas possible\.|\bwhat is the cheapest (?:way|feed|mix|"
    r"blend|plan|diet|menu|choice|combination|schedule)\b",
    re.IGNORECASE,
)
_LIMITS = re.compile(
    r"\b(?:at (?:most|least)|exceed|no (?:more|less|fewer) than|available|constraints?|"
    r"maximum of|minimum of|up to|between|limit(?:ed|s)?|only|there (?:is|are) \d+|"
    r"(?:has|have|had) (?:only )?\d+|needs? (?:at least )?\d+|must)\b",
    re.IGNORECASE,
)
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
    is_limited, is_decided = _LIMITS.search(question), _DECIDES.search(question)
    if _OPTIMIZES.search(question) or _ORDERS_TO_OPTIMIZE.search(question):
        return bool(is_limited or is_decided)
    return bool(_WANTS_THE_BEST.search(question) and is_limited and is_decided)
