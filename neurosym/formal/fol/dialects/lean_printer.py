"""Formulas as Lean 4 propositions, and how names are spelled there."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from functools import lru_cache
from typing import TypeAlias

from neurosym.errors import InexpressibleError
from neurosym.formal.fol.signature import Enumeration, Range, Signature, sort_of
from neurosym.formal.fol.syntax import (
    ENTITY,
    INTEGER,
    REAL,
    And,
    Apply,
    Arithmetic,
    Atom,
    Count,
    Distinct,
    Equals,
    Exists,
    ForAll,
    Formula,
    Iff,
    Implies,
    Less,
    LessEqual,
    Not,
    Number,
    Or,
    Term,
    Truth,
    Variable,
    Xor,
)
from neurosym.formal.lean.policy import objections
from neurosym.formal.lean.source import read_source
from neurosym.formal.lean.words import RESERVED_COMMANDS

__all__ = ["Names", "Printer", "identifier"]

# fmt: off
_KEYWORDS = frozenset({
    "Prop", "Sort", "Type", "abbrev", "add_decl_doc", "at", "attribute", "axiom", "break", "by",
    "calc", "catch", "class", "coinductive", "collapsed", "continue", "dbg_trace",
    "decreasing_by", "def", "deriving", "do", "docs_to_verso", "elab", "elab_rules", "else",
    "end", "example", "exists", "export", "extends", "finally", "for", "forall", "from", "fun",
    "grind_pattern", "have", "hiding", "idbg", "if", "import", "in", "include", "inductive",
    "infix", "infixl", "infixr", "init_grind_norm", "init_quot", "initialize", "instance",
    "leading_parser", "let", "let_delayed", "let_expr", "let_fun", "let_tmp", "local", "macro",
    "macro_rules", "match", "match_expr", "meta", "module", "monotonicity_by", "mut", "mutual",
    "namespace", "no_index", "nofun", "nomatch", "noncomputable", "nonrec", "notation", "obtain",
    "omit", "opaque", "open", "partial", "postfix", "prefix", "private", "protected", "public",
    "rec", "recall", "renaming", "repeat", "return", "scoped", "section", "set_option", "show",
    "show_term_elab", "sorry", "structure", "suffices", "syntax", "tactic_alt", "tactic_name",
    "tactic_tag", "termination_by", "then", "theorem", "throw", "trailing_parser", "trigger",
    "try", "universe", "unless", "unlock_limits", "unsafe", "until", "using", "variable", "where",
    "while", "with",
})
_USED = ("Int", "Rat", "List", "Nonempty", "True", "False", "claim", "decide")
"""Names that statements use for what they mean in Lean."""
_GENERATED = frozenset({
    "rec", "recOn", "casesOn", "noConfusion", "noConfusionType", "toCtorIdx", "ctorIdx", "ctorElim",
    "ctorElimType", "below", "brecOn", "binductionOn", "sizeOf", "match_1",
})
"""Names that every inductive type takes for itself."""
# fmt: on
_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_]*", re.ASCII)
_UNQUOTABLE = re.compile(r"[«»\x00-\x1f\x7f]")
_NUMBERED = re.compile(r"(premise|typing|option)_\d+")


def identifier(name: str) -> str:
    """A name as Lean has it, between guillemets where it needs them.

    Raises:
        InexpressibleError: It is empty or holds a guillemet or control character.
    """
    if _PLAIN.fullmatch(name) and not _is_taken(name):
        return name
    if not name or _UNQUOTABLE.search(name):
        raise InexpressibleError(
            f"Lean has no way to write the name {name!r}", hint="Give the symbol another name."
        )
    return f"«{name}»"


@lru_cache(maxsize=1024)
def _is_taken(name: str) -> bool:
    """Whether Lean, a library, or the policy for proofs takes a word for more than a name."""
    if name in _KEYWORDS or name in RESERVED_COMMANDS:
        return True
    return bool(objections(read_source(f"theorem t ({name} : Prop) : {name} := ?_"), ()))


class Names:
    """Gives each sort and symbol of a signature a name of its own; Lean has one space for all."""

    def __init__(self, signature: Signature) -> None:
        self.signature = signature
        self.members = signature.members()
        self.taken: set[str] = set(_USED)
        self._sorts = {sort: self._new(sort) for sort in (ENTITY, *signature.sorts)}
        self._functions = {name: self._new(name) for name in signature.functions}
        self._predicates = {name: self._new(name) for name in signature.predicates}
        self._ranks = {sort: self._new(f"rank_{sort}") for sort in signature.sorts}

    def _new(self, name: str) -> str:
        free = self.free(name)
        self.taken.add(free)
        return identifier(free)

    def free(self, name: str) -> str:
        """The name, or one made of it, that nothing has."""
        stem, number = name, 0
        while name in self.taken or _NUMBERED.fullmatch(name):
            number += 1
            name = f"{stem}_v{number}"
        return name

    def sort(self, sort: str) -> str:
        """The type of a sort, or the predicate of a range."""
        return self._sorts[sort]

    def type_of(self, sort: str) -> str:
        """The type that values of a sort have."""
        if sort == REAL:
            return "Rat"
        if sort == INTEGER or isinstance(self.signature.sorts.get(sort), Range):
            return "Int"
        return self._sorts[sort]

    def function(self, name: str) -> str:
        """A function, constant, or member of an enumeration."""
        if name in self.members:
            return f"{self._sorts[self.members[name]]}.{self.constructor(name)}"
        return self._functions[name]

    def constructor(self, member: str) -> str:
        """A member of an enumeration within its type."""
        return identifier(f"{member}_v1" if member in _GENERATED else member)

    def predicate(self, name: str) -> str:
        """A predicate."""
        return self._predicates[name]

    def rank(self, sort: str) -> str:
        """The function that gives the place of a member in an enumeration."""
        return self._ranks[sort]

    def sort_of(self, term: Term) -> str:
        """The sort of a term."""
        return sort_of(term, self.signature)


_Scope: TypeAlias = Mapping[Variable, str]
_SIGNS: dict[type, str] = {Iff: "↔", Implies: "→", And: "∧", Or: "∨", Less: "<", LessEqual: "≤"}


class Printer:
    """Writes formulas over the names of a signature."""

    def __init__(self, names: Names) -> None:
        self.names = names

    def formula(self, node: Formula, scope: _Scope | None = None) -> str:
        """A formula, to stand where nothing binds around it."""
        scope = scope or {}
        match node:
            case And(parts=parts) | Or(parts=parts):
                return f" {_SIGNS[type(node)]} ".join([self.unit(part, scope) for part in parts])
            case Implies(left=left, right=right) | Iff(left=left, right=right):
                return f"{self.unit(left, scope)} {_SIGNS[type(node)]} {self.unit(right, scope)}"
            case ForAll() | Exists():
                return self._quantified(node, scope)
            case Equals(left=one, right=other):
                return self._related(one, "=", other, scope)
            case Not(body=Equals(left=one, right=other)):
                return self._related(one, "≠", other, scope)
            case Less(left=one, right=other) | LessEqual(left=one, right=other):
                return self._compared(one, _SIGNS[type(node)], other, scope)
            case Distinct(terms=terms):
                return " ∧ ".join(
                    self._related(one, "≠", other, scope)
                    for i, one in enumerate(terms)
                    for other in terms[i + 1 :]
                )
            case Xor(left=left, right=right):
                return f"¬ ({self.unit(left, scope)} ↔ {self.unit(right, scope)})"
        return self.unit(node, scope)

    def unit(self, node: Formula, scope: _Scope | None = None) -> str:
        """A formula, to stand beside any connective."""
        scope = scope or {}
        match node:
            case Atom(predicate=name, args=args):
                sorts = self.names.signature.predicates[name].args
                return self._application(self.names.predicate(name), args, sorts, scope)
            case Truth(value=value):
                return "True" if value else "False"
            case Not(body=body) if not isinstance(body, Equals):
                return f"¬ {self.unit(body, scope)}"
        return f"({self.formula(node, scope)})"

    def _bind(self, variable: Variable, scope: _Scope) -> tuple[str, _Scope]:
        """Spell a variable so that it hides nothing."""
        name = stem = self.names.free(variable.name)
        number = 0
        while identifier(name) in scope.values() or name in self.names.taken:
            number += 1
            name = f"{stem}_v{number}"
        return identifier(name), {**scope, variable: identifier(name)}

    def _quantified(self, node: ForAll | Exists, scope: _Scope) -> str:
        text, inner = self._bind(node.variable, scope)
        sort = node.variable.sort
        sign, link = ("∀", "→") if isinstance(node, ForAll) else ("∃", "∧")
        body = self.formula(node.body, inner)
        if isinstance(self.names.signature.sorts.get(sort), Range):
            guard = f"{self.names.sort(sort)} {text}"
            body = f"{guard} {link} {self.unit(node.body, inner)}"
        return f"{sign} {text} : {self.names.type_of(sort)}, {body}"

    def _related(self, left: Term, sign: str, right: Term, scope: _Scope) -> str:
        texts = [self.term(left, scope), self.term(right, scope)]
        if not (self._has_type(left) or self._has_type(right)):
            # Lean would take bare numerals for natural numbers.
            is_real = REAL in (self.names.sort_of(left), self.names.sort_of(right))
            texts[0] = f"({texts[0]} : {'Rat' if is_real else 'Int'})"
        return f"{texts[0]} {sign} {texts[1]}"

    def _compared(self, left: Term, sign: str, right: Term, scope: _Scope) -> str:
        sorts = [self.names.sort_of(left), self.names.sort_of(right)]
        listed = [isinstance(self.names.signature.sorts.get(sort), Enumeration) for sort in sorts]
        if not any(listed):
            return self._related(left, sign, right, scope)
        if not all(listed):
            raise InexpressibleError(
                "a member of a list is compared with a number",
                hint="Compare members of one list, or numbers.",
            )
        one, other = (
            f"{self.names.rank(sort)} {self._argument(term, scope)}"
            for sort, term in zip(sorts, (left, right), strict=True)
        )
        return f"{one} {sign} {other}"

    def _has_type(self, term: Term) -> bool:
        if isinstance(term, Arithmetic):
            return self._has_type(term.left) or self._has_type(term.right)
        return not isinstance(term, Number)

    def term(self, node: Term, scope: _Scope) -> str:
        """A term, to stand beside a relation."""
        match node:
            case Variable(name=name):
                return scope.get(node) or identifier(name)
            case Apply(function=name, args=args):
                declared = self.names.signature.functions.get(name)
                sorts = declared.args if declared is not None else ()
                return self._application(self.names.function(name), args, sorts, scope)
            case Number(value=value):
                return _number(value)
            case Arithmetic(operator=operator, left=left, right=right):
                return f"{self._operand(left, scope)} {operator} {self._operand(right, scope)}"
            case Count():
                return self._count(node, scope)

    def _operand(self, term: Term, scope: _Scope) -> str:
        text = self.term(term, scope)
        return f"({text})" if isinstance(term, Arithmetic) else text

    def _application(
        self, head: str, args: tuple[Term, ...], sorts: tuple[str, ...], scope: _Scope
    ) -> str:
        texts = []
        for arg, sort in zip(args, sorts, strict=True):
            own = self.names.sort_of(arg)
            if sort == REAL != own and self._has_type(arg):
                texts.append(f"({self.term(arg, scope)} : Rat)")
            elif own == REAL != sort:
                raise InexpressibleError(
                    f"Lean has no whole number that {self.term(arg, scope)} would be",
                    hint=f"Declare the argument of {head} as {REAL}.",
                )
            else:
                texts.append(self._argument(arg, scope))
        return " ".join([head, *texts])

    def _argument(self, term: Term, scope: _Scope) -> str:
        text = self.term(term, scope)
        is_one_word = isinstance(term, Variable) or (isinstance(term, Apply) and not term.args)
        is_closed = is_one_word or text.isdigit()
        is_closed = is_closed or (text[0] == "(" and not isinstance(term, Arithmetic))
        return text if is_closed else f"({text})"

    def _count(self, node: Count, scope: _Scope) -> str:
        text = ""
        for variable in node.variables:
            name, scope = self._bind(variable, scope)
            is_last = variable is node.variables[-1]
            members = self._members(variable.sort)
            if is_last:
                text += (
                    f"{members}.filter (fun {name} => decide ({self.formula(node.body, scope)}))"
                )
            else:
                text += f"{members}.flatMap (fun {name} => "
        return f"(({text}{')' * (len(node.variables) - 1)}).length : Int)"

    def _members(self, sort: str) -> str:
        kind = self.names.signature.sorts.get(sort)
        if isinstance(kind, Enumeration):
            members = ", ".join(map(self.names.function, kind.members))
            return f"([{members}] : List {self.names.sort(sort)})"
        if isinstance(kind, Range):
            return f"([{', '.join(map(str, kind.values))}] : List Int)"
        raise InexpressibleError(
            f"what is counted is of sort {sort}, whose members are not listed",
            hint=f"List the members of {sort}.",
        )


def _number(value: Fraction) -> str:
    if value.denominator != 1:
        return f"({value.numerator} / {value.denominator} : Rat)"
    return str(value.numerator) if value >= 0 else f"({value.numerator})"
