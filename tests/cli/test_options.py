"""What the options of ``neurosym solve`` make."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from neurosym import Adaptive, Budget, Prices, SampleAndVote, Solver
from neurosym.backends.provers import ProverName
from neurosym.cli.options import build_solver, read_budget
from neurosym.errors import OptionError
from neurosym.runtime.runlog import RunLog
from neurosym.translators.formats import ClaimFormat, WordProblemRoute

ADAPTIVE = Adaptive(max=12, refine=1, seed=3)


def built(run: Path | None, strategy: str | None = None, **values: Any) -> Solver:
    return build_solver(
        engine="llamacpp",
        model=None,
        threads=None,
        record=None,
        strategy=strategy,
        values=values,
        shots=4,
        routes=WordProblemRoute.PROGRAM,
        claims=ClaimFormat.FOL,
        organise=False,
        budget=Budget(),
        total=Budget(),
        run=run,
        prover=ProverName.Z3,
        solver=None,
        unsafe=False,
        workers=None,
    )


def begin(folder: Path, settings: dict[str, Any]) -> None:
    RunLog(folder, {"strategy": settings}).close()


def test_a_run_goes_on_with_its_own_strategy_and_that_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    begin(tmp_path, ADAPTIVE.settings)
    assert built(tmp_path, samples=None).strategy == ADAPTIVE
    said = capsys.readouterr().err
    assert said == f"going on with the strategy of {tmp_path}: adaptive(refine=1, seed=3, max=12)\n"


@pytest.mark.parametrize(
    ("strategy", "values", "made"),
    [("adaptive(max=9)", {}, Adaptive(max=9)), (None, {"samples": 3}, SampleAndVote(samples=3))],
)
def test_what_is_asked_for_is_taken_instead(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    strategy: str | None,
    values: dict[str, Any],
    made: SampleAndVote,
) -> None:
    begin(tmp_path, ADAPTIVE.settings)
    assert built(tmp_path, strategy, **values).strategy == made
    assert capsys.readouterr().err == ""


def test_what_has_not_begun_or_is_of_another_command_takes_the_usual_strategy(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    begin(tmp_path / "proofs", {"name": "whole"})
    torn = tmp_path / "torn"
    torn.mkdir()
    (torn / "log.jsonl").write_text('{"neurosym":3,"depends_on":{"stra')
    for run in (None, tmp_path / "new", torn, tmp_path / "proofs"):
        assert built(run).strategy == SampleAndVote()
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("of", ["budget", "total"])
def test_each_limit_of_a_budget_can_be_given(of: str) -> None:
    limits = {
        "samples": 1,
        "tokens": 2,
        "prompt_tokens": 3,
        "completion_tokens": 4,
        "seconds": 5.0,
        "money": 6.0,
    }
    given = {f"{of}_{name}": limit for name, limit in limits.items()} | {"other_samples": 7}
    assert read_budget(of, given, "1,2") == Budget(1, 2, 3, 4, 5.0, 6.0, Prices(1.0, 2.0))
    with pytest.raises(OptionError, match="budget of prompt tokens is 0"):
        read_budget(of, {f"{of}_prompt_tokens": 0}, None)
