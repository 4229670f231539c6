"""A language model translates, a solver decides.

>>> from neurosym import Solver
>>> with Solver() as solver:                                   # doctest: +SKIP
...     print(solver.solve("A crate holds 12 eggs. How many eggs do 5 crates hold?").answer)
60
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from neurosym._version import __version__ as __version__
    from neurosym.backends.base import Limits as Limits
    from neurosym.budget import Budget as Budget
    from neurosym.budget import Prices as Prices
    from neurosym.candidate import Candidate as Candidate
    from neurosym.candidate import Check as Check
    from neurosym.candidate import CheckState as CheckState
    from neurosym.candidate import Outcome as Outcome
    from neurosym.engines.base import Engine as Engine
    from neurosym.errors import NeurosymError as NeurosymError
    from neurosym.formal.optimization.language.reader import read_model as read_model
    from neurosym.formal.optimization.model import Model as Model
    from neurosym.optimizing import SolvedModel as SolvedModel
    from neurosym.optimizing import load_model as load_model
    from neurosym.optimizing import solve_model as solve_model
    from neurosym.problem import Kind as Kind
    from neurosym.problem import Problem as Problem
    from neurosym.selection.named import Select as Select
    from neurosym.solution import Abstention as Abstention
    from neurosym.solution import AbstentionReason as AbstentionReason
    from neurosym.solution import Solution as Solution
    from neurosym.solution import Usage as Usage
    from neurosym.solver import Solver as Solver
    from neurosym.status import Status as Status
    from neurosym.strategies.adaptive import Adaptive as Adaptive
    from neurosym.strategies.assessed import Assessed as Assessed
    from neurosym.strategies.planned import Planned as Planned
    from neurosym.strategies.resample import Resample as Resample
    from neurosym.strategies.sample_and_vote import SampleAndVote as SampleAndVote
    from neurosym.strategies.shared import Shared as Shared
    from neurosym.strategies.words import SelfVerify as SelfVerify

# Where each public name lives. They are imported at first use, so that importing the package does
# no work.
_HOMES = {
    "Abstention": "solution",
    "AbstentionReason": "solution",
    "Adaptive": "strategies.adaptive",
    "Assessed": "strategies.assessed",
    "Budget": "budget",
    "Candidate": "candidate",
    "Check": "candidate",
    "CheckState": "candidate",
    "Engine": "engines.base",
    "Kind": "problem",
    "Limits": "backends.base",
    "Model": "formal.optimization.model",
    "NeurosymError": "errors",
    "Outcome": "candidate",
    "Planned": "strategies.planned",
    "Prices": "budget",
    "Problem": "problem",
    "Resample": "strategies.resample",
    "SampleAndVote": "strategies.sample_and_vote",
    "Select": "selection.named",
    "SelfVerify": "strategies.words",
    "Shared": "strategies.shared",
    "Solution": "solution",
    "SolvedModel": "optimizing",
    "Solver": "solver",
    "Status": "status",
    "Usage": "solution",
    "__version__": "_version",
    "load_model": "optimizing",
    "read_model": "formal.optimization.language.reader",
    "solve_model": "optimizing",
}

__all__ = [
    "Abstention",
    "AbstentionReason",
    "Adaptive",
    "Assessed",
    "Budget",
    "Candidate",
    "Check",
    "CheckState",
    "Engine",
    "Kind",
    "Limits",
    "Model",
    "NeurosymError",
    "Outcome",
    "Planned",
    "Prices",
    "Problem",
    "Resample",
    "SampleAndVote",
    "Select",
    "SelfVerify",
    "Shared",
    "Solution",
    "SolvedModel",
    "Solver",
    "Status",
    "Usage",
    "__version__",
    "load_model",
    "read_model",
    "solve_model",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'neurosym' has no attribute {name!r}")
    value = getattr(import_module(f"neurosym.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
