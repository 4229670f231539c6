"""The model that a PuLP program builds, taken as plain data from inside the sandbox.

What runs there is :mod:`neurosym.backends.optimization.pulp_inside`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

from neurosym.backends.base import Limits
from neurosym.backends.pool import Pool, RunProgram
from neurosym.candidate import Outcome
from neurosym.errors import FormulationError, InputError
from neurosym.formal.optimization.formats.gathering import Gathering
from neurosym.formal.optimization.formats.numerals import Limit
from neurosym.formal.optimization.formats.places import Place, read_json
from neurosym.formal.optimization.model import Model, Sense
from neurosym.formal.optimization.polynomial import Polynomial
from neurosym.formal.program import Program
from neurosym.status import Status

__all__ = ["build_model", "captured_model"]

_SENSES = {1: Sense.MINIMIZE, -1: Sense.MAXIMIZE}


async def build_model(program: Program, pool: Pool, limits: Limits) -> Model | Outcome:
    """The model that a PuLP program builds; of a program that does not get there, how it ended.

    Args:
        program: What builds it; its entry is a name that it does not use.
        pool: Where it runs.
        limits: What it may use.

    Raises:
        FormulationError: It builds no linear model with an objective.
        BackendError: The machinery broke, or cannot isolate it.
    """
    built = await pool.run(RunProgram(_capturing(program), program.entry), limits)
    if built.status is not Status.SOLVED:
        return built
    return captured_model(built.answer, program.source)


def _capturing(program: Program) -> str:
    """A program that returns the PuLP problem which another one builds."""
    inside = Path(__file__).with_name("pulp_inside.py").read_text(encoding="utf-8")
    # Under a name of its own, so that the places of errors are those in the other program.
    return (
        f"exec(compile({inside!r}, '<capture>', 'exec'))\n"
        f"{program.entry} = taker({program.source!r})\n"
    )


def captured_model(data: Any, source: str) -> Model:
    """The model of a captured problem.

    Args:
        data: What left the sandbox.
        source: The text of the program that built it.

    Raises:
        FormulationError: It is no problem of linear expressions with finite numbers, or it has no
            objective.
    """
    try:
        problem = Place(read_json("".join(data), "what was captured")).members(
            ["name", "sense", "objective", "variables", "constraints"]
        )
        gathered = Gathering()
        for place in problem["variables"].items():
            _add_variable(gathered, place.items())
        for place in problem["constraints"].items():
            _add_constraint(gathered, place.items())
        if problem["objective"].value is None:
            raise FormulationError(
                "there is no objective",
                hint="Add one to the LpProblem; 'problem += 0' if any solution will do.",
            )
        name, terms, constant = problem["objective"].items()
        return gathered.model(
            _SENSES[problem["sense"].value],
            _polynomial(gathered, terms, constant.number()),
            _name(name),
            source,
            _name(problem["name"]),
        )
    except FormulationError:
        raise
    except (InputError, KeyError, TypeError, ValueError) as error:
        raise FormulationError(
            f"the program's problem cannot be read: {error}",
            hint="Build one LpProblem of linear expressions with finite numbers.",
        ) from None


def _add_variable(gathered: Gathering, parts: Sequence[Place]) -> None:
    name, whole, lower, upper = parts
    if _name(name) in gathered.numbers:
        raise name.fault(f"{_name(name)} is declared twice")
    entry = gathered.columns[gathered.column(_name(name))]
    entry.whole = whole.value is True
    entry.lower, entry.upper = _limit(lower, -math.inf), _limit(upper, math.inf)


def _add_constraint(gathered: Gathering, parts: Sequence[Place]) -> None:
    name, terms, sense, constant = parts
    limit = -constant.number()
    gathered.add_row(
        _name(name),
        _polynomial(gathered, terms),
        -math.inf if sense.value == -1 else limit,
        math.inf if sense.value == 1 else limit,
    )


def _polynomial(gathered: Gathering, terms: Place, constant: Fraction = Fraction(0)) -> Polynomial:
    found = Polynomial(constant)
    for place in terms.items():
        column, value = place.items()
        if column.whole() >= len(gathered.columns):
            raise column.fault("there is no such variable")
        found.linear[column.whole()] = value.number()
    return found


def _limit(place: Place, none: float) -> Limit:
    return none if place.value is None or place.value == none else place.number()


def _name(place: Place) -> str:
    # Single quotes are what the modelling language puts round names.
    return place.text().replace("'", "’").replace("\n", " ")
