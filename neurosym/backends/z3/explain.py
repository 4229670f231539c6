"""What Z3 found, in the theory's own names and in plain words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from neurosym.backends.base import UNSURE
from neurosym.backends.telling import join_words, name_premises
from neurosym.backends.z3.decide import Finding, Model, passes
from neurosym.backends.z3.lowering import Script
from neurosym.backends.z3.solutions import Solutions
from neurosym.formal.fol.theory import Option, Theory
from neurosym.status import Status

__all__ = ["chosen_options", "evidence_of", "in_own_names"]


def evidence_of(theory: Theory, script: Script, finding: Finding) -> dict[str, str]:
    """Evidence for a finding.

    Returns:
        ``used``, the premises of a proof, refutation or contradiction by their places from 1;
        ``reason``, one sentence; ``countermodel``, lines that describe a world; ``options``, a line
        for each option; ``consistency`` of a proof from premises that may contradict each other.
        Each only where there is one.
    """
    evidence = {"reason": _reason(theory, finding)}
    if finding.core:
        evidence["used"] = " ".join(str(i + 1) for i in finding.core)
    if finding.status in (Status.PROVED, Status.REFUTED) and not finding.is_consistent:
        evidence["consistency"] = UNSURE
    if finding.model is not None:
        evidence["countermodel"] = _describe(script, finding.model)
    if theory.options:
        evidence["options"] = "\n".join(
            f"{option.label}: {_option(option, *state)}"
            for option, *state in zip(
                theory.options, finding.can_hold, finding.can_fail, strict=False
            )
        )
    return {name: text for name, text in evidence.items() if text}


def chosen_options(theory: Theory, finding: Finding) -> tuple[str, ...]:
    """Labels of the options that pass their tests."""
    states = zip(theory.options, finding.can_hold, finding.can_fail, strict=False)
    return tuple(option.label for option, hold, fail in states if passes(option.test, hold, fail))


def _reason(theory: Theory, finding: Finding) -> str:
    core = _premises(finding.core)
    match finding.status:
        case Status.PROVED:
            return f"the claim follows {core}" if core else "the claim holds whatever the premises"
        case Status.REFUTED:
            return (
                f"the claim's negation follows {core}"
                if core
                else "the claim fails whatever the premises"
            )
        case Status.CONTRADICTION:
            return "the premises contradict each other" + (
                f": {name_premises(finding.core)}" if core else ""
            )
        case Status.SOLVED:
            [label] = chosen_options(theory, finding)
            return f"only option {label} passes its test"
        case Status.UNKNOWN if theory.options:
            labels = chosen_options(theory, finding)
            if not labels:
                return "no option passes its test"
            alike = _alike(theory, labels)
            note = f"; {join_words(alike)} say the same" if alike else ""
            return f"options {join_words(labels)} all pass their tests{note}"
        case Status.UNKNOWN if theory.claim is None:
            return "nothing is asked"
        case Status.UNKNOWN:
            return "the premises allow the claim to hold and to fail"
    return "neither a proof nor a countermodel was found in time"


def _alike(theory: Theory, labels: Sequence[str]) -> list[str]:
    """Those among some options that say and ask what another one does."""
    count = Counter((option.test, option.formula) for option in theory.options)
    return [
        option.label
        for option in theory.options
        if option.label in labels and count[option.test, option.formula] > 1
    ]


def _premises(core: Sequence[int]) -> str:
    return f"from {name_premises(core)}" if core else ""


def _option(option: Option, can_hold: bool | None, can_fail: bool | None) -> str:
    if can_fail is False:
        return "must be true"
    if can_hold is False:
        return "cannot be true"
    return "could be true, need not" if can_hold and can_fail else "not decided in time"


def in_own_names(script: Script, found: Solutions) -> Solutions:
    """Solutions with the theory's own names for symbols and members."""
    names = {**script.names, **script.members}
    worlds = tuple(
        {_fact(term, names): names.get(value, value) for term, value in world.items()}
        for world in found.worlds
    )
    return Solutions(worlds, found.complete, tuple(names[name] for name in found.untold))


_NAME = re.compile(r"[^\s()]+")


def _describe(script: Script, model: Model) -> str:
    """A world, things first, then what is true of them."""
    values = dict(model.facts)
    names = {**script.names, **script.members}
    things: dict[str, str] = {}
    for sort, count in model.things.items():
        for i in range(count):
            thing = f"e{sort}_{i}"
            called = [
                names[name]
                for name, kind in script.functions.items()
                if not kind.args and values.get(f"(= {name} {thing})") == "true"
            ]
            things[thing] = " = ".join(called) or f"someone or something ({len(things) + 1})"
    names |= {thing: text.split(" = ")[0] for thing, text in things.items()}
    lines = []
    if things:
        lines.append("things: " + ", ".join(things.values()))
    constants = {
        f"(= {name} {thing})"
        for name, kind in script.functions.items()
        if not kind.args
        for thing in things
    }
    true = [_fact(fact, names) for fact, value in model.facts
            if value == "true" and fact not in constants]  # fmt: skip
    nothing = "nothing that is listed" if model.untold else "nothing that the theory speaks of"
    lines.append("true: " + (", ".join(true) or nothing))
    other = [
        f"{_fact(fact, names)} = {_number(_NAME.sub(lambda m: names.get(m[0], m[0]), value))}"
        for fact, value in model.facts
        if value not in ("true", "false")
    ]
    if other:
        lines.append("values: " + ", ".join(other))
    untold = [names[name] for name in model.untold]
    rest = f"everything else is false, but of {join_words(untold)} nothing is told here"
    return "\n".join([*lines, rest if untold else "everything else is false"])


def _number(value: str) -> str:
    """A number as people write it, ``(/ 3.0 4.0)`` as ``3/4``; whatever else it is as it stands."""
    plain = re.sub(r"(?<=\d)\.0\b", "", value)
    plain = re.sub(r"\(/ (\d+) (\d+)\)", r"\1/\2", plain)
    return re.sub(r"\(- ([\d./]+)\)", r"-\1", plain)


def _fact(term: str, names: dict[str, str]) -> str:
    """``(p0 a b)`` as ``Likes(ann, bob)``, ``(= (f1 a) b)`` as ``father(ann) = bob``."""
    words = [names.get(word, word) for word in _NAME.findall(term)]
    if term.startswith("(= "):
        *left, right = words[1:]
        return f"{_called(left)} = {right}"
    return _called(words)


def _called(words: list[str]) -> str:
    name, *args = words
    return f"{name}({', '.join(args)})" if args else name
