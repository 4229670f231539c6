"""What Lean says of files with proofs by tactics, of those that the small prover knows.

The Lean of the tests has no tactics. Here steps ``have h : T := by …`` and ``exact by …`` are
proved each by itself, as Lean does it: what is left open in one is told at its ``by``, and the rest
goes on as if it were proved.
"""

from __future__ import annotations

import asyncio
import re

from neurosym.backends.base import Limits
from neurosym.backends.lean.elaboration import LEAN_LIMITS, Elaboration, Ending
from neurosym.backends.lean.messages import SORRY, Message, Position, Severity
from neurosym.errors import FormulaError
from neurosym.formal.lean.theorem import read_theorem
from tests.backends.lean.small_prover.expressions import App, free_variable
from tests.backends.lean.small_prover.lexer import Tokens, tokenize
from tests.backends.lean.small_prover.limits import Budget, Failure
from tests.backends.lean.small_prover.parser import TermParser
from tests.backends.lean.small_prover.state import Local, Naming, State
from tests.backends.lean.small_prover.statement import opened
from tests.backends.lean.small_prover.tactics import run_text
from tests.backends.lean.small_prover.work import Work, checked_proof, show_goals

__all__ = ["SmallLean"]

_STEP = re.compile(r"(?P<head>(?:have (?P<name>\w+) : (?P<type>.+?) := |exact )by)(?P<rest>.*)")
Lines = list[tuple[int, str]]
"""Lines of a file with their numbers."""


class SmallLean:
    """Elaborates files that hold one theorem with a proof by tactics."""

    def __init__(self) -> None:
        self.files: list[str] = []
        self.closed = 0

    async def elaborate(self, text: str, limits: Limits = LEAN_LIMITS) -> Elaboration:
        await asyncio.sleep(0)
        self.files.append(text)
        theorem = read_theorem(text)
        run = _Run()
        try:
            state = opened(theorem, run.budget)
        except FormulaError as error:
            run.say(Position(1, 0), str(error))
            return Elaboration(Ending.FINISHED, tuple(run.messages))
        place = theorem.spans.proof
        assert theorem.proof is not None
        assert place is not None
        first, *rest = theorem.proof.split("\n")
        assert first == "by", "a proof by tactics"
        state = run.proof(
            state, Position(place.line, place.column), list(enumerate(rest, place.line + 1))
        )
        if not run.messages:
            checked_proof(state, run.budget)
        return Elaboration(Ending.FINISHED, tuple(run.messages))

    async def aclose(self) -> None:
        self.closed += 1


class _Run:
    def __init__(self) -> None:
        self.budget = Budget()
        self.messages: list[Message] = []

    def say(self, place: Position, text: str) -> None:
        self.messages.append(Message(Severity.ERROR, text, place, None))

    def proof(self, state: State, by: Position, lines: Lines) -> State:
        """Prove the first goal; the others are left."""
        if not state.goals:
            raise Failure("no goals to be proved")
        after = self._block(state.with_goals(state.goals[0]), lines)
        if after.goals:
            self.say(by, "unsolved goals\n" + "\n\n".join(show_goals(after, self.budget)))
        return after.with_goals(*state.goals[1:])

    def _block(self, state: State, lines: Lines) -> State:
        items: list[Lines] = []
        for number, line in lines:
            if not items or len(line) - len(line.lstrip()) <= _indent(items[0]):
                items.append([])
            items[-1].append((number, line))
        for item in items:
            try:
                state = self._tactic(state, item)
            except Failure as failure:
                self.say(Position(item[0][0], _indent(item)), str(failure))
                return state.with_goals()
        return state

    def _tactic(self, state: State, item: Lines) -> State:
        number, first = item[0]
        indent, text = _indent(item), first.strip()
        if text == "skip":
            return state
        if text == "sorry":
            self.messages.append(
                Message(Severity.WARNING, "declaration uses `sorry`", Position(1, 8), None, SORRY)
            )
            return state.with_goals(*state.goals[1:])
        step = _STEP.fullmatch(text)
        if step is None:
            return run_text(state, "\n".join(line[indent:] for _, line in item), self.budget)
        if step["name"]:
            state = self._stated(state, step["name"], step["type"])
        here = [(number, step["rest"])] if step["rest"].strip() else []
        by = Position(number, indent + step.end("head") - len("by"))
        return self.proof(state, by, here + item[1:])

    def _stated(self, state: State, name: str, type: str) -> State:
        """A step to prove, and the goal with it behind that."""
        work = Work(state, self.budget)
        target = work.elaborator().closed_type(TermParser(Tokens(tokenize(type))).term())
        added = Local(Naming(name), free_variable(name, target))
        proof = work.hole(target)
        return work.finish(App(work.hole(work.target, [added]), proof))


def _indent(lines: Lines) -> int:
    return len(lines[0][1]) - len(lines[0][1].lstrip())
