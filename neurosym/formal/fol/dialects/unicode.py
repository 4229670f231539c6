"""Logic in unicode, as in FOLIO: ``∀x (P(x) → Q(x))``.

From the tightest: ¬ and quantifiers, ∧, ∨, ⊕, → (to the right), ↔. Names of several words, and
constants that are spelled like variables (``u`` … ``z``, with one digit or none), stand in double
quotes. Sorts, arithmetic, counts and all-different have their place: ``∀d:Day (…)``, ``a + 1 ≤ 3``,
``#{d:Day | Busy(d)} = 2``, ``distinct(a, b, c)``.
"""

from __future__ import annotations

import re

from neurosym.errors import InexpressibleError
from neurosym.formal.fol.dialects.notation import Notation, Spelling

__all__ = ["UNICODE_NOTATION"]

_PLAIN = re.compile(r"[^\W\d]\w*")


def _name(name: str) -> str:
    return name if _PLAIN.fullmatch(name) and name != "distinct" else _quoted(name)


def _quoted(name: str) -> str:
    if not name or '"' in name or "\n" in name:
        raise InexpressibleError(
            f"the name {name!r} cannot be written in unicode logic",
            hint="Rename it without double quotes and line breaks.",
        )
    return f'"{name}"'


UNICODE_NOTATION = Notation(
    name="unicode",
    grammars=("infix", "standard", "unicode"),
    spelling=Spelling(
        iff=" ↔ ",
        implies=" → ",
        xor=" ⊕ ",
        or_=" ∨ ",
        and_=" ∧ ",
        not_="¬",
        for_all="∀",
        exists="∃",
        equals="=",
        unequal="≠",
        less="<",
        less_equal="≤",
        plus="+",
        minus="-",
        times="·",
        true="⊤",
        false="⊥",
        quantifier="{sign}{variable} {body}",
        sorted_variable="{name}:{sort}",
        count="#{{{variables} | {body}}}",
        distinct="distinct",
        fraction="{n}/{d}",
        name=_name,
        quoted_name=_quoted,
        read_name=lambda token: token.strip('"'),
    ),
    words={
        "_IFF": "↔",
        "_IMPLIES": "→",
        "_XOR": "⊕",
        "_OR": "∨",
        "_AND": "∧",
        "_NOT": "¬",
        "_FORALL": "∀",
        "_EXISTS": "∃",
        "COMPARISON": "a comparison",
        "NAME": "a name",
        "NUMBER": "a number",
        "LPAR": "(",
        "RPAR": ")",
        "COMMA": "a comma",
        "_OPEN": "{",
        "_SUCH_THAT": "|",
        "_CLOSE": "}",
        "$END": "the end",
    },
    free=re.compile(r"[u-z]\d?"),
)
"""The notation."""
