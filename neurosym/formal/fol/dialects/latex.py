r"""Logic as LaTeX source: ``\forall x\, (P(x) \rightarrow Q(x))``.

Precedence is that of :mod:`neurosym.formal.fol.dialects.unicode`. Names of more than one letter are
printed as ``\mathit{…}``, and constants that are spelled like a variable as ``\mathrm{…}``; a bare
``u`` … ``z`` that nothing binds is a variable. Math signs such as ``$`` are passed over.
"""

from __future__ import annotations

import re

from neurosym.errors import InexpressibleError
from neurosym.formal.fol.dialects.notation import Notation, Spelling
from neurosym.formal.fol.dialects.unicode import UNICODE_NOTATION

__all__ = ["LATEX_NOTATION"]


def _name(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z]\d*", name) else _quoted(name)


def _escaped(name: str) -> str:
    if not name.isprintable() or not name or set(name) & set("\\{}^~"):
        raise InexpressibleError(
            f"the name {name!r} cannot be written in LaTeX",
            hint="Rename it without backslashes, braces, carets, tildes and line breaks.",
        )
    return re.sub(r"([_#$%&])", r"\\\1", name)


def _quoted(name: str) -> str:
    return rf"\{'text' if ' ' in name else 'mathit'}{{{_escaped(name)}}}"


def _upright(name: str) -> str:
    """A constant that is spelled like a variable, told from it by its type."""
    spaced = _escaped(name).replace(" ", "\\ ")
    return rf"\mathrm{{{spaced}}}"


def _read_name(token: str) -> str:
    inside = re.fullmatch(r"\\[a-z]+\{(.*)\}", token)
    return token if inside is None else re.sub(r"\\(.)", r"\1", inside[1])


LATEX_NOTATION = Notation(
    name="latex",
    grammars=("infix", "standard", "latex"),
    spelling=Spelling(
        iff=r" \leftrightarrow ",
        implies=r" \rightarrow ",
        xor=r" \oplus ",
        or_=r" \lor ",
        and_=r" \land ",
        not_=r"\lnot ",
        for_all=r"\forall",
        exists=r"\exists",
        equals="=",
        unequal=r"\neq",
        less="<",
        less_equal=r"\leq",
        plus="+",
        minus="-",
        times=r"\cdot",
        true=r"\top",
        false=r"\bot",
        quantifier=r"{sign} {variable}\, {body}",
        sorted_variable=r"{name} \in {sort}",
        count=r"\#\{{{variables} \mid {body}\}}",
        distinct=r"\operatorname{distinct}",
        fraction=r"\frac{{{n}}}{{{d}}}",
        name=_name,
        quoted_name=_upright,
        read_name=_read_name,
    ),
    words={
        **UNICODE_NOTATION.words,
        "_IFF": r"\leftrightarrow",
        "_IMPLIES": r"\rightarrow",
        "_XOR": r"\oplus",
        "_OR": r"\lor",
        "_AND": r"\land",
        "_NOT": r"\lnot",
        "_FORALL": r"\forall",
        "_EXISTS": r"\exists",
        "_OPEN": r"\{",
        "_SUCH_THAT": r"\mid",
        "_CLOSE": r"\}",
    },
    free=re.compile(r"[u-z]\d?"),
)
"""The notation."""
