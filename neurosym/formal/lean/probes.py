"""Files in which something is tried to be proved of statements, to see what they are worth.

A statement is elaborated first, by itself and without a proof. What is asked of it comes behind,
about its elaborated type, so that neither the names and variables that stand before it nor the ways
it is written can make it another one there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from neurosym.formal.lean.brackets import pair_brackets
from neurosym.formal.lean.canonical import canonical
from neurosym.formal.lean.lexer import Token
from neurosym.formal.lean.source import read_source, significant
from neurosym.formal.lean.statement import STATED, Statement
from neurosym.formal.lean.theorem import Theorem
from neurosym.formal.lean.words import DECLARATIONS

__all__ = [
    "NO_STRAY_NAMES",
    "ProbeFile",
    "pair_probe",
    "statement_probe",
    "strict",
    "without_conclusion",
]

NO_STRAY_NAMES = "set_option autoImplicit false"
"""Lean would otherwise take a name that it does not know for one more thing that it is about."""
_PROBED = "probed"
"""The name of what is tried."""
_SIDES = ("side_1", "side_2")


@dataclass(frozen=True, slots=True)
class ProbeFile:
    """A file that tries one proof.

    Attributes:
        text: The file.
        header: The lines of its header.
        line: The line on which that begins; what Lean says before it is about the statements.
    """

    text: str
    header: tuple[str, ...]
    line: int


def strict(theorem: Theorem) -> Theorem:
    """A theorem in a file where names that are not known are errors."""
    return replace(theorem, preamble=_strict(theorem.preamble))


def _strict(preamble: str) -> str:
    return f"{NO_STRAY_NAMES}\n\n{preamble}".rstrip()


def statement_probe(theorem: Theorem, goal: str, proof: str) -> ProbeFile:
    """Try to prove something about a statement.

    Args:
        theorem: What is stated.
        goal: What is tried, with ``{}`` for the statement: ``"Not ({})"``.
        proof: The proof that is tried.
    """
    body = _scoped("section", "alone", [theorem])
    return _probe(theorem.header, body, goal.format(_type_of(theorem.name)), proof)


def pair_probe(one: Statement, other: Statement, goal: str, proof: str) -> ProbeFile:
    """Try to prove something about two statements.

    What stands before both, and is written alike, is there once. Otherwise each stands in a scope
    of its own; that is a namespace where they declare things of one name, which are two then.

    Args:
        one: A statement.
        other: Another.
        goal: What is tried, with ``{0}`` for the one and ``{1}`` for the other.
        proof: The proof that is tried.
    """
    left, right = one.theorem.renamed(f"{STATED}_1"), other.theorem.renamed(f"{STATED}_2")
    names = [left.name, right.name]
    if _surroundings(left) == _surroundings(right):
        body = _scoped("section", "both", [left, right])
    else:
        scope = "section"
        if not _declared(left).isdisjoint(_declared(right)):
            scope = "namespace"
            names = [f"{side}.{name}" for side, name in zip(_SIDES, names, strict=True)]
        sides = zip(_SIDES, (left, right), strict=True)
        body = "".join(_scoped(scope, side, [theorem]) for side, theorem in sides)
    header = tuple(dict.fromkeys((*left.header, *right.header)))
    return _probe(header, body, goal.format(*map(_type_of, names)), proof)


def _surroundings(theorem: Theorem) -> tuple[str, str]:
    return canonical(significant(theorem.preamble)), theorem.closing


def _declared(theorem: Theorem) -> set[str]:
    commands = read_source(theorem.preamble).commands
    named = (item.full_name for item in commands if item.keyword in DECLARATIONS)
    return {name for name in named if name is not None}


def _scoped(scope: str, name: str, theorems: Sequence[Theorem]) -> str:
    """Statements with the same before them, without proofs, in a scope that leaves nothing open."""
    preamble, closing = _strict(theorems[0].preamble), theorems[0].closing
    stated = [f"{theorem.lead}{theorem.opening} := sorry" for theorem in theorems]
    pieces = [f"{scope} {name}", preamble, *stated, closing, f"end {name}"]
    return "".join(f"{piece}\n" for piece in pieces if piece)


def _type_of(name: str | None) -> str:
    # Without space: who reads ``word% x`` takes it for a macro, which may run code, and a pool ends
    # each process that may have run some (see :mod:`neurosym.formal.lean.policy`).
    return f"type_of%@_root_.{name}"


def _probe(header: tuple[str, ...], body: str, goal: str, proof: str) -> ProbeFile:
    before = "".join(f"{line}\n" for line in header) + body
    # A theorem's goal is fixed before its proof is looked at, and is about any universes then. The
    # term of an example may still fit those of one side to those of the other; tactics may not.
    is_tactic = proof.split(maxsplit=1)[:1] == ["by"]
    tried = (
        f"theorem {_PROBED} : {goal} := {proof}" if is_tactic else f"example := ({proof} : {goal})"
    )
    text = f"{before}{tried}\n"
    return ProbeFile(text, header, before.count("\n") + 1)


# ---------------------------------------------------------------- hypotheses

_ARROWS = frozenset({"→", "->"})
_QUANTIFIERS = frozenset({"∀", "forall"})
_LOOSER = frozenset({"↔", "<-", "<|", "$", "|>"})
"""Signs that bind less than an arrow, so that one beside them is no outermost one."""
_OPEN_ENDED = _QUANTIFIERS | {
    "∃", "fun", "λ", "let", "have", "show", "if", "match", "∑", "∏", "Σ", "Π", "⋃", "⋂",
}  # fmt: skip
"""What reaches as far to the right as it can."""


def without_conclusion(theorem: Theorem) -> Theorem | None:
    """A theorem that draws a contradiction from what another one assumes.

    What it assumes are its binders, and of what it states the quantifiers and the left sides of
    arrows that it begins with.

    Returns:
        The theorem; ``None`` where nothing is assumed, or the contradiction is what is stated.
    """
    tokens = significant(theorem.statement)
    begin = _conclusion(tokens)
    is_contradiction = [token.text for token in tokens[begin:]] == ["False"]
    if is_contradiction or (begin == 0 and not theorem.binders.strip()):
        return None
    kept = theorem.statement[: tokens[begin].start]
    before = theorem.opening[: len(theorem.opening) - len(theorem.statement)]
    return replace(theorem, statement=f"{kept}False", opening=f"{before}{kept}False", proof=None)


def _conclusion(tokens: Sequence[Token]) -> int:
    """Index of the first token that is no outermost hypothesis."""
    depth = pair_brackets(tokens).depth
    outer = [index for index in range(len(tokens)) if depth[index] == 0]
    begin = 0
    while True:
        rest = [index for index in outer if index >= begin]
        if tokens[begin].text in _QUANTIFIERS:
            sign = next((index for index in rest if tokens[index].text == ","), None)
        else:
            sign = _arrow(tokens, rest)
        if sign is None or sign + 1 == len(tokens):
            return begin
        begin = sign + 1


def _arrow(tokens: Sequence[Token], outer: Sequence[int]) -> int | None:
    """The first arrow, unless it stands in what binds less or reaches further."""
    found: int | None = None
    for index in outer:
        text = tokens[index].text
        if text in _LOOSER:
            return None
        if text in _OPEN_ENDED:
            break
        if found is None and text in _ARROWS:
            found = index
    return found
