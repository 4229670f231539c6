"""Names in S-expressions: what is declared, what is bound, and what each may stand for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn, TypeAlias

from neurosym.errors import FormulaError
from neurosym.formal.fol.dialects.smtlib_items import Declared, Macro, args_of, name_of, word_of
from neurosym.formal.fol.dialects.smtlib_printer import MEANT, RESERVED
from neurosym.formal.fol.syntax import BOOLEAN, ENTITY, Apply, Atom, Formula, Term, Variable
from neurosym.formal.grammar import MAX_DEPTH, first_token

__all__ = ["Binding", "Let", "Scope", "Scopes"]

_MAX_EXPANDED = 100_000
"""Most formulas and terms that may come of writing out ``let`` and definitions."""


@dataclass(frozen=True, slots=True)
class Let:
    """A name for an expression, which means what it meant where the name was given."""

    value: Any
    scope: Scope


Scope: TypeAlias = Mapping[str, Variable | Let]
Binding: TypeAlias = tuple[str, Any]


class Scopes:
    """Keeps the names of one text.

    Args:
        text: The text, to be shown in errors.
        declared: The sorts and symbols that there are; ``None`` where any may be used.
        predicates: Names known to be predicates where nothing is declared; the reader adds to them.
    """

    def __init__(
        self, text: str, declared: Declared | None = None, predicates: set[str] | None = None
    ) -> None:
        self.text = text
        self.declared = declared
        self.predicates = set() if predicates is None else predicates
        self.level = 0
        self._expanded = 0
        self.lets = 0
        self.open: list[str] = []

    def fail(self, item: Any, problem: str, *, hint: str = "") -> NoReturn:
        """Say that there is something wrong with an item.

        Raises:
            FormulaError: Always, at the place of the item.
        """
        token = first_token(item)
        line, column = (1, 1) if token is None else (token.line, token.column)
        raise FormulaError(
            problem, text=self.text, line=line, column=column,
            hint=hint or "Mend the formula at the caret.",
        )  # fmt: skip

    def sort(self, item: Any) -> str:
        """Read a sort other than ``Bool``."""
        name = name_of(item)
        if name is None:
            self.fail(item, "only sorts without arguments are read")
        if name == BOOLEAN:
            self.fail(
                item, "truth values cannot be quantified over or given to a symbol",
                hint="Use a predicate instead.",
            )  # fmt: skip
        if self.declared is None:
            return name
        if name not in self.declared.aliases:
            if not self.declared.repair("declaration", f"declared the sort {name}"):
                self.fail(
                    item, f"the sort {name} is not declared", hint=f"Add (declare-sort {name} 0)."
                )
            self.declared.aliases[name] = name
            self.declared.sorts[name] = None
        return self.declared.aliases[name]

    def new_name(self, item: Any) -> str:
        """Read a name that is being given to something."""
        name = name_of(item)
        if name is None or word_of(item) in MEANT or word_of(item) in RESERVED:
            self.fail(item, "a symbol without a meaning of its own has to stand here")
        return name

    def enter(self, item: Any) -> None:
        """Go one level deeper, if that is not too deep."""
        self.level += 1
        if self.level > MAX_DEPTH:
            self.fail(
                item, f"the formula is nested more than {MAX_DEPTH} deep",
                hint="Split it into several formulas.",
            )  # fmt: skip
        if self.lets:
            self._expanded += 1
            if self._expanded > _MAX_EXPANDED:
                self.fail(
                    item,
                    "the formula is too long when each let is written out, and what is defined",
                )

    def parts(self, item: Any, least: int, most: int | None = None) -> list[Any]:
        """The items after the first of a list, so many."""
        args = args_of(item)
        if len(args) < least or (most is not None and len(args) > most):
            count = str(least) if least == most else f"at least {least}"
            if most is not None and most > least:
                count = f"{least} to {most}"
            self.fail(item, f"({word_of(item)} …) takes {count} parts, not {len(args)}")
        return args

    def symbol(self, item: Any) -> str:
        """The name that stands where a formula or term belongs."""
        name = name_of(item)
        if name is None:
            self.fail(item, f"unexpected {str(item)!r}")
        if word_of(item) in MEANT or word_of(item) in RESERVED:
            self.fail(item, f"{name} cannot stand alone here")
        return name

    def predicate(self, item: Any, name: str, args: tuple[Term, ...]) -> Formula:
        """What a predicate says of its arguments."""
        if self.declared is None:
            self.predicates.add(name)
        elif name not in self.declared.predicates:
            if name in self.declared.functions or name in self.declared.members:
                self.fail(item, f"{name} is no predicate, but stands where a formula belongs")
            self._undeclared(item, name, len(args), BOOLEAN)
        return Atom(name, args)

    def function(self, item: Any, name: str, args: tuple[Term, ...]) -> Term:
        """The value of a function, or a constant."""
        if name in (self.predicates if self.declared is None else self.declared.predicates):
            self.fail(item, f"{name} is a predicate, but stands where a term belongs")
        declared = self.declared
        if declared and name not in declared.functions and name not in declared.members:
            self._undeclared(item, name, len(args), ENTITY)
        return Apply(name, args)

    def _undeclared(self, item: Any, name: str, arity: int, result: str) -> None:
        if self.declared and not self.declared.repair("declaration", f"declared {name}"):
            sorts = " ".join([ENTITY] * arity)
            self.fail(
                item,
                f"{name} is not declared",
                hint=f"Add (declare-fun {name} ({sorts}) {result}).",
            )

    def is_predicate(self, item: Any) -> bool:
        """Whether an item is known to be a predicate."""
        name = name_of(item)
        if self.declared is None:
            return name in self.predicates
        macro = self.declared.macros.get(name or "")
        return name in self.declared.predicates or (macro is not None and macro.is_formula)

    def macro(self, item: Any, scope: Scope) -> Macro | None:
        """What an item, or the head of a list, is short for, if it is short for anything."""
        head = item.children[1] if hasattr(item, "children") and item.children[1:] else item
        name = None if hasattr(head, "children") else name_of(head)
        if name is None or name in scope or self.declared is None:
            return None
        return self.declared.macros.get(name)

    def bindings(self, item: Any) -> list[Binding]:
        """The pairs of a name and what it is bound to."""
        pairs = item.children[1:] if hasattr(item, "children") else []
        if not pairs:
            self.fail(item, "variables in brackets have to stand here")
        bindings: list[Binding] = []
        for pair in pairs:
            inside = pair.children[1:] if hasattr(pair, "children") else []
            if len(inside) != 2:
                self.fail(pair, "a name and what it is bound to have to stand in brackets here")
            name = self.new_name(inside[0])
            if any(name == other for other, _ in bindings):
                self.fail(inside[0], f"{name} is bound twice")
            bindings.append((name, inside[1]))
        return bindings

    def bind(self, bindings: list[tuple[str, str]], scope: Scope) -> tuple[list[Variable], Scope]:
        """Bind variables; the names stay open until the caller closes them."""
        variables = []
        for name, sort in bindings:
            fresh = name
            # What a let stands for may hold an outer variable of this name.
            while self.lets and fresh in self.open:
                fresh += "_"
            self.open.append(fresh)
            variables.append(Variable(fresh, sort))
        names = [name for name, _ in bindings]
        return variables, {**scope, **dict(zip(names, variables, strict=True))}

    def let_scope(self, item: Any, scope: Scope) -> dict[str, Let]:
        """The names that a let gives."""
        pairs = self.bindings(self.parts(item, 2, 2)[0])
        return {name: Let(value, scope) for name, value in pairs}
