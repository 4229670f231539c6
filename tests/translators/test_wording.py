"""What the wording of a sentence tells, organising premises, and the grammar made of it."""

from __future__ import annotations

import pytest

from neurosym.problem import Kind, Problem
from neurosym.translators.argument import Argument
from neurosym.translators.organise import organise
from neurosym.translators.roles import Use, joined_names, object_words, predications
from neurosym.translators.wording import (
    alternates,
    conditional_halves,
    content_words,
    denies,
    equates,
    has_condition,
    is_general,
    is_rule,
    may_negate,
    name_forms,
    named_words,
    proper_names,
    speaks_of_existence,
    subject_words,
)

TEXT = (
    "Anne is tall.",
    "The bald eagle likes Anne.",
    "Gorps are not heavy.",
    "Every brint is a gorp.",
    "Lena Holm lives in Oslo.",
)


def test_proper_names_are_always_capitalised() -> None:
    assert proper_names(TEXT) == ["anne", "lena", "holm", "oslo"]


def test_a_plural_that_begins_a_sentence_is_no_name() -> None:
    assert "gorps" not in proper_names(("Gorps are heavy.", "Polly is a gorp."))


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("The bald eagle likes Anne.", {"like": ["bald eagle > anne"]}),
        ("They do not like the bald eagle.", {"like": ["? > bald eagle"]}),
        (
            "If something chases the cat then the cat chases Anne and likes Lena Holm.",
            {"chase": ["* > cat", "cat > anne"], "like": ["? > lena holm"]},
        ),
        ("Someone who does not like Anne is tall.", {"like": ["* > anne"]}),
        ("If someone likes Anne then Anne likes them.", {}),
        ("Anne is liked by Lena.", {}),
        ("On Mondays Anne sleeps.", {}),
        ("Gorps are heavy.", {}),
        ("If something is tall then the cat is not tall.", {}),
        ("If someone likes Anne then the cat is young.", {"like": ["* > anne"], "young": ["cat"]}),
        ("Anne is tall, and Lena was old.", {"tall": ["anne"], "old": ["lena"]}),
        ("Anne is taller than Lena.", {}),
        ("Anne is a teacher.", {}),
        ("Either Anne or Lena is tall.", {}),
        (
            "If Anne likes the cat and the cat chases Lena then the cat is old.",
            {"like": ["anne > cat"], "chase": ["cat > lena"], "old": ["cat"]},
        ),
        ("Anne and Lena like the cat.", {}),
        ("Anne likes the cat and the dog and is tall.", {}),
        ("Anne's Lena is tall.", {"tall": ["lena"]}),
        ("On cold days Anne sleeps.", {}),
        ("Lena is old whereas Anne is tall.", {"tall": ["anne"]}),
    ],
)
def test_what_verbs_and_adjectives_are_always_said_of(
    sentence: str, found: dict[str, list[str]]
) -> None:
    def shown(use: Use) -> str:
        subject = " ".join(use.subject) or ("*" if use.is_open else "?")
        return f"{subject} > {' '.join(use.object)}" if use.object else subject

    known = predications(sentence, proper_names(TEXT))
    assert {item.forms[:2][-1]: [*map(shown, item.uses)] for item in known} == found


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ("Jerry neither teaches nor is a manager.", True),
        ("No gorp is heavy.", False),
        ("If Jerry neither teaches nor sings, then he is young.", False),
        ("Gorps that neither sing nor dance are heavy.", False),
        ("Jerry neither teaches nor sings and is young.", False),
        ("Gorps are neither heavy nor quiet.", False),
        ("Every gorp is neither heavy nor quiet.", False),
        ("Neither Anne nor Bob sleeps.", False),
        ("The cat is neither heavy nor quiet.", True),
    ],
)
def test_neither_nor_denies_both(sentence: str, told: bool) -> None:
    assert denies(sentence, ["jerry", "anne", "bob"]) is told
    assert not alternates(sentence)


@pytest.mark.parametrize("sentence", ["A gorp is heavy.", "An animal sings.", "Any gorp is heavy."])
def test_what_is_so_of_some_one_thing_may_be_so_of_all(sentence: str) -> None:
    assert is_general(f"{sentence[:-1]} in Oslo.", ["oslo"])
    assert not is_general("Anne is in Oslo.", ["anne", "oslo"])


