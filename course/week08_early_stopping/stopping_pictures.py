"""Draw the still pictures of week 8. Each function returns a figure and alt text from the same data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from pictures import MARKERS, PALETTE, label, stage, tell_curve
from stopping_runs import HEADLINE, stored

SHARES = {  # of the wrong labels: what the net answers, in words
    "wrong_true": "answers the true label, which nobody told it",
    "wrong_given": "answers the wrong label that it was given",
}


def look(i: int, every: int = 10) -> dict[str, Any]:
    """Return colour, marker and dashes of the i-th curve of a picture."""
    dashes = ("-", "--", ":", "-.")[i % 4]
    return {"color": PALETTE[i % 7], "marker": MARKERS[i % 7], "ls": dashes, "markevery": (3 * i, every)}


def draw_band(ax: Axes, runs: np.ndarray, name: str, i: int, every: int = 10) -> np.ndarray:
    """Draw the mean of curves, (runs, epochs), over the band of their spread; return the mean, (epochs,)."""
    epochs, mean, spread = np.arange(1, runs.shape[1] + 1), runs.mean(0), runs.std(0, ddof=1)
    ax.fill_between(epochs, mean - spread, mean + spread, color=PALETTE[i % 7], alpha=0.2, lw=0)
    ax.plot(epochs, mean, label=name, **look(i, every))
    return mean


def labels_picture(one: Mapping[str, np.ndarray]) -> tuple[Figure, str]:
    """Draw what nets answer about rows with a wrong label: 20 stored runs, and one run (1, epochs) on top."""
    figure, (ax,) = stage(height=3.9)
    runs, told = stored("labels")[0.001], []
    for i, (name, words) in enumerate(SHARES.items()):
        mean = draw_band(ax, runs[name], words, i, every=15)
        ax.plot(np.arange(1, one[name].shape[1] + 1), one[name][0], color=PALETTE[i], lw=1, alpha=0.7)
        at = ", ".join(f"{mean[epoch - 1]:.2f} in epoch {epoch}" for epoch in (1, 10, 20, 40, 80, 120))
        early, late = one[name][0, [19, -1]]
        told.append(f"{words}: {at}; the run just made: {early:.2f} in epoch 20, {late:.2f} at the end")
    ax.set_ylim(0, 1.25)
    ax.set_yticks((0, 0.25, 0.5, 0.75, 1))
    label(ax, f"Rows with a wrong label ({len(mean)} epochs)", "epoch", "share of these rows")
    return figure, f"Share of the rows with a wrong label, mean of {len(runs[name])} runs. {'. '.join(told)}."


def kept_picture(rates: Sequence[float] = (0.01, 0.001, 0.0001)) -> tuple[Figure, str]:
    """Draw validation loss and accuracy of 20 runs at several rates, with a star where the mean is best."""
    figure, axes = stage(2, height=3.9)
    told = []
    for ax, (what, words) in zip(axes, {"val_loss": "loss", "val_accuracy": "accuracy"}.items(), strict=True):
        for i, rate in enumerate(rates):
            mean = draw_band(ax, stored("curves")[rate][what], f"rate {rate:g}", i, every=15)
            best = int(mean.argmin() if what == "val_loss" else mean.argmax())
            ax.plot(best + 1, mean[best], "*", color=PALETTE[i], ms=15, mec="black", zorder=5)
            told.append(f"Rate {rate:g}: {tell_curve(mean.tolist(), f'validation {words}')}")
        label(ax, f"Validation {words} (star: best)", "epoch", f"validation {words}")
    axes[0].set_ylim(0.3, 1.6)
    axes[1].set_ylim(0.5, 1.0)
    axes[1].get_legend().remove()
    return figure, f"Mean of 20 runs. {' '.join(told)}"


def optimism_picture(rows: Sequence[int] = (20, 50, 100, 500)) -> tuple[Figure, str]:
    """Draw the score by which an epoch was kept over the score of the same nets on all other rows."""
    figure, (ax,) = stage(height=3.6)
    told = []
    for i, (name, words) in enumerate(
        {"kept_score": "on the rows that chose the epoch", "honest_score": "on all other rows"}.items()
    ):
        runs = [stored("optimism")[n][name] for n in rows]
        mean, spread = (
            np.array([how(run) for run in runs]) for how in (np.mean, lambda run: run.std(ddof=1))
        )
        ax.errorbar(rows, mean, spread, capsize=3, label=words, **look(i, every=1) | {"markevery": 1})
        values = ", ".join(
            f"{m:.3f} ± {s:.3f} with {n} rows" for n, m, s in zip(rows, mean, spread, strict=True)
        )
        told.append(f"{words}: {values}")
    ax.set_xscale("log")
    ax.set_xticks(rows, [str(n) for n in rows])
    ax.minorticks_off()
    ax.set_ylim(0.8, 0.97)
    label(
        ax,
        "One net, two scores (20 runs, mean ± spread)",
        "rows that choose the epoch",
        "accuracy of the kept net",
    )
    return figure, f"Accuracy of the kept nets. {'; '.join(told)}."


def fashion_picture() -> tuple[Figure, str]:
    """Draw loss and accuracy on Fashion-MNIST over the rate, at the best epoch and after 150; five seeds."""
    figure, axes = stage(2, height=3.6)
    rates, told = list(HEADLINE), []
    for ax, (what, words) in zip(axes, {"val_loss": "loss", "val_accuracy": "accuracy"}.items(), strict=True):
        for i, (way, name) in enumerate({"best": "best epoch, by loss", "all": "epoch 150"}.items()):
            mean, spread = np.array([HEADLINE[rate][way][what] for rate in rates]).T
            ax.errorbar(rates, mean, spread, capsize=3, label=name, **look(i) | {"markevery": 1})
            values = ", ".join(f"{m:.3f} at {rate:g}" for m, rate in zip(mean, rates, strict=True))
            told.append(f"{words}, {name}: {values}")
        ax.set_xscale("log")
        ax.minorticks_off()
        label(ax, f"Validation {words}", "learning rate (log axis)", f"validation {words}")
    axes[1].get_legend().remove()
    return figure, f"Fashion-MNIST, means of five seeds. {'; '.join(told)}."
