"""The verdict that a proof cannot fake: attacks are refused, and honest proofs are not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from neurosym.backends.lean.elaboration import LEAN_LIMITS, Ending
from neurosym.backends.lean.files import FileElaborator
from neurosym.backends.lean.verdict import Judgement, LeanFault, judge
from neurosym.formal.lean.theorem import Theorem, read_theorem
from neurosym.status import Status
from tests.backends.lean.attacks import ATTACKS, FALSE, HONEST, Attack, Honest

HEADER = "prelude\nimport Tiny\n"


def theorem(file: str) -> Theorem:
    names = ("goal", "X.goal", "N.goal", "M.goal")
    text = HEADER + file
    [name] = [name for name in names if _has(text, name)]
    return read_theorem(text, name)


def _has(text: str, name: str) -> bool:
    from neurosym.formal.lean.source import read_source

    return any(command.full_name == name for command in read_source(text).commands)


async def judged(lean: FileElaborator, asked: str, file: str) -> Judgement:
    return await judge(theorem(asked), theorem(file), lean)


def test_there_are_enough_of_both() -> None:
    assert len(ATTACKS) >= 30
    assert len(HONEST) >= 12
    assert {attack.fault for attack in ATTACKS} >= set(LeanFault) - {
        LeanFault.AXIOMS, LeanFault.IMPORTS,
    }  # fmt: skip


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
async def test_an_attack_is_refused_for_what_it_is(lean: FileElaborator, attack: Attack) -> None:
    found = await judged(lean, attack.asked, attack.file)
    assert found.status is Status.FAILED, found
    assert attack.fault in found.faults, found


@pytest.mark.parametrize(
    "attack", [attack for attack in ATTACKS if attack.fools], ids=lambda attack: attack.name
)
async def test_lean_by_itself_would_have_believed_it(lean: FileElaborator, attack: Attack) -> None:
    name = theorem(attack.file).name
    found = await lean.elaborate(f"{HEADER}{attack.file}\n#print axioms _root_.{name}\n")
    assert not found.errors
    assert found.messages[-1].text == f"'{name}' does not depend on any axioms"


@pytest.mark.parametrize("honest", HONEST, ids=lambda honest: honest.name)
async def test_an_honest_proof_is_believed(lean: FileElaborator, honest: Honest) -> None:
    found = await judged(lean, honest.asked, honest.file)
    assert (found.status, found.faults, found.axioms) == (Status.PROVED, {}, ())


async def test_the_axioms_that_are_allowed_are_the_users_choice(lean: FileElaborator) -> None:
    before = "axiom choice : True\n"
    asked = theorem(f"{before}theorem goal : True")
    given = theorem(f"{before}theorem goal : True := choice")
    # An axiom that the statement's own file has is no axiom of the proof's.
    refused = await judge(asked, replace(given, preamble=""), lean)
    assert refused.faults == {LeanFault.AXIOMS: "it rests on choice"}
    assert refused.axioms == ("choice",)
    allowed = await judge(asked, replace(given, preamble=""), lean, axioms=["choice"])
    assert allowed.status is Status.PROVED


async def test_an_import_more_is_refused(lean: FileElaborator) -> None:
    asked = theorem("theorem goal : True")
    given = read_theorem(f"{HEADER}import Other\ntheorem goal : True := True.intro\n")
    found = await judge(asked, given, lean)
    assert found.faults == {
        LeanFault.IMPORTS: "line 3: it imports Other, which the statement does not"
    }


async def test_a_statement_that_does_not_elaborate_is_no_fault_of_the_proof(
    lean: FileElaborator,
) -> None:
    found = await judged(lean, "theorem goal : Nonsense", "theorem goal : True := True.intro")
    assert found.status is Status.MALFORMED
    assert "what was asked for does not elaborate" in found.faults[LeanFault.STATEMENT]
    assert "Nonsense" in found.faults[LeanFault.STATEMENT]


async def test_errors_are_told_at_the_lines_of_the_file(lean: FileElaborator) -> None:
    file = "theorem help : True := True.intro\n\ntheorem goal : True :=\n  nothing\n"
    found = await judged(lean, "theorem goal : True", file)
    assert found.status is Status.FAILED
    assert found.faults[LeanFault.ELABORATION].startswith("line 6: ")
    [message] = [item for item in found.messages if "nothing" in item.text]
    assert message.start is not None
    assert (message.start.line, message.start.column) == (6, 2)


async def test_a_proof_without_end_is_a_timeout(lean: FileElaborator) -> None:
    asked = theorem(FALSE)
    given = theorem(f"theorem t : Eq 1 {'9' * 400_000} := Eq.refl 1\n{FALSE} := t")
    found = await judge(asked, given, lean, replace(LEAN_LIMITS, seconds=1))
    assert found.status is Status.TIMEOUT
    assert "more than its 1 seconds" in found.faults[LeanFault.ELABORATION]


async def test_the_worker_is_as_it_was_after_all_that(lean: FileElaborator) -> None:
    found = await lean.elaborate(HEADER + "theorem t : True := True.intro\n")
    assert (found.ending, found.messages) == (Ending.FINISHED, ())
