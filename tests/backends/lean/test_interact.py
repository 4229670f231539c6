"""LeanInteract's driver, with a real LeanInteract around a program that talks as the REPL does."""

from __future__ import annotations

import asyncio
import sys
import types
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from neurosym.backends.lean.elaboration import LEAN_LIMITS, Elaboration, Elaborator, Ending
from neurosym.backends.lean.interact import InteractElaborator
from neurosym.backends.lean.messages import SORRY, Message, Position, Severity
from neurosym.backends.lean.optional import optional_package
from neurosym.backends.lean.repl_messages import CommandAnswer, Refusal, read_command
from neurosym.errors import BackendError, IsolationError, OptionError
from tests.backends.lean.programs import make_program, running

HEADER = "import Mathlib\n"
SHORT = replace(LEAN_LIMITS, seconds=0.7)


@pytest.fixture
def package() -> Any:
    return pytest.importorskip("lean_interact", reason="LeanInteract is not installed")


@pytest.fixture
def config(package: Any, tmp_path: Path) -> Any:
    """A configuration as for a REPL that was built in a folder, and a ``lake`` that starts it."""
    (tmp_path / "lean-toolchain").write_text("leanprover/lean4:v4.33.0\n")
    make_program("repl_stand_in.py", tmp_path / ".lake" / "build" / "bin" / "repl")
    lake = tmp_path / "lake"
    lake.write_text('#!/bin/sh\nshift\nexec "$@"\n')
    lake.chmod(0o755)
    return package.LeanREPLConfig(
        local_repl_path=tmp_path, build_repl=False, lake_path=lake, memory_hard_limit_mb=2048
    )


@pytest.fixture
async def lean(config: Any) -> AsyncIterator[InteractElaborator]:
    made = InteractElaborator(config, unsafe=True)
    yield made
    await made.aclose()
    assert not running("repl")


def said(found: Elaboration) -> list[str]:
    assert (found.ending, found.detail) == (Ending.FINISHED, "")
    return [item.text for item in found.messages]


async def process(lean: InteractElaborator, header: str = HEADER) -> str:
    """Which process a file gets."""
    [text] = said(await lean.elaborate(header + "--:token\n"))
    return text.split()[0]


# ------------------------------------------------------------------------ without the package


def test_without_the_package_the_error_says_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "lean_interact", None)
    config = types.SimpleNamespace(memory_hard_limit_mb=1024)
    with pytest.raises(BackendError, match="not installed") as caught:
        InteractElaborator(config, unsafe=True)
    assert "pip install" in caught.value.hint
    assert "lean-interact" in caught.value.hint


def test_a_package_that_cannot_be_loaded_is_an_error(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "needs_git.py").write_text("assert False, 'git is too old'\n")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(BackendError, match="git is too old"):
        optional_package("needs_git", "needs-git")


def test_lean_without_isolation_has_to_be_wanted() -> None:
    with pytest.raises(IsolationError, match="your rights"):
        InteractElaborator(types.SimpleNamespace(memory_hard_limit_mb=1024))


# ------------------------------------------------------------------------ with it


def test_its_answers_are_the_repls(package: Any) -> None:
    interface = package.interface
    answer = interface.CommandResponse.model_validate({
        "env": 3,
        "messages": [
            {
                "severity": "warning",
                "pos": {"line": 1, "column": 8},
                "endPos": {"line": 1, "column": 9},
                "data": "declaration uses `sorry`",
            },
            {"severity": "trace", "pos": {"line": 2, "column": 0}, "endPos": None, "data": "x"},
        ],
        "sorries": [{"proofState": 0, "goal": "⊢ p", "pos": {"line": 1, "column": 18}}],
    })  # fmt: skip
    found = read_command(answer.model_dump(by_alias=True))
    assert isinstance(found, CommandAnswer)
    assert found.environment == 3
    assert found.messages == (
        Message(
            Severity.WARNING, "declaration uses `sorry`", Position(1, 8), Position(1, 9), SORRY
        ),
        Message(Severity.INFORMATION, "x", Position(2, 0)),
    )
    assert [item.start for item in found.sorries] == [Position(1, 18)]
    error = interface.LeanError(message="Unknown environment.")
    assert read_command(error.model_dump(by_alias=True)) == Refusal("Unknown environment.")


