"""Proofs with holes: each ``sorry`` in one is a place where a proof of its own can stand.

Drafts with holes are the sketches of Jiang et al., Draft, Sketch, and Prove (2022,
arXiv:2210.12283).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from neurosym.errors import FormulaError
from neurosym.formal.lean.lexer import Token
from neurosym.formal.lean.source import significant
from neurosym.formal.lean.theorem import Theorem

__all__ = ["Hole", "Skeleton", "read_skeleton"]

_HOLE = "sorry"
_BEFORE_TERM = frozenset({":=", "exact", "from"})
"""Words behind which a term stands."""
_BEFORE_TACTIC = frozenset({"·", ".", ";", "=>"})
"""Signs behind which a tactic stands, or behind the last of them in a function a term."""
_ARMS = frozenset({"fun", "λ", "|", "case", "next"})
"""What begins that which stands before ``=>``."""
_BEFORE_BLOCK = frozenset({"·", "=>", "by", ";"})
"""Signs behind which tactics may begin, all at that column."""
_HINT = "Let each step be `have … := by sorry`, or `sorry` on a line of its own."


@dataclass(frozen=True, slots=True)
class Hole:
    """A place in a proof where a proof by tactics can stand.

    Attributes:
        start: Offset in the proof of what that takes the place of.
        end: Offset behind it.
        before: What has to stand before its ``by``: nothing where a term is wanted, and ``exact``
            where a tactic is.
        indent: Columns by which its lines have to be moved to the right, so that they belong to
            nothing around it.
    """

    start: int
    end: int
    before: str
    indent: int


@dataclass(frozen=True, slots=True)
class Skeleton:
    """A theorem whose proof has holes. Make one with :func:`read_skeleton`.

    Attributes:
        theorem: The theorem, each hole in its proof a ``sorry``.
        holes: The holes, in order; none in a whole proof.
    """

    theorem: Theorem
    holes: tuple[Hole, ...]

    def filled(self, blocks: Mapping[int, str]) -> Theorem:
        """The theorem with proofs in some of the holes.

        Args:
            blocks: Under the number of a hole its proof: ``by``, and tactics indented on the lines
                behind it.

        Raises:
            FormulaError: With them it is no proof of the theorem, see
                :meth:`~neurosym.formal.lean.theorem.Theorem.with_proof`.
        """
        proof = self.theorem.proof or ""
        for number in sorted(blocks, reverse=True):
            hole = self.holes[number]
            block = blocks[number].replace("\n", "\n" + " " * hole.indent)
            proof = proof[: hole.start] + hole.before + block + proof[hole.end :]
        return self.theorem.with_proof(proof)


def read_skeleton(theorem: Theorem) -> Skeleton:
    """Find the holes of a proof.

    Args:
        theorem: A theorem with its proof, which need have no holes.

    Raises:
        FormulaError: There is no proof, or a hole stands where no proof can be put for it.
    """
    proof, place = theorem.proof, theorem.spans.proof
    if proof is None or place is None:
        raise FormulaError(
            "there is no proof",
            text=theorem.text, line=1, column=1, hint="Write at least one step.",
        )  # fmt: skip
    tokens = significant(proof)
    places = [index for index, token in enumerate(tokens) if token.text == _HOLE]
    return Skeleton(theorem, tuple(_hole(proof, tokens, index, place.column) for index in places))


def _hole(proof: str, tokens: Sequence[Token], index: int, column: int) -> Hole:
    """A hole.

    Args:
        proof: The proof.
        tokens: Its tokens.
        index: Which of them is the ``sorry``.
        column: The proof's own.
    """
    token = tokens[index]
    word = tokens[index - 1].text if index else ""
    if any(other.line == token.line for other in tokens[index + 1 : index + 2]):
        raise _misplaced(proof, token, "something follows it on its line")
    first, before = index, ""
    if word == "by":
        first = index - 1
    elif word not in _BEFORE_TERM and not (word == "=>" and _is_function(tokens[:index])):
        if word not in _BEFORE_TACTIC and tokens[index - 1].line == token.line:
            raise _misplaced(proof, token, f"it stands behind `{word}`")
        before = "exact "
    return Hole(tokens[first].start, token.end, before, _indent(tokens[: first + 1], column))


def _is_function(tokens: Sequence[Token]) -> bool:
    """Whether the ``=>`` at the end of some tokens is that of a function."""
    arm = next((token.text for token in reversed(tokens) if token.text in _ARMS), "")
    return arm in ("fun", "λ")


def _indent(tokens: Sequence[Token], column: int) -> int:
    """By how much to move the lines of a hole that begins at the last of some tokens.

    They have to stand further right than all tactics around them, or what follows there would be
    taken for more of them, so all columns count at which tactics may begin on the hole's line.
    """
    line = tokens[-1].line
    on_line = [token for token in tokens if token.line == line]
    begins = [on_line[0]]
    for before, token in pairwise(on_line):
        is_bullet = before is on_line[0] and before.text == "."
        if is_bullet or before.text in _BEFORE_BLOCK:
            begins.append(token)
    return max(token.column for token in begins) + (column if line == 1 else 0)


def _misplaced(proof: str, token: Token, why: str) -> FormulaError:
    return FormulaError(
        f"no proof can be put for this `{_HOLE}`: {why}",
        text=proof, line=token.line, column=token.column + 1, hint=_HINT,
    )  # fmt: skip
