"""Programs chosen by tests that the same model wrote, none of which need be right (B4 and CodeT).

For each problem the model writes programs and, apart from them, assertions; every program runs
against every assertion in the sandbox, and each rule chooses by that matrix alone. Whether what it
chose is right is what the data set's own tests say, which no rule sees.
"""

from __future__ import annotations

import ast
import asyncio
import json
import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.progress import Progress

from benchmarks.statistics import compare_paired, mean, pass_at
from neurosym.backends.base import Limits
from neurosym.backends.pool import Pool, RunProgram
from neurosym.candidate import Message, Prompt
from neurosym.engines.base import Engine, SamplingParams
from neurosym.errors import InputError
from neurosym.runtime.together import together
from neurosym.selection.arrays import Marks
from neurosym.selection.pass_matrix import B4, CodeT, MaxPass, MbrExec, PassRule, best_solution
from neurosym.status import Status

__all__ = ["Task", "matrix_of", "measure", "read_tasks", "read_tests"]

RULES: Mapping[str, PassRule] = {
    "B4": B4(),
    "B4, mild priors": B4(10, 10),
    "CodeT": CodeT(),
    "MaxPass": MaxPass(),
    "MBR-exec": MbrExec(),
}
_SYSTEM = "You are a careful Python programmer."
_PROGRAM_STOP = ("```", "\ndef ", "\nclass ", "\nif __name__", "\nprint(", "\nassert ")
_MOST_TESTS = 40
"""Assertions of one problem that are run."""
_ENTRY = "neurosym_entry"
_PATIENCE = Limits(seconds=5)
_ONE_TEST = Limits(seconds=2)


@dataclass(frozen=True, slots=True)
class Task:
    """A function to be written.

    Attributes:
        id: The data set's name for it.
        text: What it is to do, or the head of it with its documentation.
        entry: Its name.
        head: What its program begins with.
        hidden: Code that raises an error unless the function, defined before it, is right.
    """

    id: str
    text: str
    entry: str
    head: str
    hidden: str


def read_tasks(path: Path) -> list[Task]:
    """The functions of HumanEval, or of MBPP, in this project's form of them.

    Raises:
        InputError: A line is of neither.
    """
    tasks = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        item = json.loads(line)
        extra = item.get("extra", {})
        if "entry_point" in extra:
            entry = extra["entry_point"]
            hidden = f"{extra['test']}\ncheck({entry})"
            tasks.append(Task(item["id"], item["question"], entry, item["question"], hidden))
        elif tests := extra.get("test_list"):
            entry = _called(tests[0])
            hidden = "\n".join((extra.get("test_setup_code", ""), *tests))
            text = f"{item['question']} Name it {entry}."
            tasks.append(Task(item["id"], text, entry, f"def {entry}(", hidden))
        else:
            raise InputError(
                f"line {number} of {path} has no tests", hint="Give HumanEval's or MBPP's items."
            )
    return tasks


def _called(test: str) -> str:
    """The function that a test of MBPP is about: the innermost call is the one of the task."""
    names: list[str] = re.findall(r"([A-Za-z_]\w*)\s*\(", test)
    built_in = {"assert", "set", "sorted", "len", "list", "tuple", "round", "isclose", "str", "int"}
    return next((name for name in names if name not in built_in), "solution")


def _ask_program(task: Task) -> Prompt:
    asked = f"Write this function.\n\n{task.text}"
    return Prompt(
        (Message("system", _SYSTEM), Message("user", asked)),
        prefix=f"```python\n{task.head}",
        stop=_PROGRAM_STOP,
    )


def _ask_tests(task: Task) -> Prompt:
    asked = (
        f"Write assertions that test this function, on usual and on special inputs, each on a line "
        f"of its own. Do not write the function itself.\n\n{task.text}"
    )
    return Prompt(
        (Message("system", _SYSTEM), Message("user", asked)),
        prefix=f"```python\nassert {task.entry}(",
        stop=("```",),
    )


def read_tests(texts: Sequence[str], entry: str) -> list[str]:
    """The assertions in what a model wrote that call a function, each once, in order.

    Args:
        texts: What it wrote after the beginning of the first assertion.
        entry: The function.
    """
    found: dict[str, None] = {}
    for text in texts:
        for line in f"assert {entry}({text}".splitlines():
            try:
                [statement] = ast.parse(line.strip()).body
            except (SyntaxError, ValueError, MemoryError, RecursionError):
                continue
            if isinstance(statement, ast.Assert) and _calls(statement.test, entry):
                # Messages tell nothing of what is tested.
                found.setdefault(ast.unparse(ast.Assert(statement.test, None)))
    return list(found)[:_MOST_TESTS]


def _calls(expression: ast.expr, entry: str) -> bool:
    return any(
        isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == entry
        for node in ast.walk(expression)
    )


