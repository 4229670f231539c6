"""Any server that speaks OpenAI's protocol: llama.cpp, vLLM, SGLang, Ollama, OpenAI itself."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import replace
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from neurosym.candidate import Completion, Prompt
from neurosym.engines.api_keys import masked, read_key, shown_address
from neurosym.engines.base import (
    Capability,
    Dropped,
    EngineInfo,
    SamplingParams,
    refuse_where_forbidden,
    whole,
)
from neurosym.engines.led import all_of, charged_once, handed_over, led
from neurosym.engines.probing import gives_vectors, look
from neurosym.engines.retrying import retried
from neurosym.engines.served import Api, Pieces, cached_tokens, chat, plain_text
from neurosym.errors import EngineError, ModelNotFoundError, OptionError, UnavailableError
from neurosym.extras import lacking
from neurosym.runtime.loop_thread import LoopThread
from neurosym.runtime.together import merged, together

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["OpenAIEngine"]

_OFFICIAL = "https://api.openai.com/v1"
_NO_KEY = "none"
"""What servers that ask for no key are given."""


class OpenAIEngine:
    """Asks a server that speaks OpenAI's protocol.

    When made, it asks the server for its models, and for a few tokens: whether it gives several
    samples at once, log-probabilities, and embeddings, and keeps to a JSON schema. Where it ignores
    ``n``, each sample is a request of its own; each is charged for the prompt, unless the server is
    one that keeps it in a cache.

    What fails for reasons that may pass (no connection, too many requests, an error of the server)
    is tried again, with growing pauses or as long ones as the server asks for.

    Args:
        model: The model's name; ``None`` takes the only one that the server has.
        base_url: Where the server is, such as ``http://localhost:8000/v1``; ``None`` takes it from
            the environment variable ``OPENAI_BASE_URL``, or else OpenAI's own.
        api: Whether it is asked for chats, or to complete texts.
        key_variable: Environment variable that holds the key. It is read from nowhere else.
        parallel: Requests at once.
        per_minute: Requests a minute, evenly spread; ``None`` leaves that to the server.
        timeout: Seconds that one request may take.
        retries: How often a request is tried again.

    Raises:
        OptionError: An option or the key has an impossible value, or the package ``openai`` is not
            installed.
        ModelNotFoundError: The server has no such model, or several and none is named.
        UnavailableError: It does not answer.
        EngineError: It refuses the key, or what it is asked.
    """

    def __init__(
        self,
        model: str | None = None,
        *,
        base_url: str | None = None,
        api: Api = Api.CHAT,
        key_variable: str = "OPENAI_API_KEY",
        parallel: int = 32,
        per_minute: float | None = None,
        timeout: float = 600.0,
        retries: int = 4,
    ) -> None:
        _check(parallel=parallel, per_minute=per_minute, timeout=timeout, retries=retries)
        refuse_where_forbidden()
        try:
            import openai
            from aiolimiter import AsyncLimiter
        except ImportError as error:
            raise lacking("the engine 'openai'", "the package openai", "openai") from error
        self._url = (base_url or os.environ.get("OPENAI_BASE_URL") or _OFFICIAL).rstrip("/")
        self._where = shown_address(self._url)
        self._key_variable, self._key = key_variable, read_key(key_variable)
        options: dict[str, Any] = {
            "base_url": self._url,
            "api_key": self._key or _NO_KEY,
            "timeout": timeout,
            "max_retries": retries,
        }
        self._timeout, self._retries = timeout, retries
        self._closed = False
        self._sent = self._evaluated = 0
        self._tells_cached = False
        self._tokens_per_byte = 0.5  # of the prompts so far, where the server does not count
        try:
            with openai.OpenAI(**options) as client:
                self._served = look(client, model, api)
                embeds = gives_vectors(client, self._served.model, self._key)
        except openai.OpenAIError as error:
            raise self._translated(error) from self._shown(error)
        except (ValueError, TypeError, AttributeError) as error:
            raise self._alien(error) from self._shown(error)
        self._info = EngineInfo(
            name="openai",
            model=self._served.model,
            model_digest=self._served.digest,
            version=f"openai {version('openai')}, {self._served.kind.name}",
            parallel=parallel,
            can=self._served.can | ({Capability.EMBEDDINGS} if embeds else set()),
            charges_each=not self._served.takes_n and Capability.ABORT not in self._served.can,
        )
        # Each request is made again here, where it waits for its turn like any other.
        self._client = openai.AsyncOpenAI(**{**options, "max_retries": 0})
        self._places = asyncio.Semaphore(parallel)
        self._limiter = None if per_minute is None else AsyncLimiter(1, 60 / per_minute)
        # Connections belong to one event loop, and callers may have several.
        self._loop = LoopThread("engine", EngineError)

    @property
    def info(self) -> EngineInfo:
        """What identifies the engine and its model.

        No server tells what weights it has: the digest is of what it says of the model.
        """
        return self._info

    @property
    def prompt_tokens(self) -> tuple[int, int] | None:
        """Prompt tokens of all samples so far, and how many of them were in no cache.

        ``None`` as long as the server has told nothing of its cache. Where it tells so only of what
        it found there, an answer that does not tell found nothing.
        """
        return (self._sent, self._evaluated) if self._tells_cached else None

    async def sample(self, prompt: Prompt, params: SamplingParams) -> list[Completion]:
        """Draw completions; see :meth:`neurosym.engines.base.Engine.sample`.

        Raises:
            UnavailableError: The server does not answer, also when it is asked again.
            EngineError: It refuses, or holds no completions to what the prompt has them obey.
        """
        # vLLM refuses several greedy samples in one request.
        takes_n = self._served.takes_n and params.temperature > 0
        if params.n > 1 and not takes_n and Capability.ABORT in self._info.can:
            return await all_of(self.stream(prompt, params))
        return await self._loop.join(self._sample(prompt, params, params.n if takes_n else 1))

    async def _sample(
        self, prompt: Prompt, params: SamplingParams, at_once: int
    ) -> list[Completion]:
        drawn = await together(self._draw(prompt, part) for part in params.in_parts(at_once))
        return [completion for some in drawn for completion in some]

    async def stream(
        self,
        prompt: Prompt,
        params: SamplingParams,
        dropped: Dropped = lambda asked, sampled: None,
    ) -> AsyncGenerator[Completion]:
        """Draw completions as they end; see :meth:`neurosym.engines.base.Streaming.stream`.

        Each is a request of its own; where the first has begun, the others find its prompt in the
        server's cache. A server that does not look for it there gets one request for all. For
        servers that drop a request whose caller went away; others would go on with it.

        Raises:
            UnavailableError: The server does not answer, also when it is asked again.
            EngineError: It refuses, or holds no completions to what the prompt has them obey.
        """

        async def draw(seed: int, count: Callable[[int], None]) -> Completion:
            part, drawn = replace(params, n=1, seed=seed), list[Completion]()
            following = self._follow(prompt, part, lambda seed: count(1), drawn.append)
            await self._loop.join(following)
            return drawn[0]

        if self._served.branches > 1 and params.n > 1:
            source = self._branched(prompt, params, dropped)
        else:
            source = led(params, draw, dropped, self._estimate(prompt))
        async with aclosing(source) as ended:
            async for item in ended:
                yield item

    def _branched(
        self, prompt: Prompt, params: SamplingParams, dropped: Dropped
    ) -> AsyncGenerator[Completion]:
        """Samples that share what is evaluated of their prompt, as they are of one request."""
        counts = dict.fromkeys(range(params.seed, params.seed + params.n), 0)

        def count(seed: int) -> None:
            counts[seed] += 1

        def followed(part: SamplingParams) -> AsyncGenerator[Completion]:
            return handed_over(lambda end: self._loop.join(self._follow(prompt, part, count, end)))

        drawing = merged(map(followed, params.in_parts(self._served.branches)))
        return charged_once(drawing, counts, self._estimate(prompt), dropped)

    async def count_tokens(self, prompt: Prompt) -> int:
        """Tokens of a prompt, as the server counts them.

        Where it cannot be asked, they are estimated from the prompts so far, rather too many than
        too few.
        """
        return await self._loop.join(self._count_tokens(prompt))

    async def _count_tokens(self, prompt: Prompt) -> int:
        try:
            return await self._counted(prompt)
        except UnavailableError:
            raise
        except (ModelNotFoundError, EngineError, KeyError, TypeError):
            if self._closed:
                raise
            return self._estimate(prompt)  # a gateway that lets the protocol through alone

    async def _counted(self, prompt: Prompt) -> int:
        match self._served.kind.name:
            case "llama.cpp":
                text = plain_text(prompt)
                if self._served.api is Api.CHAT:
                    chatting = {"messages": chat(prompt)}
                    text = (await self._post("apply-template", chatting))["prompt"]
                body = {"content": text, "add_special": True, "parse_special": True}
                return len((await self._post("tokenize", body))["tokens"])
            case "vLLM":
                body = {"model": self._info.model, "prompt": plain_text(prompt)}
                if self._served.api is Api.CHAT:
                    goes_on = self._served.kind.goes_on if prompt.prefix else {}
                    body = {"model": self._info.model, "messages": chat(prompt), **goes_on}
                return int((await self._post("tokenize", body))["count"])
        return self._estimate(prompt)

    @property
    def identity(self) -> str:
        """What the vectors of texts depend on; see :class:`neurosym.retrieval.dense.Embedder`."""
        return f"{self._info.model} {self._info.model_digest}, {self._info.version}"

    async def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """The vectors of some texts, one a row, in order.

        Raises:
            EngineError: The server has none to give, or a text is too long for it.
        """
        if Capability.EMBEDDINGS not in self._info.can:
            raise EngineError(
                f"{self._where} gives no embeddings",
                hint="Ask one that does, such as llama.cpp's server started with --embeddings.",
            )
        import numpy as np

        if not texts:
            return np.zeros((0, 0), np.float32)
        return await self._loop.join(self._embed(texts))

    async def _embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        from neurosym.engines.embedding import read_vectors

        asked = [whole(text) or " " for text in texts]  # servers refuse an empty one
        body = {"model": self._info.model, "input": asked, "encoding_format": "float"}
        return read_vectors(await self._post("/embeddings", body), len(texts))

    def _estimate(self, prompt: Prompt) -> int:
        return int(self._tokens_per_byte * _size(prompt)) + 1

    def _read(
        self, answer: Any, prompt: Prompt, params: SamplingParams, *, shares: bool = False
    ) -> list[Completion]:
        """The samples of an answer, which may share the prompt with one that was read before."""
        try:
            completions = self._served.completions(answer, prompt, params)
            cached = cached_tokens(answer)
        except (LookupError, ValueError, TypeError, AttributeError) as error:
            raise self._alien(error) from self._shown(error)
        asked = completions[0].prompt_tokens
        self._tokens_per_byte = max(self._tokens_per_byte, asked / _size(prompt))
        self._sent += asked * len(completions)
        self._evaluated += 0 if shares else asked - (cached or 0)
        self._tells_cached = self._tells_cached or cached is not None
        return completions

    async def _draw(self, prompt: Prompt, params: SamplingParams) -> list[Completion]:
        answer = await self._post(self._served.path, self._served.body(prompt, params))
        return self._read(answer, prompt, params)

    async def _follow(
        self,
        prompt: Prompt,
        params: SamplingParams,
        count: Callable[[int], None],
        end: Callable[[Completion], object],
    ) -> None:
        """The samples of one request: counts pieces under their seeds, and hands over what ends."""
        given: set[int] = set()

        def take(taken: Pieces, numbers: set[int]) -> None:
            for i in numbers - given:
                single = replace(params, n=1, seed=params.seed + i)
                read = self._read(taken.answer(i), prompt, single, shares=bool(given))
                given.add(i)
                end(read[0])

        await retried(lambda: self._follow_once(prompt, params, count, take), self._retries)

    async def _follow_once(
        self,
        prompt: Prompt,
        params: SamplingParams,
        count: Callable[[int], None],
        take: Callable[[Pieces, set[int]], None],
    ) -> None:
        import openai

        body = self._served.body(prompt, params)
        body |= {"stream": True, "stream_options": {"include_usage": True}}
        taken = Pieces()
        async with self._asking():
            pieces = await self._client.post(
                self._served.path,
                cast_to=object,
                body=body,
                stream=True,
                stream_cls=openai.AsyncStream[object],
            )
            async with pieces:
                async for piece in pieces:
                    for i in taken.take(piece):
                        count(params.seed + i)
                    if params.n > 1:
                        take(taken, taken.told)
        if len(taken.ended) < params.n:
            raise UnavailableError(
                f"{self._where} ended an answer before its end", hint="Try again."
            )
        take(taken, taken.ended)

    async def _post(self, path: str, body: dict[str, Any]) -> Any:
        """Ask for JSON: the protocol's own paths begin with a slash, others stand beside it."""
        url = path if path.startswith("/") else f"{self._url.removesuffix('/v1')}/{path}"
        return await retried(lambda: self._post_once(url, body), self._retries)

    async def _post_once(self, url: str, body: dict[str, Any]) -> Any:
        import httpx2

        async with self._asking():
            response = await self._client.post(url, cast_to=httpx2.Response, body=body)
            return response.json()

    @asynccontextmanager
    async def _asking(self) -> AsyncGenerator[None]:
        """A place among the requests at once, at the rate allowed, with errors translated."""
        import httpx2
        import openai

        async with self._places:
            if self._limiter is not None:
                await self._limiter.acquire()
            try:
                async with asyncio.timeout(self._timeout):
                    yield
            except (openai.OpenAIError, httpx2.TransportError, TimeoutError, RuntimeError) as error:
                if self._closed:
                    raise EngineError("the engine was closed", hint="Make a new one.") from error
                raise self._translated(error) from self._shown(error)
            except (ValueError, TypeError, AttributeError) as error:
                raise self._alien(error) from self._shown(error)

    def _alien(self, error: Exception) -> EngineError:
        return EngineError(
            f"{self._where} does not answer in OpenAI's protocol: {masked(repr(error), self._key)}",
            hint="Give the address of its API, which often ends with /v1.",
        )

    def _translated(self, error: Any) -> Exception:
        from neurosym.engines.http_errors import translated

        return translated(error, self._where, self._key_variable, self._key)

    def _shown(self, error: Exception) -> Exception | None:
        """An error as what another one comes from: none where a traceback would show the key."""
        return error if masked(str(error), self._key) == str(error) else None

    async def aclose(self) -> None:
        """Drop what is in flight. Safe to call twice."""
        if not self._closed:
            self._closed = True
            await self._loop.join(self._client.close())
            await asyncio.to_thread(self._loop.stop)


def _check(*, parallel: int, per_minute: float | None, timeout: float, retries: int) -> None:
    if parallel < 1:
        raise OptionError(f"parallel is {parallel}", hint="Allow at least one request at once.")
    if per_minute is not None and not per_minute > 0:
        raise OptionError(f"per_minute is {per_minute}", hint="Allow more than no requests.")
    if not timeout > 0:
        raise OptionError(f"timeout is {timeout}", hint="Allow more than no seconds.")
    if retries < 0:
        raise OptionError(f"retries is {retries}", hint="Try again 0 times or more.")


def _size(prompt: Prompt) -> int:
    """Bytes of a prompt, with what a chat puts around each message."""
    texts = [*(message.content for message in prompt.messages), prompt.prefix]
    return sum(len(text.encode("utf-8", "replace")) + 16 for text in texts)
