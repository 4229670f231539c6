"""Puzzles."""

import time
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from neurosym.errors import FormulaError, InexpressibleError, SortError
from neurosym.formal.fol.dialects.base import Dialect, make_theory
from neurosym.formal.fol.dialects.puzzle import Puzzle
from neurosym.formal.fol.signature import Enumeration, Range, Signature, SymbolType
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
    LessEqual,
    Not,
    Number,
    Or,
    Term,
    Truth,
    Variable,
    Xor,
)
from neurosym.formal.fol.theory import Option, OptionTest, Statement, Theory

PUZZLE = Puzzle()
ANN, BOB = Apply("Ann"), Apply("Bob")
P, Q, S = Variable("p", "people"), Variable("q", "people"), Variable("s", "seats")
ONE, TWO = Number(Fraction(1)), Number(Fraction(2))
SURE = Option("A", Truth(True))
TIRED = Option("A", Atom("tired", (ANN,)))
COULD_BE_TIRED = Option("A", Atom("tired", (ANN,)), OptionTest.COULD)
NEVER_TIRED = Option("A", Atom("tired", (ANN,)), OptionTest.CANNOT)

DECLARATIONS = """people = EnumSort([Ann, Bob, Cy])
seats = EnumSort([1, 2, 3])
days = EnumSort([Mon, Tue, Wed])
seated = Function([people] -> [seats])
age = Function([people] -> [int])
off = Function([people] -> [days])
tired = Function([people] -> [bool])
works = Function([people, days] -> [bool])"""


def program(
    constraints: str = "",
    options: str = "is_valid(tired(Ann)) ::: (A)",
    declarations: str = DECLARATIONS,
) -> str:
    parts = ("# Declarations", declarations, "# Constraints", constraints, "# Options", options)
    return "\n".join(part for part in parts if part)


def strict(**parts: str) -> Theory:
    return PUZZLE.parse_theory(program(**parts))


def tolerant(**parts: str) -> Theory:
    return PUZZLE.parse_theory(program(**parts), tolerant=True)


def kinds(theory: Theory) -> list[str]:
    return [repair.kind for repair in theory.repairs]


def seat(term: Term) -> Term:
    return Apply("seated", (term,))


# What is written and read

SIGNATURE = Signature(
    sorts={
        "people": Enumeration(("Ann", "the boss", "And", "1PM")),
        "seats": Range((-1, 2, 3)),
        "int": Enumeration(("odd",)),
    },
    functions={
        "seated": SymbolType(("people",), "seats"),
        "age": SymbolType(("people", "seats"), "Int"),
        "friend": SymbolType(("people",), "people"),
        "weight of": SymbolType((), "Real"),
    },
    predicates={
        "tired": SymbolType(("people",), "Bool"),
        "Not": SymbolType(("people", "seats"), "Bool"),
        "rain": SymbolType((), "Bool"),
    },
)
VARIABLES = (P, Q, S, Variable("the n", "Int"))


def terms(sort: str, bound: tuple[Variable, ...], size: int) -> st.SearchStrategy[Term]:
    """Terms of a sort over bound variables."""
    found: list[st.SearchStrategy[Term]] = [
        st.just(variable) for variable in bound if variable.sort == sort
    ]
    kind = SIGNATURE.sorts.get(sort)
    if isinstance(kind, Enumeration):
        found.append(st.sampled_from(kind.members).map(Apply))
    if sort == "number":
        found += [
            st.fractions(-9, 9, max_denominator=1).map(Number),
            st.sampled_from([Number(Fraction(3, 2)), Apply("weight of")]),
            *(st.just(variable) for variable in bound if variable.sort in ("Int", "seats")),
        ]
    if size and sort == "people":
        found.append(terms("people", bound, size - 1).map(lambda t: Apply("friend", (t,))))
    if size and sort == "number":
        inner = terms("number", bound, size - 1)
        found += [
            st.builds(Arithmetic, st.sampled_from(["+", "-", "*"]), inner, inner),
            terms("people", bound, 0).map(seat),
            formulas((*bound, P), size - 1).map(lambda f: Count((P,), f)),
            st.deferred(lambda: formulas((*bound, Q, S), 0)).map(lambda f: Count((Q, S), f)),
        ]
    return st.one_of(found)


