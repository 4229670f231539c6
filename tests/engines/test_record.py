"""Records of samples: nothing is drawn twice, nothing is lost, and no two samples are one."""

from __future__ import annotations

import asyncio
import gc
import json
import multiprocessing
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
import weakref
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing, closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from neurosym import Adaptive, SampleAndVote, Select, Solver
from neurosym.candidate import Completion, Message, Prompt
from neurosym.engines.base import Capability, EngineInfo, SamplingParams
from neurosym.engines.record import Record
from neurosym.engines.recording import RecordingEngine, RecordReplay
from neurosym.errors import EngineError, ModelNotFoundError, OptionError, RecordError
from neurosym.strategies.base import check_needs
from neurosym.strategies.vote import Voting
from neurosym.testing import PacedEngine, ScriptedEngine
from tests.engines.contract import SEA, EngineContract, StreamingContract

UNASKED = Prompt((Message("user", "asked by nobody"),))
PARAMS = SamplingParams(n=4, seed=3, temperature=0.7, max_tokens=50, logprobs=True)


def say(prompt: Prompt, seed: int) -> str:
    return f"{prompt.messages[-1].content} said by {seed}, and then so many more words than one"


LONG = ["what it says of the sea, and so on, " * times for times in (60, 120, 180)]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "samples.db"


@pytest.fixture
def inner() -> ScriptedEngine:
    return ScriptedEngine(say)


@pytest.fixture
def engine(inner: ScriptedEngine, path: Path) -> RecordingEngine:
    return RecordingEngine(inner, path)


class TestContract(EngineContract, StreamingContract):
    overflow_words = 60
    underway = 0.005

    @pytest.fixture
    def engine(self, path: Path) -> RecordingEngine:
        return RecordingEngine(PacedEngine(LONG, context=50, seconds=0.02, pace=0.001), path)

    @pytest.fixture
    def own_engine(self, engine: RecordingEngine) -> RecordingEngine:
        return engine


async def test_what_is_there_is_not_drawn_again(
    engine: RecordingEngine, inner: ScriptedEngine
) -> None:
    first = await engine.sample(SEA, PARAMS)
    second = await engine.sample(SEA, PARAMS)
    assert first == second
    assert len({item.text for item in first}) == 4, "no two samples of a request are the same one"
    assert len(inner.requests) == 1


async def test_only_what_is_missing_is_drawn(
    engine: RecordingEngine, inner: ScriptedEngine
) -> None:
    await engine.sample(SEA, replace(PARAMS, n=1, seed=5))
    drawn = await engine.sample(SEA, PARAMS)
    assert [item.seed for item in drawn] == [3, 4, 5, 6]
    asked = [(request.params.seed, request.params.n) for request in inner.requests]
    assert asked[0] == (5, 1)
    assert sorted(asked[1:]) == [(3, 2), (6, 1)], "both at once, whichever begins first"
    assert [item.prompt_tokens > 0 for item in drawn] == [True, False, False, False]


async def test_the_first_of_a_request_is_charged_for_the_prompt_whoever_drew_it(
    engine: RecordingEngine,
) -> None:
    whole = await engine.sample(SEA, PARAMS)
    [part] = await engine.sample(SEA, replace(PARAMS, n=1, seed=4))
    assert part == replace(whole[1], prompt_tokens=whole[0].prompt_tokens)


async def test_requests_in_flight_together_draw_each_sample_once(path: Path) -> None:
    inner = ScriptedEngine([f"text {i}" for i in range(9)], seconds=0.02)
    engine = RecordingEngine(inner, path)
    first, second, later = await asyncio.gather(
        engine.sample(SEA, PARAMS),
        engine.sample(SEA, PARAMS),
        engine.sample(SEA, replace(PARAMS, seed=5)),
    )
    assert first == second
    assert [item.text for item in later[:2]] == [item.text for item in first[2:]]
    assert sum(request.params.n for request in inner.requests) == 6
    assert await engine.sample(SEA, PARAMS) == first
    await engine.aclose()


