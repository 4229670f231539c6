"""From options to a solver."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from neurosym.backends.provers import ProverName
from neurosym.budget import Budget, Prices
from neurosym.errors import OptionError
from neurosym.solver import Solver
from neurosym.strategies.spec import read_strategy
from neurosym.translators.fol import MAX_SHOTS as LOGIC_SHOTS
from neurosym.translators.formats import ClaimFormat, WordProblemRoute
from neurosym.translators.logic import logic_translator
from neurosym.translators.word_problem import word_problem_translator

__all__ = ["build_solver", "engine_or_replay", "read_prices"]


def engine_or_replay(engine: str, replay: Path | None, record: Path | None) -> str:
    """The text of the engine, which is a record of samples where one is to be replayed.

    Raises:
        OptionError: Samples are to be recorded as well.
    """
    if replay is None:
        return engine
    if record is not None:
        raise OptionError(
            "--record and --replay are given both",
            hint="With --record what is there is not drawn again either.",
        )
    return f"recorded(path={str(replay)!r})"


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
    record: Path | None,
    strategy: str,
    values: Mapping[str, Any],
    shots: int,
    routes: WordProblemRoute,
    claims: ClaimFormat,
    organise: bool,
    budget: Budget,
    total: Budget,
    run: Path | None,
    prover: ProverName,
    solver: str | None,
    unsafe: bool,
    workers: str | None,
) -> Solver:
    """A solver for the options of ``neurosym solve``.

    Raises:
        OptionError: An option has an impossible value.
    """
    given = {key: value for key, value in values.items() if value is not None}
    return Solver(
        read_strategy(strategy, given),
        translator=(
            word_problem_translator(routes, shots=shots),
            logic_translator(claims, shots=min(shots, LOGIC_SHOTS), organised=organise),
        ),
        engine=engine,
        model=model,
        threads=threads,
        record=record,
        budget=budget,
        total=total,
        run=run,
        prover=prover,
        solver=solver,
        unsafe=unsafe,
        workers=workers,
    )
