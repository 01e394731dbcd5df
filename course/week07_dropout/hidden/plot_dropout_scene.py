"""The scenario for plot_dropout: what is drawn is read from the Axes, beside the student's code."""

from __future__ import annotations

import math
import statistics
from functools import lru_cache
from typing import Any

from checking import expect

from autograder.checks.framework import Student
from autograder.checks.inputs import drawn, shuffled

NAME = "plot_dropout"
Results = dict[float, list[float]]

SCENARIO = """
import gc as _gc
import matplotlib.pyplot as _plt
from matplotlib.collections import LineCollection as _Segments, PathCollection as _Dots

def _pairs(x, y):
    return [[float(a), float(b)] for a, b in zip(x, y) if a == a and b == b]

def _is_bar(pairs):
    return len(pairs) == 2 and pairs[0][0] == pairs[1][0] and pairs[0][1] != pairs[1][1]

def _is_seen(artist):
    return artist.get_visible() and artist.get_alpha() != 0

def _lines(ax):
    for line in filter(_is_seen, ax.get_lines()):  # without caps and lines across the whole axes
        if line.get_marker() not in ("_", "|") and line.get_transform().contains_branch(ax.transData):
            if "Blended" not in type(line.get_transform()).__name__:
                yield line, _pairs(*line.get_data(orig=False))

def _labels_lie(ax):
    said = ax.xaxis.get_major_formatter()
    if type(said).__name__ not in ("FuncFormatter", "FixedFormatter"):
        return False
    for place, tick in enumerate(ax.get_xticks()):
        try:
            told = float(str(said(tick, place)))
        except ValueError:  # words, and percents with their sign
            continue
        if min(abs(told - tick), abs(told - 100 * tick)) > 0.06:
            return True
    return False

def _read(ax):
    points, joined, bars, bands, lying = [], [], [], 0, 0
    for line, pairs in _lines(ax):
        if _is_bar(pairs):
            bars.append(pairs)
        else:
            points.append(pairs)
            if line.get_linestyle() not in ("None", "", " ", "none") and len(pairs) > 1:
                joined.append([a for a, _ in pairs])
    for drawn in filter(_is_seen, ax.collections):
        if isinstance(drawn, _Segments):
            segments = [_pairs(*s.T) for s in drawn.get_segments() if len(s)]
            bars += [s for s in segments if _is_bar(s)]
            lying += sum(len(s) == 2 and not _is_bar(s) for s in segments)
        elif isinstance(drawn, _Dots):
            points.append(_pairs(*drawn.get_offsets().T))
        else:
            bands += 1
    columns = [patch for patch in filter(_is_seen, ax.patches) if hasattr(patch, "get_x")]
    tops = [[c.get_x() + c.get_width() / 2, c.get_y() + c.get_height()] for c in columns]
    figure = ax.figure
    twins = [other for other in figure.axes if other.bbox.bounds == ax.bbox.bounds]
    labels = [[twin.get_xlabel() for twin in twins] + [figure.get_supxlabel()],
              [twin.get_ylabel() for twin in twins] + [figure.get_supylabel()]]
    return {"points": [p for p in [*points, tops] if p], "joined": joined, "bands": bands, "lying": lying,
            "bars": [[b[0][0], min(b[0][1], b[1][1]), max(b[0][1], b[1][1])] for b in bars],
            "scales": [ax.get_xscale(), ax.get_yscale()], "labels": [" ".join(l).strip() for l in labels],
            "lie": _labels_lie(ax), "turned": bool(ax.xaxis_inverted() or ax.yaxis_inverted()),
            "ticks": [float(t) for t in ax.get_xticks()],
            "limits": [*map(float, ax.get_xlim() + ax.get_ylim())]}

_before = set(_plt.get_fignums())
_kept = {p: list(values) for p, values in _results.items()}
_gc.disable()  # figures hold themselves in thousands of rings: to look for those costs more than to draw
try:
    _made = [plot_dropout(_results) for _ in range(2 if _again else 1)]
    _kinds = [type(made).__name__ if not isinstance(made, _plt.Axes) else "Axes" for made in _made]
    _seen = [_read(made) if kind == "Axes" else None for made, kind in zip(_made, _kinds)]
    _new = len({id(getattr(made, "figure", made)) for made in _made}) == len(_made)
finally:
    _gc.enable()
    for _number in set(_plt.get_fignums()) - _before:
        _plt.close(_number)
[_kinds, _seen, _new, list(_results.items()) == list(_kept.items())]
"""
DRAW = "ax.errorbar(x, y, yerr=…), with y the means and yerr the standard deviations over the seeds"


