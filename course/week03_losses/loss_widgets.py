"""Draw the widgets of week 3: what losses reward, and what they punish."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from widgets import Goal, Interactive, label, live, menu, moving, slider, stage

from utils import MARKERS, PALETTE

LOSS_NAMES = ("MSE", "MAE", "Huber")


def cost(name: str, errors: Any, delta: float = 1.0) -> np.ndarray:
    """Return what each error costs under MSE (its square), MAE (its size) or Huber (a mixture of both)."""
    size = np.abs(errors)
    huber = np.where(size <= delta, 0.5 * size**2, delta * (size - 0.5 * delta))
    return {"MSE": size**2, "MAE": size, "Huber": huber}[name]


def pull(name: str, errors: Any, delta: float = 1.0) -> np.ndarray:
    """Return how hard each error pulls, with its sign: the slope of `cost`."""
    errors = np.asarray(errors, dtype=float)
    return {"MSE": 2 * errors, "MAE": np.sign(errors), "Huber": np.clip(errors, -delta, delta)}[name]


def best_line(name: str, x: np.ndarray, y: np.ndarray, delta: float = 1.0) -> tuple[float, float]:
    """Return slope and intercept of the line with the smallest loss, by reweighted least squares."""
    features = np.stack([x, np.ones_like(x)], axis=1)
    weight = np.ones_like(y)
    for _ in range(1 if name == "MSE" else 60):
        scale = np.sqrt(weight)
        line = np.linalg.lstsq(features * scale[:, None], y * scale, rcond=None)[0]
        size = np.maximum(np.abs(y - features @ line), 1e-6)
        weight = 1 / size if name == "MAE" else np.minimum(1.0, delta / size)
    return float(line[0]), float(line[1])


def look(number: int) -> dict[str, Any]:
    """Return the colour, dash and marker of the first, second or third thing compared."""
    return {"color": PALETTE[number], "marker": MARKERS[number], "linestyle": ("-", "--", ":")[number]}


def two_panels(height: float) -> tuple[Figure, list[Axes]]:
    """Return a figure with two panels and some room between them for the names of the axes."""
    figure, axes = stage(2, height)
    figure.set_layout_engine("constrained", w_pad=0.12)
    return figure, axes


# ---------------------------------------------------------------- the outlier

OUTLIER_X = np.arange(10.0)
OUTLIER_Y = 2 * OUTLIER_X + 1 + 0.4 * np.array([1, -1, 0.5, -0.5, 1, -1, 0.5, -0.5, 1, -1])
MOVED = 8  # the record that the slider moves
OTHERS = np.arange(10) != MOVED
SLOPE_OF_OTHERS, START_OF_OTHERS = best_line("MSE", OUTLIER_X[OTHERS], OUTLIER_Y[OTHERS])
SMALLEST_PULL = 0.3  # the lower end of the axis of pulls


def outlier_slopes(minutes: float, delta: float) -> dict[str, tuple[float, float]]:
    """Return slope and intercept of each loss's best line when the moved record says so many minutes."""
    y = np.where(OTHERS, OUTLIER_Y, minutes)
    return {name: best_line(name, OUTLIER_X, y, delta) for name in LOSS_NAMES}


def outlier_pulls(minutes: float, delta: float) -> dict[str, float]:
    """Return how hard the moved record pulls at the line of the nine others, under each loss."""
    error = minutes - (SLOPE_OF_OTHERS * OUTLIER_X[MOVED] + START_OF_OTHERS)
    return {name: abs(float(pull(name, error, delta))) for name in LOSS_NAMES}


def outlier_explorer() -> Interactive:
    """Return the widget that moves one of ten records and shows which line each loss likes best."""
    figure, (left, right) = two_panels(3.7)
    left.scatter(OUTLIER_X[OTHERS], OUTLIER_Y[OTHERS], color="black", s=22, zorder=3, label="nine records")
    (moved,) = left.plot([], [], "*", color=PALETTE[6], ms=16, label="the one you move")
    lines = {
        name: left.plot([0, 9], [0, 9], lw=2, **look(i), label=name)[0] for i, name in enumerate(LOSS_NAMES)
    }
    left.set_ylim(-4, 64)
    label(left, "The best line under each loss", "stops", "minutes")
    left.legend(loc="upper left", fontsize="small", ncols=2)  # where the moved record never comes
    bars = right.bar(LOSS_NAMES, [1, 1, 1], color=PALETTE[:3], hatch=["", "//", ".."], edgecolor="white")
    numbers = [right.text(i, 1, "", ha="center", va="bottom") for i in range(3)]
    right.set_yscale("log")
    right.set_ylim(SMALLEST_PULL, 200)
    label(right, "Its pull at the line of the nine others", "loss", "pull (powers of ten)")
    moving(moved, *lines.values(), *bars, *numbers)

    def draw(minutes: float, delta: float) -> Figure:
        moved.set_data([OUTLIER_X[MOVED]], [minutes])
        for name, (slope, intercept) in outlier_slopes(minutes, delta).items():
            lines[name].set_ydata([intercept, intercept + 9 * slope])
        for number, bar, strength in zip(numbers, bars, outlier_pulls(minutes, delta).values(), strict=True):
            bar.set_height(max(strength, SMALLEST_PULL))
            number.set_text(f"{strength:.3g}")
            number.set_y(1.1 * max(strength, SMALLEST_PULL))
        return figure

    goal = Goal(
        "Make the MSE line steeper than 3 minutes a stop, while the Huber line stays below 2.1.",
        reached=lambda minutes, delta: (
            outlier_slopes(minutes, delta)["MSE"][0] > 3 and outlier_slopes(minutes, delta)["Huber"][0] < 2.1
        ),
    )
    minutes = slider("Minutes of the moved record", 0, 60, 1, 30)
    return live(
        draw, describe_outlier, goal, minutes=minutes, delta=slider("Huber's delta", 0.5, 10.0, 0.5, 5.0)
    )


