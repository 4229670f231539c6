"""What tolerant reading of facts and rules changes: lines, and spellings of one symbol."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from neurosym.formal.fol.dialects.sections import Line, Program, balance, respell
from neurosym.formal.fol.spelling import plain_name, stem, words
from neurosym.formal.fol.syntax import (
    Apply,
    Atom,
    Formula,
    Implies,
    Term,
    Variable,
    free_variables,
    rebuild,
    walk,
)
from neurosym.formal.fol.theory import Statement

__all__ = ["Symbols", "mended", "without_commentary"]

_OPERATORS = (
    (re.compile(r"<=>|<->|↔|⇔"), "<=>"),  # no way to say it: left for the error to show
    (re.compile(r"[¬~]\s*|\b(?:not|NOT)\b\s*(?=[\w(\"])|\bNot\s+(?=\w)"), "!"),
    (re.compile(r"\s*(?:∧|(?<!&)&(?!&)|\^|\b(?:and|AND)\b)\s*"), " && "),
    (re.compile(r"\s*(?:∨|(?<!\|)\|(?!\|)|\b(?:or|OR)\b)\s*"), " || "),
    (re.compile(r"\s*(?:(?<![=<-])[=-]+>(?!>)|→|⇒|(?<!>)>>(?!>)|\bimplies\b)\s*"), " >>> "),
)
_NOT_WITH_VALUE = re.compile(r"\bNot\((\w+\([^()]*\)),\s*True\)")
_VALUE_AFTER = re.compile(
    r"(\w[\w -]*\([^()]*\))\s*(?:==?|\bis\b)\s*(True|False)\b\.?", re.IGNORECASE
)
_ASKED_VALUE = re.compile(
    r"^(?P<before>.*?(?P<name>\w+)\((?P<args>[^()]*)),\s*(?P<value>\?|\$?\w+)\s*\)(?P<after>\)*)$"
)
_UNKNOWN = frozenset({"?", "unknown", "uncertain", "undetermined", "bool", "boolean"})
_VALUE_LEFT_OUT = re.compile(r",\s*[Bb]ool(?:ean)?\s*(?=\))")
_FOR_ALL = re.compile(r"\s+for (?:all|any|every) \$?\w+\.?$")
_LOOSE_VALUE = re.compile(
    r"(?<=[(,])(\s*)(true|false|TRUE|FALSE|[\"'](?:True|False)[\"'])(?=\s*\))"
)
_ODD_ARGUMENT = re.compile(r"(?<=[(,])\s*([^(),$\"]*[^(),$\"\s]|\"[^\"]*\"(?=\s*[,)]))\s*(?=[,)])")
_ODD_PREDICATE = re.compile(r"(?<![\w'’\"-])([^\W\d][\w'’-]*(?:[ -]+[\w'’-]+)*) ?(?=\()")
_IS_A = re.compile(
    r"^(?:(?P<all>all|every|each|any)\s+)?(?P<who>\w[\w ,]*?)(?:\s+(?:things?|people|persons?))?"
    r"\s+(?:is|are)\s+(?P<no>not\s+)?(?:an?\s+)?(?P<what>\w+)\.?$",
    re.IGNORECASE,
)
_BETWEEN_OPERANDS = re.compile(r"(\s*(?:&&|\|\||>>>|<<<)\s*)")
_BACKWARD = re.compile(r"^([^<>]+?)\s*<<<\s*([^<>]+)$")
_NOTHING = re.compile(r"[\s(\[]*(?:none|n/a|nothing|empty|-+)[\s)\].]*$", re.IGNORECASE)
_ATOM = re.compile(r"[\w\"]\s*\(")
_NO_NAME = re.compile(r"[?!&|<>=¬~]|\bnot\b", re.IGNORECASE)
_INDEFINITE = frozenset({
    "something", "someone", "somebody", "anything", "anyone", "anybody", "everything", "everyone",
    "everybody", "thing", "person", "x", "y", "z",
})  # fmt: skip


def without_commentary(program: Program, section: str, line: Line) -> bool:
    """Whether a line says nothing: ``None``, or what a model adds to its query in words."""
    says_nothing = bool(_NOTHING.match(line.text)) or not line.text
    if section == "Query" and not _ATOM.search(line.text.replace("(Note", "")):
        says_nothing = True
    if says_nothing:
        program.note("commentary", f"line {line.number} was left out: {line.text}")
    return says_nothing


def mended(program: Program, line: Line, section: str, symbols: Symbols) -> Line:
    """A line that does not follow the grammar, as it was probably meant."""
    line = symbols.sentences_read(line)
    line = respell(program, line, "operator spelling", _BACKWARD, r"\2 >>> \1")
    line = respell(program, line, "quantifier in words", _FOR_ALL, "")
    for pattern, operator in _OPERATORS:
        line = respell(program, line, "operator spelling", pattern, operator)
    line = respell(program, line, "truth value", _NOT_WITH_VALUE, r"Not(\1)")
    line = respell(program, line, "truth value", _LOOSE_VALUE, _value)
    line = respell(program, line, "truth value", _VALUE_AFTER, _with_value)
    if section != "Predicates":
        line = respell(program, line, "truth value", _VALUE_LEFT_OUT, "")
    line = respell(program, line, "name spelling", _ODD_PREDICATE, _named)
    line = respell(program, line, "name spelling", _ODD_ARGUMENT, _named_argument)
    text = balance(line.text)
    if text != line.text:
        program.note("brackets", f"line {line.number}: {line.text} read as {text}")
        line = Line(text, line.sentence, line.number, line.column)
    return line


def _value(match: re.Match[str]) -> str:
    return match[1] + match[2].strip("\"'").capitalize()


def _with_value(match: re.Match[str]) -> str:
    return match[1] if match[2].casefold() == "true" else "!" + match[1]


def _named(match: re.Match[str]) -> str:
    return match[0] if match[1].isidentifier() else plain_name(match[1])


def _named_argument(match: re.Match[str]) -> str:
    text = match[1]
    # An operator among the arguments is no part of a name: leaving it out would change the meaning.
    if text.isidentifier() or text.startswith('"') or _NO_NAME.search(text):
        return match[0]
    return plain_name(text)


class Symbols:
    """The predicates and constants of a program, and which spellings are one."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.declared: dict[str, list[int]] = {}
        self._predicates: dict[tuple[str, int], str] = {}
        self._used: dict[str, int] = {}
        self._constants: dict[str, str] = {}

    def declare(self, name: str, arity: int) -> None:
        """Declare a predicate; in tolerant reading it may have several numbers of arguments."""
        arities = self.declared.setdefault(name, [])
        if arity not in arities:
            arities.append(arity)

    def misfit(self, name: str, arity: int) -> str:
        """What is wrong with using a predicate with so many arguments; empty if nothing."""
        if name not in self.declared:
            return f"the predicate {name} is not declared"
        if arity not in self.declared[name]:
            return f"{name} is declared with {self.declared[name][0]} arguments, not {arity}"
        return ""

    def arities(self) -> dict[str, int]:
        """Every predicate, declared or found, with its number of arguments."""
        return {name: arities[0] for name, arities in self.declared.items()} | self._used

    def with_variables(self, formula: Formula, line: Line) -> Formula:
        """Variables in place of the names that stand for anything in a rule."""
        free = {variable.name for variable in free_variables(formula)}
        if not isinstance(formula, Implies):
            return formula

        def change(node: Any) -> Any:
            if isinstance(node, Apply) and (
                node.function in free or node.function.casefold() in _INDEFINITE
            ):
                self.program.note(
                    "variable", f"line {line.number}: {node.function} stands for anything"
                )
                return Variable(node.function)
            return rebuild(node, change)

        changed: Formula = change(formula)
        return changed

    def sentences_read(self, line: Line) -> Line:
        """``Max is a cat`` as ``cat(Max)``, and ``All big cats are old`` as a rule.

        Only where the predicates are declared, so that nothing is made up.
        """
        parts = _BETWEEN_OPERANDS.split(line.text)
        text = "".join(self._sentence_read(part, whole=len(parts) == 1) for part in parts)
        if text == line.text:
            return line
        self.program.note("plain sentence", f"line {line.number}: {line.text} read as {text}")
        return Line(text, line.sentence, line.number, line.column)

    def without_asked_value(self, line: Line) -> Line:
        """``Big(tom, Unknown)`` or ``Big(tom, ?)`` in a query asks whether ``Big(tom, True)``."""

        def change(match: re.Match[str]) -> str:
            value = match["value"].casefold()
            count = match["args"].count(",") + 1
            arities = self.declared.get(match["name"])
            if value in ("true", "false") or (value not in _UNKNOWN and arities is None):
                return match[0]
            if arities is not None and (count not in arities or count + 1 in arities):
                return match[0]
            return f"{match['before']}){match['after']}"

        return respell(self.program, line, "value asked for", _ASKED_VALUE, change)

    def _sentence_read(self, text: str, *, whole: bool) -> str:
        match = _IS_A.match(text)
        what = self._declared_as(match["what"]) if match else None
        if match is None or what is None:
            return text
        value = "False" if match["no"] else "True"
        kinds = [self._declared_as(word) for word in re.split(r",\s*|\s+", match["who"])]
        if None not in kinds:
            body = " && ".join(f"{kind}($x, True)" for kind in kinds)
            return f"{body} >>> {what}($x, {value})" if whole else text
        return text if match["all"] else f"{what}({plain_name(match['who'])}, {value})"

    def _declared_as(self, word: str) -> str | None:
        found = [
            name for name, arities in self.declared.items()
            if 1 in arities and stem(name) == stem(word)
        ]  # fmt: skip
        return found[0] if len(found) == 1 else None

    def unified(self, statements: Iterable[Statement]) -> list[Statement]:
        """The statements with one spelling for each symbol."""
        statements = list(statements)
        self._apart = self._kept_apart(item.formula for item in statements)
        return [Statement(self._unify(item.formula), item.sentence) for item in statements]

    def _unify(self, node: Any) -> Any:
        match node:
            case Atom(predicate=name, args=args):
                return Atom(self._predicate(name, len(args)), tuple(map(self._unify, args)))
            case Apply(function=name, args=()):
                return Apply(self._constant(name))
        return rebuild(node, self._unify)

    def _predicate(self, name: str, arity: int) -> str:
        key = (name, arity)
        if key not in self._predicates:
            self._predicates[key] = self._resolved(name, arity)
        return self._predicates[key]

    def _resolved(self, name: str, arity: int) -> str:
        if arity in self.declared.get(name, ())[:1]:
            return name
        known = {other for other, count in self.arities().items() if count == arity}
        if name not in self.declared:
            variants = [other for other in known if stem(other) == stem(name)]
            if len(variants) == 1 and variants[0] != name:
                self.program.note("variant names", f"{name} and {variants[0]} are one predicate")
                return variants[0]
        chosen = name
        if name in self.arities():
            chosen = f"{name}_{arity}"
            self.program.note(
                "number of arguments", f"{name} with {arity} arguments is a predicate of its own"
            )
        elif name not in self.declared:
            self.program.note("undeclared", f"the predicate {name}")
        self._used[chosen] = arity
        return chosen

    def _constant(self, name: str) -> str:
        key = "".join(words(name)) or name
        chosen = self._constants.setdefault(key, name)
        if chosen == name or key in self._apart:
            return name
        self.program.note("variant names", f"{name} and {chosen} are one thing")
        return chosen

    def _kept_apart(self, formulas: Iterable[Formula]) -> set[str]:
        """Keys of names that one atom holds in two spellings, as if they meant two things."""
        return {
            key
            for formula in formulas
            for node in walk(formula)
            if isinstance(node, Atom)
            for key in _doubled(node.args)
        }


def _doubled(args: Iterable[Term]) -> set[str]:
    seen: dict[str, str] = {}
    doubled = set()
    for name in (arg.function for arg in args if isinstance(arg, Apply)):
        key = "".join(words(name)) or name
        if seen.setdefault(key, name) != name:
            doubled.add(key)
    return doubled