def test_threads_that_ask_for_the_same_samples_get_the_same(path: Path) -> None:
    inner = ScriptedEngine([f"text {i}" for i in range(99)], seconds=0.05)
    engine = RecordingEngine(inner, path)
    begins = threading.Barrier(3)

    def ask(seed: int) -> list[Completion]:
        begins.wait()
        # With an end, for a loop that waits for another one hears of nothing else.
        asking = engine.sample(SEA, replace(PARAMS, seed=seed))
        return asyncio.run(asyncio.wait_for(asking, 5))

    with ThreadPoolExecutor(3) as threads:
        first, second, later = threads.map(ask, (3, 3, 5))
    assert first == second
    assert [item.text for item in later[:2]] == [item.text for item in first[2:]]
    asyncio.run(engine.aclose())
    with closing(Record(path)) as record:
        assert len(list(record.export())) == 6
    replay = RecordReplay(path)
    assert asyncio.run(replay.sample(SEA, PARAMS)) == first
    asyncio.run(replay.aclose())


async def test_who_is_cancelled_lets_others_draw(path: Path) -> None:
    inner = ScriptedEngine(say, seconds=0.2)
    engine = RecordingEngine(inner, path)
    drawing, waiting, last = (asyncio.ensure_future(engine.sample(SEA, PARAMS)) for _ in range(3))
    await asyncio.sleep(0.1)
    drawing.cancel()
    waiting.cancel()
    assert len(await asyncio.wait_for(last, 5)) == 4
    assert len(inner.requests) == 2
    await engine.aclose()


def test_loops_that_have_ended_are_not_kept(engine: RecordingEngine) -> None:
    async def ask() -> weakref.ref[Any]:
        several = (engine.sample(SEA, PARAMS) for _ in range(3))
        await asyncio.gather(*several)
        return weakref.ref(asyncio.get_running_loop())

    ended = [asyncio.run(ask()) for _ in range(3)]
    gc.collect()
    assert [loop() for loop in ended] == [None] * 3
    asyncio.run(engine.aclose())


async def test_what_another_request_has_dropped_is_drawn(path: Path) -> None:
    engine = RecordingEngine(PacedEngine(LONG, pace=0.001), path)
    params = SamplingParams(n=3, max_tokens=2000)
    async with aclosing(engine.stream(SEA, params)) as ended:
        await anext(ended)
        waiting = asyncio.ensure_future(engine.sample(SEA, params))
        await asyncio.sleep(0.01)
    assert [item.seed for item in await waiting] == [0, 1, 2]
    await engine.aclose()


async def test_what_another_process_drew_meanwhile_is_what_counts(path: Path) -> None:
    engines = [
        RecordingEngine(ScriptedEngine([f"{name} {i}" for i in range(4)], seconds=0.02), path)
        for name in ("one", "two")
    ]
    params = replace(PARAMS, n=2)
    first, second = await asyncio.gather(*(engine.sample(SEA, params) for engine in engines))
    replay = RecordReplay(path)
    assert first == second == await replay.sample(SEA, params)
    for engine in (*engines, replay):
        await engine.aclose()


@pytest.mark.parametrize(
    "change",
    [{"temperature": 0.8}, {"temperature": 0.0}, {"top_p": 0.9}, {"max_tokens": 9}, {"seed": 30}],
)
async def test_other_parameters_are_other_samples(
    engine: RecordingEngine, inner: ScriptedEngine, change: dict[str, Any]
) -> None:
    await engine.sample(SEA, PARAMS)
    await engine.sample(SEA, replace(PARAMS, **change))
    assert len(inner.requests) == 2


@pytest.mark.parametrize(
    "other",
    [
        replace(SEA, prefix="It"),
        replace(SEA, stop=("x",)),
        replace(SEA, grammar='root ::= "x"'),
        replace(SEA, messages=(Message("system", SEA.messages[0].content),)),
    ],
)
async def test_another_prompt_has_other_samples(
    engine: RecordingEngine, inner: ScriptedEngine, other: Prompt
) -> None:
    await engine.sample(SEA, PARAMS)
    await engine.sample(other, PARAMS)
    assert len(inner.requests) == 2
    await engine.sample(replace(SEA, subject="what it is about"), PARAMS)
    assert len(inner.requests) == 2, "which changes nothing"


async def test_greedy_samples_are_one(engine: RecordingEngine, inner: ScriptedEngine) -> None:
    greedy = SamplingParams(temperature=0, seed=3)
    [first] = await engine.sample(SEA, greedy)
    [second] = await engine.sample(SEA, replace(greedy, seed=8))
    assert (first.text, second.seed) == (second.text, 8)
    assert len(inner.requests) == 1


