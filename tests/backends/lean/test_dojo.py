"""LeanDojo's driver, with a real ``Dojo`` around a program that talks as its tactic does."""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from neurosym.backends.lean.dojo import DojoProver, OpenDojo, dojos_in, read_goals
from neurosym.backends.lean.tactics import ProofState, TacticFailure, TacticProver
from neurosym.errors import BackendError, FormulaError, IsolationError, OptionError
from neurosym.formal.lean.theorem import Theorem, read_theorem
from tests.backends.lean.programs import make_program, running

SWAP = read_theorem(
    "import Mathlib\n\ntheorem swap (p q : Prop) (h : p ∧ q) : q ∧ p := by\n  sorry\n"
)
CONTEXT = "p q : Prop\nh : p ∧ q"
LEFT, RIGHT = f"case left\n{CONTEXT}\n⊢ q", f"case right\n{CONTEXT}\n⊢ p"


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("CACHE_DIR", str(tmp_path))  # it makes that folder while it is loaded
    return pytest.importorskip("lean_dojo", reason="LeanDojo is not installed")


@pytest.fixture
def open_dojo(package: Any, tmp_path: Path) -> OpenDojo:
    """Dojos as LeanDojo's own, but that what they start is the program beside this file."""
    pexpect = pytest.importorskip("pexpect", reason="LeanDojo is not installed")
    program = make_program("dojo_stand_in.py", tmp_path / "dojo")

    class Dojo(package.Dojo):  # type: ignore[misc]
        def __enter__(self) -> tuple[Any, Any]:
            self.modified_file = tempfile.NamedTemporaryFile("wt").__enter__()
            self.proc = pexpect.spawn(
                str(program), timeout=self.timeout, maxread=1, encoding="utf-8", echo=False
            )
            said = json.loads(self._read_next_line()[0])
            return self, package.TacticState(self._post_process(said["tacticState"]), said["sid"])

    def opened(theorem: Theorem) -> Any:
        return Dojo(package.Theorem(None, Path("Swap.lean"), theorem.name), timeout=5)

    return opened


@pytest.fixture
async def prover(open_dojo: OpenDojo) -> AsyncIterator[DojoProver]:
    made = DojoProver(open_dojo, seconds=2.0, workers=1, unsafe=True)
    yield made
    await made.aclose()
    assert not running("dojo")


async def reached(prover: DojoProver, state: ProofState, tactic: str) -> ProofState:
    found = await prover.run(state, tactic, 5)
    assert isinstance(found, ProofState)
    return found


async def token(prover: DojoProver, state: ProofState) -> str:
    """Which process goes on from a state."""
    found = await prover.run(state, "token", 2)
    assert isinstance(found, TacticFailure)
    return found.message.split()[0]


# ------------------------------------------------------------------------ without the package


@pytest.mark.parametrize(
    ("shown", "goals"),
    [
        ("⊢ p", ("⊢ p",)),
        (f"{LEFT}\n\n{RIGHT}", (LEFT, RIGHT)),
        (f"\n\n{LEFT}\n\n\n{RIGHT}\n", (LEFT, RIGHT)),
        ("", ()),
    ],
)
def test_goals_are_parted_by_blank_lines(shown: str, goals: tuple[str, ...]) -> None:
    assert read_goals(shown) == goals


def test_without_the_package_the_error_says_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "lean_dojo", None)
    attempts: list[Callable[[], object]] = [
        lambda: DojoProver(lambda theorem: None, unsafe=True),  # type: ignore[arg-type,return-value]
        lambda: dojos_in(None, "A.lean"),
    ]
    for attempt in attempts:
        with pytest.raises(BackendError, match="not installed") as caught:
            attempt()
        assert "pip install" in caught.value.hint
        assert "lean-dojo" in caught.value.hint


def test_lean_without_isolation_has_to_be_wanted() -> None:
    with pytest.raises(IsolationError, match="your rights"):
        DojoProver(lambda theorem: None)  # type: ignore[arg-type,return-value]


# ------------------------------------------------------------------------ with it


