"""The grammar of translations: what it lets through, and what it does not.

GBNF is read here by way of lark's Earley parser, whose notation differs little.
"""

from __future__ import annotations

import re

import pytest
from lark import Lark
from lark.exceptions import LarkError

from neurosym.formal.fol.dialects.infix import NLTK
from neurosym.problem import Kind, Problem
from neurosym.translators.argument import Argument
from neurosym.translators.fol import FolTranslator
from neurosym.translators.fol_grammar import pairs_grammar

SENTENCES = (
    "Anne is tall.",
    "The bald eagle likes Anne.",
    "Gorps are brints.",
    "Every gorp is not heavy.",
    "If Anne is tall then Anne is quiet.",
    "If something likes the bald eagle and it is quiet then it is tall.",
    "Everyone drinks either coffee or tea, but not both.",
    "There is a brint that likes Anne.",
    "Anne is neither heavy nor quiet.",
    "If something likes the bald eagle then the bald eagle likes Anne.",
    "If someone likes Anne then Anne likes them.",
    "Gorps drink milk with Anne.",
    "If something likes Anne then the bald eagle is heavy.",
    "Either Anne or Bob is tall.",
    "Neither Anne nor Bob sleeps.",
    "Gorps are neither heavy nor quiet.",
    "Anne likes Bob and the bald eagle.",
)


def parser(grammar: str) -> Lark:
    rules = re.sub(r"\{(\d+),(\d+)\}", r"~\1..\2", grammar.replace("::=", ":"))
    return Lark(rules.replace("root :", "start :", 1), parser="earley", lexer="dynamic_complete")


def accepts(sentence: str, formula: str) -> bool:
    """Whether a sentence of those above may be given this formula."""
    grammar = pairs_grammar("S:", "T:", "F:", SENTENCES)
    number = SENTENCES.index(sentence)
    rules = grammar.split("\n", 1)[1]
    try:
        parser(f"root ::= f{number}\n{rules}").parse(formula)
    except LarkError:
        return False
    return True


@pytest.mark.parametrize(
    ("sentence", "formula"),
    [
        ("Anne is tall.", "Tall(Anne)"),
        ("The bald eagle likes Anne.", "Like(BaldEagle, Anne)"),
        ("The bald eagle likes Anne.", "Likes(BaldEagle, Anne)"),
        ("Gorps are brints.", "all x. (Gorp(x) -> Brint(x))"),
        ("Every gorp is not heavy.", "all x. (Gorp(x) -> -Heavy(x))"),
        ("If Anne is tall then Anne is quiet.", "Tall(Anne) -> Quiet(Anne)"),
        (
            "If something likes the bald eagle and it is quiet then it is tall.",
            "all x. (Like(x, BaldEagle) & Quiet(x) -> Tall(x))",
        ),
        (
            "Everyone drinks either coffee or tea, but not both.",
            "all x. ((DrinkCoffee(x) & -DrinkTea(x)) | (-DrinkCoffee(x) & DrinkTea(x)))",
        ),
        ("There is a brint that likes Anne.", "exists x. (Brint(x) & Like(x, Anne))"),
        ("Anne is neither heavy nor quiet.", "-Heavy(Anne) & -Quiet(Anne)"),
        (
            "If something likes the bald eagle then the bald eagle likes Anne.",
            "all x. (Like(x, BaldEagle) -> Like(BaldEagle, Anne))",
        ),
        (
            "If someone likes Anne then Anne likes them.",
            "all x. (Like(x, Anne) -> Like(Anne, x))",
        ),
        ("Either Anne or Bob is tall.", "Tall(Anne) | Tall(Bob)"),
        ("Neither Anne nor Bob sleeps.", "-Sleep(Anne) & -Sleep(Bob)"),
        ("Gorps are neither heavy nor quiet.", "all x. (Gorp(x) -> -Heavy(x) & -Quiet(x))"),
        ("Anne likes Bob and the bald eagle.", "Like(Anne, Bob) & Like(Anne, BaldEagle)"),
        ("Gorps drink milk with Anne.", "all x. (Gorp(x) -> DrinkMilkWith(x, Anne))"),
        (
            "If something likes Anne then the bald eagle is heavy.",
            "all x. (Like(x, Anne) -> Heavy(BaldEagle))",
        ),
    ],
)
def test_what_a_sentence_says_can_be_written(sentence: str, formula: str) -> None:
    assert accepts(sentence, formula)
    NLTK.parse_formula(formula)