def formulas(bound: tuple[Variable, ...], size: int) -> st.SearchStrategy[Formula]:
    """Formulas over bound variables."""
    people, numbers = terms("people", bound, min(size, 1)), terms("number", bound, min(size, 1))
    made: list[st.SearchStrategy[Formula]] = [
        people.map(lambda t: Atom("tired", (t,))),
        st.builds(lambda a, n: Atom("Not", (a, seat(a))), people, numbers),
        st.just(Atom("rain")),
        st.booleans().map(Truth),
        *(st.builds(make, numbers, numbers) for make in (Equals, Less, LessEqual)),
        *(st.builds(make, people, people) for make in (Equals, Less, LessEqual)),
        st.lists(people, min_size=2, max_size=3).map(lambda items: Distinct(tuple(items))),
    ]
    if size:
        inner = formulas(bound, size - 1)
        some = st.lists(inner, min_size=2, max_size=3).map(tuple)
        made += [
            inner.map(Not),
            some.map(And),
            some.map(Or),
            *(st.builds(make, inner, inner) for make in (Implies, Iff, Xor)),
            *(
                st.builds(make, st.just(variable), formulas((*bound, variable), size - 1))
                for make in (ForAll, Exists)
                for variable in VARIABLES
            ),
        ]
    return st.one_of(made)


FORMULAS = formulas((), 2)
TESTED = st.tuples(FORMULAS, st.sampled_from(OptionTest), st.sampled_from(["", "Words."]))


@given(st.lists(st.builds(Statement, FORMULAS, st.sampled_from(["", "So."])), max_size=3),
       st.lists(TESTED, min_size=1, max_size=5))  # fmt: skip
def test_theories_round_trip(
    premises: list[Statement], drawn: list[tuple[Formula, OptionTest, str]]
) -> None:
    options = [Option("ABCDE"[i], *parts) for i, parts in enumerate(drawn)]
    theory = make_theory(premises, options=options, declared=SIGNATURE)
    text = PUZZLE.print_theory(theory)
    expected = Theory(theory.premises, None, theory.options, theory.signature, text)
    assert PUZZLE.parse_theory(text) == expected
    assert PUZZLE.parse_theory(text, tolerant=True) == expected


@given(FORMULAS)
def test_formulas_round_trip(formula: Formula) -> None:
    assert PUZZLE.parse_formula(PUZZLE.print_formula(formula)) == formula


def test_the_example_of_the_format() -> None:
    theory = PUZZLE.parse_theory(
        """# Declarations
people = EnumSort([Ann, Bob])
seats = EnumSort([2, 1])
seated = Function([people] -> [seats])
tired = Function([people] -> [bool])
ForAll([p:people], seated(p) <= 2)
# Constraints
Implies(tired(Ann), seated(Ann) == 1) ::: Who is tired has the first seat.
# Options
Question ::: Which could be true?
is_sat(seated(Bob) == 2) ::: (A)
is_unsat(tired(Ann), tired(Bob)) ::: (B) Both are tired.
"""
    )
    assert dict(theory.signature.sorts) == {
        "people": Enumeration(("Ann", "Bob")),
        "seats": Range((1, 2)),
    }
    assert theory.signature.functions == {"seated": SymbolType(("people",), "seats")}
    assert theory.signature.predicates == {"tired": SymbolType(("people",), "Bool")}
    assert theory.premises == (
        Statement(ForAll(P, LessEqual(seat(P), TWO))),
        Statement(
            Implies(Atom("tired", (ANN,)), Equals(seat(ANN), ONE)),
            "Who is tired has the first seat.",
        ),
    )
    both = And((Atom("tired", (ANN,)), Atom("tired", (BOB,))))
    assert theory.options == (
        Option("A", Equals(seat(BOB), TWO), OptionTest.COULD),
        Option("B", both, OptionTest.CANNOT, "Both are tired."),
    )
    assert theory.repairs == ()
    assert isinstance(PUZZLE, Dialect)


