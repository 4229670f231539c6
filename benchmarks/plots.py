"""Pictures of recorded results."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks.accuracy import FITTED

__all__ = ["draw_trust"]

_COLOURS = ("#8a94a3", "#3d62a0", "#c4582a")
_NAMES = {FITTED: "fitted on the other folds"}
_WITHOUT = {"greedy": "greedy, without a vote", "recorded flat vote": "LINC's own vote"}
"""What has no confidence, and is shown as a line to be compared with."""


def draw_trust(data: Mapping[str, Any], out: Path) -> None:
    """Draw what abstaining buys, and how confidence compares with accuracy.

    Left: accuracy over the answers that are left when a share of the problems, the least sure ones,
    gets none. Right: the reliability diagram, its dots as large as the answers are many.

    Args:
        data: What a benchmark of word problems or of LINC's samples wrote.
        out: The picture, of the kind that its suffix names.
    """
    from matplotlib import use

    use("Agg")
    from matplotlib import pyplot

    with pyplot.rc_context({"font.size": 9, "svg.hashsalt": "neurosym", "svg.fonttype": "none"}):
        figure, (left, right) = pyplot.subplots(1, 2, figsize=(8.6, 3.4), layout="constrained")
        for (way, trust), colour in zip(data["confidence"].items(), _COLOURS, strict=False):
            name = _NAMES.get(way, way)
            curve = [(row["coverage"], row[way]) for row in data["abstention"]]
            left.plot(*zip(*curve, strict=True), color=colour, marker="o", ms=3, label=name)
            confidence, accuracy, count = (
                [row[key] for row in trust["reliability"]]
                for key in ("confidence", "accuracy", "count")
            )
            label = f"{name} (Brier {trust['brier']:.3f})"
            right.plot(confidence, accuracy, color=colour, lw=0.8, label=label)
            sizes = [3 * answers for answers in count]
            right.scatter(confidence, accuracy, sizes, color=colour, alpha=0.6)
        for way, name in _WITHOUT.items():
            if way in data["accuracy"]:
                accuracy = data["accuracy"][way]["value"]
                left.axhline(accuracy, color="#8a94a3", ls=":", label=name)
        left.set(xlabel="problems answered", ylabel="of these right", ylim=(0.5, 1.02))
        right.plot([0, 1], [0, 1], color="#8a94a3", ls=":")
        right.set(
            xlabel="confidence",
            ylabel="right",
            xlim=(0, 1),
            ylim=(0, 1.35),
            yticks=[0, 0.2, 0.4, 0.6, 0.8, 1],
        )
        for axes in (left, right):
            axes.xaxis.set_major_formatter("{x:.0%}")
            axes.yaxis.set_major_formatter("{x:.0%}")
            axes.legend(loc="upper left" if axes is right else "lower left", frameon=False)
            axes.spines[["top", "right"]].set_visible(False)
        figure.savefig(out, metadata={"Date": None} if out.suffix == ".svg" else None)
        pyplot.close(figure)
