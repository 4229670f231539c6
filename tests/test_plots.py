"""Pictures of recorded results."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from benchmarks.plots import draw_trust
from benchmarks.selection_plot import draw_selection, pareto_front
from neurosym import Select

RESULTS = Path(__file__).parent.parent / "benchmarks" / "results"


@pytest.mark.parametrize("result", sorted(RESULTS.glob("gsm8k-*.json")), ids=lambda path: path.stem)
def test_every_way_of_choosing_is_in_the_picture(result: Path, tmp_path: Path) -> None:
    out = tmp_path / "trust.svg"
    draw_trust(json.loads(result.read_text()), out)
    text = out.read_text()
    for words in ("majority", "weighted vote", "fitted on the other folds", "greedy", "Brier"):
        assert words in text


def test_a_picture_is_the_same_each_time(tmp_path: Path) -> None:
    result = json.loads(next(RESULTS.glob("gsm8k-*.json")).read_text())
    for name in ("one.svg", "other.svg"):
        draw_trust(result, tmp_path / name)
    assert (tmp_path / "one.svg").read_bytes() == (tmp_path / "other.svg").read_bytes()


def test_what_samples_buy_is_drawn_in_a_picture_and_a_page(tmp_path: Path) -> None:
    data = json.loads((RESULTS / "selection-linc.json").read_text())
    for name in ("one.svg", "one.png", "one.html"):
        draw_selection(data, tmp_path / name)
    picture, page = (tmp_path / "one.svg").read_text(), (tmp_path / "one.html").read_text()
    ways = set(data["by samples"]) - {Select.SOUND}
    for words in (*ways, "Pareto front", "right, predicted", "wrong, seen"):
        assert words in picture
        assert words in page
    assert ">sound<" not in picture, "it abstains on purpose: its ends are the picture on the right"
    assert f"{data['by samples']['majority'][-1]['accuracy']:.1%}" in page
    assert not re.search(r"(?:src|href)=.https?:", page), "nothing is fetched to look at it"
    assert (tmp_path / "one.png").read_bytes().startswith(b"\x89PNG")


def test_the_front_is_what_no_cheaper_way_is_better_than() -> None:
    points = [(1, 0.5), (2, 0.4), (2, 0.7), (3, 0.7), (4, 0.6), (5, 0.9), (1, 0.3)]
    assert pareto_front(points) == [(1, 0.5), (2, 0.7), (5, 0.9)]
    assert pareto_front([]) == []
