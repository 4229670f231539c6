"""What tolerant reading of constraint problems changes: domains, declarations and options."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

from neurosym.formal.fol.dialects.expressions import Reader, token_text
from neurosym.formal.fol.dialects.expressions_repair import spelled, variant
from neurosym.formal.fol.dialects.scopes import Environment
from neurosym.formal.fol.dialects.sections import Line, Program, respell
from neurosym.formal.fol.spelling import words
from neurosym.formal.fol.syntax import Apply, Formula, Number, Term

__all__ = ["TolerantReader", "meaning", "mended_declaration", "option_parts", "without_commentary"]

_MEANING = re.compile(r"(?P<value>-?\d+)\s*[:=.)-]\s*(?P<words>[^\[\]]+?)\s*$")
_DECLARES = re.compile(
    r"^(?P<name>[^\[\]{}()=<>:∈]+?)\s*(?P<sign>\[\s*IN\s*\]|\bIN\b|∈|:|=)\s*(?P<values>[\[{(].*)$",
    re.IGNORECASE,
)
_SPAN = re.compile(r"\[\s*(-?\d+)\s*(?:\.\.+|-|–|to)\s*(-?\d+)\s*\]")
_VALUE = re.compile(r"(?<=[\[,])\s*([^\[\],]*[^\[\],\s])")
_LONGEST_SPAN = 1000
_OPTION = re.compile(r"\(?(?P<label>[A-Za-z])(?:\)|\.|:)\s*(?P<formula>.*)$")
_NOTHING = re.compile(r"[\s(\[]*(?:none|n/a|nothing|empty|-*)[\s)\].]*$", re.IGNORECASE)
_ALL_DIFFERENT = frozenset({"alldifferent", "alldifferentconstraint", "alldiff", "distinct"})


def meaning(
    program: Program, line: Line, meanings: dict[str, int], spellings: dict[str, str]
) -> bool:
    """Whether a line of the section Domain declares no variable; what it says is kept."""
    match = _MEANING.match(line.text)
    if match is not None:
        plain = spelled(Program(""), match["words"])
        spellings.setdefault(match["words"], plain)
        meanings.setdefault("".join(words(plain)), int(match["value"]))
        return True
    if _DECLARES.match(line.text) and "[" in line.text:
        program.note("section", f"line {line.number} declares a variable under 'Domain'")
        return False
    if any(sign in line.text for sign in "=<>"):
        raise program.fault(
            "this does not say what a value means", line, expected=("such as '1: oldest'",)
        )
    if ":" not in line.text:
        program.note("commentary", f"line {line.number} was left out: {line.text}")
    return True


def mended_declaration(program: Program, line: Line, spellings: dict[str, str]) -> Line:
    """A declaration in the form ``name [IN] [1, 2]``, with names that are identifiers."""
    match = _DECLARES.match(line.text)
    if match is None:
        return line
    name, values = match["name"].strip(), match["values"]
    plain = spelled(program, name, (n for text, n in spellings.items() if text != name))
    spellings[name] = plain
    if match["sign"].replace(" ", "") != "[IN]" or values[0] != "[":
        program.note("domain", f"line {line.number}: {line.text}")
        values = re.sub(r"[{(](.*)[)}]\s*$", r"[\1]", values)

    def spell(value: re.Match[str]) -> str:
        text = value[1]
        if re.fullmatch(r"-?\d+", text):
            return value[0]
        spellings[text] = spelled(program, text)
        return spellings[text]

    changed = Line(f"{plain} [IN] {values}", line.sentence, line.number, line.column)
    changed = respell(program, changed, "domain", _SPAN, _listed)
    text = _VALUE.sub(spell, changed.text.removeprefix(f"{plain} [IN] "))
    return Line(f"{plain} [IN] {text}", line.sentence, line.number, line.column)


def _listed(match: re.Match[str]) -> str:
    first, last = int(match[1]), int(match[2])
    if not first <= last < first + _LONGEST_SPAN:
        return match[0]
    return f"[{', '.join(map(str, range(first, last + 1)))}]"


def without_commentary(program: Program, line: Line) -> bool:
    """Whether a line among the constraints says nothing, such as ``None``."""
    if not _NOTHING.match(line.text):
        return False
    if line.text:
        program.note("commentary", f"line {line.number} was left out: {line.text}")
    return True


def option_parts(program: Program, line: Line, has_options: bool) -> re.Match[str] | None:
    """Letter and formula of an option written otherwise; ``None`` for words around the options."""
    match = _OPTION.match(line.text)
    if match is not None:
        program.note("option", f"line {line.number}: {line.text}")
        return match
    if any(sign in line.text for sign in "=<>"):
        raise program.fault("this is no option", line, expected=("such as 'A) '",))
    where = "after" if has_options else "before"
    program.note("commentary", f"line {line.number}, {where} options, was left out: {line.text}")
    return None


class TolerantReader(Reader):
    """Finds out what names mean that are not declared.

    Attributes:
        program: Where changes are recorded.
        meanings: The numbers of values by what they mean, as one word.
    """

    program: Program
    meanings: dict[str, int]

    def formula(self, node: Any, env: Environment) -> Formula:
        """A tree as a formula; all different may be called otherwise."""
        if node.data == "call":
            name = node.children[0]
            if name.value not in self.calls and "".join(words(name.value)) in _ALL_DIFFERENT:
                (wanted,) = self.calls
                self.program.note("operator spelling", f"{name} read as {wanted}")
                return self.calls[wanted](node, env)
        return super().formula(node, env)

    def arrow(self, node: Any, env: Environment) -> Formula:
        """``a => b`` between numbers, for ``>=``."""
        left, sign, right = node.children
        if sign.value != "=>" or self.is_formula(left, env) or self.is_formula(right, env):
            return super().arrow(node, env)
        self.program.note("operator spelling", "=> read as >=")
        return self.compare(left, ">=", right, env)

    def undeclared(self, token: Any, sort: str | None) -> Term:
        """Another spelling, what a value means, or a constant of which nothing is known."""
        text = token_text(token)
        known = variant(text, (*self.scope.functions, *self.scope.members))
        if known is not None:
            self.program.note("variant names", f"{text} read as {known}")
            return self.scope.members.get(known, Apply(known))
        number = self.meanings.get("".join(words(text)))
        if number is not None:
            self.program.note("value in words", f"{text} read as {number}")
            return Number(Fraction(number))
        self.program.note("undeclared", f"the variable {text}")
        return Apply(text)