def test_memory_has_to_have_a_limit(config: Any) -> None:
    config.memory_hard_limit_mb = None
    with pytest.raises(OptionError, match="memory"):
        InteractElaborator(config, unsafe=True)


async def test_what_is_said_of_a_file_has_the_files_own_lines(lean: InteractElaborator) -> None:
    as_any_other: Elaborator = lean
    text = "/- about -/ import Mathlib\n--:warning é𝔸\ntheorem t : p := sorry\n--:error c \ud800\n"
    found = await as_any_other.elaborate(text)
    assert (found.ending, found.detail) == (Ending.FINISHED, "")
    assert found.messages == (
        Message(Severity.WARNING, "é𝔸", Position(2, 3), Position(2, 10)),
        Message(
            Severity.WARNING, "declaration uses `sorry`", Position(3, 8), Position(3, 9), SORRY
        ),
        Message(Severity.ERROR, "c ?", Position(4, 3), Position(4, 8)),
    )
    assert said(await lean.elaborate("import Nothing\n--:error never\n")) == [
        "unknown module prefix 'Nothing'"
    ]
    assert said(await lean.elaborate("")) == []


async def test_a_header_is_imported_once_for_many_files(lean: InteractElaborator) -> None:
    texts = [HEADER + f"-- {k}\n--:token\n" for k in range(4)]
    found = [said(await lean.elaborate(text))[0].split() for text in texts]
    assert len({token for token, _ in found}) == 1
    assert [int(count) for _, count in found] == [1, 2, 3, 4]


async def test_a_process_is_replaced_after_many_headers_or_code(lean: InteractElaborator) -> None:
    first = await process(lean)
    assert {await process(lean, f"import A{k}\n") for k in range(3)} == {first}
    second = await process(lean, "import B\n")
    assert second != first
    assert said(await lean.elaborate("import B\n#eval 1\n")) == []
    assert await process(lean, "import B\n") != second


async def test_a_process_is_replaced_after_so_many_files(config: Any) -> None:
    lean = InteractElaborator(config, files_per_process=2, unsafe=True)
    try:
        tokens = [await process(lean) for _ in range(4)]
    finally:
        await lean.aclose()
    assert tokens[0] == tokens[1] != tokens[2] == tokens[3]


@pytest.mark.parametrize(
    ("line", "ending", "detail"),
    [
        ("--:hang", Ending.TIMEOUT, "Lean took more than its 0.7 seconds"),
        ("--:garbage", Ending.CRASHED, "no JSON"),
        ('--:garbage {"env": []}', Ending.CRASHED, "env"),
        ("--:die 3", Ending.CRASHED, "closed unexpectedly"),
        ("--:take 4", Ending.OUT_OF_MEMORY, "out of memory"),
    ],
)
async def test_a_file_that_ends_its_process_costs_itself_only(
    lean: InteractElaborator, line: str, ending: Ending, detail: str
) -> None:
    found = await lean.elaborate(f"{HEADER}{line}\n", SHORT)
    assert found.ending is ending
    assert detail in found.detail
    assert said(await lean.elaborate(HEADER + "--:info x\n")) == ["x"]


async def test_a_header_that_ends_its_process_is_named(lean: InteractElaborator) -> None:
    found = await lean.elaborate("import A\n--:die 4\nimport B\n")
    assert found.ending is Ending.CRASHED
    assert found.detail.startswith("the header: ")


async def test_a_lean_that_cannot_be_started_is_an_error(config: Any, tmp_path: Path) -> None:
    (tmp_path / "lake").unlink()
    lean = InteractElaborator(config, unsafe=True)
    with pytest.raises(BackendError, match="cannot start Lean"):
        await lean.elaborate(HEADER)
    await lean.aclose()


async def test_one_that_is_closed_says_so(config: Any) -> None:
    lean = InteractElaborator(config, unsafe=True)
    await lean.elaborate(HEADER)
    task = asyncio.create_task(lean.elaborate(HEADER + "--:hang\n"))
    await asyncio.sleep(0.2)
    await lean.aclose()
    await lean.aclose()
    with pytest.raises(BackendError, match="closed"):
        await task
    with pytest.raises(BackendError, match="closed"):
        await lean.elaborate(HEADER)
    assert not running("repl")
