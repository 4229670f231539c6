"""Whether a text follows a GBNF grammar, as llama.cpp would have it: for tests of grammars."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

__all__ = ["Grammar"]

_TOKEN = re.compile(
    r'\s*(?:(?P<literal>"(?:[^"\\]|\\.)*")|(?P<set>\[(?:[^\]\\]|\\.)*\])'
    r"|(?P<name>[a-zA-Z][\w-]*)|(?P<count>[*+?]|\{\d+(?:,\d*)?\})|(?P<sign>[()|]))"
)
_RULE = re.compile(r"^\s*([a-zA-Z][\w-]*)\s*::=", re.MULTILINE)

# A node is a literal, a set of characters, a rule's name, a sequence, a choice or a repetition.
Node = tuple[str, object]


@dataclass
class Grammar:
    """A grammar, read; refuses what llama.cpp would not understand."""

    text: str
    rules: dict[str, Node] = field(default_factory=dict)

    def __post_init__(self) -> None:
        starts = [*_RULE.finditer(self.text)]
        for match, after in zip(starts, [*starts[1:], None], strict=True):
            body = self.text[match.end() : after.start() if after else len(self.text)]
            tokens = _tokens(body)
            assert match[1] not in self.rules, f"{match[1]} is there twice"
            self.rules[match[1]] = _choice(tokens)
            assert not tokens, f"{match[1]}: {tokens}"
        for name in [item for node in self.rules.values() for item in _names(node)]:
            assert name in self.rules, f"there is no rule {name}"

    def accepts(self, text: str) -> bool:
        """Whether the grammar lets all of a text be written."""
        return len(text) in self._ends(self.rules["root"], text, 0, {})

    def _ends(
        self, node: Node, text: str, start: int, seen: dict[tuple[str, int], frozenset[int]]
    ) -> frozenset[int]:
        kind, inside = node
        match kind, inside:
            case "literal", str(word):
                return frozenset([start + len(word)] if text.startswith(word, start) else [])
            case "set", re.Pattern() as pattern:
                return frozenset([start + 1] if pattern.match(text, start) else [])
            case "name", str(name):
                if (name, start) not in seen:
                    seen[name, start] = self._ends(self.rules[name], text, start, seen)
                return seen[name, start]
            case "choice", list(parts):
                return frozenset().union(*(self._ends(part, text, start, seen) for part in parts))
            case "sequence", list(parts):
                places = frozenset([start])
                for part in parts:
                    places = self._all_ends(part, text, places, seen)
                return places
            case "repeat", (item, int(least), most):
                return self._repeated(item, least, most, text, start, seen)
        raise AssertionError(node)

    def _all_ends(
        self,
        node: Node,
        text: str,
        starts: frozenset[int],
        seen: dict[tuple[str, int], frozenset[int]],
    ) -> frozenset[int]:
        return frozenset().union(*(self._ends(node, text, place, seen) for place in starts))

    def _repeated(
        self,
        node: Node,
        least: int,
        most: int | None,
        text: str,
        start: int,
        seen: dict[tuple[str, int], frozenset[int]],
    ) -> frozenset[int]:
        places, found, count = frozenset([start]), frozenset[int](), 0
        while places and (most is None or count <= most):
            if count >= least:
                if places <= found:
                    break
                found |= places
            places = self._all_ends(node, text, places, seen)
            count += 1
        return found


def _tokens(body: str) -> list[tuple[str, str]]:
    tokens, position = [], 0
    body = body.rstrip()
    while position < len(body):
        match = _TOKEN.match(body, position)
        assert match is not None, f"not GBNF: {body[position : position + 40]!r}"
        assert match.lastgroup is not None
        tokens.append((match.lastgroup, match[match.lastgroup]))
        position = match.end()
    return tokens


def _choice(tokens: list[tuple[str, str]]) -> Node:
    parts = [_sequence(tokens)]
    while tokens and tokens[0] == ("sign", "|"):
        tokens.pop(0)
        parts.append(_sequence(tokens))
    return ("choice", parts)


def _sequence(tokens: list[tuple[str, str]]) -> Node:
    parts: list[Node] = []
    while tokens and tokens[0] not in (("sign", "|"), ("sign", ")")):
        kind, text = tokens.pop(0)
        node: Node
        if kind == "literal":
            unescaped = re.sub(
                r"\\(.)", lambda m: {"n": "\n", "t": "\t", "r": "\r"}.get(m[1], m[1]), text[1:-1]
            )
            node = ("literal", unescaped)
        elif kind == "set":
            node = ("set", re.compile(text))
        elif kind == "name":
            node = ("name", text)
        else:
            assert (kind, text) == ("sign", "("), text
            node = _choice(tokens)
            assert tokens.pop(0) == ("sign", ")")
        while tokens and tokens[0][0] == "count":
            node = ("repeat", (node, *_bounds(tokens.pop(0)[1])))
        parts.append(node)
    return ("sequence", parts)


def _bounds(count: str) -> tuple[int, int | None]:
    if count in "*+?":
        return {"*": (0, None), "+": (1, None), "?": (0, 1)}[count]
    least, comma, most = count[1:-1].partition(",")
    return int(least), int(most) if most else (None if comma else int(least))


def _names(node: Node) -> list[str]:
    kind, inside = node
    if kind == "name":
        return [str(inside)]
    if kind == "repeat":
        assert isinstance(inside, tuple)
        return _names(inside[0])
    if isinstance(inside, list):
        return [name for part in inside for name in _names(part)]
    return []
