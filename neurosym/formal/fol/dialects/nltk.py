"""The logic of NLTK and Prover9, which LINC's models write: ``all x. (P(x) -> Q(x))``.

As NLTK reads it: quantifiers and negation bind more tightly than ``&``, that than ``|``, that than
``->``, which associates to the left, that than ``<->``. A single lower-case letter but ``e``, with
digits or without, is a variable. There are no sorts, numbers or counts; a numeral is a name.
"""

from __future__ import annotations

import re

from neurosym.errors import InexpressibleError
from neurosym.formal.fol.dialects.notation import Notation, Spelling

__all__ = ["NLTK_NOTATION"]

_KEYWORDS = frozenset(
    {"all", "forall", "exists", "exist", "some", "and", "or", "not", "implies", "iff"}
)


def _name(name: str) -> str:
    if not re.fullmatch(r"\w+", name) or name in _KEYWORDS:
        raise InexpressibleError(
            f"the name {name!r} cannot be written in NLTK's logic",
            hint="Rename it to letters, digits and underscores, and to no keyword.",
        )
    return name


def _quoted(name: str) -> str:
    raise InexpressibleError(
        f"the constant {name!r} would be read as a variable in NLTK's logic",
        hint="Rename it to a longer name.",
    )


NLTK_NOTATION = Notation(
    name="nltk",
    grammars=("infix", "nltk"),
    spelling=Spelling(
        iff=" <-> ",
        implies=" -> ",
        xor="",
        or_=" | ",
        and_=" & ",
        not_="-",
        for_all="all",
        exists="exists",
        equals="=",
        unequal="!=",
        less="",
        less_equal="",
        plus="",
        minus="",
        times="",
        true="",
        false="",
        quantifier="{sign} {variable}. {body}",
        sorted_variable="",
        count="",
        distinct="",
        fraction="",
        name=_name,
        quoted_name=_quoted,
        read_name=str,
    ),
    words={
        "_IFF": "<->",
        "_IMPLIES": "->",
        "_OR": "|",
        "_AND": "&",
        "_NOT": "-",
        "_FORALL": "all",
        "_EXISTS": "exists",
        "COMPARISON": "=",
        "NAME": "a name",
        "LPAR": "(",
        "RPAR": ")",
        "COMMA": "a comma",
        "DOT": "a dot",
        "$END": "the end",
    },
    free=re.compile(r"[a-df-z]\d*"),
    implies_to_left=True,
)
"""The notation."""
