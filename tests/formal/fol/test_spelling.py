"""Names: identifiers made of any words, and stems."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from neurosym.formal.fol.spelling import plain_name, stem, words

SAME = [
    ("Study", "Studies", "studies", "Studying"),
    ("Bus", "Buses", "bus"),
    ("chase", "Chases", "chasing"),
    ("house", "houses", "housing"),
    ("box", "boxes"),
    ("church", "churches"),
    ("ache", "aches"),
    ("glass", "glasses"),
    ("hero", "heroes"),
    ("go", "goes"),
    ("movie", "movies"),
    ("fly", "flies", "flying"),
    ("play", "plays", "playing"),
    ("like", "likes", "liking"),
    ("love", "loving"),
    ("run", "runs", "running"),
    ("hop", "hopping"),
    ("hope", "hoping"),
    ("see", "sees", "seeing"),
    ("visit", "visits", "visiting"),
    ("call", "calls", "calling"),
    ("bald_eagle", "BaldEagle", "baldEagle", "bald eagles", "bald-eagle"),
    ("eats_breakfast", "EatBreakfast"),
    ("XMLFile", "xml_files"),
]
DIFFERENT = [
    ("Bus", "Bu"),
    ("Buses", "Bu"),
    ("Jane", "Jan"),
    ("Jones", "Jon"),
    ("king", "k"),
    ("thing", "th"),
    ("hoping", "hopping"),
    ("Admired", "Admires"),
    ("red", "r"),
    ("gas", "ga"),
    ("plan", "plane"),
    ("x1", "x2"),
    ("is_big", "is_bad"),
]


@pytest.mark.parametrize("names", SAME, ids=lambda names: names[0])
def test_inflected_forms_have_one_stem(names: tuple[str, ...]) -> None:
    assert len({stem(name) for name in names}) == 1


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_other_words_have_other_stems(one: str, other: str) -> None:
    assert stem(one) != stem(other)


def test_no_two_of_the_families_have_one_stem() -> None:
    assert len({stem(names[0]) for names in SAME}) == len(SAME)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("bald eagle", "bald_eagle"),
        ("bald-eagle", "bald_eagle"),
        ("1PM", "_1PM"),
        ("12:30 PM", "_12_30_PM"),
        ("Bob's", "Bobs"),
        ("Rollin’", "Rollin"),
        ('"Night Song"', "Night_Song"),
        ("C++", "C_plus_plus"),
        ("C#", "C_sharp"),
        ("already_plain", "already_plain"),
        ("Łódź", "Łódź"),
        ("x²", "x2"),
        ("①", "_1"),
        ("a\x00b", "a_b"),
        ("", "_"),
        ("?!", "_"),
    ],
)
def test_plain_names(text: str, name: str) -> None:
    assert plain_name(text) == name


@given(st.text())
def test_plain_names_are_identifiers_and_stay_as_they_are(text: str) -> None:
    name = plain_name(text)
    assert name.isidentifier()
    assert plain_name(name) == name


@given(st.from_regex(r"[a-z]{1,8}", fullmatch=True))
def test_a_plural_has_the_stem_of_its_word(word: str) -> None:
    # Words in -s are left out: of their plurals in -ses some are of words in -se.
    if not word.endswith(("s", "x", "z", "ch", "sh", "y", "i", "u", "o")) and len(word) > 2:
        assert stem(word + "s") == stem(word)


@given(st.text(max_size=20))
def test_case_does_not_matter_for_one_word(text: str) -> None:
    if len(words(text.lower())) == 1 and text.isascii():
        assert stem(text.lower()) == stem(text.lower().capitalize())


@given(st.text())
def test_every_name_has_a_stem(text: str) -> None:
    assert stem(text) or not text


def test_words() -> None:
    assert words("BaldEagle_2") == ("bald", "eagle", "2")
    assert words("livesInUS") == ("lives", "in", "us")
    assert words("XMLFile") == ("xml", "file")
    assert words("") == ()
