r"""Models as LaTeX for a paper: an ``align*`` environment of the package amsmath.

What is given comes first, then the objective, the constraints with ``\forall``, and the domains of
the variables.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise

from neurosym.formal.optimization.expression import ZERO, Binding, Condition
from neurosym.formal.optimization.formats.latex_terms import (
    LatexTerms,
    latex_binding,
    latex_condition,
    latex_label,
    latex_name,
    latex_number,
    latex_words,
    subscript,
)
from neurosym.formal.optimization.model import (
    Constraint,
    Domain,
    IndexSet,
    Model,
    Parameter,
    Relation,
    Variable,
)

__all__ = ["print_latex"]

_MOST_LISTED = 8
"""Most elements or values that are listed; of more, a few are."""
_LONG = 140
"""Characters of source from which a sum goes on lines of its own."""


def print_latex(model: Model) -> str:
    """A model as an ``align*`` environment; it needs the packages amsmath and amssymb."""
    terms = LatexTerms(_free_letter(model))
    rows = [*_listed("sets", map(_set, model.sets))]
    rows += _listed("parameters", map(_parameter, model.parameters))
    objective = model.objective
    words = _about(objective.meaning, objective.unit)
    direction = rf"\{objective.sense.value[:3]}"
    rows.append(_row(rf"{direction}\quad", _lines(terms.terms(objective.expression)), words=words))
    said = [_constraint(item, terms) for item in model.constraints]
    said += [_variable(item, terms) for item in model.variables]
    rows += _listed("s.t.", said)
    # Bounds of variables are written by now, and so all functions are known.
    rows += _listed(
        "where", (_function(terms.piecewise_name(k), p) for k, p in enumerate(terms.pieces))
    )
    body = " \\\\\n".join(f"  {row}" for row in rows)
    return f"\\begin{{align*}}\n{body}\n\\end{{align*}}\n"


def _free_letter(model: Model) -> str:
    """A letter for functions that nothing in the model has."""
    names = {
        *(item.name for item in model.sets),
        *(item.name for item in model.parameters),
        *(item.name for item in model.variables),
    }
    free = (letter for letter in "fghuvFGHUV" if letter not in names)
    return next(free, r"\mathfrak{f}")


def _row(start: str, math: str, quantifier: str = "", words: str = "") -> str:
    """A row of three columns: what it is, what is said, and of what or in which words."""
    ending = quantifier
    if words:
        ending += rf"{chr(92) + 'quad' if quantifier else ''}\text{{{words}}}"
    return f"{start} & {math}" + (f" && {ending}" if ending else "")


def _listed(
    title: str, rows: Iterator[tuple[str, str, str]] | Sequence[tuple[str, str, str]]
) -> Iterator[str]:
    for number, row in enumerate(rows):
        yield _row("" if number else rf"\text{{{title}}}\quad", *row)


def _lines(parts: Sequence[str]) -> str:
    """Terms on one line, or on several if they are many."""
    lines: list[str] = []
    for part in parts:
        if lines and len(lines[-1]) + len(part) < _LONG:
            lines[-1] += f" {part}"
        else:
            lines.append(part)
    return " \\\\\n  & \\quad ".join(lines)


def _about(meaning: str, unit: str) -> str:
    shown = latex_words(meaning)
    if unit:
        shown = f"{shown} ({latex_words(unit)})" if shown else f"in {latex_words(unit)}"
    return shown


# ---------------------------------------------------------------- what is given


def _set(item: IndexSet) -> tuple[str, str, str]:
    elements = [
        latex_label(element[0])
        if len(element) == 1
        else f"({', '.join(map(latex_label, element))})"
        for element in item.elements
    ]
    if len(elements) > _MOST_LISTED:
        elements = [*elements[: _MOST_LISTED - 2], r"\dots", elements[-1]]
    inside = f" {', '.join(elements)} "
    return rf"{latex_name(item.name)} = \{{{inside}\}}", "", latex_words(item.meaning)


def _parameter(item: Parameter) -> tuple[str, str, str]:
    name, about = latex_name(item.name), _about(item.meaning, item.unit)
    if len(item.values) > _MOST_LISTED:
        over = r" \times ".join(map(latex_name, item.over))
        return rf"{name} \in \mathbb{{R}}^{{{over}}}", "", about
    given = [
        f"{subscript(name, map(latex_label, key))} = {latex_number(value)}"
        for key, value in item.values.items()
    ]
    return _lines([*(f"{one}," for one in given[:-1]), *given[-1:]]) or name, "", about


def _function(name: str, points: Sequence[tuple[Fraction, Fraction]]) -> tuple[str, str, str]:
    """A function by cases, one for each piece."""
    cases = []
    for (x, y), (further, above) in pairwise(points):
        slope = (above - y) / (further - x)
        moved = "z" if not x else f"(z {'-' if x > 0 else '+'} {latex_number(abs(x))})"
        value = latex_number(y) if y or not slope else ""
        if slope:
            sign = "-" if slope < 0 else "+" if value else ""
            size = "" if abs(slope) == 1 else rf"{latex_number(abs(slope))} \, "
            value = f"{value} {sign} {size}{moved}".strip()
        limits = rf"{latex_number(x)} \le z \le {latex_number(further)}"
        cases.append(rf"{value} & \text{{if }} {limits}")
    body = r" \\ ".join(cases)
    return rf"{name}(z) = \begin{{cases}} {body} \end{{cases}}", "", ""


# ---------------------------------------------------------------- what is said


def _quantifier(bindings: Sequence[Binding], conditions: Sequence[Condition]) -> str:
    if not bindings:
        return ""
    over = r",\; ".join(map(latex_binding, bindings))
    wanted = rf" \,:\, {', '.join(map(latex_condition, conditions))}" if conditions else ""
    return rf"\forall {over}{wanted}"


def _constraint(item: Constraint, terms: LatexTerms) -> tuple[str, str, str]:
    claim = item.claim
    parts = terms.relation(claim) if isinstance(claim, Relation) else [terms.claim(claim)]
    return _lines(parts), _quantifier(item.over, item.conditions), ""


def _variable(item: Variable, terms: LatexTerms) -> tuple[str, str, str]:
    """The domain of a variable."""
    indices = [latex_name(name) for binding in item.over for name in binding.names]
    name = subscript(latex_name(item.name), indices)
    lower = "" if item.lower is None else terms.text(item.lower)
    upper = "" if item.upper is None else terms.text(item.upper)
    whole = item.domain is Domain.INTEGER
    said = []
    if lower and upper:
        said.append(rf"{lower} \le {name} \le {upper}")
    elif upper:
        said.append(rf"{name} \le {upper}")
    elif lower and not (whole and item.lower == ZERO):
        said.append(rf"{name} \ge {lower}")
    if item.domain is Domain.BINARY:
        said.append(rf"{name} \in \{{0, 1\}}")
    elif whole and not said:
        said.append(rf"{name} \in \mathbb{{Z}}" + (r"_{\ge 0}" if lower else ""))
    elif whole:
        said.append(rf"{name} \in \mathbb{{Z}}")
    elif not said:
        said.append(rf"{name} \in \mathbb{{R}}")
    math = r",\; ".join(said)
    return math, _quantifier(item.over, ()), _about(item.meaning, item.unit)
