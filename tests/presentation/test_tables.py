"""Tables in HTML, and solutions shown by them."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from html.parser import HTMLParser

from neurosym.backends.base import Limits
from neurosym.backends.optimization.backend import OptimizationBackend
from neurosym.backends.optimization.findings import found_of
from neurosym.candidate import Candidate, Completion, Outcome, Verdict
from neurosym.formal.optimization.language.reader import read_model
from neurosym.optimizing import solve_model
from neurosym.presentation.decision import decision_table, limits_table
from neurosym.presentation.limits import limits_of
from neurosym.presentation.solution import vote_table, why_not
from neurosym.solution import Abstention, AbstentionReason, Selection, Solution
from neurosym.status import Status
from neurosym.tables import Table, html_of_tables
from tests.builders import candidate


class Cells(HTMLParser):
    """Gathers the cells of each row."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.in_cell = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")
            self.in_cell = True

    def handle_endtag(self, tag: str) -> None:
        self.in_cell = False

    def handle_data(self, data: str) -> None:
        if self.in_cell:
            self.rows[-1][-1] += data


def test_a_table_is_escaped_and_an_empty_one_says_so() -> None:
    tables = [Table("<t>", ("a", "b"), (("<b>1</b>", "&"),)), Table("none", (), (), "nothing here")]
    text = html_of_tables("x < y", tables, "c")
    assert "<b>1" not in text
    assert "x &lt; y" in text
    assert Cells(text).rows == [["a", "b"], ["<b>1</b>", "&"], ["nothing here"]]


async def boats() -> Solution:
    """A solution that rests on a model."""
    model = read_model(
        'var trips integer >= 0 unit "trips" "boats sent"\n'
        'maximize ducks: 30 * trips unit "ducks"\n'
        'most @1: trips <= 12 "At most 12 trips."'
    )
    backend = OptimizationBackend(workers=1)
    try:
        outcome = await backend.run(model, Limits(seconds=10))
    finally:
        await backend.aclose()
    completion = Completion("", None, 0, 0, "stop", 0)
    found = Candidate(0, completion, model, Verdict(outcome, score=1.0))
    return Solution(
        "p", outcome.answer, None, 0.75, Selection(0, 0, (1.0,), 1.0, (1.0,)), (0,), (found,)
    )


async def test_a_notebook_shows_the_decision_its_limits_and_the_vote() -> None:
    solution = await boats()
    html = solution._repr_html_()
    assert "360 (confidence 0.75)" in html
    rows = Cells(html).rows
    assert ["trips", "12", "trips boats sent"] in rows
    assert ["ducks", "360", "ducks"] in rows
    [limit] = [row for row in rows if row[0] == "most"]
    assert limit[:3] == ["most", "trips <= 12", "binding"]
    assert limit[-1] == "1: At most 12 trips."
    assert ["360", "1", "100%", ""] in rows


async def test_the_vote_table_has_the_chosen_answer_first() -> None:
    table = vote_table(await boats())
    assert table.columns == ("answer", "samples", "vote", "checks failed")
    assert table.rows == (("360", "1", "100%", ""),)


def test_an_abstention_is_shown_with_its_reason() -> None:
    reason = Abstention(AbstentionReason.BUDGET, "spent & gone")
    html = Solution("p", None, reason, 0.0, Selection(None, None))._repr_html_()
    assert "no answer: budget (spent &amp; gone)" in html
    assert "<table>" not in html


def without_answer(index: int, status: Status, logprob: float, **evidence: str) -> Candidate:
    completion = Completion("", (logprob,), 0, 1, "stop", index)
    return Candidate(index, completion, None, Verdict(Outcome(status, evidence=evidence)))


def test_an_abstention_tells_why_by_the_likeliest_of_the_most_common_samples() -> None:
    candidates = (
        without_answer(0, Status.MALFORMED, -0.1, error="it holds no model"),
        without_answer(1, Status.INFEASIBLE, -2.0, reason="unlikely"),
        without_answer(2, Status.INFEASIBLE, -1.0, reason="a <= 1 “At most 1.”; a >= <2>"),
        without_answer(3, Status.INFEASIBLE, -0.5),
    )
    reason = Abstention(AbstentionReason.NO_SUPPORT, "3 infeasible, 1 malformed")
    labels = (-1,) * len(candidates)
    solution = Solution("p", None, reason, 0.0, Selection(None, None), labels, candidates)
    assert why_not(solution) == "a <= 1 “At most 1.”; a >= <2>"
    assert "a &lt;= 1 “At most 1.”; a &gt;= &lt;2&gt;" in solution._repr_html_()
    unread = replace(solution, labels=labels[:1], candidates=candidates[:1])
    assert why_not(unread) == "it holds no model"


async def test_an_answer_needs_no_reason_against_it() -> None:
    assert why_not(await boats()) == ""


def test_the_chosen_answer_is_first_even_in_a_tie() -> None:
    candidates = tuple(candidate(index, answer) for index, answer in enumerate((3, 5)))
    tied = Solution(
        "p", 5, None, 0.5, Selection(1, 1, (1.0, 1.0), 0.5, (1.0, 1.0)), (0, 1), candidates
    )
    assert [row[0] for row in vote_table(tied).rows] == ["5", "3"]


async def test_a_linear_model_has_shadow_prices_if_they_prove_the_optimum() -> None:
    model = read_model("var x >= 0\nvar y >= 0\nmaximize 3 * x + 2 * y\na: x + y <= 4")
    backend = OptimizationBackend(workers=1)
    try:
        outcome = await backend.run(model, Limits(seconds=10))
    finally:
        await backend.aclose()
    known = found_of(outcome)
    assert known is not None
    table = limits_table(*known)
    assert table.columns == ("name", "says", "slack", "shadow price")
    assert table.rows == (("a", "x + y <= 4", "binding", "3"),)
    weaker = replace(known[1], multipliers=(Fraction(4),))
    assert "shadow price" not in limits_table(model, weaker).columns


async def test_of_a_large_model_the_first_limits_and_terms_are_shown() -> None:
    names = [f"x{k}" for k in range(200)]
    lines = [*(f"var {name} >= 0 <= 2" for name in names), f"maximize {' + '.join(names)}"]
    lines += [f"c{k}: {' + '.join(names)} <= {300 + k}" for k in range(80)]
    model = read_model("\n".join(lines))
    backend = OptimizationBackend(workers=1)
    try:
        known = found_of(await backend.run(model, Limits(seconds=20)))
    finally:
        await backend.aclose()
    assert known is not None
    limits, decision = limits_table(*known).rows, decision_table(*known).rows
    assert len(limits) == 61
    assert limits[0][1].endswith("+ x7 + … (192 more) <= 300")
    assert limits[60][:2] == ("…", "and more")
    assert decision[60] == ("… 90 more", "", "")
    [first, *_] = limits_of(*known)
    assert "more" not in first.says, "for programs all is said"


async def test_what_two_prices_of_a_limit_mean_stands_below_the_limits() -> None:
    model = read_model(
        "var x >= 0\nvar y >= 0\nmaximize x + y\na: x <= 1\nb: y <= 1\nc: x + y <= 2"
    )
    shown = solve_model(model)._repr_html_()
    assert "<tfoot>" in shown
    assert "may have two prices" in shown
    assert "<tfoot>" not in model._repr_html_()
