"""Programs in sections."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from neurosym.errors import FormulaError, InexpressibleError
from neurosym.formal.fol.dialects.sections import (
    Program,
    balance,
    fault,
    placed,
    print_sections,
    read_sections,
    with_sentence,
)

NAMES = ("Predicates", "Premises", "Conclusion")
TEXT = """Predicates:
P(x) ::: x is tall
Premises:
  P(a) ::: a is tall ::: really

P(b)
Conclusion:
P(c)
"""


def kinds(program: Program) -> list[str]:
    return [repair.kind for repair in program.repairs]


def formulas(program: Program, name: str) -> list[str]:
    return [line.text for line in program.sections[name]]


def test_lines_know_their_sentence_and_place() -> None:
    program = read_sections(TEXT, NAMES, needed=NAMES)
    first, second = program.sections["Premises"]
    assert (first.text, first.sentence) == ("P(a)", "a is tall ::: really")
    assert (first.number, first.column) == (4, 3)
    assert (second.text, second.sentence, second.number) == ("P(b)", "", 6)
    assert kinds(program) == []


def test_hash_headings() -> None:
    program = read_sections("# A\nx\n# B\ny", ("A", "B"), mark="#", needed=("A", "B"))
    assert (formulas(program, "A"), formulas(program, "B")) == (["x"], ["y"])


@pytest.mark.parametrize(
    ("text", "problem", "line"),
    [
        ("P(a)\nPremises:\n", "there is text before the first section", 1),
        ("Premises:\nP(a)\nPremises:\nP(b)\nConclusion:\nP(c)", "is there twice", 3),
        ("Premises:\nP(a)\nGoal:\nP(b)", "there is no section 'Goal'", 3),
        ("Premises:\nP(a)\n", "there is no section Predicates", 2),
        ("", "there is no section Predicates", 1),
        ("\x00", "there is text before the first section", 1),
    ],
)
def test_strict_errors_have_a_place(text: str, problem: str, line: int) -> None:
    with pytest.raises(FormulaError, match=problem) as error:
        read_sections(text, NAMES, needed=NAMES)
    assert error.value.line == line
    assert "^" in str(error.value)


@pytest.mark.parametrize(
    "heading",
    ["premises:", "**Premises:**", "## Premises", "Premise:", "PREMISES", "2. Premises:", "Given:"],
)
def test_headings_written_otherwise(heading: str) -> None:
    text = f"Predicates:\n{heading}\nP(a)\nConclusion:\nP(b)"
    program = read_sections(text, NAMES, needed=NAMES, tolerant=True, aliases={"given": "Premises"})
    assert formulas(program, "Premises") == ["P(a)"]
    assert kinds(program) == ["section heading"]


def test_text_on_the_line_of_a_heading() -> None:
    program = read_sections("Premises: P(a) ::: so\nConclusion: P(b)", NAMES, tolerant=True)
    (line,) = program.sections["Premises"]
    assert (line.text, line.sentence, line.column) == ("P(a)", "so", 11)
    assert kinds(program) == ["section heading"] * 2


def test_what_stands_around_a_program_is_left_out() -> None:
    text = "Here it is.\n```\nPredicates:\nPremises:\nP(a)\nConclusion:\nP(b)\n```"
    program = read_sections(text, NAMES, needed=NAMES, tolerant=True)
    assert formulas(program, "Conclusion") == ["P(b)"]
    assert kinds(program) == ["commentary"] * 3


def test_parts_are_joined_and_missing_sections_are_empty() -> None:
    program = read_sections(
        "Premises:\nP(a)\nConclusion:\nP(b)\nPremises:\nP(c)", NAMES, needed=NAMES, tolerant=True
    )
    assert formulas(program, "Premises") == ["P(a)", "P(c)"]
    assert formulas(program, "Predicates") == []
    assert kinds(program) == ["repeated section", "missing section"]


def test_a_text_without_any_section_is_no_program() -> None:
    with pytest.raises(FormulaError, match="there is no section"):
        read_sections("I do not know.", NAMES, needed=NAMES, tolerant=True)


def test_a_line_that_looks_like_a_heading_but_has_a_sentence_is_a_line() -> None:
    program = read_sections("Premises:\nPremises ::: x", NAMES)
    assert formulas(program, "Premises") == ["Premises"]


def test_errors_about_a_line_are_placed_in_the_program() -> None:
    program = read_sections(TEXT, NAMES)
    line = program.sections["Premises"][0]
    with pytest.raises(FormulaError) as error, placed(program, line):
        raise fault("wrong", line.text, 2)
    assert (error.value.line, error.value.column) == (4, 5)
    shown = r"line 4, column 3: wrong\n  Q\(a\)\n    \^"
    with pytest.raises(FormulaError, match=shown), placed(program, line, "Q(a)"):
        raise fault("wrong", "Q(a)", 2)


@pytest.mark.parametrize(
    ("text", "balanced"),
    [
        ("f(a", "f(a)"),
        ("f(a))", "f(a)"),
        ("f([a, b)", "f([a, b])"),
        (")f(a)", "f(a)"),
        ("f(a]", "f(a)"),
        ("f(g(a), [b])", "f(g(a), [b])"),
    ],
)
def test_balance(text: str, balanced: str) -> None:
    assert balance(text) == balanced


@given(st.text(alphabet="()[]ab, ", max_size=40))
def test_balance_always_ends_in_balance(text: str) -> None:
    once = balance(text)
    assert balance(once) == once
    assert once.count("(") == once.count(")") and once.count("[") == once.count("]")
    assert [char for char in once if char not in "()[]"] == [
        char for char in text if char not in "()[]"
    ]


@given(st.lists(st.text(alphabet="abc(), ", min_size=1).filter(lambda s: s.strip() == s)))
def test_what_is_printed_is_read(lines: list[str]) -> None:
    text = print_sections({"Premises": lines, "Conclusion": ["q"]})
    program = read_sections(text, NAMES, needed=("Premises", "Conclusion"))
    assert formulas(program, "Premises") == lines
    assert formulas(program, "Conclusion") == ["q"]


def test_sentences() -> None:
    assert with_sentence("p", "two\n lines") == "p ::: two lines"
    assert with_sentence("p", "") == "p"
    with pytest.raises(InexpressibleError):
        with_sentence('"a ::: b"', "")


def test_a_text_that_is_too_long() -> None:
    with pytest.raises(FormulaError, match="characters long"):
        read_sections("a" * 1_000_001, NAMES)