@pytest.mark.parametrize(
    ("sentence", "formula", "why"),
    [
        ("Anne is tall.", "Quiet(Anne)", "a word of another sentence"),
        ("Anne is tall.", "-Tall(Anne)", "nothing is negated"),
        ("Anne is tall.", "Anne(Anne)", "a name is no predicate"),
        ("Anne is tall.", "Tall(x)", "a variable that nothing binds"),
        ("Anne is tall.", "Tall(Anne) -> Tall(Anne)", "there is no condition"),
        ("Anne is tall.", "Tall(Anne) | Tall(Anne)", "there is no or"),
        ("The bald eagle likes Anne.", "Like(Likes, Anne)", "a verb is no thing"),
        (
            "If Anne is tall then Anne is quiet.",
            "all x. (Tall(x) -> Quiet(x))",
            "it is about Anne",
        ),
        ("Gorps are brints.", "all x. (Gorp(y) -> Brint(y))", "nothing binds y"),
        ("The bald eagle likes Anne.", "BaldEagle(Anne)", "what it names is no predicate"),
        ("The bald eagle likes Anne.", "Like(BaldEagle, Anne) & Like(Anne, BaldEagle)", "one verb"),
        ("The bald eagle likes Anne.", "Like(Anne, BaldEagle)", "Anne has it done to her"),
        (
            "If something likes the bald eagle and it is quiet then it is tall.",
            "all x. (Like(BaldEagle, x) & Quiet(x) -> Tall(x))",
            "the eagle has it done to it",
        ),
        ("There is a brint that likes Anne.", "exists x. (Brint(x) & Like(Anne, x))", "likewise"),
        ("Anne is neither heavy nor quiet.", "Heavy(Anne) & -Quiet(Anne)", "both are denied"),
        ("Anne is neither heavy nor quiet.", "-Heavy(Anne) | -Quiet(Anne)", "likewise"),
        ("The bald eagle likes Anne.", "Like(Anne)", "it is done by somebody"),
        (
            "If something likes the bald eagle then the bald eagle likes Anne.",
            "all x. (Like(BaldEagle, x) -> Like(BaldEagle, Anne))",
            "what is done is done to a named thing",
        ),
        (
            "If something likes Anne then the bald eagle is heavy.",
            "all x. (Like(x, Anne) -> Heavy(x))",
            "the eagle is heavy",
        ),
        (
            "If something likes Anne then the bald eagle is heavy.",
            "all x. (Like(BaldEagle, Anne) -> Heavy(BaldEagle))",
            "it is something that likes her",
        ),
        (
            "If something likes the bald eagle then the bald eagle likes Anne.",
            "all x. (Like(x, BaldEagle) -> Like(x, BaldEagle))",
            "it is not what stands after then",
        ),
        (
            "If Anne is tall then Anne is quiet.",
            "Quiet(Anne) -> Tall(Anne)",
            "the condition comes first",
        ),
        ("If Anne is tall then Anne is quiet.", "Tall(Anne) & Quiet(Anne)", "it is conditional"),
        ("Gorps are brints.", "Brint(Gorp)", "nothing is named, so it speaks of all"),
        ("Gorps are brints.", "all x. (Gorp(x) & Brint(x))", "all are not everything"),
        ("Every gorp is not heavy.", "exists x. (Gorp(x) & -Heavy(x))", "it begins as a rule"),
        ("If Anne is tall then Anne is quiet.", "Tall(Anne) -> Quiet(Anne", "unbalanced"),
    ],
)
def test_what_it_does_not_say_cannot(sentence: str, formula: str, why: str) -> None:
    assert not accepts(sentence, formula), why


