"""The numbers of a program, and which of them its answer can depend on.

A definition-use analysis without flow or scopes: one name is one variable wherever it appears, and
every assignment to it counts. That errs towards calling a number used.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction

from neurosym.answers.numerals import UNSIGNED, parse_number
from neurosym.formal.program import Program

__all__ = ["MAX_SOURCE", "ProgramNumbers", "analyse"]

MAX_SOURCE = 100_000
"""Longest program that is analysed, in characters."""
_MAX_TEXT_LITERAL = 200
_MAX_BITS = 256
_MAX_POWER = 64

_NUMERAL = re.compile(UNSIGNED)
_OUTPUT = frozenset({"print", "assert", "exit", "quit", "input"})


@dataclass(frozen=True, slots=True)
class ProgramNumbers:
    """The numbers of a program.

    Attributes:
        literals: Those written in code, docstrings and printed texts aside.
        live: Those that the answer can depend on, and what arithmetic on them alone gives
            (``3 / 4``).
    """

    literals: frozenset[Fraction]
    live: frozenset[Fraction]


@dataclass(slots=True)
class _Uses:
    """What one name, or the answer, depends on."""

    names: set[str] = field(default_factory=set)
    expressions: list[ast.expr] = field(default_factory=list)

    def add(self, expressions: Iterable[ast.expr]) -> None:
        for expression in expressions:
            self.expressions.append(expression)
            self.names.update(
                node.id for node in ast.walk(expression) if isinstance(node, ast.Name)
            )
            self.names.update(
                node.attr for node in ast.walk(expression) if isinstance(node, ast.Attribute)
            )


def analyse(program: Program) -> ProgramNumbers | None:
    """Find a program's numbers; ``None`` if it is too long or can't be parsed."""
    if len(program.source) > MAX_SOURCE:
        return None
    try:
        tree = ast.parse(program.source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    definitions: dict[str, _Uses] = {}
    _collect(tree, definitions, program.entry)
    live: set[Fraction] = set()
    for name in _reachable(definitions, program.entry):
        for expression in definitions[name].expressions:
            live.update(_numbers(expression))
    every = {
        number
        for uses in definitions.values()
        for expression in uses.expressions
        for number in _literals(expression)
    }
    return ProgramNumbers(frozenset(every), frozenset(live))


def _reachable(definitions: dict[str, _Uses], entry: str) -> set[str]:
    reached = {entry} if entry in definitions else set()
    waiting = list(reached)
    while waiting:
        for name in definitions[waiting.pop()].names:
            if name in definitions and name not in reached:
                reached.add(name)
                waiting.append(name)
    return reached


def _collect(tree: ast.Module, definitions: dict[str, _Uses], entry: str) -> None:
    """Note for each name what it depends on. A function depends on what it returns."""
    waiting: list[tuple[ast.AST, str]] = [(tree, entry)]
    while waiting:
        node, function = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            function = node.name
            definitions.setdefault(function, _Uses())
        for names, expressions in _dependencies(node, function):
            for name in names:
                definitions.setdefault(name, _Uses()).add(expressions)
        waiting.extend((child, function) for child in _inner(node))


def _inner(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the statements inside a node."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.stmt | ast.excepthandler | ast.match_case):
            yield child


def _dependencies(node: ast.AST, function: str) -> Iterator[tuple[list[str], list[ast.expr]]]:
    """Which names a statement makes depend on which expressions."""
    match node:
        case ast.Assign(targets=targets, value=value):
            yield [name for target in targets for name in _targets(target)], [value, *targets]
        case ast.AnnAssign(target=target, value=value) if value is not None:
            yield _targets(target), [value]
        case ast.AugAssign(target=target, value=value):
            yield _targets(target), [target, value]
        case ast.For(target=target, iter=iterable) | ast.AsyncFor(target=target, iter=iterable):
            # How often a loop runs shapes all that is assigned in it.
            yield [*_targets(target), function], [iterable]
        case ast.If(test=test) | ast.While(test=test):
            yield [function], [test]
        case ast.Return(value=value) if value is not None:
            yield [function], [value]
        case ast.Match(subject=subject):
            yield [function], [subject]
        case ast.With(items=items):
            yield [function], [item.context_expr for item in items]
        case ast.Expr(value=ast.Call() as call):
            yield from _call(call, function)
        case ast.FunctionDef(args=arguments) | ast.AsyncFunctionDef(args=arguments):
            defaults = [*arguments.defaults, *(item for item in arguments.kw_defaults if item)]
            yield [function], defaults
        case _:
            return


def _call(call: ast.Call, function: str) -> Iterator[tuple[list[str], list[ast.expr]]]:
    """Follow a call for its effect: ``items.append(3)`` makes ``items`` depend on 3."""
    if isinstance(call.func, ast.Attribute):
        yield _targets(call.func.value) or [function], [call]
    elif not (isinstance(call.func, ast.Name) and call.func.id in _OUTPUT):
        yield [function], [call]


def _targets(target: ast.expr) -> list[str]:
    """List the variables that assigning to an expression changes."""
    while isinstance(target, ast.Attribute | ast.Subscript | ast.Starred):
        target = target.value
    if isinstance(target, ast.Tuple | ast.List):
        return [name for element in target.elts for name in _targets(element)]
    return [target.id] if isinstance(target, ast.Name) else []


def _literals(expression: ast.expr) -> Iterator[Fraction]:
    for node in ast.walk(expression):
        if isinstance(node, ast.Constant):
            yield from _constant(node.value)


def _constant(value: object) -> Iterator[Fraction]:
    if isinstance(value, bool):
        return
    if isinstance(value, int) and value.bit_length() <= _MAX_BITS:
        yield Fraction(value)
    elif isinstance(value, float) and abs(value) < 2.0**_MAX_BITS:
        # As it was written: 0.15 is 3/20, not the nearest binary fraction.
        yield Fraction(repr(value))
    elif isinstance(value, str) and len(value) <= _MAX_TEXT_LITERAL:
        for match in _NUMERAL.finditer(value):
            number = parse_number(match[0])
            if number is not None:
                yield Fraction(number)


def _numbers(expression: ast.expr) -> Iterator[Fraction]:
    """Literals, and every subexpression that is arithmetic on literals alone."""
    yield from _literals(expression)
    known: dict[ast.AST, Fraction] = {}
    # Children come after their parents in a walk, so backwards each operand is known in time.
    for node in reversed(list(ast.walk(expression))):
        value = _fold(node, known)
        if value is not None:
            known[node] = value
            if not isinstance(node, ast.Constant):
                yield value


def _fold(node: ast.AST, known: dict[ast.AST, Fraction]) -> Fraction | None:
    if isinstance(node, ast.Constant):
        return None if isinstance(node.value, str) else next(_constant(node.value), None)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub) and node.operand in known:
        return -known[node.operand]
    if isinstance(node, ast.BinOp) and node.left in known and node.right in known:
        return _operate(node.op, known[node.left], known[node.right])
    return None


def _operate(operator: ast.operator, a: Fraction, b: Fraction) -> Fraction | None:
    result: Fraction | None = None
    match operator:
        case ast.Add():
            result = a + b
        case ast.Sub():
            result = a - b
        case ast.Mult():
            result = a * b
        case ast.Div() if b:
            result = a / b
        case ast.FloorDiv() if b:
            result = Fraction(a // b)
        case ast.Pow() if b.denominator == 1 and abs(b) <= _MAX_POWER and a:
            result = a**b.numerator
        case _:
            return None
    return (
        result
        if max(result.numerator.bit_length(), result.denominator.bit_length()) <= (_MAX_BITS)
        else None
    )
