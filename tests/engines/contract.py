"""What every engine promises; a test class of each engine inherits it."""

from __future__ import annotations

import asyncio
import json
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path

import pytest

from neurosym.candidate import Completion, Message, Prompt
from neurosym.cli.exits import Exit
from neurosym.engines.base import Capability, Engine, SamplingParams, Streaming
from neurosym.errors import ContextOverflowError, EngineError, UnavailableError
from neurosym.problem import Problem
from neurosym.runtime.runlog import read_run
from neurosym.runtime.together import merged

SEA_PROBLEM = Problem("sea", "Tell me about the sea in a few long sentences.")
SEA = Prompt((Message("user", SEA_PROBLEM.question),), subject=SEA_PROBLEM.digest)


def _promised(engine: Engine, capability: Capability) -> None:
    if capability not in engine.info.can:
        pytest.skip(f"{engine.info.version} does not promise {capability}")


class SamplesContract:
    """What every engine promises, whether a model draws its samples or they were drawn before.

    Subclasses give the fixtures ``engine``, shared by the tests, and ``own_engine``.
    """

    def test_it_says_what_it_is(self, engine: Engine) -> None:
        assert isinstance(engine, Engine)
        assert engine.info.name
        assert engine.info.model
        assert len(engine.info.model_digest) == 64
        assert engine.info.version
        assert engine.info.parallel >= 1

    async def test_samples_come_in_the_order_of_their_seeds(self, engine: Engine) -> None:
        drawn = await engine.sample(SEA, SamplingParams(n=3, seed=5, max_tokens=6))
        assert [completion.seed for completion in drawn] == [5, 6, 7]

    async def test_a_seed_gives_the_same_text_again(self, engine: Engine) -> None:
        _promised(engine, Capability.SEEDS)
        params = SamplingParams(n=3, seed=5, max_tokens=6)
        first = await engine.sample(SEA, params)
        second = await engine.sample(SEA, params)
        assert [item.text for item in first] == [item.text for item in second]

    async def test_each_sample_is_what_its_seed_gives_alone(self, engine: Engine) -> None:
        _promised(engine, Capability.SEEDS)
        together = await engine.sample(SEA, SamplingParams(n=3, seed=5, max_tokens=6))
        for completion in together:
            params = SamplingParams(seed=completion.seed, max_tokens=6)
            (alone,) = await engine.sample(SEA, params)
            assert alone.text == completion.text

    async def test_there_are_no_logprobs_where_not_asked_for(self, engine: Engine) -> None:
        (completion,) = await engine.sample(SEA, SamplingParams(max_tokens=3))
        assert completion.logprobs is None

    async def test_more_samples_than_it_works_on_at_once(self, engine: Engine) -> None:
        n = 2 * engine.info.parallel + 1
        drawn = await engine.sample(SEA, SamplingParams(n=n, seed=9, max_tokens=2))
        assert [completion.seed for completion in drawn] == list(range(9, 9 + n))

    async def test_a_closed_engine_refuses(self, own_engine: Engine) -> None:
        await own_engine.aclose()
        await own_engine.aclose()
        with pytest.raises(EngineError, match="closed"):
            await own_engine.sample(SEA, SamplingParams(max_tokens=2))


