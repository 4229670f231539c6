"""What an answer rests on as data, and what speaks against trusting it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from neurosym import Problem, SampleAndVote, Solution, Solver
from neurosym.presentation.grounds import doubts, grounds
from neurosym.problem import Kind
from neurosym.solution import Abstention, AbstentionReason
from neurosym.testing import ScriptedEngine

pytestmark = pytest.mark.usefixtures("own_cache")

BIRDS = "All birds fly. Pingu is a bird. Max is a cat. Does it follow that Max flies?"
OPEN = (
    "TEXT: All birds fly.\nFOL: all x. (Bird(x) -> Fly(x))\nTEXT: Pingu is a bird.\n"
    "FOL: Bird(Pingu)\nTEXT: Max is a cat.\nFOL: Cat(Max)\nTEXT: Max flies\nFOL: Fly(Max)\n"
)
PROVED = OPEN.replace("Cat(Max)", "Bird(Max)")
CONTRARY = OPEN.replace("FOL: Bird(Pingu)", "FOL: Bird(Pingu) & -Bird(Pingu)")


def solve(*texts: str) -> Solution:
    strategy = SampleAndVote(samples=len(texts), pool=False)
    with Solver(strategy, engine=ScriptedEngine(texts)) as solver:
        return solver.solve(Problem("p", BIRDS, Kind.LOGIC))


def test_samples_that_find_a_contradiction_are_told_where_they_weigh_as_much() -> None:
    found = solve(OPEN, CONTRARY, CONTRARY)
    assert found.answer == "Uncertain"
    assert doubts(found)[-1] == "2 of 3 samples find that the premises contradict each other"
    # A search without a proof weighs half of what is proved.
    assert any("1 of 3 samples find" in doubt for doubt in doubts(solve(OPEN, OPEN, CONTRARY)))
    many = solve(OPEN, OPEN, OPEN, CONTRARY)
    assert not any("contradict" in doubt for doubt in doubts(many))


def test_the_premises_of_a_proof_are_named() -> None:
    assert grounds(solve(PROVED)) == {"premises": ["All birds fly.", "Max is a cat."]}
    assert grounds(solve(OPEN)) == {}


def test_an_abstention_rests_on_nothing() -> None:
    found = solve(PROVED)
    why = Abstention(AbstentionReason.LOW_CONFIDENCE, "low")
    none = replace(found, answer=None, abstention=why)
    assert (grounds(none), doubts(none)) == ({}, ())


def test_a_decision_is_told_by_the_names_of_its_variables() -> None:
    text = (
        "A park lends boats and canoes. A boat earns $5 and a canoe $3. There can be at most 20 "
        "trips. At most 8 trips are by boat. Maximize the earnings."
    )
    program = (
        "import pulp\nm = pulp.LpProblem('p', pulp.LpMaximize)\n"
        "boats = pulp.LpVariable('boats', 0, None, 'Integer')\n"
        "canoes = pulp.LpVariable('canoes', 0, None, 'Integer')\n"
        "m += 5*boats + 3*canoes\nm += boats + canoes <= 20\nm += boats <= 8\nm.solve()\n```"
    )
    from neurosym.translators.pulp_program import PulpTranslator

    engine = ScriptedEngine([program])
    with Solver(SampleAndVote(samples=1), translator=PulpTranslator(), engine=engine) as solver:
        found = solver.solve(Problem("p", text, Kind.OPTIMIZATION))
    assert found.answer == 76
    assert grounds(found) == {"decision": {"boats": 8.0, "canoes": 12.0}}
