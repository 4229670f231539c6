"""From options to a solver."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from neurosym.backends.provers import ProverName
from neurosym.budget import Budget, Prices
from neurosym.errors import OptionError
from neurosym.runtime.runlog import begun_with
from neurosym.solver import Solver
from neurosym.strategies.spec import (
    STRATEGIES,
    read_strategy,
    rebuild_strategy,
    write_strategy,
)
from neurosym.strategies.vote import Voting
from neurosym.translators.fol import MAX_SHOTS as LOGIC_SHOTS
from neurosym.translators.formats import ClaimFormat, WordProblemRoute
from neurosym.translators.logic import logic_translator
from neurosym.translators.word_problem import word_problem_translator

__all__ = ["build_solver", "engine_or_replay", "read_budget", "read_prices"]


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


def read_budget(of: str, limits: Mapping[str, Any], prices: str | None) -> Budget:
    """The budget of each problem, or of all.

    Args:
        of: The word that begins the names of its limits.
        limits: Limits by name, such as ``budget_tokens``.
        prices: What tokens cost, if that is told; see :func:`read_prices`.

    Raises:
        OptionError: A limit is not positive, or prices are missing or cannot be read.
    """
    own = {
        name.removeprefix(f"{of}_"): limit
        for name, limit in limits.items()
        if name.startswith(f"{of}_")
    }
    return Budget(**own, prices=read_prices(prices))


def build_solver(
    *,
    engine: str,
    model: str | None,
    threads: int | None,
    record: Path | None,
    strategy: str | None,
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

    Without a strategy, or a value of one, it goes on with that of the run, if that has begun.

    Raises:
        OptionError: An option has an impossible value.
        RunLogError: The run directory cannot be used.
    """
    given = {key: value for key, value in values.items() if value is not None}
    return Solver(
        _strategy(strategy, given, run),
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


def _strategy(text: str | None, given: Mapping[str, Any], run: Path | None) -> Voting:
    """The strategy that is asked for, or else that of the run to go on with, or the usual one."""
    begun = None if run is None or text is not None or given else begun_with(run)
    if begun is not None and begun.get("strategy", {}).get("name") in STRATEGIES:
        strategy = rebuild_strategy(begun["strategy"])
        print(f"going on with the strategy of {run}: {write_strategy(strategy)}", file=sys.stderr)
        return strategy
    # The log of anything else is refused when it is opened, with all that differs.
    return read_strategy(text or "vote", given)
