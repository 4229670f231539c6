"""Finding a program in what a model wrote."""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Iterator

from neurosym.formal.program import Program, parse_source
from neurosym.translators.base import Malformed

__all__ = ["code_blocks", "extract_program"]

_FENCE = re.compile(r"^[ \t]*```[ \t]*([\w+-]*)[^\n]*$", re.MULTILINE)
_PYTHON = ("", "python", "py", "python3")
_MAX_TEXT = 100_000
"""A longer completion is no program; parsing it would only cost time and stack."""


def extract_program(text: str, *, entry: str, prefix: str = "") -> Program | Malformed:
    """Find the program a completion holds: fenced or bare, alone or among others and prose.

    The first reading that parses and defines ``entry`` at its top level is taken, tried in this
    order: the completion as the continuation of ``prefix``; its fenced blocks, last first, since
    models correct themselves later in a text; the whole text; the text from the first line that
    begins a statement. A single function of another name without required arguments serves as the
    entry if no reading defines it.

    Args:
        text: The completion.
        entry: The function that must be defined.
        prefix: What the assistant turn was made to begin with.
    """
    if len(text) > _MAX_TEXT:
        return Malformed(f"the completion has {len(text)} characters, more than {_MAX_TEXT}")
    problem = "it holds no Python code"
    fallback: Program | None = None
    for source in _readings(text, prefix):
        try:
            program = _program(source, entry)
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            problem = _describe(error)
            continue
        if program is None:
            problem = f"it defines no function {entry}()"
        elif program.entry == entry:
            return program
        else:
            fallback = fallback or program
    return fallback or Malformed(problem)


def _program(source: str, entry: str) -> Program | None:
    """Make a program of source that defines the entry, or one function that can stand in for it."""
    functions = [node for node in parse_source(source).body if isinstance(node, ast.FunctionDef)]
    if all(node.name != entry for node in functions):
        callable_bare = [node for node in functions if _needs_no_arguments(node)]
        if len(callable_bare) != 1:
            return None
        entry = callable_bare[0].name
    program = Program(source, entry)
    # Taken now, and kept there: nesting may be so deep that only parsing is possible.
    _ = program.digest
    return program


def _readings(text: str, prefix: str) -> Iterator[str]:
    # Where the model began anew, the prefix alone may well be a function, but it is not its answer.
    if prefix and text.strip() and not text.lstrip().startswith("```"):
        yield from code_blocks(prefix + text)[:1]
    yield from reversed(code_blocks(text))
    if _DEFINITION.search(text):
        yield textwrap.dedent(text)
        lines = text.split("\n")
        first = next(i for i, line in enumerate(lines) if line.lstrip().startswith(_STARTS))
        yield from _bare_code(lines[first:])


_DEFINITION = re.compile(r"^[ \t]*def ", re.MULTILINE)
_STARTS = ("def ", "import ", "from ")


def _bare_code(lines: list[str]) -> Iterator[str]:
    """The code that begins these lines: all of them, or up to where prose goes on."""
    yield textwrap.dedent("\n".join(lines))
    end = next(
        (
            i
            for i, line in enumerate(lines)
            if line and not line[0].isspace() and not line.startswith(_STARTS)
        ),
        None,
    )
    if end:
        yield "\n".join(lines[:end])


def code_blocks(text: str) -> list[str]:
    """The contents of fenced blocks that may be Python; a block may lack its closing fence."""
    blocks = []
    opened: re.Match[str] | None = None
    for fence in (*_FENCE.finditer(text), None):
        if opened is not None and opened[1].lower() in _PYTHON:
            end = len(text) if fence is None else fence.start()
            block = textwrap.dedent(text[opened.end() + 1 : end]).rstrip() + "\n"
            if block.strip():
                blocks.append(block)
        # A fence that names a language opens a block even where the last one was never closed.
        opened = fence if fence is not None and (opened is None or fence[1]) else None
    return blocks


def _needs_no_arguments(node: ast.FunctionDef) -> bool:
    arguments = node.args
    positional = len(arguments.posonlyargs) + len(arguments.args) - len(arguments.defaults)
    return positional == 0 and all(default is not None for default in arguments.kw_defaults)


def _describe(error: Exception) -> str:
    if isinstance(error, SyntaxError):
        where = f" at line {error.lineno}" if error.lineno else ""
        return f"it is not valid Python: {error.msg}{where}"
    return f"it cannot be parsed: {type(error).__name__}"
