"""What was written, before it has a meaning."""

from __future__ import annotations

from dataclasses import dataclass

from tests.backends.lean.small_prover.expressions import Expr

__all__ = [
    "Anonymous",
    "Application",
    "Arrow",
    "Ascription",
    "BinderGroup",
    "DottedName",
    "Elaborated",
    "Exists",
    "Field",
    "Forall",
    "Function",
    "Infix",
    "Name",
    "Negation",
    "NewGoal",
    "Number",
    "Placeholder",
    "SortWord",
    "Term",
]


@dataclass(frozen=True, slots=True)
class Name:
    """``h``, ``And.intro`` or ``h.symm``; ``explicit`` behind ``@``."""

    text: str
    explicit: bool = False


@dataclass(frozen=True, slots=True)
class DottedName:
    """``.inl``, whose namespace the expected type tells."""

    text: str


@dataclass(frozen=True, slots=True)
class Number:
    """``42``."""

    value: int


@dataclass(frozen=True, slots=True)
class SortWord:
    """``Prop`` or ``Type``."""

    level: int


@dataclass(frozen=True, slots=True)
class Placeholder:
    """``_``: what fits."""


@dataclass(frozen=True, slots=True)
class NewGoal:
    """``?_``: what is proved later."""


@dataclass(frozen=True, slots=True)
class Application:
    """``f x y``."""

    fn: Term
    args: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Field:
    """``(h x).symm`` or ``h.1``."""

    term: Term
    name: str


@dataclass(frozen=True, slots=True)
class Anonymous:
    """``⟨a, b⟩``."""

    parts: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Ascription:
    """``(t : T)``."""

    term: Term
    type: Term


@dataclass(frozen=True, slots=True)
class Negation:
    """``¬p``."""

    term: Term


@dataclass(frozen=True, slots=True)
class Infix:
    """``p ∧ q``, ``n + m`` and the like, by the constant that the sign stands for."""

    constant: str
    left: Term
    right: Term


@dataclass(frozen=True, slots=True)
class Arrow:
    """``p → q``."""

    left: Term
    right: Term


@dataclass(frozen=True, slots=True)
class BinderGroup:
    """``(x y : α)``, ``{x : α}`` or ``x y``."""

    names: tuple[str, ...]
    type: Term | None
    implicit: bool = False


@dataclass(frozen=True, slots=True)
class Forall:
    """``∀ x y : α, p``."""

    groups: tuple[BinderGroup, ...]
    body: Term


@dataclass(frozen=True, slots=True)
class Exists:
    """``∃ x y : α, p``."""

    groups: tuple[BinderGroup, ...]
    body: Term


@dataclass(frozen=True, slots=True)
class Function:
    """``fun x (y : α) => t``."""

    groups: tuple[BinderGroup, ...]
    body: Term


@dataclass(frozen=True, slots=True, eq=False)
class Elaborated:
    """A term that has its meaning already."""

    expr: Expr


Term = (
    Name
    | DottedName
    | Number
    | SortWord
    | Placeholder
    | NewGoal
    | Application
    | Field
    | Anonymous
    | Ascription
    | Negation
    | Infix
    | Arrow
    | Forall
    | Exists
    | Function
    | Elaborated
)
