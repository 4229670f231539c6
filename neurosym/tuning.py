"""Finds the settings with which an engine samples fastest on this machine.

How fast they are is irregular from one setting to the next, so it is measured: successive halving
(Jamieson and Talwalkar 2016, arXiv:1502.07943) gives most settings a short trial, and goes on with
those that are ahead.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import product
from typing import Any, TypeAlias, TypeVar

from neurosym.candidate import Prompt
from neurosym.engines.base import Engine, SamplingParams
from neurosym.engines.named import ENGINES, EngineSpec
from neurosym.errors import EngineError, NeurosymError, OptionError
from neurosym.extras import lacking
from neurosym.problem import Problem
from neurosym.runtime.machine import available_cpus
from neurosym.runtime.profiles import Profile
from neurosym.translators.python import PythonTranslator

__all__ = ["End", "Space", "Trial", "Tuned", "space_of", "tune"]

T = TypeVar("T")
Space: TypeAlias = Mapping[str, Sequence[Any]]
"""The values that are tried of each setting; the first one is the usual one."""

_QUESTIONS = (
    "A gardener plants {} rows of 14 tulips and 9 rows of 6 roses. How many flowers are there?",
    "A cinema has {} seats. On Friday 3 shows were full, on Saturday 5. How many were seated?",
    "A parcel weighs {} grams. A van carries 150 of them. How many kilograms is that?",
    "Mara earns 17 dollars an hour and works {} hours a week. What does she earn in 4 weeks?",
)
_RUNGS = (1 / 7, 2 / 7, 4 / 7)
"""Parts of a trial; it goes on to the next one if it is among the faster half."""
_SAMPLES = 8
_TOKENS = 32


class End(StrEnum):
    """How a trial ended."""

    MEASURED = "measured"
    STOPPED = "stopped: others are faster"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Trial:
    """One setting that was tried.

    Attributes:
        values: The settings.
        end: How it ended.
        tokens_per_second: Tokens sampled a second in its last rung; 0 if there was none.
        detail: What failed.
    """

    values: Mapping[str, Any]
    end: End
    tokens_per_second: float = 0.0
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Tuned:
    """What was tried, and what came out.

    Attributes:
        trials: In order; the first one has the usual settings.
        profile: The fastest of those that were measured to the end.
    """

    trials: tuple[Trial, ...]
    profile: Profile


def space_of(spec: EngineSpec) -> Space:
    """What is tried of the settings that matter for an engine and are not given with it.

    Raises:
        OptionError: There are none.
    """
    known = ENGINES[spec.name]
    cpus = available_cpus()
    space: dict[str, Sequence[Any]] = {}
    for name, others in known.tried.items():
        values = (known.usual[name], *others)
        if name == "threads":
            values = (cpus, max(1, 3 * cpus // 4), max(1, cpus // 2))
        if name not in spec.values:
            space[name] = tuple(dict.fromkeys(values))
    if not space:
        tunable = ", ".join(name for name, engine in ENGINES.items() if engine.tried)
        raise OptionError(
            f"there is nothing to tune of the engine {spec.name!r}",
            hint=f"Tune one of {tunable}, and leave its settings open.",
        )
    return space


def tune(
    spec: EngineSpec,
    *,
    seconds: float,
    trial_seconds: float = 70.0,
    space: Space | None = None,
    start: Callable[[Mapping[str, Any]], Engine] | None = None,
    watch: Callable[[Trial], None] = lambda trial: None,
    seed: int = 0,
) -> Tuned:
    """Measure settings of an engine until the time is over, all were tried, or Ctrl-C.

    The usual settings come first and are always measured to the end.

    Args:
        spec: The engine; what is given with it stays as it is.
        seconds: After this time no further trial begins.
        trial_seconds: What a whole trial takes with the usual settings, roughly.
        space: What is tried; ``None`` takes :func:`space_of` it.
        start: Makes an engine with some settings; ``None`` takes the one of that name.
        watch: Called after each trial.
        seed: Of the order in which settings are tried.

    Raises:
        OptionError: It has nothing to tune, or Optuna is not installed.
        ModelError: The model cannot be used.
        EngineError: The engine cannot be started with its usual settings.
    """
    space = space_of(spec) if space is None else space
    start = start or (lambda values: spec.with_values(values).start())
    study = _study(seed)
    usual = {name: values[0] for name, values in space.items()}
    untried = [dict(zip(space, values, strict=True)) for values in product(*space.values())]
    random.Random(seed).shuffle(untried)
    untried.remove(usual)
    begun = time.monotonic()
    trials: list[Trial] = []

    def add(trial: Trial) -> None:
        trials.append(trial)
        watch(trial)

    load, speed = _measured_usual(start(usual), trial_seconds)
    add(Trial(usual, End.MEASURED, speed))
    study.enqueue_trial(usual)
    study.tell(study.ask(_distributions(space)), speed)
    while untried and time.monotonic() - begun < seconds:
        asked = _ask(study, space, untried)
        untried.remove(asked.params)
        try:
            add(_try(study, asked, load, start))
        except KeyboardInterrupt:  # what was found by then is worth keeping
            break
    best = max(
        (trial for trial in trials if trial.end is End.MEASURED),
        key=lambda trial: trial.tokens_per_second,
    )
    profile = Profile(spec.name, spec.apart, best.values, best.tokens_per_second, speed)
    return Tuned(tuple(trials), profile)


def _study(seed: int) -> Any:
    try:
        import optuna
    except ImportError as error:
        raise lacking("tuning", "the package optuna", "tune") from error
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    return optuna.create_study(
        direction="maximize",
        sampler=optuna.samplers.TPESampler(seed=seed, n_startup_trials=4),
        pruner=optuna.pruners.SuccessiveHalvingPruner(min_resource=1, reduction_factor=2),
    )


def _ask(study: Any, space: Space, untried: Sequence[Mapping[str, Any]]) -> Any:
    """What to try next: what the sampler proposes, or the first untried where it knows that."""
    import optuna

    asked = study.ask(_distributions(space))
    if asked.params in untried:
        return asked
    study.tell(asked, state=optuna.trial.TrialState.FAIL)
    study.enqueue_trial(dict(untried[0]))
    return study.ask(_distributions(space))


def _try(
    study: Any, asked: Any, load: Sequence[int], start: Callable[[Mapping[str, Any]], Engine]
) -> Trial:
    """Measure settings, as far as they keep up with the others."""
    import optuna

    def is_behind(rung: int, speed: float) -> bool:
        asked.report(speed, rung + 1)
        return bool(asked.should_prune())

    values = dict(asked.params)
    try:
        speed, is_whole = _measured(start(values), load, is_behind)
    except NeurosymError as error:  # too little memory, say
        study.tell(asked, state=optuna.trial.TrialState.FAIL)
        return Trial(values, End.FAILED, detail=str(error))
    if not is_whole:
        study.tell(asked, state=optuna.trial.TrialState.PRUNED)
        return Trial(values, End.STOPPED, speed)
    study.tell(asked, speed)
    return Trial(values, End.MEASURED, speed)


def _measured_usual(engine: Engine, trial_seconds: float) -> tuple[list[int], float]:
    """Problems of each rung, so that all together take about that long, and the speed of these."""

    async def measure() -> tuple[list[int], float]:
        first, _ = await _climb(engine, [1], lambda rung, speed: False)
        problems = first * trial_seconds / (_SAMPLES * _TOKENS)
        load = [max(1, round(part * problems)) for part in _RUNGS]
        speed, _ = await _climb(engine, load, lambda rung, speed: False)
        return load, speed

    return _closing(engine, measure())


def _measured(
    engine: Engine, load: Sequence[int], is_behind: Callable[[int, float], bool]
) -> tuple[float, bool]:
    """Tokens a second of the last rung, and whether all rungs were measured."""
    return _closing(engine, _climb(engine, load, is_behind))


def _closing(engine: Engine, work: Coroutine[Any, Any, T]) -> T:
    async def do() -> T:
        try:
            return await work
        finally:
            await engine.aclose()

    return asyncio.run(do())


async def _climb(
    engine: Engine, load: Sequence[int], is_behind: Callable[[int, float], bool]
) -> tuple[float, bool]:
    prompts = _prompts(sum(load) + 1)
    await engine.sample(prompts.pop(), SamplingParams(max_tokens=1))  # warm
    speed = 0.0
    for rung, problems in enumerate(load):
        speed = await _speed(engine, [prompts.pop() for _ in range(problems)])
        if is_behind(rung, speed):
            return speed, False
    return speed, True


async def _speed(engine: Engine, prompts: Sequence[Prompt]) -> float:
    params = SamplingParams(n=_SAMPLES, max_tokens=_TOKENS, temperature=0.7)
    begin = time.perf_counter()
    drawn = await asyncio.gather(*(engine.sample(prompt, params) for prompt in prompts))
    tokens = sum(item.completion_tokens for some in drawn for item in some)
    if tokens == 0:
        raise EngineError("the engine samples nothing", hint="Use a model that can chat.")
    return tokens / (time.perf_counter() - begin)


def _prompts(count: int) -> list[Prompt]:
    """Prompts as word problems have them: all begin alike, and no two are the same."""
    translator = PythonTranslator()
    texts = [_QUESTIONS[i % len(_QUESTIONS)].format(20 + i) for i in range(count)]
    return [translator.prompt(Problem("tune", text)) for text in texts]


def _distributions(space: Space) -> dict[str, Any]:
    import optuna

    return {
        name: optuna.distributions.CategoricalDistribution(tuple(values))
        for name, values in space.items()
    }
