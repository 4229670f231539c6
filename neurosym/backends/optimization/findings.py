"""What was found out about a model, and by what it can be checked."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from neurosym.backends.optimization.task import Ending
from neurosym.candidate import Outcome
from neurosym.formal.optimization.instance import Instance
from neurosym.formal.optimization.language.printer import print_model
from neurosym.formal.optimization.language.reader import read_model
from neurosym.formal.optimization.model import Model
from neurosym.formal.optimization.tangents import best_possible

__all__ = ["FINDINGS", "MODEL", "Findings", "ModelText", "SecondOpinion", "found_of"]

FINDINGS = "findings"
"""The evidence that holds a :class:`Findings`, as JSON."""
MODEL = "model"
"""The evidence that holds the model that was solved, in the modelling language.

Models that mean the same share an outcome, and its numbers are in the order of this one's columns.
"""


class ModelText(str):
    """The text of a model, with the model itself: large ones are not to be read again."""

    model: Model

    @classmethod
    def of(cls, model: Model) -> ModelText:
        """A model in the modelling language.

        Raises:
            InexpressibleError: It cannot be written in it.
        """
        text = cls(print_model(model))
        text.model = model
        return text


@dataclass(frozen=True, slots=True)
class SecondOpinion:
    """What another solver said of the same model."""

    solver: str
    ending: Ending
    objective: float | None = None
    message: str = ""


@dataclass(frozen=True, slots=True)
class Findings:
    """A solver's result with what proves it.

    Numbers are fractions; of what a solver rounded, those that its floating-point numbers are.

    Attributes:
        ending: How the solver ended.
        solver: Its name and version.
        reason: Why it was taken.
        message: What it said.
        values: Of the columns, or empty.
        is_exact: Whether they were computed without rounding.
        objective: At these values.
        multipliers: Of the rows: dual values of an optimum, or a Farkas proof of infeasibility.
        direction: Along which the objective gets better without end.
        conflict: Names of constraints and of variables, whose bounds are meant, that cannot hold
            together.
        conflict_is_minimal: Whether each of them is needed for that.
        conflict_rows: Numbers of the rows that cannot hold together, those that are not linear
            after the linear ones.
        conflict_columns: Numbers of the columns whose bounds are meant.
        conflict_needs_signs: Whether it needs bounds at 0 as well, which go without saying.
        conflict_needs_whole: Whether it needs columns to be whole.
        second: What another solver said.
        bound: How good the objective can be, as far as the solver knew.
        gap: By how much, relative to both, the objective may differ from that and still be optimal.
        nodes: Nodes of its search tree.
        seconds: Time of all solving.
        notes: What could not be kept as the model says it.
        claimed: The optimum as the solver said it, where it is to be compared with the objective.
        doubt: Why what the solver said is not to be trusted, and what to do about it.
    """

    ending: Ending
    solver: str
    reason: str
    message: str = ""
    values: tuple[Fraction, ...] = ()
    is_exact: bool = False
    objective: Fraction | None = None
    multipliers: tuple[Fraction, ...] = ()
    direction: tuple[Fraction, ...] = ()
    conflict: tuple[str, ...] = ()
    conflict_is_minimal: bool = False
    conflict_rows: tuple[int, ...] = ()
    conflict_columns: tuple[int, ...] = ()
    conflict_needs_signs: bool = False
    conflict_needs_whole: bool = False
    second: SecondOpinion | None = None
    bound: float | None = None
    gap: float = 0.0
    nodes: int = 0
    seconds: float = 0.0
    notes: tuple[str, ...] = ()
    claimed: float | None = None
    doubt: str = ""

    def prove_optimum(self, instance: Instance) -> bool:
        """Whether the multipliers prove, in fractions, that nothing is better than the values."""
        if len(self.multipliers) != instance.rows or not self.is_exact:
            return False
        bound = best_possible(instance, self.values, self.multipliers)
        return bound is not None and bound == self.objective

    def decision(self, instance: Instance) -> dict[str, Fraction]:
        """The values of a model's own variables by their names; empty where there are none."""
        return dict(zip(instance.column_names[: instance.auxiliary], self.values, strict=False))

    def along(self, instance: Instance) -> dict[str, Fraction]:
        """The same of the direction along which the objective gets better without end."""
        return dict(zip(instance.column_names[: instance.auxiliary], self.direction, strict=False))

    def to_json(self) -> str:
        """All of it as JSON text, fractions as ``"3/7"``."""
        second = self.second
        return json.dumps(
            {
                "ending": self.ending,
                "solver": self.solver,
                "reason": self.reason,
                "message": self.message,
                "values": list(map(str, self.values)),
                "is_exact": self.is_exact,
                "objective": None if self.objective is None else str(self.objective),
                "multipliers": list(map(str, self.multipliers)),
                "direction": list(map(str, self.direction)),
                "conflict": self.conflict,
                "conflict_is_minimal": self.conflict_is_minimal,
                "conflict_rows": self.conflict_rows,
                "conflict_columns": self.conflict_columns,
                "conflict_needs_signs": self.conflict_needs_signs,
                "conflict_needs_whole": self.conflict_needs_whole,
                "second": None
                if second is None
                else [second.solver, second.ending, second.objective, second.message],
                "bound": self.bound,
                "gap": self.gap,
                "nodes": self.nodes,
                "seconds": self.seconds,
                "notes": self.notes,
                "claimed": self.claimed,
                "doubt": self.doubt,
            }
        )

    @classmethod
    def from_json(cls, text: str) -> Findings:
        """Read back what :meth:`to_json` wrote."""
        data: Mapping[str, Any] = json.loads(text)

        def fractions(name: str) -> tuple[Fraction, ...]:
            return tuple(map(Fraction, data[name]))

        second = data["second"]
        return cls(
            ending=Ending(data["ending"]),
            solver=data["solver"],
            reason=data["reason"],
            message=data["message"],
            values=fractions("values"),
            is_exact=data["is_exact"],
            objective=None if data["objective"] is None else Fraction(data["objective"]),
            multipliers=fractions("multipliers"),
            direction=fractions("direction"),
            conflict=tuple(data["conflict"]),
            conflict_is_minimal=data["conflict_is_minimal"],
            # Recorded findings may be from before there were these.
            conflict_rows=tuple(data.get("conflict_rows", ())),
            conflict_columns=tuple(data.get("conflict_columns", ())),
            conflict_needs_signs=data.get("conflict_needs_signs", False),
            conflict_needs_whole=data.get("conflict_needs_whole", False),
            claimed=data.get("claimed"),
            doubt=data.get("doubt", ""),
            second=None
            if second is None
            else SecondOpinion(second[0], Ending(second[1]), second[2], second[3]),
            bound=data["bound"],
            gap=data.get("gap", 0.0),
            nodes=data["nodes"],
            seconds=data["seconds"],
            notes=tuple(data["notes"]),
        )


def found_of(outcome: Outcome) -> tuple[Model, Findings] | None:
    """The model that was solved and what was found of it; ``None`` if an outcome holds neither."""
    if FINDINGS not in outcome.evidence:
        return None
    text = outcome.evidence[MODEL]
    model = text.model if isinstance(text, ModelText) else read_model(text)
    return model, Findings.from_json(outcome.evidence[FINDINGS])
