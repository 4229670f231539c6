"""Constraint problems."""

import time
from collections.abc import Callable
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from neurosym.errors import FormulaError, InexpressibleError, SortError
from neurosym.formal.fol.dialects.base import Dialect, make_theory
from neurosym.formal.fol.dialects.csp import Csp
from neurosym.formal.fol.signature import Enumeration, Range, Signature, SymbolType
from neurosym.formal.fol.syntax import (
    And,
    Apply,
    Arithmetic,
    Atom,
    Distinct,
    Equals,
    Formula,
    Implies,
    Less,
    LessEqual,
    Not,
    Number,
    Or,
    Term,
    Truth,
)
from neurosym.formal.fol.theory import Option, OptionTest, Statement, Theory

CSP = Csp()
A, B, C = Apply("a"), Apply("b"), Apply("c")
SURE = Option("A", Truth(True))
ONE, TWO = Number(Fraction(1)), Number(Fraction(2))

PROGRAM = """Domain:
1: oldest
3: newest
Variables:
sedan [IN] [1, 2, 3]
truck [IN] [1, 2, 3]
Constraints:
sedan > truck ::: The sedan is newer.
AllDifferentConstraint([sedan, truck])
Query:
A) truck == 1 ::: The truck is the oldest.
B) sedan != 2
"""


def program(
    constraints: str = "",
    query: str = "A) a == 1",
    variables: str = "a [IN] [1, 2, 3]\nb [IN] [1, 2, 3]",
    domain: str = "",
) -> str:
    parts = (
        "Domain:",
        domain,
        "Variables:",
        variables,
        "Constraints:",
        constraints,
        "Query:",
        query,
    )
    return "\n".join(part for part in parts if part)


def tolerant(**parts: str) -> Theory:
    return CSP.parse_theory(program(**parts), tolerant=True)


def kinds(theory: Theory) -> list[str]:
    return [repair.kind for repair in theory.repairs]


def value(term: Term | Formula, values: dict[str, int]) -> int | bool:
    """What a term or formula is, so that readings can be compared by what they mean."""
    match term:
        case Apply(function=name):
            return values[name]
        case Number(value=number):
            return int(number)
        case Arithmetic(operator=operator, left=left, right=right):
            a, b = value(left, values), value(right, values)
            return {"+": a + b, "-": a - b, "*": a * b}[operator]
        case Equals(left=left, right=right):
            return value(left, values) == value(right, values)
        case Less(left=left, right=right):
            return value(left, values) < value(right, values)
        case LessEqual(left=left, right=right):
            return value(left, values) <= value(right, values)
        case Not(body=body):
            return not value(body, values)
        case And(parts=parts):
            return all(value(part, values) for part in parts)
        case Or(parts=parts):
            return any(value(part, values) for part in parts)
        case _:
            raise AssertionError(term)


# What is written and read

CONSTANTS = {"a": "Position", "b": "Position", "red car": "Position_2", "not": "Position_2"}
SORTS = {"Position": Range((1, 2, 3)), "Position_2": Range((-5, 0, 10))}
SIGNATURE = Signature(
    sorts=SORTS, functions={name: SymbolType((), sort) for name, sort in CONSTANTS.items()}
)
TERMS = st.recursive(
    st.one_of(
        st.sampled_from(sorted(CONSTANTS)).map(Apply),
        st.fractions(-9, 9, max_denominator=1).map(Number),
    ),
    lambda inner: st.builds(Arithmetic, st.sampled_from(["+", "-", "*"]), inner, inner),
    max_leaves=4,
)
COMPARISONS = st.one_of(
    st.builds(Equals, TERMS, TERMS),
    st.builds(Less, TERMS, TERMS),
    st.builds(LessEqual, TERMS, TERMS),
    st.lists(TERMS, min_size=2, max_size=3).map(lambda terms: Distinct(tuple(terms))),
    st.booleans().map(Truth),
)
FORMULAS = st.recursive(
    COMPARISONS,
    lambda inner: st.one_of(
        inner.map(Not),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: And(tuple(parts))),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: Or(tuple(parts))),
    ),
    max_leaves=6,
)
OPTIONS = st.lists(st.tuples(FORMULAS, st.sampled_from(["", "Words."])), min_size=1, max_size=5)


