"""Draw the still pictures of week 7 about batch normalization: learning rates, a forgotten eval()."""

from __future__ import annotations

import numpy as np
from dropout_pictures import draw_runs
from dropout_runs import stored
from matplotlib.figure import Figure
from pictures import label, stage

HOW = {
    "eval": "eval mode",
    "random": "eval() forgotten, random order",
    "sorted": "eval() forgotten, sorted by label",
}


def rates_picture() -> tuple[Figure, str]:
    """Draw the validation accuracy over 15 epochs of SGD, with and without batch norm, at three rates."""
    figure, axes = stage(3, height=3.4)
    runs, told = stored("norm rates"), []
    for ax, rate in zip(axes, (0.01, 0.1, 1.0), strict=True):
        for norm, name in ((0, "without"), (1, "with batch norm")):
            values = runs[rate, norm]["val_accuracy"].T  # (epochs, seeds)
            places = [0, 4, 9, 14]
            told.append(
                f"rate {rate:g}, "
                + draw_runs(ax, [place + 1 for place in places], values[places], name, norm)
            )
        ax.set_ylim(0, 1)
        label(ax, f"rate {rate:g}", "epoch", "validation accuracy")
        ax.legend().set_visible(rate == 0.01)
    return figure, f"SGD with momentum, mean ± spread by epoch. {'; '.join(told)}."


def forgotten_picture() -> tuple[Figure, str]:
    """Draw the accuracy of nets with batch norm over the batch size in which they are asked; 20 seeds."""
    figure, (ax,) = stage(height=3.8)
    runs, told = stored("forgotten"), []
    for i, (how, words) in enumerate(HOW.items()):
        sizes = [size for size, of in runs if of == how]
        values = [runs[size, how]["val_accuracy"] for size in sizes]
        told.append(draw_runs(ax, sizes, values, words, i))
    ax.set_xscale("log")
    ax.set_xticks(sizes, [f"{size:g}" for size in sizes])
    ax.minorticks_off()
    ax.set_ylim(0, 1)
    label(ax, "The same nets, the same 500 rows", "rows in a batch", "validation accuracy")
    ax.legend(fontsize="small", loc="lower right")
    return figure, f"Validation accuracy over the batch size, mean ± spread. {'; '.join(told)}."


def means_of(table: str, name: str) -> dict[object, float]:
    """Return the mean over the seeds of each setting of a stored table."""
    return {key: float(np.mean(values[name])) for key, values in stored(table).items()}
