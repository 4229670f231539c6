"""Engines that die of a request; workers import them."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from neurosym.candidate import Completion, Prompt
from neurosym.engines.base import SamplingParams
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
