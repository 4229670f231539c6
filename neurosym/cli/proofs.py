"""What ``neurosym check`` does with Lean files."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from rich.console import Console
from rich.text import Text

from neurosym.backends.lean.backend import outcome_of
from neurosym.backends.lean.places import installed
from neurosym.backends.lean.project import find_project
from neurosym.backends.lean.settings import LeanSettings
from neurosym.backends.lean.verdict import Judgement, judge
from neurosym.checks.lean import lean_checks
from neurosym.cli.exits import Exit
from neurosym.cli.prove import read_text
from neurosym.cli.render import print_checks
from neurosym.errors import InputError
from neurosym.formal.lean.source import read_source
from neurosym.formal.lean.theorem import Theorem, read_theorem
from neurosym.formal.lean.words import THEOREMS
from neurosym.presentation.text import printable
from neurosym.status import Status

__all__ = ["ProofOptions", "lean_for", "run_check_proof", "theorem_names"]


@dataclass(frozen=True, slots=True)
class ProofOptions:
    """How to check a Lean file.

    Attributes:
        theorem: The theorem to check; ``None`` checks all.
        lean: The Lean that checks it.
        as_json: Whether to print JSON.
        unsafe: Whether to run even where there is no isolation.
    """

    theorem: str | None = None
    lean: LeanSettings = field(default_factory=LeanSettings)
    as_json: bool = False
    unsafe: bool = False


def run_check_proof(file: str, statement: str | None, options: ProofOptions) -> Exit:
    """Say of each theorem of a Lean file whether it is proved.

    Args:
        file: The file.
        statement: A file with the theorems as they were asked for, in which nothing need be
            proved; ``None`` takes the file's own word for what it states.
        options: How.

    Raises:
        InputError: A file cannot be read, or has no such theorem.
        BackendError: There is no Lean, or it cannot be run.
    """
    text = read_text(file)
    asked_text = text if statement is None else read_text(statement)
    names = [options.theorem] if options.theorem else theorem_names(asked_text)
    asked = [read_theorem(asked_text, name) for name in names]
    pairs = [(theorem, read_theorem(text, theorem.name)) for theorem in asked]
    # What a proof's own folder holds is the prover's: beside a statement it is not trusted.
    lean = lean_for(options.lean, file if statement is None else statement)
    found = asyncio.run(_judge_all(pairs, lean, unsafe=options.unsafe))
    is_proved = bool(found) and all(item.status is Status.PROVED for item in found)
    if options.as_json:
        print(json.dumps({"proved": is_proved, "theorems": [*map(_to_json, pairs, found)]}))
    else:
        console = Console(highlight=False)
        for (_, given), judgement in zip(pairs, found, strict=True):
            _print(console, given, judgement)
    return Exit.ANSWERED if is_proved else Exit.ABSTAINED


def theorem_names(text: str) -> list[str | None]:
    """The theorems of a file; ``None`` stands for the only one, which has no name perhaps.

    Raises:
        InputError: There are several, and some have no name.
    """
    commands = read_source(text).commands
    theorems = [command.full_name for command in commands if command.keyword in THEOREMS]
    if len(theorems) < 2:
        return [None]
    if None in theorems:
        raise InputError(
            "the file holds several theorems, of which some have no name",
            hint="Name each: theorem NAME … in place of example.",
        )
    return [*dict.fromkeys(theorems)]


def lean_for(lean: LeanSettings, file: str) -> LeanSettings:
    """The Lean with what the project of a file has built, and a word if it wants another one.

    Raises:
        BackendError: There is no Lean, or it does not run.
    """
    project = find_project(Path(file))
    if project is None:
        return lean
    own = installed(project.version) if project.version and lean.program is None else None
    lean = replace(lean, program=own or lean.program, path=(*lean.path, *project.search_path))
    if project.search_path:
        print(f"modules that {project.root} has built are trusted", file=sys.stderr)
    version = lean.toolchain().version
    if project.version not in ("", version):
        print(
            f"warning: {project.root} wants Lean {project.version}, and this is Lean {version}; "
            "modules that the other has compiled cannot be imported",
            file=sys.stderr,
        )
    return lean


async def _judge_all(
    pairs: Sequence[tuple[Theorem, Theorem]], settings: LeanSettings, *, unsafe: bool
) -> list[Judgement]:
    lean = settings.files(unsafe=unsafe)
    try:
        return [
            await judge(asked, given, lean, settings.limits, axioms=settings.axioms)
            for asked, given in pairs
        ]
    finally:
        await lean.aclose()


def _print(console: Console, theorem: Theorem, judgement: Judgement) -> None:
    is_proved = judgement.status is Status.PROVED
    shown = "proved" if is_proved else f"not proved ({judgement.status.value})"
    name = printable(theorem.name or "example")
    console.print(Text(f"{name}: {shown}", "bold green" if is_proved else "bold yellow"))
    print_checks(console, lean_checks(outcome_of(judgement)))
    console.print(Text(f"{judgement.seconds:.2f} s", "dim"))


def _to_json(pair: tuple[Theorem, Theorem], judgement: Judgement) -> dict[str, object]:
    _, given = pair
    checks = lean_checks(outcome_of(judgement))
    return {
        "theorem": given.name,
        "status": judgement.status,
        "axioms": judgement.axioms,
        "checks": {check.name: [check.state, check.detail] for check in checks},
        "messages": [{"severity": item.severity, "text": str(item)} for item in judgement.messages],
        "seconds": judgement.seconds,
    }
