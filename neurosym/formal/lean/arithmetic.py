"""The calculation of a word problem as a Lean theorem: each step a hypothesis, the answer the goal.

A program that goes straight from numbers to its answer becomes ::

    theorem answer
        -- 14 boxes
        (boxes : Int) (h_boxes : boxes = 14)
        (price : Rat) (h_price : price = (boxes : Rat) * (25 / 10))
        : price = 35 := by
      sorry

Whole numbers are of type ``Int``, and what is divided or has decimals of type ``Rat``, where it is
exact: 0.1 is 1 / 10, and no rounding of floating-point numbers is left. It needs Lean's core
library and no other. What is assumed defines one new number after another, so it can always be
fulfilled.
"""

from __future__ import annotations

import ast
import io
import math
import tokenize
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from neurosym.errors import InexpressibleError
from neurosym.formal.fol.dialects.lean_printer import identifier
from neurosym.formal.lean.exact import HINT, Exact, evaluate, named, number_text, refusal
from neurosym.formal.lean.theorem import Theorem, read_theorem
from neurosym.formal.program import Program, parse_source
from neurosym.values import Value, literal

__all__ = ["ARITHMETIC_PROOFS", "certificate"]

ARITHMETIC_PROOFS = (
    "by subst_vars; decide +kernel",
    "by subst_vars; decide",
    "by subst_vars; norm_num",
    "by grind",
    "by simp [*]",
    "by omega",
)
"""Proofs to try of such a theorem, each with one tactic that a Lean may lack."""
_MAX_SOURCE = 20_000
"""Characters of the longest program that is read."""
_MAX_COMMENT = 200
_MAX_SHOWN = 60
_NOISE = Fraction(1, 10**9)
"""By how much, relative to it, floating-point numbers may have rounded the exact answer."""
_ZERO = Fraction(1, 10**12)
"""What is rounded as much is zero, which has nothing that it could be relative to."""
_USED = frozenset({"Int", "Rat"})
"""Names that the statement uses for what they mean in Lean."""
_CALLED = {
    ast.For: "a loop", ast.While: "a loop", ast.If: "a condition", ast.FunctionDef: "a function",
    ast.Assert: "an assertion", ast.Try: "an exception", ast.Assign: "this assignment",
    ast.AugAssign: "this assignment", ast.AnnAssign: "this assignment",
    ast.Expr: "a step that gives no number a name",
}  # fmt: skip


def certificate(program: Program, answer: Value, *, imports: Sequence[str] = ()) -> Theorem:
    """State a program's calculation and what it comes to, without a proof.

    The calculation is made anew, in exact fractions, and has to come to the answer.

    Args:
        program: Its entry assigns numbers and what is calculated from them, and returns such. It
            is read, not run.
        answer: What it gave: a number, exact or rounded as floating-point numbers are.
        imports: The modules that the theorem imports. Lean's own library suffices for the
            statement; some of :data:`ARITHMETIC_PROOFS` take Mathlib.

    Raises:
        InexpressibleError: The program does anything else, such as to loop or to call a function;
            a number is too large; or the answer is no number, or another one than the calculation
            comes to. The message says where and what.
    """
    function = _entry(program)
    steps = _Steps(_comments(program.source), _names(function))
    result = steps.follow(function)
    _compare(result.value, answer)
    header = "".join(f"import {name}\n" for name in imports)
    lines = [*steps.lines, f": {_goal(steps.returned, result)} := by"]
    return read_theorem(f"{header}theorem answer\n    " + "\n    ".join(lines) + "\n  sorry\n")


def _goal(expression: ast.expr | None, result: Exact) -> str:
    # A name has a type, while bare numerals would be natural numbers, whose 3 - 5 is 0.
    text = result.text if isinstance(expression, ast.Name) else result.typed
    return f"{text} = {number_text(result.value)}"


def _entry(program: Program) -> ast.FunctionDef:
    """The function that gives the answer, if nothing but it is run."""
    if len(program.source) > _MAX_SOURCE:
        raise InexpressibleError("the program is too long", hint="Give a shorter one.")
    try:
        tree = parse_source(program.source)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise InexpressibleError(f"the program is not Python: {error}", hint=HINT) from error
    found: list[ast.FunctionDef] = []
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.name == program.entry:
            found.append(node)
        elif not (_is_text(node) or isinstance(node, ast.Import | ast.ImportFrom)):
            raise refusal(node, f"{_called(node)} outside of {program.entry}()")
        elif program.entry in _imported(node):
            raise refusal(node, f"{program.entry} is imported")
    if len(found) != 1:
        raise InexpressibleError(
            f"the program has {len(found)} functions {program.entry}()", hint=HINT
        )
    [function] = found
    if any(ast.iter_child_nodes(function.args)) or function.decorator_list:
        raise refusal(function, f"{program.entry}() has arguments or a decorator")
    return function


def _is_text(node: ast.stmt) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


