"""Rows of measurements, what they add up to, and parts put together."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks.accuracy import Choice, Row, merge, report
from neurosym.errors import InputError


def row(name: str, *samples: bool, vote: bool, greedy: bool = False, **facts: float) -> Row:
    return Row(
        id=name,
        samples=samples,
        ways={"majority": Choice(0.5, False), "weighted vote": Choice(0.9 if vote else 0.4, vote)},
        ended={"proved, right": sum(samples), "malformed": len(samples) - sum(samples)},
        tokens={"vote": 100, "greedy": 20},
        others={"greedy": greedy},
        facts=facts,
    )


ROWS = [
    row("a", True, True, vote=True, greedy=True, rounds=2),
    row("b", True, False, vote=False),
    row("c", False, False, vote=False, rounds=1),
    row("d", True, True, vote=True),
]


def test_of_a_held_out_half_only_what_may_be_told_is_told(tmp_path: Path) -> None:
    state = tmp_path / "holdout.json"
    rows = [row(f"{i}", True, vote=i % 2 == 0) for i in range(40)]
    found = report(rows, state)
    assert found.keys() == {"problems", "holdout"}, "nothing else shows the held-out half"
    assert found["holdout"]["ways"].keys() == {"greedy", "majority", "weighted vote"}
    assert found["holdout"]["open problems"] + found["holdout"]["held-out problems"] == 40
    again = report(rows, state)
    assert again["holdout"]["questions left"] <= found["holdout"]["questions left"]
    assert "accuracy" in report(rows)


def test_rows_add_up() -> None:
    found = report(ROWS)
    accuracy = {name: part["value"] for name, part in found["accuracy"].items()}
    assert accuracy == {
        "greedy": 0.25, "mean of samples": 0.625, "majority": 0.0, "weighted vote": 0.5,
        "oracle": 0.75,
    }  # fmt: skip
    assert found["vote over greedy"]["value"] == 0.25
    assert found["abstention"][4]["weighted vote"] == 1.0, "the surer half is right"
    assert found["facts"] == {"rounds": {"mean": 1.5, "problems": 2}}
    assert found["where samples ended"] == {"proved, right": 5, "malformed": 3}
    assert found["where problems ended"] == {
        "answered right": 2, "a right sample was outvoted": 1, "no sample was right": 1,
    }  # fmt: skip
    assert found["completion tokens"] == {"vote": 400, "greedy": 80}


def parts(tmp_path: Path, **other: str) -> list[Path]:
    paths = []
    for number, rows in enumerate([ROWS[:2], ROWS[2:]]):
        whole = {
            "data": "d",
            "engine": {"model": "m", **(other if number else {})},
            "sessions": [{"problems": 2}],
            **report(rows),
        }
        paths.append(tmp_path / f"{number}.json")
        paths[-1].write_text(json.dumps(whole))
    return paths


def test_a_measurement_in_two_parts_is_the_same_as_in_one(tmp_path: Path) -> None:
    merged = merge(parts(tmp_path))
    whole = json.loads(json.dumps(report(ROWS)))
    assert json.loads(json.dumps(merged)) | whole == json.loads(json.dumps(merged))
    assert merged["sessions"] == [{"problems": 2}, {"problems": 2}]


def test_parts_of_different_measurements_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="differ in their engine"):
        merge(parts(tmp_path, version="2"))
    first, _ = parts(tmp_path)
    with pytest.raises(InputError, match="a is in two parts"):
        merge([first, first])


def test_a_way_that_one_part_lacks_is_left_out() -> None:
    fitted = {**ROWS[0].ways, "fitted": Choice(0.5, True)}
    first = Row("e", (True,), fitted, {}, {}, {})
    found = report([first, ROWS[1]])
    assert "fitted" not in found["accuracy"]
    assert "greedy" not in found["accuracy"]
