"""The engine for servers, against llama.cpp's own one with a small real model.

Where a server must fail in a certain way, a gate before the real one fails so.
"""

from __future__ import annotations

import asyncio
import http.client
import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import numpy as np
import pytest

from neurosym import SampleAndVote, Solver
from neurosym.candidate import Message, Prompt
from neurosym.engines.base import SAMPLING, Capability, Engine, SamplingParams
from neurosym.engines.openai import OpenAIEngine
from neurosym.engines.served import Api
from neurosym.errors import EngineError, ModelNotFoundError, OptionError, UnavailableError
from neurosym.translators.python import PythonTranslator
from tests.engines.contract import (
    SEA,
    DyingContract,
    EngineContract,
    GrammarContract,
    InterruptContract,
    ModelContract,
    StreamingContract,
)
from tests.engines.llamacpp_server import serving, serving_apart

pytestmark = pytest.mark.real_model

KEY = "a-secret-key"
CONTEXT = 2048
Fault = Callable[[BaseHTTPRequestHandler, bytes], bool]


@dataclass
class Gate:
    """Stands before the real server, writes down what comes, and fails as it is told to.

    Attributes:
        url: Its address.
        faults: What becomes of the next requests for samples, one by one: a function that answers
            by itself, and says so, or lets the request through.
        seen: Headers and body of each request for samples.
        deaf_to: The end of paths that it hangs up on; empty if there is none.
        says_instead: What it says there instead of hanging up.
    """

    url: str = ""
    faults: list[Fault] = field(default_factory=list)
    seen: list[tuple[dict[str, str], dict[str, Any]]] = field(default_factory=list)
    owner: str = "llamacpp"
    deaf_to: str = ""
    says_instead: bytes = b""


@pytest.fixture(scope="module")
def server(real_models: None) -> Iterator[str]:
    """The address of llama.cpp's server."""
    with serving(n_parallel=4, n_ctx=CONTEXT, api_keys=[KEY]) as address:
        yield address


@pytest.fixture(autouse=True)
def _key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)


def start(server: str, **options: Any) -> OpenAIEngine:
    return OpenAIEngine(base_url=server, **{"parallel": 4, **options})


@pytest.fixture(scope="module")
def shared(server: str) -> Iterator[OpenAIEngine]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OPENAI_API_KEY", KEY)
        engine = start(server)
    yield engine
    asyncio.run(engine.aclose())


@pytest.fixture
def engine(shared: OpenAIEngine) -> OpenAIEngine:
    return shared


@pytest.fixture
def own_engine(server: str) -> Iterator[OpenAIEngine]:
    own = start(server)
    yield own
    asyncio.run(own.aclose())


class TestContract(EngineContract, ModelContract, GrammarContract, StreamingContract):
    overflow_words = 2 * CONTEXT


class TestInterrupt(InterruptContract):
    @pytest.fixture
    def options(self, server: str) -> list[str]:
        return ["--engine", f"openai(base_url='{server}', parallel=4)"]


class TestDeath(DyingContract):
    @pytest.fixture
    def doomed(self) -> Iterator[tuple[OpenAIEngine, Callable[[], None]]]:
        with serving_apart(n_parallel=2, n_ctx=CONTEXT, api_keys=[KEY]) as (address, kill):
            engine = start(address, retries=1)
            yield engine, kill
            asyncio.run(engine.aclose())


@pytest.fixture(scope="module")
def texts(server: str) -> Iterator[OpenAIEngine]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OPENAI_API_KEY", KEY)
        engine = start(server, api=Api.COMPLETIONS)
    yield engine
    asyncio.run(engine.aclose())


class TestTexts(EngineContract, ModelContract, GrammarContract, StreamingContract):
    """The same through texts that are completed."""

    overflow_words = 2 * CONTEXT

    @pytest.fixture
    def engine(self, texts: OpenAIEngine) -> OpenAIEngine:
        return texts

    async def test_no_chat_is_made_of_it(self, engine: OpenAIEngine) -> None:
        prompt = Prompt((Message("user", "The capital of France is"),), prefix="Paris, the")
        assert await engine.count_tokens(prompt) < 14
        params = SamplingParams(temperature=0, max_tokens=3)
        [completion] = await engine.sample(prompt, params)
        assert completion.prompt_tokens == await engine.count_tokens(prompt)
        assert "Paris" not in completion.text


