"""A grammar for the next tactic: what a goal lets one write at all.

It keeps a small model to what is at hand: hypotheses by their names, new names that hide none,
steps that fit the form of the target, case splits of what has cases. What it lets through need not
prove anything; Lean says that.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from neurosym.formal.lean.goals import (
    Goal,
    Hypothesis,
    conclusion,
    outermost,
    read_goal,
    split_proposition,
)
from neurosym.translators.gbnf import alternatives, any_of, quoted

__all__ = ["tactic_grammar"]

_MOST_HYPOTHESES = 40
"""Hypotheses that are used, the last ones: there are goals with thousands."""
_NEW = (
    "h", "hp", "hq", "hr", "hs", "hn", "hx", "hy", "hk", "h1", "h2", "h3", "h4", "x", "y", "z", "n",
    "m", "k", "w", "a", "b", "f", "g", "ih", "e",
)  # fmt: skip
"""New names to choose from."""
_DAGGER = "✝"
_UNIVERSES = ("Type", "Sort")
_SPLIT = frozenset({"∧", "∨", "∃", "↔"})
_PROPOSITIONAL = frozenset({"True", "False"})
_DATA = frozenset({
    "Nat", "Int", "Rat", "Real", "Bool", "List", "Array", "String", "Char", "Fin", "Option",
    "Finset", "Set", "Multiset", "Unit", "ℕ", "ℤ", "ℚ", "ℝ", "ℂ", "Complex", "Prod", "Sum", "Sigma",
    "Fintype", "Polynomial", "Matrix", "Function",
})  # fmt: skip
"""Types of things, by the names that they begin with."""
_CONSTANTS = (
    "Or.inl", "Or.inr", "And.intro", "Iff.intro", "Eq.symm", "congrArg", "absurd", "False.elim",
    "rfl", "trivial", "id", "Classical.em", "Classical.byContradiction", "funext", "propext",
)  # fmt: skip
_OF_NATURALS = tuple(
    f"Nat.{name}"
    for name in (
        "succ", "succ.inj", "succ_ne_zero", "add_comm", "add_assoc", "add_zero", "zero_add",
        "add_succ", "succ_add", "mul_comm", "mul_assoc", "mul_zero", "zero_mul", "mul_one",
        "one_mul", "mul_succ", "succ_mul", "mul_add", "add_mul", "le_refl", "le_trans", "lt_irrefl",
        "le_of_lt", "sub_self",
    )
)  # fmt: skip


def tactic_grammar(goal: str, premises: Iterable[str] = (), *, is_open: bool = False) -> str | None:
    """GBNF for one tactic that a goal lets one write.

    Args:
        goal: What is to be proved first, as Lean shows it.
        premises: Names of premises that may be used beside the hypotheses.
        is_open: Whether any other word may begin a tactic too, as libraries have their own.

    Returns:
        ``None`` for what is no goal.
    """
    read = read_goal(goal)
    if read is None:
        return None
    hypotheses = read.hypotheses[-_MOST_HYPOTHESES:]
    return _Rules(Goal(hypotheses, read.target), tuple(dict.fromkeys(premises)), is_open).text()


@dataclass(frozen=True)
class _Rules:
    goal: Goal
    premises: tuple[str, ...]
    is_open: bool

    def text(self) -> str:
        rules = [f"root ::= {any_of(self._tactics())}", *self._terms()]
        return "\n".join(rules) + "\n"

    # ------------------------------------------------------------ what is at hand

    @cached_property
    def named(self) -> tuple[Hypothesis, ...]:
        """The hypotheses that can be written, of those with one name the last."""
        found = {item.name: item for item in self.goal.hypotheses if _DAGGER not in item.name}
        return tuple(found.values())

    @cached_property
    def propositions(self) -> tuple[str, ...]:
        """Variables for propositions."""
        return tuple(item.name for item in self.named if item.type == "Prop")

    @cached_property
    def predicates(self) -> tuple[str, ...]:
        """Variables for what is said of things."""
        return tuple(
            item.name for item in self.named if conclusion(item.type) == "Prop" != item.type
        )

    @cached_property
    def proofs(self) -> tuple[Hypothesis, ...]:
        """Hypotheses that prove something."""
        return tuple(item for item in self.named if self._proves(item))

    @cached_property
    def things(self) -> tuple[Hypothesis, ...]:
        """Variables for things and functions."""
        told = {*self.propositions, *self.predicates, *(item.name for item in self.proofs)}
        return tuple(
            item
            for item in self.named
            if item.name not in told and not item.type.startswith(_UNIVERSES)
        )

    def _proves(self, item: Hypothesis) -> bool:
        said = conclusion(item.type)
        if outermost(said):
            return True
        match = re.match(r"\(*@?([^\W\d][\w.'✝]*)", said)
        head = match[1] if match else ""
        if head in {*self.propositions, *self.predicates, *_PROPOSITIONAL}:
            return True
        sorts = {other.name for other in self.named if other.type.startswith(_UNIVERSES)}
        is_sort = head in {"Prop", *_UNIVERSES, *_DATA, *sorts} or head.split(".")[0] in _DATA
        return not is_sort and item.name.startswith("h")

    @cached_property
    def has_numbers(self) -> bool:
        """Whether natural numbers are spoken of."""
        said = (self.goal.target, *(item.type for item in self.goal.hypotheses))
        return any(re.search(r"\bNat\b|ℕ|\d", text) for text in said)

    @cached_property
    def new(self) -> tuple[str, ...]:
        """Names that nothing has yet, those of the target's own variables first."""
        said = [self.goal.target, *(item.type for item in self.named if "∃" in item.type)]
        bound = re.findall(r"[∀∃] \(?([^\W\d][\w' ]*?)(?: :|,| ∈)", " ".join(said))
        taken = {item.name for item in self.goal.hypotheses}
        wanted = [*(name for group in bound for name in group.split()), *_NEW]
        return tuple(name for name in dict.fromkeys(wanted) if name not in taken)

    # ------------------------------------------------------------ tactics

    def _tactics(self) -> Iterator[str]:
        yield from self._for_target()
        yield '"exact " term | "apply " term | "exfalso"'
        yield from self._with_hypotheses()
        if self.is_open:
            yield r'[a-z] [a-z_0-9!?]{1,15} (" " [^\n]{1,80})?'

    def _for_target(self) -> Iterator[str]:
        """Steps for the form of the target."""
        form = outermost(self.goal.target)
        head = re.match(r"[\w.']*", self.goal.target)
        is_atom = head is not None and head[0] in (*self.propositions, *self.predicates, "False")
        is_defined = not form and not is_atom  # it may unfold into anything
        if form in ("∀", "→", "¬", "≠") or is_defined:
            yield '"intro" (" " new){1,6}'
        if form in ("∧", "↔"):
            yield '"constructor"'
        elif form == "∨":
            yield '"left" | "right"'
        elif form == "∃":
            yield '"exists " thing | "refine ⟨" item (", " item){0,2} ", ?_⟩"'
        elif form == "=":
            yield '"symm"'
        if form in ("∧", "∃", "↔") or is_defined:
            yield '"exact " tuple'
        if self._equations:
            at = ' (" at " proof)?' if self.proofs else ""
            yield f'("rw" | "simp") " [" rule (", " rule){{0,2}} "]"{at}'

    def _with_hypotheses(self) -> Iterator[str]:
        """Steps that take hypotheses apart, or add some."""
        if self.propositions:
            yield '"rcases Classical.em " said " with " new " | " new'
        for item in self.proofs:
            said = conclusion(item.type)
            if outermost(said) in _SPLIT and split_proposition(said):
                given = " argument{1,2}" if said != item.type else ""
                yield f'"rcases {item.name}"{given} " with " {self._pattern(said)}'
        if counted := [item.name for item in self.things if self._is_counted(item)]:
            yield f'("induction " | "cases ") ({alternatives(counted)})'
        if self.proofs:
            yield '"have " new " := " term'
        if any(_DAGGER in item.name for item in self.goal.hypotheses):
            yield '"rename_i" (" " new){1,4}'

    @cached_property
    def _equations(self) -> tuple[str, ...]:
        """What may be rewritten by."""
        equal = [item for item in self.proofs if outermost(conclusion(item.type)) in ("=", "↔")]
        of_numbers = _OF_NATURALS[3:] if self.has_numbers else ()
        return (*(item.name for item in equal), *self.premises, *of_numbers)

    @staticmethod
    def _is_counted(item: Hypothesis) -> bool:
        """Whether a variable is of a type that may be one of several forms."""
        return item.type.split()[0] in _DATA and "→" not in item.type

    # ------------------------------------------------------------ terms

    def _terms(self) -> Iterator[str]:
        constants = [*_CONSTANTS, *self.premises]
        if self.has_numbers:
            constants += _OF_NATURALS
        heads = [self._head(item) for item in self.proofs]
        yield f"new ::= {alternatives(self.new)}"
        if heads:
            yield f"proof ::= {alternatives(item.name for item in self.proofs)}"
        yield f"head ::= {any_of([*heads, alternatives(dict.fromkeys(constants))])}"
        yield "term ::= head argument{0,3} | lambda | applied"
        yield 'applied ::= "(" head argument{1,3} ")" (".1" | ".2" | ".left" | ".right" | ".symm")'
        yield 'lambda ::= "fun" (" " new){1,3} " => " (head | new) (argument | " " new){0,3}'
        yield f'argument ::= " " ({any_of(self._arguments(heads))})'
        yield f"thing ::= {any_of(self._things())}"
        yield f"said ::= {any_of([*map(quoted, self.propositions), *self._saying()])}"
        yield f"item ::= {any_of(['term', 'thing', 'tuple', *self._applied()])}"
        yield 'tuple ::= "⟨" item (", " item){1,3} "⟩"'
        if self._equations:
            yield f'rule ::= "← "? ({alternatives(self._equations)}) (" " thing){{0,2}}'

    def _head(self, item: Hypothesis) -> str:
        """A hypothesis, and what may be taken of it."""
        parts = []
        if "∧" in item.type:
            parts.append('(".left" | ".right" | ".1" | ".2"){1,3}')
        if "↔" in item.type:
            parts.append('(".mp" | ".mpr")')
        if outermost(conclusion(item.type)) in ("=", "↔"):
            parts.append('".symm"')
        return f"{quoted(item.name)} ({any_of(parts)})?" if parts else quoted(item.name)

    def _arguments(self, heads: Sequence[str]) -> Iterator[str]:
        yield "thing"
        yield from heads
        yield '"rfl" | "(" (term | lambda) ")" | tuple'

    def _things(self) -> Iterator[str]:
        yield '"_"'
        yield from (quoted(item.name) for item in self.things)
        yield from map(quoted, (*self.propositions, *self.predicates))
        if self.has_numbers:
            yield '[0-9] [0-9]? | "Nat.succ"'
        yield from (f'"(" {applied} ")"' for applied in self._applied())

    def _applied(self) -> Iterator[str]:
        """Things made of things."""
        functions = [item.name for item in self.things if "→" in item.type]
        if functions:
            yield f'({alternatives(functions)}) (" " thing){{1,2}}'
        if self.has_numbers:
            yield 'thing (" + " | " * ") thing'

    def _saying(self) -> Iterator[str]:
        for name in self.predicates:
            yield f'"({name}" (" " thing){{1,2}} ")"'
        if not (self.propositions or self.predicates):
            yield '"True"'

    # ------------------------------------------------------------ patterns

    def _pattern(self, said: str, depth: int = 3) -> str:
        """How what is said may be taken apart: into as many cases and parts as it has."""
        form, parts = outermost(said), split_proposition(said)
        if form == "∃":
            return f'"⟨" new ", " {self._part(parts[0], depth)} "⟩"'
        left, right = (self._part(part, depth) for part in parts)
        return f'{left} " | " {right}' if form == "∨" else f'"⟨" {left} ", " {right} "⟩"'

    def _part(self, said: str, depth: int) -> str:
        """A new name, or what is inside of it."""
        if outermost(said) not in _SPLIT or not split_proposition(said) or depth < 2:
            return "new"
        return f"(new | {self._pattern(said, depth - 1)})"
