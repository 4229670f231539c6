"""Samples of translations: the wording of each, its parts where there are two, what it holds."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

from neurosym.budget import Meter
from neurosym.candidate import Completion, Formalization, Prompt
from neurosym.engines.base import SamplingParams
from neurosym.problem import Problem
from neurosym.runtime.machinery import Machinery
from neurosym.runtime.sampling import charges, sample
from neurosym.runtime.together import together
from neurosym.translators.base import Malformed, Staged, Translator

__all__ = ["by_wording", "joined", "parsed_from", "translate"]


async def translate(
    machinery: Machinery,
    meter: Meter,
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
        meter: What is charged for them.
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
    drawn = await sample(machinery, meter, problem, prompt, params, stage, start)
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
    asked = promised = 0
    for first, at in alike.items():
        rest = translator.continuation(problem, variant, prompt, first)
        if rest is None:
            whole |= {i: drawn[i] for i in at}
            continue
        [charge] = await charges(machinery, meter, [rest])
        asked += charge
        most = params.max_tokens
        n = meter.affordable(len(at), most, asked, promised=promised, counts=False)
        promised += n * most
        if n:
            parts.append((rest, at[:n]))

    async def go_on(rest: Prompt, at: list[int]) -> dict[int, Completion]:
        part = replace(params, n=len(at), seed=params.seed + at[0] - start)
        name = f"{stage}-rest-{at[0]}"
        found = await sample(machinery, meter, problem, rest, part, name, 0, counts=False)
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
    params: SamplingParams, start: int, variants: int
) -> list[tuple[int, SamplingParams, int]]:
    """Samples spread evenly over the wordings: how many in which, with what seeds and places.

    Args:
        params: How to sample; ``params.n`` in all.
        start: Place of the first, by which wordings take turns.
        variants: How many wordings there are.

    Returns:
        For each wording that has any: its number, how to sample, and the place of the first.
    """
    each, more = divmod(params.n, variants)
    parts, done = [], 0
    for turn in range(variants):
        n = each + (turn < more)
        if n:
            part = replace(params, n=n, seed=params.seed + done)
            parts.append(((start + turn) % variants, part, start + done))
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