async def matrix_of(programs: Sequence[str], tests: Sequence[str], pool: Pool) -> Marks:
    """Which program passes which test; programs × tests.

    A program that does not come to its end on all tests together is run on each by itself.

    Args:
        programs: Source.
        tests: Statements that raise an error unless they hold.
        pool: Runs them.
    """
    rows = await together(_row(program, tests, pool) for program in programs)
    return np.array(rows, dtype=bool).reshape(len(programs), len(tests))


async def _row(program: str, tests: Sequence[str], pool: Pool) -> list[bool]:
    passed = await _passed(program, tests, pool, _PATIENCE)
    if passed is not None or len(tests) <= 1:
        return passed or [False] * len(tests)
    alone = await together(_passed(program, [test], pool, _ONE_TEST) for test in tests)
    return [found == [True] for found in alone]


async def _passed(
    program: str, tests: Sequence[str], pool: Pool, limits: Limits
) -> list[bool] | None:
    """Whether a program passes each test; ``None`` where it did not come to its end."""
    outcome = await pool.run(RunProgram(_testing(program, tests), _ENTRY), limits)
    if outcome.status is not Status.SOLVED or not isinstance(outcome.answer, list | tuple):
        return None
    return [bool(item) for item in outcome.answer]


def _testing(program: str, tests: Sequence[str]) -> str:
    """A program that says which of some tests another program passes."""
    return (
        f"{program}\n\n_TESTS = {list(tests)!r}\n\n"
        f"def {_ENTRY}():\n"
        "    passed = []\n"
        "    for test in _TESTS:\n"
        "        try:\n"
        "            exec(test, dict(globals()))\n"
        "            passed.append(True)\n"
        "        except BaseException:\n"
        "            passed.append(False)\n"
        "    return passed\n"
    )


@dataclass(frozen=True, slots=True)
class _Tried:
    """One task: its matrix, which programs are right, and what sampling took."""

    matrix: Marks
    right: list[bool]
    tokens: int

    def chosen(self, rule: PassRule) -> bool:
        place, _ = best_solution(rule, self.matrix)
        return place is not None and self.right[place]


async def _try(
    task: Task, engine: Engine, pool: Pool, *, solutions: int, tests: int, seed: int
) -> _Tried:
    programs, written = await asyncio.gather(
        engine.sample(
            _ask_program(task),
            SamplingParams(n=solutions, seed=seed, temperature=0.8, top_p=0.95, max_tokens=320),
        ),
        engine.sample(
            _ask_tests(task),
            SamplingParams(n=tests, seed=seed, temperature=0.8, top_p=0.95, max_tokens=200),
        ),
    )
    sources = [task.head + item.text for item in programs]
    asserted = read_tests([item.text for item in written], task.entry)
    matrix = await matrix_of(sources, asserted, pool)
    verdicts = await matrix_of(sources, [task.hidden], pool)
    tokens = sum(item.completion_tokens for item in (*programs, *written))
    return _Tried(matrix, [bool(row[0]) for row in verdicts], tokens)


def measure(
    path: Path, engine: Engine, *, items: int, solutions: int, tests: int, seed: int, at_once: int
) -> dict[str, Any]:
    """Choose among programs by tests, by each rule.

    Args:
        path: HumanEval or MBPP.
        engine: Writes programs and tests.
        items: Functions to take.
        solutions: Programs of each.
        tests: Texts with assertions of each.
        seed: Of the choice of the functions and of the sampling.
        at_once: Functions that are worked on at once.
    """
    tasks = read_tasks(path)
    chosen = random.Random(seed).sample(tasks, min(items, len(tasks)))
    tried = asyncio.run(_try_all(chosen, engine, solutions, tests, seed, at_once))
    marks = {name: [item.chosen(rule) for item in tried] for name, rule in RULES.items()}
    shares = [sum(item.right) / solutions for item in tried]
    counts = [item.matrix.shape[1] for item in tried]
    return {
        "functions": len(tried),
        "programs": solutions,
        "tests a function": float(np.mean(counts)),
        "functions without a test": counts.count(0),
        "completion tokens": sum(item.tokens for item in tried),
        "right": {
            **{name: mean(right) for name, right in marks.items()},
            "one at random": mean(shares),
            "any of them": float(
                np.mean([pass_at(solutions, solutions, sum(t.right)) for t in tried])
            ),
        },
        "paired with MBR-exec": {
            name: compare_paired(marks[name], marks["MBR-exec"], [task.id for task in chosen])
            for name in RULES
            if name != "MBR-exec"
        },
    }


async def _try_all(
    tasks: Sequence[Task], engine: Engine, solutions: int, tests: int, seed: int, at_once: int
) -> list[_Tried]:
    pool, room = Pool(), asyncio.Semaphore(at_once)

    async def one(task: Task) -> _Tried:
        async with room:
            found = await _try(task, engine, pool, solutions=solutions, tests=tests, seed=seed)
            bar.advance(done)
            return found

    try:
        with Progress(console=Console(stderr=True)) as bar:
            done = bar.add_task("functions", total=len(tasks))
            return await together(map(one, tasks))
    finally:
        await pool.aclose()