def describe_outlier(minutes: float, delta: float) -> list[str]:
    """Say in words what the outlier widget shows, a sentence for each panel."""
    slopes = "; ".join(
        f"{name} {slope:.2f} a stop from {start:.1f}"
        for name, (slope, start) in outlier_slopes(minutes, delta).items()
    )
    pulls = ", ".join(f"{name} {strength:.3g}" for name, strength in outlier_pulls(minutes, delta).items())
    usual = SLOPE_OF_OTHERS * OUTLIER_X[MOVED] + START_OF_OTHERS
    return [
        f"The moved record says {minutes:g} minutes for {OUTLIER_X[MOVED]:g} stops, where the nine others "
        f"suggest {usual:.1f} and {SLOPE_OF_OTHERS:.2f} minutes a stop. The best lines: {slopes}.",
        f"It misses the line of the nine others by {minutes - usual:.1f} minutes and pulls with: {pulls}.",
    ]


# ---------------------------------------------------------------- the loss surface

SURFACE_X = np.linspace(-2, 2, 9)
SURFACE_Y = 2 * SURFACE_X + 1 + np.array([0.3, -0.2, 0.1, -0.3, 0.2, 0.1, -0.1, 8.0, -0.2])
SLOPES, INTERCEPTS = np.linspace(-1, 5, 61), np.linspace(-3, 5, 81)


@lru_cache
def surface(name: str) -> np.ndarray:
    """Return the loss of the line for every intercept (row) and slope (column) on the map."""
    predictions = SLOPES[None, :, None] * SURFACE_X + INTERCEPTS[:, None, None]
    return cost(name, predictions - SURFACE_Y).mean(axis=2)


def line_loss(name: str, slope: float, intercept: float) -> float:
    """Return the loss of one line on the nine rides of the map."""
    return float(cost(name, slope * SURFACE_X + intercept - SURFACE_Y).mean())


def uphill(name: str, slope: float, intercept: float) -> tuple[float, float]:
    """Return how fast the loss grows with the slope and with the intercept: the gradient."""
    pulls = pull(name, slope * SURFACE_X + intercept - SURFACE_Y)
    return float((pulls * SURFACE_X).mean()), float(pulls.mean())


def lowest(name: str) -> tuple[float, float]:
    """Return slope and intercept of the lowest place on the map."""
    row, column = np.unravel_index(surface(name).argmin(), (len(INTERCEPTS), len(SLOPES)))
    return float(SLOPES[column]), float(INTERCEPTS[row])


def draw_map(ax: Axes, name: str) -> list[Any]:
    """Draw the surface of a loss as a map with height lines; return its artists."""
    levels = np.quantile(surface(name), [0.01, 0.05, 0.15, 0.3, 0.5, 0.7, 0.9])
    style = {"cmap": "cividis", "vmax": 1.6 * levels[-1]}  # its palest colours would vanish on white
    heights = ax.contour(SLOPES, INTERCEPTS, surface(name), levels=levels, **style)
    return [heights, *ax.plot(*lowest(name), "X", color=PALETTE[1], ms=10)]


