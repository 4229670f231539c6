"""What a file may hold that is to prove something, so that Lean's word on it can be taken.

The kernel checks proofs, but a file can change what the words around a proof mean, what runs while
it is elaborated, and whether the kernel is asked at all. Notation could turn ``theorem`` or the
statement into something else; an elaborator can put anything into the environment; an option can
switch the kernel off. So only commands that declare and prove are allowed, with the options that
concern how hard Lean tries, and whatever is not known is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from neurosym.formal.lean.lexer import Kind, Token
from neurosym.formal.lean.source import Source
from neurosym.formal.lean.words import HASH_COMMANDS, RESERVED_COMMANDS

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
    "linter.", "pp.", "diagnostics", "exponentiation.threshold",
    "tactic.hygienic", "push_neg.", "aesop.",
)  # fmt: skip
_ATTRIBUTES = frozenset({
    "coe", "congr", "default_instance", "deprecated", "elab_as_elim", "ext",
    "field_simps", "gcongr", "grind", "inherit_doc", "inline", "instance", "irreducible",
    "match_pattern", "mono", "nolint", "norm_cast", "norm_push",
    "push_cast", "reducible", "refl", "rfl", "semireducible", "simp", "specialize",
    "symm", "trans",
})  # fmt: skip
"""First words of attributes that only say what to make of a declaration in proofs.

Not among them are those that hand on others (``to_additive (attr := …)``).
"""
_SHOWING = frozenset({"check", "print", "where"})
"""Words behind ``#`` that only show something."""
_LONGEST_SET = 3
"""Letters of a name behind ``#`` that can be a set's, of which it gives the size."""
_META = frozenset({
    "CommandElabM", "CoreM", "Elab", "Macro", "MacroM", "Meta", "MetaM", "Parser", "Syntax",
    "TacticM", "TermElabM", "autoParam",
})  # fmt: skip
"""Parts of names that proofs have no use for, and code that Lean runs has."""
_KERNEL_NAMES = frozenset(
    f"Nat.{name}"
    for name in (
        "add", "sub", "mul", "div", "mod", "gcd", "beq", "ble", "land", "lor", "xor", "shiftLeft",
        "shiftRight", "pow", "log2", "zero", "succ", "rec",
    )
) | {
    "Nat", "Lean.reduceBool", "Lean.reduceNat", "String", "String.mk", "Char", "Char.ofNat", "List",
}  # fmt: skip
"""Names that the kernel computes with by itself, whatever they are declared to be."""
_OPENING, _CLOSING = "([{⟨", ")]}⟩"
_HOLES = frozenset({"sorry", "admit", "sorryAx"})
_CODE = frozenset({
    "app_unexpander", "binder_predicate", "builtin_initialize", "by_elab", "command_elab",
    "csimp", "delab", "dsimproc", "dsimproc_decl", "elab", "elab_rules", "elab_stx",
    "include_str", "infix", "infixl", "infixr", "initialize", "initialize_simps_projections",
    "macro", "macro_rules", "notation", "notation3", "postfix", "prefix", "run_cmd", "run_elab",
    "run_meta", "run_tac", "simproc", "simproc_decl", "syntax", "tactic", "term_elab",
    "unif_hint", "unsafe",
})  # fmt: skip
"""Words that bring code or syntax into a file wherever they stand."""


_CODE_PREFIXES = ("builtin_", "declare_", "register_")


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
        if command.full_name in _KERNEL_NAMES:
            detail = f"it declares {command.full_name}, which the kernel takes for its own"
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
        touches = behind is not None and behind.start == token.end
        if token.kind is Kind.UNTERMINATED:
            yield Objection(Rule.COMMANDS, f"{token.text[:2]!r} is never ended", token.line)
        elif token.kind in (Kind.STRING, Kind.CHARACTER, Kind.NAME) or "«" in token.text:
            if told := _hides(token):
                yield Objection(Rule.COMMANDS, told, token.line)
        elif token.text in _HOLES:
            yield Objection(Rule.PLACEHOLDERS, f"it holds {token.text}", token.line)
        elif _brings_code(token.text):
            yield Objection(Rule.COMMANDS, f"it holds {token.text}", token.line)
        elif token.text == "set_option" and not (behind and behind.text.startswith(_OPTIONS)):
            told = behind.text if behind else "nothing"
            yield Objection(Rule.OPTIONS, f"it sets the option {told}", token.line)
        elif token.text == "#" and behind and touches and _runs(behind.text):
            yield Objection(Rule.COMMANDS, f"it holds #{behind.text}", token.line)
        elif token.text == "`":  # quoted syntax, of use to code alone
            yield Objection(Rule.COMMANDS, "it quotes syntax", token.line)
        elif token.text == "%" and _is_macro(tokens, index):
            yield Objection(Rule.COMMANDS, f"it holds {tokens[index - 1].text}%", token.line)
        elif behind and behind.text == "[" and token.text in ("@", "attribute"):
            yield from _attributes(tokens, index + 2)


def _brings_code(word: str) -> bool:
    parts = word.split(".")
    return (
        word in _CODE
        or word.startswith(_CODE_PREFIXES)
        or not _META.isdisjoint(parts)
        or (word in RESERVED_COMMANDS and word not in _COMMANDS | {"import"})
    )


def _runs(word: str) -> bool:
    """Whether a word behind ``#`` is a command that does more than to show something."""
    plain = word.rstrip("!?'")
    return plain not in _SHOWING and (plain in HASH_COMMANDS or len(plain) > _LONGEST_SET)


def _is_macro(tokens: Sequence[Token], index: int) -> bool:
    """Whether a sign ``%`` ends a word, as that of a term that runs code does: ``eval% x``."""
    if index == 0 or tokens[index - 1].kind is not Kind.IDENTIFIER:
        return False
    ends_word = tokens[index - 1].end == tokens[index].start
    is_apart = index + 1 < len(tokens) and tokens[index + 1].start > tokens[index].end
    return ends_word and is_apart


def _hides(token: Token) -> str:
    """What a literal could hide: Lean, with the tokens of its imports, may read it otherwise."""
    text = token.text
    if token.kind is Kind.STRING and not text.startswith('"'):
        return "it holds a string that is interpolated or raw"
    inside = text[1:-1]
    if any(sign in inside for sign in ('"', "{", "`", "#", "--", "/-")):
        return "it holds a string or name with signs of code in it"
    words = re.findall(r"[^\W\d][\w!?]*", inside)
    strange = [w for w in words if w in _HOLES or _brings_code(w) or w == "set_option"]
    if strange and token.kind is not Kind.IDENTIFIER:
        return f"it holds {strange[0]} in a string"
    return ""


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
