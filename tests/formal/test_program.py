"""When two programs count as one."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from neurosym.formal.program import Program

PLAIN = "def solution():\n    total = 3 * 4\n    return total\n"


@pytest.mark.parametrize(
    "source",
    [
        "def solution():\n    # three rows of four\n    total = 3 * 4\n    return total  # asked\n",
        "def solution():\n\n    total=3*4\n\n\n    return (total)",
        "def solution():\n\ttotal = 3 * 4; return total\n",
        "def solution():\r\n    total = 3 * 4\r\n    return total\r\n",
        'def solution():\n    """Three rows of four."""\n    total = 3 * 4\n    return total\n',
        '"""A module."""\ndef solution():\n    total = 3 * 4\n    return total\n',
        "def solution():\n    total = (\n        3\n        * 4\n    )\n    return total\n",
        "def solution():\n    total = 0x3 * 4\n    return total\n",
    ],
)
def test_comments_layout_and_docstrings_make_no_other_program(source: str) -> None:
    assert Program(source).digest == Program(PLAIN).digest


@pytest.mark.parametrize(
    "other",
    [
        Program("def solution():\n    total = 3 * 5\n    return total\n"),
        Program("def solution():\n    total = 4 * 3\n    return total\n"),
        Program("def solution():\n    total = 3.0 * 4\n    return total\n"),
        Program("def solution():\n    total = '3' * 4\n    return total\n"),
        Program("def solution():\n    n = 3 * 4\n    return n\n"),
        Program("def solution():\n    total = 3 * 4\n    return\n"),
        Program("def solution():\n    total = 3 * 4\n    'text'\n    return total\n"),
        Program("x = 1\n" + PLAIN),
        Program(PLAIN, entry="check"),
    ],
    ids=lambda program: program.source[-40:],
)
def test_anything_else_makes_another_program(other: Program) -> None:
    assert other.digest != Program(PLAIN).digest


def test_a_function_that_only_has_a_docstring_keeps_it() -> None:
    one, other = (Program(f"def solution():\n    '{text}'\n") for text in ("a", "b"))
    assert one.digest != other.digest


@given(st.integers(), st.text(alphabet="abc \n\t#", max_size=20), st.integers(0, 5))
def test_the_digest_is_that_of_the_program_printed_anew(
    number: int, comment: str, lines: int
) -> None:
    comment = comment.replace("\n", " ")
    source = f"def solution():\n    x = {number}  # {comment}\n" + "\n" * lines + "    return x\n"
    assert Program(source).digest == Program(ast.unparse(ast.parse(source))).digest


def test_the_digest_is_stable() -> None:
    """Run logs of other machines hold it."""
    assert Program(PLAIN).digest == Program(PLAIN).digest
    assert len(Program(PLAIN).digest) == 64
