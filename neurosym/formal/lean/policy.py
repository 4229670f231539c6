"""What a file may hold that is to prove something, so that Lean's word on it can be taken.

The kernel checks proofs, but a file can change what the words around a proof mean, what runs while
it is elaborated, and whether the kernel is asked at all. Notation could turn ``theorem`` or the
statement into something else; an elaborator can put anything into the environment; an option can
switch the kernel off. So only commands that declare and prove are allowed, with the options that
concern how hard Lean tries, and whatever is not known is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from neurosym.formal.lean.lexer import Kind, Token
from neurosym.formal.lean.source import Source
from neurosym.formal.lean.words import HASH_COMMANDS

__all__ = ["Objection", "Rule", "objections"]


class Rule(StrEnum):
    """What a file may be refused for."""

    COMMANDS = "commands"
    """Only commands that declare and prove."""
    OPTIONS = "options"
    """Only options that concern how hard Lean tries and what it shows."""
    IMPORTS = "imports"
    """Only what the statement imports."""
    PLACEHOLDERS = "placeholders"
    """No ``sorry`` and no axiom of its own."""


@dataclass(frozen=True, slots=True)
class Objection:
    """Something a file may not hold.

    Attributes:
        rule: The rule it breaks.
        detail: What it is, in words.
        line: Line it is on, from 1.
    """

    rule: Rule
    detail: str
    line: int


_COMMANDS = frozenset({
    "/-!", "#check", "#print", "abbrev", "alias", "attribute", "class", "def", "deriving", "end",
    "example", "include", "inductive", "instance", "irreducible_def", "lemma", "mutual",
    "namespace", "omit", "open", "section", "set_option", "structure", "suppress_compilation",
    "theorem", "universe", "variable",
})  # fmt: skip
_OPTIONS = (
    "autoImplicit", "relaxedAutoImplicit", "maxHeartbeats", "maxRecDepth", "synthInstance.",
    "linter.", "pp.", "trace.", "profiler", "diagnostics", "exponentiation.threshold",
    "tactic.hygienic", "push_neg.", "aesop.",
)  # fmt: skip
_ATTRIBUTES = frozenset({
    "aesop", "coe", "congr", "default_instance", "deprecated", "elab_as_elim", "ext",
    "field_simps", "gcongr", "grind", "inherit_doc", "inline", "instance", "irreducible",
    "match_pattern", "mono", "nolint", "norm_cast", "norm_num", "norm_push", "positivity",
    "push_cast", "reducible", "refl", "rfl", "semireducible", "simp", "simps", "specialize",
    "symm", "to_additive", "trans",
})  # fmt: skip
"""First words of attributes that only say what to make of a declaration in proofs."""
_RUNNING = HASH_COMMANDS - {"print", "where", "synth", "reduce"}
"""Words that do more than to show something, behind ``#``."""
_OPENING, _CLOSING = "([{⟨", ")]}⟩"
_HOLES = frozenset({"sorry", "admit", "sorryAx", "stop"})
_CODE = frozenset({
    "by_elab", "elab", "elab_rules", "eval%", "include_str", "initialize", "builtin_initialize",
    "macro", "macro_rules", "run_cmd", "run_elab", "run_meta", "run_tac", "simproc", "dsimproc",
    "syntax", "notation", "notation3", "infix", "infixl", "infixr", "prefix", "postfix",
    "declare_syntax_cat", "unsafe", "implemented_by", "extern", "unif_hint", "binder_predicate",
})  # fmt: skip
"""Words that bring code or syntax into a file wherever they stand."""


def objections(source: Source, imports: Iterable[str]) -> tuple[Objection, ...]:
    """All that a file holds and may not, in the order of the file.

    Args:
        source: The file.
        imports: The modules that it may import.
    """
    allowed = frozenset(imports)
    found = [*_imports(source, allowed), *_commands(source), *_words(source.tokens)]
    return tuple(sorted(found, key=lambda item: item.line))


def _imports(source: Source, allowed: frozenset[str]) -> Iterator[Objection]:
    for line in source.header:
        if line.keyword == "import" and line.imported not in allowed:
            detail = f"it imports {line.imported}, which the statement does not"
            yield Objection(Rule.IMPORTS, detail, line.span.line)
        elif line.keyword == "module":
            yield Objection(Rule.IMPORTS, "it is a module of its own", line.span.line)


def _commands(source: Source) -> Iterator[Objection]:
    for command in source.commands:
        for word in (command.keyword, *command.within):
            if word == "axiom":
                detail = f"it assumes an axiom of its own, {command.name}"
                yield Objection(Rule.PLACEHOLDERS, detail, command.span.line)
            elif word not in _COMMANDS:
                told = _first_line(command.text) if word == "unknown" else word
                detail = f"it holds the command {told!r}"
                yield Objection(Rule.COMMANDS, detail, command.span.line)
    for stray in source.stray_ends:
        yield Objection(Rule.COMMANDS, "it ends what it did not begin", stray.span.line)


def _first_line(text: str) -> str:
    line = text.split("\n", 1)[0]
    return line if len(line) <= 40 else f"{line[:40]}…"


def _words(tokens: Sequence[Token]) -> Iterator[Objection]:
    """Words that may stand nowhere: commands need no line of their own, so none is looked for."""
    for index, token in enumerate(tokens):
        behind = tokens[index + 1] if index + 1 < len(tokens) else None
        if token.kind is Kind.UNTERMINATED:
            yield Objection(Rule.COMMANDS, f"{token.text[:2]!r} is never ended", token.line)
        elif token.text in _HOLES:
            yield Objection(Rule.PLACEHOLDERS, f"it holds {token.text}", token.line)
        elif token.text in _CODE:
            yield Objection(Rule.COMMANDS, f"it holds {token.text}", token.line)
        elif token.text == "set_option" and not (behind and behind.text.startswith(_OPTIONS)):
            told = behind.text if behind else "nothing"
            yield Objection(Rule.OPTIONS, f"it sets the option {told}", token.line)
        elif token.text == "#" and behind and behind.text in _RUNNING:
            yield Objection(Rule.COMMANDS, f"it holds #{behind.text}", token.line)
        elif token.text == "`":  # quoted syntax, of use to code alone
            yield Objection(Rule.COMMANDS, "it quotes syntax", token.line)
        elif behind and behind.text == "[" and token.text in ("@", "attribute"):
            yield from _attributes(tokens, index + 2)


def _attributes(tokens: Sequence[Token], begin: int) -> Iterator[Objection]:
    """Attributes in a list, of which each begins with its name, that are not allowed."""
    depth = 0
    is_name = True
    for token in tokens[begin:]:
        if token.text in _OPENING:
            depth += 1
        elif token.text in _CLOSING:
            depth -= 1
            if depth < 0:
                return
        elif token.text == "," and depth == 0:
            is_name = True
        elif is_name and token.text not in ("-", "local", "scoped", "↓", "←"):
            is_name = False
            if token.text not in _ATTRIBUTES:
                yield Objection(Rule.COMMANDS, f"it uses the attribute {token.text}", token.line)
