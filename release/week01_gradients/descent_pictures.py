"""Draw descents on functions of one or two numbers. Each function returns a figure and its alt text."""

from __future__ import annotations

import numpy as np
from descent_experiments import (
    BETTER,
    HILL,
    LOWEST,
    WORSE,
    double_valley,
    ravine_walk,
    slope_errors,
    steps_to_arrive,
    valley_ends,
)
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from pictures import MARKERS, PALETTE, label, stage

from utils import quadratic, ravine

LINES = ("-", "--", ":", "-.")
MINUS = str.maketrans("-", "−")
VALLEY_RATES = (0.05, 0.1, 0.12, 0.135, 0.14)


def slope_picture(places: tuple[float, ...] = (-5, -3, -1.5, 0, 2)) -> tuple[Figure, str]:
    """Draw x² + 3x with a piece of its tangent, and the slope, at each place."""
    figure, (ax,) = stage(1, 3.6)
    line = np.linspace(-5.6, 2.6, 100)
    ax.plot(line, quadratic(line), color=PALETTE[0])
    told = []
    for x in places:
        slope, beside = 2 * x + 3, np.array([-0.55, 0.55])
        ax.plot(x + beside, quadratic(x) + slope * beside, color=PALETTE[1], lw=2)
        ax.plot(x, quadratic(x), "o", color=PALETTE[1])
        ax.text(x, -5.2, f"{slope:g}".translate(MINUS), ha="center")
        told.append(f"at x = {x:g} the height is {quadratic(x):g} and the slope {slope:g}")
    ax.text(-5.7, -5.2, "slope", ha="right")
    ax.set(xlim=(-6.9, 2.9), ylim=(-6.5, 14))
    label(ax, "x² + 3x, and its slope at five places", "x", "height")
    return figure, f"The parabola x² + 3x with five tangents: {'; '.join(told)}.".translate(MINUS)


def two_rates_picture(rates: tuple[float, float] = (0.1, 0.9), shown: int = 8) -> tuple[Figure, str]:
    """Draw the first steps of two rates on x² + 3x, from x = 2."""
    figure, axes = stage(2, 3.4)
    line, told = np.linspace(-5.3, 2.3, 100), []
    for i, (ax, rate, taken) in enumerate(zip(axes, rates, steps_to_arrive(rates), strict=True)):
        x = LOWEST + 3.5 * (1 - 2 * rate) ** np.arange(shown + 1)
        ax.plot(line, quadratic(line), color="grey", lw=1)
        ax.plot(x, quadratic(x), MARKERS[i], ls=LINES[i], color=PALETTE[i], lw=1)
        label(ax, f"Rate {rate:g}: arrived after {taken} steps", "x", "height")
        places = ", ".join(f"{place:.2f}" for place in x[:6])
        told.append(f"rate {rate:g}: {places}, …; arrived after {taken} steps")
    return figure, f"Steps on x² + 3x from 2: {'; '.join(told)}.".translate(MINUS)


def ravine_picture(rates: tuple[float, ...] = (0.02, 0.09, 0.1), steps: int = 25) -> tuple[Figure, str]:
    """Draw walks of several rates on x² + 10y², seen from above."""
    figure, axes = stage(len(rates), 3.5)
    x, y = np.meshgrid(np.linspace(-1.5, 5.5, 60), np.linspace(-2.3, 2.3, 60))
    told = []
    for i, (ax, rate) in enumerate(zip(axes, rates, strict=True)):
        walk = ravine_walk(rate, steps)
        ax.contour(x, y, ravine(x, y), levels=(0.5, 2, 6, 14, 28, 46), colors="lightgrey")
        ax.plot(*walk.T, MARKERS[i], ls="-", color=PALETTE[i], lw=1, ms=4)
        ax.plot(0, 0, "X", color="black")
        ax.set_yticks((-2, 0, 2))
        label(ax, f"Rate {rate:g}", "x", "y" if i == 0 else "")
        places = ", ".join(f"({a:.2f}, {b:.2f})" for a, b in walk[:4])
        end = f"({walk[-1, 0]:.2g}, {walk[-1, 1]:.2g})"
        told.append(f"rate {rate:g}: {places}, …, after {steps} steps {end}")
    return (
        figure,
        f"Walks on x² + 10y² from (5, 2); the cross marks the minimum. {'; '.join(told)}.".translate(MINUS),
    )


