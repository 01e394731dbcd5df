"""Draw the still pictures of week 3. Each function returns a figure and alt text from the same data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from loss_widgets import LOSS_NAMES, cost, look
from matplotlib.figure import Figure
from matplotlib.patches import Circle
from widgets import label, stage

from utils import MARKERS, PALETTE


def bullseye_picture() -> tuple[Figure, str]:
    """Draw two archers with the same MSE: one steady but off the mark, one centred but shaky."""
    rng = np.random.default_rng(11)
    steady = rng.normal(0, 0.35, (10, 2)) + [1.5, 0.9]
    archers = {"steady, but off": steady, "centred, but shaky": rng.normal(0, 1.2, (10, 2))}
    archers = {name: shots * np.sqrt(3 / (shots**2).sum(axis=1).mean()) for name, shots in archers.items()}
    figure, axes = stage(2, height=4.4)
    told = []
    for i, (ax, (name, shots)) in enumerate(zip(axes, archers.items(), strict=True)):
        middle = shots.mean(axis=0)
        mse, offset = (shots**2).sum(axis=1).mean(), (middle**2).sum()
        for radius in (1, 2, 3):
            ax.add_patch(Circle((0, 0), radius, fill=False, color="grey"))
        ax.plot(*shots.T, MARKERS[i], color=PALETTE[i], label="predictions")
        ax.plot(*middle, "X", color="black", ms=11, label="their middle")
        ax.set(xlim=(-3.4, 3.4), ylim=(-3.4, 3.4), aspect="equal")
        title = f"{name}\nMSE {mse:.2f} = {offset:.2f} + {mse - offset:.2f}"
        label(ax, title, "error sideways", "error upward")
        told.append(f"{name}: MSE {mse:.2f} = offset squared {offset:.2f} + spread {mse - offset:.2f}")
    return figure, f"Two targets with the truth in the centre and ten predictions each. {'; '.join(told)}."


def error_cost_picture() -> tuple[Figure, str]:
    """Draw what one error costs under MSE, MAE and Huber."""
    errors = np.linspace(-3, 3, 61)
    figure, (ax,) = stage(1)
    for i, name in enumerate(LOSS_NAMES):
        ax.plot(errors, cost(name, errors), **look(i), markevery=10, label=name)
    label(ax, "What one error costs", "error (prediction − target)", "cost")
    told = "; ".join(f"{n} {cost(n, 0.5):.3g}, {cost(n, 1.0):.3g} and {cost(n, 3.0):.3g}" for n in LOSS_NAMES)
    return figure, f"What errors of 0.5, 1 and 3 cost: {told}. Errors of −0.5, −1 and −3 cost the same."


def margin_picture() -> tuple[Figure, str]:
    """Draw what a score costs under the hinge loss when the label is +1."""
    scores = np.linspace(-2, 3, 51)
    figure, (ax,) = stage(1)
    ax.plot(scores, np.maximum(0, 1 - scores), **look(0), markevery=10, label="hinge: max(0, 1 − score)")
    ax.plot(scores, np.log1p(np.exp(-scores)), **look(1), markevery=10, label="cross-entropy of the logit")
    ax.axvline(0, color="grey", lw=1)
    label(ax, "What a score costs when the label is +1", "score", "cost")
    told = ", ".join(f"{s}: {max(0, 1 - s):g} and {np.log1p(np.exp(-s)):.2f}" for s in (-1, 0, 1, 2))
    return figure, f"Hinge loss and cross-entropy for scores {told}. The hinge is 0 from score 1 on."


def bands_picture(
    x: Any, runs: Mapping[str, np.ndarray], title: str, xlabel: str, ylabel: str
) -> tuple[Figure, str]:
    """Draw each setting's mean over seeds with a band of one standard deviation. Runs: (seeds, len(x))."""
    x, seeds = np.asarray(x), len(next(iter(runs.values())))
    figure, (ax,) = stage(1)
    told = []
    for i, (name, values) in enumerate(runs.items()):
        mean, spread = values.mean(axis=0), values.std(axis=0)
        ax.plot(x, mean, **look(i), markevery=max(1, len(x) // 8), label=name)
        ax.fill_between(x, mean - spread, mean + spread, color=PALETTE[i], alpha=0.2)
        ends = (f"{mean[at]:.3g} ± {spread[at]:.2g} at {x[at]:g}" for at in (0, -1))
        told.append(f"{name}: {', '.join(ends)}")
    if len(x) < 8:
        ax.set_xticks(x)
    label(ax, title, xlabel, ylabel)
    return figure, f"{title}; {ylabel}, mean ± standard deviation over {seeds} seeds. {'; '.join(told)}."
