"""Solutions as a person reads them; nothing that a model wrote commands the terminal."""

from __future__ import annotations

import datetime
import io
from dataclasses import replace
from fractions import Fraction

import pytest
from rich.console import Console

from neurosym.backends.optimization.findings import Findings
from neurosym.backends.optimization.task import Ending
from neurosym.candidate import Check, CheckState, Outcome
from neurosym.cli.render import print_solution
from neurosym.cli.render_model import decision
from neurosym.formal.optimization.language.reader import read_model
from neurosym.presentation.text import decimal_text, format_answer, printable
from neurosym.selection.majority import Majority
from neurosym.solution import Abstention, AbstentionReason, Selection, Solution, Usage
from neurosym.status import Status
from neurosym.values import Value
from tests.builders import candidate, labels


@pytest.mark.parametrize(
    ("answer", "shown"),
    [
        (60, "60"),
        (60.0, "60"),
        (2.5, "2.5"),
        (0.1 + 0.2, "0.3"),
        (123456789012.25, "123456789012.25"),
        (Fraction(1, 3), "1 / 3"),
        (Fraction(25, 2), "25 / 2 = 12.5"),
        (Fraction(-1, 8), "-1 / 8 = -0.125"),
        (Fraction(10**40 + 1, 10), f"{10**40 + 1} / 10"),
        (Fraction(0.1), "0.1"),
        (Fraction(0.1) / 3, "≈ 0.0333333333333"),
        (Fraction(10**400, 10**9 + 7), f"{10**400} / {10**9 + 7}"),
        (True, "yes"),
        (False, "no"),
        ("B", "B"),
        (datetime.date(2024, 2, 29), "2024-02-29"),
        ((1, 2), "[1, 2]"),
        (frozenset({2, 1}), "{1, 2}"),
        ({"x": 1}, "{'x': 1}"),
    ],
)
def test_answers_are_written_as_people_write_them(answer: Value, shown: str) -> None:
    assert format_answer(answer) == shown


def test_an_answer_of_any_length_is_cut_and_says_so() -> None:
    assert "characters; --json has them all" in format_answer(10**50_000)
    assert len(format_answer("a" * 99_999)) < 1_100


def test_a_number_has_ten_digits_however_large_it_is() -> None:
    assert decimal_text(Fraction(1, 3)) == "0.3333333333"
    assert decimal_text(Fraction(30000001, 10**7)) == "3.0000001"
    assert decimal_text(Fraction(7 * 10**616)) == "7.000000000e+616"


def test_control_characters_are_shown_not_obeyed() -> None:
    assert printable("a\x1b[2Jb\x07\u202ec\n\td") == "a\\x1b[2Jb\\x07\\u202ec\n\td"
    assert printable("\ud800") == "\\ud800"
    assert format_answer("\x1b]0;title\x07") == "\\x1b]0;title\\x07"


def solution(*answers: Value) -> Solution:
    candidates = [
        candidate(i, answer, checks={"units": CheckState.FAILED} if i else None)
        for i, answer in enumerate(answers)
    ]
    found = labels(candidates)
    selection = Majority().select(candidates, found)
    chosen = selection.candidate
    return Solution(
        problem_id="p",
        answer=None if chosen is None else candidates[chosen].answer,
        abstention=None if chosen is not None else Abstention(AbstentionReason.NO_SUPPORT, "why"),
        confidence=0.8,
        selection=selection,
        labels=found,
        candidates=tuple(candidates),
        usage=Usage(3, 100, 50, 2.0),
    )


def test_an_answer_comes_with_what_it_rests_on(capsys: pytest.CaptureFixture[str]) -> None:
    print_solution(solution(60, 60, 61, None), explain=True)
    shown = capsys.readouterr().out
    assert "return 60" in shown
    assert "2 of 4 samples agree, confidence 0.80, 50 tokens, 2.0 s" in shown
    assert "units ×1" in shown
    assert "none: 1 failed" in shown


def test_an_abstention_says_why(capsys: pytest.CaptureFixture[str]) -> None:
    print_solution(solution(None, None), explain=False)
    assert "no answer: no support (why)" in capsys.readouterr().out


def test_an_abstention_tells_what_conflicts_without_being_asked(
    capsys: pytest.CaptureFixture[str],
) -> None:
    conflict = "these cannot hold together: a: x <= 1 (“At most 1.”); b: x >= 2 (“At least\x1b 2.”)"
    found = solution(None)
    outcome = Outcome(Status.INFEASIBLE, evidence={"reason": conflict})
    [only] = found.candidates
    only = replace(only, verdict=replace(only.verdict, outcome=outcome))
    print_solution(replace(found, candidates=(only,)), explain=False)
    shown = " ".join(capsys.readouterr().out.split())
    assert "“At most 1.”" in shown
    assert "“At least\\x1b 2.”" in shown


def test_a_solution_without_candidates_can_be_shown(capsys: pytest.CaptureFixture[str]) -> None:
    empty = Solution(
        problem_id="p",
        answer=None,
        abstention=Abstention(AbstentionReason.TOO_LONG, "why"),
        confidence=0.0,
        selection=Selection(None, None),
    )
    print_solution(empty, explain=True)
    assert "no answer: too long (why)" in capsys.readouterr().out


def test_a_hostile_program_cannot_reach_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    print_solution(solution("\x1b[31mred", "\x1b[31mred"), explain=True)
    assert "\x1b[31m" not in capsys.readouterr().out


def test_what_failed_of_the_answer_is_told_without_being_asked(
    capsys: pytest.CaptureFixture[str],
) -> None:
    found = solution(60, 60, 61)
    print_solution(found, explain=False)
    assert "✗" not in capsys.readouterr().out
    failed = Check("units", CheckState.FAILED, "it is in eggs\x1b, not in crates")
    first, *others = found.candidates
    first = replace(first, verdict=replace(first.verdict, checks=(failed,)))
    print_solution(replace(found, candidates=(first, *others)), explain=False)
    assert "✗ units: it is in eggs\\x1b, not in crates" in capsys.readouterr().out


def test_names_that_differ_in_their_ends_are_told_apart_on_a_narrow_terminal() -> None:
    words = "Every plant ships no more than it makes in a week, whatever the markets ask for."
    model = read_model(
        "set Plants = first_of_all_plants, second_of_all_plants\n"
        f'var tonnes_shipped_from{{p in Plants}} >= 0 <= 9 "{words}"\n'
        "maximize sum{p in Plants} tonnes_shipped_from[p]\n"
        f'most_shipped_from{{p in Plants}} @1: tonnes_shipped_from[p] <= 5 "{words}"\n'
    )
    values = (Fraction(5), Fraction(5))
    found = Findings(Ending.OPTIMAL, "s", "r", values=values, objective=Fraction(10))
    console = Console(width=60, record=True, file=io.StringIO())
    console.print(decision(model, found, ""))
    shown = console.export_text()
    cells = "".join(line.split("│")[1].strip() for line in shown.splitlines() if "│" in line)
    assert "…" not in shown
    assert "most_shipped_from[first_of_all_plants]" in cells
    assert "most_shipped_from[second_of_all_plants]" in cells