@pytest.mark.parametrize(
    ("text", "formula"),
    [
        ("seated(Ann) < seated(Bob) < 3",
         And((Less(seat(ANN), seat(BOB)), Less(seat(BOB), Number(Fraction(3)))))),
        ("tired(Ann) == tired(Bob)", Iff(Atom("tired", (ANN,)), Atom("tired", (BOB,)))),
        ("tired(Ann) != tired(Bob)", Not(Iff(Atom("tired", (ANN,)), Atom("tired", (BOB,))))),
        ("(seated(Ann) == 1) == tired(Bob)",
         Iff(Equals(seat(ANN), ONE), Atom("tired", (BOB,)))),
        ("tired(Ann) == True", Atom("tired", (ANN,))),
        ("tired(Ann) == False", Not(Atom("tired", (ANN,)))),
        ("True != tired(Ann)", Not(Atom("tired", (ANN,)))),
        ("seated(Ann) in [1, 2]", Or((Equals(seat(ANN), ONE), Equals(seat(ANN), TWO)))),
        ("Ann < Bob", Less(ANN, BOB)),
        ("ForAll([p:people, q:people], p == q)", ForAll(P, ForAll(Q, Equals(P, Q)))),
        ("Exists([s:seats], seated(Ann) > s)", Exists(S, Less(S, seat(ANN)))),
        ("Count([p:people], tired(p)) >= 2", LessEqual(TWO, Count((P,), Atom("tired", (P,))))),
        ("And([tired(Ann), tired(Bob)])", And((Atom("tired", (ANN,)), Atom("tired", (BOB,))))),
        ("And(tired(Ann))", Atom("tired", (ANN,))),
        ("Distinct(Ann, Bob)", Distinct((ANN, BOB))),
        ("Distinct([Ann, Bob])", Distinct((ANN, BOB))),
        ("If(tired(Ann), tired(Bob), False)",
         And((Implies(Atom("tired", (ANN,)), Atom("tired", (BOB,))),
              Implies(Not(Atom("tired", (ANN,))), Truth(False))))),
        ("seated(Ann) == If(tired(Bob), 1, 2)",
         Or((And((Atom("tired", (BOB,)), Equals(seat(ANN), ONE))),
             And((Not(Atom("tired", (BOB,))), Equals(seat(ANN), TWO)))))),
        ("abs(seated(Ann) - 2) == 1",
         Or((And((LessEqual(TWO, seat(ANN)), Equals(Arithmetic("-", seat(ANN), TWO), ONE))),
             And((Less(seat(ANN), TWO), Equals(Arithmetic("-", TWO, seat(ANN)), ONE)))))),
        ("tired(Ann) and not tired(Bob)",
         And((Atom("tired", (ANN,)), Not(Atom("tired", (BOB,)))))),
    ],
)  # fmt: skip
def test_forms(text: str, formula: Formula) -> None:
    assert strict(constraints=text).premises[0].formula == formula


def test_distinct_values_of_a_function() -> None:
    other = Variable("p_2", "people")
    assert strict(constraints="Distinct([p:people], seated(p))").premises[0].formula == ForAll(
        P,
        ForAll(other, Implies(Not(Equals(P, other)), Not(Equals(seat(P), seat(other))))),
    )


@pytest.mark.parametrize(
    ("call", "test"),
    [
        ("is_valid({})", OptionTest.MUST),
        ("is_sat({})", OptionTest.COULD),
        ("is_unsat({})", OptionTest.CANNOT),
        ("is_exception(is_sat({}))", OptionTest.CANNOT),
        ("is_exception(is_valid({}))", OptionTest.NEED_NOT),
        ("is_exception(is_unsat({}))", OptionTest.COULD),
        ("is_exception(is_exception(is_valid({})))", OptionTest.MUST),
    ],
)
def test_tests(call: str, test: OptionTest) -> None:
    theory = strict(options=call.replace("{}", "tired(Ann)") + " ::: (A)")
    assert theory.options == (Option("A", Atom("tired", (ANN,)), test),)


def test_a_variable_hides_a_member() -> None:
    formula = strict(constraints="ForAll([Ann:people], tired(Ann))").premises[0].formula
    assert formula == ForAll(Variable("Ann", "people"), Atom("tired", (Variable("Ann", "people"),)))


