"""Code-based self-verification: a second program that checks a proposed answer.

After CSV (Zhou et al. 2023, arXiv:2308.07921), with the difference that the check is a program of
its own, sampled without sight of the program that gave the answer.
"""

from __future__ import annotations

import ast
import math
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache

from neurosym.candidate import Check, CheckState, Message, Outcome, Prompt
from neurosym.formal.program import Program, parse_source
from neurosym.problem import Kind, Problem
from neurosym.status import Status
from neurosym.translators.base import Malformed, load_prompt_text
from neurosym.translators.extract import extract_program
from neurosym.translators.few_shot import MAX_TOKENS, ask
from neurosym.values import Value, literal

__all__ = ["MAX_PROPOSED", "SELF_VERIFICATION", "VerifierTranslator", "agreement", "read_verdict"]

SELF_VERIFICATION = "self-verification"
"""Name of the check that a sampled verifying program makes."""

MAX_PROPOSED = 500
"""Characters of the longest answer, written as a literal, that a model is asked to check."""

_STOP = ("```", "\ndef ", "\nprint(", "\nif __name__")


@dataclass(frozen=True, slots=True)
class VerifierTranslator:
    """Word problem and proposed answer → program with ``check()``.

    Attributes:
        answer: The proposed answer. It is written into the prompt as a literal, and into the
            program, so that the model cannot check another one by mistake.
        shots: Exemplars shown before the question, 0 to 2.
    """

    answer: Value
    shots: int = 2

    @property
    def name(self) -> str:
        """The translator's name."""
        return "verifier"

    @property
    def kind(self) -> Kind:
        """The kind of problems it translates."""
        return Kind.MATH

    @property
    def variants(self) -> int:
        """One wording."""
        return 1

    def max_tokens(self, problem: Problem) -> int:
        """Tokens that a program may take."""
        return MAX_TOKENS

    def prompt(self, problem: Problem, variant: int = 0) -> Prompt:
        """Instruction, exemplars, question and proposed answer; the turn opens the function."""
        turns = [Message("system", load_prompt_text("verifier_system.txt").strip())]
        for question, answer, program in _exemplars()[: self.shots]:
            turns.append(Message("user", _propose(question, answer)))
            turns.append(Message("assistant", f"{_opening(answer)}{program}```"))
        answer = literal(self.answer)
        turns.append(Message("user", _propose(ask(problem), answer)))
        return Prompt(tuple(turns), prefix=_opening(answer), stop=_STOP)

    def parse(self, text: str, problem: Problem) -> Program | Malformed:
        """The checking program in a completion, if it looks at the proposed answer and no other."""
        proposed = literal(self.answer)
        program = extract_program(text, entry="check", prefix=_opening(proposed))
        if isinstance(program, Malformed):
            return program
        tree = parse_source(program.source)
        names = [n for n in ast.walk(tree) if isinstance(n, ast.Name) and n.id == "answer"]
        is_read = [isinstance(name.ctx, ast.Load) for name in names]
        [given] = parse_source(f"answer = {proposed}").body
        assignments = [ast.dump(n) for n in ast.walk(tree) if isinstance(n, ast.Assign)]
        if is_read.count(False) != 1 or ast.dump(given) not in assignments:
            return Malformed("it puts another answer in place of the proposed one")
        if True not in is_read:
            return Malformed("it does not look at the proposed answer")
        return program

    @property
    def contrast(self) -> VerifierTranslator | None:
        """The same with an answer that is surely another; ``None`` where there is no telling.

        A checking program that holds for both shows nothing.
        """
        if isinstance(self.answer, bool):
            return replace(self, answer=not self.answer)
        if isinstance(self.answer, int | Fraction) or (
            isinstance(self.answer, float) and math.isfinite(self.answer)
        ):
            return replace(self, answer=self.answer + abs(self.answer) + 1)
        return None


def read_verdict(outcome: Outcome, contrast: Outcome | None = None) -> Check:
    """What a checking program's outcome says: true, false, or undecided in every other case.

    Args:
        outcome: Of the program with the proposed answer.
        contrast: Of the same with an answer that is surely another.
    """
    if outcome.answer is True and contrast is not None and contrast.answer is True:
        detail = "the checking program holds for another answer just as well"
        return Check(SELF_VERIFICATION, CheckState.UNDECIDED, detail)
    if outcome.status is Status.SOLVED and isinstance(outcome.answer, bool):
        state = CheckState.PASSED if outcome.answer else CheckState.FAILED
        return Check(SELF_VERIFICATION, state, "a second program checked the answer")
    reason = outcome.evidence.get("error") or f"it returned {literal(outcome.answer)[:100]}"
    return Check(SELF_VERIFICATION, CheckState.UNDECIDED, f"the checking program: {reason}")


def _propose(question: str, answer: str) -> str:
    return f"{question}\n\nProposed answer: {answer}"


def _opening(answer: str) -> str:
    return f"```python\ndef check():\n    answer = {answer}\n"


@lru_cache(maxsize=1)
def _exemplars() -> tuple[tuple[str, str, str], ...]:
    data = tomllib.loads(load_prompt_text("verifier_exemplars.toml"))
    return tuple((item["question"], item["answer"], item["program"]) for item in data["exemplar"])


def agreement(found: Sequence[Check]) -> Check:
    """One check out of several: what most of the decided ones say, undecided if they balance."""
    passed = sum(check.state is CheckState.PASSED for check in found)
    failed = sum(check.state is CheckState.FAILED for check in found)
    state = CheckState.UNDECIDED
    if passed != failed:
        state = CheckState.PASSED if passed > failed else CheckState.FAILED
    detail = f"of {len(found)} checking programs {passed} said true, {failed} false"
    return Check(SELF_VERIFICATION, state, detail)
