"""Draw what the widgets of week 1 move on: a parabola, maps with height lines, distances over the steps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from descent_paths import SURFACES, Place
from descent_rates import CLOSE_ENOUGH, LOWEST, REPLAYED, parabola
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from pictures import MARKERS, PALETTE, label, moving, stage

PATH = {"color": PALETTE[1], "marker": MARKERS[0], "ms": 4, "lw": 1.5}
EARLIER = {"color": PALETTE[1], "alpha": 0.35, "lw": 1.5}
HERE = {"color": PALETTE[0], "marker": MARKERS[1], "ms": 10, "ls": ""}
START = {"color": "black", "marker": MARKERS[2], "ms": 8, "ls": ""}
GOAL = {"color": PALETTE[2], "marker": MARKERS[6], "ms": 10, "ls": ""}


def two_panels(height: float = 3.7) -> tuple[Figure, list[Axes]]:
    """Return a figure with two panels, and some room between them for the names of the axes."""
    figure, axes = stage(2, height)
    figure.set_layout_engine("constrained", w_pad=0.12)
    return figure, axes


def draw_parabola(ax: Axes) -> None:
    """Draw x² + 3x and its minimum."""
    x = np.linspace(-6.5, 3.5, 201)
    ax.plot(x, parabola(x), color="0.4", lw=2)
    ax.plot([LOWEST], [parabola(LOWEST)], **GOAL, label="minimum")
    ax.set(xlim=(-6.5, 3.5), ylim=(-4, 22))


def draw_surface(ax: Axes, name: str) -> None:
    """Draw the map of a surface with height lines, its minima, and its saddles where it has some."""
    surface = SURFACES[name]
    x, y = (np.linspace(-1.1 * reach, 1.1 * reach, 161) for reach in surface.reach)
    heights = surface.height(*np.meshgrid(x, y))
    levels = np.unique(np.quantile(heights, [0.02, 0.06, 0.14, 0.25, 0.4, 0.58, 0.78, 0.93]))
    ax.contour(x, y, heights, levels=levels, cmap="cividis", vmax=1.6 * levels[-1] - 0.6 * levels[0])
    ax.plot(*zip(*surface.minima, strict=True), **GOAL, label="minimum")
    if surface.passes:
        ax.plot(*zip(*surface.passes, strict=True), "P", color="0.4", ms=9, label="saddle")
    ax.set(xlim=(x[0], x[-1]), ylim=(y[0], y[-1]))


def draw_distance_axis(ax: Axes, ends: tuple[float, float]) -> None:
    """Give a panel the axes of distances over steps, with a line at the distance that counts as arrived."""
    ax.axhline(CLOSE_ENOUGH, color="0.4", ls=":", lw=2, label="0.01 away")
    ax.set(yscale="log", xlim=(-1, REPLAYED + 1), ylim=ends)
    label(ax, "Distance to the minimum", "step", "distance (powers of ten)")


def show_path(line: Any, places: Sequence[Place]) -> None:
    """Let a line run through places."""
    line.set_data(*np.array(places).T)


def name_lines(figure: Figure) -> None:
    """Put one legend for all panels below them."""
    named = {}
    for ax in figure.axes:
        for handle, name in zip(*ax.get_legend_handles_labels(), strict=True):
            named.setdefault(name, handle)
        if ax.get_legend():
            ax.get_legend().remove()
    figure.legend(
        named.values(), named.keys(), loc="outside lower center", fontsize="small", ncols=len(named)
    )


@dataclass(frozen=True)
class Stage:
    """Hold the picture of one surface and the lines that move in it."""

    figure: Figure
    map: Axes
    way: Any
    ends: Any
    start: Any
    curve: Any


def set_stage(name: str) -> Stage:
    """Draw the map of a surface and the axes for f along a path."""
    surface = SURFACES[name]
    figure, (left, right) = two_panels(3.9)
    draw_surface(left, name)
    (way,) = left.plot([], [], **PATH, label="steps")
    (start,) = left.plot([], [], **START, label="start")
    (ends,) = left.plot([], [], **HERE, label="end")
    label(left, f"{name[:1].upper()}{name[1:]}: f = {surface.formula}", "x", "y")
    (curve,) = right.plot([], [], **PATH, markevery=max(1, surface.n_shown // 40))
    right.set(xlim=(-0.02 * surface.n_shown, 1.02 * surface.n_shown), ylim=surface.heights)
    if surface.heights[0] > 0:
        right.set_yscale("log")
    label(right, "f over the steps", "step", "f (powers of ten)" if surface.heights[0] > 0 else "f")
    name_lines(figure)
    moving(way, start, ends, curve)
    return Stage(figure, left, way, ends, start, curve)
