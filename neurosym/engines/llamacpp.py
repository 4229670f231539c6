"""The embedded engine: llama.cpp's server inside this process, through xllamacpp.

The server batches whatever is in flight (continuous batching), keeps prompt prefixes it has seen,
and is spoken to over a loopback port that a random key protects.
"""

from __future__ import annotations

import asyncio
import secrets
import threading
from collections.abc import AsyncGenerator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing
from dataclasses import dataclass, replace
from itertools import takewhile
from pathlib import Path
from typing import Any, TypeVar, TypeVarTuple

from neurosym.candidate import Completion, Message, Prompt
from neurosym.counts import at_least_one
from neurosym.engines.base import (
    Dropped,
    EngineInfo,
    SamplingParams,
    check_length,
    refuse_where_forbidden,
)
from neurosym.engines.led import all_of, charged_once, handed_over
from neurosym.engines.loopback import Line, Port
from neurosym.engines.models import DEFAULT_MODEL, file_digest, model_name, resolve
from neurosym.engines.prefixes import Prefixes, writable_folder
from neurosym.engines.slots import Room
from neurosym.errors import EngineError, EngineMemoryError
from neurosym.runtime.machine import available_cpus, available_memory
from neurosym.runtime.paths import cache_folder
from neurosym.runtime.together import merged

__all__ = ["LlamaCppEngine", "check_memory"]

