"""The options of a question in another order for each sample, so that no letter is favoured.

Choice shuffling (Medprompt: Nori et al. 2023, arXiv:2311.16452, section 5): a model that leans
towards a letter leans towards another answer in each order, and the vote evens that out.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, replace

from neurosym.answers.options import read_options, split_options
from neurosym.answers.reading import Choice, read
from neurosym.candidate import Candidate
from neurosym.problem import Problem
from neurosym.translators.argument import is_verdict_choice
from neurosym.values import Value

__all__ = ["Shuffled", "may_shuffle", "shuffled"]


@dataclass(frozen=True, slots=True)
class Shuffled:
    """A question whose options come in another order, under the letters of their new places.

    Attributes:
        problem: The question with the options in that order.
        letters: For each letter, the one that its option has in the question as it was asked.
    """

    problem: Problem
    letters: dict[str, str]

    def restored(self, candidate: Candidate) -> Candidate:
        """A candidate for the question as it was asked: its answer names the option by its letter.

        Answers that say the option in other words than its letter stay as they are.

        Args:
            candidate: One for the question in the other order.
        """
        outcome = candidate.verdict.outcome
        order = " ".join(f"{new}={old}" for new, old in self.letters.items())
        outcome = replace(
            outcome,
            answer=self._restored(outcome.answer),
            evidence={**outcome.evidence, "options": order},
        )
        return replace(candidate, verdict=replace(candidate.verdict, outcome=outcome))

    def _restored(self, answer: Value) -> Value:
        if isinstance(answer, tuple):
            return tuple(map(self._restored, answer))
        if isinstance(answer, frozenset):
            return frozenset(map(self._restored, answer))
        # As answers are read where they are compared: "option B" and "(b)" are that letter, too.
        found = read(answer)
        if isinstance(found, Choice) and found.letter in self.letters:
            return f"{self.letters[found.letter]}) {found.text}"
        return self.letters.get(found.upper(), answer) if isinstance(found, str) else answer


def may_shuffle(problem: Problem) -> bool:
    """Whether a problem's options can come in another order.

    Not where its text names them by their letters as well, or an option speaks of others or of its
    place, and not where they are True, False and the like, which no translation shows.

    Args:
        problem: The problem.
    """
    options = read_options(problem.choices)
    if not 1 < len(options) <= _MOST or is_verdict_choice(problem):
        return False
    is_listed = split_options(problem.question)[1] or any(
        _lettered(option).search(problem.text) for option in options
    )
    return not is_listed and not any(_RELATIVE.search(option.text) for option in options)


_MOST = 10
"""Options that have letters."""
_RELATIVE = re.compile(
    r"\b(?:above|below|preceding|foregoing|following)\b"
    r"|\b(?:both|either|neither|only|and|or|nor|options?|answers?|choices?)\s+\(?[A-J]\b"
)


def _lettered(option: Choice) -> re.Pattern[str]:
    return re.compile(rf"\(?{option.letter}\s*[).:]\s*{re.escape(option.text.strip())}")


def shuffled(problem: Problem, seed: int) -> Shuffled:
    """A multiple-choice question with its options in an order that a seed gives.

    Args:
        problem: A question with options.
        seed: Gives the order.
    """
    options = read_options(problem.choices)
    order = random.Random(seed).sample(range(len(options)), len(options))
    letters = [option.letter for option in options]
    texts = [f"{letter}) {options[i].text}" for letter, i in zip(letters, order, strict=True)]
    came_from = {letter: letters[i] for letter, i in zip(letters, order, strict=True)}
    return Shuffled(replace(problem, choices=tuple(texts)), came_from)
