"""NL4Opt's own declarations as models, set against the optimum that the data give."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

from benchmarks.theories import Item, read_items
from neurosym.answers.mentions import find_mentions
from neurosym.answers.optimum import OptimumComparison
from neurosym.answers.units import PERCENT
from neurosym.backends.base import Limits
from neurosym.backends.optimization.backend import OptimizationBackend
from neurosym.backends.optimization.findings import FINDINGS, MODEL, Findings
from neurosym.candidate import CheckState, Outcome
from neurosym.checks.certified import certificate_checks
from neurosym.errors import InputError
from neurosym.formal.optimization.expression import (
    ZERO,
    Comparison,
    Constant,
    Expression,
    Reference,
    add,
    multiply,
)
from neurosym.formal.optimization.language.reader import read_model
from neurosym.formal.optimization.model import (
    Constraint,
    Domain,
    Model,
    Objective,
    Relation,
    Sense,
    Variable,
)

__all__ = ["measure", "model_of"]

_COMPARISONS = {
    "LESS_OR_EQUAL": Comparison.AT_MOST,
    "GREATER_OR_EQUAL": Comparison.AT_LEAST,
}
_LESS = ("min", "decreas", "reduc", "low", "least", "few")


def measure(path: Path) -> dict[str, Any]:
    """Solve the declarations of every item, check all certificates, compare with the data."""
    return asyncio.run(_measure(read_items(path)))


async def _measure(items: list[Item]) -> dict[str, Any]:
    backend = OptimizationBackend()
    comparison = OptimumComparison()
    statuses: Counter[str] = Counter()
    checks: Counter[str] = Counter()
    wrong: list[str] = []
    unreadable: list[str] = []
    right = known = 0
    try:
        for item in items:
            try:
                model = model_of(item.extra)
            except (InputError, KeyError, ValueError) as error:
                unreadable.append(f"{item.id}: {error}")
                continue
            outcome = await backend.run(model, Limits(seconds=30))
            statuses[outcome.status] += 1
            checks.update(_checked(outcome))
            if item.label is not None:
                known += 1
                is_right = await comparison.matches(outcome.answer, item.label)
                right += is_right
                if not is_right:
                    wrong.append(f"{item.id}: {outcome.status} {outcome.answer}")
    finally:
        await backend.aclose()
    return {
        "items": len(items),
        "statuses": dict(statuses),
        "with a known optimum": known,
        "that optimum": right,
        "another": wrong,
        "unreadable": unreadable,
        "checks": dict(sorted(checks.items())),
    }


def _checked(outcome: Outcome) -> list[str]:
    """The certificate checks that apply, and what they said."""
    solved = read_model(outcome.evidence[MODEL])
    found = Findings.from_json(outcome.evidence[FINDINGS])
    return [
        f"{check.name}: {check.state}"
        for check in certificate_checks(solved.instance, found)
        if check.state is not CheckState.NOT_APPLICABLE
    ]


def model_of(extra: Mapping[str, Any]) -> Model:
    """The model that an item's declarations say, all variables whole.

    Args:
        extra: The declarations; names of variables are resolved by ``var_mention_to_first_var``.

    Raises:
        ValueError: A number cannot be read.
        KeyError: A mention belongs to no variable.
    """
    # Mentions of one variable share their first one, which not always is among the variables.
    firsts = dict.fromkeys([*extra["vars"], *extra["var_mention_to_first_var"].values()])
    order = extra["order_mapping"]
    known = {mention: f"x{place}" for mention, place in order.items()}
    variables = {known[first]: first for first in firsts if first in known}
    goal = extra["obj_declaration"]
    terms = goal["terms"] if "terms" in goal else dict.fromkeys(goal["vars"], "1")
    low = any(word in goal["direction"].lower() for word in _LESS)
    constraints = tuple(
        Constraint(f"c{number}", _relation(item, known, variables))
        for number, item in enumerate(extra["const_declarations"], start=1)
    )
    return Model(
        objective=Objective(
            Sense.MINIMIZE if low else Sense.MAXIMIZE, _weighted(terms, known), goal["name"]
        ),
        constraints=constraints,
        variables=tuple(
            Variable(name, (), Domain.INTEGER, ZERO, None, "", meaning)
            for name, meaning in variables.items()
        ),
    )


def _relation(item: Mapping[str, Any], known: Mapping[str, str], names: Iterable[str]) -> Relation:
    comparison = _COMPARISONS[item["operator"]]
    total = add(*map(Reference, names))

    def variable(key: str) -> Expression:
        return Reference(known[item[key]])

    match item["type"]:
        case "linear":
            left: Expression = _weighted(item["terms"], known)
            right: Expression = Constant(_number(item["limit"]))
        case "sum":
            left, right = total, Constant(_number(item["limit"]))
        case "upperbound" | "lowerbound":
            left, right = variable("var"), Constant(_number(item["limit"]))
        case "ratio":
            left = variable("var")
            right = multiply(Constant(_number(item["limit"])), total)
        case "xby":
            left = variable("x_var")
            right = multiply(Constant(_number(item["param"])), variable("y_var"))
        case "xy":
            left, right = variable("x_var"), variable("y_var")
        case other:
            raise ValueError(f"unknown type {other}")
    return Relation(left, comparison, right)


def _weighted(terms: Mapping[str, str], known: Mapping[str, str]) -> Expression:
    return add(
        *(
            multiply(Constant(_number(value)), Reference(known[mention]))
            for mention, value in terms.items()
        )
    )


def _number(raw: str) -> Fraction:
    """A number as the declarations write it: "60,500", "70%", "third", "twice", "three times"."""
    found = find_mentions(raw) or find_mentions(f"a {raw}")
    if not found:
        try:
            return Fraction(raw.strip())
        except ValueError:
            raise ValueError(f"{raw!r} is no number") from None
    mention = found[0]
    if mention.unit == PERCENT or raw.strip().endswith("percent"):
        return mention.amount / 100
    return mention.amount or min(mention.values)
