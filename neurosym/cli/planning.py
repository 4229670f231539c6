"""``neurosym solve``, ``check`` and ``explain`` for optimization models that people bring."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from rich.console import Console
from rich.text import Text

from neurosym.backends.optimization.choice import structure_of
from neurosym.backends.optimization.findings import found_of
from neurosym.candidate import CheckState
from neurosym.checks.certified import is_close
from neurosym.cli.exits import Exit
from neurosym.cli.prove import read_text
from neurosym.cli.render import print_checks
from neurosym.cli.render_model import decision
from neurosym.errors import InputError
from neurosym.formal.optimization.certificates import TOLERANCE
from neurosym.formal.optimization.changes import apply_changes, read_change
from neurosym.formal.optimization.formats.places import Place, read_json
from neurosym.formal.optimization.formats.words import WIDTH, print_words
from neurosym.formal.optimization.instance import Instance
from neurosym.formal.optimization.kinds import kinds_of
from neurosym.formal.optimization.model import Model
from neurosym.formal.optimization.review import Note, Oddity, review
from neurosym.optimizing import SolvedModel, solve_model
from neurosym.presentation.held import Point
from neurosym.presentation.limits import Limit, limits_of
from neurosym.presentation.text import decimal_text, format_answer, printable
from neurosym.solution import Solution
from neurosym.status import Status

__all__ = [
    "run_check",
    "run_explain",
    "run_solve",
    "solved_model",
]


def run_solve(
    model: Model,
    *,
    changes: Iterable[str],
    solver: str | None,
    seconds: float,
    as_json: bool,
) -> Exit:
    """Solve a model and print the decision.

    Raises:
        InputError: A change cannot be made, the model does not hold together, or the solver cannot
            take it.
        BackendError: A solver cannot be run.
    """
    model = apply_changes(model, map(read_change, changes))
    solved = solve_model(model, solver=solver, seconds=seconds)
    outcome, found = solved.outcome, solved.found
    if as_json:
        print(json.dumps(_to_json(solved)))
    else:
        console = Console(highlight=False)
        shown = format_answer(outcome.answer) if outcome.answer is not None else "no answer"
        style = "bold green" if outcome.answer is not None else "bold yellow"
        console.print(Text(shown, style), Text(f"({outcome.status.value})", "dim"))
        if outcome.status is Status.FAILED:
            console.print(Text(printable(outcome.evidence.get("error", "")), "bold red"))
        reason = outcome.evidence.get("reason", "")
        if not reason and solved.values_are not in ("", "optimum"):
            console.print(Text(f"no optimum; {solved.values_are}:", "yellow"))
        told = found if solved.values_are else replace(found, values=())
        console.print(decision(model, told, reason))
        print_checks(
            console, (c for c in solved.checks if c.state is not CheckState.NOT_APPLICABLE)
        )
        console.print(Text(f"{found.solver}: {found.reason}; {found.seconds:.2f} s", "dim"))
    return Exit.ABSTAINED if outcome.answer is None else Exit.ANSWERED


def _to_json(solved: SolvedModel) -> dict[str, Any]:
    model, found = solved.model, solved.found
    limits = limits_of(model, found) if solved.values_are else ()
    return {
        "status": solved.status,
        "objective": _float(solved.objective),
        "values": {name: float(value) for name, value in solved.values.items()},
        "values_are": solved.values_are or None,
        "objective_there": _float(found.objective if solved.values_are else None),
        "limits": [_limit_to_json(item) for item in limits],
        "reason": solved.outcome.evidence.get("reason"),
        "error": solved.outcome.evidence.get("error"),
        "bound": found.bound,
        "multipliers": _named(model.instance.row_names, found.multipliers),
        "direction": _named(model.instance.column_names, found.direction),
        "conflict": list(found.conflict),
        "checks": {check.name: [check.state, check.detail] for check in solved.checks},
        "solver": found.solver,
        "seconds": found.seconds,
        "notes": list(found.notes),
    }


def _named(names: Sequence[str], numbers: Sequence[Fraction]) -> list[list[str]]:
    """The numbers that are not 0, exactly, each after its name; names may repeat."""
    return [[name, str(value)] for name, value in zip(names, numbers, strict=False) if value]


def _float(number: Fraction | None) -> float | None:
    return None if number is None else float(number)


def _limit_to_json(limit: Limit) -> dict[str, Any]:
    rates = limit.rates
    return {
        "name": limit.name,
        "says": limit.says,
        "slack": _float(limit.slack),
        "shadow_price": _float(limit.price),
        "shadow_prices": rates and {"less": _float(rates.less), "more": _float(rates.more)},
        "from": limit.source,
    }


def solved_model(solution: Solution) -> Model | None:
    """The model that a solution rests on, ``None`` if it rests on none."""
    chosen = solution.candidate
    known = None if chosen is None else found_of(chosen.verdict.outcome)
    return None if known is None else known[0]


def run_explain(model: Model) -> Exit:
    """Print a model in plain words, and what is odd about it.

    Raises:
        FormulationError: The model does not hold together.
    """
    console = Console(highlight=False)
    width = shutil.get_terminal_size((WIDTH, 0)).columns
    print(printable(print_words(model, width)))
    instance = model.instance
    console.print(
        Text(
            f"{structure_of(instance)}: {instance.columns} columns, "
            f"{instance.rows + len(instance.nonlinear)} rows, {len(instance.values)} entries",
            "dim",
        )
    )
    counts = Counter(kind.value for kind in kinds_of(model))
    if counts:
        told = ", ".join(f"{count} {kind}" for kind, count in counts.most_common())
        console.print(Text(f"constraints: {told}", "dim"))
    _print_notes(console, model, review(model))
    return Exit.ANSWERED


def _print_notes(console: Console, model: Model, notes: Iterable[Note]) -> None:
    for text in model.notes:
        console.print(Text(f" ! {printable(text)}", "yellow"))
    for note in notes:
        console.print(Text(f" ! {note.oddity}: {printable(note.detail)}", "yellow"))


def run_check(model: Model, solution: str | None) -> Exit:
    """Say what is odd about a model, and whether a given solution keeps to it.

    Args:
        model: The model.
        solution: A JSON file of values by the names of variables, or nothing.

    Raises:
        InputError: The solution cannot be read, or the model does not hold together.
    """
    console = Console(highlight=False)
    notes = review(model)
    _print_notes(console, model, notes)
    if solution is None:
        if any(note.oddity is Oddity.CONTRADICTION for note in notes):
            console.print(Text("nothing can keep to the model: see above", "bold yellow"))
            return Exit.ABSTAINED
        is_odd = bool(notes or model.notes)
        console.print(Text("the model holds together" + (", but see above" if is_odd else "")))
        return Exit.ANSWERED
    values, claimed = _read_solution(read_text(solution), model.instance)
    point = Point(model, values)
    faults = [f"{item.name}: {item.how}" for item in point.broken()]
    objective = point.objective()
    if objective is None:
        faults.append("the objective is not defined at this point")
    else:
        console.print(Text(f"objective {decimal_text(objective)}"))
        if claimed is not None and not is_close(objective, claimed, TOLERANCE):
            faults.append(f"the objective is said to be {decimal_text(claimed)}")
    for fault in faults:
        console.print(Text(f" ✗ {printable(fault)}"))
    if not faults:
        rounded = [f"{item.name}: {item.how}" for item in Point(model, values, 0.0).broken()]
        how = f", within {TOLERANCE:g}" if rounded else ", exactly"
        console.print(Text(f" ✓ every constraint and bound holds{how}", "green"))
        for item in rounded:
            console.print(Text(f" ! by less than that: {printable(item)}", "yellow"))
    return Exit.ABSTAINED if faults else Exit.ANSWERED


def _read_solution(text: str, instance: Instance) -> tuple[tuple[Fraction, ...], Fraction | None]:
    """Values of the variables, and the objective if it is said; what is left out is 0.

    Helping columns that are named, as in what a solver of a written-out model says, are passed
    over: what they would be follows from the rest.
    """
    data = read_json(text, "the solution", 'Give {"x": 3, "y": 4.5}.')
    if not isinstance(data, Mapping):
        raise InputError("the solution is no JSON object", hint='Give {"x": 3, "y": 4.5}.')
    given = data["values"] if isinstance(data.get("values"), Mapping) else data
    place = {name: column for column, name in enumerate(instance.column_names)}
    values = [Fraction(0)] * instance.columns
    for name, value in given.items():
        if name == "objective" and name not in place:
            continue
        if name not in place:
            raise InputError(
                f"the solution names {name}, which is no variable",
                hint=f"Variables are {', '.join(list(place)[: min(10, instance.auxiliary)])}.",
            )
        values[place[name]] = Place(value, name).number()
    said = data.get("objective")
    claimed = None if said is None else Place(said, "objective").number()
    return tuple(values[: instance.auxiliary]), claimed
