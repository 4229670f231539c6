"""Theorems about theories without numbers, for the Lean of the tests, which has no notation.

Connectives are read as Lean's own library declares them, and written as applications of what they
stand for. Binders, arrows and applications stay, since Lean has them without a library.
"""

from __future__ import annotations

import re

__all__ = ["LOGIC", "in_prefix"]

LOGIC = """\
prelude
import Tiny

universe u

structure Iff (a b : Prop) : Prop where
  intro ::
  mp : a → b
  mpr : b → a

inductive Exists {α : Sort u} (p : α → Prop) : Prop where
  | intro (w : α) (h : p w) : Exists p

class inductive Nonempty (α : Sort u) : Prop where
  | intro (val : α) : Nonempty α

"""
"""What the library of the tests lacks."""

_NAME = r"(?:«[^»]*»|[^\W\d]\w*)"
_TOKEN = re.compile(rf"\s*({_NAME}(?:\.{_NAME})*|\S)")
_CONNECTIVES = {
    "↔": (20, 21, 21, "(Iff {} {})"),
    "→": (25, 26, 25, "({} → {})"),
    "∨": (30, 31, 30, "(Or {} {})"),
    "∧": (35, 36, 35, "(And {} {})"),
    "=": (50, 51, 51, "(Eq {} {})"),
    "≠": (50, 51, 51, "(Not (Eq {} {}))"),
}
"""Level of each, those of what stands on its sides, and what it stands for."""
_BINDER = re.compile(r"    \((\S+) : (.*)\)")
_GOAL = re.compile(r"    : (.*?) := .*", re.DOTALL)


def in_prefix(text: str) -> str:
    """The file that states a theorem, in prefix notation."""
    lines = []
    for line in text.split("\n"):
        if binder := _BINDER.fullmatch(line):
            line = f"    ({binder[1]} : {_Reader(binder[2]).read()})"
        elif goal := _GOAL.fullmatch(line):
            line = f"    : {_Reader(goal[1]).read()} := {line.partition(' := ')[2]}"
        lines.append(line)
    return LOGIC + "\n".join(lines)


class _Reader:
    def __init__(self, text: str) -> None:
        self.tokens = _TOKEN.findall(text)

    def read(self) -> str:
        found = self.term(0)
        assert not self.tokens, self.tokens
        return found

    def next(self, *expected: str) -> str:
        token: str = self.tokens.pop(0)
        assert not expected or token in expected, (token, expected)
        return token

    def term(self, level: int) -> str:
        left = self.first()
        while self.tokens and self.tokens[0] in _CONNECTIVES:
            own, before, behind, form = _CONNECTIVES[self.tokens[0]]
            if own < level:
                break
            assert before > own  # or what is to its left would have to be read again
            self.next()
            left = form.format(left, self.term(behind))
            if behind > own and self.tokens and self.tokens[0] in _CONNECTIVES:
                # Neither ``a = b = c`` nor ``a ↔ b ↔ c`` is a term.
                assert _CONNECTIVES[self.tokens[0]][0] < own
        return left

    def first(self) -> str:
        token = self.next()
        if token in "∀∃":
            name = self.next()
            self.next(":")
            kind = self.term(0)
            self.next(",")
            body = self.term(0)
            return (
                f"(∀ {name} : {kind}, {body})"
                if token == "∀"
                else f"(Exists (fun ({name} : {kind}) => {body}))"
            )
        if token == "¬":
            return f"(Not {self.term(40)})"
        if token == "(":
            inner = self.term(0)
            self.next(")")
            return inner
        args = []
        while self.tokens and (self.tokens[0] == "(" or re.match(_NAME, self.tokens[0])):
            if self.tokens[0] == "(":
                args.append(self.first())
            else:
                args.append(self.next())
        return f"({' '.join([token, *args])})" if args else token
