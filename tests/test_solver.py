"""The front door: questions in, solutions out, nothing lost on the way."""

from __future__ import annotations

import asyncio
import importlib
import itertools
import json
import logging
import re
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from neurosym import (
    AbstentionReason,
    Budget,
    CheckState,
    Kind,
    Problem,
    SampleAndVote,
    Select,
    SelfVerify,
    Solution,
    Solver,
    Status,
)
from neurosym.backends.lean.toolchain import LEAN_VARIABLE
from neurosym.candidate import Completion, Prompt
from neurosym.engines.base import Engine, SamplingParams
from neurosym.engines.named import EngineSpec
from neurosym.errors import EngineError, NeurosymError, OptionError, ProblemError, RunLogError
from neurosym.runtime.runlog import read_run
from neurosym.testing import ScriptedEngine, question_of
from neurosym.translators.python import PythonTranslator

pytestmark = pytest.mark.usefixtures("own_cache")

EGGS = "A crate holds 12 eggs. How many eggs do 5 crates hold?"


def program(expression: str) -> str:
    """A completion: the body of ``solution()``, which the prompt opened."""
    return f"    return {expression}\n```"


RIGHT = program("12 * 5")


def solver(engine: Engine, *, samples: int = 3, run: Path | None = None, seed: int = 0) -> Solver:
    return Solver(SampleAndVote(samples=samples, seed=seed), engine=engine, run=run)


@pytest.fixture
def right() -> ScriptedEngine:
    return ScriptedEngine([RIGHT])


# ------------------------------------------------------------------- one question


def test_programs_that_agree_give_the_answer_and_what_it_rests_on(right: ScriptedEngine) -> None:
    with solver(right) as opened:
        solution = opened.solve(EGGS)
    assert solution.answer == 60
    assert solution.abstention is None
    assert solution.labels == (0, 0, 0)
    assert solution.selection.share == 1.0
    assert solution.candidate is not None
    assert solution.candidate.formalization is not None
    assert "12 * 5" in solution.candidate.formalization.source
    assert {check.name: check.state for check in solution.candidate.verdict.checks} == {
        "numbers": CheckState.PASSED,
        "constants": CheckState.PASSED,
        "answer kind": CheckState.PASSED,
        "units": CheckState.NOT_APPLICABLE,
    }
    assert solution.usage.samples == 3
    assert solution.usage.completion_tokens == 3 * len(RIGHT.split())
    assert len({request.prompt.digest for request in right.requests}) == 2, "two wordings"
    assert sum(item.verdict.score for item in solution.candidates) == pytest.approx(1)


def test_equal_answers_count_together_however_they_are_written() -> None:
    engine = ScriptedEngine([program("60.0"), program("'60 eggs'"), program("61")])
    with solver(engine) as opened:
        solution = opened.solve(EGGS)
    assert solution.labels == (0, 0, 1)
    assert solution.answer in (60.0, "60 eggs")


def test_a_failed_check_outweighs_one_more_vote() -> None:
    # Two programs say that there are minus three eggs, one that there are sixty.
    engine = ScriptedEngine([program("12 - 3 * 5"), program("12 - 5 * 3"), program("12 * 5")])
    with Solver(SampleAndVote(samples=3, select=Select.MAJORITY), engine=engine) as opened:
        assert opened.solve(EGGS).answer == -3
    with Solver(SampleAndVote(samples=3), engine=engine) as opened:
        assert opened.solve(EGGS).answer == 60


def test_the_i_th_sample_has_the_i_th_seed_and_is_in_its_place(right: ScriptedEngine) -> None:
    with solver(right) as opened:
        first = opened.solve(EGGS)
        again = opened.solve(EGGS)
        other = opened.solve(EGGS.replace("12", "13"))
    seeds = [item.completion.seed for item in first.candidates]
    assert seeds == list(range(seeds[0], seeds[0] + 3))
    assert [item.completion.seed for item in again.candidates] == seeds
    assert [item.completion.seed for item in other.candidates] != seeds


