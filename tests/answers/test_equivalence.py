"""Equality that needs algebra, decided in real workers; what hangs or attacks does no harm."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from neurosym.answers import Equivalence
from neurosym.backends.base import Limits
from neurosym.backends.pool import Call, Pool
from neurosym.status import Status
from neurosym.values import Value


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    pool = Pool(workers=1)
    yield pool
    pool.close()


@pytest.fixture
def equivalence(pool: Pool) -> Equivalence:
    return Equivalence(pool, Limits(seconds=30, cpu_seconds=30))  # busy machines are slow


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2*(x+1)", "2x+2"),
        ("(x+1)^2", "x^2 + 2x + 1"),
        ("\\frac{x^2-1}{x-1}", "x+1"),
        ("\\sin^2 x + \\cos^2 x", 1),
        ("a b", "b a"),
        ("1+2i", "2i+1"),
        ("N + 0", "N"),  # SymPy has something of its own under this name
        ("\\sqrt{8}", "2*sqrt(2)"),
        ("\\sqrt{2}", 1.41421356),
        ("2\\pi", "6.283185307"),
        ("2^{10}", "1024 km"),
        ("5!", 120),
        ((1, "\\sqrt{2}"), ("2/2", "2^{1/2}")),
        ("\\{0, \\sqrt{2}\\}", "{sqrt(2), 0}"),
        ("(-\\infty, 2] \\cup [3, \\infty)", "[3, \\infty) \\cup (-\\infty, 2]"),
        ("y = 2x+1", "y = 1+2x"),
        ("y = 2x", "2x = y"),
        ("x^2+y^2 = 4", "4 = y^2+x^2"),
        ("x < 3", "3 > x"),
        ("\\begin{pmatrix} 1 & 2 \\\\ 3 & 4 \\end{pmatrix}", "Matrix([[1, 2], [3, 4]])"),
        (
            "\\begin{pmatrix} 1 & 2 \\\\ 3 & 4 \\end{pmatrix}",
            "\\begin{bmatrix} 1 & 4/2 \\\\ 3 & 4 \\end{bmatrix}",
        ),
    ],
)
async def test_equal_as_mathematics(one: Value, other: Value, equivalence: Equivalence) -> None:
    assert await equivalence.same(one, other)
    assert await equivalence.same(other, one)
    assert equivalence.worker_calls == 1  # what was asked once is remembered, either way round
    assert equivalence.undecided == 0


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("x+1", "x+2"),
        ("2x", "2y"),
        ("3\\sqrt{5}", "3\\sqrt{6}"),
        ("\\sqrt{2}", 1.5),
        ("y = 2x", "y = 3x"),
        ("x < 3", "x > 3"),
        ("[0, \\pi)", "[0, \\pi]"),
        ("(1, \\sqrt{2})", "(\\sqrt{2}, 1)"),
        (
            "\\begin{pmatrix} 1 & 2 \\\\ 3 & 4 \\end{pmatrix}",
            "\\begin{pmatrix} 1 & 2 \\\\ 3 & 5 \\end{pmatrix}",
        ),
        ("x^2", "lambda: 5"),
        ("x^2", "\\frac{1}{"),
    ],
)
async def test_not_equal_as_mathematics(one: Value, other: Value, equivalence: Equivalence) -> None:
    assert not await equivalence.same(one, other)
    assert not await equivalence.same(other, one)
    assert equivalence.undecided == 0


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("9**9**9", "9**9**8"),
        ("x**(9**9**9)", "x"),
        ("factorial(10**9)", "x"),
    ],
)
async def test_what_does_not_end_is_not_shown_equal(one: str, other: str, pool: Pool) -> None:
    equivalence = Equivalence(pool, Limits(seconds=1, cpu_seconds=1))
    start = time.perf_counter()
    assert not await equivalence.same(one, other)
    assert time.perf_counter() - start < 30  # a hundredth of what these would take
    assert equivalence.undecided == equivalence.worker_calls == 1
    # Asked again, it doesn't cost the time again.
    assert not await equivalence.same(other, one)
    assert equivalence.worker_calls == 1


@pytest.mark.parametrize(
    "text",
    [
        "(" * 400 + "x" + ")" * 400,
        "\\frac{" * 90 + "1" + "}{2}" * 90,
        "\\sqrt{" * 120 + "x" + "}" * 120,
        "x^{" * 200 + "2" + "}" * 200,
        "x**" * 300 + "2",
        "\\left(" * 120,
        "\\frac" * 190,
    ],
    ids=lambda text: f"{text[:8]}…{len(text)}",
)
async def test_text_nested_without_reason_is_not_shown_equal(text: str, pool: Pool) -> None:
    equivalence = Equivalence(pool, Limits(seconds=1, cpu_seconds=1))
    start = time.perf_counter()
    assert not await equivalence.same(text, "y + 1")
    assert time.perf_counter() - start < 30
    assert equivalence.worker_calls == 1


async def test_after_an_endless_comparison_others_go_on(pool: Pool) -> None:
    equivalence = Equivalence(pool, Limits(seconds=1, cpu_seconds=1))
    assert not await equivalence.same("9**9**9", "9**9**7")
    patient = Equivalence(pool, Limits(seconds=30, cpu_seconds=30))
    assert await patient.same("x+x", "2x")


async def test_an_answer_that_is_an_attack_is_never_run_here(
    tmp_path: Path, equivalence: Equivalence
) -> None:
    mark = tmp_path / "here"
    for attack in (
        f"__import__('os').system('touch {mark}')",
        f"__import__('pathlib').Path('{mark}').touch()",
        f"open('{mark}', 'w')",
        f"exec(\"open('{mark}', 'w')\")",
        "exit()",
    ):
        assert not await equivalence.same(attack, "x1")
        assert not await equivalence.same(attack, 5)
        assert not await equivalence.matches(attack, 5)
        assert await equivalence.group([attack, "x1", 5, attack]) == (0, 1, 2, 0)
    assert not mark.exists()


async def test_only_mathematics_is_sent_to_a_worker(equivalence: Equivalence) -> None:
    for one, other in (
        (12, "12 km"),
        ("B", "C"),
        ("Paris", "London"),
        ("yes", "x+1 holds for all real numbers"),
        (None, "x+1"),
        (True, "x+1"),
        ("x" * 2000 + "+1", "x+1"),
    ):
        await equivalence.same(one, other)
    assert equivalence.worker_calls == 0


async def test_grouping_finds_what_algebra_makes_equal(equivalence: Equivalence) -> None:
    answers: list[Value] = ["2(x+1)", 4, "\\sqrt{16}", "2x+2", None, "x+2", "2^2", "1/2 + x"]
    assert await equivalence.group(answers) == (0, 1, 1, 0, -1, 2, 1, 3)


async def test_scoring_uses_algebra(equivalence: Equivalence) -> None:
    assert await equivalence.matches("\\frac{x}{2}", "x/2")
    assert await equivalence.matches("2\\sqrt{2}", "B", ("A) \\sqrt{7}", "B) \\sqrt{8}"))
    assert not await equivalence.matches("2\\sqrt{2}", "A", ("A) \\sqrt{7}", "B) \\sqrt{8}"))


@pytest.mark.parametrize("value", [True, None, {"x": 1}, (1, None), ((),), "", "\\", "x y z = ="])
async def test_what_is_no_mathematics_equals_nothing_in_the_worker(
    value: Value, pool: Pool
) -> None:
    call = Call("neurosym.answers.symbolic:equal", (value, 1))
    outcome = await pool.run(call, Limits(seconds=30, cpu_seconds=30))
    assert outcome.status is Status.SOLVED, outcome.evidence
    assert outcome.answer is False
