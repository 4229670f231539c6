"""Which Lean is found in what a model wrote."""

from __future__ import annotations

import time
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from neurosym.formal.lean import reply as reply_module
from neurosym.formal.lean.reply import LeanReply, read_reply
from neurosym.formal.lean.source import read_source
from neurosym.formal.lean.theorem import read_theorem
from tests.formal.lean.strategies import Made, full_name, lean_like, made_theorems

CODE = "import Mathlib\n\ntheorem a : T := by\n  simp\n"
OUTSIDE = "what stands outside the blocks is left out"


@pytest.mark.parametrize(
    ("reply", "notes"),
    [
        (f"```lean\n{CODE}```", ()),
        (f"```lean4\n{CODE}```\n", ()),
        (f"```\n{CODE}```", ()),
        (f"``` Lean4 title\n{CODE}```", ()),
        (f"~~~lean\n{CODE}~~~", ()),
        (f"````lean\n{CODE}````", ()),
        (f"Here:\n\n```lean\n{CODE}```\nDone.", (OUTSIDE,)),
        (f"```lean\n{CODE}", ("its fence is not closed",)),
        (f"So:\n```lean\n{CODE}", ("its fence is not closed", OUTSIDE)),
        (f"```lean\n{CODE}```\n```text\ntheorem b : U\n```", ("block 2 is left out: it is text",)),
        (f"```lean\n{CODE}```\n```lean\n#check a\n```", ("block 2 is left out: #check",)),
        (f"```lean\n{CODE}```\n```lean\n```", ("block 2 is left out: it is empty",)),
        (f"```lean\nimport A\nopen B\n```\n```lean\n{CODE}```",
         ("block 1 is left out: import A, open",)),
        (f"```lean\ntheorem b : U := u\n```\nNo:\n```lean\n{CODE}```",
         ("block 1 is left out: b", OUTSIDE)),
        (f"```lean\ntheorem b : U := by\n\n```lean\n{CODE}```", ("block 1 is left out: b",)),
        (f"```python\ntheorem\n```\n```lean\n{CODE}```", ("block 1 is left out: it is python",)),
        ("  ```lean\n" + "".join(f"  {line}\n" for line in CODE.splitlines()) + "  ```",
         ("its lines began 2 columns further right",)),
        (f"{CODE}", ()),
        (f"\n\n{CODE}\n\n", ()),
        (f"The theorem we prove is easy.\n\n{CODE}", ("what stands before the code is left out",)),
        (f"{CODE}\nThis follows by simp.\n", ("what stands behind the code is left out",)),
        (f"{CODE}\n**Why** is the theorem so: x?", ("what stands behind the code is left out",)),
        (f"{CODE}\n- It's one theorem b : U\n", ("what stands behind the code is left out",)),
        (f"It is \"so.\n\n{CODE}\n1. theorem x : y\n",
         ("what stands before the code is left out", "what stands behind the code is left out")),
        (f"theorem b : U := u\n\nNo, this is wrong.\n\n{CODE}",
         ("what stands before the code is left out",)),
        (f"{CODE}\nFor example:\n\n#check a\n", ("what stands behind the code is left out",)),
    ],
)  # fmt: skip
def test_the_code_is_found_and_what_was_left_out_is_noted(
    reply: str, notes: tuple[str, ...]
) -> None:
    found = read_reply(reply)
    assert found.text.strip("\n") == CODE.strip("\n")
    assert found.notes == notes
    windows = read_reply(reply.replace("\n", "\r\n"))
    assert windows.text.replace("\r\n", "\n").strip("\n") == CODE.strip("\n")
    assert windows.notes == notes


@pytest.mark.parametrize(
    ("reply", "found"),
    [
        ("", LeanReply("", ("there is no Lean in it",))),
        ("I cannot prove this theorem.", LeanReply("", ("there is no Lean in it",))),
        ("theorem of Gauss", LeanReply("", ("there is no Lean in it",))),
        ("open problem\n\ndef x := 1", LeanReply("", ("there is no Lean in it",))),
        (
            "```python\ntheorem a : T := t\n```",
            LeanReply("", ("block 1 is left out: it is python", "there is no Lean in it")),
        ),
        ("```lean\nby simp\n```", LeanReply("by simp\n", ("there is no theorem in it",))),
        (
            "```lean\ndef x := 1\n```\n```\nopen A\n```",
            LeanReply("open A\n", ("block 1 is left out: x", "there is no theorem in it")),
        ),
        ("```", LeanReply("", ("there is no theorem in it", "its fence is not closed"))),
    ],
)
def test_what_holds_no_theorem_is_told(reply: str, found: LeanReply) -> None:
    assert read_reply(reply) == found


