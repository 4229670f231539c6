"""Facts and rules."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from neurosym.errors import FormulaError, InexpressibleError
from neurosym.formal.fol.dialects.base import Dialect, make_theory
from neurosym.formal.fol.dialects.rules import Rules
from neurosym.formal.fol.signature import Signature, SymbolType
from neurosym.formal.fol.syntax import (
    And,
    Apply,
    Atom,
    Equals,
    Exists,
    ForAll,
    Formula,
    Implies,
    Not,
    Number,
    Or,
    Term,
    Truth,
    Variable,
    close,
)
from neurosym.formal.fol.theory import Option, Statement, Theory

RULES = Rules()
X, Y = Variable("x"), Variable("y")
TOM = Apply("tom")

PROGRAM = """Predicates:
Big($x, bool) ::: Is x big?
Likes($x, $y, bool) ::: Does x like y?
Facts:
Big(tom, True) ::: Tom is big.
Likes(tom, "the cat", False)
Rules:
Big($x, True) && !Likes($x, tom, True) >>> Likes($y, $x, False) ::: A rule.
Query:
Big(eve, False) ::: Eve is not big.
"""


def program(
    facts: str = "",
    rules: str = "",
    query: str = "Big(tom, True)",
    predicates: str = "Big($x, bool)",
) -> str:
    parts = ("Predicates:", predicates, "Facts:", facts, "Rules:", rules, "Query:", query)
    return "\n".join(part for part in parts if part)


def tolerant(**parts: str) -> Theory:
    return RULES.parse_theory(program(**parts), tolerant=True)


def kinds(theory: Theory) -> list[str]:
    return [repair.kind for repair in theory.repairs]


# What is written and read

NAMES = st.sampled_from(["tom", "eve", "the cat", "1980", "True", "Not", "x"])
ARITIES = {"Big": 1, "Likes": 2, "Rain": 0, "gave to": 3, "Not": 1}


def atoms(terms: st.SearchStrategy[Term]) -> st.SearchStrategy[Formula]:
    return st.sampled_from(sorted(ARITIES)).flatmap(
        lambda name: st.tuples(*[terms] * ARITIES[name]).map(lambda args: Atom(name, args))
    )


def bodies(terms: st.SearchStrategy[Term]) -> st.SearchStrategy[Formula]:
    return st.recursive(
        atoms(terms),
        lambda inner: st.one_of(
            inner.map(Not),
            st.lists(inner, min_size=2, max_size=3).map(lambda parts: And(tuple(parts))),
            st.lists(inner, min_size=2, max_size=3).map(lambda parts: Or(tuple(parts))),
        ),
        max_leaves=5,
    )


def statements(names: st.SearchStrategy[str]) -> st.SearchStrategy[Statement]:
    terms: st.SearchStrategy[Term] = st.one_of(names.map(Apply), st.sampled_from([X, Y]))
    rules = st.tuples(bodies(terms), bodies(terms)).map(lambda pair: Implies(*pair))
    formulas = st.one_of(bodies(terms), rules).map(close)
    return st.builds(Statement, formulas, st.sampled_from(["", "Some words.", "a ::: b"]))


STATEMENTS = statements(NAMES)
# Tolerant reading takes a name such as x for a variable of a rule.
SAFE = statements(NAMES.filter(lambda name: name != "x"))


@given(STATEMENTS.map(lambda item: item.formula))
def test_formulas_round_trip(formula: Formula) -> None:
    assert RULES.parse_formula(RULES.print_formula(formula)) == formula


@given(st.lists(STATEMENTS, max_size=5), STATEMENTS)
def test_theories_round_trip(premises: list[Statement], claim: Statement) -> None:
    theory = make_theory(premises, claim)
    text = RULES.print_theory(theory)
    assert RULES.parse_theory(text) == Theory(
        theory.premises, theory.claim, (), theory.signature, text
    )


@given(st.lists(SAFE, max_size=4), SAFE)
def test_what_follows_the_dialect_is_read_alike_tolerantly(
    premises: list[Statement], claim: Statement
) -> None:
    text = RULES.print_theory(make_theory(premises, claim))
    assert RULES.parse_theory(text, tolerant=True) == RULES.parse_theory(text)


def test_the_example_of_the_format() -> None:
    theory = RULES.parse_theory(PROGRAM)
    assert theory.premises == (
        Statement(Atom("Big", (TOM,)), "Tom is big."),
        Statement(Not(Atom("Likes", (TOM, Apply("the cat"))))),
        Statement(
            ForAll(
                X,
                ForAll(
                    Y,
                    Implies(
                        And((Atom("Big", (X,)), Not(Atom("Likes", (X, TOM))))),
                        Not(Atom("Likes", (Y, X))),
                    ),
                ),
            ),
            "A rule.",
        ),
    )
    assert theory.claim == Statement(Not(Atom("Big", (Apply("eve"),))), "Eve is not big.")
    assert theory.signature.predicates["Likes"] == SymbolType(("Entity", "Entity"), "Bool")
    assert theory.repairs == ()
    assert isinstance(RULES, Dialect)


def test_forms_of_negation() -> None:
    atom = Atom("Big", (TOM,))
    for text in ("Big(tom, False)", "!Big(tom, True)", "Not(Big(tom))", "Not (Big(tom, True))"):
        assert RULES.parse_formula(text) == Not(atom)
    assert RULES.parse_formula("!Big(tom, False)") == Not(Not(atom))


def test_connectives_bind_by_strength() -> None:
    a, b, c = (Atom(name, (TOM,)) for name in "ABC")
    assert RULES.parse_formula("A(tom) || B(tom) && !C(tom)") == Or((a, And((b, Not(c)))))
    assert RULES.parse_formula("(A(tom) || B(tom)) && C(tom)") == And((Or((a, b)), c))


@pytest.mark.parametrize(
    "formula",
    [
        Exists(X, Atom("Big", (X,))),
        And((ForAll(X, Atom("Big", (X,))), Atom("Big", (TOM,)))),
        Implies(Implies(Atom("A"), Atom("A")), Atom("A")),
        Equals(TOM, TOM),
        Truth(True),
        Atom("Big", (Apply("father", (TOM,)),)),
        Atom("Big", (Number(1),)),
        Atom("Big", (X,)),
        ForAll(Variable("x", "People"), Atom("Big", (Variable("x", "People"),))),
        Atom('a"b'),
        Atom("a:::b"),
    ],
)
def test_what_cannot_be_said(formula: Formula) -> None:
    theory = Theory((), Statement(formula))
    with pytest.raises(InexpressibleError):
        RULES.print_theory(theory)


def test_theories_that_cannot_be_said() -> None:
    claim = Statement(Atom("A"))
    with pytest.raises(InexpressibleError, match="one claim"):
        RULES.print_theory(Theory((), None))
    with pytest.raises(InexpressibleError, match="one claim"):
        RULES.print_theory(Theory((), claim, (Option("A", Atom("A")),)))
    sorted_ = Signature({"S": None}, {}, {"P": SymbolType(("S",), "Bool")})
    with pytest.raises(InexpressibleError, match="no sorts"):
        RULES.print_theory(Theory((), claim, (), sorted_))


# Strictness


@pytest.mark.parametrize(
    ("parts", "problem", "line", "column"),
    [
        ({"facts": "Big(tom"}, "the text ends too early; expected '\\)' or ','", 4, 8),
        ({"facts": "Big(tom))"}, r"unexpected '\)'", 4, 9),
        ({"facts": "Big(bald eagle, True)"}, "unexpected 'eagle'", 4, 10),
        ({"facts": "Big(tom, True) && Big(eve)"}, "a fact is no atom", 4, 1),
        ({"facts": "Big($x, True)"}, "a fact has a variable", 4, 1),
        ({"facts": "Big($x) >>> Big($x)"}, "a rule stands among the facts", 4, 1),
        ({"facts": "Small(tom)"}, "the predicate Small is not declared", 4, 1),
        ({"facts": "Big(tom, eve)"}, "declared with 1 arguments, not 2", 4, 1),
        ({"rules": "Big(True, tom) >>> Big(tom)"}, "True stands among the arguments", 5, 5),
        ({"rules": "Big($x) -> Big($x)"}, "unexpected character '-'", 5, 9),
        ({"rules": "Big($x) >>> Big($x) >>> Big($x)"}, "unexpected '>>>'", 5, 21),
        ({"rules": "B\x00ig(tom)"}, "unexpected character", 5, 2),
        ({"rules": "'Big'(tom)"}, "unexpected character", 5, 1),
        ({"query": "Big(tom)\nBig(eve)"}, "more than one query", 7, 1),
        ({"query": ""}, "nothing is asked", 5, 7),
        ({"predicates": "Big($x)\nBig($y)"}, "Big is declared twice", 3, 1),
        ({"predicates": "Big(tom)"}, "tom is no variable", 2, 5),
        ({"predicates": "!Big($x)"}, "declares no predicate", 2, 1),
    ],
)
def test_strict_errors(parts: dict[str, str], problem: str, line: int, column: int) -> None:
    with pytest.raises(FormulaError, match=problem) as error:
        RULES.parse_theory(program(**parts))
    assert (error.value.line, error.value.column) == (line, column)
    assert str(error.value).splitlines()[-1].rstrip().endswith("^")
    assert error.value.hint


def test_a_section_of_another_format() -> None:
    with pytest.raises(FormulaError, match="there is no section 'Premises'"):
        RULES.parse_theory("Predicates:\nPremises:\n")


def test_deep_nesting_is_an_error() -> None:
    with pytest.raises(FormulaError, match="nested more than"):
        RULES.parse_formula("!" * 5000 + "Big(tom)")
    brackets = RULES.parse_formula("(" * 5000 + "Big(tom)" + ")" * 5000)
    assert brackets == Atom("Big", (TOM,))


def test_many_facts_are_read_fast() -> None:
    facts = "\n".join(f"Likes(a{i}, a{i + 1}, True) ::: number {i}" for i in range(5000))
    text = program(facts=facts, query="Likes(a0, a1)", predicates="Likes($x, $y, bool)")
    started = time.perf_counter()
    theory = RULES.parse_theory(text)
    assert len(theory.premises) == 5000
    assert RULES.parse_theory(text, tolerant=True) == theory
    assert time.perf_counter() - started < 20


# Tolerance: each change is recorded


@pytest.mark.parametrize(
    ("parts", "kind", "expected"),
    [
        ({"facts": "Big(tom, True"}, "brackets", "Big(tom)"),
        ({"facts": "Big(tom, True))"}, "brackets", "Big(tom)"),
        ({"facts": "Big(bald eagle, True)"}, "name spelling", "Big(bald_eagle)"),
        ({"facts": "Big(bald-eagle, True)"}, "name spelling", "Big(bald_eagle)"),
        ({"facts": "Big('tom', True)"}, "name spelling", "Big(tom)"),
        ({"facts": "Big(1PM, True)"}, "name spelling", "Big(_1PM)"),
        ({"facts": "Very-Big(tom)"}, "name spelling", "Very_Big(tom)"),
        ({"facts": "¬Big(tom)"}, "operator spelling", "!Big(tom)"),
        ({"facts": "not Big(tom)"}, "operator spelling", "!Big(tom)"),
        ({"facts": "Not Big(tom)"}, "operator spelling", "!Big(tom)"),
        ({"rules": "Big(a) and Big(b) -> Big(c)"}, "operator spelling",
         "Big(a) && Big(b) >>> Big(c)"),
        ({"rules": "Big(a) ∨ Big(b) => Big(c)"}, "operator spelling",
         "Big(a) || Big(b) >>> Big(c)"),
        ({"rules": "Big($x) <<< Big(tom)"}, "operator spelling", "Big(tom) >>> Big($x)"),
        ({"facts": "Not(Big(tom), True)"}, "truth value", "!Big(tom)"),
        ({"facts": "Big(tom) = False"}, "truth value", "!Big(tom)"),
        ({"facts": "Big(tom, bool)"}, "truth value", "Big(tom)"),
        ({"facts": "Big($x, True)"}, "variable in fact", "Big($x)"),
        ({"facts": "Big($x, True) for all x"}, "quantifier in words", "Big($x)"),
        ({"facts": "Big(a) && Big(b)"}, "formula in fact", "Big(a) && Big(b)"),
        ({"facts": "Big($x) >>> Big(tom)"}, "rule among facts", "Big($x) >>> Big(tom)"),
        ({"facts": "Small(tom)"}, "undeclared", "Small(tom)"),
        ({"facts": "big(tom)"}, "variant names", "Big(tom)"),
        ({"facts": "Big(tom, eve)"}, "number of arguments", "Big_2(tom, eve)"),
        ({"facts": "Tom is not big."}, "plain sentence", "!Big(Tom)"),
        ({"facts": "All big things are big."}, "plain sentence", "Big($x) >>> Big($x)"),
        ({"rules": "Tom is big && Big(eve) >>> Big(a)"}, "plain sentence",
         "Big(Tom) && Big(eve) >>> Big(a)"),
    ],
)  # fmt: skip
def test_repairs_of_premises(parts: dict[str, str], kind: str, expected: str) -> None:
    with pytest.raises(FormulaError):
        RULES.parse_theory(program(**parts))
    check_repaired(parts, kind, expected)


@pytest.mark.parametrize(
    ("parts", "kind", "expected"),
    [
        ({"rules": "Big(something) >>> Big(tom)"}, "variable", "Big($something) >>> Big(tom)"),
        ({"rules": "Big(x) >>> Big(tom)"}, "variable", "Big($x) >>> Big(tom)"),
        ({"rules": "Big($w) >>> Big(w)"}, "variable", "Big($w) >>> Big($w)"),
        ({"facts": "Big(tom)\nBig(Tom)"}, "variant names", "Big(tom)"),
        ({"facts": "Big(bald_eagle)\nBig(BaldEagle)"}, "variant names", "Big(bald_eagle)"),
    ],
)
def test_repairs_of_what_follows_the_grammar(
    parts: dict[str, str], kind: str, expected: str
) -> None:
    assert RULES.parse_theory(program(**parts)).repairs == ()
    check_repaired(parts, kind, expected)


def check_repaired(parts: dict[str, str], kind: str, expected: str) -> None:
    theory = tolerant(**parts, query="Big(q)")
    assert kind in kinds(theory)
    assert all(repair.detail for repair in theory.repairs)
    assert theory.premises[-1].formula == RULES.parse_formula(expected)


@pytest.mark.parametrize(
    ("query", "kind"),
    [
        ("Big(tom, ?)", "value asked for"),
        ("Big(tom, Unknown)", "value asked for"),
        ("Big(tom, X)", "value asked for"),
        ("Big(tom, True)\nAnswer: Unknown.", "commentary"),
        ("Big(tom, True)\nTherefore, Tom is big.", "commentary"),
    ],
)
def test_repairs_of_queries(query: str, kind: str) -> None:
    theory = tolerant(query=query)
    assert theory.claim is not None
    assert theory.claim.formula == Atom("Big", (TOM,))
    assert kinds(theory) == [kind]


def test_repairs_of_declarations() -> None:
    theory = tolerant(predicates="Big(x, bool)\nBig($x, bool)\nNot($x)", facts="Big(tom)")
    assert kinds(theory) == ["declaration", "declared twice", "declaration"]
    assert dict(theory.signature.predicates) == {"Big": SymbolType(("Entity",), "Bool")}


def test_nothing_in_a_section() -> None:
    theory = tolerant(rules="None")
    assert theory.premises == ()
    assert kinds(theory) == ["commentary"]


def test_two_spellings_in_one_atom_are_two_things() -> None:
    theory = tolerant(predicates="Likes($x, $y)", facts="Likes(a, A)", query="Likes(A, a)")
    assert theory.repairs == ()
    assert theory.claim is not None
    assert theory.claim.formula == Atom("Likes", (Apply("A"), Apply("a")))


def test_two_declared_predicates_stay_two() -> None:
    theory = tolerant(predicates="Like($x)\nLikes($x)", facts="Likes(a)", query="Like(a)")
    assert theory.repairs == ()
    assert {"Like", "Likes"} == set(theory.signature.predicates)


@pytest.mark.parametrize(
    "parts",
    [
        {"facts": "Big(Red(tom))"},
        {"facts": "The dog eats"},
        {"facts": "Tom is tall."},
        {"query": "Unknown."},
        {"query": "Big(tom) >>> Unknown"},
        {"query": "Big(tom)\nBig(eve)"},
        {"facts": "Big(a) <-> Big(b)"},
        {"facts": "Big(not tom)"},
        {"facts": "Big(!tom)"},
    ],
)
def test_what_means_nothing_is_an_error_tolerantly_too(parts: dict[str, str]) -> None:
    with pytest.raises(FormulaError, match="line"):
        tolerant(**parts)


def test_an_error_shows_the_line_as_it_was_tried() -> None:
    with pytest.raises(FormulaError) as error:
        tolerant(facts="Big(bald eagle, x(")
    assert "bald_eagle" in str(error.value)
    assert error.value.line == 4


@given(st.text(alphabet="BigLke($x,y)!&|>:= TrueFals\n", max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    for part in ("facts", "rules", "query", "predicates"):
        try:
            theory = tolerant(**{part: text or "Big(a)"})
        except FormulaError as error:
            assert error.hint
        else:
            assert theory.claim is not None
