"""What a model meant by a formula that does not quite follow its dialect.

The text is cut into tokens of any infix dialect, the tokens are mended, each change recorded, and
the result is read by the grammar of unicode logic (with the dialect's own associativity). Names are
kept as they are, whatever they hold; that two spellings mean one symbol is for
:mod:`neurosym.formal.fol.repairs` to see, which knows the whole theory.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from neurosym.errors import FormulaError
from neurosym.formal.fol.dialects.infix_reader import NOTHING_KNOWN, Known, read_formula
from neurosym.formal.fol.dialects.notation import Notation
from neurosym.formal.fol.dialects.unicode import UNICODE_NOTATION
from neurosym.formal.fol.syntax import Formula
from neurosym.formal.fol.theory import Repair

__all__ = ["read_leniently"]

_SIGNS = {
    "iff": "↔", "implies": "→", "xor": "⊕", "or": "∨", "and": "∧", "not": "¬",
    "all": "∀", "exists": "∃", "none": "¬∃", "equals": "=", "unequal": "≠", "less": "<",
    "most": "≤", "more": ">", "least": "≥", "open": "(", "close": ")", "comma": ",",
    "plus": "+", "times": "·", "minus": "-",
}  # fmt: skip
"""How unicode logic spells each kind of token that is no name."""

_TOKEN = re.compile(
    r"""(?P<space>\s+)
    |(?P<quoted>"[^"\n]*"|“[^”\n]*”|(?<!\w)'[^'\n]*'(?!\w)|‘[^’\n]*’)
    |(?P<iff><->|<=>|<–>|↔|⟷|⇔|≡|\\leftrightarrow|\\iff|iff\b)
    |(?P<implies>->|=>|–>|→|⇒|⟶|⊃|\\rightarrow|\\to\b|\\implies|implies\b)
    |(?P<most><=|≤|=<)|(?P<least>>=|≥)|(?P<unequal>!=|≠|=/=)|(?P<equals>==?)
    |(?P<less><)|(?P<more>>)
    |(?P<xor>⊕|⊻|\\oplus|(?i:xor\b))
    |(?P<or>∨|\|\|?|\\lor|\\vee|(?:or|OR|Or)\b)
    |(?P<and>∧|&&?|\^|⋀|\\land|\\wedge|(?:and|AND|And)\b)
    |(?P<not>¬|~|!|\\lnot|\\neg|(?:not|NOT|Not)\b)
    |(?P<all>∀|\\forall|(?i:forall|all|every)\b)
    |(?P<exists>∃|\\exists|(?i:exists|exist|some)\b)
    |(?P<none>∄|\\nexists|no\b)
    |(?P<ellipsis>\.\.\.|…)
    |(?P<open>[(\[{])|(?P<close>[)\]}])|(?P<comma>,)
    |(?P<member>∈|\\in\b)
    |(?P<name>[$€£]?\w(?:[\w’'$%]|\+(?!\s*\w)|[-.–](?=\w))*)
    |(?P<dot>[.:;])|(?P<minus>[-–−])|(?P<plus>\+)|(?P<times>[*·])""",
    re.VERBOSE,
)
_PLAIN = re.compile(r"[^\W\d]\w*")
_NUMERAL = re.compile(r"\d+(\.\d+)?")
_VARIABLE = re.compile(r"[a-z]\d*")
_QUANTIFIERS = frozenset({"all", "exists", "none"})
_BEFORE_OPERAND = _QUANTIFIERS | {
    "iff", "implies", "xor", "or", "and", "not", "open", "comma", "equals", "unequal", "less",
    "most", "more", "least", "plus", "times", "minus", "dot",
}  # fmt: skip
_OWN: Mapping[str, frozenset[str]] = {
    "unicode": frozenset("↔→⊕∨∧¬∀∃=≠<≤>≥+·()."),
    "nltk": frozenset(
        {"<->", "<=>", "iff", "->", "=>", "implies", "or", "and", "not", "all", "forall",
         "exists", "exist", "some", "!=", *"|&^!=()."}
    ),
    "latex": frozenset(
        {r"\leftrightarrow", r"\iff", r"\rightarrow", r"\to", r"\implies", r"\oplus", r"\lor",
         r"\vee", r"\land", r"\wedge", r"\lnot", r"\neg", r"\forall", r"\exists", *"=<>+()."}
    ),
}  # fmt: skip
"""How each dialect itself spells what is no name."""
_LISTS = {"[": "list", "{": "set"}
_OWN_OR_NOTED = frozenset({"name", "comma", "minus", "ellipsis", "member"})
"""Kinds that every dialect spells alike, or whose use is noted where it is mended."""
_FILLERS = frozenset(
    {"a", "an", "are", "at", "be", "by", "for", "from", "if", "in", "is", "of", "on", "than",
     "that", "the", "then", "to", "was", "were", "will", "with", "who", "which"}
)  # fmt: skip
"""Words that a sentence has and a name of several words may have, but a predicate has not."""

_LEFT = replace(
    UNICODE_NOTATION,
    name="lenient",
    grammars=("infix", "standard", "left", "unicode"),
    implies_to_left=True,
)


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    start: int


def read_leniently(
    notation: Notation, text: str, known: Known = NOTHING_KNOWN
) -> tuple[Formula, tuple[Repair, ...]]:
    """Read a formula, by the dialect if it follows it, and otherwise as it must have been meant.

    Returns:
        The formula, which may have free variables, and the repairs: none if it follows the dialect.

    Raises:
        FormulaError: Nothing that the formula might mean can be seen.
    """
    try:
        return read_formula(notation, text, True, known), ()
    except FormulaError as error:
        strict = error
    mender = _Mender(text, notation)
    reader = _LEFT if notation.implies_to_left else UNICODE_NOTATION
    try:
        return read_formula(reader, mender.mended(), True, known), tuple(mender.repairs)
    except FormulaError:
        raise strict from None  # its place is one in the text that was given


class _Mender:
    """Mends the tokens of one formula, step by step."""

    def __init__(self, text: str, notation: Notation) -> None:
        self.text = text
        self.notation = notation
        self.repairs: list[Repair] = []

    def mended(self) -> str:
        steps: tuple[Callable[[list[_Token]], list[_Token]], ...] = (
            self._memberships,
            self._quantifiers,
            self._minus_signs,
            self._ellipses,
            self._dots,
            self._brackets,
            self._commas,
            self._words,
            self._names,
        )
        tokens = self._tokens()
        for step in steps:
            tokens = step(tokens)
        return " ".join(token.text for token in tokens)

    def _note(self, kind: str, detail: str) -> None:
        repair = Repair(kind, detail)
        if repair not in self.repairs:
            self.repairs.append(repair)

    def _tokens(self) -> list[_Token]:
        tokens: list[_Token] = []
        position = 0
        while position < len(self.text):
            match = _TOKEN.match(self.text, position)
            if match is None:
                raise FormulaError("unreadable", text=self.text, line=1, column=position + 1)
            kind = match.lastgroup or ""
            position = match.end()
            if kind == "quoted":
                self._note("quotes", f"{match[0]} stands in quotes")
                name = " ".join(match[0][1:-1].replace('"', " ").split())
                tokens.append(_Token("name", name or "_", match.start()))
            elif kind == "name" and tokens and tokens[-1].kind in _QUANTIFIERS:
                # A dot after a variable is no part of its name.
                variable = re.match(r"\w+", match[0])
                end = variable.end() if variable else len(match[0])
                position = match.start() + end
                tokens.append(_Token("name", match[0][:end], match.start()))
            elif match[0] in _LISTS and tokens and tokens[-1].kind in ("open", "comma"):
                # Among arguments, a list is one thing made of several.
                self._note("list", f"a list in {match[0]} is one thing")
                tokens += [
                    _Token("name", _LISTS[match[0]], match.start()),
                    _Token("open", "(", match.start()),
                ]
            elif kind == "name" and match[0] == "If" and (not tokens or tokens[-1].kind == "open"):
                self._note("words", "'If' before a formula is left out")
            elif kind != "space":
                if kind not in _OWN_OR_NOTED and match[0] not in _OWN[self.notation.name]:
                    self._note("connective", "signs of another notation are used")
                sign = _SIGNS.get(kind, match[0])
                tokens.append(_Token(kind, match[0] if kind == "name" else sign, match.start()))
        return tokens

    def _memberships(self, tokens: list[_Token]) -> list[_Token]:
        """Membership in a set is a relation like any other."""
        out: list[_Token] = []
        i = 0
        while i < len(tokens):
            if _kinds(tokens, i, 3) == ["name", "member", "name"]:
                self._note("membership", f"{tokens[i].text} ∈ {tokens[i + 2].text} is a relation")
                start = tokens[i].start
                out += [
                    _Token("name", "member", start),
                    _Token("open", "(", start),
                    tokens[i],
                    _Token("comma", ",", start),
                    tokens[i + 2],
                    _Token("close", ")", start),
                ]
                i += 3
            else:
                out.append(tokens[i])
                i += 1
        return out

    def _quantifiers(self, tokens: list[_Token]) -> list[_Token]:
        """One variable for each quantifier: all x, y. and Exists(x, …) and ∄x are taken apart."""
        out: list[_Token] = []
        i = 0
        while i < len(tokens):
            token = tokens[i]
            if token.kind not in _QUANTIFIERS:
                out.append(token)
                i += 1
                continue
            tokens, i = self._quantifier(tokens, i, out)
        return out

    def _quantifier(
        self, tokens: list[_Token], i: int, out: list[_Token]
    ) -> tuple[list[_Token], int]:
        """Take one quantifier apart; the tokens, mended, and the place after it."""
        token = tokens[i]
        if _kinds(tokens, i + 1, 3) == ["open", "name", "comma"]:
            self._note("quantifier", f"{token.text}(x, …) read as {token.text}x (…)")
            out += [token, tokens[i + 2], tokens[i + 1]]
            return tokens, i + 4
        if _kinds(tokens, i + 1, 3) == ["open", "name", "close"]:
            self._note("quantifier", f"{token.text}(x) read as {token.text}x")
            tokens = [*tokens[: i + 1], tokens[i + 2], *tokens[i + 4 :]]
        if _kinds(tokens, i + 1, 1) != ["name"]:
            raise FormulaError(
                "a quantifier without a variable", text=self.text, line=1, column=token.start + 1
            )
        out += [token, tokens[i + 1]]
        i += 2
        while i < len(tokens) and _is_further_variable(tokens, i):
            if tokens[i].kind == "comma":
                i += 1
            self._note("quantifier", "one quantifier for several variables")
            out += [replace(token, text="∃" if token.kind == "none" else token.text), tokens[i]]
            i += 1
        if _kinds(tokens, i, 1) in (["dot"], ["comma"]):
            if not self.notation.implies_to_left:
                self._note("quantifier dot", "a dot or comma after a quantifier")
            i += 1
        elif self.notation.implies_to_left:
            self._note("quantifier dot", "no dot after a quantifier")
        return tokens, i

    def _minus_signs(self, tokens: list[_Token]) -> list[_Token]:
        """A dash before an operand is negation where the dialect has no numbers."""
        out: list[_Token] = []
        for token in tokens:
            if token.kind == "minus" and (not out or out[-1].kind in _BEFORE_OPERAND):
                if not self.notation.implies_to_left:
                    self._note("connective", "- read as ¬")
                token = replace(token, kind="not", text="¬")
            out.append(token)
        return out

    def _ellipses(self, tokens: list[_Token]) -> list[_Token]:
        """Conjuncts that a model left to the reader say nothing."""
        out: list[_Token] = []
        for token in tokens:
            if token.kind == "ellipsis":
                self._note("ellipsis", "an ellipsis is left out")
                if not out or out[-1].kind not in ("and", "or", "comma"):
                    raise FormulaError(
                        "an ellipsis", text=self.text, line=1, column=token.start + 1
                    )
                out.pop()
            else:
                out.append(token)
        return out

    def _dots(self, tokens: list[_Token]) -> list[_Token]:
        while tokens and tokens[-1].kind == "dot":
            self._note("end", "a mark after the end is left out")
            tokens = tokens[:-1]
        return tokens

    def _brackets(self, tokens: list[_Token]) -> list[_Token]:
        """Brackets that close nothing are dropped, those left open are closed at the end."""
        out: list[_Token] = []
        level = 0
        for token in tokens:
            if token.kind == "close" and level == 0:
                self._note("brackets", "a bracket that closes nothing is left out")
                continue
            level += (token.kind == "open") - (token.kind == "close")
            out.append(token)
        if level:
            self._note("brackets", f"{level} closing at the end added")
            out += [_Token("close", ")", len(self.text))] * level
        return out

    def _commas(self, tokens: list[_Token]) -> list[_Token]:
        """Commas outside an argument list are conjunctions."""
        out: list[_Token] = []
        is_arguments: list[bool] = []
        for i, token in enumerate(tokens):
            if token.kind == "open":
                is_arguments.append(
                    i > 0 and tokens[i - 1].kind == "name" and not _binds(tokens, i)
                )
            elif token.kind == "close":
                is_arguments.pop()
            elif token.kind == "comma" and not (is_arguments and is_arguments[-1]):
                self._note("comma", "a comma between formulas read as ∧")
                token = replace(token, kind="and", text="∧")
            out.append(token)
        return out

    def _words(self, tokens: list[_Token]) -> list[_Token]:
        """Several words in a row are one name."""
        out: list[_Token] = []
        level = 0
        for i, token in enumerate(tokens):
            level += (token.kind == "open") - (token.kind == "close")
            if (
                token.kind == "name"
                and out
                and out[-1].kind == "name"
                and not _binds(out, len(out))
            ):
                joined = f"{out[-1].text} {token.text}"
                is_argument = level > 0 and _kinds(tokens, i + 1, 1) != ["open"]
                if not is_argument and _FILLERS & set(joined.lower().split()):
                    raise FormulaError("words", text=self.text, line=1, column=token.start + 1)
                out[-1] = replace(out[-1], text=joined)
                self._note("several words", f"{joined!r} is one name")
            else:
                out.append(token)
        is_sentence = len(out) == 1 and " " in out[0].text
        if is_sentence:
            raise FormulaError("a sentence, not a formula", text=self.text, line=1, column=1)
        return out

    def _names(self, tokens: list[_Token]) -> list[_Token]:
        """Names that unicode logic cannot spell are put in quotes."""
        is_numeric = any(token.kind in ("less", "most", "more", "least") for token in tokens)
        out = []
        for token in tokens:
            if token.kind == "name" and not _is_bare(token.text, is_numeric):
                if not re.fullmatch(r"[\w ]+", token.text) or not self.notation.implies_to_left:
                    self._note("name spelling", f"{token.text!r} is a name")
                text = token.text.replace('"', "")
                token = replace(token, text=f'"{text}"')
            out.append(token)
        return out


def _is_bare(name: str, is_numeric: bool) -> bool:
    if _NUMERAL.fullmatch(name):
        return is_numeric
    return _PLAIN.fullmatch(name) is not None and name != "distinct"


def _kinds(tokens: list[_Token], i: int, n: int) -> list[str]:
    return [token.kind for token in tokens[i : i + n]]


def _is_further_variable(tokens: list[_Token], i: int) -> bool:
    """Whether a variable of the same quantifier follows, rather than what it is about."""
    if tokens[i].kind == "comma":
        i += 1
    if _kinds(tokens, i, 1) != ["name"] or not _VARIABLE.fullmatch(tokens[i].text):
        return False
    return _kinds(tokens, i + 1, 1) != ["open"] or tokens[i].start + len(tokens[i].text) != (
        tokens[i + 1].start
    )


def _binds(tokens: list[_Token], i: int) -> bool:
    """Whether the token before place ``i`` is the variable of a quantifier."""
    return i >= 2 and tokens[i - 2].kind in _QUANTIFIERS
