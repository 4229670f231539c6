"""Scripts: the commands that a theory is made of."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, NoReturn

from neurosym.formal.fol.dialects.base import load_grammar
from neurosym.formal.fol.dialects.smtlib_items import (
    Declared,
    Macro,
    args_of,
    inside_of,
    integer_of,
    name_of,
    tokens_of,
    word_of,
)
from neurosym.formal.fol.dialects.smtlib_reader import Reader
from neurosym.formal.fol.dialects.smtlib_script_printer import CLAIM, NEGATED, TYPING, typing_text
from neurosym.formal.fol.signature import Enumeration, Range, SymbolType
from neurosym.formal.fol.syntax import BOOLEAN, ENTITY, INTEGER, Formula, Not
from neurosym.formal.fol.theory import Option, OptionTest, Statement
from neurosym.formal.grammar import parse_tree

__all__ = ["Script"]

_OPTION = re.compile(r"option-(.*)-(must|could|cannot|need-not)", re.DOTALL)
_SKIPPED = frozenset({
    "set-logic", "set-option", "set-info", "get-model", "get-value", "get-info", "get-option",
    "get-proof", "get-unsat-core", "get-assertions", "get-assignment", "echo",
})  # fmt: skip
_ELSEWHERE = "Write what follows in a script of its own."
_DECLARE = "Declare the symbol and assert what it is defined as."
_INSTEAD = {
    "reset": _ELSEWHERE,
    "reset-assertions": _ELSEWHERE,
    "check-sat-assuming": "Assert what is assumed, between (push 1) and (pop 1).",
    "define-fun-rec": _DECLARE,
    "define-funs-rec": _DECLARE,
}
"""What to write in place of a command."""
_MAX_LEVELS = 1000


@dataclass
class _Level:
    """What holds until it is taken back.

    Attributes:
        below: What was declared when it began.
        premises: What is asserted in it.
        asks: Whether something was asked while it was open.
    """

    below: Declared
    premises: list[Statement] = field(default_factory=list)
    asks: bool = False


class Script:
    """Reads the commands of a script.

    The theory is what is asserted at the end of the script, with the claim or options that were
    asked anywhere. They all have to be asked under the same assertions, and these have to be those
    at the end: what is asked is asked at ``check-sat``, or where it is taken back without one.

    Args:
        text: The script.
        declared: What has been declared; the script adds to it.
    """

    def __init__(self, text: str, declared: Declared) -> None:
        self.declared = declared
        self.claim: Statement | None = None
        self.options: list[Option] = []
        self._levels = [_Level(declared)]
        self._asking: int | None = None  # the level of what is being asked
        self._is_asked = False
        self._asked_under: list[Statement] | None = None
        self._is_over = False
        self._reader = Reader(text, declared)
        self._lines = text.split("\n")

    @property
    def premises(self) -> list[Statement]:
        """What is asserted at this point of the script."""
        return [item for level in self._levels for item in level.premises]

    def read(self, items: list[Any]) -> None:
        """Read all commands.

        Raises:
            FormulaError: One is not read, or what it changes would be asked under other assertions
                than before.
        """
        for item in items:
            self._command(item)
        if self._asking is not None and not self._is_asked:
            self._ask(items[-1])
        elif self._asked_under not in (None, self.premises):
            self._differs(items[-1])

    def _command(self, item: Any) -> None:
        word = word_of(item)
        if not hasattr(item, "children") or not word:
            self._reader.fail(item, "a command in brackets has to stand here")
        if self._is_over:
            self._reader.fail(item, "nothing is read after (exit)", hint="Leave it out.")
        if word in _SKIPPED:
            return
        read = _COMMANDS.get(word)
        if read is None:
            hint = _INSTEAD.get(word, "")
            self._reader.fail(item, f"the command {word} is not read", hint=hint)
        read(self, item)

    # Levels of assertions, and what is asked under them.

    def _push(self, item: Any) -> None:
        for _ in range(self._count(item)):
            self._levels.append(_Level(self.declared.copy()))

    def _pop(self, item: Any) -> None:
        left = len(self._levels) - self._count(item)
        if left < 1:
            self._reader.fail(item, "more is taken back here than (push 1) began")
        if self._asking is not None and self._asking >= left:
            if not self._is_asked:
                self._ask(item)
            self._asking = None
        for level in reversed(self._levels[left:]):
            if not level.asks:  # what is asked may speak of what was declared for it
                self.declared = self._reader.declared = level.below
        del self._levels[left:]

    def _count(self, item: Any) -> int:
        args = self._reader.parts(item, 0, 1)
        count = integer_of(args[0]) if args else 1
        if count is None or not 0 <= count <= _MAX_LEVELS:
            self._reader.fail(args[0], f"a number from 0 to {_MAX_LEVELS} has to stand here")
        return count

    def _check(self, item: Any) -> None:
        if self._asking is not None:
            self._ask(item)

    def _ask(self, item: Any) -> None:
        """See that all is asked under the same assertions."""
        if self._asked_under not in (None, self.premises):
            self._differs(item)
        self._asked_under = self.premises
        self._is_asked = True

    def _differs(self, item: Any) -> NoReturn:
        self._reader.fail(
            item, "more or less is asserted here than where the claim or an option was asked",
            hint="Assert all premises before the claim and the options, and outside of "
            "(push 1) … (pop 1).",
        )  # fmt: skip

    def _begin_asking(self, item: Any) -> None:
        if self._asking is not None:
            self._reader.fail(
                item, "a claim or an option is still asserted here",
                hint="Put each option between (push 1) and (pop 1).",
            )  # fmt: skip
        self._asking = len(self._levels) - 1
        self._is_asked = False
        for level in self._levels:
            level.asks = True

    def _exit(self, item: Any) -> None:
        self._is_over = True

    # Declarations.

    def _new(self, item: Any, table: str) -> str:
        """A name that is not declared yet."""
        name = self._reader.new_name(item)
        known = self.declared
        symbols = (known.functions, known.predicates, known.members, known.macros)
        tables = (known.aliases,) if table == "sort" else symbols
        if any(name in names for names in tables) or (table == "sort" and name == BOOLEAN):
            self._reader.fail(item, f"{name} is declared twice")
        return name

    def _declare_sort(self, item: Any) -> None:
        args = self._reader.parts(item, 1, 2)
        if len(args) == 2 and args[1] != "0":
            self._reader.fail(args[1], "only sorts without arguments are read")
        name = self._new(args[0], "sort")
        self.declared.aliases[name] = name
        if name != ENTITY:
            self.declared.sorts[name] = None

    def _define_sort(self, item: Any) -> None:
        name, parameters, sort = self._reader.parts(item, 3, 3)
        if len(getattr(parameters, "children", ())) != 1:
            self._reader.fail(parameters, "only sorts without arguments are read")
        meant = self._reader.sort(sort)
        self.declared.aliases[self._new(name, "sort")] = meant

    def _declare_datatypes(self, item: Any) -> None:
        names, bodies = self._reader.parts(item, 2, 2)
        heads, lists = inside_of(names), inside_of(bodies)
        if len(heads) != len(lists) or not heads:
            self._reader.fail(bodies, "each data type needs its list of members")
        for head, body in zip(heads, lists, strict=True):
            inside = inside_of(head)
            if len(inside) != 2 or inside[1] != "0":
                self._reader.fail(head, "only data types without arguments are read")
            self._enumerate(inside[0], body)

    def _declare_datatype(self, item: Any) -> None:
        self._enumerate(*self._reader.parts(item, 2, 2))

    def _enumerate(self, head: Any, body: Any) -> None:
        sort = self._new(head, "sort")
        members: list[str] = []
        for member in inside_of(body):
            inside = inside_of(member) or [member]
            if len(inside) != 1:
                self._reader.fail(member, "only members without arguments are read")
            members.append(self._new(inside[0], "symbol"))
            self.declared.members[members[-1]] = sort
        if not members:
            self._reader.fail(body, f"{sort} has no members")
        self.declared.aliases[sort] = sort
        self.declared.sorts[sort] = Enumeration(tuple(members))

    def _declare(self, item: Any) -> None:
        is_constant = word_of(item) == "declare-const"
        parts = self._reader.parts(item, 2, 2) if is_constant else self._reader.parts(item, 3, 3)
        name = self._new(parts[0], "symbol")
        listed = parts[1:-1]
        if listed and not hasattr(listed[0], "children"):
            self._reader.fail(parts[1], "the sorts of the arguments have to stand here in brackets")
        args = tuple([self._reader.sort(sort) for part in listed for sort in inside_of(part)])
        if name_of(parts[-1]) == BOOLEAN:
            self.declared.predicates[name] = SymbolType(args, BOOLEAN)
        else:
            self.declared.functions[name] = SymbolType(args, self._reader.sort(parts[-1]))

    def _define(self, item: Any) -> None:
        """Read what is short for an expression.

        It may be the predicate that tells the members of a range, or give ranks in an enumeration.
        """
        head, parameters, result, body = self._reader.parts(item, 4, 4)
        pairs = self._reader.bindings(parameters) if inside_of(parameters) else []
        for kind in (result, *(kind for _, kind in pairs)):
            if name_of(kind) != BOOLEAN:
                self._reader.sort(kind)
        name = self._new(head, "symbol")
        if any(name_of(token) == name for token in tokens_of(body)):
            self._reader.fail(item, "a definition that uses itself is not read", hint=_DECLARE)
        known = self.declared
        parameter_names = tuple([parameter for parameter, _ in pairs])
        known.macros[name] = Macro(parameter_names, body, name_of(result) == BOOLEAN)
        sort = name_of(pairs[0][1]) if len(pairs) == 1 else None
        if sort is not None and name == f"is-{sort}" and known.aliases.get(sort) == INTEGER:
            known.aliases[sort] = sort
            known.sorts[sort] = Range(tuple(self._range(body)))
            known.guards[name] = sort
        elif name == f"rank-{sort}" and isinstance(known.sorts.get(sort or ""), Enumeration):
            known.ranks.add(name)

    def _range(self, body: Any) -> Iterator[int]:
        for part in args_of(body) if word_of(body) == "or" else [body]:
            args = args_of(part)
            value = integer_of(args[1]) if word_of(part) == "=" and len(args) == 2 else None
            if value is not None:
                yield value
            elif word_of(part) != "false":
                self._reader.fail(part, "a number of the range has to stand here, as in (= n 1)")

    def _assert(self, item: Any) -> None:
        body = self._reader.parts(item, 1, 1)[0]
        name = _name(body)
        if name.startswith(TYPING) and self._is_typing(name.removeprefix(TYPING), body):
            return  # it says no more than the sorts do
        sentence = self._sentence(item)
        option = _OPTION.fullmatch(name)
        if option is not None:
            test = OptionTest(option[2].replace("-", " "))
            formula = self._negated(body) if test in NEGATED else self._reader.formula(body, {})
            self._begin_asking(item)
            self.options.append(Option(option[1], formula, test, sentence))
        elif name == CLAIM:
            if self.claim is not None:
                self._reader.fail(item, "there is a second claim")
            self._begin_asking(item)
            self.claim = Statement(self._negated(body), sentence)
        else:
            premise = Statement(self._reader.formula(body, {}), sentence)
            self._levels[-1].premises.append(premise)

    def _is_typing(self, name: str, body: Any) -> bool:
        """Whether an assertion says that the values of a function are of its sort."""
        kind = self.declared.functions.get(name)
        text = "" if kind is None else typing_text(name, kind, self.declared.signature())
        if not text:
            return False
        return bool(parse_tree(load_grammar("smtlib"), text, {}).children == args_of(body)[:1])

    def _negated(self, body: Any) -> Formula:
        """What is denied."""
        formula = self._reader.formula(body, {})
        return formula.body if isinstance(formula, Not) else Not(formula)

    def _sentence(self, item: Any) -> str:
        """The comment lines right before an assertion that begins its line."""
        token = item.children[0]
        end = first = token.line - 1
        if self._lines[end][: token.column - 1].strip():
            return ""
        while first and self._lines[first - 1].startswith(";"):
            first -= 1
        return "\n".join(line[1:].removeprefix(" ") for line in self._lines[first:end])


_COMMANDS: dict[str, Callable[[Script, Any], None]] = {
    "declare-sort": Script._declare_sort,
    "define-sort": Script._define_sort,
    "declare-datatypes": Script._declare_datatypes,
    "declare-datatype": Script._declare_datatype,
    "declare-fun": Script._declare,
    "declare-const": Script._declare,
    "define-fun": Script._define,
    "assert": Script._assert,
    "push": Script._push,
    "pop": Script._pop,
    "check-sat": Script._check,
    "exit": Script._exit,
}


def _name(body: Any) -> str:
    """The name that an annotation gives a formula, if it does."""
    attributes = args_of(body)[1:] if word_of(body) == "!" else []
    for keyword, value in pairwise(attributes):
        if getattr(keyword, "type", "") == "KEYWORD" and keyword == ":named":
            return name_of(value) or ""
    return ""
