"""How far a vote can be trusted: fitted weights, calibrated confidence, and what is in reach."""

from __future__ import annotations

import hashlib
import json
import logging
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from neurosym.errors import InputError
from neurosym.files import write_whole
from neurosym.selection.ballots import features
from neurosym.selection.curves import Curve, choose_curve
from neurosym.selection.labelled import FOLDS, LabelledVote, fold_places
from neurosym.selection.planning import Plan, fit_plan
from neurosym.selection.resampling import Outlook
from neurosym.selection.weighted import CAUTIOUS_FACTORS, VerifierWeighted
from neurosym.solution import Selection

if TYPE_CHECKING:
    from neurosym.selection.arrays import Array, Marks, Numbers

__all__ = [
    "Calibration",
    "calibrate",
    "cross_validate",
    "load_calibration",
    "save_calibration",
]

_LOG = logging.getLogger("neurosym")
_PENALTIES = (0.3, 1.0, 3.0, 10.0, 30.0, 100.0)


@dataclass(frozen=True, slots=True)
class Calibration:
    """What labelled runs taught about one model on one task.

    Attributes:
        factors: Factors of check states, for :class:`VerifierWeighted`.
        curve: Gives the confidence; ``None`` before any fit.
        outlook: What sampling until a sample is sound can reach; ``None`` before any fit.
        plan: Which further samples a problem is worth; ``None`` before any fit, or where the
            labelled runs had too few samples to tell.
        model: The model's name.
        task: The kind of problem.
        problems: Labelled problems it was fitted on; 0 for the cautious defaults.
        penalty: Strength of the ridge penalty that cross-validation chose for the factors.
        brier: Cross-validated Brier score of the confidence, the better one of two curves; ``None``
            before any fit.
    """

    factors: Mapping[str, float] = field(default_factory=lambda: dict(CAUTIOUS_FACTORS))
    curve: Curve | None = None
    outlook: Outlook | None = None
    plan: Plan | None = None
    model: str = ""
    task: str = ""
    problems: int = 0
    penalty: float | None = None
    brier: float | None = None

    @property
    def selector(self) -> VerifierWeighted:
        """The vote with the fitted factors."""
        return VerifierWeighted(self.factors)

    def confidence(self, selection: Selection) -> float:
        """Estimated probability that the selected answer is right, in [0, 1].

        Before any fit this is the rule of succession, (k + 1) / (n + 2) for a share k/n of the n
        candidates that have any weight. A fit replaces it by a curve in the log-odds of that and
        the weight of the evidence; see :mod:`neurosym.selection.curves`.
        """
        if selection.candidate is None:
            return 0.0
        if self.curve is None:
            return _cautious(selection)
        return self.curve.probability(*_evidence(selection))


def _cautious(selection: Selection) -> float:
    """The rule of succession for the share of an answer that was chosen."""
    count = sum(vote > 0 for vote in selection.votes)
    return (selection.share * count + 1) / (count + 2)


def _evidence(selection: Selection) -> tuple[float, float]:
    """Log-odds of the share and logarithm of the weight of an answer that was chosen."""
    share = _cautious(selection)
    return math.log(share / (1 - share)), math.log(selection.weight)


def calibrate(votes: Sequence[LabelledVote], *, model: str, task: str) -> Calibration:
    """Fit factors, confidence, and what more samples bring, on labelled runs.

    The factors maximise the log of the weight share of right candidates, summed over problems (a
    conditional logit). A ridge penalty, chosen by 5-fold cross-validation, draws them towards the
    cautious defaults, which so remain where the problems teach nothing. The confidence curve is
    fitted on votes with factors from the other folds, so it does not see its own fit. Which samples
    are sound is nothing that is fitted, so that what they reach is counted on all problems; what
    further samples bring is counted there as well, with the factors fitted there, so that it is a
    little too good.

    Raises:
        InputError: There are fewer than ten problems, all of one group, or none that teaches
            anything.
    """
    fitted = _fit(votes)
    return replace(
        fitted,
        outlook=Outlook.of([vote.judged for vote in votes]),
        plan=fit_plan(votes, fitted.selector),
        model=model,
        task=task,
    )


