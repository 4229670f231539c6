"""Terms of the logic, a part of Lean's own: bound variables are numbers, free ones objects.

A free variable and a metavariable carry their type with them, so that a term means the same in
whatever goal it stands. Terms are never changed; each knows its size, and none grows beyond limits.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence

from tests.backends.lean.small_prover.limits import MOST_DEPTH, MOST_SIZE, TOO_DEEP, LimitFailure

__all__ = [
    "PROP",
    "TYPE",
    "App",
    "BVar",
    "Binder",
    "Const",
    "Expr",
    "FVar",
    "Lam",
    "Lit",
    "MVar",
    "Pi",
    "Sort",
    "abstract",
    "apply",
    "arrow",
    "beta",
    "binder",
    "free_variable",
    "instantiate",
    "is_constant",
    "leaves",
    "metavariable",
    "replace_leaves",
    "spine",
]

_numbers = itertools.count(1)
_LARGEST_LITERAL = 4096  # Bits.


class Expr:
    """A term.

    Attributes:
        code: Hash of its structure; names of bound variables do not count.
        depth: Nodes to its farthest leaf.
        size: How many nodes it has.
        loose: Bit ``i`` is set if the variable that is bound ``i`` binders further out occurs.
        has_free: Whether there is a free variable in it.
        has_metas: Whether there is a metavariable in it.
    """

    __slots__ = ("code", "depth", "has_free", "has_metas", "loose", "size")

    def __init__(self, code: int, loose: int, *parts: Expr, free: bool, metas: bool) -> None:
        self.code = code
        self.loose = loose
        self.size: int = 1 + sum(part.size for part in parts)
        self.depth: int = 1 + max((part.depth for part in parts), default=0)
        self.has_free: bool = free or any(part.has_free for part in parts)
        self.has_metas: bool = metas or any(part.has_metas for part in parts)
        if self.size > MOST_SIZE or self.depth > MOST_DEPTH:
            raise LimitFailure(TOO_DEEP)

    def __hash__(self) -> int:
        return self.code

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, Expr) and _same(self, other))


class BVar(Expr):
    """A variable that is bound ``index`` binders further out than the innermost one."""

    __slots__ = ("index",)

    def __init__(self, index: int) -> None:
        self.index = index
        super().__init__(hash(("bound", index)), 1 << index, free=False, metas=False)


class FVar(Expr):
    """A free variable."""

    __slots__ = ("name", "number", "type")

    def __init__(self, number: int, name: str, type: Expr) -> None:
        self.number, self.name, self.type = number, name, type
        super().__init__(hash(("free", number)), 0, free=True, metas=False)


class MVar(Expr):
    """A term that is still to be found, of free variables in its scope."""

    __slots__ = ("name", "number", "scope", "type")

    def __init__(self, number: int, name: str, type: Expr, scope: frozenset[int]) -> None:
        self.number, self.name, self.type, self.scope = number, name, type, scope
        super().__init__(hash(("meta", number)), 0, free=False, metas=True)


class Sort(Expr):
    """``Prop`` (level 0), ``Type`` (level 1) and what these are in."""

    __slots__ = ("level",)

    def __init__(self, level: int) -> None:
        self.level = level
        super().__init__(hash(("sort", level)), 0, free=False, metas=False)


class Const(Expr):
    """Something that has a name for good."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(hash(("constant", name)), 0, free=False, metas=False)


class Lit(Expr):
    """A natural number."""

    __slots__ = ("value",)

    def __init__(self, value: int) -> None:
        if value.bit_length() > _LARGEST_LITERAL:
            raise LimitFailure(TOO_DEEP)
        self.value = value
        super().__init__(hash(("literal", value)), 0, free=False, metas=False)


class App(Expr):
    """A function of one argument."""

    __slots__ = ("arg", "fn")

    def __init__(self, fn: Expr, arg: Expr) -> None:
        self.fn, self.arg = fn, arg
        code = hash((fn.code, arg.code))
        super().__init__(code, fn.loose | arg.loose, fn, arg, free=False, metas=False)


class Binder(Expr):
    """What binds a variable in its body."""

    __slots__ = ("body", "domain", "implicit", "name")

    def __init__(self, name: str, domain: Expr, body: Expr, *, implicit: bool = False) -> None:
        self.name, self.domain, self.body, self.implicit = name, domain, body, implicit
        code = hash((type(self).__name__, domain.code, body.code))
        loose = domain.loose | (body.loose >> 1)
        super().__init__(code, loose, domain, body, free=False, metas=False)


class Lam(Binder):
    """``fun name : domain => body``."""

    __slots__ = ()


class Pi(Binder):
    """``∀ name : domain, body``, and ``domain → body`` where the variable does not occur."""

    __slots__ = ()

    @property
    def is_arrow(self) -> bool:
        """Whether its variable does not occur."""
        return not self.body.loose & 1


PROP = Sort(0)
TYPE = Sort(1)


