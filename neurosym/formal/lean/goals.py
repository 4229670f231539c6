"""Goals as Lean shows them: their parts, and what is the same in two that differ in names alone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from neurosym.formal.lean.brackets import pair_brackets
from neurosym.formal.lean.lexer import Kind, Token, tokenize

__all__ = [
    "Goal",
    "Hypothesis",
    "arguments",
    "bound",
    "canonical_goals",
    "conclusion",
    "outermost",
    "read_goal",
    "split_proposition",
]

_CASE = re.compile(r"case .*")
_NAMES = re.compile(r"(?P<names>[^\s:⊢(\[{][^:⊢(\[{]*?) :(?= |=)")
"""The names that a line of hypotheses begins with."""
_DIGITS = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_INACCESSIBLE = re.compile(f"✝([{_DIGITS}]*)")
"""What Lean puts behind names that no tactic can use."""

_TARGET = "⊢"
_NAME = re.compile(r"[^\W\d][\w'₀-₉✝]*")
_GROUP = re.compile(r"[({⦃]([^:(){}⦃⦄]*):((?:[^(){}⦃⦄]|\([^()]*\))*)[)}⦄]")
"""Variables in brackets, and their type."""
_BINDERS = frozenset({"∀", "∃", "fun", "λ", "let", "if"})
"""What reaches as far to the right as it can."""
_LOOSEST_FIRST = ("↔", "→", "∨", "∧")
_RELATIONS = ("=", "≠", "≤", "<", "≥", ">", "∈", "∣")
_SILENT = frozenset({Kind.WHITESPACE, Kind.COMMENT})


def canonical_goals(goals: Sequence[str]) -> str:
    """A text that is the same for goals that differ only in how their hypotheses are called.

    What is bound inside of a type keeps its name, and hypotheses their order: goals that are told
    apart here may still be the same, goals that are not are.
    """
    return "\n\n".join(map(_canonical, goals))


def _canonical(goal: str) -> str:
    renamed: dict[str, str] = {}
    pieces: list[str] = []
    count = 0
    for line in goal.split("\n"):
        if _CASE.fullmatch(line):
            continue
        line = _INACCESSIBLE.sub(_as_letters, line)
        match = _NAMES.match(line)  # a line that goes on with a type is indented
        named = tokenize(match["names"]) if match is not None else ()
        for name in (token.text for token in named if token.kind is Kind.IDENTIFIER):
            # A name that comes again hides the one before, from here on.
            renamed[name] = f"\0{count}"
            count += 1
        pieces.append(_renamed(line, renamed))
    return "\n".join(pieces)


def _renamed(line: str, names: Mapping[str, str]) -> str:
    words = []
    for token in tokenize(line):
        if token.kind in _SILENT:
            continue
        text = token.text
        if token.kind is Kind.IDENTIFIER:
            first, dot, rest = text.partition(".")
            text = names.get(first, first) + dot + rest
        words.append(text)
    return " ".join(words)


def _as_letters(match: re.Match[str]) -> str:
    """Signs that may be part of a name, in place of the dagger, which may not."""
    return "!?" + "!" * sum(_DIGITS.index(digit) + 1 for digit in match[1])


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """What a goal has at hand.

    Attributes:
        name: Its name; one with a dagger cannot be written in a tactic.
        type: What it is, or proves.
    """

    name: str
    type: str


@dataclass(frozen=True, slots=True)
class Goal:
    """What is left to prove.

    Attributes:
        hypotheses: What is at hand, in order.
        target: What is to be proved.
    """

    hypotheses: tuple[Hypothesis, ...]
    target: str


def read_goal(text: str) -> Goal | None:
    """The parts of a goal as Lean shows it; ``None`` if it has no target."""
    lines: list[str] = []
    for line in text.split("\n"):
        if line[:1].isspace() and lines:
            lines[-1] += f" {line.strip()}"
        elif line.strip() and not _CASE.fullmatch(line):
            lines.append(line.strip())
    if not lines or not lines[-1].startswith(_TARGET):
        return None
    found: list[Hypothesis] = []
    for line in lines[:-1]:
        names, colon, kind = line.partition(" : ")
        if colon:
            kind = kind.partition(" := ")[0].strip()
            found += [Hypothesis(name, kind) for name in names.split()]
    return Goal(tuple(found), lines[-1].removeprefix(_TARGET).strip())


def outermost(proposition: str) -> str:
    """The sign that holds a proposition together: a binder, a connective, ``¬`` or a relation.

    Empty if there is none, as in ``p`` or ``Even n``.
    """
    tokens = _at_top(proposition)
    if tokens and tokens[0] in _BINDERS:
        return tokens[0]
    for sign in (*_LOOSEST_FIRST, *(["¬"] if tokens[:1] == ["¬"] else []), *_RELATIONS):
        if sign in tokens:
            return sign
    return ""


def conclusion(proposition: str) -> str:
    """What is left of a proposition without its binders ``∀`` and its premises."""
    text = proposition.strip()
    while outermost(text) in ("∀", "→") and (parts := split_proposition(text)):
        text = parts[-1]
    return text


def arguments(proposition: str) -> tuple[Hypothesis, ...]:
    """What a proof of a proposition takes: variables, and premises, which have no name.

    ``¬p`` and ``a ≠ b`` have their premise, too.
    """
    text = proposition.strip()
    found: list[Hypothesis] = []
    while (sign := outermost(text)) in ("∀", "→") and (parts := split_proposition(text)):
        found += bound(text) if sign == "∀" else [Hypothesis("", parts[0])]
        text = parts[-1]
    if sign == "¬":
        found.append(Hypothesis("", _bare(text.removeprefix("¬"))))
    elif sign == "≠":
        found.append(Hypothesis("", " = ".join(split_proposition(text))))
    return tuple(found)


def bound(proposition: str) -> list[Hypothesis]:
    """The variables that the binder of a proposition binds, with their types where it has them."""
    text = proposition.strip()
    end = _end_of_first(text, ",")
    said = text[1 : None if end is None else end - 1]
    groups = _GROUP.findall(said) or [said.partition(":")[::2]]
    found: list[Hypothesis] = []
    for names, kind in groups:
        names, *limit = re.split(r"(?=[∈<≤>≥])", names, maxsplit=1)
        found += [Hypothesis(name, kind.strip()) for name in _NAME.findall(names)]
        if limit:  # ∀ n < m, … has a premise
            found.append(Hypothesis("", said.strip()))
    return found


def split_proposition(proposition: str) -> tuple[str, ...]:
    """What stands on both sides of the outermost sign, or behind the binder; else nothing."""
    sign = outermost(proposition)
    if not sign or sign == "¬":
        return ()
    is_binder = sign in _BINDERS
    end = _end_of_first(proposition, "," if is_binder else sign)
    if end is None:
        return ()
    left, right = proposition[: end - len(sign)], proposition[end:]
    return (_bare(right),) if is_binder else (_bare(left), _bare(right))


def _bare(text: str) -> str:
    """A text without brackets around all of it."""
    text = text.strip()
    while text.startswith("(") and text.endswith(")") and not _at_top(text):
        text = text[1:-1].strip()
    return text


def _at_top(text: str) -> list[str]:
    """The tokens outside of all brackets, up to the first binder that is not in front."""
    found: list[str] = []
    for token in _outside(text):
        found.append(token.text)
        if token.text in _BINDERS:
            break
    return found


def _end_of_first(text: str, sign: str) -> int | None:
    """Where the first of a sign outside of all brackets ends."""
    return next((token.end for token in _outside(text) if token.text == sign), None)


def _outside(text: str) -> Iterator[Token]:
    """The tokens outside of all brackets."""
    tokens = tokenize(text)
    pairs = pair_brackets(tokens)
    for token, depth, partner in zip(tokens, pairs.depth, pairs.partner, strict=True):
        if depth == 0 and partner < 0 and token.kind not in _SILENT:
            yield token
