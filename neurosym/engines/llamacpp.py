"""The embedded engine: llama.cpp's server inside this process, through xllamacpp.

The server batches whatever is in flight (continuous batching), keeps prompt prefixes it has seen,
and is spoken to over a loopback port that a random key protects, because only there it counts the
tokens of each sample, tokenizes, and drops a request whose caller went away.
"""

from __future__ import annotations

import asyncio
import http.client
import json
import os
import secrets
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from neurosym.candidate import Completion, Prompt
from neurosym.engines.base import EngineInfo, SamplingParams
from neurosym.engines.models import DEFAULT_MODEL, file_digest, model_name, resolve
from neurosym.errors import ContextOverflowError, EngineError, EngineMemoryError, OptionError
from neurosym.runtime.machine import available_cpus, available_memory

__all__ = ["LlamaCppEngine"]

_CACHE_MIB = 128
"""Prompt states the server may keep outside its context, for prompts that take turns."""


class LlamaCppEngine:
    """Runs a GGUF model in this process. Loads the weights when made, which takes seconds.

    Args:
        model: A known model's name, or the path of a GGUF file.
        threads: Threads of the model; ``None`` takes the CPUs really available. One thread too many
            on a busy machine costs more than half the speed, for all threads wait for the slowest.
        slots: Samples worked on at once.
        context: Tokens that all samples in flight may hold together.

    Raises:
        OptionError: An option has an impossible value.
        ModelNotFoundError: There is no such model, or its weights are not here.
        ModelCorruptError: The file is not the model.
        EngineMemoryError: Not enough memory for the weights and the context.
        EngineError: llama.cpp refuses the model.
    """

    def __init__(
        self,
        model: str | Path = DEFAULT_MODEL,
        *,
        threads: int | None = None,
        slots: int = 32,
        context: int = 14_336,
    ) -> None:
        for name, value in (("threads", threads), ("slots", slots), ("context", context)):
            if value is not None and value < 1:
                raise OptionError(f"{name} is {value}", hint=f"Give at least one of {name}.")
        if os.environ.get("NEUROSYM_FORBID_MODELS"):
            raise EngineError(
                "a real model was asked for where NEUROSYM_FORBID_MODELS is set",
                hint="Use neurosym.testing.ScriptedEngine, or unset the variable.",
            )
        path = resolve(model)
        _check_memory(path, context)
        import xllamacpp

        self.threads = threads or available_cpus()
        self._info = EngineInfo(
            name="llamacpp",
            model=model_name(model),
            model_digest=file_digest(path),
            version=f"xllamacpp {xllamacpp.__version__}",
            parallel=slots,
        )
        key = secrets.token_urlsafe(24)
        self._server = _start_server(path, self.threads, slots, context, key)
        self._http = _Loopback(self._server.listening_address, key)
        properties = self._http.get("/props")
        self._longest = int(properties["default_generation_settings"]["n_ctx"])
        self._room = _Room(context)
        self._workers = ThreadPoolExecutor(slots, thread_name_prefix="neurosym-llamacpp")
        self._primed: set[str] = set()
        self._priming = threading.Lock()

    @property
    def info(self) -> EngineInfo:
        """What identifies the engine and its model."""
        return self._info

    async def sample(self, prompt: Prompt, params: SamplingParams) -> list[Completion]:
        """Draw completions; see :meth:`neurosym.engines.base.Engine.sample`.

        With one seed, the same prompt gives the same completions up to the rounding of the
        batch it happens to share, which may now and then tip a token.
        """
        slots = self._info.parallel
        starts = range(0, params.n, slots)
        requests = [
            _Request(self._http, prompt, params, start, min(slots, params.n - start))
            for start in starts
        ]
        drawn = await asyncio.gather(*(self._submit(request) for request in requests))
        completions = [completion for some in drawn for completion in some]
        return [
            completion if i == 0 else _without_prompt(completion)
            for i, completion in enumerate(completions)
        ]

    async def _submit(self, request: _Request) -> list[Completion]:
        try:
            future = self._workers.submit(self._work, request)
        except RuntimeError as error:
            raise EngineError("the engine is closed", hint="Make a new one.") from error
        try:
            return await asyncio.wrap_future(future)
        except asyncio.CancelledError:
            request.abort()
            raise

    def _work(self, request: _Request) -> list[Completion]:
        tokens = request.tokenize()
        longest = request.params.max_tokens
        if len(tokens) + longest > self._longest:
            raise ContextOverflowError(
                f"the prompt has {len(tokens):,} tokens, which with {longest:,} for the answer is "
                f"more than the model's context of {self._longest:,}",
                hint="Shorten the question, or start the engine with a larger context.",
            )
        self._prime(request, tokens)
        with self._room.of(len(tokens) + request.n * longest):
            return request.complete(tokens)

    def _prime(self, request: _Request, tokens: list[int]) -> None:
        """Put a new prompt's fixed part (instruction, exemplars) into all slots at once.

        Every slot would otherwise evaluate it for itself when its first request comes.
        """
        if len(request.prompt.messages) < 3:
            return
        fixed = str(request.prompt.messages[:-1])
        with self._priming:
            if fixed in self._primed:
                return
            if request.n < self._info.parallel:
                with self._room.of(len(tokens) + self._info.parallel):
                    request.warm(tokens, self._info.parallel)
            self._primed.add(fixed)

    async def aclose(self) -> None:
        """Free the model. Safe to call twice."""
        if self._server is not None:
            await asyncio.to_thread(self._workers.shutdown, cancel_futures=True)
            self._server = None


