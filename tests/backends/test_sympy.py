"""Equations solved exactly, in the sandbox's pool, with every solution substituted back."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import pytest

from neurosym.backends.base import Backend, Limits
from neurosym.backends.pool import Pool, RunProgram
from neurosym.backends.sympy import SympyBackend
from neurosym.errors import OptionError
from neurosym.formal.equations import Domain, Equations
from neurosym.status import Status
from neurosym.values import Value

LIMITS = Limits(seconds=10, cpu_seconds=10)


@pytest.fixture(scope="module")
def backend() -> Iterator[SympyBackend]:
    pool = Pool(workers=1)
    yield SympyBackend(pool)
    pool.close()


def system(
    *relations: str, unknowns: str = "x", asked: str = "", domain: str = "real"
) -> Equations:
    return Equations(relations, tuple(unknowns.split()), asked, Domain(domain))


@pytest.mark.parametrize(
    ("equations", "answer"),
    [
        (system("2x + 3 = 7"), 2),
        (system("3*x == 1"), Fraction(1, 3)),
        (system("x^2 = 4"), frozenset({-2, 2})),
        (system("x^2 = 4", domain="positive"), 2),
        (system("x^2 = 2", domain="positive"), "sqrt(2)"),
        (system("\\frac{x}{3} + 1 = 5"), 12),
        (system("x^2 = 4", "x > 0"), 2),
        (system("x^2 - 5x + 6 = 0", "x != 2"), 3),
        (system("3 < 2x + 1 <= 9"), "(1, 4]"),
        (system("x^2 > 4"), "(-oo, -2) ∪ (2, oo)"),
        (system("2x = 7", asked="4x + 1"), 15),
        (system("price = 3 * 4", unknowns="price"), 12),
        (system("x + y = 10", "x - y = 4", unknowns="x y"), {"x": 7, "y": 3}),
        (system("x + y = 10", "x - y = 4", unknowns="x y", asked="x * y"), 21),
        (system("tom = lena + 4", "tom + lena = 20", unknowns="tom lena", asked="tom"), 12),
        (
            system("x + y = 3", "x * y = 2", unknowns="x y"),
            ({"x": 1, "y": 2}, {"x": 2, "y": 1}),
        ),
        (system("x^2 = -1", domain="complex"), frozenset({"I", "-I"})),
        (system("a*x = b", asked="x"), "b/a"),
        (Equations(asked="(x^2 - 1) / (x - 1)"), "x + 1"),
        (Equations(asked="\\sqrt{50}"), "5*sqrt(2)"),
        (Equations(asked="1/3 + 1/6"), Fraction(1, 2)),
    ],
    ids=lambda value: value.source if isinstance(value, Equations) else "",
)
async def test_solved(backend: SympyBackend, equations: Equations, answer: Value) -> None:
    outcome = await backend.run(equations, LIMITS)
    assert (outcome.status, outcome.answer) == (Status.SOLVED, answer), outcome.evidence


@pytest.mark.parametrize(
    ("equations", "status", "said"),
    [
        (system("x = x + 1"), Status.INFEASIBLE, "no numbers"),
        (system("x^2 = -1"), Status.INFEASIBLE, "no numbers"),
        (system("2x = 3", domain="integer"), Status.INFEASIBLE, "no numbers"),
        (system("x + y = 1", "x + y = 2", unknowns="x y"), Status.INFEASIBLE, "no numbers"),
        (system("x = cos(x)"), Status.UNKNOWN, "no method"),
        (system("x + 1"), Status.MALFORMED, "neither an equation nor an inequality"),
        (system("x + = 2"), Status.MALFORMED, "cannot be read"),
        (system("x = 1", asked="2 + ("), Status.MALFORMED, "cannot be read"),
    ],
    ids=lambda value: value.source if isinstance(value, Equations) else "",
)
async def test_not_solved_and_why(
    backend: SympyBackend, equations: Equations, status: Status, said: str
) -> None:
    outcome = await backend.run(equations, LIMITS)
    assert outcome.status is status, outcome
    assert outcome.answer is None
    assert said in outcome.evidence["error"]


async def test_what_never_ends_is_killed_and_the_pool_serves_on(backend: SympyBackend) -> None:
    outcome = await backend.run(Equations(asked="9**9**9 + x"), Limits(seconds=1.0, cpu_seconds=1))
    assert outcome.status in (Status.TIMEOUT, Status.OUT_OF_MEMORY)
    assert (await backend.run(system("2x = 4"), LIMITS)).answer == 2


async def test_a_relation_that_is_an_attack_runs_isolated(backend: SympyBackend) -> None:
    attack = "x = len(open('/etc/passwd').read())"
    outcome = await backend.run(system(attack), LIMITS)
    assert outcome.status is Status.MALFORMED
    leave = "x = open('left', 'w').write('something')"
    await backend.run(system(leave), LIMITS)
    outcome = await backend.run(system("x = open('left').read()"), LIMITS)
    assert outcome.status is Status.MALFORMED


async def test_programs_and_equations_share_one_pool() -> None:
    pool = Pool(workers=1)
    try:
        program = await pool.run(RunProgram("def solution(): return 1"), LIMITS)
        assert program.answer == 1
        assert (await SympyBackend(pool).run(system("2x = 4"), LIMITS)).answer == 2
    finally:
        pool.close()


def test_it_is_a_backend(backend: SympyBackend) -> None:
    assert isinstance(backend, Backend)


def test_equations_that_ask_nothing_are_refused() -> None:
    with pytest.raises(OptionError, match="nothing is asked"):
        Equations()
    with pytest.raises(OptionError, match="come together"):
        Equations(("x = 1",))


def test_a_digest_tells_systems_apart() -> None:
    assert system("x = 1").digest == system("x = 1").digest
    assert system("x = 1").digest != system("x = 1", domain="integer").digest