class EngineContract(SamplesContract):
    """What every engine promises that answers to any prompt."""

    overflow_words: int
    """Words that are more than the engine's context holds."""
    underway: float = 0.3
    """Seconds after which a long request has begun and has not ended."""
    charges_each: bool = False
    """Whether every sample is charged for the prompt, since each is a request of its own."""

    async def test_greedy_samples_are_all_the_same(self, engine: Engine) -> None:
        drawn = await engine.sample(SEA, SamplingParams(n=3, temperature=0, max_tokens=8))
        assert len({completion.text for completion in drawn}) == 1

    async def test_a_stop_string_ends_the_text_and_is_not_in_it(self, engine: Engine) -> None:
        greedy = SamplingParams(temperature=0, max_tokens=12)
        (whole,) = await engine.sample(SEA, greedy)
        stop = whole.text.split()[4]
        (cut,) = await engine.sample(replace(SEA, stop=("never said", stop)), greedy)
        assert cut.text == whole.text[: whole.text.index(stop)]
        assert cut.finish_reason == "stop"

    async def test_the_token_limit_ends_the_text(self, engine: Engine) -> None:
        (completion,) = await engine.sample(SEA, SamplingParams(max_tokens=7))
        assert completion.finish_reason == "length"
        assert completion.completion_tokens == 7
        assert completion.text

    async def test_each_token_has_a_logprob_where_asked_for(self, engine: Engine) -> None:
        _promised(engine, Capability.LOGPROBS)
        params = SamplingParams(n=2, max_tokens=7, logprobs=True)
        for completion in await engine.sample(SEA, params):
            assert completion.logprobs is not None
            assert len(completion.logprobs) == completion.completion_tokens == 7
            assert all(logprob <= 0 for logprob in completion.logprobs)
            assert completion.mean_logprob is not None

    async def test_the_first_sample_is_charged_for_the_prompt(self, engine: Engine) -> None:
        n = engine.info.parallel + 2
        drawn = await engine.sample(SEA, SamplingParams(n=n, max_tokens=2))
        assert drawn[0].prompt_tokens > 0
        further = drawn[0].prompt_tokens if self.charges_each else 0
        assert [completion.prompt_tokens for completion in drawn[1:]] == [further] * (n - 1)

    async def test_the_tokens_of_a_prompt_can_be_counted_before(self, engine: Engine) -> None:
        [completion] = await engine.sample(SEA, SamplingParams(max_tokens=1))
        assert await engine.count_tokens(SEA) == completion.prompt_tokens

    async def test_the_assistant_prefix_is_not_repeated(self, engine: Engine) -> None:
        prompt = replace(SEA, prefix="The sea is")
        (completion,) = await engine.sample(prompt, SamplingParams(temperature=0, max_tokens=6))
        assert not completion.text.startswith(prompt.prefix)

    async def test_many_requests_at_once(self, engine: Engine) -> None:
        drawn = await asyncio.gather(
            *(
                engine.sample(SEA, SamplingParams(n=1 + i % 3, seed=i, max_tokens=1 + i % 4))
                for i in range(4 * engine.info.parallel)
            )
        )
        for i, completions in enumerate(drawn):
            assert [item.seed for item in completions] == list(range(i, i + 1 + i % 3))
            assert all(item.completion_tokens <= 1 + i % 4 for item in completions)

    async def test_cancelled_requests_make_room_for_others(self, engine: Engine) -> None:
        long = SamplingParams(n=engine.info.parallel, max_tokens=300)
        requests = [asyncio.ensure_future(engine.sample(SEA, long)) for _ in range(3)]
        await asyncio.sleep(self.underway)
        for request in requests:
            request.cancel()
        ended = await asyncio.gather(*requests, return_exceptions=True)
        assert all(isinstance(error, asyncio.CancelledError) for error in ended)
        drawn = await engine.sample(SEA, SamplingParams(n=engine.info.parallel, max_tokens=2))
        assert len(drawn) == engine.info.parallel

    async def test_a_prompt_longer_than_the_context(self, engine: Engine) -> None:
        prompt = Prompt((Message("user", "word " * self.overflow_words),))
        with pytest.raises(ContextOverflowError) as caught:
            await engine.sample(prompt, SamplingParams(max_tokens=4))
        assert caught.value.hint
        assert await engine.sample(SEA, SamplingParams(max_tokens=2))

    async def test_text_that_is_not_plain(self, engine: Engine) -> None:
        for text in ("", "naïve 🐟 漢字", "half a character \ud800", '"quoted"\\\n\t'):
            prompt = Prompt((Message("user", text),))
            assert len(await engine.sample(prompt, SamplingParams(max_tokens=2))) == 1


