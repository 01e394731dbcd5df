"""The visible check of plot_dropout: what was drawn is read from the Axes."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import fmean, pstdev, stdev
from typing import Any

import matplotlib.pyplot as plt
from checking import all_good, expect, kind_of
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PathCollection
from tutor import visible

Point = tuple[float, float]
Bar = tuple[float, float, float]  # x, lower end, upper end
Results = dict[float, list[float]]

ORDERED = {0.0: [0.87, 0.88, 0.86], 0.25: [0.91, 0.88, 0.9], 0.5: [0.93, 0.91, 0.95], 0.9: [0.36, 0.42, 0.48]}
MIXED = {0.9: [0.38, 0.41, 0.47], 0.0: [0.86, 0.89, 0.87], 0.4: [0.92, 0.91, 0.9]}
DRAW = (
    "ax.errorbar(x, y, yerr=…): x the values of p, y the means, yerr the standard deviations over the seeds"
)


@dataclass
class Seen:
    """Hold what stands in an Axes: points by series, vertical bars, and the x values of joined points."""

    series: list[list[Point]] = field(default_factory=list)
    bars: list[Bar] = field(default_factory=list)
    joined: list[list[float]] = field(default_factory=list)


@visible
def check_plot_dropout(plot_dropout: Callable[..., Any]) -> None:
    """Draw two dicts, the second in another order, and read what came out. Closes both figures."""
    before = set(plt.get_fignums())
    try:
        first = _drawn(plot_dropout, ORDERED)
        second = _drawn(plot_dropout, MIXED)
        hint = "begin with figure, ax = plt.subplots(): each call draws into a figure of its own"
        new, call = first.figure is not second.figure, "plot_dropout, called twice"
        expect(new, call=call, got="the same figure", expected="two figures", hint=hint)
    finally:
        for number in set(plt.get_fignums()) - before:
            plt.close(number)
    all_good("plot_dropout")


def _drawn(plot_dropout: Callable[..., Any], results: Results) -> Axes:
    """Return the Axes of these results. Raises Mismatch for the first thing that is not as it should be."""
    given, call = {p: list(values) for p, values in results.items()}, f"plot_dropout({results})"
    ax = plot_dropout(given)
    figure = "return ax, not the figure: figure, ax = plt.subplots() gives both"
    hint = figure if kind_of(ax) == "Figure" else "the last line is return ax, as plt.subplots() made it"
    expect(isinstance(ax, Axes), call=call, got=f"a {kind_of(ax)}", expected="an Axes", hint=hint)
    hint = "only read results: no pop() and no sort() in it"
    expect(given == results and list(given) == list(results), call=f"results after {call}", got=given,
           expected="as it was", hint=hint)  # fmt: skip
    seen = _read(ax)
    _expect_points(seen, results, call)
    _expect_bars(seen, results, call)
    _expect_axes(ax, results, call)
    return ax


def _read(ax: Axes) -> Seen:
    """Return what stands in an Axes, whether errorbar, plot, scatter, vlines or bar has drawn it."""
    seen = Seen()
    for line in filter(_is_seen, ax.get_lines()):
        across = "Blended" in type(line.get_transform()).__name__  # axhline and axvline
        if across or line.get_marker() in ("_", "|"):  # caps
            continue
        points = [(float(x), float(y)) for x, y in zip(*line.get_data(orig=False), strict=True)]
        if len(points) == 2 and points[0][0] == points[1][0]:
            seen.bars.append(_bar(points))
            continue
        seen.series.append(points)
        if line.get_linestyle() not in ("None", "none", "", " "):
            seen.joined.append([x for x, _ in points])
    for drawn in filter(_is_seen, ax.collections):
        if isinstance(drawn, LineCollection):
            ends = [[(float(x), float(y)) for x, y in segment] for segment in drawn.get_segments()]
            seen.bars += [_bar(pair) for pair in ends if len(pair) == 2 and pair[0][0] == pair[1][0]]
        elif isinstance(drawn, PathCollection):
            seen.series.append([(float(x), float(y)) for x, y in drawn.get_offsets()])
    columns = [patch for patch in ax.patches if hasattr(patch, "get_x")]
    seen.series.append([(c.get_x() + c.get_width() / 2, c.get_y() + c.get_height()) for c in columns])
    return seen


def _is_seen(artist: Any) -> bool:
    return bool(artist.get_visible() and artist.get_alpha() != 0)


def _bar(ends: list[Point]) -> Bar:
    return ends[0][0], min(ends[0][1], ends[1][1]), max(ends[0][1], ends[1][1])


def _near(a: tuple[float, ...], b: tuple[float, ...]) -> bool:
    return all(math.isclose(x, y, rel_tol=1e-6, abs_tol=1e-6) for x, y in zip(a, b, strict=True))


def _rounded(pairs: list[Any]) -> list[list[float]]:
    return [[round(value, 4) for value in pair] for pair in pairs]


def _expect_points(seen: Seen, results: Results, call: str) -> None:
    """Raise Mismatch unless every mean stands at its p, and a line that joins them goes to the right."""
    want = [(p, fmean(results[p])) for p in sorted(results)]
    there = [point for series in seen.series for point in series]
    middles = [(x, (low + high) / 2) for x, low, high in seen.bars]
    right = all(any(_near(point, other) for other in there + middles) for point in want)
    fitting = [series for series in [*seen.series, middles] if len(series) == len(want)]
    got = _rounded(fitting[0] if fitting else there[:8])
    places = all(any(_near((i, y), other) for other in there) for i, (_, y) in enumerate(want))
    hint = (
        "the points stand at 0, 1, 2, …: hand the numbers p themselves to errorbar, as x" if places else DRAW
    )
    call_points = f"the points of {call}"
    expect(right, call=call_points, got=got, expected=str(_rounded(want)), hint=hint)
    rising = all(xs == sorted(xs) for xs in seen.joined)
    hint = "x = sorted(results): the order of the dict makes no difference"
    got = seen.joined[0] if seen.joined else []
    expect(rising, call=f"the line of {call}", got=got, expected="x in rising order", hint=hint)


def _expect_bars(seen: Seen, results: Results, call: str) -> None:
    """Raise Mismatch unless there is one standard deviation up and down of each mean."""
    rates = sorted(results)
    ways = [[(p, fmean(results[p]) - sd(results[p]), fmean(results[p]) + sd(results[p])) for p in rates]
            for sd in (stdev, pstdev)]  # fmt: skip
    right = any(all(any(_near(bar, other) for other in seen.bars) for bar in way) for way in ways)
    got = _rounded([bar[1:] for bar in sorted(seen.bars)]) or "no bars"
    hint = "yerr: one np.std(results[p]) for each p, not divided by √n. " + DRAW
    expected = f"{_rounded([bar[1:] for bar in ways[0]])}, or with n in place of n − 1"
    expect(right, call=f"the ends of the error bars of {call}", got=got, expected=expected, hint=hint)


def _expect_axes(ax: Axes, results: Results, call: str) -> None:
    """Raise Mismatch unless both axes are linear, named and wide enough, with a tick at every p."""
    scales = [ax.get_xscale(), ax.get_yscale()]
    hint = "on a log axis p = 0 vanishes without a word: leave both linear"
    expect(
        scales == ["linear"] * 2,
        call=f"the scales of {call}",
        got=scales,
        expected="two linear ones",
        hint=hint,
    )
    figure = ax.figure
    twins = [other for other in figure.axes if other.bbox.bounds == ax.bbox.bounds] or [ax]
    names = [" ".join([*(twin.get_xlabel() for twin in twins), figure.get_supxlabel()]).strip()]
    names += [" ".join([*(twin.get_ylabel() for twin in twins), figure.get_supylabel()]).strip()]
    hint = "say in words what p and the numbers are: set_xlabel and set_ylabel"
    expect(all(names), call=f"the names of the axes of {call}", got=names, expected="two names", hint=hint)
    ticks = [round(float(tick), 6) for tick in ax.get_xticks()]
    missing = [p for p in results if not any(_near((p,), (tick,)) for tick in ticks)]
    hint = "ax.set_xticks(x), with x the values of p"
    expect(
        not missing,
        call=f"the ticks of {call}",
        got=ticks,
        expected=f"{sorted(results)} among them",
        hint=hint,
    )
    turned, hint = ax.xaxis_inverted() or ax.yaxis_inverted(), "do not invert an axis: p grows to the right"
    expect(not turned, call=f"the axes of {call}", got="turned round", expected="as usual", hint=hint)
    (left, right), (low, high) = sorted(ax.get_xlim()), sorted(ax.get_ylim())
    view = all(left <= p <= right and low <= fmean(values) <= high for p, values in results.items())
    hint = "leave the limits to matplotlib, or make them wider"
    got = _rounded([(left, right), (low, high)])
    expect(view, call=f"the limits of {call}", got=got, expected="every point in view", hint=hint)
