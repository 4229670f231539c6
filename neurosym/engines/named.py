"""Engines by name, such as ``llamacpp`` or ``openai(base_url='http://localhost:8000/v1')``."""

from __future__ import annotations

import inspect
import logging
import math
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any, cast, get_type_hints

from neurosym.engines.base import Engine
from neurosym.engines.chat_tokens import folder_digest
from neurosym.engines.models import KNOWN_MODELS, file_digest
from neurosym.errors import ModelError, OptionError
from neurosym.runtime.profiles import load_profile
from neurosym.spec import Form, nearest

__all__ = ["ENGINES", "EngineSpec", "KnownEngine", "read_engine"]

_FORM = Form("engine", "llamacpp(slots=32)")
_LOG = logging.getLogger("neurosym")


@dataclass(frozen=True, slots=True)
class KnownEngine:
    """An engine that has a name.

    Attributes:
        home: Module and class that make it.
        line: What it is, in one line.
        model: What its model is called by.
        model_as: The value that the model is given as.
        tried: What ``neurosym tune`` tries of each setting, besides what is usual.
        spreads: Whether each machine of a cluster may run it, and not only ask or read what is
            elsewhere.
        gpus: The settings whose product is how many GPUs it takes; ``None`` takes none.
        address: The value and the environment variable that say where it asks, if it asks another
            program.
        files: The values that name files of the model, if it reads them.
        aside: The values that have no bearing on how fast it is.
    """

    home: tuple[str, str]
    line: str
    model: str
    model_as: str = "model"
    tried: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    spreads: bool = True
    gpus: tuple[str, ...] | None = None
    address: tuple[str, str] | None = None
    files: tuple[str, ...] = ()
    aside: tuple[str, ...] = ()

    @property
    def kinds(self) -> Mapping[str, Any]:
        """The type of each value that it takes."""
        hints = get_type_hints(self.made_by.__init__)
        return {name: hints[name] for name in inspect.signature(self.made_by).parameters}

    @property
    def usual(self) -> Mapping[str, Any]:
        """The values that it has where nothing else is said; those that must be said are not."""
        parameters = inspect.signature(self.made_by).parameters.items()
        return {name: item.default for name, item in parameters if item.default is not item.empty}

    @property
    def made_by(self) -> Any:
        """What makes it."""
        module, name = self.home
        return getattr(import_module(f"neurosym.engines.{module}"), name)


ENGINES: Mapping[str, KnownEngine] = {
    "llamacpp": KnownEngine(
        ("llamacpp", "LlamaCppEngine"),
        "llama.cpp in this process",
        "a known model or a GGUF file",
        tried={"slots": (4, 8, 32, 64), "context": (40_960,), "threads": ()},
        files=("model",),
    ),
    "openai": KnownEngine(
        ("openai", "OpenAIEngine"),
        "a server that speaks OpenAI's protocol: llama.cpp, vLLM, SGLang, Ollama, OpenAI",
        "a model of the server",
        tried={"parallel": (8, 16, 64, 128, 256)},
        spreads=False,
        address=("base_url", "OPENAI_BASE_URL"),
        aside=("key_variable", "timeout", "retries"),
    ),
    "vllm": KnownEngine(
        ("vllm", "VllmEngine"),
        "vLLM in this process, on GPUs",
        "a Hugging Face model or its folder",
        tried={
            "parallel": (32, 64, 128, 512),
            "batch_tokens": (2048, 8192, 32_768),
            "memory": (0.8, 0.95),
            "prefix_cache": (False,),
        },
        gpus=("tensor_parallel", "pipeline_parallel"),
        files=("model", "lora"),
    ),
    "transformers": KnownEngine(
        ("transformers", "TransformersEngine"),
        "transformers in this process",
        "a Hugging Face model or its folder",
        tried={"batch": (4, 8, 32, 64, 128)},
        gpus=(),
        files=("model",),
        aside=("context",),
    ),
    "replay": KnownEngine(
        ("replay", "ReplayEngine"),
        "samples of problems, from a file that 'neurosym record' wrote",
        "that file",
        "path",
        spreads=False,
    ),
    "recorded": KnownEngine(
        ("recording", "RecordReplay"),
        "samples that were drawn with --record, served without a model",
        "a recorded model",
        spreads=False,
    ),
}
"""The engines, by name."""


