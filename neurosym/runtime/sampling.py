"""Samples of a prompt: those in the log as they are, and the others drawn and logged."""

from __future__ import annotations

import logging
from collections.abc import AsyncGenerator, Iterable, Sequence
from contextlib import aclosing
from dataclasses import asdict, replace

from neurosym.budget import Cost, Held, Meter
from neurosym.candidate import Completion, Prompt
from neurosym.engines.base import Engine, SamplingParams
from neurosym.engines.fitting import continued, fitted, lost
from neurosym.engines.led import can_drop, stream_of, unfetched
from neurosym.errors import RunLogError, UnrecordedError
from neurosym.problem import Problem
from neurosym.runtime.machinery import Machinery
from neurosym.runtime.places import runs_of
from neurosym.runtime.runlog import WorkKey
from neurosym.runtime.together import merged, together
from neurosym.solution import Usage

__all__ = [
    "FIRST",
    "REORDERED",
    "charges",
    "costs",
    "is_logged",
    "logged_wordings",
    "recorded",
    "sample",
    "sampled",
]

_LOG = logging.getLogger("neurosym")

FIRST = "sample"
"""The stage of a problem's first translations."""
REORDERED = "reordered"
"""That of its first translations where each sees its options in an order of its own."""


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
    held: Held,
    problem: Problem,
    prompt: Prompt,
    params: SamplingParams,
    stage: str,
    start: int,
) -> dict[int, Completion]:
    """Samples under their places from ``start`` on: the logged ones, and the others anew.

    Args:
        machinery: What samples, and what logs.
        held: What is charged for them; against its clock, those that come too late are left out.
        problem: The problem that they are about.
        prompt: What to ask.
        params: How to sample; ``params.n`` samples.
        stage: What they are for; each prompt has one of its own.
        start: Place of the first.

    Raises:
        ContextOverflowError: The prompt is too long for the model.
        EngineError: The model could not be run.
        RunLogError: The log holds samples of another prompt there.
    """
    where = machinery, held, problem, prompt, params, stage, start
    async with aclosing(sampled(*where)) as ended:
        found = {place: completion async for place, completion in ended}
    return dict(sorted(found.items()))


async def sampled(
    machinery: Machinery,
    held: Held,
    problem: Problem,
    prompt: Prompt,
    params: SamplingParams,
    stage: str,
    start: int,
) -> AsyncGenerator[tuple[int, Completion]]:
    """Samples with their places, as they end: see :func:`sample`.

    Closing this drops those that have not ended; what was sampled of them is charged all the same.
    """
    whole, prompt = prompt, _asked(machinery, problem, prompt, stage)
    digest = prompt.digest
    logged = _logged_samples(machinery, problem, digest, params.n, stage, start)
    for i, completion in logged.items():
        held.add(_cost(completion, held.counts))
        yield start + i, completion
    missing = [i for i in range(params.n) if i not in logged]
    drawing = _draw(machinery.engine, held.meter, prompt, params, missing)
    late = len(missing)
    async with aclosing(drawing) as ended:
        async for drawn in ended:
            late -= 1
            completion = drawn if prompt.prefix == whole.prefix else continued(drawn, whole)
            place = start + completion.seed - params.seed
            if (log := machinery.log) is not None:
                record = {"prompt": digest, "completion": asdict(completion)}
                log.put(WorkKey(problem.digest, stage, place), record)
            held.add(_cost(completion, held.counts))
            yield place, completion
    held.settle(late)


async def recorded(
    drawing: AsyncGenerator[tuple[int, Completion]], missed: list[UnrecordedError]
) -> AsyncGenerator[tuple[int, Completion]]:
    """Samples as far as a record holds them, where a vote may be decided without the others.

    Args:
        drawing: The samples.
        missed: Gets the error that says what is not there: what was dropped when it was recorded.
    """
    try:
        async with aclosing(drawing):
            async for item in drawing:
                yield item
    except UnrecordedError as error:
        missed.append(error)


def _cost(completion: Completion, counts: bool) -> Usage:
    return Usage(
        samples=int(counts),
        prompt_tokens=completion.prompt_tokens,
        completion_tokens=completion.completion_tokens,
    )


def _asked(machinery: Machinery, problem: Problem, prompt: Prompt, stage: str) -> Prompt:
    """The prompt as the engine can take it, with a warning of what is lost."""
    # What was recorded for a problem answers no other question about it.
    prompt = replace(prompt, subject=problem.digest if stage == FIRST else "")
    info = machinery.engine.info
    for said in lost(prompt, info.can):
        if said not in machinery.warned:
            machinery.warned.add(said)
            _LOG.warning("%s: %s", info.version, said)
    return fitted(prompt, info.can)


def logged_wordings(
    machinery: Machinery,
    problem: Problem,
    prompts: Sequence[Prompt],
    places: Iterable[int],
    stage: str,
) -> dict[int, int]:
    """Which of some prompts the samples are from that the log holds, by their places.

    Args:
        machinery: Has the log.
        problem: The problem that they are about.
        prompts: The prompts.
        places: The places to look at.
        stage: What the samples are for.
    """
    log = machinery.log
    if log is None:
        return {}
    known: dict[str, int] = {}
    found = {}
    for place in places:
        record = log.get(WorkKey(problem.digest, stage, place))
        if record is None:
            continue
        known = known or {
            _asked(machinery, problem, prompt, stage).digest: i for i, prompt in enumerate(prompts)
        }
        if record["prompt"] in known:
            found[place] = known[record["prompt"]]
    return found


def is_logged(machinery: Machinery, problem: Problem, place: int) -> bool:
    """Whether the log holds the first translation of a place."""
    log = machinery.log
    keys = [WorkKey(problem.digest, stage, place) for stage in (FIRST, REORDERED)]
    return log is not None and any(log.get(key) is not None for key in keys)


def _draw(
    engine: Engine, meter: Meter, prompt: Prompt, params: SamplingParams, missing: Sequence[int]
) -> AsyncGenerator[Completion]:
    """Draw the samples of these places, as they end."""

    def dropped(asked: int, sampled: int) -> None:
        meter.add(Usage(prompt_tokens=asked, completion_tokens=sampled))

    def draw(first: int, n: int) -> AsyncGenerator[Completion]:
        part = replace(params, n=n, seed=params.seed + first)
        return stream_of(engine, prompt, part, dropped)

    runs = [(i, 1) for i in missing] if _one_by_one(engine, meter) else runs_of(missing)
    drawing = (draw(first, n) for first, n in runs)
    return merged(drawing, seconds=meter.seconds_left(), left=unfetched(dropped))


def costs(engine: Engine, meter: Meter, max_tokens: int, asked: Sequence[int]) -> Cost:
    """What some samples may cost.

    Args:
        engine: Draws them.
        meter: What they are charged to.
        max_tokens: Most tokens of a sample.
        asked: Tokens of the prompts, each of which some of them are of.
    """
    if engine.info.charges_each or _one_by_one(engine, meter):
        return Cost(max_tokens, asked_each=max(asked))
    return Cost(max_tokens, asked=sum(asked))


def _one_by_one(engine: Engine, meter: Meter) -> bool:
    """Whether samples are asked for one by one: where there is a clock and all come at once."""
    return meter.seconds_left() is not None and not can_drop(engine)


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