def test_a_second_program_checks_contested_answers() -> None:
    def script(prompt: Prompt, seed: int) -> str:
        if "Proposed answer: 60" in question_of(prompt):
            return "    return answer == 12 * 5\n```"
        if "Proposed answer" in question_of(prompt):
            return "    return answer == 60\n```"
        return program("12 * 5") if seed % 2 else program("12 + 5")

    strategy = SampleAndVote(samples=4, self_verify=SelfVerify.CONTESTED)
    with Solver(strategy, engine=ScriptedEngine(script)) as opened:
        solution = opened.solve(EGGS)
    states = {
        item.answer: check.state
        for item in solution.candidates
        if (check := item.verdict.check("self-verification")) is not None
    }
    assert states == {60: CheckState.PASSED, 17: CheckState.FAILED}
    assert solution.answer == 60


def test_options_choose_how_the_prompt_is_made() -> None:
    engine = ScriptedEngine([RIGHT])
    with Solver(
        SampleAndVote(samples=1), translator=PythonTranslator(shots=0), engine=engine
    ) as opened:
        opened.solve(Problem("p", EGGS, choices=("A) 60", "B) 17"), context="On a farm."))
    [request] = engine.requests  # a single sample is asked in the first wording
    assert len(request.prompt.messages) == 2
    assert "A) 60" in question_of(request.prompt)
    assert "On a farm." in question_of(request.prompt)


# ------------------------------------------------------------------- abstaining


@pytest.mark.parametrize(
    ("text", "status"),
    [
        (program("1 / 0"), Status.FAILED),
        ("I do not know.", Status.MALFORMED),
        (program("[x for x in iter(int, 1)]"), Status.OUT_OF_MEMORY),
        (program("None"), Status.SOLVED),
        (program("[]"), Status.FAILED),
        (program("str()"), Status.FAILED),
    ],
)
def test_without_any_answer_it_abstains_and_says_why(text: str, status: Status) -> None:
    with solver(ScriptedEngine([text]), samples=2) as opened:
        solution = opened.solve(EGGS)
    assert solution.answer is None
    assert solution.abstention is not None
    assert solution.abstention.reason is AbstentionReason.NO_SUPPORT
    assert f"2 {status.value}" in solution.abstention.detail
    assert solution.confidence == 0.0


def test_a_program_that_was_cut_off_has_no_vote() -> None:
    cut = "    # first\n    return 12 * 5\n    # and then"
    engine = ScriptedEngine([cut + " some more words" * 50])
    with Solver(SampleAndVote(samples=1, max_tokens=10), engine=engine) as opened:
        solution = opened.solve(EGGS)
    assert solution.abstention is not None
    outcome = solution.candidates[0].verdict.outcome
    assert outcome.status is Status.MALFORMED
    assert outcome.evidence["error"] == "it was cut off at the limit of 10 tokens"


def test_below_the_threshold_it_abstains_and_keeps_the_confidence() -> None:
    engine = ScriptedEngine([program("60"), program("61"), program("62")])
    strategy = SampleAndVote(samples=3, abstain_below=0.9)
    with Solver(strategy, engine=engine) as opened:
        solution = opened.solve(EGGS)
    assert solution.answer is None
    assert solution.abstention is not None
    assert solution.abstention.reason is AbstentionReason.LOW_CONFIDENCE
    assert 0 < solution.confidence < 0.9


def test_a_budget_of_tokens_cuts_the_samples(right: ScriptedEngine) -> None:
    strategy = SampleAndVote(samples=8, max_tokens=100)
    with Solver(strategy, engine=right, budget=Budget(tokens=350)) as opened:
        solution = opened.solve(EGGS)
    assert solution.candidates == ()  # the worked examples alone have more words

    prompts = [PythonTranslator().prompt(Problem("p", EGGS), wording) for wording in range(2)]
    first, second = (asyncio.run(right.count_tokens(prompt)) for prompt in prompts)
    budget = Budget(tokens=first + second + 350)
    with Solver(strategy, engine=right, budget=budget) as opened:
        solution = opened.solve(EGGS)
    assert len(solution.candidates) == 3
    assert budget.tokens is not None
    assert solution.usage.tokens <= budget.tokens
    assert solution.answer == 60

    with Solver(strategy, engine=right, budget=Budget(tokens=first + 150)) as opened:
        solution = opened.solve(EGGS)
    assert len(solution.candidates) == 1, "there is no room for a second wording"


