"""Samples of a prompt: those in the log as they are, and the others drawn and logged."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import asdict, replace

from neurosym.budget import Meter
from neurosym.candidate import Completion, Prompt
from neurosym.engines.base import SamplingParams
from neurosym.engines.fitting import continued, fitted, lost
from neurosym.errors import RunLogError
from neurosym.problem import Problem
from neurosym.runtime.machinery import Machinery
from neurosym.runtime.places import runs_of
from neurosym.runtime.runlog import WorkKey
from neurosym.runtime.together import together
from neurosym.solution import Usage

__all__ = ["FIRST", "charges", "sample"]

_LOG = logging.getLogger("neurosym")

FIRST = "sample"
"""The stage of a problem's first translations."""


async def charges(machinery: Machinery, meter: Meter, prompts: Sequence[Prompt]) -> list[int]:
    """Tokens that each prompt is charged for; nothing at all where no budget minds them.

    Raises:
        EngineError: The model could not be asked.
    """
    if not meter.minds_tokens:
        return [0] * len(prompts)
    return await together(map(machinery.engine.count_tokens, prompts))


async def sample(
    machinery: Machinery,
    meter: Meter,
    problem: Problem,
    prompt: Prompt,
    params: SamplingParams,
    stage: str,
    start: int,
    *,
    counts: bool = True,
) -> dict[int, Completion]:
    """Samples under their places from ``start`` on: the logged ones, and the others anew.

    Args:
        machinery: What samples, and what logs.
        meter: What is charged for them; against its clock, those that come too late are left out.
        problem: The problem that they are about.
        prompt: What to ask.
        params: How to sample; ``params.n`` samples.
        stage: What they are for; each prompt has one of its own.
        start: Place of the first.
        counts: Whether they count as samples, and do not only judge others or go on from them.

    Raises:
        ContextOverflowError: The prompt is too long for the model.
        EngineError: The model could not be run.
        RunLogError: The log holds samples of another prompt there.
    """
    # What was recorded for a problem answers no other question about it.
    prompt = replace(prompt, subject=problem.digest if stage == FIRST else "")
    whole, prompt = prompt, _fitted(machinery, prompt)
    digest = prompt.digest
    found = _logged_samples(machinery, problem, digest, params.n, stage, start)
    missing = [i for i in range(params.n) if i not in found]
    for i, drawn in (await _draw_missing(machinery, meter, prompt, params, missing)).items():
        found[i] = completion = drawn if prompt.prefix == whole.prefix else continued(drawn, whole)
        if (log := machinery.log) is not None:
            record = {"prompt": digest, "completion": asdict(completion)}
            log.put(WorkKey(problem.digest, stage, start + i), record)
    meter.add(
        Usage(
            samples=len(found) if counts else 0,
            prompt_tokens=sum(item.prompt_tokens for item in found.values()),
            completion_tokens=sum(item.completion_tokens for item in found.values()),
        )
    )
    return {start + i: found[i] for i in sorted(found)}


def _fitted(machinery: Machinery, prompt: Prompt) -> Prompt:
    """The prompt as the engine can take it, with a warning of what is lost."""
    info = machinery.engine.info
    for said in lost(prompt, info.can):
        if said not in machinery.warned:
            machinery.warned.add(said)
            _LOG.warning("%s: %s", info.version, said)
    return fitted(prompt, info.can)


async def _draw_missing(
    machinery: Machinery,
    meter: Meter,
    prompt: Prompt,
    params: SamplingParams,
    missing: Sequence[int],
) -> dict[int, Completion]:
    """Draw the samples of these places, or those that are finished within the budget's time."""
    engine, left = machinery.engine, meter.seconds_left()
    # What is drawn in one request comes all at once, so against the clock each is its own.
    runs = runs_of(missing) if left is None else [(i, 1) for i in missing]

    async def draw(first: int, n: int) -> dict[int, Completion]:
        part = replace(params, n=n, seed=params.seed + first)
        return dict(enumerate(await engine.sample(prompt, part), start=first))

    drawn = await together((draw(first, n) for first, n in runs), seconds=left)
    return {i: completion for part in drawn for i, completion in part.items()}


def _logged_samples(
    machinery: Machinery, problem: Problem, digest: str, n: int, stage: str, start: int
) -> dict[int, Completion]:
    """The samples of this prompt that were drawn before the run was broken off."""
    log = machinery.log
    found: dict[int, Completion] = {}
    for i in range(n if log is not None else 0):
        assert log is not None
        record = log.get(WorkKey(problem.digest, stage, start + i))
        if record is None:
            continue
        if record["prompt"] != digest:
            raise RunLogError(
                f"{log.path} holds samples of problem {problem.id} from another prompt",
                hint="Name another run directory.",
            )
        found[i] = Completion.from_json(record["completion"])
    return found