@pytest.mark.parametrize(
    ("sentence", "objects"),
    [
        ("On cold days Anne sleeps.", []),
        ("For two years Anne sleeps.", []),
        ("Lena likes songs Anne wrote.", []),
        ("Lena is happy whereas Anne is sad.", []),
        ("Anne's Lena is tall.", []),
        ("The bald eagle likes Anne.", ["anne"]),
        ("If something chases the cat then it likes the bald eagle.", ["cat", "bald", "eagle"]),
        ("If something chases the cat then the cat likes Lena.", ["lena"]),
        ("They do not like the cat.", ["cat"]),
        ("Gorps that like Anne are heavy.", ["anne"]),
        ("Anne is liked by Lena.", []),
        ("If someone likes Anne, she is tall.", []),
        ("If someone likes the cat, she is tall.", ["cat"]),
        ("In Oslo Lena Holm is taller than Anne.", []),
        ("On Mondays the cat sleeps.", []),
        ("Gorps are heavy.", []),
    ],
)
def test_what_only_follows_a_verb_has_things_done_to_it(sentence: str, objects: list[str]) -> None:
    assert object_words(sentence, proper_names(TEXT)) == objects


@pytest.mark.parametrize(
    ("sentence", "named"),
    [
        ("Anne is tall.", ["anne"]),
        ("The bald eagle likes Anne.", ["anne", "bald", "eagle"]),
        ("The cat eats the tiger.", ["cat", "tiger"]),
        ("Every brint is a gorp.", []),
        ("Room 12 is free.", ["12"]),
    ],
)
def test_things_are_named_by_proper_names_numbers_and_the(sentence: str, named: list[str]) -> None:
    assert sorted(named_words(sentence, proper_names(TEXT))) == sorted(named)


@pytest.mark.parametrize(
    ("sentence", "general"),
    [
        ("Anne is tall.", False),
        ("The bald eagle likes Anne.", False),
        ("Gorps are not heavy.", True),
        ("Red things are kind.", True),
        ("If something likes the eagle then it is red.", True),
        ("Some friend of Anne is tall.", True),
    ],
)
def test_a_sentence_is_general_if_it_says_so_or_names_nothing(sentence: str, general: bool) -> None:
    assert is_general(sentence, proper_names(TEXT)) is general


@pytest.mark.parametrize(
    ("sentence", "subject"),
    [
        ("Anne is tall.", ["anne"]),
        ("Lena Holm is in Oslo.", ["lena", "holm"]),
        ("If Anne is tall then all are.", ["anne"]),
        ("The bald eagle likes Anne.", ["bald", "eagle"]),
        ("If the eagle is tall then it is red.", ["eagle"]),
        ("Gorps like Anne.", []),
        ("If something is tall then Anne is.", []),
        ("The members of the club like Anne.", []),
    ],
)
def test_a_sentence_or_its_condition_may_be_about_one_thing(
    sentence: str, subject: list[str]
) -> None:
    assert subject_words(sentence, proper_names(TEXT)) == subject


def test_words_of_form_are_told_apart() -> None:
    assert may_negate("The wolf isn't calm.")
    assert may_negate("No wolf is calm.")
    assert not may_negate("The wolf is calm.")
    assert alternates("It is red or blue.")
    assert not alternates("It is for Anne.")
    assert equates("It rains if and only if it is wet.")
    assert not equates("It is wet if it rains.")
    assert has_condition("If it rains it is wet.")
    assert not has_condition("It is wet.")
    assert speaks_of_existence("There is a wolf.")
    assert not speaks_of_existence("Wolves are calm.")
    assert is_rule("Every wolf is calm.")
    assert not is_rule("Anne likes every wolf.")


def test_names_are_made_of_the_sentences_own_words_uninflected_as_well() -> None:
    assert content_words("The wolves chase all men.") == ["wolves", "chase", "men"]
    forms = name_forms("The wolves chase all men who live in cities.")
    assert {"wolves", "wolf", "men", "man", "cities", "city", "in"} <= set(forms)
    assert {"the", "all", "who"}.isdisjoint(forms)


# ---------------------------------------------------------------- organise first