class _Request:
    """Some samples of one prompt, on their way through the server."""

    def __init__(
        self, http: _Loopback, prompt: Prompt, params: SamplingParams, start: int, n: int
    ) -> None:
        self.prompt = prompt
        self.params = params
        self.n = n
        self._start = start
        self._http = http
        self._connection: http.client.HTTPConnection | None = None
        self._aborted = False

    def tokenize(self) -> list[int]:
        messages = [
            {"role": message.role, "content": message.content} for message in self.prompt.messages
        ]
        text = self._post("/apply-template", {"messages": messages})["prompt"] + self.prompt.prefix
        body = {"content": text, "add_special": True, "parse_special": True}
        tokens: list[int] = self._post("/tokenize", body)["tokens"]
        return tokens

    def warm(self, tokens: list[int], slots: int) -> None:
        self._post("/completion", {"prompt": tokens, "n_predict": 1, "n_cmpl": slots})

    def complete(self, tokens: list[int]) -> list[Completion]:
        params, prompt = self.params, self.prompt
        seed = params.seed + self._start
        body: dict[str, Any] = {
            "prompt": tokens,
            "n_predict": params.max_tokens,
            "n_cmpl": self.n,
            "seed": seed,
            "temperature": params.temperature,
            "top_p": params.top_p,
            # What is not asked for is off: the server's own defaults would cut the tail as well.
            "samplers": ["temperature", "top_p"],
            "stop": list(prompt.stop),
            "n_probs": int(params.logprobs),
            "cache_prompt": True,
        }
        if prompt.grammar is not None:
            body["grammar"] = prompt.grammar
        if prompt.json_schema is not None:
            body["json_schema"] = prompt.json_schema
        found = self._post("/completion", body)
        results = found if isinstance(found, list) else [found]
        if len(results) != self.n:
            raise EngineError(f"llama.cpp gave {len(results)} of {self.n} samples")
        return [
            _completion(result, seed + result["index"], params.logprobs)
            for result in sorted(results, key=lambda result: int(result["index"]))
        ]

    def _post(self, path: str, body: dict[str, Any]) -> Any:
        if self._aborted:
            raise EngineError("the request was dropped")
        self._connection = self._http.connect()
        try:
            return self._http.exchange(self._connection, "POST", path, body)
        finally:
            self._connection.close()
            self._connection = None

    def abort(self) -> None:
        """Hang up, upon which the server drops the work."""
        self._aborted = True
        connection = self._connection
        if connection is not None and connection.sock is not None:
            try:
                connection.sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass  # it ended by itself in this moment