class ModelContract:
    """What engines promise that run a model."""

    async def test_two_hundred_requests_at_once(self, engine: Engine) -> None:
        params = SamplingParams(max_tokens=1, temperature=0)
        drawn = await asyncio.gather(*(engine.sample(SEA, params) for _ in range(200)))
        assert len({item.text for [item] in drawn}) == 1

    async def test_samples_of_a_request_differ(self, engine: Engine) -> None:
        drawn = await engine.sample(SEA, SamplingParams(n=4, temperature=1.5, max_tokens=24))
        assert len({completion.text for completion in drawn}) == 4

    async def test_characters_of_several_tokens_are_whole(self, engine: Engine) -> None:
        _promised(engine, Capability.PREFIX)
        prompt = replace(SEA, prefix="🐟" * 10)
        for limit in (16, 17, 18):
            greedy = SamplingParams(temperature=0, max_tokens=limit)
            [completion] = await engine.sample(prompt, greedy)
            # The limit may cut the last one.
            assert set(completion.text.rstrip("\ufffd")) == {"🐟"}

    async def test_the_logprob_of_a_whole_is_the_sum_of_those_of_its_parts(
        self, engine: Engine
    ) -> None:
        """The second half, asked for after the first one, is as probable as it was in the whole."""
        _promised(engine, Capability.LOGPROBS)
        _promised(engine, Capability.PREFIX)
        greedy = SamplingParams(temperature=0, max_tokens=8, logprobs=True)
        [whole] = await engine.sample(SEA, greedy)
        [half] = await engine.sample(SEA, replace(greedy, max_tokens=4))
        [rest] = await engine.sample(replace(SEA, prefix=half.text), replace(greedy, max_tokens=4))
        assert half.text + rest.text == whole.text
        assert whole.logprobs is not None
        assert half.logprobs is not None
        assert rest.logprobs is not None
        apart = sum(half.logprobs) + sum(rest.logprobs)
        assert apart == pytest.approx(sum(whole.logprobs), abs=0.25), "up to rounding"


class GrammarContract:
    """What engines promise that take grammars and schemas."""

    async def test_a_grammar_is_obeyed(self, engine: Engine) -> None:
        prompt = replace(SEA, grammar='root ::= "yes" | "no"')
        for completion in await engine.sample(prompt, SamplingParams(n=4, temperature=2)):
            assert completion.text in ("yes", "no")

    async def test_text_is_whole_where_tokens_are_parts_of_characters(self, engine: Engine) -> None:
        prompt = replace(SEA, grammar='root ::= "漢字 🐟 naïve"')
        [completion] = await engine.sample(prompt, SamplingParams(max_tokens=40))
        assert completion.text == "漢字 🐟 naïve"

    async def test_a_json_schema_is_obeyed(self, engine: Engine) -> None:
        schema = {
            "type": "object",
            "properties": {"depth": {"type": "integer", "minimum": 0, "maximum": 99}},
            "required": ["depth"],
            "additionalProperties": False,
        }
        prompt = replace(SEA, json_schema=schema)
        for completion in await engine.sample(prompt, SamplingParams(n=2, max_tokens=60)):
            found = json.loads(completion.text)
            assert list(found) == ["depth"]
            assert 0 <= found["depth"] <= 99

    async def test_a_regular_expression_is_obeyed(self, engine: Engine) -> None:
        _promised(engine, Capability.REGEX)
        prompt = replace(SEA, regex="[0-9]{3} (whales|fish)")
        for completion in await engine.sample(prompt, SamplingParams(n=2, max_tokens=20)):
            assert re.fullmatch("[0-9]{3} (whales|fish)", completion.text)

    async def test_a_grammar_that_is_none(self, engine: Engine) -> None:
        prompt = replace(SEA, grammar="root ::= (")
        with pytest.raises(EngineError, match="grammar") as caught:
            await engine.sample(prompt, SamplingParams(max_tokens=4))
        assert caught.value.hint


class StreamingContract:
    """What engines promise that give each sample as it ends."""

    LONG = SamplingParams(seed=20, temperature=1.0, max_tokens=600)
    """A sample that goes on for long; of several, one might end while others are waited for."""
    underway: float = 0.3
    soon: float = 4.0
    """Seconds that are enough for a few tokens, and too few for the long sample to end."""

    async def test_samples_come_as_they_end(self, engine: Streaming) -> None:
        params = SamplingParams(n=4, seed=5, max_tokens=12)
        dropped = _Dropped()
        ended = [item async for item in engine.stream(SEA, params, dropped.add)]
        assert sorted(item.seed for item in ended) == [5, 6, 7, 8]
        assert [item.prompt_tokens > 0 for item in ended] == [True, False, False, False]
        assert (dropped.asked, dropped.sampled) == (0, 0)

    async def test_what_ended_and_nobody_fetched_is_told_as_well(self, engine: Streaming) -> None:
        params = SamplingParams(n=4, seed=5, max_tokens=7)
        began = time.monotonic()
        await engine.sample(SEA, params)
        usual = time.monotonic() - began
        for attempt in range(4):  # a busy machine may not draw all in time
            dropped = _Dropped()
            others = replace(params, seed=50 * attempt + 50)
            async with aclosing(engine.stream(SEA, others, dropped.add)) as ended:
                first = await anext(ended)
                await asyncio.sleep(self.underway + usual * 4**attempt)
            if first.completion_tokens + dropped.sampled >= 24:
                break
        assert dropped.asked == 0, "the first was charged for the prompt"
        # A server may send several tokens in one piece.
        assert 24 <= first.completion_tokens + dropped.sampled <= 28

    async def test_what_nobody_waits_for_is_dropped_and_its_tokens_are_told(
        self, engine: Streaming
    ) -> None:
        few = SamplingParams(n=engine.info.parallel, max_tokens=2)
        began = time.monotonic()
        await engine.sample(SEA, few)
        usual = time.monotonic() - began
        # A server may draw another text when it draws two at once, and that one may end by itself;
        # a busy machine may draw none in time.
        for attempt in range(4):
            dropped = _Dropped()
            short = replace(SEA, stop=(" ",))
            long = replace(self.LONG, seed=self.LONG.seed + attempt)
            async with aclosing(merged(
                (engine.stream(short, self.LONG, dropped.add),
                 engine.stream(SEA, long, dropped.add))
            )) as ended:  # fmt: skip
                first = await anext(ended)
                await asyncio.sleep(self.underway * (attempt + 1))
            if dropped.asked and dropped.sampled:
                break
        assert first.completion_tokens < 100
        assert 0 < dropped.sampled < 600
        assert dropped.asked > 0, "none of the second request has ended"
        began = time.monotonic()
        await engine.sample(SEA, few)
        assert time.monotonic() - began < max(self.soon, 3 * usual), "their places are free at once"