@dataclass(frozen=True, slots=True)
class EngineSpec:
    """An engine that is not started yet.

    Attributes:
        name: Its name.
        values: What it is made with.
    """

    name: str
    values: Mapping[str, Any]

    def with_values(self, values: Mapping[str, Any]) -> EngineSpec:
        """The same with other values in place of some.

        Raises:
            OptionError: It takes no such value.
        """
        fitted = _FORM.fitted(self.name, ENGINES[self.name].kinds, values)
        return EngineSpec(self.name, {**self.values, **fitted})

    def start(self) -> Engine:
        """Start it, which may take seconds.

        What is not said is as ``neurosym tune`` found it best for the model on this machine.

        Raises:
            OptionError: A value is impossible, or a package is not installed.
            ModelError: There is no such model, or it cannot be used.
            EngineError: It cannot be started.
        """
        known = ENGINES[self.name]
        profile = load_profile(self.name, self.apart)
        if profile is not None:
            try:
                if alien := ", ".join(sorted(profile.values.keys() - known.tried.keys())):
                    raise OptionError(f"{alien} is not tuned")
                tuned = self.with_values(profile.values).values
                return cast(Engine, known.made_by(**{**tuned, **self.values}))
            except OptionError as error:
                _LOG.warning(
                    "what was tuned is of another version (%s); run `neurosym tune`", error
                )
        return cast(Engine, known.made_by(**self.values))

    @property
    def spreads(self) -> bool:
        """Whether each machine of a cluster may run it."""
        return ENGINES[self.name].spreads

    @property
    def gpus(self) -> int:
        """How many GPUs it takes where there are any."""
        known = ENGINES[self.name]
        if known.gpus is None:
            return 0
        return math.prod({**known.usual, **self.values}[name] for name in known.gpus)

    @property
    def apart(self) -> dict[str, Any]:
        """What decides how fast it is, apart from what is tuned; each such engine has a profile."""
        known = ENGINES[self.name]
        values = {**known.usual, **self.values}
        if known.address is not None:
            name, variable = known.address
            address = values[name] or os.environ.get(variable) or ""
            # What is asked with it may be secret.
            values[name] = address.partition("?")[0].rstrip("/")
        for name in known.files:
            values[name] = values[name] and _known_by(values[name])
        others = {*known.tried, *known.aside}
        return {name: value for name, value in values.items() if name not in others}


def _known_by(model: str) -> str:
    """What a model is known by wherever its files are, which is what they hold."""
    if (spec := KNOWN_MODELS.get(model)) is not None:
        return spec.sha256
    path = Path(model)
    try:
        if path.is_file():
            return file_digest(path)
        if path.is_dir():
            return folder_digest(path)
    except (OSError, ModelError):
        pass  # the engine says what is wrong with it
    return model


def read_engine(
    text: str, *, model: str | Path | None = None, threads: int | None = None
) -> EngineSpec:
    """An engine from its name, with values in brackets where they are not the usual ones.

    Args:
        text: Such as ``llamacpp`` or ``openai(base_url='http://localhost:8000/v1')``.
        model: The model; ``None`` is the engine's usual one.
        threads: Threads of the model, for engines that run it on processors here.

    Raises:
        OptionError: There is no such engine or value, or it needs a model named.
    """
    name, values = _FORM.read(text)
    if name not in ENGINES:
        raise OptionError(f"unknown engine {name!r}", hint=nearest(name, ENGINES, "engines"))
    known = ENGINES[name]
    beside = {
        key: value
        for key, value in ((known.model_as, model and str(model)), ("threads", threads))
        if value is not None
    }
    values = _FORM.joined(text, values, beside)
    fitted = _FORM.fitted(name, known.kinds, values)
    if lacking := [key for key in known.kinds if key not in {**known.usual, **fitted}]:
        how = "--model" if lacking[0] == known.model_as else f"--engine '{name}({lacking[0]}=…)'"
        raise OptionError(
            f"the engine {name!r} needs {known.model if how == '--model' else lacking[0]}",
            hint=f"Name it with {how}.",
        )
    return EngineSpec(name, fitted)
