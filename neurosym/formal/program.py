"""A Python program as a formal object (PAL: Gao et al. 2023, arXiv:2211.10435)."""

from __future__ import annotations

import ast
import hashlib
import warnings
from dataclasses import dataclass
from functools import cached_property

__all__ = ["PROSE_ENTRY", "Program", "parse_source"]

PROSE_ENTRY = "stated_answer"
"""The entry of programs that were made of prose."""


def parse_source(source: str) -> ast.Module:
    """Parse a program that a model wrote, without the warnings that are meant for its author.

    Raises:
        SyntaxError: It is not Python.
        ValueError: It holds NUL characters.
        RecursionError: It is nested too deeply; ``MemoryError`` likewise.
    """
    with warnings.catch_warnings(action="ignore", category=SyntaxWarning):
        return ast.parse(source)


@dataclass(frozen=True)
class Program:
    """Python source with a function to call.

    Attributes:
        source: The program's text; it has been parsed, never run, in this process.
        entry: The function called without arguments; what it returns is the answer.
    """

    source: str
    entry: str = "solution"

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the program up to comments, layout and docstrings.

        Two programs with one digest do the same, so they are run once.
        """
        tree = parse_source(self.source)
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Module):
                _drop_docstring(node)
        return hashlib.sha256(f"{self.entry}\n{ast.dump(tree)}".encode()).hexdigest()


def _drop_docstring(
    node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Module,
) -> None:
    if len(node.body) > 1 and ast.get_docstring(node, clean=False) is not None:
        del node.body[0]
