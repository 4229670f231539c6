"""Formulas in controlled English, by template: what a formula says, for people and for checks."""

from __future__ import annotations

from neurosym.formal.fol.spelling import words
from neurosym.formal.fol.syntax import (
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
from neurosym.formal.fol.theory import Statement

__all__ = ["in_english", "sentence_of"]


def sentence_of(statement: Statement) -> str:
    """The sentence that a statement stands for; where there is none, its formula in English."""
    return statement.sentence or in_english(statement.formula)


def in_english(formula: Formula) -> str:
    """The formula as a sentence: ``for every x, if x is tall then x need wolf``.

    Predicates and names are split into their words, not inflected.
    """
    return _say(formula)


def _say(node: Formula) -> str:
    match node:
        case Atom(predicate=name, args=args):
            return _atom(name, args)
        case Not(body=Atom(predicate=name, args=args)) if args:
            return _atom(name, args, "not ")
        case Not(body=Equals(left=left, right=right)):
            return f"{_term(left)} is not {_term(right)}"
        case Not(body=body):
            return f"it is not so that {_part(body)}"
        case And(parts=parts):
            return " and ".join(map(_part, parts))
        case Or(parts=parts):
            return " or ".join(map(_part, parts))
        case Xor(left=left, right=right):
            return f"either {_part(left)} or {_part(right)}, but not both"
        case Implies(left=left, right=right):
            return f"if {_part(left)} then {_part(right)}"
        case Iff(left=left, right=right):
            return f"{_part(left)} if and only if {_part(right)}"
        case ForAll(variable=variable, body=body):
            return f"for every {_bound(variable)}, {_say(body)}"
        case Exists(variable=variable, body=body):
            return f"for some {_bound(variable)}, {_say(body)}"
        case _:
            return _relation(node)


def _relation(node: Formula) -> str:
    match node:
        case Equals(left=left, right=right):
            return f"{_term(left)} is {_term(right)}"
        case Less(left=left, right=right):
            return f"{_term(left)} is less than {_term(right)}"
        case LessEqual(left=left, right=right):
            return f"{_term(left)} is at most {_term(right)}"
        case Distinct(terms=terms):
            return f"{', '.join(map(_term, terms))} are all different"
        case Truth(value=value):
            return "true" if value else "false"
    raise AssertionError(node)


def _part(node: Formula) -> str:
    """A part of a formula, in brackets where one could not tell where it ends."""
    text = _say(node)
    simple = isinstance(node, Atom | Equals | Less | LessEqual | Distinct | Truth)
    match node:
        case Not(body=Atom(args=(_, *_)) | Equals()):
            return text  # the negation stands inside
    return text if simple else f"({text})"


def _bound(variable: Variable) -> str:
    return (
        variable.name if variable.sort == "Entity" else f"{_words(variable.sort)} {variable.name}"
    )


def _atom(name: str, args: tuple[Term, ...], negation: str = "") -> str:
    if not args:
        return f"{negation}{_words(name)}"
    subject, *objects = map(_term, args)
    if not objects:
        return f"{subject} is {negation}{_words(name)}"
    does = "does not " if negation else ""
    return f"{subject} {does}{_words(name)} {' '.join(objects)}"


def _term(node: Term) -> str:
    match node:
        case Variable(name=name):
            return name
        case Number(value=value):
            return str(value)
        case Apply(function=name, args=()):
            return _words(name)
        case Apply(function=name, args=args):
            return f"the {_words(name)} of {' and '.join(map(_term, args))}"
        case Arithmetic(operator=sign, left=left, right=right):
            verb = {"+": "plus", "-": "minus", "*": "times"}[sign]
            return f"{_operand(left)} {verb} {_operand(right)}"
        case Count(variables=variables, body=body):
            return f"the number of {', '.join(map(_bound, variables))} for which ({_say(body)})"


def _operand(node: Term) -> str:
    return f"({_term(node)})" if isinstance(node, Arithmetic) else _term(node)


def _words(name: str) -> str:
    return " ".join(words(name)) or name