def test_facts_come_first_by_whom_they_are_about_and_rules_after_them() -> None:
    argument = Argument(
        (
            "Bob is red.",
            "If something is red then it is blue.",
            "Anne is kind and red.",
            "Bob is kind.",
            "Blue things are cold.",
        ),
        "Bob is cold.",
    )
    organised, dropped = organise(argument)
    assert organised.premises == (
        "Bob is red.",
        "Bob is kind.",
        "Anne is kind and red.",
        "If something is red then it is blue.",
        "Blue things are cold.",
    )
    assert organised.claim == "Bob is cold."
    assert dropped == ()


def test_only_what_no_chain_of_words_links_to_the_claim_is_dropped() -> None:
    argument = Argument(
        ("Zed likes cheese.", "Bob is red.", "Red things are cold.", "Cheese is yellow."),
        "Bob is cold.",
    )
    organised, dropped = organise(argument)
    assert set(dropped) == {"Zed likes cheese.", "Cheese is yellow."}
    assert set(organised.premises) == {"Bob is red.", "Red things are cold."}


def test_the_prompt_leaves_out_what_was_dropped_and_the_check_tells_it() -> None:
    from neurosym.candidate import CheckState, Outcome
    from neurosym.checks.logic import run_logic_checks
    from neurosym.formal.fol.theory import Theory
    from neurosym.status import Status
    from neurosym.translators.fol import FolTranslator

    problem = Problem(
        "p",
        "Bob is red. Zed likes cheese. Red things are cold. Does it follow that Bob is cold?",
        Kind.LOGIC,
    )
    asked = FolTranslator(organised=True).prompt(problem).messages[-1].content
    assert "Zed" not in asked
    assert "Zed" in FolTranslator().prompt(problem).messages[-1].content
    theory = FolTranslator().parse(
        "TEXT: Bob is red.\nFOL: Red(Bob)\nTEXT: Red things are cold.\n"
        "FOL: all x. (Red(x) -> Cold(x))\nTEXT: Bob is cold\nFOL: Cold(Bob)\n",
        problem,
    )
    assert isinstance(theory, Theory)
    checks = {c.name: c for c in run_logic_checks(problem, theory, Outcome(Status.PROVED, "True"))}
    assert checks["completeness"].state is CheckState.UNDECIDED
    assert "Zed likes cheese." in checks["completeness"].detail


@pytest.mark.parametrize(
    ("sentence", "more"),
    [
        ("Anne is tall.", 0),
        ("Anne and Lena are tall.", 1),
        ("Either Anne or Lena is tall.", 1),
        ("If the cat likes Anne and Lena is tall.", 0),
        ("Anne, Lena Holm and the cat are tall.", 2),
        ("Anne likes the cat.", 0),
    ],
)
def test_names_side_by_side(sentence: str, more: int) -> None:
    assert joined_names(sentence, proper_names(TEXT)) == more


@pytest.mark.parametrize(
    ("sentence", "halves"),
    [
        ("If Anne is tall then she is kind.", ("Anne is tall", "she is kind.")),
        ("If Anne is tall, then she is kind.", ("Anne is tall", "she is kind.")),
        ("If Anne is tall, she is kind.", ("Anne is tall", "she is kind.")),
        ("If Anne is tall and kind then Bob is not.", ("Anne is tall and kind", "Bob is not.")),
        ("If Anne, Bob and Carol are tall, then Al is.", None),
        ("Anne is tall if she is kind.", None),
        ("If and only if Anne is tall, she is kind.", None),
        ("If Anne is tall then she is kind unless she is ill.", None),
        ("Anne is tall.", None),
    ],
)
def test_the_halves_of_a_condition(sentence: str, halves: tuple[str, str] | None) -> None:
    assert conditional_halves(sentence) == halves


@pytest.mark.parametrize("sentence", ["Plungers suck.", "Composers write music.", "Cats are grey."])
def test_plurals_that_begin_a_sentence_are_no_names(sentence: str) -> None:
    assert proper_names((sentence, "Rex is a dog.")) == ["rex"]


@pytest.mark.parametrize(
    "sentence",
    ["Charles wrote music.", "James likes cats.", "Thomas played.", "Lars can sing.", "Boris won."],
)
def test_names_that_end_as_plurals_do_are_names(sentence: str) -> None:
    assert proper_names((sentence,)) == [sentence.split()[0].lower()]