@pytest.mark.parametrize(
    "theory",
    [
        Theory((), Statement(Truth(True)), (SURE,)),
        Theory(()),
        Theory((), None, (Option("A)", Truth(True)),)),
        Theory((), None, (SURE,), Signature({"things": None})),
        Theory((), None, (SURE,), Signature({}, {"a": SymbolType((), "Entity")})),
        Theory((), None, (SURE,), Signature({}, {"a": SymbolType((), "Int")},
                                            {"a": SymbolType((), "Bool")})),
        Theory((Statement(Atom('"')),), None, (SURE,)),
    ],
)  # fmt: skip
def test_what_cannot_be_said(theory: Theory) -> None:
    with pytest.raises(InexpressibleError):
        PUZZLE.print_theory(theory)


# Strictness


@pytest.mark.parametrize(
    ("constraint", "problem", "column"),
    [
        ("And(tired(Ann), tired(Bob)", "ends too early", 27),
        ("tired(Ann))", r"unexpected '\)'", 11),
        ("tired(Dee)", "Dee is not declared", 7),
        ("sleepy(Ann)", "sleepy is not declared", 1),
        ("tired(p)", "p is not declared", 7),
        ("tired(Ann, Bob)", "declared with 1 arguments, not 2", 1),
        ("tired(Ann) = True", "unexpected '='", 12),
        ("ForAll([p:persons], tired(p))", "the sort persons is not declared", 11),
        ("ForAll([p:people, p:people], tired(p))", "p is bound twice", 19),
        ("ForAll([p], tired(p))", "this binds no variable", 9),
        ("ForAll([p:people], tired(p), tired(p))", "'ForAll' has 3 arguments", 1),
        ("ForAll(tired(Ann), tired(Ann))", "no variables are bound", 8),
        ("Implies(tired(Ann))", "'Implies' has 1 arguments", 1),
        ("And()", "joins nothing", 1),
        ("Distinct(Ann)", "needs two terms", 1),
        ("seated(Ann)", "seated is no predicate", 1),
        ("Count([p:people], tired(p))", "Count is no predicate", 1),
        ("seated(tired(Ann)) == 1", r"the formula tired\(…\) stands where a term", 8),
        ("seated(Ann) in seats", "this is no list", 16),
        ("off(Ann) == 1", "a number stands beside members of days", 13),
        ("off(Ann) + 1 == off(Bob)", "a number stands beside members of days", 1),
        ("works(Ann, 1)", "a number stands beside members of days", 12),
        ("tired(Ann) -> tired(Bob)", "does not join", 12),
        ("tired(Ann), tired(Bob)", "unexpected ','", 11),
        ("tired(A\x00nn)", "unexpected character", 8),
        ("age(Ann) % 2 == 0", "values are listed", 1),
        ("off", "off is no predicate", 1),
    ],
)
def test_strict_errors_of_constraints(constraint: str, problem: str, column: int) -> None:
    with pytest.raises(FormulaError, match=problem) as error:
        strict(constraints=constraint)
    assert (error.value.line, error.value.column) == (11, column)
    assert str(error.value).splitlines()[-1].rstrip().endswith("^")
    assert error.value.hint


@pytest.mark.parametrize(
    ("declarations", "problem"),
    [
        ("people = EnumSort([Ann, Ann])", "is there twice"),
        ("people = EnumSort([])", "people has no members"),
        ("people = EnumSort([Ann, 1])", "has names and numbers"),
        ("people = EnumSort([1.5])", "this is no member"),
        ("people = EnumSort([Bald Eagle])", "unexpected 'Eagle'"),
        ("people = EnumSort([Ann])\npets = EnumSort([Ann])", "a member of two sorts"),
        ("people = EnumSort([Ann])\npeople = EnumSort([Bob])", "people is declared twice"),
        ("int = EnumSort([Ann])", "int is declared twice"),
        ("Int = EnumSort([Ann])", "cannot be called Int"),
        ("f = Function([people] -> [bool])", "the sort people is not declared"),
        ("f = Function([int] -> [int, int])", "values in one sort"),
        ("f = Function([int])", "neither a sort nor a function"),
        ("f = Function([int] -> [1])", "this is no sort"),
        ("f = Function([int] -> [int])\nf = Function([int] -> [int])", "f is declared twice"),
        ("p = EnumSort([f])\nf = Function([int] -> [int])", "f is declared twice"),
        ("f = Set([Ann])", "neither a sort nor a function"),
    ],
)
def test_strict_errors_of_declarations(declarations: str, problem: str) -> None:
    with pytest.raises(FormulaError, match=problem) as error:
        strict(declarations=declarations)
    assert error.value.line == 2 + declarations.count("\n")


