"""The model says in one token whether it could do better, and sampling ends where it could not.

Adaptive sampling and early pruning by self-evaluation (Manvi, Singh and Ermon 2024,
arXiv:2410.02725, section 3): after each round the model is asked of its newest samples whether a
new attempt would be better, and in the middle of samples likewise, of which the least promising are
given up. What it says is no check: it decides what is drawn, and never how samples vote.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain, starmap
from typing import ClassVar

from neurosym.candidate import Candidate, Completion, Message, Prompt
from neurosym.counts import at_least_one
from neurosym.engines.base import Capability, SamplingParams
from neurosym.errors import OptionError
from neurosym.problem import Problem
from neurosym.runtime.session import Session
from neurosym.runtime.staging import joined
from neurosym.runtime.together import together
from neurosym.selection.stopping import round_totals
from neurosym.strategies.open_ended import OpenEnded
from neurosym.translators.base import Staged

__all__ = ["Assessed"]

_QUESTION = "Would a new attempt at this be better than yours? Answer with one word, yes or no."
_HALFWAY = (
    "You are in the middle of it. Would a new attempt be better than going on? Answer with one "
    "word, yes or no."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessed(OpenEnded):
    """Draw samples in rounds until the model finds that it could do no better.

    Attributes:
        first: Samples of the first round; each further one doubles what there is.
        enough: Stop where it finds a sample of the last round this likely to be its best.
        prune_after: Tokens after which each sample is assessed, and some are given up; 0 lets all
            come to their end. Translations in stages, or held to a grammar, are never pruned.
        keep: Part of the samples of a round that goes on then.

    Raises:
        OptionError: A value is out of range.
    """

    name: ClassVar[str] = "assessed"

    max: int = 8
    first: int = 1
    enough: float = 0.7
    prune_after: int = 0
    keep: float = 0.5

    def __post_init__(self) -> None:
        OpenEnded.__post_init__(self)
        at_least_one(first=self.first)
        if self.prune_after < 0:
            raise OptionError(f"prune_after is {self.prune_after}", hint="Give 0 tokens or more.")
        if self.shuffle:
            raise OptionError(
                "options cannot be shuffled where the model is asked of what it wrote",
                hint="Leave out shuffle, or take another strategy.",
            )
        for name, value in (("enough", self.enough), ("keep", self.keep)):
            if not 0 < value <= 1:
                raise OptionError(f"{name} is {value}", hint="Give a value over 0 and up to 1.")

    @property
    def samples(self) -> int:
        """Samples that it asks for at once."""
        return min(self.first, self.max)

    @property
    def needs(self) -> frozenset[Capability]:
        """What the engine has to offer: how sure it is of a word, and pruned samples to go on."""
        asking = {Capability.FURTHER, Capability.LOGPROBS}
        pruning = {Capability.PREFIX} if self.prune_after else set()
        return super(Assessed, self).needs | asking | pruning

    async def _draw(self, problem: Problem, session: Session) -> list[Candidate]:
        candidates: list[Candidate] = []
        drawn = 0
        is_pruned = self.prune_after and _may_be_cut(problem, session)
        for total in round_totals(self.samples, self.max):
            there = len(candidates)
            if is_pruned:
                candidates += await self._draw_pruned(problem, session, range(drawn, total))
            else:
                await self.draw_up_to(total, problem, session, candidates)
            drawn = total
            newest = candidates[there:]
            if not newest:
                # The budget is spent, or it is said here why nothing can be drawn.
                await self.draw_up_to(1, problem, session, candidates)
                break
            written = [(item.index, item.variant, item.completion.text) for item in newest]
            told = await self._assess(problem, session, written, _QUESTION, "assess")
            if max(told) >= self.enough:
                break
        return candidates

    async def _draw_pruned(
        self, problem: Problem, session: Session, places: range
    ) -> list[Candidate]:
        """Begin samples, assess what there is of them, and let the most promising go on."""
        most = self.most_tokens(problem, session)
        variants = session.domain.translator.variants
        prompts = {i: session.prompt(problem, i % variants) for i in places}
        length = min(self.prune_after, most)

        async def begin(i: int) -> list[tuple[int, Completion]]:
            found = await session.ask(problem, prompts[i], self.params(1, i, length), f"begin-{i}")
            return [(i, item) for item in (found or {}).values()]

        async def go_on(i: int) -> list[tuple[int, Completion]]:
            rest = replace(prompts[i], prefix=prompts[i].prefix + begun[i].text)
            params = self.params(1, i, most - length)
            found = await session.ask(problem, rest, params, f"go-on-{i}", counts=False)
            return [(i, joined(begun[i], item)) for item in (found or {}).values()]

        begun = dict(chain.from_iterable(await together(map(begin, places))))
        halfway = [i for i, item in begun.items() if item.finish_reason == "length"]
        if halfway and length < most:
            written = [(i, i % variants, begun[i].text) for i in halfway]
            told = await self._assess(problem, session, written, _HALFWAY, "halfway")
            ended = len(begun) - len(halfway)
            kept = max(0, math.ceil(self.keep * len(begun)) - ended)
            ranked = [i for _, i in sorted(zip((-p for p in told), halfway, strict=True))]
            whole = dict(chain.from_iterable(await together(map(go_on, ranked[:kept]))))
            # Those whose rest the budget does not allow are left out, like those given up.
            begun = {i: item for i, item in begun.items() if i not in halfway} | whole
        return await together(
            session.judge(problem, item, i, i % variants) for i, item in sorted(begun.items())
        )

    async def _assess(
        self,
        problem: Problem,
        session: Session,
        written: Sequence[tuple[int, int, str]],
        question: str,
        stage: str,
    ) -> list[float]:
        """How likely the model finds it that each of these is the best that it could write.

        Args:
            problem: The problem.
            session: Asks it.
            written: Place, wording and text of each.
            question: What it is asked.
            stage: What the asking is for.
        """

        async def one(place: int, variant: int, text: str) -> float:
            asked = session.prompt(problem, variant)
            said = Message("assistant", asked.prefix + text)
            prompt = Prompt((*asked.messages, said, Message("user", question)))
            params = SamplingParams(seed=self.seed, temperature=0.0, max_tokens=1, logprobs=True)
            found = await session.ask(problem, prompt, params, f"{stage}-{place}", counts=False)
            return _likely_best(list((found or {}).values()))

        return await together(starmap(one, written))


def _may_be_cut(problem: Problem, session: Session) -> bool:
    """Whether a text may be gone on with from its middle: no stage or grammar begins anew there."""
    is_held = session.prompt(problem, 0).is_held
    return not is_held and not isinstance(session.domain.translator, Staged)


def _likely_best(found: Sequence[Completion]) -> float:
    """How probable "no" was; a half where the model said neither, or nothing."""
    if not found or not found[0].logprobs:
        return 0.5
    probability = math.exp(found[0].logprobs[0])
    match found[0].text.strip().lower():
        case "no":
            return probability
        case "yes":
            return 1 - probability
    return 0.5
