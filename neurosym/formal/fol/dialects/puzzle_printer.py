"""Writes the formulas and declarations of puzzles."""

from __future__ import annotations

from neurosym.errors import InexpressibleError
from neurosym.formal.fol.dialects.expressions_printer import RESERVED, Printer
from neurosym.formal.fol.signature import Enumeration, Range, Signature, SortKind, SymbolType
from neurosym.formal.fol.syntax import (
    BOOLEAN,
    INTEGER,
    REAL,
    And,
    Atom,
    Count,
    Distinct,
    Exists,
    ForAll,
    Formula,
    Iff,
    Implies,
    Not,
    Or,
    Truth,
    Variable,
    Xor,
)
from neurosym.formal.fol.theory import Option, OptionTest

__all__ = ["PuzzlePrinter"]

_BUILT_IN = {INTEGER: "int", REAL: "real", BOOLEAN: "bool"}
_TESTS = {
    OptionTest.MUST: "is_valid({})",
    OptionTest.COULD: "is_sat({})",
    OptionTest.CANNOT: "is_unsat({})",
    OptionTest.NEED_NOT: "is_exception(is_valid({}))",
}


class PuzzlePrinter(Printer):
    """Writes what stands in the lines of a puzzle."""

    reserved = RESERVED | {
        "And", "Or", "Not", "Implies", "Iff", "Xor", "ForAll", "Exists", "Distinct", "If", "Count",
        "int", "real", "bool",
    }  # fmt: skip

    def formula(self, formula: Formula) -> str:
        """Write one formula.

        Raises:
            InexpressibleError: Puzzles have no way to say it.
        """
        comparison = self.comparison(formula)
        if comparison is not None:
            return comparison
        match formula:
            case Truth(value=value):
                return str(value)
            case Atom(predicate=name, args=args):
                terms = ", ".join(map(self.term, args))
                return f"{self.name(name)}({terms})" if args else self.name(name)
            case Distinct(terms=terms):
                return f"Distinct({', '.join(map(self.term, terms))})"
            case And(parts=parts) | Or(parts=parts):
                return self._call(type(formula).__name__, *parts)
            case Not(body=body):
                return self._call("Not", body)
            case Implies(left=a, right=b) | Iff(left=a, right=b) | Xor(left=a, right=b):
                return self._call(type(formula).__name__, a, b)
            case ForAll(variable=variable, body=body) | Exists(variable=variable, body=body):
                return f"{type(formula).__name__}({self._binders(variable)}, {self.formula(body)})"
            case _:
                raise InexpressibleError(
                    f"a puzzle has no way to say {type(formula).__name__}",
                    hint="Use another dialect.",
                )

    def count(self, term: Count) -> str:
        """A count."""
        return f"Count({self._binders(*term.variables)}, {self.formula(term.body)})"

    def _call(self, name: str, *parts: Formula) -> str:
        return f"{name}({', '.join(map(self.formula, parts))})"

    def _binders(self, *variables: Variable) -> str:
        return f"[{', '.join(f'{self.name(v.name)}:{self.sort(v.sort)}' for v in variables)}]"

    def sort(self, sort: str) -> str:
        """The name of a sort."""
        return _BUILT_IN.get(sort) or self.name(sort)

    def declarations(self, signature: Signature) -> list[str]:
        """Lines that declare the sorts, functions and predicates of a signature.

        Raises:
            InexpressibleError: A name is a function and a predicate, or members are not listed.
        """
        both = set(signature.functions) & set(signature.predicates)
        if both:
            raise InexpressibleError(
                f"{min(both)} is a function and a predicate", hint="Rename one of them."
            )
        lines = [f"{self.name(n)} = {self._kind(n, k)}" for n, k in signature.sorts.items()]
        symbols = {**signature.functions, **signature.predicates}
        return lines + [f"{self.name(n)} = {self._type(n, k)}" for n, k in symbols.items()]

    def _kind(self, name: str, kind: SortKind) -> str:
        if isinstance(kind, Enumeration):
            return f"EnumSort([{', '.join(map(self.name, kind.members))}])"
        if isinstance(kind, Range):
            return f"EnumSort([{', '.join(map(str, kind.values))}])"
        raise InexpressibleError(
            f"the members of {name} are not listed", hint="Puzzles need all members of a sort."
        )

    def _type(self, name: str, kind: SymbolType) -> str:
        for sort in (*kind.args, kind.result):
            if sort not in _BUILT_IN and sort.casefold() == "entity":
                raise InexpressibleError(
                    f"{name} is about things that are not listed",
                    hint="Puzzles need all members of a sort.",
                )
        args = ", ".join(map(self.sort, kind.args))
        return f"Function([{args}] -> [{self.sort(kind.result)}])"

    def option(self, option: Option) -> tuple[str, str]:
        """Formula and sentence of an option's line.

        Raises:
            InexpressibleError: Its label is no letter or number.
        """
        if not option.label.isalnum():
            raise InexpressibleError(
                f"an option cannot be called {option.label!r}", hint="Use letters."
            )
        formula = _TESTS[option.test].replace("{}", self.formula(option.formula))
        return formula, f"({option.label}) {option.sentence}"
