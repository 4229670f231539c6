"""From a theorem as it is written to what is to be proved."""

from __future__ import annotations

import re

from neurosym.errors import FormulaError
from neurosym.formal.lean.source import Command, read_source
from neurosym.formal.lean.theorem import Theorem
from neurosym.formal.lean.words import THEOREMS
from tests.backends.lean.small_prover.elaborator import Elaborator
from tests.backends.lean.small_prover.expressions import Expr, Pi, binder, free_variable
from tests.backends.lean.small_prover.lexer import Tokens, tokenize
from tests.backends.lean.small_prover.library import constants
from tests.backends.lean.small_prover.limits import TOO_DEEP, Budget, Failure
from tests.backends.lean.small_prover.parser import TermParser
from tests.backends.lean.small_prover.state import Goal, Local, Naming, State
from tests.backends.lean.small_prover.unifier import Unifier

__all__ = ["opened"]

_HARMLESS = THEOREMS | {"/-!", "end", "namespace", "section"}
_LIBRARIES = re.compile(r"import (Init|Std|Lean|Batteries|Mathlib)\b")


def opened(theorem: Theorem, budget: Budget) -> State:
    """The state before the first tactic.

    Raises:
        FormulaError: The statement is none, or more than the prover knows.
    """
    try:
        _refuse_context(theorem)
        return _opened(theorem, budget)
    except Failure as failure:
        problem = str(failure)
    except RecursionError:
        problem = TOO_DEEP
    raise FormulaError(problem, text=theorem.opening, line=1, column=1)


def _refuse_context(theorem: Theorem) -> None:
    """Refuse what could give the statement another meaning than the prover gives it."""
    for line in theorem.header:
        if not _LIBRARIES.match(line):
            raise Failure(f"`{line}` could change what the statement means")
    if theorem.universes:
        raise Failure("universe levels are not supported")
    for command in read_source(theorem.preamble).commands:
        if command.keyword not in _HARMLESS or command.within:
            raise Failure(f"`{command.keyword}` before a theorem is not supported")
    for command in read_source(theorem.lead + theorem.opening).commands[:1]:
        _refuse_modifiers(command)


def _refuse_modifiers(command: Command) -> None:
    if command.within:
        raise Failure(f"`{command.within[0]} … in` is not supported")


def _opened(theorem: Theorem, budget: Budget) -> State:
    unifier = Unifier(constants(), {}, budget)
    locals: list[Local] = []
    tokens = Tokens(tokenize(theorem.binders))
    parser = TermParser(tokens)
    while not tokens.is_done:
        if not tokens.at_sign("(", "{", "⦃"):
            raise tokens.unexpected("'(' or '{'")
        group = parser.bracketed()
        for name in group.names:
            if group.type is None:
                raise Failure(f"Failed to infer type of binder `{name}`")
            type = Elaborator(unifier, locals).closed_type(group.type)
            naming = Naming("x" if name == "_" else name, hidden=name == "_")
            locals.append(Local(naming, free_variable(naming.text, type)))
    tokens = Tokens(tokenize(theorem.statement))
    term = TermParser(tokens).term()
    if not tokens.is_done:
        raise tokens.unexpected("command")
    target = Elaborator(unifier, locals).closed_type(term)
    if not unifier.is_proposition(target):
        raise Failure("type of theorem is not a proposition")
    return _state(locals, target)


def _state(locals: list[Local], target: Expr) -> State:
    variables = [local.variable for local in locals]
    root = free_variable("theorem", binder(Pi, variables, target))
    goal = Goal(root, tuple(locals), tuple(variables), target)
    return State((goal,), {}, {}, root)