def _imported(node: ast.stmt) -> set[str]:
    """The names that an import brings, of which none is a number."""
    if not isinstance(node, ast.Import | ast.ImportFrom):
        return set()
    if any(alias.name == "*" for alias in node.names):
        raise refusal(node, "an import of everything")
    return {(alias.asname or alias.name).partition(".")[0] for alias in node.names}


def _called(node: ast.stmt) -> str:
    return _CALLED.get(type(node), type(node).__name__.lower())


def _names(function: ast.FunctionDef) -> frozenset[str]:
    return frozenset(node.id for node in ast.walk(function) if isinstance(node, ast.Name))


def _comments(source: str) -> dict[int, str]:
    """The comments of a program by their lines, without anything that could end a line in Lean."""
    try:
        return {
            token.start[0]: " ".join(token.string.lstrip("#").split())[:_MAX_COMMENT]
            for token in tokenize.generate_tokens(io.StringIO(source).readline)
            if token.type == tokenize.COMMENT
        }
    except (tokenize.TokenError, SyntaxError):  # stricter than Python in what it takes for a line
        return {}


@dataclass
class _Steps:
    """Follows a program line by line.

    Attributes:
        comments: Comments by line that no step has taken yet.
        written: All names that the program uses, none of which may get another meaning.
        scope: What each name stands for so far.
        taken: Names that stand for something in the theorem.
        lines: The binders of the theorem.
        returned: The expression that gives the answer.
    """

    comments: dict[int, str]
    written: frozenset[str]
    scope: dict[str, Exact] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)
    lines: list[str] = field(default_factory=list)
    returned: ast.expr | None = None

    def follow(self, function: ast.FunctionDef) -> Exact:
        """What the function returns; its steps are in ``lines`` then."""
        self.comments = {
            line: text for line, text in self.comments.items() if line > function.lineno
        }
        for node in function.body:
            if isinstance(node, ast.Return):
                if node.value is None:
                    raise refusal(node, "nothing is returned")
                self.lines += self._comments_up_to(node)
                self.returned = node.value
                return evaluate(node.value, self.scope)
            self._step(node)
        raise refusal(function, f"{function.name}() returns nothing")

    def _step(self, node: ast.stmt) -> None:
        if isinstance(node, ast.Import | ast.ImportFrom):
            for name in _imported(node):
                self.scope.pop(name, None)
        elif not (_is_text(node) or isinstance(node, ast.Pass)):
            names, value = _assignment(node)
            found = evaluate(value, self.scope)
            self.lines += self._comments_up_to(node)
            for name in names:
                self._assign(name, found)

    def _comments_up_to(self, node: ast.stmt) -> Iterator[str]:
        for line in sorted(self.comments):
            if line <= (node.end_lineno or node.lineno) and (text := self.comments.pop(line)):
                yield f"-- {text}"

    def _assign(self, name: str, value: Exact) -> None:
        own = self._free(name, frozenset() if name not in self.taken else self.written)
        spelled, hypothesis = identifier(own), identifier(self._free(f"h_{own}", self.written))
        self.lines.append(f"({spelled} : {value.type}) ({hypothesis} : {spelled} = {value.text})")
        self.scope[name] = named(spelled, value)

    def _free(self, stem: str, avoided: frozenset[str]) -> str:
        """The name, or it with a number, that means nothing else."""
        name, number = stem, 1
        while name in self.taken | avoided | _USED:
            number += 1
            name, avoided = f"{stem}_{number}", self.written
        self.taken.add(name)
        return name


def _assignment(node: ast.stmt) -> tuple[list[str], ast.expr]:
    """The names that a statement gives a value, and the expression for it."""
    targets: list[ast.expr] = []
    value: ast.expr | None = None
    match node:
        case ast.Assign():
            targets, value = node.targets, node.value
        case ast.AnnAssign():
            targets, value = [node.target], node.value
        case ast.AugAssign(target=ast.Name(id=name)):
            before = ast.copy_location(ast.Name(name, ast.Load()), node)
            targets = [node.target]
            value = ast.copy_location(ast.BinOp(before, node.op, node.value), node)
    names = [target.id for target in targets if isinstance(target, ast.Name)]
    if value is None or len(names) != len(targets):
        raise refusal(node, f"{_called(node)} is no step of a calculation")
    return names, value


def _compare(value: Fraction, answer: Value) -> None:
    """Refuse an answer that is not what the calculation comes to."""
    said = literal(answer)[:_MAX_SHOWN]
    if isinstance(answer, bool) or not isinstance(answer, int | float | Fraction):
        raise InexpressibleError(f"the answer {said} is no number", hint=HINT)
    if isinstance(answer, float):
        noise = max(_NOISE * abs(value), _ZERO)
        is_same = math.isfinite(answer) and abs(value - Fraction(answer)) <= noise
    else:
        is_same = value == answer
    if not is_same:
        exact = number_text(value)[:_MAX_SHOWN]
        raise InexpressibleError(
            f"the calculation comes to exactly {exact}, and the answer is {said}",
            hint="Where steps are rounded, rounded numbers can come out otherwise. "
            "Calculate with whole ones.",
        )