async def test_a_record_is_served_without_the_engine(engine: RecordingEngine, path: Path) -> None:
    drawn = await engine.sample(SEA, PARAMS)
    asked = await engine.count_tokens(SEA)
    replay = RecordReplay(path)
    assert replay.info.model == engine.info.model
    assert replay.info.model_digest == engine.info.model_digest
    assert await replay.sample(SEA, PARAMS) == drawn
    assert await replay.count_tokens(SEA) == asked
    with pytest.raises(EngineError, match="4 of 5 samples") as caught:
        await replay.sample(SEA, replace(PARAMS, n=5))
    assert "--record" in caught.value.hint
    with pytest.raises(EngineError, match="how long a prompt is"):
        await replay.count_tokens(replace(SEA, prefix="other"))
    await replay.aclose()
    await replay.aclose()
    with pytest.raises(EngineError, match="closed"):
        await replay.sample(SEA, PARAMS)


async def test_prompts_that_a_budget_refused_are_known_when_it_is_replayed(
    engine: RecordingEngine, path: Path
) -> None:
    asked = await engine.count_tokens(replace(SEA, prefix="never sampled"))
    replay = RecordReplay(path)
    assert await replay.count_tokens(replace(SEA, prefix="never sampled")) == asked
    await replay.aclose()


async def test_each_sample_is_recorded_when_it_ends(path: Path) -> None:
    engine = RecordingEngine(PacedEngine(LONG, pace=0.001), path)
    async with aclosing(engine.stream(SEA, replace(PARAMS, n=3, max_tokens=2000))) as ended:
        first = await anext(ended)
    assert _count(path) == 1
    again = RecordReplay(path)
    params = replace(PARAMS, max_tokens=2000, n=1, seed=first.seed)
    assert (await again.sample(SEA, params))[0].text == first.text
    await again.aclose()
    await engine.aclose()


async def test_several_greedy_samples_are_charged_once(
    engine: RecordingEngine, inner: ScriptedEngine
) -> None:
    greedy = SamplingParams(n=3, temperature=0)
    for _ in range(2):
        drawn = await engine.sample(SEA, greedy)
        assert [item.prompt_tokens > 0 for item in drawn] == [True, False, False]


async def test_each_sample_is_charged_again_where_each_was(path: Path, tmp_path: Path) -> None:
    class Each(ScriptedEngine):
        @property
        def info(self) -> EngineInfo:
            return replace(super().info, charges_each=True)

    engine = RecordingEngine(Each(say), path)
    drawn = await engine.sample(SEA, PARAMS)
    assert [item.prompt_tokens for item in drawn] == [10] * 4
    assert await engine.sample(SEA, PARAMS) == drawn
    await engine.aclose()
    record, other = Record(path), Record(tmp_path / "other.db")
    for line in record.export():
        other.take(line)
    other.close()
    record.close()
    for copy in (path, tmp_path / "other.db"):
        replay = RecordReplay(copy)
        assert replay.info.charges_each
        assert await replay.sample(SEA, PARAMS) == drawn
        assert [item async for item in replay.stream(SEA, PARAMS)] == drawn
        await replay.aclose()


class Versioned(ScriptedEngine):
    """Runs another version of its library where its script is another one."""

    @property
    def info(self) -> EngineInfo:
        assert isinstance(self.script, list)
        return replace(super().info, version=f"library 1, {self.script[0]}")


