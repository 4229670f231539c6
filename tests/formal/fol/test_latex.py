"""LaTeX as people have it in their papers."""

from __future__ import annotations

import pytest

from neurosym.errors import FormulaError
from neurosym.formal.fol.dialects.infix import LATEX, UNICODE

PLAIN = UNICODE.parse_theory("∀x (Man(x) → Mortal(x)) ::: All.\nMan(ada)\n⊢ Mortal(ada) ::: So.")
RULE = r"\forall x\, (Man(x) \rightarrow Mortal(x))"


@pytest.mark.parametrize(
    ("around", "turnstile"),
    [
        ("{}", r"\vdash "),
        ("{}", "⊢"),
        ("${}$", r"\vdash "),
        ("$ {} $", r" \vdash "),
        ("$${}$$", r"\therefore "),
        (r"\({}\)", r"\vdash "),
        (r"\[ {} \]", r"\vdash "),
    ],
)
def test_math_signs_around_formulas_and_the_turnstile_are_read(around: str, turnstile: str) -> None:
    lines = (f"{RULE}", "Man(ada)", f"{turnstile}Mortal(ada)")
    rule, fact, claim = (around.format(line) for line in lines)
    text = f"{rule} ::: All.\n{fact}\n{claim} ::: So."
    assert LATEX.parse_theory(text).digest == PLAIN.digest
    assert LATEX.parse_formula(rule) == PLAIN.premises[0].formula


def test_math_signs_stand_in_sections_and_within_formulas() -> None:
    text = f"Premises:\n${RULE}$\n$Man(ada)$ $\\land$ $Man(ada)$\nConclusion:\n$Mortal(ada)$\n"
    theory = LATEX.parse_theory(text)
    assert theory.claim is not None
    assert PLAIN.claim is not None
    assert theory.claim.formula == PLAIN.claim.formula
    assert len(theory.premises) == 2


def test_a_place_after_a_math_sign_is_one_in_the_text() -> None:
    with pytest.raises(FormulaError) as caught:
        LATEX.parse_theory("$P(a)$\n$\\vdash P(a$")
    assert (caught.value.line, caught.value.column) == (2, 13)


def test_a_longer_command_is_no_turnstile() -> None:
    with pytest.raises(FormulaError, match="line 2, column 1: unexpected character"):
        LATEX.parse_theory("P(a)\n\\vdashed P(a)")
