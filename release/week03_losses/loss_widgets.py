"""Draw the figures and widgets of week 3: what losses reward, and what they punish."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from widgets import Interactive, Move, curve_panel, label, live, menu, moving, replay, slider, stage

from utils import MARKERS, PALETTE

RETRIEVAL = {
    "Which five steps happen for every batch, and in which order?": (
        "Clear the old gradients, predict, compute the loss, go backward (this fills in the gradients), "
        "update the weights. Without the first step, PyTorch adds the new gradients to the old ones."
    ),
    "model.eval() and torch.no_grad(): what does each of them switch off?": (
        "eval() switches off what layers such as dropout do in training; gradients are still possible. "
        "no_grad() switches off the recording that gradients need; dropout stays on. "
        "To validate a model you want both."
    ),
    "An epoch has batches of 32, 32 and 4 samples. How do you get the mean loss of the epoch?": (
        "Multiply the mean loss of each batch by its number of samples, add these up and divide by 68. "
        "The plain mean of the three batch means would let 4 samples count as much as 32."
    ),
}

LOSS_NAMES = ("MSE", "MAE", "Huber")


def cost(name: str, errors: Any, delta: float = 1.0) -> np.ndarray:
    """Return what each error costs under MSE (its square), MAE (its size) or Huber (a mixture of both)."""
    size = np.abs(errors)
    huber = np.where(size <= delta, 0.5 * size**2, delta * (size - 0.5 * delta))
    return {"MSE": size**2, "MAE": size, "Huber": huber}[name]


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


# ---------------------------------------------------------------- the outlier


OUTLIER_X = np.arange(10.0)
OUTLIER_Y = OUTLIER_X + 0.4 * np.array([1, -1, 0.5, -0.5, 1, -1, 0.5, -0.5, 1, -1])
MOVED = 8  # the point that the slider moves


def outlier_explorer() -> Interactive:
    """Return the widget that lifts one of ten points and shows which line each loss likes best."""
    figure, (left, right) = stage(2, height=3.5)
    honest = np.delete(np.stack([OUTLIER_X, OUTLIER_Y]), MOVED, axis=1)
    left.scatter(*honest, color="black", s=22, zorder=3, label="nine honest points")
    (moved,) = left.plot([], [], "*", color=PALETTE[6], ms=16, label="the point you move")
    lines = {
        name: left.plot([0, 9], [0, 9], lw=2, **look(i), label=name)[0] for i, name in enumerate(LOSS_NAMES)
    }
    left.set_ylim(-12, 42)
    label(left, "The best line under each loss", "x", "y")
    left.legend(loc="upper left", fontsize="small")  # where the moved point never comes
    bars = right.bar(LOSS_NAMES, [0, 0, 0], color=PALETTE[:3], hatch=["", "//", ".."], edgecolor="white")
    right.set_ylim(0, 60)
    label(right, "How much of the pull is the moved point's?", "loss", "per cent")
    moving(moved, *lines.values(), *bars)

    def draw(height: float, delta: float) -> Figure:
        moved.set_data([MOVED], [height])
        for name, (slope, intercept, share), bar in zip(
            LOSS_NAMES, outlier_facts(height, delta), bars, strict=True
        ):
            lines[name].set_ydata([intercept, intercept + 9 * slope])
            bar.set_height(100 * share)
        return figure

    height = slider("Height of the moved point", -10, 40, 1, 20)
    return live(draw, describe_outlier, height=height, delta=slider("Huber's delta", 0.5, 10.0, 0.5, 1.0))


def outlier_facts(height: float, delta: float) -> list[tuple[float, float, float]]:
    """Return slope, intercept and the moved point's share of the pull on the line, for each loss.

    A point pulls as hard as its cost is steep: 2·|error| (MSE), always 1 (MAE), at most delta (Huber).
    """
    y = np.where(np.arange(10) == MOVED, height, OUTLIER_Y)
    facts = []
    for name in LOSS_NAMES:
        slope, intercept = best_line(name, OUTLIER_X, y, delta)
        size = np.abs(y - slope * OUTLIER_X - intercept)
        pull = {"MSE": 2 * size, "MAE": np.ones(10), "Huber": np.minimum(size, delta)}[name]
        facts.append((slope, intercept, float(pull[MOVED] / pull.sum())))
    return facts


def describe_outlier(height: float, delta: float) -> str:
    """Say in words what the outlier widget shows."""
    told = (
        f"{name}: slope {slope:.2f}, {share:.0%} of the pull is the moved point's"
        for name, (slope, _, share) in zip(LOSS_NAMES, outlier_facts(height, delta), strict=True)
    )
    return (
        f"The moved point is at height {height:g}; its neighbours suggest 8 and slope 1. {'. '.join(told)}."
    )


def look(number: int) -> dict[str, Any]:
    """Return the colour, dash and marker of the first, second or third thing compared."""
    return {"color": PALETTE[number], "marker": MARKERS[number], "linestyle": ("-", "--", ":")[number]}


# ---------------------------------------------------------------- probabilities


def bce_explorer() -> Interactive:
    """Return the widget that shows what a probability costs when the truth is 1, and when it is 0."""
    figure, (ax,) = stage(1)
    p = np.linspace(0.005, 0.995, 199)
    ax.plot(p, -np.log(p), color=PALETTE[0], label="truth 1: −ln p")
    ax.plot(p, -np.log(1 - p), color=PALETTE[1], ls="--", label="truth 0: −ln(1 − p)")
    (mark,) = ax.plot([], [], "o", color="black", ms=11, label="your model")
    label(ax, "What one prediction costs", "probability p that the model gives to class 1", "loss")
    moving(mark)

    def draw(probability: float, truth: int) -> Figure:
        mark.set_data([probability], [bce(probability, truth)])
        mark.set_marker(MARKERS[0] if truth else MARKERS[1])
        return figure

    def describe(probability: float, truth: int) -> str:
        right = probability if truth else 1 - probability
        logit = np.log(probability / (1 - probability))
        return (
            f"The model gives class 1 the probability {probability:.2f} (logit {logit:.2f}). The truth is "
            f"{truth}, so the right class got {right:.2f}: the loss is −ln {right:.2f} = "
            f"{bce(probability, truth):.4f}."
        )

    return live(
        draw, describe, probability=slider("Probability", 0.01, 0.99, 0.01, 0.9), truth=menu("Truth", (1, 0))
    )


def bce(probability: float, truth: int) -> float:
    """Return the binary cross-entropy of one probability."""
    return float(-np.log(probability if truth else 1 - probability))


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
    """Return the loss of one line on the nine points of the map."""
    return float(cost(name, slope * SURFACE_X + intercept - SURFACE_Y).mean())


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
    figure, (left, right) = stage(2, height=3.6)
    maps = {name: draw_map(left, name) for name in LOSS_NAMES}
    (here,) = left.plot([], [], "o", color=PALETTE[0], ms=11, label="your line")
    left.plot([], [], "X", color=PALETTE[1], ls="", label="lowest place")
    label(left, "Each place on this map is a line", "slope w", "intercept b")
    right.scatter(SURFACE_X, SURFACE_Y, color="black", s=22, label="data")
    (line,) = right.plot(SURFACE_X[[0, -1]], [0, 0], color=PALETTE[0], lw=2, label="your line")
    right.set_ylim(-6, 15)
    label(right, "The same line over the data", "x", "y")
    moving(here, line, *(artist for artists in maps.values() for artist in artists), left.get_legend())

    def draw(w: float, b: float, loss: str) -> Figure:
        for name, artists in maps.items():
            for artist in artists:
                artist.set_visible(name == loss)
        here.set_data([w], [b])
        line.set_ydata(w * SURFACE_X[[0, -1]] + b)
        return figure

    def describe(w: float, b: float, loss: str) -> str:
        slope, intercept = lowest(loss)
        return (
            f"Your line has slope {w:.1f} and intercept {b:.1f}: {loss} {line_loss(loss, w, b):.3f}. "
            f"The lowest place on the map has slope {slope:.1f} and intercept {intercept:.1f}: "
            f"{loss} {line_loss(loss, slope, intercept):.3f}."
        )

    w, b = slider("Slope w", -1.0, 5.0, 0.1, 0.0), slider("Intercept b", -3.0, 5.0, 0.1, -1.0)
    return live(draw, describe, w=w, b=b, loss=menu("Loss", LOSS_NAMES))


def descent_replay(name: str = "MSE", steps: int = 40, lr: float = 0.06) -> Interactive:
    """Return an epoch slider over gradient descent: loss curve, walk on the map, line over the data."""
    path = [np.array([0.0, -1.0])]
    slope = {"MSE": lambda e: 2 * e, "MAE": np.sign, "Huber": lambda e: np.clip(e, -1, 1)}[name]
    for _ in range(steps):
        pull = slope(path[-1][0] * SURFACE_X + path[-1][1] - SURFACE_Y)
        path.append(path[-1] - lr * np.array([(pull * SURFACE_X).mean(), pull.mean()]))
    lines = np.array(path[1:])
    history = {f"{name}_loss": [line_loss(name, w, b) for w, b in lines]}
    frames = lines[:, :1] * SURFACE_X + lines[:, 1:]
    over_data = curve_panel(SURFACE_X, frames, (SURFACE_X, SURFACE_Y), title="The line over the data")
    return replay(history, path_panel(name, lines), over_data)


def path_panel(name: str, lines: np.ndarray) -> Callable[[Axes], Move]:
    """Return a panel for `replay`: the walk of a line, shape (epochs, 2), through the map of its losses."""

    def draw(ax: Axes) -> Move:
        draw_map(ax, name)
        (walk,) = ax.plot([], [], "-", color=PALETTE[0], marker=MARKERS[0], ms=4)
        label(ax, "The walk on the map", "slope w", "intercept b")
        moving(walk)

        def move(epoch: int) -> str:
            walk.set_data(*lines[:epoch].T)
            return f"The line has slope {lines[epoch - 1][0]:.2f} and intercept {lines[epoch - 1][1]:.2f}."

        return move

    return draw