def v_curve_picture() -> tuple[Figure, str]:
    """Draw how wrong a slope found by trying is, over the size of the try."""
    eps = 10.0 ** -np.arange(0, 17)
    one, two = slope_errors(eps)
    _, rough = slope_errors(eps[:8], np.float32)
    figure, (ax,) = stage(1, 3.6)
    curves = {"one-sided": (eps, one), "two-sided": (eps, two), "two-sided, float32": (eps[:8], rough)}
    told = []
    for i, (name, (tries, errors)) in enumerate(curves.items()):
        ax.plot(tries, errors, MARKERS[i], ls=LINES[i], color=PALETTE[i], ms=5, label=name)
        best = int(np.argmin(errors))
        ends = f"{errors[0]:.2g} at 1, {errors[-1]:.2g} at {tries[-1]:.0e}"
        told.append(f"{name}: {ends}, smallest {errors[best]:.1g} at {tries[best]:.0e}")
    ax.set(xscale="log", yscale="log", xticks=[1e-16, 1e-12, 1e-8, 1e-4, 1])
    label(ax, "The slope of eˣ at 1, found by trying", "ε (powers of ten)", "relative error")
    return figure, f"The slope of eˣ at 1, found by trying: relative error over ε. {'; '.join(told)}."


def valleys_picture(n_starts: int = 41) -> tuple[Figure, str]:
    """Draw x⁴ − 3x² + x, and for several rates in which valley each start ends."""
    figure, (left, right) = stage(2, 3.8)
    line = np.linspace(-2, 2, 100)
    left.plot(line, double_valley(line), color=PALETTE[0])
    for x, name, up in ((BETTER, "better", 1.0), (HILL, "hill", 0.9), (WORSE, "worse", -1.6)):
        left.plot(x, double_valley(x), "o", color="black")
        left.text(x, double_valley(x) + up, name, ha="center")
    left.set_ylim(-4.5, 4.5)
    label(left, "x⁴ − 3x² + x", "x", "height")
    dotted, counted = (valley_ends(np.linspace(-2, 2, n), VALLEY_RATES) for n in (n_starts, 401))
    told = []
    for row, rate in enumerate(VALLEY_RATES):
        _dots(right, np.linspace(-2, 2, n_starts), dotted[row], row)
        share, worse = (100 * np.mean(_is_at(counted[row], x)) for x in (BETTER, WORSE))
        never = 100 * np.mean(~(_is_at(counted[row], BETTER) | _is_at(counted[row], WORSE)))
        told.append(f"rate {rate:g}: better {share:.0f} %, worse {worse:.0f} %, neither {never:.0f} %")
    right.axvline(HILL, color="black", ls=":")
    right.set(yticks=range(len(VALLEY_RATES)), yticklabels=[f"{rate:g}" for rate in VALLEY_RATES])
    label(right, "Where each start ends", "start", "rate")
    right.get_legend().remove()
    figure.legend(*right.get_legend_handles_labels(), loc="outside lower center", fontsize="small", ncols=3)
    heights = (
        f"heights {double_valley(BETTER):.2f} at {BETTER:.2f} and {double_valley(WORSE):.2f} at {WORSE:.2f}"
    )
    return (
        figure,
        f"Two valleys, {heights}, with a hill at {HILL:.2f}. Of 401 starts: {'; '.join(told)}.".translate(
            MINUS
        ),
    )


def _is_at(ends: np.ndarray, minimum: float) -> np.ndarray:
    return np.abs(ends - minimum) < 0.01


def _dots(ax: Axes, starts: np.ndarray, ends: np.ndarray, row: int) -> None:
    """Draw one row of starts, each with the mark of the valley in which it ended."""
    in_better, in_worse = _is_at(ends, BETTER), _is_at(ends, WORSE)
    kinds = {"better valley": in_better, "worse valley": in_worse, "settles nowhere": ~(in_better | in_worse)}
    for i, (name, there) in enumerate(kinds.items()):
        look = {"color": PALETTE[i], "ms": 5 if i < 2 else 3, "ls": ""}
        ax.plot(
            starts[there],
            np.full(there.sum(), row),
            ("o", "s", "x")[i],
            label=name if row == 0 else None,
            **look,
        )
