"""Models as Python programs for PuLP that a person can read, run and change.

Elements stay as they are said: sets are lists, parameters and variables dictionaries, sums
``lpSum``. What PuLP has no word for (logic, pieces, strict inequalities) is written as the rows of
the model's instance, with its helping variables.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import product
from typing import Any

from neurosym.errors import InexpressibleError
from neurosym.formal.optimization.expression import Binding, Comparison
from neurosym.formal.optimization.formats.pulp_terms import (
    PythonTerms,
    formatted,
    key_text,
    literal,
    number_text,
)
from neurosym.formal.optimization.formats.texts import one_line
from neurosym.formal.optimization.model import (
    Constraint,
    Domain,
    IndexSet,
    Model,
    Parameter,
    Relation,
    Sense,
    Variable,
)

__all__ = ["print_pulp"]

_WIDTH = 100
_AS_THEY_ARE = (Comparison.AT_MOST, Comparison.EQUAL, Comparison.AT_LEAST)
# PuLP writes these as underscores, in names of variables and of constraints.
_PLAIN = str.maketrans("-+[] >/", "_______")


def print_pulp(model: Model) -> str:
    """A model as a program that builds it with PuLP, solves it by CBC and prints what it found.

    Raises:
        InexpressibleError: It is not linear.
        FormulationError: Its elements do not hold together.
    """
    instance = model.instance
    if not instance.is_linear:
        where = instance.nonlinear[0].name if instance.nonlinear else "the objective"
        raise InexpressibleError(
            f"PuLP takes linear models only, and {where} is not linear",
            hint="Print it as model or json, or write what is not linear by pieces.",
        )
    return "\n".join(_Program(model).lines()) + "\n"


def _comment(text: str, indent: str = "") -> list[str]:
    """A comment of as many lines as it takes; none for nothing."""
    return textwrap.wrap(
        one_line(text), _WIDTH, initial_indent=f"{indent}# ", subsequent_indent=f"{indent}# "
    )


def _described(*parts: str) -> str:
    return "  # " + ", ".join(filter(None, map(one_line, parts))) if any(parts) else ""


def _packed(parts: Iterable[str], indent: str) -> list[str]:
    """Parts side by side on as many lines as they take."""
    lines: list[str] = []
    for part in parts:
        if lines and len(lines[-1]) + 1 + len(part) <= _WIDTH:
            lines[-1] += f" {part}"
        else:
            lines.append(indent + part)
    return lines


def _data(name: str, items: Sequence[str], brackets: str, words: str) -> list[str]:
    """A list or dictionary given a name, on one line if there is room."""
    line = f"{name} = {brackets[0]}{', '.join(items)}{brackets[1]}{words}"
    if len(line) <= _WIDTH:
        return [line]
    packed = _packed([f"{item}," for item in items], "    ")
    return [*_comment(words.strip("# ")), f"{name} = {brackets[0]}", *packed, brackets[1]]


class _Program:
    def __init__(self, model: Model) -> None:
        self.model = model
        self.instance = model.instance
        self.terms = PythonTerms(model)
        self.sets = {item.name: item for item in model.sets}
        names = [name.translate(_PLAIN) for name in self.instance.column_names]
        self.numbered = len(set(names)) < len(names) or "__dummy" in names
        self.rows: dict[int, list[int]] = {}
        for row, origin in enumerate(self.instance.row_origin.tolist()):
            self.rows.setdefault(origin, []).append(row)
        self.named = self._names_are_unique()
        self.columns = list(self._columns())
        self.contradictory = set(self._contradictory())

    def lines(self) -> list[str]:
        """The program."""
        # What the body uses is known once it is written.
        body = [
            *self._section("Sets", [line for item in self.model.sets for line in self._set(item)]),
            *self._section(
                "Parameters", [x for item in self.model.parameters for x in self._parameter(item)]
            ),
            *self._section(
                "What is decided",
                [x for item in self.model.variables for x in self._variable(item)],
            ),
            *self._helpers(),
            *self._objective(),
            *(
                line
                for k, item in enumerate(self.model.constraints)
                for line in self._said(k, item)
            ),
            *self._rows_of(-1, "pieces of the objective"),
            *self._contradictions(),
            *self._end(),
        ]
        return [*self._head(), *body]

    def _section(self, title: str, lines: list[str]) -> list[str]:
        return ["", f"# {title}", *lines] if lines else []

    def _head(self) -> list[str]:
        sense = "LpMaximize" if self.model.objective.sense is Sense.MAXIMIZE else "LpMinimize"
        imports = [
            *(["import math"] if self.terms.needs_math else []),
            *(["from itertools import count"] if self.numbered else []),
        ]
        used = f"{sense}, LpProblem, LpStatus, LpVariable, PULP_CBC_CMD, lpSum, value"
        name = one_line(self.model.name).translate(_PLAIN) or "model"
        return [
            *_comment(f"The model {self.model.name} for PuLP (pip install pulp)."),
            *(line for note in self.instance.notes for line in _comment(note)),
            *imports,
            *([""] if imports else []),
            f"from pulp import {used}",
            "",
            f"problem = LpProblem({literal(name)}, {sense})",
            *(["number = count(1)  # PuLP would take some names for the same"] * self.numbered),
        ]

    # ------------------------------------------------------------ what is given and decided

    def _set(self, item: IndexSet) -> list[str]:
        elements = [key_text(list(map(literal, element))) for element in item.elements]
        return _data(self.terms.sets[item.name], elements, "[]", _described(item.meaning))

    def _parameter(self, item: Parameter) -> list[str]:
        name, words = self.terms.parameters[item.name], _described(item.meaning, item.unit)
        if not item.over:
            return [f"{name} = {number_text(item.values[()])}{words}"]
        entries = [
            f"{key_text(list(map(literal, key)))}: {number_text(value)}"
            for key, value in item.values.items()
        ]
        return _data(name, entries, "{}", words)

    def _variable(self, item: Variable) -> list[str]:
        name = self.terms.variables[item.name]
        indices = self._indices(item.over)
        label = 'f"x{next(number)}"' if self.numbered else formatted(item.name, indices)
        made = f"LpVariable({', '.join([label, *self._limits(item)])})"
        about = _described(item.meaning, item.unit)
        if not item.over:
            line = f"{name} = {made}"
            if len(line + about) <= _WIDTH:
                return [line + about]
            return [*_comment(about.strip("# ")), line]
        line = f"{name} = {{{key_text(indices)}: {made} {self.terms.loops(item.over)}}}"
        about_lines = _comment(about.strip("# "))
        if len(line) <= _WIDTH:
            return [*about_lines, line]
        loops = [f"    {self.terms.loop(binding)}" for binding in item.over]
        return [*about_lines, f"{name} = {{", f"    {key_text(indices)}: {made}", *loops, "}"]

    def _indices(self, bindings: Iterable[Binding]) -> list[str]:
        return [self.terms.bound(name) for binding in bindings for name in binding.names]

    def _limits(self, item: Variable) -> list[str]:
        """The bounds and the kind of a variable, as ``LpVariable`` takes them."""
        given = {}
        for key, limit in (("lowBound", item.lower), ("upBound", item.upper)):
            if limit is None:
                continue
            if not self.terms.is_plain(limit):
                raise InexpressibleError(
                    f"a bound of {item.name} cannot be written in Python",
                    hint="Use a parameter in place of an index that is no decimal number.",
                )
            given[key] = self.terms.text(limit)
        kind = item.domain.value.capitalize()
        if item.name in self.contradictory:
            return [] if item.domain is Domain.CONTINUOUS else ['cat="Integer"']
        if item.domain is Domain.BINARY and given:
            # PuLP would forget the bounds.
            given = {
                "lowBound": f"max(0, {given.get('lowBound', '0')})",
                "upBound": f"min(1, {given.get('upBound', '1')})",
            }
            kind = "Integer"
        ending = [] if item.domain is Domain.CONTINUOUS else [f'cat="{kind}"']
        return [*(f"{key}={text}" for key, text in given.items()), *ending]

    def _columns(self) -> Iterator[str]:
        """What each column of the instance is called in the program."""
        for item in self.model.variables:
            name = self.terms.variables[item.name]
            over = [self.sets[binding.over].elements for binding in item.over]
            for combination in product(*over):
                key = ", ".join(literal(part) for element in combination for part in element)
                yield f"{name}[{key}]" if item.over else name
        for number in range(self.instance.auxiliary, self.instance.columns):
            yield f"helper[{number}]"

    def _helpers(self) -> list[str]:
        numbers = range(self.instance.auxiliary, self.instance.columns)
        if not numbers:
            return []
        lines = [
            "",
            "# Further variables, by which logic and pieces are written as rows",
            "helper = {",
        ]
        for number in numbers:
            name = self.instance.column_names[number]
            label = 'f"x{next(number)}"' if self.numbered else literal(name)
            kind = ', cat="Integer"' if self.instance.integer[number] else ""
            lines.append(f"    {number}: LpVariable({label}, lowBound=0, upBound=1{kind}),")
        return [*lines, "}"]

    # ------------------------------------------------------------ what is said

    def _statement(
        self, terms: Sequence[str], ending: str, name: str, indent: str = ""
    ) -> list[str]:
        """One addition to the problem, on as many lines as it takes."""
        label = f", {name}" if name else ""
        pieces = [*terms, ending] if ending else terms
        line = f"{indent}problem += {' '.join(pieces)}{label}"
        if len(line) <= _WIDTH:
            return [line]
        inside = _packed(pieces, f"{indent}    ")
        return [f"{indent}problem += (", *inside, f"{indent}){label}"]

    def _objective(self) -> list[str]:
        item = self.model.objective
        if self.terms.is_plain(item.expression):
            terms = self.terms.terms(item.expression)
            if not self.terms.has_variable(item.expression):
                terms = [f"lpSum([{' '.join(terms)}])"]
        else:
            costs = list(enumerate(self.instance.cost.tolist()))
            terms = self._linear([pair for pair in costs if pair[1]], self.instance.offset)
        about = ", ".join(filter(None, [f"{item.sense.capitalize()} {item.name}", item.meaning]))
        unit = f" ({item.unit})" if item.unit else ""
        name = literal(item.name) if self.named else ""
        return ["", *_comment(about + unit), *self._statement(terms, "", name)]

    def _linear(self, entries: Iterable[tuple[int, Any]], constant: Any = Fraction(0)) -> list[str]:
        """The terms of a linear expression of columns."""
        found: list[str] = []
        for column, value in entries:
            size = "" if abs(value) == 1 else f"{number_text(abs(value))} * "
            sign = ("- " if found else "-") if value < 0 else "+ " * bool(found)
            found.append(f"{sign}{size}{self.columns[column]}")
        if not found:
            return [f"lpSum([{number_text(constant)}])"]
        if constant:
            found.append(f"{'-' if constant < 0 else '+'} {number_text(abs(constant))}")
        return found

    def _is_direct(self, item: Constraint) -> bool:
        """Whether PuLP can take a constraint as it is said."""
        claim = item.claim
        if not isinstance(claim, Relation) or claim.comparison not in _AS_THEY_ARE:
            return False
        with self.terms.inside(item.over):
            return (
                self.terms.are_plain(item.conditions)
                and self.terms.is_plain(claim.left)
                and self.terms.is_plain(claim.right)
            )

    def _said(self, number: int, item: Constraint) -> list[str]:
        """The lines of one constraint."""
        about = [] if item.sentence is None else [f"sentence {item.sentence}"]
        words = f"{item.name}{f' ({about[0]})' if about else ''}"
        lines = ["", *_comment(f"{words}: {item.source}" if item.source else words)]
        claim = item.claim
        if not (isinstance(claim, Relation) and self._is_direct(item)):
            return [*lines, *self._rows_of(number, "")]
        with self.terms.inside(item.over):
            return [*lines, *self._looped(item, claim)]

    def _looped(self, item: Constraint, claim: Relation) -> list[str]:
        """A comparison within the loops over its indices."""
        lines: list[str] = []
        indent = ""
        for binding in item.over:
            lines.append(f"{indent}{self.terms.loop(binding)}:")
            indent += "    "
        wanted = self.terms.condition(item.conditions)
        if wanted:
            lines.append(f"{indent}if {wanted}:")
            indent += "    "
        left = self.terms.terms(claim.left)
        if not (self.terms.has_variable(claim.left) or self.terms.has_variable(claim.right)):
            left = [f"lpSum([{' '.join(left)}])"]  # PuLP takes no comparison of bare numbers
        sign = "==" if claim.comparison is Comparison.EQUAL else claim.comparison.value
        ending = f"{sign} {self.terms.text(claim.right)}"
        name = formatted(item.name, self._indices(item.over)) if self.named else ""
        return [*lines, *self._statement(left, ending, name, indent)]

    def _rows_of(self, number: int, title: str) -> list[str]:
        """What a constraint says as the rows of the instance, with the numbers filled in."""
        lines = ["", f"# {title}"] if title and number in self.rows else []
        instance = self.instance
        for count, row in enumerate(self.rows.get(number, []), start=1):
            terms = self._linear(instance.entries(row))
            lower, upper = instance.row_lower[row], instance.row_upper[row]
            name = f"{instance.row_names[row]} {count}"
            limits = [("==", lower)] if lower == upper else [(">=", lower), ("<=", upper)]
            limits = [(sign, limit) for sign, limit in limits if math.isfinite(limit)]
            for sign, limit in limits:
                label = literal(name) if self.named and len(limits) == 1 else ""
                lines += self._statement(terms, f"{sign} {number_text(limit)}", label)
        return lines

    def _names_are_unique(self) -> bool:
        """Whether PuLP would tell all constraints apart by their names."""
        names = [self.model.objective.name]
        for origin, rows in self.rows.items():
            direct = origin >= 0 and self._is_direct(self.model.constraints[origin])
            for count, row in enumerate(rows, start=1):
                name = self.instance.row_names[row]
                names.append(name if direct else f"{name} {count}")
        plain = [name.translate(_PLAIN) for name in names]
        # It calls what has no name _C1, _C2, and so on.
        clear = not any(name.startswith("_C") or not name for name in plain)
        return clear and len(set(plain)) == len(plain)

    def _blocks(self) -> Iterator[tuple[Variable, range]]:
        """Each variable with the numbers of its columns."""
        first = 0
        for item in self.model.variables:
            size = math.prod(len(self.sets[binding.over].elements) for binding in item.over)
            yield item, range(first, first + size)
            first += size

    def _contradictory(self) -> Iterator[str]:
        """Variables some of whose bounds leave no value."""
        empty = self.instance.lower > self.instance.upper
        for item, columns in self._blocks():
            if empty[columns.start : columns.stop].any():
                yield item.name

    def _contradictions(self) -> list[str]:
        """Bounds that leave no value, as rows: as bounds, CBC would fail or even mistake them."""
        lines: list[str] = []
        for item, columns in self._blocks():
            for column in columns if item.name in self.contradictory else ():
                limits = ((">=", self.instance.lower), ("<=", self.instance.upper))
                lines += [
                    f"problem += {self.columns[column]} {sign} {number_text(limit[column])}"
                    for sign, limit in limits
                    if math.isfinite(limit[column])
                ]
        return ["", "# Bounds that leave no value", *lines] if lines else []

    # ------------------------------------------------------------ what comes of it

    def _end(self) -> list[str]:
        # Of an objective without variables PuLP does not tell the value.
        costs = self.instance.cost.any()
        found = "value(problem.objective)" if costs else number_text(self.instance.offset)
        lines = [
            "",
            "problem.solve(PULP_CBC_CMD(msg=False))",
            'print("status:", LpStatus[problem.status])',
            f'print("objective:", {found})',
        ]
        for item in self.model.variables:
            name, indices, indent = self.terms.variables[item.name], self._indices(item.over), ""
            for binding in item.over:
                lines.append(f"{indent}{self.terms.loop(binding)}:")
                indent += "    "
            shown = f"{name}[{', '.join(indices)}]" if indices else name
            label = formatted(item.name, indices)
            lines.append(f'{indent}print({label[:-1]} =", value({shown}))')
        return lines
