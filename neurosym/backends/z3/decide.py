"""What follows from a theory: both directions, consistency, what was used, a small countermodel."""

from __future__ import annotations

import contextlib
import re
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from neurosym.backends.z3.lowering import Script
from neurosym.backends.z3.process import Z3Process, Z3Timeout
from neurosym.backends.z3.tables import tables_of
from neurosym.errors import BackendError
from neurosym.formal.fol.theory import OptionTest
from neurosym.status import Status

__all__ = ["Finding", "Model", "decide", "passes", "values_of"]

_MAX_THINGS = 4
"""Things in the largest countermodel that is looked for."""
_ASKED_AT_ONCE = 50
"""Premises that Z3 is asked to do without in one exchange, so that large cores stay affordable."""
_SLACK = 1.5
"""Times its own limit that Z3 may take before it is killed."""
_MAX_FACTS = 2000
"""Facts of the largest countermodel that is asked for."""


@dataclass(frozen=True, slots=True)
class Model:
    """A world in which the premises hold.

    Attributes:
        things: How many there are of each sort that lists none, by its renamed name.
        facts: Atoms and equations over the renamed symbols, with their truth or value.
        untold: Renamed symbols of which no facts are given, since there are too many.
    """

    things: dict[str, int]
    facts: tuple[tuple[str, str], ...]
    untold: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """What Z3 found of one script.

    Attributes:
        status: ``PROVED``, ``REFUTED``, ``UNKNOWN`` (with a countermodel), ``CONTRADICTION``, or
            ``TIMEOUT``; of options ``SOLVED``, ``UNKNOWN``, ``CONTRADICTION`` or ``TIMEOUT``.
        core: Places of the premises that suffice for a proof, refutation or contradiction; without
            any one of them Z3 finds none, if there was time to try.
        model: A world in which the premises hold and the claim does not.
        can_hold: Of each option, whether it can hold; ``None`` where that is not known.
        can_fail: Of each option, whether it can fail to hold.
        is_consistent: Whether the premises are known to be consistent.
    """

    status: Status
    core: tuple[int, ...] = ()
    model: Model | None = None
    can_hold: tuple[bool | None, ...] = ()
    can_fail: tuple[bool | None, ...] = ()
    is_consistent: bool = False


def decide(
    process: Z3Process, script: Script, tests: Sequence[OptionTest], seconds: float
) -> Finding:
    """Decide a claim or options.

    Args:
        process: A running Z3.
        script: The theory.
        tests: The tests of its options.
        seconds: Wall time for all of it.

    Raises:
        Z3Timeout: Z3 had to be killed.
        BackendError: Z3 does not understand the script.
    """
    return _Decision(process, script, seconds).run(tests)


