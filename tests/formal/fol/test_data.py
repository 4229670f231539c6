"""Theories survive a run log."""

from __future__ import annotations

import json
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from neurosym.formal.fol.data import theory_from_json, theory_to_json
from neurosym.formal.fol.dialects.infix import UNICODE
from neurosym.formal.fol.theory import Repair, Theory
from tests.formal.fol.strategies import ALL, theories


@given(
    theories(ALL),
    st.text(),
    st.lists(st.builds(Repair, st.sampled_from(["scope", "end"]), st.text()), max_size=3),
)
def test_a_theory_written_as_json_is_read_back_alike(
    theory: Theory, source: str, repairs: list[Repair]
) -> None:
    theory = replace(theory, source=source, repairs=tuple(repairs))
    read = theory_from_json(json.loads(json.dumps(theory_to_json(theory))))
    assert read == theory
    assert read.digest == theory.digest


def test_fractions_stay_exact_and_names_that_look_like_numbers_names() -> None:
    theory = UNICODE.parse_theory('third = 1/3\n"1/3" = third2\nP("1/3")\n⊢ third < 0.1')
    read = theory_from_json(json.loads(json.dumps(theory_to_json(theory))))
    assert read == theory
    assert read.formulas[0] != read.formulas[1]


def test_the_digest_tells_what_decides_from_what_does_not() -> None:
    theory = UNICODE.parse_theory("P(bob)\n⊢ Q(bob)")
    assert replace(theory, source="other", repairs=(Repair("end", ""),)).digest == theory.digest
    others = [UNICODE.parse_theory(text) for text in ("P(bob)\nQ(bob)", "Q(bob)\n⊢ P(bob)")]
    assert len({theory.digest, *(other.digest for other in others)}) == 3
