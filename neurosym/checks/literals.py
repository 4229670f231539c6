"""The numbers of a program, and which of them its answer can depend on.

A definition-use analysis without flow or scopes: one name is one variable wherever it appears, and
every assignment to it counts. That errs towards calling a number used.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from neurosym.answers.numerals import UNSIGNED, parse_number
from neurosym.formal.program import Program, parse_source

__all__ = ["MAX_SOURCE", "ProgramNumbers", "analyse"]

MAX_SOURCE = 100_000
"""Longest program that is analysed, in characters."""
_MAX_TEXT_LITERAL = 200
_MAX_BITS = 256
_MAX_POWER = 64

# Not the end of a name: "x15" in symbols("x15") is no 15.
_NUMERAL = re.compile(rf"(?<![A-Za-z_0-9.,])(?:{UNSIGNED})")
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


@dataclass(frozen=True, slots=True)
class _Use:
    """What one statement makes the names it sets depend on."""

    names: frozenset[str]
    expressions: tuple[ast.expr, ...]

    @classmethod
    def of(cls, expressions: Iterable[ast.expr]) -> _Use:
        expressions = tuple(expressions)
        nodes = [node for expression in expressions for node in ast.walk(expression)]
        names = {node.id for node in nodes if isinstance(node, ast.Name)}
        names |= {node.attr for node in nodes if isinstance(node, ast.Attribute)}
        return cls(frozenset(names), expressions)


def analyse(program: Program) -> ProgramNumbers | None:
    """Find a program's numbers; ``None`` if it is too long or can't be parsed."""
    if len(program.source) > MAX_SOURCE:
        return None
    try:
        tree = parse_source(program.source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    uses: list[_Use] = []
    definitions: dict[str, list[int]] = {}  # the places in ``uses`` of what sets each name
    for names, expressions in _statements(tree, program.entry):
        for name in set(names):
            definitions.setdefault(name, []).append(len(uses))
        uses.append(_Use.of(expressions))
    every = {
        number for use in uses for expression in use.expressions for number in _literals(expression)
    }
    live = {
        number
        for place in _reachable(definitions, uses, program.entry)
        for expression in uses[place].expressions
        for number in _numbers(expression)
    }
    return ProgramNumbers(frozenset(every), frozenset(live))


def _reachable(definitions: dict[str, list[int]], uses: list[_Use], entry: str) -> set[int]:
    """Find the uses that the entry rests on. Each is visited once, however many names share it."""
    reached: set[int] = set()
    waiting, seen = [entry], {entry}
    while waiting:
        for place in definitions.get(waiting.pop(), ()):
            if place not in reached:
                reached.add(place)
                waiting.extend(uses[place].names - seen)
                seen |= uses[place].names
    return reached


def _statements(tree: ast.Module, entry: str) -> Iterator[tuple[list[str], list[ast.expr]]]:
    """Yield which names depend on which expressions. A function depends on what it returns."""
    waiting: list[tuple[ast.AST, str]] = [(tree, entry)]
    while waiting:
        node, function = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            function = node.name
        yield from _dependencies(node, function)
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
        case ast.Assert(test=test):
            # It decides whether there is an answer; the numbers compared with have no part in it.
            yield [function], [item for item in ast.walk(test) if isinstance(item, ast.Name)]
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
