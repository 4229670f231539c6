"""Finding a program in what a model wrote."""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Iterator

from neurosym.formal.program import Program
from neurosym.translators.base import Malformed

__all__ = ["extract_program"]

_FENCE = re.compile(r"^[ \t]*```[ \t]*([\w+-]*)[^\n]*$", re.MULTILINE)
_MAX_TEXT = 100_000
"""A longer completion is no program; parsing it would only cost time and stack."""


def extract_program(text: str, *, entry: str, prefix: str = "") -> Program | Malformed:
    """Find the program a completion holds: fenced or bare, alone or among others and prose.

    The first reading that parses and defines ``entry`` at its top level is taken, tried in this
    order: the completion as the continuation of ``prefix``; its fenced blocks, last first, since
    models correct themselves later in a text; all its fenced blocks as one program; the text from
    the first line that begins a statement. A single function of another name without required
    arguments serves as the entry if no reading defines it.

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
            tree = ast.parse(source)
            ast.dump(tree)  # a digest must be possible: nesting too deep for it is no program
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            problem = _describe(error)
            continue
        functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
        if any(node.name == entry for node in functions):
            return Program(source, entry)
        callable_bare = [node for node in functions if _needs_no_arguments(node)]
        if fallback is None and len(callable_bare) == 1:
            fallback = Program(source, callable_bare[0].name)
        if tree.body:
            problem = f"it defines no function {entry}()"
    return fallback or Malformed(problem)


def _readings(text: str, prefix: str) -> Iterator[str]:
    if prefix:
        opened = prefix + text
        blocks = _blocks(opened)
        if blocks:
            yield blocks[0]
    blocks = _blocks(text)
    yield from reversed(blocks)
    if len(blocks) > 1:
        yield "\n\n".join(blocks)
    if not blocks:
        lines = text.split("\n")
        starts = ("def ", "import ", "from ")
        first = next((i for i, line in enumerate(lines) if line.lstrip().startswith(starts)), None)
        if first is not None:
            yield from _bare_code(lines[first:])


def _bare_code(lines: list[str]) -> Iterator[str]:
    """The code that begins these lines: all of them, or up to where prose goes on."""
    yield textwrap.dedent("\n".join(lines))
    end = next(
        (
            i
            for i, line in enumerate(lines)
            if line and not line[0].isspace() and not line.startswith(("def ", "import ", "from "))
        ),
        None,
    )
    if end:
        yield "\n".join(lines[:end])


def _blocks(text: str) -> list[str]:
    """The contents of fenced blocks that may be Python; a last block may lack its closing fence."""
    blocks = []
    fences = list(_FENCE.finditer(text))
    i = 0
    while i < len(fences):
        language = fences[i].group(1).lower()
        start = fences[i].end() + 1
        end = fences[i + 1].start() if i + 1 < len(fences) else len(text)
        if language in ("", "python", "py", "python3"):
            block = textwrap.dedent(text[start:end]).rstrip() + "\n"
            if block.strip():
                blocks.append(block)
        i += 2
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
