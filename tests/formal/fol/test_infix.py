"""The infix dialects: what they say is read back alike, and each has its own precedence."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from neurosym.backends.base import Limits
from neurosym.backends.z3.backend import Z3Backend
from neurosym.errors import InexpressibleError
from neurosym.formal.fol.dialects.base import make_theory
from neurosym.formal.fol.dialects.infix import LATEX, NLTK, UNICODE, InfixDialect
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
    Truth,
    Variable,
    Xor,
)
from neurosym.formal.fol.theory import Statement
from neurosym.status import Status
from tests.formal.fol.strategies import ALL, DEFAULT_NAMES, Feature, Names, formulas

_NLTK = frozenset({Feature.EQUALITY, Feature.FUNCTIONS})
P, Q, R, S = (Atom(name) for name in "PQRS")
a, b, c = (Apply(name) for name in "abc")
x, y = Variable("x"), Variable("y")


def n(value: int | str) -> Number:
    return Number(Fraction(value))


def awkward(blacklist: str) -> Names:
    """Any text without these characters, and never one name for two things."""
    text = st.text(
        st.characters(categories=["L", "N", "P", "S", "Zs"], exclude_characters=blacklist),
        min_size=1,
        max_size=6,
    ).filter(str.isprintable)
    return Names(text, text, text, text, text)


# ------------------------------------------------------------------- round trips


@pytest.mark.parametrize("dialect", [UNICODE, LATEX], ids=lambda dialect: dialect.name)
@given(formula=formulas(ALL))
def test_what_is_printed_is_read_back_alike(dialect: InfixDialect, formula: Formula) -> None:
    assert dialect.parse_formula(dialect.print_formula(formula)) == formula


@given(formulas(ALL, awkward('"')))
def test_unicode_reads_back_any_name(formula: Formula) -> None:
    assert UNICODE.parse_formula(UNICODE.print_formula(formula)) == formula


@given(formulas(ALL, awkward("\\{}^~")))
def test_latex_reads_back_any_name(formula: Formula) -> None:
    assert LATEX.parse_formula(LATEX.print_formula(formula)) == formula


_LONG = Names(
    predicates=DEFAULT_NAMES.predicates,
    functions=DEFAULT_NAMES.functions.filter(lambda name: len(name) > 2),
    constants=st.sampled_from(
        [
            "bob",
            "fred",
            "rex",
            "alice",
            "mary_ann",
            "chess",
            "Anne",
            "limit",
            "1980",
            "7th",
            "e2e",
            "e",
        ]
    ),
    variables=DEFAULT_NAMES.variables,
    sorts=DEFAULT_NAMES.sorts,
)


@given(formulas(_NLTK, _LONG))
def test_nltk_reads_back_what_it_can_say(formula: Formula) -> None:
    assert NLTK.parse_formula(NLTK.print_formula(formula)) == formula


@pytest.fixture(scope="module")
def z3() -> Iterator[Z3Backend]:
    backend = Z3Backend(workers=1)
    yield backend
    backend.close()


@given(formula=formulas(_NLTK | {Feature.XOR, Feature.DISTINCT}, _LONG, max_depth=3))
def test_nltk_says_xor_and_distinct_with_what_it_has(z3: Z3Backend, formula: Formula) -> None:
    read = NLTK.parse_formula(NLTK.print_formula(formula))
    same = make_theory([], Statement(Iff(read, formula)))
    status = asyncio.run(z3.run(same, Limits(seconds=1))).status
    assume(status is not Status.TIMEOUT)
    assert status is Status.PROVED


@pytest.mark.parametrize(
    "formula",
    [
        Truth(True),
        Less(a, b),
        LessEqual(a, b),
        Equals(a, n(3)),
        Equals(a, Arithmetic("+", b, c)),
        Equals(a, Count((x,), Atom("P", (x,)))),
        ForAll(Variable("x", "Day"), P),
        Atom("two words"),
        Atom("all"),
        Atom("P", (a,)),  # a single letter would be read as a variable
        ForAll(Variable("and"), P),
    ],
)
def test_nltk_refuses_what_it_cannot_say(formula: Formula) -> None:
    with pytest.raises(InexpressibleError) as caught:
        NLTK.print_formula(formula)
    assert caught.value.hint


# ------------------------------------------------------------------- names


@pytest.mark.parametrize("dialect", [UNICODE, LATEX], ids=lambda dialect: dialect.name)
@pytest.mark.parametrize("name", ["x", "foo", "x1", "P"])
@pytest.mark.parametrize("make", [ForAll, Exists])
def test_a_constant_may_be_spelled_like_the_variable_in_whose_scope_it_is(
    dialect: InfixDialect, name: str, make: type[ForAll | Exists]
) -> None:
    variable = Variable(name)
    formulas = [
        make(variable, Atom("P", (variable, Apply(name)))),
        make(variable, Atom(name, (variable, Apply(name, (variable,))))),
        And((Atom("P", (Apply(name),)), make(variable, Atom("P", (variable,))))),
        Equals(Count((variable,), Atom("P", (variable, Apply(name)))), n(1)),
    ]
    for formula in formulas:
        assert dialect.parse_formula(dialect.print_formula(formula)) == formula


def test_what_would_be_spelled_alike_is_refused() -> None:
    eagle = Variable("bald eagle")
    with pytest.raises(InexpressibleError, match="a variable and a constant at one place"):
        UNICODE.print_formula(ForAll(eagle, Atom("P", (eagle, Apply("bald eagle")))))
    hidden = ForAll(
        Variable("x", "A"), Exists(Variable("x", "B"), Atom("P", (Variable("x", "A"),)))
    )
    for dialect in (UNICODE, LATEX):
        with pytest.raises(InexpressibleError, match="two variables 'x' of different sorts"):
            dialect.print_formula(hidden)


@pytest.mark.parametrize("name", ["", 'with "quotes"', "two\nlines"])
def test_names_that_unicode_logic_cannot_spell_are_refused(name: str) -> None:
    with pytest.raises(InexpressibleError) as caught:
        UNICODE.print_formula(Atom(name))
    assert "Rename" in caught.value.hint


@pytest.mark.parametrize("name", ["", "a\\b", "a{b", "a~b", "two\nlines"])
def test_names_that_latex_cannot_spell_are_refused(name: str) -> None:
    with pytest.raises(InexpressibleError):
        LATEX.print_formula(Atom(name))


def test_unbound_letters_from_u_to_z_are_variables_and_quoted_ones_names() -> None:
    assert UNICODE.parse_formula('P("x")') == Atom("P", (Apply("x"),))
    assert UNICODE.parse_formula("P(a, t, x12)") == Atom("P", (a, Apply("t"), Apply("x12")))
    assert UNICODE.print_formula(Atom("P", (Apply("x"),))) == 'P("x")'
    assert LATEX.parse_formula(r"P(\mathrm{x})") == Atom("P", (Apply("x"),))


# ------------------------------------------------------------------- what texts mean


_STANDARD = [
    ("P ∧ Q ∨ R", Or((And((P, Q)), R))),
    ("P ∨ Q ∧ R", Or((P, And((Q, R))))),
    ("P ∧ Q ∧ R", And((P, Q, R))),
    ("(P ∧ Q) ∧ R", And((And((P, Q)), R))),
    ("¬P ∧ Q", And((Not(P), Q))),
    ("¬(P ∧ Q)", Not(And((P, Q)))),
    ("P ∨ Q ⊕ R", Xor(Or((P, Q)), R)),
    ("P ⊕ Q ∨ R", Xor(P, Or((Q, R)))),
    ("P ⊕ Q ⊕ R", Xor(Xor(P, Q), R)),
    ("P ⊕ Q → R", Implies(Xor(P, Q), R)),
    ("P → Q → R", Implies(P, Implies(Q, R))),
    ("(P → Q) → R", Implies(Implies(P, Q), R)),
    ("P → Q ↔ R", Iff(Implies(P, Q), R)),
    ("P ↔ Q → R", Iff(P, Implies(Q, R))),
    ("P ↔ Q ↔ R", Iff(Iff(P, Q), R)),
    ("P ∧ Q ∨ R ⊕ S → P ↔ Q", Iff(Implies(Xor(Or((And((P, Q)), R)), S), P), Q)),
    ("∀x P(x) ∧ Q", And((ForAll(x, Atom("P", (x,))), Q))),
    ("∀x (P(x) ∧ Q)", ForAll(x, And((Atom("P", (x,)), Q)))),
    ("∀x ∃y R(x, y) → P", Implies(ForAll(x, Exists(y, Atom("R", (x, y)))), P)),
    ("∀x ¬P(x) ∨ Q", Or((ForAll(x, Not(Atom("P", (x,)))), Q))),
    ("¬∃x P(x)", Not(Exists(x, Atom("P", (x,))))),
    ("¬a = b", Not(Equals(a, b))),
    ("∀x x = a", ForAll(x, Equals(x, a))),
    ("a ≠ b ∧ P", And((Not(Equals(a, b)), P))),
    ("∀d:Day P(d)", ForAll(Variable("d", "Day"), Atom("P", (Variable("d", "Day"),)))),
    ("∀x ∃x P(x)", ForAll(x, Exists(x, Atom("P", (x,))))),
]
_IN_LATEX = {
    "∧": r"\land ", "∨": r"\lor ", "⊕": r"\oplus ", "→": r"\rightarrow ", "↔": r"\leftrightarrow ",
    "¬": r"\lnot ", "∀": r"\forall ", "∃": r"\exists ", "≠": r"\neq ", ":": r"\in ",
    "Day": r"\mathit{Day}",
}  # fmt: skip


@pytest.mark.parametrize(("text", "meaning"), _STANDARD)
def test_precedence_of_unicode_logic_and_latex(text: str, meaning: Formula) -> None:
    assert UNICODE.parse_formula(text) == meaning
    for sign, command in _IN_LATEX.items():
        text = text.replace(sign, command)
    assert LATEX.parse_formula(text) == meaning


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("a + b - c = 3", Equals(Arithmetic("-", Arithmetic("+", a, b), c), n(3))),
        ("a - b · 2 < 3", Less(Arithmetic("-", a, Arithmetic("*", b, n(2))), n(3))),
        ("a - (b - c) ≤ 1/2", LessEqual(Arithmetic("-", a, Arithmetic("-", b, c)), n("1/2"))),
        ("a > 2.5", Less(n("2.5"), a)),
        ("a ≥ b", LessEqual(b, a)),
        ("-3 = -a", Equals(n(-3), Arithmetic("-", n(0), a))),
        ("a - -3 = 0", Equals(Arithmetic("-", a, n(-3)), n(0))),
        ("distinct(a, b, c)", Distinct((a, b, c))),
        ("#{x, y | R(x, y)} = 2", Equals(Count((x, y), Atom("R", (x, y))), n(2))),
        ("⊤ → ⊥", Implies(Truth(True), Truth(False))),
        ('"bald eagle"(a)', Atom("bald eagle", (a,))),
        ("  P\t∧\n Q ", And((P, Q))),
        ("((((P))))", P),
    ],
)
def test_terms_and_signs_of_unicode_logic(text: str, meaning: Formula) -> None:
    assert UNICODE.parse_formula(text) == meaning


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("P -> Q -> R", Implies(Implies(P, Q), R)),
        ("P -> (Q -> R)", Implies(P, Implies(Q, R))),
        ("P <-> Q -> R", Iff(P, Implies(Q, R))),
        ("P <-> Q <-> R", Iff(Iff(P, Q), R)),
        ("P & Q | R -> S", Implies(Or((And((P, Q)), R)), S)),
        ("-P & Q", And((Not(P), Q))),
        ("all x. P(x) & Q", And((ForAll(x, Atom("P", (x,))), Q))),
        ("all x. P(x) -> Q", Implies(ForAll(x, Atom("P", (x,))), Q)),
        ("all x. (P(x) -> Q)", ForAll(x, Implies(Atom("P", (x,)), Q))),
        ("all x y. R(x, y)", ForAll(x, ForAll(y, Atom("R", (x, y))))),
        ("all x. exists y. -R(x, y) | P", Or((ForAll(x, Exists(y, Not(Atom("R", (x, y))))), P))),
        ("forall x. P(x)", ForAll(x, Atom("P", (x,)))),
        ("some x. P(x)", Exists(x, Atom("P", (x,)))),
        ("not P and Q or R implies S iff P", Iff(Implies(Or((And((Not(P), Q)), R)), S), P)),
        ("!P ^ Q", And((Not(P), Q))),
        ("rex = bob & rex != mia", And((
            Equals(Apply("rex"), Apply("bob")), Not(Equals(Apply("rex"), Apply("mia")))))),
        ("Born(rex, 1980)", Atom("Born", (Apply("rex"), Apply("1980")))),
        ("P(e)", Atom("P", (Apply("e"),))),  # to NLTK, e is no variable
        ("android(rex)", Atom("android", (Apply("rex"),))),
    ],
)  # fmt: skip
def test_precedence_of_nltk(text: str, meaning: Formula) -> None:
    assert NLTK.parse_formula(text) == meaning


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        (r"\forall x\, (P(x) \Rightarrow Q)", ForAll(x, Implies(Atom("P", (x,)), Q))),
        (r"\neg P \wedge Q \vee R \iff \top", Iff(Or((And((Not(P), Q)), R)), Truth(True))),
        (r"\left( P \to Q \right) \implies R", Implies(Implies(P, Q), R)),
        (r"a \cdot 2 \leq \frac{1}{2}", LessEqual(Arithmetic("*", a, n(2)), n("1/2"))),
        (r"\#\{x \mid P(x)\} \geq 3", LessEqual(n(3), Count((x,), Atom("P", (x,))))),
        (r"\operatorname{distinct}(a, b)", Distinct((a, b))),
        (r"\mathit{old\_friend}(\text{bald eagle})", Atom("old_friend", (Apply("bald eagle"),))),
        (r"a \neq b", Not(Equals(a, b))),
    ],
)
def test_commands_of_latex(text: str, meaning: Formula) -> None:
    assert LATEX.parse_formula(text) == meaning


def test_what_is_printed_has_no_more_brackets_than_reading_takes() -> None:
    text = "∀x (P(x) ∧ Q(x) → ∃y (R(x, y) ∨ ¬S(y)))"
    assert UNICODE.print_formula(UNICODE.parse_formula(text)) == text
    text = "all x. (P(x) & Q(x) -> exists y. (R(x, y) | -S(y)))"
    assert NLTK.print_formula(NLTK.parse_formula(text)) == text
