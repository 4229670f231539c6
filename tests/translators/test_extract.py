"""Which program is found in what a model wrote."""

from __future__ import annotations

import ast
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from neurosym.formal.program import Program
from neurosym.translators.base import Malformed
from neurosym.translators.extract import extract_program

PREFIX = "```python\ndef solution():\n"
CODE = "def solution():\n    x = 6\n    return 7 * x\n"
BODY = "    x = 6\n    return 7 * x\n"
PROGRAM = Program(CODE).digest


def extract(text: str, prefix: str = "") -> Program | Malformed:
    return extract_program(text, entry="solution", prefix=prefix)


def found(text: str, prefix: str = "") -> Program:
    program = extract(text, prefix)
    assert isinstance(program, Program), program
    return program


@pytest.mark.parametrize(
    "text",
    [
        f"```python\n{CODE}```",
        f"```\n{CODE}```",
        f"```py\n{CODE}```",
        f"```Python3\n{CODE}```\n",
        f"``` python title\n{CODE}```",
        f"```python\r\n{CODE}```".replace("\n", "\r\n").replace("\r\r", "\r"),
        f"~~~python\n{CODE}~~~",
        CODE,
        f"\n\n{CODE}\n\n",
        f"  ```python\n  {CODE.strip().replace(chr(10), chr(10) + '  ')}\n  ```",
        f"Here is the program:\n\n```python\n{CODE}```\nIt returns **42**.",
        f"Here is the program:\n\n{CODE}\nIt returns 42.",
        f"Sure!\n{CODE}```\nIt returns 42.",
        f"```python\n{CODE}",
        "So:\n\n    ```python\n    def solution():\n        x = 6\n        return 7 * x\n    ```",
        # the last block counts, since models correct themselves
        f"```python\ndef solution():\n    return 1\n```\nNo, wait:\n```python\n{CODE}```",
        # but not one that defines nothing, is broken, or is no Python
        f"```python\n{CODE}```\nRun it:\n```python\nprint(solution())\n```",
        f"```python\n{CODE}```\n```python\ndef solution(:\n```",
        f"```python\n{CODE}```\nThis prints\n```text\n42\n```",
        f"```bash\npip install sympy\n```\n```python\n{CODE}```",
        f"```json\n{{}}\n```\n{CODE}",
        # a block that was never closed before the next one
        f"```python\ndef solution(\n\n```python\n{CODE}```",
        # tabs
        CODE.replace("    ", "\t"),
    ],
)
@pytest.mark.parametrize("prefix", ["", PREFIX])
def test_the_program_is_found(text: str, prefix: str) -> None:
    assert found(text, prefix).digest == PROGRAM


@pytest.mark.parametrize(
    "text",
    [
        BODY,
        f"{BODY}```",
        f"{BODY}```\n\nThe answer is 42.",
        f"{BODY}\n\n",
        f"    # six\n{BODY}",
        BODY.replace("    ", "\t"),
        BODY.replace("    ", "  "),
        f"{BODY}```\n```python\nprint(solution())\n```",
    ],
)
def test_the_completion_goes_on_where_the_prefix_ended(text: str) -> None:
    assert found(text, PREFIX).digest == PROGRAM


def test_a_reply_that_begins_anew_is_not_read_as_the_prefix_alone() -> None:
    prefix = "```python\ndef solution():\n    answer = 42\n"  # a function already
    assert found(f"```python\n{CODE}```", prefix).digest == PROGRAM
    assert found(f"\n```\n\n```python\n{CODE}```", prefix).digest == PROGRAM
    assert isinstance(extract("", prefix), Malformed)
    assert isinstance(extract("\n```\nDone.", prefix), Malformed)


def test_what_stands_before_the_function_is_kept() -> None:
    source = f"RATE = 7\n\n{CODE}"
    assert found(source).digest == Program(source).digest
    source = f"import math\nfrom sympy import symbols\n\n{CODE}"
    assert found(f"Well:\n{source}").digest == Program(source).digest
    assert found(f"```python\n{source}```").digest == Program(source).digest


def test_helper_functions_are_kept() -> None:
    source = f"def helper(n):\n    return n\n\n{CODE}"
    assert found(source).digest == Program(source).digest
    assert found(f"{source}\nThis is why.").digest == Program(source).digest


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        ("```python\ndef answer():\n    return 42\n```", "answer"),
        ("def main(verbose=False, *, depth=1):\n    return 42\n", "main"),
        ("def helper(n):\n    return n\n\ndef compute():\n    return helper(42)\n", "compute"),
    ],
)
def test_one_function_of_another_name_stands_in(text: str, entry: str) -> None:
    program = found(text)
    assert program.entry == entry
    assert program.digest == Program(program.source, entry).digest


