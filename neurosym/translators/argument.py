"""What a question of logic states, and what it asks: premises and a claim."""

from __future__ import annotations

import re
from dataclasses import dataclass

from neurosym.answers.options import read_options
from neurosym.problem import Problem
from neurosym.translators.wording import FORM_WORDS

__all__ = ["Argument", "is_verdict_choice", "read_argument", "sentences"]

_VERDICTS = frozenset({"true", "false", "unknown", "uncertain", "yes", "no", "undetermined"})
_START = r"(?:^|(?<=\n)|(?<=[.?!] ))"
"""The start of a sentence."""
_ASKS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?:based on [^.?!\n]{0,60}, )?"
        r"is (?:the following|this) (?:statement|claim|conclusion)[^?\n]{0,60}\?",
        rf"{_START}true or false\s*[:?]",
        rf"{_START}(?:prove|show|conclude|claim|conclusion|query)(?: that)?\s*:",
        r"(?:does it follow|is it (?:true|certain)|can (?:we|one|you) conclude|"
        r"must it be (?:true|the case)) that\b",
        rf"{_START}(?:therefore|hence|so),? ",
    )
)
"""The words before a claim, the surest first."""
_ENDS_IN_LETTER = re.compile(r"(?<!\S)([a-z]+)( [A-Z]\.)\s+(?=[A-Z][a-z]*\b)")
_ENDS_IN_LIST = re.compile(r"(?<=\b[A-Z])(,? (?:and|or) [A-Z]\.)\s+(?=[A-Z][a-z]*\b)")
_ANNOUNCES = re.compile(r"\bfollowing\b|:$|\bthat$", re.IGNORECASE)
"""Words before a claim that do not stand behind one."""


@dataclass(frozen=True, slots=True)
class Argument:
    """The parts of a question of logic, in plain words.

    Attributes:
        premises: The sentences that are given.
        claim: The sentence to decide; empty if there is none.
    """

    premises: tuple[str, ...]
    claim: str


def read_argument(problem: Problem) -> Argument:
    """Find the premises and the claim of a problem.

    The claim is what follows the words that ask for it ("Is the following statement true, false or
    uncertain?", "Prove:", "Does it follow that …?"), and otherwise the last sentence. If nothing
    follows words that announce it, there is none; other words at the end ask about the sentence
    before them.
    """
    text = problem.text
    for pattern in _ASKS:
        matches = list(pattern.finditer(text))
        if not matches:
            continue
        before, after = text[: matches[-1].start()], text[matches[-1].end() :].strip()
        if after and before.strip():
            return Argument(sentences(before), _as_claim(after))
        if not after:
            if _ANNOUNCES.search(matches[-1][0]):
                return Argument(sentences(before), "")
            text = before
            break
    found = sentences(text)
    return Argument(found[:-1], _as_claim(found[-1])) if found else Argument((), "")


def is_verdict_choice(problem: Problem) -> bool:
    """Whether a problem's options, if it has any, are True, False and the like."""
    return all(
        option.text.strip(" .").lower() in _VERDICTS for option in read_options(problem.choices)
    )


def sentences(text: str) -> tuple[str, ...]:
    """The sentences of a text.

    A letter that names something ends one ("… and mixture B. Mixture A takes …", "of A and B. Both
    take …"); after a name it is an initial.
    """
    from sentencex import segment

    found = []
    for paragraph in text.split("\n"):
        for part in segment("en", paragraph):
            part = _ENDS_IN_LIST.sub(r"\1\n", part)
            pieces = _ENDS_IN_LETTER.sub(_break_after_noun, part).split("\n")
            found += [" ".join(piece.split()) for piece in pieces]
    return tuple(part for part in found if part)


def _break_after_noun(match: re.Match[str]) -> str:
    """What is matched, with a line break if its letter follows a noun: not "by J. Smith"."""
    return match[0] if match[1] in FORM_WORDS else f"{match[1]}{match[2]}\n"


def _as_claim(text: str) -> str:
    text = " ".join(text.split()).rstrip("?").strip()
    return text[:1].upper() + text[1:]