def _fit(votes: Sequence[LabelledVote]) -> Calibration:
    """Factors and confidence alone; see :func:`calibrate`."""
    if len(votes) < 2 * FOLDS:
        raise InputError(
            f"{len(votes)} labelled problems are too few to calibrate on",
            hint=f"Give at least {2 * FOLDS}; a hundred or more are better.",
        )
    names = sorted({name for vote in votes for item in vote.candidates for name in features(item)})
    folds = fold_places(votes)
    # Stacked once; each penalty is tried on the same stacks.
    apart = list(map(frozenset, folds))
    inside = [
        _Design.of([vote for i, vote in enumerate(votes) if i not in held], names) for held in apart
    ]
    outside = [_Design.of([votes[i] for i in held], names) for held in folds]

    def held_out(penalty: float) -> float:
        return sum(
            there.log_share(_fit_factors(here, names, penalty))[0]
            for here, there in zip(inside, outside, strict=True)
        )

    penalty = max(_PENALTIES, key=held_out)
    selectors = [_selector(names, _fit_factors(design, names, penalty)) for design in inside]
    evidence, target, fold = _held_out_votes(votes, folds, selectors)
    if len(set(target)) < 2:
        raise InputError(
            "the labelled problems are all right or all wrong, so they teach nothing",
            hint="Give problems of which some are answered right and some wrong.",
        )
    curve, brier = choose_curve(evidence, target, fold)
    selector = _selector(names, _fit_factors(_Design.of(votes, names), names, penalty))
    return Calibration(
        factors=dict(selector.factors),
        curve=curve,
        problems=len(votes),
        penalty=penalty,
        brier=brier,
    )


def _held_out_votes(
    votes: Sequence[LabelledVote],
    folds: Sequence[Sequence[int]],
    selectors: Sequence[VerifierWeighted],
) -> tuple[Array, Array, Numbers]:
    """What each fold's own selector, which has not seen it, chooses there.

    Returns:
        Log-odds of the share and log-weight of each chosen candidate, whether it is right, and the
        fold it is of.
    """
    import numpy as np

    evidence, right, fold = [], [], []
    for k, (held, selector) in enumerate(zip(folds, selectors, strict=True)):
        for vote in (votes[i] for i in held):
            selection = selector.select(vote.candidates, vote.labels)
            if selection.candidate is not None:
                evidence.append(_evidence(selection))
                right.append(float(selection.label in vote.right))
                fold.append(k)
    return np.array(evidence).reshape(-1, 2), np.array(right), np.array(fold)


def cross_validate(
    votes: Sequence[LabelledVote], *, seed: int | None = None
) -> list[tuple[Selection, float]]:
    """Vote and confidence on each problem, by a calibration fitted on other problems only.

    What a calibration is worth on problems it has not seen, in the order of ``votes``.

    Args:
        votes: The problems.
        seed: Deals them out to the folds at random; ``None`` deals them out in turn.

    Raises:
        InputError: There are too few problems or groups, as for :func:`calibrate`.
    """
    found: dict[int, tuple[Selection, float]] = {}
    for held in fold_places(votes, seed):
        apart = frozenset(held)
        rest = [vote for i, vote in enumerate(votes) if i not in apart]
        calibration = _fit(rest)
        for i in held:
            vote = votes[i]
            selection = calibration.selector.select(vote.candidates, vote.labels)
            found[i] = selection, calibration.confidence(selection)
    return [found[i] for i in range(len(votes))]


def _selector(names: Sequence[str], theta: Array) -> VerifierWeighted:
    import numpy as np

    return VerifierWeighted(dict(zip(names, np.exp(theta).round(6).tolist(), strict=True)))


