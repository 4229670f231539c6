"""Samples are spread over routes, and over the wordings of each."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from neurosym.candidate import Message, Prompt
from neurosym.problem import Kind, Problem
from neurosym.translators.base import Translator
from neurosym.translators.routes import Routes

PROBLEM = Problem("p", "How many?")


@dataclass(frozen=True)
class Worded:
    """A translator whose prompts say its name and their wording, and whose objects are texts."""

    name: str
    variants: int

    @property
    def kind(self) -> Kind:
        return Kind.MATH

    def max_tokens(self, problem: Problem) -> int:
        return 10 * self.variants

    def prompt(self, problem: Problem, variant: int = 0) -> Prompt:
        return Prompt((Message("user", f"{self.name}{variant}"),))

    def parse(self, text: str, problem: Problem) -> str:
        return f"{self.name} read {text}"


class Named(Routes):
    """Routes that completions name."""

    def fits(self, route: Translator[str], text: str) -> bool:
        return route.name in text


ONE, TWO = Worded("one", 2), Worded("two", 1)


def asked(routes: Routes) -> list[str]:
    return [routes.prompt(PROBLEM, i).messages[0].content for i in range(routes.variants)]


@pytest.mark.parametrize(
    ("routes", "prompts"),
    [
        ((ONE, TWO), ["one0", "two0", "one1", "two0"]),
        ((ONE,), ["one0", "one1"]),
        ((TWO, TWO), ["two0", "two0"]),
    ],
)
def test_routes_take_turns_and_so_do_the_wordings_of_each(
    routes: tuple[Worded, ...], prompts: list[str]
) -> None:
    assert asked(Named(routes)) == prompts


def test_what_a_sample_took_is_told_by_its_text() -> None:
    routes = Named((ONE, TWO))
    assert isinstance(routes, Translator)
    assert [routes.route(text) for text in ("by two", "by one", "by none")] == [1, 0, 0]
    assert routes.parse("by two", PROBLEM) == "two read by two"
    assert (routes.name, routes.kind, routes.max_tokens(PROBLEM)) == ("one and two", Kind.MATH, 20)
