"""Files whose theorems are proved one after the other."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from neurosym.backends.lean.elaboration import LEAN_LIMITS
from neurosym.backends.lean.files import FileElaborator
from neurosym.candidate import Candidate, Completion, Outcome, Verdict
from neurosym.cli.arguments import names_file
from neurosym.cli.lean_file import Found, usable, with_proofs, withdraw
from neurosym.formal.lean.proof import Proof
from neurosym.formal.lean.theorem import read_theorem
from neurosym.solution import Selection, Solution
from neurosym.status import Status
from tests.backends.lean import fixture

TEXT = """prelude
import Tiny
theorem a (p : Prop) : p := sorry
theorem b (q : Prop) (h : q) : q := sorry
theorem c (q : Prop) (h : q) : q := sorry
"""


@pytest.fixture(scope="module")
def lean() -> Iterator[FileElaborator]:
    elaborator = FileElaborator(fixture.toolchain())
    yield elaborator
    elaborator.close()


def found(name: str, proof: str) -> Found:
    """A theorem with a proof that was taken for one."""
    asked = read_theorem(TEXT, name)
    outcome = Outcome(Status.PROVED, "proved")
    formal = Proof(asked, asked.with_proof(proof))
    candidate = Candidate(0, Completion("", None, 1, 1, "stop", 0), formal, Verdict(outcome))
    chosen = Selection(0, 0, (1.0,), 1.0, (1.0,))
    solution = Solution(name, "proved", None, 1.0, chosen, (0,), (candidate,))
    return Found(name, asked.spans.whole, asked, solution)


async def test_a_proof_that_rests_on_an_unproved_theorem_of_the_file_is_withdrawn(
    lean: FileElaborator,
) -> None:
    items = [found("b", "a q"), found("c", "h")]
    await withdraw(TEXT, items, lean, LEAN_LIMITS)
    assert [bool(item.withdrawn) for item in items] == [True, False]
    assert [item.is_proved for item in items] == [False, True]
    written = with_proofs(TEXT, items)
    assert written == TEXT.replace("theorem c (q : Prop) (h : q) : q := sorry",
                                   "theorem c (q : Prop) (h : q) : q := h")  # fmt: skip


async def test_one_that_rests_on_a_withdrawn_one_goes_with_it(lean: FileElaborator) -> None:
    items = [found("b", "a q"), found("c", "b q h")]
    await withdraw(TEXT, items, lean, LEAN_LIMITS)
    assert [item.is_proved for item in items] == [False, False]
    assert with_proofs(TEXT, items) == TEXT


async def test_what_stands_before_a_theorem_is_what_may_be_used(lean: FileElaborator) -> None:
    text = TEXT.replace("(h : q) : q := sorry\ntheorem c", "(h : q) : q := h\ntheorem c")
    theorem = await usable(text, "c", lean, LEAN_LIMITS)
    assert "theorem a" not in theorem.preamble
    assert "theorem b" in theorem.preamble


@pytest.mark.parametrize(
    ("argument", "is_file"),
    [
        ("my proof.lean", True), ("theory.fol", True), ("a/b", True), ("x.p", True),
        ("Every number is at most itself.", False), ("x " * 200, False), ("1/2", False),
        ("y" * 5000, False),
    ],
)  # fmt: skip
def test_what_can_only_be_meant_as_a_file(argument: str, is_file: bool) -> None:
    assert names_file(argument) is is_file
    assert not Path("my proof.lean").exists()
