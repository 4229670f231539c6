"""The messages of the community's REPL, as it prints them."""

from __future__ import annotations

from typing import Any

import pytest

from neurosym.backends.lean.messages import SORRY, Message, Position, Severity
from neurosym.backends.lean.repl_messages import (
    Answers,
    Refusal,
    Sorry,
    StepAnswer,
    goals_left,
    read_command,
    read_step,
    request,
)
from neurosym.backends.lean.server_messages import FrameError
from neurosym.backends.lean.tactics import TacticFailure
from neurosym.errors import BackendError


def answers(data: bytes, size: int = 7, most: int = 1000) -> list[dict[str, Any]]:
    """What a REPL answered, which comes piece by piece."""
    reader = Answers(most)
    pieces = [data[at : at + size] for at in range(0, len(data), size)]
    return [answer for piece in pieces for answer in reader.feed(piece)]


def test_requests_are_a_line_of_json_and_a_blank_one() -> None:
    assert request(cmd="a\n\nb\n", env=None) == b'{"cmd": "a\\n\\nb\\n"}\n\n'
    assert request(tactic="𝔸 \ud800", proofState=0).decode() == (
        '{"tactic": "𝔸 ?", "proofState": 0}\n\n'
    )


@pytest.mark.parametrize("size", [1, 7, 10_000])
def test_answers_are_cut_at_blank_lines(size: int) -> None:
    data = '{"env": 0}\n\n{"messages":\n [{"data": "a\\n\\n⊢ b"}],\n "env": 1}\n\n\n\n{"env'
    assert answers(data.encode(), size) == [
        {"env": 0},
        {"messages": [{"data": "a\n\n⊢ b"}], "env": 1},
    ]


@pytest.mark.parametrize("data", [b"uncaught exception\n\n", b"[1]\n\n", b"[" * 900 + b"\n\n"])
def test_what_is_no_answer_is_an_error(data: bytes) -> None:
    with pytest.raises(FrameError, match="no answer"):
        answers(data, 100)


def test_a_repl_may_not_say_too_much_or_unasked() -> None:
    with pytest.raises(FrameError, match="more than 9 bytes"):
        answers(b'{"env": 0}\n\n', most=9)
    reader = Answers(100)
    assert list(reader.feed(b'{"env": 0}\n\n{"env"')) == [{"env": 0}]
    with pytest.raises(FrameError, match="not asked"):
        reader.reset()


def test_an_answer_to_commands_as_the_repl_prints_it() -> None:
    [printed] = answers(
        """{"sorries":
 [{"proofState": 0,
   "pos": {"line": 2, "column": 23},
   "goal": "x : Int\\n⊢ x = 1",
   "endPos": {"line": 2, "column": 28}}],
 "messages":
 [{"severity": "error",
   "pos": {"line": 3, "column": 33},
   "endPos": {"line": 3, "column": 38},
   "data": "unsolved goals\\nx : Int\\nh : x = 1\\n⊢ x = x"},
  {"severity": "info",
   "pos": {"line": 2, "column": 0},
   "data": "f : Nat"},
  {"severity": "warning",
   "pos": {"line": 1, "column": 8},
   "endPos": null,
   "data": "declaration uses 'sorry'"}],
 "env": 4}

""".encode()
    )
    found = read_command(printed)
    assert not isinstance(found, Refusal)
    assert found.environment == 4
    assert found.sorries == (Sorry("x : Int\n⊢ x = 1", 0, Position(2, 23)),)
    warning, info, error = found.messages
    assert warning == Message(
        Severity.WARNING, "declaration uses 'sorry'", Position(1, 8), None, SORRY
    )
    assert info == Message(Severity.INFORMATION, "f : Nat", Position(2, 0))
    assert error.severity is Severity.ERROR
    assert (error.start, error.end) == (Position(3, 33), Position(3, 38))


@pytest.mark.parametrize(
    ("answer", "left"),
    [
        (
            {
                "proofStatus": "Incomplete: open goals remain",
                "proofState": 1,
                "goals": ["case zero\n⊢ 0 = 0", "case succ\nn✝ : Nat\n⊢ n✝ + 1 = 0"],
            },
            ("case zero\n⊢ 0 = 0", "case succ\nn✝ : Nat\n⊢ n✝ + 1 = 0"),
        ),
        ({"proofStatus": "Completed", "proofState": 2, "goals": []}, ()),
        (
            {
                "proofStatus": "Incomplete: contains sorry",
                "proofState": 1,
                "messages": [
                    {
                        "severity": "error",
                        "pos": {"line": 0, "column": 0},
                        "endPos": {"line": 0, "column": 0},
                        "data": "Unknown identifier `my_fake_premise`",
                    }
                ],
                "goals": [],
            },
            "Unknown identifier `my_fake_premise`",
        ),
        (
            {
                "sorries": [{"proofState": 1, "goal": "x : Int\n⊢ x = 1"}],
                "proofStatus": "Incomplete: open goals remain",
                "proofState": 2,
                "goals": ["x : Int\nh : x = 1\n⊢ x = x"],
            },
            "it leaves a goal without a proof",
        ),
        (
            {
                "proofStatus": "Incomplete: contains metavariable(s)",
                "proofState": 3,
                "goals": [],
            },
            "no goal is left, but there is no proof: Incomplete: contains metavariable(s)",
        ),
        (
            {
                "proofStatus": "Not verified: more than one initial goal",
                "proofState": 3,
                "goals": [],
            },
            "no goal is left, but there is no proof: Not verified: more than one initial goal",
        ),
    ],
)
def test_what_a_tactic_leaves(answer: dict[str, Any], left: tuple[str, ...] | str) -> None:
    found = read_step(answer)
    assert isinstance(found, StepAnswer)
    assert goals_left(found) == (TacticFailure(left) if isinstance(left, str) else left)


def test_a_repl_that_does_not_say_whether_a_proof_is_complete_is_too_old() -> None:
    found = read_step({"proofState": 2, "goals": []})
    assert isinstance(found, StepAnswer)
    with pytest.raises(BackendError, match="does not say whether"):
        goals_left(found)


def test_what_the_repl_refuses_is_in_its_words() -> None:
    said = {"message": "Lean error:\n<input>:1:1: unknown tactic"}
    assert read_step(said) == Refusal("<input>:1:1: unknown tactic")
    assert read_command({"message": "Unknown environment."}) == Refusal("Unknown environment.")


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"env": "x"},
        {"env": 0, "messages": 1},
        {"env": 0, "messages": ["x"]},
        {"env": 0, "messages": [{"severity": [], "data": ""}]},
        {"env": 0, "messages": [{"severity": "error", "data": "", "pos": {"line": 1e999}}]},
        {"env": 0, "sorries": [{"pos": None}]},
        {"proofState": 1, "goals": "⊢ p"},
        {"proofState": None, "goals": []},
    ],
)
def test_answers_of_another_form_are_errors(answer: dict[str, Any]) -> None:
    for read in (read_command, read_step):
        with pytest.raises(FrameError, match="lacks something"):
            read(answer)