def test_a_budget_too_small_for_one_sample_is_an_abstention(right: ScriptedEngine) -> None:
    with Solver(SampleAndVote(), engine=right, budget=Budget(tokens=10)) as opened:
        solution = opened.solve(EGGS)
    assert solution.abstention is not None
    assert solution.abstention.reason is AbstentionReason.BUDGET
    assert right.requests == []


def test_a_budget_for_all_problems_ends_them_and_a_run_goes_on_with_more(
    right: ScriptedEngine, tmp_path: Path
) -> None:
    strategy = SampleAndVote(samples=2, max_tokens=50)
    questions = [EGGS, EGGS.replace("12", "13"), EGGS.replace("12", "14")]

    def solve(total: Budget | None) -> tuple[list[Solution], int]:
        before = len(right.requests)
        with Solver(strategy, engine=right, total=total, run=tmp_path, concurrency=1) as opened:
            solutions = list(opened.solve_many(questions))
        return solutions, len(right.requests) - before

    (first, *rest), _ = solve(Budget(samples=2))
    assert first.usage.samples == 2
    reasons = [item.abstention.reason for item in rest if item.abstention is not None]
    assert reasons == [AbstentionReason.BUDGET] * 2
    solutions, requests = solve(None)
    assert [item.usage.samples for item in solutions] == [2, 2, 2]
    assert requests == 4, "two wordings of each of the two that are left"
    again, requests = solve(Budget(samples=2))
    assert requests == 0
    assert [item.abstention for item in again] == [None] * 3, "what is known costs nothing"


class UnevenEngine(ScriptedEngine):
    """An engine whose every third request takes a minute."""

    async def sample(self, prompt: Prompt, params: SamplingParams) -> list[Completion]:
        if params.seed % 3 == 0:
            await asyncio.sleep(60)
        return await super().sample(prompt, params)


def test_a_budget_of_seconds_keeps_what_was_drawn_in_time(tmp_path: Path) -> None:
    engine = UnevenEngine([RIGHT])
    strategy = SampleAndVote(samples=6, self_verify=SelfVerify.ALL)
    budget = Budget(seconds=1)
    with Solver(strategy, engine=engine, budget=budget, run=tmp_path / "run") as opened:
        opened.solve(EGGS.replace("12", "13"))  # which starts the sandbox
        solution = opened.solve(EGGS)
    assert solution.answer == 60
    assert len(solution.candidates) == 4
    assert all(item.completion.seed % 3 for item in solution.candidates)
    assert solution.usage.seconds < 3
    with Solver(strategy, engine=engine, budget=budget, run=tmp_path / "run") as opened:
        assert opened.solve(EGGS) == solution


def test_where_the_time_is_over_before_any_sample_it_abstains() -> None:
    engine = ScriptedEngine([RIGHT], seconds=30)
    with Solver(SampleAndVote(samples=2), engine=engine, budget=Budget(seconds=0.3)) as opened:
        solution = opened.solve(EGGS)
    assert solution.abstention is not None
    assert solution.abstention.reason is AbstentionReason.BUDGET
    assert solution.usage.seconds < 3


def test_a_question_longer_than_the_context_is_named_alone_and_passed_over_among_many() -> None:
    engine = ScriptedEngine({EGGS: [RIGHT], "word": ["unused"]}, context=2_000)
    with solver(engine) as opened:
        with pytest.raises(EngineError, match="words are more than 2000"):
            opened.solve("word " * 3_000 + "?")
        problems = [Problem("long", "word " * 3_000), Problem("short", EGGS)]
        found = {item.problem_id: item for item in opened.solve_many(problems)}
    assert found["short"].answer == 60
    abstention = found["long"].abstention
    assert abstention is not None
    assert abstention.reason is AbstentionReason.TOO_LONG


# ------------------------------------------------------------------- many questions