@dataclass(frozen=True, slots=True)
class _Design:
    """Candidates of several problems, stacked.

    Attributes:
        states: Which check states each candidate has; candidates × states.
        right: Which candidates are right.
        first: Row of each problem's first candidate.
    """

    states: Array
    right: Marks
    first: Numbers

    @classmethod
    def of(cls, votes: Sequence[LabelledVote], names: Sequence[str]) -> _Design:
        """Stack the problems that can teach: those with right and wrong candidates."""
        import numpy as np

        column = {name: j for j, name in enumerate(names)}
        rows: list[Array] = []
        right: list[bool] = []
        first: list[int] = []
        for vote in votes:
            marks = [label in vote.right for label in vote.labels]
            if any(marks) and not all(marks):
                first.append(len(rows))
                right += marks
                for candidate in vote.candidates:
                    row = np.zeros(len(names))
                    row[[column[name] for name in features(candidate)]] = 1.0
                    rows.append(row)
        states = np.array(rows).reshape(len(rows), len(names))
        return cls(states, np.array(right, dtype=bool), np.array(first, dtype=np.intp))

    def log_share(self, theta: Array) -> tuple[float, Array]:
        """Log of the right candidates' share of the weight, summed over problems; its gradient."""
        import numpy as np

        if not len(self.first):
            return 0.0, np.zeros_like(theta)
        # Weights are products of a few factors, so their exponentials neither overflow nor vanish.
        weights = np.exp(self.states @ theta)
        right = weights * self.right
        total, total_right = (np.add.reduceat(w, self.first) for w in (weights, right))
        sizes = np.diff(np.append(self.first, len(weights)))
        pull = right / np.repeat(total_right, sizes) - weights / np.repeat(total, sizes)
        return float(np.log(total_right / total).sum()), pull @ self.states


def _fit_factors(design: _Design, names: Sequence[str], penalty: float) -> Array:
    """Logs of the factors: the ridge-penalised maximum of :meth:`_Design.log_share`."""
    import numpy as np
    from scipy.optimize import minimize

    cautious = np.log([CAUTIOUS_FACTORS.get(name, 1.0) for name in names])

    def loss(theta: Array) -> tuple[float, Array]:
        gain, gradient = design.log_share(theta)
        away = theta - cautious
        return penalty * float(away @ away) - gain, 2 * penalty * away - gradient

    return minimize(loss, cautious, jac=True, method="L-BFGS-B").x if names else cautious


def save_calibration(calibration: Calibration, folder: Path) -> Path:
    """Write a calibration under its model and task; returns the file.

    Raises:
        InputError: It cannot be written there.
    """
    path = _path(folder, calibration.model, calibration.task)
    text = json.dumps(asdict(calibration), indent=2, sort_keys=True) + "\n"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, text)
    except OSError as error:
        raise InputError(
            f"the calibration cannot be kept in {folder}: {error.strerror}",
            hint="Name a folder that you may write to in the environment variable NEUROSYM_CACHE.",
        ) from error
    return path


def load_calibration(model: str, task: str, folder: Path) -> Calibration:
    """The calibration kept for a model and task, or the cautious default where there is none.

    One of an older version is left as it is and not used, which is warned of.

    Raises:
        InputError: The file is damaged.
    """
    path = _path(folder, model, task)
    try:
        if not path.exists():
            return Calibration(model=model, task=task)
        data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if "plan" not in data:
            _LOG.warning("%s is of an older version and not used; fit it again", path)
            return Calibration(model=model, task=task)
        curve, outlook, plan = data.pop("curve"), data.pop("outlook"), data.pop("plan")
        return Calibration(
            **data,
            curve=None if curve is None else Curve.from_json(curve),
            outlook=None if outlook is None else Outlook.from_json(outlook),
            plan=None if plan is None else Plan.from_json(plan),
        )
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise InputError(
            f"the calibration file {path} cannot be read: {error}",
            hint="Delete it, or fit it again with 'neurosym calibrate'.",
        ) from error


def _path(folder: Path, model: str, task: str) -> Path:
    name = f"{model}.{task}"
    safe = "".join(c if c.isalnum() or c in "._-" else "_" for c in name)
    if safe != name or len(safe.encode()) > _LONGEST_NAME:
        # Names that are told apart stay apart, and as short as file systems want them.
        safe = f"{safe[:40]}-{hashlib.sha256(name.encode()).hexdigest()[:16]}"
    return folder / f"{safe}.json"


_LONGEST_NAME = 120
