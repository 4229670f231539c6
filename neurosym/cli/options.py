"""From options to a solver."""

from __future__ import annotations

from pathlib import Path

from neurosym.budget import Budget
from neurosym.errors import OptionError
from neurosym.solver import Solver
from neurosym.strategies.vote import SampleAndVote
from neurosym.strategies.words import Select, SelfVerify, StrategyName
from neurosym.translators.python import PythonTranslator

__all__ = ["build_solver"]


def build_solver(
    *,
    engine: str,
    model: str | None,
    threads: int | None,
    strategy: StrategyName,
    samples: int,
    seed: int,
    temperature: float,
    shots: int,
    logprobs: bool,
    select: Select,
    self_verify: SelfVerify,
    abstain_below: float,
    budget_tokens: int | None,
    budget_seconds: float | None,
    run: Path | None,
    unsafe: bool,
) -> Solver:
    """A solver for the options of ``neurosym solve``.

    Raises:
        OptionError: An option has an impossible value.
    """
    if engine != "llamacpp":
        raise OptionError(f"unknown engine {engine!r}", hint="The engine here is 'llamacpp'.")
    greedy = strategy is StrategyName.GREEDY
    return Solver(
        SampleAndVote(
            samples=1 if greedy else samples,
            temperature=0.0 if greedy else temperature,
            logprobs=logprobs,
            self_verify=self_verify,
            select=select,
            abstain_below=abstain_below,
            seed=seed,
        ),
        translator=PythonTranslator(shots=shots),
        model=model,
        threads=threads,
        budget=Budget(tokens=budget_tokens, seconds=budget_seconds),
        run=run,
        unsafe=unsafe,
    )