def drawn_results(student: Student, ordered: bool = True, least: float = 0.0) -> Results:
    """Return accuracies of some seeds for a least rate and some larger ones, whose spreads differ."""
    inner = sorted(shuffled(student, [0.1, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.7])[:2])
    rates, seeds = [least, *inner, 0.9], (3, 5, 6)[drawn(student, 0, 2)]
    if not ordered:
        rates = [0.9, *inner[::-1], least] if drawn(student, 0, 1) else [inner[1], 0.9, least, inner[0]]
    return {p: _accuracies(student, p, seeds) for p in rates}


def _accuracies(student: Student, p: float, seeds: int) -> list[float]:
    """Return one accuracy for each seed: three decimals, no two alike, no median that is the mean."""
    center = 0.55 + drawn(student, 0, 100) / 1000 + 0.2 * (p != 0.9)
    steps = [3, -8, 17, -29, 44, -61][:seeds]
    return [
        round(center + step * (1 + drawn(student, 0, 3) / 10) / 1000, 3) for step in shuffled(student, steps)
    ]


def words(results: Results) -> str:
    """Return the call in words."""
    inside = ", ".join(
        f"{p:g}: {values}" if i == 0 else f"{p:g}: […]" for i, (p, values) in enumerate(results.items())
    )
    return f"{NAME}({{{inside}}})"


def came(student: Student, results: Results, again: bool = False) -> dict[str, Any]:
    """Return what was drawn at the last call. Raises Mismatch unless an Axes came back."""
    getattr(student, NAME)  # a name that is missing is told as such
    answer = student.run(SCENARIO, _results=results, _again=again)
    good = isinstance(answer, list) and len(answer) == 4 and isinstance(answer[0], list)
    student.note(symptoms(answer, results) if good else "no answer")
    kind = answer[0][-1] if good else "nothing"
    hint = "the last line should be return ax, the Axes that plt.subplots() made"
    hint = (
        "return the Axes and not the figure: figure, ax = plt.subplots() gives both"
        if kind == "Figure"
        else hint
    )
    expect(kind == "Axes", call=words(results), got=f"a {kind}", expected="an Axes", hint=hint)
    return {**answer[1][-1], "new": answer[2], "unchanged": answer[3], "first": answer[1][0]}


def wanted(results: Results) -> list[list[float]]:
    """Return p, mean and the two standard deviations (n − 1, n) for each p, in rising order."""
    return [list(row) for row in _wanted(tuple((p, tuple(results[p])) for p in sorted(results)))]


@lru_cache(maxsize=512)
def _wanted(pairs: tuple[tuple[float, tuple[float, ...]], ...]) -> tuple[tuple[float, ...], ...]:
    ways = statistics.fmean, statistics.stdev, statistics.pstdev
    return tuple((p, *(way(values) for way in ways)) for p, values in pairs)


def near(a: float, b: float) -> bool:
    """Return whether two numbers are alike, as far as a plot can tell."""
    return math.isclose(a, b, rel_tol=1e-6, abs_tol=1e-6)


def has_point(seen: dict[str, Any], x: float, y: float) -> bool:
    """Return whether a point stands at (x, y), by itself or as the middle of an error bar."""
    points = [point for series in seen["points"] for point in series]
    points += [[at, (low + high) / 2] for at, low, high in seen["bars"]]
    return any(near(x, a) and near(y, b) for a, b in points)


def places_of(seen: dict[str, Any]) -> int:
    """Return at how many places, along the x axis, something is drawn."""
    points = [point[0] for series in seen["points"] for point in series]
    return len({round(x, 6) for x in [*points, *(at for at, *_ in seen["bars"])]})


def series_of(seen: dict[str, Any], size: int) -> list[list[float]]:
    """Return the drawn points to show: a series of this size if there is one, or single points together."""
    fitting = [series for series in seen["points"] if len(series) == size]
    single = [series[0] for series in seen["points"] if len(series) == 1]
    middles = [[at, (low + high) / 2] for at, low, high in seen["bars"]]
    longest = max(seen["points"], key=len, default=[])
    return (
        fitting[0]
        if fitting
        else single
        if len(single) == size
        else middles
        if len(middles) == size
        else longest
    )


