"""Draw the still pictures of week 7. Each function returns a figure and alt text from the same data."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from dropout_runs import HEADLINE, stored
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from pictures import MARKERS, PALETTE, label, stage


def look(i: int, every: Any = 1) -> dict[str, Any]:
    """Return colour, marker and dashes of the i-th curve of a picture."""
    dashes = ("-", "--", ":", "-.")[i % 4]
    return {"color": PALETTE[i % 7], "marker": MARKERS[i % 7], "ls": dashes, "markevery": every}


def draw_runs(ax: Axes, x: Sequence[float], runs: Any, name: str, i: int) -> str:
    """Draw mean, spread (pale) and doubt (bars) of runs (settings, seeds) over x; return them in words."""
    places, values = np.asarray(x, dtype=float), np.asarray(runs, dtype=float)
    mean, spread = values.mean(1), values.std(1, ddof=1)
    ax.fill_between(places, mean - spread, mean + spread, color=PALETTE[i], alpha=0.2, lw=0)
    ax.errorbar(places, mean, spread / math.sqrt(values.shape[1]), capsize=3, label=name, **look(i))
    told = (f"{m:.3f} ± {s:.3f} at {at:g}" for at, m, s in zip(x, mean, spread, strict=True))
    return f"{name}: {', '.join(told)}"


def own_plot(ax: Axes, results: Mapping[float, Sequence[float]]) -> tuple[Figure, str]:
    """Return the figure of a student's plot, and in words what it should show."""
    told = (f"p {p:g}: {np.mean(values):.3f}" for p, values in sorted(results.items()))
    return ax.get_figure(), f"Your plot of validation accuracy over p. Means of your runs: {', '.join(told)}."


def ends_picture() -> tuple[Figure, str]:
    """Draw accuracies and losses of the last epoch over p, 20 stored seeds."""
    figure, axes = stage(2, height=3.8)
    ends, told = stored("ends"), []
    for ax, quantity in zip(axes, ("accuracy", "loss"), strict=True):
        for i, (part, words) in enumerate((("train", "training"), ("val", "validation"))):
            runs = [ends[p][f"{part}_{quantity}"] for p in ends]
            told.append(draw_runs(ax, list(ends), runs, f"{words} {quantity}", i))
        ax.set_xticks(list(ends))
        label(ax, f"{quantity.capitalize()} in epoch 60, 20 seeds", "p", quantity)
    return figure, f"Dropout after both hidden layers, mean ± spread over p. {'; '.join(told)}."


def long_picture() -> tuple[Figure, str]:
    """Draw how the validation accuracy goes on until epoch 240, for several p; stored seeds."""
    figure, (ax,) = stage(height=3.8)
    epochs, told = (60, 120, 180, 240), []
    for i, (p, values) in enumerate(stored("long").items()):
        told.append(draw_runs(ax, epochs, values["val_accuracy"].T, f"p = {p:g}", i))
    ax.set_xticks(epochs)
    label(ax, "Four times as long", "epoch", "validation accuracy")
    ax.legend(fontsize="small", loc="lower right")
    return figure, f"Validation accuracy after so many epochs, mean ± spread. {'; '.join(told)}."


def fashion_picture() -> tuple[Figure, str]:
    """Draw five seeds on Fashion-MNIST, mean and spread, and the published single runs."""
    figure, (ax,) = stage(height=3.8)
    rates, told = np.array(list(HEADLINE)), []
    for i, (part, words) in enumerate((("train", "training"), ("val", "validation"))):
        mean, spread = np.array([row[f"{part}_accuracy"] for row in HEADLINE.values()]).T
        ax.fill_between(rates, mean - spread, mean + spread, color=PALETTE[i], alpha=0.2, lw=0)
        ax.plot(rates, mean, label=f"{words}, five seeds", **look(i))
        rows = (f"{m:.3f} ± {s:.3f} at {p:g}" for p, m, s in zip(rates, mean, spread, strict=True))
        told.append(f"{words} accuracy, five seeds: {', '.join(rows)}")
    published = [row["published"] for row in HEADLINE.values()]
    ax.plot(rates, published, MARKERS[3], color=PALETTE[3], ms=8, label="validation, published: one run")
    told.append("validation accuracy, published, one run each: " + ", ".join(f"{v:.3f}" for v in published))
    ax.set_xticks(rates)
    label(ax, "Fashion-MNIST, 1000 rows, 150 epochs", "p", "accuracy in the last epoch")
    ax.legend(fontsize="small", loc="lower left")
    return figure, f"Last epoch of 150, mean ± spread over p. {'; '.join(told)}."


def cut_picture() -> tuple[Figure, str]:
    """Draw what is left of the accuracy when a share of the first layer's units is cut away; 20 seeds."""
    figure, (ax,) = stage(height=3.6)
    cut, told = stored("cut"), []
    for i, p in enumerate((0.0, 0.5)):
        shares = [share for of, share in cut if of == p]
        runs = [cut[p, share]["val_accuracy"] for share in shares]
        told.append(draw_runs(ax, shares, runs, f"trained with p = {p:g}", i))
    label(ax, "Units of the first layer cut away", "share of the units", "validation accuracy")
    ax.legend(fontsize="small", loc="lower left")
    return figure, f"Validation accuracy over the share that is cut, mean ± spread. {'; '.join(told)}."
