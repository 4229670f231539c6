"""Terms and goals as Lean shows them."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from tests.backends.lean.small_prover.expressions import (
    App,
    Binder,
    BVar,
    Const,
    Expr,
    FVar,
    Lam,
    Lit,
    MVar,
    Pi,
    Sort,
    free_variable,
    instantiate,
    leaves,
    spine,
)
from tests.backends.lean.small_prover.parser import ARROW, INFIX, MAXIMUM, NEGATED
from tests.backends.lean.small_prover.reduction import Reducer
from tests.backends.lean.small_prover.state import Goal, Local

__all__ = ["shown", "shown_goal"]

_SIGNS = {
    constant: (sign, own, left, right) for sign, (constant, own, left, right) in INFIX.items()
}
_ARGUMENT = MAXIMUM
_APPLICATION = MAXIMUM - 1
_QUANTIFIED = MAXIMUM - 1
_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")

_Text = tuple[str, int, bool]
"""A text, its precedence, and whether it goes on as far as it can, as what ``∀`` begins does."""


def shown(e: Expr, locals: Iterable[Local], reducer: Reducer) -> str:
    """A term in which no known metavariable is left.

    Args:
        e: The term.
        locals: What its free variables are called.
        reducer: Tells propositions from other types.
    """
    return _Printer(locals, reducer).text(e, 0)


def shown_goal(goal: Goal, resolved: Callable[[Expr], Expr], reducer: Reducer) -> str:
    """A goal: a line for hypotheses of the same type that follow each other, and the target.

    Args:
        goal: The goal.
        resolved: Puts what is known in the place of metavariables.
        reducer: Tells propositions from other types.
    """
    printer = _Printer(goal.locals, reducer)
    lines: list[tuple[list[str], Expr]] = []
    for local in goal.locals:
        type = resolved(local.variable.type)
        name = printer.names[local.number]
        if lines and lines[-1][1] == type:
            lines[-1][0].append(name)
        else:
            lines.append(([name], type))
    shown = [f"{' '.join(names)} : {printer.text(type, 0)}" for names, type in lines]
    return "\n".join([*shown, f"⊢ {printer.text(resolved(goal.target), 0)}"])


def _shown_names(locals: Iterable[Local]) -> dict[int, str]:
    """The name of each, with a dagger where it means nothing or something later."""
    found: dict[int, str] = {}
    meant: set[str] = set()
    daggers: dict[str, int] = {}
    for local in reversed(list(locals)):
        name = local.name
        if local.naming.hidden or name in meant:
            level = daggers.get(name, 0)
            daggers[name] = level + 1
            name += "✝" + (str(level).translate(_SUPERSCRIPTS) if level else "")
        else:
            meant.add(name)
        found[local.number] = name
    return found


class _Printer:
    def __init__(self, locals: Iterable[Local], reducer: Reducer) -> None:
        self.names = _shown_names(locals)
        self._reducer = reducer

    def text(self, e: Expr, least: int, *, followed: bool = False) -> str:
        """A term where a precedence of at least this belongs.

        Args:
            e: The term.
            least: The precedence.
            followed: Whether something comes behind it that it must not swallow.
        """
        found, precedence, greedy = self._text(e)
        return f"({found})" if precedence < least or (greedy and followed) else found

    def _text(self, e: Expr) -> _Text:
        match e:
            case FVar():
                return self.names.get(e.number, f"{e.name}✝"), MAXIMUM, False
            case MVar():
                return f"?{e.name}", MAXIMUM, False
            case Sort():
                if e.level < 2:
                    return ("Prop" if e.level == 0 else "Type"), MAXIMUM, False
                return f"Type {e.level - 1}", _APPLICATION, False
            case Lit():
                return str(e.value), MAXIMUM, False
            case BVar():
                return f"#{e.index}", MAXIMUM, False
            case Pi():
                return self._pi(e)
            case Lam():
                return self._function(e)
        return self._application(e)

    # ------------------------------------------------------------ applications

    def _application(self, e: Expr) -> _Text:
        fn, args = spine(e)
        name = fn.name if isinstance(fn, Const) else ""
        if name == "Exists" and len(args) == 2 and isinstance(args[1], Lam):
            return self._exists(e)
        args = self._explicit(name, args)
        if name in _SIGNS and len(args) == 2:
            return self._infix(name, *args)
        if name == "Not" and len(args) == 1:
            inner, precedence, greedy = self._text(args[0])
            if precedence < NEGATED:
                return f"¬({inner})", MAXIMUM, False
            return f"¬{inner}", MAXIMUM, greedy
        if name == "Nat.succ" and len(args) == 1 and not isinstance(args[0], Lit):
            return f"{self.text(args[0], _ARGUMENT, followed=True)}.succ", MAXIMUM, False
        head = name or self.text(fn, _ARGUMENT, followed=True)
        if not args:
            return head, MAXIMUM, False
        texts = [self.text(arg, _ARGUMENT, followed=True) for arg in args[:-1]]
        last, precedence, greedy = self._text(args[-1])
        wrapped = precedence < _ARGUMENT
        texts = [f"({text})" if text[0] == "¬" else text for text in texts]
        texts.append(f"({last})" if wrapped else last)
        return " ".join([head, *texts]), _APPLICATION, greedy and not wrapped

    def _explicit(self, name: str, args: list[Expr]) -> list[Expr]:
        """The arguments that are written."""
        type = self._reducer.constants.get(name)
        found: list[Expr] = []
        for arg in args:
            if not (isinstance(type, Pi) and type.implicit):
                found.append(arg)
            type = type.body if isinstance(type, Pi) else None
        return found

    def _infix(self, name: str, left: Expr, right: Expr) -> _Text:
        sign, own, on_left, on_right = _SIGNS[name]
        first = self.text(left, on_left, followed=True)
        second, precedence, greedy = self._text(right)
        wrapped = precedence < on_right
        second = f"({second})" if wrapped else second
        return f"{first} {sign} {second}", own, greedy and not wrapped

    # ------------------------------------------------------------ binders

    def _open(self, e: Binder) -> tuple[str, Expr]:
        """The name that a binder's variable is shown by, and its body."""
        taken = {
            self.names.get(leaf.number, "") for leaf in leaves(e.body) if isinstance(leaf, FVar)
        }
        name, count = e.name.rstrip("✝"), 0
        while (name if not count else f"{name}_{count}") in taken:
            count += 1
        name = f"{name}_{count}" if count else name
        variable = free_variable(name, e.domain)
        self.names[variable.number] = name
        return name, instantiate(e.body, variable)

    def _pi(self, e: Pi) -> _Text:
        if e.is_arrow and not e.implicit:
            own, on_left, on_right = ARROW
            first = self.text(e.domain, on_left, followed=True)
            _, body = self._open(e)
            second, precedence, greedy = self._text(body)
            wrapped = precedence < on_right
            second = f"({second})" if wrapped else second
            return f"{first} → {second}", own, greedy and not wrapped
        groups: list[tuple[list[str], str, bool]] = []
        rest: Expr = e
        is_statement = self._reducer.is_proposition(e)
        while isinstance(rest, Pi) and (rest.implicit or not rest.is_arrow):
            domain = self.text(rest.domain, 0)
            implicit = rest.implicit
            name, rest = self._open(rest)
            if groups and groups[-1][1:] == (domain, implicit):
                groups[-1][0].append(name)
            else:
                groups.append(([name], domain, implicit))
            if not is_statement:
                break
        binders = " ".join(
            f"{'{' if implicit else '('}{' '.join(names)} : {domain}{'}' if implicit else ')'}"
            for names, domain, implicit in groups
        )
        if is_statement:
            return f"∀ {binders}, {self.text(rest, 0)}", _QUANTIFIED, True
        return f"{binders} → {self.text(rest, ARROW[2])}", ARROW[0], False

    def _exists(self, e: Expr) -> _Text:
        names: list[str] = []
        while isinstance(e, App) and isinstance(e.arg, Lam):
            head, args = spine(e)
            if not (isinstance(head, Const) and head.name == "Exists" and len(args) == 2):
                break
            name, e = self._open(e.arg)
            names.append(name)
        return f"∃ {' '.join(names)}, {self.text(e, 0)}", _QUANTIFIED, True

    def _function(self, e: Lam) -> _Text:
        names: list[str] = []
        rest: Expr = e
        while isinstance(rest, Lam):
            name, rest = self._open(rest)
            names.append(name)
        return f"fun {' '.join(names)} => {self.text(rest, 0)}", MAXIMUM, True
