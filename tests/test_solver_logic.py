"""The front door with questions of logic: translated, proved, voted on, and never done twice."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from neurosym import AbstentionReason, CheckState, Kind, Problem, SampleAndVote, Solver, Status
from neurosym.backends.base import Limits
from neurosym.backends.eprover import EBackend
from neurosym.backends.provers import ProverName
from neurosym.candidate import Outcome, Prompt
from neurosym.engines.base import Engine
from neurosym.engines.replay import ReplayEngine
from neurosym.errors import EngineError, OptionError, ProblemError
from neurosym.formal.fol.theory import Theory
from neurosym.runtime.runlog import read_run
from neurosym.testing import ScriptedEngine, question_of

pytestmark = pytest.mark.usefixtures("own_cache")

PREMISES = ("All dogs bark.", "Rex is a dog.", "Tom is a cat.")
_FORMULAS = ("all x. (Dog(x) -> Bark(x))", "Dog(Rex)", "Cat(Tom)")


def asks(claim: str, number: int = 0) -> Problem:
    """A question about dogs; with another number it is another one."""
    text = " ".join(PREMISES)
    return Problem(
        f"p{number}",
        f"{text} There are {number} trees. Is the following statement true, false, or uncertain? "
        f"{claim}",
        Kind.LOGIC,
    )


def reply(claim: str, formula: str, *more: str) -> str:
    """A completion; further formulas stand among the premises."""
    pairs = [*zip(PREMISES, _FORMULAS, strict=True), *(("More.", item) for item in more)]
    pairs.append((claim, formula))
    told = "".join(f"TEXT: {sentence}\nFOL: {formula}\n" for sentence, formula in pairs)
    return f"SYMBOLS: Dog(x), Bark(x), Cat(x)\n{told}"


BARKS = "Rex barks."
PROVED = reply(BARKS, "Bark(Rex)")
REFUTED = reply(BARKS, "-Bark(Rex)")
UNCERTAIN = reply(BARKS, "Cat(Rex)")
CONTRADICTING = reply(BARKS, "Bark(Rex)", "-Bark(Rex)")
MALFORMED = "TEXT: Rex barks.\nFOL: Rex barks\n"


def solver(engine: Engine, *, samples: int = 3, run: Path | None = None) -> Solver:
    return Solver(SampleAndVote(samples=samples), engine=engine, run=run)


# ------------------------------------------------------------------- one question


@pytest.mark.parametrize(
    ("text", "answer", "status"),
    [
        (PROVED, "True", Status.PROVED),
        (REFUTED, "False", Status.REFUTED),
        (UNCERTAIN, "Uncertain", Status.UNKNOWN),
    ],
)
def test_what_is_proved_refuted_or_open_is_the_answer(
    text: str, answer: str, status: Status
) -> None:
    with solver(ScriptedEngine([text])) as opened:
        solution = opened.solve(asks(BARKS))
    assert solution.answer == answer
    assert solution.abstention is None
    assert solution.labels == (0, 0, 0)
    chosen = solution.candidate
    assert chosen is not None
    assert isinstance(chosen.formalization, Theory)
    assert chosen.verdict.outcome.status is status
    assert 0 < solution.confidence <= 1


def test_an_answer_comes_with_what_it_rests_on() -> None:
    with solver(ScriptedEngine([PROVED])) as opened:
        chosen = opened.solve(asks(BARKS)).candidate
    assert chosen is not None
    assert chosen.verdict.outcome.evidence["used"] == "1 2"
    states = {check.name: check.state for check in chosen.verdict.checks}
    assert states["repairs"] is CheckState.PASSED
    assert states["vocabulary"] is CheckState.PASSED
    assert states["consistency"] is CheckState.PASSED
    assert states["back-translation"] is CheckState.PASSED


def test_the_model_sees_the_sentences_and_the_answers_form() -> None:
    engine = ScriptedEngine([PROVED])
    with solver(engine, samples=1) as opened:
        opened.solve(asks(BARKS))
    [request] = engine.requests
    asked = question_of(request.prompt)
    assert all(sentence in asked for sentence in (*PREMISES, BARKS))
    assert "Is the following statement" not in asked
    assert request.prompt.grammar is not None


def test_a_proof_outweighs_a_search_that_found_nothing() -> None:
    with solver(ScriptedEngine([UNCERTAIN, PROVED]), samples=2) as opened:
        solution = opened.solve(asks(BARKS))
    assert solution.labels == (0, 1)
    assert solution.answer == "True"


# ------------------------------------------------------------------- abstaining


@pytest.mark.parametrize(
    ("text", "status"),
    [
        (MALFORMED, Status.MALFORMED),
        ("I do not know.", Status.MALFORMED),
        (CONTRADICTING, Status.CONTRADICTION),
    ],
)
def test_without_any_verdict_it_abstains_and_says_why(text: str, status: Status) -> None:
    with solver(ScriptedEngine([text]), samples=2) as opened:
        solution = opened.solve(asks(BARKS))
    assert solution.answer is None
    assert solution.abstention is not None
    assert solution.abstention.reason is AbstentionReason.NO_SUPPORT
    assert f"2 {status.value}" in solution.abstention.detail


def test_what_cannot_be_read_has_no_vote() -> None:
    with solver(ScriptedEngine([MALFORMED, CONTRADICTING, REFUTED])) as opened:
        solution = opened.solve(asks(BARKS))
    assert solution.labels == (-1, -1, 0)
    assert solution.answer == "False"


# ------------------------------------------------------------------- many


def _mixed(prompt: Prompt, seed: int) -> str:
    if "eggs" in question_of(prompt):
        return "    return 12 * 5\n```"
    return PROVED


def test_sums_and_logic_are_solved_side_by_side() -> None:
    eggs = [
        Problem(f"e{i}", f"A crate holds 12 eggs. How many eggs do 5 crates hold? Try {i}.")
        for i in range(3)
    ]
    problems = [item for i in range(3) for item in (eggs[i], asks(BARKS, i))]
    with solver(ScriptedEngine(_mixed), samples=2) as opened:
        found = {item.problem_id: item.answer for item in opened.solve_many(problems)}
    assert found == {f"e{i}": 60 for i in range(3)} | {f"p{i}": "True" for i in range(3)}


# ------------------------------------------------------------------- runs


def test_a_finished_run_is_read_not_done_again(tmp_path: Path) -> None:
    problems = [asks(BARKS, i) for i in range(3)]
    engine = ScriptedEngine([PROVED, UNCERTAIN, MALFORMED])
    with solver(engine, run=tmp_path / "run") as opened:
        before = {item.problem_id: item for item in opened.solve_many(problems)}
    idle = ScriptedEngine(["never said"])
    with solver(idle, run=tmp_path / "run") as opened:
        after = {item.problem_id: item for item in opened.solve_many(problems)}
    assert idle.requests == []
    assert after == before
    _, solutions = read_run(tmp_path / "run")
    assert len(solutions) == 3


def test_an_interrupted_run_draws_what_is_missing_only(tmp_path: Path) -> None:
    with solver(ScriptedEngine([PROVED]), run=tmp_path / "run") as opened:
        before = opened.solve(asks(BARKS))
    path = tmp_path / "run" / "log.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    samples = [line for line in lines if b'"sample"' in line]
    path.write_bytes(lines[0] + samples[0] + samples[1])
    engine = ScriptedEngine([PROVED])
    with solver(engine, run=tmp_path / "run") as opened:
        after = opened.solve(asks(BARKS))
    assert [request.params.n for request in engine.requests] == [1]
    assert after.answer == before.answer == "True"
    assert [item.formalization for item in after.candidates] == [
        item.formalization for item in before.candidates
    ]


# ------------------------------------------------------------------- recorded samples


def test_recorded_samples_are_solved_without_a_model(tmp_path: Path) -> None:
    problems = [asks(BARKS, i) for i in range(3)]
    told = [[PROVED, PROVED, MALFORMED], [UNCERTAIN, UNCERTAIN, REFUTED], [MALFORMED] * 3]
    file = tmp_path / "recorded.jsonl"
    file.write_text(
        "\n".join(
            json.dumps({"question": item.question, "kind": "logic", "samples": texts})
            for item, texts in zip(problems, told, strict=True)
        )
    )
    with solver(ReplayEngine(file)) as opened:
        found = {item.problem_id: item for item in opened.solve_many(problems)}
    assert [found[f"p{i}"].labels for i in range(3)] == [(0, 0, -1), (0, 0, 1), (-1, -1, -1)]
    assert found["p0"].answer == "True"
    assert found["p2"].abstention is not None


def test_provers_that_disagree_on_one_translation_cost_that_one_only(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Two real provers that disagree would be a defect, so one is made to lie.
    honest = EBackend.run

    async def lies_of_cats(self: EBackend, theory: Theory, limits: Limits) -> Outcome:
        told = await honest(self, theory, limits)
        lies = "Bark(Tom)" in theory.source
        return Outcome(Status.PROVED, "True") if lies else told

    monkeypatch.setattr(EBackend, "run", lies_of_cats)
    engine = ScriptedEngine([reply(BARKS, "Bark(Tom)"), PROVED])
    strategy = SampleAndVote(samples=2)
    with Solver(strategy, engine=engine, prover=ProverName.BOTH) as opened:
        solution = opened.solve(asks(BARKS))
    broken, right = solution.candidates
    assert broken.verdict.outcome.status is Status.DISAGREEMENT
    assert "two provers disagree" in broken.verdict.outcome.evidence["error"]
    assert (broken.verdict.outcome.answer, solution.labels) == (None, (-1, 0))
    assert right.verdict.outcome.status is Status.PROVED
    assert solution.answer == "True"


def recorded(folder: Path) -> ReplayEngine:
    file = folder / "recorded.jsonl"
    question = asks(BARKS).question
    file.write_text(json.dumps({"question": question, "samples": [CONTRADICTING, PROVED]}))
    return ReplayEngine(file)


@pytest.mark.parametrize(
    "values", [{"refine": 1}, {"self_verify": "contested"}, {"steps": 2}, {"ignore": True}]
)
def test_what_asks_the_model_again_is_refused_of_recorded_samples_before_it_starts(
    values: dict[str, Any], tmp_path: Path
) -> None:
    engine = recorded(tmp_path)
    with (
        Solver(SampleAndVote(samples=2, **values), engine=engine) as opened,
        pytest.raises(OptionError, match="needs answers to further questions") as caught,
    ):
        opened.solve(Problem("other", "Of this one nothing was recorded.", Kind.LOGIC))
    assert "leave out refine" in caught.value.hint


def test_recorded_samples_are_not_taken_for_those_of_another_order(tmp_path: Path) -> None:
    options = Problem("p", "How much is it?", Kind.MATH, choices=("A) 1", "B) 2"))
    strategy = SampleAndVote(samples=2, shuffle=True)
    with (
        Solver(strategy, engine=recorded(tmp_path)) as opened,
        pytest.raises(EngineError, match="answer nothing else"),
    ):
        opened.solve(options)


def test_a_question_about_a_statement_that_is_not_there_is_refused() -> None:
    text = " ".join(PREMISES) + " Is the following statement true, false, or uncertain?"
    with solver(ScriptedEngine([PROVED])) as opened, pytest.raises(ProblemError, match="not there"):
        opened.solve(Problem("p", text, Kind.LOGIC))