def test_the_whole_reply_repeats_the_sentences_in_order() -> None:
    sentences = ('Anne says "yes \\ maybe".', "Gorps are brints.")
    whole = parser(pairs_grammar("S:", "T:", "F:", sentences))
    reply = "S: Say(x)\nT: {0}\nF: Say(Anne)\nT: {1}\nF: all x. (Gorp(x) -> Brint(x))\n"
    whole.parse(reply.format(*sentences))
    for bad in (
        reply.format(sentences[1], sentences[0]),
        reply.format(sentences[0], "Gorps are frimples."),
        reply.format(*sentences).replace("F: Say(Anne)\n", ""),
    ):
        with pytest.raises(LarkError):
            whole.parse(bad)


def test_the_worked_examples_obey_the_grammar_of_their_own_sentences() -> None:
    prompt = FolTranslator().prompt(Problem("p", "Al is tall. Prove: Al is tall.", Kind.LOGIC))
    turns = list(prompt.messages[1:-1])
    for asked, reply in zip(turns[::2], turns[1::2], strict=True):
        lines = asked.content.split("\n")
        argument = Argument(tuple(lines[1:-2]), lines[-1])
        grammar = pairs_grammar("SYMBOLS:", "TEXT:", "FOL:", (*argument.premises, argument.claim))
        # Line by line: Earley takes long over all of it at once.
        rules = grammar.split("\n", 1)[1]
        formulas = [
            line.removeprefix("FOL: ")
            for line in reply.content.split("\n")
            if line.startswith("FOL: ")
        ]
        assert len(formulas) == len(argument.premises) + 1
        for number, formula in enumerate(formulas):
            parser(f"root ::= f{number}\n{rules}").parse(formula)


def accepts_of(sentence: str, formula: str) -> bool:
    """Whether a sentence by itself may be given this formula."""
    grammar = pairs_grammar("S:", "T:", "F:", (sentence, "Rex is odd."))
    rules = grammar.split("\n", 1)[1]
    try:
        parser(f"root ::= f0\n{rules}").parse(formula)
    except LarkError:
        return False
    return True


@pytest.mark.parametrize(
    ("sentence", "formula", "accepted"),
    [
        ("Plungers suck.", "all x. (Plungers(x) -> Suck(x))", True),
        ("Plungers suck.", "Suck(Plungers)", False),
        ("An animal is either a rabbit or a squirrel.", "all x. (Rabbit(x) | Squirrel(x))", True),
        (
            "An animal is either a rabbit or a squirrel.",
            "all x. (Animal(x, x) -> Rabbit(x))",
            False,
        ),
        ("Everything that likes a cat is kind.", "all x. all y. (Like(x, y) -> Kind(x))", True),
        ("Everything that likes a cat is kind.", "all x. (Like(x, x) -> Kind(x))", False),
        ("Everything that likes itself is kind.", "all x. (Like(x, x) -> Kind(x))", True),
        ("All Boeing 707s are planes.", "all x. (Boeing707(x) -> Planes(x))", True),
        ("All Boeing 707s are planes.", "all x. (Planes(x) -> 707(x))", False),
        ("Rex leads.", "Lead(Rex)", True),
        ("Rex leads.", "Lead(Rex) & Lead(Rex) & Lead(Rex)", False),
        ("Rex gives Tom a coat.", "Give(Rex, Tom, Coat)", False),
    ],
)
def test_what_no_sentence_says_cannot_be_written(
    sentence: str, formula: str, accepted: bool
) -> None:
    assert accepts_of(sentence, formula) is accepted
