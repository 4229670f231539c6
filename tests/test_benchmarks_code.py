"""Programs chosen by tests of the model's own, and what dropping samples saves."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.code_tests import matrix_of, measure, read_tasks, read_tests
from benchmarks.dropping import measure_votes
from neurosym.backends.pool import Pool
from neurosym.candidate import Prompt
from neurosym.errors import InputError
from neurosym.selection.labelled import LabelledVote
from neurosym.selection.stopping import lead_probability
from neurosym.testing import ScriptedEngine
from tests.builders import candidate

HEAD = 'def double(x):\n    """Twice as much."""\n'
HIDDEN = "def check(candidate):\n    assert candidate(3) == 6\n    assert candidate(-1) == -2\n"
RIGHT, WRONG = "    return 2 * x\n", "    return x * x\n"


def of_human_eval() -> dict[str, object]:
    extra = {"entry_point": "double", "test": HIDDEN}
    return {"id": "h/0", "question": HEAD, "answer": RIGHT, "kind": "code", "extra": extra}


def of_mbpp() -> dict[str, object]:
    extra = {"test_list": ["assert set(double(x) for x in [3]) == {6}"], "test_setup_code": ""}
    return {"id": "m-1", "question": "Double a number.", "kind": "code", "extra": extra}


def write(path: Path, *items: dict[str, object]) -> Path:
    path.write_text("".join(json.dumps(item) + "\n" for item in items))
    return path


@pytest.fixture
def pool() -> Iterator[Pool]:
    made = Pool(workers=1)
    yield made
    made.close()


def test_the_functions_of_both_sets_are_read(tmp_path: Path) -> None:
    human, mbpp = read_tasks(write(tmp_path / "a.jsonl", of_human_eval(), of_mbpp()))
    assert (human.entry, human.head) == ("double", HEAD)
    assert human.hidden.endswith("check(double)")
    assert (mbpp.entry, mbpp.head) == ("double", "def double(")
    assert "Name it double." in mbpp.text
    with pytest.raises(InputError, match="line 1"):
        read_tasks(write(tmp_path / "b.jsonl", {"id": "x", "question": "?"}))


def test_assertions_are_read_each_once_and_without_what_is_none() -> None:
    found = read_tests(
        [
            "1) == 2\nassert double(2) == 4, 'no'\nprint(double(1))\nassert True\nassert double(",
            "1)==2\n    assert sorted([double(3)]) == [6]\nassert triple(1) == 3",
        ],
        "double",
    )
    assert found == [
        "assert double(1) == 2",
        "assert double(2) == 4",
        "assert sorted([double(3)]) == [6]",
    ]


async def test_every_program_meets_every_test_and_none_spoils_another(pool: Pool) -> None:
    programs = [
        f"def double(x):\n{RIGHT}",
        f"def double(x):\n{WRONG}",
        "def double(x):\n    while x == 2: pass\n    return 2 * x\n",
        "def double(x):\n    import sys; sys.exit(0)\n",
        "def double(x) return",
        "def double(x):\n    global _TESTS, passed\n    return 2 * x\n",
    ]
    tests = ["assert double(1) == 2", "assert double(2) == 4", "assert double(0) == 0"]
    matrix = await matrix_of(programs, tests, pool)
    assert matrix.tolist() == [
        [True, True, True],
        [False, True, True],
        [True, False, True],
        [False, False, False],
        [False, False, False],
        [True, True, True],
    ]


def test_rules_choose_by_tests_of_the_model_and_are_judged_by_those_of_the_data(
    tmp_path: Path,
) -> None:
    programs = iter([WRONG, RIGHT, RIGHT, WRONG])

    def script(prompt: Prompt, _: int) -> str:
        if prompt.prefix.startswith("```python\nassert"):
            return "1) == 2\nassert double(3) == 6\nassert double(2) == 5\n"
        return next(programs)

    path = write(tmp_path / "a.jsonl", of_human_eval())
    engine = ScriptedEngine(script)
    found = measure(path, engine, items=5, solutions=4, tests=1, seed=0, at_once=2)
    assert found["functions"] == 1
    assert found["tests a function"] == 3
    right = {name: item["value"] for name, item in found["right"].items() if name != "any of them"}
    assert right == {
        "B4": 1.0, "B4, mild priors": 1.0, "CodeT": 1.0, "MaxPass": 1.0, "MBR-exec": 1.0,
        "one at random": 0.5,
    }  # fmt: skip


BY_STOP = "by probability that the leader stays ahead"


def vote(answers: list[int], lengths: list[int]) -> LabelledVote:
    pairs = enumerate(zip(answers, lengths, strict=True))
    drawn = [candidate(i, answer, tokens=n) for i, (answer, n) in pairs]
    labels = tuple(sorted(set(answers)).index(answer) for answer in answers)
    return LabelledVote(drawn, labels, frozenset({0}), "p")


@pytest.mark.parametrize(
    ("answers", "lengths", "at_once", "kept"),
    [
        ([1, 1, 1, 2], [10, 20, 30, 100], 4, 10 + 20 + 30 + 30),
        ([1, 1, 1, 2], [10, 20, 30, 100], 1, 10 + 20 + 30),
        ([1, 1, 1, 2], [10, 20, 30, 100], 2, 10 + 20 + 30 + 20),
        ([1, 2, 1, 2], [10, 20, 30, 100], 4, 160),
        ([1, 1, 1, 1], [100, 100, 100, 100], 4, 400),
        ([1, 1, 2, 1, 1], [50, 10, 20, 40, 90], 4, 50 + 10 + 20 + 40 + 40),
    ],
)
def test_what_is_in_flight_ends_when_the_leader_cannot_be_caught(
    answers: list[int], lengths: list[int], at_once: int, kept: int
) -> None:
    found = measure_votes([vote(answers, lengths)])[BY_STOP][1.0][at_once]
    assert found["saved"] == pytest.approx(1 - kept / sum(lengths))
    assert found["saved of a problem"]["value"] == pytest.approx(found["saved"])
    assert found["problems cut short"] == (kept < sum(lengths))
    assert found["right"] == (answers.count(1) > answers.count(2) or answers[0] == 1)


def test_what_is_in_flight_ends_when_the_leader_hardly_can_be_caught() -> None:
    found = measure_votes([vote([1] * 16, [10] * 16)])[BY_STOP]
    kept = {stop: round(160 * (1 - found[stop][1]["saved"])) for stop in found}
    expected = {
        stop: next(10 * n for n in range(1, 17) if lead_probability([n], 16 - n) >= stop or n > 8)
        for stop in found
    }
    assert kept == expected
    assert kept[0.85] < kept[0.95] < kept[1.0] == 90


def test_deciding_too_soon_may_be_wrong() -> None:
    """The right answer comes late: whoever stops where two agree takes the other one."""
    found = measure_votes([vote([2] * 4 + [1] * 12, [10] * 16)])[BY_STOP]
    assert [found[stop][1]["right"] for stop in (1.0, 0.85)] == [1, 0]


def test_samples_of_unknown_length_are_refused() -> None:
    with pytest.raises(InputError, match="how many tokens"):
        measure_votes([vote([1, 1], [0, 0])])
