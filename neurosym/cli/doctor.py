"""``neurosym doctor``."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import asdict

from rich.console import Console
from rich.text import Text

from neurosym.cli.exits import Exit
from neurosym.runtime.doctor import Condition, Finding, examine

__all__ = ["run_doctor"]

_SIGNS = {
    Condition.GOOD: ("✓", "green"),
    Condition.WEAK: ("!", "yellow"),
    Condition.BROKEN: ("✗", "red"),
}


def run_doctor(*, as_json: bool) -> Exit:
    """Print every finding with its fix; the exit code names the first part that is broken."""
    findings = asyncio.run(examine())
    if as_json:
        print(json.dumps([asdict(finding) for finding in findings]))
    else:
        _show(findings)
    for finding in findings:
        if finding.condition is Condition.BROKEN:
            return Exit.MODEL if finding.area in ("engine", "model") else Exit.BACKEND
    return Exit.ANSWERED


def _show(findings: Sequence[Finding]) -> None:
    console = Console(highlight=False)
    area = ""
    for finding in findings:
        if finding.area != area:
            area = finding.area
            console.print(Text(area, style="bold"))
        sign, style = _SIGNS[finding.condition]
        line = Text.assemble(
            "  ", (sign, style), " ", (finding.name, "bold"), f": {finding.detail}", overflow="fold"
        )
        console.print(line, soft_wrap=True)
        if finding.fix:
            console.print(Text(f"    → {finding.fix}", style=style), soft_wrap=True)
