"""Functions and their arguments, the written ones and the implicit ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.backends.lean.small_prover import syntax
from tests.backends.lean.small_prover.expressions import (
    App,
    Const,
    Expr,
    MVar,
    Pi,
    instantiate,
    metavariable,
    spine,
)
from tests.backends.lean.small_prover.limits import Failure
from tests.backends.lean.small_prover.printer import shown
from tests.backends.lean.small_prover.state import Local
from tests.backends.lean.small_prover.syntax import Term
from tests.backends.lean.small_prover.unifier import Unifier

__all__ = ["Applications"]

_PROJECTIONS = {
    ("And", "1"): "left",
    ("And", "2"): "right",
    ("Iff", "1"): "mp",
    ("Iff", "2"): "mpr",
}


@dataclass(slots=True)
class _Call:
    """A function that gets its arguments one by one."""

    fn: Expr
    type: Expr
    late: list[tuple[MVar, Term]] = field(default_factory=list)
    """Arguments that wait for others to tell their types."""

    def give(self, arg: Expr) -> None:
        assert isinstance(self.type, Pi)
        self.fn, self.type = App(self.fn, arg), instantiate(self.type.body, arg)


class Applications:
    """The part of the elaborator that knows what functions do.

    Attributes:
        unifier: Finds what is left out.
        locals: The variables and hypotheses that names can mean, the last first.
    """

    def __init__(self, unifier: Unifier, locals: Sequence[Local]) -> None:
        self.unifier = unifier
        self.locals = list(locals)

    def term(self, term: Term, expected: Expr | None = None) -> Expr:
        """A term, of the type that is expected of it."""
        raise NotImplementedError

    def shown(self, e: Expr) -> str:
        """A term as its user reads it."""
        return shown(self.unifier.resolved(e), self.locals, self.unifier)

    def unknown(self, name: str, type: Expr) -> MVar:
        """Something to be found, of what there is here."""
        scope = frozenset(local.number for local in self.locals)
        return metavariable(name, self.unifier.resolved(type), scope)

    def fit(self, found: Expr, expected: Expr) -> None:
        """See to it that a term has a type.

        Raises:
            Failure: It has another.
        """
        type = self.unifier.infer(found)
        if not self.unifier.unify(type, expected):
            raise Failure(
                f"Type mismatch\n  {self.shown(found)}\nhas type\n  {self.shown(type)}\n"
                f"but is expected to have type\n  {self.shown(expected)}"
            )

    # ------------------------------------------------------------ what is applied

    def application(self, fn: Term, args: Sequence[Term], expected: Expr | None) -> Expr:
        """A function of the arguments that are written."""
        match fn:
            case syntax.Name():
                base, fields = self._resolve(fn.text)
                if not fields and fn.explicit:
                    return self._applied(base, list(args), expected, implicit=False)
                if not fields:
                    return self._applied(base, list(args), expected)
                for name in fields[:-1]:
                    base = self._projected(base, name, [], None)
                return self._projected(base, fields[-1], list(args), expected)
            case syntax.Field():
                return self._projected(self.term(fn.term), fn.name, list(args), expected)
            case syntax.DottedName():
                return self._applied(self._in_namespace(fn.text, expected), list(args), expected)
        return self._applied(self.term(fn), list(args), expected)

    def _resolve(self, text: str) -> tuple[Expr, list[str]]:
        """What a name means, and the fields behind it."""
        parts = text.split(".")
        for local in reversed(self.locals):
            if local.name == parts[0] and not local.naming.hidden:
                return local.variable, parts[1:]
        for count in range(len(parts), 0, -1):
            name = ".".join(parts[:count])
            if name in self.unifier.constants:
                return Const(name), parts[count:]
        raise Failure(f"Unknown {'constant' if '.' in text else 'identifier'} `{text}`")

    def _in_namespace(self, text: str, expected: Expr | None) -> Expr:
        head = None if expected is None else spine(self.unifier.whnf(expected))[0]
        if not isinstance(head, Const):
            raise Failure(
                f"Invalid dotted identifier notation: The expected type of `.{text}` "
                "could not be determined"
            )
        name = f"{head.name}.{text}"
        if name not in self.unifier.constants:
            raise Failure(f"Unknown constant `{name}`")
        return Const(name)

    def _projected(self, base: Expr, name: str, args: list[Term], expected: Expr | None) -> Expr:
        """``base.name`` of arguments."""
        type = self.unifier.head(self.unifier.infer(base))
        while isinstance(head := spine(type)[0], Const):
            full = f"{head.name}.{_PROJECTIONS.get((head.name, name), name)}"
            if full in self.unifier.constants:
                place = self._place(full, head.name)
                if place is not None and place <= len(args):
                    args = [*args[:place], syntax.Elaborated(base), *args[place:]]
                    return self._applied(Const(full), args, expected)
            reduced = self.unifier.whnf(type)
            if reduced == type:
                break
            type = reduced
        raise Failure(
            f"Invalid field `{name}`: The environment does not contain such a function "
            f"for\n  {self.shown(base)}\nof type\n  {self.shown(type)}"
        )

    def _place(self, full: str, owner: str) -> int | None:
        """How many arguments are written before the first whose type is the owner's."""
        type, count = self.unifier.constants[full], 0
        while isinstance(type, Pi):
            if not type.implicit:
                head = spine(type.domain)[0]
                if isinstance(head, Const) and head.name == owner:
                    return count
                count += 1
            type = type.body
        return None

    # ------------------------------------------------------------ arguments

    def _applied(
        self, fn: Expr, args: list[Term], expected: Expr | None, *, implicit: bool = True
    ) -> Expr:
        """A function of arguments; implicit ones are found, if they are not written."""
        call = _Call(fn, self.unifier.infer(fn))
        waiting = list(args)
        is_told = expected is None or not implicit
        while True:
            call.type = self._as_function(call.type, needed=bool(waiting))
            if implicit and isinstance(call.type, Pi) and call.type.implicit:
                call.give(self.unknown(call.type.name, call.type.domain))
                continue
            if not waiting:
                break
            if not isinstance(call.type, Pi):
                raise Failure(
                    f"Function expected at\n  {self.shown(call.fn)}\nbut this term has type\n"
                    f"  {self.shown(call.type)}"
                )
            if not is_told and expected is not None:
                is_told = True
                self._tell(call.type, len(waiting), expected)
            self._give(call, waiting.pop(0))
        self._give_late(call, expected)
        return call.fn

    def _as_function(self, type: Expr, *, needed: bool) -> Expr:
        type = self.unifier.head(type)
        if needed and not isinstance(type, Pi):
            reduced = self.unifier.whnf(type)
            return reduced if isinstance(reduced, Pi) else type
        return type

    def _tell(self, type: Expr, count: int, expected: Expr) -> None:
        """Let what is expected of the result tell what arguments are, where it can."""
        for _ in range(count):
            if not isinstance(type, Pi) or type.implicit:
                return
            type = type.body
        if not type.loose and not (isinstance(type, Pi) and type.implicit):
            self.unifier.unify(type, expected)

    def _give(self, call: _Call, arg: Term) -> None:
        assert isinstance(call.type, Pi)
        if self._has_to_wait(arg, call.type.domain):
            meta = self.unknown(call.type.name, call.type.domain)
            call.late.append((meta, arg))
            call.give(meta)
        else:
            call.give(self.term(arg, call.type.domain))

    def _has_to_wait(self, arg: Term, domain: Expr) -> bool:
        """Whether it is not known yet what an argument needs to be known of its type."""
        if not isinstance(arg, syntax.Function | syntax.Anonymous | syntax.DottedName):
            return False
        domain = self.unifier.whnf(domain)
        if isinstance(spine(domain)[0], MVar):
            return True
        if isinstance(arg, syntax.Function) and isinstance(domain, Pi):
            return isinstance(spine(self.unifier.head(domain.domain))[0], MVar)
        return False

    def _give_late(self, call: _Call, expected: Expr | None) -> None:
        if call.late and expected is not None:
            self.unifier.unify(call.type, expected)
        for meta, arg in call.late:
            value = self.term(arg, self.unifier.resolved(meta.type))
            if meta.number in self.unifier.values:
                if not self.unifier.unify(meta, value):
                    raise Failure(f"Type mismatch: `{self.shown(value)}` is another term")
            elif any(inner.number == meta.number for inner in self.unifier.unknown(value)):
                raise Failure("occurs check failed")
            else:
                self.unifier.assign(meta, value)
