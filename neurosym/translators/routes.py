"""Several routes from one problem to its answer, whose agreement is evidence of its own."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any

from neurosym.candidate import Prompt
from neurosym.problem import Kind, Problem
from neurosym.translators.base import Translator

__all__ = ["Routes"]


@dataclass(frozen=True, slots=True)
class Routes(ABC):
    """Spreads samples evenly over translators of one kind of problem, each with its wordings.

    What a sample took is told by its text and not by what was asked for: a model may answer a
    prompt for prose with a program, and a record may hold samples in another order than they are
    asked for again.

    Attributes:
        routes: The translators.
    """

    routes: tuple[Translator[Any], ...]

    @abstractmethod
    def fits(self, route: Translator[Any], text: str) -> bool:
        """Whether a completion is of a route, however well it is written."""

    @property
    def name(self) -> str:
        """Its name, which tells the routes."""
        return " and ".join(route.name for route in self.routes)

    @property
    def kind(self) -> Kind:
        """The kind of problems it translates."""
        return self.routes[0].kind

    @property
    def variants(self) -> int:
        """The wordings of all routes, which take turns; one that has fewer repeats its own."""
        return len(self.routes) * max(route.variants for route in self.routes)

    def max_tokens(self, problem: Problem) -> int:
        """Tokens that a sample may take."""
        return max(route.max_tokens(problem) for route in self.routes)

    def asked(self, variant: int) -> tuple[Translator[Any], int]:
        """The route that a wording is of, and which of the route's own wordings it is."""
        wording, place = divmod(variant, len(self.routes))
        route = self.routes[place]
        return route, wording % route.variants

    def prompt(self, problem: Problem, variant: int = 0) -> Prompt:
        """What to ask the model by one route, in one of its wordings."""
        route, wording = self.asked(variant)
        return route.prompt(problem, wording)

    def route(self, text: str) -> int:
        """Which of the routes a completion took; the first where it fits none."""
        return next((i for i, item in enumerate(self.routes) if self.fits(item, text)), 0)

    def parse(self, text: str, problem: Problem) -> Any:
        """The formal object in a completion, or why there is none, by the route that it took."""
        return self.routes[self.route(text)].parse(text, problem)