T = TypeVar("T")
Ts = TypeVarTuple("Ts")


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
        slots: int = 16,
        context: int = 20_480,
    ) -> None:
        at_least_one(threads=threads, slots=slots, context=context)
        refuse_where_forbidden()
        path = resolve(model)
        check_memory(path, context)
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
        self._room = Room(context, slots)
        states, self._states = writable_folder(cache_folder() / "prefixes")
        self._prefixes = Prefixes(states, f"{self._info.model_digest} {self._info.version}")
        self._server = _start_server(path, self.threads, self._room.slots, context, key, states)
        self._port = Port(self._server.listening_address, key)
        properties = Line(self._port).get("/props")
        self._longest = min(context, int(properties["default_generation_settings"]["n_ctx"]))
        self._workers = ThreadPoolExecutor(slots, thread_name_prefix="neurosym-llamacpp")
        self._lines: set[Line] = set()
        self._fixed: dict[tuple[Message, ...], int] = {}
        self._closing = False
        self._counting = threading.Lock()
        self._sent = 0
        self._evaluated = 0

    @property
    def prompt_tokens(self) -> tuple[int, int]:
        """Prompt tokens of all samples so far, and how many of them the model had to evaluate."""
        with self._counting:
            return self._sent, self._evaluated

    @property
    def info(self) -> EngineInfo:
        """What identifies the engine and its model."""
        return self._info

    async def sample(self, prompt: Prompt, params: SamplingParams) -> list[Completion]:
        """Draw completions; see :meth:`neurosym.engines.base.Engine.sample`.

        With one seed, the same prompt gives the same completions up to the rounding of the
        batch it happens to share, which may now and then tip a token. Tokens that made up a stop
        string have no log-probability.
        """
        return await all_of(self.stream(prompt, params))

    async def stream(
        self,
        prompt: Prompt,
        params: SamplingParams,
        dropped: Dropped = lambda asked, sampled: None,
    ) -> AsyncGenerator[Completion]:
        """Draw completions as they end; see :meth:`neurosym.engines.base.Streaming.stream`."""
        tokens, fixed = await self._run(self._prepare, prompt, params)
        parts = params.in_parts(self._at_once(tokens, params))
        counts = dict.fromkeys(range(params.seed, params.seed + params.n), 0)
        drawing = merged(self._stream(_Part(tokens, fixed, prompt, part), counts) for part in parts)
        charged = charged_once(drawing, counts, len(tokens), dropped)
        async with aclosing(charged) as ended:
            async for item in ended:
                yield item

    def _stream(self, part: _Part, counts: dict[int, int]) -> AsyncGenerator[Completion]:
        """The samples of one request. A thread follows it, and hangs up where this is closed."""
        return handed_over(lambda end: self._run(self._draw, _Drawing(part, counts, end)))

    async def count_tokens(self, prompt: Prompt) -> int:
        """Tokens of a prompt in the model's chat format."""
        return len(await self._run(Line.tokenize, prompt))

    async def _run(self, work: Callable[[Line, *Ts], T], *args: *Ts) -> T:
        """Do blocking work in a thread, with a line to the server; cancelling hangs it up."""
        line = Line(self._port)
        self._lines.add(line)
        try:
            try:
                future = self._workers.submit(work, line, *args)
            except RuntimeError as error:
                raise EngineError("the engine is closed", hint="Make a new one.") from error
            return await asyncio.wrap_future(future)
        except asyncio.CancelledError:
            self._hang_up(line)
            task = asyncio.current_task()
            if self._closing and task is not None and not task.cancelling():
                raise EngineError("the engine was closed", hint="Make a new one.") from None
            raise
        finally:
            self._lines.discard(line)

    def _prepare(
        self, line: Line, prompt: Prompt, params: SamplingParams
    ) -> tuple[list[int], list[int]]:
        """The prompt's tokens, if they fit, and those of them that other questions share."""
        if prompt.regex is not None:
            raise EngineError(
                "llama.cpp holds completions to no regular expression",
                hint="Give a grammar that says the same.",
            )
        tokens = line.tokenize(prompt)
        check_length(len(tokens), params.max_tokens, self._longest)
        fixed = prompt.messages[:-1]
        if len(fixed) < 2:
            return tokens, []
        if fixed not in self._fixed:
            # Two questions that begin differently have just the fixed part in common.
            probes = (replace(prompt, messages=(*fixed, Message("user", text))) for text in "a\n")
            pairs = zip(*map(line.tokenize, probes), strict=False)
            self._fixed[fixed] = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
        return tokens, tokens[: self._fixed[fixed]]

    def _at_once(self, tokens: list[int], params: SamplingParams) -> int:
        """Samples of one prompt that have room together, whatever their length."""
        room = (self._room.tokens - len(tokens)) // params.max_tokens
        return max(1, min(self._room.samples, room))

    def _draw(self, line: Line, drawing: _Drawing) -> None:
        part = drawing.part
        with self._room.of(part.most, part.params.n, line) as slot:
            evaluated = self._prefixes.place(line, slot, part.fixed)
            for piece in line.stream("/completion", part.body(slot)):
                drawing.take(piece)
        with self._counting:
            self._sent += part.params.n * len(part.tokens)
            self._evaluated += evaluated + drawing.evaluated
        if drawing.ended != part.params.n:
            raise EngineError(f"llama.cpp gave {drawing.ended} of {part.params.n} samples")

    def _hang_up(self, line: Line) -> None:
        line.hang_up()
        self._room.look_again()

    async def aclose(self) -> None:
        """Drop what is in flight and free the model. Safe to call twice."""
        self._closing = True
        await asyncio.to_thread(self._close)

    def _close(self) -> None:
        self._workers.shutdown(wait=False, cancel_futures=True)
        for line in list(self._lines):
            self._hang_up(line)
        self._workers.shutdown()
        self._server = None
        if self._states is not None:
            self._states.cleanup()


@dataclass(frozen=True, slots=True)
class _Part:
    """Samples of one prompt that are drawn in one request.

    Attributes:
        tokens: The prompt's.
        fixed: Those at its beginning that prompts of other problems share.
        prompt: The prompt.
        params: How to sample them.
    """

    tokens: list[int]
    fixed: list[int]
    prompt: Prompt
    params: SamplingParams

    @property
    def most(self) -> int:
        """Tokens of context that the request may come to hold."""
        return len(self.tokens) + self.params.n * self.params.max_tokens

    @property
    def _top_k(self) -> int:
        """Likeliest tokens that are considered; 0 is all of them.

        Where a nucleus is asked for, the rest is outside it in any case; without sorting it,
        sampling takes a tenth less time.
        """
        if self.params.temperature == 0:
            return 1
        return 1000 if self.params.top_p < 1 else 0

    def body(self, slot: int) -> dict[str, Any]:
        """The server's words for it."""
        body: dict[str, Any] = {
            "prompt": self.tokens,
            "id_slot": slot,
            "n_predict": self.params.max_tokens,
            "n_cmpl": self.params.n,
            "seed": self.params.seed,
            "temperature": self.params.temperature,
            "top_p": self.params.top_p,
            # What is not asked for is off: the server's own defaults would cut the tail as well.
            "samplers": ["top_k", "temperature", "top_p"],
            "top_k": self._top_k,
            "stop": list(self.prompt.stop),
            "n_probs": int(self.params.logprobs),
            "cache_prompt": True,
        }
        if self.prompt.grammar is not None:
            body["grammar"] = self.prompt.grammar
        if self.prompt.json_schema is not None:
            body["json_schema"] = dict(self.prompt.json_schema)
        return body


