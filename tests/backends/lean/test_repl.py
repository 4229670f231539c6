"""The REPL's driver, with real processes in the sandbox that talk as the REPL does."""

from __future__ import annotations

import asyncio
import shutil
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from neurosym.backends.lean.elaboration import LEAN_LIMITS, Elaboration, Elaborator, Ending
from neurosym.backends.lean.messages import SORRY, Message, Position, Severity
from neurosym.backends.lean.places import repl_program
from neurosym.backends.lean.repl import ReplElaborator, ReplProver
from neurosym.backends.lean.repl_process import REPL_VARIABLE, ReplPool, find_repl
from neurosym.backends.lean.tactics import ProofState, TacticFailure, TacticProver
from neurosym.backends.lean.toolchain import Toolchain
from neurosym.errors import BackendError, FormulaError, OptionError
from neurosym.formal.lean.theorem import Theorem, read_theorem
from tests.backends.lean.programs import PYTHON, make_program, running

HEADER = "import Mathlib\n"
SWAP = read_theorem(
    HEADER + "open Nat\n\ntheorem swap (p q : Prop) (h : p ∧ q) : q ∧ p := by\n  sorry\n"
)
CONTEXT = "p q : Prop\nh : p ∧ q"
SHORT = replace(LEAN_LIMITS, seconds=0.7)