@given(FORMULAS)
def test_formulas_round_trip(formula: Formula) -> None:
    assert CSP.parse_formula(CSP.print_formula(formula)) == formula


@given(st.lists(st.builds(Statement, FORMULAS, st.sampled_from(["", "So."])), max_size=4), OPTIONS)
def test_theories_round_trip(premises: list[Statement], drawn: list[tuple[Formula, str]]) -> None:
    options = [
        Option("ABCDE"[i], formula, OptionTest.MUST, sentence)
        for i, (formula, sentence) in enumerate(drawn)
    ]
    theory = make_theory(premises, options=options, declared=SIGNATURE)
    text = CSP.print_theory(theory)
    expected = Theory(theory.premises, None, theory.options, theory.signature, text)
    assert CSP.parse_theory(text) == expected
    assert CSP.parse_theory(text, tolerant=True) == expected


def test_names_as_values_round_trip() -> None:
    theory = CSP.parse_theory(
        program("a != green", "A) a == b", "a [IN] [red, green]\nb [IN] [red, green]")
    )
    assert theory.signature.sorts == {"Position": Enumeration(("red", "green"))}
    assert theory.premises[0].formula == Not(Equals(A, Apply("green")))
    text = CSP.print_theory(theory)
    assert CSP.parse_theory(text) == Theory(
        theory.premises, None, theory.options, theory.signature, text
    )


def test_the_example_of_the_format() -> None:
    theory = CSP.parse_theory(PROGRAM)
    sedan, truck = Apply("sedan"), Apply("truck")
    assert theory.premises == (
        Statement(Less(truck, sedan), "The sedan is newer."),
        Statement(Distinct((sedan, truck))),
    )
    assert theory.options == (
        Option("A", Equals(truck, ONE), OptionTest.MUST, "The truck is the oldest."),
        Option("B", Not(Equals(sedan, TWO))),
    )
    assert theory.signature.sorts == {"Position": Range((1, 2, 3))}
    assert theory.signature.functions["sedan"] == SymbolType((), "Position")
    assert theory.repairs == ()
    assert isinstance(CSP, Dialect)


@pytest.mark.parametrize(
    ("text", "formula"),
    [
        ("a >= b", LessEqual(B, A)),
        ("a < b < c", And((Less(A, B), Less(B, C)))),
        ("a == 7 - 2", Equals(A, Arithmetic("-", Number(Fraction(7)), TWO))),
        ("a == 7-2", Equals(A, Arithmetic("-", Number(Fraction(7)), TWO))),
        ("a == -1", Equals(A, Number(Fraction(-1)))),
        ("a == 1 or a == 2 and not b == 1",
         Or((Equals(A, ONE), And((Equals(A, TWO), Not(Equals(B, ONE))))))),
        ("(a == 1 or a == 2) and b == 1",
         And((Or((Equals(A, ONE), Equals(A, TWO))), Equals(B, ONE)))),
        ("a in [1, b]", Or((Equals(A, ONE), Equals(A, B)))),
        ("a + b * 2 < c", Less(Arithmetic("+", A, Arithmetic("*", B, TWO)), C)),
        ("AllDifferentConstraint(a, b)", Distinct((A, B))),
    ],
)  # fmt: skip
def test_forms(text: str, formula: Formula) -> None:
    assert CSP.parse_formula(text) == formula


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("abs(a - b) == 1", lambda a, b: abs(a - b) == 1),
        ("abs(a - b) != 1", lambda a, b: abs(a - b) != 1),
        ("abs(a - b) > abs(b - 3)", lambda a, b: abs(a - b) > abs(b - 3)),
        ("not abs(a) < 2", lambda a, b: not abs(a) < 2),
        ("2 * abs(a - b) + 1 == 3", lambda a, b: 2 * abs(a - b) + 1 == 3),
        ("abs(abs(a - 2) - b) == 1", lambda a, b: abs(abs(a - 2) - b) == 1),
    ],
)
def test_absolute_values_mean_what_they_say(text: str, holds: Callable[[int, int], bool]) -> None:
    formula = CSP.parse_formula(text)
    for a, b in product(range(-3, 4), repeat=2):
        assert value(formula, {"a": a, "b": b}) == holds(a, b)