@pytest.fixture
def gate(server: str) -> Iterator[Gate]:
    gate = Gate()
    host = server.removeprefix("http://").removesuffix("/v1")

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *args: Any) -> None:
            pass

        def do_GET(self) -> None:
            if gate.deaf_to and self.path.endswith(gate.deaf_to):
                reply(self, 404, b"{}")
            else:
                self.pass_on(None)

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if gate.deaf_to and self.path.endswith(gate.deaf_to):
                if gate.says_instead:
                    reply(self, 200, gate.says_instead)
                else:
                    hang_up(self, body)
                return
            if self.path.endswith("/chat/completions"):
                gate.seen.append((dict(self.headers), json.loads(body)))
                if gate.faults and gate.faults.pop(0)(self, body):
                    return
            self.pass_on(body)

        def pass_on(self, body: bytes | None) -> None:
            onward = http.client.HTTPConnection(host)
            onward.request(self.command, self.path, body, dict(self.headers))
            answer = onward.getresponse()
            said = answer.read().replace(b'"llamacpp"', f'"{gate.owner}"'.encode())
            reply(self, answer.status, said)

    listening = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    listening.daemon_threads = True
    threading.Thread(target=listening.serve_forever, daemon=True).start()
    gate.url = f"http://127.0.0.1:{listening.server_port}/v1"
    yield gate
    listening.shutdown()
    listening.server_close()


def reply(handler: BaseHTTPRequestHandler, status: int, said: bytes, **headers: str) -> bool:
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.send_header("Content-Length", str(len(said)))
    handler.send_header("Content-Type", "application/json")
    handler.end_headers()
    handler.wfile.write(said)
    return True


def hang_up(handler: BaseHTTPRequestHandler, body: bytes) -> bool:
    handler.close_connection = True
    handler.connection.close()
    return True


def break_off(handler: BaseHTTPRequestHandler, body: bytes) -> bool:
    """Begin a stream, and hang up after one piece of it."""
    piece = b'data: {"choices": [{"index": 0, "delta": {"content": "The"}}]}\n\n'
    handler.send_response(200)
    handler.send_header("Content-Type", "text/event-stream")
    handler.send_header("Content-Length", str(len(piece) + 100))
    handler.end_headers()
    handler.wfile.write(piece)
    return hang_up(handler, body)


def pass_by(handler: BaseHTTPRequestHandler, body: bytes) -> bool:
    return False


SINGLE = SamplingParams(max_tokens=2)
PROBED = 1
"""Requests by which the engine finds out what the server is."""


async def test_it_says_what_server_it_asks(engine: Engine) -> None:
    assert engine.info.name == "openai"
    assert "llama.cpp" in engine.info.version
    assert engine.info.can == SAMPLING - {Capability.SEEDS}


@pytest.fixture
def embedding_server(real_models: None) -> Iterator[str]:
    import xllamacpp

    mean = xllamacpp.llama_pooling_type.LLAMA_POOLING_TYPE_MEAN
    values = {"n_parallel": 2, "n_ctx": 1024, "embedding": True, "pooling_type": mean}
    with serving(api_keys=[KEY], **values) as address:
        yield address


async def test_a_server_that_embeds_is_an_embedder(embedding_server: str) -> None:
    engine = start(embedding_server)
    try:
        assert Capability.EMBEDDINGS in engine.info.can
        texts = ["A whale swims.", "The integral of x.", "A whale swims.", "", "\ud800 漢字"]
        vectors = await engine.embed(texts)
        assert vectors.shape[0] == len(texts)
        assert np.allclose(vectors[0], vectors[2], atol=1e-3)
        assert not np.allclose(vectors[0], vectors[1], atol=1e-2)
        assert (await engine.embed([])).shape[0] == 0
        assert engine.info.model_digest in engine.identity
        assert await engine.sample(SEA, SamplingParams(max_tokens=2))
    finally:
        await engine.aclose()


