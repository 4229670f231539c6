"""Terms as Lean writes them, with its precedences."""

from __future__ import annotations

from tests.backends.lean.small_prover import syntax
from tests.backends.lean.small_prover.lexer import Kind, Tokens
from tests.backends.lean.small_prover.limits import MOST_NESTING, TOO_DEEP, Failure
from tests.backends.lean.small_prover.syntax import BinderGroup, Term

__all__ = ["ARROW", "INFIX", "MAXIMUM", "NEGATED", "TermParser"]

MAXIMUM = 1024
NEGATED = 40
ARROW = (25, 26, 25)
INFIX = {
    "↔": ("Iff", 20, 21, 21),
    "∨": ("Or", 30, 31, 30),
    "∧": ("And", 35, 36, 35),
    "=": ("Eq", 50, 51, 51),
    "≠": ("Ne", 50, 51, 51),
    "+": ("Nat.add", 65, 65, 66),
    "*": ("Nat.mul", 70, 70, 71),
}
"""Constant and precedence of each sign, and what stands on its left and right has at least."""
_CLOSING = {"(": ")", "{": "}", "⦃": "⦄"}
_DOT = "·"


class TermParser:
    """Reads terms from tokens.

    Raises:
        Failure: What comes is no term (from all methods).
    """

    def __init__(self, tokens: Tokens) -> None:
        self._tokens = tokens
        self._depth = 0
        self._dots: list[list[str]] = []

    def term(self, least: int = 0) -> Term:
        """The term that comes next, whose outermost sign has a precedence of at least this."""
        self._depth += 1
        if self._depth > MOST_NESTING:
            raise Failure(TOO_DEEP)
        found, precedence = self._leading()
        length = 0
        while True:
            longer = self._trailing(found, precedence, least)
            if longer is None:
                break
            found, precedence = longer
            length += 1
            if length > MOST_NESTING:
                raise Failure(TOO_DEEP)
        self._depth -= 1
        return found

    def _trailing(self, left: Term, precedence: int, least: int) -> tuple[Term, int] | None:
        tokens = self._tokens
        sign = tokens.token.text
        if tokens.at_sign("→"):
            own, on_left, on_right = ARROW
        elif tokens.at_sign(*INFIX):
            _, own, on_left, on_right = INFIX[sign]
        else:
            return None
        if own < least or precedence < on_left:
            return None
        tokens.take()
        right = self.term(on_right)
        if sign == "→":
            return syntax.Arrow(left, right), own
        return syntax.Infix(INFIX[sign][0], left, right), own

    def _leading(self) -> tuple[Term, int]:
        tokens = self._tokens
        if tokens.at_sign("∀", "∃"):
            return self._quantified(), MAXIMUM - 1
        if tokens.at_sign("fun"):
            return self._function(), MAXIMUM
        if tokens.at_sign("¬"):
            return self._negation(), MAXIMUM
        if (arrow := self._dependent_arrow()) is not None:
            return arrow, ARROW[0]
        fn = self._atom()
        if fn is None:
            raise tokens.unexpected("term")
        args: list[Term] = []
        while (arg := self._argument()) is not None:
            args.append(arg)
        if not args:
            return fn, MAXIMUM
        return syntax.Application(fn, tuple(args)), MAXIMUM - 1

    def _argument(self) -> Term | None:
        tokens = self._tokens
        if tokens.at_sign("fun"):
            return self._function()
        if tokens.at_sign("¬"):
            return self._negation()
        return self._atom()

    def _negation(self) -> Term:
        self._tokens.expect("¬")
        return syntax.Negation(self.term(NEGATED))

    # ------------------------------------------------------------ binders

    def _quantified(self) -> Term:
        kind = syntax.Forall if self._tokens.take().text == "∀" else syntax.Exists
        groups = self._groups()
        if any(group.implicit for group in groups) and kind is syntax.Exists:
            raise self._tokens.unexpected("explicit binder")
        self._tokens.expect(",")
        return kind(groups, self.term())

    def _function(self) -> Term:
        self._tokens.expect("fun")
        groups = self._groups()
        self._tokens.expect("=>")
        return syntax.Function(groups, self.term())

    def _groups(self) -> tuple[BinderGroup, ...]:
        """``x y (z : α)``, or ``x y : α``."""
        groups: list[BinderGroup] = []
        while True:
            if self._tokens.token.kind is Kind.NAME:
                groups.append(BinderGroup((self._tokens.name(),), None))
            elif self._tokens.at_sign(*_CLOSING):
                groups.append(self.bracketed())
            else:
                break
        if self._tokens.at_sign(":") and all(group.type is None for group in groups):
            self._tokens.take()
            names = tuple(name for group in groups for name in group.names)
            groups = [BinderGroup(names, self.term())] if names else []
        if not groups:
            raise self._tokens.unexpected("binder")
        return tuple(groups)

    def bracketed(self) -> BinderGroup:
        """A group of binders in brackets."""
        opening = self._tokens.take().text
        names = [self._tokens.name()]
        while self._tokens.token.kind is Kind.NAME:
            names.append(self._tokens.name())
        type = None
        if self._tokens.skip(":"):
            type = self.term()
        elif opening == "(":
            raise self._tokens.unexpected("':'")
        self._tokens.expect(_CLOSING[opening])
        return BinderGroup(tuple(names), type, opening != "(")

    def _dependent_arrow(self) -> Term | None:
        """``(x : α) → p`` if that comes next."""
        if not self._tokens.at_sign(*_CLOSING):
            return None
        index = 1
        while self._tokens.ahead(index).kind is Kind.NAME:
            index += 1
        if index == 1 or self._tokens.ahead(index).text != ":":
            return None
        depth, index = 1, index + 1
        while depth and (token := self._tokens.ahead(index)).kind is not Kind.END:
            depth += (token.text in ("(", "{", "⦃")) - (token.text in (")", "}", "⦄"))
            index += 1
        if self._tokens.ahead(index).text != "→":
            return None
        group = self.bracketed()
        self._tokens.expect("→")
        return syntax.Forall((group,), self.term(ARROW[2]))

    # ------------------------------------------------------------ atoms

    def _atom(self) -> Term | None:
        found = self._bare_atom()
        while found is not None and self._tokens.token.kind is Kind.FIELD:
            for name in self._tokens.take().text.split("."):
                found = syntax.Field(found, name)
        return found

    def _bare_atom(self) -> Term | None:
        tokens = self._tokens
        token = tokens.token
        if token.kind is Kind.NAME:
            tokens.take()
            return syntax.Placeholder() if token.text == "_" else syntax.Name(token.text)
        if token.kind is Kind.NUMBER:
            return syntax.Number(int(tokens.take().text))
        if tokens.at_sign("Prop", "Type"):
            return syntax.SortWord(0 if tokens.take().text == "Prop" else 1)
        if tokens.skip("?_"):
            return syntax.NewGoal()
        if tokens.at_sign(_DOT) and self._dots:
            tokens.take()
            self._dots[-1].append(f"x{len(self._dots[-1]) + 1}✝")
            return syntax.Name(self._dots[-1][-1])
        if tokens.at_sign("@") and tokens.ahead(1).kind is Kind.NAME:
            tokens.take()
            return syntax.Name(tokens.take().text, explicit=True)
        if tokens.at_sign(".") and tokens.ahead(1).kind is Kind.NAME:
            tokens.take()
            return syntax.DottedName(tokens.take().text)
        if tokens.at_sign("("):
            return self._parenthesized()
        if tokens.at_sign("⟨"):
            return self._anonymous()
        return None

    def _parenthesized(self) -> Term:
        """``(t)``, ``(t : T)``, or ``(f · x)``."""
        self._tokens.expect("(")
        self._dots.append([])
        found = self.term()
        dots = self._dots.pop()
        if dots:
            found = syntax.Function((BinderGroup(tuple(dots), None),), found)
        if self._tokens.skip(":"):
            found = syntax.Ascription(found, self.term())
        self._tokens.expect(")")
        return found

    def _anonymous(self) -> Term:
        self._tokens.expect("⟨")
        parts: list[Term] = []
        while not self._tokens.at_sign("⟩"):
            parts.append(self.term())
            if not self._tokens.skip(","):
                break
        self._tokens.expect("⟩")
        return syntax.Anonymous(tuple(parts))