def test_solutions_stream_as_they_finish_and_slow_problems_hold_up_none() -> None:
    slow = "    import time\n    time.sleep(3)\n    return 1\n```"
    engine = ScriptedEngine({"Slow": [slow], "Quick": [program("1")]})
    problems = [Problem("slow", "Slow?"), *(Problem(f"q{i}", f"Quick {i}?") for i in range(5))]
    with Solver(SampleAndVote(samples=1), engine=engine, concurrency=2) as opened:
        order = [solution.problem_id for solution in opened.solve_many(problems)]
    assert sorted(order) == sorted(problem.id for problem in problems)
    assert order[-1] == "slow"


def test_problems_are_taken_only_as_there_is_room_so_their_number_may_be_endless(
    right: ScriptedEngine,
) -> None:
    taken = 0

    def endless() -> Iterator[str]:
        nonlocal taken
        for i in itertools.count():
            taken += 1
            yield f"{EGGS} ({i})"

    with Solver(SampleAndVote(samples=1), engine=right, concurrency=3) as opened:
        solutions = opened.solve_many(endless())
        some = list(itertools.islice(solutions, 10))
        solutions.close()
    assert [item.answer for item in some] == [60] * 10
    assert taken <= 10 + 3 + 1


def test_problems_that_are_waited_for_hold_up_none(right: ScriptedEngine) -> None:
    asked = threading.Event()

    def slow() -> Iterator[str]:
        yield EGGS
        asked.wait(30)
        yield f"{EGGS} Really?"

    with solver(right) as opened:
        solutions = opened.solve_many(slow())
        assert next(solutions).answer == 60
        assert not asked.is_set()
        asked.set()
        assert next(solutions).problem_id == "question-2"
        assert list(solutions) == []


async def test_the_async_twins_give_the_same(right: ScriptedEngine) -> None:
    async with solver(right) as opened:
        one = await opened.asolve(EGGS)
        many = [item async for item in opened.asolve_many([EGGS, EGGS])]
    assert one.answer == 60
    assert [item.answer for item in many] == [60, 60]