async def test_a_server_that_does_not_embed_says_so(engine: OpenAIEngine) -> None:
    with pytest.raises(EngineError, match="gives no embeddings") as caught:
        await engine.embed(["A whale swims."])
    assert caught.value.hint


async def test_what_is_not_asked_for_does_not_change_the_distribution(
    server: str, engine: Engine
) -> None:
    prompt = Prompt((Message("user", "Say a word."),))
    params = SamplingParams(n=24, temperature=5, max_tokens=1)
    drawn = await engine.sample(prompt, params)
    assert len({item.text for item in drawn}) > 12, "the server's own defaults cut the tail"


async def test_too_many_requests_are_made_again_when_the_server_says(gate: Gate) -> None:
    def busy(handler: BaseHTTPRequestHandler, body: bytes) -> bool:
        return reply(handler, 429, b'{"error": {"message": "slowly"}}', Retry_After="1")

    engine = start(gate.url)
    gate.faults = [busy]
    began = time.monotonic()
    assert len(await engine.sample(SEA, SamplingParams(max_tokens=2))) == 1
    assert 1 <= time.monotonic() - began < 8
    await engine.aclose()


async def test_a_server_that_hangs_up_once_is_asked_again(gate: Gate) -> None:
    engine = start(gate.url)
    gate.faults = [hang_up]
    assert len(await engine.sample(SEA, SamplingParams(max_tokens=2))) == 1
    await engine.aclose()


async def test_each_request_is_made_again_as_often_as_was_said(gate: Gate) -> None:
    def busy(handler: BaseHTTPRequestHandler, body: bytes) -> bool:
        return reply(handler, 503, b'{"error": {"message": "busy"}}')

    engine = start(gate.url, retries=2)
    for draw in (engine.sample(SEA, SINGLE), anext(engine.stream(SEA, SINGLE))):
        gate.faults, asked = [busy] * 20, len(gate.seen)
        with pytest.raises(UnavailableError, match="busy"):
            await draw
        assert len(gate.seen) - asked == 3
    await engine.aclose()


async def test_a_server_that_asks_for_too_long_a_pause_is_not_asked_again(gate: Gate) -> None:
    def busy(asked: str, handler: BaseHTTPRequestHandler, body: bytes) -> bool:
        return reply(handler, 429, b'{"error": {"message": "tomorrow"}}', Retry_After=asked)

    engine = start(gate.url)
    later = datetime.now(UTC) + timedelta(hours=3)
    for asked in ("300", format_datetime(later, usegmt=True)):
        gate.faults, seen = [partial(busy, asked)] * 9, len(gate.seen)
        with pytest.raises(UnavailableError, match="tomorrow"):
            await engine.sample(SEA, SINGLE)
        assert len(gate.seen) - seen == 1
    await engine.aclose()


async def test_an_answer_that_trickles_ends_in_time(gate: Gate) -> None:
    def trickle(handler: BaseHTTPRequestHandler, body: bytes) -> bool:
        handler.send_response(200)
        handler.send_header("Content-Length", "1000")
        handler.end_headers()
        try:
            for _ in range(60):
                handler.wfile.write(b" ")
                time.sleep(0.1)
        except OSError:
            pass
        return True

    engine = start(gate.url, retries=0, timeout=1.0)
    gate.faults = [trickle]
    began = time.monotonic()
    with pytest.raises(UnavailableError, match="in time"):
        await engine.sample(SEA, SINGLE)
    assert time.monotonic() - began < 4
    await engine.aclose()


