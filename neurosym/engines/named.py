"""Engines by name, such as ``llamacpp`` or ``openai(base_url='http://localhost:8000/v1')``."""

from __future__ import annotations

import inspect
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, get_type_hints

from neurosym.engines.base import Engine
from neurosym.errors import OptionError
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
        model: What its model is called by, or ``""`` where it has to be named.
        model_as: The value that the model is given as.
    """

    home: tuple[str, str]
    line: str
    model: str
    model_as: str = "model"

    @property
    def kinds(self) -> Mapping[str, Any]:
        """The type of each value that it takes."""
        hints = get_type_hints(self.made_by.__init__)
        return {name: hints[name] for name in inspect.signature(self.made_by).parameters}

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
    ),
    "openai": KnownEngine(
        ("openai", "OpenAIEngine"),
        "a server that speaks OpenAI's protocol: llama.cpp, vLLM, SGLang, Ollama, OpenAI",
        "a model of the server",
    ),
    "vllm": KnownEngine(
        ("vllm", "VllmEngine"),
        "vLLM in this process, on GPUs",
        "a Hugging Face model or its folder",
    ),
    "transformers": KnownEngine(
        ("transformers", "TransformersEngine"),
        "transformers in this process",
        "a Hugging Face model or its folder",
    ),
    "replay": KnownEngine(
        ("replay", "ReplayEngine"),
        "samples of problems, from a file that 'neurosym record' wrote",
        "",
        "path",
    ),
    "recorded": KnownEngine(
        ("recording", "RecordReplay"),
        "samples that were drawn with --record, served without a model",
        "a recorded model",
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
        profile = load_profile(self.name, str(self.values.get(known.model_as, "")))
        try:
            tuned = {} if profile is None else self.with_values(profile.values).values
        except OptionError as error:
            _LOG.warning("what was tuned is of another version (%s); run `neurosym tune`", error)
            tuned = {}
        engine: Engine = known.made_by(**{**tuned, **self.values})
        return engine


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
    if not known.model and known.model_as not in values:
        raise OptionError(
            f"the engine {name!r} needs recorded samples", hint="Name their file with --model."
        )
    return EngineSpec(name, _FORM.fitted(name, known.kinds, values))
