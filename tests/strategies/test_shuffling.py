"""Options in another order for each sample, and what becomes of the letters."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from neurosym import Adaptive, Budget, Problem, SampleAndVote, Solver
from neurosym.answers.options import read_options
from neurosym.candidate import Candidate, Completion, Outcome, Prompt, Verdict
from neurosym.errors import OptionError
from neurosym.status import Status
from neurosym.strategies.assessed import Assessed
from neurosym.strategies.shared import Shared
from neurosym.strategies.shuffling import may_shuffle, shuffled
from neurosym.testing import ScriptedEngine, question_of
from neurosym.values import Value

pytestmark = pytest.mark.usefixtures("own_cache")

CHOICES = ("A) 10", "B) 20", "C) 30", "D) 60")
EGGS = Problem("p", "A crate holds 12 eggs. Ada has 5 crates. How many eggs?", choices=CHOICES)


FORMS = ["{}", "({})", "{})", " {}. ", "option {}", "Choice ({})", "$\\text{{{}}}$", "**{}**"]


def answering(answer: Value) -> Candidate:
    return Candidate(
        0,
        Completion("", None, 0, 1, "stop", 0),
        None,
        Verdict(Outcome(Status.SOLVED, answer)),
    )


@given(st.integers(0, 10_000), st.integers(0, 3), st.sampled_from(FORMS))
def test_the_letter_of_an_option_names_the_same_option_after_it(
    seed: int, place: int, form: str
) -> None:
    other = shuffled(EGGS, seed)
    assert sorted(item.text for item in read_options(other.problem.choices)) == [
        "10", "20", "30", "60",
    ]  # fmt: skip
    shown = read_options(other.problem.choices)[place]
    back = other.restored(answering(form.format(shown.letter))).answer
    assert {item.letter: item.text for item in read_options(CHOICES)}[str(back)] == shown.text
    whole = other.restored(answering(f"{shown.letter}) {shown.text}")).answer
    assert whole in CHOICES


@pytest.mark.parametrize("answer", [60, "60", "sixty", None, True, "E", (60, "E")])
def test_answers_that_are_no_letter_stay(answer: Value) -> None:
    for seed in range(20):
        assert shuffled(EGGS, seed).restored(answering(answer)).answer == answer


def test_several_letters_are_each_mapped() -> None:
    other = shuffled(EGGS, 3)
    back = other.restored(answering(("A", frozenset({"B"}))))
    assert back.answer == (other.letters["A"], frozenset({other.letters["B"]}))


@pytest.mark.parametrize(
    ("question", "choices", "may"),
    [
        ("How many?", ("A) 1", "B) 2"), True),
        ("How many?", ("1", "2"), True),
        ("How many? Vitamin C helps.", ("A) vitamin C", "B) A dog"), True),
        ("How many? A) 1 B) 2", ("A) 1", "B) 2"), False),
        ("How many? (A) 1 or more, or (B) 2", ("A) 1 or more", "B) 2"), False),
        ("How many?", ("A) 1", "B) 2", "C) both A and B"), False),
        ("How many?", ("A) 1", "B) none of the above"), False),
        ("Is it so?", ("A) True", "B) False", "C) Uncertain"), False),
        ("How many?", ("A) 1",), False),
        ("How many?", tuple(map(str, range(11))), False),
        ("How many?", (), False),
    ],
)
def test_what_can_come_in_another_order(question: str, choices: tuple[str, ...], may: bool) -> None:
    assert may_shuffle(Problem("p", question, choices=choices)) is may


def test_a_budget_of_tokens_holds_though_each_sample_has_a_prompt_of_its_own() -> None:
    strategy = SampleAndVote(samples=8, shuffle=True, max_tokens=20)
    with Solver(strategy, engine=ScriptedEngine(leaning)) as solver:
        one = solver.solve(EGGS).usage
    budget = Budget(tokens=one.tokens // 2)
    with Solver(strategy, engine=ScriptedEngine(leaning), budget=budget) as solver:
        part = solver.solve(EGGS).usage
    assert 0 < part.samples < 8
    assert part.tokens <= one.tokens // 2


def test_shared_samples_are_found_in_the_log(tmp_path: Path) -> None:
    strategy = Shared(mean=4, max=8, shuffle=True)
    counts = []
    for _ in range(2):
        engine = ScriptedEngine(leaning)
        with Solver(strategy, engine=engine, run=tmp_path) as solver:
            solver.solve(EGGS)
        counts.append(len(engine.requests))
    assert counts[0] >= 4
    assert counts[1] == 0


def test_bare_options_get_letters() -> None:
    bare = Problem("p", "Which?", choices=("cats", "dogs"))
    seen = {shuffled(bare, seed).problem.choices for seed in range(20)}
    assert seen == {("A) cats", "B) dogs"), ("A) dogs", "B) cats")}


def leaning(prompt: Prompt, _: int) -> str:
    """A model that takes the first option, whatever it is."""
    return '    return "A"\n```'


def knowing(prompt: Prompt, _: int) -> str:
    """A model that takes the option with 60, wherever it stands."""
    line = next(line for line in question_of(prompt).splitlines() if line.endswith(" 60"))
    return f'    return "{line[0]}"\n```'


def test_what_leans_to_a_letter_is_spread_and_what_knows_agrees(tmp_path: Path) -> None:
    strategy = SampleAndVote(samples=16, shuffle=True)
    with Solver(strategy, engine=ScriptedEngine(leaning)) as solver:
        leans = solver.solve(EGGS)
    assert len(set(leans.labels)) > 2
    assert leans.candidates[0].verdict.outcome.evidence["options"]
    for _ in range(2):  # the second time out of the log
        with Solver(strategy, engine=ScriptedEngine(knowing), run=tmp_path) as solver:
            knows = solver.solve(EGGS)
        assert knows.answer == "D"
        assert knows.confidence > leans.confidence
        assert set(knows.labels) == {0}
    with Solver(SampleAndVote(samples=16), engine=ScriptedEngine(leaning)) as solver:
        assert set(solver.solve(EGGS).labels) == {0}, "without it all say the same"


def test_a_question_without_options_is_asked_as_it_is() -> None:
    engine = ScriptedEngine(["    return 60\n```"])
    with Solver(SampleAndVote(samples=2, shuffle=True), engine=engine) as solver:
        assert solver.solve("A crate holds 12 eggs. Ada has 5 crates. How many?").answer == 60


@pytest.mark.parametrize(
    "make",
    [
        lambda: SampleAndVote(shuffle=True, refine=1),
        lambda: SampleAndVote(shuffle=True, early=True),
        lambda: Adaptive(shuffle=True, early=True),
        lambda: Assessed(shuffle=True),
    ],
)
def test_what_it_does_not_go_with(make: object) -> None:
    with pytest.raises(OptionError, match=r"shuffled|dropped early"):
        make()  # type: ignore[operator]