async def test_a_stream_that_ends_too_soon_is_no_answer(gate: Gate) -> None:
    def end_early(handler: BaseHTTPRequestHandler, body: bytes) -> bool:
        pieces = [
            {"choices": [{"index": 0, "delta": {"content": "The"}}], "usage": None},
            {"choices": [], "usage": {"prompt_tokens": 3, "completion_tokens": 1}},
        ]
        said = "".join(f"data: {json.dumps(piece)}\n\n" for piece in pieces)
        return reply(handler, 200, said.encode())

    engine = start(gate.url, retries=0)
    gate.faults = [end_early]
    with pytest.raises(UnavailableError, match="before its end"):
        await anext(engine.stream(SEA, SINGLE))
    for piece in (b"null", b"[1]", b'{"choices": 5}'):
        said = b"data: " + piece + b"\n\n"
        gate.faults = [lambda handler, body, said=said: reply(handler, 200, said)]
        with pytest.raises(EngineError):
            await anext(engine.stream(SEA, SINGLE))
    await engine.aclose()


async def test_a_server_that_gives_no_vectors_now_is_asked_for_texts(
    gate: Gate, caplog: pytest.LogCaptureFixture
) -> None:
    gate.deaf_to = "/embeddings"
    engine = start(gate.url, retries=1)
    assert Capability.EMBEDDINGS not in engine.info.can
    assert "no embeddings" in caplog.text
    assert len(await engine.sample(SEA, SINGLE)) == 1
    await engine.aclose()


async def test_what_counts_tokens_in_other_words_is_not_asked(gate: Gate) -> None:
    engine = start(gate.url)
    exact = await engine.count_tokens(SEA)
    gate.deaf_to = "/tokenize"
    gate.says_instead = b'{"ids": []}'
    assert await engine.count_tokens(SEA) >= exact / 2
    await engine.aclose()
    with pytest.raises(EngineError, match="closed"):
        await engine.count_tokens(SEA)