class _Loopback:
    """The server's own port."""

    def __init__(self, address: str, key: str) -> None:
        parts = urlsplit(address)
        assert parts.hostname is not None and parts.port is not None
        self._host, self._port = parts.hostname, parts.port
        self._headers = {"Content-Type": "application/json", "Authorization": f"Bearer {key}"}

    def connect(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection(self._host, self._port)

    def get(self, path: str) -> Any:
        connection = self.connect()
        try:
            return self.exchange(connection, "GET", path, None)
        finally:
            connection.close()

    def exchange(
        self, connection: http.client.HTTPConnection, method: str, path: str, body: Any
    ) -> Any:
        try:
            data = None if body is None else json.dumps(body)
            connection.request(method, path, data, self._headers)
            response = connection.getresponse()
            found = json.loads(response.read())
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise EngineError(f"llama.cpp did not answer: {error}", hint="Start again.") from error
        if response.status != 200:
            raise _translate_error(found)
        return found


def _translate_error(found: Any) -> EngineError:
    error = found.get("error", {}) if isinstance(found, dict) else {}
    message = str(error.get("message", found))
    overflow = error.get("type") == "exceed_context_size_error" or "Context size" in message
    if overflow:
        return ContextOverflowError(
            f"llama.cpp: {message}",
            hint="Shorten the question, or start the engine with a larger context.",
        )
    return EngineError(f"llama.cpp: {message}")


def _completion(result: dict[str, Any], seed: int, logprobs: bool) -> Completion:
    tokens = result.get("completion_probabilities", [])
    return Completion(
        text=result["content"],
        logprobs=tuple(float(token["logprob"]) for token in tokens) if logprobs else None,
        prompt_tokens=int(result["tokens_evaluated"]),
        completion_tokens=int(result["tokens_predicted"]),
        finish_reason="length" if result["stop_type"] == "limit" else "stop",
        seed=seed,
    )


def _without_prompt(completion: Completion) -> Completion:
    return replace(completion, prompt_tokens=0)


class _Room:
    """Tokens of context that requests hold while they run.

    llama.cpp fails every request in flight when its context is full, so no request starts before
    there is room for the longest answers it may get.
    """

    def __init__(self, tokens: int) -> None:
        self._all = tokens
        self._free = tokens
        self._changed = threading.Condition()

    @contextmanager
    def of(self, tokens: int) -> Iterator[None]:
        tokens = min(tokens, self._all)  # a request for more than all of it runs alone
        with self._changed:
            self._changed.wait_for(lambda: self._free >= tokens)
            self._free -= tokens
        try:
            yield
        finally:
            with self._changed:
                self._free += tokens
                self._changed.notify_all()


def _check_memory(path: Path, context: int) -> None:
    # Keys and values take 28 kB a token in a model of 1.5 billion parameters and grow more slowly
    # than the weights; the weights take what their file takes.
    size = path.stat().st_size
    needed = size + context * min(size // 40_000, 200_000) + 200 * 2**20
    free = available_memory()
    if needed > free:
        raise EngineMemoryError(
            f"{path.name} needs about {needed / 1e9:.1f} GB of memory, {free / 1e9:.1f} GB are free",
            hint="Close other programs, or name a smaller model with --model.",
        )


def _start_server(path: Path, threads: int, slots: int, context: int, key: str) -> Any:
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = str(path)
    params.n_parallel = slots
    params.n_ctx = context
    # One pool of context for all slots, so that a long question may use more than its share and
    # the samples of one prompt share its tokens.
    params.kv_unified = True
    params.cache_ram_mib = _CACHE_MIB
    params.cpuparams.n_threads = threads
    params.cpuparams_batch.n_threads = threads
    params.api_keys = [key]
    params.verbosity = 0
    try:
        return xllamacpp.Server(params)
    except (RuntimeError, MemoryError) as error:
        raise EngineError(
            f"llama.cpp cannot load {path}: {error}",
            hint="The file may be damaged or of a newer kind; fetch it again or name another.",
        ) from error