def kind_of_bars(seen: dict[str, Any], results: Results) -> str:
    """Return what the error bars stand for, or what is there instead."""
    want, bars = wanted(results), sorted(seen["bars"])
    if len(bars) != len(want):
        more = ", a band" if seen["bands"] else ", lying ones" if seen["lying"] else ""
        return f"{'fewer or more' if bars else 'no'} bars{more}"
    halves = [(high - low) / 2 for _, low, high in bars]
    seeds = len(next(iter(results.values())))
    meanings = {"n - 1": [sd for _, _, sd, _ in want], "n": [sd for *_, sd in want]}
    meanings["standard error"] = [sd / seeds**0.5 for sd in meanings["n - 1"]]
    meanings["standard error, n"] = [sd / seeds**0.5 for sd in meanings["n"]]
    meanings["variance"] = [sd**2 for sd in meanings["n - 1"]]
    meanings["variance, n"] = [sd**2 for sd in meanings["n"]]
    for factor in (2, 1.96, 0.5):
        meanings[f"{factor} times"] = [factor * sd for sd in meanings["n - 1"]]
        meanings[f"{factor} times, n"] = [factor * sd for sd in meanings["n"]]
    meanings["half the range"] = [(max(results[p]) - min(results[p])) / 2 for p in sorted(results)]
    meanings["range"] = [2 * half for half in meanings["half the range"]]
    found = (name for name, sizes in meanings.items() if all(map(near, sizes, halves)))
    alike = "all alike" if all(near(half, halves[0]) for half in halves) else "other bars"
    return next(found, alike)


def symptoms(answer: list[Any], results: Results) -> list[Any]:
    """Return what is to be seen of a plot whatever the draw: by this known mistakes are told apart."""
    kinds, all_seen, new, unchanged = answer
    if kinds[-1] != "Axes" or not isinstance(all_seen[-1], dict):
        return [kinds]
    seen, want = all_seen[-1], wanted(results)
    at_p = all(has_point(seen, p, mean) for p, mean, *_ in want)
    places = all(has_point(seen, place, mean) for place, (_, mean, *_) in enumerate(want))
    means = {p: mean for p, mean, *_ in want}
    unsorted = all(has_point(seen, place, means[p]) for place, p in enumerate(results))
    points = "means" if at_p else "places" if places or unsorted else _other_points(seen, want, results)
    rising = all(xs == sorted(xs) for xs in seen["joined"])
    ticks = all(any(near(p, tick) for tick in seen["ticks"]) for p in results)
    named = [bool(name) for name in seen["labels"]]
    flags = [
        rising,
        ticks,
        named,
        seen["scales"],
        in_view(seen, results),
        new,
        unchanged,
        len(seen["joined"]) > 0,
        seen["turned"],
        seen["lie"],
    ]
    bars = kind_of_bars(seen, results)  # n and n - 1 are both right, and tell no mistakes apart
    return [points, "n" if bars == "n - 1" else bars.removesuffix(", n"), *flags]


def _other_points(seen: dict[str, Any], want: list[list[float]], results: Results) -> str:
    ways = {
        "medians": statistics.median,
        "first": lambda v: v[0],
        "best": max,
        "sums": sum,
    }
    ways |= {
        "last": lambda values: values[-1],
        "percents": lambda values: 100 * statistics.fmean(values),
        "worst": min,
    }
    for name, way in ways.items():
        if all(has_point(seen, p, way(results[p])) for p in results):
            return (
                f"all seeds, {len(seen['points'])}" if name == "first" and _all_there(seen, results) else name
            )
    turned = all(has_point(seen, mean, p) for p, mean, *_ in want)
    pairs = zip(sorted(results), results.values(), strict=True)
    exchanged = all(has_point(seen, p, statistics.fmean(values)) for p, values in pairs)
    return "turned" if turned else "exchanged" if exchanged else "nothing" if not seen["points"] else "others"


def _all_there(seen: dict[str, Any], results: Results) -> bool:
    return all(has_point(seen, p, value) for p, values in results.items() for value in values)


def in_view(seen: dict[str, Any], results: Results) -> bool:
    """Return whether all means that are drawn lie within the limits of the axes."""
    left, right, bottom, top = seen["limits"]
    xs, ys = sorted((left, right)), sorted((bottom, top))
    drawn_means = [(p, mean) for p, mean, *_ in wanted(results) if has_point(seen, p, mean)]
    return all(xs[0] <= p <= xs[1] and ys[0] <= mean <= ys[1] for p, mean in drawn_means)