def test_rests_of_a_division_are_taken_of_listed_values() -> None:
    formula = CSP.parse_theory(program("a % 2 == 1")).premises[0].formula
    assert [n for n in (1, 2, 3) if value(formula, {"a": n})] == [1, 3]


def test_domains_that_differ_are_different_sorts() -> None:
    theory = CSP.parse_theory(program(variables="a [IN] [1, 2]\nb [IN] [1, 2, 4]\nc [IN] [2, 1]"))
    assert theory.signature.sorts["Position"] == Range((1, 2))
    assert theory.signature.sorts["Position_2"] == Range((1, 2, 4))


@pytest.mark.parametrize(
    "theory",
    [
        Theory((), Statement(Truth(True)), (SURE,)),
        Theory(()),
        Theory((), None, (Option("A", Truth(True), OptionTest.COULD),)),
        Theory((), None, (Option("AA", Truth(True)),)),
        Theory((Statement(Implies(Truth(True), Truth(True))),), None, (SURE,)),
        Theory((Statement(Atom("P")),), None, (SURE,)),
        Theory((Statement(Equals(Apply("f", (A,)), A)),), None, (SURE,)),
        Theory((), None, (SURE,), Signature({}, {"a": SymbolType((), "Int")})),
        Theory((), None, (SURE,), Signature({}, {}, {"P": SymbolType((), "Bool")})),
        Theory((), None, (Option("A", Equals(A, Number(Fraction(1, 3)))),)),
        Theory((), None, (Option("A", Equals(A, Apply('"'))),)),
    ],
)  # fmt: skip
def test_what_cannot_be_said(theory: Theory) -> None:
    with pytest.raises(InexpressibleError):
        CSP.print_theory(theory)


# Strictness


@pytest.mark.parametrize(
    ("parts", "problem", "line", "column"),
    [
        ({"constraints": "a = 1"}, "unexpected '='|unexpected character '='", 6, 3),
        ({"constraints": "a =="}, "ends too early", 6, 5),
        ({"constraints": "c == 1"}, "c is not declared", 6, 1),
        ({"constraints": "a == b == c"}, "c is not declared", 6, 11),
        ({"constraints": "a"}, "a is no predicate", 6, 1),
        ({"constraints": "a + 1"}, "a term stands where a formula", 6, 1),
        ({"constraints": "(a == 1"}, "ends too early", 6, 8),
        ({"constraints": "a == 1)"}, r"unexpected '\)'", 6, 7),
        ({"constraints": "AllDifferentConstraint([a])"}, "needs two terms", 6, 1),
        ({"constraints": "a == 1 -> b == 1"}, "does not join", 6, 8),
        ({"constraints": "a \x00 1"}, "unexpected character", 6, 3),
        ({"query": "a == 1"}, "this is no option", 7, 1),
        ({"query": "A) a == 1\nA) a == 2"}, "two options A", 8, 1),
        ({"query": "A) a == x"}, "x is not declared", 7, 9),
        ({"query": ""}, "nothing is asked", 6, 7),
        ({"variables": "a [IN] [1, 2]\na [IN] [1, 2]"}, "a is declared twice", 4, 1),
        ({"variables": "a [IN] [1, 1]"}, "needs values", 3, 1),
        ({"variables": "a [IN] []"}, "needs values", 3, 1),
        ({"variables": "a [IN] [1, x]"}, "needs values", 3, 1),
        ({"variables": "a [IN] [1, 2"}, "ends too early", 3, 13),
        ({"variables": "a == 1"}, "declares no variable", 3, 1),
        ({"variables": "a [IN] [x, y]\nb [IN] [x, z]"}, "stands for two things", 4, 1),
        ({"domain": "oldest"}, "does not say what a value means", 2, 1),
    ],
)
def test_strict_errors(parts: dict[str, str], problem: str, line: int, column: int) -> None:
    with pytest.raises(FormulaError, match=problem) as error:
        CSP.parse_theory(program(**parts))
    assert (error.value.line, error.value.column) == (line, column)
    assert str(error.value).splitlines()[-1].rstrip().endswith("^")
    assert error.value.hint


