"""How a benchmark with a model solves its problems: any strategy that ``neurosym solve`` takes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from neurosym.strategies.spec import read_strategy
from neurosym.strategies.vote import Voting

__all__ = ["Refine", "Samples", "Seed", "Strategy", "chosen_strategy"]

Strategy = Annotated[
    str | None,
    typer.Option(
        help="As 'neurosym solve --strategy' takes it, such as adaptive(max=16); other options "
        "fill it in.",
        show_default="vote",
    ),
]
Samples = Annotated[int | None, typer.Option(help="Samples of each problem.", show_default="8")]
Refine = Annotated[
    int | None,
    typer.Option(help="Rounds of telling the model what is wrong.", show_default="0"),
]
Seed = Annotated[
    int | None, typer.Option(help="Seed of the choice and the sampling.", show_default="0")
]


def chosen_strategy(
    text: str | None, given: Mapping[str, Any], usual: Mapping[str, Any] | None = None
) -> Voting:
    """The strategy that a text and the options beside it say.

    Args:
        text: The text; ``None`` is a vote.
        given: The options by name; those that are ``None`` were not given.
        usual: What a vote has that nothing is said of, where it is not what it always has.

    Raises:
        OptionError: There is no such strategy or value, or a value is given twice.
    """
    values = {name: value for name, value in given.items() if value is not None}
    if text is None:
        return read_strategy("vote", {**(usual or {}), **values})
    return read_strategy(text, values)
