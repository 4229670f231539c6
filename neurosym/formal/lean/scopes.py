"""The namespaces, sections and mutual blocks of Lean source, and what closes them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum

__all__ = ["Scope", "ScopeKind", "Scopes", "in_namespaces", "name_parts"]

_ROOT = "_root_."
_PART = re.compile(r"«[^»]*»|[^.]+")


class ScopeKind(StrEnum):
    """What an ``end`` closes."""

    NAMESPACE = "namespace"
    SECTION = "section"
    MUTUAL = "mutual"


@dataclass(frozen=True, slots=True, eq=False)
class Scope:
    """A scope that is open, with those around it.

    Attributes:
        kind: What opened it.
        name: One part of its name, else ``""``; ``namespace A.B`` opens two.
        outer: The scope around it.
    """

    kind: ScopeKind
    name: str
    outer: Scope | None = field(default=None, repr=False)

    def inside_out(self) -> list[Scope]:
        """The scope and those around it, the innermost first."""
        found: list[Scope] = []
        scope: Scope | None = self
        while scope is not None:
            found.append(scope)
            scope = scope.outer
        return found


def name_parts(name: str) -> list[str]:
    """The parts of a dotted name; a dot inside ``«…»`` parts nothing."""
    return _PART.findall(name)


def in_namespaces(name: str, scope: Scope | None) -> str:
    """A name that is declared in a scope with the namespaces around it; ``_root_`` leaves them."""
    if name.startswith(_ROOT):
        return name.removeprefix(_ROOT)
    scopes = scope.inside_out() if scope else []
    spaces = [around.name for around in scopes if around.kind is ScopeKind.NAMESPACE]
    return ".".join([*reversed(spaces), name])


class Scopes:
    """The scopes that are open, from command to command.

    Attributes:
        innermost: The innermost of them.
    """

    def __init__(self) -> None:
        self.innermost: Scope | None = None

    def open(self, kind: ScopeKind, name: str | None) -> None:
        """Open a scope, or one for each part of its name."""
        for part in name_parts(name) if name else [""]:
            self.innermost = Scope(kind, part, self.innermost)

    def close(self, name: str | None) -> bool:
        """Close the scopes that an ``end`` names, or one without a name.

        Returns:
            Whether they are the innermost ones; Lean closes nothing otherwise.
        """
        scope = self.innermost
        for part in reversed(name_parts(name) if name else [""]):
            if scope is None or scope.name != part:
                return False
            scope = scope.outer
        self.innermost = scope
        return True