def _same(one: Expr, other: Expr) -> bool:
    stack = [(one, other)]
    while stack:
        a, b = stack.pop()
        if a is b:
            continue
        if a.code != b.code or type(a) is not type(b):
            return False
        if isinstance(a, App) and isinstance(b, App):
            stack += [(a.fn, b.fn), (a.arg, b.arg)]
        elif isinstance(a, Binder) and isinstance(b, Binder):
            stack += [(a.domain, b.domain), (a.body, b.body)]
        elif _mark(a) != _mark(b):
            return False
    return True


def _mark(leaf: Expr) -> int | str:
    match leaf:
        case BVar():
            return leaf.index
        case FVar() | MVar():
            return leaf.number
        case Sort():
            return leaf.level
        case Lit():
            return leaf.value
        case Const():
            return leaf.name
    raise AssertionError(type(leaf))


# ---------------------------------------------------------------- making


def free_variable(name: str, type: Expr) -> FVar:
    """A variable unlike all others."""
    return FVar(next(_numbers), name, type)


def metavariable(name: str, type: Expr, scope: frozenset[int]) -> MVar:
    """A metavariable unlike all others."""
    return MVar(next(_numbers), name, type, scope)


def apply(fn: Expr | str, *args: Expr) -> Expr:
    """A function, or a constant by its name, of all its arguments, the implicit ones too."""
    found = Const(fn) if isinstance(fn, str) else fn
    for arg in args:
        found = App(found, arg)
    return found


def arrow(domain: Expr, body: Expr) -> Pi:
    """``domain → body``."""
    return Pi("a", domain, body)


def binder(kind: type[Lam] | type[Pi], variables: Sequence[FVar], body: Expr) -> Expr:
    """``∀`` or ``fun`` over free variables, the first outermost."""
    for variable in reversed(variables):
        body = kind(variable.name, variable.type, abstract(body, variable))
    return body


# ---------------------------------------------------------------- taking apart and putting together


def spine(e: Expr) -> tuple[Expr, list[Expr]]:
    """What is applied, and its arguments."""
    args: list[Expr] = []
    while isinstance(e, App):
        args.append(e.arg)
        e = e.fn
    args.reverse()
    return e, args


def is_constant(e: Expr, name: str, arity: int) -> bool:
    """Whether a term is a constant of just so many arguments."""
    head, args = spine(e)
    return isinstance(head, Const) and head.name == name and len(args) == arity


def leaves(e: Expr) -> Iterator[Expr]:
    """Its variables, metavariables, constants, sorts and numbers, each as often as it occurs."""
    stack = [e]
    while stack:
        e = stack.pop()
        if isinstance(e, App):
            stack += [e.arg, e.fn]
        elif isinstance(e, Binder):
            stack += [e.body, e.domain]
        else:
            yield e


def replace_leaves(
    e: Expr,
    wanted: Callable[[Expr, int], bool],
    leaf: Callable[[Expr, int], Expr],
) -> Expr:
    """A term with other leaves.

    Args:
        e: The term.
        wanted: Whether something is to be replaced in a subterm so many binders inside.
        leaf: What to put in the place of a leaf so many binders inside.
    """
    done: dict[tuple[int, int], Expr] = {}

    def go(e: Expr, inside: int) -> Expr:
        if not wanted(e, inside):
            return e
        key = (id(e), inside)
        if (found := done.get(key)) is not None:
            return found
        if isinstance(e, App):
            found = App(go(e.fn, inside), go(e.arg, inside))
        elif isinstance(e, Binder):
            domain, body = go(e.domain, inside), go(e.body, inside + 1)
            found = type(e)(e.name, domain, body, implicit=e.implicit)
        else:
            found = leaf(e, inside)
        done[key] = found
        return found

    return go(e, 0)


def instantiate(body: Expr, value: Expr) -> Expr:
    """The body of a binder with a term for its variable."""

    def leaf(e: Expr, inside: int) -> Expr:
        assert isinstance(e, BVar)
        return _lifted(value, inside) if e.index == inside else BVar(e.index - 1)

    return replace_leaves(body, lambda e, inside: bool(e.loose >> inside), leaf)


def _lifted(e: Expr, by: int) -> Expr:
    """A term that is put so many binders further inside."""

    def leaf(e: Expr, inside: int) -> Expr:
        assert isinstance(e, BVar)
        return BVar(e.index + by)

    if not by or not e.loose:
        return e
    return replace_leaves(e, lambda e, inside: bool(e.loose >> inside), leaf)


def abstract(e: Expr, variable: FVar) -> Expr:
    """The body of a binder whose variable a free variable of the term becomes."""

    def leaf(e: Expr, inside: int) -> Expr:
        return BVar(inside) if isinstance(e, FVar) and e.number == variable.number else e

    assert not e.loose
    return replace_leaves(e, lambda e, _: e.has_free, leaf)


def beta(fn: Expr, args: Sequence[Expr]) -> Expr:
    """A function of arguments, put into its body as far as it is a ``fun``."""
    index = 0
    while index < len(args) and isinstance(fn, Lam):
        fn = instantiate(fn.body, args[index])
        index += 1
    return apply(fn, *args[index:])
