"""A statement as a value: what is to be proved, before anybody has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from neurosym.errors import FormulaError
from neurosym.formal.lean.parts import split_theorem
from neurosym.formal.lean.policy import objections
from neurosym.formal.lean.source import Source, read_source
from neurosym.formal.lean.theorem import Theorem, read_theorem
from neurosym.formal.lean.words import THEOREMS

__all__ = ["STATED", "Statement", "read_statement"]

STATED = "stated"
"""The name that statements are given where their own does not count."""


@dataclass(frozen=True)
class Statement:
    """A theorem without a proof. That it can be proved, or makes sense, is for Lean to say.

    Attributes:
        theorem: What is stated, with what it needs; read by :func:`read_statement`.
    """

    theorem: Theorem

    @property
    def source(self) -> str:
        """The file that states it."""
        return self.theorem.statement_only

    @property
    def text(self) -> str:
        """The file with :data:`STATED` for its name, and without attributes and documentation."""
        return self.theorem.renamed(STATED).statement_only.strip()

    @cached_property
    def digest(self) -> str:
        """SHA-256 of what is stated, without its name, attributes, comments and layout."""
        return self.theorem.renamed(STATED).digest

    def to_json(self) -> dict[str, Any]:
        """As JSON data."""
        return {"stated": self.source}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Statement:
        """The inverse of :meth:`to_json`.

        Raises:
            FormulaError: It holds no statement.
        """
        return read_statement(data["stated"])


def read_statement(text: str, imports: Sequence[str] | None = None) -> Statement:
    """Read what a Lean file states.

    Of several theorems it is the last; the others are left out, as are all proofs and what comes
    behind. A ``lemma`` or an ``example`` becomes a ``theorem``, which every Lean has and which can
    be referred to.

    Args:
        text: The file.
        imports: The modules that it is given to import, and may name itself; ``None`` leaves it
            with its own header.

    Raises:
        FormulaError: It states nothing, imports something else, or holds what could change the
            meaning of Lean's words (see :mod:`neurosym.formal.lean.policy`).
    """
    source = read_source(text)
    if imports is not None:
        _refuse_imports(source, imports)
        behind = source.header[-1].span.end if source.header else 0
        text = "".join(f"import {name}\n" for name in imports) + text[behind:]
        source = read_source(text)
    cut = _last_statement(source)
    allowed = [line.imported for line in source.header]
    for item in objections(read_source(cut), allowed):
        raise FormulaError(
            item.detail,
            text=cut,
            line=item.line,
            column=1,
            hint="Give definitions and one theorem, and nothing else.",
        )
    return Statement(read_theorem(cut))


def _refuse_imports(source: Source, allowed: Sequence[str]) -> None:
    for line in source.header:
        if line.keyword == "import" and line.imported not in allowed:
            there = ", ".join(allowed) or "nothing but Lean itself"
            raise source.error(
                line.span,
                f"it imports {line.imported}, and may use {there}",
                hint="State it with what is there.",
            )


def _last_statement(source: Source) -> str:
    """The file up to where its last theorem's statement ends, without the theorems before it."""
    theorems = [command for command in source.commands if command.keyword in THEOREMS]
    if not theorems:
        hint = "Write one: theorem name : statement := sorry"
        raise source.error(None, "there is no theorem", hint=hint)
    *others, last = theorems
    text, head = source.text, source.tokens[last.head]
    end = source.tokens[split_theorem(source, last).statement.stop - 1].end
    keyword = f"theorem {STATED}" if last.keyword == "example" else "theorem"
    cut = f"{text[: head.start]}{keyword}{text[head.end : end]}"
    for command in reversed(others):
        cut = cut[: command.span.start] + cut[command.span.end :]
    return cut
