"""From options to a solver."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from neurosym.backends.optimization.solvers import SolverName
from neurosym.backends.provers import ProverName
from neurosym.budget import Budget, Prices
from neurosym.errors import OptionError
from neurosym.solver import Solver
from neurosym.strategies.spec import read_strategy
from neurosym.translators.fol import MAX_SHOTS as LOGIC_SHOTS
from neurosym.translators.formats import ClaimFormat
from neurosym.translators.logic import logic_translator
from neurosym.translators.python import PythonTranslator

__all__ = ["build_solver", "engine_options", "read_prices"]


def engine_options(name: str, model: str | None, threads: int | None) -> dict[str, Any]:
    """What a solver is given to have the engine of a name.

    The embedded one is left to the solver to start, so that what cannot be solved is named before
    weights are loaded.

    Raises:
        OptionError: There is none of that name, or it needs a model named.
        ModelError: The recorded samples cannot be read.
    """
    if name == "llamacpp":
        return {"model": model, "threads": threads}
    if name != "replay":
        raise OptionError(
            f"unknown engine {name!r}", hint="The engines are 'llamacpp' and 'replay'."
        )
    from neurosym.engines.replay import ReplayEngine

    if model is None:
        raise OptionError(
            "the engine 'replay' needs recorded samples", hint="Name their file with --model."
        )
    return {"engine": ReplayEngine(model)}


def read_prices(text: str | None) -> Prices | None:
    """The prices of a million tokens of prompts and of completions, as ``0.15,0.6``.

    Raises:
        OptionError: It says something else.
    """
    if text is None:
        return None
    try:
        prompt, completion = map(float, text.split(","))
    except ValueError:
        raise OptionError(
            f"cannot read the prices {text!r}", hint="Give two numbers, such as 0.15,0.6."
        ) from None
    return Prices(prompt, completion)


def build_solver(
    *,
    engine: str,
    model: str | None,
    threads: int | None,
    strategy: str,
    values: Mapping[str, Any],
    shots: int,
    claims: ClaimFormat,
    organise: bool,
    budget: Budget,
    total: Budget,
    run: Path | None,
    prover: ProverName,
    solver: SolverName | None,
    unsafe: bool,
) -> Solver:
    """A solver for the options of ``neurosym solve``.

    Raises:
        OptionError: An option has an impossible value.
    """
    given = {key: value for key, value in values.items() if value is not None}
    return Solver(
        read_strategy(strategy, given),
        translator=(
            PythonTranslator(shots=shots),
            logic_translator(claims, shots=min(shots, LOGIC_SHOTS), organised=organise),
        ),
        **engine_options(engine, model, threads),
        budget=budget,
        total=total,
        run=run,
        prover=prover,
        solver=solver,
        unsafe=unsafe,
    )
