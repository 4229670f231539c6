"""Pictures of ways to select: what samples buy, and where sampling until acceptance ends."""

from __future__ import annotations

import html
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from neurosym.selection.named import Select

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["draw_selection", "pareto_front"]

_COLOURS = ("#3d62a0", "#8a94a3", "#c4582a", "#5b9a6b", "#9a6bb0", "#b08a2e", "#2e8fb0", "#444444")
_GREY = "#8a94a3"

Point = tuple[float, float]


def pareto_front(points: Sequence[Point]) -> list[Point]:
    """The points that no other one is better than at no greater cost, by their cost.

    Args:
        points: Cost and accuracy of each.
    """
    front: list[Point] = []
    for cost, accuracy in sorted(points, key=lambda point: (point[0], -point[1])):
        if not front or accuracy > front[-1][1]:
            front.append((cost, accuracy))
    return front


def draw_selection(data: Mapping[str, Any], out: Path) -> None:
    """Draw accuracy against cost with the Pareto front, and resampling as predicted and seen.

    Args:
        data: What the benchmark of selection wrote.
        out: The picture; with the suffix ``.html`` a page that holds it and its figures.
    """
    from matplotlib import use

    use("Agg")
    from matplotlib import pyplot
    from matplotlib.ticker import PercentFormatter

    with pyplot.rc_context({"font.size": 9, "svg.hashsalt": "neurosym", "svg.fonttype": "none"}):
        figure, (left, right) = pyplot.subplots(1, 2, figsize=(9.6, 4), layout="constrained")
        _draw_costs(left, data)
        _draw_resampling(right, data["resampling"])
        handles, labels = left.get_legend_handles_labels()
        figure.legend(handles, labels, frameon=False, fontsize=7, loc="outside lower left", ncols=5)
        for axes in (left, right):
            axes.yaxis.set_major_formatter(PercentFormatter(1))
            axes.spines[["top", "right"]].set_visible(False)
        if out.suffix == ".html":
            out.write_text(_page(data, figure), encoding="utf-8")
        else:
            figure.savefig(out, metadata={"Date": None} if out.suffix == ".svg" else None)
        pyplot.close(figure)


def _cost_of(data: Mapping[str, Any]) -> str:
    """Tokens where the recordings tell them, and samples where they do not."""
    first = next(iter(data["by samples"].values()))
    return "tokens" if first[-1]["tokens"] else "samples"


def _points(data: Mapping[str, Any]) -> tuple[dict[str, list[Point]], dict[str, list[Point]]]:
    """Cost and accuracy of each way, at each number of samples, and where it stops early."""
    cost = _cost_of(data)
    return tuple(  # type: ignore[return-value]
        {
            name: [(point[cost], point["accuracy"]) for point in points]
            for name, points in data[part].items()
            if name != Select.SOUND  # which abstains on purpose, and is on the right
        }
        for part in ("by samples", "adaptive")
    )


def _draw_costs(axes: Axes, data: Mapping[str, Any]) -> None:
    fixed, adaptive = _points(data)
    colours = dict(zip(fixed, _COLOURS, strict=False))
    for name, points in fixed.items():
        axes.plot(*zip(*points, strict=True), color=colours[name], marker="o", ms=2.5, lw=1,
                  label=name)  # fmt: skip
    for name, points in adaptive.items():
        costs, right = zip(*points, strict=True)
        axes.scatter(costs, right, color=colours[name], marker="^", s=22, label=f"{name}, adaptive")
    every = [point for points in (*fixed.values(), *adaptive.values()) for point in points]
    front = pareto_front(every)
    axes.step(*zip(*front, strict=True), where="post", color="black", ls=":", lw=1,
              label="Pareto front")  # fmt: skip
    axes.set(xlabel=f"{_cost_of(data)} of a problem", ylabel="right")


def _draw_resampling(axes: Axes, data: Mapping[str, Any]) -> None:
    for end, colour in (("right", _COLOURS[0]), ("wrong", _COLOURS[2])):
        axes.plot(data["seen"][end], color=colour, marker="o", ms=2.5, lw=1, label=f"{end}, seen")
        axes.plot(data["predicted"][end], color=colour, ls="--", lw=1, label=f"{end}, predicted")
    axes.axhline(data["ceiling"], color=_GREY, ls=":", lw=1, label="ceiling, right")
    axes.set(xlabel="samples, until one is accepted", ylabel="problems that end so", ylim=(0, 1))
    axes.legend(frameon=False, fontsize=7, loc="upper left")


def _page(data: Mapping[str, Any], figure: Figure) -> str:
    """The picture with the figures that it draws, in one file without anything from elsewhere."""
    drawn = io.StringIO()
    figure.savefig(drawn, format="svg", metadata={"Date": None})
    fixed, adaptive = _points(data)
    costs = [cost for cost, _ in next(iter(fixed.values()))]
    rows = [
        (name, *(f"{accuracy:.1%}" for _, accuracy in points)) for name, points in fixed.items()
    ]
    early = [
        (name, *(f"{accuracy:.1%} at {cost:.3g}" for cost, accuracy in points))
        for name, points in adaptive.items()
    ]
    stops = [f"stop at {point['stop']}" for point in next(iter(data["adaptive"].values()))]
    title = f"Ways to select: {data.get('data', '')}"
    svg = drawn.getvalue()
    return "\n".join(
        [
            "<!doctype html>",
            f'<meta charset="utf-8"><title>{html.escape(title)}</title>',
            "<style>body{font:14px sans-serif;margin:2em}td,th{padding:2px 8px;text-align:right}"
            "td:first-child,th:first-child{text-align:left}</style>",
            f"<h1>{html.escape(title)}</h1>",
            svg[svg.index("<svg") :],
            _table(["", *(f"{cost:.3g}" for cost in costs)], rows),
            _table(["adaptive", *stops], early),
        ]
    )


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    def line(cells: Sequence[str], kind: str) -> str:
        inside = "".join(f"<{kind}>{html.escape(cell)}</{kind}>" for cell in cells)
        return f"<tr>{inside}</tr>"

    return "\n".join(["<table>", line(heads, "th"), *(line(row, "td") for row in rows), "</table>"])
