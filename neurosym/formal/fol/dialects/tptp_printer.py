"""Formulas as TPTP first-order form, and how names are spelled there."""

from __future__ import annotations

import re

from neurosym.errors import InexpressibleError
from neurosym.formal.fol.syntax import (
    ENTITY,
    And,
    Apply,
    Arithmetic,
    Atom,
    Count,
    Distinct,
    Equals,
    Exists,
    ForAll,
    Formula,
    Iff,
    Implies,
    Less,
    LessEqual,
    Not,
    Number,
    Or,
    Term,
    Truth,
    Variable,
    Xor,
)

__all__ = ["name_text", "print_fof", "variable_name", "variable_text"]

_PLAIN = re.compile(r"[a-z][A-Za-z0-9_]*", re.ASCII)
_UNQUOTABLE = re.compile(r"[\x00-\x1f\x7f]")
_ESCAPED = "V__"


def name_text(name: str) -> str:
    """The name of a predicate, function or constant, quoted where it has to be.

    Raises:
        InexpressibleError: The name is empty, begins with a dollar sign, or holds a control
            character.
    """
    if _PLAIN.fullmatch(name):
        return name
    # Provers take '$true' in quotes for $true itself.
    if not name or name.startswith("$") or _UNQUOTABLE.search(name):
        raise InexpressibleError(
            f"TPTP has no way to write the name {name!r}", hint="Give the symbol another name."
        )
    escaped = re.sub(r"([\\'])", r"\\\1", name)
    return f"'{escaped}'"


def variable_text(name: str) -> str:
    """The name of a bound variable as TPTP has it; different for different names."""
    capitalised = name[:1].upper() + name[1:]
    if _PLAIN.fullmatch(name) and not capitalised.startswith(_ESCAPED):
        return capitalised
    # Letters may be no part of codes: a code stands between underscores, which are coded too.
    return _ESCAPED + re.sub(r"[^A-Za-z0-9]", lambda found: f"_{ord(found[0]):x}_", name)


def variable_name(text: str) -> str:
    """The variable that a TPTP variable was printed for, or would be."""
    if text.startswith(_ESCAPED):
        name = re.sub(r"_([0-9a-f]{1,6})_", _decoded, text.removeprefix(_ESCAPED))
        if variable_text(name) == text:
            return name
    return text[0].lower() + text[1:]


def _decoded(found: re.Match[str]) -> str:
    code = int(found[1], 16)
    return chr(code) if code < 0x110000 else found[0]


def print_fof(formula: Formula) -> str:
    """A formula as TPTP writes it.

    Raises:
        InexpressibleError: It has numbers, counts, or variables of other sorts than ``Entity``.
    """
    match formula:
        case And(parts=parts):
            return " & ".join([_unit(part) for part in parts])
        case Or(parts=parts):
            return " | ".join([_unit(part) for part in parts])
        case Implies(left=left, right=right):
            return f"{_unit(left)} => {_unit(right)}"
        case Iff(left=left, right=right):
            return f"{_unit(left)} <=> {_unit(right)}"
        case Xor(left=left, right=right):
            return f"{_unit(left)} <~> {_unit(right)}"
        case Distinct(terms=terms):
            texts = list(map(_term, terms))
            return " & ".join(
                f"{one} != {other}" for i, one in enumerate(texts) for other in texts[i + 1 :]
            )
    return _unit(formula)


def _unit(formula: Formula) -> str:
    match formula:
        case Atom(predicate=name, args=args):
            return _application(name, args)
        case Not(body=Equals(left=left, right=right)):
            return f"{_term(left)} != {_term(right)}"
        case Not(body=body):
            return f"~ {_unit(body)}"
        case ForAll() | Exists():
            return _quantified(formula)
        case Equals(left=left, right=right):
            return f"{_term(left)} = {_term(right)}"
        case Truth(value=value):
            return "$true" if value else "$false"
        case Less() | LessEqual():
            raise _without("comparisons of numbers")
        case Distinct(terms=terms) if len(terms) == 2:
            return print_fof(formula)
    return f"({print_fof(formula)})"


def _quantified(formula: ForAll | Exists) -> str:
    """A quantifier, with those of its kind right inside it."""
    names: list[str] = []
    body: Formula = formula
    while isinstance(body, type(formula)):
        variable: Variable = body.variable
        if variable.sort != ENTITY:
            raise _without(f"variables of the sort {variable.sort}")
        text = variable_text(variable.name)
        if text in names:
            break
        names.append(text)
        body = body.body
    sign = "!" if isinstance(formula, ForAll) else "?"
    return f"{sign} [{','.join(names)}] : {_unit(body)}"


def _term(term: Term) -> str:
    match term:
        case Variable(name=name):
            return variable_text(name)
        case Apply(function=name, args=args):
            return _application(name, args)
        case Number():
            raise _without("numbers")
        case Arithmetic():
            raise _without("arithmetic")
        case Count():
            raise _without("counts")


def _application(name: str, args: tuple[Term, ...]) -> str:
    if not args:
        return name_text(name)
    return f"{name_text(name)}({','.join([_term(arg) for arg in args])})"


def _without(what: str) -> InexpressibleError:
    return InexpressibleError(
        f"TPTP first-order form has no {what}", hint="Use the SMT-LIB dialect for this formula."
    )
