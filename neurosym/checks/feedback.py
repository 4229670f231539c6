"""What to tell a model of what went wrong with its translation, so that it may mend it.

After Logic-LM's self-refinement (Pan et al. 2023, arXiv:2305.12295, section 3.4), with more to say
than the solver's error message.
"""

from __future__ import annotations

import textwrap

from neurosym.candidate import Candidate, CheckState, Outcome
from neurosym.checks.names import ModelCheckName, TheoryCheckName
from neurosym.formal.fol.theory import Theory
from neurosym.formal.lean.proof import Proof
from neurosym.status import Status

__all__ = ["kept_proof", "logic_feedback", "model_feedback", "no_feedback", "proof_feedback"]

_LONGEST_ERROR = 2000
"""Characters of an error that a model is told; of a longer one the end, where the goals are."""


def no_feedback(candidate: Candidate) -> str:
    """Nothing: problems of this kind are not translated again."""
    return ""


def _unreadable(outcome: Outcome) -> str:
    return f"This cannot be read: {outcome.evidence.get('error', '')}\nWrite it all again."


def proof_feedback(candidate: Candidate) -> str:
    """What is wrong with a proof in Lean, empty if it holds.

    What Lean says at its first error, which tells the goals that are left there, or the rule that
    it breaks.
    """
    outcome, proof = candidate.verdict.outcome, candidate.formalization
    if outcome.status is Status.PROVED:
        return ""
    error = outcome.evidence.get("error", outcome.status.value)[-_LONGEST_ERROR:]
    if not isinstance(proof, Proof):
        return f"This cannot be read: {error}\nWrite the proof again."
    begin = "Begin with the lines that Lean accepts and go on" if kept_proof(candidate) else "Write"
    return f"Lean does not accept this proof:\n{error}\n{begin} another way."


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


def logic_feedback(candidate: Candidate) -> str:
    """What is wrong with a theory, empty if nothing is known to be.

    A formula that cannot be read, with its place; premises that contradict each other; a claim that
    speaks of nothing the premises speak of; where no proof was found, a sentence whose formula says
    otherwise.
    """
    outcome, theory = candidate.verdict.outcome, candidate.formalization
    if outcome.status is Status.MALFORMED:
        return _unreadable(outcome)
    if not isinstance(theory, Theory):
        return ""
    if outcome.status is Status.CONTRADICTION:
        used = [int(word) for word in outcome.evidence.get("used", "").split()]
        sentences = [theory.premises[i - 1].sentence for i in used]
        listed = "\n".join(text for text in sentences if text)
        return (
            "These premises contradict each other as you wrote them, so at least one formula is "
            f"wrong:\n{listed}\nWrite it all again."
        )
    vocabulary = candidate.verdict.check(TheoryCheckName.VOCABULARY)
    if vocabulary is not None and vocabulary.state is CheckState.FAILED:
        return (
            f"{vocabulary.detail}, so nothing can follow. Use the premises' names in the claim and "
            "write it all again."
        )
    if outcome.status is not Status.UNKNOWN:
        return ""
    back = candidate.verdict.check(TheoryCheckName.BACK_TRANSLATION)
    if back is not None and back.state is CheckState.FAILED:
        return f"A formula does not say what its sentence says: {back.detail}. Write it all again."
    return ""


_TOLD = (
    ModelCheckName.SENSE,
    ModelCheckName.NUMBERS,
    ModelCheckName.CONSTANTS,
    ModelCheckName.DIRECTIONS,
    ModelCheckName.ATTRIBUTION,
    ModelCheckName.UNITS,
    ModelCheckName.SHARES,
    ModelCheckName.MULTIPLES,
    ModelCheckName.WHOLE,
)


def model_feedback(candidate: Candidate) -> str:
    """What is wrong with an optimization model, empty if nothing is known to be.

    After the self-correction of LLMOPT (Jiang et al. 2025, arXiv:2410.13213, section 3.4): what
    cannot be read, with its place; constraints that conflict; a missing bound; failed checks.
    """
    outcome = candidate.verdict.outcome
    if outcome.status is Status.MALFORMED:
        return _unreadable(outcome)
    reason = outcome.evidence.get("reason", "")
    if outcome.status in (Status.INFEASIBLE, Status.UNBOUNDED) and reason:
        return f"{reason}\nSo at least one line is wrong. Write it all again."
    wrong = [
        f"{name}: {check.detail}"
        for name in _TOLD
        if (check := candidate.verdict.check(name)) is not None and check.state is CheckState.FAILED
    ]
    if wrong:
        return "These checks fail:\n" + "\n".join(wrong) + "\nWrite it all again."
    return ""