def surface_explorer() -> Interactive:
    """Return the widget that moves a line through the map of its losses."""
    figure, (left, right) = two_panels(3.7)
    maps = {name: draw_map(left, name) for name in LOSS_NAMES}
    (here,) = left.plot([], [], "o", color=PALETTE[0], ms=11, label="your line")
    left.plot([], [], "X", color=PALETTE[1], ls="", label="lowest place")
    label(left, "Each place on this map is a line", "slope w", "intercept b")
    right.scatter(SURFACE_X, SURFACE_Y, color="black", s=22, label="rides")
    (line,) = right.plot(SURFACE_X[[0, -1]], [0, 0], color=PALETTE[0], lw=2, label="your line")
    right.set_ylim(-6, 15)
    label(right, "The same line over the rides", "stop, from the middle of the line", "minutes past noon")
    moving(here, line, *(artist for artists in maps.values() for artist in artists), left.get_legend())

    def draw(loss: str, w: float, b: float) -> Figure:
        for name, artists in maps.items():
            for artist in artists:
                artist.set_visible(name == loss)
        here.set_data([w], [b])
        line.set_ydata(w * SURFACE_X[[0, -1]] + b)
        return figure

    goal = Goal(
        "Choose MAE, and bring it below 1.1 in at most four moves.",
        reached=lambda loss, w, b: loss == "MAE" and line_loss("MAE", w, b) < 1.1,
        moves=4,
    )
    w, b = slider("Slope w", -1.0, 5.0, 0.1, 0.0), slider("Intercept b", -3.0, 5.0, 0.1, -1.0)
    return live(draw, describe_surface, goal, loss=menu("Loss", LOSS_NAMES), w=w, b=b)


def describe_surface(loss: str, w: float, b: float) -> list[str]:
    """Say in words what the surface widget shows, a sentence for each panel."""
    slope, intercept = lowest(loss)
    errors = w * SURFACE_X + b - SURFACE_Y
    worst = int(np.abs(errors).argmax())
    return [
        f"Your line has slope {w:.1f} and intercept {b:.1f}: {loss} {line_loss(loss, w, b):.3f}. "
        f"{downhill(loss, w, b)} The lowest place on the map has slope {slope:.1f} and intercept "
        f"{intercept:.1f}: {loss} {line_loss(loss, slope, intercept):.3f}.",
        f"Your line passes below {(errors < -1e-9).sum()} of the 9 rides and above {(errors > 1e-9).sum()}. "
        f"It misses most at stop {SURFACE_X[worst]:g}, where it says {w * SURFACE_X[worst] + b:.1f} minutes "
        f"and the ride took {SURFACE_Y[worst]:.1f}.",
    ]


def downhill(loss: str, w: float, b: float) -> str:
    """Say which way is downhill from a place on the map, and how steep it is."""
    slopes = dict(zip(("w", "b"), uphill(loss, w, b), strict=True))
    ways = [
        f"a {'smaller' if slope > 0 else 'larger'} {name} (the ground changes by {abs(slope):.2f} a unit)"
        for name, slope in slopes.items()
        if abs(slope) > 0.005
    ]
    return f"Downhill is {' and '.join(ways)}." if ways else "The ground is level here."


# ---------------------------------------------------------------- probabilities


def bce_explorer() -> Interactive:
    """Return the widget that shows what a probability costs when the truth is 1, and when it is 0."""
    figure, (ax,) = stage(1)
    p = np.linspace(0.005, 0.995, 199)
    ax.plot(p, -np.log(p), color=PALETTE[0], label="truth 1: −ln p")
    ax.plot(p, -np.log(1 - p), color=PALETTE[1], ls="--", label="truth 0: −ln(1 − p)")
    (mark,) = ax.plot([], [], "o", color="black", ms=11, label="your model")
    label(ax, "What one answer costs", "probability p that the model gives to class 1", "loss")
    ax.legend(loc="upper center", fontsize="small")
    moving(mark)

    def draw(probability: float, truth: int) -> Figure:
        mark.set_data([probability], [bce(probability, truth)])
        mark.set_marker(MARKERS[0] if truth else MARKERS[1])
        return figure

    goal = Goal(
        "The truth is 0. How sure of 1 must a model be to pay more than 3?",
        reached=lambda probability, truth: truth == 0 and bce(probability, truth) > 3,
    )
    probability = slider("Probability", 0.01, 0.99, 0.01, 0.9)
    return live(draw, describe_bce, goal, probability=probability, truth=menu("Truth", (1, 0)))


def describe_bce(probability: float, truth: int) -> str:
    """Say in words what the widget of probabilities shows."""
    right = probability if truth else 1 - probability
    logit = np.log(probability / (1 - probability))
    trend = "falls" if truth else "rises"
    return (
        f"The model gives class 1 the probability {probability:.2f} (logit {logit:.2f}). The truth is "
        f"{truth}, so what really happened got {right:.2f}: the loss is −ln {right:.2f} = "
        f"{bce(probability, truth):.4f}. With truth {truth} the curve {trend} as p grows. The two curves "
        "cross at p = 0.5, at 0.6931."
    )


def bce(probability: float, truth: int) -> float:
    """Return the binary cross-entropy of one probability."""
    return float(-np.log(probability if truth else 1 - probability))