def test_numbers_beside_names_are_an_error() -> None:
    with pytest.raises(FormulaError, match="a number stands beside members of Position"):
        CSP.parse_theory(program("a == 1", "A) a == x", "a [IN] [x, y]"))


def test_values_of_two_lists_cannot_be_compared() -> None:
    with pytest.raises(SortError, match="different sorts"):
        CSP.parse_theory(program("a == b", "A) a == x", "a [IN] [x, y]\nb [IN] [v, w]"))


def test_deep_nesting_is_an_error() -> None:
    with pytest.raises(FormulaError, match="nested more than"):
        CSP.parse_formula("not " * 5000 + "a == 1")
    with pytest.raises(FormulaError, match="too much 'abs'"):
        CSP.parse_formula(" + ".join(["abs(a)"] * 20) + " == 1")


def test_many_constraints_are_read_fast() -> None:
    constraints = "\n".join(f"a != b + {i} ::: number {i}" for i in range(5000))
    started = time.perf_counter()
    assert len(CSP.parse_theory(program(constraints)).premises) == 5000
    assert time.perf_counter() - started < 20


# Tolerance: each change is recorded


@pytest.mark.parametrize(
    ("parts", "kind", "expected"),
    [
        ({"constraints": "a = 1"}, "operator spelling", "a == 1"),
        ({"constraints": "a ≠ b"}, "operator spelling", "a != b"),
        ({"constraints": "a => b"}, "operator spelling", "a >= b"),
        ({"constraints": "a == 1 || b == 1 && !(a == b)"}, "operator spelling",
         "a == 1 or b == 1 and not a == b"),
        ({"constraints": "AllDifferent([a, b])"}, "operator spelling",
         "AllDifferentConstraint([a, b])"),
        ({"constraints": "AllDifferentConstraint([a, b)"}, "brackets",
         "AllDifferentConstraint([a, b])"),
        ({"constraints": "AllDifferentConstraint({a, b})"}, "brackets",
         "AllDifferentConstraint([a, b])"),
        ({"constraints": "a == 1)"}, "brackets", "a == 1"),
        ({"constraints": "a == 1."}, "punctuation", "a == 1"),
        ({"constraints": "A == 1"}, "variant names", "a == 1"),
        ({"constraints": "a == last", "domain": "3: last"}, "value in words", "a == 3"),
        ({"constraints": "a == most recent", "domain": "3: most recent"}, "value in words",
         "a == 3"),
        ({"constraints": "a == d"}, "undeclared", "a == d"),
    ],
)  # fmt: skip
def test_repairs_of_constraints(parts: dict[str, str], kind: str, expected: str) -> None:
    with pytest.raises(FormulaError):
        CSP.parse_theory(program(**parts))
    theory = tolerant(**parts)
    assert set(kinds(theory)) == {kind}
    assert theory.premises[0].formula == CSP.parse_formula(expected)


