from __future__ import annotations

import importlib.util
import re
import subprocess
import time
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from neurosym.errors import FormulaError, InexpressibleError, SortError
from neurosym.formal.fol.dialects.base import Dialect, make_theory
from neurosym.formal.fol.dialects.tptp import TPTP
from neurosym.formal.fol.dialects.tptp_printer import variable_name, variable_text
from neurosym.formal.fol.syntax import (
    And,
    Apply,
    Arithmetic,
    Atom,
    Count,
    Distinct,
    Equals,
    Exists,
    ForAll,
    Formula,
    Iff,
    Implies,
    Less,
    Not,
    Number,
    Or,
    Truth,
    Variable,
    Xor,
)
from neurosym.formal.fol.theory import Option, Repair, Statement, Theory
from tests.formal.fol.strategies import Feature, Names, formulas, theories

_SAID = frozenset({Feature.EQUALITY, Feature.FUNCTIONS, Feature.XOR, Feature.TRUTH})
_AWKWARD = st.text(
    st.characters(exclude_characters="\x7f", exclude_categories=["Cs", "Cc"]),
    min_size=1,
    max_size=6,
) | st.sampled_from(["fof", "include", "X", "V__x", "v__x", "it's", "a\\b", '"o"', "p q"])
# Provers take quoted names that begin with a dollar for what they mean without quotes.
_AWKWARD = _AWKWARD.filter(lambda name: not name.startswith("$"))
_FOR_E = Names(*[_AWKWARD] * 5)


def test_a_name_that_begins_with_a_dollar_is_refused() -> None:
    with pytest.raises(InexpressibleError, match="true"):
        TPTP.print_formula(Atom("$true"))


