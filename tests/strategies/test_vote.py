"""Sample, check, vote: what is asked of the session, and what is made of its replies."""

from __future__ import annotations

import pytest

from neurosym import AbstentionReason, CheckState, SampleAndVote, Select, SelfVerify, Solver
from neurosym.candidate import Candidate, Prompt
from neurosym.errors import OptionError
from neurosym.selection.named import named_selector
from neurosym.selection.weighted import VerifierWeighted
from neurosym.strategies.spec import read_strategy
from neurosym.strategies.vote import _tell_nothing
from neurosym.testing import ScriptedEngine, question_of
from neurosym.translators.verifier import SELF_VERIFICATION
from tests.builders import candidate, labels

pytestmark = pytest.mark.usefixtures("own_cache")

QUESTION = "A crate holds 12 eggs. How many eggs do 5 crates hold?"


def scripted(answers: list[str], verdict: str = "None") -> ScriptedEngine:
    def script(prompt: Prompt, seed: int) -> str:
        if "Proposed answer" in question_of(prompt):
            return f"    return {verdict}\n```"
        first = engine.requests[0].params.seed
        return f"    return {answers[seed - first]}\n```"

    engine = ScriptedEngine(script)
    return engine


def proposed(engine: ScriptedEngine) -> list[str]:
    """The answers that checking programs were asked about, in order."""
    questions = [question_of(request.prompt) for request in engine.requests]
    return [text.split("Proposed answer: ")[1] for text in questions if "Proposed" in text]


def solve(engine: ScriptedEngine, **options: object) -> Solver:
    return Solver(SampleAndVote(**options), engine=engine)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("which", "answers", "asked"),
    [
        (SelfVerify.NONE, ["60", "61"], []),
        (SelfVerify.CONTESTED, ["60", "60", "60"], []),
        (SelfVerify.CONTESTED, ["17", "60", "60", "5"], ["60", "17"]),
        (SelfVerify.ALL, ["60", "60", "60"], ["60"]),
        (SelfVerify.ALL, ["17", "60", "60", "5"], ["60", "17", "5"]),
        (SelfVerify.ALL, ["1/0", "1/0"], []),
    ],
)
def test_which_answers_a_second_program_checks(
    which: SelfVerify, answers: list[str], asked: list[str]
) -> None:
    engine = scripted(answers)
    with solve(engine, samples=len(answers), self_verify=which) as solver:
        solver.solve(QUESTION)
    assert proposed(engine) == asked


@pytest.mark.parametrize(
    ("verdict", "state"),
    [
        ("answer == 60", CheckState.PASSED),
        ("answer == 61", CheckState.FAILED),
        ("answer > 5", CheckState.UNDECIDED),
        ("True", CheckState.UNDECIDED),
        ("None", CheckState.UNDECIDED),
        ("1 / 0", CheckState.UNDECIDED),
        ("'yes'", CheckState.UNDECIDED),
    ],
)
def test_what_a_checking_program_says_is_a_check_on_every_candidate_of_that_answer(
    verdict: str, state: CheckState
) -> None:
    engine = scripted(["60", "60"], verdict)
    with solve(engine, samples=2, self_verify=SelfVerify.ALL, verifications=3) as solver:
        solution = solver.solve(QUESTION)
    for item in solution.candidates:
        check = item.verdict.check(SELF_VERIFICATION)
        assert check is not None
        assert check.state is state
        assert "of 3 checking programs" in check.detail
    assert solution.usage.samples == 2 + 3


def test_checking_programs_are_sampled_with_seeds_of_their_own() -> None:
    engine = scripted(["60", "17"])
    with solve(engine, samples=2, self_verify=SelfVerify.ALL, verifications=2) as solver:
        solver.solve(QUESTION)
    seeds = [
        request.params.seed + i for request in engine.requests for i in range(request.params.n)
    ]
    assert len(seeds) == len(set(seeds)) == 6


def test_an_answer_too_long_to_read_is_not_put_to_a_checking_program() -> None:
    engine = scripted(["'eggs ' * 1000", "60", "60"])
    with solve(engine, samples=3, self_verify=SelfVerify.ALL) as solver:
        assert solver.solve(QUESTION).answer == 60
    assert proposed(engine) == ["60"]