@pytest.mark.parametrize(
    ("options", "problem", "line"),
    [
        ("", "nothing is asked", 11),
        ("Question ::: What?", "nothing is asked", 12),
        ("is_sat(tired(Ann))", "no letter", 12),
        ("tired(Ann) ::: (A)", "does not test a formula", 12),
        ("is_sat() ::: (A)", "does not test a formula", 12),
        ("is_sat(tired(Ann)) ::: (A)\nis_sat(tired(Bob)) ::: (A)", "two options A", 13),
        ("is_exception(tired(Ann)) ::: (A)", "does not test a formula", 12),
    ],
)
def test_strict_errors_of_options(options: str, problem: str, line: int) -> None:
    with pytest.raises(FormulaError, match=problem) as error:
        strict(options=options)
    assert error.value.line == line


def test_sorts_that_do_not_fit() -> None:
    with pytest.raises(SortError, match="different sorts"):
        strict(constraints="works(Mon, Mon)")


def test_deep_nesting_is_an_error() -> None:
    with pytest.raises(FormulaError, match="nested more than"):
        strict(constraints="Not(" * 5000 + "tired(Ann)" + ")" * 5000)


def test_many_constraints_are_read_fast() -> None:
    constraints = "\n".join(f"age(Ann) != age(Bob) + {i} ::: number {i}" for i in range(5000))
    started = time.perf_counter()
    assert len(strict(constraints=constraints).premises) == 5000
    assert time.perf_counter() - started < 20


# Tolerance: each change is recorded


@pytest.mark.parametrize(
    ("constraint", "kind", "expected"),
    [
        ("And(tired(Ann), tired(Bob)", "brackets", "And(tired(Ann), tired(Bob))"),
        ("tired(Ann))", "brackets", "tired(Ann)"),
        ("ForAll([p:people, tired(p))", None, None),
        ("tired(Ann).", "punctuation", "tired(Ann)"),
        ("seated(Ann) = 1", "operator spelling", "seated(Ann) == 1"),
        ("seated(Ann) ≤ 1", "operator spelling", "seated(Ann) <= 1"),
        ("tired(Ann) && !tired(Bob)", "operator spelling", "And(tired(Ann), Not(tired(Bob)))"),
        ("tired(Ann) Or tired(Bob)", "operator spelling", "Or(tired(Ann), tired(Bob))"),
        ("tired(Ann) -> tired(Bob)", "operator spelling", "Implies(tired(Ann), tired(Bob))"),
        ("seated(Ann) == 1 => tired(Bob)", "operator spelling",
         "Implies(seated(Ann) == 1, tired(Bob))"),
        ("tired(Ann) <=> tired(Bob)", "operator spelling", "Iff(tired(Ann), tired(Bob))"),
        ("tired(Ann) == false", "operator spelling", "Not(tired(Ann))"),
        ("ForAll([p':people], tired(p'))", "name spelling",
         "ForAll([p_prime:people], tired(p_prime))"),
        ("tired(Ann), tired(Bob)", "several formulas", "And(tired(Ann), tired(Bob))"),
        ("tired(ann)", "variant names", "tired(Ann)"),
        ("Tired(Ann)", "variant names", "tired(Ann)"),
        ("seat(Ann) == 1", None, None),
        ("Seated(Ann) == 1", "variant names", "seated(Ann) == 1"),
        ("ForAll([p:People], tired(p))", "variant names", "ForAll([p:people], tired(p))"),
        ("ForAll([i:Int], i == i)", "variant names", "ForAll([i:int], i == i)"),
        ("off(Ann, Mon)", "function as relation", "off(Ann) == Mon"),
        ("works(Ann) == Mon", "relation as function", "works(Ann, Mon)"),
        ("works(Ann) != Mon", "relation as function", "Not(works(Ann, Mon))"),
        ("off(Ann) != None", "no value", "True"),
        ("off(Ann) == None", "no value", "False"),
        ("off(Ann) in days", "always true", "True"),
        ("works(_, Mon)", "wildcard", "Exists([any_1:people], works(any_1, Mon))"),
        ("off(_) == Mon", "wildcard", "Exists([any_1:people], off(any_1) == Mon)"),
        ("Not(works(Ann, _))", "wildcard", "Not(Exists([any_1:days], works(Ann, any_1)))"),
    ],
)  # fmt: skip
def test_repairs_of_constraints(constraint: str, kind: str | None, expected: str | None) -> None:
    with pytest.raises(FormulaError):
        strict(constraints=constraint)
    if kind is None or expected is None:
        with pytest.raises(FormulaError):
            tolerant(constraints=constraint)
        return
    theory = tolerant(constraints=constraint)
    assert set(kinds(theory)) == {kind}
    assert theory.premises == strict(constraints=expected).premises


