"""Engines by name, and prompts for engines that cannot do everything."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from dataclasses import asdict, replace
from typing import Any

import pytest

from neurosym import Assessed, SampleAndVote, Select, Solver
from neurosym.candidate import Completion, Message, Prompt
from neurosym.engines.base import SAMPLING, Capability, EngineInfo
from neurosym.engines.fitting import continued, fitted, lost
from neurosym.engines.named import ENGINES, read_engine
from neurosym.errors import OptionError
from neurosym.testing import ScriptedEngine, question_of

ALL = SAMPLING
PROMPT = Prompt(
    (Message("system", "Be brief."), Message("user", "How many?")),
    prefix="```python\n",
    grammar='root ::= "x"',
)


def test_a_name_with_values() -> None:
    spec = read_engine("openai(base_url='http://localhost:1/v1', parallel=8)", model="m")
    assert spec.name == "openai"
    assert spec.values == {"base_url": "http://localhost:1/v1", "parallel": 8, "model": "m"}
    assert read_engine("llamacpp", threads=2).values == {"threads": 2}
    assert read_engine("replay", model="some.jsonl").values == {"path": "some.jsonl"}


@pytest.mark.parametrize(
    ("text", "beside", "message"),
    [
        ("nonesuch", {}, "unknown engine 'nonesuch'"),
        ("llamacp", {}, "unknown engine 'llamacp'"),
        ("llamacpp(slot=3)", {}, "the engine 'llamacpp' has no slot"),
        ("llamacpp(slots='many')", {}, "slots is 'many'"),
        ("llamacpp(threads=1)", {"threads": 2}, "threads is given in"),
        ("openai", {"threads": 2}, "'openai' has no threads"),
        ("replay", {}, "needs that file"),
        ("vllm", {}, "needs a Hugging Face model"),
        ("transformers(batch=4)", {}, "needs a Hugging Face model"),
        ("recorded", {"model": "m"}, "needs path"),
        ("llamacpp()()", {}, "is no engine"),
    ],
)
def test_texts_that_are_no_engine(text: str, beside: dict[str, Any], message: str) -> None:
    with pytest.raises(OptionError, match=message.replace("(", r"\(")) as caught:
        read_engine(text, **beside)
    assert caught.value.hint


@pytest.mark.parametrize("name", ENGINES)
def test_every_engine_takes_its_model_and_its_values(name: str) -> None:
    known = ENGINES[name]
    assert known.model_as in known.kinds
    assert {*known.tried, *known.files, *known.aside} <= set(known.kinds)
    assert known.line


def test_the_engines_are_listed() -> None:
    command = [sys.executable, "-m", "neurosym", "engines"]
    shown = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    told = json.loads(subprocess.run([*command, "--json"], capture_output=True, check=True).stdout)
    assert set(told) == set(ENGINES)
    for name in ENGINES:
        assert name in shown
    assert told["llamacpp"]["values"]["slots"] == 16


def test_a_prompt_stays_as_it_is_where_the_engine_can_do_all() -> None:
    assert fitted(PROMPT, ALL) is PROMPT
    assert lost(PROMPT, ALL) == []


def test_what_cannot_be_enforced_is_asked_for() -> None:
    asked = fitted(PROMPT, ALL - {Capability.PREFIX, Capability.GRAMMAR})
    assert (asked.prefix, asked.grammar) == ("", None)
    assert asked.messages[-1].content.startswith("How many?")
    assert asked.messages[-1].content.endswith("```python\n")
    assert asked.messages[0] == PROMPT.messages[0]
    schema = replace(PROMPT, grammar=None, json_schema={"type": "object"})
    asked = fitted(schema, ALL - {Capability.JSON_SCHEMA})
    assert '{"type": "object"}' in question_of(asked)
    assert asked.prefix == PROMPT.prefix
    assert len(lost(schema, frozenset())) == 2


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ("```python\nx = 1", "x = 1"),
        ("\n```python\nx = 1", "x = 1"),
        ("```python x = 1", " x = 1"),
        ("Sure! ```python\nx = 1", "Sure! ```python\nx = 1"),
        ("", ""),
    ],
)
def test_a_completion_goes_on_from_the_beginning_it_was_asked_for(said: str, text: str) -> None:
    completion = Completion(said, None, 1, 1, "stop", 0)
    assert continued(completion, PROMPT).text == text
    assert continued(completion, replace(PROMPT, prefix="")).text == said


def test_what_begins_an_answer_does_not_end_it() -> None:
    prompt = replace(PROMPT, stop=("```", "END"))
    asked = fitted(prompt, ALL - {Capability.PREFIX})
    assert asked.stop == ("END",)
    said = Completion("```python\nx = 1\n```\nAnd so on", None, 1, 9, "length", 0)
    ended = continued(said, prompt)
    assert (ended.text, ended.finish_reason) == ("x = 1\n", "stop")


class Plain(ScriptedEngine):
    """An engine that can do nothing but sample."""

    @property
    def info(self) -> EngineInfo:
        return replace(super().info, can=frozenset())


def test_a_solver_says_what_an_engine_cannot_do_and_goes_on(
    caplog: pytest.LogCaptureFixture,
) -> None:
    program = "```python\ndef solution():\n    return 36\n```"
    engine = Plain([program])
    with Solver(SampleAndVote(samples=2), engine=engine) as solver:
        assert solver.solve("How many eggs are 3 dozen?").answer == 36
        assert solver.solve("How many eggs are 3 dozen each day?").answer == 36
    assert caplog.text.count("asked in words to begin") == 1
    assert all(not request.prompt.prefix for request in engine.requests)


@pytest.mark.parametrize(
    ("strategy", "needed"),
    [
        (SampleAndVote(select=Select.RPC), "log-probabilities"),
        (SampleAndVote(logprobs=True), "log-probabilities"),
        (Assessed(), "answers to further questions and log-probabilities"),
        (
            Assessed(prune_after=8),
            "answers to further questions, beginnings and log-probabilities",
        ),
    ],
)
def test_a_strategy_that_needs_more_says_so_before_it_starts(strategy: Any, needed: str) -> None:
    engine = Plain(["x"])
    with (
        Solver(strategy, engine=engine) as solver,
        pytest.raises(OptionError, match=f"needs {needed}"),
    ):
        solver.solve("How many?")
    assert engine.requests == []


def test_a_regular_expression_is_asked_for_in_words_where_nothing_holds_to_it() -> None:
    prompt = Prompt((Message("user", "How deep?"),), regex="[0-9]+")
    assert prompt.is_held
    assert lost(prompt, ALL) == ["regular expressions are asked for in words alone"]
    asked = fitted(prompt, ALL)
    assert not asked.is_held
    assert asked.messages[-1].content.endswith("[0-9]+")
    assert fitted(prompt, ALL | {Capability.REGEX}) == prompt


def test_a_prompt_without_a_regular_expression_has_the_digest_that_it_had_before() -> None:
    prompt = Prompt((Message("user", "How deep?"),))
    assert prompt.digest != replace(prompt, regex="[0-9]+").digest
    asked = {key: value for key, value in asdict(prompt).items() if key != "regex"}
    known = hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()
    assert prompt.digest == known
