"""Translation of word problems: into programs, by reasoning in prose, or by both."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from neurosym.translators.base import Translator
from neurosym.translators.chain_of_thought import ChainOfThoughtTranslator
from neurosym.translators.formats import WordProblemRoute
from neurosym.translators.python import PythonTranslator
from neurosym.translators.routes import Routes

__all__ = ["WordProblemTranslator", "word_problem_translator"]

_PROGRAM = re.compile(r"\A\s*\n?(?: {4}|\t)|^[ \t]+return\b|^[ \t]*def \w+\(", re.MULTILINE)
"""What a function, or the rest of one that a prompt begins, has and prose has not."""


def word_problem_translator(route: WordProblemRoute, *, shots: int) -> Translator[Any]:
    """The translator of a route, or of both.

    Args:
        route: The route.
        shots: Worked examples of each.

    Raises:
        OptionError: There are not that many worked examples.
    """
    if route is WordProblemRoute.PROGRAM:
        return PythonTranslator(shots=shots)
    if route is WordProblemRoute.REASONING:
        return ChainOfThoughtTranslator(shots=shots)
    return WordProblemTranslator((PythonTranslator(shots), ChainOfThoughtTranslator(shots)))


def _both() -> tuple[Translator[Any], ...]:
    return (PythonTranslator(), ChainOfThoughtTranslator())


@dataclass(frozen=True, slots=True)
class WordProblemTranslator(Routes):
    """Spreads samples over programs and reasoning in prose.

    Attributes:
        routes: Programs and prose, or one of them.
    """

    routes: tuple[Translator[Any], ...] = field(default_factory=_both)

    def fits(self, route: Translator[Any], text: str) -> bool:
        """Whether a completion is of a route: a program, or prose."""
        return isinstance(route, PythonTranslator) is (_PROGRAM.search(text) is not None)