def test_numbers_that_make_no_prover_are_refused(open_dojo: OpenDojo) -> None:
    for workers, processes in ((0, 1), (2, 1)):
        with pytest.raises(OptionError):
            DojoProver(open_dojo, workers=workers, processes=processes, unsafe=True)


async def test_a_proof_goes_on_from_any_of_its_states(prover: DojoProver) -> None:
    assert isinstance(prover, TacticProver)
    start = await prover.start(SWAP)
    assert start.goals == (f"{CONTEXT}\n⊢ q ∧ p",)
    two = await reached(prover, start, "constructor")
    assert two.goals == (LEFT, RIGHT)
    one = await reached(prover, two, "exact h.right")
    assert one.goals == (RIGHT,)
    done = await reached(prover, one, "exact h.left")
    assert done.is_proved
    assert await prover.run(done, "exact h", 1) == TacticFailure("no goal is left")
    assert (await reached(prover, two, "exact h.2")).goals == (RIGHT,)


@pytest.mark.parametrize(
    ("tactic", "reason"),
    [
        ("foo", "<stdin>:1:1: unknown tactic foo"),
        ("sorry", "without a proof"),
        ("hang", "Lean took more than its 0.6 seconds"),
        ("die 3", "Unexpected"),
        ("garbage", "Invalid JSON"),
        ("exact h\ntheorem more : True := h", "begins another command"),
        (f"exact h.{'x' * 5000}", "too long"),
        ("exact h -- \x7f\x7f", "too long, or has signs of control"),
    ],
)
async def test_a_tactic_that_fails_leaves_the_state_before_it_usable(
    prover: DojoProver, tactic: str, reason: str
) -> None:
    two = await reached(prover, await prover.start(SWAP), "constructor")
    found = await prover.run(two, tactic, 0.6)
    assert isinstance(found, TacticFailure)
    assert reason in found.message
    assert (await reached(prover, two, "exact h.right")).goals == (RIGHT,)


async def test_a_late_answer_is_not_taken_for_that_to_the_next_tactic(prover: DojoProver) -> None:
    start = await prover.start(SWAP)
    found = await prover.run(start, "late 0.4", 0.2)
    assert found == TacticFailure("Lean took more than its 0.2 seconds")
    await asyncio.sleep(0.3)
    assert (await reached(prover, start, "constructor")).goals == (LEFT, RIGHT)


async def test_a_theorem_keeps_its_process_unless_a_tactic_may_run_code(
    prover: DojoProver,
) -> None:
    start = await prover.start(SWAP)
    first = await token(prover, start)
    assert await token(prover, start) == first
    await prover.run(start, "run_tac x", 1)
    assert await token(prover, start) != first


async def test_several_go_on_at_once(open_dojo: OpenDojo) -> None:
    prover = DojoProver(open_dojo, workers=3, unsafe=True)
    try:
        two = await reached(prover, await prover.start(SWAP), "constructor")
        found = await asyncio.gather(*(prover.run(two, "exact h.2", 5) for _ in range(6)))
    finally:
        await prover.aclose()
    assert [item.goals for item in found if isinstance(item, ProofState)] == [(RIGHT,)] * 6


async def test_one_that_is_closed_says_so_and_ends_what_runs(open_dojo: OpenDojo) -> None:
    prover = DojoProver(open_dojo, workers=1, unsafe=True)
    start = await prover.start(SWAP)
    task = asyncio.create_task(prover.run(start, "hang", 60))
    await asyncio.sleep(0.2)
    begun = time.monotonic()
    await prover.aclose()
    await prover.aclose()
    assert time.monotonic() - begun < 5
    assert isinstance(await task, TacticFailure)
    with pytest.raises(BackendError, match="closed"):
        await prover.run(start, "skip", 1)
    assert not running("dojo")


async def test_a_theorem_that_cannot_be_opened_is_an_error(package: Any) -> None:
    prover = DojoProver(dojos_in(None, "Swap.lean"), unsafe=True)
    with pytest.raises(BackendError, match="cannot open the theorem"):
        await prover.start(SWAP)
    nameless = read_theorem("example : True := by trivial\n")
    with pytest.raises(FormulaError, match="by its name"):
        await prover.start(nameless)
    await prover.aclose()
