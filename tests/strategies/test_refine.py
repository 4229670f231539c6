"""Feedback: a candidate that fails is translated again, told why, and stays as it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from neurosym import Problem, SampleAndVote, Solution, Solver
from neurosym.candidate import Prompt
from neurosym.checks.feedback import Tell
from neurosym.errors import OptionError
from neurosym.problem import Kind
from neurosym.testing import ScriptedEngine

QUESTION = "All gorps are sour. Polly is a gorp. Does it follow that Polly is sour?"
RIGHT = (
    "TEXT: All gorps are sour.\nFOL: all x. (Gorp(x) -> Sour(x))\n"
    "TEXT: Polly is a gorp.\nFOL: Gorp(Polly)\n"
    "TEXT: Polly is sour\nFOL: Sour(Polly)\n"
)
OPEN = RIGHT.replace("TEXT: Polly is a gorp.\nFOL: Gorp(Polly)\n", "")
DISCONNECTED = RIGHT.replace("FOL: Sour(Polly)", "FOL: Acid(Polly)")
CONTRADICTORY = RIGHT.replace("FOL: Gorp(Polly)", "FOL: Gorp(Polly) & -Gorp(Polly)")
MALFORMED = RIGHT.replace("Gorp(Polly)", "Gorp(Polly & & &")


def solve(
    first: str, second: str, run: Path | None = None, refine: int = 1
) -> tuple[Solution, int]:
    def script(prompt: Prompt, seed: int) -> str:
        return second if len(prompt.messages) > base else first

    engine = ScriptedEngine(script)
    strategy = SampleAndVote(samples=2, refine=refine)
    with Solver(strategy, engine=engine, run=run) as solver:
        from neurosym.translators.logic import LogicTranslator

        problem = Problem("p", QUESTION, Kind.LOGIC)
        base = len(LogicTranslator().prompt(problem).messages)
        return solver.solve(problem), len(engine.requests)


@pytest.mark.parametrize("first", [DISCONNECTED, CONTRADICTORY, MALFORMED])
def test_what_fails_is_translated_again_and_the_old_candidate_stays(first: str) -> None:
    solution, _ = solve(first, RIGHT)
    assert solution.answer == "True"
    assert [(c.index, c.parent) for c in solution.candidates] == [
        (0, None),
        (1, None),
        (2, 0),
        (3, 1),
    ]
    assert [c.completion.text for c in solution.candidates[:2]] == [first, first]


@pytest.mark.parametrize(
    ("first", "says"),
    [
        (DISCONNECTED, "the claim's Acid never occurs in a premise"),
        (CONTRADICTORY, "Polly is a gorp."),
        (MALFORMED, "^"),
    ],
)
def test_the_model_is_told_what_is_wrong(first: str, says: str) -> None:
    told: list[str] = []

    def script(prompt: Prompt, seed: int) -> str:
        told.append(prompt.messages[-1].content)
        return first

    with Solver(SampleAndVote(samples=1, refine=1), engine=ScriptedEngine(script)) as solver:
        solver.solve(Problem("p", QUESTION, Kind.LOGIC))
    assert len(told) == 2
    assert says in told[1]


def test_how_much_the_model_is_told_is_a_choice() -> None:
    told: list[str] = []

    def script(prompt: Prompt, seed: int) -> str:
        told.append(prompt.messages[-1].content)
        return DISCONNECTED

    for tell in (Tell.VERDICT, Tell.EXAMPLE):
        strategy = SampleAndVote(samples=1, refine=1, tell=tell)
        with Solver(strategy, engine=ScriptedEngine(script)) as solver:
            solver.solve(Problem("p", QUESTION, Kind.LOGIC))
    _, verdict, _, example = told
    assert verdict.startswith("This is wrong.")
    assert "Acid" not in verdict
    assert "in a world like this" in example


@pytest.mark.parametrize(
    ("tell", "fresh", "parents"),
    [
        (Tell.ALL, 0.0, [None, None]),
        (Tell.ALL, 0.5, [None, None]),
        (Tell.EXAMPLE, 0.0, [None, None, 0, 1]),
        (Tell.EXAMPLE, 0.5, [None, None, 0, None]),
    ],
)
def test_a_world_in_which_the_claim_fails_is_reason_enough_where_examples_are_told(
    tell: Tell, fresh: float, parents: list[int | None]
) -> None:
    told: list[str] = []

    def script(prompt: Prompt, seed: int) -> str:
        told.append(prompt.messages[-1].content)
        return OPEN

    strategy = SampleAndVote(samples=2, refine=1, tell=tell, fresh=fresh)
    with Solver(strategy, engine=ScriptedEngine(script)) as solver:
        solution = solver.solve(Problem("p", QUESTION, Kind.LOGIC))
    assert [item.parent for item in solution.candidates] == parents
    examples = sum("in a world like this" in text for text in told)
    assert examples == len([parent for parent in parents if parent is not None])


def test_a_program_is_written_again_too() -> None:
    def script(prompt: Prompt, seed: int) -> str:
        last = prompt.messages[-1].content
        return "    return 60\n```" if "ZeroDivisionError" in last else "    return 1 / 0\n```"

    with Solver(SampleAndVote(samples=1, refine=1), engine=ScriptedEngine(script)) as solver:
        solution = solver.solve("A crate holds 12 eggs. How many eggs do 5 crates hold?")
    assert solution.answer == 60
    assert [c.parent for c in solution.candidates] == [None, 0]


def test_a_stubborn_sample_does_not_outvote_a_sound_one() -> None:
    def script(prompt: Prompt, seed: int) -> str:
        drawn.append(prompt)
        return "    return 12 * 5\n```" if len(drawn) == 1 else "    return 0 - 17\n```"

    drawn: list[Prompt] = []
    with Solver(SampleAndVote(samples=2, refine=5), engine=ScriptedEngine(script)) as solver:
        solution = solver.solve("A crate holds 12 eggs. How many eggs do 5 crates hold?")
    assert [c.parent for c in solution.candidates] == [None, None, 1, 2, 3, 4, 5]
    assert solution.answer == 60
    assert sum(vote > 0 for vote in solution.selection.votes) == 2


def test_what_is_proved_is_left_alone() -> None:
    solution, requests = solve(RIGHT, "never asked")
    assert solution.answer == "True"
    assert len(solution.candidates) == 2
    assert requests == 1


def test_there_are_no_more_rounds_than_were_asked_for() -> None:
    solution, _ = solve(DISCONNECTED, DISCONNECTED, refine=3)
    assert [c.parent for c in solution.candidates] == [None, None, 0, 1, 2, 3, 4, 5]
    assert [c.index for c in solution.candidates] == list(range(8))


def test_an_interrupted_run_goes_on_with_its_revisions(tmp_path: Path) -> None:
    before, _ = solve(DISCONNECTED, RIGHT, tmp_path / "run")
    log = tmp_path / "run" / "log.jsonl"
    lines = log.read_bytes().splitlines(keepends=True)
    log.write_bytes(b"".join(lines[:-1]))  # all but the solution
    after, requests = solve(DISCONNECTED, RIGHT, tmp_path / "run")
    assert requests == 0
    assert [c.completion for c in after.candidates] == [c.completion for c in before.candidates]
    assert [(c.index, c.parent) for c in after.candidates] == [
        (c.index, c.parent) for c in before.candidates
    ]


def test_fewer_than_no_rounds_are_refused() -> None:
    with pytest.raises(OptionError, match="refine"):
        SampleAndVote(refine=-1)


@pytest.mark.parametrize(("fresh", "told"), [(0.0, 4), (0.5, 2), (0.9, 0), (1.0, 0)])
def test_a_part_of_what_fails_is_drawn_anew_and_not_told(fresh: float, told: int) -> None:
    def script(prompt: Prompt, seed: int) -> str:
        prompts.append(prompt)
        return MALFORMED if len(prompts) <= 4 else RIGHT

    from neurosym.translators.logic import LogicTranslator

    prompts: list[Prompt] = []
    problem = Problem("p", QUESTION, Kind.LOGIC)
    base = len(LogicTranslator().prompt(problem).messages)
    strategy = SampleAndVote(samples=4, refine=1, fresh=fresh)
    with Solver(strategy, engine=ScriptedEngine(script)) as solver:
        solution = solver.solve(problem)
    assert solution.answer == "True"
    assert solution.usage.samples == 8
    further = solution.candidates[4:]
    assert [item.index for item in further] == [4, 5, 6, 7]
    assert [item.parent for item in further] == [0, 1, 2, 3][:told] + [None] * (4 - told)
    assert sum(len(prompt.messages) > base for prompt in prompts) == told


@pytest.mark.parametrize("fresh", [-0.1, 1.1, float("nan")])
def test_a_part_that_is_none(fresh: float) -> None:
    with pytest.raises(OptionError, match="fresh"):
        SampleAndVote(refine=1, fresh=fresh)
    with pytest.raises(OptionError, match="without any round"):
        SampleAndVote(fresh=0.5)