class _Decision:
    def __init__(self, process: Z3Process, script: Script, seconds: float) -> None:
        self.process = process
        self.script = script
        self.seconds = seconds
        self.deadline = time.monotonic() + seconds
        self.premises = [f"a{i}" for i in range(len(script.premises))]
        self.sorts = script.open_sorts

    def left(self) -> float:
        return max(0.01, self.deadline - time.monotonic())

    def run(self, tests: Sequence[OptionTest]) -> Finding:
        first = f"{self._preamble()}\n"
        if self.script.claim is None:
            return self._options(first, tests)
        both = [[*self.premises, "nc"], [*self.premises, "c"]]
        fails, holds = self._check_all(both, self.seconds / 4, before=first)
        found = self._found(fails, holds) or self._small_worlds(fails, holds)
        if found is not None:
            return found
        # All the time that is left for what is still open, but for a core.
        known = {"nc": fails, "c": holds}
        still = [literal for literal, answer in known.items() if answer == "unknown"]
        with contextlib.suppress(Z3Timeout):  # what is known without that stays known
            again = self._check_all(
                [[*self.premises, literal] for literal in still], self.left() * 0.9 / len(still)
            )
            known |= zip(still, again, strict=True)
            found = self._found(known["nc"], known["c"])
        return found or Finding(Status.TIMEOUT, is_consistent="sat" in known.values())

    def _found(self, fails: str, holds: str) -> Finding | None:
        """What these answers of Z3 come to, if they are enough."""
        if fails == holds == "sat":
            return self._undecided()
        if "unsat" in (fails, holds):
            return self._decided(fails, holds)
        return None

    def _small_worlds(self, fails: str, holds: str) -> Finding | None:
        """What small worlds show where Z3 could not tell one way or the other."""
        if fails != "sat" and (model := self._small_model("nc")) is not None:
            known = holds == "sat" or self._small_model("c") is not None
            if known:
                return Finding(Status.UNKNOWN, model=model, is_consistent=True)
        if fails == "sat" and self._small_model("c") is not None:
            return self._undecided()
        return None

    # ------------------------------------------------------------ scripts

    def _preamble(self) -> str:
        lines = [
            "(reset)",
            "(set-option :produce-unsat-cores true)",
            *self.script.declarations,
            *_asserted(zip(self.premises, self.script.premises, strict=True)),
        ]
        if self.script.claim is not None:
            claim = self.script.claim
            lines += _asserted([("c", claim), ("nc", f"(not {claim})")])
        for i, option in enumerate(self.script.options):
            lines += _asserted([(f"o{i}", option), (f"n{i}", f"(not {option})")])
        for sort in self.sorts:
            lines += self._few_things(sort)
        return "\n".join(lines)

    def _few_things(self, sort: str) -> Iterator[str]:
        """Literals that say there are but one thing, two, … of a sort."""
        things = [_thing(sort, i) for i in range(_MAX_THINGS)]
        yield from (f"(declare-const {name} {sort})" for name in things)
        for count in range(1, _MAX_THINGS + 1):
            some = " ".join(f"(= x {name})" for name in things[:count])
            few = some if count == 1 else f"(or {some})"
            yield from _asserted([(f"few{sort}_{count}", f"(forall ((x {sort})) {few})")])

    # ------------------------------------------------------------ checks

    def _check_all(
        self, literals: Sequence[Sequence[str]], seconds: float, *, before: str = ""
    ) -> list[str]:
        """Answers of Z3 for each of these sets of literals, in one exchange."""
        # The timeout is for each check; the process is given the time of all, and more, since Z3
        # looks at its clock now and then only.
        asked = before + self._limit(seconds) + "\n".join(map(_check, literals))
        return self._ask(asked, _SLACK * seconds * len(literals)).split()

    def _limit(self, seconds: float) -> str:
        """A time limit for each of the checks that follow. A reset forgets it."""
        return f"(set-option :timeout {max(1, int(min(seconds, self.left()) * 1000))})\n"

    def _check(self, literals: Iterable[str], seconds: float) -> str:
        return self._ask(_check(literals), seconds)

    def _check_for(
        self, wanted: str, literals: Iterable[str], then: str, seconds: float
    ) -> str | None:
        """What Z3 says to a command after a check, in one exchange.

        ``None`` where the check has another answer than is wanted, so that the command fails.
        """
        answer = self._ask(f"{_check(literals)}\n{then}", seconds, may_fail=True)
        state, _, found = answer.partition("\n")
        if state == wanted and found.startswith("(error"):
            raise BackendError(f"z3 says {found}", hint="Please report this with the theory.")
        return found if state == wanted else None

    def _ask(self, text: str, seconds: float, *, may_fail: bool = False) -> str:
        return self.process.ask(text, min(seconds, self.left()), may_fail=may_fail)

    # ------------------------------------------------------------ a claim

    def _decided(self, fails: str, holds: str) -> Finding:
        status = Status.PROVED if fails == "unsat" else Status.REFUTED
        consistent = "sat" in (fails, holds)
        if not consistent:
            alone = "unknown"
            with contextlib.suppress(Z3Timeout):  # the proof stays one
                alone = self._check(self.premises, self.seconds / 4)
            if fails == holds == "unsat" or alone == "unsat":
                return Finding(Status.CONTRADICTION, core=self._core([]))
            consistent = alone == "sat"
        against = "nc" if status is Status.PROVED else "c"
        return Finding(status, core=self._core([against]), is_consistent=consistent)

    def _core(self, extra: Sequence[str]) -> tuple[int, ...]:
        """Premises without any one of which the contradiction is gone, as far as Z3 can tell.

        More than it takes, at worst all of them, where there is no time to find out.
        """
        core = self.premises
        with contextlib.suppress(Z3Timeout):  # what was proved stays so
            literals = [*self.premises, *extra]
            found = self._check_for("unsat", literals, "(get-unsat-core)", self.seconds / 4)
            names = set(self.premises if found is None else found.strip("()").split())
            core = [name for name in self.premises if name in names]
            for smaller in self._smaller(core, extra):
                core = smaller
        return tuple(int(name[1:]) for name in core)

    def _smaller(self, core: list[str], extra: Sequence[str]) -> Iterator[list[str]]:
        """Ever smaller cores, while there is time."""
        doubtful = list(core)
        while doubtful and self.left() > self.seconds / 4:
            asked, later = doubtful[:_ASKED_AT_ONCE], doubtful[_ASKED_AT_ONCE:]
            without = [[other for other in core if other != name] + [*extra] for name in asked]
            answers = self._check_all(without, min(1.0, self.seconds / 20))
            # What cannot be spared now cannot be spared from fewer either.
            first, *again = [
                name for name, state in zip(asked, answers, strict=True) if state == "unsat"
            ] or [""]
            core = [name for name in core if name != first]
            doubtful = [*again, *later]
            yield core

    def _undecided(self) -> Finding:
        model = None
        with contextlib.suppress(Z3Timeout):  # that there are such worlds is known
            model = self._small_model("nc")
        return Finding(Status.UNKNOWN, model=model, is_consistent=True)

    # ------------------------------------------------------------ small worlds

    def _small_model(self, literal: str) -> Model | None:
        """The premises' smallest world in which a literal is true, up to a few things."""
        for count in range(1, _MAX_THINGS + 1):
            few = [f"few{sort}_{count}" for sort in self.sorts]
            names = {sort: tuple(_thing(sort, i) for i in range(count)) for sort in self.sorts}
            tables = tables_of(self.script, names, _MAX_FACTS)
            terms = tables.terms
            values = f"(get-value ({' '.join(terms)}))" if terms else ""
            literals = [*self.premises, literal, *few]
            found = self._check_for("sat", literals, values, self.seconds / 16)
            if found is not None:
                facts = zip(terms, values_of(found, terms), strict=True)
                return Model(dict.fromkeys(self.sorts, count), tuple(facts), tables.untold)
            if not self.sorts:
                return None
        return None

    # ------------------------------------------------------------ options

    def _options(self, first: str, tests: Sequence[OptionTest]) -> Finding:
        quarter = self.seconds / 4
        [alone] = self._check_all([self.premises], quarter, before=first)
        if alone == "unsat":
            return Finding(Status.CONTRADICTION, core=self._core([]))
        each = self.seconds / (4 * max(1, len(tests)))
        literals = [[*self.premises, f"{kind}{i}"] for i in range(len(tests)) for kind in "on"]
        answers = [_KNOWN.get(answer) for answer in self._check_all(literals, each)]
        can_hold, can_fail = tuple(answers[::2]), tuple(answers[1::2])
        passed = [
            passes(test, hold, fail)
            for test, hold, fail in zip(tests, can_hold, can_fail, strict=True)
        ]
        status = Status.SOLVED if passed.count(True) == 1 else Status.UNKNOWN
        if None in passed:
            status = Status.TIMEOUT
        return Finding(status, can_hold=can_hold, can_fail=can_fail, is_consistent=alone == "sat")


