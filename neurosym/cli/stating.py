"""Plain words to a statement in Lean, as ``prove`` and ``formalize`` need it."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.panel import Panel
from rich.syntax import Syntax
from rich.text import Text

from neurosym.backends.lean.settings import LeanSettings
from neurosym.budget import Budget
from neurosym.cli.render import print_checks
from neurosym.formal.lean.english import in_words
from neurosym.formal.lean.statement import Statement
from neurosym.presentation.solution import headline, why_not
from neurosym.presentation.text import printable
from neurosym.problem import Kind, Problem
from neurosym.solution import Solution
from neurosym.solver import Solver
from neurosym.strategies.sample_and_vote import SampleAndVote
from neurosym.translators.lean_statement import LeanStatementTranslator

__all__ = ["chosen_statement", "print_statement", "state"]

_REPAIRS = 1
"""Rounds in which a statement that Lean does not take is written again."""


def state(
    words: str,
    *,
    samples: int,
    seed: int,
    imports: tuple[str, ...],
    engine: str,
    model: str | None,
    threads: int | None,
    budget: Budget | None = None,
    run: Path | None = None,
    lean: LeanSettings | None = None,
    unsafe: bool = False,
) -> Solution:
    """Let the model state in Lean what is claimed in words.

    Statements that are proved to be equivalent vote together.

    Raises:
        ProblemError: The words are blank.
        BackendError: There is no Lean, or it cannot be run.
        ModelError: The weights cannot be used.
        EngineError: The model could not be run.
        RunLogError: The run directory cannot be used.
    """
    is_recorded = engine.partition("(")[0].strip() == "replay"  # and nothing can be written again
    (lean or LeanSettings()).toolchain()  # or the weights would be loaded for nothing
    with Solver(
        SampleAndVote(samples=samples, seed=seed, refine=0 if is_recorded else _REPAIRS),
        translator=LeanStatementTranslator(imports),
        engine=engine,
        model=model,
        threads=threads,
        budget=budget,
        run=run,
        lean=lean,
        unsafe=unsafe,
    ) as solver:
        return solver.solve(Problem("question", words, Kind.THEOREM))


def chosen_statement(solution: Solution) -> Statement | None:
    """The statement that the vote has chosen, if there is one."""
    chosen = solution.candidate
    formal = None if chosen is None else chosen.formalization
    return formal if isinstance(formal, Statement) and solution.abstention is None else None


def print_statement(console: Console, solution: Solution) -> None:
    """Show what was stated, in Lean and read back in words, or why nothing was."""
    statement, chosen = chosen_statement(solution), solution.candidate
    if statement is None or chosen is None:
        console.print(Text(printable(headline(solution)), "bold"))
        if why := why_not(solution):
            console.print(Text(printable(why)))
        return
    code = Syntax(printable(statement.text), "lean4", background_color="default", word_wrap=True)
    console.print(Panel(code, title="stated", title_align="left"))
    console.print(Text(f"in words: {printable(in_words(statement.theorem))}"))
    print_checks(console, chosen.verdict.checks)
