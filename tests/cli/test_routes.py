"""``neurosym solve --routes``: how word problems are solved, and how that is shown."""

from __future__ import annotations

from typing import Any

import pytest

from neurosym import Solver
from neurosym.candidate import Prompt
from neurosym.cli import app, options
from neurosym.cli.exits import Exit
from neurosym.testing import ScriptedEngine

pytestmark = pytest.mark.usefixtures("own_cache")

QUESTION = "A crate holds 12 eggs. How many eggs do 5 crates hold?"
PROSE = "1. The crates hold 12 * 5 = 60 eggs.\x1b[2J\nThe answer is 60."


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> ScriptedEngine:
    """The engine after the command, to which it said whatever it was asked for."""

    def reply(prompt: Prompt, seed: int) -> str:
        return "    return 12 * 5\n" if prompt.prefix else PROSE

    engine = ScriptedEngine(reply)

    def make(*given: Any, **named: Any) -> Solver:
        named |= {"engine": engine, "model": None, "threads": None, "record": None}
        return Solver(*given, **named)

    monkeypatch.setattr(options, "Solver", make)
    monkeypatch.setattr("sys.argv", ["neurosym", "solve", QUESTION, *arguments])
    with pytest.raises(SystemExit) as ended:
        app.main()
    assert ended.value.code == Exit.ANSWERED
    return engine


@pytest.mark.parametrize(
    ("arguments", "programs", "prose"),
    [
        ((), 4, 0),
        (("--routes", "program"), 4, 0),
        (("--routes", "reasoning"), 0, 4),
        (("--routes", "both", "--strategy", "vote(select=crossed)"), 2, 2),
    ],
)
def test_the_routes_are_chosen(
    monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], programs: int, prose: int
) -> None:
    engine = run(monkeypatch, "--samples", "4", "--shots", "1", *arguments)
    asked = [(bool(item.prompt.prefix), item.params.n) for item in engine.requests]
    assert sum(n for is_program, n in asked if is_program) == programs
    assert sum(n for is_program, n in asked if not is_program) == prose
    assert {len(item.prompt.messages) for item in engine.requests} == {4}


def test_the_steps_of_reasoning_are_shown_as_text(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run(monkeypatch, "--routes", "reasoning", "--samples", "1", "--explain")
    shown = capsys.readouterr().out
    assert "reasoning 0" in shown
    assert "1. The crates hold 12 * 5 = 60 eggs.\\x1b[2J" in shown
    assert "The answer is 60." in shown
    assert "calculations made anew: 1" in shown
    assert "def " not in shown
    assert "numbers: passed" in shown
