"""The forty theorems of the benchmark: each proof proves its theorem, here and to Lean's kernel."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from neurosym.backends.lean.files import FileElaborator
from neurosym.backends.lean.tactics import ProofState
from neurosym.formal.lean.theorem import Theorem, read_theorem
from tests.backends.lean.small_prover import SmallProver
from tests.backends.lean.small_prover.expressions import Expr
from tests.backends.lean.small_prover.helpers import SECONDS
from tests.backends.lean.small_prover.real_lean import lean_file

FILE = Path(__file__).parents[4] / "benchmarks" / "theorems.lean"
TEXT = FILE.read_text(encoding="utf-8")
NAMES = re.findall(r"^theorem (\w+)", TEXT, re.MULTILINE)


def _tactics(theorem: Theorem) -> list[str]:
    """The tactics of a proof, one a line."""
    assert theorem.proof is not None
    first, *lines = theorem.proof.split("\n")
    assert first == "by"
    return [line.removeprefix("  ") for line in lines]


async def _proof(name: str) -> tuple[Expr, Expr]:
    """The statement and the proof of a theorem as terms."""
    theorem = read_theorem(TEXT, name)
    prover = SmallProver()
    state = await prover.start(theorem)
    for tactic in _tactics(theorem):
        assert not state.is_proved, tactic
        found = await prover.run(state, tactic, SECONDS)
        assert isinstance(found, ProofState), f"{tactic}: {found.message}"
        state = found
    assert state.is_proved
    return prover.proof(state)


def test_there_are_forty_in_order() -> None:
    assert len(NAMES) == 40
    assert [name[:4] for name in NAMES] == [f"t{number:02}_" for number in range(1, 41)]
    assert "sorry" not in TEXT
    assert len({read_theorem(TEXT, name).digest for name in NAMES}) == 40


@pytest.mark.parametrize("name", NAMES)
async def test_its_proof_proves_it(name: str) -> None:
    await _proof(name)


async def test_leans_kernel_takes_every_proof(lean: FileElaborator) -> None:
    said = await lean.elaborate(lean_file([await _proof(name) for name in NAMES]))
    assert not said.messages


@pytest.mark.parametrize("name", NAMES)
async def test_no_tactic_proves_it_at_once(name: str) -> None:
    theorem = read_theorem(TEXT, name)
    if len(_tactics(theorem)) == 1:
        return
    prover = SmallProver()
    state = await prover.start(theorem)
    for tactic in ("trivial", "rfl", "contradiction", "assumption"):
        found = await prover.run(state, tactic, SECONDS)
        assert not (isinstance(found, ProofState) and found.is_proved)
