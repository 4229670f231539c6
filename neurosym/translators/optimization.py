"""Translation of descriptions of decisions, by one route or by two."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from neurosym.candidate import Prompt
from neurosym.errors import ProblemError
from neurosym.formal.optimization.model import Model
from neurosym.formal.program import Program
from neurosym.messages import listed
from neurosym.problem import Kind, Problem
from neurosym.translators.base import Malformed, Staged, Translator
from neurosym.translators.five_elements import FiveElementsTranslator, description
from neurosym.translators.pulp_program import PulpTranslator
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
class OptimizationTranslator:
    """Spreads samples over independent routes, whose agreement is evidence of its own.

    Attributes:
        routes: The modelling language and PuLP programs, or one of them.
    """

    routes: tuple[Translator[Any], ...] = field(default_factory=_both)

    @property
    def name(self) -> str:
        """Its name, which tells the routes."""
        return " and ".join(route.name for route in self.routes)

    @property
    def kind(self) -> Kind:
        """The kind of problems it translates."""
        return Kind.OPTIMIZATION

    @property
    def variants(self) -> int:
        """A wording for each route."""
        return len(self.routes)

    def max_tokens(self, problem: Problem) -> int:
        """Tokens that a sample may take."""
        return max(route.max_tokens(problem) for route in self.routes)

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
        return self.routes[variant].prompt(problem)

    def continuation(
        self, problem: Problem, variant: int, asked: Prompt, written: str
    ) -> Prompt | None:
        """What to ask after a first part, if a route has any; see :class:`Staged`."""
        route = self.routes[variant]
        if not isinstance(route, Staged):
            return None
        return route.continuation(problem, variant, asked, written)

    def parse(self, text: str, problem: Problem) -> Model | Program | Malformed:
        """The model, or the program that builds one, whichever route asked for it."""
        is_program = _PROGRAM.search(text) is not None
        found: Model | Program | Malformed = self._route(is_program).parse(text, problem)
        return found

    def _route(self, is_program: bool) -> Translator[Any]:
        fitting = [r for r in self.routes if isinstance(r, PulpTranslator) is is_program]
        return (fitting or list(self.routes))[0]
