"""Theories as JSON data and back, for run logs."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from neurosym.formal.fol import syntax
from neurosym.formal.fol.signature import Enumeration, Range, Signature, SortKind, SymbolType
from neurosym.formal.fol.theory import Option, OptionTest, Repair, Statement, Theory

__all__ = ["theory_from_json", "theory_to_json"]

# A node is a list of its class's name and its fields in order.
_NODES: dict[str, type] = {
    name: getattr(syntax, name)
    for name in (
        "Variable", "Apply", "Number", "Arithmetic", "Count", "Truth", "Atom", "Equals", "Less",
        "LessEqual", "Distinct", "Not", "And", "Or", "Xor", "Implies", "Iff", "ForAll", "Exists",
    )
}  # fmt: skip


def theory_to_json(theory: Theory) -> dict[str, Any]:
    """A theory as JSON data."""
    signature = theory.signature
    return {
        "premises": [_statement(item) for item in theory.premises],
        "claim": None if theory.claim is None else _statement(theory.claim),
        "options": [
            [item.label, _node(item.formula), item.test.value, item.sentence]
            for item in theory.options
        ],
        "sorts": {name: _kind(kind) for name, kind in signature.sorts.items()},
        "functions": {name: _type(kind) for name, kind in signature.functions.items()},
        "predicates": {name: _type(kind) for name, kind in signature.predicates.items()},
        "source": theory.source,
        "repairs": [[item.kind, item.detail] for item in theory.repairs],
    }


def theory_from_json(data: dict[str, Any]) -> Theory:
    """The inverse of :func:`theory_to_json`."""
    return Theory(
        premises=tuple(Statement(_read(node), text) for node, text in data["premises"]),
        claim=None
        if data["claim"] is None
        else Statement(_read(data["claim"][0]), data["claim"][1]),
        options=tuple(
            Option(label, _read(node), OptionTest(test), text)
            for label, node, test, text in data["options"]
        ),
        signature=Signature(
            {name: _read_kind(kind) for name, kind in data["sorts"].items()},
            {name: SymbolType(tuple(a), r) for name, (a, r) in data["functions"].items()},
            {name: SymbolType(tuple(a), r) for name, (a, r) in data["predicates"].items()},
        ),
        source=data["source"],
        repairs=tuple(Repair(kind, detail) for kind, detail in data["repairs"]),
    )


def _statement(item: Statement) -> list[Any]:
    return [_node(item.formula), item.sentence]


def _kind(kind: SortKind) -> list[Any] | None:
    if isinstance(kind, Enumeration):
        return ["members", *kind.members]
    return ["values", *kind.values] if isinstance(kind, Range) else None


def _read_kind(data: list[Any] | None) -> SortKind:
    if data is None:
        return None
    return Enumeration(tuple(data[1:])) if data[0] == "members" else Range(tuple(data[1:]))


def _type(kind: SymbolType) -> list[Any]:
    return [list(kind.args), kind.result]


def _node(item: Any) -> Any:
    if isinstance(item, tuple):
        return [_node(part) for part in item]
    if isinstance(item, Fraction):
        return f"{item}"
    if isinstance(item, str | bool):
        return item
    return {"node": type(item).__name__, "parts": [_node(getattr(item, n)) for n in item.__slots__]}


def _read(data: Any) -> Any:
    if isinstance(data, list):
        return tuple(map(_read, data))
    if not isinstance(data, dict):
        return data
    make = _NODES[data["node"]]
    parts = [_read(part) for part in data["parts"]]
    return make(Fraction(parts[0])) if make is syntax.Number else make(*parts)
