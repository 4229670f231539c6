"""Strategies as text and as data: ``adaptive(max=16, stop=0.95, select=verified)``.

What is written can be read again, and what a run log holds of a strategy rebuilds it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from neurosym.errors import OptionError
from neurosym.spec import Form, field_kinds, nearest, written
from neurosym.strategies.adaptive import Adaptive
from neurosym.strategies.assessed import Assessed
from neurosym.strategies.planned import Planned
from neurosym.strategies.resample import Resample
from neurosym.strategies.sample_and_vote import SampleAndVote
from neurosym.strategies.shared import Shared
from neurosym.strategies.vote import Voting

__all__ = [
    "STRATEGIES",
    "KnownStrategy",
    "read_strategy",
    "rebuild_strategy",
    "strategy_digest",
    "write_strategy",
]


@dataclass(frozen=True, slots=True)
class KnownStrategy:
    """A strategy that has a name.

    Attributes:
        made_by: What makes it.
        line: What it does, in one line.
        papers: Where it is from.
        values: Values that it begins with, where they are not those of what makes it.
    """

    made_by: type[Voting]
    line: str
    papers: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)


STRATEGIES: Mapping[str, KnownStrategy] = {
    "vote": KnownStrategy(
        SampleAndVote,
        "draws samples, runs and checks them, and lets them vote",
        "Wang et al. 2023, arXiv:2203.11171; Zhou et al. 2023, arXiv:2308.07921",
    ),
    "greedy": KnownStrategy(
        SampleAndVote,
        "takes one sample at temperature 0",
        values={"samples": 1, "temperature": 0.0},
    ),
    "adaptive": KnownStrategy(
        Adaptive,
        "draws samples in rounds until the vote is settled",
        "Aggarwal et al. 2023, arXiv:2305.11860",
    ),
    "resample": KnownStrategy(
        Resample,
        "draws one sample at a time until no check speaks against one",
        "Brown et al. 2024, arXiv:2407.21787; Stroebl et al. 2024, arXiv:2411.17501",
    ),
    "assessed": KnownStrategy(
        Assessed,
        "draws samples in rounds until the model finds that it could do no better",
        "Manvi et al. 2024, arXiv:2410.02725",
    ),
    "planned": KnownStrategy(
        Planned,
        "draws two samples, and then more, or refines those, as a calibration finds worth it",
        "Snell et al. 2024, arXiv:2408.03314",
    ),
    "shared": KnownStrategy(
        Shared,
        "gives the samples that settled problems leave to those whose vote is least sure",
        "Gabillon et al. 2011, Multi-Bandit Best Arm Identification",
    ),
}
"""The strategies that solve problems of all kinds, by name."""

_FORM = Form("strategy", "adaptive(max=16, stop=0.95)")


def read_strategy(text: str, given: Mapping[str, Any] | None = None) -> Voting:
    """A strategy from its name, with values in brackets where they are not the usual ones.

    Args:
        text: Such as ``vote`` or ``adaptive(max=16, stop=0.95)``.
        given: Values that were given beside the text, such as options of a command.

    Raises:
        OptionError: There is no such strategy or value, or a value is given twice, or it is out of
            range.
    """
    name, values = _FORM.read(text)
    known = _known(name)
    chosen = {**known.values, **_FORM.joined(text, values, given or {})}
    for key, value in known.values.items():
        if chosen[key] != value:
            raise OptionError(
                f"the strategy {name!r} has {key}={value}", hint="Take 'vote' for another one."
            )
    return _made(known.made_by, name, chosen)


def write_strategy(strategy: Voting) -> str:
    """The text of a strategy: its name, and the values that are not the usual ones.

    ``read_strategy`` makes the same strategy of it.
    """
    return written(str(strategy.settings["name"]), strategy)


def rebuild_strategy(settings: Mapping[str, Any]) -> Voting:
    """The strategy whose settings a run log holds.

    Raises:
        OptionError: They are of no known strategy.
    """
    values = {key: value for key, value in settings.items() if key != "name"}
    name = str(settings.get("name"))
    return _made(_known(name).made_by, name, values)


def strategy_digest(strategy: Voting) -> str:
    """SHA-256 of all that a strategy's solutions depend on."""
    return hashlib.sha256(json.dumps(strategy.settings, sort_keys=True).encode()).hexdigest()


def _known(name: str) -> KnownStrategy:
    if name not in STRATEGIES:
        raise OptionError(
            f"there is no strategy {name!r}", hint=nearest(name, STRATEGIES, "strategies")
        )
    return STRATEGIES[name]


def _made(made_by: type[Voting], name: str, values: Mapping[str, Any]) -> Voting:
    return made_by(**_FORM.fitted(name, field_kinds(made_by), values))
