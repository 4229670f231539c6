"""Translation of descriptions of decisions, by one route or by two."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from neurosym.candidate import Prompt
from neurosym.errors import ProblemError
from neurosym.messages import listed
from neurosym.problem import Problem
from neurosym.translators.base import Staged, Translator
from neurosym.translators.five_elements import FiveElementsTranslator, description
from neurosym.translators.pulp_program import PulpTranslator
from neurosym.translators.routes import Routes
from neurosym.translators.tables import missing_cells

__all__ = ["OptimizationTranslator"]

_PROGRAM = re.compile(
    r"\bLpProblem\b|\bpulp\.Lp\w|^\s*(?:import\s+\w|from\s+\w[\w.]*\s+import\b)", re.MULTILINE
)
"""What a program has, of PuLP or not, and a model in the modelling language has not."""

_MOST_SHOWN = 3


def _both() -> tuple[Translator[Any], ...]:
    return (FiveElementsTranslator(), PulpTranslator())


@dataclass(frozen=True, slots=True)
class OptimizationTranslator(Routes):
    """Spreads samples over models in the modelling language and programs that build one.

    Attributes:
        routes: The modelling language and PuLP programs, or one of them.
    """

    routes: tuple[Translator[Any], ...] = field(default_factory=_both)

    def fits(self, route: Translator[Any], text: str) -> bool:
        """Whether a completion is of a route: a program, or a model."""
        return isinstance(route, PulpTranslator) is (_PROGRAM.search(text) is not None)

    def prompt(self, problem: Problem, variant: int = 0) -> Prompt:
        """What to ask the model by one route.

        Raises:
            ProblemError: A table leaves numbers open, which nobody is to make up.
        """
        if missing := missing_cells(description(problem)):
            raise ProblemError(
                f"the table does not give {listed(missing, _MOST_SHOWN)}",
                hint="Fill it in, or leave its row or column out.",
            )
        return Routes.prompt(self, problem, variant)

    def continuation(
        self, problem: Problem, variant: int, asked: Prompt, written: str
    ) -> Prompt | None:
        """What to ask after a first part, if a route has any; see :class:`Staged`."""
        route, wording = self.asked(variant)
        if not isinstance(route, Staged):
            return None
        return route.continuation(problem, wording, asked, written)