async def test_samples_of_another_version_are_served_and_it_is_said_once(
    path: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    first = RecordingEngine(Versioned(["float32"]), path)
    drawn = await first.sample(SEA, PARAMS)
    await first.sample(SEA, PARAMS)
    await first.aclose()
    assert not caplog.messages
    later = RecordingEngine(Versioned(["bfloat16"]), path)
    for _ in range(2):
        assert await later.sample(SEA, PARAMS) == drawn
    [new] = (await later.sample(SEA, replace(PARAMS, n=5)))[4:]
    await later.aclose()
    assert new.text == "bfloat16"
    [said] = caplog.messages
    assert "library 1, float32 drew, where now it is library 1, bfloat16" in said
    assert str(path) in said
    record, other = Record(path), Record(tmp_path / "other.db")
    for line in record.export():
        assert line["version"] == f"library 1, {line['completion']['text']}"
        other.take(line)
    assert list(other.export()) == list(record.export())
    for item in (record, other):
        item.close()
    caplog.clear()
    replay = RecordReplay(path)
    assert await replay.sample(SEA, replace(PARAMS, n=5)) == [*drawn, new]
    await replay.aclose()
    assert len(caplog.messages) == 1


FIRST_FORMAT = """
    CREATE TABLE models (
        engine TEXT, digest TEXT, name TEXT, version TEXT, can TEXT,
        PRIMARY KEY (engine, digest, name)
    ) WITHOUT ROWID;
    CREATE TABLE prompts (digest TEXT PRIMARY KEY, prompt TEXT) WITHOUT ROWID;
    CREATE TABLE charges (
        engine TEXT, model TEXT, prompt TEXT, tokens INTEGER,
        PRIMARY KEY (engine, model, prompt)
    ) WITHOUT ROWID;
    CREATE TABLE samples (
        engine TEXT, model TEXT, prompt TEXT, params TEXT, seed INTEGER, charged INTEGER,
        completion TEXT,
        PRIMARY KEY (engine, model, prompt, params, seed)
    ) WITHOUT ROWID;
    ATTACH '{path}' AS newer;
    INSERT INTO models SELECT engine, digest, name, version, can FROM newer.models;
    INSERT INTO prompts SELECT * FROM newer.prompts;
    INSERT INTO charges SELECT * FROM newer.charges;
    INSERT INTO samples
        SELECT engine, model, prompt, params, seed, charged, completion FROM newer.samples;
    PRAGMA main.user_version = 1;
"""


async def test_a_record_of_the_first_format_is_read_and_goes_on(
    engine: RecordingEngine, inner: ScriptedEngine, path: Path, tmp_path: Path
) -> None:
    drawn = await engine.sample(SEA, PARAMS)
    await engine.count_tokens(SEA)
    await engine.aclose()
    older = tmp_path / "older.db"
    with closing(sqlite3.connect(older)) as connection:
        connection.executescript(FIRST_FORMAT.format(path=path))
    with closing(Record(path)) as newer, closing(Record(older, must_exist=True)) as read:
        assert list(read.export()) == list(newer.export())
    replay = RecordReplay(older)
    assert replay.info == RecordReplay(path).info
    assert await replay.sample(SEA, PARAMS) == drawn
    await replay.aclose()
    going_on = RecordingEngine(ScriptedEngine(say), older)
    assert await going_on.sample(SEA, PARAMS) == drawn
    assert len(await going_on.sample(SEA, replace(PARAMS, n=5))) == 5
    await going_on.aclose()
    with closing(Record(older)) as record:
        assert len(list(record.export())) == 6


def test_a_run_is_done_again_without_a_model(path: Path, tmp_path: Path) -> None:
    def solve(engine: Any) -> Any:
        with Solver(SampleAndVote(samples=3, max_tokens=40), engine=engine) as solver:
            return solver.solve("How many eggs are 3 dozen?")

    inner = ScriptedEngine(["    return 36\n```"])
    live = solve(RecordingEngine(inner, path))
    again = solve(RecordReplay(path))
    assert live.answer == again.answer == 36
    assert replace(live.usage, seconds=0) == replace(again.usage, seconds=0)
    assert live.candidates[2].completion == again.candidates[2].completion


@pytest.mark.parametrize(
    "strategy",
    [
        SampleAndVote(samples=8, max_tokens=60, early=True),
        Adaptive(max=8, first=4, stop=1, max_tokens=60, early=True, select=Select.MAJORITY),
    ],
)
def test_a_run_that_dropped_samples_is_done_again_with_those_that_ended(
    path: Path, strategy: Voting
) -> None:
    def script(prompt: Prompt, seed: int) -> str:
        rest = "    # and so on and so forth\n" * (seed % 7)
        return f"{rest}    return 36\n```"

    def solve(engine: Any) -> Any:
        with Solver(strategy, engine=engine) as solver:
            return solver.solve("How many eggs are 3 dozen?")

    live = solve(RecordingEngine(PacedEngine(script, pace=0.02), path))
    again = solve(RecordReplay(path))
    assert live.answer == again.answer == 36
    assert 4 < len(live.candidates) < 8
    assert len(again.candidates) <= len(live.candidates)


async def test_a_request_stays_one_where_nothing_can_be_dropped(path: Path) -> None:
    class Served(PacedEngine):
        @property
        def info(self) -> EngineInfo:
            info = super().info
            return replace(info, can=info.can - {Capability.ABORT})

    inner = Served(say)
    engine = RecordingEngine(inner, path)
    assert Capability.ABORT not in engine.info.can
    drawn = await engine.sample(SEA, PARAMS)
    assert [request.params.n for request in inner.requests] == [4]
    assert sum(item.prompt_tokens for item in drawn) == await inner.count_tokens(SEA)


async def test_numbers_that_are_equal_are_one_parameter(path: Path, inner: ScriptedEngine) -> None:
    engine = RecordingEngine(inner, path)
    await engine.sample(SEA, SamplingParams(temperature=1, top_p=1))
    await engine.sample(SEA, SamplingParams(temperature=1.0, top_p=1.0))
    await engine.sample(SEA, SamplingParams(temperature=0))
    await engine.sample(SEA, SamplingParams(temperature=-0.0))
    assert len(inner.requests) == 2
    await engine.aclose()


async def test_a_record_that_nobody_may_write_is_served(path: Path) -> None:
    engine = RecordingEngine(ScriptedEngine(say), path)
    drawn = await engine.sample(SEA, PARAMS)
    await engine.aclose()
    assert _served_to_a_reader(path) == len(drawn)


async def test_what_a_killed_process_wrote_is_served_where_nobody_may_write(
    path: Path, tmp_path: Path
) -> None:
    engine = RecordingEngine(ScriptedEngine(say), path)
    drawn = await engine.sample(SEA, PARAMS)
    left = tmp_path / "left"
    left.mkdir()
    for file in path.parent.glob(f"{path.name}*"):  # as they are while it is open
        shutil.copy(file, left)
    await engine.aclose()
    assert {file.name for file in left.iterdir()} == {f"{path.name}{end}" for end in FILES}
    assert _served_to_a_reader(left / path.name) == len(drawn)
    (left / f"{path.name}-shm").unlink()
    with pytest.raises(AssertionError, match="cannot be used"):
        _served_to_a_reader(left / path.name)


FILES = ("", "-wal", "-shm")


def _served_to_a_reader(path: Path) -> int:
    """How many samples a process gets that may write neither the record nor its folder."""
    served = """
import asyncio, os, sys
from neurosym.engines.recording import RecordReplay
from tests.engines.test_record import PARAMS, SEA
os.setuid(65534)
replay = RecordReplay(sys.argv[1])
print(len(asyncio.run(replay.sample(SEA, PARAMS))))
"""
    if os.getuid() != 0:
        served = served.replace("os.setuid(65534)", "")
    for parent in (path.parent, *path.parent.parents):
        if parent != Path(parent.anchor) and parent.stat().st_uid == os.getuid():
            parent.chmod(parent.stat().st_mode | 0o055)
    for file in path.parent.glob(f"{path.name}*"):
        file.chmod(0o444)
    path.parent.chmod(0o555)
    done = subprocess.run([sys.executable, "-c", served, path], capture_output=True, text=True)
    path.parent.chmod(0o755)
    assert done.returncode == 0, done.stderr
    return int(done.stdout)


def test_exported_and_imported_it_is_the_same(path: Path, tmp_path: Path) -> None:
    async def draw() -> None:
        engine = RecordingEngine(ScriptedEngine(say), path)
        await engine.sample(SEA, PARAMS)
        await engine.sample(SEA, SamplingParams(temperature=0))
        await engine.count_tokens(UNASKED)
        await engine.aclose()

    async def count() -> int:
        return await RecordReplay(other).count_tokens(UNASKED)

    asyncio.run(draw())
    out, other = tmp_path / "out.jsonl", tmp_path / "other.db"
    for words in (("export", path, out), ("import", out, other), ("import", out, other)):
        command = [sys.executable, "-m", "neurosym", "samples", *map(str, words)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        assert "5 samples and 1 lengths of prompts" in done.stdout
    first, second = Record(path), Record(other)
    assert len(list(first.export())) == 6
    assert list(first.export()) == list(second.export())
    assert asyncio.run(count()) == 3
    first.close()
    second.close()


async def test_an_older_record_may_hold_what_was_asked_further(path: Path) -> None:
    record = Record(path)
    record.take(json.loads(with_other()))
    record.close()
    replay = RecordReplay(path)
    check_needs(SampleAndVote(refine=1), replay.info)
    await replay.aclose()


def with_other(**fields: Any) -> str:
    """A line of a record whose completion holds other fields."""
    completion = {
        "text": "said", "logprobs": None, "prompt_tokens": 1, "completion_tokens": 1,
        "finish_reason": "stop", "seed": 0, **fields,
    }  # fmt: skip
    about = {"engine": "e", "model": "m", "model_digest": "0", "version": "1", "can": []}
    prompt = {"messages": [], "prefix": "", "stop": []}
    return json.dumps(
        {**about, "prompt": prompt, "params": {}, "seed": 0, "charged": 1, "completion": completion}
    )


@pytest.mark.parametrize(
    "line",
    [
        "{", "[]", '{"engine": "x"}', "nonsense", "[" * 5000,
        with_other(text=None), with_other(text=5), with_other(logprobs="abc"), with_other(more=1),
    ],
)  # fmt: skip
def test_a_line_that_is_no_sample(path: Path, tmp_path: Path, line: str) -> None:
    lines = tmp_path / "lines.jsonl"
    lines.write_text(line)
    done = subprocess.run(
        [sys.executable, "-m", "neurosym", "samples", "import", str(lines), str(path)],
        capture_output=True,
        text=True,
    )
    assert done.returncode not in (0, 1)
    assert "line 1 of" in done.stderr
    assert "Traceback" not in done.stderr


def _draw_many(path: Path, start: int, seeds: range) -> None:
    async def draw() -> None:
        engine = RecordingEngine(ScriptedEngine(lambda _, seed: f"{start} {seed}"), path)
        for seed in seeds:
            await engine.sample(SEA, SamplingParams(n=2, seed=seed))

    asyncio.run(draw())


def test_processes_share_a_record_and_one_that_is_killed_loses_nothing(path: Path) -> None:
    # The one that is killed draws what no other does, and goes on until it is.
    parts = (range(1000, 10**6), range(200), range(200))
    workers = [
        multiprocessing.get_context("spawn").Process(target=_draw_many, args=(path, i, seeds))
        for i, seeds in enumerate(parts)
    ]
    for worker in workers:
        worker.start()
    deadline = time.monotonic() + 60
    while _count(path, "seed >= 1000") < 20:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert workers[0].pid is not None
    seen = _count(path, "seed >= 1000")
    os.kill(workers[0].pid, signal.SIGKILL)
    for worker in workers:
        worker.join()
    assert [worker.exitcode for worker in workers] == [-signal.SIGKILL, 0, 0]
    record = Record(path)
    seeds = sorted(item["seed"] for item in record.export())
    record.close()
    assert seeds[:201] == list(range(201))
    assert seeds[201:] == list(range(1000, 1000 + len(seeds) - 201))
    assert len(seeds) - 201 >= seen


def _count(path: Path, which: str = "1") -> int:
    try:
        with sqlite3.connect(path) as connection:
            found = connection.execute(f"SELECT count(*) FROM samples WHERE {which}").fetchone()
            return int(found[0])
    except sqlite3.Error:
        return 0


def test_files_that_are_no_record(tmp_path: Path) -> None:
    text, database, newer = tmp_path / "text", tmp_path / "database", tmp_path / "newer"
    text.write_text("A text, and no database, that is longer than the head of one. " * 9)
    with sqlite3.connect(database) as connection:
        connection.execute("CREATE TABLE other (x)")
    with sqlite3.connect(newer) as connection:
        connection.execute("PRAGMA user_version = 99")
    for path, message in (
        (text, "cannot be used"),
        (database, "no record of samples"),
        (newer, "newer kind"),
        (tmp_path, "cannot be used"),
    ):
        with pytest.raises(RecordError, match=message) as caught:
            Record(path)
        assert caught.value.hint
    with pytest.raises(RecordError, match="there is no record"):
        RecordReplay(tmp_path / "nonesuch")
    assert not (tmp_path / "nonesuch").exists()


async def test_a_record_of_several_models(path: Path) -> None:
    class Other(ScriptedEngine):
        @property
        def info(self) -> Any:
            return replace(super().info, model="other", model_digest="1" * 64)

    for inner in (ScriptedEngine(say), Other(say)):
        engine = RecordingEngine(inner, path)
        await engine.sample(SEA, PARAMS)
        await engine.aclose()
    with pytest.raises(ModelNotFoundError, match="2 models") as caught:
        RecordReplay(path)
    assert "other (scripted), scripted (scripted)" in caught.value.hint
    replay = RecordReplay(path, "other")
    assert (await replay.sample(SEA, PARAMS))[0].text.startswith("Tell me")
    await replay.aclose()
    assert RecordReplay(path, "other", "scripted").info.model == "other"
    with pytest.raises(ModelNotFoundError, match="0 models called 'third'"):
        RecordReplay(path, "third")


def test_recording_and_replaying_at_once_is_refused() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "neurosym", "solve", "How many are 2 and 2?", "--record", "a",
         "--replay", "b"],
        capture_output=True,
        text=True,
    )  # fmt: skip
    assert done.returncode == 2
    assert "--record and --replay" in done.stderr


def test_a_record_is_for_an_engine_that_is_started_here(path: Path) -> None:
    with pytest.raises(OptionError, match="record"):
        Solver(engine=ScriptedEngine(say), record=path)