def test_a_function_of_the_right_name_goes_before_one_that_could_stand_in() -> None:
    other = "```python\ndef other():\n    return 1\n```"
    for text in (f"```python\n{CODE}```\n{other}", f"{other}\n```python\n{CODE}```"):
        assert found(text).entry == "solution"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "it holds no Python code"),
        ("The answer is 42.", "it holds no Python code"),
        ("from the question we know that import is hard", "it holds no Python code"),
        ("```text\n42\n```", "it holds no Python code"),
        ("```python\n```", "it holds no Python code"),
        ("```python\nx = 42\n```", "it defines no function solution()"),
        ("class solution:\n    def f(self):\n        return 1\n", "it defines no function"),
        ("def a():\n    pass\ndef b():\n    pass\n", "it defines no function solution()"),
        ("def a(x):\n    return x\n", "it defines no function solution()"),
        (
            "```python\nasync def solution():\n    return 1\n```",
            "it defines no function solution()",
        ),
        ("```python\ndef solution():\n    return (1\n```", "was never closed at line 2"),
        ("def solution():\nreturn 1\n", "expected an indented block"),
        ("def solution():\n    x = 1\n  return x\n", "unindent does not match"),
        ("def solution():\n\tx = 1\n        return x\n", "inconsistent use of tabs"),
        ("def solution():\n    return 'a\x00b'\n", "null bytes"),
        ("def solution():\n    return " + "9" * 5000, "it is not valid Python"),
        ("def solution():\n    return " + "(" * 1000 + ")" * 1000, "too many nested parentheses"),
        ("x" * 100_001, "the completion has 100001 characters, more than 100000"),
    ],
    ids=lambda text: text[:40],
)
def test_what_holds_no_program_is_told_apart_with_the_reason(text: str, reason: str) -> None:
    result = extract(text)
    assert isinstance(result, Malformed)
    assert reason in result.reason


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "it holds no Python code"),
        ("```", "it holds no Python code"),
        ("    x = 6\n    return 7 * (x\n", "was never closed at line 3"),
        ("    from sympy import symbols\n    return symbols('x'\n", "was never closed at line 3"),
        ("I cannot solve this.", "it is not valid Python"),
    ],
)
def test_the_reason_counts_lines_from_the_prefix(text: str, reason: str) -> None:
    result = extract(text, PREFIX)
    assert isinstance(result, Malformed)
    assert reason in result.reason


@pytest.mark.parametrize("code", ["-" * 20_000 + "1", "1+" * 20_000 + "1"], ids=["-", "+"])
def test_code_too_deep_to_be_compared_is_no_program(code: str) -> None:
    assert isinstance(extract(f"def solution():\n    return {code}\n"), Malformed)


@pytest.mark.parametrize("depth", [50, 90, 150, 199, 300, 900])
def test_a_program_that_is_found_can_be_compared(depth: int) -> None:
    """However deep it nests, and however deep the caller is in its own calls by then."""
    for nested in ("-" * depth + "1", "(" * depth + "1" + ")" * depth, "1+" * depth + "1"):
        program = extract(f"def solution():\n    return {nested}\n")
        if isinstance(program, Program):
            assert _after_calls(400, program) == program.digest


def _after_calls(number: int, program: Program) -> str:
    return _after_calls(number - 1, program) if number else program.digest


_PIECES = st.sampled_from(
    [
        "```python\n", "```\n", "```", "~~~", "def solution():\n", "def f(x, *, y=1):\n", "    ",
        "\t", "return ", "x = 1\n", "(", ")", "'''", '"', "\\", "\n", "\r\n", "\x00", "\x0c",
        "import math\n", "from ", "# note\n", "é", "\ud800", "lambda: ", "f'{", "}'", "if x:\n",
        "@", "class A:\n", "The answer is 42.\n", "9" * 5000,
        "(" * 250, "-" * 3000, "0x" + "f" * 20_000,
    ]
)  # fmt: skip


@given(
    st.one_of(st.text(), st.lists(_PIECES, max_size=12).map("".join)),
    st.sampled_from(["", PREFIX]),
)
def test_any_text_holds_a_program_or_is_malformed(text: str, prefix: str) -> None:
    result = extract(text, prefix)
    if isinstance(result, Program):
        functions = [node for node in ast.parse(result.source).body if hasattr(node, "name")]
        assert result.entry in [node.name for node in functions]
        assert len(result.digest) == 64
    else:
        assert result.reason


@pytest.mark.parametrize(
    "text",
    [
        "```python\n" * 9_000,
        "```\n" * 25_000,
        "def f():\n" * 11_000,
        " " * 100_000,
        ("    " * 20 + "\n") * 1_000 + "def f(",
        "import a\n" * 11_000 + "def f(",
    ],
    ids=lambda text: f"{text[:10]!r}×{len(text)}",
)
def test_long_texts_are_searched_in_bounded_time(text: str) -> None:
    start = time.process_time()
    extract(text, PREFIX)
    assert time.process_time() - start < 20
