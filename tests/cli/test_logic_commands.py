"""``prove``, ``formalize`` and ``record`` as a person types them. No model is loaded here."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from neurosym.cli.exits import Exit
from neurosym.formal.fol.dialects.registry import find_dialect
from tests.cli.test_commands import run

pytestmark = pytest.mark.usefixtures("own_cache")

SOCRATES = """Premises:
∀x (Man(x) → Mortal(x)) ::: All men are mortal.
Man(socrates) ::: Socrates is a man.
Greek(plato)
Conclusion:
Mortal(socrates) ::: Socrates is mortal.
"""
SEATS = """# Declarations
people = EnumSort([Ann, Bob, Cat])
seats = EnumSort([1, 2, 3])
sits = Function([people] -> [seats])

# Constraints
Distinct([p:people], sits(p)) ::: No two share a seat.
sits(Ann) < sits(Bob) ::: Ann sits left of Bob.

# Options
Question ::: Which must be true?
is_valid(sits(Ann) == 1) ::: (A)
is_valid(sits(Bob) != 1) ::: (B)
is_valid(sits(Cat) == 3) ::: (C)
"""


@pytest.fixture
def socrates(tmp_path: Path) -> str:
    path = tmp_path / "socrates.fol"
    path.write_text(SOCRATES)
    return str(path)


@pytest.mark.parametrize("prover", ["z3", "e", "both"])
def test_a_claim_is_proved_and_the_premises_used_are_shown(socrates: str, prover: str) -> None:
    shown = run("prove", socrates, "--prover", prover)
    assert shown.returncode == Exit.ANSWERED, shown.stderr
    assert "True" in shown.stdout
    assert "All men are mortal." in shown.stdout
    assert "Greek" not in shown.stdout, "a premise that was not used"


def test_both_provers_agree_and_the_proof_is_written_out(socrates: str) -> None:
    data = json.loads(run("prove", socrates, "--prover", "both", "--json").stdout)
    assert data["status"] == "proved"
    assert data["used"] == "1 2"
    assert data["cross-check"] == "both provers agree"
    assert "negated_conjecture" in data["proof"]


@pytest.mark.parametrize(
    ("premises", "claim", "answer", "code"),
    [
        ("P(a)\n¬Q(a)", "Q(a)", "False", Exit.ANSWERED),
        ("P(a)", "Q(a)", "Uncertain", Exit.ANSWERED),
        ("P(a)\n¬P(a)", "Q(a)", "no answer", Exit.ABSTAINED),
    ],
)
def test_the_other_outcomes(premises: str, claim: str, answer: str, code: int) -> None:
    shown = run("prove", "-", stdin=f"{premises}\n⊢ {claim}".encode())
    assert shown.returncode == code, shown.stderr
    assert shown.stdout.startswith(answer)
    if answer == "no answer":
        assert "premises 1 and 2" in shown.stdout


def test_options_are_tested_and_solutions_listed() -> None:
    shown = run("prove", "-", stdin=SEATS.encode())
    assert shown.returncode == Exit.ANSWERED, shown.stderr
    assert shown.stdout.startswith("B ")
    assert "B: must be true" in shown.stdout
    listed = json.loads(run("prove", "-", "--all", "10", "--json", stdin=SEATS.encode()).stdout)
    seats = {tuple(sorted(world.items())) for world in listed["solutions"]}
    assert seats == {
        (("sits(Ann)", ann), ("sits(Bob)", bob), ("sits(Cat)", cat))
        for ann, bob, cat in [("1", "2", "3"), ("1", "3", "2"), ("2", "3", "1")]
    }
    assert listed["complete"] is True
    few = json.loads(run("prove", "-", "--all", "2", "--json", stdin=SEATS.encode()).stdout)
    assert (len(few["solutions"]), few["complete"]) == (2, False)


@pytest.mark.parametrize(
    ("to", "sign"),
    [
        ("fol", "∀x (Man(x) → Mortal(x)) ::: All men are mortal."),
        ("nltk", "all x. (Man(x) -> Mortal(x))"),
        ("latex", r"\forall x\, (\mathit{Man}(x) \rightarrow \mathit{Mortal}(x))"),
        ("tptp", "fof(claim, conjecture, 'Mortal'(socrates))."),
        ("smtlib", "(assert (! (not (Mortal socrates)) :named negated-claim))"),
        ("lean", "(premise_1 : ∀ x : Entity, Man x → Mortal x)"),
        ("rules", "Man($x, True) >>> Mortal($x, True) ::: All men are mortal."),
    ],
)
def test_a_theory_is_written_in_another_dialect_and_read_back(
    socrates: str, to: str, sign: str
) -> None:
    shown = run("formalize", socrates, "--to", to)
    assert shown.returncode == Exit.ANSWERED, shown.stderr
    assert sign in shown.stdout
    if to != "lean":
        again = run("prove", "-", stdin=shown.stdout.encode())
        assert again.stdout.startswith("True"), again.stderr


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("P(a) ∧\n⊢ Q(a)", "line 1, column 7: the text ends too early"),
        ("P(a)\nP(a, b)\n⊢ Q(a)", "P is used with 2 and with 1 arguments"),
        ("P(a)\nP(a) ∧ Q(b)", "neither a claim nor options"),
        ("Premises:\nP(a)\nConclusion:\n", "the conclusion is empty"),
        ("Premises:\nP(a)\nOptions:\nA) P(a)\nA) P(b)\n", "two options A"),
        ("hello world", "nothing tells which dialect"),
        (" \n", "is empty"),
        ("P(a)\x00 ∧ Q\n⊢ P(a)", "unexpected character"),
    ],
)
def test_a_theory_that_cannot_be_used_is_a_clear_answer(text: str, says: str) -> None:
    shown = run("prove", "-", stdin=text.encode())
    assert shown.returncode == Exit.BAD_INPUT
    assert says in shown.stderr
    assert "hint: " in shown.stderr
    assert "Traceback" not in shown.stderr


def test_who_gives_no_dialect_is_told_which_was_found() -> None:
    text = "P(bob) -> Q(bob)\nP(bob)\n|- Q(bob)"
    assert "read as nltk" in run("prove", "-", stdin=text.encode()).stdout
    assert "read as" not in run("prove", "-", "--from", "nltk", stdin=text.encode()).stdout


def test_how_a_conclusion_is_written_is_said_where_there_is_none() -> None:
    script = b"(declare-const p Bool)\n(assert p)\n(assert (not p))\n(check-sat)"
    shown = run("prove", "-", stdin=script)
    assert shown.returncode == Exit.BAD_INPUT
    assert "(assert (! (not …) :named negated-claim))" in " ".join(shown.stderr.split())


def test_an_unknown_dialect_is_refused_with_those_there_are(socrates: str) -> None:
    shown = run("prove", socrates, "--from", "klingon")
    assert shown.returncode == Exit.BAD_INPUT
    assert "klingon" in shown.stderr
    assert "smtlib" in shown.stderr


def test_what_was_meant_is_read_only_when_asked_and_the_repairs_are_told() -> None:
    text = "∀x (Man(x) → Mortal(x)\nMan(socrates)\n⊢ Mortal(socrates)".encode()
    assert run("prove", "-", stdin=text).returncode == Exit.BAD_INPUT
    shown = run("prove", "-", "--tolerant", stdin=text)
    assert shown.returncode == Exit.ANSWERED
    assert "read with a repair: brackets" in shown.stdout


def test_five_thousand_premises_are_decided() -> None:
    premises = "\n".join(f"∀x (P{i}(x) → P{i + 1}(x))" for i in range(5000))
    begin = time.monotonic()
    shown = run("prove", "-", "--seconds", "30", stdin=f"{premises}\nP0(a)\n⊢ P3(a)".encode())
    assert shown.returncode == Exit.ANSWERED, shown.stderr
    assert shown.stdout.startswith("True")
    assert time.monotonic() - begin < 60


def test_a_theory_that_needs_more_than_its_time_is_no_answer() -> None:
    # A dense order without end has no finite world, and nothing here decides the claim.
    text = (
        "∀x ∃y L(x, y)\n∀x ¬L(x, x)\n∀x ∀y ∀z (L(x, y) ∧ L(y, z) → L(x, z))\n"
        "∀x ∀y (L(x, y) → ∃z (L(x, z) ∧ L(z, y)))\n⊢ P(a)"
    )
    begin = time.monotonic()
    shown = run("prove", "-", "--seconds", "2", stdin=text.encode())
    assert shown.returncode == Exit.ABSTAINED
    assert "neither a proof nor a countermodel was found in time" in shown.stdout
    assert time.monotonic() - begin < 15


def test_recorded_samples_are_served_again(tmp_path: Path) -> None:
    recorded = tmp_path / "recorded.jsonl"
    pairs = (
        "TEXT: All men are mortal.\nFOL: all x. (Man(x) -> Mortal(x))\nTEXT: A is.\nFOL: Man(Al)\n"
    )
    problem = {
        "id": "p",
        "question": "All men are mortal. Al is a man. Does it follow that Al is mortal?",
        "kind": "logic",
        "answer": "True",
        "samples": [
            pairs + "FOL: Mortal(Al)\n",
            pairs + "FOL: Mortal(Al)",
            pairs + "FOL: -Mortal(Al)\n",
        ],
        "tokens": [7, 8, 9],
    }
    recorded.write_text(json.dumps(problem) + "\n")
    options = ("--engine", "replay", "--model", str(recorded), "--samples", "3")
    folder = tmp_path / "run"
    shown = run("solve", str(recorded), "--run", str(folder), "--explain", *options)
    assert shown.returncode == Exit.ANSWERED, shown.stderr
    solution = json.loads(shown.stdout)
    assert solution["answer"] == "True"
    assert solution["usage"]["completion_tokens"] == 24
    again = tmp_path / "again.jsonl"
    written = run("record", str(folder), str(recorded), str(again))
    assert written.returncode == Exit.ANSWERED, written.stderr
    data = json.loads(again.read_text())
    assert (data["samples"], data["tokens"]) == (problem["samples"], problem["tokens"])
    assert data["answer"] == "True"


def test_a_reader_that_goes_away_is_no_error() -> None:
    theory = "".join(f"P{i}(a)\n" for i in range(3000)) + "⊢ Q(a)"
    command = [sys.executable, "-m", "neurosym", "prove", "-"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdout.close()
        process.stdin.write(theory.encode())
        process.stdin.close()
        assert process.stderr is not None
        assert process.stderr.read() == b""
        assert process.wait(60) == Exit.ANSWERED


def test_numbers_that_nobody_declared_are_said_to_be_whole() -> None:
    whole = "weight(parcel) > 3\nweight(parcel) < 5\n⊢ weight(parcel) = 4\n"
    done = run("prove", "-", stdin=whole.encode())
    assert done.stdout.startswith("True (proved)")
    assert "taken to be whole: weight" in done.stdout
    declared = (
        "Declarations:\nweight: Entity -> Real\nPremises:\nweight(parcel) > 3\n"
        "weight(parcel) < 5\nConclusion:\nweight(parcel) = 4\n"
    )
    done = run("prove", "-", stdin=declared.encode())
    assert done.stdout.startswith("Uncertain")
    assert "taken to be whole" not in done.stdout


def test_a_table_in_plain_words_is_no_formula() -> None:
    text = (
        "A farm at the market has 10 hectares.\n\n| crop | profit |\n|---|---|\n| leeks | 5 |\n"
        "| beans | 7 |\n\nMaximize profit.\n"
    )
    assert find_dialect(text) is None


def test_what_options_say_and_numbers_are_shown_as_people_write_them() -> None:
    done = run("prove", "-", stdin=SEATS.encode())
    assert "B: must be true: sits(Bob) ≠ 1" in done.stdout
    done = run("prove", "-", stdin=b"age(ann) > 0.5\nage(ann) < 1\n|- age(ann) = 0.6\n")
    assert "(/" not in done.stdout
    done = run("prove", "-", stdin=b"Man(mia)\nMan(tom)\n|- Tall(tom)\n")
    assert "mia = tom (“=” joins names of one thing)" in done.stdout
