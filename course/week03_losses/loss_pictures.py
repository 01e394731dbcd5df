"""Draw the still pictures of week 3. Each function returns a figure and alt text from the same data."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from bus_rides import broken_runs, rides
from loss_widgets import LOSS_NAMES, cost, look, two_panels
from matplotlib.figure import Figure
from matplotlib.patches import Circle, Patch
from torch import Tensor
from widgets import label, stage

from utils import MARKERS, PALETTE


def bullseye_picture() -> tuple[Figure, str]:
    """Draw two archers with the same MSE: one steady but off the mark, one centred but shaky."""
    rng = np.random.default_rng(11)
    steady = rng.normal(0, 0.35, (10, 2)) + [1.5, 0.9]
    archers = {"steady, but off": steady, "centred, but shaky": rng.normal(0, 1.2, (10, 2))}
    archers = {name: shots * np.sqrt(3 / (shots**2).sum(axis=1).mean()) for name, shots in archers.items()}
    figure, axes = stage(2, height=4.6)
    told = []
    for i, (ax, (name, shots)) in enumerate(zip(axes, archers.items(), strict=True)):
        middle = shots.mean(axis=0)
        mse, offset = (shots**2).sum(axis=1).mean(), (middle**2).sum()
        for radius in (1, 2, 3):
            ax.add_patch(Circle((0, 0), radius, fill=False, color="grey"))
        ax.plot(*shots.T, MARKERS[i], color=PALETTE[i])
        ax.plot(*middle, "X", color="black", ms=11, label="their middle" if i == 0 else None)
        ax.set(xlim=(-3.4, 3.4), ylim=(-3.4, 3.4), aspect="equal")
        ax.set(xlabel="error sideways", ylabel="error upward")
        ax.set_title(f"{name}\nMSE {mse:.2f} = {offset:.2f} + {mse - offset:.2f}")
        shaky = f"mean squared distance from the middle {mse - offset:.2f}"
        told.append(f"{name}: MSE {mse:.2f} = offset squared {offset:.2f} + {shaky}")
    figure.legend(loc="outside lower center", fontsize="small")
    return figure, f"Two targets with the truth in the centre and ten arrows each. {'; '.join(told)}."


def error_cost_picture() -> tuple[Figure, str]:
    """Draw what one error costs under MSE, MAE and Huber."""
    errors = np.linspace(-3, 3, 61)
    figure, (ax,) = stage(1)
    for i, name in enumerate(LOSS_NAMES):
        ax.plot(errors, cost(name, errors), **look(i), markevery=10, label=name)
    label(ax, "What one error costs (δ = 1)", "error (prediction − target)", "cost")
    told = "; ".join(f"{n} {cost(n, 0.5):.3g}, {cost(n, 1.0):.3g} and {cost(n, 3.0):.3g}" for n in LOSS_NAMES)
    return figure, f"What errors of 0.5, 1 and 3 cost: {told}. Errors of −0.5, −1 and −3 cost the same."


def doubt_picture(distances: Mapping[str, Tensor], few: int = 8) -> tuple[Figure, str]:
    """Draw single runs, their spread and the doubt about their mean: of a few runs, and of all.

    `distances` maps each loss to one number per run; the first `few` runs make the left panel.
    """
    figure, axes = two_panels(3.6)
    told, jitter = [], np.random.default_rng(0)
    total = len(next(iter(distances.values())))
    for ax, runs in zip(axes, (few, total), strict=True):
        for i, (name, values) in enumerate(distances.items()):
            shown = values[:runs].numpy()
            mean, spread = shown.mean(), shown.std(ddof=1)
            doubt = spread / np.sqrt(runs)
            ax.fill_between([i - 0.35, i + 0.35], mean - spread, mean + spread, color=PALETTE[i], alpha=0.2)
            beside = i + jitter.uniform(-0.25, 0.25, runs)
            ax.plot(beside, shown, MARKERS[i], color=PALETTE[i], ms=4, alpha=0.6)
            bar = ax.errorbar(i, mean, doubt, fmt="_", color="black", ms=26, capsize=8, lw=2, zorder=3)
            told.append(f"{runs} runs with {name}: mean {mean:.3f}, spread {spread:.3f}, doubt {doubt:.3f}")
        ax.set(xticks=range(len(distances)), xticklabels=list(distances), xlim=(-0.6, len(distances) - 0.4))
        ax.set_ylim(0, 1.08 * max(values.max().item() for values in distances.values()))
        label(ax, f"{runs} runs each", "loss", "minutes off the true line")
    boxes = [Patch(color="grey", alpha=0.3), bar]
    words = ["spread: what one run may do", "doubt about the mean"]
    figure.legend(boxes, words, loc="outside lower center", fontsize="small", ncols=2)
    return figure, f"Distances to the true line: dots are runs. {'; '.join(told)}."


def broken_picture() -> tuple[Figure, str]:
    """Draw what the training of *find the broken line* does: its losses, and the slopes it ends with."""
    (losses, slopes), (good_losses, good_slopes) = broken_runs(mended=False), broken_runs(mended=True)
    _, minutes = rides(0, range(8))
    baseline = minutes.var(dim=1, correction=0).mean().item()
    figure, (left, right) = two_panels(3.8)
    steps = np.arange(1, losses.shape[1] + 1)
    for i, runs in enumerate((losses, good_losses)):
        left.plot(steps, runs.T, color=PALETTE[i], ls=("-", "--")[i], lw=1)
    left.axhline(baseline, color="black", ls=":", lw=2)
    left.set(yscale="log")
    label(left, "Loss", "step", "loss (powers of ten)")
    names = ("these lines", "as they were meant")
    for i, values in enumerate((slopes, good_slopes)):
        right.plot(range(1, 9), values, MARKERS[i], color=PALETTE[i])
        right.plot([], [], MARKERS[i], color=PALETTE[i], ls=("-", "--")[i], label=names[i])
    right.axhline(2, color="black", ls=":", lw=2, label="left: always the mean; right: the true slope")
    right.set(title="Slope at the end", xlabel="seed", ylabel="minutes per stop", ylim=(-0.5, 2.6))
    figure.legend(loc="outside lower center", fontsize="small", ncols=3)
    told = (
        f"{name}: losses from {runs[:, 0].mean():.0f} to {runs[:, -1].mean():.2f} on average, slopes "
        f"{values.min():.2f} to {values.max():.2f}"
        for name, runs, values in ((names[0], losses, slopes), (names[1], good_losses, good_slopes))
    )
    return figure, (
        f"Eight seeds. {'; '.join(told)}. Always saying the mean would cost {baseline:.1f}. "
        "The true slope is 2."
    )
