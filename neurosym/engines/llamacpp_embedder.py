"""Embeddings by the embedded engine's library: a llama.cpp server in this process, for them alone.

It holds weights of its own. A server that is to give embeddings keeps room for the outputs of every
token of a batch, and its requests would take the slots and the cached prompts of those that
sample; so one server does not do both.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from neurosym.counts import at_least_one
from neurosym.engines.base import refuse_where_forbidden
from neurosym.engines.embedding import read_vectors
from neurosym.engines.llamacpp import check_memory
from neurosym.engines.loopback import Line, Port
from neurosym.engines.models import file_digest, model_name, resolve
from neurosym.errors import EngineError, OptionError
from neurosym.runtime.machine import available_cpus

__all__ = ["LlamaCppEmbedder", "Pooling"]

Pooling = Literal["mean", "last", "cls"]
"""How the vectors of a text's tokens become one: their mean, or that of the last or first one."""


class LlamaCppEmbedder:
    """Embeds texts with a GGUF model; see :class:`neurosym.retrieval.dense.Embedder`.

    Loads the weights when made, which takes seconds. A model that was trained to embed serves far
    better than one that was trained to write.

    Args:
        model: A known model's name, or the path of a GGUF file.
        pooling: As the model was trained for; ``"mean"`` for a model that was not trained to embed.
        threads: Threads of the model; ``None`` takes the CPUs really available. Beside an
            engine of this process give one: where threads are more than the CPUs, OpenMP no longer
            waits for them actively, and the engine samples a third slower.
        slots: Texts worked on at once.
        longest: Tokens of a text that are read; what follows is cut off.

    Raises:
        OptionError: An option has an impossible value.
        ModelNotFoundError: There is no such model, or its weights are not here.
        ModelCorruptError: The file is not the model.
        EngineMemoryError: Not enough memory for the weights and the context.
        EngineError: llama.cpp refuses the model.
    """

    def __init__(
        self,
        model: str | Path,
        *,
        pooling: Pooling = "mean",
        threads: int | None = None,
        slots: int = 8,
        longest: int = 512,
    ) -> None:
        at_least_one(threads=threads, slots=slots, longest=longest)
        if pooling not in get_args(Pooling):
            raise OptionError(
                f"pooling is {pooling!r}", hint=f"Give one of {', '.join(get_args(Pooling))}."
            )
        refuse_where_forbidden()
        path = resolve(model)
        check_memory(path, slots * longest)
        import xllamacpp

        self._longest = longest
        self._identity = (
            f"{model_name(model)} {file_digest(path)}, xllamacpp {xllamacpp.__version__}, "
            f"{pooling} of {longest} tokens"
        )
        key = secrets.token_urlsafe(24)
        self._server = _start_server(
            path, pooling, threads or available_cpus(), slots, longest, key
        )
        self._port = Port(self._server.listening_address, key)
        self._lines: set[Line] = set()
        self._closed = False

    @property
    def identity(self) -> str:
        """The model's name and digest, and how its vectors are made."""
        return self._identity

    async def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """The vectors of some texts, in order, each of length 1.

        Raises:
            EngineError: The model could not be run, or the embedder is closed.
        """
        if self._closed:
            raise EngineError("the embedder is closed", hint="Make a new one.")
        line = Line(self._port)
        self._lines.add(line)
        try:
            return await asyncio.to_thread(self._embed, line, texts)
        except asyncio.CancelledError:
            line.hang_up()
            raise
        finally:
            self._lines.discard(line)

    def _embed(self, line: Line, texts: Sequence[str]) -> NDArray[np.float32]:
        if not texts:
            return np.zeros((0, 0), np.float32)
        tokens = [self._tokens(line, text) for text in texts]
        return read_vectors(line.post("/v1/embeddings", {"input": tokens}), len(texts))

    def _tokens(self, line: Line, text: str) -> list[int]:
        """The tokens of a text that are read; the last, which may mark its end, is one of them."""
        # Nothing in a text is a mark of the chat format, and llama.cpp refuses an empty one.
        body = {"content": text or " ", "add_special": True, "parse_special": False}
        tokens: list[int] = line.post("/tokenize", body)["tokens"]
        return (
            tokens if len(tokens) <= self._longest else [*tokens[: self._longest - 1], tokens[-1]]
        )

    async def aclose(self) -> None:
        """Drop what is in flight and free the model. Safe to call twice."""
        self._closed = True
        for line in list(self._lines):
            line.hang_up()
        await asyncio.to_thread(self._close)

    def _close(self) -> None:
        self._server = None  # which waits for what it is at


def _start_server(
    path: Path, pooling: Pooling, threads: int, slots: int, longest: int, key: str
) -> Any:
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = str(path)
    params.embedding = True
    params.pooling_type = getattr(
        xllamacpp.llama_pooling_type, f"LLAMA_POOLING_TYPE_{pooling.upper()}"
    )
    params.n_parallel = slots
    params.n_ctx = slots * longest
    params.kv_unified = True
    # A text is pooled from one batch, so that has to hold the longest.
    params.n_batch = params.n_ubatch = max(longest, 512)
    params.cache_ram_mib = 0
    params.cache_idle_slots = False
    # As for sampling: the weights are rearranged, and mapped pages would stay beside the copy.
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