def test_several_threads_may_share_one_solver(right: ScriptedEngine) -> None:
    answers: list[object] = []
    with solver(right) as opened:
        threads = [
            threading.Thread(target=lambda: answers.append(opened.solve(EGGS).answer))
            for _ in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert answers == [60] * 4


def test_checking_overlaps_sampling() -> None:
    """While programs of one problem run, the engine already samples for the next."""
    nap = "    import time\n    time.sleep(1)\n    return 60\n```"
    engine = ScriptedEngine([nap], seconds=1.0)
    problems = [f"{EGGS} ({i})" for i in range(6)]
    with Solver(SampleAndVote(samples=1), engine=engine, concurrency=2) as opened:
        opened.solve(EGGS)  # the sandbox starts
        begin = time.monotonic()
        assert len(list(opened.solve_many(problems))) == 6
        taken = time.monotonic() - begin
    # One after the other takes 12 s; two at once, each waiting for its own program, 6 s.
    assert taken < 9


# ------------------------------------------------------------------- bad input


def test_a_problem_that_cannot_be_used_is_refused_and_passed_over_among_many(
    right: ScriptedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(LEAN_VARIABLE, "/no/lean")
    theorem = Problem("p", "Every even number is a sum of two odd ones.", Kind.THEOREM)
    with solver(right) as opened:
        with pytest.raises(ProblemError, match="'theorem' cannot be solved"):
            opened.solve(theorem)
        with pytest.raises(ProblemError, match="empty question"):
            opened.solve(" ")
        found = {item.problem_id: item for item in opened.solve_many([theorem, "", EGGS])}
    assert found["question-3"].answer == 60
    for name, detail in (("p", "'theorem' cannot be solved"), ("question-2", "empty question")):
        abstention = found[name].abstention
        assert abstention is not None
        assert abstention.reason is AbstentionReason.UNUSABLE
        assert detail in abstention.detail


@pytest.mark.parametrize("concurrency", [0, -1])
def test_impossible_options_are_refused(right: ScriptedEngine, concurrency: int) -> None:
    with pytest.raises(OptionError, match="concurrency"):
        Solver(engine=right, concurrency=concurrency)


def test_who_gives_an_engine_is_told_how_to_record_it(
    right: ScriptedEngine, tmp_path: Path
) -> None:
    with pytest.raises(OptionError, match="started by its name") as caught:
        Solver(engine=right, record=tmp_path / "samples.db")
    named = re.search(r"(neurosym[\w.]*)\.(\w+)\(engine, record\)", caught.value.hint)
    assert named is not None
    wrap = getattr(importlib.import_module(named[1]), named[2])
    with Solver(engine=wrap(right, tmp_path / "samples.db")):
        pass


def test_an_engine_that_breaks_is_an_error_not_an_abstention() -> None:
    engine = ScriptedEngine({"other": [RIGHT]})
    with solver(engine) as opened, pytest.raises(EngineError, match="the script says nothing"):
        opened.solve(EGGS)


def test_what_is_finished_comes_before_an_error_ends_the_iteration() -> None:
    engine = ScriptedEngine({"eggs": [RIGHT]}, seconds=0.2)
    with Solver(SampleAndVote(samples=1), engine=engine, concurrency=3) as opened:
        solutions = opened.solve_many(["What?", f"{EGGS} (1)", f"{EGGS} (2)"])
        with pytest.raises(EngineError, match="the script says nothing"):
            found = [next(solutions).answer, next(solutions).answer, next(solutions).answer]
        opened.solve(EGGS)
    assert "found" not in locals()


def test_closing_ends_what_is_under_way_in_other_threads() -> None:
    opened = solver(ScriptedEngine([RIGHT], seconds=60))
    errors: list[BaseException] = []

    def work() -> None:
        try:
            opened.solve(EGGS)
        except NeurosymError as error:
            errors.append(error)

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    time.sleep(0.5)
    opened.close()
    for thread in threads:
        thread.join(10)
    assert [str(error) for error in errors] == ["the solver was closed"] * 2


def test_an_iteration_left_open_ends_with_the_solver_and_not_as_if_all_were_done(
    right: ScriptedEngine,
) -> None:
    opened = Solver(SampleAndVote(samples=1), engine=right, concurrency=2)
    solutions = opened.solve_many(itertools.repeat(EGGS))
    left = opened.solve_many(itertools.repeat(EGGS))
    assert next(solutions).answer == next(left).answer == 60
    opened.close()
    with pytest.raises(NeurosymError, match="the solver was closed"):
        next(solutions)
    left.close()
    names = {thread.name for thread in threading.enumerate()}
    assert "neurosym-loop" not in names


_LEFT_OPEN = """
import sys, time
from neurosym import SampleAndVote, Solver
from neurosym.testing import ScriptedEngine

def waiting():
    yield "How many?"
    time.sleep(600)

solver = Solver(SampleAndVote(samples=1), engine=ScriptedEngine(["    return 1\\n"]))
solutions = solver.solve_many(waiting())
print(next(solutions).answer)
"""


def test_a_script_that_leaves_everything_open_ends_all_the_same() -> None:
    found = subprocess.run(
        [sys.executable, "-c", _LEFT_OPEN], capture_output=True, text=True, timeout=60
    )
    assert (found.returncode, found.stdout) == (0, "1\n"), found.stderr


def test_a_generator_that_is_collected_in_the_loops_own_thread_does_not_wait_for_itself(
    right: ScriptedEngine,
) -> None:
    with Solver(SampleAndVote(samples=1), engine=right, concurrency=1) as opened:
        solutions = opened.solve_many(itertools.repeat(EGGS))
        assert next(solutions).answer == 60

        async def close() -> None:
            solutions.close()

        opened._loop_thread().run(close())
        assert opened.solve(EGGS).answer == 60


def test_an_engine_of_ones_own_is_closed_where_the_run_cannot_be_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, right: ScriptedEngine
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setattr(EngineSpec, "start", lambda self: right)
    with Solver(run=tmp_path / "file") as opened, pytest.raises(RunLogError):
        opened.solve(EGGS)
    assert right.closed


def test_a_solver_closes_twice_and_leaves_the_engine_to_its_owner(right: ScriptedEngine) -> None:
    opened = solver(right)
    opened.solve(EGGS)
    opened.close()
    opened.close()
    assert not right.closed


# ------------------------------------------------------------------- runs


def test_a_finished_run_is_read_not_done_again(tmp_path: Path, right: ScriptedEngine) -> None:
    with solver(right, run=tmp_path / "run") as opened:
        before = opened.solve(EGGS)
    idle = ScriptedEngine(["never said"])
    with solver(idle, run=tmp_path / "run") as opened:
        after = opened.solve(EGGS)
    assert after == before
    assert idle.requests == []


def test_samples_drawn_before_a_kill_are_kept(tmp_path: Path, right: ScriptedEngine) -> None:
    with solver(right, run=tmp_path / "run") as opened:
        before = opened.solve(EGGS)
    path = tmp_path / "run" / "log.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    # As if killed after two samples were logged, in the middle of the third.
    samples = [line for line in lines if b'"sample"' in line]
    path.write_bytes(lines[0] + samples[0] + samples[1] + samples[2][:30])
    engine = ScriptedEngine([RIGHT])
    with solver(engine, run=tmp_path / "run") as opened:
        after = opened.solve(EGGS)
    assert [request.params.n for request in engine.requests] == [1]
    assert len(samples) == 3
    # The prompt is charged once more, for it was read once more; all else is as it was.
    assert [replace(item.completion, prompt_tokens=0) for item in after.candidates] == [
        replace(item.completion, prompt_tokens=0) for item in before.candidates
    ]
    assert after.answer == before.answer


def test_a_torn_line_is_told(
    tmp_path: Path, right: ScriptedEngine, caplog: pytest.LogCaptureFixture
) -> None:
    with solver(right, run=tmp_path / "run") as opened:
        opened.solve(EGGS)
    path = tmp_path / "run" / "log.jsonl"
    path.write_bytes(path.read_bytes()[:-10])
    with (
        caplog.at_level(logging.WARNING, logger="neurosym"),
        solver(right, run=tmp_path / "run") as opened,
    ):
        opened.solve(EGGS)
    assert "ended in a torn line" in caplog.text


def test_the_log_holds_all_that_is_needed_to_run_it_again(
    tmp_path: Path, right: ScriptedEngine
) -> None:
    with solver(right, run=tmp_path / "run", seed=5) as opened:
        opened.solve(EGGS)
    depends_on, _ = read_run(tmp_path / "run")
    assert depends_on["engine"]["model_digest"] == right.info.model_digest
    assert depends_on["strategy"]["seed"] == 5
    assert set(depends_on["prompts"]) == {
        *("fol or csp 0", "lean-proof 0", "lean-statement 0"),
        *("python 0", "python 1", "verifier 0"),
        *("five elements and pulp program 0", "five elements and pulp program 1"),
    }
    assert {"neurosym", "packages", "limits", "budget", "calibration"} <= set(depends_on)
    lines = [json.loads(line) for line in (tmp_path / "run" / "log.jsonl").read_text().splitlines()]
    samples = [line["data"] for line in lines[1:] if line["key"][1] == "sample"]
    assert len(samples) == 3
    asked = {request.prompt.digest for request in right.requests}
    assert {sample["prompt"] for sample in samples} == asked
    seeds = [sample["completion"]["seed"] for sample in samples]
    assert len(set(seeds)) == 3, "each has its own, whichever ended first"


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        (SampleAndVote(samples=3, seed=1), "strategy"),
        (SampleAndVote(samples=4), "strategy"),
        (SampleAndVote(samples=3, abstain_below=0.5), "strategy"),
    ],
)
def test_a_run_is_not_continued_with_other_settings(
    tmp_path: Path, right: ScriptedEngine, changed: SampleAndVote, named: str
) -> None:
    with solver(right, run=tmp_path / "run") as opened:
        opened.solve(EGGS)
    other = Solver(changed, engine=right, run=tmp_path / "run")
    with other, pytest.raises(RunLogError, match=f"another {named}"):
        other.solve(EGGS)


