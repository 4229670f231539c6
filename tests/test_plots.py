"""Pictures of recorded results."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.plots import draw_trust

RESULTS = Path(__file__).parent.parent / "benchmarks" / "results"


@pytest.mark.parametrize("result", sorted(RESULTS.glob("gsm8k-*.json")), ids=lambda path: path.stem)
def test_every_way_of_choosing_is_in_the_picture(result: Path, tmp_path: Path) -> None:
    out = tmp_path / "trust.svg"
    draw_trust(result, out)
    text = out.read_text()
    for words in ("majority", "weighted vote", "fitted on the other folds", "greedy", "Brier"):
        assert words in text


def test_a_picture_is_the_same_each_time(tmp_path: Path) -> None:
    result = next(RESULTS.glob("gsm8k-*.json"))
    for name in ("one.svg", "other.svg"):
        draw_trust(result, tmp_path / name)
    assert (tmp_path / "one.svg").read_bytes() == (tmp_path / "other.svg").read_bytes()
