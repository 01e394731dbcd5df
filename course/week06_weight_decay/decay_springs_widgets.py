"""Let students shrink a diamond (L1) or a circle (L2) around 0, and see which weights reach exactly 0."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from pictures import MARKERS, PALETTE, label, moving
from widget_parts import Score, put_above_picture, two_panels
from widgets import Goal, Interactive, live, menu, slider

SHAPES = ("diamond (L1)", "circle (L2)")
FREE = np.array([1.0, 3.0])  # where the loss is lowest if nothing holds the weights back
CURVATURE = np.array([[1.0, 0.4], [0.4, 1.0]])  # with it, no circle leads a weight to 0 or past it
RADII = np.round(np.arange(0.1, 4.55, 0.1), 1)
START = 3.5
TRIES = 3  # radii at which the circle must be tried
CORNERS = np.array([[1.0, 0.0], [0.0, 1.0], [-1.0, 0.0], [0.0, -1.0], [1.0, 0.0]])
TURN = np.linspace(0, 2 * np.pi, 181)


def loss(weights: np.ndarray) -> np.ndarray:
    """Return the loss of pairs of weights, (…, 2): a valley with its lowest place, 0, at FREE."""
    away = weights - FREE
    return 0.5 * np.asarray((away @ CURVATURE * away).sum(axis=-1))


@cache
def lowest_inside(shape: str, radius: float) -> tuple[float, float]:
    """Return the two weights with the lowest loss inside a diamond or circle of this radius around 0."""
    in_diamond = shape == SHAPES[0]
    size = np.abs(FREE).sum() if in_diamond else np.linalg.norm(FREE)
    if size <= radius:
        return float(FREE[0]), float(FREE[1])
    found = _on_diamond(radius) if in_diamond else _on_circle(radius)
    return float(found[0]), float(found[1])


def _on_diamond(radius: float) -> np.ndarray:
    """Return the lowest place on the four sides of a diamond: along each the loss is a parabola."""
    places = []
    for start, end in zip(radius * CORNERS[:-1], radius * CORNERS[1:], strict=True):
        way = end - start
        share = np.clip(way @ CURVATURE @ (FREE - start) / (way @ CURVATURE @ way), 0.0, 1.0)
        places.append(end if share == 1.0 else start + share * way)  # a corner is met exactly
    return min(places, key=loss)


def _on_circle(radius: float) -> np.ndarray:
    """Return the lowest place on a circle: there some spring 0.5·k·|w|² holds the weights at this radius."""

    def held(spring: float) -> np.ndarray:
        return np.linalg.solve(CURVATURE + spring * np.eye(2), CURVATURE @ FREE)

    weak, strong = 0.0, 1e3
    for _ in range(60):  # halve the interval until both ends agree to all digits
        spring = (weak + strong) / 2
        weak, strong = (spring, strong) if np.linalg.norm(held(spring)) > radius else (weak, spring)
    return held(strong)


def zeros(shape: str, radius: float) -> int:
    """Return how many of the two weights are exactly 0."""
    return sum(weight == 0 for weight in lowest_inside(shape, radius))


def two_springs() -> Interactive:
    """Return a diamond or circle of adjustable radius in a valley: the best weights inside it, live."""
    figure, (left, right) = two_panels(3.9)
    show_place, show_path = _valley_panel(left), _path_panel(right)
    seen: set[float] = set()
    corner: list[float] = []
    score = Score(_told_score(corner, seen))

    def draw(shape: str, radius: float) -> Figure:
        show_place(shape, radius)
        show_path(shape, radius)
        return figure

    def tried(shape: str, radius: float) -> bool:
        if shape == SHAPES[0] and zeros(shape, radius) == 1 and not corner:
            corner.append(radius)
        if shape == SHAPES[1] and corner:
            seen.add(radius)
        score.tell(_told_score(corner, seen))
        return bool(corner) and len(seen) >= TRIES

    goal = Goal(
        "Make exactly one of the two weights 0 with the diamond. Then look for such a radius with the "
        f"circle, at {TRIES} radii or more: does it exist?",
        tried,
    )
    widget = live(
        draw, tell_springs, goal,
        radius=slider("Radius", float(RADII[0]), float(RADII[-1]), 0.1, START),
        shape=menu("Shape", SHAPES),
    )  # fmt: skip
    put_above_picture(widget, score)
    return widget


def _told_score(corner: list[float], seen: set[float]) -> str:
    """Return in words how far a student has come."""
    if not corner:
        return "Diamond: no weight is exactly 0 yet. Circle: comes after it."
    told = f"Diamond: one weight is exactly 0 at radius {corner[0]:.1f}. Circle: {len(seen)} of {TRIES} radii"
    if not seen:
        return f"{told} tried."
    least = min(min(lowest_inside(SHAPES[1], radius)) for radius in seen)
    return f"{told} tried, and the smallest weight so far is {least:.3f}, not 0."


def _valley_panel(ax: Any) -> Callable[[str, float], None]:
    """Draw the height lines of the loss; return a function that shows a shape and the best place in it."""
    x, y = np.linspace(-2.2, 3.4, 113), np.linspace(-2.2, 4.8, 141)
    heights = loss(np.stack(np.meshgrid(x, y), axis=-1))
    ax.contour(x, y, heights, levels=(0.05, 0.3, 0.8, 1.6, 2.8, 4.5, 7, 10), colors="0.7", linewidths=1)
    ax.axhline(0, color="0.3", lw=1)
    ax.axvline(0, color="0.3", lw=1)
    ax.plot(*FREE, "X", color="black", ms=9, ls="", label="lowest place of all")
    (outline,) = ax.plot([], [], color=PALETTE[0], lw=2, label="shape")
    (touching,) = ax.plot([], [], color=PALETTE[1], lw=1.5, ls="--", label="height line that it touches")
    (best,) = ax.plot([], [], MARKERS[0], color=PALETTE[1], ms=9, label="best place inside")
    ax.set(xlim=(x[0], x[-1]), ylim=(y[0], y[-1]), aspect="equal")
    label(ax, "Where the shape holds the weights", "first weight", "second weight")
    ax.get_legend().remove()  # one for the figure, above both panels
    ax.figure.legend(
        *ax.get_legend_handles_labels(), loc="outside upper center", ncols=4, fontsize="small", frameon=False
    )
    moving(outline, touching, best)
    root = np.linalg.inv(np.linalg.cholesky(CURVATURE)).T  # maps circles to height lines

    def show(shape: str, radius: float) -> None:
        corners = CORNERS if shape == SHAPES[0] else np.stack([np.cos(TURN), np.sin(TURN)], axis=1)
        outline.set_data(*(radius * corners).T)
        place = np.array(lowest_inside(shape, radius))
        size = np.sqrt(2 * loss(place))
        touching.set_data(*(FREE[:, None] + size * root @ np.stack([np.cos(TURN), np.sin(TURN)])))
        best.set_data(*place[:, None])

    return show


def _path_panel(ax: Axes) -> Callable[[str, float], None]:
    """Draw empty paths; return a function that shows both weights at this radius and all larger ones."""
    paths = [
        ax.plot([], [], color=PALETTE[2 + i], ls=("-", "--")[i], lw=2, label=name)[0]
        for i, name in enumerate(("first weight", "second weight"))
    ]
    places = [ax.plot([], [], MARKERS[2 + i], color=PALETTE[2 + i], ms=9)[0] for i in range(2)]
    ax.axhline(0, color="0.3", lw=1)
    ax.set(xlim=(RADII[-1] + 0.1, -0.1), ylim=(-0.3, 3.3))
    label(ax, "Both weights while the radius shrinks", "radius", "weight")
    legend = ax.legend(fontsize="small", loc="upper right")
    moving(*paths, *places, legend)

    def show(shape: str, radius: float) -> None:
        radii = RADII[radius - 1e-9 <= RADII]
        weights = np.array([lowest_inside(shape, float(each)) for each in radii])
        for path, place, values in zip(paths, places, weights.T, strict=True):
            path.set_data(radii, values)
            place.set_data(radii[:1], values[:1])

    return show


def tell_springs(radius: float, shape: str) -> list[str]:
    """Say in words which weights are best inside the shape, and how both have come there."""
    place = lowest_inside(shape, radius)
    name = f"The {shape.split()[0]} of radius {radius:.1f}"
    touches = f"{name} touches the height line of loss {loss(np.array(place)):.3f}"
    if place == tuple(FREE):
        touches = f"{name} holds nothing back: the lowest place of all lies inside, at loss 0"
    exact = [which for which, weight in zip(("first", "second"), place, strict=True) if weight == 0]
    told = f"The {exact[0]} is exactly 0." if exact else "Neither is exactly 0."
    ways = (
        f"{which} from {free:.3f} to {weight:.3f} ({100 * (weight / free - 1):+.0f} %)"
        for which, free, weight in zip(("the first", "the second"), FREE, place, strict=True)
    )
    since = [float(each) for each in RADII if each >= radius - 1e-9 and zeros(shape, float(each)) == 1]
    stays = f" The {exact[0]} has been exactly 0 since radius {max(since):.1f}." if since and exact else ""
    return [
        f"{touches}. The weights there are {place[0]:.3f} and {place[1]:.3f}. {told}",
        f"From radius {RADII[-1]} down to {radius:.1f}, {' and '.join(ways)}.{stays}".replace("-", "−"),
    ]