def _e_prover(problem: str, tmp_path: Path) -> str:
    spec = importlib.util.find_spec("eprover")
    assert spec is not None
    assert spec.submodule_search_locations is not None
    (folder,) = spec.submodule_search_locations
    path = tmp_path / "problem.p"
    path.write_text(problem, encoding="utf-8")
    done = subprocess.run(
        [f"{folder}/eprover-ho", "--auto", "--tptp3-format", "--cpu-limit=20", str(path)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    found = re.search(r"SZS status (\w+)", done.stdout)
    assert found is not None, done.stdout + done.stderr
    return found[1]


X, Y = Variable("x"), Variable("y")
P, Q, R = Atom("p"), Atom("q"), Atom("r")
A, B = Apply("a"), Apply("b")


def test_is_a_dialect() -> None:
    assert isinstance(TPTP, Dialect)
    assert TPTP.name == "tptp"


@given(formulas(_SAID))
def test_a_formula_reads_back_as_it_was(formula: Formula) -> None:
    assert TPTP.parse_formula(TPTP.print_formula(formula)) == formula


@given(formulas(_SAID, Names(*[_AWKWARD] * 5)))
def test_awkward_names_read_back(formula: Formula) -> None:
    assert TPTP.parse_formula(TPTP.print_formula(formula)) == formula


@given(theories(_SAID, has_options=False))
def test_a_theory_reads_back_as_it_was(theory: Theory) -> None:
    read = TPTP.parse_theory(TPTP.print_theory(theory))
    assert (read.premises, read.claim, read.repairs) == (theory.premises, theory.claim, ())


@given(_AWKWARD | st.from_regex(r"[A-Za-z]\w{0,5}|V__\w*", fullmatch=True), _AWKWARD)
def test_variables_are_spelled_apart(one: str, other: str) -> None:
    text = variable_text(one)
    assert re.fullmatch(r"[A-Z][A-Za-z0-9_]*", text)
    assert variable_name(text) == one
    assert (text == variable_text(other)) == (one == other)


@pytest.mark.parametrize(
    ("name", "text"),
    [("x", "X"), ("x1", "X1"), ("person", "Person"), ("X", "V__X"), ("x'", "V__x_27_"),
     ("v__a", "V__v_5f__5f_a")],
)  # fmt: skip
def test_how_a_variable_is_spelled(name: str, text: str) -> None:
    assert TPTP.print_formula(ForAll(Variable(name), P)) == f"! [{text}] : p"


@pytest.mark.parametrize(
    ("text", "formula"),
    [
        ("p & q & r", And((P, Q, R))),
        ("p & (q & r)", And((P, And((Q, R))))),
        ("p | ~ q", Or((P, Not(Q)))),
        ("p <= q", Implies(Q, P)),
        ("p <~> q", Xor(P, Q)),
        ("p <=> q", Iff(P, Q)),
        ("p ~| q", Not(Or((P, Q)))),
        ("p ~& q", Not(And((P, Q)))),
        ("~ a != b", Not(Not(Equals(A, B)))),
        ("~ a = b", Not(Equals(A, B))),
        ("$true & $false", And((Truth(True), Truth(False)))),
        ("! [X] : p(X) & q", And((ForAll(X, Atom("p", (X,))), Q))),
        ("! [X,Y] : r(X,Y)", ForAll(X, ForAll(Y, Atom("r", (X, Y))))),
        ("![X1]:(((earthy(X1) & gorpus(X1)) => lempus(X1)))",
         ForAll(Variable("x1"), Implies(
             And((Atom("earthy", (Variable("x1"),)), Atom("gorpus", (Variable("x1"),)))),
             Atom("lempus", (Variable("x1"),))))),
        ("! [X] : (p(X) => ? [X] : q(X))",
         ForAll(X, Implies(Atom("p", (X,)), Exists(X, Atom("q", (X,)))))),
        ("p('Rex', 'rex', 3, \"Rex\")",
         Atom("p", (Apply("Rex"), Apply("rex"), Apply("3"), Apply('"Rex"')))),
        ("'it\\'s' & fof & /* within */ include % end", And((Atom("it's"), Atom("fof"),
                                                            Atom("include")))),
    ],
)  # fmt: skip
def test_reads(text: str, formula: Formula) -> None:
    assert TPTP.parse_formula(text) == formula


@pytest.mark.parametrize(
    ("formula", "text"),
    [
        (Atom("Cold", (Apply("fred"),)), "'Cold'(fred)"),
        (Not(Equals(A, B)), "a != b"),
        (Not(Not(P)), "~ ~ p"),
        (And((P, Distinct((A, B, Apply("c"))))), "p & (a != b & a != c & b != c)"),
        (ForAll(X, ForAll(Y, Exists(X, Atom("r", (X, Y))))), "! [X,Y] : ? [X] : r(X,Y)"),
        (ForAll(X, ForAll(X, Atom("p", (X,)))), "! [X] : ! [X] : p(X)"),
        (Implies(Implies(P, Q), R), "(p => q) => r"),
        (Not(And((P, Q))), "~ (p & q)"),
    ],
)
def test_prints(formula: Formula, text: str) -> None:
    assert TPTP.print_formula(formula) == text


def test_two_spellings_of_one_name_stay_apart() -> None:
    # V__x_ is no code of ours, so it would be taken for the same name as the inner variable.
    read = TPTP.parse_formula("! [V__x_] : ? [V__v_5f__5f_x_5f_] : r(V__x_,V__v_5f__5f_x_5f_)")
    assert isinstance(read, ForAll)
    assert isinstance(read.body, Exists)
    assert read.body.body == Atom("r", (read.variable, read.body.variable))
    assert read.variable != read.body.variable


@pytest.mark.parametrize(
    ("text", "line", "column", "problem"),
    [
        ("", 1, 1, "the text ends too early"),
        ("p & q | r", 1, 7, "unexpected '|'"),
        ("p => q => r", 1, 8, "unexpected '=>'"),
        ("p <=> q <~> r", 1, 9, "unexpected '<~>'"),
        ("p &\n q => r", 2, 4, "unexpected '=>'"),
        ("p(X)", 1, 3, "nothing binds the variable X"),
        ("! [X] : p(X) & q(X)", 1, 18, "nothing binds the variable X"),
        ("! [x] : p(x)", 1, 4, "unexpected 'x'"),
        ("! [X] p(X)", 1, 7, "unexpected 'p'"),
        ("Cold(bob)", 1, 1, "Cold is capitalised like a variable, but has arguments"),
        ("! [X] : X", 1, 9, "the variable X stands where a formula belongs"),
        ("3", 1, 1, "3 stands where a formula belongs"),
        ("p($int)", 1, 3, "$int has no meaning in first-order form"),
        ("p(\x00)", 1, 3, "unexpected character '\\x00'"),
        ("p & 'q", 1, 5, 'unexpected character "\'"'),
        ("p)", 1, 2, "unexpected ')'"),
        ("(p", 1, 3, "the text ends too early"),
        ("p q", 1, 3, "unexpected 'q'"),
        ("~" * 10_000 + "p", 1, 10_001, "the formula is nested more than 150 deep"),
        ("f(" * 10_000 + "a" + ")" * 10_000, 1, 297, "the formula is nested more than 150 deep"),
    ],
)  # fmt: skip
def test_says_what_is_wrong_and_where(text: str, line: int, column: int, problem: str) -> None:
    with pytest.raises(FormulaError) as caught:
        TPTP.parse_formula(text)
    error = caught.value
    assert (error.problem, error.line, error.column) == (problem, line, column)
    assert str(error).split("\n")[2].endswith("^")
    assert error.hint


def test_ten_thousand_brackets_around_a_formula_are_no_depth() -> None:
    assert TPTP.parse_formula("(" * 10_000 + "p" + ")" * 10_000) == P


def test_unbalanced_brackets_are_refused() -> None:
    with pytest.raises(FormulaError, match="line 1, column 10002: the text ends too early"):
        TPTP.parse_formula("(" * 10_000 + "p")


def test_a_very_long_name_is_read_and_printed() -> None:
    name = "n" * 500_000
    assert TPTP.print_formula(TPTP.parse_formula(name)) == name


@pytest.mark.parametrize(
    ("formula", "what"),
    [
        (ForAll(Variable("x", "people"), P), "no variables of the sort people"),
        (Less(A, B), "no comparisons of numbers"),
        (Equals(A, Number(Fraction(1))), "no numbers"),
        (Equals(A, Arithmetic("+", A, B)), "no arithmetic"),
        (Equals(A, Count((X,), P)), "no counts"),
    ],
)
def test_what_first_order_form_lacks(formula: Formula, what: str) -> None:
    with pytest.raises(InexpressibleError) as caught:
        TPTP.print_formula(formula)
    assert str(caught.value) == f"TPTP first-order form has {what}"
    assert caught.value.hint == "Use the SMT-LIB dialect for this formula."


@pytest.mark.parametrize("name", ["", "a\nb", "a\x00"])
def test_a_name_that_cannot_be_spelled_is_refused(name: str) -> None:
    with pytest.raises(InexpressibleError) as caught:
        TPTP.print_formula(Atom(name))
    assert str(caught.value) == f"TPTP has no way to write the name {name!r}"


PROBLEM = """\
% All earthy things are cold.
% So they say.
fof(premise_1, axiom, ! [X] : (earthy(X) => cold(X))).
fof(premise_2, axiom, earthy('Rex')).
% Rex is cold.
fof(claim, conjecture, cold('Rex')).
"""


def test_a_problem_in_full(tmp_path: Path) -> None:
    theory = TPTP.parse_theory(PROBLEM)
    earthy, cold = Atom("earthy", (X,)), Atom("cold", (X,))
    assert theory.premises == (
        Statement(ForAll(X, Implies(earthy, cold)), "All earthy things are cold.\nSo they say."),
        Statement(Atom("earthy", (Apply("Rex"),))),
    )
    assert theory.claim == Statement(Atom("cold", (Apply("Rex"),)), "Rex is cold.")
    assert theory.repairs == ()
    assert TPTP.print_theory(theory) == PROBLEM
    assert _e_prover(PROBLEM, tmp_path) == "Theorem"


@settings(max_examples=10, deadline=None)
@given(theories(_SAID | {Feature.DISTINCT}, _FOR_E, has_options=False, max_depth=2))
def test_e_reads_what_is_printed(tmp_path_factory: pytest.TempPathFactory, theory: Theory) -> None:
    answer = _e_prover(TPTP.print_theory(theory), tmp_path_factory.mktemp("problem"))
    assert answer in {"Theorem", "CounterSatisfiable", "Satisfiable", "Unsatisfiable",
                      "ContradictoryAxioms", "ResourceOut", "GaveUp"}  # fmt: skip


def test_roles() -> None:
    theory = TPTP.parse_theory(
        "fof(a, hypothesis, p, file('x', y), [status(thm)]). fof(2, definition, q).\n"
        "fof('c d', negated_conjecture, ~ r)."
    )
    assert [item.formula for item in theory.premises] == [P, Q]
    assert theory.claim == Statement(R)
    negated = TPTP.parse_theory("fof(c, negated_conjecture, r).")
    assert negated.claim == Statement(Not(R))


def test_a_heading_is_no_sentence() -> None:
    theory = TPTP.parse_theory(
        "% File: x\n\n%----Axioms\nfof(a, axiom, p). % after\nfof(b, axiom, q)."
    )
    assert [item.sentence for item in theory.premises] == ["", ""]


@pytest.mark.parametrize(
    ("text", "line", "column", "problem"),
    [
        ("fof(a, axiom, p)", 1, 17, "the text ends too early"),
        ("p => q", 1, 1, "unexpected 'p'"),
        ("fof(a, axiom, p).\n  tff(a, type, p: $i).", 2, 3, "tff(…) is not read"),
        ("thf(a, axiom, p).", 1, 1, "thf(…) is not read"),
        ("cnf(a, axiom, p & q).", 1, 15, "this is no disjunction of literals"),
        ("cnf(a, axiom, ! [X] : p(X)).", 1, 15, "this is no disjunction of literals"),
        ("cnf(a, axiom, ~ (p | q)).", 1, 18, "this is no disjunction of literals"),
        ("fof(a, conjecture, p).\nfof(b, negated_conjecture, q).", 2, 1,
         "there is a second conjecture"),
        ("fof(a, axiom, p(1, '1')).", 1, 17,
         "1 stands for itself, and there is a name spelled like it"),
        ("fof(a, axiom, p(1/0)).", 1, 17, "this number is not read"),
        ("fof(a, axiom, p(1.0E99999999)).", 1, 17, "this number is not read"),
        ("fof(a, axiom, p).\ninclude('Axioms/X.ax').", 2, 1, "include is not read"),
        ("fof(a, type, p).", 1, 8, "formulas of the role type are not read"),
        ("fof(a, axiom,\n  p(X)).", 2, 5, "nothing binds the variable X"),
        ("fof(a, conjecture, p).\nfof(b, conjecture, q).", 2, 1, "there is a second conjecture"),
    ],
)  # fmt: skip
def test_says_what_is_wrong_in_a_problem(text: str, line: int, column: int, problem: str) -> None:
    with pytest.raises(FormulaError) as caught:
        TPTP.parse_theory(text)
    error = caught.value
    assert (error.problem, error.line, error.column) == (problem, line, column)


def test_what_stands_for_itself_differs(tmp_path: Path) -> None:
    text = 'fof(a, axiom, q("pear", 2, +2, 4/2)).\nfof(c, conjecture, "apple" != "pear" & 1 != 2).'
    theory = TPTP.parse_theory(text)
    fruit = Apply('"pear"'), Apply("2"), Apply('"apple"'), Apply("1")
    two = fruit[1]
    assert [item.formula for item in theory.premises] == [
        Atom("q", (fruit[0], two, two, two)), Distinct(fruit)
    ]  # fmt: skip
    assert _e_prover(TPTP.print_theory(theory), tmp_path) == "Theorem"
    assert len(TPTP.parse_theory(TPTP.print_theory(theory)).premises) == 2


@pytest.mark.parametrize("text", ["fof(a, axiom, p(1) & q(1)).", "fof(a, axiom, p('1', '2'))."])
def test_nothing_is_said_of_what_has_nothing_to_differ_from(text: str) -> None:
    assert len(TPTP.parse_theory(text).premises) == 1


def test_the_variables_of_a_clause_stand_for_all_things() -> None:
    theory = TPTP.parse_theory(
        "cnf(a, axiom, (~ p(X) | r(X,Y) | X != Y)).\ncnf(b, plain, p(a)).\n"
        "% It fails somewhere.\ncnf(c, negated_conjecture, ~ r(a,Y)).\n"
        "cnf(d, negated_conjecture, $false)."
    )
    clause = Or((Not(Atom("p", (X,))), Atom("r", (X, Y)), Not(Equals(X, Y))))
    assert [item.formula for item in theory.premises] == [
        ForAll(X, ForAll(Y, clause)), Atom("p", (A,))
    ]  # fmt: skip
    denied = And((ForAll(Y, Not(Atom("r", (A, Y)))), Truth(False)))
    assert theory.claim == Statement(Not(denied), "It fails somewhere.")


def test_an_include_says_what_to_do() -> None:
    with pytest.raises(FormulaError) as caught:
        TPTP.parse_theory("include('Axioms/X.ax').")
    assert caught.value.hint == "Put the included formulas in its place."


def test_formulas_have_to_fit_together() -> None:
    with pytest.raises(SortError, match="p is used with 2 and with 1 arguments"):
        TPTP.parse_theory("fof(a, axiom, p(a)). fof(b, axiom, p(a,b)).")


def test_options_cannot_be_said() -> None:
    theory = make_theory([Statement(P)], None, [Option("A", Q)])
    with pytest.raises(InexpressibleError, match="TPTP has no options") as caught:
        TPTP.print_theory(theory)
    assert caught.value.hint == "Print a theory with one of the options as its claim."


GENERATED = """\
fof(a, axiom, ![X1]:(((earthy(X1) & gorpus(X1)) => lempus(X1)))).
fof(b, axiom, dull(Rex) | Rain | Near(Rex, bob)).
fof(c, conjecture, dull(Rex)).
"""


def test_capitalised_constants_are_read_tolerantly() -> None:
    theory = TPTP.parse_theory(GENERATED, tolerant=True)
    rex = Apply("Rex")
    assert theory.premises[1].formula == Or(
        (Atom("dull", (rex,)), Atom("Rain"), Atom("Near", (rex, Apply("bob"))))
    )
    assert theory.claim == Statement(Atom("dull", (rex,)))
    assert theory.repairs == (
        Repair("free variable", "took Rex for a constant, since nothing binds it"),
        Repair("capital", "took Rain for a predicate or function"),
        Repair("capital", "took Near for a predicate or function"),
    )
    with pytest.raises(FormulaError, match="line 2, column 20: nothing binds the variable Rex"):
        TPTP.parse_theory(GENERATED)
    again = TPTP.parse_theory(TPTP.print_theory(theory))
    assert (again.premises, again.repairs) == (theory.premises, ())


def test_one_formula_is_read_tolerantly() -> None:
    formula, repairs = TPTP.read_formula("dull(Rex)", tolerant=True)
    assert formula == Atom("dull", (Apply("Rex"),))
    assert [repair.kind for repair in repairs] == ["free variable"]


@settings(max_examples=30)
@given(theories(_SAID, has_options=False))
def test_tolerant_reading_changes_nothing_that_is_right(theory: Theory) -> None:
    text = TPTP.print_theory(theory)
    assert TPTP.parse_theory(text, tolerant=True) == TPTP.parse_theory(text)


def test_five_thousand_premises() -> None:
    line = "fof(a, axiom, ! [X] : (p(X) => ? [Y] : (q(Y) & p(X)))).\n"
    begin = time.monotonic()
    assert len(TPTP.parse_theory(line * 5000).premises) == 5000
    assert time.monotonic() - begin < 30
