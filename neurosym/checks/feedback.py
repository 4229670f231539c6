"""What to tell a model of what went wrong with its translation, so that it may mend it.

After Logic-LM's self-refinement (Pan et al. 2023, arXiv:2305.12295, section 3.4), with more to say
than the solver's error message. How much of it is told is a choice of its own, for what it holds
often does not matter (Stechly, Marquez and Kambhampati 2023, arXiv:2310.12397).
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from neurosym.candidate import Candidate, CheckState, Outcome
from neurosym.checks.names import CheckName, ModelCheckName, TheoryCheckName
from neurosym.formal.fol.theory import Theory
from neurosym.formal.lean.proof import Proof
from neurosym.formal.program import PROSE_ENTRY, Program
from neurosym.status import Status

__all__ = [
    "LONGEST_ERROR",
    "Feedback",
    "Tell",
    "failing",
    "kept_proof",
    "logic_feedback",
    "model_feedback",
    "program_feedback",
    "proof_feedback",
]

_AGAIN = "Write it all again."
LONGEST_ERROR = 2000
"""Characters of an error that a model is told; of a longer one the end, where the goals are."""


class Tell(StrEnum):
    """How much a model is told of what is wrong with what it wrote."""

    VERDICT = "verdict"
    """That it is wrong."""
    FIRST = "first"
    """The fault that says most."""
    ALL = "all"
    """All faults that are known."""
    EXAMPLE = "example"
    """All faults, and a case in which what it wrote goes wrong, where one is known.

    Of a theory that is a world in which its claim fails; of an optimization model, what it decides,
    or along what it gets better without end. Of programs, statements and proofs none is known."""


@dataclass(frozen=True, slots=True)
class Feedback:
    """What is wrong with a candidate.

    Attributes:
        faults: What is wrong, the fault that says most first; none where an example alone is known.
        again: What is to be done, which says nothing of what is wrong.
        advice: What else is to be done; empty if nothing is.
        example: A case in which it goes wrong; empty if none is known.
    """

    faults: tuple[str, ...]
    again: str = _AGAIN
    advice: str = ""
    example: str = ""

    def told(self, tell: Tell = Tell.ALL) -> str:
        """As a message to the model; empty if that much tells nothing."""
        if not (self.faults or (self.example and tell is Tell.EXAMPLE)):
            return ""
        if tell is Tell.VERDICT:
            return f"This is wrong.\n{self.again}"
        faults = self.faults[:1] if tell is Tell.FIRST else self.faults
        example = self.example if tell is Tell.EXAMPLE else ""
        return "\n".join(filter(None, [*faults, example, self.advice, self.again]))


def _unreadable(outcome: Outcome, again: str = _AGAIN) -> Feedback:
    return Feedback((f"This cannot be read: {_error(outcome)}",), again)


def _error(outcome: Outcome) -> str:
    """What is known of how it ended, of which the end says most."""
    return outcome.evidence.get("error", outcome.status.value)[-LONGEST_ERROR:]


def failing(candidate: Candidate, names: Iterable[str], again: str = _AGAIN) -> Feedback | None:
    """The checks of some names that fail; ``None`` if none does."""
    found = (candidate.verdict.check(name) for name in names)
    faults = tuple(
        f"The check of {check.name} fails: {check.detail}"
        for check in found
        if check is not None and check.state is CheckState.FAILED
    )
    return Feedback(faults, again) if faults else None


def program_feedback(candidate: Candidate) -> Feedback | None:
    """What is wrong with a program that solves a word problem; ``None`` if nothing is known to be.

    What cannot be read; how it ended if without an answer; the checks that fail. Of prose, which
    has no lines of a program, the calculation that is wrong.
    """
    outcome, program = candidate.verdict.outcome, candidate.formalization
    if outcome.status is Status.MALFORMED:
        return _unreadable(outcome)
    if outcome.status is not Status.SOLVED:
        wrong = _error(outcome).partition("AssertionError: ")[2]
        if wrong and isinstance(program, Program) and program.entry == PROSE_ENTRY:
            return Feedback((f"The calculation {wrong}",))
        return Feedback((f"The program gives no answer: {_error(outcome)}",))
    return failing(candidate, CheckName)


def proof_feedback(candidate: Candidate) -> Feedback | None:
    """What is wrong with a proof in Lean; ``None`` if it holds.

    What Lean says at its first error, which tells the goals that are left there, or the rule that
    it breaks.
    """
    outcome, proof = candidate.verdict.outcome, candidate.formalization
    if outcome.status is Status.PROVED:
        return None
    if not isinstance(proof, Proof):
        return _unreadable(outcome, "Write the proof again.")
    kept = "Begin with the lines that Lean accepts." if kept_proof(candidate) else ""
    fault = f"Lean does not accept this proof:\n{_error(outcome)}"
    return Feedback((fault,), "Write it another way.", advice=kept)


def kept_proof(candidate: Candidate) -> str:
    """The lines of a proof before the first that Lean does not accept; empty if there are none."""
    proof, line = candidate.formalization, candidate.verdict.outcome.evidence.get("line")
    if not isinstance(proof, Proof) or line is None or proof.given.spans.proof is None:
        return ""
    begin, lines = proof.given.spans.proof.line, (proof.given.proof or "").split("\n")
    if lines[0] != "by" or int(line) < begin:
        return ""
    # What is said of the proof as a whole is that goals are left at its end.
    good = lines[1:] if int(line) == begin else lines[1 : int(line) - begin]
    return textwrap.dedent("".join(f"{text}\n" for text in good))


def logic_feedback(candidate: Candidate) -> Feedback | None:
    """What is wrong with a theory; ``None`` if nothing is known to be.

    A formula that cannot be read, with its place; premises that contradict each other; a claim that
    speaks of nothing the premises speak of; where no proof was found, a sentence whose formula says
    otherwise, and a world in which the claim fails, which is no fault by itself.
    """
    outcome, theory = candidate.verdict.outcome, candidate.formalization
    if outcome.status is Status.MALFORMED:
        return _unreadable(outcome)
    if not isinstance(theory, Theory):
        return None
    if outcome.status is Status.CONTRADICTION:
        used = [int(word) for word in outcome.evidence.get("used", "").split()]
        sentences = [theory.premises[i - 1].sentence for i in used]
        listed = "\n".join(text for text in sentences if text)
        return Feedback(
            (
                "These premises contradict each other as you wrote them, so at least one formula "
                f"is wrong:\n{listed}",
            )
        )
    is_open = outcome.status is Status.UNKNOWN
    example = outcome.evidence.get("countermodel", "") if is_open else ""
    if example:
        example = f"As you wrote it, the claim could be false in a world like this:\n{example}"
    faults, advice = [], ""
    vocabulary = candidate.verdict.check(TheoryCheckName.VOCABULARY)
    if vocabulary is not None and vocabulary.state is CheckState.FAILED:
        faults.append(f"{vocabulary.detail}, so nothing can follow.")
        advice = "Use the premises' names in the claim."
    back = candidate.verdict.check(TheoryCheckName.BACK_TRANSLATION)
    if is_open and back is not None and back.state is CheckState.FAILED:
        faults.append(f"A formula does not say what its sentence says: {back.detail}.")
    if not faults and not example:
        return None
    return Feedback(tuple(faults), advice=advice, example=example)


_TOLD = (
    ModelCheckName.SENSE,
    ModelCheckName.NUMBERS,
    ModelCheckName.CONSTANTS,
    ModelCheckName.DIRECTIONS,
    ModelCheckName.ATTRIBUTION,
    ModelCheckName.UNITS,
    ModelCheckName.SHARES,
    ModelCheckName.COMPARISONS,
    ModelCheckName.WHOLE,
)


def model_feedback(candidate: Candidate) -> Feedback | None:
    """What is wrong with an optimization model; ``None`` if nothing is known to be.

    After the self-correction of LLMOPT (Jiang et al. 2025, arXiv:2410.13213, section 3.4): what
    cannot be read, with its place; constraints that conflict; a missing bound; failed checks.
    What it decides is an example of that.
    """
    outcome = candidate.verdict.outcome
    if outcome.status is Status.MALFORMED:
        return _unreadable(outcome)
    reason = outcome.evidence.get("reason", "")
    if outcome.status in (Status.INFEASIBLE, Status.UNBOUNDED) and reason:
        found: Feedback | None = Feedback((f"{reason}\nSo at least one line is wrong.",))
    else:
        found = failing(candidate, _TOLD)
    return None if found is None else replace(found, example=_decided(outcome))


_MOST_DECISIONS = 20


def _decided(outcome: Outcome) -> str:
    """What a model decides, or along what it gets better without end; empty if nothing is known."""
    # Reading the model takes what nobody needs whose problems are of other kinds.
    from neurosym.backends.optimization.findings import found_of

    known = found_of(outcome)
    if known is None:
        return ""
    model, found = known
    if found.direction:
        told = "As you wrote it, it gets better without end by adding this again and again:"
        numbers = found.along(model.instance)
    else:
        told, numbers = "As you wrote it, this is decided:", found.decision(model.instance)
    if not numbers:
        return ""
    shown = [f"{name} = {float(number):g}" for name, number in numbers.items() if number]
    more = ["…"] if len(shown) > _MOST_DECISIONS else []
    return "\n".join([told, *(shown[:_MOST_DECISIONS] or ["0 of everything"]), *more])
