"""``neurosym prove`` with Lean: proofs are looked for, and only those that it accepts count."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.panel import Panel
from rich.syntax import Syntax
from rich.text import Text

from neurosym.backends.lean.backend import LeanBackend
from neurosym.backends.lean.files import FileElaborator
from neurosym.backends.lean.settings import LeanSettings
from neurosym.budget import Budget
from neurosym.candidate import CheckState
from neurosym.checks.lean import lean_checks
from neurosym.checks.names import StatementCheckName
from neurosym.cli.arguments import write_text
from neurosym.cli.exits import Exit
from neurosym.cli.lean_file import Found, usable, with_proofs, withdraw
from neurosym.cli.proofs import lean_for, theorem_names
from neurosym.cli.prove import read_text
from neurosym.cli.render import print_checks
from neurosym.cli.search_view import SearchProgress, as_rich_tree, save_trees
from neurosym.cli.stating import chosen_statement, print_statement, state
from neurosym.errors import OptionError
from neurosym.formal.lean.english import in_words
from neurosym.formal.lean.proof import Proof
from neurosym.formal.lean.theorem import read_theorem
from neurosym.presentation.solution import headline
from neurosym.presentation.text import printable
from neurosym.problem import Kind, Problem
from neurosym.runtime.records import solution_to_json
from neurosym.solver import Solver
from neurosym.status import Status
from neurosym.strategies.base import Strategy
from neurosym.strategies.best_first import BestFirstSearch
from neurosym.strategies.model_proposer import Retriever
from neurosym.strategies.proofs import TacticSearch, WholeProofs
from neurosym.strategies.sketch import SketchAndFill
from neurosym.strategies.words import ProofStrategy

__all__ = ["ProvingOptions", "run_prove_lean", "run_prove_words"]


@dataclass(frozen=True, slots=True)
class ProvingOptions:
    """How a proof is looked for.

    Attributes:
        theorem: The theorem to prove; ``None`` proves all that have no proof.
        strategy: How.
        samples: Whole proofs or sketches to draw, or tactics for each state.
        repairs: Rounds in which whole proofs, or sketches, are mended.
        expansions: States that a search goes on from, at most; of a sketch, in each step.
        seed: Of all sampling.
        budget: What one theorem may cost.
        engine: The engine's name.
        model: A known model's name or a file.
        threads: Threads of the model.
        run: Directory of a run log.
        out: File to write with the proofs that were found.
        tree: File to write the search trees to.
        premises: A corpus of premises, to show those with each state that fit it.
        as_json: Whether to print JSON.
        explain: Whether to show the tree and all checks.
        unsafe: Whether to run Lean even where it cannot be isolated.
        lean: The Lean.
    """

    theorem: str | None = None
    strategy: ProofStrategy = ProofStrategy.SEARCH
    samples: int = 8
    repairs: int | None = None
    expansions: int | None = None
    seed: int = 0
    budget: Budget = field(default_factory=Budget)
    engine: str = "llamacpp"
    model: str | None = None
    threads: int | None = None
    run: Path | None = None
    out: Path | None = None
    tree: Path | None = None
    premises: Path | None = None
    as_json: bool = False
    explain: bool = False
    unsafe: bool = False
    lean: LeanSettings = field(default_factory=LeanSettings)


def run_prove_lean(argument: str, options: ProvingOptions) -> Exit:
    """Prove the theorems of a Lean file, and print what was found.

    Args:
        argument: The file, or ``-``.
        options: How.

    Raises:
        OptionError: An option is given that the strategy has no use for.
        InputError: It cannot be read, there is no such theorem, Lean does not take what it states,
            or the premises are not those of what it imports.
        BackendError: There is no Lean, or it cannot be run.
        ModelError: The weights cannot be used.
        EngineError: The model could not be run.
        RunLogError: The run directory cannot be used.
    """
    _refuse_unused(options)
    text = read_text(argument)
    lean = lean_for(options.lean, argument)
    return _prove_text(text, lean, options, {})


def run_prove_words(words: str, imports: tuple[str, ...], options: ProvingOptions) -> Exit:
    """State in Lean what is claimed in plain words, then prove that.

    Args:
        words: The claim.
        imports: Modules that the statement may use.
        options: How.

    Raises:
        OptionError: An option is given that is of no use here.
        InputError: The words are blank, or the premises are not those of what is imported.
        BackendError: There is no Lean, or it cannot be run.
        ModelError: The weights cannot be used.
        EngineError: The model could not be run.
        RunLogError: The run directory cannot be used.
    """
    _refuse_unused(options)
    if options.theorem is not None:
        raise OptionError("--theorem is for Lean files", hint="Leave it out.")
    solution = state(
        words,
        samples=options.samples,
        seed=options.seed,
        imports=imports,
        engine=options.engine,
        model=options.model,
        threads=options.threads,
        budget=options.budget,
        run=None if options.run is None else options.run / "statement",
        lean=options.lean,
        unsafe=options.unsafe,
    )
    statement = chosen_statement(solution)
    if not options.as_json:
        print_statement(Console(highlight=False), solution)
    if statement is None:
        if options.as_json:
            told = solution_to_json(solution)
            print(json.dumps({"proved": False, "statement": None, **_cost(told)}))
        return Exit.ABSTAINED
    assert solution.candidate is not None
    checks = solution.candidate.verdict.checks
    stated = {
        "statement": statement.text,
        "in words": in_words(statement.theorem),
        "confidence": solution.confidence,
        "statement checks": {check.name: [check.state, check.detail] for check in checks},
    }
    vacuity = solution.candidate.verdict.check(StatementCheckName.VACUITY)
    if vacuity is not None and vacuity.state is CheckState.FAILED:
        print("nothing is proved of it: what it assumes cannot hold", file=sys.stderr)
        if options.as_json:
            print(json.dumps({**stated, "proved": False}))
        return Exit.ABSTAINED
    run = None if options.run is None else options.run / "proof"
    return _prove_text(f"{statement.text}\n", options.lean, replace(options, run=run), stated)


def _prove_text(
    text: str, lean: LeanSettings, options: ProvingOptions, told: dict[str, Any]
) -> Exit:
    """Prove the theorems of a file, and print what was found after what is told already."""
    names = [options.theorem] if options.theorem else theorem_names(text)
    lean.require_driver()
    with closing(lean.files(unsafe=options.unsafe)) as files:
        theorems = asyncio.run(_examine(text, names, files, lean))
        try:
            if missing := [item for item in theorems if item.already is None]:
                _prove(text, missing, files, lean, options)
        finally:  # what was found before an interrupt or an error is kept
            asyncio.run(withdraw(text, theorems, files, lean.limits))
            if options.out is not None:
                write_text(options.out, with_proofs(text, theorems), "--out")
    if options.as_json:
        print(json.dumps({
            **told,
            "proved": all(item.is_proved for item in theorems),
            "theorems": [_to_json(item) for item in theorems],
        }))  # fmt: skip
    else:
        console = Console(highlight=False)
        for item in theorems:
            _print(console, item, explain=options.explain)
    return Exit.ANSWERED if all(item.is_proved for item in theorems) else Exit.ABSTAINED


async def _examine(
    text: str, names: Sequence[str | None], files: FileElaborator, lean: LeanSettings
) -> list[Found]:
    """Refuse what Lean does not take before a model is loaded, and see what is proved already."""
    backend = LeanBackend(files, lean.axioms)
    found = []
    for name in names:
        place = read_theorem(text, name).spans.whole
        asked = await usable(text, name, files, lean.limits)
        item = Found(asked.name, place, asked)
        if asked.proof is not None:
            outcome = await backend.run(Proof(asked, asked), lean.limits)
            item.already = outcome if outcome.status is Status.PROVED else None
        found.append(item)
    return found


def _refuse_unused(options: ProvingOptions) -> None:
    """Refuse what the strategy has no use for."""
    strategy = options.strategy
    if options.premises is not None and strategy is ProofStrategy.WHOLE:
        raise OptionError(
            "--premises are shown with the states of a search",
            hint="Leave them out, or choose --strategy search or sketch.",
        )
    if options.tree is not None and strategy is ProofStrategy.WHOLE:
        raise OptionError(
            f"--strategy {strategy} grows no tree",
            hint="Leave --tree out, or choose another strategy.",
        )
    if options.repairs is not None and strategy is ProofStrategy.SEARCH:
        raise OptionError(
            "--repairs is for whole proofs and sketches",
            hint="Leave it out, or choose another strategy.",
        )
    if options.expansions is not None and strategy is ProofStrategy.WHOLE:
        raise OptionError(
            "--expansions is for searches", hint="Leave it out, or choose another strategy."
        )


def _prove(
    text: str,
    theorems: Sequence[Found],
    files: FileElaborator,
    lean: LeanSettings,
    options: ProvingOptions,
) -> None:
    progress = SearchProgress()
    retriever = _retriever(options, theorems)  # a fault of its is told before a model is loaded
    solver = Solver(
        _strategy(options, progress, retriever),
        engine=options.engine,
        model=options.model,
        threads=options.threads,
        budget=options.budget,
        run=options.run,
        lean=lean,
        unsafe=options.unsafe,
    )
    with solver, progress:
        for item in theorems:
            progress.begin(item.shown)
            if any(other.given is not None for other in theorems):
                # Those that were proved meanwhile may be used as well.
                now = with_proofs(text, theorems)
                item.asked = asyncio.run(usable(now, item.name, files, lean.limits))
            try:
                problem = Problem(item.shown, item.asked.statement_only, Kind.PROOF)
                # One that cannot be used, or is too long, is an abstention among others.
                [item.solution] = solver.solve_many([problem])
            finally:  # the tree of a search that is interrupted is kept as well
                item.trees = progress.trees
                if item.trees and options.tree is not None:
                    save_trees(item.trees, _tree_file(options.tree, item, len(theorems)))


def _tree_file(path: Path, item: Found, count: int) -> Path:
    """Where the tree of a theorem is written: several have a file each."""
    return path if count == 1 else path.with_stem(f"{path.stem}-{item.shown}")


def _retriever(options: ProvingOptions, theorems: Sequence[Found]) -> Retriever | None:
    """What finds premises for theorems, all of which it knows the imports of."""
    if options.premises is None:
        return None
    from neurosym.retrieval.bm25 import BM25Index
    from neurosym.retrieval.retriever import PremiseRetriever, read_premises

    retriever = PremiseRetriever(BM25Index(read_premises(options.premises)))
    for item in theorems:
        retriever.accessible(item.asked)
    return retriever


def _strategy(
    options: ProvingOptions, progress: SearchProgress, retriever: Retriever | None
) -> Strategy:
    if options.strategy is ProofStrategy.WHOLE:
        whole = WholeProofs(samples=options.samples, seed=options.seed, watch=progress.show_proofs)
        return whole if options.repairs is None else replace(whole, repairs=options.repairs)
    search = BestFirstSearch()
    if options.expansions is not None:
        search = replace(search, expansions=options.expansions)
    if options.strategy is ProofStrategy.SKETCH:
        sketch = SketchAndFill(
            samples=options.samples,
            search=search,
            seed=options.seed,
            retriever=retriever,
            watch=progress.show,
        )
        return sketch if options.repairs is None else replace(sketch, repairs=options.repairs)
    return TacticSearch(
        search,
        width=options.samples,
        seed=options.seed,
        watch=progress.show,
        retriever=retriever,
    )


def _print(console: Console, item: Found, *, explain: bool) -> None:
    name = printable(item.shown)
    if item.already is not None:
        console.print(Text(f"{name}: proved already", "bold green"))
        print_checks(console, lean_checks(item.already))
        return
    solution = item.solution
    assert solution is not None
    if item.withdrawn:
        console.print(Text(f"{name}: not proved: {item.withdrawn}", "bold yellow"))
        return
    if explain and item.trees:
        console.print(as_rich_tree(item.trees))
    style = "bold green" if item.is_proved else "bold yellow"
    console.print(Text(f"{name}: {printable(headline(solution))}", style))
    if item.given is not None and solution.candidate is not None:
        shown = f"{item.given.opening}{item.given.joint}{item.given.proof}"
        console.print(Panel(Syntax(printable(shown), "lean4", background_color="default")))
        print_checks(console, lean_checks(solution.candidate.verdict.outcome))
    usage = solution.usage
    console.print(Text(f"{usage.completion_tokens} tokens, {usage.seconds:.1f} s", "dim"))


def _to_json(item: Found) -> dict[str, Any]:
    outcome = item.already
    if item.solution is not None and item.solution.candidate is not None:
        outcome = item.solution.candidate.verdict.outcome
    checks = () if outcome is None else lean_checks(outcome)
    data: dict[str, Any] = {
        "theorem": item.name,
        "proved": item.is_proved,
        "proof": item.asked.proof if item.given is None else item.given.proof,
        "withdrawn": item.withdrawn,
        "checks": {check.name: [check.state, check.detail] for check in checks},
    }
    if item.solution is not None:
        data |= _cost(solution_to_json(item.solution))
    return data


def _cost(solution: dict[str, Any]) -> dict[str, Any]:
    return {name: solution[name] for name in ("abstention", "usage")}