def test_an_undeclared_name_is_some_thing_of_its_sort() -> None:
    theory = tolerant(constraints="works(Dee, Mon)\ntired(Dee)")
    assert kinds(theory) == ["undeclared"]
    assert theory.signature.functions["Dee"] == SymbolType((), "people")


@pytest.mark.parametrize(
    ("constraint", "kind", "expected"),
    [
        ("works(p, Mon)", "free variable", "ForAll([p:people], works(p, Mon))"),
        ("And(works(p, Mon), off(p) != Tue)", "free variable",
         "ForAll([p:people], And(works(p, Mon), off(p) != Tue))"),
        ("Implies(Exists([p:people], tired(p)), works(p, Mon))", "scope",
         "ForAll([p:people], Implies(tired(p), works(p, Mon)))"),
        ("And(Exists([p:people], tired(p)), works(p, Mon))", "scope",
         "Exists([p:people], And(tired(p), works(p, Mon)))"),
    ],
)  # fmt: skip
def test_a_variable_bound_in_other_lines_only(constraint: str, kind: str, expected: str) -> None:
    theory = tolerant(constraints=f"ForAll([p:people], tired(p))\n{constraint}")
    assert kinds(theory) == [kind]
    assert theory.premises[1:] == strict(constraints=expected).premises


@pytest.mark.parametrize(
    ("test", "quantifier"),
    [
        ("is_valid", "ForAll"),
        ("is_sat", "Exists"),
        ("is_unsat", "Exists"),
        ("is_exception(is_valid", "ForAll"),
        ("is_exception(is_sat", "Exists"),
    ],
)
def test_an_option_with_a_free_variable(test: str, quantifier: str) -> None:
    end = ")" * test.count("(")
    bound = "ForAll([p:people], tired(p))"
    theory = tolerant(constraints=bound, options=f"{test}(works(p, Mon)){end} ::: (A)")
    expected = f"{test}({quantifier}([p:people], works(p, Mon))){end} ::: (A)"
    assert kinds(theory) == ["free variable"]
    assert theory.options == strict(constraints=bound, options=expected).options


@pytest.mark.parametrize("constraint", ["p == q", "And(works(p, Mon), off(Ann) == p)"])
def test_a_free_variable_needs_one_sort(constraint: str) -> None:
    with pytest.raises(FormulaError, match="the variable p is not bound here"):
        tolerant(constraints=f"ForAll([p:people, q:people], p == q)\n{constraint}")


def test_members_compared_with_numbers_are_numbered() -> None:
    theory = tolerant(constraints="off(Ann) == off(Bob) + 1\noff(Ann) != Mon")
    assert kinds(theory) == ["numbered members"]
    assert theory.signature.sorts["days"] == Range((1, 2, 3))
    assert theory.premises[1].formula == Not(Equals(Apply("off", (ANN,)), ONE))


@pytest.mark.parametrize(
    ("declarations", "kind", "members"),
    [
        ("x = EnumSort([1PM, 2PM])", "name spelling", ("_1PM", "_2PM")),
        ("x = EnumSort([Bald Eagle, Cat])", "name spelling", ("Bald_Eagle", "Cat")),
        ("x = EnumSort([O'Hara, Cat])", "name spelling", ("OHara", "Cat")),
        ("x = EnumSort(['Ann', 'Bob'])", "name spelling", ("Ann", "Bob")),
        ("x = EnumSort([9:00AM, 10:00AM])", "name spelling", ("_9_00AM", "_10_00AM")),
        ("x = EnumSort([1, 1.5, 2])", "numbers as names", ("1", "1.5", "2")),
        ("x = EnumSort([1, none])", "numbers as names", ("1", "none")),
    ],
)
def test_members_written_otherwise(declarations: str, kind: str, members: tuple[str, ...]) -> None:
    declared = f"{declarations}\nf = Function([x] -> [x])"
    one, other = declarations.split("[")[1].rstrip("])").split(", ")[:2]
    options = f"is_sat(f({one}) == {other}) ::: (A)"
    theory = tolerant(declarations=declared, options=options)
    assert set(kinds(theory)) == {kind}
    assert theory.signature.sorts["x"] == Enumeration(members)
    assert theory.options[0].formula == Equals(Apply("f", (Apply(members[0]),)), Apply(members[1]))


