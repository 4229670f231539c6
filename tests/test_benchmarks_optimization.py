"""The benchmark of decisions, with an engine that says what it is told to."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks.optimization_model import measure
from benchmarks.wordproblems import choose
from neurosym import SampleAndVote
from neurosym.candidate import Prompt
from neurosym.errors import InputError
from neurosym.testing import ScriptedEngine, question_of
from neurosym.translators.optimization import OptimizationTranslator

pytestmark = pytest.mark.usefixtures("own_cache")


def problems(tmp_path: Path) -> Path:
    path = tmp_path / "set" / "items.jsonl"
    path.parent.mkdir()
    lines = [
        {"id": f"p{limit}", "question": f"Make at most {limit} boxes. Maximize the boxes.",
         "answer": limit if limit != 9 else None, "kind": "optimization"}
        for limit in (4, 6, 8, 9)
    ]  # fmt: skip
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return path


def reply(prompt: Prompt, seed: int) -> str:
    """Programs are always right, models only of the first problem, and no model of the last."""
    told = " ".join(message.content for message in prompt.messages if message.role == "user")
    limit = next(n for n in (4, 6, 8) if f"at most {n} boxes" in told)
    if prompt.prefix:
        return (
            "p = pulp.LpProblem('p', pulp.LpMaximize)\n"
            f"x = pulp.LpVariable('x', 0, {limit})\np += x\n"
        )
    if limit == 8 and "cannot be read" not in question_of(prompt):
        return "nonsense"
    shown = 4 if limit == 6 else limit
    return f"var boxes integer >= 0\n# 1: All.\nboxes <= {shown}\nmaximize boxes\n"


def test_routes_their_agreement_and_corrections_are_counted(tmp_path: Path) -> None:
    chosen = choose(problems(tmp_path), 10, seed=0)
    assert len(chosen) == 3, "what has no answer is left out"
    strategy = SampleAndVote(samples=4, refine=1)
    found = measure(
        chosen, ScriptedEngine(reply), tmp_path / "run", strategy,
        OptimizationTranslator(), greedy=True,
    )  # fmt: skip
    assert found["accuracy"]["greedy"]["right"] == 3, "the one greedy sample is a program"
    facts = {name: part["mean"] for name, part in found["facts"].items()}
    assert facts["majority of five elements right"] == pytest.approx(1 / 3)
    assert facts["majority of pulp program right"] == 1
    assert facts["routes agree"] == pytest.approx(1 / 3)
    assert facts["right where routes agree"] == 1
    assert facts["execution rate"] == 1
    last = next(row for row in found["items"] if row["id"] == "p8")["facts"]
    assert last["solving accuracy before correction"] == 0.5
    assert last["solving accuracy after correction"] == 1
    assert last["rounds of correction"] == 0.5
    assert last["execution rate of samples"] == pytest.approx(4 / 6)


def test_parts_of_a_choice_do_not_overlap_and_make_up_the_whole(tmp_path: Path) -> None:
    path = problems(tmp_path)
    whole = [item.problem.id for item in choose(path, 3, seed=1)]
    parts = [*choose(path, 3, 1, take=2), *choose(path, 3, 1, skip=2)]
    assert [item.problem.id for item in parts] == whole
    with pytest.raises(InputError, match="no problem is left"):
        choose(path, 3, 1, skip=3)
