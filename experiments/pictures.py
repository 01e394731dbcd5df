"""Draw what the tables say, and say in words what is drawn."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from experiments.published import EARLY_STOPPING, TRAIN, VALIDATION, WEIGHT, Study
from experiments.report import last_values, spread
from experiments.study import Histories, best_epoch
from utils import MARKERS, PALETTE

LABELS = {TRAIN: "training accuracy", VALIDATION: "validation accuracy", WEIGHT: "mean |weight|"}


def study_picture(study: Study, histories: Histories, comparable: bool) -> tuple[Figure, str]:
    """Return a picture of the last epoch's values over the values of a study, and its alt text."""
    figure, axes = panels(2)
    accuracy, other = axes
    places = range(len(study.settings))
    for i, measure in enumerate((TRAIN, VALIDATION, WEIGHT)):
        ax = other if measure == WEIGHT else accuracy
        values = [last_values(histories[setting], measure) for setting in study.settings.values()]
        means, sds = [statistics.fmean(v) for v in values], [np.std(v, ddof=1) for v in values]
        ax.errorbar(places, means, sds, color=PALETTE[i], marker=MARKERS[i], capsize=4, label=LABELS[measure])
        numbers = [study.published[value].get(measure) for value in study.settings]
        if comparable and None not in numbers:
            ax.plot(places, numbers, "x", color="black", label="published" if measure != TRAIN else None)
    for ax in axes:
        finish(ax, study.symbol, "last epoch")
        ax.set_xticks(places, [f"{value:g}" for value in study.settings])
    return figure, study_alt(study, histories)


def study_alt(study: Study, histories: Histories) -> str:
    """Return in words the validation accuracies that study_picture draws."""
    parts = [
        f"{spread(last_values(histories[setting], VALIDATION), 3)} for {study.symbol} = {value:g}"
        for value, setting in study.settings.items()
    ]
    return f"{study.title}: validation accuracy in the last epoch, mean ± sd over seeds: {', '.join(parts)}."


def curves_picture(study: Study, histories: Histories, quantities: Sequence[str]) -> tuple[Figure, str]:
    """Return curves over the epochs, means with bands of one sd over the seeds, and their alt text."""
    figure, axes = panels(len(quantities))
    for ax, quantity in zip(axes, quantities, strict=True):
        for i, (value, setting) in enumerate(study.settings.items()):
            runs = np.array([history[quantity] for history in histories[setting]])  # (seeds, epochs)
            epochs, mean, sd = np.arange(1, runs.shape[1] + 1), runs.mean(axis=0), runs.std(axis=0, ddof=1)
            style = {"marker": MARKERS[i], "markevery": max(1, len(epochs) // 8), "markersize": 4}
            ax.plot(epochs, mean, color=PALETTE[i], label=f"{study.symbol} = {value:g}", **style)
            ax.fill_between(epochs, mean - sd, mean + sd, color=PALETTE[i], alpha=0.2, linewidth=0)
        finish(ax, "epoch", quantity.replace("val_", "validation ").replace("_", " "))
    best = {
        value: [float(best_epoch(history) + 1) for history in histories[setting]]
        for value, setting in study.settings.items()
    }
    parts = [f"in epoch {spread(epochs, 0)} for {study.symbol} = {value:g}" for value, epochs in best.items()]
    return figure, f"{study.title}: the validation loss is lowest {', '.join(parts)}."


def early_stopping_picture(histories: Histories) -> tuple[Figure, str]:
    """Return the curves of the four learning rates; the loss axis is cut, since the highest rate explodes."""
    figure, alt = curves_picture(EARLY_STOPPING, histories, ("val_loss", VALIDATION))
    figure.axes[0].set_ylim(0.4, 3)
    return figure, f"{alt} The axis of the loss ends at 3."


def panels(n: int) -> tuple[Figure, Sequence[Axes]]:
    """Return a figure and so many axes, side by side."""
    figure = Figure(figsize=(4.6 * n, 3.2), layout="constrained")
    return figure, list(figure.subplots(1, n, squeeze=False)[0])


def finish(ax: Axes, x: str, y: str) -> None:
    """Label the axes and add a grid and a legend."""
    ax.set(xlabel=x, ylabel=y)
    ax.grid(alpha=0.3)
    ax.legend(fontsize=8)


def save(figure: Figure, path: Path) -> None:
    """Write a picture as SVG: the same bytes for the same numbers, whenever it is drawn."""
    with mpl.rc_context({"svg.hashsalt": "trainwell", "svg.fonttype": "none"}):
        figure.savefig(path, metadata={"Date": None})
