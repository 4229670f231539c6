"""Samples of translations: the wording of each, its parts where there are two, what it holds."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from neurosym.budget import Cost, Held
from neurosym.candidate import Completion, Formalization, Prompt
from neurosym.engines.base import SamplingParams
from neurosym.problem import Problem
from neurosym.runtime.machinery import Machinery
from neurosym.runtime.sampling import charges, costs, logged_wordings, sample
from neurosym.runtime.together import together
from neurosym.translators.base import Malformed, Staged, Translator
from neurosym.translators.routes import Routes

__all__ = ["by_wording", "joined", "parsed_from", "route_of", "translate"]


async def translate(
    machinery: Machinery,
    held: Held,
    translator: Translator[Any],
    problem: Problem,
    variant: int,
    prompt: Prompt,
    params: SamplingParams,
    start: int,
    stage: str,
) -> dict[int, Completion]:
    """Samples under their places from ``start`` on, those of a staged translator with their rest.

    The rest is asked for once for all samples that have the same first part. Samples whose rest the
    budget does not allow are left out.

    Args:
        machinery: What samples, and what logs.
        held: What is charged for them.
        translator: Says what is asked for after a first part.
        problem: The problem.
        variant: The wording of the prompt.
        prompt: What to ask.
        params: How to sample; ``params.n`` samples.
        start: Place of the first.
        stage: What they are for; each prompt has one of its own.

    Raises:
        ContextOverflowError: The prompt is too long for the model.
        EngineError: The model could not be run.
    """
    drawn = await sample(machinery, held, problem, prompt, params, stage, start)
    if not isinstance(translator, Staged):
        return drawn
    whole: dict[int, Completion] = {}
    alike: dict[str, list[int]] = {}
    for i, completion in drawn.items():
        if completion.finish_reason == "length":
            whole[i] = completion  # it was cut off, and nothing can follow
        else:
            alike.setdefault(completion.text, []).append(i)
    parts = []
    for first, at in alike.items():
        rest = translator.continuation(problem, variant, prompt, first)
        if rest is None:
            whole |= {i: drawn[i] for i in at}
            continue
        charge = await charges(machinery, held.meter, [rest])
        parts.append((rest, at, costs(machinery.engine, held.meter, params.max_tokens, charge)))

    async def go_on(rest: Prompt, at: list[int], cost: Cost) -> dict[int, Completion]:
        async with held.meter.holding(len(at), cost, counts=False) as more:
            if more.n == 0:
                return {}
            part = replace(params, n=more.n, seed=params.seed + at[0] - start)
            name = f"{stage}-rest-{at[0]}"
            found = await sample(machinery, more, problem, rest, part, name, 0)
        return {at[k]: joined(drawn[at[k]], item) for k, item in found.items()}

    for found in await together(itertools.starmap(go_on, parts)):
        whole |= found
    return dict(sorted(whole.items()))


def joined(first: Completion, rest: Completion) -> Completion:
    """Two parts of a translation as the one that they are."""
    logprobs = None
    if first.logprobs is not None and rest.logprobs is not None:
        logprobs = (*first.logprobs, *rest.logprobs)
    return Completion(
        text=first.text + rest.text,
        logprobs=logprobs,
        prompt_tokens=first.prompt_tokens + rest.prompt_tokens,
        completion_tokens=first.completion_tokens + rest.completion_tokens,
        finish_reason=rest.finish_reason,
        seed=first.seed,
    )


def by_wording(
    machinery: Machinery,
    problem: Problem,
    prompts: Sequence[Prompt],
    params: SamplingParams,
    start: int,
    stage: str,
) -> list[tuple[int, Prompt, SamplingParams, int]]:
    """Samples spread evenly over the wordings of a problem, which take turns over all calls.

    A sample that is in the log stays with the wording it was asked for in: a budget may have cut
    the samples down to another number then, and their spread is by that.

    Args:
        machinery: Has the log.
        problem: The problem.
        prompts: The prompt of each wording.
        params: How to sample; ``params.n`` in all.
        start: Place of the first.
        stage: What the samples are for.

    Returns:
        Neighbouring samples of one wording: its number, its prompt, how to sample, and the place of
        the first.
    """
    each, more = divmod(params.n, len(prompts))
    turns = [(start + turn) % len(prompts) for turn in range(len(prompts))]
    spread = [variant for i, variant in enumerate(turns) for _ in range(each + (i < more))]
    kept = logged_wordings(machinery, problem, prompts, range(start, start + params.n), stage)
    wordings = [kept.get(start + i, variant) for i, variant in enumerate(spread)]
    parts, done = [], 0
    for variant, alike in itertools.groupby(wordings):
        n = len(list(alike))
        part = replace(params, n=n, seed=params.seed + done)
        parts.append((variant, prompts[variant], part, start + done))
        done += n
    return parts


def parsed_from(
    translator: Translator[Formalization], problem: Problem, completion: Completion
) -> Formalization | Malformed:
    """What a completion holds. Where it was cut off, what is left may run, but was never meant.

    Args:
        translator: Reads it.
        problem: What it was to translate.
        completion: What was written.
    """
    if completion.finish_reason == "length":
        tokens = completion.completion_tokens
        return Malformed(f"it was cut off at the limit of {tokens} tokens")
    return translator.parse(completion.text, problem)


def route_of(translator: Translator[Any], completion: Completion) -> int | None:
    """Which of a translator's routes a completion took; ``None`` if it has one alone."""
    return translator.route(completion.text) if isinstance(translator, Routes) else None