def test_log_probabilities_are_asked_for_only_where_they_break_ties() -> None:
    engine = scripted(["60", "61"])
    with solve(engine, samples=2) as solver:
        solver.solve(QUESTION)
    assert not engine.requests[0].params.logprobs

    with solve(scripted(["60", "61"]), samples=2, logprobs=True) as solver:
        solution = solver.solve(QUESTION)
    assert all(item.completion.mean_logprob == -0.1 for item in solution.candidates)


@pytest.mark.parametrize(
    "options",
    [
        {"samples": 0},
        {"verifications": 0},
        {"abstain_below": 1.5},
        {"abstain_below": -0.1},
        {"temperature": -1.0},
        {"top_p": 0.0},
        {"max_tokens": 0},
        {"seed": -1},
    ],
)
def test_impossible_values_are_refused(options: dict[str, float]) -> None:
    with pytest.raises(OptionError) as caught:
        SampleAndVote(**options)  # type: ignore[arg-type]
    assert caught.value.hint


@pytest.mark.parametrize("strategy", ["vote", "adaptive(max=8)", "vote(select=majority)"])
def test_where_all_samples_differ_and_nothing_speaks_for_one_there_is_no_answer(
    strategy: str,
) -> None:
    def script(prompt: Prompt, seed: int) -> str:
        return f"    return {seed}\n```"

    with Solver(read_strategy(strategy), engine=ScriptedEngine(script)) as solver:
        solution = solver.solve("How many eggs are there?")
    assert len(solution.candidates) == 8
    assert solution.answer is None
    assert solution.abstention is not None
    assert solution.abstention.reason is AbstentionReason.NO_AGREEMENT


FAILED = {"answer kind": CheckState.FAILED}


def abstains(select: Select, candidates: list[Candidate]) -> bool:
    """Whether it is found that nothing speaks for the answer that a rule chooses."""
    classes = labels(candidates)
    selection = named_selector(select, VerifierWeighted()).select(candidates, classes)
    assert selection.candidate is not None
    return _tell_nothing(classes, selection)


@pytest.mark.parametrize("select", [Select.BEST, Select.SOUND, Select.VERIFIED, Select.CROSSED])
def test_the_only_one_that_passes_its_checks_is_an_answer(select: Select) -> None:
    one = [candidate(0, 1, checks=FAILED), candidate(1, 2), candidate(2, 3, checks=FAILED)]
    assert not abstains(select, one)
    assert abstains(select, [*one, candidate(3, 4)]), "of two that do none is better"
    assert abstains(select, [one[1], candidate(3, 4)])
    likelier = candidate(3, 4, logprobs=(-0.1,))
    assert not abstains(select, [*one, likelier])
    assert not abstains(select, [*one, candidate(3, 4), candidate(4, 4)]), "two agree"


def test_the_set_that_is_nearest_to_all_others_is_an_answer() -> None:
    sets = [frozenset({1, 2}), frozenset({1, 2, 3}), frozenset({2, 3})]
    votes = [candidate(i, answer) for i, answer in enumerate(sets)]
    assert not abstains(Select.RISK, votes)
    assert abstains(Select.RISK, votes[::2]), "of two none is nearer"
    assert abstains(Select.MAJORITY, votes)


@pytest.mark.parametrize("select", Select)
def test_where_some_agree_there_is_an_answer(select: Select) -> None:
    assert not abstains(select, [candidate(0, 3), candidate(1, 2), candidate(2, 2)])
    assert not abstains(select, [candidate(i, 1 + i // 2) for i in range(4)])


def test_one_sample_and_one_that_speaks_for_itself_are_answers() -> None:
    def solve(replies: list[str], samples: int) -> object:
        engine = ScriptedEngine(replies)
        with Solver(SampleAndVote(samples=samples), engine=engine) as solver:
            return solver.solve("How many eggs are 3 dozen?").answer

    assert solve(["    return 36\n```"], 1) == 36
    assert solve(["    return 3 * 12\n```", "    return -7\n```"], 2) == 36
    assert solve(["    return 3 * 12\n```", "    return 1 / 0\n```"], 2) == 36
