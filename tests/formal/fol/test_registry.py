"""Dialects by name, and finding out which one a text is written in."""

from __future__ import annotations

import pytest

from neurosym.errors import InexpressibleError, OptionError
from neurosym.formal.fol.dialects.base import Dialect
from neurosym.formal.fol.dialects.registry import (
    DialectName,
    dialect_named,
    find_dialect,
    read_theory,
)
from neurosym.formal.fol.theory import Theory

THEORY = "∀x (Man(x) → Mortal(x)) ::: All men are mortal.\nMan(ada)\n⊢ Mortal(ada)"


def theory() -> Theory:
    return read_theory(THEORY)[0]


@pytest.mark.parametrize("name", DialectName)
def test_every_name_has_its_dialect(name: DialectName) -> None:
    assert isinstance(dialect_named(name), Dialect)


@pytest.mark.parametrize("name", DialectName)
def test_what_a_dialect_prints_is_found_to_be_its_own(name: DialectName) -> None:
    try:
        text = dialect_named(name).print_theory(theory())
    except InexpressibleError:
        assert name in (DialectName.CSP, DialectName.PUZZLE), "they have no things to speak of"
        return
    assert find_dialect(text) is name


@pytest.mark.parametrize(
    ("file_name", "name"),
    [
        ("a.p", "tptp"),
        ("a.SMT2", "smtlib"),
        ("a.tex", "latex"),
        ("a.lean", "lean"),
        ("a.txt", None),
    ],
)
def test_a_file_name_tells_more_than_its_text(file_name: str, name: str | None) -> None:
    assert find_dialect("P(a)", file_name) == name


def test_plain_words_are_in_no_dialect() -> None:
    assert find_dialect("All men are mortal. Ada is a man. Is Ada mortal?") is None
    with pytest.raises(OptionError, match="nothing tells"):
        read_theory("Ada is mortal")


@pytest.mark.parametrize(
    "name",
    [n for n in DialectName if n not in (DialectName.LEAN, DialectName.CSP, DialectName.PUZZLE)],
)
def test_a_theory_means_the_same_in_every_dialect_that_can_say_it(name: DialectName) -> None:
    text = dialect_named(name).print_theory(theory())
    again, found = read_theory(text)
    assert found is name
    assert [item.formula for item in again.premises] == [item.formula for item in theory().premises]
    assert again.claim is not None
    assert again.claim.formula == theory().claim.formula  # type: ignore[union-attr]