def test_a_run_is_not_continued_with_another_prompt(tmp_path: Path, right: ScriptedEngine) -> None:
    with solver(right, run=tmp_path / "run") as opened:
        opened.solve(EGGS)
    other = Solver(
        SampleAndVote(samples=3),
        translator=PythonTranslator(shots=1),
        engine=right,
        run=tmp_path / "run",
    )
    with other, pytest.raises(RunLogError, match="another prompts"):
        other.solve(EGGS)


def test_a_question_is_known_again_under_another_id(tmp_path: Path, right: ScriptedEngine) -> None:
    with solver(right, run=tmp_path / "run") as opened:
        before = opened.solve(Problem("line-1", EGGS))
        after = opened.solve(Problem("line-2", EGGS))
    assert after == replace(before, problem_id="line-2")
    assert len(right.requests) == 2, "one for each wording"


def test_two_questions_under_one_id_are_two_pieces_of_work(tmp_path: Path) -> None:
    engine = ScriptedEngine({"eggs": [program("60")], "pens": [program("7")]})
    problems = [Problem("same", "How many eggs?"), Problem("same", "How many pens?")]
    with solver(engine, run=tmp_path / "run") as opened:
        answers = {item.answer for item in opened.solve_many(problems)}
    assert answers == {60, 7}


