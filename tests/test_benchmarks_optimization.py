"""The benchmark of decisions, with an engine that says what it is told to."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks.optimization_model import measure
from benchmarks.wordproblems import choose
from benchmarks.words_alone import forced_model
from benchmarks.words_alone import measure as measure_words
from neurosym import SampleAndVote
from neurosym.candidate import Prompt
from neurosym.errors import InputError
from neurosym.formal.optimization.model import Model
from neurosym.problem import Kind, Problem
from neurosym.problem_file import LabelledProblem
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


def words(question: str, answer: int, name: str = "p") -> LabelledProblem:
    return LabelledProblem(Problem(name, question, Kind.OPTIMIZATION), answer)


LETTERS = (
    "A firm allocates hours between jobs X and Y. Each hour of job X costs $4 and each hour of job "
    "Y costs $5. "
)
ASKS = "Minimize the total cost."


def test_what_words_decide_is_solved_without_a_model() -> None:
    right = words(
        f"{LETTERS}Twice the hours for X plus those for Y must be at least 20. {ASKS}", 40
    )
    found = measure_words([
        right,
        words(f"{LETTERS}At least 6 hours have to go to job Y. {ASKS}", 31, "wrong"),
        words("A club lends boats. Minimize the boats.", 0, "no letters"),
        words(f"Jobs X and Y cost money. {ASKS}", 0, "open objective"),
        words(f"{LETTERS}Job X must take more hours than job Y does. {ASKS}", 0, "open claim"),
    ])  # fmt: skip
    assert (found["problems"], found["right"]["count"], found["right"]["of"]) == (5, 1, 2)
    assert found["wrong"] == [{"id": "wrong", "found": "30"}]
    assert found["not decided by their words"] == {
        "no letters": 1, "the objective is open": 1, "a claim is open": 1,
    }  # fmt: skip
    model = forced_model(right.problem)
    assert isinstance(model, Model)
    assert [item.sentence for item in model.constraints] == [3]
