"""What a model meant by a theory whose formulas do not quite fit together.

Each change is a :class:`Repair`. A repair is evidence about the translation, so none is silent.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import Any, TypeAlias

from neurosym.errors import SortError
from neurosym.formal.fol.dialects.base import make_theory
from neurosym.formal.fol.signature import Range, Signature
from neurosym.formal.fol.spelling import stem
from neurosym.formal.fol.syntax import (
    INTEGER,
    REAL,
    And,
    Apply,
    Atom,
    Exists,
    ForAll,
    Formula,
    Iff,
    Implies,
    Less,
    LessEqual,
    Node,
    Number,
    Or,
    Variable,
    Xor,
    bound_by,
    children,
    close,
    free_variables,
    rebuild,
    walk,
)
from neurosym.formal.fol.theory import Option, Repair, Statement, Theory

__all__ = ["bind_free", "mend_theory"]


def mend_theory(
    premises: Iterable[Statement],
    claim: Statement | None = None,
    options: Iterable[Option] = (),
    *,
    declared: Signature | None = None,
    source: str = "",
    repairs: Iterable[Repair] = (),
) -> Theory:
    """A theory of formulas that may have free variables, variants of symbols and several arities.

    Args:
        premises: What is given.
        claim: What is to be decided.
        options: Options of a puzzle.
        declared: What is declared of sorts and symbols; variants of a declared symbol become it.
        source: The text.
        repairs: What was mended before.

    Raises:
        SortError: The formulas do not fit together even so.
    """
    given = Theory(tuple(premises), claim, tuple(options))
    mender = _TheoryMender(given.formulas, declared or Signature(), list(repairs))
    mender.merge_variants()
    mender.settle_arities()
    mender.note_roles()
    formulas = mender.formulas

    def build(formulas: Sequence[Formula]) -> Theory:
        found = iter(formulas)
        return make_theory(
            [replace(item, formula=next(found)) for item in given.premises],
            None if claim is None else replace(claim, formula=next(found)),
            [replace(item, formula=next(found)) for item in given.options],
            declared=declared,
            source=source,
            repairs=tuple(mender.repairs),
        )

    try:
        return build(formulas)
    except SortError:
        if _has_numbers(mender.declared):
            raise  # a number that does not fit there would become one that nobody knows
        named = [mender.name_comparisons(formula) for formula in formulas]
        if named == formulas:
            raise
        return build(named)


def _has_numbers(declared: Signature) -> bool:
    """Whether symbols are declared to be of numbers."""
    types = [*declared.functions.values(), *declared.predicates.values()]
    return any(
        sort in (INTEGER, REAL) or isinstance(declared.sorts.get(sort), Range)
        for kind in types
        for sort in (*kind.args, kind.result)
    )


_Symbolic: TypeAlias = Atom | Apply


class _TheoryMender:
    """Mends the formulas of one theory, step by step."""

    def __init__(
        self, formulas: Iterable[Formula], declared: Signature, repairs: list[Repair]
    ) -> None:
        self.declared = declared
        self.repairs = repairs
        self.put([bind_free(formula, self.note) for formula in formulas])

    def put(self, formulas: list[Formula]) -> None:
        """Take the formulas as they are now, and see once what symbols stand where in each."""
        self.formulas = formulas
        self.symbols: list[list[_Symbolic]] = [
            [node for node in walk(formula) if isinstance(node, _Symbolic)] for formula in formulas
        ]

    def note(self, kind: str, detail: str) -> None:
        repair = Repair(kind, detail)
        if repair not in self.repairs:
            self.repairs.append(repair)

    # ------------------------------------------------------------ variants of one symbol

    def merge_variants(self) -> None:
        """Make one symbol of names that differ in case and inflection only."""
        predicates = self._variants(Atom, self.declared.predicates)
        functions = self._variants(Apply, self.declared.functions)
        if not predicates and not functions:
            return

        def change(node: Node) -> Any:
            node = rebuild(node, change)
            if isinstance(node, Atom) and node.predicate in predicates:
                return Atom(predicates[node.predicate], node.args)
            if isinstance(node, Apply) and node.function in functions:
                return Apply(functions[node.function], node.args)
            return node

        self.put([change(formula) for formula in self.formulas])

    def _variants(self, kind: type[_Symbolic], declared: Mapping[str, object]) -> dict[str, str]:
        together = [
            [_name(node) for node in nodes if isinstance(node, kind)] for nodes in self.symbols
        ]
        uses = Counter(chain.from_iterable(together))
        groups: dict[str, list[str]] = {}
        for name in uses:
            groups.setdefault(stem(name), []).append(name)
        renamed = {}
        for names in groups.values():
            if len(names) == 1:
                continue
            chief = min(names, key=lambda name: (name not in declared, -uses[name]))
            for name in names:
                # What is declared, or what one formula tells apart, are two symbols.
                if name in declared or name == chief:
                    continue
                if not any({name, chief} <= set(pair) for pair in together):
                    renamed[name] = chief
                    self.note("variant names", f"{name!r} read as {chief!r}")
        return renamed

    # ------------------------------------------------------------ one name, several uses

    def settle_arities(self) -> None:
        """A predicate of several arities becomes as many predicates, the shorter implied."""
        arities: dict[tuple[type, str], set[int]] = {}
        for node in chain.from_iterable(self.symbols):
            arities.setdefault((type(node), _name(node)), set()).add(len(node.args))
        several = {key: max(counts) for key, counts in arities.items() if len(counts) > 1}
        if not several:
            return
        for _, name in several:
            self.note("arities", f"{name!r} is used with several numbers of arguments")

        def change(node: Node) -> Any:
            node = rebuild(node, change)
            if not isinstance(node, _Symbolic):
                return node
            longest = several.get((type(node), _name(node)))
            if longest is None or len(node.args) == longest:
                return node
            if isinstance(node, Apply) or not node.args:
                return type(node)(f"{_name(node)}/{len(node.args)}", node.args)
            return _projected(node, longest)

        self.put([change(formula) for formula in self.formulas])

    def note_roles(self) -> None:
        """Say which names stand for a predicate here and for a thing there."""
        names: dict[type, set[str]] = {Atom: set(), Apply: set()}
        for node in chain.from_iterable(self.symbols):
            names[type(node)].add(_name(node))
        for name in sorted(names[Atom] & names[Apply]):
            self.note("two roles", f"{name!r} is a predicate and a thing")

    # ------------------------------------------------------------ comparisons of things

    def name_comparisons(self, node: Node) -> Formula:
        """Order among things that are no numbers is a relation like any other."""

        def change(item: Node) -> Any:
            item = rebuild(item, change)
            match item:
                case Less(left=left, right=right):
                    self.note("comparison", "< read as a relation between things")
                    return Atom("less than", (left, right))
                case LessEqual(left=left, right=right):
                    self.note("comparison", "≤ read as a relation between things")
                    return Atom("at most", (left, right))
                case Number(value=value):
                    return Apply(str(value))
            return item

        changed: Formula = change(node)
        return changed


def _name(node: _Symbolic) -> str:
    return node.predicate if isinstance(node, Atom) else node.function


def _projected(atom: Atom, arity: int) -> Formula:
    """The atom said of something or other at the places it leaves out."""
    extra = [Variable(f"{atom.predicate}_{i}") for i in range(len(atom.args), arity)]
    formula: Formula = Atom(atom.predicate, (*atom.args, *extra))
    for variable in reversed(extra):
        formula = Exists(variable, formula)
    return formula


_Connective = And | Or | Implies | Iff | Xor


def bind_free(formula: Formula, note: Callable[[str, str], None], *, some: bool = False) -> Formula:
    """Widen the quantifiers whose variables are used outside them, and bind the rest.

    Args:
        formula: What has free variables.
        note: Takes kind and detail of each repair.
        some: What is left free stands for something, as where it is asked what can be, and not
            for everything.
    """
    free = free_variables(formula)
    if not free:
        return formula
    widened = _widen(formula)
    left = free_variables(widened)
    for variable in free:
        if variable not in left:
            note("scope", f"the quantifier of {variable.name} reaches further")
    for variable in left:
        note("free variable", f"{variable.name} stands for {'something' if some else 'everything'}")
    return close(widened, Exists if some else ForAll)


def _widen(node: Formula, bound: frozenset[Variable] = frozenset()) -> Formula:
    """Pull a quantifier over the connective beside which its variable is used free.

    What a quantifier further out binds, ``bound``, is not free.
    """
    if not isinstance(node, _Connective):
        if isinstance(node, Atom):
            return node
        inner = bound.union(bound_by(node))
        return rebuild(node, lambda child: _widen(child, inner) if _is_formula(child) else child)
    node = rebuild(node, lambda child: _widen(child, bound))
    parts = children(node)
    for i, part in enumerate(parts):
        prefix: list[tuple[Callable[[Variable, Formula], Formula], Variable]] = []
        body = part
        while isinstance(body, ForAll | Exists):
            prefix.append((type(body), body.variable))
            body = body.body
        others = {v for j, other in enumerate(parts) if j != i for v in free_variables(other)}
        if any(variable in others and variable not in bound for _, variable in prefix):
            whole = _with_part(node, i, body)
            # Another quantifier may have to reach as far.
            widened = _widen(whole, bound.union(variable for _, variable in prefix))
            # "If someone knocks, he waits" is said of everyone who knocks.
            is_condition = isinstance(node, Implies) and i == 0
            for make, variable in reversed(prefix):
                widened = (ForAll if is_condition else make)(variable, widened)
            return widened
    return node


def _is_formula(node: Node) -> bool:
    return not isinstance(node, Variable | Apply | Number)


def _with_part(node: Formula, i: int, part: Node) -> Formula:
    parts = list(children(node))
    parts[i] = part
    found = iter(parts)
    return rebuild(node, lambda _: next(found))