def test_a_key_that_a_server_repeats_is_not_told(
    gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OTHER_KEY", KEY)

    def repeat(handler: BaseHTTPRequestHandler, body: bytes) -> bool:
        said = {"error": {"message": f"bad header {handler.headers['Authorization']}"}}
        return reply(handler, 418, json.dumps(said).encode())

    gate.faults = [repeat] * 4
    with pytest.raises(EngineError, match="bad header") as caught:
        start(gate.url, key_variable="OTHER_KEY", retries=0)
    assert KEY not in f"{caught.value} {caught.value.hint}"


async def test_chats_and_texts_that_are_completed_are_told_apart(server: str) -> None:
    asked = [start(server), start(server, api=Api.COMPLETIONS)]
    assert len({engine.info.model_digest for engine in asked}) == 2
    for engine in asked:
        await engine.aclose()


async def test_a_server_that_dies_is_an_error_that_may_pass(gate: Gate) -> None:
    engine = start(gate.url, retries=1)
    gate.faults = [hang_up] * 4
    with pytest.raises(UnavailableError, match="cannot be reached") as caught:
        await engine.sample(SEA, SamplingParams(max_tokens=2))
    assert "OPENAI_BASE_URL" in caught.value.hint
    await engine.aclose()


async def test_a_server_that_does_not_answer_in_time(gate: Gate) -> None:
    ended = threading.Event()

    def wait(handler: BaseHTTPRequestHandler, body: bytes) -> bool:
        ended.wait(10)
        return True

    engine = start(gate.url, retries=0, timeout=1.0)
    gate.faults = [wait]
    with pytest.raises(UnavailableError, match="in time"):
        await engine.sample(SEA, SamplingParams(max_tokens=2))
    ended.set()
    await engine.aclose()


async def test_an_answer_that_is_none(gate: Gate) -> None:
    engine = start(gate.url)
    for said in (b"<html>", b"[]", b'{"choices": [{}]}', b'{"choices": [], "usage": {}}'):
        gate.faults = [lambda handler, body, said=said: reply(handler, 200, said)]
        with pytest.raises(EngineError):
            await engine.sample(SEA, SamplingParams(max_tokens=2))
    await engine.aclose()


async def test_requests_keep_to_a_rate(gate: Gate) -> None:
    engine = start(gate.url, per_minute=600.0)
    began = time.monotonic()
    await asyncio.gather(*(engine.sample(SEA, SINGLE) for _ in range(12)))
    assert time.monotonic() - began > 1.1, "one in a tenth of a second"
    await engine.aclose()


async def test_a_server_that_hangs_up_in_the_middle_of_an_answer_is_asked_again(
    gate: Gate,
) -> None:
    engine = start(gate.url)
    gate.faults = [break_off]
    ended = [item async for item in engine.stream(SEA, SamplingParams(max_tokens=2))]
    assert [item.completion_tokens for item in ended] == [2]
    gate.faults = [break_off]
    ended = [item async for item in engine.stream(SEA, SamplingParams(n=3, max_tokens=2))]
    assert sorted(item.seed for item in ended) == [0, 1, 2]
    assert gate.seen[-1][1]["n"] == 3
    impatient = start(gate.url, retries=0)
    gate.faults = [break_off]
    with pytest.raises(UnavailableError):
        await anext(impatient.stream(SEA, SamplingParams(max_tokens=2)))
    await engine.aclose()
    await impatient.aclose()


async def test_a_server_that_counts_all_samples_gets_one_request(gate: Gate) -> None:
    counted = 0

    def count_all(handler: BaseHTTPRequestHandler, body: bytes) -> bool:
        nonlocal counted
        asked = json.loads(body)
        onward = http.client.HTTPConnection(gate_host)
        onward.request("POST", "/v1/chat/completions", body, dict(handler.headers))
        answer = json.loads(onward.getresponse().read())
        counted = asked["max_tokens"] * asked["n"]
        answer["usage"]["completion_tokens"] = counted
        return reply(handler, 200, json.dumps(answer).encode())

    gate_host = gate.url.removeprefix("http://").removesuffix("/v1")
    gate.faults = [count_all, pass_by, count_all, pass_by]
    engine = start(gate.url)
    drawn = await engine.sample(SEA, SamplingParams(n=3, max_tokens=5))
    assert [item.seed for item in drawn] == [0, 1, 2]
    assert sum(item.completion_tokens for item in drawn) == counted == 15
    assert [item.prompt_tokens > 0 for item in drawn] == [True, False, False]
    assert gate.seen[-1][1]["n"] == 3
    await engine.aclose()


async def test_a_server_of_which_nothing_is_known(gate: Gate) -> None:
    gate.owner = "somebody"
    engine = start(gate.url)
    assert engine.info.can == {Capability.LOGPROBS, Capability.FURTHER, Capability.JSON_SCHEMA}
    assert engine.info.charges_each
    assert await engine.count_tokens(SEA) > 0
    assert (await engine.sample(SEA, SamplingParams(n=2, max_tokens=3)))[1].seed == 1
    assert "samplers" not in gate.seen[-1][1]
    await engine.aclose()


async def test_tokens_that_nobody_counts_are_estimated_from_those_before(gate: Gate) -> None:
    gate.owner = "somebody"
    engine = start(gate.url)
    long = Prompt((Message("user", "The sea is deep. " * 60),))
    before = await engine.count_tokens(long)
    [completion] = await engine.sample(long, SamplingParams(max_tokens=1))
    assert completion.prompt_tokens <= before
    await engine.aclose()


def test_a_key_that_is_refused(
    server: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("OTHER_KEY", "wrong-secret")
    with pytest.raises(EngineError, match="refuses the key") as caught:
        start(server, key_variable="OTHER_KEY")
    assert "OTHER_KEY" in caught.value.hint
    assert "wrong-secret" not in f"{caught.value} {caught.value.hint} {caplog.text}"


@pytest.mark.parametrize(
    "url", ["http://me:hidden@127.0.0.1:9/v1", "http://hidden@127.0.0.1:9/v1", "me:hidden@h:80/v1"]
)
def test_an_address_with_secrets_is_refused_and_not_shown(url: str, server: str) -> None:
    with pytest.raises(OptionError) as caught:
        OpenAIEngine(base_url=url, retries=0)
    assert "hidden" not in f"{caught.value} {caught.value.hint}"


def test_what_is_asked_with_an_address_is_not_shown(server: str) -> None:
    with pytest.raises(UnavailableError) as caught:
        OpenAIEngine(base_url="http://127.0.0.1:9/v1?token=hidden", retries=0)
    assert "hidden" not in f"{caught.value} {caught.value.hint}"


def test_an_address_where_something_else_answers(gate: Gate) -> None:
    gate.faults = [lambda handler, body: reply(handler, 200, b"<html>")] * 4
    with pytest.raises(EngineError, match="OpenAI's protocol") as caught:
        start(gate.url)
    assert "/v1" in caught.value.hint


async def test_what_the_server_found_in_its_cache_is_counted(server: str) -> None:
    engine = start(server)
    prompt = Prompt((Message("user", "Whales sing of the sea. " * 40),))
    length = await engine.count_tokens(prompt)
    counted = []
    for _ in range(2):
        await engine.sample(prompt, SINGLE)
        assert engine.prompt_tokens is not None
        counted.append(engine.prompt_tokens)
    (_, first), (sent, both) = counted
    assert sent == 2 * length
    # How chats begin may be there from those that the server has had before.
    assert 0.8 * length < first <= length
    assert both - first < 0.1 * length
    await engine.aclose()


async def test_samples_share_what_is_evaluated_of_their_prompt(server: str) -> None:
    """In slots of their own llama.cpp would evaluate it for each of them."""
    engine = start(server)
    prompt = Prompt((Message("user", "Gulls cry over the harbour. " * 60),))
    length = await engine.count_tokens(prompt)
    drawn = await engine.sample(prompt, SamplingParams(n=4, max_tokens=6, temperature=1.5))
    assert engine.prompt_tokens is not None
    sent, evaluated = engine.prompt_tokens
    assert sent == 4 * length
    assert 0.8 * length < evaluated <= 1.1 * length
    assert [item.seed for item in drawn] == [0, 1, 2, 3]
    assert len({item.text for item in drawn}) > 1
    assert all(0 < item.completion_tokens <= 6 for item in drawn)
    await engine.aclose()


async def test_more_samples_than_a_request_may_hold(server: str) -> None:
    engine = start(server)
    drawn = await engine.sample(SEA, SamplingParams(n=19, max_tokens=2, temperature=1.0))
    assert [item.seed for item in drawn] == list(range(19))
    await engine.aclose()


async def test_where_it_is_not_told_how_many_a_request_may_hold_each_is_one(gate: Gate) -> None:
    gate.deaf_to = "/props"
    engine = start(gate.url)
    begun = len(gate.seen)
    assert len(await engine.sample(SEA, SamplingParams(n=3, max_tokens=2))) == 3
    assert [body.get("n") for _, body in gate.seen[begun:]] == [None] * 3
    await engine.aclose()


async def test_a_slash_at_the_end_of_an_address(server: str) -> None:
    engine = start(f"{server}/")
    assert await engine.count_tokens(SEA) > 0
    await engine.aclose()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"parallel": 0}, "parallel is 0"),
        ({"retries": -1}, "retries is -1"),
        ({"timeout": 0.0}, "timeout is 0"),
        ({"per_minute": 0.0}, "per_minute is 0"),
        ({"base_url": "localhost:8000"}, "address of the server"),
        ({"base_url": "http://localhost:80x/v1"}, "address of the server"),
    ],
)
def test_options_that_cannot_be(options: dict[str, Any], message: str) -> None:
    with pytest.raises(OptionError, match=message) as caught:
        OpenAIEngine("m", **{"base_url": "http://localhost:1/v1", **options})
    assert caught.value.hint


def test_a_model_that_the_server_does_not_have(server: str) -> None:
    with pytest.raises(ModelNotFoundError, match="nonesuch") as caught:
        start(server, model="nonesuch")
    assert "SmolLM2" in caught.value.hint


def test_a_solver_that_runs_on_a_server(server: str) -> None:
    engine = start(server)
    strategy = SampleAndVote(samples=2, max_tokens=8)
    with Solver(strategy, translator=PythonTranslator(shots=0), engine=engine) as solver:
        solution = solver.solve("What is 2 + 3?")
    assert len(solution.candidates) == 2
    assert 0 < solution.usage.completion_tokens <= 16
    assert solution.usage.prompt_tokens == sum(
        item.completion.prompt_tokens for item in solution.candidates
    )
    asyncio.run(engine.aclose())