@pytest.mark.parametrize(
    ("variables", "kind"),
    [
        ("a in [1, 2, 3]", "domain"),
        ("a: [1, 2, 3]", "domain"),
        ("a [IN] {1, 2, 3}", "domain"),
        ("a [IN] [1..3]", "domain"),
        ("a [IN] [1-3]", "domain"),
    ],
)
def test_domains_written_otherwise(variables: str, kind: str) -> None:
    theory = tolerant(variables=variables)
    assert theory.signature.sorts == {"Position": Range((1, 2, 3))}
    assert set(kinds(theory)) == {kind}


def test_names_that_are_no_identifiers() -> None:
    theory = tolerant(
        variables="red car [IN] [1, 2]\n2-door [IN] [1, 2]",
        constraints="red car > 2-door",
        query="A) red car == 2",
    )
    assert kinds(theory) == ["name spelling", "name spelling"]
    assert theory.premises[0].formula == Less(Apply("_2_door"), Apply("red_car"))
    assert theory.options[0].formula == Equals(Apply("red_car"), TWO)


def test_values_that_are_no_identifiers() -> None:
    theory = tolerant(variables="a [IN] [least old, most old]", query="A) a == most old")
    assert theory.signature.sorts == {"Position": Enumeration(("least_old", "most_old"))}
    assert theory.options[0].formula == Equals(A, Apply("most_old"))


def test_names_compared_with_numbers_are_numbered() -> None:
    theory = tolerant(variables="a [IN] [low, high]", constraints="a == 1", query="A) a == high")
    assert theory.signature.sorts == {"Position": Range((1, 2))}
    assert theory.options[0].formula == Equals(A, TWO)
    assert kinds(theory) == ["numbered members"]


@pytest.mark.parametrize("query", ["(A) a == 1", "A. a == 1", "A: a == 1", "a) a == 1"])
def test_options_written_otherwise(query: str) -> None:
    theory = tolerant(query=query)
    assert theory.options == (Option("A", Equals(A, ONE)),)
    assert kinds(theory) == ["option"]


def test_words_around() -> None:
    theory = tolerant(
        constraints="None",
        query="Which is true?\nA) a == 1",
        domain="first to last",
    )
    assert kinds(theory) == ["commentary"] * 3
    assert theory.premises == ()


def test_variables_under_domain() -> None:
    theory = tolerant(domain="c [IN] [1, 2, 3]", constraints="c == a")
    assert kinds(theory) == ["section"]
    assert theory.premises[0].formula == Equals(C, A)


def test_a_variable_declared_twice() -> None:
    theory = tolerant(variables="a [IN] [1, 2]\na [IN] [1, 2]")
    assert kinds(theory) == ["declared twice"]
    with pytest.raises(FormulaError, match="declared twice"):
        tolerant(variables="a [IN] [1, 2]\na [IN] [1, 2, 3]")


def test_missing_sections() -> None:
    theory = CSP.parse_theory("Variables:\na [IN] [1]\nQuery:\nA) a == 1", tolerant=True)
    assert kinds(theory) == ["missing section", "missing section"]


@pytest.mark.parametrize(
    "parts",
    [
        {"constraints": "the first is a"},
        {"constraints": "a == 1 2"},
        {"query": "A) the first"},
        {"domain": "a > b"},
        {"query": "a == 1"},
        {"query": "A) a == 1\nA) a == 2"},
        {"variables": "a and b are between 1 and 3"},
    ],
)
def test_what_means_nothing_is_an_error_tolerantly_too(parts: dict[str, str]) -> None:
    with pytest.raises(FormulaError, match="line"):
        tolerant(**parts)


@given(st.text(alphabet="ab12=!<>+-*()[], INand\n:.", max_size=50))
def test_any_text_is_read_or_refused(text: str) -> None:
    for part in ("constraints", "query", "variables", "domain"):
        try:
            theory = tolerant(**{part: text or "a == 1"})
        except (FormulaError, SortError) as error:
            assert error.hint
        else:
            assert theory.options
