"""Engines that die of a request, or are no longer what they were; workers import them."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from neurosym.candidate import Completion, Prompt
from neurosym.engines.base import Capability, EngineInfo, SamplingParams
from neurosym.errors import EngineDeadError
from neurosym.testing import ScriptedEngine


class Mortal(ScriptedEngine):
    """Dies if it is the first of all to find no grave, and stays dead."""

    grave: Path
    is_dead = False

    async def sample(self, prompt: Prompt, params: SamplingParams) -> list[Completion]:
        with suppress(FileExistsError):
            self.grave.touch(exist_ok=False)
            self.is_dead = True
        if self.is_dead:
            raise EngineDeadError("it has died", hint="Make a new one.")
        return await super().sample(prompt, params)


@dataclass(frozen=True)
class MortalSpec:
    """Stands for the spec of such engines."""

    grave: Path
    gpus: int = 0

    def start(self) -> Mortal:
        engine = Mortal(["The sea is deep."])
        engine.grave = self.grave
        return engine


class Changing(ScriptedEngine):
    """Is whatever a file said when it was started."""

    told: EngineInfo

    @property
    def info(self) -> EngineInfo:
        return self.told


@dataclass(frozen=True)
class ChangingSpec:
    """Stands for the spec of such engines; the file may speak of the ``{pid}``."""

    file: Path
    gpus: int = 0

    def start(self) -> Changing:
        engine = Changing(["The sea is deep."])
        said = json.loads(self.file.read_text().replace("{pid}", str(os.getpid())))
        if "can" in said:
            said["can"] = frozenset(map(Capability, said["can"]))
        engine.told = replace(ScriptedEngine(()).info, **said)
        return engine
