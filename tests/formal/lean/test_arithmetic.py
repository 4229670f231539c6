"""Calculations as theorems.

What they state is read back by Lean's rules, written anew here: which operators bind how, which
type a numeral gets from what stands beside it, what ``/`` means.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from neurosym.errors import InexpressibleError
from neurosym.formal.lean.arithmetic import ARITHMETIC_PROOFS, certificate
from neurosym.formal.lean.policy import objections
from neurosym.formal.lean.source import read_source
from neurosym.formal.lean.theorem import Theorem, read_theorem
from neurosym.formal.program import Program
from neurosym.values import Value

_TOKEN = re.compile(r"\s*(?:(\d+)|((?:«[^»]*»|[^\W\d]\w*)(?:\.\w+)*)|(\.\w+)|(.))")
_BINDS = {"+": 65, "-": 65, "*": 70, "/": 70, "%": 70, "^": 75}


@dataclass
class Lean:
    """A little of Lean: sums in ``Int`` and ``Rat``, and hypotheses that name them."""

    values: dict[str, tuple[str, Fraction]] = field(default_factory=dict)

    def read(self, theorem: Theorem) -> Fraction:
        """What the goal says that the calculation comes to, after all hypotheses."""
        for line in theorem.binders.splitlines():
            if line.strip() and not line.strip().startswith("--"):
                found = re.fullmatch(r"\((\S+) : (Int|Rat)\) \((\S+) : (.+)\)", line.strip())
                assert found, line
                name, kind, hypothesis, said = found.groups()
                assert not {name, hypothesis} & {*self.values, "Int", "Rat"}, "it hides another"
                variable, term = self.parse(said)[1:]
                assert variable == ("name", name)
                self.values[name] = (kind, Fraction(0))
                whole = self.join([variable, term], None)
                self.values[name] = (kind, self.value(term, whole))
                self.values[hypothesis] = ("Prop", Fraction(0))
        left, right = self.parse(theorem.statement)[1:]
        kind = self.join([left, right], None)
        assert self.value(left, kind) == self.value(right, kind)
        return self.value(left, kind)

    def parse(self, text: str) -> Any:
        self.tokens = [match.group().strip() for match in _TOKEN.finditer(text.strip())]
        left = self.sum(0)
        assert self.tokens.pop(0) == "="
        right = self.sum(0)
        assert not self.tokens
        return ("=", left, right)

    def sum(self, level: int) -> Any:
        if self.tokens[0] == "-":
            self.tokens.pop(0)
            left: Any = ("neg", self.sum(75))
        else:
            left = self.closed()
            if left == ("name", "Int.fdiv") or left == ("name", "Int.fmod"):
                left = (left[1], self.closed(), self.closed())
        while self.tokens and (own := _BINDS.get(self.tokens[0], -1)) >= max(level, 0):
            sign = self.tokens.pop(0)
            left = (sign, left, self.sum(own if sign == "^" else own + 1))
        return left

    def closed(self) -> Any:
        token = self.tokens.pop(0)
        if token.isdigit():
            return ("num", Fraction(token))
        if token != "(":
            assert token[0] == "«" or token[0].isalpha() or token[0] == "_", token
            return ("name", token)
        inner = self.sum(0)
        if self.tokens[0] == ":":
            self.tokens.pop(0)
            inner = ("as", inner, self.tokens.pop(0))
        assert self.tokens.pop(0) == ")"
        while self.tokens and self.tokens[0].startswith("."):
            inner = (self.tokens.pop(0), inner)
        return inner

    def kinds(self, term: Any) -> Iterator[str]:
        """The types of what has one by itself."""
        match term:
            case ("name", name):
                yield self.values[name][0]
            case ("as", _, kind):
                yield kind
            case (".floor", _) | ("Int.fdiv", _, _) | ("Int.fmod", _, _):
                yield "Int"
            case (".toNat", _):
                yield "Nat"
            case ("neg", inner) | ("^", inner, _):
                yield from self.kinds(inner)
            case ("+" | "-" | "*" | "/" | "%", left, right):
                yield from self.kinds(left)
                yield from self.kinds(right)

    def join(self, terms: list[Any], expected: str | None) -> str:
        kinds = {kind for term in terms for kind in self.kinds(term)} | {expected or "Nat"}
        return max(kinds, key=["Nat", "Int", "Rat"].index)

    def typed(self, term: Any, expected: str | None) -> tuple[str, Fraction]:
        kind = self.join([term], expected)
        assert expected is None or kind == expected, "no coercion leads there"
        return kind, self.value(term, kind)

    def value(self, term: Any, kind: str) -> Fraction:
        match term:
            case ("num", value):
                return Fraction(value)
            case ("name", name):
                return self.values[name][1]
            case ("as", inner, own):
                return self.typed(inner, own)[1]
            case (".floor", inner):
                assert self.typed(inner, None)[0] == "Rat"
                return Fraction(self.typed(inner, None)[1] // 1)
            case (".toNat", inner):
                assert self.typed(inner, None)[0] == "Int"
                return max(Fraction(0), self.typed(inner, None)[1])
            case ("Int.fdiv" | "Int.fmod" as name, left, right):
                a, b = self.typed(left, "Int")[1], self.typed(right, "Int")[1]
                return Fraction(a // b) if name == "Int.fdiv" else a % b
            case ("^", base, exponent):
                return self.value(base, kind) ** self.typed(exponent, "Nat")[1].numerator
            case ("neg", inner):
                assert kind != "Nat"
                return -self.value(inner, kind)
            case (sign, left, right):
                return _operate(sign, self.value(left, kind), self.value(right, kind), kind)
        raise AssertionError(term)


def _operate(sign: str, a: Fraction, b: Fraction, kind: str) -> Fraction:
    euclidean = a // b if b > 0 else -(a // -b) if b else Fraction(0)
    match sign, kind:
        case "+", _:
            return a + b
        case "*", _:
            return a * b
        case "-", "Int" | "Rat":
            return a - b
        case "/", "Rat":
            return a / b if b else Fraction(0)
        case "/", "Int":
            return Fraction(euclidean)
        case "%", "Int":
            return a - b * euclidean
    raise AssertionError(f"{kind} has no {sign}, or one that stops at 0")


def _program(*lines: str) -> Program:
    return Program("\n    ".join(["def solution():", *lines]) + "\n")


def test_a_calculation_in_full() -> None:
    program = _program(
        '"""Boxes of 24 are sold."""',
        "# 14 boxes of 24",
        "boxes = 14",
        "each: int = 24",
        "boxes += 2  # two more",
        "left = boxes * each - 56 % -5",
        "price = left / 8 * 2.50",
        "# asked: dollars",
        "return price - boxes // 3",
    )
    found = certificate(program, 116.25)
    assert found.text == (
        "theorem answer\n"
        "    -- 14 boxes of 24\n"
        "    (boxes : Int) (h_boxes : boxes = 14)\n"
        "    (each : Int) (h_each : each = 24)\n"
        "    -- two more\n"
        "    (boxes_2 : Int) (h_boxes_2 : boxes_2 = boxes + 2)\n"
        "    (left : Int) (h_left : left = boxes_2 * each - Int.fmod 56 (-5))\n"
        "    (price : Rat) (h_price : price = (left : Rat) / 8 * (25 / 10))\n"
        "    -- asked: dollars\n"
        "    : (price - ((boxes_2 / 3 : Int) : Rat) : Rat) = 465 / 4 := sorry\n"
    )
    assert Lean().read(found) == Fraction("116.25")


def test_the_proof_is_left_out_and_can_be_put_in() -> None:
    found = certificate(_program("x = 3", "return x * 2"), 6, imports=("Mathlib",))
    assert (found.name, found.proof, found.header) == ("answer", None, ("import Mathlib",))
    assert found.text.startswith("import Mathlib\n")
    for proof in ARITHMETIC_PROOFS:
        proved = found.with_proof(proof)
        assert proved.proof == proof
        assert objections(read_source(proved.text), ("Mathlib",)) == ()


@pytest.mark.parametrize(
    ("lines", "answer", "stated"),
    [
        # Without its type, Lean would take it for natural numbers, where it is 0.
        (["return 3 - 5"], -2, "(3 - 5 : Int) = -2"),
        (["return 7 / 2"], 3.5, "(7 / 2 : Rat) = 7 / 2"),
        (["return 100 / 3"], 100 / 3, "(100 / 3 : Rat) = 100 / 3"),
        (["return 120 * 3 / 4"], 90, "(120 * 3 / 4 : Rat) = 90"),
        (["return 0.1 + 0.2"], 0.1 + 0.2, "((1 / 10) + (2 / 10) : Rat) = 3 / 10"),
        (["return 1e3 * 2"], 2000.0, "(1000 * 2 : Rat) = 2000"),
        # Lean's own / and % of whole numbers round so that no remainder is negative.
        (["return 7 // -2"], -4, "(Int.fdiv 7 (-2) : Int) = -4"),
        (["return -7 // 2 * 3"], -12, "((-7) / 2 * 3 : Int) = -12"),
        (["return 2 * (7 % (1 - 5))"], -2, "(2 * Int.fmod 7 (1 - 5) : Int) = -2"),
        (["return 7.5 // 2"], 3.0, "((((75 / 10) / 2 : Rat).floor : Rat) : Rat) = 3"),
        (["return 7.5 % 2"], 1.5,
         "((75 / 10) - 2 * (((75 / 10) / 2 : Rat).floor : Rat) : Rat) = 3 / 2"),
        (["return -2 ** 2"], -4, "(-(2 ^ 2) : Int) = -4"),
        (["return 2 ** 3 ** 2"], 512, "(2 ^ 9 : Int) = 512"),
        (["return (2 ** 3) ** 2"], 64, "((2 ^ 3) ^ 2 : Int) = 64"),
        (["return 2 ** -2"], 0.25, "(1 / 2 ^ 2 : Rat) = 1 / 4"),
        (["n = 3", "return 2 ** (n - 1)"], 4, "(2 ^ (n - 1 : Int).toNat : Int) = 4"),
        (["n = 3", "return 2 ** -n"], 0.125, "(1 / 2 ^ (-(-n) : Int).toNat : Rat) = 1 / 8"),
        (["n = 6 / 2", "return 2 ** n"], 8.0, "(2 ^ (n : Rat).floor.toNat : Rat) = 8"),
        (["a = b = 4", "return a - (b - +1)"], 1, "(a - (b - 1) : Int) = 1"),
        (["import math", "pass", "x = 2", "return x"], 2, "x = 2"),
    ],
)  # fmt: skip
def test_states(lines: list[str], answer: Value, stated: str) -> None:
    found = certificate(_program(*lines), answer)
    assert found.statement == stated
    assert abs(Lean().read(found) - Fraction(answer)) < Fraction(1, 10**12)  # type: ignore[arg-type]


def test_no_name_means_anything_else() -> None:
    names = ["fun", "lemma", "tactic", "admit", "Int", "Rat", "café", "_", "h_x", "x", "x_2", "at"]
    lines = [f"{name} = {number}" for number, name in enumerate(names)]
    found = certificate(_program(*lines, "x += 1", "return x + _ + h_x + Int"), 10 + 7 + 8 + 4)
    assert "(«lemma» : Int) (h_lemma : «lemma» = 1)" in found.binders
    assert "(«_» : Int) (h__ : «_» = 7)" in found.binders
    assert "(x : Int) (h_x_2 : x = 9)" in found.binders
    assert found.statement == "(x_3 + «_» + h_x + Int_2 : Int) = 29"
    assert Lean().read(found) == 29
    assert objections(read_source(found.with_proof("by decide").text), ()) == ()


def test_a_comment_ends_with_its_line() -> None:
    source = "x = 1  # a\x0ctheorem evil : False := sorry\u2028axiom f : False -/ /- \x85b"
    found = certificate(_program(source, "return x"), 1)
    assert found.text.count("\n") == 4
    assert "-- a theorem evil : False := sorry axiom f : False -/ /- b\n" in found.text
    assert objections(read_source(found.with_proof("by decide").text), ()) == ()


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        (["for i in range(3):", "    pass", "return 1"], "line 2: a loop is no step"),
        (["if 1: return 2", "return 1"], "line 2: a condition is no step"),
        (["x = 1", "return round(x)"], r"line 3: round\(x\) is no plain arithmetic"),
        (["import math", "return math.pi"], "line 3: math.pi is no plain arithmetic"),
        (["x = 1", "import x", "return x"], "line 4: x is the name of no number"),
        (["return y"], "line 2: y is the name of no number"),
        (["return True"], "line 2: True is no number"),
        (["return 2j"], "line 2: 2j is no number"),
        (["return 1e999"], "line 2: 1e309 is no number"),
        (["return '3'"], "line 2: '3' is no number"),
        (["return 5 & 3"], "line 2: 5 & 3 is no plain arithmetic"),
        (["return 1 / (2 - 2)"], r"line 2: 1 / \(2 - 2\) divides by zero"),
        (["return 1 % 0.0"], "line 2: 1 % 0.0 divides by zero"),
        (["return 0 ** -1"], r"divides by zero"),
        (["return 2 ** 0.5"], "line 2: the exponent of 2 [*][*] 0.5 is no whole number"),
        (["return 2 ** 10 ** 9"], "line 2: a number or its calculation is too long"),
        (["return 10 ** 200 * 10 ** 200 * 10 ** 250"], "line 2: a number or its calculation is"),
        (["return " + "(" * 12 + "1.5" + " % 2)" * 12], "a number or its calculation is too long"),
        (["return " + "-" * 200 + "1"], "line 2: an expression is nested too deeply"),
        (["a, b = 1, 2", "return a"], "line 2: this assignment is no step"),
        (["x: int", "return 1"], "line 2: this assignment is no step"),
        (["x[0] += 1", "return 1"], "line 2: this assignment is no step"),
        (["print(1)", "return 1"], "line 2: a step that gives no number a name is no step"),
        (["global x", "return 1"], "line 2: global is no step"),
        (["return"], "line 2: nothing is returned"),
        (["x = 1"], r"line 1: solution\(\) returns nothing"),
    ],
)  # fmt: skip
def test_what_is_no_calculation_is_refused(lines: list[str], problem: str) -> None:
    with pytest.raises(InexpressibleError, match=problem) as caught:
        certificate(_program(*lines), 1)
    assert caught.value.hint


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("def solution(:", "the program is not Python"),
        ("x = 1", "line 1: this assignment outside of solution"),
        ("import math", r"the program has 0 functions solution\(\)"),
        ("def solution():\n return 1\n" * 2, r"the program has 2 functions solution\(\)"),
        ("def solution():\n return 1\nfrom a import b as solution", "line 3: solution is imported"),
        ("from a import *\ndef solution():\n return 1", "line 1: an import of everything"),
        ("def solution(n=1):\n return 1", r"line 1: solution\(\) has arguments or a decorator"),
        ("@f\ndef solution():\n return 1", r"solution\(\) has arguments or a decorator"),
        ("#" * 20_001, "the program is too long"),
    ],
)  # fmt: skip
def test_nothing_but_the_function_is_run(source: str, problem: str) -> None:
    with pytest.raises(InexpressibleError, match=problem):
        certificate(Program(source), 1)


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (3, "the calculation comes to exactly 7 / 2, and the answer is 3"),
        (3.5001, "the calculation comes to exactly 7 / 2, and the answer is 3.5001"),
        (Fraction(7, 3), "and the answer is 7 / 3"),
        (float("nan"), "and the answer is float"),
        (float("inf"), "and the answer is float"),
        pytest.param(10**9999, "and the answer is 0x", id="long"),
        (True, "the answer True is no number"),
        ("7/2", "the answer '7/2' is no number"),
        (None, "the answer None is no number"),
        ((3.5,), r"the answer \[3.5\] is no number"),
    ],
)
def test_another_answer_is_refused(answer: Value, problem: str) -> None:
    with pytest.raises(InexpressibleError, match=problem):
        certificate(_program("return 7 / 2"), answer)


def test_rounding_that_changes_the_answer_is_told() -> None:
    assert 0.3 // 0.1 == 2.0  # since 0.1 is a little more than a tenth
    with pytest.raises(InexpressibleError, match=r"exactly 3, and the answer is 2\.0"):
        certificate(_program("return 0.3 // 0.1"), 0.3 // 0.1)
    rounded = 0.1 + 0.2 - 0.3
    assert rounded != 0
    assert certificate(_program("return 0.1 + 0.2 - 0.3"), rounded).statement.endswith(" = 0")


class _InFractions(ast.NodeTransformer):
    """Python that calculates exactly."""

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        return ast.parse(f"Fraction({str(node.value)!r})", mode="eval").body

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        self.generic_visit(node)
        return ast.Call(ast.Name("Fraction", ast.Load()), [node], [])


def _by_python(program: Program) -> Fraction:
    tree = ast.fix_missing_locations(_InFractions().visit(ast.parse(program.source)))
    scope: dict[str, Any] = {"Fraction": Fraction}
    exec(compile(tree, "", "exec"), scope)  # a program of this test
    return Fraction(scope["solution"]())


_NAMES = ["x", "h_x", "x_2", "total", "fun", "lemma", "Int", "Rat", "café", "_"]


@st.composite
def _programs(draw: st.DrawFn) -> Program:
    known: list[str] = []

    def expression(depth: int) -> str:
        kinds = ["both"] * 6 + ["minus", "power"] if depth else ["number", "decimal"]
        match draw(st.sampled_from([*kinds, "number", *["name"] * 2 * bool(known)])):
            case "number":
                return str(draw(st.integers(1, 20)))
            case "decimal":
                return draw(st.sampled_from(["0.5", "2.25", "1.0", "0.1", "12.50"]))
            case "name":
                return draw(st.sampled_from(known))
            case "minus":
                return f"-{expression(depth - 1)}"
            case "power":
                return f"({expression(depth - 1)}) ** {draw(st.integers(-2, 3))}"
        sign = draw(st.sampled_from(["+", "-", "-", "*", "/", "//", "%"]))
        form = draw(st.sampled_from(["{} {} {}", "({}) {} {}", "{} {} ({})", "{} {} (-{})"]))
        return form.format(expression(depth - 1), sign, expression(depth - 1))

    lines = []
    for _ in range(draw(st.integers(0, 4))):
        name = draw(st.sampled_from(_NAMES))
        sign = draw(st.sampled_from(["=", "+=", "*=", "-="])) if name in known else "="
        lines.append(f"{name} {sign} {expression(2)}")
        known.append(name)
    return _program(*lines, f"return {expression(3)}")


@given(_programs())
def test_what_is_stated_is_what_python_calculates(program: Program) -> None:
    try:
        exact = _by_python(program)
    except ZeroDivisionError:
        with pytest.raises(InexpressibleError, match=r"divides by zero|too long"):
            certificate(program, 1)
        return
    try:
        found = certificate(program, exact)
    except InexpressibleError as error:
        assert "too long" in str(error)
        assume(False)
    assert Lean().read(found) == exact
    assert read_theorem(found.text) == found
    assert objections(read_source(found.with_proof("by decide").text), ()) == ()
    with pytest.raises(InexpressibleError, match="and the answer is"):
        certificate(program, exact + 1)