class _Drawing:
    """What has come so far of the samples of one request.

    Args:
        part: The request.
        counts: Gets the tokens of each sample, under its seed.
        end: Called with each sample that has ended.
    """

    def __init__(
        self, part: _Part, counts: dict[int, int], end: Callable[[Completion], object]
    ) -> None:
        self.part = part
        self._counts = counts
        self._end = end
        self._texts = [""] * part.params.n
        self._logprobs: list[list[float]] = [[] for _ in range(part.params.n)]
        self.ended = 0
        """How many samples have ended."""
        self.evaluated = 0
        """Prompt tokens that were evaluated: samples share them, and each tells of all."""

    def take(self, piece: dict[str, Any]) -> None:
        """Take a piece of a sample, or its end."""
        i = int(piece["index"])
        self._texts[i] += piece["content"]
        for token in piece.get("completion_probabilities", []):
            if token["logprob"] is None:
                raise EngineError(
                    "the model computes no numbers (NaN)",
                    hint="Its file is damaged; fetch it again.",
                )
            self._logprobs[i].append(float(token["logprob"]))
        params = self.part.params
        seed = params.seed + i
        if not piece["stop"]:
            self._counts[seed] += 1
            return
        self.ended += 1
        self._counts[seed] = int(piece["tokens_predicted"])
        self.evaluated = max(self.evaluated, int(piece["timings"]["prompt_n"]))
        completion = Completion(
            text=self._texts[i],
            logprobs=tuple(self._logprobs[i]) if params.logprobs else None,
            prompt_tokens=int(piece["tokens_evaluated"]),
            completion_tokens=int(piece["tokens_predicted"]),
            finish_reason="length" if piece["stop_type"] == "limit" else "stop",
            seed=seed,
        )
        self._end(completion)


def check_memory(path: Path, context: int) -> None:
    """Refuse weights that would not fit into this machine's free memory.

    Args:
        path: The weights.
        context: Tokens that are kept in mind at once.

    Raises:
        EngineMemoryError: They do not fit.
    """
    # Keys and values take 28 kB a token in a model of 1.5 billion parameters and grow more slowly
    # than the weights; the weights take what their file takes.
    size = path.stat().st_size
    needed = size + context * min(size // 40_000, 200_000) + 200 * 2**20
    free = available_memory()
    if needed > free:
        raise EngineMemoryError(
            f"{path.name} needs about {needed / 1e9:.1f} GB of memory, of which "
            f"{free / 1e9:.1f} GB are free",
            hint="Close other programs, or name a smaller model with --model.",
        )


def _start_server(
    path: Path, threads: int, slots: int, context: int, key: str, states: Path
) -> Any:
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = str(path)
    params.n_parallel = slots
    params.n_ctx = context
    # One pool of context for all slots, so that a long question may use more than its share and
    # the samples of one prompt share its tokens.
    params.kv_unified = True
    params.cache_ram_mib = 0  # what slots hold is known here, so the server need not guess
    params.cache_idle_slots = False
    params.slot_save_path = f"{states}/"
    # llama.cpp rearranges most weights for the processor. Mapped, the file's own pages would stay
    # resident beside that copy, 0.6 GB for the default model.
    params.load_mode = xllamacpp.llama_load_mode.LLAMA_LOAD_MODE_NONE
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