def test_functions_declared_otherwise() -> None:
    theory = tolerant(
        declarations="x = EnumSort([a])\nf = Function([x] → [Bool])\ng = Function([X] -> [Int])",
        options="is_sat(f(a)) ::: (A)",
    )
    assert kinds(theory) == ["declaration", "declaration", "variant names", "variant names"]
    assert theory.signature.predicates == {"f": SymbolType(("x",), "Bool")}
    assert theory.signature.functions == {"g": SymbolType(("x",), "Int")}


@pytest.mark.parametrize(
    ("options", "kind", "option"),
    [
        ("A) is_sat(tired(Ann))", "option label", COULD_BE_TIRED),
        ("is_sat(tired(Ann))", "option label", COULD_BE_TIRED),
        ("is_sat(tired(Ann)) ::: A", "option label", COULD_BE_TIRED),
        ("is_true(tired(Ann)) ::: (A)", "option test", TIRED),
        ("is_false(tired(Ann)) ::: (A)", "option test", NEVER_TIRED),
        ("is_equivalent(tired(Ann), tired(Bob)) ::: (A)", "option test",
         Option("A", Iff(Atom("tired", (ANN,)), Atom("tired", (BOB,))))),
        ("Which one?\nis_valid(tired(Ann)) ::: (A)", "commentary", TIRED),
        ("is_valid(tired(Ann) ::: (A)", "brackets", TIRED),
    ],
)  # fmt: skip
def test_options_written_otherwise(options: str, kind: str, option: Option) -> None:
    theory = tolerant(options=options)
    assert theory.options == (option,)
    assert kinds(theory) == [kind]


def test_comments_are_left_out() -> None:
    theory = tolerant(constraints="# The rules are these\ntired(Ann)\nNone")
    assert len(theory.premises) == 1
    assert kinds(theory) == ["commentary", "commentary"]


@pytest.mark.parametrize(
    "parts",
    [
        {"constraints": "Ann is tired"},
        {"constraints": "sleepy(Ann)"},
        {"constraints": "Implies(tired(Ann), tired(Bob), tired(Cy))"},
        {"constraints": "Count([p:people], tired(p))"},
        {"constraints": "age(Ann)"},
        {"options": "is_min(Count([p:people], tired(p)), 1) ::: (A)"},
        {"options": "is_sat(tired(Ann)) ::: (A)\nis_sat(tired(Bob)) ::: (A)"},
        {"options": "The answer is A."},
        {"options": "tired(Ann)\nis_sat(tired(Bob)) ::: (A)"},
        {"declarations": "people = some people"},
        {"declarations": "people = EnumSort([Ann])\ntired = Function([robots] -> [bool])"},
    ],
)
def test_what_means_nothing_is_an_error_tolerantly_too(parts: dict[str, str]) -> None:
    with pytest.raises(FormulaError, match="line"):
        tolerant(**parts)


@given(st.text(alphabet="pABtired()[]:,= <>+-1_Not\n", max_size=50))
def test_any_text_is_read_or_refused(text: str) -> None:
    for part in ("constraints", "options", "declarations"):
        try:
            theory = tolerant(**{part: text or "x"})
        except (FormulaError, SortError) as error:
            assert error.hint
        else:
            assert theory.options


def test_numbered_members_keep_their_sort() -> None:
    with pytest.raises(FormulaError, match="Mon is of sort days, not people"):
        tolerant(constraints="off(Ann) == 1\ntired(Mon)")
    with pytest.raises(FormulaError, match="Mon is of sort days, not seats"):
        tolerant(constraints="off(Ann) == 1\nseated(Ann) == Mon")