def test_a_proof_that_is_not_indented_is_not_taken_for_prose() -> None:
    code = "theorem a : T := by\nintro x\nsimp\n"
    assert read_reply(f"So:\n\n{code}").text == code


def test_nothing_is_put_together_from_several_blocks() -> None:
    reply = "```lean\nimport A\n```\n```lean\nopen B\n```\n```lean\ntheorem a : T := t\n```"
    found = read_reply(reply)
    assert found.text == "theorem a : T := t\n"
    assert found.notes == ("block 1 is left out: import A", "block 2 is left out: open")


@pytest.mark.parametrize(
    "code",
    [
        "/-- For example\n```\nfoo\n```\n-/\ntheorem a : T := t\n",
        "/-- For example\n```lean\nfoo\n```\nand\n```\n```\n-/\ntheorem a : T := t\n",
        "theorem a : T := by\n  simp\n/-!\n```\n```\n-/\n-- end\n",
        "/-\n```\n```\n-/\ntheorem a : T := t\n/-\n```text\n```\n-/\n",
    ],
)
def test_fences_in_comments_of_the_code_close_nothing(code: str) -> None:
    assert read_reply(f"```lean\n{code}```\nSo.") == LeanReply(code, (OUTSIDE,))


def test_a_comment_without_an_end_does_not_swallow_the_next_block() -> None:
    reply = f"```lean\ntheorem b : U := u /- and\n```\nNo:\n```lean\n/-- d -/\n{CODE}```"
    assert read_reply(reply).text == f"/-- d -/\n{CODE}"
    assert read_reply(f"```lean\n{CODE}/- so\n```\n").text == f"{CODE}/- so\n"


def test_lines_are_moved_left_by_no_more_than_the_fence() -> None:
    reply = "1. So\n   ```lean\n   theorem a : T := by\n     simp\n ring\n   ```"
    assert read_reply(reply).text == "theorem a : T := by\n  simp\nring\n"


@given(made_theorems, st.sampled_from(["", "Sure!\n\n", 'It\'s "so":\n']))
def test_code_in_a_fence_is_not_changed(made: Made, before: str) -> None:
    found = read_reply(f"{before}```lean4\n{made.text}```\nThat is all.")
    assert found == LeanReply(made.text, (OUTSIDE,))
    theorem = read_theorem(found.text, full_name(made))
    assert theorem == read_theorem(made.text, full_name(made))


@given(made_theorems, st.sampled_from(["", "We prove it.\n\n", "It's one \"quote:\n\n"]))
def test_code_without_a_fence_is_not_changed(made: Made, before: str) -> None:
    found = read_reply(f"{before}{made.text}\nThis proves the theorem in question.\n")
    assert found.text in made.text
    whole, read = read_source(made.text), read_source(found.text)
    assert [item.text for item in read.commands] == [item.text for item in whole.commands]
    assert [line.text for line in read.header] == [line.text for line in whole.header]


@given(lean_like)
def test_any_reply_is_read(text: str) -> None:
    for reply in (text, f"```lean\n{text}\n```", f"```\n{text}", f"{text}\n```lean\n{CODE}```"):
        found = read_reply(reply)
        assert isinstance(found, LeanReply)
        assert found.text.strip() in reply or any("columns" in note for note in found.notes)


@given(st.lists(st.one_of(lean_like, st.just(CODE), st.just("So we say:\n")), max_size=8))
def test_reading_no_more_than_tells_finds_the_same(parts: list[str]) -> None:
    reply = "\n".join(parts)
    whole = read_reply(reply)
    with patch.object(reply_module, "_FIRST_LOOK", 5):
        assert read_reply(reply) == whole


@pytest.mark.parametrize(
    "reply",
    [
        "```lean\n" * 10_000,
        "```\n" * 20_000,
        "```lean\n/-\n```\n" * 3_000 + "-/",
        "```lean\n/-\n```\n```\n-/\n```\n" * 3_000,
        "theorem a\n" * 10_000,
        "theorem a : T := t\nso\n" * 5_000,
        "```lean\n" + "(" * 100_000,
        " " * 100_000 + "```",
        "`" * 100_000,
    ],
    ids=lambda text: f"{text[:12]!r}×{len(text)}",
)
def test_long_replies_are_read_in_bounded_time(reply: str) -> None:
    start = time.process_time()
    read_reply(reply)
    assert time.process_time() - start < 30
