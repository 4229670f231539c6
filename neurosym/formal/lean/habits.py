"""What Lean 3 wrote and Lean 4 does not, found only where it can be no Lean 4."""

from __future__ import annotations

from neurosym.errors import FormulaError
from neurosym.formal.lean.lexer import Kind, Token
from neurosym.formal.lean.parts import Parts
from neurosym.formal.lean.source import Command, HeaderLine, Source
from neurosym.formal.lean.splitter import UNKNOWN
from neurosym.formal.lean.words import CONTINUING, EXTENDING, RESERVED_COMMANDS

__all__ = ["extends_syntax", "refuse_old_commands", "refuse_old_terms"]

_MATHLIB_3 = frozenset({
    "algebra", "algebraic_geometry", "algebraic_topology", "analysis", "category_theory",
    "combinatorics", "computability", "control", "data", "deprecated", "dynamics", "field_theory",
    "geometry", "group_theory", "information_theory", "linear_algebra", "logic", "measure_theory",
    "meta", "model_theory", "number_theory", "order", "probability", "representation_theory",
    "ring_theory", "set_theory", "tactic", "topology",
})  # fmt: skip
_OLD_COMMANDS = {
    "constant": "axiom, or opaque for one that has a value",
    "constants": "axiom, or opaque for one that has a value",
    "noncomputable theory": "noncomputable section",
    "open_locale": "open scoped, with names such as BigOperators and Topology",
    "parameter": "variable",
    "parameters": "variable",
    "universes": "universe",
    "variables": "variable",
}
# Tactics of which no comma outside brackets can be a part.
_TACTICS = frozenset({
    "apply", "assumption", "by_contra", "by_contradiction", "constructor", "contradiction", "dsimp",
    "exact", "exfalso", "field_simp", "intro", "intros", "left", "linarith", "nlinarith",
    "norm_num", "push_neg", "rfl", "right", "ring", "ring_nf", "rw", "simp", "split", "subst",
    "unfold",
})  # fmt: skip
_NO_ARGUMENT = CONTINUING - {"at", "using", "with", "_"}
_PLAIN_SIGNS = frozenset("=≠<≤>≥+-*/^∣→↔∧∨¬.←@⊢_%↑×")


def extends_syntax(source: Source) -> bool:
    """Whether a file declares syntax of its own, and so may give sense to what Lean has not."""
    return any(command.keyword in EXTENDING for command in source.commands)


def refuse_old_commands(source: Source) -> None:
    """Refuse what only Lean 3 has for imports and commands.

    Raises:
        FormulaError: There is such an import or command; the hint says what Lean 4 writes.
    """
    for line in source.header:
        _refuse_old_import(source, line)
    if extends_syntax(source):
        return
    for command in source.commands:
        token = source.tokens[command.own]
        if command.keyword == "attribute" and "local" in command.modifiers:
            raise _old(source, token, "`local attribute`", "attribute [local …]")
        if command.keyword == UNKNOWN:
            word = token.text
            if command.text.split()[:2] == ["noncomputable", "theory"]:
                word = "noncomputable theory"
            if word in _OLD_COMMANDS:
                raise _old(source, token, f"`{word}`", _OLD_COMMANDS[word])


def _refuse_old_import(source: Source, line: HeaderLine) -> None:
    parts = line.imported.split(".")
    is_old = parts[0] in _MATHLIB_3 and line.imported.islower()
    if not is_old or (len(parts) == 1 and parts != ["tactic"]):
        return
    camel = ["".join(word.capitalize() for word in part.split("_")) for part in parts]
    raise source.error(
        line.span,
        f"`{line.imported}` is a module of Lean 3's mathlib",
        hint=f"Lean 4 writes import Mathlib.{'.'.join(camel)}, or import Mathlib for all of it.",
    )


def refuse_old_terms(source: Source, command: Command, parts: Parts) -> None:
    """Refuse what only Lean 3 has for the terms and the proof of a theorem.

    Raises:
        FormulaError: There is such a thing; the hint says what Lean 4 writes.
    """
    tokens = source.tokens
    # Without a scope that it closes, an ``end`` is an error in Lean 4 whatever stands before it.
    if source.stray_ends and tokens[command.stop : command.stop + 1]:
        for index in parts.proof:
            if tokens[index].text == "begin" and tokens[command.stop].text == "end":
                raise _old(source, tokens[index], "`begin … end`", "by and the tactics, indented")
    if extends_syntax(source):
        return
    for index in range(parts.binders.start, command.stop):
        if tokens[index].text in ("fun", "λ") and not source.brackets.quoted[index]:
            comma = _comma_behind_binders(source, index + 1, command.stop)
            if comma is not None:
                raise _old(
                    source,
                    comma,
                    f"a comma behind the variables of `{tokens[index].text}`",
                    "fun x => …",
                )
    comma = _comma_behind_tactic(source, parts.proof)
    if comma is not None:
        raise _old(source, comma, "a comma behind a tactic", "each on a line of its own without it")


def _old(source: Source, token: Token, what: str, instead: str) -> FormulaError:
    return source.error(token, f"{what} is Lean 3", hint=f"Lean 4 writes {instead}.")


def _comma_behind_binders(source: Source, index: int, stop: int) -> Token | None:
    """The comma that follows the variables of a function, and perhaps a plain type of them.

    A type with a quantifier may hold commas of its own, and so may any notation.
    """
    has_type = False
    while index < stop:
        token = source.tokens[index]
        if token.text == ",":
            return token
        if token.text == ":" and not has_type:
            has_type = True
        elif source.brackets.partner[index] > index:
            index = source.brackets.partner[index]
        elif token.kind is Kind.SYMBOL:
            if not (has_type and token.text in _PLAIN_SIGNS):
                return None
        elif token.text in RESERVED_COMMANDS or token.text in CONTINUING - {"_", "Type", "Prop"}:
            return None
        index += 1
    return None


def _comma_behind_tactic(source: Source, proof: range) -> Token | None:
    """The comma behind the first tactic of a proof that ends its line or all."""
    tokens = [source.tokens[index] for index in proof]
    if len(tokens) < 2 or tokens[0].text != "by" or tokens[1].text not in _TACTICS:
        return None
    index = proof.start + 1
    while index < proof.stop:
        token = source.tokens[index]
        if token.text == ",":
            following = source.tokens[index + 1 : min(index + 2, proof.stop)]
            return token if not following or following[0].line > token.line else None
        if source.brackets.partner[index] > index:
            index = source.brackets.partner[index]
        elif token.line > tokens[1].line or not (
            token.text in _PLAIN_SIGNS
            if token.kind is Kind.SYMBOL
            else token.text not in _NO_ARGUMENT
        ):
            return None
        index += 1
    return None