_KNOWN = {"sat": True, "unsat": False}


def passes(test: OptionTest, can_hold: bool | None, can_fail: bool | None) -> bool | None:
    """Whether an option passes its test, by whether it can hold and can fail to hold."""
    match test:
        case OptionTest.MUST:
            return None if can_fail is None else not can_fail
        case OptionTest.COULD:
            return can_hold
        case OptionTest.CANNOT:
            return None if can_hold is None else not can_hold
        case OptionTest.NEED_NOT:
            return can_fail


def _check(literals: Iterable[str]) -> str:
    return f"(check-sat-assuming ({' '.join(literals)}))"


def _asserted(named: Iterable[tuple[str, str]]) -> Iterator[str]:
    for name, formula in named:
        yield f"(declare-const {name} Bool)(assert (=> {name} {formula}))"


def _thing(sort: str, i: int) -> str:
    return f"e{sort}_{i}"


def values_of(text: str, terms: Sequence[str]) -> list[str]:
    """The values in Z3's answer ``((term value) …)``."""
    values = []
    position = 1
    for _ in terms:
        # Z3 prints a term as it was given, but may break lines within it.
        start = text.index("(", position) + 1
        position = _end_of_expression(text, start)
        end = _end_of_expression(text, position)
        values.append(" ".join(text[position:end].split()))
        position = text.index(")", end) + 1
    return values


_WORD = re.compile(r"[()]|[^\s()]+")


def _end_of_expression(text: str, start: int) -> int:
    level = 0
    for match in _WORD.finditer(text, start):
        level += (match[0] == "(") - (match[0] == ")")
        if level == 0:
            return match.end()
    raise ValueError("unbalanced answer")