class DyingContract:
    """What engines promise whose server may die.

    Subclasses give the fixture ``doomed``: an engine of its own, and what kills its server.
    """

    death: type[EngineError] = UnavailableError
    """What the errors are besides."""

    async def test_a_server_that_dies_in_the_middle_is_an_error_that_may_pass(
        self, doomed: tuple[Streaming, Callable[[], None]]
    ) -> None:
        engine, kill = doomed
        long = StreamingContract.LONG

        async def first(params: SamplingParams) -> Completion:
            async with aclosing(engine.stream(SEA, params, _Dropped().add)) as ended:
                return await anext(ended)

        await engine.sample(SEA, SamplingParams(max_tokens=2))  # the first request takes longer
        # What a seed draws differs between processors, and a text may end by itself.
        for attempt in range(6):
            params = replace(long, seed=long.seed + 3 * attempt)
            several = asyncio.ensure_future(engine.sample(SEA, replace(params, n=2)))
            asked = [several, asyncio.ensure_future(first(params))]
            await asyncio.sleep(0.3)
            if not any(request.done() for request in asked):
                break
            await asyncio.gather(*asked)
        else:
            pytest.fail("no sample went on for long enough")
        kill()
        ended = await asyncio.wait_for(asyncio.gather(*asked, return_exceptions=True), 60)
        for error in ended:
            assert isinstance(error, UnavailableError), error
            assert isinstance(error, self.death), error
            assert error.hint
        with pytest.raises(UnavailableError) as caught:
            await asyncio.wait_for(engine.sample(SEA, SamplingParams(max_tokens=2)), 60)
        assert isinstance(caught.value, self.death)


class InterruptContract:
    """What a run promises on Ctrl-C; subclasses give the fixture ``options`` of ``neurosym``."""

    def test_an_interrupt_ends_a_run_in_order(self, options: list[str], tmp_path: Path) -> None:
        path = tmp_path / "problems.jsonl"
        questions = (f"A crate holds {i} eggs. How many do 5 hold?" for i in range(2, 42))
        path.write_text("".join(json.dumps({"question": text}) + "\n" for text in questions))
        run = tmp_path / "run"
        short = ["--strategy", "vote(samples=2, max_tokens=24)", "--shots", "0"]
        command = [sys.executable, "-m", "neurosym", "solve", str(path), *short]
        process = subprocess.Popen(
            [*command, "--run", str(run), *options],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        line = process.stdout.readline()
        process.send_signal(signal.SIGINT)
        try:
            said = process.communicate(timeout=90)[1]
        finally:
            process.kill()
        assert process.returncode == Exit.INTERRUPTED, said
        assert "Traceback" not in said, said
        assert json.loads(line)["id"] in {item["id"] for item in read_run(run)[1].values()}


class _Dropped:
    """Adds up what was dropped."""

    def __init__(self) -> None:
        self.asked = self.sampled = 0

    def add(self, asked: int, sampled: int) -> None:
        self.asked += asked
        self.sampled += sampled