@pytest.fixture(scope="module")
def repl(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The program, as an executable of its own."""
    return make_program("repl_stand_in.py", tmp_path_factory.mktemp("repl") / "repl")


@pytest.fixture(scope="module")
def python() -> Toolchain:
    """What the program needs, in place of a Lean."""
    return Toolchain(PYTHON, "4.33.0", (PYTHON.parent,))


@pytest.fixture
async def lean(repl: Path, python: Toolchain) -> AsyncIterator[ReplElaborator]:
    made = ReplElaborator(ReplPool(python, repl, workers=1))
    yield made
    await made.aclose()


@pytest.fixture
async def prover(repl: Path, python: Toolchain) -> AsyncIterator[ReplProver]:
    made = ReplProver(ReplPool(python, repl, workers=1))
    yield made
    await made.aclose()


def said(found: Elaboration) -> list[str]:
    assert (found.ending, found.detail) == (Ending.FINISHED, "")
    return [item.text for item in found.messages]


async def process(lean: ReplElaborator, header: str = HEADER) -> str:
    """Which process a file with a header gets."""
    [text] = said(await lean.elaborate(header + "--:token\n"))
    return text.split()[0]


# ------------------------------------------------------------------------ where it is


def test_the_repl_is_the_one_that_is_named(
    repl: Path, tmp_path: Path, own_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(REPL_VARIABLE, raising=False)
    with pytest.raises(BackendError, match="no REPL"):
        find_repl()
    assert find_repl(repl) == repl
    built = tmp_path / "mine" / ".lake" / "build" / "bin" / "repl"
    monkeypatch.setenv(REPL_VARIABLE, str(tmp_path / "mine"))
    with pytest.raises(BackendError, match="no REPL"):
        find_repl()
    for program in (built, repl_program()):
        program.parent.mkdir(parents=True)
        shutil.copy(repl, program)
    assert find_repl() == built
    monkeypatch.delenv(REPL_VARIABLE)
    assert find_repl().is_relative_to(own_cache)
    with pytest.raises(BackendError, match="no REPL"):
        find_repl(tmp_path / "nothing")


# ------------------------------------------------------------------------ files


async def test_what_is_said_of_a_file_has_the_files_own_lines(lean: ReplElaborator) -> None:
    as_any_other: Elaborator = lean
    text = (
        "/- about -/ import Mathlib\nimport Aesop open Nat\n--:warning é𝔸\n"
        "theorem t : p := by\n  sorry\n--:trace b\n--:error c\n"
    )
    found = await as_any_other.elaborate(text)
    assert (found.ending, found.detail) == (Ending.FINISHED, "")
    assert found.messages == (
        Message(Severity.WARNING, "é𝔸", Position(3, 3), Position(3, 10)),
        Message(
            Severity.WARNING, "declaration uses `sorry`", Position(4, 8), Position(4, 9), SORRY
        ),
        Message(Severity.INFORMATION, "b", Position(6, 3), Position(6, 8)),
        Message(Severity.ERROR, "c", Position(7, 3), Position(7, 8)),
    )
    assert found.seconds > 0


async def test_a_header_is_imported_once_for_many_files(lean: ReplElaborator) -> None:
    texts = [HEADER + f"-- {k}\n--:token\n" for k in range(5)]
    found = [said(await lean.elaborate(text))[0].split() for text in texts]
    assert len({token for token, _ in found}) == 1
    # One environment is the header's, and each file makes one.
    assert [int(count) for _, count in found] == [1, 2, 3, 4, 5]


async def test_a_header_with_errors_is_all_that_is_said(lean: ReplElaborator) -> None:
    for _ in range(2):
        found = await lean.elaborate("import Nothing\n--:error never\n")
        assert said(found) == ["unknown module prefix 'Nothing'"]
        assert found.errors[0].start == Position(1, 0)


async def test_a_file_that_is_empty_is_one(lean: ReplElaborator) -> None:
    assert said(await lean.elaborate("")) == []
    assert said(await lean.elaborate("-- \ud800")) == []


async def test_headers_make_room_for_each_other(repl: Path, python: Toolchain) -> None:
    lean = ReplElaborator(ReplPool(python, repl, workers=1, spares=1))
    try:
        first, second = await process(lean, "import A\n"), await process(lean, "import B\n")
        assert await process(lean, "import B\n") == second
        await process(lean, "import C\n")
        assert await process(lean, "import A\n") != first
        assert len(running("repl")) <= 2
    finally:
        await lean.aclose()
    assert not running("repl")


async def test_a_process_is_replaced_after_so_many_files(repl: Path, python: Toolchain) -> None:
    lean = ReplElaborator(ReplPool(python, repl, workers=1, spares=0, requests_per_process=2))
    try:
        tokens = [await process(lean) for _ in range(4)]
    finally:
        await lean.aclose()
    assert tokens[0] == tokens[1] != tokens[2] == tokens[3]


async def test_a_file_that_may_run_code_has_its_process_to_itself(lean: ReplElaborator) -> None:
    before = await process(lean)
    assert said(await lean.elaborate(HEADER + "#eval 1\n")) == []
    assert await process(lean) != before


@pytest.mark.parametrize(
    ("line", "ending", "detail"),
    [
        ("--:hang", Ending.TIMEOUT, "Lean took more than its 0.7 seconds"),
        ("--:garbage", Ending.CRASHED, "what the REPL said is no answer: no JSON"),
        ('--:garbage {"env": []}', Ending.CRASHED, "lacks something"),
        ("--:die 3", Ending.CRASHED, "ended its process with code 3: 3"),
        ("--:die", Ending.CRASHED, "the REPL ended before it was through"),
        ("--:abort", Ending.CRASHED, "was killed by SIG"),
        ("--:flood", Ending.CRASHED, "Lean said more than"),
    ],
)
async def test_a_file_that_ends_its_process_costs_itself_only(
    lean: ReplElaborator, line: str, ending: Ending, detail: str
) -> None:
    begun = time.monotonic()
    found = await lean.elaborate(f"{HEADER}{line}\n", SHORT)
    assert found.ending is ending
    assert detail in found.detail
    assert found.messages == ()
    assert found.memory_bytes > 1 << 20
    assert said(await lean.elaborate(HEADER + "--:info x\n")) == ["x"]
    assert time.monotonic() - begun < 8


async def test_a_header_that_ends_its_process_is_named(lean: ReplElaborator) -> None:
    # What stands between the lines of a header is a part of it.
    found = await lean.elaborate("import A\n--:die 4\nimport B\n")
    assert found.ending is Ending.CRASHED
    assert found.detail.startswith("the header: ")
    assert "code 4" in found.detail


async def test_memory_has_a_limit_and_an_old_process_is_not_held_against_a_file(
    lean: ReplElaborator,
) -> None:
    tight = replace(LEAN_LIMITS, memory_bytes=1 << 30)
    too_much = HEADER + "--:take 12\n"
    found = await lean.elaborate(too_much, tight)
    assert (found.ending, found.detail) == (
        Ending.OUT_OF_MEMORY, "Lean needs more than its 1024 MB",
    )  # fmt: skip
    assert said(await lean.elaborate(too_much, replace(tight, memory_bytes=16 << 30))) == []
    # Each of them leaves less for the one after it, none needs more than there is.
    for _ in range(4):
        assert said(await lean.elaborate(HEADER + "--:take 4\n", tight)) == []


async def test_results_come_in_order_from_several_processes(repl: Path, python: Toolchain) -> None:
    lean = ReplElaborator(ReplPool(python, repl, workers=2))
    try:
        texts = [HEADER + f"--:info {k}\n" for k in range(20)]
        found = await asyncio.gather(*map(lean.elaborate, texts))
    finally:
        await lean.aclose()
    assert [said(item) for item in found] == [[str(k)] for k in range(20)]


async def test_one_that_is_closed_says_so(repl: Path, python: Toolchain) -> None:
    lean = ReplElaborator(ReplPool(python, repl))
    await lean.elaborate(HEADER)
    task = asyncio.create_task(lean.elaborate(HEADER + "--:hang\n"))
    await asyncio.sleep(0.3)
    await lean.aclose()
    await lean.aclose()
    with pytest.raises(BackendError):
        await task
    with pytest.raises(BackendError, match="closed"):
        await lean.elaborate(HEADER)
    assert not running("repl")


def test_numbers_that_make_no_pool_are_refused(repl: Path, python: Toolchain) -> None:
    for workers, spares, files in ((0, 1, 1), (1, -1, 1), (1, 1, 0)):
        with pytest.raises(OptionError):
            ReplElaborator(
                ReplPool(python, repl, workers=workers, spares=spares, requests_per_process=files)
            )


# ------------------------------------------------------------------------ proofs


async def reached(prover: ReplProver, state: ProofState, tactic: str) -> ProofState:
    found = await prover.run(state, tactic, 5)
    assert isinstance(found, ProofState)
    return found


async def test_a_proof_goes_on_from_any_of_its_states(prover: ReplProver) -> None:
    assert isinstance(prover, TacticProver)
    start = await prover.start(SWAP)
    assert start.goals == (f"{CONTEXT}\n⊢ q ∧ p",)
    two = await reached(prover, start, "constructor")
    left, right = f"case left\n{CONTEXT}\n⊢ q", f"case right\n{CONTEXT}\n⊢ p"
    assert two.goals == (left, right)
    one = await reached(prover, two, "exact h.right")
    assert one.goals == (right,)
    assert not one.is_proved
    assert (await reached(prover, one, "exact h.left")).is_proved
    assert (await reached(prover, two, "exact h.2")).goals == (right,)


@pytest.mark.parametrize(
    ("tactic", "reason"),
    [
        ("exact unknown", "Unknown identifier `unknown`"),
        ("exat h", "<input>:1:1: unknown tactic"),
        ("sorry", "without a proof"),
        ("refine ?x", "contains metavariable(s)"),
        ("hang", "Lean took more than its 0.7 seconds"),
        ("die 3", "code 3"),
        ("garbage", "no answer"),
        ("exact h\ntheorem more : True := h", "begins another command"),
        ("/- open", "no end"),
    ],
)
async def test_a_tactic_that_fails_leaves_the_state_before_it_usable(
    prover: ReplProver, tactic: str, reason: str
) -> None:
    start = await prover.start(SWAP)
    two = await reached(prover, start, "constructor")
    found = await prover.run(two, tactic, 0.7)
    assert isinstance(found, TacticFailure)
    assert reason in found.message
    one = await reached(prover, two, "exact h.right")
    assert one.goals == two.goals[1:]


async def test_a_theorem_keeps_its_process(prover: ReplProver) -> None:
    start = await prover.start(SWAP)
    tokens = set()
    for _ in range(3):
        found = await prover.run(start, "token", 1)
        assert isinstance(found, TacticFailure)
        tokens.add(found.message.split()[0])
    assert len(tokens) == 1


async def test_a_tactic_that_may_run_code_has_its_process_to_itself(prover: ReplProver) -> None:
    start = await prover.start(SWAP)
    before = await prover.run(start, "token", 1)
    await prover.run(start, "run_tac x", 1)
    after = await prover.run(start, "token", 1)
    assert isinstance(before, TacticFailure)
    assert isinstance(after, TacticFailure)
    assert before.message.split()[0] != after.message.split()[0]


async def test_states_are_made_again_where_several_go_on_at_once(
    repl: Path, python: Toolchain
) -> None:
    prover = ReplProver(ReplPool(python, repl, workers=3, spares=0))
    try:
        two = await reached(prover, await prover.start(SWAP), "constructor")
        found = await asyncio.gather(*(prover.run(two, "exact h.2", 5) for _ in range(9)))
    finally:
        await prover.aclose()
    assert {item.goals for item in found if isinstance(item, ProofState)} == {two.goals[1:]}
    assert all(isinstance(item, ProofState) for item in found)


@pytest.mark.parametrize(
    ("preamble", "reason"),
    [("--:error it is wrong\n", "it is wrong"), ("import Nothing\n", "unknown module prefix")],
)
async def test_a_statement_that_lean_rejects_is_named(
    prover: ReplProver, preamble: str, reason: str
) -> None:
    text = preamble + "\ntheorem t (p : Prop) : p := by sorry\n"
    with pytest.raises(FormulaError, match=reason):
        await prover.start(read_theorem(text))


async def test_the_state_is_that_of_the_theorem_itself(prover: ReplProver) -> None:
    text = HEADER + "theorem u : a := sorry\ntheorem t : b := by sorry\n"
    theorem: Theorem = read_theorem(text, "t")
    assert (await prover.start(theorem)).goals == ("⊢ b",)


async def test_a_state_of_another_prover_is_refused(prover: ReplProver) -> None:
    with pytest.raises(BackendError, match="another prover's"):
        await prover.run(ProofState("x", ("⊢ p",)), "rfl", 1)
