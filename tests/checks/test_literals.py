"""Which numbers a program holds, and which of them its answer can depend on."""

from __future__ import annotations

import time
from fractions import Fraction

import pytest
from hypothesis import given

from neurosym.checks.literals import MAX_SOURCE, ProgramNumbers, analyse
from neurosym.formal.program import Program
from tests.checks.texts import sources


def numbers(*lines: str) -> ProgramNumbers:
    found = analyse(Program("def solution():\n" + "".join(f"    {line}\n" for line in lines)))
    assert found is not None
    return found


def fractions(*texts: str | int) -> set[Fraction]:
    return {Fraction(text) for text in texts}


@pytest.mark.parametrize(
    ("lines", "live"),
    [
        (["return 5"], {5}),
        (["x = 5", "return x"], {5}),
        (["x = 5", "y = x", "return y"], {5}),
        (["x = 5", "x += 3", "return x"], {5, 3}),
        (["x, y = 5, 3", "return y"], {5, 3}),  # errs towards calling a number used
        (["x = []", "x.append(5)", "return x"], {5}),
        (["x = {}", "x['a'] = 5", "return x"], {5}),
        (["x = 2", "for i in range(5):", "    x += i", "return x"], {2, 5}),
        (["x = 2", "while x < 100:", "    x *= 3", "return x"], {2, 100, 3}),
        (["if 5 > 3:", "    return 1"], {5, 3, 1}),
        (["f = lambda n: n * 3", "return f(2)"], {3, 2}),
        (["def f(n=4):", "    return n * 3", "return f()"], {3, 4}),
        (["return sum(i * 3 for i in (4, 5))"], {3, 4, 5}),
        (["try:", "    x = 5", "except ValueError:", "    x = 6", "return x"], {5, 6}),
        (["from sympy import Rational", "return Rational('0.15')"], {"0.15"}),
        (["x: int = 5", "return x"], {5}),
        (["return 0.15"], {"0.15"}),  # as written, not as the nearest float
        (["return f'{5} km'"], {5}),
        (["return '1,234'"], {1234}),
        (["x = 5", "assert x == 3", "return 'A'"], {5}),
    ],
)
def test_numbers_that_reach_the_answer(lines: list[str], live: set[str | int]) -> None:
    assert numbers(*lines).live == fractions(*live)


@pytest.mark.parametrize(
    "lines",
    [
        ["x = 5", "return 2"],
        ["x = 5", "y = x", "return 2"],
        ["def f():", "    return 5", "return 2"],
        ["x = [5]", "x.append(5)", "return 2"],
        ["assert 5 == 5", "return 2"],
        ["print(5)", "return 2"],
        ['"""Five is 5."""', "return 2"],
        ["# 5", "return 2"],
        ["x5 = 2", "return x5"],
        ["from sympy import symbols", "x5 = symbols('x5')", "return x5 * 2"],
    ],
)
def test_numbers_that_cannot_reach_the_answer(lines: list[str]) -> None:
    assert 5 not in numbers(*lines).live


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("24 * 60", "1440"),
        ("3 / 4", "3/4"),
        ("1 + 1/2", "3/2"),
        ("-5", "-5"),
        ("1 - 15 / 100", "17/20"),
        ("7 // 2", "3"),
        ("2 ** 10", "1024"),
        ("10 ** -2", "1/100"),
    ],
)
def test_arithmetic_on_numbers_alone_counts_as_its_result(expression: str, value: str) -> None:
    assert Fraction(value) in numbers(f"return x * ({expression})").live


@pytest.mark.parametrize(
    "expression", ["1 / 0", "5 // 0", "0 ** -1", "2 ** 10 ** 9", "9 ** 9 ** 9"]
)
def test_arithmetic_without_a_result_or_end_is_left_alone(expression: str) -> None:
    assert len(numbers(f"return {expression}").live) <= 4


def test_every_literal_is_known_whether_it_reaches_the_answer_or_not() -> None:
    found = numbers("x = 5", "print(7)", "assert x == 9", "return 2")
    assert found.literals == fractions(5, 2)


@pytest.mark.parametrize(
    "source", ["def solution(:", "x = '\x00'", "\ud800", "x" * (MAX_SOURCE + 1), "(" * 1000, ""]
)
def test_what_cannot_be_parsed_has_no_numbers(source: str) -> None:
    found = analyse(Program(source))
    assert found is None or found == ProgramNumbers(frozenset(), frozenset())


def test_another_entry_can_be_asked_about() -> None:
    program = Program("def check():\n    return 5\n\ndef solution():\n    return 2\n", "check")
    found = analyse(program)
    assert found is not None
    assert found.live == fractions(5)


@given(sources)
def test_any_source_can_be_analysed(source: str) -> None:
    assert isinstance(analyse(Program(source)), ProgramNumbers | None)


@pytest.mark.parametrize(
    "line",
    [
        "a = " * 20_000 + "1",
        "".join(f"a{i} = " for i in range(12_000)) + "1",
        ", ".join(f"a{i}" for i in range(12_000)) + " = 1",
        "a = 1; " * 12_000,
        "".join(f"a{i} = a{i - 1}; " for i in range(1, 6_000)),
        "return [" + "1, " * 30_000 + "]",
        "return " + "+".join(["1.5"] * 400),
        "return '" + "1 " * 40_000 + "'",
    ],
    ids=lambda line: f"{line[:16]}…{len(line)}",
)
def test_a_long_program_is_analysed_in_bounded_time(line: str) -> None:
    start = time.process_time()
    analyse(Program(f"def solution():\n    {line}\n    return a1\n"))
    assert time.process_time() - start < 20
