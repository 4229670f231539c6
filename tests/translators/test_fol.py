"""Translation into first-order logic: the prompt, the grammar, and what is read of a reply."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from neurosym.candidate import Prompt
from neurosym.errors import OptionError, ProblemError
from neurosym.formal.fol.dialects.infix import NLTK, UNICODE
from neurosym.formal.fol.theory import Theory
from neurosym.problem import Kind, Problem
from neurosym.translators.argument import read_argument
from neurosym.translators.base import Malformed, Translator
from neurosym.translators.fol import FolTranslator, read_pairs
from tests.translators.gbnf import Grammar

PROBLEM = Problem(
    "p",
    "All dogs bark. Rex is a dog. Is the following statement true, false, or uncertain? "
    "Rex does not bark.",
    Kind.LOGIC,
    choices=("A) True", "B) False"),
)


def grammar_of(prompt: Prompt) -> Grammar:
    assert prompt.grammar is not None
    return Grammar(prompt.grammar)


def reply(*formulas: str, symbols: str = "Dog(x), Bark(x)", sentences: tuple[str, ...] = ()) -> str:
    told = sentences or ("All dogs bark.", "Rex is a dog.", "Rex does not bark.")
    pairs = zip(told, formulas, strict=True)
    return f"SYMBOLS: {symbols}\n" + "".join(f"TEXT: {s}\nFOL: {f}\n" for s, f in pairs)


RIGHT = reply("all x. (Dog(x) -> Bark(x))", "Dog(Rex)", "-Bark(Rex)")


# ------------------------------------------------------------------- the prompt


def test_the_prompt_holds_worked_examples_and_the_problems_own_sentences() -> None:
    translator = FolTranslator()
    assert isinstance(translator, Translator)
    prompt = translator.prompt(PROBLEM)
    assert [message.role for message in prompt.messages] == [
        "system", *["user", "assistant"] * 3, "user"
    ]  # fmt: skip
    assert prompt.messages[-1].content == (
        "Premises:\nAll dogs bark.\nRex is a dog.\nClaim:\nRex does not bark."
    )
    others = FolTranslator().prompt(Problem("q", "Ann sings. Ann is kind.", Kind.LOGIC))
    assert prompt.messages[:-1] == others.messages[:-1], "all else is the same for all problems"


@pytest.mark.parametrize("shots", [0, 1, 2, 3])
def test_fewer_examples_are_the_last_of_them(shots: int) -> None:
    prompt = FolTranslator(shots=shots).prompt(PROBLEM)
    assert len(prompt.messages) == 2 + 2 * shots
    every = FolTranslator().prompt(PROBLEM)
    assert prompt.messages[1:] == every.messages[len(every.messages) - 1 - 2 * shots :]


@pytest.mark.parametrize("shots", [-1, 100])
def test_more_examples_than_there_are_are_refused(shots: int) -> None:
    with pytest.raises(OptionError, match=f"shots is {shots}") as caught:
        FolTranslator(shots=shots)
    assert "0 to" in caught.value.hint


def test_the_worked_examples_are_read_without_repairs() -> None:
    translator = FolTranslator()
    for message in translator.prompt(PROBLEM).messages:
        if message.role == "assistant":
            theory = translator.parse(message.content, PROBLEM)
            assert isinstance(theory, Theory)
            assert theory.repairs == ()
            assert all(item.sentence for item in theory.premises)
            for formula in theory.formulas:
                assert NLTK.parse_formula(NLTK.print_formula(formula)) == formula


# ------------------------------------------------------------------- the grammar


def test_the_grammar_accepts_the_worked_examples_own_replies() -> None:
    messages = FolTranslator().prompt(PROBLEM).messages
    for asked, replied in zip(messages[1:-1:2], messages[2:-1:2], strict=True):
        premises, claim = asked.content.removeprefix("Premises:\n").split("\nClaim:\n")
        problem = Problem("p", f"Prove: {claim}", Kind.LOGIC, context=premises)
        prompt = FolTranslator().prompt(problem)
        assert prompt.messages[-1] == asked
        assert grammar_of(prompt).accepts(replied.content)


def test_the_grammar_repeats_the_sentences_and_ends_with_the_claims_formula() -> None:
    grammar = grammar_of(FolTranslator().prompt(PROBLEM))
    assert grammar.accepts(RIGHT)
    assert not grammar.accepts(RIGHT + "TEXT: Rex is a dog.\nFOL: Dog(Rex)\n")
    assert not grammar.accepts(RIGHT.rsplit("TEXT", 1)[0])
    assert not grammar.accepts(RIGHT.replace("All dogs", "Some dogs"))
    assert not grammar.accepts(RIGHT.replace("FOL: Dog(Rex)", "FOL: Rex is a dog"))
    assert not grammar.accepts(RIGHT.replace("SYMBOLS: Dog(x), Bark(x)\n", ""))


def test_without_a_constraint_there_is_no_grammar() -> None:
    assert FolTranslator(constrained=False).prompt(PROBLEM).grammar is None


@pytest.mark.parametrize(
    "claim",
    [
        'Ann says "hello".',
        "The path is C:\\temp\\new.",
        'A "quoted \\ backslash" ends.',
        "Ünïcode → ∀x is fine.",
        "Tabs\tand  gaps are joined.",
        "Braces {1,3} and [a-z] | or (so)?",
    ],
)
def test_any_sentence_is_repeated_word_for_word(claim: str) -> None:
    problem = Problem("p", f"Rex is a dog.\nProve: {claim}", Kind.LOGIC)
    prompt = FolTranslator().prompt(problem)
    grammar = grammar_of(prompt)  # refuses what is no GBNF
    told = prompt.messages[-1].content.split("\nClaim:\n")[1]
    assert told == " ".join(claim.split()).rstrip("?")
    assert f"TEXT: {told}\nFOL: " in _literals(grammar)


@given(
    st.lists(
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1),
        min_size=1,
        max_size=3,
    ).filter(lambda parts: "".join(parts).strip())
)
@example(["0", "?"])
@example(["?"])
def test_any_question_has_a_grammar_that_can_be_read(parts: list[str]) -> None:
    problem = Problem("p", "\n".join(parts), Kind.LOGIC)
    argument = read_argument(problem)
    if argument.premises and not argument.claim:
        with pytest.raises(ProblemError, match="asks about a statement that is not there"):
            FolTranslator().prompt(problem)
        return
    prompt = FolTranslator().prompt(problem)
    grammar = grammar_of(prompt)
    premises, claim = prompt.messages[-1].content.removeprefix("Premises:\n").split("\nClaim:\n")
    told = [*filter(None, premises.split("\n")), claim]
    assert [text for text in _literals(grammar) if text.startswith("TEXT: ")] == [
        f"TEXT: {sentence}\nFOL: " for sentence in told
    ]


def _literals(grammar: Grammar) -> list[str]:
    """The texts of the root rule, in order."""
    found: list[str] = []

    def visit(node: object) -> None:
        match node:
            case ("literal", str(text)):
                found.append(text)
            case (_, list(parts)):
                for part in parts:
                    visit(part)

    visit(grammar.rules["root"])
    return found


# ------------------------------------------------------------------- what is read


def test_a_reply_becomes_a_theory_with_its_sentences() -> None:
    theory = FolTranslator().parse(RIGHT, PROBLEM)
    assert isinstance(theory, Theory)
    assert [UNICODE.print_formula(item) for item in theory.formulas] == [
        "∀x (Dog(x) → Bark(x))", "Dog(Rex)", "¬Bark(Rex)"
    ]  # fmt: skip
    assert [item.sentence for item in theory.premises] == [
        "All dogs bark.", "Rex is a dog."
    ]  # fmt: skip
    assert theory.claim is not None
    assert theory.claim.sentence == "Rex does not bark."
    assert theory.source == RIGHT
    assert theory.repairs == ()


def test_what_stands_around_the_pairs_is_passed_over() -> None:
    text = f"Sure, here it is:\n```\n{RIGHT}```\nI hope that helps."
    theory = read_pairs(text)
    assert isinstance(theory, Theory)
    assert len(theory.formulas) == 3


def test_repairs_name_the_line_of_the_reply() -> None:
    theory = read_pairs(reply("all x (Dog(x) -> Bark(x))", "Dog(Rex).", "-Bark(Rex)"))
    assert isinstance(theory, Theory)
    assert [(item.kind, item.detail) for item in theory.repairs] == [
        ("quantifier dot", "line 3: no dot after a quantifier"),
        ("end", "line 5: a mark after the end is left out"),
    ]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "there is no formula"),
        ("I do not know.", "there is no formula"),
        ("TEXT: Rex barks.\n", "there is no formula"),
        ("FOL: Bark(Rex)\nFOL: Rex is a dog\n", "the formula of line 2: line 1, column 5"),
        ("FOL: Bark(Rex\nFOL: \n", "the formula of line 2: line 1, column 1"),
        ("FOL: Bark(Rex) & Bark\n" + "FOL: " + "-" * 10_000 + "P\n", "nested more than"),
    ],
)
def test_a_reply_without_readable_formulas_is_malformed(text: str, reason: str) -> None:
    found = FolTranslator().parse(text, PROBLEM)
    assert isinstance(found, Malformed)
    assert reason in found.reason


def test_the_last_formula_is_the_claim_even_if_it_is_the_only_one() -> None:
    theory = read_pairs("FOL: Bark(Rex)")
    assert isinstance(theory, Theory)
    assert theory.premises == ()
    assert theory.claim is not None


@given(st.text(max_size=200))
def test_any_reply_is_a_theory_or_malformed(text: str) -> None:
    assert isinstance(read_pairs(text), Theory | Malformed)
    assert isinstance(read_pairs(f"TEXT: a\nFOL: {text}\nFOL: P(rex)"), Theory | Malformed)
