"""Claims in plain words stated in the real Lean, and voted on by what is equivalent."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pytest
from rich.console import Console

from neurosym.backends.lean.settings import LeanSettings
from neurosym.candidate import CheckState, Prompt
from neurosym.cli import stating
from neurosym.cli.stating import chosen_statement, print_statement
from neurosym.formal.lean.reply import read_reply
from neurosym.formal.lean.statement import Statement, read_statement
from neurosym.problem import Kind, Problem
from neurosym.solution import AbstentionReason
from neurosym.solver import Solver
from neurosym.status import Status
from neurosym.strategies.sample_and_vote import SampleAndVote
from neurosym.testing import ScriptedEngine
from neurosym.translators.base import Malformed
from neurosym.translators.lean_statement import LeanStatementTranslator
from tests.backends.lean import fixture

CLAIM = Problem("c", "For all claims p and q, if both hold then q holds.", Kind.THEOREM)
RIGHT = "theorem a (p q : Prop) (h : And p q) : q"
SAME = "theorem b (x y : Prop) : And x y → y"
OTHER = "theorem c (p q : Prop) (h : And p q) : And q p"
BROKEN = "theorem d (p q : Prop) (h : Or p) : q"


@dataclass(frozen=True, slots=True)
class Preluded(LeanStatementTranslator):
    """States things with the library of the tests."""

    def parse(self, text: str, problem: Problem) -> Statement | Malformed:
        return read_statement(f"prelude\nimport Tiny\n{read_reply(text).text}")


@pytest.fixture(scope="module")
def lean() -> LeanSettings:
    toolchain = fixture.toolchain()
    return LeanSettings(toolchain.program, toolchain.search_path, seconds=20.0)


def solver(lean: LeanSettings, *said: str) -> Solver:
    strategy = SampleAndVote(samples=len(said))
    engine = ScriptedEngine([f"```lean\n{text}\n```" for text in said])
    return Solver(strategy, translator=Preluded(), engine=engine, lean=lean)


def test_statements_that_are_the_same_vote_together(lean: LeanSettings) -> None:
    with solver(lean, OTHER, RIGHT, SAME, BROKEN) as opened:
        found = opened.solve(CLAIM)
    assert found.labels[1] == found.labels[2] != found.labels[0]
    assert found.labels[3] == -1
    assert found.candidates[3].verdict.outcome.status is Status.MALFORMED
    statement = chosen_statement(found)
    assert statement is not None
    assert statement.theorem.name in ("a", "b")
    assert found.answer == statement.text
    console = Console(width=100)
    with console.capture() as capture:
        print_statement(console, found)
    shown = capture.get()
    assert "theorem stated" in shown
    assert "in words: for all propositions p and q" in shown


def test_a_claim_is_stated_from_recorded_samples(
    lean: LeanSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stating, "LeanStatementTranslator", Preluded)
    path = tmp_path / "samples.jsonl"
    samples = [f"```lean\n{text}\n```" for text in (BROKEN, RIGHT)]
    line = {"id": "c", "kind": "theorem", "question": CLAIM.question, "samples": samples}
    path.write_text(json.dumps(line))
    found = stating.state(
        CLAIM.question,
        samples=2,
        seed=0,
        imports=(),
        engine="replay",
        model=str(path),
        threads=None,
        lean=lean,
    )
    statement = chosen_statement(found)
    assert statement is not None
    assert statement.theorem.name == "a"


def test_one_that_lean_does_not_take_is_no_answer(lean: LeanSettings) -> None:
    with solver(lean, BROKEN, BROKEN) as opened:
        found = opened.solve(CLAIM)
    assert found.abstention is not None
    assert found.abstention.reason is AbstentionReason.NO_SUPPORT
    assert chosen_statement(found) is None
    console = Console(width=100)
    with console.capture() as capture:
        print_statement(console, found)
    assert capture.get().startswith("no answer: no support")


def test_what_lean_says_leads_to_another_statement(lean: LeanSettings) -> None:
    def reply(prompt: Prompt, _: int) -> str:
        return RIGHT if "Lean" in prompt.messages[-1].content else BROKEN

    engine = ScriptedEngine(reply)
    strategy = SampleAndVote(samples=1, refine=1)
    with Solver(strategy, translator=Preluded(), engine=engine, lean=lean) as opened:
        found = opened.solve(CLAIM)
    assert [item.parent for item in found.candidates] == [None, 0]
    assert "Or" in engine.requests[-1].prompt.messages[-1].content
    assert chosen_statement(found) == found.candidates[1].formalization


def test_the_checks_of_a_statement_are_told(lean: LeanSettings) -> None:
    with solver(lean, RIGHT) as opened:
        found = opened.solve(CLAIM)
    states = {check.name: check.state for check in found.candidates[0].verdict.checks}
    assert states["elaboration"] is CheckState.PASSED
    assert "vacuity" in states
    assert "quantifiers" in states