# ------------------------------------------------------------------- size


_MANY = textwrap.dedent(
    """
    import sys
    from pathlib import Path
    from neurosym import Problem, SampleAndVote, Solver
    from neurosym.testing import ScriptedEngine

    def resident():
        for line in Path("/proc/self/status").read_text().splitlines():
            if line.startswith("VmRSS"):
                return int(line.split()[1]) // 1024

    total, marks = int(sys.argv[1]), {}
    engine = ScriptedEngine(lambda prompt, seed: "    return 12 * 5\\n```")
    engine.requests = type("Forgetful", (list,), {"append": lambda self, item: None})()
    problems = (Problem(f"p{i}", f"A crate holds 12 eggs. {i}?") for i in range(total))
    with Solver(SampleAndVote(samples=1), engine=engine, run=sys.argv[2]) as solver:
        for done, solution in enumerate(solver.solve_many(problems), start=1):
            assert solution.answer == 60
            if done in (total // 5, total):
                marks[done] = resident()
    print(*marks.values())
    """
)


def test_ten_thousand_problems_take_no_more_memory_than_two_thousand(tmp_path: Path) -> None:
    found = subprocess.run(
        [sys.executable, "-c", _MANY, "10000", str(tmp_path / "run")],
        capture_output=True,
        text=True,
        check=True,
    )
    early, late = map(int, found.stdout.split())
    assert late - early < 40, f"{early} MiB after 2,000 problems, {late} MiB after 10,000"
    _, solutions = read_run(tmp_path / "run")
    assert len(solutions) == 10_000


def test_solving_does_not_block_the_callers_event_loop() -> None:
    engine = ScriptedEngine([program("sum(range(20_000_000))")])

    async def beat_while_solving() -> int:
        beats = 0
        async with Solver(SampleAndVote(samples=1), engine=engine) as opened:
            work = asyncio.ensure_future(opened.asolve(EGGS))
            while not work.done():
                await asyncio.sleep(0.02)
                beats += 1
        return beats

    assert asyncio.run(beat_while_solving()) > 5


@pytest.mark.parametrize("allowed", [1, 2, 3, 4, 5, 7])
def test_samples_that_a_budget_cut_off_are_gone_on_from_in_their_own_wordings(
    tmp_path: Path, allowed: int
) -> None:
    """The spread over two wordings depends on how many samples there are."""
    strategy = SampleAndVote(samples=8)
    engine = ScriptedEngine(["    return 42\n```"])
    with Solver(strategy, engine=engine, run=tmp_path, total=Budget(samples=allowed)) as solver:
        [cut] = solver.solve_many(["What is 6 times 7?"])
    drawn = sum(request.params.n for request in engine.requests)
    assert (len(cut.candidates), drawn) == (allowed, allowed)
    again = ScriptedEngine(["    return 42\n```"])
    with Solver(strategy, engine=again, run=tmp_path) as solver:
        [whole] = solver.solve_many(["What is 6 times 7?"])
    assert len(whole.candidates) == 8
    assert sum(request.params.n for request in again.requests) == 8 - allowed
    assert [item.variant for item in whole.candidates[:allowed]] == [
        item.variant for item in cut.candidates
    ]
